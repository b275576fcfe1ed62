//! Checkpoints: what a log was at one moment, signed (<https://c2sp.org/tlog-checkpoint>).
//!
//! ```text
//! origin
//! size in decimal
//! base64 of the root
//! ```
//!
//! as the text of a signed note. Extension lines, which the specification discourages, are
//! refused: a checkpoint has one form.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use crate::hash::Hash;
use crate::key::{KeyError, LogKey, LogPublicKey, is_key_name};
use crate::note::{NoteError, SignedNote};

/// The size and root of a log at one moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checkpoint {
    /// Names the log for all time; the name of its keys.
    pub origin: String,
    /// The number of leaves.
    pub size: u64,
    /// The root of the Merkle tree over them.
    pub root: Hash,
}

/// Why a checkpoint could not be signed or is not to be believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CheckpointError {
    /// The text is not exactly origin, size and root.
    #[error("this is not a checkpoint")]
    Malformed,
    /// It names another log than the key does.
    #[error("the checkpoint is of another log")]
    OtherLog,
    /// The note around it is malformed, or not signed by the key.
    #[error(transparent)]
    Note(#[from] NoteError),
    /// The key could not sign.
    #[error(transparent)]
    Key(#[from] KeyError),
}

impl Checkpoint {
    /// The text that is signed.
    pub fn encode(&self) -> String {
        format!(
            "{}\n{}\n{}\n",
            self.origin,
            self.size,
            STANDARD.encode(self.root.0)
        )
    }

    /// Reads the text of a checkpoint, whose signature the caller has checked; see `verify`.
    pub fn parse(text: &str) -> Result<Checkpoint, CheckpointError> {
        let checkpoint = read(text).ok_or(CheckpointError::Malformed)?;
        if checkpoint.encode() == text {
            Ok(checkpoint)
        } else {
            Err(CheckpointError::Malformed)
        }
    }

    /// The signed note to publish.
    pub fn sign(&self, key: &LogKey) -> Result<String, CheckpointError> {
        if self.origin != key.public().name() {
            return Err(CheckpointError::OtherLog);
        }
        let mut note = SignedNote::new(self.encode())?;
        note.sign(key)?;
        Ok(note.to_string())
    }

    /// Reads a signed note and believes it only if this log's key signed it.
    pub fn verify(note: &str, key: &LogPublicKey) -> Result<Checkpoint, CheckpointError> {
        let note = SignedNote::parse(note)?;
        note.verify(key)?;
        let checkpoint = Checkpoint::parse(note.text())?;
        if checkpoint.origin != key.name() {
            return Err(CheckpointError::OtherLog);
        }
        Ok(checkpoint)
    }
}

fn read(text: &str) -> Option<Checkpoint> {
    let mut lines = text.split('\n');
    let origin = lines
        .next()
        .filter(|origin| is_key_name(origin))?
        .to_owned();
    let size = lines.next()?.parse().ok()?;
    let root = Hash(STANDARD.decode(lines.next()?).ok()?.try_into().ok()?);
    Some(Checkpoint { origin, size, root })
}
