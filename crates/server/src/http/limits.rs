//! Bodies: never longer than the limit, and a too long one is still answered.

use axum::body::{Body, Bytes};
use axum::extract::{FromRequest, Request};
use axum::response::Response;
use fhir::{Issue, IssueCode};
use http::{HeaderMap, StatusCode, header};
use http_body_util::BodyExt;

use super::{outcome, refusal};

/// A client that is still sending does not read our answer, and closing on it would destroy the
/// answer on its way; so what is too long is read to its end, up to this many bytes, and dropped.
const READ_ON: usize = 64 * 1024 * 1024;

/// The limit that applies to this request, left for [`FhirBody`].
#[derive(Clone, Copy)]
struct Limit(usize);

/// A request body of a FHIR interaction, within the limit. Refused as OperationOutcome: 413 if too
/// long, 400 if it ends early.
pub struct FhirBody(pub Bytes);

impl<S: Send + Sync> FromRequest<S> for FhirBody {
    type Rejection = Response;

    async fn from_request(request: Request, _: &S) -> Result<Self, Response> {
        let limit = request
            .extensions()
            .get::<Limit>()
            .map_or(0, |limit| limit.0);
        match read(request.into_body(), limit).await {
            Ok(bytes) => Ok(Self(bytes)),
            Err(Unread::TooLong) => Err(outcome(
                StatusCode::PAYLOAD_TOO_LARGE,
                &[too_long_issue(limit)],
            )),
            Err(Unread::EndedEarly) => {
                let issue = Issue::error(IssueCode::Structure, "the body ended before its end");
                Err(outcome(StatusCode::BAD_REQUEST, &[issue]))
            }
        }
    }
}

/// Turns away a request whose declared length is over the limit, before anything else is done.
pub(super) async fn admit(mut request: Request, limit: usize) -> Option<Request> {
    let declared = declared_length(request.headers());
    if declared.is_some_and(|length| length > limit as u64) {
        // A client that asks first has not sent anything yet: answer at once.
        if !request.headers().contains_key(header::EXPECT) {
            let _ = read(request.into_body(), 0).await;
        }
        return None;
    }
    request.extensions_mut().insert(Limit(limit));
    Some(request)
}

pub(super) fn too_large(path: &str, limit: usize) -> Response {
    refusal(path, StatusCode::PAYLOAD_TOO_LARGE, &too_long_issue(limit))
}

fn too_long_issue(limit: usize) -> Issue {
    Issue::error(
        IssueCode::TooLong,
        format!("the body is longer than the {limit} bytes that this exchange accepts"),
    )
}

fn declared_length(headers: &HeaderMap) -> Option<u64> {
    headers
        .get(header::CONTENT_LENGTH)?
        .to_str()
        .ok()?
        .parse()
        .ok()
}

enum Unread {
    TooLong,
    EndedEarly,
}

async fn read(mut body: Body, limit: usize) -> Result<Bytes, Unread> {
    let mut kept = Vec::new();
    let mut seen = 0;
    while let Some(frame) = body.frame().await {
        let Ok(data) = frame.map_err(|_| Unread::EndedEarly)?.into_data() else {
            continue;
        };
        seen += data.len();
        if seen > limit {
            kept = Vec::new();
        } else {
            kept.extend_from_slice(&data);
        }
        if seen > limit.saturating_add(READ_ON) {
            return Err(Unread::TooLong);
        }
    }
    if seen > limit {
        Err(Unread::TooLong)
    } else {
        Ok(Bytes::from(kept))
    }
}
