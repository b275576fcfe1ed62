//! What stewards decide of Patients, as operations on Linkage: `$queue`, `$compare`, `$raise` and
//! `$decide` (docs/reference/http.md).

use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use domain::ResourceId;
use fhir::{Issue, IssueCode};
use serde_json::{Value, json};
use sharing::Error;
use sharing::identity::stewards::{self, Decided, Outcome};
use store::Review;

use super::Fault;
use super::caller::Calling;
use super::extract::{Address, Whole};
use super::fault::FHIR_JSON;
use super::matching::step;
use super::messages::Parameters;
use crate::app::App;
use crate::tokens::Right;

/// `GET /fhir/Linkage/$queue`: what the caller's agency has to decide, the most pressing first. It
/// names nobody.
pub async fn queue(State(app): State<App>, calling: Calling) -> Result<Response, Fault> {
    calling.may("Linkage", Right::Search)?;
    let reviews = stewards::queue(&app.cx, &calling.asking).await?;
    let parameters = reviews.iter().map(|review| {
        let parts = described(review);
        json!({ "name": "pair", "part": parts })
    });
    Ok(parameters_of(StatusCode::OK, parameters.collect()))
}

/// `GET /fhir/Linkage/{id}/$compare`: the two side by side, and what speaks for and against.
pub async fn compare(
    State(app): State<App>,
    Address(id): Address<String>,
    calling: Calling,
) -> Result<Response, Fault> {
    calling.may("Linkage", Right::Read)?;
    let id = app.cx.ids.ours(&id).ok_or_else(Fault::not_found)?;
    let compared = stewards::compare(&app.cx, &calling.asking, id).await?;
    let mut parts = described(&compared.review);
    let names = ["left", "right"];
    for (name, shown) in names.into_iter().zip(&compared.shown) {
        let view: Value = serde_json::from_slice(&shown.view).unwrap_or_default();
        parts.push(json!({ "name": name, "resource": view }));
    }
    if let Some(told) = &compared.told {
        let steps: Vec<Value> = told.steps.iter().map(step).collect();
        let mut why = json!({ "name": "explanation" });
        if !steps.is_empty() {
            why["extension"] = steps.into();
        }
        if let Some(rule) = told.rule {
            why["valueString"] = rule.reason().into();
        }
        parts.push(why);
    }
    Ok(parameters_of(StatusCode::OK, parts))
}

/// `POST /fhir/Linkage/$raise` with Parameters `left`, `right` (Patients) and `reason`.
pub async fn raise(
    State(app): State<App>,
    calling: Calling,
    Whole(body): Whole,
) -> Result<Response, Fault> {
    calling.may("Linkage", Right::Create)?;
    let sent = Parameters::read(&body)?;
    let patient = |name: &str| -> Result<ResourceId, Fault> {
        let id = app.cx.ids.ours(sent.needed(name)?);
        id.ok_or_else(Fault::not_found)
    };
    let pair = (patient("left")?, patient("right")?);
    let reason = sent.needed("reason")?;
    let review = stewards::raise(&app.cx, &calling.asking, pair, reason).await?;
    Ok(parameters_of(StatusCode::CREATED, described(&review)))
}

/// `POST /fhir/Linkage/{id}/$decide` with Parameters `outcome` (`same`, `different`, `undo`, `seal` or
/// `unsure`) and `reason`. 202 if another steward must agree.
pub async fn decide(
    State(app): State<App>,
    Address(id): Address<String>,
    calling: Calling,
    Whole(body): Whole,
) -> Result<Response, Fault> {
    calling.may("Linkage", Right::Create)?;
    let id = app.cx.ids.ours(&id).ok_or_else(Fault::not_found)?;
    let sent = Parameters::read(&body)?;
    let outcome = Outcome::from_code(sent.needed("outcome")?).ok_or_else(|| {
        let details = "an outcome is same, different, undo, seal or unsure";
        Error::invalid(Issue::error(IssueCode::Value, details).at("outcome"))
    })?;
    let reason = sent.needed("reason")?;
    let decided = stewards::decide(&app.cx, &calling.asking, id, outcome, reason).await?;
    let (status, code) = match decided {
        Decided::Done => (StatusCode::OK, "done"),
        Decided::Proposed => (StatusCode::ACCEPTED, "proposed"),
    };
    let told = vec![json!({ "name": "decided", "valueCode": code })];
    Ok(parameters_of(status, told))
}

/// What may be said of a pair without naming anybody.
fn described(review: &Review) -> Vec<Value> {
    let mut parts = vec![
        json!({ "name": "id", "valueId": review.id.to_string() }),
        json!({ "name": "kind", "valueCode": review.kind.code() }),
        json!({ "name": "priority", "valueDecimal": (review.priority * 1000.0).round() / 1000.0 }),
        json!({ "name": "opened", "valueInstant": review.opened.to_string() }),
    ];
    if !review.note.is_empty() {
        parts.push(json!({ "name": "note", "valueString": review.note }));
    }
    if let Some(proposed) = &review.proposed {
        let by = proposed.by.to_string();
        parts.push(json!({ "name": "proposed", "part": [
            { "name": "outcome", "valueCode": proposed.outcome },
            { "name": "by", "valueString": by },
            { "name": "reason", "valueString": proposed.reason },
        ]}));
    }
    parts
}

fn parameters_of(status: StatusCode, parameters: Vec<Value>) -> Response {
    let mut body = json!({ "resourceType": "Parameters" });
    if !parameters.is_empty() {
        body["parameter"] = parameters.into();
    }
    let headers = [
        (header::CONTENT_TYPE, FHIR_JSON),
        (header::CACHE_CONTROL, "no-store"),
    ];
    (status, headers, body.to_string()).into_response()
}
