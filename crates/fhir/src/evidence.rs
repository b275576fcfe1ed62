//! What the labeller reads of a resource: its codes and words, notes and attachments included.
//!
//! Notes repeat what codes hide, so every human-readable text is read, wherever it stands. Names
//! of people and places are not: a surname is no evidence of what a record is about.

mod attachment;
mod markup;

use std::borrow::Cow;

use domain::Evidence;

use crate::document::{Document, Kind, Node};
use crate::references::{ReferenceKind, classify};

/// Elements that hold no words a person would read as content.
const NOT_WORDS: &[&str] = &[
    "system",
    "code",
    "url",
    "reference",
    "id",
    "versionId",
    "lastUpdated",
    "contentType",
    "resourceType",
    "status",
    "use",
    "intent",
    "priority",
    "language",
    "hash",
    "version",
    "unit",
    "start",
    "end",
    "creation",
    "date",
    "authoredOn",
    "recordedDate",
    "issued",
    "birthDate",
    "family",
    "given",
    "prefix",
    "suffix",
    "line",
    "city",
    "district",
    "state",
    "postalCode",
    "country",
    "gender",
    "linkId",
    "profile",
    "fullUrl",
];

/// Reads the evidence of a resource and of those contained in it.
#[must_use]
pub fn evidence(document: &Document<'_>) -> Evidence {
    let mut evidence = Evidence {
        resource_type: document.resource_type().to_owned(),
        ..Evidence::default()
    };
    gather(document.root(), "", &mut evidence);
    for label in document.all("meta.security") {
        evidence.declared.push(coding(label));
    }
    evidence
}

/// The encounter in which it happened, as the text of the reference.
#[must_use]
pub fn encounter(document: &Document<'_>) -> Option<String> {
    [
        "encounter.reference",
        "context.encounter.reference",
        "context.reference",
    ]
    .iter()
    .filter_map(|path| document.text_at(path))
    .find(|text| text.contains("Encounter/") || text.starts_with("urn:"))
    .map(Cow::into_owned)
}

/// Who wrote, performed or ordered it, as the texts of the references, each once.
#[must_use]
pub fn authors(document: &Document<'_>) -> Vec<String> {
    const PATHS: [&str; 14] = [
        "author",
        "performer",
        "performer.actor",
        "recorder",
        "requester",
        "asserter",
        "sender",
        "participant.individual",
        "participant.member",
        "careManager",
        "source",
        "custodian",
        "serviceProvider",
        "agent.who",
    ];
    let mut authors: Vec<String> = Vec::new();
    for path in PATHS {
        for node in document.all(path) {
            if let Some(text) = node.text_at("reference")
                && !authors.iter().any(|author| *author == text)
            {
                authors.push(text.into_owned());
            }
        }
    }
    authors
}

fn gather(node: Node<'_>, name: &str, evidence: &mut Evidence) {
    match node.kind() {
        Kind::Object if node.member("contentType").is_some() => {
            attachment::read(node, evidence);
            gather_children(node, evidence);
        }
        Kind::Object if names_someone(node) => {}
        Kind::Object => {
            if name != "security"
                && node
                    .member("code")
                    .is_some_and(|code| code.kind() == Kind::String)
            {
                evidence.codes.push(coding(node));
            }
            gather_children(node, evidence);
        }
        Kind::Array => node
            .children()
            .for_each(|item| gather(item, name, evidence)),
        Kind::String if !NOT_WORDS.contains(&name) => words(node, name, evidence),
        _ => {}
    }
}

/// Whether it is a reference to a person, whose display is only a name.
fn names_someone(node: Node<'_>) -> bool {
    const PEOPLE: [&str; 5] = [
        "Patient",
        "RelatedPerson",
        "Person",
        "Practitioner",
        "PractitionerRole",
    ];
    let Some(text) = node.text_at("reference") else {
        return false;
    };
    let target = match classify(text) {
        ReferenceKind::Literal { rtype, .. } | ReferenceKind::Conditional { rtype, .. } => rtype,
        _ => return false,
    };
    PEOPLE.contains(&target)
}

fn gather_children(node: Node<'_>, evidence: &mut Evidence) {
    let is_attachment = node.member("contentType").is_some();
    for member in node
        .children()
        .filter(|member| !is_attachment || member.key() != "data")
    {
        gather(member, member.key(), evidence);
    }
}

fn words(node: Node<'_>, name: &str, evidence: &mut Evidence) {
    let text = node.as_str().unwrap_or_default();
    let text = match name {
        "div" => markup::strip(&text),
        _ => text.into_owned(),
    };
    if text.chars().any(char::is_alphabetic) {
        evidence.texts.push(text);
    }
}

fn coding(node: Node<'_>) -> (String, String) {
    let text = |name| node.text_at(name).unwrap_or_default().into_owned();
    (text("system"), text("code"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::{Limits, parse};

    #[test]
    fn a_note_is_read_as_codes_and_words() {
        // The attachment says "Disclosed violence at home." in plain text.
        let note = r#"{"resourceType":"DocumentReference","status":"current",
            "meta":{"security":[{"system":"http://terminology.hl7.org/CodeSystem/v3-Confidentiality","code":"R"}]},
            "text":{"status":"generated","div":"<div xmlns=\"http://www.w3.org/1999/xhtml\">Seen at <b>clinic</b> &amp; home</div>"},
            "type":{"coding":[{"system":"http://loinc.org","code":"34117-2","display":"History note"}]},
            "subject":{"reference":"Patient/p1","display":"Marta Nowak"},
            "author":[{"reference":"Practitioner/d1"}],
            "content":[{"attachment":{"contentType":"text/plain; charset=utf-8","data":"RGlzY2xvc2VkIHZpb2xlbmNlIGF0IGhvbWUu"}},
                       {"attachment":{"contentType":"application/pdf","url":"https://example.org/scan.pdf"}}],
            "context":{"encounter":[{"reference":"Encounter/e1"}]}}"#;
        let document = parse(note.as_bytes(), &Limits::default()).unwrap();
        let evidence = evidence(&document);
        assert_eq!(
            evidence.codes,
            [("http://loinc.org".into(), "34117-2".into())]
        );
        assert_eq!(
            evidence.texts,
            [
                "Seen at clinic & home",
                "History note",
                "Disclosed violence at home.",
            ]
        );
        let restricted = "http://terminology.hl7.org/CodeSystem/v3-Confidentiality";
        assert_eq!(evidence.declared, [(restricted.into(), "R".into())]);
        assert_eq!(evidence.texts_unread, 1);
        assert_eq!(encounter(&document).as_deref(), Some("Encounter/e1"));
        assert_eq!(authors(&document), ["Practitioner/d1"]);
    }
}
