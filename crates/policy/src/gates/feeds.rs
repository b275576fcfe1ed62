//! Routine feeds from system to system (part of gate 7).
//!
//! A feed needs an agreement with a flow that names it, and is held without one. What keeps people
//! safe goes on all the same, as a recorded breach. Nobody who looks is ever refused for want of an
//! agreement.

use domain::arrangement::{Agreement, Flow};
use domain::{Category, LabelClass, OrganisationId};

use crate::case::Case;
use crate::decision::Ground;
use crate::gates::Verdict;

/// What goes on without an agreement.
const SAFETY: &[Category] = &[Category::Alerts, Category::Allergies, Category::Protection];

/// Opens what a live flow names, and safety feeds; holds the rest.
pub(crate) fn class(case: &Case<'_>, label: &LabelClass) -> Verdict {
    if flow(case, label).is_some() || is_safety(label) {
        Verdict::Open(None)
    } else {
        Verdict::Withheld(Ground::NoAgreement, None)
    }
}

/// The flow of an agreement in force that names this class.
pub(crate) fn flow<'a>(
    case: &'a Case<'_>,
    label: &LabelClass,
) -> Option<(&'a Agreement, &'a Flow)> {
    let to = case.staff()?.organisation;
    let purpose = case.request.purpose;
    let live = case.agreements().filter(|it| it.is_live(case.now));
    live.flat_map(|agreement| agreement.flows.iter().map(move |flow| (agreement, flow)))
        .find(|(agreement, flow)| {
            flow.from == label.custodian
                && flow.to == *to
                && agreement.parties.contains(to)
                && agreement.parties.contains(&flow.from)
                && label.categories.is_subset(&flow.items)
                && flow.purposes.iter().any(|named| purpose.is_a(*named))
        })
}

fn is_safety(label: &LabelClass) -> bool {
    label
        .categories
        .iter()
        .all(|category| SAFETY.contains(category))
}

/// Whether a safety feed of this class goes on without an agreement.
pub(crate) fn is_breach(case: &Case<'_>, label: &LabelClass) -> bool {
    is_safety(label) && flow(case, label).is_none()
}

/// Whether an agreement between the caller's agency and this holder has lapsed and none is in force.
pub(crate) fn has_lapsed(case: &Case<'_>, holder: &OrganisationId) -> bool {
    let Some(staff) = case.staff() else {
        return false;
    };
    let between = || {
        case.agreements().filter(|agreement| {
            agreement.parties.contains(staff.organisation) && agreement.parties.contains(holder)
        })
    };
    between().any(|agreement| agreement.until.is_some_and(|until| until.0 <= case.now))
        && !between().any(|agreement| agreement.is_live(case.now))
}
