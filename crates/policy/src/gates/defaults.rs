//! Gate 8: what holds where nothing else speaks.
//!
//! Ordinary information is shared with those whom local policy names. What is held closely opens
//! only where the caller works in its care area or for the agency that wrote it. What no rule
//! could sort opens only to those whom an event brings to the person's direct care. A secondary
//! use has no lawful basis here, nor has an inspection that no requirement covers; anything
//! undetermined goes to the holder, never silently away.

use std::sync::Arc;

use domain::arrangement::Approval;
use domain::reach::Falls;
use domain::{Category, Confidentiality, LabelClass, Purpose};

use crate::case::{Case, Piece};
use crate::decision::Ground;
use crate::explain::english;
use crate::gates::consents::{self, Says};
use crate::gates::objections::is_secondary_use;
use crate::gates::{Finding, Footing, Missing, Refusal, Verdict, holders};
use crate::relationship;

/// Refuses secondary uses and inspections beyond what is required; sends whatever is left to the
/// holders.
pub(crate) fn find(case: &Case<'_>) -> Finding {
    if is_secondary_use(case.request.purpose) {
        if case.staff().is_some() && (approvals(case).next().is_some() || consents::names_use(case))
        {
            return Finding::Admits(Footing::Approved);
        }
        let advice = vec![english::counterfactual("approval")];
        return Finding::Refuses(Refusal::open(Ground::NoLawfulBasis, advice));
    }
    if is_uncovered_inspection(case) {
        let advice = vec![english::counterfactual("new-requirement")];
        return Finding::Refuses(Refusal::open(Ground::NoLawfulBasis, advice));
    }
    Finding::Admits(Footing::Holders(relationship::standings(case)))
}

/// Whether this is an inspection of what nobody required, and neither the person nor a holder of
/// their information named whoever asks.
///
/// A regulator's power is that of its requirement: a visit to one home, for some days. What admits
/// it is decided at the gate of duties. Asking every holder about a person of another home would
/// put a decision that the law has made already on somebody's list (Public Services Reform
/// (Scotland) Act 2010 Part 5).
fn is_uncovered_inspection(case: &Case<'_>) -> bool {
    case.request.purpose == Purpose::Regulator
        && !consents::names_asker(case)
        && !holders::any(case)
}

/// The approvals under which a secondary use is asked for: one may be for less than another.
fn approvals<'a>(case: &'a Case<'_>) -> impl Iterator<Item = &'a Approval> {
    let organisation = case.staff().map(|staff| staff.organisation);
    case.known().approvals.iter().filter(move |approval| {
        organisation.is_some_and(|it| approval.organisation == *it)
            && approval.is_live(case.now)
            && case.request.purpose.is_a(approval.purpose)
    })
}

/// Opens what a panel approved, or the person agreed to; and what they agreed that somebody named
/// may see although local policy would hold it back.
pub(crate) fn agreed(case: &Case<'_>, footing: &Footing, piece: &Piece<'_>) -> Option<Verdict> {
    let approved = || approvals(case).any(|approval| piece.falls(&approval.about) == Falls::Under);
    let says = || consents::say(case, piece);
    let open = match footing {
        Footing::Approved => approved() || matches!(says(), Says::Yes { .. }),
        Footing::Agreed | Footing::Care(_) | Footing::Holders(_) => {
            !case.known().consents.is_empty() && says() == (Says::Yes { named: true })
        }
        _ => false,
    };
    open.then_some(Verdict::Open(None))
}

/// What is missing where nothing determines a request.
pub(crate) fn missing(case: &Case<'_>) -> Missing {
    match case.request.purpose {
        Purpose::ChildWellbeing => Missing::WellbeingBasis,
        Purpose::ChildrensHearing => Missing::ReporterRequest,
        Purpose::PoliceInquiry => Missing::PoliceRequest,
        _ => Missing::HolderJudgement,
    }
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
