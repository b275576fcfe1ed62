//! The person's own view: who was told what, with whom, when, why and for what purpose.

use domain::{PersonId, Timestamp};
use policy::Permit;
use store::{Cursor, PageRequest, Snapshot};

use crate::disclose::request;
use crate::event::Event;
use crate::{Asking, Context, Error};

/// One page of an account, newest first.
#[derive(Debug)]
pub struct Account {
    /// Its lines.
    pub lines: Vec<Line>,
    /// Where the next page goes on.
    pub next: Option<Cursor>,
    /// How many entries the account has in all.
    pub entries: u64,
}

/// One operation: pages of one search, or several looks within it, are one line.
#[derive(Debug)]
pub struct Line {
    /// What was told or refused.
    pub event: Event,
    /// When the entry was written.
    pub at: Timestamp,
    /// The operation.
    pub operation: [u8; 16],
    /// The entry's place in the person's chain.
    pub index: u64,
    /// Its commitment, lower-case hex: what the log and the receipt show.
    pub commitment: String,
    /// Its place in the global log, once it has one.
    pub log_index: Option<u64>,
    /// How many pages or looks the line stands for.
    pub looks: u32,
}

impl Line {
    /// Whether another look of the same operation may be told in this line: a refusal never
    /// hides behind what was shared before it, nor one who was told behind another.
    fn is_like(&self, event: &Event) -> bool {
        self.event.operation == event.operation
            && self.event.answer == event.answer
            && self.event.told == event.told
            && self.event.name == event.name
    }

    /// Adds an earlier page or look of the same operation.
    fn take_in(&mut self, earlier: Event) {
        self.looks += 1;
        self.event.count = self.event.count.saturating_add(earlier.count);
        for category in earlier.what {
            if !self.event.what.contains(&category) {
                self.event.what.push(category);
            }
        }
    }
}

/// Reads the caller's own account. `None` if the caller is not the person.
///
/// # Errors
/// [`Error::Unavailable`] if an entry does not open.
pub async fn account(
    cx: &Context,
    asking: &Asking,
    page: &PageRequest,
) -> Result<Option<Account>, Error> {
    let mut snapshot = cx.store.snapshot().await?;
    let Some((person, permit)) = own_record(cx, asking, snapshot.as_mut()).await? else {
        return Ok(None);
    };
    let view = cx.keys.person_view(person);
    let (entries, next) = snapshot.entries(&permit, &view, page).await?;
    let mut lines: Vec<Line> = Vec::with_capacity(entries.len());
    // What was erased has nothing to show; the entry that says so has.
    for entry in entries.into_iter().filter(|entry| !entry.is_erased()) {
        let key = cx.keys.home(snapshot.as_mut(), entry.home).await?;
        let event = Event::open(&entry, &key)?;
        let same = |line: &&mut Line| line.operation == entry.operation && line.is_like(&event);
        if let Some(line) = lines.iter_mut().find(same) {
            line.take_in(event);
            continue;
        }
        lines.push(Line {
            event,
            at: entry.time,
            operation: entry.operation,
            index: entry.index,
            commitment: entry.commitment.to_string(),
            log_index: entry.log_index,
            looks: 1,
        });
    }
    let entries = snapshot.entry_count(&permit, &view).await?;
    Ok(Some(Account {
        lines,
        next,
        entries,
    }))
}

/// The caller's permit to their own record; `None` for whoever does not ask about themself.
pub(crate) async fn own_record(
    cx: &Context,
    asking: &Asking,
    snapshot: &mut dyn Snapshot,
) -> Result<Option<(PersonId, Permit)>, Error> {
    let domain::Capacity::Person(person) = asking.caller.capacity else {
        return Ok(None);
    };
    if snapshot.is_revoked(&asking.token).await? {
        return Err(Error::Revoked);
    }
    let Some(facts) = snapshot.facts(person).await? else {
        return Ok(None);
    };
    let decision = policy::decide(&request(asking, &facts), &facts, &cx.policies, cx.now());
    Ok(decision.permit.map(|permit| (person, permit)))
}
