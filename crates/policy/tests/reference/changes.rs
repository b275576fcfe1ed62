//! Changes to a case after which something is promised of the answer.

use domain::authority::AuthorityKind;
use domain::consent::ProvisionType;
use domain::person::Identity;
use domain::restriction::Said;
use domain::{Capacity, Purpose};
use policy::{Facts, Request};

use crate::world::{Draw, ISHBEL};

/// One more no of any sort; gives its name.
pub fn add_a_no(facts: &mut Facts, draw: &mut Draw) -> &'static str {
    let known = &mut facts.circumstances;
    match draw.below(7) {
        0 => {
            facts.objections.push(draw.objection());
            "objection"
        }
        1 => {
            let mut consent = draw.consent();
            consent.id = domain::ItemId::new("one-more");
            consent.supersedes = None;
            consent.withdrawn = None;
            consent.by = None;
            consent.provision.kind = ProvisionType::Deny;
            consent.provision.provisions.clear();
            known.consents.push(consent);
            "refusal"
        }
        2 => {
            let mut wish = draw.wish();
            wish.says = Said::No;
            wish.by = None;
            known.wishes.push(wish);
            "wish"
        }
        3 => {
            known.orders.push(draw.order());
            "order"
        }
        4 => {
            known.bars.push(draw.audience_bar());
            "bar"
        }
        5 => {
            known.delays.push(draw.delay());
            "delay"
        }
        _ => {
            known.harm_opinions.push(draw.harm_opinion());
            "opinion of harm"
        }
    }
}

/// Without what is meant for one purpose alone: a permission, approval or decision for the narrower
/// purpose says nothing of the wider one.
pub fn only_general_permissions(facts: &mut Facts) {
    let known = &mut facts.circumstances;
    known.consents.clear();
    known.holder_decisions.clear();
    known.agreements.clear();
    known.approvals.clear();
}

/// Does what the advice says; whether it could be done to the facts at hand.
pub fn heed(code: &str, request: &mut Request, facts: &mut Facts) -> bool {
    let known = &mut facts.circumstances;
    match code {
        "objection-withdrawn" => {
            facts.objections.clear();
            known.consents.clear();
            known.wishes.clear();
        }
        "opinion-ends" => known.harm_opinions.clear(),
        "identity-settled" => known.person.identity = Some(Identity::Certain),
        "prove-identity" => {
            request.asks.verified = None;
            request.asks.revoked = None;
        }
        "third-party-agrees" => {
            for (_, _, item) in &mut known.items {
                item.third_parties.clear();
            }
            for (_, label) in &mut facts.classes {
                label.sensitivities.remove(&domain::Sensitivity::ThirdParty);
            }
        }
        "suspension-lifted" => {
            for authority in &mut known.authorities {
                authority.suspended.clear();
            }
        }
        "ask-granter" => {
            let attorneys = |kind| {
                matches!(
                    kind,
                    AuthorityKind::WelfareAttorney | AuthorityKind::EnglishWelfareLpa
                )
            };
            if !known.authorities.iter().all(|it| attorneys(it.kind))
                || known.authorities.is_empty()
            {
                return false;
            }
            request.asks.party = None;
            request.caller.capacity = Capacity::Person(ISHBEL);
            request.purpose = Purpose::PersonRequest;
        }
        _ => return false,
    }
    true
}
