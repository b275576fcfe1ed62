//! The public log: checkpoint and tiles, for anyone, because they say nothing of anybody
//! (<https://c2sp.org/tlog-tiles>).

use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};

use super::Fault;
use super::extract::Address;
use crate::app::App;

/// `GET /log/checkpoint`: the latest signed tree head.
pub async fn checkpoint(State(app): State<App>) -> Result<Response, Fault> {
    let note = app
        .cx
        .store
        .checkpoint()
        .await
        .map_err(sharing::Error::from)?;
    let note = note.ok_or_else(Fault::not_found)?;
    let headers = [
        (header::CONTENT_TYPE, "text/plain; charset=utf-8"),
        (header::CACHE_CONTROL, "no-store"),
    ];
    Ok((StatusCode::OK, headers, note).into_response())
}

/// `GET /log/vkey`: the key that checkpoints and receipts are verified with.
pub async fn vkey(State(app): State<App>) -> Response {
    (
        [(header::CONTENT_TYPE, "text/plain; charset=utf-8")],
        format!("{}\n", app.desk.vkey),
    )
        .into_response()
}

/// `GET /log/tile/...`: a tile or entry bundle; a full one never changes.
pub async fn tile(
    State(app): State<App>,
    Address(path): Address<String>,
) -> Result<Response, Fault> {
    let tile = app
        .cx
        .store
        .tile(&path)
        .await
        .map_err(sharing::Error::from)?;
    let tile = tile.ok_or_else(Fault::not_found)?;
    let headers = [
        (header::CONTENT_TYPE, "application/octet-stream"),
        (header::CACHE_CONTROL, "public, max-age=31536000, immutable"),
    ];
    Ok((StatusCode::OK, headers, tile).into_response())
}
