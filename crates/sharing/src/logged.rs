//! Writing an event into the chain of whoever may read it, in the one commit that must succeed
//! before anything is released.

use domain::{Capacity, HomeId};
use policy::{Decision, Facts, Visibility};
use store::{Change, EntryReceipt, Expect, NewEntry, Snapshot, Write};

use crate::attempt::Attempt;
use crate::contribute::THE_PERSON;
use crate::event::{Event, Operation};
use crate::whose::{About, Told, Whose};
use crate::{Asking, Channel, Context, Error};

/// An event ready to be committed.
pub(crate) struct Logged {
    entry: NewEntry,
    others: Vec<NewEntry>,
    writes: Vec<Write>,
    expect: Expect,
    kept: Option<(HomeId, [u8; 32])>,
}

impl Logged {
    /// An event in the chains of a person and of whoever acts for them and may read of it, under the
    /// facts and policies that decided it.
    pub(crate) async fn about(
        cx: &Context,
        snapshot: &mut dyn Snapshot,
        asking: &Asking,
        facts: &Facts,
        decision: &Decision,
        (event, about): (&Event, About<'_>),
        operation: [u8; 16],
    ) -> Result<Self, Error> {
        let whose = Whose::of(cx, snapshot, facts).await?;
        let home = whose.home;
        let event = event.by(asking, facts, decision);
        let is_hidden = decision.visibility == Visibility::Hidden && !decision.answer.shares();
        let told = Told {
            event: &event,
            about: match asking.channel {
                Channel::Safe if event.role == THE_PERSON => About::OnSafeChannel,
                // Whoever looks over the person's shoulder may be who tried.
                _ if is_hidden && whose.hides_attempts_of(&asking.caller) => About::OnSafeChannel,
                _ => about,
            },
            decided: Some((asking, decision)),
            by: asking.caller.person(),
        };
        let mut entries = whose.tell(cx, &told, operation)?.into_iter();
        let digest = decision.facts_digest;
        let writes: Vec<Write> = cx
            .kept
            .keep(cx, snapshot, home, facts, digest)
            .await?
            .into_iter()
            .collect();
        Ok(Self {
            entry: entries
                .next()
                .ok_or_else(|| Error::Unavailable(Box::new(NoReceipt)))?,
            kept: (!writes.is_empty()).then_some((home, digest)),
            others: entries.collect(),
            writes,
            expect: Expect {
                homes: facts.homes.clone(),
                policy: Some(decision.policy_hash.clone()),
                token: Some(asking.token.clone()),
                worker: asking.caller.worker().cloned(),
            },
        })
    }

    /// The entry that will stand for the event.
    pub(crate) fn entry(&self) -> &NewEntry {
        &self.entry
    }

    /// Takes along what must be written together with the event.
    pub(crate) fn carry(&mut self, writes: Vec<Write>, entries: Vec<NewEntry>) {
        self.writes.extend(writes);
        self.others.extend(entries);
    }

    /// Writes the event durably, or says that what it rests on moved.
    pub(crate) async fn commit(self, cx: &Context) -> Result<EntryReceipt, Attempt> {
        let change = Change {
            writes: self.writes,
            entries: std::iter::once(self.entry).chain(self.others).collect(),
            idempotency: None,
        };
        let committed = match cx.store.commit(change, self.expect).await {
            // What it carries was written by another first: look again.
            Err(store::Error::Conflict) => return Err(Attempt::Again),
            committed => committed?,
        };
        if let Some((home, digest)) = self.kept {
            cx.kept.remember(home, digest);
        }
        committed
            .receipts
            .into_iter()
            .next()
            .ok_or(Attempt::Failed(Error::Unavailable(Box::new(NoReceipt))))
    }
}

/// Notes in the agency's own chain that one of its workers sought somebody and met nobody. The
/// person's own token has no such chain: nobody else is concerned by what it did not find. What is
/// written with it says whom they did not meet.
pub(crate) async fn met_nobody(
    cx: &Context,
    snapshot: &mut dyn Snapshot,
    asking: &Asking,
    (operation, writes): (Operation, Vec<Write>),
    operation_id: [u8; 16],
) -> Result<(), Attempt> {
    let Some(organisation) = asking.caller.organisation() else {
        return Ok(());
    };
    let Some(home) = snapshot.organisation_home(organisation).await? else {
        return Ok(());
    };
    let key = cx.keys.home(snapshot, home).await?;
    let mut event = Event::plain(
        asking,
        &organisation_name(snapshot, asking).await?,
        operation,
        cx.now(),
    );
    event.answer = "NOTHING".to_owned();
    let entry = event.seal(
        cx,
        cx.keys.organisation_view(organisation),
        home,
        &key,
        operation_id,
    )?;
    let expect = Expect {
        token: Some(asking.token.clone()),
        worker: asking.caller.worker().cloned(),
        ..Expect::default()
    };
    cx.store
        .commit(
            Change {
                writes,
                entries: vec![entry],
                ..Change::default()
            },
            expect,
        )
        .await?;
    Ok(())
}

/// The name of the agency that asks, as its people know it.
pub(crate) async fn organisation_name(
    snapshot: &mut dyn Snapshot,
    asking: &Asking,
) -> Result<String, Error> {
    if let Capacity::Outsider { organisation, .. } = &asking.caller.capacity {
        return Ok(organisation.clone());
    }
    let Some(id) = asking.caller.organisation() else {
        return Ok(String::new());
    };
    let directory = snapshot.directory().await?;
    Ok(directory
        .organisations
        .get(id)
        .map_or_else(|| id.to_string(), |organisation| organisation.name.clone()))
}

/// The home whose key covers a person's own chain: the oldest of theirs.
pub(crate) fn first_home(facts: &Facts) -> Result<HomeId, Error> {
    facts
        .homes
        .first()
        .map(|(home, _)| *home)
        .ok_or_else(|| Error::Unavailable(Box::new(NoHome)))
}

#[derive(Debug, thiserror::Error)]
#[error("the store gave no receipt for an entry")]
struct NoReceipt;

#[derive(Debug, thiserror::Error)]
#[error("a person has no home")]
struct NoHome;
