//! Whose record: one line for each rule.

use super::*;
use crate::document::{Limits, parse};

/// What [`subject`] says, in few words.
fn whose(text: &str) -> String {
    let document = parse(text.as_bytes(), &Limits::default()).unwrap();
    match subject(&document) {
        Ok(SubjectRef::Itself) => "itself".into(),
        Ok(SubjectRef::Person(reference)) => format!("person {}", reference.text),
        Ok(SubjectRef::Identified { system, value, .. }) => format!("identified {system}|{value}"),
        Ok(SubjectRef::Through(reference)) => format!("through {}", reference.text),
        Ok(SubjectRef::Directory) => "directory".into(),
        Ok(SubjectRef::Definition) => "definition".into(),
        Err(issue) => format!("refused at {}", issue.expression.join(",")),
    }
}

#[test]
fn a_record_names_its_person() {
    for (resource, expected) in [
        (r#"{"resourceType":"Patient","id":"p"}"#, "itself"),
        (
            r#"{"resourceType":"Flag","subject":{"reference":"Patient/p"}}"#,
            "person Patient/p",
        ),
        (
            r#"{"resourceType":"Consent","patient":{"reference":"https://x.example/fhir/Patient/p"}}"#,
            "person https://x.example/fhir/Patient/p",
        ),
        (
            r#"{"resourceType":"Coverage","beneficiary":{"reference":"Patient?identifier=s|1"},"payor":[{"reference":"Patient/q"}]}"#,
            "person Patient?identifier=s|1",
        ),
        (
            r#"{"resourceType":"Task","for":{"reference":"urn:uuid:1"},"focus":{"reference":"Patient/q"}}"#,
            "person urn:uuid:1",
        ),
        (
            r#"{"resourceType":"Condition","subject":{"identifier":{"system":"s","value":"1"}}}"#,
            "identified s|1",
        ),
        (
            r#"{"resourceType":"Appointment","participant":[{"actor":{"reference":"Practitioner/d"}},{"actor":{"reference":"Patient/p"}}]}"#,
            "person Patient/p",
        ),
        (
            r#"{"resourceType":"Communication","sender":{"reference":"Patient/p"},"recipient":[{"reference":"Practitioner/d"}]}"#,
            "person Patient/p",
        ),
        (
            r#"{"resourceType":"Observation","encounter":{"reference":"Encounter/e"}}"#,
            "through Encounter/e",
        ),
        (
            r#"{"resourceType":"Observation","subject":{"reference":"Device/d"}}"#,
            "through Device/d",
        ),
        (
            r#"{"resourceType":"Provenance","target":[{"reference":"Observation/o"}]}"#,
            "through Observation/o",
        ),
        (
            r#"{"resourceType":"Binary","securityContext":{"reference":"DocumentReference/r"}}"#,
            "through DocumentReference/r",
        ),
    ] {
        assert_eq!(whose(resource), expected, "{resource}");
    }
}

#[test]
fn a_record_that_names_nobody_or_several_is_refused_at_its_element() {
    for (resource, element) in [
        (
            r#"{"resourceType":"Observation","code":{"text":"x"}}"#,
            "Observation.subject",
        ),
        (
            r#"{"resourceType":"Binary","contentType":"text/plain"}"#,
            "Binary.securityContext",
        ),
        (
            r#"{"resourceType":"Flag","subject":{"display":"Marta"}}"#,
            "Flag.subject",
        ),
        (
            r#"{"resourceType":"Flag","subject":{"reference":"Location/ward"}}"#,
            "Flag.subject",
        ),
        (
            r##"{"resourceType":"Flag","subject":{"reference":"#p"}}"##,
            "Flag.subject",
        ),
        (
            r#"{"resourceType":"Account","subject":[{"reference":"Patient/p"},{"reference":"Patient/q"}]}"#,
            "Account.subject",
        ),
        (
            r#"{"resourceType":"Group","type":"person","actual":true,"member":[{"entity":{"reference":"Patient/p"}}]}"#,
            "Group",
        ),
        (r#"{"resourceType":"Parameters"}"#, "Parameters"),
        (
            r#"{"resourceType":"Bundle","type":"searchset"}"#,
            "Bundle.type",
        ),
    ] {
        assert_eq!(
            whose(resource),
            format!("refused at {element}"),
            "{resource}"
        );
    }
}

#[test]
fn the_directory_names_nobody_not_even_in_words() {
    for (resource, expected) in [
        (
            r#"{"resourceType":"Device","type":{"text":"pump"}}"#,
            "directory",
        ),
        (
            r#"{"resourceType":"Device","patient":{"reference":"Patient/p"}}"#,
            "person Patient/p",
        ),
        (
            r#"{"resourceType":"Device","patient":{"display":"Marta"}}"#,
            "refused at Device.patient",
        ),
        (
            r#"{"resourceType":"Schedule","actor":[{"reference":"Location/l"},{"type":"Practitioner","display":"Dr Reid"}]}"#,
            "directory",
        ),
        (
            r#"{"resourceType":"Schedule","actor":[{"reference":"RelatedPerson/son"}]}"#,
            "through RelatedPerson/son",
        ),
        (
            r##"{"resourceType":"Contract","subject":[{"reference":"#p"}]}"##,
            "refused at Contract.subject",
        ),
        (
            r#"{"resourceType":"Group","type":"person","actual":false}"#,
            "directory",
        ),
        (r#"{"resourceType":"ValueSet"}"#, "definition"),
    ] {
        assert_eq!(whose(resource), expected, "{resource}");
    }
}

#[test]
fn a_kept_bundle_is_about_one_person() {
    let bundle = |entries: &str| {
        whose(&format!(
            r#"{{"resourceType":"Bundle","type":"collection","entry":[{entries}]}}"#
        ))
    };
    let flag = |id: &str| {
        format!(
            r#"{{"resource":{{"resourceType":"Flag","subject":{{"reference":"Patient/{id}"}}}}}}"#
        )
    };
    let patient = r#"{"resource":{"resourceType":"Patient"}}"#;
    let value_set = r#"{"resource":{"resourceType":"ValueSet"}}"#;
    assert_eq!(
        bundle(&format!("{patient},{},{}", flag("p"), flag("p"))),
        "person Patient/p"
    );
    assert_eq!(
        bundle(&format!("{},{}", flag("p"), flag("q"))),
        "refused at Bundle.entry"
    );
    assert_eq!(
        bundle(&format!("{patient},{patient},{}", flag("p"))),
        "refused at Bundle.entry"
    );
    assert_eq!(
        bundle(patient),
        "refused at Bundle.entry",
        "a copy of a Patient is not public"
    );
    assert_eq!(bundle(value_set), "definition");
    assert_eq!(
        bundle(r#"{"resource":{"resourceType":"Bundle"}}"#),
        "refused at Bundle.entry.resource"
    );
}
