//! Statements: what an exchange says of itself in its own log, beside entries and epochs.
//!
//! ```text
//! leaf of the log = SHA-256("statement/v1" || u8 kind || i64 time || ...)
//!   01 recovered       u64 kept || u64 seen || root of the tree that was seen
//!   02 log key         key that signed until then || key that signs from then on
//!   03 positions key   key that found positions until then || key that finds them from then on
//! ```
//!
//! All are public: they say nothing of anybody, and whoever checks the log must know them.

use crate::bytes::Reader;
use crate::hash::{Hash, sha256};

/// What an exchange says of itself at one moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statement {
    /// When: microseconds since 1970-01-01T00:00:00Z.
    pub time_us: i64,
    /// What.
    pub says: Says,
}

/// What a statement says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Says {
    /// The exchange goes on from a copy that is older than what was seen of its log: entries that
    /// were written after the copy was taken are lost.
    Recovered {
        /// How many leaves the copy had.
        kept: u64,
        /// How many leaves the largest log had that is known to have been seen.
        seen: u64,
        /// The root of that.
        root: Hash,
    },
    /// Checkpoints and receipts are signed by another key from here on.
    LogKey {
        /// The Ed25519 key until then.
        from: [u8; 32],
        /// The Ed25519 key from then on.
        to: [u8; 32],
    },
    /// Positions in the maps of later epochs are found by another key.
    PositionsKey {
        /// The VRF key until then.
        from: [u8; 32],
        /// The VRF key from then on.
        to: [u8; 32],
    },
}

const RECOVERED: u8 = 1;
const LOG_KEY: u8 = 2;
const POSITIONS_KEY: u8 = 3;

impl Statement {
    /// The leaf of the log that stands for this statement.
    pub fn commitment(&self) -> Hash {
        sha256(&[b"statement/v1", &self.encode()])
    }

    /// Kind, time and what is said; 57 or 73 bytes.
    pub fn encode(&self) -> Vec<u8> {
        let (kind, parts): (u8, [&[u8]; 3]) = match &self.says {
            Says::Recovered { kept, seen, root } => (
                RECOVERED,
                [&kept.to_be_bytes(), &seen.to_be_bytes(), &root.0],
            ),
            Says::LogKey { from, to } => (LOG_KEY, [from, to, &[]]),
            Says::PositionsKey { from, to } => (POSITIONS_KEY, [from, to, &[]]),
        };
        let mut out = vec![kind];
        out.extend_from_slice(&self.time_us.to_be_bytes());
        out.extend(parts.concat());
        out
    }

    /// Reads what `encode` wrote; `None` for anything else.
    pub fn decode(bytes: &[u8]) -> Option<Statement> {
        let mut reader = Reader::new(bytes);
        let statement = Statement::read(&mut reader)?;
        reader.is_empty().then_some(statement)
    }

    pub(crate) fn read(reader: &mut Reader<'_>) -> Option<Statement> {
        let kind = reader.u8()?;
        let time_us = reader.i64()?;
        let says = match kind {
            RECOVERED => Says::Recovered {
                kept: reader.u64()?,
                seen: reader.u64()?,
                root: Hash(reader.array()?),
            },
            LOG_KEY => Says::LogKey {
                from: reader.array()?,
                to: reader.array()?,
            },
            POSITIONS_KEY => Says::PositionsKey {
                from: reader.array()?,
                to: reader.array()?,
            },
            _ => return None,
        };
        Some(Statement { time_us, says })
    }

    /// The leaves whose entries are lost, if this says so from the leaf `at`. Where the leaves
    /// themselves could not be had again, the statement stands at the first of them, and none is
    /// lost from this log.
    pub fn lost(&self, at: u64) -> std::ops::Range<u64> {
        match self.says {
            Says::Recovered { kept, seen, .. } if seen <= at => kept..seen,
            _ => 0..0,
        }
    }
}
