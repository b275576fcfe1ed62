//! `$quality`: what an agency is asked about the Patients that it holds (docs/reference/http.md).

use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use linkage::Surveyed;
use serde_json::{Value, json};
use sharing::quality;

use super::Fault;
use super::caller::Calling;
use super::fault::FHIR_JSON;
use crate::app::App;
use crate::tokens::Right;

/// `GET /fhir/Patient/$quality`: for an agency's record system, of what the agency contributed.
pub async fn survey(State(app): State<App>, calling: Calling) -> Result<Response, Fault> {
    calling.may("Patient", Right::Search)?;
    let surveyed = quality::survey(&app.cx, &calling.asking).await?;
    let headers = [
        (header::CONTENT_TYPE, FHIR_JSON),
        (header::CACHE_CONTROL, "no-store"),
    ];
    let body = parameters(&surveyed).to_string();
    Ok((StatusCode::OK, headers, body).into_response())
}

fn parameters(surveyed: &Surveyed) -> Value {
    let mut parameter = vec![json!({ "name": "records", "valueUnsignedInt": surveyed.records })];
    parameter.extend(surveyed.filled.iter().map(|filled| {
        json!({ "name": "filled", "part": [
            { "name": "what", "valueString": filled.part },
            { "name": "records", "valueUnsignedInt": filled.records },
        ]})
    }));
    parameter.extend(surveyed.questions.iter().map(|(question, asked)| {
        let mut part = vec![
            json!({ "name": "code", "valueCode": question.code() }),
            json!({ "name": "question", "valueString": question.words() }),
            json!({ "name": "records", "valueUnsignedInt": asked.records }),
        ];
        let such_as = asked.such_as.iter();
        part.extend(such_as.map(|id| json!({ "name": "such-as", "valueId": id })));
        json!({ "name": "question", "part": part })
    }));
    json!({ "resourceType": "Parameters", "parameter": parameter })
}
