//! Bundles that we write, around resources that are copied as they are.

use crate::document::text::quote_into;

/// What stands before the entries.
#[derive(Debug, Clone, Default)]
pub struct BundleHead<'a> {
    /// The `type` code: `searchset`, `batch-response`, `transaction-response`, `history`, ...
    pub kind: &'a str,
    /// How many match in all, where that may be told.
    pub total: Option<u64>,
    /// Links as (relation, URL): `self`, `next`, ...
    pub links: &'a [(&'a str, &'a str)],
}

/// Why an entry is in a search answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SearchMode {
    /// It matches.
    Match,
    /// It goes along with a match.
    Include,
    /// It is an OperationOutcome about the search.
    Outcome,
}

/// What became of a request in a batch or transaction.
#[derive(Debug, Clone, Default)]
pub struct Response<'a> {
    /// The HTTP status, such as `201 Created`.
    pub status: &'a str,
    /// Where the resource now is.
    pub location: Option<&'a str>,
    /// The version.
    pub version: Option<u32>,
    /// When it was stored, as FHIR writes an instant.
    pub last_modified: Option<&'a str>,
    /// An OperationOutcome in JSON.
    pub outcome: Option<&'a [u8]>,
}

/// One entry.
#[derive(Debug, Clone, Default)]
pub struct BundleItem<'a> {
    /// The resource's whole URL.
    pub full_url: Option<&'a str>,
    /// The resource in JSON, copied as it is.
    pub resource: Option<&'a [u8]>,
    /// Why it is here.
    pub search: Option<SearchMode>,
    /// How well it matches: a score from 0 to 1, and extensions as a JSON list.
    pub ranked: Option<(f32, &'a [u8])>,
    /// The request that made this version, as (method, URL), in a history.
    pub request: Option<(&'a str, &'a str)>,
    /// What became of the request.
    pub response: Option<Response<'a>>,
}

/// Writes a Bundle.
#[must_use]
pub fn write_bundle(head: &BundleHead<'_>, items: &[BundleItem<'_>]) -> Vec<u8> {
    let size: usize = items
        .iter()
        .map(|item| item.resource.map_or(0, <[u8]>::len) + 256)
        .sum();
    let mut out = Object::new(Vec::with_capacity(size + 256));
    out.text("resourceType", "Bundle");
    out.text("type", head.kind);
    if let Some(total) = head.total {
        out.raw("total", total.to_string().as_bytes());
    }
    out.list("link", head.links, |(relation, url), out| {
        out.text("relation", relation);
        out.text("url", url);
    });
    out.list("entry", items, write_item);
    out.finish()
}

fn write_item(item: &BundleItem<'_>, out: &mut Object) {
    if let Some(url) = item.full_url {
        out.text("fullUrl", url);
    }
    if let Some(resource) = item.resource {
        out.raw("resource", resource);
    }
    match item.search {
        Some(SearchMode::Match) if item.ranked.is_some() => {
            let (score, extensions) = item.ranked.unwrap_or_default();
            out.object("search", |out| {
                out.raw("extension", extensions);
                out.text("mode", "match");
                out.raw("score", format!("{score:.3}").as_bytes());
            });
        }
        Some(SearchMode::Match) => out.raw("search", br#"{"mode":"match"}"#),
        Some(SearchMode::Include) => out.raw("search", br#"{"mode":"include"}"#),
        Some(SearchMode::Outcome) => out.raw("search", br#"{"mode":"outcome"}"#),
        None => {}
    }
    if let Some((method, url)) = item.request {
        out.object("request", |out| {
            out.text("method", method);
            out.text("url", url);
        });
    }
    if let Some(response) = &item.response {
        out.object("response", |out| {
            out.text("status", response.status);
            if let Some(location) = response.location {
                out.text("location", location);
            }
            if let Some(version) = response.version {
                out.text("etag", &format!("W/\"{version}\""));
            }
            if let Some(at) = response.last_modified {
                out.text("lastModified", at);
            }
            if let Some(outcome) = response.outcome {
                out.raw("outcome", outcome);
            }
        });
    }
}

/// A JSON object being written; lists and objects that would be empty are left out.
struct Object {
    out: Vec<u8>,
    start: usize,
}

impl Object {
    fn new(mut out: Vec<u8>) -> Self {
        out.push(b'{');
        let start = out.len();
        Self { out, start }
    }

    fn name(&mut self, name: &str) {
        if self.out.len() > self.start {
            self.out.push(b',');
        }
        quote_into(&mut self.out, name);
        self.out.push(b':');
    }

    fn text(&mut self, name: &str, value: &str) {
        self.name(name);
        quote_into(&mut self.out, value);
    }

    fn raw(&mut self, name: &str, json: &[u8]) {
        self.name(name);
        self.out.extend_from_slice(json);
    }

    fn object(&mut self, name: &str, fill: impl FnOnce(&mut Object)) {
        self.name(name);
        let mut inner = Object::new(std::mem::take(&mut self.out));
        fill(&mut inner);
        self.out = inner.finish();
    }

    fn list<T>(&mut self, name: &str, items: &[T], fill: impl Fn(&T, &mut Object)) {
        if items.is_empty() {
            return;
        }
        self.name(name);
        self.out.push(b'[');
        for (place, item) in items.iter().enumerate() {
            if place > 0 {
                self.out.push(b',');
            }
            let mut inner = Object::new(std::mem::take(&mut self.out));
            fill(item, &mut inner);
            self.out = inner.finish();
        }
        self.out.push(b']');
    }

    fn finish(mut self) -> Vec<u8> {
        self.out.push(b'}');
        self.out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_search_answer_copies_resources_as_they_are() {
        let head = BundleHead {
            kind: "searchset",
            total: Some(1),
            links: &[("self", "https://x.example/fhir/Flag?patient=p1")],
        };
        let flag = BundleItem {
            full_url: Some("https://x.example/fhir/Flag/f1"),
            resource: Some(br#"{ "resourceType":"Flag","id":"f1", "weight": 107.50}"#),
            search: Some(SearchMode::Match),
            ranked: None,
            request: None,
            response: None,
        };
        let bundle = String::from_utf8(write_bundle(&head, &[flag])).unwrap();
        insta::assert_snapshot!(bundle, @r#"{"resourceType":"Bundle","type":"searchset","total":1,"link":[{"relation":"self","url":"https://x.example/fhir/Flag?patient=p1"}],"entry":[{"fullUrl":"https://x.example/fhir/Flag/f1","resource":{ "resourceType":"Flag","id":"f1", "weight": 107.50},"search":{"mode":"match"}}]}"#);
    }

    #[test]
    fn an_empty_answer_has_no_empty_lists() {
        let head = BundleHead {
            kind: "searchset",
            total: Some(0),
            links: &[],
        };
        let bundle = String::from_utf8(write_bundle(&head, &[])).unwrap();
        assert_eq!(
            bundle,
            r#"{"resourceType":"Bundle","type":"searchset","total":0}"#
        );
    }

    #[test]
    fn a_batch_answer_says_what_became_of_each() {
        let head = BundleHead {
            kind: "batch-response",
            ..BundleHead::default()
        };
        let created = BundleItem {
            response: Some(Response {
                status: "201 Created",
                location: Some("Flag/f1/_history/1"),
                version: Some(1),
                last_modified: Some("2027-01-11T09:00:00.000Z"),
                outcome: None,
            }),
            ..BundleItem::default()
        };
        let bundle = String::from_utf8(write_bundle(&head, &[created])).unwrap();
        insta::assert_snapshot!(bundle, @r#"{"resourceType":"Bundle","type":"batch-response","entry":[{"response":{"status":"201 Created","location":"Flag/f1/_history/1","etag":"W/\"1\"","lastModified":"2027-01-11T09:00:00.000Z"}}]}"#);
    }
}
