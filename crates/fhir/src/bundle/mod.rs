//! Bundles: several resources in one message (<https://hl7.org/fhir/R4/bundle.html>).

mod write;

pub use write::{BundleHead, BundleItem, Response, SearchMode, write_bundle};

use std::borrow::Cow;

use crate::document::{Document, Kind, Node};
use crate::outcome::{Issue, IssueCode};

/// What is to be done with the entries of a bundle we were sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BundleKind {
    /// Each entry by itself.
    Batch,
    /// All entries or none.
    Transaction,
}

/// A batch or transaction.
#[derive(Debug, Clone)]
pub struct Bundle<'d> {
    /// Batch or transaction.
    pub kind: BundleKind,
    /// Its entries, in order.
    pub entries: Vec<BundleEntry<'d>>,
}

/// One entry.
#[derive(Debug, Clone)]
pub struct BundleEntry<'d> {
    /// The name by which other entries refer to it, often a `urn:uuid:`.
    pub full_url: Option<String>,
    /// The resource's bytes as they stand in the bundle.
    pub resource: Option<&'d [u8]>,
    /// What is to be done.
    pub request: Option<Request>,
}

/// What is to be done with an entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// `GET`, `HEAD`, `POST`, `PUT`, `PATCH` or `DELETE`.
    pub method: String,
    /// The address after the base, without a leading slash.
    pub url: String,
    /// The version that must be current.
    pub if_match: Option<u32>,
    /// `ifNoneMatch` as written.
    pub if_none_match: Option<String>,
    /// `ifNoneExist`: create only if this search finds nothing.
    pub if_none_exist: Option<String>,
}

/// Reads a batch or transaction.
///
/// # Errors
/// An [`Issue`] if it is not a Bundle of these kinds or an entry is malformed.
pub fn read<'d>(document: &'d Document<'_>) -> Result<Bundle<'d>, Issue> {
    if document.resource_type() != "Bundle" {
        let details = "expected a Bundle of type batch or transaction";
        return Err(Issue::error(IssueCode::Structure, details).at(document.resource_type()));
    }
    let kind = match document.text_at("type").as_deref() {
        Some("batch") => BundleKind::Batch,
        Some("transaction") => BundleKind::Transaction,
        _ => {
            let details = "only bundles of type batch or transaction are carried out";
            return Err(Issue::error(IssueCode::Value, details).at("Bundle.type"));
        }
    };
    let entries = document.root().member("entry");
    if entries.is_some_and(|entries| entries.kind() != Kind::Array) {
        return Err(Issue::error(IssueCode::Structure, "expected a list").at("Bundle.entry"));
    }
    let entries = entries.iter().flat_map(Node::children).enumerate();
    let entries = entries
        .map(|(place, node)| entry(document.bytes(), node, &format!("Bundle.entry[{place}]")))
        .collect::<Result<_, _>>()?;
    Ok(Bundle { kind, entries })
}

fn entry<'d>(bytes: &'d [u8], node: Node<'d>, path: &str) -> Result<BundleEntry<'d>, Issue> {
    let objects = [
        (Some(node), path.to_owned()),
        (node.member("resource"), format!("{path}.resource")),
        (node.member("request"), format!("{path}.request")),
    ];
    for (node, path) in objects {
        if node.is_some_and(|node| !node.is_object()) {
            return Err(Issue::error(IssueCode::Structure, "expected an object").at(path));
        }
    }
    let resource = node
        .member("resource")
        .and_then(|resource| bytes.get(resource.span()));
    Ok(BundleEntry {
        full_url: text(node, "fullUrl"),
        resource,
        request: node
            .member("request")
            .map(|request| self::request(request, path))
            .transpose()?,
    })
}

fn request(node: Node<'_>, path: &str) -> Result<Request, Issue> {
    let required = |name: &str| {
        text(node, name).ok_or_else(|| {
            Issue::required(
                format!("{path}.request.{name}"),
                "a request has a method and a url",
            )
        })
    };
    let if_match = match text(node, "ifMatch") {
        None => None,
        Some(etag) => Some(version_of(&etag).ok_or_else(|| {
            Issue::error(IssueCode::Value, "expected a version such as W/\"2\"")
                .at(format!("{path}.request.ifMatch"))
                .found(&etag)
        })?),
    };
    Ok(Request {
        method: required("method")?,
        url: required("url")?.trim_start_matches('/').to_owned(),
        if_match,
        if_none_match: text(node, "ifNoneMatch"),
        if_none_exist: text(node, "ifNoneExist"),
    })
}

/// The version in an ETag such as `W/"2"` (<https://hl7.org/fhir/R4/http.html#versions>).
#[must_use]
pub fn version_of(etag: &str) -> Option<u32> {
    let quoted = etag.strip_prefix("W/").unwrap_or(etag);
    let version = quoted.strip_prefix('"')?.strip_suffix('"')?;
    let is_plain = version.bytes().all(|byte| byte.is_ascii_digit());
    version.parse().ok().filter(|_| is_plain)
}

fn text(node: Node<'_>, name: &str) -> Option<String> {
    node.text_at(name).map(Cow::into_owned)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::{Limits, parse};

    const TRANSACTION: &str = r#"{"resourceType":"Bundle","type":"transaction","entry":[
        {"fullUrl":"urn:uuid:1","resource":{ "resourceType":"Observation", "valueDecimal": 107.50 },
         "request":{"method":"POST","url":"Observation","ifNoneExist":"identifier=1"}},
        {"request":{"method":"DELETE","url":"/Flag/f1","ifMatch":"W/\"3\""}}]}"#;

    #[test]
    fn entries_keep_the_bytes_of_their_resources() {
        let document = parse(TRANSACTION.as_bytes(), &Limits::default()).unwrap();
        let bundle = read(&document).unwrap();
        assert_eq!(bundle.kind, BundleKind::Transaction);
        let [create, delete] = bundle.entries.as_slice() else {
            panic!("two entries");
        };
        let expected: &[u8] = br#"{ "resourceType":"Observation", "valueDecimal": 107.50 }"#;
        assert_eq!(create.resource, Some(expected));
        assert_eq!(create.full_url.as_deref(), Some("urn:uuid:1"));
        let request = create.request.as_ref().unwrap();
        assert_eq!(request.if_none_exist.as_deref(), Some("identifier=1"));
        let request = delete.request.as_ref().unwrap();
        assert_eq!(
            (request.url.as_str(), request.if_match),
            ("Flag/f1", Some(3))
        );
    }

    #[test]
    fn a_malformed_entry_is_named() {
        for (entry, element) in [
            (r#"{"resource":"x"}"#, "Bundle.entry[0].resource"),
            (
                r#"{"request":{"method":"PUT"}}"#,
                "Bundle.entry[0].request.url",
            ),
            (
                r#"{"request":{"method":"PUT","url":"Flag/f","ifMatch":"3"}}"#,
                "Bundle.entry[0].request.ifMatch",
            ),
            ("1", "Bundle.entry[0]"),
        ] {
            let text = format!(r#"{{"resourceType":"Bundle","type":"batch","entry":[{entry}]}}"#);
            let document = parse(text.as_bytes(), &Limits::default()).unwrap();
            assert_eq!(read(&document).unwrap_err().expression, [element]);
        }
    }

    #[test]
    fn an_etag_holds_a_version() {
        assert_eq!(version_of("W/\"12\""), Some(12));
        assert_eq!(version_of("\"12\""), Some(12));
        for etag in ["12", "W/\"+1\"", "W/\"\"", "*", "\""] {
            assert_eq!(version_of(etag), None, "{etag}");
        }
    }
}
