//! Somebody close to the person, without powers (part of gate 6).
//!
//! Confidentiality is never a reason not to listen, and general information is always allowed
//! (Mental Welfare Commission). Where the person cannot decide and nobody acts for them, the nearest
//! relative and the primary carer are told how the person is and whom to ring, and the rest is
//! decided by its holder with their views heard, never simply refused.

use domain::authority::{AuthorityKind, TieKind};
use domain::{Category, Matter, MentalCapacity};

use crate::case::{Case, Piece};
use crate::decision::Ground;
use crate::explain::english;
use crate::gates::{
    Clock, Finding, Footing, Missing, Refusal, Verdict, objections, representation,
};

/// What becomes of a request by somebody close; `None` if nobody knows them as close.
pub(crate) fn find(case: &Case<'_>) -> Option<Finding> {
    let ties: Vec<TieKind> = ties(case).collect();
    let supports = supports_in_care_home(case);
    if ties.is_empty() && !supports {
        return None;
    }
    let open = |ground, code| {
        let advice = vec![english::counterfactual(code)];
        Some(Finding::Refuses(Refusal::open(ground, advice)))
    };
    let person = &case.known().person;
    if person.is_dead(case.now) {
        return open(Ground::NoPower, "executor");
    }
    if person.is_at_least(16, case.now) == Some(false) {
        return open(Ground::NoPower, "parents-word");
    }
    let capacity = person.capacity_for(Matter::Information, case.now);
    if capacity == MentalCapacity::Capable {
        let said_no = objections::names_asker(case);
        let ground = if said_no {
            Ground::Objected
        } else {
            Ground::NoPower
        };
        return open(ground, "ask-granter");
    }
    let distant = |tie: &TieKind| matches!(tie, TieKind::FormerPartner | TieKind::Neighbour);
    if ties.iter().all(distant) && !supports {
        return open(Ground::NoPower, "tell-us");
    }
    Some(Finding::Admits(Footing::Close))
}

fn ties<'a>(case: &'a Case<'_>) -> impl Iterator<Item = TieKind> + 'a {
    let all = case.known().ties.iter();
    all.filter(|tie| tie.party == *case.party())
        .map(|tie| tie.kind)
}

/// An essential care supporter has no powers, and is known to the home by the resident's wish.
fn supports_in_care_home(case: &Case<'_>) -> bool {
    let known = case.known();
    known.authorities.iter().any(|authority| {
        authority.kind == AuthorityKind::EssentialCareSupporter
            && authority.holder == *case.party()
            && authority.is_running(&known.person, case.now)
    })
}

/// Whether the law wants them heard: nearest relative, primary carer, essential care supporter.
fn must_be_heard(case: &Case<'_>) -> bool {
    ties(case).any(|tie| matches!(tie, TieKind::NearestRelative | TieKind::PrimaryCarer))
        || supports_in_care_home(case)
}

/// Whether they are told in words how the person is and whom to ring: the person cannot decide, and
/// was never known to wish otherwise.
pub(crate) fn is_told_in_general(case: &Case<'_>) -> bool {
    let capacity = case
        .known()
        .person
        .capacity_for(Matter::Information, case.now);
    let capacity_lost = capacity == MentalCapacity::Incapable;
    (capacity_lost || supports_in_care_home(case))
        && must_be_heard(case)
        && !objections::names_asker(case)
}

/// Who is involved is theirs to know if they are to be heard; the rest is its holder's decision.
pub(crate) fn class(case: &Case<'_>, piece: &Piece<'_>) -> Verdict {
    if let Some(verdict) = representation::wished_otherwise(case, piece) {
        return verdict;
    }
    if let Some(open) = representation::agreed(case, piece) {
        return open;
    }
    let ordinary = piece.label.confidentiality <= domain::Confidentiality::Normal;
    let whom_to_ring = piece
        .label
        .categories
        .iter()
        .all(|category| *category == Category::Network);
    if is_told_in_general(case) && whom_to_ring && ordinary {
        return Verdict::Open(None);
    }
    let missing = if representation::has_proxy(case) {
        Missing::ProxysWord
    } else if is_told_in_general(case) {
        Missing::ViewsHeard
    } else {
        Missing::CapacityOrWord
    };
    Verdict::refer(Ground::NoPower, Clock::of(case), missing)
}
