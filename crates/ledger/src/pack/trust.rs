//! What whoever checks a file trusts, and what follows from that alone.

use super::report::Outcome;
use crate::cosignature::WitnessPublicKey;
use crate::head_code::HeadCode;
use crate::key::LogPublicKey;
use crate::note::SignedNote;

/// What whoever checks a pack trusts: it comes from elsewhere, never from the pack.
#[derive(Debug, Clone, Default)]
pub struct Trust<'a> {
    /// The log's key, as the log publishes it.
    pub log: Option<&'a LogPublicKey>,
    /// The keys of witnesses.
    pub witnesses: &'a [WitnessPublicKey],
    /// How many of them must have seen the checkpoint.
    pub quorum: usize,
    /// The code on a letter.
    pub code: Option<HeadCode>,
}

impl Trust<'_> {
    /// Whether a file names the log's key as it is known from elsewhere, or the one to which that
    /// key handed the log on.
    pub(crate) fn names(&self, named: &LogPublicKey, handed_to: Option<&LogPublicKey>) -> Outcome {
        match self.log {
            None => Outcome::NotShown(format!(
                "no key was given to compare with; the pack names {}",
                named.vkey()
            )),
            Some(key) if key == named => {
                Outcome::Holds("the key that was given is the pack's".to_owned())
            }
            Some(_) if handed_to == Some(named) => {
                Outcome::Holds("the key that was given handed the log on to the pack's".to_owned())
            }
            Some(_) => Outcome::Fails(format!(
                "the pack names another key than the one that was given: {}",
                named.vkey()
            )),
        }
    }

    /// Whether enough witnesses saw a checkpoint.
    pub(crate) fn cosigned(&self, checkpoint: &SignedNote) -> Outcome {
        if self.witnesses.is_empty() {
            return Outcome::NotShown(
                "no witness's key was given, so this may be a log that others do not see"
                    .to_owned(),
            );
        }
        let (seen, not): (Vec<_>, Vec<_>) = self
            .witnesses
            .iter()
            .partition(|witness| witness.seen(checkpoint).is_some());
        let names = |witnesses: &[&WitnessPublicKey]| {
            let names: Vec<&str> = witnesses.iter().map(|witness| witness.name()).collect();
            names.join(", ")
        };
        let (needed, all) = (self.quorum, self.witnesses.len());
        if seen.len() < needed {
            return Outcome::Fails(format!(
                "{} of {all} witnesses cosigned the checkpoint and {needed} must: missing {}",
                seen.len(),
                names(&not)
            ));
        }
        Outcome::Holds(match not.is_empty() {
            true => format!("cosigned by {}", names(&seen)),
            false => format!("cosigned by {}; not by {}", names(&seen), names(&not)),
        })
    }
}
