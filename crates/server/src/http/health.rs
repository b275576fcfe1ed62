//! Whether the process lives (`/healthz`), whether it can do its work (`/readyz`), and its figures
//! (`/metrics`). None of the three says anything about anyone.

use std::sync::Arc;

use axum::Router;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use http::{HeaderValue, StatusCode, header};
use store::Store;
use tracing::warn;

use crate::telemetry::Figures;

/// The three routes.
pub fn router(store: Arc<dyn Store>, figures: Figures) -> Router {
    Router::new()
        .route("/healthz", get(async || "alive\n"))
        .route("/readyz", get(ready).with_state(store))
        .route("/metrics", get(metrics).with_state(figures))
}

async fn ready(State(store): State<Arc<dyn Store>>) -> Response {
    match store.check().await {
        Ok(()) => "ready\n".into_response(),
        Err(error) => {
            warn!(%error, "not ready");
            (
                StatusCode::SERVICE_UNAVAILABLE,
                format!("not ready: {error}\n"),
            )
                .into_response()
        }
    }
}

async fn metrics(State(figures): State<Figures>) -> Response {
    // The version of Prometheus' text format that the exporter writes.
    let format = HeaderValue::from_static("text/plain; version=0.0.4; charset=utf-8");
    ([(header::CONTENT_TYPE, format)], figures.print()).into_response()
}
