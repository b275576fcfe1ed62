//! `read` and `vread` (<https://hl7.org/fhir/R4/http.html#read>).

use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use fhir::types::Kind;
use fhir::{Issue, IssueCode};
use sharing::contribute::wire_id;
use sharing::{Answer, Target, disclose};

use super::caller::Calling;
use super::fault::FHIR_JSON;
use super::{Fault, answer};
use crate::app::App;
use crate::tokens::Right;

/// `GET /fhir/{type}/{id}`
pub async fn current(
    State(app): State<App>,
    Path((resource_type, id)): Path<(String, String)>,
    calling: Calling,
    headers: HeaderMap,
) -> Result<Response, Fault> {
    let response = one(&app, &calling, &resource_type, &id, None).await?;
    Ok(unless_known(&headers, response))
}

/// `GET /fhir/{type}/{id}/_history/{version}`
pub async fn version(
    State(app): State<App>,
    Path((resource_type, id, version)): Path<(String, String, String)>,
    calling: Calling,
) -> Result<Response, Fault> {
    let version = version.parse().map_err(|_| Fault::not_found())?;
    one(&app, &calling, &resource_type, &id, Some(version)).await
}

/// Reads one resource; `bundle` reads the entries of a batch by it too.
pub async fn one(
    app: &App,
    calling: &Calling,
    resource_type: &str,
    id: &str,
    version: Option<u32>,
) -> Result<Response, Fault> {
    let facts = known_type(resource_type)?;
    calling.may(facts.name, Right::Read)?;
    let id = wire_id(&app.cx, &calling.asking, facts.name, id).ok_or_else(Fault::not_found)?;
    if matches!(facts.kind, Kind::Directory | Kind::Definition) {
        return directory(app, facts.name, &id).await;
    }
    if facts.name == "Patient" {
        calling
            .within_context(app, "Patient", Right::Read, id)
            .await?;
    } else if calling.verified.patient.is_some() {
        within_context_of(app, calling, facts.name, id).await?;
    }
    let target = Target::Read {
        resource_type: facts.name.to_owned(),
        id,
        version,
    };
    match disclose(&app.cx, &calling.asking, &target, None).await? {
        Answer::Released(disclosure) => Ok(answer::resource(&disclosure)),
        Answer::Refused(refusal) => Ok(answer::refused(&refusal)),
        Answer::Gone => Err(gone()),
        Answer::Nothing if matches!(facts.kind, Kind::Either { .. }) => {
            directory(app, facts.name, &id).await
        }
        Answer::Nothing => Err(Fault::not_found()),
    }
}

/// A token for one patient reads nothing of anybody else's.
async fn within_context_of(
    app: &App,
    calling: &Calling,
    resource_type: &'static str,
    id: domain::ResourceId,
) -> Result<(), Fault> {
    let mut snapshot = app
        .cx
        .store
        .snapshot()
        .await
        .map_err(sharing::Error::from)?;
    let located = snapshot
        .locate(resource_type, &id)
        .await
        .map_err(sharing::Error::from)?;
    match located.and_then(|located| located.subject) {
        Some(patient) => {
            calling
                .within_context(app, resource_type, Right::Read, patient)
                .await
        }
        None => Ok(()),
    }
}

async fn directory(
    app: &App,
    resource_type: &str,
    id: &domain::ResourceId,
) -> Result<Response, Fault> {
    let mut snapshot = app
        .cx
        .store
        .snapshot()
        .await
        .map_err(sharing::Error::from)?;
    let found = snapshot
        .directory_read(resource_type, id)
        .await
        .map_err(sharing::Error::from)?;
    let resource = found.ok_or_else(Fault::not_found)?;
    if resource.is_deletion() {
        return Err(gone());
    }
    let mut response = (
        StatusCode::OK,
        [(header::CONTENT_TYPE, FHIR_JSON)],
        resource.bytes,
    )
        .into_response();
    answer::versioned(&mut response, resource.version, resource.updated_at);
    Ok(response)
}

/// What FHIR says of a type, or the 404 for a type that is none.
pub fn known_type(resource_type: &str) -> Result<&'static fhir::types::TypeFacts, Fault> {
    fhir::types::of(resource_type).ok_or_else(|| {
        let details = "this is not a resource type of FHIR R4";
        Fault::new(
            StatusCode::NOT_FOUND,
            Issue::error(IssueCode::NotSupported, details),
        )
    })
}

fn gone() -> Fault {
    let details = "it was here and has been deleted by its contributor";
    Fault::new(StatusCode::GONE, Issue::error(IssueCode::Deleted, details))
}

/// 304 where the caller holds this version already. The disclosure is logged all the same: the
/// caller learnt that the version is still the current one.
fn unless_known(headers: &HeaderMap, response: Response) -> Response {
    let known = headers.get(header::IF_NONE_MATCH);
    if response.status() == StatusCode::OK
        && known.is_some()
        && known == response.headers().get(header::ETAG)
    {
        let (mut parts, _) = response.into_parts();
        parts.status = StatusCode::NOT_MODIFIED;
        parts.headers.remove(header::CONTENT_TYPE);
        parts.headers.remove(header::CONTENT_LENGTH);
        return Response::from_parts(parts, axum::body::Body::empty());
    }
    response
}
