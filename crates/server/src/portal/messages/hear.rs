//! Putting in what somebody told a worker by letter, on the telephone or face to face, for a team to
//! answer.

use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Redirect, Response};
use domain::message::call::Way;
use domain::{PartyId, TeamId, calendar};
use sharing::Error;
use sharing::messages::family::{Heard, Speaker, hear};
use sharing::messages::{self, Close};

use super::about::{choices, others, whose};
use super::on_behalf::ways;
use super::{nothing, refused, said_at};
use crate::app::App;
use crate::portal::form::Form;
use crate::portal::record::directory;
use crate::portal::render::html;
use crate::portal::session::SignedIn;
use crate::portal::views::{Choice, Errors, HeardFilled, HeardPage};
use crate::portal::{care, looks, words};

const THE_PERSON: &str = "the-person";
const SOMEBODY_ELSE: &str = "other";

/// The form as filled in so far.
#[derive(Default)]
struct Filled {
    from: String,
    way: String,
    to: String,
    other_team: String,
    unnamed: bool,
    typed: HeardFilled,
}

impl Filled {
    fn of(form: &Form) -> Self {
        let field = |name| form.get(name).to_owned();
        Self {
            from: field("from"),
            way: field("way"),
            to: field("to"),
            other_team: field("other_team"),
            unnamed: form.get("unnamed") == "yes",
            typed: HeardFilled {
                name: field("name"),
                says_to_be: field("says_to_be"),
                on: field("on"),
                text: field("text"),
                answer_to: field("answer_to"),
            },
        }
    }

    /// What was heard, or what the form lacks.
    fn heard(&self) -> Result<Heard, Errors> {
        let mut errors = Errors::default();
        let from = self.speaker();
        if from.is_none() {
            errors.add("from", "Say who told you");
        }
        let way = Way::from_code(&self.way);
        if way.is_none() {
            errors.add("way", "Say how they told you");
        }
        let on = calendar::by(&self.typed.on);
        if on.is_none() {
            errors.add("on", "Give the day like this: 2027-01-15");
        }
        let team = match self.to.is_empty() {
            true => &self.other_team,
            false => &self.to,
        };
        match (from, way, on) {
            (Some(from), Some(way), Some(on)) => Ok(Heard {
                from,
                way,
                on,
                text: self.typed.text.clone(),
                to: TeamId::new(team),
                answer_to: self.typed.answer_to.clone(),
                unnamed: self.unnamed,
            }),
            _ => Err(errors),
        }
    }

    fn speaker(&self) -> Option<Speaker> {
        let name = self.typed.name.clone();
        Some(match self.from.as_str() {
            "" => return None,
            THE_PERSON => Speaker::Person,
            SOMEBODY_ELSE => Speaker::Other {
                name,
                says_to_be: self.typed.says_to_be.clone(),
            },
            party => Speaker::Close {
                party: PartyId::new(party),
                name,
            },
        })
    }
}

/// `GET /care/people/{person}/words/new`
pub async fn hearing(
    State(app): State<App>,
    who: SignedIn,
    Path(person): Path<String>,
    headers: HeaderMap,
) -> Response {
    let fresh = Filled::default();
    show(&app, &who, &headers, &person, fresh, Errors::default()).await
}

/// `POST /care/people/{person}/words/new`
pub async fn heard(
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
    let heard = match filled.heard() {
        Ok(heard) => heard,
        Err(errors) => return show(&app, &who, &headers, &person, filled, errors).await,
    };
    let asking = care::asking_for(&app, &who, &headers, &person);
    match hear(&app.cx, &asking, patient, &heard).await {
        Ok(id) => Redirect::to(&format!("/care/inbox/{id}")).into_response(),
        Err(Error::Invalid(issues)) => {
            let errors = said_at(&issues, field_of);
            show(&app, &who, &headers, &person, filled, errors).await
        }
        Err(error) => refused(&app, &who, error),
    }
}

fn field_of(expression: Option<&str>) -> &'static str {
    match expression {
        Some("from") => "from",
        Some("name") => "name",
        Some("says-to-be") => "says_to_be",
        Some("on") => "on",
        Some("to") => "to",
        Some("answer-to") => "answer_to",
        _ => "text",
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
    let Some(patient) = app.cx.ids.ours(person) else {
        return nothing(app, who);
    };
    let asking = care::asking_for(app, who, headers, person);
    let operation = looks::going_on(app, headers, &asking, person);
    let status = errors.status();
    let view = async {
        let close = messages::close_to(&app.cx, &asking, patient).await?;
        let about = messages::about(&app.cx, &asking, patient).await?;
        let banner = whose(app, &asking, person, patient, operation).await?;
        let directory = directory(app).await?;
        let mut teams: Vec<TeamId> = asking.caller.team().into_iter().cloned().collect();
        teams.extend(about.teams);
        Ok(HeardPage {
            page: who.page(app),
            person: banner.ok_or(Error::NotFound)?,
            from: from(&close, &filled.from),
            ways: ways(&filled.way),
            to: choices(&teams, &directory, std::slice::from_ref(&filled.to)),
            others: others(&teams, &directory, &filled.other_team),
            unnamed: filled.unnamed,
            filled: filled.typed,
            errors,
        })
    };
    match view.await {
        Ok(view) => html(status, &view),
        Err(error) => refused(app, who, error),
    }
}

/// Who may have told it: the person, those who are known to be close, and anybody else.
fn from(close: &[Close], chosen: &str) -> Vec<Choice> {
    let choice = |value: &str, label: String| Choice {
        value: value.to_owned(),
        label,
        hint: None,
        chosen: value == chosen,
    };
    let mut all = vec![choice(THE_PERSON, "The person themself".to_owned())];
    let known = close.iter();
    all.extend(known.map(|one| {
        let label = format!("Their {}", one.is);
        choice(one.party.as_str(), words::capital(&label))
    }));
    all.push(choice(SOMEBODY_ELSE, "Somebody else".to_owned()));
    all
}
