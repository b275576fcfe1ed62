//! `create`, `update` and `delete` (<https://hl7.org/fhir/R4/http.html#create>).

use axum::extract::{RawQuery, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use fhir::{Issue, IssueCode, Severity};
use sharing::contribute::{
    Condition, Incoming, Method, Outcome, Stored, contribute, contribute_matching,
};

use super::caller::Calling;
use super::extract::{Address, Whole};
use super::fault::FHIR_JSON;
use super::read::known_type;
use super::{Fault, answer};
use crate::app::App;
use crate::tokens::Right;

/// `POST /fhir/{type}`
pub async fn create(
    State(app): State<App>,
    Address(resource_type): Address<String>,
    calling: Calling,
    headers: HeaderMap,
    Whole(body): Whole,
) -> Result<Response, Fault> {
    let resource_type = writable(&calling, &resource_type, Right::Create)?;
    if let Some(condition) = headers.get("if-none-exist") {
        let query = String::from_utf8_lossy(condition.as_bytes()).into_owned();
        return matching(
            &app,
            &calling,
            &headers,
            Method::Create,
            resource_type,
            &query,
            &body,
        )
        .await;
    }
    let incoming = Incoming {
        method: Method::Create,
        resource_type,
        id: None,
        if_match: None,
        bytes: &body,
    };
    let stored = contribute(&app.cx, &calling.asking, &incoming).await?;
    Ok(written(&app, &headers, &stored))
}

/// `PUT /fhir/{type}/{id}`: the id is one of ours or the contributor's own.
pub async fn update(
    State(app): State<App>,
    Address((resource_type, id)): Address<(String, String)>,
    calling: Calling,
    headers: HeaderMap,
    Whole(body): Whole,
) -> Result<Response, Fault> {
    let resource_type = writable(&calling, &resource_type, Right::Update)?;
    well_formed(&id)?;
    let incoming = Incoming {
        method: Method::Update,
        resource_type,
        id: Some(&id),
        if_match: if_match(&headers)?,
        bytes: &body,
    };
    let stored = contribute(&app.cx, &calling.asking, &incoming).await?;
    Ok(written(&app, &headers, &stored))
}

/// `PUT /fhir/{type}?identifier=...`
pub async fn update_matching(
    State(app): State<App>,
    Address(resource_type): Address<String>,
    RawQuery(query): RawQuery,
    calling: Calling,
    headers: HeaderMap,
    Whole(body): Whole,
) -> Result<Response, Fault> {
    let resource_type = writable(&calling, &resource_type, Right::Update)?;
    let query = query.unwrap_or_default();
    matching(
        &app,
        &calling,
        &headers,
        Method::Update,
        resource_type,
        &query,
        &body,
    )
    .await
}

/// `DELETE /fhir/{type}?identifier=...`
pub async fn remove_matching(
    State(app): State<App>,
    Address(resource_type): Address<String>,
    RawQuery(query): RawQuery,
    calling: Calling,
    headers: HeaderMap,
) -> Result<Response, Fault> {
    let resource_type = writable(&calling, &resource_type, Right::Delete)?;
    let query = query.unwrap_or_default();
    matching(
        &app,
        &calling,
        &headers,
        Method::Delete,
        resource_type,
        &query,
        &[],
    )
    .await
}

/// What is written if something of an identifier is there, or if nothing is: among what the
/// caller's own agency contributed, so that nobody can ask so what others hold.
async fn matching(
    app: &App,
    calling: &Calling,
    headers: &HeaderMap,
    method: Method,
    resource_type: &'static str,
    query: &str,
    body: &[u8],
) -> Result<Response, Fault> {
    let condition = Condition::read(query).map_err(sharing::Error::invalid)?;
    let incoming = Incoming {
        method,
        resource_type,
        id: None,
        if_match: if_match(headers)?,
        bytes: body,
    };
    let stored = contribute_matching(&app.cx, &calling.asking, &incoming, &condition).await;
    let stored = stored.map_err(unmatched)?;
    match stored.outcome {
        Outcome::Deleted => {
            let mut response = StatusCode::NO_CONTENT.into_response();
            answer::versioned(&mut response, stored.version, stored.updated_at);
            Ok(response)
        }
        _ => Ok(written(app, headers, &stored)),
    }
}

/// Why a condition names no single resource: 412 if several meet it.
pub(super) fn unmatched(error: sharing::Error) -> Fault {
    let is_of_several = |issue: &Issue| issue.code == IssueCode::MultipleMatches;
    match error {
        sharing::Error::Invalid(issues) if issues.iter().any(is_of_several) => {
            let details = "several resources that your agency contributed have this identifier";
            let issue = Issue::error(IssueCode::MultipleMatches, details);
            Fault::new(StatusCode::PRECONDITION_FAILED, issue)
        }
        other => other.into(),
    }
}

/// `DELETE /fhir/{type}/{id}`: earlier versions stay in the history.
pub async fn remove(
    State(app): State<App>,
    Address((resource_type, id)): Address<(String, String)>,
    calling: Calling,
    headers: HeaderMap,
) -> Result<Response, Fault> {
    let resource_type = writable(&calling, &resource_type, Right::Delete)?;
    let incoming = Incoming {
        method: Method::Delete,
        resource_type,
        id: Some(&id),
        if_match: if_match(&headers)?,
        bytes: &[],
    };
    let stored = contribute(&app.cx, &calling.asking, &incoming).await?;
    let mut response = StatusCode::NO_CONTENT.into_response();
    answer::versioned(&mut response, stored.version, stored.updated_at);
    Ok(response)
}

/// Only agencies contribute through the API, and only within their token's scopes.
pub fn writable(
    calling: &Calling,
    resource_type: &str,
    right: Right,
) -> Result<&'static str, Fault> {
    let facts = known_type(resource_type)?;
    if calling.asking.caller.organisation().is_none() {
        let details =
            "people change their own choices on their own pages, not through this address";
        return Err(Fault::new(
            StatusCode::FORBIDDEN,
            Issue::error(IssueCode::Forbidden, details),
        ));
    }
    calling.may(facts.name, right)?;
    Ok(facts.name)
}

pub(super) fn well_formed(id: &str) -> Result<(), Fault> {
    if fhir::document::is_id(id) {
        return Ok(());
    }
    let details = "an id is 1 to 64 letters, digits, hyphens and full stops";
    Err(Fault::bad_request(IssueCode::Value, details))
}

pub(super) fn if_match(headers: &HeaderMap) -> Result<Option<u32>, Fault> {
    let Some(value) = headers.get(header::IF_MATCH) else {
        return Ok(None);
    };
    let version = value.to_str().ok();
    let version = version.and_then(|text| fhir::bundle::version_of(text.trim()));
    match version {
        Some(version) => Ok(Some(version)),
        None => Err(Fault::bad_request(
            IssueCode::Value,
            "If-Match is the ETag that a read gave: W/\"2\"",
        )),
    }
}

/// The answer to a write, with as much of it as `Prefer` asks for.
pub(super) fn written(app: &App, headers: &HeaderMap, stored: &Stored) -> Response {
    let status = if stored.outcome == Outcome::Created {
        StatusCode::CREATED
    } else {
        StatusCode::OK
    };
    let prefer = headers
        .get("prefer")
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    let mut response = match prefer {
        text if text.contains("return=minimal") || stored.bytes.is_empty() => {
            status.into_response()
        }
        text if text.contains("return=OperationOutcome") => {
            let outcome = fhir::outcome::operation_outcome(&issues_of(app, stored));
            (status, [(header::CONTENT_TYPE, FHIR_JSON)], outcome).into_response()
        }
        _ => (
            status,
            [(header::CONTENT_TYPE, FHIR_JSON)],
            stored.bytes.clone(),
        )
            .into_response(),
    };
    answer::versioned(&mut response, stored.version, stored.updated_at);
    let location = format!(
        "{}/{}/{}/_history/{}",
        app.base, stored.resource_type, stored.id, stored.version
    );
    if let Ok(location) = HeaderValue::from_str(&location) {
        response.headers_mut().insert(header::LOCATION, location);
    }
    response
}

/// What became of a resource, the invariants that it breaks as warnings, since it is stored, and what is
/// asked about a Patient.
fn issues_of(app: &App, stored: &Stored) -> Vec<Issue> {
    let done = Issue::error(IssueCode::Informational, said(stored.outcome));
    let mut issues = vec![done.with_severity(Severity::Information)];
    if let Ok(document) = fhir::parse(&stored.bytes, &fhir::Limits::default()) {
        let broken = fhir::invariants::check(&document);
        let broken = broken.into_iter();
        let broken = broken.filter(|issue| issue.severity != Severity::Information);
        issues.extend(broken.map(|issue| issue.with_severity(Severity::Warning)));
        if stored.resource_type == "Patient" {
            let asked = sharing::quality::questions(&app.cx, &document).into_iter();
            let asked = asked.map(|asked| Issue::error(IssueCode::Informational, asked.words()));
            issues.extend(asked.map(|issue| issue.with_severity(Severity::Warning)));
        }
    }
    issues
}

/// What became of a resource, in words.
pub fn said(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Created => "created",
        Outcome::Updated => "updated",
        Outcome::Unchanged => "the same as before: nothing changed",
        Outcome::Deleted => "deleted",
    }
}
