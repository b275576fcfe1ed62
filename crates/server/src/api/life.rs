//! Decisions about somebody's life, planned, heard and made: `$decision` on Patient
//! (docs/reference/http.md).

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use domain::ResourceId;
use fhir::{Issue, IssueCode};
use sharing::messages::planned::{self, Step};

use super::Fault;
use super::caller::Calling;
use super::extract::{Address, Whole};
use crate::app::App;
use crate::tokens::Right;

/// `GET /fhir/Patient/{id}/$decision`: where every decision about the person stands, and who must be
/// heard before it is made.
pub async fn list(
    State(app): State<App>,
    Address(patient): Address<String>,
    calling: Calling,
) -> Result<Response, Fault> {
    let patient = about(&app, &calling, &patient, Right::Read)?;
    let all = planned::read(&app.cx, &calling.asking, patient).await?;
    Ok(Json(all).into_response())
}

/// `POST /fhir/Patient/{id}/$decision` with one step. 200 with where the decision stands then; 422 if
/// another's power excludes it; 409 if somebody has to be told, heard or answered first.
pub async fn step(
    State(app): State<App>,
    Address(patient): Address<String>,
    calling: Calling,
    Whole(body): Whole,
) -> Result<Response, Fault> {
    let patient = about(&app, &calling, &patient, Right::Update)?;
    let step: Step = serde_json::from_slice(&body).map_err(|error| {
        let details = "the body is not one step of a decision: plan, told, view, answer, leave-out, contest or make";
        let issue = Issue::error(IssueCode::Structure, details).found(&error.to_string());
        Fault::new(StatusCode::BAD_REQUEST, issue)
    })?;
    let standing = planned::step(&app.cx, &calling.asking, patient, &step).await?;
    Ok(Json(standing).into_response())
}

fn about(app: &App, calling: &Calling, patient: &str, right: Right) -> Result<ResourceId, Fault> {
    calling.may("Patient", right)?;
    if calling.is_for_one_record("Patient", right) {
        return Err(Fault::not_found());
    }
    app.cx.ids.ours(patient).ok_or_else(Fault::not_found)
}
