//! What somebody is asked about a planned decision: `$hearings` and `$hearing` on Communication
//! (docs/reference/http.md).

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use domain::ResourceId;
use domain::message::Kind;
use serde_json::{Value, json};
use sharing::messages::face::KIND_SYSTEM;
use sharing::messages::hearing::{Asked, asked, open as read, say as think};

use super::Fault;
use super::caller::Calling;
use super::extract::{Address, Whole};
use super::messages::{Parameters, answer_with, entry, searchset};
use crate::app::App;
use crate::tokens::Right;

/// `GET /fhir/Communication/$hearings`: about whom the caller is asked for their view, newest first. What
/// is planned stands in `$hearing`: whoever reads that was told.
pub async fn list(State(app): State<App>, calling: Calling) -> Result<Response, Fault> {
    calling.may("Communication", Right::Search)?;
    let all = asked(&app.cx, &calling.asking).await?;
    let entries: Vec<Value> = all.iter().map(|one| entry(&closed(one), "match")).collect();
    Ok(answer_with(StatusCode::OK, &searchset(entries)))
}

/// `GET /fhir/Communication/{id}/$hearing`: what is planned, who plans it, and what came of hearing the
/// caller.
pub async fn open(
    State(app): State<App>,
    Address(id): Address<String>,
    calling: Calling,
) -> Result<Response, Fault> {
    let id = named(&app, &calling, &id)?;
    let asked = read(&app.cx, &calling.asking, id).await?;
    Ok(answer_with(StatusCode::OK, &opened(&asked)))
}

/// `POST /fhir/Communication/{id}/$hearing` with Parameters `text`: what the caller thinks of it.
pub async fn say(
    State(app): State<App>,
    Address(id): Address<String>,
    calling: Calling,
    Whole(body): Whole,
) -> Result<Response, Fault> {
    let id = named(&app, &calling, &id)?;
    let sent = Parameters::read(&body)?;
    let text = sent.first("text").unwrap_or_default();
    let asked = think(&app.cx, &calling.asking, id, text).await?;
    Ok(answer_with(StatusCode::OK, &opened(&asked)))
}

/// Saying what one thinks writes in nobody's record, so whoever may read their own may.
fn named(app: &App, calling: &Calling, id: &str) -> Result<ResourceId, Fault> {
    calling.may("Communication", Right::Read)?;
    app.cx.ids.ours(id).ok_or_else(Fault::not_found)
}

/// That the caller is asked, without what is planned.
fn closed(asked: &Asked) -> Value {
    let kind = Kind::Hearing;
    let status = match asked.is_open() {
        true => "in-progress",
        false => "completed",
    };
    json!({
        "resourceType": "Communication",
        "id": asked.message.to_string(),
        "status": status,
        "category": [{ "coding": [{
            "system": KIND_SYSTEM, "code": kind.code(), "display": kind.words()
        }] }],
        "subject": { "display": asked.about }
    })
}

fn opened(asked: &Asked) -> Value {
    let mut face = closed(asked);
    let said = asked.plan().into_iter().chain(asked.so_far());
    face["payload"] = said.map(|text| json!({ "contentString": text })).collect();
    if !asked.ring.is_empty() {
        let ring = asked.ring.iter();
        let note = ring.map(|(name, number)| json!({ "text": format!("Ring {name}, {number}") }));
        face["note"] = note.collect();
    }
    face
}
