//! What only a demo offers: its own issuer's keys, and a clock that can be set.

use std::path::PathBuf;
use std::sync::Arc;

use axum::extract::State;
use axum::routing::{get, post};
use axum::{Json, Router};
use domain::{Clock, Timestamp};
use http::{HeaderValue, StatusCode, header};
use serde::{Deserialize, Serialize};

use crate::clock::SettableClock;

/// A demo's clock, and where its setting is kept.
#[derive(Clone)]
struct Kept {
    clock: Arc<SettableClock>,
    data: Arc<PathBuf>,
}

/// `GET` and `POST /demo/clock`, and `/.well-known/jwks.json`. Never part of `candour serve`.
pub fn router(clock: Arc<SettableClock>, data: PathBuf, jwks: String) -> Router {
    let kept = Kept {
        clock,
        data: Arc::new(data),
    };
    let json = HeaderValue::from_static("application/jwk-set+json");
    let jwks = move || async move { ([(header::CONTENT_TYPE, json)], jwks) };
    Router::new()
        .route("/demo/clock", get(show))
        .route("/demo/clock", post(set))
        .with_state(kept)
        .route("/.well-known/jwks.json", get(jwks))
}

#[derive(Serialize, Deserialize)]
struct Time {
    at: String,
}

async fn show(State(kept): State<Kept>) -> Json<Time> {
    Json(Time {
        at: kept.clock.now().to_string(),
    })
}

/// Takes JSON only, which no other site's form can send to a demo on somebody's own machine.
async fn set(
    State(kept): State<Kept>,
    Json(wanted): Json<Time>,
) -> Result<Json<Time>, (StatusCode, &'static str)> {
    let at = Timestamp::parse(&wanted.at).ok_or((
        StatusCode::BAD_REQUEST,
        "`at` is an instant such as 2027-01-11T09:30:00Z\n",
    ))?;
    kept.clock.set(at);
    kept.clock.keep(&kept.data).map_err(|_| {
        let words = "the clock is set, but its setting could not be kept\n";
        (StatusCode::INTERNAL_SERVER_ERROR, words)
    })?;
    Ok(show(State(kept)).await)
}
