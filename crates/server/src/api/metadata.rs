//! `capabilities` (<https://hl7.org/fhir/R4/http.html#capabilities>), for anyone, and the same as OpenAPI.

use std::sync::LazyLock;

use axum::body::Bytes;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};

use fhir::capability::{Published, capability_statement};

use super::fault::FHIR_JSON;
use crate::app::App;

/// When this version was made; the statement changes with the program and not with the clock.
const RELEASED: &str = "2026-11-22";

/// `GET /fhir/metadata`
pub async fn show(State(app): State<App>) -> Response {
    let body = capability_statement(&Published {
        version: env!("CARGO_PKG_VERSION"),
        date: RELEASED,
        base: &app.base,
        token_url: None,
        profiles: &app.profiles,
    });
    (StatusCode::OK, [(header::CONTENT_TYPE, FHIR_JSON)], body).into_response()
}

/// The same for every caller, and large: it is written once.
static OPENAPI: LazyLock<Bytes> =
    LazyLock::new(|| fhir::openapi::openapi(env!("CARGO_PKG_VERSION")).into());

/// `GET /openapi.json`
pub async fn openapi() -> Response {
    let json = [(header::CONTENT_TYPE, "application/json")];
    (StatusCode::OK, json, OPENAPI.clone()).into_response()
}
