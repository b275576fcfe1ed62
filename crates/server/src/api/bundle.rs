//! `batch` and `transaction` (<https://hl7.org/fhir/R4/http.html#transaction>).

use axum::body::to_bytes;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use fhir::bundle::{
    Bundle, BundleHead, BundleItem, BundleKind, Response as EntryResponse, version_of, write_bundle,
};
use fhir::types::of;
use serde_json::{Value, json};
use sharing::contribute::{EntryAnswer, Outcome, Stored, batch_entry, transaction};

use super::caller::Calling;
use super::extract::Whole;
use super::fault::FHIR_JSON;
use super::write::writable;
use super::{Fault, account, answer, everything, read, search};
use crate::app::App;
use crate::tokens::Right;

/// `POST /fhir`
pub async fn process(
    State(app): State<App>,
    calling: Calling,
    Whole(body): Whole,
) -> Result<Response, Fault> {
    let document = fhir::parse(&body, &fhir::Limits::default()).map_err(sharing::Error::invalid)?;
    let bundle = fhir::bundle::read(&document).map_err(sharing::Error::invalid)?;
    within_scopes(&calling, &bundle)?;
    let (kind, answered) = match bundle.kind {
        BundleKind::Batch => ("batch-response", one_by_one(&app, &calling, &bundle).await),
        BundleKind::Transaction => (
            "transaction-response",
            at_once(&app, &calling, &bundle).await?,
        ),
    };
    let items: Vec<BundleItem<'_>> = answered.iter().map(Answered::item).collect();
    let head = BundleHead {
        kind,
        ..BundleHead::default()
    };
    Ok((
        StatusCode::OK,
        [(header::CONTENT_TYPE, FHIR_JSON)],
        write_bundle(&head, &items),
    )
        .into_response())
}

/// Each entry by itself and in order, so that a read sees what was written before it.
async fn one_by_one(app: &App, calling: &Calling, bundle: &Bundle<'_>) -> Vec<Answered> {
    let mut answered = Vec::with_capacity(bundle.entries.len());
    for (place, entry) in bundle.entries.iter().enumerate() {
        let answer = batch_entry(&app.cx, &calling.asking, entry, place).await;
        answered.push(Answered::of(app, calling, answer).await);
    }
    answered
}

/// All entries or none.
async fn at_once(
    app: &App,
    calling: &Calling,
    bundle: &Bundle<'_>,
) -> Result<Vec<Answered>, Fault> {
    let answer = transaction(&app.cx, &calling.asking, bundle).await?;
    let mut answered = Vec::with_capacity(answer.entries.len());
    for entry in answer.entries {
        answered.push(Answered::of(app, calling, entry).await);
    }
    Ok(answered)
}

/// What a `GET` of this address gives.
async fn answer_to(app: &App, calling: &Calling, url: &str) -> Result<Response, Fault> {
    let (path, query) = url.split_once('?').unwrap_or((url, ""));
    let parts: Vec<&str> = path.split('/').collect();
    let handling = search::Handling::Lenient;
    match parts.as_slice() {
        [""] => search::of_types(app, calling, query, handling).await,
        ["AuditEvent"] => account::account_of(app, calling, query).await,
        [resource_type] => search::search(app, calling, resource_type, query, handling).await,
        [resource_type, id] => read::one(app, calling, (resource_type, id, None), query).await,
        [resource_type, id, "_history", version] => {
            let version = version.parse().map_err(|_| Fault::not_found())?;
            read::one(app, calling, (resource_type, id, Some(version)), query).await
        }
        [resource_type, id, operation] => {
            let address = (*resource_type, *id, *operation);
            everything::carry_out(app, calling, address, query, handling).await
        }
        _ => Err(Fault::not_found()),
    }
}

/// The outcome of an entry, with the receipt that stands in a header where an answer comes alone.
fn with_receipt(outcome: Option<&[u8]>, receipt: &str) -> Vec<u8> {
    let outcome = outcome.and_then(|outcome| serde_json::from_slice(outcome).ok());
    let mut outcome: Value =
        outcome.unwrap_or_else(|| json!({"resourceType": "OperationOutcome", "issue": []}));
    if let Some(issues) = outcome["issue"].as_array_mut() {
        issues.push(json!({
            "severity": "information",
            "code": "informational",
            "details": {"text": "the person is told of this answer, and the log has promised it"},
            "diagnostics": format!("{}: {receipt}", answer::RECEIPT),
        }));
    }
    outcome.to_string().into_bytes()
}

/// A scope that is missing for one write refuses the whole bundle before any of it is written.
fn within_scopes(calling: &Calling, bundle: &Bundle<'_>) -> Result<(), Fault> {
    for request in bundle
        .entries
        .iter()
        .filter_map(|entry| entry.request.as_ref())
    {
        let resource_type = request.url.split(['/', '?']).next().unwrap_or_default();
        let right = match request.method.as_str() {
            "POST" => Right::Create,
            "PUT" => Right::Update,
            "DELETE" => Right::Delete,
            _ => continue,
        };
        // An entry whose type is none fails by itself, with its place named.
        if of(resource_type).is_some() {
            writable(calling, resource_type, right)?;
        }
    }
    Ok(())
}

/// One entry of the answer.
struct Answered {
    status: String,
    location: Option<String>,
    version: Option<u32>,
    last_modified: Option<String>,
    outcome: Option<Vec<u8>>,
    resource: Option<Vec<u8>>,
}

impl Answered {
    async fn of(app: &App, calling: &Calling, answer: EntryAnswer) -> Self {
        match answer {
            EntryAnswer::Stored(stored) => Self::stored(app, &stored),
            EntryAnswer::Failed(error) => Self::failed(&error.into()),
            EntryAnswer::Ask { url } => Self::asked(app, calling, &url).await,
        }
    }

    fn stored(app: &App, stored: &Stored) -> Self {
        let status = match stored.outcome {
            Outcome::Created => "201 Created",
            Outcome::Updated | Outcome::Unchanged => "200 OK",
            Outcome::Deleted => "204 No Content",
        };
        Self {
            status: status.to_owned(),
            location: Some(format!(
                "{}/{}/{}/_history/{}",
                app.base, stored.resource_type, stored.id, stored.version
            )),
            version: Some(stored.version),
            last_modified: Some(stored.updated_at.to_string()),
            outcome: None,
            resource: None,
        }
    }

    fn failed(fault: &Fault) -> Self {
        Self::plain(fault.status(), Some(fault.outcome()), None)
    }

    /// A read or search within a batch, decided and logged like any other. Its receipt goes with it.
    async fn asked(app: &App, calling: &Calling, url: &str) -> Self {
        let answered = answer_to(app, calling, url).await;
        let (parts, body) = answered
            .unwrap_or_else(IntoResponse::into_response)
            .into_parts();
        // The body was written by this process just now, so a page bounds its size.
        let body = to_bytes(body, usize::MAX).await.unwrap_or_default();
        let header = |name| {
            parts
                .headers
                .get(name)
                .and_then(|value| value.to_str().ok())
        };
        let (resource, outcome) = if parts.status.is_success() {
            (Some(body.to_vec()), None)
        } else {
            (None, Some(body.to_vec()))
        };
        let outcome = match header(answer::RECEIPT) {
            Some(receipt) => Some(with_receipt(outcome.as_deref(), receipt)),
            None => outcome,
        };
        Self {
            version: header(header::ETAG.as_str()).and_then(version_of),
            ..Self::plain(parts.status, outcome, resource)
        }
    }

    fn plain(status: StatusCode, outcome: Option<Vec<u8>>, resource: Option<Vec<u8>>) -> Self {
        Self {
            status: status.to_string(),
            location: None,
            version: None,
            last_modified: None,
            outcome,
            resource,
        }
    }

    fn item(&self) -> BundleItem<'_> {
        BundleItem {
            full_url: None,
            resource: self.resource.as_deref(),
            search: None,
            ranked: None,
            request: None,
            response: Some(EntryResponse {
                status: &self.status,
                location: self.location.as_deref(),
                version: self.version,
                last_modified: self.last_modified.as_deref(),
                outcome: self.outcome.as_deref(),
            }),
        }
    }
}
