//! HL7's own invariants on HL7's own examples, and on Synthea's data.

use super::data;

use fhir::outcome::Severity;
use fhir::{Limits, parse};

#[test]
fn every_invariant_is_evaluated_on_every_example_or_says_what_is_wrong() {
    let Some(examples) = data::official_examples() else {
        return;
    };
    let mut told = Vec::new();
    for (name, original) in &examples {
        let document = parse(original, &Limits::default()).unwrap();
        for issue in fhir::invariants::check(&document) {
            assert!(
                !issue.details.starts_with("not evaluated"),
                "{name}: {issue}"
            );
            if issue.severity != Severity::Information {
                told.push(format!("{name}: {} {issue}", issue.severity.code()));
            }
        }
    }
    insta::assert_snapshot!(told.join("\n"));
}

#[test]
fn synthea_breaks_no_invariant() {
    let Some(resources) = data::synthea() else {
        return;
    };
    for (name, original) in &resources {
        let document = parse(original, &Limits::default()).unwrap();
        let issues = fhir::invariants::check(&document);
        let wrong = issues
            .iter()
            .find(|issue| issue.severity != Severity::Information);
        assert_eq!(wrong, None, "{name}");
    }
}
