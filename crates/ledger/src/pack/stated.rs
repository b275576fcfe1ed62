//! What the exchange said of itself: that it lost entries, and that its keys were changed.

use super::report::Outcome;
use super::verify::{Checking, is_in, no_checkpoint};
use super::words::{Faults, count};
use super::{EpochProof, Pack};
use crate::checkpoint::{Checkpoint, CheckpointError};
use crate::key::LogPublicKey;
use crate::note::SignedNote;
use crate::statement::Says;

/// The key to which a trusted one handed the log on, through others if need be: each must have
/// signed a checkpoint that covers the statement by which it gave way.
pub(super) fn handed_on(pack: &Pack, trusted: &LogPublicKey) -> LogPublicKey {
    let mut key = trusted.clone();
    for stated in &pack.statements {
        if let Says::LogKey { from, to } = &stated.statement.says
            && from == key.as_bytes()
            && covers(pack, &key, stated.place.index)
            && let Ok(next) = LogPublicKey::new(key.name(), *to)
        {
            key = next;
        }
    }
    key
}

fn covers(pack: &Pack, key: &LogPublicKey, leaf: u64) -> bool {
    let mut earlier = pack.earlier.iter();
    earlier.any(|one| {
        let signed = Checkpoint::verify(&one.checkpoint.to_string(), key);
        signed.is_ok_and(|signed| signed.size > leaf)
    })
}

impl Checking<'_> {
    /// Every statement is in the log where the pack says.
    pub(super) fn statements(&self) -> Outcome {
        let Some(checkpoint) = self.checkpoint else {
            return no_checkpoint();
        };
        let mut faults = Faults::default();
        for stated in &self.pack.statements {
            if !is_in(checkpoint, &stated.statement.commitment(), &stated.place) {
                faults.add(format!(
                    "the log does not hold what the exchange is to have said at leaf {}",
                    stated.place.index
                ));
            }
        }
        faults.or(|| Outcome::Holds(self.said()))
    }

    /// All statements in words.
    fn said(&self) -> String {
        let (mut recoveries, mut keys) = (Vec::new(), 0);
        for stated in &self.pack.statements {
            match stated.statement.says {
                Says::Recovered { kept, seen, .. } => recoveries.push(format!(
                    "the exchange went on from a copy of {kept} leaves after {seen} were seen: \
                     entries written in between are lost, and may have been of this list"
                )),
                Says::LogKey { .. } | Says::PositionsKey { .. } => keys += 1,
            }
        }
        if keys > 0 {
            recoveries.push(format!("{} of keys", count(keys, "change")));
        }
        recoveries.join("; ")
    }

    /// Whether entries were lost, of this list or of others.
    pub(super) fn has_lost(&self) -> bool {
        let mut statements = self.pack.statements.iter();
        statements.any(|stated| matches!(stated.statement.says, Says::Recovered { .. }))
    }

    /// A checkpoint, if the key signed it that signed for a log of that size.
    pub(super) fn signed_then(&self, note: &SignedNote) -> Result<Checkpoint, CheckpointError> {
        let size = Checkpoint::parse(note.text())?.size;
        Checkpoint::verify(&note.to_string(), &self.key_at(size))
    }

    /// The key that signed for a log of so many leaves: from the key of now back over each change.
    fn key_at(&self, size: u64) -> LogPublicKey {
        let mut key = self.key.clone();
        let later = self.pack.statements.iter().rev();
        for stated in later.take_while(|stated| stated.place.index >= size) {
            if let Says::LogKey { from, to } = &stated.statement.says
                && to == key.as_bytes()
                && let Ok(before) = LogPublicKey::new(key.name(), *from)
            {
                key = before;
            }
        }
        key
    }

    /// The key of positions after an epoch, with the changes up to a leaf.
    pub(super) fn positions_key_after(&self, epoch: &EpochProof, leaf: u64) -> [u8; 32] {
        let changes = self.pack.statements.iter();
        let between = changes
            .filter(|stated| epoch.place.index < stated.place.index && stated.place.index < leaf);
        between.fold(
            *epoch.epoch.vrf_key.as_bytes(),
            |key, stated| match &stated.statement.says {
                Says::PositionsKey { from, to } if *from == key => *to,
                _ => key,
            },
        )
    }
}
