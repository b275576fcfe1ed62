//! Invariants: what HL7 says must hold between the elements of a resource, in FHIRPath
//! (<https://hl7.org/fhir/R4/conformance-rules.html#constraints>).
//!
//! They come from HL7's own definitions as a table and are evaluated on every element that they
//! stand at. An invariant fails where it is false; where it gives nothing, such as a comparison of
//! a year with a day in it, it does not say.

mod table;
#[cfg(test)]
mod tests;
mod walk;

use std::borrow::Cow;

pub use table::all;

use crate::document::Document;
use crate::fhirpath::{Element, Environment, Expression, Fault, Steps};
use crate::outcome::{Issue, IssueCode, Severity};

/// How many steps all invariants of one resource may take: some tenths of a second.
const MOST_STEPS: u64 = 4_000_000;

/// The most failures that are told of one resource.
const MOST_ISSUES: usize = 100;

/// A condition at an element.
#[derive(Debug, Clone)]
pub struct Invariant {
    /// Its name in the specification or profile, such as `pat-1`.
    pub key: Cow<'static, str>,
    /// An error, a warning, or advice, which is told as information.
    pub severity: Severity,
    /// The condition.
    pub expression: Expression,
    /// The condition in its author's words.
    pub words: Cow<'static, str>,
}

/// Every invariant of R4 that a resource breaks, errors first, and what could not be evaluated.
#[must_use]
pub fn check(document: &Document<'_>) -> Vec<Issue> {
    let Some(root) = Element::resource(document.root()) else {
        return Vec::new();
    };
    let mut told = Told::default();
    walk::walk(&root, &mut told);
    told.issues()
}

/// What has been found wrong, with the work that may still be done.
#[derive(Debug)]
pub(crate) struct Told {
    issues: Vec<Issue>,
    /// What could not be evaluated: key and reason, each once.
    unseen: Vec<(Cow<'static, str>, Fault)>,
    steps: Steps,
}

impl Default for Told {
    fn default() -> Self {
        Self {
            issues: Vec::new(),
            unseen: Vec::new(),
            steps: Steps::new(MOST_STEPS),
        }
    }
}

impl Told {
    /// Evaluates an invariant on an element and notes what follows; `path` says where it stands.
    pub(crate) fn hold<'d>(
        &mut self,
        invariant: &'d Invariant,
        element: &Element<'d>,
        environment: &Environment<'d>,
        path: &dyn Fn() -> String,
    ) {
        let holds = invariant
            .expression
            .holds(element, environment, &mut self.steps);
        match holds {
            Ok(Some(false)) => {
                if self.issues.len() < 10 * MOST_ISSUES {
                    self.issues.push(broken(invariant, element, path()));
                }
            }
            Ok(_) => {}
            Err(fault) => {
                let is_known = |(key, _): &(Cow<'_, str>, Fault)| *key == invariant.key;
                if !self.unseen.iter().any(is_known) {
                    self.unseen.push((invariant.key.clone(), fault));
                }
            }
        }
    }

    /// What was found, errors first, and what could not be evaluated.
    pub(crate) fn issues(mut self) -> Vec<Issue> {
        self.issues.sort_by_key(|issue| match issue.severity {
            Severity::Fatal | Severity::Error => 0,
            Severity::Warning => 1,
            Severity::Information => 2,
        });
        self.issues.truncate(MOST_ISSUES);
        self.issues.extend(not_evaluated(&self.unseen));
        self.issues
    }
}

fn broken(invariant: &Invariant, element: &Element<'_>, path: String) -> Issue {
    let details = format!("{}: {}", invariant.key, invariant.words);
    let issue = Issue::error(IssueCode::Invariant, details).at(path);
    let issue = issue.with_severity(invariant.severity);
    match element.node() {
        Some(node) => issue.found(node.raw()),
        None => issue,
    }
}

fn not_evaluated(unseen: &[(Cow<'static, str>, Fault)]) -> Option<Issue> {
    if unseen.is_empty() {
        return None;
    }
    let unseen: Vec<String> = unseen
        .iter()
        .map(|(key, fault)| format!("{key} ({fault})"))
        .collect();
    let details = format!("not evaluated: {}", unseen.join("; "));
    let issue = Issue::error(IssueCode::Informational, details);
    Some(issue.with_severity(Severity::Information))
}
