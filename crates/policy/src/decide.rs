//! The decision: gates asked in order, answers gathered class by class.

use std::collections::BTreeSet;

use domain::{ClassId, LabelClass, Timestamp};

use crate::basis;
use crate::case::Case;
use crate::decision::{
    Answer, Because, Counterfactual, Decision, GateFinding, Ground, Obligation, Telling, Visibility,
};
use crate::explain::english;
use crate::gates::{self, Finding, Footing, Refer, Refusal, bars, relatives};
use crate::tally::Tally;
use crate::{Given, Permit, Policies, Request, obligations, relationship};

/// The version of the rules in this program; it changes whenever an equal request over equal facts
/// could be answered differently.
pub const RULES_VERSION: &str = "candour-rules/7";

/// Why somebody may see a record who acts for the person.
pub(crate) const ACTS_FOR_PERSON: &str = "acts-for-person";

/// Decides whether this may be told, to whom, for what purpose, and says why. Total and pure:
/// equal request, facts, policies and time give an equal decision (decisions.md 5).
#[must_use]
pub fn decide<'f>(
    request: &Request,
    facts: impl Into<Given<'f>>,
    policies: &Policies,
    now: Timestamp,
) -> Decision {
    let Given { facts, digest } = facts.into();
    let case = Case::new(request, facts, policies, now);
    let findings = gates::about_request(&case);
    let trace = findings
        .iter()
        .map(|(gate, finding)| GateFinding {
            gate: *gate,
            ruling: finding.ruling(),
        })
        .collect();
    let first = findings
        .into_iter()
        .map(|(_, finding)| finding)
        .find(|finding| !matches!(finding, Finding::Silent));

    let mut decision = blank(&case, digest);
    decision.findings = trace;
    match first {
        Some(Finding::Refuses(refusal)) => refuse(&mut decision, &case, refusal),
        Some(Finding::Refers(refer)) => refer_whole(&mut decision, &case, &refer),
        Some(Finding::Admits(footing)) => admit(&mut decision, &case, &footing),
        Some(Finding::Silent) | None => {
            admit(&mut decision, &case, &Footing::Holders(Vec::new()));
        }
    }
    decision
}

/// A decision about which nothing is said yet: it shares nothing.
fn blank(case: &Case<'_>, facts_digest: [u8; 32]) -> Decision {
    Decision {
        answer: Answer::Deny,
        permit: None,
        basis: None,
        grounds: Vec::new(),
        opened: Vec::new(),
        told: Vec::new(),
        withheld: Vec::new(),
        referral: None,
        other_referrals: Vec::new(),
        obligations: vec![Obligation::AccountOfDisclosure],
        counterfactuals: Vec::new(),
        visibility: Visibility::Open,
        because: None,
        decided_at: case.now,
        findings: Vec::new(),
        outcomes: Vec::new(),
        rules_version: RULES_VERSION,
        policy_hash: case.policies.hash().to_owned(),
        facts_digest,
    }
}

fn refuse(decision: &mut Decision, case: &Case<'_>, refusal: Refusal) {
    let unexplained = refusal.ground == Ground::NoRelationship
        && refusal.visibility == Visibility::Open
        && !relationship::may_self_claim(case);
    if unexplained || case.request.asks.knows_privately || bars::keeps_out_staff(case) {
        decision.obligations.push(Obligation::AlertPrivacyOfficer);
    }
    decision.grounds = vec![refusal.ground];
    decision.visibility = refusal.visibility;
    decision.counterfactuals = refusal.counterfactuals;
}

fn refer_whole(decision: &mut Decision, case: &Case<'_>, refer: &Refer) {
    let mut tally = Tally::default();
    tally.refer_whole(case, refer);
    settle(decision, case, tally);
}

fn admit(decision: &mut Decision, case: &Case<'_>, footing: &Footing) {
    let mut tally = Tally::default();
    for (id, label) in present_classes(case, footing) {
        let piece = case.piece(*id, label);
        if case.is_asked(&piece) {
            let (gate, verdict) = gates::about_class(case, footing, &piece);
            decision
                .outcomes
                .push(tally.count(*id, label, gate, verdict));
        }
    }
    tally.hold_back(case, footing);
    tally.point_elsewhere(case);
    tally.told.extend(told(case, footing));

    let owed = obligations::of(case, footing, &tally);
    decision.obligations.extend(owed);
    if tally.answer().shares() {
        decision.basis = Some(basis::of(case, footing));
        decision.because = because(footing);
        let homes = case.facts.homes.clone();
        let mask = case.facts.over_rows(std::mem::take(&mut tally.mask));
        // What is said in words opens nothing of the record.
        tally.shares = true;
        decision.permit = Some(Permit::new(case.facts.person, homes, mask));
    }
    settle(decision, case, tally);
}

/// Writes down what it all comes to.
fn settle(decision: &mut Decision, case: &Case<'_>, tally: Tally) {
    decision.answer = tally.answer();
    let mut referrals = tally.referrals(decision.decided_at);
    decision.referral = referrals.next();
    decision.other_referrals = referrals.collect();
    decision.counterfactuals = counterfactuals(case, &tally);
    decision.grounds = tally.grounds.into_iter().collect();
    decision.opened = tally.opened.into_iter().collect();
    decision.told = tally.told.into_iter().collect();
    decision.withheld = tally.withheld.into_iter().collect();
}

/// What is told in words, whatever is held.
fn told(case: &Case<'_>, footing: &Footing) -> Vec<Telling> {
    match footing {
        Footing::Telling => vec![Telling::Received],
        Footing::Close if relatives::is_told_in_general(case) => {
            vec![Telling::GeneralCondition, Telling::WhomToRing]
        }
        _ => Vec::new(),
    }
}

/// The classes that exist for this caller: one whose every row is locked exists for its holder and
/// for the person, and for nobody else.
fn present_classes<'a>(
    case: &'a Case<'_>,
    footing: &Footing,
) -> impl Iterator<Item = &'a (ClassId, LabelClass)> {
    let locked_away: Vec<ClassId> = match footing {
        Footing::OwnRecord | Footing::Required => Vec::new(),
        _ => case
            .facts
            .only_locked
            .iter()
            .copied()
            .filter(|class| !holds_lock_in(case, *class))
            .collect(),
    };
    case.facts
        .classes
        .iter()
        .filter(move |(id, _)| !locked_away.contains(id))
}

/// Whether the caller's team holds every lock on some resource of this class.
fn holds_lock_in(case: &Case<'_>, class: ClassId) -> bool {
    let mut named = case.facts.named.iter().filter(|(_, of)| *of == class);
    named.any(|(resource, _)| {
        let locks = || {
            case.facts
                .locks
                .iter()
                .filter(|lock| lock.resource == *resource)
        };
        locks().next().is_some() && locks().all(|lock| case.may_unlock(lock))
    })
}

fn because(footing: &Footing) -> Option<Because> {
    // An event before a claim, the latest event before earlier ones.
    let standing = footing
        .standings()
        .iter()
        .max_by_key(|standing| (standing.is_evidenced(), standing.since, standing.kind));
    let by_standing = standing.map(|standing| Because {
        code: standing.kind.code(),
        since: Some(standing.since),
    });
    let by_rule = |code| Some(Because { code, since: None });
    match footing {
        Footing::OwnRecord => by_rule("own-record"),
        Footing::Emergency(_) => by_rule("emergency"),
        Footing::Protection(_) => by_standing.or_else(|| by_rule("protection")),
        Footing::Acting => by_rule(ACTS_FOR_PERSON),
        Footing::Close => by_rule("close-to-person"),
        Footing::Invited => by_rule("invited"),
        Footing::Telling => by_rule("tells"),
        Footing::Required => by_rule("requirement"),
        Footing::Agreed => by_rule("agreed"),
        Footing::Approved => by_rule("approved"),
        Footing::Feed => by_rule("agreement"),
        Footing::Care(_) | Footing::Holders(_) => by_standing,
    }
}

fn counterfactuals(case: &Case<'_>, tally: &Tally) -> Vec<Counterfactual> {
    tally
        .refused
        .iter()
        .filter_map(|ground| match ground {
            Ground::Objected => Some("objection-withdrawn"),
            Ground::MoreThanNecessary | Ground::OriginatorControl => Some("ask-holder"),
            Ground::Locked => Some("ring-holder"),
            Ground::ForbiddenByLaw => Some("nominate-reader"),
            Ground::EarlierWish => Some("wish-changed"),
            Ground::NoPower => Some("power-for-this"),
            // Nobody has given an opinion: what is wanted is one.
            Ground::SeriousHarm if case.known().harm_opinions.is_empty() => Some("harm-tested"),
            Ground::SeriousHarm => Some("opinion-ends"),
            Ground::ThirdParty => Some("third-party-agrees"),
            Ground::IdentityDoubt => Some("identity-settled"),
            Ground::NoAgreement => Some("agreement"),
            Ground::ChildRefuses => Some("young-persons-consent"),
            Ground::NotHeld => Some("ask-elsewhere"),
            Ground::Unverified => Some("authority-to-require"),
            _ => None,
        })
        .chain(tally.once_known.iter().copied())
        .collect::<BTreeSet<_>>()
        .into_iter()
        .map(english::counterfactual)
        .collect()
}
