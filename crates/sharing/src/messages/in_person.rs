//! What somebody has to be told by a person and not by a page: a task with a date, for the team that
//! answers for it.
//!
//! Three things are: that an attorney acts on their own belief that the person cannot decide (Adults with
//! Incapacity (Scotland) Act 2000 s.16(5)(b)); what is held about a child, before it appears in the
//! accounts of those whom it concerns; and what was taken of an adult's records because section 10 of the
//! Adult Support and Protection (Scotland) Act 2007 requires it. Nothing is sent to anybody by it.

use std::collections::BTreeSet;

use domain::authority::{AuthorityKind, AuthorityState};
use domain::calendar::working_days_after;
use domain::message::{AdultsWord, Delivery, Ending, Kind, Message, Move};
use domain::{Matter, PartyId, Purpose, Timestamp};
use policy::Facts;
use sha2::{Digest, Sha256};
use store::{Directory, Snapshot, Write};

use super::alarm::After;
use super::flag::day;
use super::send::{deliver, is_outside_care};
use super::standing::{of_exchange, standing};
use super::{board, routing};
use crate::{Asking, Context, Error};

/// By when a professional who thinks otherwise records an assessment.
const ASSESSMENT_WORKING_DAYS: u32 = 5;
/// After how long the task to tell a family comes onto a list, where there is time.
const QUIET_WORKING_DAYS: u32 = 2;
/// By when an adult is told what was taken.
const TAKEN_WORKING_DAYS: u32 = 5;

/// Brings the task about each attorney who acts on a declared belief to where it should be.
pub(super) async fn of_beliefs(
    cx: &Context,
    snapshot: &mut dyn Snapshot,
    asking: Option<&Asking>,
    after: &After<'_>,
    directory: &Directory,
) -> Result<Vec<Write>, Error> {
    let mut writes = Vec::new();
    for holder in holders(after.facts) {
        let about = believed(after.facts, holder, cx.now());
        let (id, found) = standing(cx, snapshot, of_belief(after.facts, holder)).await?;
        match (about.first(), found) {
            (Some((kind, _)), None) => {
                let team = super::alarm::team(asking, after.facts, directory, cx.now());
                let Some(team) = team else { continue };
                let due = working_days_after(cx.now(), ASSESSMENT_WORKING_DAYS);
                let whom = (after.facts.person, after.patient, after.name.to_owned());
                let about: Vec<&str> = about.iter().map(|(_, matter)| *matter).collect();
                let text = acts(*kind, &about, due);
                let kind = (Kind::InPerson, Purpose::Review);
                let mut message = of_exchange(cx, id, kind, whom, text);
                message.by = Some(due);
                deliver(cx, &mut message, &team, directory)?;
                writes.push(board::keep(message, 0, directory));
            }
            (None, Some((mut message, version))) => {
                end(
                    &mut message,
                    "the belief is no longer what they act on",
                    cx.now(),
                );
                writes.push(board::keep(message, version, directory));
            }
            (Some(_), Some(_)) | (None, None) => {}
        }
    }
    Ok(writes)
}

/// Everybody who acts for the person and could do so on a belief, each once.
fn holders(facts: &Facts) -> BTreeSet<&PartyId> {
    let all = facts.circumstances.authorities.iter();
    let could = all.filter(|one| one.waits_for_incapacity());
    could.map(|one| &one.holder).collect()
}

/// The matters in which somebody acts on no more than their own belief, with as what they act.
fn believed(facts: &Facts, holder: &PartyId, now: Timestamp) -> Vec<(AuthorityKind, &'static str)> {
    let known = &facts.circumstances;
    let mut all = Vec::new();
    for authority in known.authorities.iter().filter(|one| one.holder == *holder) {
        let state =
            |matter: Matter| authority.state(matter, &known.person, &known.authorities, now);
        let single = Matter::SINGLE.iter().copied();
        let on_belief = single.filter(|matter| state(*matter) == AuthorityState::OnBelief);
        all.extend(on_belief.map(|matter| (authority.kind, matter.code())));
    }
    all
}

fn of_belief(facts: &Facts, holder: &PartyId) -> Sha256 {
    let mut matter = Sha256::new_with_prefix(b"acts-on-belief/v1");
    matter.update(facts.person.0);
    matter.update(holder.as_str());
    matter
}

/// What the team reads of an attorney who acts on their belief.
fn acts(kind: AuthorityKind, about: &[&str], due: Timestamp) -> String {
    format!(
        "The {} acts for this person on their own belief that the person cannot decide about {}: nobody has \
         assessed it. They read ordinary care information. Tell the person face to face that somebody acts for \
         them. If you think that the person can decide this, record an assessment by {}.",
        kind.words(),
        about.join(", "),
        day(due)
    )
}

/// The task to tell a family in person what is held about their child, for the team that answers for the
/// message; `None` where they know.
pub(super) async fn of_held(
    cx: &Context,
    snapshot: &mut dyn Snapshot,
    root: &Message,
    directory: &Directory,
) -> Result<Option<Write>, Error> {
    let Some((until, _)) = &root.held else {
        return Ok(None);
    };
    let (id, found) = standing(cx, snapshot, of_message(root)).await?;
    if found.is_some() {
        return Ok(None);
    }
    let whom = (root.person, root.patient, root.name.clone());
    let kind = (Kind::InPerson, root.purpose);
    let mut message = of_exchange(cx, id, kind, whom, before(*until));
    message.thread = root.thread;
    message.ring = routing::ring(directory, &root.sender.team);
    message.by = Some(*until);
    let mut delivery = Delivery::new(root.sender.team.clone(), cx.now());
    // The first morning is for what nobody took in the night.
    let later = working_days_after(cx.now(), QUIET_WORKING_DAYS);
    delivery.since = if later < *until { later } else { cx.now() };
    message.deliveries.push(delivery);
    Ok(Some(board::keep(message, 0, directory)))
}

fn of_message(root: &Message) -> Sha256 {
    let mut matter = Sha256::new_with_prefix(b"tell-the-family/v1");
    matter.update(root.id.0);
    matter
}

/// What the team reads of what is held.
fn before(until: Timestamp) -> String {
    format!(
        "Plan how the family is told, and tell them in person, orally and in writing and in the language that they \
         use, that a child protection message stands, what is held and who can see it. On {} it appears in the \
         accounts of those whom it concerns, whether or not they were told. Say on the message that they were told: \
         that takes this off the list.",
        day(until)
    )
}

/// The task to tell an adult what was taken under a requirement, for the officer's team: one for each
/// requirement, however many holders gave something; `None` where nothing is required, or it stands already.
pub(super) async fn of_taken(
    cx: &Context,
    snapshot: &mut dyn Snapshot,
    request: &Message,
    directory: &Directory,
) -> Result<Option<Write>, Error> {
    let required = request
        .request
        .as_ref()
        .and_then(|one| one.required.as_ref());
    let Some(required) = required else {
        return Ok(None);
    };
    let mut matter = Sha256::new_with_prefix(b"tell-what-was-taken/v1");
    matter.update(request.id.0);
    let (id, found) = standing(cx, snapshot, matter).await?;
    if found.is_some() {
        return Ok(None);
    }
    let soon = working_days_after(cx.now(), TAKEN_WORKING_DAYS);
    let held = request.held.as_ref().map(|(until, _)| *until);
    let due = held.map_or(soon, |until| until.max(soon));
    let whom = (request.person, request.patient, request.name.clone());
    let mut text = taken(&required.number, &required.adult, held);
    let mut asked = request.deliveries.iter();
    if asked.any(|one| is_outside_care(&one.team, directory)) {
        text.push_str(
            " Who gave something and is outside care is another organisation to them, and no more.",
        );
    }
    let mut message = of_exchange(cx, id, (Kind::InPerson, request.purpose), whom, text);
    message.by = Some(due);
    deliver(cx, &mut message, &request.sender.team, directory)?;
    Ok(Some(board::keep(message, 0, directory)))
}

/// What the officer's team reads when something was taken.
fn taken(number: &str, adult: &AdultsWord, held: Option<Timestamp>) -> String {
    let objected = match adult {
        AdultsWord::Objects => {
            " They objected: say that this was known, and which law went past it."
        }
        AdultsWord::Agrees | AdultsWord::NotAsked { .. } => "",
    };
    let not_before = held.map_or_else(String::new, |until| {
        format!(
            " Not before {}: until then it is held from them.",
            day(until)
        )
    });
    format!(
        "Something was given under requirement {number}. Tell the adult face to face, in the language that they use \
         and with an interpreter if they need one, what was taken, by whom and for what, and that section 10 of the \
         Adult Support and Protection (Scotland) Act 2007 required it.{objected}{not_before} Note who told them, and \
         who interpreted, as a call or meeting; then tick this off."
    )
}

/// Takes the task off its list, where a family was told or there is nothing left to tell.
pub(super) async fn told(
    cx: &Context,
    snapshot: &mut dyn Snapshot,
    root: &Message,
    directory: &Directory,
) -> Result<Option<Write>, Error> {
    let (_, found) = standing(cx, snapshot, of_message(root)).await?;
    Ok(found.map(|(mut message, version)| {
        end(
            &mut message,
            "they were told, or the message is over",
            cx.now(),
        );
        board::keep(message, version, directory)
    }))
}

/// Whether it goes by itself, when its sender says of a message that they were told.
pub(super) fn goes_by_itself(message: &Message) -> bool {
    message.kind == Kind::InPerson && message.thread != message.id
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
