//! The public log: checkpoint and tiles, for anyone, because they say nothing of anybody
//! (<https://c2sp.org/tlog-tiles>).

use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use ledger::Says;

use super::Fault;
use super::extract::Address;
use crate::app::App;

/// `GET /log/checkpoint`: the latest signed tree head.
pub async fn checkpoint(State(app): State<App>) -> Result<Response, Fault> {
    note(app.cx.store.checkpoint().await)
}

/// `GET /log/cosigned`: the latest that enough witnesses cosigned, with their lines.
pub async fn cosigned(State(app): State<App>) -> Result<Response, Fault> {
    note(app.cx.store.cosigned().await)
}

fn note(found: Result<Option<String>, store::Error>) -> Result<Response, Fault> {
    let note = found.map_err(sharing::Error::from)?;
    let note = note.ok_or_else(Fault::not_found)?;
    Ok(text(note))
}

/// Lines that change as the log grows.
fn text(lines: String) -> Response {
    let headers = [
        (header::CONTENT_TYPE, "text/plain; charset=utf-8"),
        (header::CACHE_CONTROL, "no-store"),
    ];
    (StatusCode::OK, headers, lines).into_response()
}

/// `GET /log/vkey`: the key that checkpoints and receipts are verified with.
pub async fn vkey(State(app): State<App>) -> Response {
    (
        [(header::CONTENT_TYPE, "text/plain; charset=utf-8")],
        format!("{}\n", app.desk.log_key.vkey()),
    )
        .into_response()
}

/// `GET /log/epochs`: what every epoch said, a line each, oldest first: number, leaf in the log, time
/// in microseconds, size of the log, the key of positions and the root of the map.
pub async fn epochs(State(app): State<App>) -> Result<Response, Fault> {
    let snapshot = app.cx.store.snapshot().await;
    let mut snapshot = snapshot.map_err(sharing::Error::from)?;
    let epochs = snapshot.epochs().await.map_err(sharing::Error::from)?;
    let lines: String = epochs.iter().map(line).collect();
    Ok(text(lines))
}

fn line(stored: &store::StoredEpoch) -> String {
    let epoch = &stored.epoch;
    format!(
        "{} {} {} {} {} {}\n",
        epoch.number,
        stored.log_index,
        epoch.time_us,
        epoch.size,
        ledger::Hash(*epoch.vrf_key.as_bytes()),
        epoch.root,
    )
}

/// `GET /log/statements`: what the exchange said of itself, a line each, oldest first: leaf in the
/// log, time in microseconds, kind and what is said.
pub async fn statements(State(app): State<App>) -> Result<Response, Fault> {
    let snapshot = app.cx.store.snapshot().await;
    let mut snapshot = snapshot.map_err(sharing::Error::from)?;
    let statements = snapshot.statements().await.map_err(sharing::Error::from)?;
    let lines: String = statements.iter().map(said).collect();
    Ok(text(lines))
}

fn said(stated: &store::StoredStatement) -> String {
    let hex = |bytes: &[u8; 32]| ledger::Hash(*bytes);
    let words = match &stated.statement.says {
        Says::Recovered { kept, seen, root } => format!("recovered {kept} {seen} {root}"),
        Says::LogKey { from, to } => format!("log-key {} {}", hex(from), hex(to)),
        Says::PositionsKey { from, to } => format!("positions-key {} {}", hex(from), hex(to)),
    };
    let (leaf, time_us) = (stated.log_index, stated.statement.time_us);
    format!("{leaf} {time_us} {words}\n")
}

/// `GET /log/held`: how much was held back from accounts at the last midnight, a line each: agency,
/// ground, age, number and how many are overdue. Numbers below five are not told apart.
pub async fn held(State(app): State<App>) -> Result<Response, Fault> {
    let counts = sharing::audit::held_back(&app.cx).await?;
    Ok(text(counts.published()))
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
