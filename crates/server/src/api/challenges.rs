//! Challenges, as operations: `$challenge` on Communication and AuditEvent, `$challenges` and
//! `$decide-challenge` on Communication (docs/reference/http.md).

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use domain::TeamId;
use domain::message::Kind;
use domain::message::challenge::{Because, Verdict, Wanted};
use serde_json::{Value, json};
use sharing::messages::challenge::{
    Decided, Raise, Shown, all, decide as rule, keep_sharing as go_on, of_answer, of_line, one,
};
use sharing::messages::face::KIND_SYSTEM;

use super::Fault;
use super::caller::Calling;
use super::calls::coded;
use super::extract::{Address, Whole};
use super::messages::{Parameters, acting, answer_with, entry, opened, searchset};
use crate::app::App;
use crate::tokens::Right;

const BECAUSE: &str = "not-me, wrong-recipient, wrong-purpose, too-much, inaccurate, no-basis, wrongly-withheld or not-told";
const WANTED: &str = "share, stop, put-right or explain";

/// `POST /fhir/Communication/{id}/$challenge` with Parameters `team` (where several refused), `because`,
/// `wanted` and `text`, none of them needed: what was answered to a request of the caller's team is looked
/// at again.
pub async fn answer(
    State(app): State<App>,
    Address(id): Address<String>,
    calling: Calling,
    Whole(body): Whole,
) -> Result<Response, Fault> {
    let (id, sent) = acting(&app, &calling, &id, &body)?;
    let team = sent.first("team").map(TeamId::new);
    let raise = match sent.first("because") {
        None => Raise::in_one_tap(),
        Some(_) => raised(&sent)?,
    };
    let made = of_answer(&app.cx, &calling.asking, (id, team.as_ref()), &raise).await?;
    opened(&app, &calling, made, StatusCode::CREATED).await
}

/// `POST /fhir/AuditEvent/{id}/$challenge` with Parameters `because`, `wanted`, `text`, and `patient` of
/// whoever acts for somebody: a line of an account is looked at again.
pub async fn line(
    State(app): State<App>,
    Address(id): Address<String>,
    calling: Calling,
    Whole(body): Whole,
) -> Result<Response, Fault> {
    // Challenging writes in nobody's record, so whoever may read their own list may.
    calling.may("AuditEvent", Right::Search)?;
    let sent = Parameters::read(&body)?;
    let raise = raised(&sent)?;
    let of = match sent.first("patient") {
        None => None,
        Some(text) => Some(app.cx.ids.ours(text).ok_or_else(Fault::not_found)?),
    };
    let made = of_line(&app.cx, &calling.asking, (of, &id), &raise).await?;
    let shown = one(&app.cx, &calling.asking, made).await?;
    Ok(answer_with(StatusCode::CREATED, &face(&shown)))
}

fn raised(sent: &Parameters) -> Result<Raise, Fault> {
    Ok(Raise {
        because: coded(sent, "because", BECAUSE, Because::from_code)?,
        wanted: coded(sent, "wanted", WANTED, Wanted::from_code)?,
        words: sent.first("text").unwrap_or_default().to_owned(),
    })
}

/// `GET /fhir/Communication/$challenges`: what the caller challenged, newest first, and where it stands.
pub async fn list(State(app): State<App>, calling: Calling) -> Result<Response, Fault> {
    calling.may("Communication", Right::Search)?;
    let all = all(&app.cx, &calling.asking).await?;
    let entries: Vec<Value> = all.iter().map(|one| entry(&face(one), "match")).collect();
    Ok(answer_with(StatusCode::OK, &searchset(entries)))
}

/// `GET /fhir/Communication/{id}/$challenge`: one of them.
pub async fn open(
    State(app): State<App>,
    Address(id): Address<String>,
    calling: Calling,
) -> Result<Response, Fault> {
    calling.may("Communication", Right::Read)?;
    let id = app.cx.ids.ours(&id).ok_or_else(Fault::not_found)?;
    let shown = one(&app.cx, &calling.asking, id).await?;
    Ok(answer_with(StatusCode::OK, &face(&shown)))
}

/// `POST /fhir/Communication/{id}/$decide-challenge` with Parameters `verdict` (`upheld`, `overturned`,
/// `partly`), `text`, and `ground` of what still stays back: somebody who took no part decides.
pub async fn decide(
    State(app): State<App>,
    Address(id): Address<String>,
    calling: Calling,
    Whole(body): Whole,
) -> Result<Response, Fault> {
    let (id, sent) = acting(&app, &calling, &id, &body)?;
    let decided = Decided {
        verdict: coded(
            &sent,
            "verdict",
            "upheld, overturned or partly",
            Verdict::from_code,
        )?,
        ground: sent.first("ground").map(str::to_owned),
        reason: sent.first("text").unwrap_or_default().to_owned(),
    };
    rule(&app.cx, &calling.asking, id, &decided).await?;
    opened(&app, &calling, id, StatusCode::OK).await
}

/// `POST /fhir/Communication/{id}/$keep-sharing` with Parameters `text`: sharing goes on while it is
/// challenged, because somebody's safety needs it.
pub async fn keep_sharing(
    State(app): State<App>,
    Address(id): Address<String>,
    calling: Calling,
    Whole(body): Whole,
) -> Result<Response, Fault> {
    let (id, sent) = acting(&app, &calling, &id, &body)?;
    let reason = sent.first("text").unwrap_or_default();
    go_on(&app.cx, &calling.asking, id, reason).await?;
    opened(&app, &calling, id, StatusCode::OK).await
}

/// A challenge as whoever made it sees it.
fn face(shown: &Shown) -> Value {
    let kind = Kind::Challenge;
    let challenge = &shown.challenge;
    let status = match &challenge.ruling {
        Some(_) => "completed",
        None => "in-progress",
    };
    let mut payload = vec![json!({ "contentString": challenge.said })];
    let said = shown.so_far();
    payload.extend(
        said.into_iter()
            .map(|text| json!({ "contentString": text })),
    );
    let routes = challenge.ruling.iter().flat_map(|ruling| &ruling.routes);
    payload
        .extend(routes.map(|route| json!({ "contentString": format!("You can go to {route}.") })));
    let mut face = json!({
        "resourceType": "Communication",
        "id": shown.message.to_string(),
        "status": status,
        "category": [{ "coding": [{
            "system": KIND_SYSTEM, "code": kind.code(), "display": kind.words()
        }] }],
        "sent": shown.at.to_string(),
        "reasonCode": [{
            "coding": [{ "system": sharing::messages::face::BECAUSE_SYSTEM, "code": challenge.because.code() }],
            "text": challenge.because.words()
        }],
        "payload": payload
    });
    if let Some(ruling) = &challenge.ruling {
        face["statusReason"] = json!({
            "coding": [{ "system": sharing::messages::face::VERDICT_SYSTEM, "code": ruling.verdict.code() }],
            "text": ruling.verdict.words()
        });
    }
    if !shown.ring.is_empty() {
        let ring = shown.ring.iter();
        let note = ring.map(|(name, number)| json!({ "text": format!("Ring {name}, {number}") }));
        face["note"] = note.collect();
    }
    face
}
