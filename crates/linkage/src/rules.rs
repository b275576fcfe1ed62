//! What no weight may overrule: rules with names and reasons, from care and law.

use crate::Grade;
use crate::Scope;
use crate::compare::Compared;
use crate::people::{People, Row};

/// A rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Rule {
    /// Sealed.
    Sealed,
}

pub(crate) fn verdict(
    _scope: Scope,
    _people: &People,
    _one: &Row<'_>,
    _other: &Row<'_>,
    _compared: &Compared,
) -> Option<(Rule, Grade)> {
    None
}
