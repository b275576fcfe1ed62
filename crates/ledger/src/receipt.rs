//! Receipts: the log's signed promise that a commitment will be in it.
//!
//! Signing costs more than everything else in a disclosure, so the commitments of one batch are
//! the leaves of a Merkle tree (RFC 9162) whose root is signed once; a receipt is the path to it.
//!
//! ```text
//! message = 00 || "receipt/v1" || u8 length of origin || origin || i64 time_us || u32 promise_s
//!              || u32 batch_size || batch root
//! ```
//!
//! Invariant: the key also signs checkpoints, and neither signature can pass for the other. A
//! checkpoint is the text of a signed note, which no conforming reader accepts with a control
//! character other than newline in it; this message begins with one.
//!
//! A receipt as text is unpadded base64url of:
//!
//! ```text
//! 01          version
//! commitment  32 bytes
//! time_us     i64
//! promise_s   u32
//! index       u32           of the commitment in its batch, from 0
//! batch_size  u32
//! length      u8            of the origin
//! origin      UTF-8
//! path        32 bytes each, as many as index and batch size ask for
//! key_id      4 bytes
//! signature   64 bytes
//! ```
//!
//! Batch size and index are visible to the recipient. A batch is therefore made of one commitment
//! for each answer and never of all the links an answer caused: their number would tell how many
//! views can see it, and so that something is held back.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::bytes::Reader;
use crate::hash::Hash;
use crate::key::{KeyError, LogKey, LogPublicKey, is_key_name};
use crate::proof::{path_length, root_from_path};
use crate::tree::{MemoryTree, leaf_hash};

const VERSION: u8 = 1;

/// Commitments that were made durable together, about to be signed for with one signature.
#[derive(Debug, Clone)]
pub struct Batch {
    commitments: Vec<Hash>,
    tree: MemoryTree,
}

/// A signed batch, from which each commitment gets its receipt.
#[derive(Debug, Clone)]
pub struct SignedBatch {
    batch: Batch,
    promise: Promise,
    key_id: [u8; 4],
    signature: [u8; 64],
}

/// The signed promise that the log will hold a commitment `promise_s` seconds after `time_us`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Receipt {
    /// The leaf that the log will hold.
    pub commitment: Hash,
    /// When the batch was signed: microseconds since 1970-01-01T00:00:00Z.
    pub time_us: i64,
    /// Names the log.
    pub origin: String,
    /// Seconds within which a checkpoint will cover the commitment.
    pub promise_s: u32,
    /// The Merkle path from the commitment to the batch root.
    pub path: Vec<Hash>,
    /// The commitment's place in the batch, from 0.
    pub index: u32,
    /// How many commitments the batch holds.
    pub batch_size: u32,
    /// Ed25519 over the batch root and the rest of the promise.
    pub signature: [u8; 64],
    /// Which of the log's keys signed.
    pub key_id: [u8; 4],
}

/// Why a batch could not be signed or a receipt is not to be believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ReceiptError {
    /// Not the one text form of a receipt.
    #[error("this is not a receipt")]
    Malformed,
    /// Signed by, or for, another log or another of its keys.
    #[error("the receipt is of another log or key")]
    OtherKey,
    /// The signature does not cover this commitment and promise.
    #[error("the signature on the receipt is false")]
    False,
    /// More commitments than an index can say, or an origin that is too long.
    #[error("a batch holds at most 4294967295 commitments, and an origin 255 bytes")]
    TooLarge,
    /// The key could not sign.
    #[error(transparent)]
    Key(#[from] KeyError),
}

impl Batch {
    /// A batch of commitments, one for each answer, in the order of their indexes.
    pub fn new(commitments: Vec<Hash>) -> Batch {
        let tree = MemoryTree::new(commitments.iter().map(|c| leaf_hash(&c.0)).collect());
        Batch { commitments, tree }
    }

    /// Signs the batch: a promise made at `time_us` to publish within `promise_s` seconds.
    pub fn sign(
        self,
        key: &LogKey,
        time_us: i64,
        promise_s: u32,
    ) -> Result<SignedBatch, ReceiptError> {
        let origin = key.public().name().to_owned();
        let batch_size =
            u32::try_from(self.commitments.len()).map_err(|_| ReceiptError::TooLarge)?;
        let promise = Promise {
            origin,
            time_us,
            promise_s,
            batch_size,
        };
        let message = promise
            .message(&self.tree.root())
            .ok_or(ReceiptError::TooLarge)?;
        let signature = key.sign(&message)?;
        Ok(SignedBatch {
            batch: self,
            promise,
            key_id: key.public().id(),
            signature,
        })
    }
}

impl SignedBatch {
    /// The receipt of the commitment at `index`; `None` beyond the batch.
    pub fn receipt(&self, index: usize) -> Option<Receipt> {
        Some(Receipt {
            commitment: *self.batch.commitments.get(index)?,
            time_us: self.promise.time_us,
            origin: self.promise.origin.clone(),
            promise_s: self.promise.promise_s,
            path: self.batch.tree.path(index)?,
            index: u32::try_from(index).ok()?,
            batch_size: self.promise.batch_size,
            signature: self.signature,
            key_id: self.key_id,
        })
    }

    /// The receipts of all commitments, in order.
    pub fn receipts(&self) -> Vec<Receipt> {
        (0..self.batch.commitments.len())
            .filter_map(|index| self.receipt(index))
            .collect()
    }
}

impl Receipt {
    /// The receipt as text: unpadded base64url, no spaces, fit for a header.
    pub fn encode(&self) -> String {
        let mut out = Vec::with_capacity(127 + self.origin.len() + 32 * self.path.len());
        out.push(VERSION);
        out.extend_from_slice(&self.commitment.0);
        out.extend_from_slice(&self.time_us.to_be_bytes());
        out.extend_from_slice(&self.promise_s.to_be_bytes());
        out.extend_from_slice(&self.index.to_be_bytes());
        out.extend_from_slice(&self.batch_size.to_be_bytes());
        // `sign` and `decode` make no longer origin; one made by hand gives a text that is refused.
        out.push(self.origin.len() as u8);
        out.extend_from_slice(self.origin.as_bytes());
        out.extend(self.path.iter().flat_map(|hash| hash.0));
        out.extend_from_slice(&self.key_id);
        out.extend_from_slice(&self.signature);
        URL_SAFE_NO_PAD.encode(out)
    }

    /// Reads the text form; whatever `encode` would write differently is refused.
    pub fn decode(text: &str) -> Result<Receipt, ReceiptError> {
        let bytes = URL_SAFE_NO_PAD
            .decode(text)
            .map_err(|_| ReceiptError::Malformed)?;
        read(&bytes).ok_or(ReceiptError::Malformed)
    }

    /// Checks that the log promised this, by this key.
    pub fn verify(&self, key: &LogPublicKey) -> Result<(), ReceiptError> {
        if self.origin != key.name() || self.key_id != key.id() {
            return Err(ReceiptError::OtherKey);
        }
        let (index, size) = (u64::from(self.index), u64::from(self.batch_size));
        let root = root_from_path(&leaf_hash(&self.commitment.0), index, size, &self.path)
            .map_err(|_| ReceiptError::Malformed)?;
        let promise = Promise {
            origin: self.origin.clone(),
            time_us: self.time_us,
            promise_s: self.promise_s,
            batch_size: self.batch_size,
        };
        let message = promise.message(&root).ok_or(ReceiptError::Malformed)?;
        if key.is_signature(&message, &self.signature) {
            Ok(())
        } else {
            Err(ReceiptError::False)
        }
    }
}

/// What is promised to every commitment of a batch alike.
#[derive(Debug, Clone)]
struct Promise {
    origin: String,
    time_us: i64,
    promise_s: u32,
    batch_size: u32,
}

impl Promise {
    fn message(&self, root: &Hash) -> Option<Vec<u8>> {
        let length = u8::try_from(self.origin.len()).ok()?;
        let mut out = Vec::with_capacity(60 + self.origin.len());
        out.extend_from_slice(b"\0receipt/v1");
        out.push(length);
        out.extend_from_slice(self.origin.as_bytes());
        out.extend_from_slice(&self.time_us.to_be_bytes());
        out.extend_from_slice(&self.promise_s.to_be_bytes());
        out.extend_from_slice(&self.batch_size.to_be_bytes());
        out.extend_from_slice(&root.0);
        Some(out)
    }
}

fn read(bytes: &[u8]) -> Option<Receipt> {
    let mut reader = Reader::new(bytes);
    if reader.u8()? != VERSION {
        return None;
    }
    let commitment = Hash(reader.array()?);
    let time_us = i64::from_be_bytes(reader.array()?);
    let promise_s = reader.u32()?;
    let index = reader.u32()?;
    let batch_size = reader.u32()?;
    let length = reader.u8()?;
    let origin = std::str::from_utf8(reader.take(usize::from(length))?)
        .ok()?
        .to_owned();
    let length = path_length(index.into(), batch_size.into())?;
    let path = (0..length)
        .map(|_| reader.array().map(Hash))
        .collect::<Option<_>>()?;
    let key_id = reader.array()?;
    let signature = reader.array()?;
    let whole = reader.is_empty() && is_key_name(&origin);
    whole.then_some(Receipt {
        commitment,
        time_us,
        origin,
        promise_s,
        path,
        index,
        batch_size,
        signature,
        key_id,
    })
}
