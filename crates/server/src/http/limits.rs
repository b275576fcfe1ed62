//! Bodies: never longer than the limit, and a too long one is still answered.

use axum::body::{Body, Bytes};
use axum::extract::Request;
use axum::response::Response;
use fhir::{Issue, IssueCode};
use http::{HeaderMap, StatusCode, header};
use http_body_util::{BodyExt, Limited};

use super::refusal;

/// A client that is still sending does not read our answer, and closing on it would destroy the
/// answer on its way; so what is too long is read on for up to this many bytes, and dropped.
const READ_ON: usize = 64 * 1024 * 1024;

/// Turns away a request whose declared length is over the limit, before anything else is done; a
/// body of undeclared length fails where it passes the limit.
pub(super) async fn admit(request: Request, limit: usize) -> Option<Request> {
    if declared_length(request.headers()).is_some_and(|length| length > limit as u64) {
        // A client that asks first has not sent anything yet: answer at once.
        if !request.headers().contains_key(header::EXPECT) {
            read_on(request.into_body()).await;
        }
        return None;
    }
    Some(request.map(|body| Body::new(Limited::new(body, limit))))
}

/// The answer to what [`admit`] turned away.
pub(super) fn too_large(path: &str, limit: usize) -> Response {
    let words = format!("the body is longer than the {limit} bytes that this exchange accepts");
    let issue = Issue::error(IssueCode::TooLong, words);
    refusal(path, StatusCode::PAYLOAD_TOO_LARGE, &issue)
}

fn declared_length(headers: &HeaderMap) -> Option<u64> {
    let text = headers.get(header::CONTENT_LENGTH)?.to_str().ok()?;
    text.parse().ok()
}

async fn read_on(mut body: Body) {
    let mut seen = 0;
    while let Some(Ok(frame)) = body.frame().await {
        seen += frame.data_ref().map_or(0, Bytes::len);
        if seen > READ_ON {
            return;
        }
    }
}
