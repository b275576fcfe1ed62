//! HL7's 848 official R4 examples: every one is read, stamped and given back byte for byte.

use super::data;

use fhir::references::references;
use fhir::splice::{Edits, Stamp, stamp};
use fhir::types::{SubjectRef, subject};
use fhir::{Limits, parse};

const STAMP: Stamp<'static> = Stamp {
    id: "q7w3",
    version: 3,
    last_updated: "2027-01-11T09:00:00.000Z",
    security: &[(
        "http://terminology.hl7.org/CodeSystem/v3-Confidentiality",
        "N",
    )],
};

#[test]
fn every_example_is_stamped_and_given_back_byte_for_byte() {
    let Some(examples) = data::official_examples() else {
        return;
    };
    assert_eq!(examples.len(), 848);
    let mut counted = 0;
    for (name, original) in &examples {
        let document =
            parse(original, &Limits::default()).unwrap_or_else(|issue| panic!("{name}: {issue}"));
        let found = references(&document);
        counted += found.len();
        let replaced: Vec<_> = found
            .iter()
            .map(|one| (one.value.clone(), format!("Basic/{}", one.text.len())))
            .collect();
        let edits = stamp(&document, &STAMP, &replaced);
        let resource = edits.apply(original);

        let served =
            parse(&resource, &Limits::default()).unwrap_or_else(|issue| panic!("{name}: {issue}"));
        assert_eq!(served.id(), Some("q7w3"), "{name}");
        assert_eq!(served.version_id().as_deref(), Some("3"), "{name}");
        assert!(
            references(&served)
                .iter()
                .all(|one| one.text.starts_with("Basic/")),
            "{name}"
        );
        let undo = Edits::decode(&edits.inverse(original).encode()).unwrap();
        assert!(
            undo.apply(&resource) == *original,
            "{name} does not come back"
        );
    }
    // As many as a search for `"reference": "..."` in the parsed files finds, less the URI of
    // Immunization.education.
    assert_eq!(counted, 564);
}

#[test]
fn the_tree_holds_what_an_independent_reader_finds() {
    let Some(examples) = data::official_examples() else {
        return;
    };
    for (name, original) in &examples {
        let document = parse(original, &Limits::default()).unwrap();
        let oracle: serde_json::Value = serde_json::from_slice(original).unwrap();
        assert!(same(document.root(), &oracle), "{name}");
    }
}

/// Whether a node and a value of `serde_json` say the same.
fn same(node: fhir::document::Node<'_>, value: &serde_json::Value) -> bool {
    use serde_json::Value;
    match value {
        Value::Object(members) => {
            members.len() == node.children().count()
                && node
                    .children()
                    .zip(members)
                    .all(|(child, (key, value))| child.key() == key && same(child, value))
        }
        Value::Array(items) => {
            items.len() == node.children().count()
                && node
                    .children()
                    .zip(items)
                    .all(|(child, item)| same(child, item))
        }
        Value::String(text) => node.as_str().as_deref() == Some(text),
        Value::Bool(value) => node.as_bool() == Some(*value),
        Value::Number(number) => node.raw().parse::<f64>().ok() == number.as_f64(),
        Value::Null => node.raw() == "null",
    }
}

#[test]
fn every_example_belongs_to_someone_or_says_why_not() {
    let Some(examples) = data::official_examples() else {
        return;
    };
    let (mut people, mut nobody) = (0, 0);
    let mut refused = Vec::new();
    for (name, original) in &examples {
        let document = parse(original, &Limits::default()).unwrap();
        match subject(&document) {
            Ok(SubjectRef::Directory | SubjectRef::Definition) => nobody += 1,
            Ok(_) => people += 1,
            Err(issue) => refused.push(format!("{name}: {issue}")),
        }
    }
    insta::assert_snapshot!(refused.join("\n"));
    assert_eq!((people, nobody, refused.len()), (145, 685, 18));
}

#[test]
fn every_example_passes_validation_or_says_what_is_wrong() {
    let Some(examples) = data::official_examples() else {
        return;
    };
    let mut refused = Vec::new();
    for (name, original) in &examples {
        let document = parse(original, &Limits::default()).unwrap();
        let issues = fhir::validate::errors(&document);
        refused.extend(issues.iter().map(|issue| {
            format!(
                "{name}: {issue}; {}",
                issue.diagnostics.as_deref().unwrap_or("-")
            )
        }));
    }
    insta::assert_snapshot!(refused.join("\n"));
}
