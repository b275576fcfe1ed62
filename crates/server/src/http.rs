//! What surrounds every request, whatever it asks: a request id, a time limit, a bound on its
//! body, safe headers, a measured and logged outcome, and an answer even if a handler panics.

pub mod demo;
mod headers;
pub mod health;
mod limits;
pub mod listener;
pub mod rate;

use std::future::poll_fn;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::pin;
use std::sync::Arc;
use std::task::Poll;
use std::time::Instant;

use axum::Router;
use axum::extract::{DefaultBodyLimit, MatchedPath, Request, State};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use domain::Chance;
use domain::time::draw;
use fhir::{Issue, IssueCode};
use http::{HeaderName, HeaderValue, StatusCode, header};
use tower_http::compression::CompressionLayer;
use tracing::Instrument;

use crate::config::Limits;
use crate::telemetry;

/// The longest form that a page may send, in bytes; FHIR bodies have a limit of their own.
const LONGEST_FORM: usize = 256 * 1024;

/// What the surroundings of a request need to know.
#[derive(Clone)]
pub struct Surroundings {
    /// Bounds on one caller.
    pub limits: Limits,
    /// Where request ids come from.
    pub chance: Arc<dyn Chance>,
    /// Whether we are reached by HTTPS only, so that browsers may be told to insist on it.
    pub https: bool,
}

/// Puts the surroundings around all routes.
pub fn surround(router: Router, surroundings: Surroundings) -> Router {
    let surroundings = Arc::new(surroundings);
    router
        .layer(DefaultBodyLimit::max(LONGEST_FORM))
        // A page's size tells another site nothing of its secrets (BREACH): our cookies do not go
        // with requests that other sites' pages make, and bearer tokens never do.
        .layer(CompressionLayer::new())
        .layer(from_fn_with_state(surroundings, around))
}

/// An answer that is an OperationOutcome.
fn outcome(status: StatusCode, issues: &[Issue]) -> Response {
    let content_type = HeaderValue::from_static("application/fhir+json; charset=utf-8");
    let body = fhir::outcome::operation_outcome(issues);
    (status, [(header::CONTENT_TYPE, content_type)], body).into_response()
}

/// The refusal of a request before any handler saw it: for FHIR an OperationOutcome, for a page
/// one sentence.
fn refusal(path: &str, status: StatusCode, issue: &Issue) -> Response {
    if path == "/fhir" || path.starts_with("/fhir/") {
        outcome(status, std::slice::from_ref(issue))
    } else {
        (status, format!("{}\n", issue.details)).into_response()
    }
}

async fn around(
    State(surroundings): State<Arc<Surroundings>>,
    request: Request,
    next: Next,
) -> Response {
    let started = Instant::now();
    let id = request_id(&*surroundings.chance);
    let method = request.method().clone();
    let route = request.extensions().get::<MatchedPath>().cloned();
    let span = tracing::info_span!("request", id = id.to_str().unwrap_or_default());
    let mut response = answer(&surroundings, request, next).instrument(span).await;
    headers::add_missing(response.headers_mut(), surroundings.https);
    let name = HeaderName::from_static("x-request-id");
    response.headers_mut().insert(name, id.clone());
    telemetry::answered(&telemetry::Answered {
        method: &method,
        route: route.as_ref().map_or("none", MatchedPath::as_str),
        status: response.status(),
        took: started.elapsed(),
        id: &id,
    });
    response
}

async fn answer(surroundings: &Surroundings, request: Request, next: Next) -> Response {
    let path = request.uri().path().to_owned();
    let limits = &surroundings.limits;
    let handled = async {
        let Some(request) = limits::admit(request, limits.body_bytes).await else {
            return limits::too_large(&path, limits.body_bytes);
        };
        match unless_it_panics(next.run(request)).await {
            Some(response) => response,
            None => {
                let words = "something failed on our side; nothing was released";
                let issue = Issue::error(IssueCode::Exception, words);
                refusal(&path, StatusCode::INTERNAL_SERVER_ERROR, &issue)
            }
        }
    };
    match tokio::time::timeout(limits.answer_within, handled).await {
        Ok(response) => response,
        Err(_) => {
            let words = "this took too long, so nothing is released: ask again";
            let issue = Issue::error(IssueCode::Timeout, words);
            refusal(&path, StatusCode::SERVICE_UNAVAILABLE, &issue)
        }
    }
}

/// `None` if the future panicked; the panic hook has then logged where, not with what.
async fn unless_it_panics<T>(future: impl Future<Output = T>) -> Option<T> {
    let mut future = pin!(future);
    poll_fn(
        |context| match catch_unwind(AssertUnwindSafe(|| future.as_mut().poll(context))) {
            Ok(poll) => poll.map(Some),
            Err(_) => Poll::Ready(None),
        },
    )
    .await
}

/// Always ours: what a client sends under this name might be anything, and would be logged.
fn request_id(chance: &dyn Chance) -> HeaderValue {
    let id = u64::from_be_bytes(draw(chance));
    HeaderValue::try_from(format!("{id:016x}")).expect("hexadecimal digits fit a header")
}
