//! What of an entry is not told to whoever reads it, field by field: words that speak of somebody else,
//! the purpose of what was done for somebody else's sake, names that would endanger. The rest of the
//! entry stands, and its proofs hold. Whoever answers for it opens what is withheld ([`opened`]).

pub mod opened;

use std::collections::BTreeSet;

use domain::{Fact, HomeId, OrganisationId, Timestamp};
use fhir::{Issue, IssueCode};
use ledger::Hash;
use ledger::pack::Reason;
use policy::{Facts, Internal, ReadsAs};
use store::{NewEntry, Snapshot, StoredEntry};

use crate::account::views;
use crate::alias::Unnamed;
use crate::contribute::custodian;
use crate::event::{ANOTHERS, Event, Operation, hex};
use crate::logged::organisation_name;
use crate::messages::challenge::open_about;
use crate::{Asking, Context, Error, alias};

/// The field of the words that somebody typed as their reason.
const WORDS: &str = "reason";
/// The field of the purpose.
const PURPOSE: &str = "purpose";
/// The fields that tell for whose sake something was done.
const SAKE: [&str; 6] = [
    PURPOSE,
    "because",
    "because-since",
    "basis",
    "obligations",
    WORDS,
];
/// What is told in place of a purpose that tells of somebody else, after "for".
pub const TASK: &str = "a task that the law gives them";
/// Why a field is not told, as other systems read it.
pub const THIRD_PARTY: &str = "third-party";

/// That the words of an entry are withheld, as the agency's own chain has it.
const WITHHELD: &str = "withheld";
/// That they are told again.
const TOLD_AGAIN: &str = "told-again";

/// What is not told of the entries about one person.
pub(crate) struct Screen {
    unnamed: Unnamed,
    /// What was done where words speak of somebody else: one look may have several entries.
    operations: BTreeSet<[u8; 16]>,
    /// A visitor who reads the whole account reads what speaks of others too.
    is_visit: bool,
}

impl Screen {
    pub(crate) async fn of(
        cx: &Context,
        snapshot: &mut dyn Snapshot,
        asking: &Asking,
        facts: &Facts,
    ) -> Result<Self, Error> {
        let mut operations = BTreeSet::new();
        let screened = facts.circumstances.screened.iter();
        for screened in screened.filter(|it| it.is_live(cx.now())) {
            let Ok(commitment) = Hash::from_hex(&screened.entry) else {
                continue;
            };
            let entry = entry_of(cx, snapshot, facts, &commitment).await?;
            operations.extend(entry.map(|entry| entry.operation));
        }
        Ok(Self {
            unnamed: Unnamed::of(facts, cx.now()),
            operations,
            // Nobody else at work reads an account.
            is_visit: asking.caller.worker().is_some(),
        })
    }

    /// Why a field of an entry is not told; `None` if it is.
    pub(crate) fn withholds(
        &self,
        entry: &StoredEntry,
        event: &Event,
        field: &str,
    ) -> Option<Reason> {
        if alias::NAMING.contains(&field)
            && let Some(reason) = self.unnamed.why(event)
        {
            return Some(reason);
        }
        let of_another = self.hides_sake(event) && SAKE.contains(&field);
        let screened = field == WORDS && self.withholds_words(entry, event);
        (of_another || screened).then_some(Reason::ThirdParty)
    }

    /// The event as it is told: a marker stands for the words, and a neutral purpose for one that tells
    /// of somebody else.
    pub(crate) fn told(&self, cx: &Context, entry: &StoredEntry, event: Event) -> Event {
        let mut event = alias::told(cx, entry, &self.unnamed, event);
        let of_another = self.hides_sake(&event);
        if !event.reason.is_empty() && (of_another || self.withholds_words(entry, &event)) {
            event.reason = format!("[not shown: {}]", Reason::ThirdParty.words());
            event.withheld.push(WORDS);
        }
        if of_another {
            event.purpose.clear();
            event.because.clear();
            event.because_since.clear();
            event.basis.clear();
            event.obligations.clear();
            event.withheld.push(PURPOSE);
        }
        event
    }

    fn hides_sake(&self, event: &Event) -> bool {
        event.matter == ANOTHERS && !self.is_visit
    }

    fn withholds_words(&self, entry: &StoredEntry, event: &Event) -> bool {
        !self.is_visit && !event.reason.is_empty() && self.operations.contains(&entry.operation)
    }
}

/// The code of the purpose, or the words that are told in its place.
#[must_use]
pub fn purpose_told(event: &Event) -> &str {
    match event.withheld.contains(&PURPOSE) {
        true => TASK,
        false => &event.purpose,
    }
}

/// The entry of one of the person's own lists that has this commitment, erased or not.
async fn entry_of(
    cx: &Context,
    snapshot: &mut dyn Snapshot,
    facts: &Facts,
    commitment: &Hash,
) -> Result<Option<StoredEntry>, Error> {
    for reads_as in [ReadsAs::Person, ReadsAs::OnSafeChannel] {
        for view in views(cx, facts, reads_as) {
            let found = snapshot
                .internal_entry(Internal::Screening, &view, commitment)
                .await?;
            if found.is_some() {
                return Ok(found);
            }
        }
    }
    Ok(None)
}

/// What is said of an account under one name, before and now.
#[derive(Clone, Copy)]
pub(crate) struct Said<'s> {
    pub before: &'s [Fact],
    pub now: Option<&'s Fact>,
}

/// The entry whose words this withholds now or later, as its commitment is written.
fn screens(fact: &Fact, now: Timestamp) -> Option<String> {
    let Fact::Screened(it) = fact else {
        return None;
    };
    let stands = it.until.is_none_or(|end| end.0 > now);
    stands.then(|| it.entry.to_lowercase())
}

/// What the agency's own chain says of words that are withheld, or told again. It is for the agency
/// that wrote the entry to say.
pub(crate) async fn noted(
    cx: &Context,
    snapshot: &mut dyn Snapshot,
    asking: &Asking,
    facts: &Facts,
    said: Said<'_>,
) -> Result<Vec<NewEntry>, Error> {
    if let Some(Fact::Screened(it)) = said.now {
        is_theirs(cx, snapshot, asking, facts, &it.entry).await?;
    }
    let mut before = said.before.iter();
    let before = before.find_map(|fact| screens(fact, cx.now()));
    let now = said.now.and_then(|fact| screens(fact, cx.now()));
    if before == now {
        return Ok(Vec::new());
    }
    let agency = organisation_name(snapshot, asking).await?;
    let mut entries = Vec::new();
    let steps = [(before, TOLD_AGAIN), (now, WITHHELD)];
    for (commitment, step) in steps.into_iter().filter_map(|(it, step)| Some((it?, step))) {
        let mut event = Event::plain(asking, &agency, Operation::Screened, cx.now());
        step.clone_into(&mut event.because);
        event.told = commitment;
        entries.push(in_agency(cx, snapshot, &event).await?);
    }
    Ok(entries)
}

/// Whether the caller's agency wrote the entry: to others it is as one that is not there.
async fn is_theirs(
    cx: &Context,
    snapshot: &mut dyn Snapshot,
    asking: &Asking,
    facts: &Facts,
    entry: &str,
) -> Result<(), Error> {
    let commitment = Hash::from_hex(entry).map_err(|_| {
        let details = "entry is a commitment as the receipt gives it: 64 hexadecimal digits";
        Error::invalid(Issue::error(IssueCode::Value, details).at("entry"))
    })?;
    let entry = entry_of(cx, snapshot, facts, &commitment).await?;
    let entry = entry.filter(|entry| !entry.is_erased());
    let entry = entry.ok_or(Error::NotFound)?;
    let key = cx.keys.home(snapshot, entry.home).await?;
    let event = Event::open(&entry, &key)?;
    if OrganisationId::from(event.organisation.as_str()) != custodian(asking) {
        return Err(Error::NotFound);
    }
    let operation = hex(&entry.operation);
    let open = open_about(snapshot, facts.person).await?;
    let mut lines = open
        .iter()
        .filter_map(|one| one.challenge.as_ref()?.line.as_ref());
    if lines.any(|line| line.operation == operation) {
        let details = "this line is challenged: nothing more of it is held back until somebody decided about that";
        let issue = Issue::error(IssueCode::BusinessRule, details).at("entry");
        return Err(Error::invalid(issue));
    }
    Ok(())
}

/// The event as the next entry of the own chain of the agency that it names.
async fn in_agency(
    cx: &Context,
    snapshot: &mut dyn Snapshot,
    event: &Event,
) -> Result<NewEntry, Error> {
    let agency = OrganisationId::from(event.organisation.as_str());
    let home: Option<HomeId> = snapshot.organisation_home(&agency).await?;
    let home = home.ok_or_else(|| Error::Unavailable(Box::new(NoChain)))?;
    let key = cx.keys.home(snapshot, home).await?;
    let view = cx.keys.organisation_view(&agency);
    event.seal(cx, view, home, &key, cx.draw())
}

#[derive(Debug, thiserror::Error)]
#[error("the agency that wrote the entry is not in the directory")]
struct NoChain;
