//! Redaction: the part of a resource that may be shown, marked as a part.
//!
//! The narrative always goes, since it repeats what the elements hold; the tag `SUBSETTED` says
//! that something is not there (<https://hl7.org/fhir/R4/security-labels.html>).

mod shape;
mod summary;

use std::collections::BTreeSet;

pub use shape::shaped;
pub use summary::{summary_of_patient, summary_without_address};

use crate::document::{Document, Limits, Node, parse};
use crate::outcome::Issue;
use crate::references::{self, ReferenceKind, classify};
use crate::splice::{Edits, MetaEdit, remove};

/// The tag that says that this is not the whole resource, as (system, code).
pub const SUBSETTED: (&str, &str) = (
    "http://terminology.hl7.org/CodeSystem/v3-ObservationValue",
    "SUBSETTED",
);

/// What we have stored may be larger than what we accept: it carries our stamp.
const STORED: Limits = Limits {
    depth: 256,
    bytes: usize::MAX,
};

/// What to take out of a resource besides its narrative.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Redaction {
    /// References whose `display` goes, by [`Reference::path`](crate::references::Reference).
    pub strip_displays: BTreeSet<String>,
    /// Elements that go, as dotted paths below the resource such as `note` or `contact.name`;
    /// every item of a list on the way is meant. `resourceType`, `id` and `meta` always stay.
    pub drop_elements: Vec<String>,
}

/// Takes out what is named, and the narrative, and adds the tag `SUBSETTED`.
///
/// # Errors
/// An [`Issue`] if the bytes are not a resource; then nothing may be shown.
pub fn redact(bytes: &[u8], what: &Redaction) -> Result<Vec<u8>, Issue> {
    let document = parse(bytes, &STORED)?;
    let mut gone = narratives(&document);
    references::walk(&document, &mut |path, node| {
        if what.strip_displays.contains(path) {
            gone.extend(display_of(node));
        }
    });
    for path in &what.drop_elements {
        gone.extend(element(document.root(), path));
    }
    Ok(subset(&document, gone))
}

/// Takes out the `display` of every reference to whoever `is_other` names by type and id, and of
/// every such person named without a link. Where nothing is to be taken out, the bytes come back
/// as they are.
///
/// # Errors
/// An [`Issue`] if the bytes are not a resource; then nothing may be shown.
pub fn strip_displays(
    bytes: &[u8],
    is_other: &dyn Fn(&str, &str) -> bool,
) -> Result<Vec<u8>, Issue> {
    let document = parse(bytes, &STORED)?;
    let mut gone = BTreeSet::new();
    references::walk(&document, &mut |path, node| {
        if names_other(path, node, is_other) {
            gone.extend(display_of(node));
        }
    });
    if gone.is_empty() {
        return Ok(bytes.to_vec());
    }
    gone.extend(narratives(&document));
    Ok(subset(&document, gone))
}

/// Elements that name relatives more often than staff, where nothing but a name is given.
const RELATIVES: [&str; 10] = [
    "asserter",
    "expressedBy",
    "informationSource",
    "onBehalfOf",
    "party",
    "payor",
    "policyHolder",
    "reportedReference",
    "subscriber",
    "verifiedWith",
];

/// Whether a reference points at someone whom `is_other` names. Without a link the declared type
/// decides, else the element, with an empty id.
fn names_other(path: &str, node: Node<'_>, is_other: &dyn Fn(&str, &str) -> bool) -> bool {
    let Some(text) = node.text_at("reference") else {
        if let Some(rtype) = node.text_at("type") {
            return is_other(&rtype, "");
        }
        let element = path.rsplit('.').next().unwrap_or(path);
        let element = element.split('[').next().unwrap_or(element);
        return RELATIVES.contains(&element) && is_other("RelatedPerson", "");
    };
    match classify(text) {
        ReferenceKind::Literal { rtype, id, .. } => is_other(rtype, &id),
        ReferenceKind::Conditional { rtype, .. } => is_other(rtype, ""),
        ReferenceKind::Absolute {
            target: Some((rtype, id)),
            ..
        } => is_other(rtype, &id),
        _ => false,
    }
}

/// The narrative of the resource, of those contained in it, and of a bundle's entries.
fn narratives(document: &Document<'_>) -> BTreeSet<u32> {
    let mut found = BTreeSet::new();
    for path in ["text", "contained.text", "entry.resource.text"] {
        found.extend(
            document
                .all(path)
                .iter()
                .filter(|node| node.is_object())
                .map(Node::number),
        );
    }
    found
}

/// The `display` of a reference, with what was said about it.
fn display_of(node: Node<'_>) -> impl Iterator<Item = u32> {
    ["display", "_display"]
        .into_iter()
        .filter_map(move |name| node.member(name))
        .map(|node| node.number())
}

/// The element at a path with its `_` twin, in every item of every list on the way.
fn element(root: Node<'_>, path: &str) -> Vec<u32> {
    let (parents, name) = match path.rsplit_once('.') {
        Some((above, name)) => (root.all(above), name),
        None => (vec![root], path),
    };
    let keeps = path.is_empty() || matches!(path, "id" | "meta");
    let twin = format!("_{name}");
    let members = parents
        .iter()
        .flat_map(|parent| [parent.member(name), parent.member(&twin)]);
    members
        .flatten()
        .filter(|_| !keeps)
        .map(|node| node.number())
        .collect()
}

fn subset(document: &Document<'_>, gone: BTreeSet<u32>) -> Vec<u8> {
    let mut edits = remove(document, gone);
    let tag = MetaEdit {
        tag: &[SUBSETTED],
        ..MetaEdit::default()
    };
    edits.extend(tag.edits(document));
    Edits::new(edits).apply(document.bytes())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn text(bytes: Result<Vec<u8>, Issue>) -> String {
        String::from_utf8(bytes.unwrap()).unwrap()
    }

    const VISIT: &str = r#"{"resourceType":"Encounter","id":"e1","meta":{"versionId":"1"},
 "text":{"status":"generated","div":"<div>Marta and her son</div>"},
 "participant":[{"individual":{"reference":"Practitioner/d1","display":"Dr Reid"}},
   {"individual":{"reference":"RelatedPerson/son","display":"Piotr"}}],
 "length":{"value":107.50}}"#;

    #[test]
    fn only_the_names_of_others_and_the_narrative_go() {
        let is_other = |rtype: &str, id: &str| rtype == "RelatedPerson" && id == "son";
        insta::assert_snapshot!(text(strip_displays(VISIT.as_bytes(), &is_other)), @r#"
        {"resourceType":"Encounter","id":"e1","meta":{"tag":[{"system":"http://terminology.hl7.org/CodeSystem/v3-ObservationValue","code":"SUBSETTED"}],"versionId":"1"},
         "participant":[{"individual":{"reference":"Practitioner/d1","display":"Dr Reid"}},
           {"individual":{"reference":"RelatedPerson/son"}}],
         "length":{"value":107.50}}
        "#);
    }

    #[test]
    fn a_relative_known_by_name_only_is_a_person_all_the_same() {
        let told = r#"{"resourceType":"AllergyIntolerance","asserter":{"display":"her neighbour Joan"},"recorder":{"display":"Dr Reid"}}"#;
        let left = text(strip_displays(told.as_bytes(), &|rtype, _| {
            rtype == "RelatedPerson"
        }));
        assert!(!left.contains("Joan") && left.contains("Dr Reid"), "{left}");
    }

    #[test]
    fn a_resource_that_names_nobody_else_stays_as_it_is() {
        assert_eq!(text(strip_displays(VISIT.as_bytes(), &|_, _| false)), VISIT);
    }

    #[test]
    fn dropped_elements_leave_no_empty_shell() {
        let what = Redaction {
            strip_displays: BTreeSet::from(["Encounter.participant[0].individual".into()]),
            drop_elements: vec!["length.value".into(), "meta".into(), "nothing.there".into()],
        };
        insta::assert_snapshot!(text(redact(VISIT.as_bytes(), &what)), @r#"
        {"resourceType":"Encounter","id":"e1","meta":{"tag":[{"system":"http://terminology.hl7.org/CodeSystem/v3-ObservationValue","code":"SUBSETTED"}],"versionId":"1"},
         "participant":[{"individual":{"reference":"Practitioner/d1"}},
           {"individual":{"reference":"RelatedPerson/son","display":"Piotr"}}]}
        "#);
    }

    #[test]
    fn bytes_that_are_no_resource_are_never_shown() {
        assert!(redact(b"{", &Redaction::default()).is_err());
        assert!(strip_displays(b"[]", &|_, _| false).is_err());
    }

    /// Ten thousand cases, or a million with `CANDOUR_LONG`.
    fn config() -> ProptestConfig {
        let long = std::env::var_os("CANDOUR_LONG").is_some();
        ProptestConfig::with_cases(if long { 1_000_000 } else { 10_000 })
    }

    /// A part of a visit, as somebody might write it.
    fn parts() -> impl Strategy<Value = Vec<&'static str>> {
        let all = vec![
            r#""id":"e1""#,
            r#""meta":{"versionId":"1","tag":[{"system":"s","code":"c"}]}"#,
            r#""text":{"status":"generated","div":"<div>Piotr</div>"}"#,
            r#""subject":{"reference":"Patient/p1","display":"Marta"}"#,
            r#""participant":[{"individual":{"reference":"RelatedPerson/son","display":"Piotr","_display":{"id":"x"}}}, {"individual":{"display":"Dr Reid"}}]"#,
            r#""contained":[{"resourceType":"Patient","id":"c","text":{"status":"generated","div":"<div/>"}}]"#,
            r#""note":[{"text":"said by Piotr"}]"#,
            r#""length":{"value":107.50}"#,
        ];
        proptest::sample::subsequence(all, 0..=8).prop_shuffle()
    }

    proptest! {
        #![proptest_config(config())]

        /// P9: to redact what was redacted changes not one byte.
        #[test]
        fn p9_redacting_twice_is_redacting_once(
            parts in parts(),
            stripped in proptest::sample::subsequence(vec!["subject", "participant[0].individual", "participant.individual"], 0..=3),
            dropped in proptest::sample::subsequence(vec!["note", "participant.individual.display", "length.value", "meta"], 0..=4),
        ) {
            let comma = if parts.is_empty() { "" } else { "," };
            let visit = format!(r#"{{"resourceType":"Encounter"{comma}{}}}"#, parts.join(", "));
            let what = Redaction {
                strip_displays: stripped.into_iter().map(str::to_owned).collect(),
                drop_elements: dropped.into_iter().map(str::to_owned).collect(),
            };
            let once = text(redact(visit.as_bytes(), &what));
            prop_assert_eq!(&text(redact(once.as_bytes(), &what)), &once);
            let is_other = |rtype: &str, id: &str| rtype == "RelatedPerson" && id == "son";
            let stripped = text(strip_displays(visit.as_bytes(), &is_other));
            prop_assert!(!stripped.contains(r#""display":"Piotr""#));
            prop_assert_eq!(&text(strip_displays(stripped.as_bytes(), &is_other)), &stripped);
        }
    }
}
