//! Cosignatures: that others saw a checkpoint, and that the log only grew since they last looked
//! (<https://c2sp.org/tlog-cosignature>, `cosignature/v1` with Ed25519).
//!
//! ```text
//! message    = "cosignature/v1" newline "time " seconds in decimal newline text of the checkpoint
//! signature  = u64 seconds since 1970 || Ed25519(message)
//! key id     = SHA-256(name || 0a || 04 || public key)[..4]
//! vkey       = name "+" key id in hexadecimal "+" base64(04 || public key)
//! ```

use std::fmt;

use crate::key::{KeyError, KeyKind, LogKey, LogPublicKey};
use crate::note::{NoteSignature, SignedNote};

/// The key with which a witness cosigns.
pub struct WitnessKey(LogKey);

/// The key by which anyone checks what a witness cosigned.
#[derive(Clone, PartialEq, Eq)]
pub struct WitnessPublicKey(LogPublicKey);

impl WitnessKey {
    /// The key of the witness called `name`, from 32 random bytes.
    pub fn from_seed(name: &str, seed: &[u8; 32]) -> Result<WitnessKey, KeyError> {
        LogKey::of_kind(KeyKind::Witness, name, seed).map(WitnessKey)
    }

    /// The half that may be published.
    pub fn public(&self) -> WitnessPublicKey {
        WitnessPublicKey(self.0.public().clone())
    }

    /// Signs that a checkpoint, as the text of its note, was seen at this time. The caller has
    /// checked that the log signed it and that it goes on from what the witness saw before.
    pub fn cosign(&self, checkpoint: &str, seconds: u64) -> Result<NoteSignature, KeyError> {
        let signature = self.0.sign(message(checkpoint, seconds).as_bytes())?;
        Ok(NoteSignature {
            name: self.0.public().name().to_owned(),
            key_id: self.0.public().id(),
            signature: [seconds.to_be_bytes().as_slice(), &signature].concat(),
        })
    }
}

impl WitnessPublicKey {
    /// Reads the text form; the key id in it must be the right one.
    pub fn from_vkey(vkey: &str) -> Result<WitnessPublicKey, KeyError> {
        LogPublicKey::of_vkey(KeyKind::Witness, vkey).map(WitnessPublicKey)
    }

    /// The text form, by which a witness's key is published.
    pub fn vkey(&self) -> String {
        self.0.vkey()
    }

    /// The witness's name.
    pub fn name(&self) -> &str {
        self.0.name()
    }

    /// When the witness saw this checkpoint, in seconds since 1970: its latest true cosignature.
    /// `None` if it cosigned nothing here, or if what bears its name is false.
    pub fn seen(&self, note: &SignedNote) -> Option<u64> {
        let mine = |s: &&NoteSignature| s.name == self.0.name() && s.key_id == self.0.id();
        let mut latest = None;
        for line in note.signatures().iter().filter(mine) {
            let (seconds, signature) = line.signature.split_first_chunk()?;
            let seconds = u64::from_be_bytes(*seconds);
            let message = message(note.text(), seconds);
            if !self.0.is_signature(message.as_bytes(), signature) {
                return None;
            }
            latest = latest.max(Some(seconds));
        }
        latest
    }
}

fn message(checkpoint: &str, seconds: u64) -> String {
    format!("cosignature/v1\ntime {seconds}\n{checkpoint}")
}

impl fmt::Debug for WitnessKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "WitnessKey({:?}, ..)", self.0.public())
    }
}

impl fmt::Debug for WitnessPublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}
