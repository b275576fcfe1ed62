//! Erasing an entry of somebody's account, and the legal holds that forbid it.
//!
//! The key of the entry and what it seals are deleted: what the account said is gone from the
//! exchange. The commitment stays in its chain and in the log, where it is noise, and a later entry
//! says that there was one, who had it erased and by which rule.

use domain::{PersonId, Timestamp};
use ledger::{Hash, ViewId};
use policy::{Facts, Internal, ReadsAs};
use store::{Change, Expect, NewEntry, Snapshot, StoredEntry, Write};

use crate::account::{facts_of, views};
use crate::event::{Event, Operation};
use crate::logged::first_home;
use crate::{Channel, Context, Error, spoken};

/// By which rule an entry may be erased.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ErasureRule {
    /// It is about somebody else (UK GDPR Article 5(1)(d)).
    WrongPerson,
    /// It was unlawful to keep it (UK GDPR Article 17(1)(d)).
    Unlawful,
    /// A court or the Information Commissioner ordered it.
    Order,
    /// The time for which it had to be kept is over (UK GDPR Article 5(1)(e)).
    Retention,
}

/// By which rule nothing of a record may be erased.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HoldRule {
    /// The person was looked after by a council; kept until they would be 100.
    LookedAfter,
    /// The record is of an adoption; kept for 100 years.
    Adoption,
    /// An inquiry wants it (Inquiries Act 2005, section 35).
    Inquiry,
    /// It is evidence in a case.
    Litigation,
}

/// What became of a request to erase.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Erasure {
    /// It is erased, and the account says so.
    Done,
    /// A legal hold forbids it; its rule.
    Forbidden(String),
    /// The person has no such entry, or it was erased before.
    NotThere,
}

impl ErasureRule {
    /// Every rule.
    pub const ALL: &'static [Self] = &[
        Self::WrongPerson,
        Self::Unlawful,
        Self::Order,
        Self::Retention,
    ];

    /// The word in records.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::WrongPerson => "wrong-person",
            Self::Unlawful => "unlawful",
            Self::Order => "order",
            Self::Retention => "retention",
        }
    }

    fn words(self) -> &'static str {
        match self {
            Self::WrongPerson => "it was about somebody else",
            Self::Unlawful => "it should never have been kept",
            Self::Order => "a court or the Information Commissioner ordered it",
            Self::Retention => "the time for which it had to be kept is over",
        }
    }
}

impl HoldRule {
    /// Every rule.
    pub const ALL: &'static [Self] = &[
        Self::LookedAfter,
        Self::Adoption,
        Self::Inquiry,
        Self::Litigation,
    ];

    /// The word in records.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::LookedAfter => "looked-after",
            Self::Adoption => "adoption",
            Self::Inquiry => "inquiry",
            Self::Litigation => "litigation",
        }
    }

    fn words(self) -> &'static str {
        match self {
            Self::LookedAfter => "the record is of somebody whom a council looked after",
            Self::Adoption => "the record is of an adoption",
            Self::Inquiry => "an inquiry wants it",
            Self::Litigation => "it is evidence in a case",
        }
    }
}

/// Erases the entry of a person's account that has this commitment. `by` is who authorised it.
///
/// # Errors
/// [`Error::NotFound`] if there is no such person; [`Error::Unavailable`].
pub async fn erase(
    cx: &Context,
    person: PersonId,
    commitment: &Hash,
    rule: ErasureRule,
    by: &str,
) -> Result<Erasure, Error> {
    let mut snapshot = cx.store.snapshot().await?;
    let facts = facts_of(snapshot.as_mut(), person).await?;
    let facts = facts.ok_or(Error::NotFound)?;
    let Some((view, entry)) = entry_of(cx, snapshot.as_mut(), &facts, commitment).await? else {
        return Ok(Erasure::NotThere);
    };
    if let Some(rule) = snapshot.legal_hold(entry.home).await? {
        return Ok(Erasure::Forbidden(rule));
    }
    let mut change = Change::default();
    for (view, entry) in copies(cx, snapshot.as_mut(), view, entry).await? {
        let tombstone = Event {
            erases: entry.commitment.to_string(),
            grounds: vec![rule.code().to_owned()],
            ..Event::of_keeper(Operation::Erase, by, cx.now())
        };
        change.writes.push(Write::Erase {
            view,
            index: entry.index,
        });
        let said = sealed(cx, snapshot.as_mut(), &facts, view, &tombstone).await?;
        change.entries.push(said);
    }
    drop(snapshot);
    match cx.store.commit(change, Expect::default()).await {
        Ok(_) => Ok(Erasure::Done),
        // Erased or put under a hold since we looked: look again.
        Err(store::Error::Conflict) => Box::pin(erase(cx, person, commitment, rule, by)).await,
        Err(error) => Err(error.into()),
    }
}

/// Puts everything that is kept of a person under a legal hold, or lifts it where `rule` is `None`.
/// Their account says so either way.
///
/// # Errors
/// [`Error::NotFound`] if there is no such person; [`Error::Unavailable`].
pub async fn hold(
    cx: &Context,
    person: PersonId,
    rule: Option<HoldRule>,
    by: &str,
) -> Result<(), Error> {
    let mut snapshot = cx.store.snapshot().await?;
    let facts = facts_of(snapshot.as_mut(), person).await?;
    let facts = facts.ok_or(Error::NotFound)?;
    let event = Event {
        grounds: rule
            .map(|rule| rule.code().to_owned())
            .into_iter()
            .collect(),
        ..Event::of_keeper(Operation::LegalHold, by, cx.now())
    };
    let own = cx.keys.person_view(facts.person);
    let change = Change {
        writes: facts
            .homes
            .iter()
            .map(|(home, _)| Write::LegalHold {
                home: *home,
                rule: rule.map(|rule| rule.code().to_owned()),
            })
            .collect(),
        entries: vec![sealed(cx, snapshot.as_mut(), &facts, own, &event).await?],
        idempotency: None,
    };
    drop(snapshot);
    cx.store.commit(change, Expect::default()).await?;
    Ok(())
}

/// An entry in one of the person's lists that is not erased, with the chain it stands in.
pub(crate) async fn entry_of(
    cx: &Context,
    snapshot: &mut dyn Snapshot,
    facts: &Facts,
    commitment: &Hash,
) -> Result<Option<(ViewId, StoredEntry)>, Error> {
    let own = [ReadsAs::Person, ReadsAs::OnSafeChannel].into_iter();
    for view in own.flat_map(|reads_as| views(cx, facts, reads_as)) {
        let found = snapshot
            .internal_entry(Internal::Erasing, &view, commitment)
            .await?;
        if let Some(entry) = found.filter(|entry| !entry.is_erased()) {
            return Ok(Some((view, entry)));
        }
    }
    Ok(None)
}

/// The entry in the person's list, and what was written of the same into the lists of those who act
/// for them.
async fn copies(
    cx: &Context,
    snapshot: &mut dyn Snapshot,
    view: ViewId,
    entry: StoredEntry,
) -> Result<Vec<(ViewId, StoredEntry)>, Error> {
    let key = cx.keys.home(snapshot, entry.home).await?;
    let event = Event::open(&entry, &key)?;
    let same = snapshot
        .internal_copies(Internal::Erasing, entry.home, &entry.operation)
        .await?;
    let mut copies = vec![(view, entry)];
    for other in same {
        if other.is_held || other.view == view || other.entry.is_erased() {
            continue;
        }
        let theirs = Event::open(&other.entry, &key)?;
        let is_copy = theirs.operation == event.operation
            && theirs.at == event.at
            && theirs.name == event.name
            && theirs.told == event.told;
        if is_copy {
            copies.push((other.view, other.entry));
        }
    }
    Ok(copies)
}

/// The event as the next entry of one of the lists about the person.
async fn sealed(
    cx: &Context,
    snapshot: &mut dyn Snapshot,
    facts: &Facts,
    view: ViewId,
    event: &Event,
) -> Result<NewEntry, Error> {
    let home = first_home(facts)?;
    let key = cx.keys.home(snapshot, home).await?;
    event.seal(cx, view, home, &key, cx.draw())
}

impl Event {
    /// What whoever looks after the exchange did to an account.
    fn of_keeper(operation: Operation, by: &str, now: Timestamp) -> Self {
        Self {
            operation: operation.code().to_owned(),
            name: by.to_owned(),
            at: now.to_string(),
            channel: Channel::Export.code().to_owned(),
            ..Self::default()
        }
    }
}

/// The sentence of an erasure or a legal hold, addressed to the person; `None` for other events.
pub(crate) fn sentence(event: &Event) -> Option<String> {
    let when = Timestamp::parse(&event.at).map_or_else(|| event.at.clone(), spoken::moment);
    let code = event.grounds.first().map_or("", String::as_str);
    if event.operation == Operation::Erase.code() {
        let mut rules = ErasureRule::ALL.iter();
        let why = rules.find(|rule| rule.code() == code)?.words();
        return Some(format!(
            "{} had an entry of this account erased on {when}, because {why}.",
            event.name
        ));
    }
    if event.operation != Operation::LegalHold.code() {
        return None;
    }
    let mut rules = HoldRule::ALL.iter();
    Some(match rules.find(|rule| rule.code() == code) {
        Some(rule) => format!(
            "{} ordered on {when} that nothing of this record may be erased, because {}.",
            event.name,
            rule.words()
        ),
        None => format!(
            "{} ended on {when} the order that nothing of this record may be erased.",
            event.name
        ),
    })
}
