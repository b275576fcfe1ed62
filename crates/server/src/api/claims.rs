//! Papers by which somebody acts for a person, as operations: `$claim-authority`, `$check-authority`,
//! `$declare-belief` and `$claims` on Communication (docs/reference/http.md).

use std::collections::BTreeSet;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use domain::message::Claim;
use domain::message::claim::{Found, PAPERS, Shown};
use domain::{Matter, TeamId};
use fhir::{Issue, IssueCode};
use serde_json::{Value, json};
use sharing::Error;
use sharing::messages::claim::{Checking, Claimed, check as look_at, claims, declare_belief, one};
use sharing::messages::face::to_writer;
use sharing::messages::family::{Tell, tell};

use super::Fault;
use super::caller::Calling;
use super::calls::coded;
use super::extract::{Address, Whole};
use super::family::question;
use super::messages::{Parameters, acting, answer_with, entry, opened, searchset};
use super::requests::moment;
use crate::app::App;
use crate::tokens::Right;

const MATTERS: &str = "accommodation, care, treatment, information, contact or finance";

/// `POST /fhir/Communication/$claim-authority` with the Parameters of `$who-knows`, and `to` (a team), `kind`,
/// `number`, `power` (repeated), `shown`, and where it is so `from` (a day), `jointly`, `on-belief` and `text`:
/// the caller says on what paper they act for somebody. It is taken from everyone.
pub async fn claim(
    State(app): State<App>,
    calling: Calling,
    Whole(body): Whole,
) -> Result<Response, Fault> {
    // It writes in nobody's record, so whoever may read their own may claim.
    calling.may("Communication", Right::Read)?;
    let sent = Parameters::read(&body)?;
    let kinds: Vec<&str> = PAPERS.iter().map(|kind| kind.code()).collect();
    let paper = |code: &str| PAPERS.iter().copied().find(|kind| kind.code() == code);
    let is_so = |name: &str| sent.first(name) == Some("true");
    let claim = Claim {
        kind: coded(&sent, "kind", &kinds.join(", "), paper)?,
        number: sent.first("number").unwrap_or_default().to_owned(),
        from: moment(&sent, "from")?.map(domain::Moment),
        powers: matters(&sent, "power")?,
        jointly: is_so("jointly"),
        on_belief: is_so("on-belief"),
        shown: coded(&sent, "shown", "post, bring or seen", Shown::from_code)?,
        checked: None,
    };
    let what = Tell {
        about: question(&sent),
        text: sent.first("text").unwrap_or_default().to_owned(),
        to: TeamId::new(sent.first("to").unwrap_or_default()),
        unnamed: false,
        claim: Some(claim),
    };
    let id = tell(&app.cx, &calling.asking, &what).await?;
    let claimed = one(&app.cx, &calling.asking, id).await?;
    let body = searchset(faces(&claimed));
    Ok(answer_with(StatusCode::CREATED, &body))
}

fn matters(sent: &Parameters, name: &str) -> Result<BTreeSet<Matter>, Fault> {
    sent.all(name).map(|code| matter(name, code)).collect()
}

fn matter(name: &str, code: &str) -> Result<Matter, Fault> {
    Matter::from_code(code).ok_or_else(|| {
        let issue = Issue::error(IssueCode::Value, format!("this is {MATTERS}")).at(name);
        Error::invalid(issue.found(code)).into()
    })
}

/// `GET /fhir/Communication/$claims`: what the caller claimed, newest first, and what it comes to.
pub async fn list(State(app): State<App>, calling: Calling) -> Result<Response, Fault> {
    calling.may("Communication", Right::Search)?;
    let all = claims(&app.cx, &calling.asking).await?;
    let entries = all.iter().flat_map(faces).collect();
    Ok(answer_with(StatusCode::OK, &searchset(entries)))
}

/// A claim as its writer sees it: the Communication with what was accepted of it, its Tasks, the answers.
fn faces(claimed: &Claimed) -> Vec<Value> {
    let mut faces = to_writer(&claimed.written.message).into_iter();
    let mut entries = Vec::new();
    if let Some(mut face) = faces.next() {
        let states = claimed.states.iter();
        let said: Vec<Value> = states
            .map(|(matter, state)| {
                let words = format!("{}: {}", matter.words(), state.words());
                json!({ "text": words })
            })
            .collect();
        if !said.is_empty() {
            face["note"] = Value::Array(said);
        }
        entries.push(entry(&face, "match"));
    }
    entries.extend(faces.map(|task| entry(&task, "include")));
    let replies = claimed.written.replies.iter().flat_map(to_writer);
    entries.extend(replies.map(|reply| entry(&reply, "include")));
    entries
}

/// `POST /fhir/Communication/{id}/$check-authority` with Parameters `registered`, `seen`, `text`, and for each
/// power that is claimed `accepted`, `not-in-paper`, `not-in-force` or `not-seen` (each repeated).
pub async fn check(
    State(app): State<App>,
    Address(id): Address<String>,
    calling: Calling,
    Whole(body): Whole,
) -> Result<Response, Fault> {
    let (id, sent) = acting(&app, &calling, &id, &body)?;
    let mut powers = Vec::new();
    for found in Found::ALL {
        for code in sent.all(found.code()) {
            powers.push((matter(found.code(), code)?, *found));
        }
    }
    let checking = Checking {
        registered: sent.first("registered") == Some("true"),
        seen: sent.first("seen") == Some("true"),
        powers,
        text: sent.first("text").unwrap_or_default().to_owned(),
    };
    look_at(&app.cx, &calling.asking, id, &checking).await?;
    opened(&app, &calling, id, StatusCode::OK).await
}

/// `POST /fhir/Communication/{id}/$declare-belief` with Parameters `about` (repeated): of what the caller, whose
/// paper was accepted, believes that the person cannot decide it; none takes every belief back.
pub async fn believe(
    State(app): State<App>,
    Address(id): Address<String>,
    calling: Calling,
    Whole(body): Whole,
) -> Result<Response, Fault> {
    calling.may("Communication", Right::Read)?;
    let id = app.cx.ids.ours(&id).ok_or_else(Fault::not_found)?;
    let sent = Parameters::read(&body)?;
    let about = matters(&sent, "about")?;
    declare_belief(&app.cx, &calling.asking, id, &about).await?;
    let claimed = one(&app.cx, &calling.asking, id).await?;
    Ok(answer_with(StatusCode::OK, &searchset(faces(&claimed))))
}
