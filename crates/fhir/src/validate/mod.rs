//! What must be right before a resource is stored: its structure, its values, its references.
//!
//! Whose record it is is checked by [`crate::types::subject`], and profiles by [`crate::profile`].

mod primitive;
mod structure;

use crate::consent;
use crate::document::Document;
use crate::outcome::{Issue, IssueCode, Severity};
use crate::references::{ReferenceKind, references};

/// The most issues that are told of one resource.
const MOST_ISSUES: usize = 100;

/// Everything that is wrong with a resource; it may be stored if none of it is an error.
///
/// Each issue says where, what was found and what is expected
/// (<https://hl7.org/fhir/R4/validation.html>: structure, cardinality, value domains, and bindings
/// of strength `required`).
#[must_use]
pub fn validate(document: &Document<'_>) -> Vec<Issue> {
    // What a Consent says to us is told in our own words before any others.
    if document.resource_type() == "Consent"
        && let Err(issue) = consent::read(document)
    {
        return vec![issue];
    }
    let mut issues = Vec::new();
    for reference in references(document) {
        if reference.kind == ReferenceKind::Malformed {
            let details = "expected Type/id, Type?query, #id, urn:uuid:... or a whole URL";
            let issue = Issue::error(IssueCode::Value, details);
            issues.push(
                issue
                    .at(format!("{}.reference", reference.path))
                    .found(&reference.text),
            );
        }
    }
    structure::check(document, &mut issues);
    // Errors first, so that none is cut off behind warnings.
    issues.sort_by_key(|issue| issue.severity != Severity::Error);
    issues.truncate(MOST_ISSUES);
    issues
}

/// The errors among what is wrong: those for which a resource is refused.
#[must_use]
pub fn errors(document: &Document<'_>) -> Vec<Issue> {
    let mut issues = validate(document);
    issues.retain(|issue| issue.severity == Severity::Error);
    issues
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::{Limits, parse};

    fn problems(text: &str) -> Vec<String> {
        let document = parse(text.as_bytes(), &Limits::default()).unwrap();
        let issues = validate(&document);
        issues
            .iter()
            .map(|issue| format!("{issue}; {}", issue.diagnostics.as_deref().unwrap_or("-")))
            .collect()
    }

    #[test]
    fn a_bad_date_says_where_what_was_found_and_what_is_expected() {
        assert_eq!(
            problems(r#"{"resourceType":"Patient","birthDate":"09/03/1947"}"#),
            [
                r#"Patient.birthDate: expected a date such as 2027-01-11, 2027-01 or 2027; found "\"09/03/1947\"""#
            ]
        );
        assert_eq!(
            problems(
                r#"{"resourceType":"Encounter","status":"finished","class":{"code":"IMP"},"period":{"start":"2027-01-32"}}"#
            ),
            [
                r#"Encounter.period.start: expected a date such as 2027-01-11, or a time with its zone such as 2027-01-11T09:30:00Z; found "\"2027-01-32\"""#
            ]
        );
    }

    #[test]
    fn a_malformed_reference_is_refused() {
        assert_eq!(
            problems(
                r#"{"resourceType":"Flag","status":"active","code":{"text":"Dog"},"subject":{"reference":"Patient/p1"},"author":{"reference":"Dr Reid"}}"#
            ),
            [
                r#"Flag.author.reference: expected Type/id, Type?query, #id, urn:uuid:... or a whole URL; found "Dr Reid""#
            ]
        );
    }

    #[test]
    fn good_data_that_looks_bad_passes() {
        let none: [&str; 0] = [];
        assert_eq!(
            problems(
                r#"{"resourceType":"Patient","birthDate":"1947","name":[{"family":"O’Hara-Ó Dálaigh"},{"text":"Suharto"},{"given":["李"]}],"deceasedDateTime":"2026-12"}"#
            ),
            none
        );
    }

    #[test]
    fn what_is_there_too_often_or_not_at_all_is_named() {
        assert_eq!(
            problems(
                r#"{"resourceType":"Observation","status":"done","code":[{"text":"Pulse"}],
                    "category":{"text":"vital"},"valueInteger":7,"valueString":"7","colour":"red",
                    "subject":{"reference":"Organization/o1"},"effectiveDateTime":"2027-01-11T09:30:00"}"#
            ),
            [
                r#"Observation.status: expected a code of the value set http://hl7.org/fhir/ValueSet/observation-status; found "done""#,
                r#"Observation.code: expected one value and no list; found "[""#,
                r#"Observation.category: expected a list; found "{\"text\":\"vital\"}""#,
                r#"Observation.valueString: value[x] may be given in one way only; found "valueString""#,
                r#"Observation.colour: Observation has no such element in FHIR R4; found "colour""#,
                r#"Observation.subject.reference: expected a reference to Device or Group or Location or Patient; found "Organization/o1""#,
                r#"Observation.effectiveDateTime: expected a date such as 2027-01-11, or a time with its zone such as 2027-01-11T09:30:00Z; found "\"2027-01-11T09:30:00\"""#,
            ]
        );
        assert_eq!(
            problems(r#"{"resourceType":"Observation","_status":{"extension":[{"url":"urn:x"}]}}"#),
            [
                r#"Observation._status.extension[0]: an extension has either a value or extensions of its own; found "{\"url\":\"urn:x\"}""#,
                "Observation.code: this element must be present; -",
            ]
        );
    }

    #[test]
    fn contained_resources_and_companions_of_values_are_checked_as_well() {
        assert_eq!(
            problems(
                r##"{"resourceType":"Patient","contained":[{"resourceType":"Organization","id":"o","active":"yes"}],
                    "managingOrganization":{"reference":"#o"},
                    "name":[{"given":["Ewa",null],"_given":[null,{"extension":[{"url":"urn:x","valueCode":"masked"}]}]}],
                    "_birthDate":{"extension":[{"url":"urn:x","valueCode":"unknown"}]},
                    "gender":"female","_gender":{"colour":"red"},
                    "contact":[{"gender":"f"}],"_contact":[{"id":"x"}]}"##
            ),
            [
                r#"Patient.contained[0].active: expected true or false; found "\"yes\"""#,
                r#"Patient._gender.colour: Element has no such element in FHIR R4; found "colour""#,
                r#"Patient.contact[0].gender: expected a code of the value set http://hl7.org/fhir/ValueSet/administrative-gender; found "f""#,
                r#"Patient._contact: only values of primitive types have such a member; found "_contact""#,
            ]
        );
    }
}
