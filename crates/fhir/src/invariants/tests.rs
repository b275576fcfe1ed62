//! Stories about invariants.

use super::table::{TABLE, of_type};
use super::{all, check};
use crate::document::{Limits, parse};

/// What is said of a resource, with how bad it is.
fn told(text: &str) -> Vec<String> {
    let document = parse(text.as_bytes(), &Limits::default()).unwrap();
    let issues = check(&document).into_iter();
    let told = issues.map(|issue| format!("{}: {issue}", issue.severity.code()));
    told.filter(|told| !told.contains("dom-6")).collect()
}

#[test]
fn every_line_of_the_table_is_read() {
    let lines = TABLE.lines().filter(|line| line.starts_with('\t')).count();
    assert_eq!(all().count(), lines);
    for line in TABLE.lines().filter(|line| line.starts_with('\t')) {
        let expression = line.split('\t').nth(2).unwrap();
        if let Err(error) = crate::fhirpath::Expression::parse(expression) {
            panic!("{expression}: {error}");
        }
    }
}

#[test]
fn whom_to_ring_for_netta_must_be_reachable() {
    let text = r#"{"resourceType":"Patient","name":[{"family":"Dunsmore"}],
        "contact":[{"name":{"text":"Her sister"}},{"gender":"female"}]}"#;
    assert_eq!(
        told(text),
        [
            "error: Patient.contact[1]: pat-1: SHALL at least contain a contact's details or a reference to an organization"
        ]
    );
}

#[test]
fn of_every_element_it_is_asked_only_that_it_says_something() {
    let [only] = of_type("Element") else {
        panic!("the walk asks no more of elements that have a value");
    };
    assert_eq!(only.key, "ele-1");
    let text = r#"{"resourceType":"Patient","name":[{"id":"n1"}],"_birthDate":{"id":"b1"}}"#;
    assert_eq!(
        told(text),
        [
            "error: Patient.name[0]: ele-1: All FHIR elements must have a @value or children",
            "error: Patient.birthDate: ele-1: All FHIR elements must have a @value or children",
        ]
    );
}
