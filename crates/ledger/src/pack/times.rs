//! Whether what is claimed of times fits the moments that others fixed.

use super::Content;
use super::report::Outcome;
use super::verify::Checking;
use super::words::{Faults, count};
use crate::checkpoint::Checkpoint;
use crate::note::SignedNote;

/// How long the log may take to hold what it promised to hold: microseconds.
const PROMISE_US: i64 = 60_000_000;

/// Moments that are fixed, each by the size that the log had then.
pub(super) struct Moments {
    /// By epochs, from both sides.
    epochs: Vec<(u64, i64)>,
    /// By witnesses, from one side: they may have been late.
    seen: Vec<(u64, i64)>,
}

impl Moments {
    /// Whether the log held this leaf well before the time that is claimed for it.
    pub(super) fn held_before(&self, leaf: u64, time_us: i64) -> bool {
        let mut fixed = self.epochs.iter().chain(&self.seen);
        fixed.any(|(size, by)| leaf < *size && time_us > by.saturating_add(PROMISE_US))
    }

    /// Whether the log still lacked this leaf well after the time that is claimed for it.
    pub(super) fn lacked_after(&self, leaf: u64, time_us: i64) -> bool {
        let mut epochs = self.epochs.iter();
        epochs.any(|(size, by)| leaf >= *size && time_us < by.saturating_sub(PROMISE_US))
    }
}

impl Checking<'_> {
    /// Each epoch fixes a moment: what was in the log by then was not written later, and what was
    /// not in the log by then was not written (much) earlier. A witness fixes one from one side.
    pub(super) fn times(&self) -> Outcome {
        let moments = self.moments();
        if moments.epochs.is_empty() && moments.seen.is_empty() {
            return Outcome::NotShown("no epoch and no witness fixes any moment".to_owned());
        }
        let mut faults = Faults::default();
        for (place, (link, _)) in self.links() {
            let (Content::Open { time_us, .. }, Some(at)) = (&link.content, &link.place) else {
                continue;
            };
            if moments.held_before(at.index, *time_us) {
                faults.add(format!(
                    "entry {place} claims a time at which the log already held it"
                ));
            }
            if moments.lacked_after(at.index, *time_us) {
                faults.add(format!(
                    "entry {place} claims a time at which the log did not hold it: back-dated"
                ));
            }
        }
        faults.or(|| {
            Outcome::Holds(format!(
                "the times fit {} and {}",
                count(moments.epochs.len(), "epoch"),
                count(moments.seen.len(), "cosigned checkpoint")
            ))
        })
    }

    /// The moments that the pack's epochs and the trusted witnesses fix.
    pub(super) fn moments(&self) -> Moments {
        let epochs = self.pack.epochs.iter().filter(|proof| self.has(proof));
        let earlier = self.pack.earlier.iter().map(|one| &one.checkpoint);
        let notes = earlier.chain([&self.pack.checkpoint]);
        Moments {
            epochs: epochs
                .map(|proof| (proof.epoch.size, proof.epoch.time_us))
                .collect(),
            seen: notes.filter_map(|note| self.seen_at(note)).collect(),
        }
    }

    /// Size and time of a checkpoint that a trusted witness saw.
    fn seen_at(&self, note: &SignedNote) -> Option<(u64, i64)> {
        let size = Checkpoint::parse(note.text()).ok()?.size;
        let witnesses = self.trust.witnesses.iter();
        // The first to see it fixes it best.
        let seconds = witnesses.filter_map(|witness| witness.seen(note)).min()?;
        Some((size, i64::try_from(seconds).ok()?.saturating_mul(1_000_000)))
    }
}
