//! The holder of a power declares to believe, on reasonable grounds, that the person cannot decide (Adults
//! with Incapacity (Scotland) Act 2000 s.16(5)(b)). It is their own act, for which they answer; the person
//! reads of it, and is told face to face ([`crate::messages`] keeps that task).

use std::collections::BTreeSet;

use domain::authority::{Authority, AuthorityState, Belief};
use domain::{Capacity, Fact, Matter, Moment, Purpose, ResourceId};
use fhir::{Issue, IssueCode};
use policy::{DigestedFacts, Facts};
use store::{NewFacts, Snapshot, StoredFacts, Write};

use super::sentence::{BELIEVES, YOU_BELIEVE};
use crate::attempt::{Attempt, until_done};
use crate::event::{Event, Operation};
use crate::messages::alarm::{self, After};
use crate::messages::family::word;
use crate::messages::outgoing::Outgoing;
use crate::messages::planned::facts;
use crate::messages::send::not_now;
use crate::whose::Whose;
use crate::{Asking, Channel, Context, Error, account};

/// Declares of which matters the caller believes that the person cannot decide them: these and no others, so
/// that none takes every belief back. It is in force for the next byte.
///
/// # Errors
/// [`Error::NotFound`] if the claim is not the caller's; [`Error::Invalid`] if nothing was accepted of it, a
/// power does not reach a matter, or somebody assessed that the person can decide it.
pub async fn declare_belief(
    cx: &Context,
    asking: &Asking,
    id: ResourceId,
    about: &BTreeSet<Matter>,
) -> Result<(), Error> {
    // Whoever did not write the claim learns nothing of it.
    word(cx, asking, id).await?;
    let operation = cx.draw();
    until_done(|| once(cx, asking, id, about, operation)).await
}

async fn once(
    cx: &Context,
    asking: &Asking,
    id: ResourceId,
    about: &BTreeSet<Matter>,
    operation: [u8; 16],
) -> Result<(), Attempt> {
    let Capacity::Person(holder) = asking.caller.capacity else {
        return Err(Error::NotFound.into());
    };
    let mut snapshot = cx.store.snapshot().await?;
    let nothing = || not_now("nothing of this paper is accepted: there is nothing to act on");
    let said = snapshot.said(&id).await?.ok_or_else(nothing)?;
    let authority = accepted(&said).ok_or_else(nothing)?;
    let person = snapshot
        .person_of(&said.subject)
        .await?
        .ok_or(Error::NotFound)?;
    let facts = snapshot.facts(person).await?.ok_or(Error::NotFound)?;
    let believing = believing(authority, about, &facts, Moment(cx.now()))?;
    let fact = Fact::Authority(believing);
    let without = facts::without(&facts, &said.facts);
    let after = facts::after(&without, [fact.clone()]);

    let mut outgoing = Outgoing::new(cx, asking, operation);
    outgoing.rest_on_facts(&facts);
    outgoing.write(Write::Facts(NewFacts {
        subject: said.subject,
        evidence: id,
        organisation: said.organisation.clone(),
        said_by: holder.to_string(),
        said_at: cx.now(),
        facts: vec![fact],
    }));
    for write in tasks(cx, snapshot.as_mut(), &said, &after).await? {
        outgoing.write(write);
    }
    let asking = &asking.for_purpose(Purpose::FamilyRequest);
    let event = event(cx, asking, about);
    outgoing.tell_now(&Whose::of(cx, snapshot.as_mut(), &facts).await?, &event)?;
    tell_holder(cx, snapshot.as_mut(), asking, &event, &mut outgoing).await?;
    drop(snapshot);
    outgoing.commit().await?;
    Ok(())
}

fn accepted(said: &StoredFacts) -> Option<&Authority> {
    said.facts.iter().find_map(|fact| match fact {
        Fact::Authority(authority) => Some(authority),
        _ => None,
    })
}

/// The authority with these beliefs and no others. One that was declared before keeps its day.
fn believing(
    authority: &Authority,
    about: &BTreeSet<Matter>,
    facts: &DigestedFacts,
    now: Moment,
) -> Result<Authority, Error> {
    let mut believing = authority.clone();
    let since = |matter: Matter| {
        let mut before = authority.beliefs.iter();
        let before = before.find(|belief| belief.matter == matter);
        before.map_or(now, |belief| belief.at)
    };
    let declared = about.iter().map(|matter| Belief {
        matter: *matter,
        at: since(*matter),
    });
    believing.beliefs = declared.collect();
    let known = &facts.circumstances;
    for matter in about {
        let state = believing.state(*matter, &known.person, &known.authorities, now.0);
        let why = match state {
            AuthorityState::PersonCapable => {
                "somebody assessed that the person can decide this: ask them, or say to whoever assessed it why \
                 you think otherwise"
            }
            AuthorityState::NoPower => "your paper gives no power over this",
            AuthorityState::Ended | AuthorityState::Expired | AuthorityState::Suspended => {
                "your power has ended or is suspended"
            }
            _ => continue,
        };
        let details = format!("{}: {why}", matter.words());
        return Err(Error::invalid(
            Issue::error(IssueCode::BusinessRule, details).at("about"),
        ));
    }
    Ok(believing)
}

/// The tasks that come of it or go, on the lists of those who look after the person.
async fn tasks(
    cx: &Context,
    snapshot: &mut dyn Snapshot,
    said: &StoredFacts,
    after: &Facts,
) -> Result<Vec<Write>, Error> {
    let directory = snapshot.directory().await?;
    let Some(team) = alarm::team(None, after, &directory, cx.now()) else {
        return Ok(Vec::new());
    };
    let known = crate::messages::standing::known_to(snapshot, after, &team, &directory).await?;
    let name = known.map(|(_, _, name)| name).unwrap_or_default();
    let after = After {
        patient: said.subject,
        name: &name,
        facts: after,
    };
    alarm::moved(cx, snapshot, None, &after).await
}

fn event(cx: &Context, asking: &Asking, about: &BTreeSet<Matter>) -> Event {
    let mut event = Event::plain(asking, "", Operation::Family, cx.now());
    Channel::Page.code().clone_into(&mut event.channel);
    policy::Answer::Permit.code().clone_into(&mut event.answer);
    BELIEVES.clone_into(&mut event.because);
    let matters: Vec<&str> = about.iter().map(|matter| matter.words()).collect();
    event.reason = matters.join(", ");
    event
}

/// The same stands in the holder's own account.
async fn tell_holder(
    cx: &Context,
    snapshot: &mut dyn Snapshot,
    asking: &Asking,
    event: &Event,
    outgoing: &mut Outgoing<'_>,
) -> Result<(), Error> {
    let Some(holder) = asking.caller.person() else {
        return Ok(());
    };
    let Some(own) = account::facts_of(snapshot, holder).await? else {
        return Ok(());
    };
    outgoing.rest_on_facts(&own);
    let mine = Event {
        because: YOU_BELIEVE.to_owned(),
        ..event.clone()
    };
    outgoing.tell_now(&Whose::of(cx, snapshot, &own).await?, &mine)
}
