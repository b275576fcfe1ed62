//! Asking other teams for information about one person, and the list of what a team asked for.

use axum::extract::{Path, RawQuery, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use domain::calendar;
use domain::message::Urgency;
use domain::{Category, TeamId, Timestamp};
use sharing::Error;
use sharing::messages::request::{self as asking_for, Ask};
use sharing::messages::{self, Line};
use store::{Directory, Place};

use super::about::{choices, others, whose};
use super::{PAGE, after, challenge, nothing, older, own_team, refused, team_state};
use crate::app::App;
use crate::portal::form::Form;
use crate::portal::front::failed;
use crate::portal::record::directory;
use crate::portal::render::html;
use crate::portal::session::SignedIn;
use crate::portal::views::{AskPage, Choice, Errors, RequestRow, RequestsPage};
use crate::portal::{care, looks, words};

/// What one agency asks another for, as a worker would look for it.
pub const ASKED: [Category; 12] = [
    Category::CarePlans,
    Category::Assessments,
    Category::Function,
    Category::Encounters,
    Category::Conditions,
    Category::Medicines,
    Category::Allergies,
    Category::Results,
    Category::Network,
    Category::Alerts,
    Category::Housing,
    Category::Wishes,
];

/// Days by which something may be needed, in working days from now.
const DAYS: [(u32, &str); 3] = [
    (1, "By the end of the next working day"),
    (3, "In three working days"),
    (10, "In ten working days"),
];

/// The form as filled in so far.
#[derive(Default)]
struct Filled {
    to: Vec<String>,
    other: String,
    what: Vec<String>,
    text: String,
    by: String,
    anyway: bool,
    /// The address of a request for the same.
    alike: Option<String>,
}

impl Filled {
    fn of(form: &Form) -> Self {
        Self {
            to: form.all("to").map(str::to_owned).collect(),
            other: form.get("other").to_owned(),
            what: form.all("what").map(str::to_owned).collect(),
            text: form.get("text").to_owned(),
            by: form.get("by").to_owned(),
            anyway: form.get("anyway") == "yes",
            alike: None,
        }
    }

    fn ask(&self) -> Ask {
        let other = Some(&self.other).filter(|other| !other.is_empty());
        let what = self.what.iter();
        Ask {
            to: self.to.iter().chain(other).map(TeamId::new).collect(),
            what: what.filter_map(|code| Category::from_code(code)).collect(),
            text: self.text.clone(),
            urgency: match self.by.as_str() {
                "today" => Urgency::Urgent,
                _ => Urgency::Routine,
            },
            by: calendar::by(&self.by),
            anyway: self.anyway,
        }
    }
}

/// `GET /care/people/{person}/requests/new`
pub async fn new_request(
    State(app): State<App>,
    who: SignedIn,
    Path(person): Path<String>,
    headers: HeaderMap,
) -> Response {
    let (filled, errors) = (Filled::default(), Errors::default());
    show(&app, &who, &headers, &person, filled, errors).await
}

/// `POST /care/people/{person}/requests/new`
pub async fn request(
    State(app): State<App>,
    who: SignedIn,
    Path(person): Path<String>,
    headers: HeaderMap,
    form: Form,
) -> Response {
    let Some(patient) = app.cx.ids.ours(&person) else {
        return nothing(&app, &who);
    };
    let mut filled = Filled::of(&form);
    let asking = care::asking_for(&app, &who, &headers, &person);
    match asking_for::request(&app.cx, &asking, patient, &filled.ask()).await {
        Ok(sent) => Redirect::to(&format!("/care/inbox/{}", sent.id)).into_response(),
        Err(Error::Invalid(issues)) => {
            let mut errors = Errors::default();
            for issue in &issues {
                let field = field_of(issue.expression.first().map(String::as_str));
                if field == "anyway" {
                    filled.alike = issue.diagnostics.as_deref().and_then(address_of);
                }
                errors.add(field, words::capital(&issue.details));
            }
            show(&app, &who, &headers, &person, filled, errors).await
        }
        Err(error) => refused(&app, &who, error),
    }
}

fn field_of(expression: Option<&str>) -> &'static str {
    match expression {
        Some("to") => "to",
        Some("what") => "what",
        Some("by") => "by",
        Some("anyway") => "anyway",
        _ => "text",
    }
}

/// The page of a message that a fault names.
fn address_of(reference: &str) -> Option<String> {
    let id = reference.strip_prefix("Communication/")?;
    Some(format!("/care/inbox/{id}"))
}

async fn show(
    app: &App,
    who: &SignedIn,
    headers: &HeaderMap,
    person: &str,
    filled: Filled,
    errors: Errors,
) -> Response {
    let asking = care::asking_for(app, who, headers, person);
    let operation = looks::going_on(app, headers, &asking, person);
    let Some(patient) = app.cx.ids.ours(person) else {
        return nothing(app, who);
    };
    let status = errors.status();
    let view = async {
        let banner = whose(app, &asking, person, patient, operation).await?;
        let about = messages::about(&app.cx, &asking, patient).await?;
        let directory = directory(app).await?;
        Ok(AskPage {
            page: who.page(app),
            person: banner.ok_or(Error::NotFound)?,
            to: choices(&about.teams, &directory, &filled.to),
            others: others(&about.teams, &directory, &filled.other),
            what: ticked(&ASKED, &filled.what),
            by: by(app.cx.now(), &filled.by),
            purpose: asking.purpose.words().to_owned(),
            text: filled.text,
            alike: filled.alike,
            errors,
        })
    };
    match view.await {
        Ok(view) => html(status, &view),
        Err(error) => refused(app, who, error),
    }
}

/// Categories to tick, with those that were.
pub fn ticked(categories: &[Category], chosen: &[String]) -> Vec<Choice> {
    let one = |category: &Category| Choice {
        value: category.code().to_owned(),
        label: words::capital(category.words()),
        hint: None,
        chosen: chosen.iter().any(|code| code == category.code()),
    };
    categories.iter().map(one).collect()
}

/// By when: no date is typed.
fn by(now: Timestamp, chosen: &str) -> Vec<Choice> {
    let choice = |value: String, label: &str| Choice {
        chosen: value == chosen,
        value,
        label: label.to_owned(),
        hint: None,
    };
    let mut choices = vec![
        choice(String::new(), "In the usual time for this purpose"),
        choice("today".to_owned(), "Today: care waits for it"),
    ];
    choices.extend(DAYS.iter().map(|(days, label)| {
        let day = calendar::local(calendar::working_days_after(now, *days)).date();
        choice(day.to_string(), label)
    }));
    choices
}

/// `GET /care/requests`
pub async fn requests(
    State(app): State<App>,
    who: SignedIn,
    RawQuery(query): RawQuery,
) -> Response {
    let after = after(&app, query.as_deref().unwrap_or_default());
    match listed(&app, &who, after.as_ref()).await {
        Ok(view) => html(StatusCode::OK, &view),
        Err(error) => failed(&app, &who.visit, error),
    }
}

async fn listed(app: &App, who: &SignedIn, after: Option<&Place>) -> Result<RequestsPage, Error> {
    let asked = messages::requests(&app.cx, &who.asking, PAGE, after).await?;
    let directory = directory(app).await?;
    let now = app.cx.now();
    let lines = asked.lines.iter();
    Ok(RequestsPage {
        page: who.page(app),
        team: own_team(&who.asking, &directory),
        requests: lines.map(|line| row(line, &directory, now)).collect(),
        older: older(app, "/care/requests", asked.next.as_ref()),
    })
}

fn row(line: &Line, directory: &Directory, now: Timestamp) -> RequestRow {
    let message = &line.message;
    let what = message.request.iter().flat_map(|request| &request.what);
    let what: Vec<&str> = what.map(|category| category.words()).collect();
    let deliveries = message.deliveries.iter();
    RequestRow {
        message: message.id.to_string(),
        name: message.name.clone(),
        what: challenge::what(message).unwrap_or_else(|| words::capital(&what.join("; "))),
        at: words::moment(message.at),
        teams: deliveries
            .map(|one| team_state(one, directory, now))
            .collect(),
    }
}
