//! The information sharing agreements of the caller's agency: `$agreements` (docs/reference/http.md).

use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use domain::arrangement::Flow;
use serde_json::{Value, json};
use sharing::agreements::{self, OfAgency};

use super::Fault;
use super::caller::Calling;
use super::fault::FHIR_JSON;
use crate::app::App;
use crate::tokens::Right;

/// `GET /fhir/Contract/$agreements`: what is most urgent first. They are about nobody, so whoever
/// works at a party reads them.
pub async fn own(State(app): State<App>, calling: Calling) -> Result<Response, Fault> {
    calling.may("Contract", Right::Search)?;
    let (all, _) = agreements::own(&app.cx, &calling.asking).await?;
    let parameter: Vec<Value> = all.iter().map(parameter).collect();
    let headers = [
        (header::CONTENT_TYPE, FHIR_JSON),
        (header::CACHE_CONTROL, "no-store"),
    ];
    let body = json!({ "resourceType": "Parameters", "parameter": parameter }).to_string();
    Ok((StatusCode::OK, headers, body).into_response())
}

fn parameter(one: &OfAgency) -> Value {
    let agreed = &one.agreement;
    let mut part = vec![
        json!({ "name": "id", "valueString": agreed.id }),
        json!({ "name": "standing", "valueCode": one.standing.code() }),
        json!({ "name": "signed", "valueBoolean": agreed.signed }),
    ];
    let times = [
        ("from", agreed.from),
        ("until", agreed.until),
        ("review-due", agreed.review_due),
    ];
    let known = times.into_iter().filter_map(|(name, at)| Some((name, at?)));
    part.extend(known.map(|(name, at)| json!({ "name": name, "valueInstant": at.0.to_string() })));
    let parties = agreed.parties.iter();
    part.extend(parties.map(|party| json!({ "name": "party", "valueId": party.as_str() })));
    part.extend(agreed.flows.iter().map(flow));
    json!({ "name": "agreement", "part": part })
}

fn flow(flow: &Flow) -> Value {
    let mut part = vec![
        json!({ "name": "number", "valueString": flow.number }),
        json!({ "name": "from", "valueId": flow.from.as_str() }),
        json!({ "name": "to", "valueId": flow.to.as_str() }),
    ];
    let items = flow.items.iter();
    part.extend(items.map(|item| json!({ "name": "item", "valueCode": item.code() })));
    let purposes = flow.purposes.iter();
    part.extend(purposes.map(|one| json!({ "name": "purpose", "valueCode": one.code() })));
    let words = [
        ("basis", &flow.basis),
        ("method", &flow.method),
        ("frequency", &flow.frequency),
        ("retention", &flow.retention),
    ];
    let said = words
        .into_iter()
        .filter_map(|(name, text)| Some((name, text.as_ref()?)));
    part.extend(said.map(|(name, text)| json!({ "name": name, "valueString": text })));
    json!({ "name": "flow", "part": part })
}
