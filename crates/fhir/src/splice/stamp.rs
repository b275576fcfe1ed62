//! The stamp: what makes received bytes a resource of ours.

use std::ops::Range;

use super::meta::{MetaEdit, front};
use super::{Edit, Edits};
use crate::document::Document;
use crate::document::text::{escape_into, quote_into};

/// What we write into a resource when it is stored.
#[derive(Debug, Clone, Copy)]
pub struct Stamp<'a> {
    /// Our id.
    pub id: &'a str,
    /// The version, from 1.
    pub version: u32,
    /// The instant it was stored, as FHIR writes it.
    pub last_updated: &'a str,
    /// Security labels to add, as (system, code).
    pub security: &'a [(&'a str, &'a str)],
}

/// The edits that set id, version, time, labels and resolved references. Each reference is the
/// place of its text ([`Reference::value`](crate::references::Reference::value)) and its new text.
#[must_use]
pub fn stamp(
    document: &Document<'_>,
    stamp: &Stamp<'_>,
    references: &[(Range<usize>, String)],
) -> Edits {
    let root = document.root();
    let mut edits = Vec::with_capacity(references.len() + 4);
    let mut id = Vec::new();
    quote_into(&mut id, stamp.id);
    match root.member("id") {
        Some(node) => edits.push(Edit {
            at: node.span(),
            with: id,
        }),
        None => {
            let at = front(root);
            let with = [b",\"id\":", id.as_slice()].concat();
            edits.push(Edit { at: at..at, with });
        }
    }
    let meta = MetaEdit {
        version: Some(&stamp.version.to_string()),
        last_updated: Some(stamp.last_updated),
        security: stamp.security,
        tag: &[],
    };
    edits.extend(meta.edits(document));
    for (at, text) in references {
        let mut with = Vec::new();
        escape_into(&mut with, text);
        edits.push(Edit {
            at: at.clone(),
            with,
        });
    }
    Edits::new(edits)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::{Limits, parse};
    use crate::references::references;

    const STAMP: Stamp<'static> = Stamp {
        id: "q7",
        version: 2,
        last_updated: "2027-01-11T09:00:00.000Z",
        security: &[(
            "http://terminology.hl7.org/CodeSystem/v3-Confidentiality",
            "R",
        )],
    };

    /// Stamps, checks that the inverse gives the original back, and returns the resource.
    fn stamped(original: &str, replace: &[(usize, &str)]) -> String {
        let document = parse(original.as_bytes(), &Limits::default()).unwrap();
        let found = references(&document);
        let replace: Vec<_> = replace
            .iter()
            .map(|(place, text)| (found[*place].value.clone(), (*text).to_owned()))
            .collect();
        let edits = stamp(&document, &STAMP, &replace);
        let resource = edits.apply(original.as_bytes());
        let inverse = edits.inverse(original.as_bytes());
        assert_eq!(inverse.apply(&resource), original.as_bytes());
        parse(&resource, &Limits::default()).expect("what we write reads back");
        String::from_utf8(resource).unwrap()
    }

    #[test]
    fn a_bare_resource_gains_id_and_meta_after_its_type() {
        let original = r#"{ "resourceType": "Observation", "valueQuantity": {"value": 107.50} }"#;
        insta::assert_snapshot!(stamped(original, &[]), @r#"{ "resourceType": "Observation","id":"q7","meta":{"versionId":"2","lastUpdated":"2027-01-11T09:00:00.000Z","security":[{"system":"http://terminology.hl7.org/CodeSystem/v3-Confidentiality","code":"R"}]}, "valueQuantity": {"value": 107.50} }"#);
    }

    #[test]
    fn what_the_sender_wrote_into_meta_stays() {
        let original = r#"{"id":"mine","meta":{"lastUpdated":"2001-01-01T00:00:00Z","profile":["http://example.org/p"],"security":[{"code":"HIV"}]},"resourceType":"Observation"}"#;
        insta::assert_snapshot!(stamped(original, &[]), @r#"{"id":"q7","meta":{"versionId":"2","lastUpdated":"2027-01-11T09:00:00.000Z","profile":["http://example.org/p"],"security":[{"system":"http://terminology.hl7.org/CodeSystem/v3-Confidentiality","code":"R"},{"code":"HIV"}]},"resourceType":"Observation"}"#);
    }

    #[test]
    fn a_label_that_is_there_is_not_added_again() {
        let original = r#"{"resourceType":"Observation","meta":{"security":[{"system":"http://terminology.hl7.org/CodeSystem/v3-Confidentiality","code":"R"}]}}"#;
        assert_eq!(
            stamped(original, &[]).matches("v3-Confidentiality").count(),
            1
        );
    }

    #[test]
    fn references_are_replaced_where_they_stand() {
        let original = r#"{"resourceType":"Observation","subject":{"reference":"urn:uuid:1"},"performer":[{"reference":"Practitioner?identifier=a|1","display":"Dr \"A\""}]}"#;
        let resource = stamped(original, &[(0, "Patient/p1"), (1, "Practitioner/d1")]);
        assert!(resource.contains(r#""subject":{"reference":"Patient/p1"},"performer":[{"reference":"Practitioner/d1","display":"Dr \"A\""}]"#));
    }
}
