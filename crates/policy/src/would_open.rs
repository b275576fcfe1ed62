//! Whether something that the exchange itself says about a person may be told to a caller: a flag
//! for a message in force has no row of its own, so no decision about rows covers it.

use domain::{LabelClass, Timestamp};

use crate::case::{Case, Piece};
use crate::gates::{self, Finding, Footing, Verdict};
use crate::{Facts, Policies, Request};

/// Whether a resource with this label would be open to the caller, by the same gates in the same
/// order as a decision about a record that holds one.
#[must_use]
pub fn would_open(
    request: &Request,
    facts: &Facts,
    policies: &Policies,
    now: Timestamp,
    label: &LabelClass,
) -> bool {
    let case = Case::new(request, facts, policies, now);
    let first = gates::about_request(&case)
        .into_iter()
        .map(|(_, finding)| finding)
        .find(|finding| !matches!(finding, Finding::Silent));
    let footing = match first {
        Some(Finding::Refuses(_) | Finding::Refers(_)) => return false,
        Some(Finding::Admits(footing)) => footing,
        Some(Finding::Silent) | None => Footing::Holders(Vec::new()),
    };
    let piece = Piece { label, item: None };
    matches!(
        gates::about_class(&case, &footing, &piece),
        (_, Verdict::Open(_))
    )
}
