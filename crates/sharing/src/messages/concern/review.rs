//! Whoever is shut out because a concern names them is shut out by somebody who answers for it, for a reason,
//! until a day. The team that looks into the concern decides within a working day that it has to be, and looks
//! again by the day that it sets. If nobody looks, it climbs to the deputy and the manager, and stays: it never
//! ends by itself (a bar against a named audience).

use domain::calendar::working_days_after;
use domain::message::{Ending, Kind, Message, Move};
use domain::{ResourceId, TeamId, Timestamp};
use fhir::{Issue, IssueCode};
use policy::Internal;
use sha2::{Digest, Sha256};
use store::{Directory, Snapshot, Write};

use crate::attempt::{Attempt, until_done};
use crate::event::{Event, Operation};
use crate::logged::organisation_name;
use crate::messages::flag::day;
use crate::messages::outgoing::Outgoing;
use crate::messages::read::{in_hand, own_place};
use crate::messages::send::{deliver, not_now, text_of};
use crate::messages::standing::{of_exchange, standing};
use crate::messages::{board, routing};
use crate::whose::Whose;
use crate::{Asking, Channel, Context, Error};

/// Within how many working days somebody decides that it has to be.
const CONFIRMED_WITHIN: u32 = 1;
/// By when somebody looks again who names no day.
const AGAIN_WITHIN: u32 = 20;
/// The longest time until somebody looks again.
const LONGEST_DAYS: i64 = 365;

/// What the account says was recorded.
pub(crate) const GOES_ON: &str = "shut-out-goes-on";

/// The task to decide about it, for the team that looks into the concern, with the concern itself.
pub(super) async fn begins(
    cx: &Context,
    snapshot: &mut dyn Snapshot,
    concern: &Message,
    directory: &Directory,
) -> Result<Option<Write>, Error> {
    let team = concern.deliveries.first().map(|one| one.team.clone());
    let Some(team) = team.filter(|_| names_somebody(concern)) else {
        return Ok(None);
    };
    let (id, found) = standing(cx, snapshot, matter(concern.id)).await?;
    if found.is_some() {
        return Ok(None);
    }
    let due = working_days_after(cx.now(), CONFIRMED_WITHIN);
    let message = task(cx, id, concern, (&team, cx.now(), due), directory)?;
    Ok(Some(board::keep(message, 0, directory)))
}

/// It ends with what the concern did for whom it named.
pub(super) async fn ends(
    cx: &Context,
    snapshot: &mut dyn Snapshot,
    concern: &Message,
    directory: &Directory,
) -> Result<Option<Write>, Error> {
    let (_, found) = standing(cx, snapshot, matter(concern.id)).await?;
    Ok(found.map(|(mut message, version)| {
        end(&mut message, "nobody is shut out by it any more", cx.now());
        board::keep(message, version, directory)
    }))
}

/// The next team decides about it, with the concern that is passed on to it.
pub(super) async fn passes_on(
    cx: &Context,
    snapshot: &mut dyn Snapshot,
    concern: &Message,
    to: &TeamId,
    directory: &Directory,
) -> Result<Option<Write>, Error> {
    let (_, found) = standing(cx, snapshot, matter(concern.id)).await?;
    let Some((mut message, version)) = found else {
        return Ok(None);
    };
    for delivery in &mut message.deliveries {
        let _ = delivery.make(Move::End, cx.now());
    }
    message.by = Some(working_days_after(cx.now(), CONFIRMED_WITHIN));
    message.ring = routing::ring(directory, to);
    deliver(cx, &mut message, to, directory)?;
    Ok(Some(board::keep(message, version, directory)))
}

/// Decides that somebody stays shut out, for this reason, and by when it is looked at again: in twenty working
/// days where no day is named, in a year at the latest.
///
/// # Errors
/// [`Error::NotFound`] if it is not the caller's to decide; [`Error::Invalid`] if no reason is given, or the day
/// is past or too far.
pub async fn stays_shut_out(
    cx: &Context,
    asking: &Asking,
    id: ResourceId,
    (reason, until): (&str, Option<Timestamp>),
) -> Result<(), Error> {
    if reason.trim().is_empty() {
        let details = "say why it has to go on: whoever looks at it later reads this";
        return Err(Error::invalid(Issue::required("text", details)));
    }
    let reason = text_of(reason)?;
    let until = until.unwrap_or_else(|| working_days_after(cx.now(), AGAIN_WITHIN));
    if until <= cx.now() || until > cx.now().plus_seconds(LONGEST_DAYS * 86_400) {
        let details = "give a day to come, within a year, on which somebody looks again";
        let issue = Issue::error(IssueCode::Value, details).at("until");
        return Err(Error::invalid(issue));
    }
    let operation = cx.draw();
    until_done(|| once(cx, asking, id, (&reason, until), operation)).await
}

async fn once(
    cx: &Context,
    asking: &Asking,
    id: ResourceId,
    (reason, until): (&str, Timestamp),
    operation: [u8; 16],
) -> Result<(), Attempt> {
    let (mut snapshot, directory, own, mut found) = in_hand(cx, asking, id).await?;
    let place = own_place(&found.message, &own).ok_or(Error::NotFound)?;
    if found.message.kind != Kind::ShutOut || !found.message.is_in_force() {
        return Err(
            not_now("only of somebody who is shut out it is decided whether that goes on").into(),
        );
    }
    let worker = asking.caller.worker().cloned().ok_or(Error::NotFound)?;
    let team = found.message.deliveries[place].team.clone();
    found.message.deliveries[place]
        .make(Move::Finish(worker.clone()), cx.now())
        .map_err(|refused| not_now(&refused.to_string()))?;
    let asking = &asking.for_purpose(found.message.purpose);
    let mut outgoing = Outgoing::new(cx, asking, operation);
    outgoing.rest_on_facts(&found.facts);
    let agency = organisation_name(snapshot.as_mut(), asking).await?;
    let mut event = Event::plain(asking, &agency, Operation::Fact, cx.now());
    Channel::Message.code().clone_into(&mut event.channel);
    GOES_ON.clone_into(&mut event.because);
    let whose = Whose::of(cx, snapshot.as_mut(), &found.facts).await?;
    outgoing.tell(&whose, &mut found.message, &event)?;

    // The same task again, on the day on which somebody looks again. The reason stands in what is over.
    let mut next = found.message.clone();
    let _ = found.message.close(Ending {
        at: cx.now(),
        by: worker,
        reason: reason.to_owned(),
    });
    next.id = next_id(cx, snapshot.as_mut(), &found.message).await?;
    next.thread = next.id;
    next.at = cx.now();
    next.later = Vec::new();
    next.deliveries = Vec::new();
    next.text = format!(
        "{}\n{} decided on {} that it goes on: {reason}",
        WORDS,
        asking.caller.name,
        day(cx.now())
    );
    next.by = Some(until);
    let mut delivery = domain::message::Delivery::new(team, cx.now());
    delivery.since = cx.now().max(until.plus_seconds(-SHOWN_BEFORE));
    next.deliveries.push(delivery);
    outgoing.write(board::keep(next, 0, &directory));
    outgoing.write(board::keep(found.message, found.version, &directory));
    drop(snapshot);
    outgoing.commit().await?;
    Ok(())
}

/// How often it can be decided about one concern: a bound for reading, not a limit.
const MOST: usize = 1_000;
/// How long before the day it comes onto the list, in seconds: three days.
const SHOWN_BEFORE: i64 = 3 * 86_400;

/// The id of the next task about the same concern.
async fn next_id(
    cx: &Context,
    snapshot: &mut dyn Snapshot,
    over: &Message,
) -> Result<ResourceId, Error> {
    let key: [u8; 32] = matter(over.root).finalize().into();
    for place in 1..MOST {
        let id = cx.ids.of_request(&key, place, b"");
        let found = snapshot.internal_message(Internal::Messages, &id).await?;
        if found.is_none() {
            return Ok(id);
        }
    }
    Ok(cx.ids.fresh(cx.chance.as_ref()))
}

fn names_somebody(concern: &Message) -> bool {
    let concern = concern.concern.as_ref();
    concern.is_some_and(|one| one.alleged_harmer.is_some())
}

fn matter(concern: ResourceId) -> Sha256 {
    let mut matter = Sha256::new_with_prefix(b"shut-out/v1");
    matter.update(concern.0);
    matter
}

const WORDS: &str = "Somebody close to this person is said to harm them. They are shown nothing more of where, when and \
                     with whom to find the person, and are not told so. Say whether that has to go on, why, and by when \
                     you look again. If nobody has to be shut out, say on the concern that nothing more is done. It never \
                     ends by itself.";

fn task(
    cx: &Context,
    id: ResourceId,
    concern: &Message,
    (team, since, due): (&TeamId, Timestamp, Timestamp),
    directory: &Directory,
) -> Result<Message, Error> {
    let whom = (concern.person, concern.patient, concern.name.clone());
    let kind = (Kind::ShutOut, concern.purpose);
    let mut message = of_exchange(cx, id, kind, whom, WORDS.to_owned());
    message.at = since;
    message.root = concern.id;
    message.held.clone_from(&concern.held);
    message.ring = routing::ring(directory, team);
    message.by = Some(due);
    deliver(cx, &mut message, team, directory)?;
    Ok(message)
}

fn end(message: &mut Message, reason: &str, now: Timestamp) {
    let ending = Ending {
        at: now,
        by: message.sender.worker.clone(),
        reason: reason.to_owned(),
    };
    // It is in force, and so are those of its deliveries that did not end.
    let _ = message.close(ending);
    for delivery in &mut message.deliveries {
        let _ = delivery.make(Move::End, now);
    }
}
