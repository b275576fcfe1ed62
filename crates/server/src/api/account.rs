//! The person's account as FHIR AuditEvents, after IHE's Basic Audit Log Patterns
//! (<https://profiles.ihe.net/ITI/BALP/>).

use axum::extract::{RawQuery, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use domain::{Capacity, Purpose};
use fhir::audit::{Happened, audit_event};
use fhir::{Issue, IssueCode};
use sharing::account::{Line, account};
use store::{Cursor, PageRequest};

use super::caller::Calling;
use super::fault::FHIR_JSON;
use super::{Fault, search};
use crate::app::App;
use crate::portal::words;
use crate::tokens::Right;

const PAGE: u32 = 100;

/// `GET /fhir/AuditEvent`: who was told what, for the person whose token asks.
pub async fn list(
    State(app): State<App>,
    RawQuery(query): RawQuery,
    calling: Calling,
) -> Result<Response, Fault> {
    account_of(&app, &calling, &query.unwrap_or_default()).await
}

/// `GET /fhir/AuditEvent/$pack`: the evidence pack of the person whose token asks. Fields named by
/// `leave-out` are withheld in it.
pub async fn pack(
    State(app): State<App>,
    RawQuery(query): RawQuery,
    calling: Calling,
) -> Result<Response, Fault> {
    calling.may("AuditEvent", Right::Search)?;
    let pairs = fhir::search::pairs(&query.unwrap_or_default());
    let left_out = pairs.into_iter().filter(|(name, _)| name == "leave-out");
    let left_out: Vec<String> = left_out.map(|(_, field)| field).collect();
    let pack = sharing::pack(&app.cx, &calling.asking, &app.desk.log_key, &left_out).await?;
    pack.map(download).ok_or_else(not_the_person)
}

/// A pack as a file to keep.
pub fn download(pack: Vec<u8>) -> Response {
    let headers = [
        (header::CONTENT_TYPE, "application/octet-stream"),
        (header::CACHE_CONTROL, "no-store"),
        (
            header::CONTENT_DISPOSITION,
            "attachment; filename=\"who-was-told.pack\"",
        ),
    ];
    (StatusCode::OK, headers, pack).into_response()
}

fn not_the_person() -> Fault {
    let details =
        "an account is read by the person it is about, with their own token for the purpose PATRQT";
    Fault::new(
        StatusCode::FORBIDDEN,
        Issue::error(IssueCode::Forbidden, details),
    )
}

/// The caller's own account; `bundle` answers the entries of a batch by it too.
pub async fn account_of(app: &App, calling: &Calling, query: &str) -> Result<Response, Fault> {
    calling.may("AuditEvent", Right::Search)?;
    let after = after(query)?;
    let page = PageRequest {
        limit: PAGE,
        after,
        with_total: true,
    };
    let Some(account) = account(&app.cx, &calling.asking, &page).await? else {
        return Err(not_the_person());
    };
    let own = format!("{}/AuditEvent", app.base);
    let next = account
        .next
        .map(|next| format!("{own}?_cursor={}", next.key));
    let patient = own_patient(app, calling).await?;
    let events: Vec<(String, Vec<u8>)> = account
        .lines
        .iter()
        .map(|line| (format!("{own}/{}", line.commitment), event(line, &patient)))
        .collect();
    let entries: Vec<(String, &[u8])> = events
        .iter()
        .map(|(url, event)| (url.clone(), event.as_slice()))
        .collect();
    let body = search::searchset(&search::SearchSet {
        matches: &entries,
        own: &own,
        next: next.as_deref(),
        ..search::SearchSet::default()
    });
    let headers = [
        (header::CONTENT_TYPE, FHIR_JSON),
        (header::CACHE_CONTROL, "no-store"),
    ];
    Ok((StatusCode::OK, headers, body).into_response())
}

/// The Patient by which the person is named in their own account: the first that is theirs.
async fn own_patient(app: &App, calling: &Calling) -> Result<String, Fault> {
    let Capacity::Person(person) = calling.asking.caller.capacity else {
        return Ok(String::new());
    };
    let snapshot = app.cx.store.snapshot().await;
    let mut snapshot = snapshot.map_err(sharing::Error::from)?;
    let subjects = snapshot.subjects(person).await;
    let subjects = subjects.map_err(sharing::Error::from)?;
    let first = subjects.first();
    Ok(first.map_or_else(String::new, |subject| subject.id.to_string()))
}

fn event(line: &Line, patient: &str) -> Vec<u8> {
    let event = &line.event;
    let purpose: Option<Purpose> = event.purpose.parse().ok();
    let shared = event.answer.starts_with("PERMIT");
    audit_event(&fhir::audit::Line {
        id: &line.commitment,
        recorded: &line.at.to_string(),
        happened: if shared {
            Happened::Disclosed
        } else {
            Happened::Refused
        },
        purpose: (purpose.map_or("", Purpose::system), &event.purpose),
        sentence: &words::sentence(event),
        requester: &event.name,
        role: &event.role,
        organisation: &event.organisation_name,
        patient,
        custodian: "",
        data: &[],
        receipt: &line.commitment,
    })
}

/// Places in one's own account are open: nothing in it is hidden from its owner by its place.
fn after(query: &str) -> Result<Option<Cursor>, Fault> {
    let pairs = fhir::search::pairs(query);
    let Some((_, text)) = pairs.iter().find(|(name, _)| name == "_cursor") else {
        return Ok(None);
    };
    let Ok(key) = text.parse() else {
        let details = "this is no page of this account";
        return Err(Fault::bad_request(IssueCode::Value, details));
    };
    Ok(Some(Cursor::at(key, 0)))
}
