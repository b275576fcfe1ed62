//! Those who are to be heard about a planned decision are asked by the exchange itself, on a page of
//! their own: which decision, for when, who plans it, and how to say what they think.
//!
//! What comes of it is kept with the facts of the person ([`Hearing`]). Whoever has no page here, may not
//! be written to, or did not look within a working day comes back to the team that plans, unless leaving
//! them out is an alarm already ([`alarm`](super::alarm)): nobody is on a list twice.

mod ask;
mod link;
mod party;
mod sentence;

use domain::arrangement::{Hearing, LifeDecision};
use domain::{
    Assurance, Caller, Capacity, Category, Fact, OrganisationId, PartyId, PersonId, Purpose,
    ResourceId,
};
use policy::{Asks, Facts, Ground, Request};
use sha2::{Digest, Sha256};
use store::{NewFacts, Snapshot, StoredFacts, Write};

use super::planned::row_of;
use crate::{Context, Error};

pub(super) use ask::{ask, bring};
pub(crate) use link::over;
pub(super) use link::standing;
pub use link::{Give, give, may_give};
pub(crate) use party::waits;
pub use party::{Asked, asked, open, open_by_link, say, say_by_link};

/// What a message that asks somebody is about: the person, the decision, and who is asked.
fn matter(facts: &Facts, decision: &str, party: &PartyId) -> Sha256 {
    let mut matter = Sha256::new_with_prefix(b"to-be-heard/v1");
    matter.update(facts.person.0);
    matter.update((decision.len() as u64).to_be_bytes());
    matter.update(decision);
    matter.update(party.as_str());
    matter
}

/// A decision by its name.
fn decision_of<'f>(facts: &'f Facts, name: &str) -> Option<&'f LifeDecision> {
    let mut all = facts.circumstances.life_decisions.iter();
    all.find(|it| it.name == name)
}

/// What came of hearing somebody so far.
fn hearing_of<'f>(facts: &'f Facts, decision: &str, party: &PartyId) -> Option<&'f Hearing> {
    let mut all = facts.circumstances.hearings.iter();
    all.find(|it| it.decision == decision && it.party == *party)
}

/// The ground on which the exchange does not write to somebody: the person's own no, an earlier wish, a
/// lock or an order. What is between is for those who decide.
async fn bound_by(
    cx: &Context,
    snapshot: &mut dyn Snapshot,
    facts: &Facts,
    (party, by): (&PartyId, &OrganisationId),
) -> Result<Option<Ground>, Error> {
    // Of somebody who is no person known here nothing can have been said.
    let Ok(person) = party.as_str().parse::<PersonId>() else {
        return Ok(None);
    };
    let policies = cx.policies.at(snapshot).await?;
    let request = Request {
        caller: Caller {
            name: String::new(),
            capacity: Capacity::Person(person),
            assurance: Assurance::Substantial,
        },
        person: facts.person,
        purpose: Purpose::FamilyRequest,
        reason: None,
        asks: Asks {
            categories: [Category::CarePlans].into(),
            given_by: Some(by.clone()),
            ..Asks::default()
        },
    };
    let decision = policy::decide(&request, facts, &policies, cx.now());
    let mut grounds = decision.grounds.into_iter();
    Ok(grounds.find(|ground| ground.binds_holder()))
}

/// The row that the agency which plans keeps of a decision.
async fn planned_row(
    cx: &Context,
    snapshot: &mut dyn Snapshot,
    facts: &Facts,
    decision: &str,
) -> Result<Option<StoredFacts>, Error> {
    Ok(snapshot.said(&row_of(cx, facts, decision, "")).await?)
}

/// Facts of a decision as the agency that plans it keeps them, where nobody there says them.
fn kept(
    cx: &Context,
    facts: &Facts,
    row: &StoredFacts,
    (decision, party): (&str, &str),
    said: Vec<Fact>,
) -> Write {
    let evidence: ResourceId = row_of(cx, facts, decision, party);
    Write::Facts(NewFacts {
        subject: row.subject,
        evidence,
        organisation: row.organisation.clone(),
        said_by: String::new(),
        said_at: cx.now(),
        facts: said,
    })
}
