//! Synthea's 7,160 resources: read, stamped, given back, indexed and sorted to their people.

use super::data;

use fhir::references::{ReferenceKind, references};
use fhir::splice::{Stamp, stamp};
use fhir::types::{SubjectRef, subject};
use fhir::{Limits, parse};

#[test]
fn every_resource_comes_back_and_belongs_to_a_patient_or_the_directory() {
    let Some(resources) = data::synthea() else {
        return;
    };
    assert_eq!(resources.len(), 7_160);
    let (mut people, mut directory, mut conditional, mut values) = (0, 0, 0, 0);
    for (name, original) in &resources {
        let document =
            parse(original, &Limits::default()).unwrap_or_else(|issue| panic!("{name}: {issue}"));
        let label = [(
            "http://terminology.hl7.org/CodeSystem/v3-Confidentiality",
            "R",
        )];
        let edits = stamp(
            &document,
            &Stamp {
                id: "a",
                version: 1,
                last_updated: "2027-01-11T09:00:00.000Z",
                security: &label,
            },
            &[],
        );
        assert!(
            edits.inverse(original).apply(&edits.apply(original)) == *original,
            "{name}"
        );
        match subject(&document) {
            Ok(SubjectRef::Person(_) | SubjectRef::Itself) => people += 1,
            Ok(SubjectRef::Directory) => directory += 1,
            other => panic!("{name}: {other:?}"),
        }
        let found = references(&document);
        conditional += found
            .iter()
            .filter(|one| matches!(one.kind, ReferenceKind::Conditional { .. }))
            .count();
        values += fhir::index::index(&document).len();
        assert_eq!(fhir::validate::validate(&document), [], "{name}");
    }
    assert_eq!((people, directory), (6_987, 173));
    assert_eq!(conditional, 10_037);
    assert_eq!(values, 86_767);
}

#[test]
fn notes_are_read_whole() {
    let Some(resources) = data::synthea() else {
        return;
    };
    let notes: Vec<_> = resources
        .iter()
        .filter(|(name, _)| name.starts_with("DocumentReference"))
        .collect();
    let mut words = 0;
    for (name, bytes) in &notes {
        let document = parse(bytes, &Limits::default()).unwrap();
        let evidence = fhir::evidence::evidence(&document);
        assert_eq!(evidence.texts_unread, 0, "{name}");
        let longest = evidence.texts.iter().max_by_key(|text| text.len()).unwrap();
        words += longest.split_whitespace().count();
    }
    // As many as decoding the attachments by other means counts.
    assert_eq!((notes.len(), words), (1_215, 224_292));
}
