//! References: every place where a resource points at another
//! (<https://hl7.org/fhir/R4/references.html>).

mod kind;

use std::borrow::Cow;
use std::fmt::Write;
use std::ops::Range;

pub use kind::{ReferenceKind, classify};

use crate::document::{Document, Kind, Node};

/// One `Reference.reference`.
#[derive(Debug, Clone)]
pub struct Reference<'d> {
    /// The element, such as `Observation.performer[0]`.
    pub path: String,
    /// Where the text is in the bytes, without quotes: what [`crate::splice::stamp`] replaces.
    pub value: Range<usize>,
    /// The text.
    pub text: Cow<'d, str>,
    /// What it points at.
    pub kind: ReferenceKind<'d>,
    /// The place of the `display` value, quotes included.
    pub display: Option<Range<usize>>,
    /// `identifier` as (system, value), if the reference carries one as well.
    pub identifier: Option<(String, String)>,
}

impl Reference<'_> {
    /// The resource type it points at, where its text says so.
    #[must_use]
    pub fn rtype(&self) -> Option<&'static str> {
        match &self.kind {
            ReferenceKind::Literal { rtype, .. } | ReferenceKind::Conditional { rtype, .. } => {
                Some(rtype)
            }
            ReferenceKind::Absolute { target, .. } => target.as_ref().map(|(rtype, _)| *rtype),
            _ => None,
        }
    }
}

/// A reference that names its target by identifier or in words only.
#[derive(Debug, Clone)]
pub struct Unlinked<'d> {
    /// The element, such as `PractitionerRole.organization`.
    pub path: String,
    /// `identifier` as (system, value).
    pub identifier: Option<(String, String)>,
    /// `type`, where given.
    pub rtype: Option<Cow<'d, str>>,
    /// The place of the `display` value, quotes included.
    pub display: Option<Range<usize>>,
}

/// Every reference with a `reference` text, in document order, contained resources included.
#[must_use]
pub fn references<'d>(document: &'d Document<'_>) -> Vec<Reference<'d>> {
    let mut found = Vec::new();
    walk(document, &mut |path, node| {
        if let Some(target) = node.member("reference") {
            found.push(read(path.to_owned(), node, target));
        }
    });
    found
}

/// Every reference without a `reference` text, in document order.
#[must_use]
pub fn unlinked<'d>(document: &'d Document<'_>) -> Vec<Unlinked<'d>> {
    let mut found = Vec::new();
    walk(document, &mut |path, node| {
        if node.member("reference").is_none() {
            found.push(Unlinked {
                path: path.to_owned(),
                identifier: identifier(node),
                rtype: node.text_at("type"),
                display: node.member("display").map(|display| display.span()),
            });
        }
    });
    found
}

/// Reads the reference at a node that [`is_reference`] accepts.
pub(crate) fn read<'d>(path: String, node: Node<'d>, target: Node<'d>) -> Reference<'d> {
    let text = target.as_str().unwrap_or_default();
    Reference {
        path,
        value: target.inner_span(),
        kind: classify(text.clone()),
        text,
        display: node.member("display").map(|display| display.span()),
        identifier: identifier(node),
    }
}

/// Elements of type Coding, whose `{"display": ...}` would otherwise look like a reference, and
/// two more that may hold nothing but a display.
const NOT_REFERENCES: &[&str] = &[
    "coding",
    "security",
    "tag",
    "class",
    "securityLabel",
    "relatedArtifact",
    "contains",
    "valueCoding",
    "purpose",
    "subtype",
    "modality",
    "sopClass",
    "bodySite",
    "laterality",
    "code",
];

/// Whether an object is a Reference: it has no element that a Reference has not, and points or
/// names. Issue of shape, since the tree knows no types.
pub(crate) fn is_reference(node: Node<'_>) -> bool {
    let (mut points, mut names) = (false, false);
    for member in node.children() {
        match member.key() {
            "reference" if member.kind() == Kind::String => points = true,
            "identifier" if member.is_object() => names = true,
            "display" if member.kind() == Kind::String => names = true,
            "type" if member.kind() == Kind::String => {}
            "id" | "extension" | "_reference" | "_type" | "_display" => {}
            _ => return false,
        }
    }
    points || names
}

/// Visits every Reference with its path.
pub(crate) fn walk<'d>(document: &'d Document<'_>, visit: &mut dyn FnMut(&str, Node<'d>)) {
    let mut path = document.resource_type().to_owned();
    visit_below(document.root(), "", &mut path, visit);
}

fn visit_below<'d>(
    node: Node<'d>,
    name: &str,
    path: &mut String,
    visit: &mut dyn FnMut(&str, Node<'d>),
) {
    if node.is_object() && is_reference(node) {
        let points = node.member("reference").is_some();
        if points || !NOT_REFERENCES.contains(&name) {
            visit(path, node);
            return;
        }
    }
    let length = path.len();
    for (place, child) in node.children().enumerate() {
        if !matches!(child.kind(), Kind::Object | Kind::Array) {
            continue;
        }
        match node.kind() {
            Kind::Array => {
                // Writing to a String cannot fail.
                let _ = write!(path, "[{place}]");
                visit_below(child, name, path, visit);
            }
            _ => {
                path.push('.');
                path.push_str(child.key());
                visit_below(child, child.key(), path, visit);
            }
        }
        path.truncate(length);
    }
}

fn identifier(node: Node<'_>) -> Option<(String, String)> {
    let identifier = node.member("identifier")?;
    let text = |name| identifier.text_at(name).unwrap_or_default().into_owned();
    Some((text("system"), text("value"))).filter(|(_, value)| !value.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::{Limits, parse};

    #[test]
    fn every_reference_is_found_with_its_path_and_what_only_looks_like_one_is_not() {
        let text = r##"{"resourceType":"Immunization","patient":{"reference":"Patient/p1","display":"Marta"},
            "contained":[{"resourceType":"Flag","author":{"reference":"#a"}}],
            "performer":[{"actor":{"reference":"Practitioner/d1"}},{"actor":{"type":"Organization","identifier":{"system":"s","value":"v"}}}],
            "education":[{"documentType":"x","reference":"http://example.org/leaflet"}],
            "vaccineCode":{"coding":[{"display":"flu"}]},"location":{"display":"School hall"}}"##;
        let document = parse(text.as_bytes(), &Limits::default()).unwrap();
        let found = references(&document);
        let paths: Vec<_> = found.iter().map(|one| one.path.as_str()).collect();
        assert_eq!(
            paths,
            [
                "Immunization.patient",
                "Immunization.contained[0].author",
                "Immunization.performer[0].actor"
            ]
        );
        assert_eq!(&text[found[0].value.clone()], "Patient/p1");
        assert_eq!(&text[found[0].display.clone().unwrap()], "\"Marta\"");
        let unlinked: Vec<_> = unlinked(&document)
            .into_iter()
            .map(|one| (one.path, one.identifier))
            .collect();
        assert_eq!(
            unlinked,
            [
                (
                    "Immunization.performer[1].actor".to_owned(),
                    Some(("s".to_owned(), "v".to_owned()))
                ),
                ("Immunization.location".to_owned(), None),
            ]
        );
    }
}
