//! Who may look at an account: the person, and whoever acts for them at their own chain. That somebody
//! else looked, or tried to, stands in the account before they see a line of it.

use std::sync::Arc;

use domain::{Capacity, Category, Invitation, ResourceId, Timestamp};
use fhir::{Issue, IssueCode};
use policy::{Decision, DigestedFacts, Facts, Permit, Policies, Reader, ReadsAs, representatives};
use store::Snapshot;

use super::facts_of;
use crate::attempt::{Attempt, until_done};
use crate::disclose::{decider, request};
use crate::event::{Event, Operation};
use crate::logged::{Logged, organisation_name};
use crate::whose::About;
use crate::{Asking, Channel, Context, Error};

/// An account that is open to the caller.
pub(crate) struct Opened {
    pub(crate) snapshot: Box<dyn Snapshot>,
    pub(crate) facts: Arc<DigestedFacts>,
    pub(crate) permit: Permit,
    /// As whom the caller reads it: once for each authority on which they act.
    pub(crate) readers: Vec<ReadsAs>,
}

/// Opens the caller's own account, or that of whoever this Patient is. `None` if they are neither the
/// person nor act for them.
pub(crate) async fn open(
    cx: &Context,
    asking: &Asking,
    of: Option<ResourceId>,
) -> Result<Option<Opened>, Error> {
    let operation = cx.draw();
    until_done(|| once(cx, asking, of, operation)).await
}

async fn once(
    cx: &Context,
    asking: &Asking,
    of: Option<ResourceId>,
    operation: [u8; 16],
) -> Result<Option<Opened>, Attempt> {
    let mut snapshot = cx.store.snapshot().await?;
    if snapshot
        .is_revoked(&asking.token)
        .await
        .map_err(Error::from)?
    {
        return Err(Error::Revoked.into());
    }
    let facts = match (of, &asking.caller.capacity) {
        (_, Capacity::Worker { .. }) | (None, Capacity::Outsider { .. }) => None,
        (None, Capacity::Person(asker)) => facts_of(snapshot.as_mut(), *asker).await?,
        (Some(patient), _) => facts_about(snapshot.as_mut(), patient).await?,
    };
    let Some(facts) = facts else {
        return Ok(None);
    };
    let policies = cx.policies.at(snapshot.as_mut()).await?;
    let mut decision = policy::decide(&request(asking, &facts), &facts, &policies, cx.now());
    let permit = decision.permit.take();
    let readers = readers(asking, &facts, &policies, cx.now());
    let is_own = is_own(asking, &facts);
    if is_own && permit.is_none() && decision.referral.is_some() {
        return Err(referred(snapshot.as_mut(), &decision, cx.now())
            .await?
            .into());
    }
    if !is_own {
        let may = permit.is_some() && !readers.is_empty();
        let whose: (_, &Facts) = (asking, &facts);
        note(cx, snapshot.as_mut(), whose, decision, (may, operation)).await?;
        // What was noted is part of what is read.
        snapshot = cx.store.snapshot().await?;
    }
    Ok(permit.filter(|_| !readers.is_empty()).map(|permit| Opened {
        snapshot,
        facts,
        permit,
        readers,
    }))
}

/// That the person's own account waits for somebody's decision, with whom to ring.
async fn referred(
    snapshot: &mut dyn Snapshot,
    decision: &Decision,
    now: Timestamp,
) -> Result<Error, Error> {
    let ring = decider(snapshot, decision, now).await?;
    let ring = ring.map_or_else(String::new, |(name, phone)| format!(": {name}, {phone}"));
    let referral = decision.referral.as_ref();
    let missing = referral.map_or("", |it| it.missing.as_str());
    let details =
        format!("your account is shown once somebody decided{ring}; what is missing: {missing}");
    let issue = Issue::error(IssueCode::Suppressed, details);
    Ok(Error::Referred(vec![issue]))
}

pub(super) async fn facts_about(
    snapshot: &mut dyn Snapshot,
    patient: ResourceId,
) -> Result<Option<Arc<DigestedFacts>>, Error> {
    let Some(person) = snapshot.person_of(&patient).await? else {
        return Ok(None);
    };
    Ok(snapshot.facts(person).await?)
}

/// Whether the caller is the person.
fn is_own(asking: &Asking, facts: &Facts) -> bool {
    facts.caller(&asking.caller).capacity == Capacity::Person(facts.person)
}

/// As whom the caller reads the account of this person.
pub(crate) fn readers(
    asking: &Asking,
    facts: &Facts,
    policies: &Policies,
    now: Timestamp,
) -> Vec<ReadsAs> {
    if is_own(asking, facts) {
        return match asking.channel {
            Channel::Safe => vec![ReadsAs::Person, ReadsAs::OnSafeChannel],
            _ => vec![ReadsAs::Person],
        };
    }
    if let Some(invitation) = let_in(asking, facts) {
        let account = [Category::Account].into();
        let may = invitation.is_live(now) && invitation.covers(&account);
        // The person's own list, as far as the link goes.
        return may.then_some(ReadsAs::Person).into_iter().collect();
    }
    let acting = acting_as(asking, facts, policies, now);
    acting.iter().map(Reader::reads_as).collect()
}

/// The caller as a reader, once for each authority on which they act for the person.
pub(super) fn acting_as(
    asking: &Asking,
    facts: &Facts,
    policies: &Policies,
    now: Timestamp,
) -> Vec<Reader> {
    let asker = facts.caller(&asking.caller).capacity;
    let mut acting = representatives(facts, policies, now);
    acting.retain(|it| it.holder().map(Capacity::Person) == Some(asker.clone()));
    acting
}

/// The one-time link by which the caller asks, live or not.
pub(super) fn let_in<'f>(asking: &Asking, facts: &'f Facts) -> Option<&'f Invitation> {
    let Capacity::Outsider { party, .. } = &asking.caller.capacity else {
        return None;
    };
    let mut all = facts.circumstances.invitations.iter();
    all.find(|it| it.outsider == *party)
}

/// Notes in the account that somebody else looked at it, or was not let.
async fn note(
    cx: &Context,
    snapshot: &mut dyn Snapshot,
    (asking, facts): (&Asking, &Facts),
    mut decision: Decision,
    (may, operation): (bool, [u8; 16]),
) -> Result<(), Attempt> {
    if !may {
        decision.hide();
    }
    let agency = organisation_name(snapshot, asking).await?;
    let mut event = Event::of(asking, &agency, Operation::Account, &decision, cx.now());
    if may {
        policy::Answer::Permit.code().clone_into(&mut event.answer);
        event.grounds.clear();
        event.what = vec![Category::Account.code().to_owned()];
    }
    let about = (&event, About::Named);
    let logged = Logged::about(cx, snapshot, asking, facts, &decision, about, operation).await?;
    logged.commit(cx).await?;
    Ok(())
}
