//! What must be right before a resource is stored: references, and every value that is indexed.
//!
//! Structure and ids are checked while reading; whose record it is by [`crate::types::subject`].
//! Cardinality, bindings and profiles are not checked here.

use crate::consent;
use crate::document::{Document, Kind, Node};
use crate::outcome::{Issue, IssueCode};
use crate::references::{ReferenceKind, references};
use crate::search::{DateRange, ParamKind, params_of};

/// Everything that is wrong with a resource; empty if it may be stored.
#[must_use]
pub fn validate(document: &Document<'_>) -> Vec<Issue> {
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
    indexed_values(document, &mut issues);
    if document.resource_type() == "Consent" {
        issues.extend(consent::read(document).err());
    }
    issues
}

/// Checks the values that search compares: what cannot be read would never be found.
fn indexed_values(document: &Document<'_>, issues: &mut Vec<Issue>) {
    let root = document.root();
    for param in params_of(document.resource_type()) {
        for path in param.paths {
            root.each(path, &mut |node| {
                let expected = match param.kind {
                    ParamKind::Date => wrong_date(node),
                    ParamKind::Token => wrong_code(node),
                    ParamKind::String | ParamKind::Uri => wrong_text(node),
                    ParamKind::Reference => wrong_reference(node),
                };
                if let Some(expected) = expected {
                    let element = format!("{}.{path}", document.resource_type());
                    let issue = Issue::error(IssueCode::Value, format!("expected {expected}"));
                    let issue = issue.at(element).found(node.raw());
                    if !issues.contains(&issue) {
                        issues.push(issue);
                    }
                }
            });
        }
    }
}

fn wrong_date(node: Node<'_>) -> Option<&'static str> {
    let is_date = |node: Node<'_>| {
        node.as_str()
            .is_some_and(|text| DateRange::parse(&text).is_some())
    };
    match node.kind() {
        Kind::String => (!is_date(node)).then_some("a date such as 2027-01-11 or an instant"),
        // A Period or Timing may say nothing; the dates that it has must be dates.
        Kind::Object => {
            let ends = [
                "start",
                "end",
                "event",
                "repeat.boundsPeriod.start",
                "repeat.boundsPeriod.end",
            ];
            let dates = ends.iter().flat_map(|end| node.all(end));
            let all_good = dates.into_iter().all(is_date);
            (!all_good).then_some("dates such as 2027-01-11 or instants in this period")
        }
        Kind::Null => None,
        _ => Some("a date, an instant or a period"),
    }
}

fn wrong_code(node: Node<'_>) -> Option<&'static str> {
    match node.kind() {
        Kind::Number | Kind::Array => Some("a code, a coding, an identifier or true or false"),
        _ => None,
    }
}

fn wrong_text(node: Node<'_>) -> Option<&'static str> {
    match node.kind() {
        Kind::String | Kind::Object | Kind::Null => None,
        _ => Some("text"),
    }
}

fn wrong_reference(node: Node<'_>) -> Option<&'static str> {
    match node.kind() {
        Kind::Object | Kind::Null => None,
        _ => Some("a reference such as {\"reference\": \"Patient/p1\"}"),
    }
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
                r#"Patient.birthDate: expected a date such as 2027-01-11 or an instant; found "\"09/03/1947\"""#
            ]
        );
        assert_eq!(
            problems(r#"{"resourceType":"Encounter","period":{"start":"2027-01-32"}}"#).len(),
            1
        );
    }

    #[test]
    fn a_malformed_reference_is_refused() {
        assert_eq!(
            problems(r#"{"resourceType":"Flag","author":{"reference":"Dr Reid"}}"#),
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
}
