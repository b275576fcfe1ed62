//! The keys that sign for a log: Ed25519, named as <https://c2sp.org/signed-note> says.
//!
//! ```text
//! key id = SHA-256(name || 0a || 01 || public key)[..4]
//! vkey   = name "+" key id in hexadecimal "+" base64(01 || public key)
//! ```
//!
//! A log's key bears the log's origin as its name, so checkpoints and receipts of one log never
//! pass for those of another, even under one key.

use std::fmt;

use aws_lc_rs::signature::{ED25519, Ed25519KeyPair, KeyPair, ParsedPublicKey};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use crate::hash::sha256;
use crate::vrf::is_point;

/// What a key signs: the byte by which signed notes tell kinds of keys apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum KeyKind {
    /// A log's checkpoints and receipts: Ed25519 over the text.
    Log = 0x01,
    /// A witness's cosignatures: Ed25519 over time and text.
    Witness = 0x04,
}

/// Why a key could not be read or used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// Empty, or with a space, a plus sign or a control character.
    #[error("the name of a key is not empty and has no spaces, plus signs or control characters")]
    Name,
    /// Not a point of the curve, or not in the text form.
    #[error("this is not an Ed25519 public key in the form name+id+key")]
    PublicKey,
    /// The seed was refused, or signing failed.
    #[error("the log's key could not be used")]
    PrivateKey,
}

/// The key with which a log signs its checkpoints and receipts.
pub struct LogKey {
    pair: Ed25519KeyPair,
    public: LogPublicKey,
}

/// The key by which anyone checks what a log signed.
#[derive(Clone)]
pub struct LogPublicKey {
    kind: KeyKind,
    name: String,
    bytes: [u8; 32],
    id: [u8; 4],
    parsed: ParsedPublicKey,
}

impl LogKey {
    /// The key of the log called `name` (its origin), from 32 random bytes.
    pub fn from_seed(name: &str, seed: &[u8; 32]) -> Result<LogKey, KeyError> {
        LogKey::of_kind(KeyKind::Log, name, seed)
    }

    pub(crate) fn of_kind(kind: KeyKind, name: &str, seed: &[u8; 32]) -> Result<LogKey, KeyError> {
        let pair = Ed25519KeyPair::from_seed_unchecked(seed).map_err(|_| KeyError::PrivateKey)?;
        let bytes = pair
            .public_key()
            .as_ref()
            .try_into()
            .map_err(|_| KeyError::PrivateKey)?;
        let public = LogPublicKey::from_parts(kind, name, bytes)?;
        Ok(LogKey { pair, public })
    }

    /// The half that may be published.
    pub fn public(&self) -> &LogPublicKey {
        &self.public
    }

    pub(crate) fn sign(&self, message: &[u8]) -> Result<[u8; 64], KeyError> {
        let signature = self
            .pair
            .try_sign(message)
            .map_err(|_| KeyError::PrivateKey)?;
        signature
            .as_ref()
            .try_into()
            .map_err(|_| KeyError::PrivateKey)
    }
}

impl LogPublicKey {
    /// The public key of the log called `name`, from the 32 bytes of RFC 8032.
    pub fn new(name: &str, bytes: [u8; 32]) -> Result<LogPublicKey, KeyError> {
        LogPublicKey::from_parts(KeyKind::Log, name, bytes)
    }

    fn from_parts(kind: KeyKind, name: &str, bytes: [u8; 32]) -> Result<LogPublicKey, KeyError> {
        if !is_key_name(name) {
            return Err(KeyError::Name);
        }
        // The library below takes any 32 bytes, and finds out only when it verifies.
        if !is_point(&bytes) {
            return Err(KeyError::PublicKey);
        }
        let parsed = ParsedPublicKey::new(&ED25519, bytes).map_err(|_| KeyError::PublicKey)?;
        let hash = sha256(&[name.as_bytes(), b"\n", &[kind as u8], &bytes]);
        let [a, b, c, d, ..] = hash.0;
        Ok(LogPublicKey {
            kind,
            name: name.to_owned(),
            bytes,
            id: [a, b, c, d],
            parsed,
        })
    }

    /// Reads the text form; the key id in it must be the right one.
    pub fn from_vkey(vkey: &str) -> Result<LogPublicKey, KeyError> {
        LogPublicKey::of_vkey(KeyKind::Log, vkey)
    }

    pub(crate) fn of_vkey(kind: KeyKind, vkey: &str) -> Result<LogPublicKey, KeyError> {
        let key = read_vkey(kind, vkey).ok_or(KeyError::PublicKey)??;
        if key.vkey() == vkey {
            Ok(key)
        } else {
            Err(KeyError::PublicKey)
        }
    }

    /// The text form, by which a log's key is published.
    pub fn vkey(&self) -> String {
        let mut key = vec![self.kind as u8];
        key.extend_from_slice(&self.bytes);
        let id = u32::from_be_bytes(self.id);
        format!("{}+{id:08x}+{}", self.name, STANDARD.encode(key))
    }

    /// The name of the key, which is the origin of the log.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Four bytes that tell the keys of one name apart.
    pub fn id(&self) -> [u8; 4] {
        self.id
    }

    /// The public key as RFC 8032 encodes it.
    pub fn as_bytes(&self) -> &[u8; 32] {
        &self.bytes
    }

    pub(crate) fn is_signature(&self, message: &[u8], signature: &[u8]) -> bool {
        self.parsed.verify_sig(message, signature).is_ok()
    }
}

fn read_vkey(kind: KeyKind, vkey: &str) -> Option<Result<LogPublicKey, KeyError>> {
    let (name, rest) = vkey.split_once('+')?;
    let (_, key) = rest.split_once('+')?;
    let key = STANDARD.decode(key).ok()?;
    let bytes = key.strip_prefix(&[kind as u8])?.try_into().ok()?;
    Some(LogPublicKey::from_parts(kind, name, bytes))
}

/// Whether signed notes allow this name for a key.
pub(crate) fn is_key_name(name: &str) -> bool {
    !name.is_empty() && !name.contains(|c: char| c.is_whitespace() || c.is_control() || c == '+')
}

impl PartialEq for LogPublicKey {
    fn eq(&self, other: &LogPublicKey) -> bool {
        self.kind == other.kind && self.name == other.name && self.bytes == other.bytes
    }
}

impl Eq for LogPublicKey {}

impl fmt::Debug for LogPublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.vkey())
    }
}

impl fmt::Debug for LogKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "LogKey({:?}, ..)", self.public)
    }
}
