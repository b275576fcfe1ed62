//! Gate 7: relationship, role, purpose and category, by local policy.

use std::sync::Arc;

use domain::{LabelClass, OrganisationKind, Purpose, RelationshipKind, Role};

use crate::case::Case;
use crate::decision::{Counterfactual, Ground};
use crate::explain::english;
use crate::gates::{
    Clock, Finding, Footing, Missing, Refusal, Verdict, consents, defaults, feeds, holders,
};
use crate::policies::{Ask, LocalAnswer};
use crate::relationship::{self, Standing};
use crate::request::Manner;

/// Admits a feed, whoever is involved, whoever says so with a reason where their profession allows
/// it, and whomever the person or the holder named.
pub(crate) fn find(case: &Case<'_>) -> Finding {
    if case.staff().is_none() {
        return Finding::Silent;
    }
    if case.request.asks.manner == Manner::Feed {
        return Finding::Admits(Footing::Feed);
    }
    if !needs_relationship(case.request.purpose) {
        return Finding::Silent;
    }
    let mut standings = relationship::standings(case);
    if standings.is_empty() && (consents::names_asker(case) || holders::any(case)) {
        return Finding::Admits(Footing::Agreed);
    }
    let may_claim = relationship::may_self_claim(case) && case.reason().is_some();
    if standings.is_empty() && may_claim {
        standings.push(Standing {
            kind: RelationshipKind::SelfClaimed,
            since: case.now,
        });
    }
    if standings.is_empty() && consents::refuses_outright(case) {
        let advice = vec![english::counterfactual("objection-withdrawn")];
        Finding::Refuses(Refusal::open(Ground::Objected, advice))
    } else if standings.is_empty() {
        Finding::Refuses(Refusal::open(Ground::NoRelationship, what_would_help(case)))
    } else {
        Finding::Admits(Footing::Care(standings))
    }
}

/// The policy that opens a class, or why none does.
pub(crate) fn class(
    case: &Case<'_>,
    footing: &Footing,
    class: &LabelClass,
) -> Result<Arc<str>, Verdict> {
    let withheld = Verdict::Withheld(Ground::MoreThanNecessary, None);
    let referred = |ground, missing| Verdict::refer(ground, Clock::of(case), missing);
    match footing {
        Footing::Feed => return Err(feeds::class(case, class)),
        // What the person or the holder named was opened before; nothing else brings them here.
        Footing::Agreed => return Err(Verdict::Withheld(Ground::NoRelationship, None)),
        Footing::Approved => return Err(withheld),
        _ => {}
    }
    // Which policy speaks of them turns on what they do.
    if case
        .staff()
        .is_some_and(|staff| staff.role == Role::Unknown)
    {
        return Err(referred(Ground::MoreThanNecessary, Missing::WhatTheyDo));
    }
    match answer(case, footing, class) {
        LocalAnswer::Opens(policy) => Ok(policy),
        LocalAnswer::Erred => Err(referred(Ground::MoreThanNecessary, Missing::SoundPolicy)),
        // Where nothing determines the request, no policy speaking is no refusal either.
        LocalAnswer::Closed if matches!(footing, Footing::Holders(_)) => {
            Err(referred(Ground::OriginatorControl, defaults::missing(case)))
        }
        LocalAnswer::Closed => Err(withheld),
    }
}

/// What local policy says, by the most favourable of the ways in which the caller is involved.
fn answer(case: &Case<'_>, footing: &Footing, class: &LabelClass) -> LocalAnswer {
    let Some(staff) = case.staff() else {
        return LocalAnswer::Closed;
    };
    let ask = |relationship| Ask {
        role: staff.role,
        organisation: staff.kind,
        relationship,
        assurance: case.request.caller.assurance,
        purpose: case.request.purpose,
        own: case.is_own(&class.custodian) && footing.is_evidenced(),
    };
    let standings = footing.standings();
    if standings.is_empty() {
        return case.policies.answer(ask(None), class);
    }
    let mut best = LocalAnswer::Closed;
    for standing in standings {
        match case.policies.answer(ask(Some(standing.kind)), class) {
            LocalAnswer::Opens(policy) => return LocalAnswer::Opens(policy),
            LocalAnswer::Erred => best = LocalAnswer::Erred,
            LocalAnswer::Closed => {}
        }
    }
    best
}

/// Care and services are for those involved; protection asks for it of all but those whose office
/// it is, who were admitted at the gate of duties.
fn needs_relationship(purpose: Purpose) -> bool {
    purpose.is_direct_care()
        || purpose.is_protection()
        || matches!(purpose, Purpose::CarerSupport | Purpose::HousingAdaptation)
}

/// The events that would prove involvement for an agency of this kind, and what else would do.
fn what_would_help(case: &Case<'_>) -> Vec<Counterfactual> {
    let Some(staff) = case.staff() else {
        return Vec::new();
    };
    let events: &[&'static str] = match staff.kind {
        OrganisationKind::Hospital => &["admission", "attendance", "referral"],
        OrganisationKind::GpPractice => &["registration"],
        OrganisationKind::CommunityHealth => &["referral", "caseload"],
        OrganisationKind::SocialWork => &["referral", "caseload", "duty"],
        OrganisationKind::Housing => &["tenancy", "referral"],
        OrganisationKind::CareHome => &["residence", "referral"],
        OrganisationKind::Homecare | OrganisationKind::Advocacy => &["referral"],
        OrganisationKind::Police => &["protection-purpose"],
        OrganisationKind::Education => &["care-team"],
        OrganisationKind::Ambulance => &["attendance"],
        OrganisationKind::Pharmacy | OrganisationKind::Prison => &["registration", "referral"],
        OrganisationKind::Voluntary => &["referral"],
        OrganisationKind::ChildrensReporter
        | OrganisationKind::Court
        | OrganisationKind::Regulator
        | OrganisationKind::LawFirm
        | OrganisationKind::Research
        | OrganisationKind::OutsideCare
        | OrganisationKind::Exchange => &[],
    };
    let mut advice: Vec<_> = events
        .iter()
        .map(|code| english::counterfactual(code))
        .collect();
    if relationship::may_self_claim(case) {
        advice.push(english::counterfactual("self-claim"));
    }
    if staff.role.is_clinical() && case.request.purpose.is_direct_care() {
        advice.push(english::counterfactual("emergency"));
    }
    advice
}
