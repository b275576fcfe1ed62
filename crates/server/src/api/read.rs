//! `read` and `vread` (<https://hl7.org/fhir/R4/http.html#read>).

use axum::body::{Body, to_bytes};
use axum::extract::{RawQuery, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use domain::ResourceId;
use fhir::search::Shape;
use fhir::types::{Kind, TypeFacts};
use fhir::{Issue, IssueCode};
use sharing::contribute::{Current, wire_id};
use sharing::disclose::leave_asked;
use sharing::{Answer, Target, disclose};

use super::caller::Calling;
use super::extract::Address;
use super::fault::FHIR_JSON;
use super::{Fault, answer};
use crate::app::App;
use crate::tokens::Right;

/// `GET /fhir/{type}/{id}`
pub async fn current(
    State(app): State<App>,
    Address((resource_type, id)): Address<(String, String)>,
    RawQuery(query): RawQuery,
    calling: Calling,
    headers: HeaderMap,
) -> Result<Response, Fault> {
    let query = query.unwrap_or_default();
    let response = one(&app, &calling, (&resource_type, &id, None), &query).await?;
    Ok(unless_known(&headers, response))
}

/// `GET /fhir/{type}/{id}/_history/{version}`
pub async fn version(
    State(app): State<App>,
    Address((resource_type, id, version)): Address<(String, String, String)>,
    RawQuery(query): RawQuery,
    calling: Calling,
) -> Result<Response, Fault> {
    let version = version.parse().map_err(|_| Fault::not_found())?;
    let query = query.unwrap_or_default();
    one(&app, &calling, (&resource_type, &id, Some(version)), &query).await
}

/// Reads one resource, or the part of it that the query asks for; `bundle` reads the entries of a
/// batch by it too.
pub async fn one(
    app: &App,
    calling: &Calling,
    (resource_type, id, version): (&str, &str, Option<u32>),
    query: &str,
) -> Result<Response, Fault> {
    let facts = known_type(resource_type)?;
    let shape = fhir::search::parse_shape(query)
        .map_err(|issue| Fault::new(StatusCode::BAD_REQUEST, issue))?;
    calling.may(facts.name, Right::Read)?;
    let id = known_id(app, calling, facts.name, id)?;
    if let Some(found) = directory(app, facts, &id, version, &shape).await? {
        return Ok(found);
    }
    within_context_of(app, calling, facts.name, id).await?;
    let target = Target::Read {
        resource_type: facts.name.to_owned(),
        id,
        version,
        shape,
    };
    match disclose(&app.cx, &calling.asking, &target, None).await? {
        Answer::Released(disclosure) => Ok(answer::resource(&disclosure)),
        Answer::Refused(refusal) => Ok(answer::refused(&refusal)),
        Answer::Gone => Err(gone()),
        Answer::Nothing => Err(Fault::not_found()),
    }
}

/// The current bytes of one resource as this caller may read them, for changing them; `Err` is the
/// answer where they may not.
///
/// # Errors
/// A 404 for what is not there.
pub async fn bytes(
    app: &App,
    calling: &Calling,
    resource_type: &str,
    id: &str,
) -> Result<Result<Current, Response>, Fault> {
    let response = one(app, calling, (resource_type, id, None), "").await?;
    if response.status() != StatusCode::OK {
        return Ok(Err(response));
    }
    let (parts, body) = response.into_parts();
    let version = parts.headers.get(header::ETAG);
    let version = version.and_then(|tag| fhir::bundle::version_of(tag.to_str().ok()?));
    let Some(version) = version else {
        return Err(Fault::not_found());
    };
    // The body was read from the store just now.
    let bytes = to_bytes(body, usize::MAX).await.unwrap_or_default();
    Ok(Ok(Current {
        id: known_id(app, calling, known_type(resource_type)?.name, id)?.to_string(),
        version,
        bytes: bytes.to_vec(),
    }))
}

/// A token for one patient reads nothing of anybody else's, not even in the original.
///
/// # Errors
/// See [`Calling::within_context`].
pub async fn within_context_of(
    app: &App,
    calling: &Calling,
    resource_type: &'static str,
    id: ResourceId,
) -> Result<(), Fault> {
    if !calling.is_for_one_record(resource_type, Right::Read) {
        return Ok(());
    }
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

/// What is nobody's record is for everyone who has a token. Of its versions only the current one is
/// served. `None` if the resource is, or may be, in somebody's record.
async fn directory(
    app: &App,
    facts: &TypeFacts,
    id: &ResourceId,
    version: Option<u32>,
    shape: &Shape,
) -> Result<Option<Response>, Fault> {
    let always = matches!(facts.kind, Kind::Directory | Kind::Definition);
    if facts.name == "Patient" || matches!(facts.kind, Kind::Person { .. }) {
        return Ok(None);
    }
    let snapshot = app.cx.store.snapshot().await;
    let mut snapshot = snapshot.map_err(sharing::Error::from)?;
    let found = snapshot.directory_read(facts.name, id).await;
    let Some(mut resource) = found.map_err(sharing::Error::from)? else {
        return if always {
            Err(Fault::not_found())
        } else {
            Ok(None)
        };
    };
    if version.is_some_and(|version| version != resource.version) {
        return Err(Fault::not_found());
    }
    if resource.is_deletion() {
        return Err(gone());
    }
    leave_asked([&mut resource], shape)?;
    let headers = [(header::CONTENT_TYPE, FHIR_JSON)];
    let mut response = (StatusCode::OK, headers, resource.bytes).into_response();
    answer::versioned(&mut response, resource.version, resource.updated_at);
    Ok(Some(response))
}

/// What the caller means by an id in an address.
///
/// # Errors
/// A 404 for what can be no id, or is the name of an operation that is not offered.
pub fn known_id(
    app: &App,
    calling: &Calling,
    resource_type: &str,
    id: &str,
) -> Result<ResourceId, Fault> {
    if id.starts_with('$') {
        return Err(super::everything::no_such_operation());
    }
    let id = fhir::document::is_id(id).then_some(id);
    id.and_then(|id| wire_id(&app.cx, &calling.asking, resource_type, id))
        .ok_or_else(Fault::not_found)
}

/// What FHIR says of a type, or the 404 for a type that is none.
pub fn known_type(resource_type: &str) -> Result<&'static TypeFacts, Fault> {
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
    let current = response.headers().get(header::ETAG);
    let current = current.and_then(|tag| tag.to_str().ok());
    let known = match headers.contains_key(header::IF_NONE_MATCH) {
        true => current.is_some_and(|current| names(headers, current)),
        false => is_unchanged_since(headers, &response),
    };
    if response.status() != StatusCode::OK || !known {
        return response;
    }
    let (mut parts, _) = response.into_parts();
    parts.status = StatusCode::NOT_MODIFIED;
    parts.headers.remove(header::CONTENT_TYPE);
    parts.headers.remove(header::CONTENT_LENGTH);
    Response::from_parts(parts, Body::empty())
}

/// Whether the resource is as it was at the time of `If-Modified-Since`, which counts where there
/// is no `If-None-Match` (<https://www.rfc-editor.org/rfc/rfc9110#section-13.1.3>).
fn is_unchanged_since(headers: &HeaderMap, response: &Response) -> bool {
    let time = |headers: &HeaderMap, name| {
        let text = headers.get(name)?.to_str().ok()?.to_owned();
        jiff::fmt::rfc2822::parse(&text)
            .ok()
            .map(|time| time.timestamp())
    };
    let since = time(headers, header::IF_MODIFIED_SINCE);
    let modified = time(response.headers(), header::LAST_MODIFIED);
    since
        .zip(modified)
        .is_some_and(|(since, modified)| modified <= since)
}

/// Whether `If-None-Match` names a version, weak or not, alone or among others
/// (<https://www.rfc-editor.org/rfc/rfc9110#section-13.1.2>).
fn names(headers: &HeaderMap, current: &str) -> bool {
    let bare = |tag: &str| tag.trim().trim_start_matches("W/").to_owned();
    let values = headers.get_all(header::IF_NONE_MATCH).iter();
    values
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .any(|tag| tag.trim() == "*" || bare(tag) == bare(current))
}
