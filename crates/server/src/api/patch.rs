//! `patch` (<https://hl7.org/fhir/R4/http.html#patch>) by JSON Patch. A patch is a read and an
//! update: its tests tell what the resource holds, so both are decided and logged.

use axum::extract::{RawQuery, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::Response;
use fhir::patch::PatchError;
use fhir::{Issue, IssueCode};
use sharing::contribute::{Condition, Incoming, Method, contribute, own_current, own_matching};

use super::caller::Calling;
use super::extract::{Address, Whole};
use super::write::{if_match, unmatched, well_formed, writable, written};
use super::{Fault, read};
use crate::app::App;
use crate::tokens::Right;

const JSON_PATCH: &str = "application/json-patch+json";

/// `PATCH /fhir/{type}/{id}`
pub async fn change(
    State(app): State<App>,
    Address((resource_type, id)): Address<(String, String)>,
    calling: Calling,
    headers: HeaderMap,
    Whole(body): Whole,
) -> Result<Response, Fault> {
    let resource_type = writable(&calling, &resource_type, Right::Update)?;
    well_formed(&id)?;
    patched(&app, &calling, &headers, (resource_type, &id), &body).await
}

/// `PATCH /fhir/{type}?identifier=...`: the one that the caller's own agency contributed.
pub async fn change_matching(
    State(app): State<App>,
    Address(resource_type): Address<String>,
    RawQuery(query): RawQuery,
    calling: Calling,
    headers: HeaderMap,
    Whole(body): Whole,
) -> Result<Response, Fault> {
    let resource_type = writable(&calling, &resource_type, Right::Update)?;
    let condition = Condition::read(&query.unwrap_or_default()).map_err(sharing::Error::invalid)?;
    let id = own_matching(&app.cx, &calling.asking, resource_type, &condition).await;
    let id = id.map_err(unmatched)?.to_string();
    patched(&app, &calling, &headers, (resource_type, &id), &body).await
}

async fn patched(
    app: &App,
    calling: &Calling,
    headers: &HeaderMap,
    (resource_type, id): (&'static str, &str),
    patch: &[u8],
) -> Result<Response, Fault> {
    let kind = headers.get(header::CONTENT_TYPE);
    let kind = kind.and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    if kind.split(';').next().map(str::trim) != Some(JSON_PATCH) {
        let details = "a patch is sent as application/json-patch+json";
        let issue = Issue::error(IssueCode::NotSupported, details);
        return Err(Fault::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, issue));
    }
    // An agency's own record system has the agency's contributions in hand.
    let current = match own_current(&app.cx, &calling.asking, resource_type, id).await? {
        Some(current) => current,
        None => match read::bytes(app, calling, resource_type, id).await? {
            Ok(current) => current,
            Err(refused) => return Ok(refused),
        },
    };
    let expected = if_match(headers)?.unwrap_or(current.version);
    if expected != current.version {
        return Err(sharing::Error::PreconditionFailed.into());
    }
    let bytes = fhir::patch::patch(&current.bytes, patch).map_err(|error| match error {
        PatchError::Wrong(issue) => Fault::from(sharing::Error::invalid(issue)),
        PatchError::TestFailed(issue) => Fault::new(StatusCode::UNPROCESSABLE_ENTITY, issue),
    })?;
    let incoming = Incoming {
        method: Method::Update,
        resource_type,
        id: Some(&current.id),
        if_match: Some(expected),
        bytes: &bytes,
    };
    let stored = contribute(&app.cx, &calling.asking, &incoming).await?;
    Ok(written(app, headers, &stored))
}
