//! Holding what a recipient noted against what the ledger says that they were told.
//!
//! No log can show what went past it. Whoever received it can: a recipient's gateway notes each
//! answer with its receipt, as an AuditEvent of the profile `PrivacyDisclosure.Recipient` (IHE
//! BALP), and once a day the two lists are compared.

use std::collections::{HashMap, HashSet};

use domain::{OrganisationId, Timestamp};
use ledger::{Hash, Receipt};
use policy::Internal;

use crate::event::Event;
use crate::rotate::log_keys;
use crate::{Channel, Context, Error};

/// How many entries are read at once.
const PAGE: u32 = 1000;

/// Of which answers: those to the systems of an agency, between two moments.
#[derive(Debug, Clone)]
pub struct Told {
    /// The agency.
    pub organisation: OrganisationId,
    /// From when.
    pub from: Timestamp,
    /// Until when, itself excluded.
    pub until: Timestamp,
}

/// What comparing came to. Lines are those of the recipient's list, from 1.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Reconciled {
    /// How many lines have their entry.
    pub agree: usize,
    /// Lines without a receipt of this log: something was received past it.
    pub past_the_log: Vec<usize>,
    /// Lines whose receipt is true and whose entry is not there: the promise was broken, or the
    /// ledger lost it.
    pub not_kept: Vec<usize>,
    /// Lines whose entry is of another agency or another day.
    pub elsewhere: Vec<usize>,
    /// Answers that the recipient did not note, by an entry of each: they may have been told.
    pub not_noted: Vec<Hash>,
}

impl Reconciled {
    /// Whether the two lists say the same.
    #[must_use]
    pub fn is_even(&self) -> bool {
        let Self {
            agree: _,
            past_the_log,
            not_kept,
            elsewhere,
            not_noted,
        } = self;
        past_the_log.is_empty()
            && not_kept.is_empty()
            && elsewhere.is_empty()
            && not_noted.is_empty()
    }
}

/// Compares a recipient's list with the ledger. `noted` is the receipt that each line of the list
/// has, by whichever key of the log.
///
/// # Errors
/// [`Error::Unavailable`] if the store does not answer.
pub async fn reconcile(
    cx: &Context,
    told: &Told,
    noted: &[Option<String>],
) -> Result<Reconciled, Error> {
    let ledger = Ledger::read(cx, told).await?;
    let keys = log_keys(cx.store.as_ref()).await?;
    let is_true = |receipt: &Receipt| keys.iter().any(|key| receipt.verify(key).is_ok());
    let mut reconciled = Reconciled::default();
    let mut operations = HashSet::new();
    for (line, receipt) in (1..).zip(noted) {
        let receipt = receipt
            .as_deref()
            .and_then(|text| Receipt::decode(text).ok());
        let Some(receipt) = receipt.filter(is_true) else {
            reconciled.past_the_log.push(line);
            continue;
        };
        match ledger.told.get(&receipt.commitment) {
            Some(operation) => {
                reconciled.agree += 1;
                operations.insert(*operation);
            }
            None if ledger.all.contains(&receipt.commitment) => reconciled.elsewhere.push(line),
            None => reconciled.not_kept.push(line),
        }
    }
    let mut missed: HashMap<[u8; 16], Hash> = HashMap::new();
    for (commitment, operation) in &ledger.told {
        if !operations.contains(operation) {
            let first = missed.entry(*operation).or_insert(*commitment);
            *first = (*first).min(*commitment);
        }
    }
    reconciled.not_noted = missed.into_values().collect();
    reconciled.not_noted.sort_unstable();
    Ok(reconciled)
}

/// What the ledger says.
#[derive(Default)]
struct Ledger {
    /// The commitment of every entry.
    all: HashSet<Hash>,
    /// Those of answers to the agency on the day, with the operation that each belongs to: an
    /// answer about several people has several entries and one receipt.
    told: HashMap<Hash, [u8; 16]>,
}

impl Ledger {
    async fn read(cx: &Context, told: &Told) -> Result<Self, Error> {
        let mut ledger = Self::default();
        let mut snapshot = cx.store.snapshot().await?;
        let mut after = None;
        loop {
            let claims = snapshot.claims(Internal::Auditing, after, PAGE).await?;
            let Some(last) = claims.last() else {
                return Ok(ledger);
            };
            after = Some((last.chain, last.entry.index));
            for claim in claims {
                let entry = claim.entry;
                ledger.all.insert(entry.commitment);
                if !(told.from..told.until).contains(&entry.time) || entry.is_erased() {
                    continue;
                }
                let home = cx.keys.home(snapshot.as_mut(), entry.home).await?;
                let event = Event::open(&entry, &home)?;
                let is_to_its_systems = event.organisation == told.organisation.as_str()
                    && event.channel == Channel::Api.code()
                    // It was noted on the day on which it was told them, and not on that on which it
                    // was opened.
                    && event.opens.is_empty();
                if is_to_its_systems {
                    ledger.told.insert(entry.commitment, entry.operation);
                }
            }
        }
    }
}
