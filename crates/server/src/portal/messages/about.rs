//! The messages about one person that the worker's team sent or had, and sending one.

use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Redirect, Response};
use domain::message::{Message, Urgency};
use domain::{Category, ResourceId, TeamId};
use sharing::disclose::PageAsk;
use sharing::messages::{self, Letter};
use sharing::{Answer, Asking, Error, Target, disclose};
use store::Directory;

use super::request::ticked;
use super::{from, nothing, refused, said_at};
use crate::app::App;
use crate::portal::call::TOLD;
use crate::portal::form::Form;
use crate::portal::record::{banner, directory, the_patient};
use crate::portal::render::html;
use crate::portal::session::SignedIn;
use crate::portal::views::{Banner, Choice, Errors, InboxRow, MessagesPage};
use crate::portal::{care, looks, words};

/// The form as filled in so far.
#[derive(Default)]
struct Filled {
    to: Vec<String>,
    other: String,
    text: String,
    told: Vec<String>,
    urgent: bool,
}

impl Filled {
    fn of(form: &Form) -> Self {
        Self {
            to: form.all("to").map(str::to_owned).collect(),
            other: form.get("other").to_owned(),
            text: form.get("text").to_owned(),
            told: form.all("told").map(str::to_owned).collect(),
            urgent: form.get("urgent") == "yes",
        }
    }

    fn letter(&self) -> Letter {
        let other = Some(&self.other).filter(|other| !other.is_empty());
        let told = self.told.iter();
        Letter {
            to: self.to.iter().chain(other).map(TeamId::new).collect(),
            text: self.text.clone(),
            what: told.filter_map(|code| Category::from_code(code)).collect(),
            urgency: if self.urgent {
                Urgency::Urgent
            } else {
                Urgency::Routine
            },
            answers: None,
        }
    }
}

/// `GET /care/people/{person}/messages`
pub async fn about(
    State(app): State<App>,
    who: SignedIn,
    Path(person): Path<String>,
    headers: HeaderMap,
) -> Response {
    show(
        &app,
        &who,
        &headers,
        &person,
        Filled::default(),
        Errors::default(),
    )
    .await
}

/// `POST /care/people/{person}/messages`
pub async fn write(
    State(app): State<App>,
    who: SignedIn,
    Path(person): Path<String>,
    headers: HeaderMap,
    form: Form,
) -> Response {
    let Some(patient) = app.cx.ids.ours(&person) else {
        return nothing(&app, &who);
    };
    let filled = Filled::of(&form);
    let asking = care::asking_for(&app, &who, &headers, &person);
    match messages::send(&app.cx, &asking, patient, &filled.letter()).await {
        Ok(sent) => Redirect::to(&format!("/care/inbox/{}", sent.id)).into_response(),
        Err(Error::Invalid(issues)) => {
            let errors = said_at(&issues, |at| match at {
                Some("to") => "to",
                _ => "text",
            });
            show(&app, &who, &headers, &person, filled, errors).await
        }
        Err(error) => refused(&app, &who, error),
    }
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
        let Some(banner) = whose(app, &asking, person, patient, operation).await? else {
            return Err(Error::NotFound);
        };
        let about = messages::about(&app.cx, &asking, patient).await?;
        let directory = directory(app).await?;
        let listed = about.messages.iter();
        Ok(MessagesPage {
            page: who.page(app),
            person: banner,
            messages: listed.map(|one| row(one, &directory)).collect(),
            to: choices(&about.teams, &directory, &filled.to),
            others: others(&about.teams, &directory, &filled.other),
            told: ticked(&TOLD, &filled.told),
            may_protect: asking
                .caller
                .role()
                .is_some_and(domain::Role::is_social_work),
            may_decide: asking.caller.role().is_some_and(messages::planned::decides),
            may_discuss: asking
                .caller
                .role()
                .is_some_and(messages::discussion::may_open),
            text: filled.text,
            urgent: filled.urgent,
            errors,
        })
    };
    match view.await {
        Ok(view) => html(status, &view),
        Err(error) => refused(app, who, error),
    }
}

/// Whose record it is, if this worker may see it.
pub async fn whose(
    app: &App,
    asking: &Asking,
    person: &str,
    patient: ResourceId,
    operation: Option<[u8; 16]>,
) -> Result<Option<Banner>, Error> {
    let page = PageAsk {
        limit: 1,
        after: None,
        with_total: false,
    };
    let target = Target::Record { patient, page };
    let Answer::Released(disclosure) = disclose(&app.cx, asking, &target, operation).await? else {
        return Ok(None);
    };
    let read = the_patient(asking, disclosure.released.resources());
    Ok(read.map(|patient| banner(app, person, &patient)))
}

fn row(message: &Message, directory: &Directory) -> InboxRow {
    let state = if message.is_unanswered() {
        "not yet answered"
    } else {
        message.stage.code()
    };
    InboxRow {
        message: message.id.to_string(),
        name: message.name.clone(),
        kind: message.kind.words().to_owned(),
        from: from(message, directory),
        harm: message.harm.words().to_owned(),
        state: state.to_owned(),
        since: words::moment(message.at),
        due: None,
        overdue: false,
        interrupts: false,
    }
}

pub fn choices(teams: &[TeamId], directory: &Directory, chosen: &[String]) -> Vec<Choice> {
    let one = |team: &TeamId| {
        let found = directory.teams.get(team)?;
        let agency = directory.organisations.get(&found.organisation)?;
        Some(Choice {
            value: team.to_string(),
            label: format!("{}, {}", found.name, agency.name),
            hint: None,
            chosen: chosen.iter().any(|one| one == team.as_str()),
        })
    };
    teams.iter().filter_map(one).collect()
}

/// Every team that is not offered already, by agency.
pub fn others(offered: &[TeamId], directory: &Directory, chosen: &str) -> Vec<Choice> {
    let rest: Vec<TeamId> = directory
        .teams
        .keys()
        .filter(|team| !offered.contains(team))
        .cloned()
        .collect();
    let mut choices = choices(&rest, directory, &[chosen.to_owned()]);
    choices.sort_by(|a, b| a.label.cmp(&b.label));
    choices
}
