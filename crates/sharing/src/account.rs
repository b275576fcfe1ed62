//! Who was told what, with whom, when, why and for what purpose: the person's own view, and that of
//! whoever acts for them.

mod earlier;
mod lists;
mod looking;
mod restrictions;
mod visit;

use std::collections::BTreeSet;
use std::sync::Arc;

use domain::{Capacity, Category, Invitation, PersonId, ResourceId, Timestamp};
use ledger::{Hash, HeadCode};
use policy::{DigestedFacts, Internal};
use store::{Snapshot, StoredEntry};

pub use earlier::Earlier;
pub(crate) use earlier::sentence;
pub use lists::Place;
pub(crate) use lists::{Lists, views};
pub(crate) use looking::{Opened, open, readers};
pub use visit::{KeptLine, Visit, Visited, visit};

use crate::event::{Event, hex};
use crate::messages::challenge::contested;
use crate::screened::Screen;
use crate::{Asking, Context, Error};

/// One page of an account, newest first.
#[derive(Debug)]
pub struct Account {
    /// Its lines.
    pub lines: Vec<Line>,
    /// Where the next page goes on.
    pub next: Option<Place>,
    /// How many entries the account has in all.
    pub entries: u64,
    /// The codes of the lists that it is made of, as a letter has them: of one, and of one more for each
    /// Patient with an account of its own that was joined with the person. Each list is proven by its
    /// own pack, which can be held to its code.
    pub codes: Vec<HeadCode>,
    /// What was told before it was known that the reader acts for the person; with the last page of
    /// their own list only, and only where there is any.
    pub earlier: Option<Earlier>,
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
    /// Whether it is challenged, and nobody decided about that yet.
    pub contested: bool,
}

impl Line {
    /// The line of one entry.
    fn of(entry: &StoredEntry, event: Event) -> Self {
        Self {
            event,
            at: entry.time,
            operation: entry.operation,
            index: entry.index,
            commitment: entry.commitment.to_string(),
            log_index: entry.log_index,
            looks: 1,
            contested: false,
        }
    }

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
        // What was held back names everything, also what was told of it before.
        if self.event.opens.is_empty() {
            self.looks += 1;
            self.event.count = self.event.count.saturating_add(earlier.count);
        }
        for category in earlier.what {
            if !self.event.what.contains(&category) {
                self.event.what.push(category);
            }
        }
    }
}

/// Which page of an account is wanted.
#[derive(Debug, Clone)]
pub struct AccountAsk {
    /// At most so many entries.
    pub limit: usize,
    /// Go on after this place.
    pub after: Option<Place>,
    /// Any Patient that is the person, where somebody reads who acts for them.
    pub of: Option<ResourceId>,
    /// Whether it is also wanted what was told before it was known that the reader acts for the person.
    pub earlier: bool,
}

impl AccountAsk {
    /// The first page of the caller's own account.
    #[must_use]
    pub fn first(limit: usize) -> Self {
        Self {
            limit,
            after: None,
            of: None,
            earlier: false,
        }
    }
}

/// Reads the caller's own account, or that of somebody for whom they act. `None` if it is neither; for
/// whoever is barred that is as for somebody whom nobody knows.
///
/// # Errors
/// [`Error::Invalid`] if the place is of another account; [`Error::Unavailable`] if an entry does
/// not open.
pub async fn account(
    cx: &Context,
    asking: &Asking,
    page: &AccountAsk,
) -> Result<Option<Account>, Error> {
    let Some(mut opened) = open(cx, asking, page.of).await? else {
        return Ok(None);
    };
    let mut account = read(cx, asking, &mut opened, page).await?;
    drop(opened);
    if let Some(patient) = page.of.filter(|_| page.earlier && account.next.is_none()) {
        account.earlier = earlier::read(cx, asking, patient).await?;
    }
    Ok(Some(account))
}

/// One page of an account that is open to the caller.
async fn read(
    cx: &Context,
    asking: &Asking,
    opened: &mut Opened,
    page: &AccountAsk,
) -> Result<Account, Error> {
    let snapshot = opened.snapshot.as_mut();
    let permit = &opened.permit;
    let lists = Lists::of(cx, snapshot, permit, &opened.facts, &opened.readers).await?;
    let let_in = looking::let_in(asking, &opened.facts);
    let (entries, next) = lists.page(snapshot, permit, page).await?;
    let screen = Screen::of(cx, snapshot, asking, &opened.facts).await?;
    let mut lines: Vec<Line> = Vec::with_capacity(entries.len());
    // What was erased has nothing to show; the entry that says so has.
    for entry in entries.into_iter().filter(|entry| !entry.is_erased()) {
        let key = cx.keys.home(snapshot, entry.home).await?;
        let event = screen.told(cx, &entry, Event::open(&entry, &key)?);
        let Some(event) = as_shown(event, let_in) else {
            continue;
        };
        let same = |line: &&mut Line| line.operation == entry.operation && line.is_like(&event);
        if let Some(line) = lines.iter_mut().find(same) {
            line.take_in(event);
            continue;
        }
        lines.push(Line::of(&entry, event));
    }
    let contested = contested(snapshot, asking, &opened.facts).await?;
    for line in &mut lines {
        let operation = hex(&line.operation);
        let mut all = contested.iter();
        line.contested = all.any(|it| it.operation == operation && it.told == line.event.told);
    }
    Ok(Account {
        lines,
        next,
        entries: lists.entries(),
        codes: lists.codes(),
        earlier: None,
    })
}

/// One entry of an account, as its reader sees it.
pub(crate) struct Noted {
    /// What was told or refused.
    pub(crate) event: Event,
    /// The operation.
    pub(crate) operation: [u8; 16],
}

/// The line of an account that is open to the caller which has this commitment; `None` if they see none.
pub(crate) async fn line_of(
    cx: &Context,
    asking: &Asking,
    opened: &mut Opened,
    commitment: &str,
) -> Result<Option<Noted>, Error> {
    let Ok(commitment) = Hash::from_hex(commitment) else {
        return Ok(None);
    };
    let snapshot = opened.snapshot.as_mut();
    let let_in = looking::let_in(asking, &opened.facts);
    let screen = Screen::of(cx, snapshot, asking, &opened.facts).await?;
    for reads_as in &opened.readers {
        for view in views(cx, &opened.facts, *reads_as) {
            let read = Internal::Screening;
            let found = snapshot.internal_entry(read, &view, &commitment).await?;
            let Some(entry) = found.filter(|entry| !entry.is_erased()) else {
                continue;
            };
            let key = cx.keys.home(snapshot, entry.home).await?;
            let event = screen.told(cx, &entry, Event::open(&entry, &key)?);
            let operation = entry.operation;
            let shown = as_shown(event, let_in);
            return Ok(shown.map(|event| Noted { event, operation }));
        }
    }
    Ok(None)
}

/// A line as its reader sees it. One who was let in by a link sees what the link covers, without what
/// may speak of something that it does not cover.
fn as_shown(event: Event, let_in: Option<&Invitation>) -> Option<Event> {
    let Some(invitation) = let_in else {
        return Some(event);
    };
    let named = event.what.iter();
    let mut about: BTreeSet<Category> =
        named.filter_map(|code| Category::from_code(code)).collect();
    about.insert(Category::Account);
    invitation.covers(&about).then(|| event.bare())
}

/// What is known of whoever signs in as this person: while their Patient is joined with an older
/// one, of the person whose it is.
pub(crate) async fn facts_of(
    snapshot: &mut dyn Snapshot,
    person: PersonId,
) -> Result<Option<Arc<DigestedFacts>>, Error> {
    let Some(own) = snapshot.by_itself(person).await? else {
        return Ok(None);
    };
    Ok(snapshot.facts(own.person).await?)
}

/// The Patient that the caller is by themself: what they say about sharing is said of this one, so
/// that it stays theirs whatever is joined and parted. `None` if the caller is nobody known here.
///
/// # Errors
/// [`Error::Unavailable`] if the store does not answer.
pub async fn own_patient(cx: &Context, asking: &Asking) -> Result<Option<ResourceId>, Error> {
    let Capacity::Person(person) = asking.caller.capacity else {
        return Ok(None);
    };
    let mut snapshot = cx.store.snapshot().await?;
    let own = snapshot.by_itself(person).await?;
    Ok(own.map(|own| own.patient))
}
