//! Gate 3: life and limb.
//!
//! Someone clinical, surely identified, who says why, sees everything but what is locked; a bar
//! still holds. The person is told, and somebody reviews the use unless an event proves that the
//! person was there (ICO Data Sharing Code, sharing in an emergency).

use domain::{Assurance, Purpose};

use crate::case::{Case, Piece};
use crate::decision::{Counterfactual, Ground};
use crate::explain::english;
use crate::gates::{Finding, Footing, Refusal, Verdict};
use crate::relationship;

/// Admits an established emergency; otherwise says what it lacks.
pub(crate) fn find(case: &Case<'_>) -> Finding {
    let Some(staff) = case.staff() else {
        return Finding::Silent;
    };
    if !claims_emergency(case) {
        return Finding::Silent;
    }
    if !staff.role.is_clinical() {
        let advice = vec![english::counterfactual("another-purpose")];
        return Finding::Refuses(Refusal::open(Ground::PurposeIncompatible, advice));
    }
    let lacking = lacking(case);
    if lacking.is_empty() {
        Finding::Admits(Footing::Emergency(relationship::standings(case)))
    } else {
        Finding::Refuses(Refusal::open(Ground::Unverified, lacking))
    }
}

/// Opens every class: locks are taken out resource by resource.
pub(crate) fn class(_: &Case<'_>, footing: &Footing, _: &Piece<'_>) -> Option<Verdict> {
    matches!(footing, Footing::Emergency(_)).then_some(Verdict::Open(None))
}

/// Whether the caller may use emergency access now, nothing lacking.
pub(crate) fn is_established(case: &Case<'_>) -> bool {
    claims_emergency(case)
        && case.staff().is_some_and(|staff| staff.role.is_clinical())
        && lacking(case).is_empty()
}

fn claims_emergency(case: &Case<'_>) -> bool {
    case.request.purpose.is_a(Purpose::Emergency)
}

fn lacking(case: &Case<'_>) -> Vec<Counterfactual> {
    let mut lacking = Vec::new();
    if case.reason().is_none() {
        lacking.push(english::counterfactual("reason"));
    }
    if case.request.caller.assurance < Assurance::Substantial {
        lacking.push(english::counterfactual("step-up"));
    }
    lacking
}
