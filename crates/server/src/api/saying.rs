//! What decisions about a person turn on, said by those who may: `$say` on Patient
//! (docs/reference/http.md).

use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use domain::{Fact, ResourceId};
use fhir::{Issue, IssueCode};
use serde_json::json;
use sharing::{say, written};

use super::Fault;
use super::caller::Calling;
use super::extract::{Address, Whole};
use super::fault::FHIR_JSON;
use crate::app::App;
use crate::tokens::Right;

/// `POST /fhir/Patient/{id}/$say` with a fact in the words of a written case. 201 with the id under
/// which its agency says otherwise later.
pub async fn new(
    State(app): State<App>,
    Address(patient): Address<String>,
    calling: Calling,
    Whole(body): Whole,
) -> Result<Response, Fault> {
    let patient = may_say(&app, &calling, &patient)?;
    let id = say::say(&app.cx, &calling.asking, patient, &fact(&body)?).await?;
    let told = json!({
        "resourceType": "Parameters",
        "parameter": [{ "name": "id", "valueId": id.to_string() }],
    });
    let headers = [
        (header::CONTENT_TYPE, FHIR_JSON.to_owned()),
        (
            header::LOCATION,
            format!("/fhir/Patient/{patient}/$say/{id}"),
        ),
    ];
    Ok((StatusCode::CREATED, headers, told.to_string()).into_response())
}

/// `PUT /fhir/Patient/{id}/$say/{fact}`: says otherwise.
pub async fn otherwise(
    State(app): State<App>,
    Address((patient, id)): Address<(String, String)>,
    calling: Calling,
    Whole(body): Whole,
) -> Result<StatusCode, Fault> {
    let patient = may_say(&app, &calling, &patient)?;
    let id = app.cx.ids.ours(&id).ok_or_else(Fault::not_found)?;
    let fact = fact(&body)?;
    say::say_otherwise(&app.cx, &calling.asking, patient, id, Some(&fact)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// `DELETE /fhir/Patient/{id}/$say/{fact}`: takes back what was said by mistake.
pub async fn take_back(
    State(app): State<App>,
    Address((patient, id)): Address<(String, String)>,
    calling: Calling,
) -> Result<StatusCode, Fault> {
    let patient = may_say(&app, &calling, &patient)?;
    let id = app.cx.ids.ours(&id).ok_or_else(Fault::not_found)?;
    say::say_otherwise(&app.cx, &calling.asking, patient, id, None).await?;
    Ok(StatusCode::NO_CONTENT)
}

fn may_say(app: &App, calling: &Calling, patient: &str) -> Result<ResourceId, Fault> {
    calling.may("Patient", Right::Update)?;
    if calling.is_for_one_record("Patient", Right::Update) {
        return Err(Fault::not_found());
    }
    app.cx.ids.ours(patient).ok_or_else(Fault::not_found)
}

fn fact(body: &[u8]) -> Result<Fact, Fault> {
    let refused = |details: &str| Fault::bad_request(IssueCode::Structure, details);
    let text = std::str::from_utf8(body).map_err(|_| refused("the body is not UTF-8"))?;
    written::fact(text).map_err(|error| {
        let details = "the body is not one fact in the words of a written case";
        let issue = Issue::error(IssueCode::Structure, details).found(&error.to_string());
        Fault::new(StatusCode::BAD_REQUEST, issue)
    })
}
