//! A page of an answer as a searchset Bundle (<https://hl7.org/fhir/R4/bundle.html#searchset>).

use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use fhir::bundle::{BundleHead, BundleItem, SearchMode, write_bundle};
use fhir::outcome::operation_outcome;
use fhir::{Issue, IssueCode};
use sharing::disclose::Disclosure;
use store::StoredResource;

use super::asked::CURSOR;
use crate::api::answer;
use crate::api::caller::Calling;
use crate::api::cursor::Place;
use crate::api::fault::FHIR_JSON;
use crate::app::App;

/// One page of a disclosure as a searchset Bundle; `everything` answers by it too.
pub fn page(
    app: &App,
    calling: &Calling,
    question: &str,
    address: &str,
    disclosure: &Disclosure,
    unsupported: &[String],
) -> Response {
    let next = disclosure.next.clone().and_then(|mark| {
        let place = Place {
            operation: disclosure.operation,
            mark,
        };
        link(app, calling, question, address, &place)
    });
    let mut notes: Vec<Issue> = answer::notice(&disclosure.decision, &disclosure.deciders);
    notes.extend(ignored(unsupported));
    let released = disclosure.released.resources();
    let (matches, included) = released.split_at(disclosure.matched.min(released.len()));
    let body = bundle(
        app,
        &Resources { matches, included },
        &absolute(app, question),
        next.as_deref(),
        disclosure.total,
        &notes,
    );
    let mut response = (StatusCode::OK, [(header::CONTENT_TYPE, FHIR_JSON)], body).into_response();
    answer::told(
        &mut response,
        &disclosure.decision,
        disclosure.released.receipt(),
    );
    response
}

/// The address of the page that goes on from a place.
pub fn link(
    app: &App,
    calling: &Calling,
    question: &str,
    address: &str,
    place: &Place,
) -> Option<String> {
    let sealed = app
        .cursors
        .seal(app.cx.chance.as_ref(), &calling.asking, question, place)?;
    let query = question.split_once('?').map_or("", |(_, query)| query);
    let glue = if query.is_empty() { "" } else { "&" };
    let next = format!("{address}?{query}{glue}{CURSOR}={sealed}");
    Some(absolute(app, &next))
}

/// An address within the interface as a whole URL; what is asked of all of it begins with its
/// question mark.
pub(super) fn absolute(app: &App, address: &str) -> String {
    let glue = match address.starts_with('?') {
        true => "",
        false => "/",
    };
    format!("{}{glue}{address}", app.base)
}

/// What a page holds.
pub(super) struct Resources<'a> {
    /// What matched.
    pub(super) matches: &'a [StoredResource],
    /// What goes with it.
    pub(super) included: &'a [StoredResource],
}

/// A searchset of resources in the bytes they were stored in.
pub(super) fn bundle(
    app: &App,
    found: &Resources<'_>,
    own: &str,
    next: Option<&str>,
    total: Option<u64>,
    notes: &[Issue],
) -> Vec<u8> {
    searchset(&SearchSet {
        matches: &entries(app, found.matches),
        included: &entries(app, found.included),
        own,
        next,
        total,
        notes,
    })
}

fn entries<'r>(app: &App, resources: &'r [StoredResource]) -> Vec<(String, &'r [u8])> {
    let entry = |one: &'r StoredResource| {
        let url = format!("{}/{}/{}", app.base, one.resource_type, one.id);
        (url, one.bytes.as_slice())
    };
    resources.iter().map(entry).collect()
}

/// A searchset in the making: entries as (full URL, resource).
#[derive(Default)]
pub struct SearchSet<'a> {
    /// What matched.
    pub matches: &'a [(String, &'a [u8])],
    /// What goes with it.
    pub included: &'a [(String, &'a [u8])],
    /// Its own address.
    pub own: &'a str,
    /// The address of the next page.
    pub next: Option<&'a str>,
    /// How many match in all.
    pub total: Option<u64>,
    /// What is to be said about it, as its last entry.
    pub notes: &'a [Issue],
}

/// Writes a searchset.
#[must_use]
pub fn searchset(set: &SearchSet<'_>) -> Vec<u8> {
    let mut links = vec![("self", set.own)];
    links.extend(set.next.map(|next| ("next", next)));
    let outcome = (!set.notes.is_empty()).then(|| operation_outcome(set.notes));
    let modes = [
        (SearchMode::Match, set.matches),
        (SearchMode::Include, set.included),
    ];
    let mut items: Vec<BundleItem<'_>> = Vec::new();
    for (mode, entries) in modes {
        items.extend(entries.iter().map(|(full_url, resource)| BundleItem {
            full_url: Some(full_url),
            resource: Some(resource),
            search: Some(mode),
            ..BundleItem::default()
        }));
    }
    items.extend(outcome.as_deref().map(|outcome| BundleItem {
        resource: Some(outcome),
        search: Some(SearchMode::Outcome),
        ..BundleItem::default()
    }));
    let head = BundleHead {
        kind: "searchset",
        total: set.total,
        links: &links,
    };
    write_bundle(&head, &items)
}

/// Parameters that are not supported are ignored and named, as the specification has it for
/// lenient handling.
pub(super) fn ignored(unsupported: &[String]) -> Option<Issue> {
    if unsupported.is_empty() {
        return None;
    }
    let details = format!(
        "search parameters that are not supported were ignored: {}",
        unsupported.join(", ")
    );
    Some(Issue::error(IssueCode::NotSupported, details).with_severity(fhir::Severity::Warning))
}
