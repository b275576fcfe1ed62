//! Answers of the use cases as HTTP: what was released, what was refused, and in which words.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use domain::Timestamp;
use fhir::outcome::{Severity, operation_outcome};
use fhir::{Issue, IssueCode};
use sharing::disclose::{Disclosure, Refusal};
use sharing::{Decision, Ground};
use store::EntryReceipt;

use super::Fault;
use super::fault::FHIR_JSON;

/// The receipt of the entry that tells the person about this answer.
pub const RECEIPT: &str = "candour-receipt";
/// The decision's code.
pub const DECISION: &str = "candour-decision";

/// One resource, as released.
pub fn resource(disclosure: &Disclosure) -> Response {
    let Some(resource) = disclosure.released.resources().first() else {
        return Fault::not_found().into_response();
    };
    let mut response = (
        StatusCode::OK,
        [(header::CONTENT_TYPE, FHIR_JSON)],
        resource.bytes.clone(),
    )
        .into_response();
    versioned(&mut response, resource.version, resource.updated_at);
    told(
        &mut response,
        &disclosure.decision,
        disclosure.released.receipt(),
    );
    response
}

/// Adds version and time (<https://hl7.org/fhir/R4/http.html#versioning>).
pub fn versioned(response: &mut Response, version: u32, updated_at: Timestamp) {
    let headers = response.headers_mut();
    if let Ok(tag) = HeaderValue::from_str(&format!("W/\"{version}\"")) {
        headers.insert(header::ETAG, tag);
    }
    let date = updated_at
        .to_jiff()
        .strftime("%a, %d %b %Y %H:%M:%S GMT")
        .to_string();
    if let Ok(date) = HeaderValue::from_str(&date) {
        headers.insert(header::LAST_MODIFIED, date);
    }
}

/// Adds the decision and the receipt, and forbids every cache.
pub fn told(response: &mut Response, decision: &Decision, receipt: &EntryReceipt) {
    let headers = response.headers_mut();
    headers.insert(DECISION, HeaderValue::from_static(decision.answer.code()));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    if let Ok(receipt) = HeaderValue::from_str(&receipt.receipt.encode()) {
        headers.insert(RECEIPT, receipt);
    }
}

/// A refusal or referral of a person whom the caller may know of: 403 with every ground, who
/// decides and until when, and what would change it.
pub fn refused(refusal: &Refusal) -> Response {
    let body = operation_outcome(&issues(refusal));
    let mut response = (
        StatusCode::FORBIDDEN,
        [(header::CONTENT_TYPE, FHIR_JSON)],
        body,
    )
        .into_response();
    told(&mut response, &refusal.decision, &refusal.receipt);
    response
}

fn issues(refusal: &Refusal) -> Vec<Issue> {
    let decision = &refusal.decision;
    let mut issues: Vec<Issue> = decision
        .grounds
        .iter()
        .map(|ground| {
            let details = format!("{}: {}", ground.code(), ground.words());
            Issue::error(IssueCode::Forbidden, details)
        })
        .collect();
    if let Some(referral) = &decision.referral {
        let (name, phone) = match &refusal.decider {
            Some((name, phone)) => (name.as_str(), format!(", {phone}")),
            None => (referral.decider.as_str(), String::new()),
        };
        let details = format!(
            "referred to {name}{phone}, who answers by {}; what is missing: {}",
            referral.due_at, referral.missing
        );
        issues.push(Issue::error(IssueCode::Suppressed, details));
    }
    for change in &decision.counterfactuals {
        let details = format!("what would change it: {}", change.words);
        issues.push(
            Issue::error(IssueCode::Informational, details).with_severity(Severity::Information),
        );
    }
    issues
}

/// What an answer that is part of what was asked leaves out, as far as the caller may know it.
#[must_use]
pub fn notice(decision: &Decision) -> Vec<Issue> {
    let kinds = |held: bool| {
        let withheld = decision.withheld.iter();
        let of = withheld.filter(|it| (it.ground == Ground::NoAgreement) == held);
        let mut kinds: Vec<&str> = of.map(|it| it.category.words()).collect();
        kinds.dedup();
        (!kinds.is_empty()).then(|| kinds.join(", "))
    };
    let shut = kinds(false).map(|kinds| {
        format!(
            "not shown to you for this purpose: {kinds}. To ask for it, ring the agency that holds it"
        )
    });
    let held = kinds(true).map(|kinds| {
        let (code, ground) = (Ground::NoAgreement.code(), Ground::NoAgreement.words());
        format!(
            "{code}: {ground}, so these are held back: {kinds}. It goes on once an agreement in force names it in a flow; \
             whoever looks at the record is not held up by it"
        )
    });
    let said = shut.into_iter().chain(held);
    said.map(|said| Issue::error(IssueCode::Suppressed, said).with_severity(Severity::Information))
        .collect()
}
