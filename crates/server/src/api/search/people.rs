//! Finding a person: an identifier, or a name with a birth date, and nothing of their record.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use fhir::{Issue, IssueCode};
use sharing::find;
use sharing::find::Sought;

use super::page::{SearchSet, searchset};
use crate::api::caller::Calling;
use crate::api::fault::FHIR_JSON;
use crate::api::{Fault, answer};
use crate::app::App;

/// Finding a person: their fixed demographic view and nothing of their record.
pub(super) async fn people(
    app: &App,
    calling: &Calling,
    pairs: &[(String, String)],
) -> Result<Response, Fault> {
    if calling.verified.patient.is_some() || calling.asking.caller.organisation().is_none() {
        let details = "this token is for one patient: read that Patient by its id";
        return Err(Fault::new(
            StatusCode::FORBIDDEN,
            Issue::error(IssueCode::Forbidden, details),
        ));
    }
    let sought = sought(pairs)?;
    app.may_find(&calling.asking)?;
    let found = find(&app.cx, &calling.asking, &sought).await?;
    let mut notes = Vec::new();
    if found.more {
        notes.push(
            Issue::error(
                IssueCode::Informational,
                "more people match than may be shown: say more about whom you mean",
            )
            .with_severity(fhir::Severity::Information),
        );
    }
    let total = u64::try_from(found.people.len())
        .ok()
        .filter(|_| !found.more);
    let entries: Vec<(String, &[u8])> = found
        .people
        .iter()
        .map(|person| {
            (
                format!("{}/Patient/{}", app.base, person.patient),
                person.view.as_slice(),
            )
        })
        .collect();
    let body = searchset(&SearchSet {
        matches: &entries,
        own: &format!("{}/Patient", app.base),
        total,
        notes: &notes,
        ..SearchSet::default()
    });
    let mut response = (StatusCode::OK, [(header::CONTENT_TYPE, FHIR_JSON)], body).into_response();
    if let Some(receipt) = &found.receipt
        && let Ok(value) = receipt.receipt.encode().parse()
    {
        response.headers_mut().insert(answer::RECEIPT, value);
    }
    response
        .headers_mut()
        .insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Ok(response)
}

fn sought(pairs: &[(String, String)]) -> Result<Sought, Fault> {
    let mut sought = Sought::default();
    for (name, value) in pairs {
        match name.as_str() {
            "name" | "family" | "given" => {
                sought.name.push(' ');
                sought.name.push_str(value);
            }
            "birthdate" => {
                sought.birth_date = Some(value.strip_prefix("eq").unwrap_or(value).to_owned());
            }
            "identifier" => {
                let (system, code) = value.split_once('|').unwrap_or(("", value));
                sought.identifier = Some((system.to_owned(), code.to_owned()));
            }
            "_count" | "_format" | "_total" => {}
            other => {
                let details = format!(
                    "a person is found by identifier, or by name, family or given with birthdate; not by {}",
                    other.split(':').next().unwrap_or_default()
                );
                return Err(Fault::bad_request(IssueCode::NotSupported, &details));
            }
        }
    }
    Ok(sought)
}
