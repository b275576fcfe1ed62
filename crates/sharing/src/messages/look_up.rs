//! A look-up from unscheduled care: whoever answers for a child protection message reads, as one
//! line, that somebody saw its flag. A visit to the family's own practice is no news and sends none.

use domain::calendar;
use domain::message::{Delivery, Kind, Message, Move, Stage, Urgency};
use domain::{Capacity, ResourceId, TeamId};
use policy::Decision;
use sha2::{Digest, Sha256};
use store::{NewEntry, Snapshot, Write};

use super::outgoing::Outgoing;
use super::{board, routing, send};
use crate::event::Event;
use crate::whose::Whose;
use crate::{Asking, Context, Error};

/// By what somebody is involved who sees a child unplanned.
const UNSCHEDULED: [&str; 2] = ["attendance", "emergency"];

/// The line, with what the account says of it, to be written together with the look; `None` if it
/// is no unscheduled care, or the same worker looked earlier that day.
pub(crate) async fn notice(
    cx: &Context,
    snapshot: &mut dyn Snapshot,
    asking: &Asking,
    (decision, seen, whose): (&Decision, &Message, &Whose),
    operation: [u8; 16],
) -> Result<Option<(Vec<Write>, Vec<NewEntry>)>, Error> {
    let because = decision.because.as_ref().map(|because| because.code);
    let unscheduled = because.is_some_and(|code| UNSCHEDULED.contains(&code));
    let Capacity::Worker {
        team: Some(team), ..
    } = &asking.caller.capacity
    else {
        return Ok(None);
    };
    if !unscheduled || !seen.is_in_force() || seen.sender.teams().contains(team) {
        return Ok(None);
    }
    let id = id(cx, asking, seen);
    if snapshot.parties(&id).await?.is_some() {
        return Ok(None);
    }
    let directory = snapshot.directory().await?;
    let mut message = line(cx, asking, &directory, seen, id)?;
    let agency = crate::logged::organisation_name(snapshot, asking).await?;
    let mut event = Event::of(
        asking,
        &agency,
        crate::event::Operation::Message,
        decision,
        cx.now(),
    );
    policy::Answer::Permit.code().clone_into(&mut event.answer);
    crate::Channel::Message
        .code()
        .clone_into(&mut event.channel);
    event.grounds.clear();
    let mut outgoing = Outgoing::new(cx, asking, operation);
    send::tell_of_sending(&mut outgoing, whose, &mut message, &event, &directory)?;
    outgoing.write(board::keep(message, 0, &directory));
    Ok(Some(outgoing.into_parts()))
}

/// One for each worker, message and day.
fn id(cx: &Context, asking: &Asking, seen: &Message) -> ResourceId {
    let worker = asking.caller.worker().map(ToString::to_string);
    let mut key = Sha256::new_with_prefix(b"look-up/v1");
    key.update(seen.id.0);
    key.update(worker.unwrap_or_default());
    let day = calendar::local(cx.now()).date().to_string();
    cx.ids.of_request(&key.finalize().into(), 0, day.as_bytes())
}

fn line(
    cx: &Context,
    asking: &Asking,
    directory: &store::Directory,
    seen: &Message,
    id: ResourceId,
) -> Result<Message, Error> {
    let now = cx.now();
    let blank = send::blank(
        cx,
        asking,
        directory,
        seen.patient,
        seen.person,
        Kind::LookUp,
    )?;
    let to = &seen.sender.team;
    let mut delivery = Delivery::new(to.clone(), now);
    let with = reader(directory, to, now);
    let _ = delivery.make(Move::Deliver { with, due: None }, now);
    Ok(Message {
        id,
        thread: seen.id,
        root: id,
        harm: domain::message::kind::harm(Kind::LookUp, asking.purpose, Urgency::Routine),
        name: seen.name.clone(),
        text: format!(
            "Looked up by {}, who saw that a child protection message is in force.",
            blank.sender.name
        ),
        stage: Stage::Sent,
        held: seen.held.clone(),
        deliveries: vec![delivery],
        ..blank
    })
}

/// Whoever is there to read it: the team, or the desk that stands in for it. It never wakes anybody.
fn reader(directory: &store::Directory, team: &TeamId, now: domain::Timestamp) -> TeamId {
    if routing::opening(directory, team).is_open(now) {
        return team.clone();
    }
    routing::desk(directory, team, now).unwrap_or_else(|| team.clone())
}
