//! Which form an answer has: `_format`, `Accept` and `_pretty`
//! (<https://hl7.org/fhir/R4/http.html#mime-type>). There is one format, JSON.

use axum::body::{Body, to_bytes};
use axum::extract::Request;
use axum::http::{StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use fhir::search::Format;
use fhir::{Issue, IssueCode};

use super::Fault;

/// Refuses what asks for another format, and lays an answer out for reading where that is asked.
pub async fn negotiated(request: Request, next: Next) -> Response {
    let path = request.uri().path();
    // An evidence pack has a form of its own.
    if !path.starts_with("/fhir") || path.ends_with("/$pack") {
        return next.run(request).await;
    }
    let pairs = fhir::search::pairs(request.uri().query().unwrap_or_default());
    let asked = |name: &str| {
        let found = pairs.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.as_str())
    };
    let accept = request.headers().get(header::ACCEPT);
    let accept = accept.and_then(|accept| accept.to_str().ok());
    let is_taken = match (asked("_format"), accept) {
        (Some(format), _) => Format::of(format).is_some(),
        (None, Some(accept)) => accept.split(',').any(takes_json),
        (None, None) => true,
    };
    if !is_taken {
        let details = "answers are in JSON: ask for application/fhir+json";
        let issue = Issue::error(IssueCode::NotSupported, details);
        return Fault::new(StatusCode::NOT_ACCEPTABLE, issue).into_response();
    }
    let is_pretty = asked("_pretty") == Some("true");
    let response = next.run(request).await;
    if is_pretty {
        pretty(response).await
    } else {
        response
    }
}

fn takes_json(part: &str) -> bool {
    let bare = part.split(';').next().unwrap_or_default().trim();
    matches!(bare, "" | "*/*" | "application/*" | "text/*" | "text/html")
        || Format::of(bare).is_some()
}

async fn pretty(response: Response) -> Response {
    let kind = response.headers().get(header::CONTENT_TYPE);
    let is_json = kind.is_some_and(|kind| kind.as_bytes().starts_with(b"application/fhir+json"));
    if !is_json {
        return response;
    }
    let (mut parts, body) = response.into_parts();
    // The body was written by this process just now.
    let body = to_bytes(body, usize::MAX).await.unwrap_or_default();
    parts.headers.remove(header::CONTENT_LENGTH);
    Response::from_parts(parts, Body::from(fhir::pretty::pretty(&body)))
}
