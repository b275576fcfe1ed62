//! Giving one-time links to people without an account, and ending them: by a worker at the record, by
//! the person among their choices.

use std::collections::BTreeSet;

use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use domain::{Category, Opens, OutsiderKind, ResourceId, Timestamp};
use fhir::{Issue, IssueCode};
use sharing::account::own_patient;
use sharing::invitation::{Give, Given, Standing, end, give, standing};
use sharing::{Asking, Error};

use super::form::Form;
use super::front::failed;
use super::messages::{said_at, whose};
use super::render::html;
use super::session::SignedIn;
use super::views::{Banner, Choice, Errors, GivenLink, LinkRow, LinksPage, NoRecordPage};
use super::{care, looks, words};
use crate::app::App;

/// What can be given by a link.
const GIVEN: [Category; 14] = [
    Category::CarePlans,
    Category::Account,
    Category::Demographics,
    Category::Contact,
    Category::Assessments,
    Category::Function,
    Category::Network,
    Category::Wishes,
    Category::Documents,
    Category::Encounters,
    Category::Conditions,
    Category::Medicines,
    Category::Allergies,
    Category::Housing,
];

/// For how many days.
const DAYS: [(&str, &str); 3] = [
    ("7", "One week"),
    ("28", "Four weeks"),
    ("84", "Twelve weeks"),
];

/// Whose record it is, and where the page stands.
struct Place {
    address: String,
    person: Option<Banner>,
    patient: ResourceId,
    asking: Asking,
}

impl Place {
    async fn at_record(app: &App, who: &SignedIn, headers: &HeaderMap, person: &str) -> Found {
        let patient = app.cx.ids.ours(person).ok_or(Error::NotFound)?;
        let asking = care::asking_for(app, who, headers, person);
        let operation = looks::going_on(app, headers, &asking, person);
        let banner = whose(app, &asking, person, patient, operation).await?;
        Ok(Self {
            address: format!("/care/people/{person}/links"),
            person: Some(banner.ok_or(Error::NotFound)?),
            patient,
            asking,
        })
    }

    async fn own(app: &App, who: &SignedIn) -> Found {
        let patient = own_patient(&app.cx, &who.asking).await?;
        Ok(Self {
            address: "/me/links".to_owned(),
            person: None,
            patient: patient.ok_or(Error::NotFound)?,
            asking: who.asking.clone(),
        })
    }
}

type Found = Result<Place, Error>;

/// The form as filled in so far.
#[derive(Default)]
struct Filled {
    name: String,
    kind: String,
    organisation: String,
    about: Vec<String>,
    days: String,
    why: String,
}

impl Filled {
    fn of(form: &Form) -> Self {
        Self {
            name: form.get("name").to_owned(),
            kind: form.get("kind").to_owned(),
            organisation: form.get("organisation").to_owned(),
            about: form.all("about").map(str::to_owned).collect(),
            days: form.get("days").to_owned(),
            why: form.get("why").to_owned(),
        }
    }

    fn give(&self, app: &App) -> Result<Give, Error> {
        let kind = OutsiderKind::from_code(&self.kind).ok_or_else(|| {
            Error::invalid(Issue::error(IssueCode::Required, "choose what they are").at("kind"))
        })?;
        let until = until(app, &self.days)?;
        let codes = self.about.iter();
        let about: BTreeSet<Category> = codes.filter_map(|it| Category::from_code(it)).collect();
        Ok(Give {
            name: self.name.clone(),
            kind,
            organisation: self.organisation.clone(),
            about,
            why: self.why.clone(),
            until,
        })
    }
}

/// `GET /care/people/{person}/links`
pub async fn at_record(
    State(app): State<App>,
    who: SignedIn,
    Path(person): Path<String>,
    headers: HeaderMap,
) -> Response {
    let place = Place::at_record(&app, &who, &headers, &person).await;
    show(&app, &who, place).await
}

/// `GET /me/links`
pub async fn own(State(app): State<App>, who: SignedIn) -> Response {
    if who.at_work() {
        return Redirect::to("/care").into_response();
    }
    let place = Place::own(&app, &who).await;
    show(&app, &who, place).await
}

/// `POST /care/people/{person}/links`
pub async fn give_at_record(
    State(app): State<App>,
    who: SignedIn,
    Path(person): Path<String>,
    headers: HeaderMap,
    form: Form,
) -> Response {
    let place = Place::at_record(&app, &who, &headers, &person).await;
    given(&app, &who, place, &form).await
}

/// `POST /me/links`
pub async fn give_own(State(app): State<App>, who: SignedIn, form: Form) -> Response {
    if who.at_work() {
        return Redirect::to("/care").into_response();
    }
    let place = Place::own(&app, &who).await;
    given(&app, &who, place, &form).await
}

/// `POST /care/people/{person}/links/{link}/end`
pub async fn end_at_record(
    State(app): State<App>,
    who: SignedIn,
    Path((person, link)): Path<(String, String)>,
    headers: HeaderMap,
    _form: Form,
) -> Response {
    let place = Place::at_record(&app, &who, &headers, &person).await;
    ended(&app, &who, place, &link).await
}

/// `POST /me/links/{link}/end`
pub async fn end_own(
    State(app): State<App>,
    who: SignedIn,
    Path(link): Path<String>,
    _form: Form,
) -> Response {
    let place = Place::own(&app, &who).await;
    ended(&app, &who, place, &link).await
}

async fn show(app: &App, who: &SignedIn, place: Found) -> Response {
    match place {
        Ok(place) => page(app, who, place, None, Filled::default(), Errors::default()).await,
        Err(error) => refused(app, who, error),
    }
}

async fn given(app: &App, who: &SignedIn, place: Found, form: &Form) -> Response {
    let place = match place {
        Ok(place) => place,
        Err(error) => return refused(app, who, error),
    };
    let filled = Filled::of(form);
    let given = async {
        let what = filled.give(app)?;
        let given = give(&app.cx, &place.asking, place.patient, &what).await?;
        Ok(shown_once(app, (&what.name, what.until), &given))
    };
    match given.await {
        Ok(given) => {
            let (filled, errors) = (Filled::default(), Errors::default());
            page(app, who, place, Some(given), filled, errors).await
        }
        Err(Error::Invalid(issues)) => {
            let errors = said_at(&issues, field_of);
            page(app, who, place, None, filled, errors).await
        }
        Err(error) => refused(app, who, error),
    }
}

fn field_of(expression: Option<&str>) -> &'static str {
    match expression {
        Some("kind") => "kind",
        Some("organisation") => "organisation",
        Some("about") => "about",
        Some("until") => "days",
        Some("why") => "why",
        _ => "name",
    }
}

/// Until when a link stands, as chosen.
pub(super) fn until(app: &App, chosen: &str) -> Result<Timestamp, Error> {
    let days = days_of(chosen).ok_or_else(|| {
        Error::invalid(Issue::error(IssueCode::Required, "choose for how long").at("until"))
    })?;
    Ok(app.cx.now().plus_seconds(days * 86_400))
}

/// How many days were chosen, if they can be.
fn days_of(chosen: &str) -> Option<i64> {
    let mut all = DAYS.iter();
    let chosen = all.find(|(days, _)| *days == chosen);
    chosen.and_then(|(days, _)| days.parse().ok())
}

/// A link as it is shown to whoever gives it to somebody of this name until then.
pub(super) fn shown_once(app: &App, (name, until): (&str, Timestamp), given: &Given) -> GivenLink {
    let public = app.base.strip_suffix("/fhir").unwrap_or(&app.base);
    let (first, last) = given.code.split_at(3);
    GivenLink {
        name: name.trim().to_owned(),
        address: format!("{public}/open/{}", given.link),
        code: format!("{first} {last}"),
        until: words::moment(until),
    }
}

async fn ended(app: &App, who: &SignedIn, place: Found, link: &str) -> Response {
    let ended = async {
        let place = place?;
        let id = app.cx.ids.ours(link).ok_or(Error::NotFound)?;
        end(&app.cx, &place.asking, id).await?;
        Ok(place.address)
    };
    match ended.await {
        Ok(address) => Redirect::to(&address).into_response(),
        Err(error) => refused(app, who, error),
    }
}

async fn page(
    app: &App,
    who: &SignedIn,
    place: Place,
    given: Option<GivenLink>,
    filled: Filled,
    errors: Errors,
) -> Response {
    let links = match standing(&app.cx, &place.asking, Some(place.patient)).await {
        Ok(links) => links,
        Err(error) => return refused(app, who, error),
    };
    let view = LinksPage {
        page: who.page(app),
        person: place.person,
        address: place.address,
        given,
        links: links.iter().map(|link| row(app, link)).collect(),
        kinds: kinds(&filled.kind),
        about: about(&filled.about),
        days: days(&filled.days),
        name: filled.name,
        organisation: filled.organisation,
        why: filled.why,
        errors,
    };
    html(view.errors.status(), &view)
}

fn row(app: &App, link: &Standing) -> LinkRow {
    let invitation = &link.invitation;
    let kind = words::capital(invitation.kind.words());
    let for_whom = match invitation.organisation.as_str() {
        "" => String::new(),
        organisation => format!(", {organisation}"),
    };
    LinkRow {
        link: link.id.to_string(),
        who: format!("{}, {kind}{for_whom}", invitation.name),
        about: match invitation.opens() {
            Opens::Record => words::capital(&listed(&invitation.about)),
            Opens::Request(_) | Opens::Hearing(_) => "Nothing of the record".to_owned(),
        },
        why: words::capital(&invitation.why),
        giver: invitation.giver.clone(),
        until: words::moment(invitation.ends().0),
        opened: link.opened.map(words::moment),
        live: invitation.is_live(app.cx.now()),
    }
}

/// "care plans and requests, who was told what".
pub(super) fn listed(about: &BTreeSet<Category>) -> String {
    let words: Vec<&str> = about.iter().map(|it| it.words()).collect();
    words.join(", ")
}

fn kinds(chosen: &str) -> Vec<Choice> {
    let choice = |kind: &OutsiderKind| Choice {
        value: kind.code().to_owned(),
        label: words::capital(kind.words()),
        hint: None,
        chosen: kind.code() == chosen,
    };
    OutsiderKind::ALL.iter().map(choice).collect()
}

fn about(chosen: &[String]) -> Vec<Choice> {
    let choice = |category: &Category| Choice {
        value: category.code().to_owned(),
        label: words::capital(category.words()),
        hint: None,
        chosen: chosen.iter().any(|code| code == category.code()),
    };
    GIVEN.iter().map(choice).collect()
}

pub(super) fn days(chosen: &str) -> Vec<Choice> {
    let choice = |(days, words): &(&str, &str)| Choice {
        value: (*days).to_owned(),
        label: (*words).to_owned(),
        hint: None,
        chosen: *days == chosen,
    };
    DAYS.iter().map(choice).collect()
}

fn refused(app: &App, who: &SignedIn, error: Error) -> Response {
    match error {
        Error::NotFound => {
            let page = who.page(app);
            html(StatusCode::NOT_FOUND, &NoRecordPage { page })
        }
        error => failed(app, &who.visit, error),
    }
}
