//! What a witness does: it cosigns a checkpoint only if the log goes on from the one before
//! (<https://c2sp.org/tlog-witness>).
//!
//! ```text
//! request = "old " size newline { base64 of a hash newline } newline note
//! ```
//!
//! Everything that decides is here and is pure; `candour witness` keeps what was seen and speaks
//! HTTP. Whoever keeps it must write down what was cosigned before the cosignature leaves.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use crate::checkpoint::Checkpoint;
use crate::hash::Hash;
use crate::key::LogPublicKey;
use crate::note::SignedNote;
use crate::proof::verify_consistency;
use crate::tree::empty_root;

/// The specification allows no longer proof: a log of 2^63 leaves needs no more.
const LONGEST_PROOF: usize = 63;

/// What a witness cosigned last of a log: its size and root.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Seen {
    /// The number of leaves.
    pub size: u64,
    /// The root over them.
    pub root: Hash,
}

/// What a log sends to a witness.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AddCheckpoint {
    /// The size that the log believes the witness saw last.
    pub old_size: u64,
    /// The proof that the log only grew since.
    pub consistency: Vec<Hash>,
    /// The checkpoint to cosign.
    pub checkpoint: SignedNote,
}

/// Why a witness does not cosign.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// Not a request.
    #[error("this is not a request to cosign a checkpoint")]
    Malformed,
    /// Of another log than the one that is watched.
    #[error("this log is not watched here")]
    OtherLog,
    /// Without the signature of the log that is watched.
    #[error("the checkpoint is not signed by the key of this log")]
    Unsigned,
    /// The old size is beyond the new one.
    #[error("the old size is larger than the checkpoint's")]
    Backwards,
    /// The log believes that another size was seen last; or the same size had another root.
    #[error(
        "the last checkpoint seen here has {size} leaves, and another root if that is the same"
    )]
    OtherSize {
        /// What was seen last.
        size: u64,
    },
    /// The proof is false: the log was rewritten, or shows different people different things.
    #[error("the log does not go on from what was seen here before")]
    Inconsistent,
}

impl Seen {
    /// Of a log that was never looked at.
    pub fn nothing() -> Seen {
        Seen {
            size: 0,
            root: empty_root(),
        }
    }

    /// What a witness will have seen once it cosigns this; or why it must not.
    pub fn next(&self, request: &AddCheckpoint, key: &LogPublicKey) -> Result<Seen, Refusal> {
        let origin = request.checkpoint.text().split('\n').next();
        if origin != Some(key.name()) {
            return Err(Refusal::OtherLog);
        }
        let checkpoint = Checkpoint::verify(&request.checkpoint.to_string(), key);
        let checkpoint = checkpoint.map_err(|_| Refusal::Unsigned)?;
        if request.old_size > checkpoint.size {
            return Err(Refusal::Backwards);
        }
        let is_another = checkpoint.size == self.size && checkpoint.root != self.root;
        if request.old_size != self.size || is_another {
            return Err(Refusal::OtherSize { size: self.size });
        }
        let (proof, root) = (&request.consistency, &checkpoint.root);
        verify_consistency(self.size, &self.root, checkpoint.size, root, proof)
            .map_err(|_| Refusal::Inconsistent)?;
        Ok(Seen {
            size: checkpoint.size,
            root: checkpoint.root,
        })
    }
}

impl AddCheckpoint {
    /// The request as it is sent.
    pub fn encode(&self) -> String {
        let mut out = format!("old {}\n", self.old_size);
        for hash in &self.consistency {
            out.push_str(&STANDARD.encode(hash.0));
            out.push('\n');
        }
        out.push('\n');
        out.push_str(&self.checkpoint.to_string());
        out
    }

    /// Reads a request; whatever `encode` would write differently is refused.
    pub fn parse(text: &str) -> Result<AddCheckpoint, Refusal> {
        let request = read(text).ok_or(Refusal::Malformed)?;
        if request.encode() == text {
            Ok(request)
        } else {
            Err(Refusal::Malformed)
        }
    }
}

fn read(text: &str) -> Option<AddCheckpoint> {
    let (head, note) = text.split_once("\n\n")?;
    let mut lines = head.split('\n');
    let old_size = lines.next()?.strip_prefix("old ")?.parse().ok()?;
    let consistency = lines
        .map(|line| Some(Hash(STANDARD.decode(line).ok()?.try_into().ok()?)))
        .collect::<Option<Vec<_>>>()?;
    (consistency.len() <= LONGEST_PROOF).then_some(AddCheckpoint {
        old_size,
        consistency,
        checkpoint: SignedNote::parse(note).ok()?,
    })
}
