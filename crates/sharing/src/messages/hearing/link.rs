//! Somebody who is to be heard and has no page here is asked by a one-time link and a spoken code: the
//! team that plans gives it, and they read what is planned and say what they think as on a page of their own.

use domain::arrangement::{DecisionState, LifeDecision};
use domain::message::{Message, Stage};
use domain::{
    Invitation, ItemId, Moment, Opens, OrganisationId, OutsiderKind, PartyId, ResourceId, Timestamp,
};
use policy::alarm::to_be_heard;
use policy::{Facts, Internal};
use store::Snapshot;

use super::party::DECIDED;
use super::{bound_by, decision_of, hearing_of, matter, planned_row};
use crate::attempt::{Attempt, until_done};
use crate::contribute::custodian;
use crate::invitation::{
    Given, Standing, What, drawn, event_of, in_place_of_earlier, text_issue, until_issue,
};
use crate::messages::outgoing::Outgoing;
use crate::messages::planned::{Heard, Linked, may_decide, reader};
use crate::messages::send::{Known, not_now};
use crate::messages::standing;
use crate::whose::Whose;
use crate::{Asking, Context, Error};

/// To whom a link is given with which they are heard, and until when.
#[derive(Debug, Clone)]
pub struct Give {
    /// Their name.
    pub name: String,
    /// Until when.
    pub until: Timestamp,
}

/// Gives whoever this message asks a link with which they read what is planned and say what they think.
/// An earlier one to the same message ends.
///
/// # Errors
/// [`Error::NotFound`] if it asks nobody, or the caller may not see plans about the person;
/// [`Error::Invalid`] if it is not theirs to give, they are not written to on a ground, it has been
/// decided, or something is missing.
pub async fn give(
    cx: &Context,
    asking: &Asking,
    id: ResourceId,
    what: &Give,
) -> Result<Given, Error> {
    let given = drawn(cx);
    let operation = cx.draw();
    until_done(|| once(cx, asking, id, what, &given, operation)).await?;
    Ok(given)
}

/// Whether the caller may give one, without what it says.
///
/// # Errors
/// As for [`give`].
pub async fn may_give(cx: &Context, asking: &Asking, id: ResourceId) -> Result<(), Error> {
    let mut snapshot = cx.store.snapshot().await?;
    asks(cx, snapshot.as_mut(), asking, id).await?;
    Ok(())
}

async fn once(
    cx: &Context,
    asking: &Asking,
    id: ResourceId,
    what: &Give,
    given: &Given,
    operation: [u8; 16],
) -> Result<(), Attempt> {
    let mut snapshot = cx.store.snapshot().await?;
    let (message, known, decision) = asks(cx, snapshot.as_mut(), asking, id).await?;
    is_whole(cx, what)?;
    let invitation = invitation(asking, &message, (what, given.id), &decision, cx.now());
    let what = What::Given;
    let event = event_of(snapshot.as_mut(), asking, &invitation, what, cx.now()).await?;

    let mut outgoing = Outgoing::new(cx, asking, operation);
    outgoing
        .rest_on(snapshot.as_mut(), &known.facts, &known.decision)
        .await?;
    let whose = Whose::of(cx, snapshot.as_mut(), &known.facts).await?;
    outgoing.tell_now(&whose, &event)?;
    let about: (&Facts, ResourceId) = (&known.facts, message.patient);
    for write in in_place_of_earlier(cx, asking, about, &invitation, given) {
        outgoing.write(write);
    }
    drop(snapshot);
    outgoing.commit().await?;
    Ok(())
}

/// The message that asks somebody, and the decision, if the caller may have them asked by a link.
async fn asks(
    cx: &Context,
    snapshot: &mut dyn Snapshot,
    asking: &Asking,
    id: ResourceId,
) -> Result<(Message, Known, LifeDecision), Error> {
    let found = snapshot.internal_message(Internal::Messages, &id).await?;
    let message = found.map(|(message, _)| message);
    let message = message
        .filter(Message::is_in_force)
        .ok_or(Error::NotFound)?;
    let known = reader(cx, snapshot, asking, message.patient).await?;
    let of = message.to_be_heard.as_ref().ok_or(Error::NotFound)?;
    may_decide(asking)?;
    let decision = decision_of(&known.facts, &of.decision);
    let row = planned_row(cx, snapshot, &known.facts, &of.decision).await?;
    let (Some(decision), Some(row)) = (decision.cloned(), row) else {
        return Err(Error::NotFound);
    };
    if row.organisation != custodian(asking) {
        return Err(not_now("another agency has planned this: ask them"));
    }
    if decision.state == DecisionState::Made {
        return Err(not_now(DECIDED));
    }
    let by = &row.organisation;
    is_asked(cx, snapshot, &known.facts, (&decision, &of.party, by)).await?;
    Ok((message, known, decision))
}

/// Whether they are to be heard, and nothing keeps the exchange from writing to them.
async fn is_asked(
    cx: &Context,
    snapshot: &mut dyn Snapshot,
    facts: &Facts,
    (decision, party, by): (&LifeDecision, &PartyId, &OrganisationId),
) -> Result<(), Error> {
    if !to_be_heard(facts, decision, cx.now()).contains(party) {
        return Err(Error::NotFound);
    }
    match bound_by(cx, snapshot, facts, (party, by)).await? {
        None => Ok(()),
        Some(ground) => Err(not_now(&format!(
            "they are not written to, because {} ({}): decide about it first",
            ground.words(),
            ground.code()
        ))),
    }
}

fn is_whole(cx: &Context, what: &Give) -> Result<(), Error> {
    let name = text_issue("name", &what.name, "say who is to be heard");
    let until = until_issue(what.until, cx.now());
    let issues: Vec<_> = name.into_iter().chain(until).collect();
    match issues.is_empty() {
        true => Ok(()),
        false => Err(Error::Invalid(issues)),
    }
}

fn invitation(
    asking: &Asking,
    message: &Message,
    (what, id): (&Give, ResourceId),
    decision: &LifeDecision,
    now: Timestamp,
) -> Invitation {
    Invitation {
        outsider: PartyId::new(id.to_string()),
        name: what.name.trim().to_owned(),
        kind: OutsiderKind::ToBeHeard,
        organisation: String::new(),
        about: [].into(),
        given_by: asking.caller.organisation().cloned(),
        giver: asking.caller.name.clone(),
        why: format!("to say what they think of “{}”", decision.name),
        since: Moment(now),
        until: Moment(what.until),
        ended: None,
        answers: None,
        hears: Some(ItemId::new(message.id.to_string())),
    }
}

/// Since when the message of a link asks nobody any more; `None` while it does.
pub(crate) async fn over(
    snapshot: &mut dyn Snapshot,
    message: &ItemId,
) -> Result<Option<Timestamp>, Error> {
    let Ok(id) = message.as_str().parse::<ResourceId>() else {
        return Ok(None);
    };
    let found = snapshot.internal_message(Internal::Messages, &id).await?;
    Ok(found.and_then(|(message, _)| match message.stage {
        Stage::Closed(ending) | Stage::Retracted(ending) => Some(ending.at),
        _ => None,
    }))
}

/// The message that asks somebody, and the link to it that is out.
pub(in crate::messages) async fn standing(
    cx: &Context,
    snapshot: &mut dyn Snapshot,
    facts: &Facts,
    decision: &str,
    heard: &Heard,
) -> Result<(Option<ResourceId>, Option<Linked>), Error> {
    let asked = hearing_of(facts, decision, &heard.party);
    if asked.is_none_or(|it| it.written.is_none()) {
        return Ok((None, None));
    }
    let matter = matter(facts, decision, &heard.party);
    let (_, found) = standing::standing(cx, snapshot, matter).await?;
    let Some((message, _)) = found else {
        return Ok((None, None));
    };
    let id = ItemId::new(message.id.to_string());
    let mut links = facts.circumstances.invitations.iter();
    let link = links.find(|it| it.opens() == Opens::Hearing(&id) && it.is_live(cx.now()));
    let link = match link {
        Some(link) => Some(linked(Standing::of(snapshot, link).await?)),
        None => None,
    };
    Ok((Some(message.id), link))
}

fn linked(link: Standing) -> Linked {
    Linked {
        id: link.id,
        until: link.invitation.ends(),
        name: link.invitation.name,
        opened: link.opened.map(Moment),
    }
}
