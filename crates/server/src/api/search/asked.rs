//! A search as it was asked: whose record, which page, and the question in one spelling.

use domain::ResourceId;
use fhir::IssueCode;
use fhir::search::{Filter, ParamKind, Query, Term, Total};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use sharing::contribute::wire_id;

use crate::api::Fault;
use crate::api::caller::Calling;
use crate::api::cursor::Place;
use crate::app::App;

/// All but RFC 3986's unreserved characters, so that a link reads as it was asked.
const RESERVED: AsciiSet = NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// How many resources a page holds unless `_count` says otherwise, and the most it holds.
const USUAL_PAGE: u32 = 50;
const LARGEST_PAGE: u32 = 1000;
/// The parameter that carries a sealed place.
pub(super) const CURSOR: &str = "_cursor";

/// A search as it was asked.
pub(super) struct Asked {
    /// Of which types, and what.
    pub(super) query: Query,
    /// The Patients named beside what is asked of each type.
    pub(super) whose: Vec<String>,
    /// Where it was asked: a type, or nothing for the whole interface.
    pub(super) address: &'static str,
    /// The question without its place, to which a place is bound.
    pub(super) question: String,
    pub(super) cursor: Option<String>,
}

impl Asked {
    /// The types that it asks for.
    pub(super) fn types(&self) -> impl Iterator<Item = &'static str> {
        self.query.of.iter().map(|of| of.rtype)
    }

    /// The one Patient that the search names.
    pub(super) fn patient(
        &self,
        app: &App,
        calling: &Calling,
    ) -> Result<Option<ResourceId>, Fault> {
        let mut named: Vec<&String> = self.whose.iter().collect();
        for filter in self.query.filters() {
            match filter {
                Filter::Id(ids) if self.address == "Patient" => named.extend(ids),
                other => named.extend(patients(other).into_iter().flatten()),
            }
        }
        // A condition is there once for each type.
        if self.query.of.len() > 1 {
            named.sort_unstable();
            named.dedup();
        }
        match named.as_slice() {
            [] => Ok(None),
            [id] => wire_id(&app.cx, &calling.asking, "Patient", id)
                .map(Some)
                .ok_or_else(Fault::not_found),
            _ => Err(Fault::bad_request(
                IssueCode::NotSupported,
                "a search may name one person: send a batch for several",
            )),
        }
    }

    /// The filters that are left once the person is known: whose record it is goes by the permit.
    /// Ids in the others become ours.
    pub(super) fn within_person(&self, app: &App, calling: &Calling) -> Query {
        let mut query = self.in_our_ids(app, calling);
        for of in &mut query.of {
            of.filters.retain(|filter| patients(filter).is_none());
        }
        query
    }

    /// The query with ids of ours where the caller wrote their own.
    pub(super) fn in_our_ids(&self, app: &App, calling: &Calling) -> Query {
        let mut query = self.query.clone();
        let mut ours = |rtype: &str, id: &mut String| {
            if let Some(known) = wire_id(&app.cx, &calling.asking, rtype, id) {
                *id = known.to_string();
            }
        };
        for of in &mut query.of {
            for filter in &mut of.filters {
                filter.each_id(of.rtype, &mut ours);
            }
        }
        query
    }

    /// Where the page before ended, if this goes on from one.
    pub(super) fn place(&self, app: &App, calling: &Calling) -> Result<Option<Place>, Fault> {
        let sealed = self.cursor.as_deref();
        sealed
            .map(|text| app.cursors.open(&calling.asking, &self.question, text))
            .transpose()
    }

    /// How many resources a page holds; none where only their number is wanted.
    pub(super) fn limit(&self) -> u32 {
        match self.query.only_counts() {
            true => 0,
            false => self
                .query
                .count
                .unwrap_or(USUAL_PAGE)
                .clamp(1, LARGEST_PAGE),
        }
    }

    pub(super) fn with_total(&self) -> bool {
        self.query.only_counts() || self.query.total != Some(Total::None)
    }
}

/// The Patients that a condition names, if it says whose record is meant.
fn patients(filter: &Filter) -> Option<Vec<&String>> {
    let Filter::Value {
        param,
        any_of,
        not: false,
    } = filter
    else {
        return None;
    };
    let says_whose = matches!(param.name, "patient" | "subject" | "beneficiary");
    if !says_whose || param.kind != ParamKind::Reference {
        return None;
    }
    let named = any_of.iter().filter_map(|term| match term {
        Term::Reference((rtype, id)) if rtype.as_deref().is_none_or(|of| of == "Patient") => {
            Some(id)
        }
        _ => None,
    });
    let named: Vec<&String> = named.collect();
    (!named.is_empty()).then_some(named)
}

pub(super) fn without_cursor(
    pairs: Vec<(String, String)>,
) -> (Vec<(String, String)>, Option<String>) {
    let (cursor, pairs): (Vec<_>, Vec<_>) = pairs.into_iter().partition(|(name, _)| name == CURSOR);
    (pairs, cursor.into_iter().next().map(|(_, text)| text))
}

/// The question in one spelling, as links and places use it: after the base, or after its slash.
pub fn question(address: &str, pairs: &[(String, String)]) -> String {
    if pairs.is_empty() {
        return address.to_owned();
    }
    let encode = |text: &str| utf8_percent_encode(text, &RESERVED).to_string();
    let pairs: Vec<String> = pairs
        .iter()
        .map(|(name, value)| format!("{}={}", encode(name), encode(value)))
        .collect();
    format!("{address}?{}", pairs.join("&"))
}
