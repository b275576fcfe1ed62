//! A team challenges what was answered to its request; somebody who took no part decides.

use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use domain::TeamId;
use domain::message::challenge::Verdict;
use domain::message::{Challenged, Message};
use sharing::Error;
use sharing::messages::Opened;
use sharing::messages::challenge::{
    Decided, Raise, decide, keep_sharing as go_on, of_answer, refused_by,
};

use super::respond::grounds;
use super::{after_acting, nothing, refused, said, said_there, shown};
use crate::app::App;
use crate::portal::form::Form;
use crate::portal::session::SignedIn;
use crate::portal::views::{ChallengeForm, Choice};
use crate::portal::words;

/// Whether this team's answer may be challenged by whoever asked.
pub fn may_challenge(opened: &Opened, team: &TeamId) -> bool {
    let message = &opened.message;
    let contested = message.deliveries.iter();
    let contested = contested.filter(|one| one.team == *team);
    opened.is_senders
        && message.request.is_some()
        && refused_by(message, Some(team)).is_ok()
        && contested.clone().all(|one| one.contested.is_none())
}

/// The form that decides about a challenge, if it waits for this worker's team.
pub fn form(opened: &Opened) -> Option<ChallengeForm> {
    let message = &opened.message;
    let challenge = message.challenge.as_ref()?;
    if opened.own.is_none() || challenge.ruling.is_some() || !message.is_in_force() {
        return None;
    }
    let ground = match &challenge.of {
        Challenged::Answer { ground, .. } => Some(ground),
        Challenged::Line => None,
    };
    let button = |verdict: &Verdict| Choice {
        value: verdict.code().to_owned(),
        label: words::capital(verdict.words()),
        ..Choice::default()
    };
    Some(ChallengeForm {
        verdicts: Verdict::ALL.iter().map(button).collect(),
        grounds: ground.map_or_else(Vec::new, |ground| grounds(ground)),
        until: words::moment(challenge.law_allows_until),
        paused: challenge.pauses.is_some() && challenge.safety.is_none(),
    })
}

/// What of a list of requests says that a row is a challenge.
pub fn what(message: &Message) -> Option<String> {
    let challenge = message.challenge.as_ref()?;
    let state = challenge
        .ruling
        .as_ref()
        .map_or("", |it| it.verdict.words());
    let said = format!("Challenge: {}. {state}", challenge.because.words());
    Some(said.trim_end_matches([' ', '.']).to_owned())
}

/// `POST /care/inbox/{message}/challenge`
pub async fn challenge(
    State(app): State<App>,
    who: SignedIn,
    Path(message): Path<String>,
    form: Form,
) -> Response {
    let Some(id) = app.cx.ids.ours(&message) else {
        return nothing(&app, &who);
    };
    let team = Some(form.get("team")).filter(|team| !team.is_empty());
    let team = team.map(TeamId::new);
    let raise = Raise::in_one_tap();
    match of_answer(&app.cx, &who.asking, (id, team.as_ref()), &raise).await {
        Ok(made) => Redirect::to(&format!("/care/inbox/{made}")).into_response(),
        Err(Error::Invalid(issues)) => {
            let errors = said(&issues, "text");
            shown(&app, &who, &message, String::new(), errors).await
        }
        Err(error) => refused(&app, &who, error),
    }
}

/// `POST /care/inbox/{message}/rule`
pub async fn rule(
    State(app): State<App>,
    who: SignedIn,
    Path(message): Path<String>,
    form: Form,
) -> Response {
    let verdict = Verdict::from_code(form.get("verdict"));
    let (Some(id), Some(verdict)) = (app.cx.ids.ours(&message), verdict) else {
        return nothing(&app, &who);
    };
    let text = form.get("text");
    let decided = Decided {
        verdict,
        ground: Some(form.get("ground").to_owned()),
        reason: text.to_owned(),
    };
    let done = decide(&app.cx, &who.asking, id, &decided).await;
    let to = format!("/care/inbox/{message}");
    after_acting(&app, &who, &message, done, &to, "text", text).await
}

/// `POST /care/inbox/{message}/keep-sharing`
pub async fn keep_sharing(
    State(app): State<App>,
    who: SignedIn,
    Path(message): Path<String>,
    form: Form,
) -> Response {
    let words = (form.get("anew"), "anew");
    said_there(&app, &who, &message, words, async |id, text| {
        go_on(&app.cx, &who.asking, id, text).await
    })
    .await
}
