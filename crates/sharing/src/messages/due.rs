//! Doing what is due: what comes to a team in the morning, what climbs, what is told now, and what
//! is forgotten. Each piece is done in the change that takes it off the list of what is due, so it
//! is done once; if the one who holds its lease dies, another does it.

use std::collections::HashSet;

use domain::message::{Message, Move};
use domain::{PersonId, ResourceId, Timestamp};
use policy::Internal;
use store::{Change, Directory, Expect, Snapshot, Write};

use super::outgoing::Outgoing;
use super::{alarm, attempts, board, reassign, recall, routing, unseen};
use crate::attempt::{Attempt, until_done};
use crate::opening::open_what_is_due;
use crate::whose::{Later, Whose};
use crate::{Context, Error};

/// How long a piece of work belongs to whoever took it.
const LEASE_SECONDS: i64 = 60;
/// How many pieces are taken at a time.
const PORTION: u32 = 100;

/// What was done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Done {
    /// Messages that moved.
    pub messages: usize,
    /// Entries that were held back to a date and told.
    pub told: usize,
}

/// Does whatever is due and that nobody else holds, in portions, until nothing is.
///
/// # Errors
/// [`Error::Unavailable`] if the store does not answer; what was leased is done by another later.
pub async fn do_what_is_due(cx: &Context) -> Result<Done, Error> {
    let alerts = attempts::tell(cx).await?;
    let told = open_what_is_due(cx).await?;
    unseen::begin(cx).await?;
    let mut done = HashSet::new();
    let mut moved = 0;
    loop {
        let taken = lease(cx).await?;
        // What is due again at once would keep this going for ever: it waits for the next turn.
        let fresh: Vec<_> = taken.into_iter().filter(|id| done.insert(*id)).collect();
        if fresh.is_empty() {
            return Ok(Done {
                messages: moved + alerts,
                told,
            });
        }
        for id in fresh {
            moved += usize::from(advance(cx, id).await?);
        }
    }
}

/// Takes a lease on some of what is due.
async fn lease(cx: &Context) -> Result<Vec<ResourceId>, Error> {
    let (holder, now) = (cx.draw(), cx.now());
    let lease = Write::LeaseDue {
        holder,
        now,
        until: now.plus_seconds(LEASE_SECONDS),
        limit: PORTION,
    };
    let change = Change {
        writes: vec![lease],
        ..Change::default()
    };
    cx.store.commit(change, Expect::default()).await?;
    Ok(cx.store.snapshot().await?.leased(&holder).await?)
}

/// Brings one message to where it should be now, or looks at somebody again; says whether it was a
/// message.
async fn advance(cx: &Context, id: ResourceId) -> Result<bool, Error> {
    if id == unseen::EVERYBODY {
        unseen::look(cx).await?;
        return Ok(false);
    }
    until_done(|| advance_once(cx, id)).await
}

async fn advance_once(cx: &Context, id: ResourceId) -> Result<bool, Attempt> {
    let mut snapshot = cx.store.snapshot().await?;
    let directory = snapshot.directory().await?;
    let found = snapshot.internal_message(Internal::Messages, &id).await?;
    let Some((mut message, version)) = found else {
        // It is no message: somebody is looked at again.
        let person = PersonId(id.0);
        alarm::by_the_clock(cx, person).await?;
        reassign::look(cx, person, None).await?;
        return Ok(false);
    };
    let now = cx.now();
    let was_late = recall::is_late(&message);
    move_deliveries(&mut message, &directory, now)?;
    let mut outgoing = Outgoing::unasked(cx);
    if recall::is_late(&message) && !was_late {
        recall::tell_late(cx, snapshot.as_mut(), &message, &mut outgoing).await?;
    }
    if board::tells_at(&message).is_some_and(|at| at <= now) {
        tell(cx, snapshot.as_mut(), &mut message, &mut outgoing).await?;
    }
    // Written even if nothing moved: that takes the work off the list of what is due.
    outgoing.write(board::keep(message, version, &directory));
    drop(snapshot);
    outgoing.commit().await?;
    Ok(true)
}

fn move_deliveries(
    message: &mut Message,
    directory: &Directory,
    now: Timestamp,
) -> Result<(), Error> {
    let terms = message.terms();
    for delivery in &mut message.deliveries {
        let step = if board::comes_at(delivery, directory).is_some_and(|at| at <= now) {
            routing::place(delivery, terms, directory, now)
        } else if board::climbs_at(delivery).is_some_and(|at| at <= now) {
            Some(Move::Climb {
                to: terms.next_rung(delivery.rung),
                due: routing::next_due(delivery, terms, directory, now),
            })
        } else {
            None
        };
        if let Some(step) = step {
            delivery
                .make(step, now)
                .map_err(|refused| super::send::not_now(&refused.to_string()))?;
        }
    }
    Ok(())
}

/// Writes into the person's account what was held from it.
async fn tell(
    cx: &Context,
    snapshot: &mut dyn Snapshot,
    message: &mut Message,
    outgoing: &mut Outgoing<'_>,
) -> Result<(), Error> {
    message.held = None;
    let later = std::mem::take(&mut message.later);
    let Some(facts) = snapshot.facts(message.person).await? else {
        return Ok(());
    };
    let whose = Whose::of(cx, snapshot, &facts).await?;
    for line in later {
        let later: Later =
            serde_json::from_str(&line).map_err(|error| Error::Unavailable(Box::new(error)))?;
        outgoing.tell_opened(&whose, &later)?;
    }
    Ok(())
}
