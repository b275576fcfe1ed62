//! Encryption at rest: root key over home keys over entry keys over records.
//!
//! Everything is AES-256-GCM in one layout:
//!
//! ```text
//! sealed = nonce (12 bytes) || ciphertext || tag (16 bytes)
//! ```
//!
//! The additional data say what the bytes are for, so that nothing sealed for one use opens in
//! another:
//!
//! ```text
//! entry under its entry key     "entry/v1" || record_root
//! entry key under a home key    "entry-key/v1"
//! home key under the root key   "home-key/v1"
//! other data under a home key   "home-data/v1" || the caller's own additional data
//! ```
//!
//! What is sealed of an entry is the opening of its commitment (32 bytes), then the encoded record
//! with its salts: the key is the only way to all three, so deleting it erases the entry.
//!
//! Nonces are random; one key may seal at most 2^32 times, which no home comes near.

use std::fmt;

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use zeroize::Zeroizing;

use crate::chain::Opening;
use crate::hash::Hash;
use crate::record::{Record, Salts};

const NONCE: usize = 12;
const TAG: usize = 16;
const ENTRY_KEY: &[u8] = b"entry-key/v1";
const HOME_KEY: &[u8] = b"home-key/v1";
const HOME_DATA: &[u8] = b"home-data/v1";
const ENTRY: &[u8] = b"entry/v1";

/// Why sealing or opening failed. It says no more, because more would help an attacker.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SealError {
    /// The cipher gave up: it was out of memory, or the text is longer than AES-GCM allows.
    #[error("the data could not be sealed")]
    NotSealed,
    /// The bytes were altered, or sealed under another key or for another use.
    #[error("the sealed data are damaged or belong to another key or use")]
    NotOpened,
}

/// The key of one entry; deleting every copy of it erases the entry.
#[derive(Clone)]
pub struct EntryKey(Zeroizing<[u8; 32]>);

/// The key of one home, which wraps its entry keys and seals its facts.
///
/// The AES key schedule is made once, with the value: keep it, do not remake it for each use.
pub struct HomeKey {
    key: Zeroizing<[u8; 32]>,
    cipher: Cipher,
}

/// The key that wraps home keys; it lives outside the database and outside its backups.
pub struct RootKey {
    cipher: Cipher,
}

impl EntryKey {
    /// A key from 32 random bytes, drawn anew for every entry.
    pub fn new(key: [u8; 32]) -> EntryKey {
        EntryKey(Zeroizing::new(key))
    }
}

impl HomeKey {
    /// A key from 32 random bytes, drawn once for each home.
    pub fn new(key: [u8; 32]) -> Result<HomeKey, SealError> {
        let cipher = Cipher::new(&key)?;
        Ok(HomeKey {
            key: Zeroizing::new(key),
            cipher,
        })
    }

    /// Encrypts an entry key for keeping beside the entry.
    pub fn wrap(&self, key: &EntryKey, nonce: [u8; 12]) -> Result<Vec<u8>, SealError> {
        self.cipher.seal(nonce, ENTRY_KEY, key.0.as_slice())
    }

    /// Decrypts an entry key.
    pub fn unwrap(&self, wrapped: &[u8]) -> Result<EntryKey, SealError> {
        unwrap_key(&self.cipher, ENTRY_KEY, wrapped).map(EntryKey)
    }

    /// Encrypts other data of the home; `aad` says what they are and must be given to `open`.
    pub fn seal(&self, nonce: [u8; 12], aad: &[u8], plain: &[u8]) -> Result<Vec<u8>, SealError> {
        self.cipher.seal(nonce, &[HOME_DATA, aad].concat(), plain)
    }

    /// Decrypts what `seal` made with the same `aad`.
    pub fn open(&self, aad: &[u8], sealed: &[u8]) -> Result<Vec<u8>, SealError> {
        self.cipher.open(&[HOME_DATA, aad].concat(), sealed)
    }
}

impl RootKey {
    /// A key from 32 random bytes, read from a file or a key service.
    pub fn new(key: [u8; 32]) -> Result<RootKey, SealError> {
        let key = Zeroizing::new(key);
        Ok(RootKey {
            cipher: Cipher::new(&key)?,
        })
    }

    /// Encrypts a home key for keeping in the database.
    pub fn wrap(&self, key: &HomeKey, nonce: [u8; 12]) -> Result<Vec<u8>, SealError> {
        self.cipher.seal(nonce, HOME_KEY, key.key.as_slice())
    }

    /// Decrypts a home key.
    pub fn unwrap(&self, wrapped: &[u8]) -> Result<HomeKey, SealError> {
        HomeKey::new(*unwrap_key(&self.cipher, HOME_KEY, wrapped)?)
    }
}

/// Encrypts `plain` under an entry key; `aad` says what it is and must be given to [`open`].
pub fn seal(
    key: &EntryKey,
    nonce: [u8; 12],
    aad: &[u8],
    plain: &[u8],
) -> Result<Vec<u8>, SealError> {
    Cipher::new(&key.0)?.seal(nonce, aad, plain)
}

/// Decrypts what [`seal`] made with the same key and `aad`.
pub fn open(key: &EntryKey, aad: &[u8], sealed: &[u8]) -> Result<Vec<u8>, SealError> {
    Cipher::new(&key.0)?.open(aad, sealed)
}

/// An entry as it is kept: its record root to commit to, and the rest encrypted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SealedEntry {
    /// What the view chain commits to.
    pub root: Hash,
    /// Opening, salts and record, sealed under the entry key and bound to the root.
    pub bytes: Vec<u8>,
}

/// An entry as its key opens it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenedEntry {
    /// The secret of its commitment.
    pub opening: Opening,
    /// What it says.
    pub record: Record,
    /// The salts of its fields.
    pub salts: Salts,
}

/// Encodes a record, and seals it with its salts and opening, bound to its root.
pub fn seal_entry(
    key: &EntryKey,
    nonce: [u8; 12],
    opening: &Opening,
    record: &Record,
    salts: &Salts,
) -> Result<SealedEntry, SealError> {
    let root = record.root(salts);
    let mut bytes = Vec::with_capacity(NONCE + 32 + record.encoded_len() + TAG);
    bytes.extend_from_slice(&nonce);
    bytes.extend_from_slice(&opening.0);
    record.encode_into(salts, &mut bytes);
    Cipher::new(&key.0)?.seal_after_nonce(nonce, &entry_aad(&root), &mut bytes)?;
    Ok(SealedEntry { root, bytes })
}

/// Opens a sealed entry and checks that its record is the one that `root` commits to.
pub fn open_entry(key: &EntryKey, root: &Hash, sealed: &[u8]) -> Result<OpenedEntry, SealError> {
    let plain = Zeroizing::new(open(key, &entry_aad(root), sealed)?);
    let (opening, record) = plain.split_first_chunk().ok_or(SealError::NotOpened)?;
    let (record, salts) = Record::decode(record).map_err(|_| SealError::NotOpened)?;
    if record.root(&salts) != *root {
        return Err(SealError::NotOpened);
    }
    Ok(OpenedEntry {
        opening: Opening(*opening),
        record,
        salts,
    })
}

fn entry_aad(root: &Hash) -> [u8; 40] {
    let mut aad = [0; 40];
    aad[..8].copy_from_slice(ENTRY);
    aad[8..].copy_from_slice(&root.0);
    aad
}

fn unwrap_key(
    cipher: &Cipher,
    aad: &[u8],
    wrapped: &[u8],
) -> Result<Zeroizing<[u8; 32]>, SealError> {
    let plain = Zeroizing::new(cipher.open(aad, wrapped)?);
    let key = plain
        .as_slice()
        .try_into()
        .map_err(|_| SealError::NotOpened)?;
    Ok(Zeroizing::new(key))
}

struct Cipher(LessSafeKey);

impl Cipher {
    fn new(key: &[u8; 32]) -> Result<Cipher, SealError> {
        let key = UnboundKey::new(&AES_256_GCM, key).map_err(|_| SealError::NotSealed)?;
        Ok(Cipher(LessSafeKey::new(key)))
    }

    fn seal(&self, nonce: [u8; NONCE], aad: &[u8], plain: &[u8]) -> Result<Vec<u8>, SealError> {
        let mut bytes = Vec::with_capacity(NONCE + plain.len() + TAG);
        bytes.extend_from_slice(&nonce);
        bytes.extend_from_slice(plain);
        self.seal_after_nonce(nonce, aad, &mut bytes)?;
        Ok(bytes)
    }

    /// Encrypts in place what follows the nonce at the front, and appends the tag.
    fn seal_after_nonce(
        &self,
        nonce: [u8; NONCE],
        aad: &[u8],
        bytes: &mut Vec<u8>,
    ) -> Result<(), SealError> {
        let (_, plain) = bytes
            .split_at_mut_checked(NONCE)
            .ok_or(SealError::NotSealed)?;
        let nonce = Nonce::assume_unique_for_key(nonce);
        let tag = self
            .0
            .seal_in_place_separate_tag(nonce, Aad::from(aad), plain)
            .map_err(|_| SealError::NotSealed)?;
        bytes.extend_from_slice(tag.as_ref());
        Ok(())
    }

    fn open(&self, aad: &[u8], sealed: &[u8]) -> Result<Vec<u8>, SealError> {
        let (nonce, rest) = sealed.split_first_chunk().ok_or(SealError::NotOpened)?;
        let (ciphertext, tag) = rest.split_last_chunk::<TAG>().ok_or(SealError::NotOpened)?;
        let nonce = Nonce::assume_unique_for_key(*nonce);
        let mut plain = vec![0; ciphertext.len()];
        self.0
            .open_separate_gather(nonce, Aad::from(aad), ciphertext, tag, &mut plain)
            .map_err(|_| SealError::NotOpened)?;
        Ok(plain)
    }
}

/// Keys say what they are and never what they hold.
macro_rules! closed_debug {
    ($($key:ident)*) => {$(
        impl fmt::Debug for $key {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(concat!(stringify!($key), "(..)"))
            }
        }
    )*};
}
closed_debug!(EntryKey HomeKey RootKey);
