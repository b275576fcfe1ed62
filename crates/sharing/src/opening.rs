//! Telling what was held back from a list, on the day to which it was held: in the list for which it
//! was held and in no other, with where it stood in the log since it happened.

use ledger::pack::held::opens;
use policy::{Internal, When};
use store::{Change, DueHeld, Expect, Snapshot, Write};

use crate::account::facts_of;
use crate::attempt::{Attempt, until_done};
use crate::event::Event;
use crate::whose::Whose;
use crate::{Context, Error};

/// How many are told at a time.
const PORTION: u32 = 100;
/// How long something waits that nobody may read at its date, until it is looked at again.
const AGAIN_SECONDS: i64 = 28 * 86_400;

/// Tells everything whose date has come, and says how much that was.
///
/// # Errors
/// [`Error::Unavailable`] if the store does not answer; what was not told is told later.
pub async fn open_what_is_due(cx: &Context) -> Result<usize, Error> {
    let mut told = 0;
    loop {
        let mut snapshot = cx.store.snapshot().await?;
        let due = snapshot
            .held_due(Internal::Opening, cx.now(), PORTION)
            .await?;
        drop(snapshot);
        if due.is_empty() {
            return Ok(told);
        }
        for one in &due {
            told += usize::from(until_done(|| once(cx, one)).await?);
        }
    }
}

/// Whether it was told; otherwise it is held on.
async fn once(cx: &Context, due: &DueHeld) -> Result<bool, Attempt> {
    let mut snapshot = cx.store.snapshot().await?;
    let (view, now) = (due.view, cx.now());
    let mut change = Change::default();
    let mut expect = Expect::default();
    let mut held_until = Some(now.plus_seconds(AGAIN_SECONDS));
    if is_erased(snapshot.as_mut(), due).await? {
        held_until = None;
    } else if let Some(facts) = facts_of(snapshot.as_mut(), due.told.person).await? {
        expect.homes.clone_from(&facts.homes);
        let whose = Whose::of(cx, snapshot.as_mut(), &facts).await?;
        let key = cx.keys.home(snapshot.as_mut(), due.entry.home).await?;
        let mut event = Event::open(&due.entry, &key)?;
        match whose.when_due(cx, due, &event) {
            When::From(date, _) => held_until = Some(date),
            When::Never => {}
            When::Now => {
                held_until = None;
                event.opens = opens(&view);
                let (into, operation) = (due.told.into, due.entry.operation);
                let entry = event.seal(cx, into, due.entry.home, &key, operation)?;
                change.entries.push(entry);
            }
        }
    }
    change.writes.push(match held_until {
        Some(until) => Write::HoldUntil { view, until },
        None => Write::Opened { view, at: now },
    });
    let is_told = !change.entries.is_empty();
    match cx.store.commit(change, expect).await {
        Ok(_) => Ok(is_told),
        // Another told it first.
        Err(store::Error::Conflict) => Ok(false),
        Err(error) => Err(error.into()),
    }
}

/// Whether it was erased since, or what was told of the same before.
async fn is_erased(snapshot: &mut dyn Snapshot, due: &DueHeld) -> Result<bool, Error> {
    let (home, operation) = (due.entry.home, &due.entry.operation);
    let copies = snapshot
        .internal_copies(Internal::Opening, home, operation)
        .await?;
    let is_same_list = |view| view == due.told.into || view == due.view;
    let mut erased = copies.iter().filter(|copy| copy.entry.is_erased());
    Ok(erased.any(|copy| is_same_list(copy.view)))
}
