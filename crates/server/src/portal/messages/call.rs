//! What a note of a call or meeting says on its page, and taking back what was told.

use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Redirect, Response};
use domain::message::{Attendee, Call, Fault, Kind, Message};
use sharing::messages::call::{self, Correction};
use sharing::messages::{self, Opened};
use sharing::{Asking, Error};
use store::Directory;

use super::{nothing, refused, respond, said_at, team_state};
use crate::app::App;
use crate::portal::care;
use crate::portal::form::Form;
use crate::portal::render::html;
use crate::portal::session::SignedIn;
use crate::portal::views::{AttendedView, CallView, Choice, CorrectPage, Errors, TeamState};
use crate::portal::words;

/// What a note says, if this message is one.
pub fn view(opened: &Opened) -> Option<CallView> {
    let message = &opened.message;
    let call = message
        .call
        .as_ref()
        .filter(|_| message.kind == Kind::Call)?;
    Some(CallView {
        how: format!("{}. {}", call.way.words(), call.identity.words()),
        what: call
            .what
            .iter()
            .map(|one| words::capital(one.words()))
            .collect(),
        next: call.next.clone(),
        attended: call
            .attended
            .iter()
            .map(|one| attended(one, call))
            .collect(),
        may_correct: may_correct(opened),
    })
}

fn attended(attendee: &Attendee, call: &Call) -> AttendedView {
    let ground = attendee.refused.as_deref().and_then(respond::ground);
    let state = match ground {
        Some(ground) => format!("not sent: {}", ground.words()),
        None if attendee.own => "of our own team".to_owned(),
        None if call.what.is_empty() => "told nothing of the record".to_owned(),
        None => "told".to_owned(),
    };
    AttendedView {
        name: words::capital(&attendee.name),
        state,
    }
}

fn may_correct(opened: &Opened) -> bool {
    let message = &opened.message;
    let call = message.call.as_ref().filter(|_| message.kind == Kind::Call);
    let told = call.is_some_and(|call| call.told().next().is_some());
    told && opened.is_senders && message.is_in_force()
}

/// How it stands with each one who was asked to give up or strike out what this note, or what is challenged
/// here, says that they were told.
pub fn recalls(opened: &Opened, directory: &Directory, now: domain::Timestamp) -> Vec<TeamState> {
    let of_note = |one: &&Message| {
        let of = one.recall.as_ref().map(|recall| recall.of);
        of == Some(opened.message.id)
    };
    let recalls = opened.thread.iter().filter(of_note);
    let states = recalls.flat_map(|one| {
        let told = one.recall.as_ref();
        let name = told.map(|recall| words::capital(&recall.told));
        one.deliveries.iter().map(move |delivery| {
            let state = team_state(delivery, directory, now);
            TeamState {
                team: name.clone().unwrap_or_else(|| state.team.clone()),
                ..state
            }
        })
    });
    states.collect()
}

/// The form as filled in so far.
#[derive(Default)]
struct Filled {
    fault: String,
    who: Vec<String>,
    other: String,
    text: String,
}

/// `GET /care/inbox/{message}/correct`
pub async fn correcting(
    State(app): State<App>,
    who: SignedIn,
    Path(message): Path<String>,
    headers: HeaderMap,
) -> Response {
    show(
        &app,
        &who,
        &headers,
        &message,
        Filled::default(),
        Errors::default(),
    )
    .await
}

/// `POST /care/inbox/{message}/correct`
pub async fn correct(
    State(app): State<App>,
    who: SignedIn,
    Path(message): Path<String>,
    headers: HeaderMap,
    form: Form,
) -> Response {
    let Some(id) = app.cx.ids.ours(&message) else {
        return nothing(&app, &who);
    };
    let filled = Filled {
        fault: form.get("fault").to_owned(),
        who: form.all("who").map(str::to_owned).collect(),
        other: form.get("other").to_owned(),
        text: form.get("text").to_owned(),
    };
    let Some(fault) = Fault::from_code(&filled.fault) else {
        let mut errors = Errors::default();
        errors.add("fault", "Say what was wrong with it");
        return show(&app, &who, &headers, &message, filled, errors).await;
    };
    let correction = Correction {
        fault,
        other: app.cx.ids.ours(&filled.other),
        who: filled
            .who
            .iter()
            .filter_map(|place| place.parse().ok())
            .collect(),
        text: filled.text.clone(),
    };
    let asking = Asking {
        reason: care::asking_for(&app, &who, &headers, &filled.other).reason,
        ..who.asking.clone()
    };
    match call::correct(&app.cx, &asking, id, &correction).await {
        Ok(_) => Redirect::to(&format!("/care/inbox/{message}")).into_response(),
        Err(Error::Invalid(issues)) => {
            let errors = said_at(&issues, |at| match at {
                Some("other") => "other",
                Some("who") => "who",
                _ => "text",
            });
            show(&app, &who, &headers, &message, filled, errors).await
        }
        Err(error) => refused(&app, &who, error),
    }
}

async fn show(
    app: &App,
    who: &SignedIn,
    headers: &HeaderMap,
    message: &str,
    filled: Filled,
    errors: Errors,
) -> Response {
    let Some(id) = app.cx.ids.ours(message) else {
        return nothing(app, who);
    };
    let status = errors.status();
    let view = async {
        let opened = messages::open(&app.cx, &who.asking, id).await?;
        let note = &opened.message;
        let Some(call) = note.call.as_ref().filter(|_| may_correct(&opened)) else {
            return Ok(None);
        };
        Ok(Some(CorrectPage {
            page: who.page(app),
            message: message.to_owned(),
            name: note.name.clone(),
            faults: faults(&filled.fault),
            who: told(call, &filled.who),
            others: others(app, headers, note, &filled.other),
            text: filled.text,
            errors,
        }))
    };
    match view.await {
        Ok(Some(view)) => html(status, &view),
        // The note itself says why there is nothing to take back.
        Ok(None) => Redirect::to(&format!("/care/inbox/{message}")).into_response(),
        Err(error) => refused(app, who, error),
    }
}

fn faults(chosen: &str) -> Vec<Choice> {
    let one = |fault: &Fault| Choice {
        value: fault.code().to_owned(),
        label: words::capital(fault.words()),
        hint: None,
        chosen: fault.code() == chosen,
    };
    Fault::ALL.iter().map(one).collect()
}

/// Those who were told, by their place on the note; all of them, where none was chosen.
fn told(call: &Call, chosen: &[String]) -> Vec<Choice> {
    let places = (1..).zip(&call.attended).filter(|(_, one)| one.was_told());
    let choices = places.map(|(place, one): (usize, _)| {
        let value = place.to_string();
        Choice {
            chosen: chosen.is_empty() || chosen.contains(&value),
            value,
            label: words::capital(&one.name),
            hint: None,
        }
    });
    choices.collect()
}

/// People whom this worker opened of late: one of them is whom it is really about.
fn others(app: &App, headers: &HeaderMap, note: &Message, chosen: &str) -> Vec<Choice> {
    let recent = care::recent(app, headers).into_iter();
    let others = recent.filter(|one| one.person != note.patient.to_string());
    let choices = others.map(|one| Choice {
        chosen: one.person == chosen,
        label: format!("{}, born {}", one.name, one.born.full),
        value: one.person,
        hint: None,
    });
    choices.collect()
}
