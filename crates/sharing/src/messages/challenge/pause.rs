//! Sharing with an agency waits while a line that tells of it is challenged, unless somebody's safety needs
//! that it goes on; a fact on which decisions turn, under the challenge's own id.

use domain::message::{Challenge, Message};
use domain::restriction::Pause;
use domain::{Fact, Moment, OrganisationId, Purpose, ResourceId, Timestamp};
use fhir::Issue;
use policy::can_wait;
use store::{Directory, NewFacts, Write};

use super::{may_look, open_in};
use crate::attempt::{Attempt, until_done};
use crate::event::{Event, Operation};
use crate::logged::organisation_name;
use crate::messages::outgoing::Outgoing;
use crate::messages::read::{in_hand, own_place};
use crate::messages::send::{not_now, text_of};
use crate::messages::{board, challenge::sentence};
use crate::whose::Whose;
use crate::{Asking, Channel, Context, Error};

/// With whom sharing waits while a line of this purpose is challenged: with whoever was told, if it can wait.
pub(super) fn of_line(event: &Event, reads: &OrganisationId) -> Option<OrganisationId> {
    let purpose: Option<Purpose> = event.purpose.parse().ok();
    let waits = purpose.is_some_and(can_wait) && event.answer.starts_with("PERMIT");
    waits.then(|| reads.clone())
}

/// The fact as it stands: since when, until when, and for whose safety it does not hold.
fn stands(
    message: &Message,
    challenge: &Challenge,
    directory: &Directory,
    (now, until): (Timestamp, Option<Timestamp>),
) -> Option<Write> {
    let with = challenge.pauses.clone()?;
    let delivery = message.deliveries.first()?;
    let decides = directory.teams.get(&delivery.team)?.organisation.clone();
    Some(Write::Facts(NewFacts {
        subject: message.patient,
        evidence: message.id,
        organisation: decides.clone(),
        said_by: String::new(),
        said_at: now,
        facts: vec![Fact::Pause(Pause {
            with,
            decides,
            since: Moment(message.at),
            until: until.map(Moment),
            safety: challenge.safety.clone(),
        })],
    }))
}

/// It begins with the challenge.
pub(super) fn begins(message: &Message, directory: &Directory, now: Timestamp) -> Option<Write> {
    let challenge = message.challenge.as_deref()?;
    stands(message, challenge, directory, (now, None))
}

/// It ends with the outcome, whatever that is.
pub(super) fn ends(message: &Message, directory: &Directory, now: Timestamp) -> Option<Write> {
    let challenge = message.challenge.as_deref()?;
    stands(message, challenge, directory, (now, Some(now)))
}

/// Lets sharing go on while a challenge is open, because somebody's safety needs it.
///
/// # Errors
/// [`Error::NotFound`] if it is not the caller's to answer; [`Error::Invalid`] if nothing waits, or no reason
/// is given.
pub async fn keep_sharing(
    cx: &Context,
    asking: &Asking,
    id: ResourceId,
    reason: &str,
) -> Result<(), Error> {
    let operation = cx.draw();
    until_done(|| once(cx, asking, id, reason, operation)).await
}

async fn once(
    cx: &Context,
    asking: &Asking,
    id: ResourceId,
    reason: &str,
    operation: [u8; 16],
) -> Result<(), Attempt> {
    let (mut snapshot, directory, own, mut found) = in_hand(cx, asking, id).await?;
    own_place(&found.message, &own).ok_or(Error::NotFound)?;
    may_look(asking, &found.message, &directory)?;
    let waits = |it: &Challenge| it.pauses.is_some() && it.safety.is_none();
    if !open_in(&found.message).is_some_and(waits) {
        return Err(not_now("no sharing waits for this").into());
    }
    if reason.trim().is_empty() {
        let details = "say whose safety needs that it goes on, and why";
        return Err(Error::invalid(Issue::required("text", details)).into());
    }
    let reason = text_of(reason)?;
    if let Some(challenge) = &mut found.message.challenge {
        challenge.safety = Some(reason);
    }
    let mut outgoing = Outgoing::new(cx, asking, operation);
    outgoing.rest_on_facts(&found.facts);
    let agency = organisation_name(snapshot.as_mut(), asking).await?;
    let mut event = Event::plain(asking, &agency, Operation::Challenge, cx.now());
    Channel::Message.code().clone_into(&mut event.channel);
    policy::Answer::Permit.code().clone_into(&mut event.answer);
    sentence::GOES_ON.clone_into(&mut event.because);
    event.what = found
        .message
        .challenge
        .as_ref()
        .map_or_else(Vec::new, |it| it.what.clone());
    let whose = Whose::of(cx, snapshot.as_mut(), &found.facts).await?;
    outgoing.tell_now(&whose, &event)?;
    let fact = begins(&found.message, &directory, cx.now());
    fact.into_iter().for_each(|fact| outgoing.write(fact));
    outgoing.write(board::keep(found.message, found.version, &directory));
    drop(snapshot);
    outgoing.commit().await?;
    Ok(())
}
