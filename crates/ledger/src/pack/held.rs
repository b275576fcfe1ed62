//! Entries that were held back for a time: that what a list opens later was written when it
//! happened, and says the same.
//!
//! What is held back stands in a chain of its own, of which it is the only link. So it can be
//! opened alone: neither its place nor the chain's head tells whether anything else is held back.

use super::report::Outcome;
use super::verify::{Checking, is_in, no_checkpoint};
use super::words::{Faults, entries};
use super::{LogPlace, OPENS, PackField, record_root};
use crate::chain::{Head, Opening, ViewId};
use crate::hash::Hash;

/// What was held back, as it was committed to when it happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeldEntry {
    /// The link of the list that opens it.
    pub link: u32,
    /// The chain that it stands in, alone.
    pub view: ViewId,
    /// When it was committed: microseconds since 1970-01-01T00:00:00Z.
    pub time_us: i64,
    /// The secret that opens its commitment.
    pub opening: Opening,
    /// The fields of its record, in order of name.
    pub fields: Vec<PackField>,
    /// Its place in the log.
    pub place: LogPlace,
}

impl HeldEntry {
    /// The leaf of the log that stood for it while it was held back.
    pub fn commitment(&self) -> Hash {
        let link = Head::EMPTY.link(self.time_us, record_root(&self.fields));
        link.commitment(&self.view, &self.opening)
    }
}

/// The value of the field by which an entry opens what stood in this chain.
pub fn opens(view: &ViewId) -> String {
    Hash(view.0).to_string()
}

impl Checking<'_> {
    /// Each entry that opens another is shown with it: in the log since it happened, and the same.
    pub(super) fn held(&self) -> Outcome {
        if self.checkpoint.is_none() {
            return no_checkpoint();
        }
        let mut faults = Faults::default();
        let mut opened: Vec<&[u8]> = Vec::new();
        let mut unproven = 0;
        for (number, (link, _)) in self.links() {
            let Some(opens) = link.content.shown(OPENS).filter(|view| !view.is_empty()) else {
                continue;
            };
            if opened.contains(&opens) {
                faults.add(format!(
                    "entry {number} opens what another opened before it"
                ));
            }
            opened.push(opens);
            let mut proofs = self.pack.held.iter();
            if !proofs.any(|held| usize::try_from(held.link) == Ok(number)) {
                unproven += 1;
            }
        }
        for held in &self.pack.held {
            if let Err(fault) = self.was_held(held) {
                faults.add(format!("entry {} {fault}", held.link));
            }
        }
        faults.or(|| match (opened.len(), unproven) {
            (0, _) => Outcome::Holds("no entry was held back for a time".to_owned()),
            (all, 0) => Outcome::Holds(format!(
                "{} held back for a time, in the log since it happened, and then opened",
                entries(all)
            )),
            (_, more) => Outcome::NotShown(format!(
                "{} held back for a time, and the pack does not show when it was written",
                entries(more)
            )),
        })
    }

    /// What is wrong with one, after "entry 3".
    fn was_held(&self, held: &HeldEntry) -> Result<(), &'static str> {
        let number = usize::try_from(held.link).unwrap_or(usize::MAX);
        let link = self.pack.links.get(number).ok_or("is not in the list")?;
        if link.content.shown(OPENS) != Some(opens(&held.view).as_bytes()) {
            return Err("does not open what is shown for it");
        }
        let commitment = held.commitment();
        if !(self.checkpoint).is_some_and(|seen| is_in(seen, &commitment, &held.place)) {
            return Err("opens what the log does not hold");
        }
        let is_later = |place: &LogPlace| place.index <= held.place.index;
        if link.place.as_ref().is_some_and(is_later) {
            return Err("opens what is in the log only after it");
        }
        let moments = self.moments();
        let (leaf, time_us) = (held.place.index, held.time_us);
        if moments.held_before(leaf, time_us) || moments.lacked_after(leaf, time_us) {
            return Err("opens what was not written at the time that it claims");
        }
        let says_otherwise = held.fields.iter().any(|field| match field {
            PackField::Shown { field, .. } if field.name != OPENS => {
                let now = link.content.shown(&field.name);
                now.is_some_and(|now| now != field.value)
            }
            _ => false,
        });
        match says_otherwise {
            true => Err("says otherwise than what was held back"),
            false => Ok(()),
        }
    }
}
