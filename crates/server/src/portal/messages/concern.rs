//! Recording a concern about somebody, and saying what became of one.

use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Redirect, Response};
use domain::message::advocacy::AdvocacyAnswer;
use domain::message::{Concern, Holds, Message, Outcome, ThreePoints, Urgency};
use domain::{PartyId, Purpose, TeamId};
use sharing::messages::concern::advocacy::{Offered, offer};
use sharing::messages::concern::{self as concerns, Raise, Triage};
use sharing::messages::{self, Close, Opened};
use sharing::{Asking, Error};
use store::Directory;

use super::about::{choices, others};
use super::protect::{hold, telling};
use super::{after_acting, nothing, refused, said_at};
use crate::app::App;
use crate::portal::care;
use crate::portal::form::Form;
use crate::portal::record::directory;
use crate::portal::render::{DateView, html};
use crate::portal::session::SignedIn;
use crate::portal::views::{
    AdvocacyForm, Choice, ConcernFilled, ConcernPage, ConcernView, Errors, PointField, TriageForm,
};
use crate::portal::words;

/// What a concern may be about; anything else is for the worker's own purpose.
const ABOUT: [(Purpose, &str); 3] = [
    (Purpose::ChildConcern, "A child may come to harm"),
    (Purpose::AdultProtection, "An adult may come to harm"),
    (
        Purpose::ChildWellbeing,
        "A child's wellbeing, below protection",
    ),
];

/// The fields of the three points, in the order of the Act.
const POINTS: [&str; 3] = ["safeguard", "at_risk", "vulnerable"];

/// The form as filled in so far.
#[derive(Default)]
struct Chosen {
    to: Vec<String>,
    other: String,
    about: String,
    telling: String,
    /// What was said of each of the three points, and what shows it.
    points: [(String, String); 3],
    harmer: String,
    filled: ConcernFilled,
}

impl Chosen {
    fn of(form: &Form) -> Self {
        let field = |name: &str| form.get(name).to_owned();
        Self {
            to: form.all("to").map(str::to_owned).collect(),
            other: field("other"),
            about: field("about"),
            telling: field("telling"),
            points: POINTS.map(|name| (field(name), field(&format!("{name}_words")))),
            harmer: field("harmer"),
            filled: ConcernFilled {
                name: field("name"),
                text: field("text"),
                own_action: field("own_action"),
                reference: field("reference"),
            },
        }
    }

    /// The purpose that it is about; the worker's own if nothing more urgent was chosen.
    fn purpose(&self, own: Purpose) -> Purpose {
        let chosen = ABOUT.iter().find(|(one, _)| one.code() == self.about);
        chosen.map_or(own, |(purpose, _)| *purpose)
    }

    /// What was said of a point, or what shows it, by the exchange's name for it.
    fn point(&self, name: &str) -> String {
        let words = name.strip_suffix("-words");
        let named = ThreePoints::NAMES.iter().zip(&self.points);
        let mut one = named.filter(|((point, _), _)| *point == words.unwrap_or(name));
        let value = one.next().map(|(_, (holds, shown))| match words {
            Some(_) => shown.clone(),
            None => holds.clone(),
        });
        value.unwrap_or_default()
    }

    fn raise(&self, app: &App, known: Option<String>) -> Result<Raise, Error> {
        let other = Some(&self.other).filter(|other| !other.is_empty());
        let filled = &self.filled;
        Ok(Raise {
            to: self.to.iter().chain(other).map(TeamId::new).collect(),
            name: known.unwrap_or_else(|| filled.name.clone()),
            text: filled.text.clone(),
            concern: Concern {
                own_action: filled.own_action.clone(),
                reference: Some(filled.reference.trim().to_owned()).filter(|it| !it.is_empty()),
                points: concerns::three_points(|name| self.point(name))?,
                alleged_harmer: Some(&*self.harmer)
                    .filter(|it| !it.is_empty())
                    .map(PartyId::new),
                advocacy: None,
            },
            urgency: Urgency::Routine,
            hold: hold(app, &self.telling),
        })
    }
}

/// `GET /care/people/{person}/concerns/new`
pub async fn new_concern(
    State(app): State<App>,
    who: SignedIn,
    Path(person): Path<String>,
    headers: HeaderMap,
) -> Response {
    let fresh = Chosen {
        telling: "told".to_owned(),
        ..Chosen::default()
    };
    show(&app, &who, &headers, &person, fresh, Errors::default()).await
}

/// `POST /care/people/{person}/concerns/new`
pub async fn record(
    State(app): State<App>,
    who: SignedIn,
    Path(person): Path<String>,
    headers: HeaderMap,
    form: Form,
) -> Response {
    let Some(patient) = app.cx.ids.ours(&person) else {
        return nothing(&app, &who);
    };
    let chosen = Chosen::of(&form);
    let asking = care::asking_for(&app, &who, &headers, &person);
    let asking = Asking {
        purpose: chosen.purpose(asking.purpose),
        ..asking
    };
    let raised = match chosen.raise(&app, known(&app, &headers, &person)) {
        Ok(what) => concerns::raise(&app.cx, &asking, patient, &what).await,
        Err(error) => Err(error),
    };
    match raised {
        Ok(sent) => Redirect::to(&format!("/care/inbox/{}", sent.id)).into_response(),
        Err(Error::Invalid(issues)) => {
            let errors = said_at(&issues, field_of);
            show(&app, &who, &headers, &person, chosen, errors).await
        }
        Err(error) => refused(&app, &who, error),
    }
}

fn field_of(expression: Option<&str>) -> &'static str {
    match expression {
        Some("to") => "to",
        Some("name") => "name",
        Some("own-action") => "own_action",
        Some("safeguard") => "safeguard",
        Some("at-risk") => "at_risk",
        Some("vulnerable") => "vulnerable",
        Some("alleged-harmer") => "harmer",
        Some("hold-until") => "telling",
        _ => "text",
    }
}

/// The name of somebody whom this worker opened of late: the form asks nobody else's record for it.
pub(super) fn known(app: &App, headers: &HeaderMap, person: &str) -> Option<String> {
    let recent = care::recent(app, headers).into_iter();
    let mut opened = recent.filter(|one| one.person == person);
    opened.next().map(|one| one.name)
}

async fn show(
    app: &App,
    who: &SignedIn,
    headers: &HeaderMap,
    person: &str,
    chosen: Chosen,
    errors: Errors,
) -> Response {
    let asking = care::asking_for(app, who, headers, person);
    let patient = app.cx.ids.ours(person);
    let Some(patient) = patient.filter(|_| asking.caller.worker().is_some()) else {
        return nothing(app, who);
    };
    let status = errors.status();
    let view = async {
        // Whoever may not read the record is told of nobody who is involved or close.
        let involved = messages::about(&app.cx, &asking, patient).await;
        let teams = shown(involved.map(|about| about.teams))?;
        let directory = directory(app).await?;
        let close = shown(messages::close_to(&app.cx, &asking, patient).await)?;
        Ok(ConcernPage {
            page: who.page(app),
            person: person.to_owned(),
            known: known(app, headers, person),
            about: about(&chosen.about, asking.purpose),
            to: choices(&teams, &directory, &chosen.to),
            others: others(&teams, &directory, &chosen.other),
            telling: telling(&chosen.telling),
            points: points(&chosen.points),
            harmers: harmers(&close, &chosen.harmer),
            filled: chosen.filled,
            errors,
        })
    };
    match view.await {
        Ok(view) => html(status, &view),
        Err(error) => refused(app, who, error),
    }
}

/// Nobody where the record does not open: a concern is told all the same.
fn shown<T>(known: Result<Vec<T>, Error>) -> Result<Vec<T>, Error> {
    match known {
        Err(Error::NotFound) => Ok(Vec::new()),
        known => known,
    }
}

fn about(chosen: &str, own: Purpose) -> Vec<Choice> {
    let choice = |value: &str, label: String| Choice {
        value: value.to_owned(),
        chosen: value == chosen,
        label,
        hint: None,
    };
    let mut choices: Vec<Choice> = ABOUT
        .iter()
        .map(|(purpose, label)| choice(purpose.code(), (*label).to_owned()))
        .collect();
    choices.push(choice("", format!("Something else, for {}", own.words())));
    choices
}

/// The three points as fields, with what was chosen and typed.
fn points(said: &[(String, String); 3]) -> Vec<PointField> {
    let says = ThreePoints::NAMES.map(|(_, says)| says);
    let fields = POINTS.into_iter().zip(says).zip(said);
    let field = |((name, says), (holds, shown)): ((_, _), &(String, String))| PointField {
        name,
        says,
        answers: Holds::ALL.map(|one| Choice {
            value: one.code().to_owned(),
            label: words::capital(one.words()),
            chosen: one.code() == holds,
            hint: None,
        }),
        words: shown.clone(),
    };
    fields.map(field).collect()
}

/// Those who act for the person or are close to them, to say that one of them is said to harm them.
fn harmers(close: &[Close], chosen: &str) -> Vec<Choice> {
    if close.is_empty() {
        return Vec::new();
    }
    let choice = |value: &str, label: String| Choice {
        value: value.to_owned(),
        chosen: value == chosen,
        label,
        hint: None,
    };
    let nobody = choice("", "None of them".to_owned());
    let each = close
        .iter()
        .map(|one| choice(one.party.as_str(), format!("Their {}", one.is)));
    [nobody].into_iter().chain(each).collect()
}

/// What a concern says beside its text.
pub fn view(concern: &Concern) -> ConcernView {
    let point = |(says, point): (&str, &domain::message::Point)| {
        format!("{says}: {}. {}", point.holds.words(), point.words)
            .trim_end()
            .to_owned()
    };
    ConcernView {
        own_action: concern.own_action.clone(),
        reference: concern.reference.clone(),
        points: concern
            .points
            .iter()
            .flat_map(|points| points.each().map(point))
            .collect(),
        is_at_risk: concern
            .points
            .as_ref()
            .map(|points| match points.of_adult_at_risk() {
                Holds::Yes => "All three points are said to hold: an adult at risk, if that is so",
                Holds::No => "Not every point is said to hold",
                Holds::NotKnown => "Nobody knows yet whether all three points hold",
            }),
        harmer_is_shut_out: concern.alleged_harmer.is_some(),
    }
}

/// The form that says what became of a concern, if this worker's team was asked to act.
pub fn form(opened: &Opened, directory: &Directory) -> Option<TriageForm> {
    let message = &opened.message;
    let own = opened.own.as_ref()?;
    message.concern.as_ref()?;
    // What is looked into ends one day, and that is said here too.
    let looked_into = own.outcome == Some(Outcome::Inquiry);
    let may = (own.state.is_listed() || looked_into) && message.is_in_force();
    may.then(|| TriageForm {
        teams: others(&asked(message), directory, ""),
        advocacy: (looked_into && message.purpose.is_a(Purpose::AdultProtection))
            .then(|| advocacy_form(message)),
    })
}

/// What was recorded of offering an advocate, and what may be.
fn advocacy_form(message: &Message) -> AdvocacyForm {
    let recorded = message.concern.as_ref().and_then(|it| it.advocacy.as_ref());
    let answers = AdvocacyAnswer::ALL.iter().map(|answer| Choice {
        value: answer.code().to_owned(),
        label: words::capital(answer.words()),
        hint: None,
        chosen: false,
    });
    AdvocacyForm {
        recorded: recorded.map(|it| {
            let day = DateView::day(words::local(it.on).date()).full;
            let said = format!("An independent advocate {}, {day}", it.answer.words());
            match it.words.is_empty() {
                true => format!("{said}. {} recorded it.", it.name),
                false => format!("{said}: {}. {} recorded it.", it.words, it.name),
            }
        }),
        answers: answers.collect(),
    }
}

/// `POST /care/inbox/{message}/advocacy`: that an advocate was offered today, and what came of it.
pub async fn offered(
    State(app): State<App>,
    who: SignedIn,
    Path(message): Path<String>,
    form: Form,
) -> Response {
    let answer = AdvocacyAnswer::from_code(form.get("answer"));
    let (Some(id), Some(answer)) = (app.cx.ids.ours(&message), answer) else {
        return nothing(&app, &who);
    };
    let text = form.get("advocate");
    let offered = Offered {
        answer,
        on: app.cx.now(),
        words: text.to_owned(),
    };
    let done = offer(&app.cx, &who.asking, id, &offered).await;
    let to = format!("/care/inbox/{message}");
    after_acting(&app, &who, &message, done, &to, "advocate", text).await
}

/// The teams that have it already.
fn asked(message: &Message) -> Vec<TeamId> {
    let deliveries = message.deliveries.iter();
    deliveries.map(|one| one.team.clone()).collect()
}

/// `POST /care/inbox/{message}/triage`
pub async fn triage(
    State(app): State<App>,
    who: SignedIn,
    Path(message): Path<String>,
    form: Form,
) -> Response {
    let Some(id) = app.cx.ids.ours(&message) else {
        return nothing(&app, &who);
    };
    let text = form.get("text");
    let Some(outcome) = outcome(&form) else {
        return nothing(&app, &who);
    };
    let triage = Triage {
        outcome,
        text: text.to_owned(),
    };
    let done = concerns::triage(&app.cx, &who.asking, id, &triage).await;
    let done = done.map(|_| ());
    after_acting(&app, &who, &message, done, "/care/inbox", "text", text).await
}

fn outcome(form: &Form) -> Option<Outcome> {
    Some(match form.get("outcome") {
        "inquiry" => Outcome::Inquiry,
        "support" => Outcome::Support,
        "passed-on" => Outcome::PassedOn {
            to: TeamId::new(form.get("to")),
        },
        "no-action" => Outcome::NoAction,
        _ => return None,
    })
}
