//! One change about messages being put together: the rows, the lines of accounts, and what must
//! still hold, for everyone whom it concerns, committed whole or not at all.

use domain::PersonId;
use domain::message::{Kind, Message};
use ledger::{Hash, ViewId};
use policy::{Decision, Facts};
use store::{Change, EntryReceipt, Expect, HeldBack, NewEntry, Snapshot, Write};

use crate::attempt::Attempt;
use crate::event::{ANOTHERS, Event};
use crate::logged::first_home;
use crate::whose::{Later, Told, Whose};
use crate::{Asking, Context, Error};

/// The ground on which a message that protects a child is held from accounts: that showing it
/// would prejudice social work by serious harm (Data Protection Act 2018, Schedule 3, paragraph 11).
const HELD_ON: &str = "serious-harm-social-work";

/// A change being put together.
pub(super) struct Outgoing<'c> {
    cx: &'c Context,
    operation: [u8; 16],
    idempotency: Option<[u8; 32]>,
    writes: Vec<Write>,
    entries: Vec<NewEntry>,
    expect: Expect,
    /// Who does it, where it is somebody on their own page.
    by: Option<PersonId>,
}

impl<'c> Outgoing<'c> {
    pub(super) fn new(cx: &'c Context, asking: &Asking, operation: [u8; 16]) -> Self {
        Self {
            cx,
            operation,
            idempotency: asking.idempotency,
            writes: Vec::new(),
            entries: Vec::new(),
            expect: Expect {
                token: Some(asking.token.clone()),
                worker: asking.caller.worker().cloned(),
                ..Expect::default()
            },
            by: asking.caller.person(),
        }
    }

    /// A change that the exchange makes by itself, when work falls due.
    pub(super) fn unasked(cx: &'c Context) -> Self {
        Self {
            cx,
            operation: cx.draw(),
            idempotency: None,
            writes: Vec::new(),
            entries: Vec::new(),
            expect: Expect::default(),
            by: None,
        }
    }

    pub(super) fn cx(&self) -> &'c Context {
        self.cx
    }

    /// Rests on a decision: if what it saw moves before the commit, it is made again.
    pub(super) async fn rest_on(
        &mut self,
        snapshot: &mut dyn Snapshot,
        facts: &Facts,
        decision: &Decision,
    ) -> Result<(), Error> {
        let home = first_home(facts)?;
        let cx = self.cx;
        let kept = cx
            .kept
            .keep(cx, snapshot, home, facts, decision.facts_digest)
            .await?;
        self.writes.extend(kept);
        self.rest_on_facts(facts);
        self.expect.policy = Some(decision.policy_hash.clone());
        Ok(())
    }

    /// Takes in what is to be written with it.
    pub(super) fn take_in(&mut self, (writes, entries): (Vec<Write>, Vec<NewEntry>)) {
        self.writes.extend(writes);
        self.entries.extend(entries);
    }

    /// Rests on facts alone.
    pub(super) fn rest_on_facts(&mut self, facts: &Facts) {
        for home in &facts.homes {
            if !self.expect.homes.contains(home) {
                self.expect.homes.push(*home);
            }
        }
    }

    pub(super) fn write(&mut self, write: Write) {
        self.writes.push(write);
    }

    /// Tells the person: in their account, or in the register of what is held from it, with the
    /// line kept for the day on which it is told.
    pub(super) fn tell(
        &mut self,
        whose: &Whose,
        message: &mut Message,
        event: &Event,
    ) -> Result<(), Error> {
        let mut event = event.clone();
        if matches!(message.kind, Kind::LinkedChild | Kind::LinkedAdult) {
            // It is about them only because of the child that it is linked to.
            ANOTHERS.clone_into(&mut event.matter);
        }
        let event = &event;
        let Some((until, _)) = &message.held else {
            return self.tell_now(whose, event);
        };
        let held = HeldBack {
            organisation: event.organisation.as_str().into(),
            ground: HELD_ON.to_owned(),
            until: *until,
            told: None,
        };
        let told = whose.tell_later(self.cx, event, &held, self.operation)?;
        for (entry, later) in told {
            self.entries.push(entry);
            message.later.push(written(&later)?);
        }
        Ok(())
    }

    /// Tells what was held back, and notes that it is held no longer.
    pub(super) fn tell_opened(&mut self, whose: &Whose, later: &Later) -> Result<(), Error> {
        let entry = whose.tell_opened(self.cx, later, self.operation)?;
        let Some(entry) = entry else { return Ok(()) };
        if let Ok(alone) = Hash::from_hex(&later.event.opens) {
            let (view, at) = (ViewId(alone.0), self.cx.now());
            self.writes.push(Write::Opened { view, at });
        }
        self.entries.push(entry);
        Ok(())
    }

    /// Tells the person at once.
    pub(super) fn tell_now(&mut self, whose: &Whose, event: &Event) -> Result<(), Error> {
        let entries = whose.tell(
            self.cx,
            &Told::named(event).done_by(self.by),
            self.operation,
        )?;
        self.entries.extend(entries);
        Ok(())
    }

    /// What is to be written with another change.
    pub(super) fn into_parts(self) -> (Vec<Write>, Vec<NewEntry>) {
        (self.writes, self.entries)
    }

    /// Writes everything durably, or nothing.
    pub(super) async fn commit(self) -> Result<Vec<EntryReceipt>, Attempt> {
        let change = Change {
            writes: self.writes,
            entries: self.entries,
            idempotency: self.idempotency,
        };
        let committed = self.cx.store.commit(change, self.expect).await;
        match committed {
            Ok(committed) => Ok(committed.receipts),
            // Somebody else moved the message first: look again.
            Err(store::Error::Conflict) => Err(Attempt::Again),
            Err(error) => Err(error.into()),
        }
    }
}

fn written(later: &Later) -> Result<String, Error> {
    serde_json::to_string(later).map_err(|error| Error::Unavailable(Box::new(error)))
}
