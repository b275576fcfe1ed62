//! Gate 8: what holds where nothing else speaks.
//!
//! Ordinary information is shared with those whom local policy names. What is held closely opens
//! only where the caller works in its care area or for the agency that wrote it. What no rule
//! could sort opens only to those whom an event brings to the person's direct care. A secondary
//! use has no lawful basis here; anything undetermined goes to the holder, never silently away.

use std::sync::Arc;

use domain::{Category, Confidentiality, LabelClass};

use crate::case::Case;
use crate::decision::Ground;
use crate::explain::english;
use crate::gates::objections::is_secondary_use;
use crate::gates::{Finding, Footing, Refusal, Verdict};
use crate::relationship;

/// Refuses secondary uses; sends whatever is left to the holders.
pub(crate) fn find(case: &Case<'_>) -> Finding {
    if is_secondary_use(case.request.purpose) {
        let advice = vec![english::counterfactual("approval")];
        return Finding::Refuses(Refusal::open(Ground::NoLawfulBasis, advice));
    }
    Finding::Admits(Footing::Holders(relationship::standings(case)))
}

/// Decides about a class that local policy opened.
pub(crate) fn class(
    case: &Case<'_>,
    footing: &Footing,
    class: &LabelClass,
    policy: Arc<str>,
) -> Verdict {
    let own = case.is_own(&class.custodian) && footing.is_evidenced();
    let in_direct_care = footing.is_evidenced() && case.request.purpose.is_direct_care();
    let unsorted = class.categories.contains(&Category::Unsorted);
    let closely_held = class.confidentiality > Confidentiality::Normal;

    if own {
        Verdict::Open(Some(policy))
    } else if unsorted && !in_direct_care {
        Verdict::Withheld(Ground::MoreThanNecessary, None)
    } else if closely_held && !works_in_area(case, footing, class) {
        let sensitivity = class.sensitivities.first().copied();
        Verdict::Withheld(Ground::MoreThanNecessary, sensitivity)
    } else {
        Verdict::Open(Some(policy))
    }
}

fn works_in_area(case: &Case<'_>, footing: &Footing, class: &LabelClass) -> bool {
    let areas = case.policies.care_areas();
    footing.is_evidenced()
        && case
            .staff()
            .is_some_and(|staff| areas.open(staff.role, staff.team, class))
}
