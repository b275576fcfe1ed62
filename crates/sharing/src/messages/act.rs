//! What is done with a message: answering in one tap, and, for its sender, saying it anew, closing
//! it or taking it back. What is linked to it moves in the same commit.

use domain::message::clock::due;
use domain::message::{Ending, Kind, Message, Move, Reply, Terms};
use domain::{ResourceId, TeamId, Timestamp};
use fhir::Issue;
use policy::Internal;
use store::{Directory, Snapshot};

use super::outgoing::Outgoing;
use super::read::{Found, in_hand, own_place, speaks_for_sender};
use super::{
    board, challenge, concern, in_person, one_tap, recall, requirement, retracted, routing, send,
    unseen,
};
use crate::attempt::{Attempt, until_done};
use crate::{Asking, Context, Error};

/// What its sender does with a message and all that is linked to it.
#[derive(Debug, Clone)]
enum Act {
    Update(String),
    Close(String),
    Retract(String),
    Tell,
}

/// Says "mine" or "not mine"; of a retraction, that one knows.
///
/// # Errors
/// [`Error::NotFound`] if it is not the caller's to answer; [`Error::Invalid`] if it is over.
pub async fn answer(
    cx: &Context,
    asking: &Asking,
    id: ResourceId,
    reply: Reply,
) -> Result<(), Error> {
    let worker = asking.caller.worker().cloned().ok_or(Error::NotFound)?;
    own_move(cx, asking, id, &Move::Answer(worker, reply)).await
}

/// Says that it is done.
///
/// # Errors
/// As for [`answer`], and if nobody had taken it.
pub async fn finish(cx: &Context, asking: &Asking, id: ResourceId) -> Result<(), Error> {
    let worker = asking.caller.worker().cloned().ok_or(Error::NotFound)?;
    own_move(cx, asking, id, &Move::Finish(worker)).await
}

async fn own_move(cx: &Context, asking: &Asking, id: ResourceId, step: &Move) -> Result<(), Error> {
    let operation = cx.draw();
    until_done(|| own_move_once(cx, asking, id, step, operation)).await
}

async fn own_move_once(
    cx: &Context,
    asking: &Asking,
    id: ResourceId,
    step: &Move,
    operation: [u8; 16],
) -> Result<(), Attempt> {
    let (mut snapshot, directory, teams, mut found) = in_hand(cx, asking, id).await?;
    let place = own_place(&found.message, &teams).ok_or(Error::NotFound)?;
    if found.message.kind == Kind::Challenge {
        challenge::may_look(asking, &found.message, &directory)?;
    }
    if let Some(instead) = one_tap::instead(&found.message, step) {
        return Err(send::not_now(instead).into());
    }
    if found.message.kind == Kind::Unseen && matches!(step, Move::Finish(_)) {
        let worker = asking.caller.worker().ok_or(Error::NotFound)?;
        if unseen::shares(&found.facts, &teams, worker, (&directory, cx.now())) {
            let details = "you share this record: somebody who has no part in the care says that it is done, and it \
                           goes by itself when somebody outside can see it";
            return Err(send::not_now(details).into());
        }
    }
    found.message.deliveries[place]
        .make(step.clone(), cx.now())
        .map_err(|refused| send::not_now(&refused.to_string()))?;
    if let Some(challenge) = &found.message.challenge {
        // Acknowledged; from here the law's own clock runs.
        let until = challenge.law_allows_until;
        found.message.deliveries[place].due = Some(until);
    }
    let mut outgoing = Outgoing::new(cx, asking, operation);
    outgoing.rest_on_facts(&found.facts);
    if found.message.kind == Kind::Recall {
        recall::confirmed(snapshot.as_mut(), asking, &mut found, &mut outgoing).await?;
    }
    outgoing.write(board::keep(found.message, found.version, &directory));
    drop(snapshot);
    outgoing.commit().await?;
    Ok(())
}

/// Says it anew: whoever has it must look again. The earlier text is superseded, for everyone.
///
/// # Errors
/// [`Error::NotFound`] unless the caller speaks for its sender; [`Error::Invalid`] if it is over.
pub async fn update(
    cx: &Context,
    asking: &Asking,
    id: ResourceId,
    text: &str,
) -> Result<(), Error> {
    let text = send::text_of(text)?;
    senders_act(cx, asking, id, &Act::Update(text)).await
}

/// Closes what was right and is over, and all that is linked to it.
///
/// # Errors
/// As for [`update`], and if no reason is given.
pub async fn close(
    cx: &Context,
    asking: &Asking,
    id: ResourceId,
    reason: &str,
) -> Result<(), Error> {
    senders_act(cx, asking, id, &Act::Close(reason_of(reason)?)).await
}

/// Takes back what was wrong, and all that is linked to it: whoever saw it must say that they know.
///
/// # Errors
/// As for [`close`].
pub async fn retract(
    cx: &Context,
    asking: &Asking,
    id: ResourceId,
    reason: &str,
) -> Result<(), Error> {
    senders_act(cx, asking, id, &Act::Retract(reason_of(reason)?)).await
}

/// Says that the people whom it concerns have been told: their accounts show it from now on.
///
/// # Errors
/// As for [`update`].
pub async fn tell(cx: &Context, asking: &Asking, id: ResourceId) -> Result<(), Error> {
    senders_act(cx, asking, id, &Act::Tell).await
}

async fn senders_act(
    cx: &Context,
    asking: &Asking,
    id: ResourceId,
    act: &Act,
) -> Result<(), Error> {
    let operation = cx.draw();
    until_done(|| senders_act_once(cx, asking, id, act, operation)).await
}

async fn senders_act_once(
    cx: &Context,
    asking: &Asking,
    id: ResourceId,
    act: &Act,
    operation: [u8; 16],
) -> Result<(), Attempt> {
    let (mut snapshot, directory, teams, found) = in_hand(cx, asking, id).await?;
    if !speaks_for_sender(&found.message, &teams) {
        return Err(Error::NotFound.into());
    }
    if matches!(found.message.kind, Kind::Call | Kind::Recall) {
        let details =
            "what was told has been told: if it was wrong, put it right with each one who was told";
        return Err(send::not_now(details).into());
    }
    if matches!(found.message.kind, Kind::Challenge | Kind::Ruling) {
        let details = "a challenge stands until it is decided, and a decision stands";
        return Err(send::not_now(details).into());
    }
    let mut outgoing = Outgoing::new(cx, asking, operation);
    outgoing.rest_on_facts(&found.facts);
    if !matches!(act, Act::Update(_)) {
        let told = in_person::told(cx, snapshot.as_mut(), &found.message, &directory).await?;
        told.into_iter().for_each(|write| outgoing.write(write));
    }
    if matches!(act, Act::Close(_) | Act::Retract(_)) {
        let over = requirement::ended(cx, asking, &found.message, &found.facts);
        over.into_iter().for_each(|over| outgoing.write(over));
        let end = match act {
            Act::Retract(_) => concern::End::Wrong,
            _ => concern::End::Over,
        };
        let ended = (&found.message, end);
        let let_in = concern::let_in(cx, snapshot.as_mut(), asking, ended, &found.facts).await?;
        let_in.into_iter().for_each(|write| outgoing.write(write));
    }
    for (message, version) in falling_with(snapshot.as_mut(), &found).await? {
        let moved = moved(cx, asking, message, act, id, &directory)?;
        if let Some(mut message) = moved {
            if matches!(act, Act::Retract(_)) {
                let whom = &mut message;
                retracted::tell(snapshot.as_mut(), asking, whom, &directory, &mut outgoing).await?;
            }
            outgoing.write(board::keep(message, version, &directory));
        }
    }
    drop(snapshot);
    outgoing.commit().await?;
    Ok(())
}

/// The message and, if others hang on it, those. A linked one can be ended by itself.
async fn falling_with(
    snapshot: &mut dyn Snapshot,
    found: &Found,
) -> Result<Vec<(Message, u32)>, Error> {
    if found.message.root != found.message.id {
        return Ok(vec![(found.message.clone(), found.version)]);
    }
    let root = &found.message.id;
    Ok(snapshot.standing_with(Internal::Messages, root).await?)
}

/// A message after the act. Of linked ones only the state moves: an update says of nobody else what
/// it says of the child. `None` for a linked one that had ended before.
fn moved(
    cx: &Context,
    asking: &Asking,
    mut message: Message,
    act: &Act,
    acted_on: ResourceId,
    directory: &Directory,
) -> Result<Option<Message>, Error> {
    let now = cx.now();
    if let Act::Tell = act {
        // It is due now, and whoever does what is due writes the lines.
        if let Some((until, _)) = &mut message.held {
            *until = now.min(*until);
        }
        return Ok(Some(message));
    }
    let is_linked = message.id != acted_on;
    if is_linked && !message.is_in_force() {
        return Ok(None);
    }
    let by = asking.caller.worker().cloned().ok_or(Error::NotFound)?;
    let ending = |reason: &str| Ending {
        at: now,
        by: by.clone(),
        reason: reason.to_owned(),
    };
    let stepped = match act {
        Act::Update(_) if is_linked => message.supersede(message.text.clone()),
        Act::Update(text) => message.supersede(text.clone()),
        Act::Close(_) if is_linked => message.close(ending("what it was linked to was closed")),
        Act::Close(reason) => message.close(ending(reason)),
        Act::Retract(_) if is_linked => {
            message.retract(ending("what it was linked to was retracted"))
        }
        Act::Retract(reason) => message.retract(ending(reason)),
        Act::Tell => Ok(()),
    };
    stepped.map_err(|refused| send::not_now(&refused.to_string()))?;
    let terms = message.terms();
    for delivery in &mut message.deliveries {
        let due = answer_due(terms, &delivery.team, directory, now);
        let step = match act {
            Act::Update(_) => Move::Renew { due },
            Act::Close(_) => Move::End,
            Act::Retract(_) => Move::Recall { due },
            Act::Tell => continue,
        };
        // What ended for one team before stays ended.
        let _ = delivery.make(step, now);
    }
    Ok(Some(message))
}

/// By when what is new, or taken back, is answered: the day that a request named may be past.
fn answer_due(terms: Terms, team: &TeamId, directory: &Directory, now: Timestamp) -> Timestamp {
    due(terms.clock(), now, routing::opening(directory, team))
}

fn reason_of(reason: &str) -> Result<String, Error> {
    let reason = reason.trim();
    if reason.is_empty() {
        let details = "say why in a few words: those who had the message will read it";
        return Err(Error::invalid(Issue::required("reason", details)));
    }
    send::text_of(reason)
}
