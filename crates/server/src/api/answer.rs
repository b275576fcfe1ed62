//! Answers of the use cases as HTTP: what was released, what was refused, and in which words.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use domain::Timestamp;
use fhir::outcome::{Severity, operation_outcome};
use fhir::{Issue, IssueCode};
use sharing::disclose::{Decides, Disclosure, Refusal};
use sharing::{Decision, Ground, Withheld};
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
    // One whom nothing was shown is not told who else holds something.
    let referred = refusal.decider.as_ref();
    issues.extend(referred.map(|one| Issue::error(IssueCode::Suppressed, referred_to(one))));
    for change in &decision.counterfactuals {
        let details = format!("what would change it: {}", change.words);
        issues.push(
            Issue::error(IssueCode::Informational, details).with_severity(Severity::Information),
        );
    }
    issues
}

/// To whom something is referred, whom to ring now, and until when.
fn referred_to(one: &Decides) -> String {
    let phone = match one.phone.as_str() {
        "" => String::new(),
        phone => format!(", {phone}"),
    };
    format!(
        "referred to {}{phone}, who answers by {}; what is missing: {}",
        one.name, one.due_at, one.missing
    )
}

/// What waits for somebody's decision, and for whose.
fn waiting(decision: &Decision, one: &Decides) -> Option<String> {
    let withheld = decision.withheld.iter();
    let waits = withheld.filter(|it| one.decides(it));
    let kinds: Vec<&str> = waits.map(|it| it.category.words()).collect();
    let referred = referred_to(one);
    (!kinds.is_empty()).then(|| {
        format!(
            "not shown to you until somebody decides: {}; {referred}",
            kinds.join(", ")
        )
    })
}

/// That health records are for a health professional to read, where that is what keeps them from an officer.
fn reader(decision: &Decision) -> Option<String> {
    let mut changes = decision.counterfactuals.iter();
    let named = changes.find(|change| change.code == "nominate-reader")?;
    Some(format!(
        "only a health professional may inspect health records (Adult Support and Protection (Scotland) Act 2007 \
         s.10(5)): {}",
        named.words
    ))
}

/// What an answer that is part of what was asked leaves out, as far as the caller may know it.
#[must_use]
pub fn notice(decision: &Decision, deciders: &[Decides]) -> Vec<Issue> {
    let waits = |it: &&Withheld| deciders.iter().any(|one| one.decides(it));
    let kinds = |held: bool| {
        let withheld = decision.withheld.iter().filter(|it| !waits(it));
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
    let waiting = deciders.iter().filter_map(|one| waiting(decision, one));
    let said = shut
        .into_iter()
        .chain(waiting)
        .chain(held)
        .chain(reader(decision));
    said.map(|said| Issue::error(IssueCode::Suppressed, said).with_severity(Severity::Information))
        .collect()
}
