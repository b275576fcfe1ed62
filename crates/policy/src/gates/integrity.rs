//! Gate 0: it is certain who asks and about whom.
//!
//! Purpose and capacity cannot be missing here: [`Request`](crate::Request) cannot be built
//! without them, so an incomplete request is rejected before anything is decided.

use domain::OrganisationId;
use domain::person::Identity;

use crate::case::Case;
use crate::decision::Ground;
use crate::explain::english;
use crate::gates::{Clock, Finding, Missing, Refer, Refusal};

/// Who settles whose record it is where that is in doubt.
const MATCH_REVIEW: &str = "match-review";

/// Refuses, as for a person who does not exist, when the facts are about somebody else; refuses
/// whoever is not proven to be who they say; refers a doubt about whose record it is.
pub(crate) fn find(case: &Case<'_>) -> Finding {
    if case.request.person != case.facts.person {
        return Finding::Refuses(Refusal::hidden(Ground::IdentityDoubt));
    }
    let asks = &case.request.asks;
    let revoked = asks.revoked.is_some_and(|revoked| revoked.0 <= case.now);
    if asks.verified == Some(false) || revoked {
        let advice = vec![english::counterfactual("prove-identity")];
        return Finding::Refuses(Refusal::open(Ground::Unverified, advice));
    }
    if case.known().person.identity == Some(Identity::Possible) {
        return Finding::Refers(Refer {
            ground: Ground::IdentityDoubt,
            clock: Clock::of(case),
            missing: Missing::WhoseRecord,
            decider: Some(OrganisationId::from(MATCH_REVIEW)),
        });
    }
    Finding::Silent
}
