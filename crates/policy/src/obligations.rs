//! What a decision obliges somebody to do, beyond accounting for it.

use domain::{Category, Purpose, Role};

use crate::case::Case;
use crate::decision::{Ground, Obligation};
use crate::gates::{Footing, feeds, objections, relatives, representation, requirements};
use crate::tally::Tally;

/// What follows from deciding on this footing, with this result.
pub(crate) fn of(case: &Case<'_>, footing: &Footing, tally: &Tally) -> Vec<Obligation> {
    let mut owed = Vec::new();
    if tally.answer().shares() {
        owed.extend(of_sharing(case, footing, tally));
    }
    if case.request.purpose == Purpose::ChildWellbeing && objections::any_no(case) {
        owed.push(Obligation::RecordRefusal);
    }
    if tally.grounds.contains(&Ground::Objected) {
        owed.push(Obligation::ExplainConsequences);
    }
    if matches!(footing, Footing::Close) && relatives::is_told_in_general(case) {
        owed.push(Obligation::HearViews);
    }
    if tally.marked {
        owed.push(Obligation::SignalSomethingMissing);
    }
    owed
}

fn of_sharing(case: &Case<'_>, footing: &Footing, tally: &Tally) -> Vec<Obligation> {
    let mut owed = Vec::new();
    if matches!(footing, Footing::Telling) {
        return vec![Obligation::MarkThirdParty];
    }
    if !matches!(footing, Footing::OwnRecord) {
        owed.push(Obligation::MinimumNecessary);
        owed.push(Obligation::NoOnwardSharing);
    }
    match footing {
        Footing::Emergency(_) => {
            // Where an event proves that the person was there, a sample is reviewed instead.
            if !footing.is_evidenced() {
                owed.push(Obligation::ReviewWithin72Hours);
            }
            owed.push(Obligation::TellThePerson);
        }
        Footing::Care(_) if !footing.is_evidenced() => {
            owed.push(Obligation::TellThePerson);
            owed.push(Obligation::CheckRelationship);
        }
        Footing::Required => {
            owed.push(Obligation::TellWhatWasTaken);
            if requirements::reads_for_officer(case) {
                owed.push(Obligation::ExtractOnly);
            }
        }
        Footing::Protection(_)
            if case.request.purpose.is_a(Purpose::ChildConcern)
                && case.request.asks.given_by.is_some() =>
        {
            owed.push(Obligation::PlanToTellFamily);
        }
        Footing::Acting if representation::acts_on_belief(case) => {
            owed.push(Obligation::TellThatSomeoneActs);
        }
        _ => {}
    }
    if case.request.asks.knows_privately {
        owed.push(Obligation::AlertPrivacyOfficer);
    }
    owed.extend(of_governance(case, footing, tally));
    if gives_medicines(case) && tally.medicine_missing && case.request.purpose.is_direct_care() {
        owed.push(Obligation::SignalMissingMedicine);
    }
    if tally.opened.contains(&Category::Unsorted)
        && case.staff().is_some()
        && !case.known().is_empty()
    {
        owed.push(Obligation::MarkUnsorted);
    }
    owed
}

/// A lapsed agreement is somebody's to renew; it never holds up care.
fn of_governance(case: &Case<'_>, footing: &Footing, tally: &Tally) -> Option<Obligation> {
    if case.agreements().next().is_none() && !matches!(footing, Footing::Feed) {
        return None;
    }
    // What did not open must not be told by what is owed for it.
    let opened = || {
        let classes = case.facts.classes.iter();
        classes.filter(|(id, _)| tally.mask.classes.contains(id))
    };
    let labels = || opened().map(|(_, label)| label);
    if matches!(footing, Footing::Feed) {
        return labels()
            .any(|label| feeds::is_breach(case, label))
            .then_some(Obligation::GovernanceBreach);
    }
    labels()
        .any(|label| feeds::has_lapsed(case, &label.custodian))
        .then_some(Obligation::GovernanceWarning)
}

fn gives_medicines(case: &Case<'_>) -> bool {
    case.staff().is_some_and(|staff| {
        matches!(
            staff.role,
            Role::Doctor | Role::Nurse | Role::Pharmacist | Role::Midwife | Role::Paramedic
        )
    })
}
