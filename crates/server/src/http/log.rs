//! The global log as anyone may read it (<https://c2sp.org/tlog-tiles>): the latest checkpoint,
//! the tiles under it, and the key that signs. It holds only commitments.

use std::sync::Arc;

use axum::Router;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use http::{HeaderValue, StatusCode, header};
use store::Store;
use tracing::error;

/// Full tiles never change, so whoever fetched one need not ask again.
const FOR_EVER: &str = "public, max-age=31536000, immutable";

/// The routes under `/log`; `vkey` is the log's public key in its text form.
pub fn router(store: Arc<dyn Store>, vkey: String) -> Router {
    Router::new()
        .route("/log/checkpoint", get(checkpoint))
        .route("/log/tile/{*path}", get(tile))
        .with_state(store)
        .route("/log/key", get(async move || format!("{vkey}\n")))
}

async fn checkpoint(State(store): State<Arc<dyn Store>>) -> Response {
    answer(store.checkpoint().await, "no-cache")
}

async fn tile(State(store): State<Arc<dyn Store>>, Path(path): Path<String>) -> Response {
    // A partial tile (`.p/`) is replaced by its successor.
    let caching = if path.contains(".p/") {
        "no-cache"
    } else {
        FOR_EVER
    };
    answer(store.tile(&format!("tile/{path}")).await, caching)
}

fn answer<T: IntoResponse>(
    found: Result<Option<T>, store::Error>,
    caching: &'static str,
) -> Response {
    match found {
        Ok(Some(found)) => {
            let caching = (header::CACHE_CONTROL, HeaderValue::from_static(caching));
            ([caching], found).into_response()
        }
        Ok(None) => (StatusCode::NOT_FOUND, "there is no such part of the log\n").into_response(),
        Err(error) => {
            error!(%error, "the log could not be read");
            let words = "the log cannot be read at the moment\n";
            (StatusCode::SERVICE_UNAVAILABLE, words).into_response()
        }
    }
}
