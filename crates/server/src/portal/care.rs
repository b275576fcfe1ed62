//! The way to a record: finding a person, and the reason before entry.

use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use domain::{Purpose, Timestamp};
use fhir::patient::Patient;
use serde::{Deserialize, Serialize};
use sharing::Asking;
use sharing::find::{Shown, Sought, find};
use sharing::messages::protecting::{open_concern, purpose_about};

use super::form::Form;
use super::front::{failed, fault};
use super::render::{DateView, html};
use super::session::{SignedIn, cookie, seal, unseal, with_cookie};
use super::views::{
    EmergencyPage, Errors, Fault, FindForm, FindPage, FoundPerson, RecentPerson, ResultsPage,
    WhyPage,
};
use super::{looks, summary, words};
use crate::app::App;

const SOUGHT: &str = "candour_sought";
const RECENT: &str = "candour_recent";
const WHY: &str = "candour_why";
/// How many people one is reminded of.
const REMINDED: usize = 5;
/// How long a reason given once holds, and a reminder lasts: a shift.
const SHIFT_SECONDS: i64 = 12 * 3600;
/// A reason shorter than this says nothing.
const SHORTEST_REASON: usize = 5;
const LONGEST_REASON: usize = 500;

/// Whom a worker opened of late.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Recent {
    person: String,
    name: String,
    born: String,
    opened_at: Timestamp,
}

/// The reason given for one person.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Why {
    person: String,
    worker: String,
    purpose: Purpose,
    reason: String,
    until: Timestamp,
}

/// `GET /care`
pub async fn start(State(app): State<App>, who: SignedIn, headers: HeaderMap) -> Response {
    if !who.at_work() {
        return Redirect::to("/me").into_response();
    }
    let view = FindPage {
        page: who.page(&app),
        form: FindForm::default(),
        errors: Errors::default(),
        recent: recent(&app, &headers),
    };
    html(StatusCode::OK, &view)
}

/// `POST /care/people`: what is looked for is sealed into the address, so that no name or number
/// stands in a browser's history.
pub async fn look(
    State(app): State<App>,
    who: SignedIn,
    headers: HeaderMap,
    form: Form,
) -> Response {
    let form = find_form(&form);
    match sought(&form) {
        Ok(sought) => match seal(&app, SOUGHT, &sought) {
            Some(sealed) => Redirect::to(&format!("/care/people/s/{sealed}")).into_response(),
            None => fault(&app, &who.visit, Fault::Broken),
        },
        Err(errors) => {
            let view = FindPage {
                page: who.page(&app),
                form,
                errors,
                recent: recent(&app, &headers),
            };
            html(StatusCode::UNPROCESSABLE_ENTITY, &view)
        }
    }
}

/// By what somebody is looked for, as typed.
pub fn find_form(form: &Form) -> FindForm {
    FindForm {
        name: form.get("name").to_owned(),
        born_day: form.get("born_day").to_owned(),
        born_month: form.get("born_month").to_owned(),
        born_year: form.get("born_year").to_owned(),
        chi: form.get("chi").to_owned(),
    }
}

/// What was looked for, as it is sealed into an address.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Question {
    name: String,
    born: Option<String>,
    chi: String,
}

fn sought(form: &FindForm) -> Result<Question, Errors> {
    let mut errors = Errors::default();
    let chi: String = form
        .chi
        .chars()
        .filter(|letter| !letter.is_whitespace() && *letter != '-')
        .collect();
    if !chi.is_empty() && (chi.len() != 10 || !chi.bytes().all(|digit| digit.is_ascii_digit())) {
        errors.add("chi", "A CHI number has 10 digits. Check the number");
    }
    let born = birth_date(form, &mut errors);
    if chi.is_empty() && errors.is_empty() {
        if form.name.is_empty() {
            errors.add("name", "Enter a name and a date of birth, or a CHI number");
        } else if born.is_none() {
            errors.add(
                "born_day",
                "Enter the date of birth as well: a name alone finds too many people",
            );
        }
    }
    if errors.is_empty() {
        Ok(Question {
            name: form.name.clone(),
            born,
            chi,
        })
    } else {
        Err(errors)
    }
}

/// The date of birth that was typed, `YYYY-MM-DD`; a fault if it is no date.
pub fn birth_date(form: &FindForm, errors: &mut Errors) -> Option<String> {
    let parts = [&form.born_day, &form.born_month, &form.born_year];
    if parts.iter().all(|part| part.is_empty()) {
        return None;
    }
    let date = || {
        let (day, month, year) = (
            form.born_day.parse().ok()?,
            form.born_month.parse().ok()?,
            form.born_year.parse().ok()?,
        );
        jiff::civil::Date::new(year, month, day)
            .ok()
            .filter(|date| date.year() > 1850)
    };
    let date = date();
    if date.is_none() {
        errors.add(
            "born_day",
            "Enter a real date of birth, for example 2 3 1941",
        );
    }
    date.map(|date| date.to_string())
}

/// `GET /care/people/s/{sought}`
pub async fn found(State(app): State<App>, who: SignedIn, Path(sealed): Path<String>) -> Response {
    let Some(look) = unseal::<Question>(&app, SOUGHT, &sealed) else {
        return Redirect::to("/care").into_response();
    };
    let sought = Sought {
        name: look.name.clone(),
        birth_date: look.born.clone(),
        identifier: (!look.chi.is_empty()).then(|| (String::new(), look.chi.clone())),
    };
    if app.may_find(&who.asking).is_err() {
        return fault(&app, &who.visit, Fault::TooOften);
    }
    let found = match find(&app.cx, &who.asking, &sought).await {
        Ok(found) => found,
        Err(error) => return failed(&app, &who.visit, error),
    };
    let view = ResultsPage {
        page: who.page(&app),
        sought: said(&look),
        too_many: found.more,
        found: found
            .people
            .iter()
            .filter_map(|shown| card(shown, &look))
            .collect(),
    };
    html(StatusCode::OK, &view)
}

/// What was looked for, one part a line.
fn said(look: &Question) -> Vec<String> {
    let mut parts = Vec::new();
    if !look.name.is_empty() {
        parts.push(format!("name {}", look.name));
    }
    if let Some(born) = &look.born {
        parts.push(format!("born {}", DateView::parse(born).short));
    }
    if !look.chi.is_empty() {
        parts.push(format!("CHI number {}", look.chi));
    }
    parts
}

fn card(shown: &Shown, look: &Question) -> Option<FoundPerson> {
    let patient = summary::patient(&shown.view)?;
    let names = summary::names(&patient);
    let (name, also_known_as) = names
        .split_first()
        .map_or_else(Default::default, |(first, rest)| {
            (first.clone(), rest.to_vec())
        });
    let matched = match (look.chi.is_empty(), look.born.is_some()) {
        (false, _) => "same number",
        (true, true) => "same date of birth and name",
        (true, false) => "same name",
    };
    Some(FoundPerson {
        person: shown.patient.to_string(),
        name,
        also_known_as,
        born: DateView::parse(patient.birth_date.as_deref().unwrap_or_default()),
        gender: patient.gender.as_deref().map(words::capital),
        chi: summary::chi(&patient),
        address: summary::address(&patient),
        matched: matched.to_owned(),
    })
}

/// `GET /care/people/{person}/why`
pub async fn why(State(app): State<App>, who: SignedIn, Path(person): Path<String>) -> Response {
    let view = WhyPage {
        page: who.page(&app),
        person,
        name: None,
        reasons: WhyPage::usual_reasons(),
        words: String::new(),
        errors: Errors::default(),
    };
    html(StatusCode::OK, &view)
}

/// `POST /care/people/{person}/why`
pub async fn give_reason(
    State(app): State<App>,
    who: SignedIn,
    Path(person): Path<String>,
    form: Form,
) -> Response {
    let (reason, text) = (form.get("reason"), form.get("words"));
    let concern = match open_concern(&app.cx, &who.asking).await {
        Ok(concern) => concern.filter(|_| reason == "open-concern"),
        Err(error) => return failed(&app, &who.visit, error),
    };
    if let Some(purpose) = concern {
        return opened_for(&app, &who, &person, (purpose, ""));
    }
    let errors = faults(reason, text);
    if !errors.is_empty() {
        let mut reasons = WhyPage::usual_reasons();
        for choice in &mut reasons {
            choice.chosen = choice.value == reason;
        }
        let view = WhyPage {
            page: who.page(&app),
            person,
            name: None,
            reasons,
            words: text.to_owned(),
            errors,
        };
        return html(StatusCode::UNPROCESSABLE_ENTITY, &view);
    }
    if reason == "emergency" && form.get("confirmed") != "yes" {
        let reviewer = "the privacy officer".to_owned();
        let view = EmergencyPage {
            page: who.page(&app),
            person,
            name: None,
            words: text.to_owned(),
            reviewer,
        };
        return html(StatusCode::OK, &view);
    }
    let purpose = match reason {
        "emergency" => Purpose::Emergency,
        "safeguarding" => match protecting(&app, &person).await {
            Ok(purpose) => purpose,
            Err(error) => return failed(&app, &who.visit, error),
        },
        _ => who.asking.purpose,
    };
    opened_for(&app, &who, &person, (purpose, text))
}

/// The purpose of protecting whoever this is.
async fn protecting(app: &App, person: &str) -> Result<Purpose, sharing::Error> {
    match app.cx.ids.ours(person) {
        Some(patient) => purpose_about(&app.cx, patient).await,
        None => Ok(Purpose::AdultProtection),
    }
}

/// The record, asked for with this purpose and the words that were typed, if any were.
fn opened_for(
    app: &App,
    who: &SignedIn,
    person: &str,
    (purpose, words): (Purpose, &str),
) -> Response {
    let worker = who.asking.caller.worker().map(ToString::to_string);
    let why = Why {
        worker: worker.unwrap_or_default(),
        purpose,
        reason: words.to_owned(),
        until: app.cx.now().plus_seconds(SHIFT_SECONDS),
        person: person.to_owned(),
    };
    let response = Redirect::to(&format!("/care/people/{person}")).into_response();
    match seal(app, WHY, &why) {
        Some(sealed) => with_cookie(app, response, WHY, &sealed, SHIFT_SECONDS),
        None => fault(app, &who.visit, Fault::Broken),
    }
}

fn faults(reason: &str, text: &str) -> Errors {
    let mut errors = Errors::default();
    if !matches!(reason, "planned" | "safeguarding" | "emergency") {
        errors.add("reason", "Choose why you need to see this record");
    }
    match text.chars().count() {
        length if length < SHORTEST_REASON => errors.add(
            "words",
            "Say in a few words why you need to see this record",
        ),
        length if length > LONGEST_REASON => {
            errors.add("words", "Keep the reason under 500 characters");
        }
        _ => {}
    }
    errors
}

/// The asking for one person: with the reason given for them, if there is one and it still holds.
#[must_use]
pub fn asking_for(app: &App, who: &SignedIn, headers: &HeaderMap, person: &str) -> Asking {
    let mut asking = who.asking.clone();
    let worker = asking.caller.worker().map(ToString::to_string);
    let why: Option<Why> = cookie(headers, WHY).and_then(|text| unseal(app, WHY, &text));
    let holds = |why: &Why| {
        why.person == person && Some(&why.worker) == worker.as_ref() && app.cx.now() < why.until
    };
    if let Some(why) = why.filter(holds) {
        asking.purpose = why.purpose;
        asking.reason = Some(why.reason).filter(|reason| !reason.is_empty());
    }
    asking
}

/// People whom this worker opened of late.
pub fn recent(app: &App, headers: &HeaderMap) -> Vec<RecentPerson> {
    remembered(app, headers)
        .into_iter()
        .map(|recent| RecentPerson {
            person: recent.person,
            name: recent.name,
            born: DateView::parse(&recent.born),
            opened_at: words::moment(recent.opened_at),
        })
        .collect()
}

fn remembered(app: &App, headers: &HeaderMap) -> Vec<Recent> {
    cookie(headers, RECENT)
        .and_then(|text| unseal(app, RECENT, &text))
        .unwrap_or_default()
}

/// Reminds the worker of a person whom they opened just now.
#[must_use]
pub fn remember(
    app: &App,
    headers: &HeaderMap,
    response: Response,
    person: &str,
    patient: &Patient,
) -> Response {
    let mut list = remembered(app, headers);
    list.retain(|recent| recent.person != person);
    let name = summary::names(patient)
        .into_iter()
        .next()
        .unwrap_or_default();
    let born = patient.birth_date.clone().unwrap_or_default();
    list.insert(
        0,
        Recent {
            person: person.to_owned(),
            name,
            born,
            opened_at: app.cx.now(),
        },
    );
    list.truncate(REMINDED);
    match seal(app, RECENT, &list) {
        Some(sealed) => with_cookie(app, response, RECENT, &sealed, SHIFT_SECONDS),
        None => response,
    }
}

/// Forgets whom the last worker at this browser opened.
#[must_use]
pub fn forget(app: &App, response: Response) -> Response {
    let response = with_cookie(app, response, RECENT, "", 0);
    looks::forget(app, with_cookie(app, response, WHY, "", 0))
}
