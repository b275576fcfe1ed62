//! Epochs: the moments at which the map of all views is made and its root put into the log.
//!
//! ```text
//! leaf of the log = SHA-256("epoch/v1" || u64 number || i64 time || u64 size
//!                           || VRF public key || root of the map)
//! ```
//!
//! The map of an epoch says where every view stood when the log had `size` leaves: the chain of a
//! view is as long as it has links among them. So the map follows from the log's own entries and
//! can be made again at any time; nothing of it need be kept.

use crate::bytes::Reader;
use crate::hash::{Hash, sha256};
use crate::statement::{Says, Statement};
use crate::vrf::VrfPublicKey;

/// What one epoch says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Epoch {
    /// Counts from 0.
    pub number: u64,
    /// When the map was made: microseconds since 1970-01-01T00:00:00Z.
    pub time_us: i64,
    /// How many leaves the log had.
    pub size: u64,
    /// The key that finds positions.
    pub vrf_key: VrfPublicKey,
    /// The root of the map.
    pub root: Hash,
}

/// The number of the epoch after the last, which had this number. Where leaves were lost since, so
/// many numbers are passed over: no number is used twice, whatever epochs were among them.
pub fn next_number<'a>(last: Option<u64>, since: impl Iterator<Item = &'a Statement>) -> u64 {
    let passed_over = since.map(|statement| match statement.says {
        Says::Recovered { kept, seen, .. } => seen.saturating_sub(kept),
        Says::LogKey { .. } | Says::PositionsKey { .. } => 0,
    });
    let next = last.map_or(0, |last| last.saturating_add(1));
    next.saturating_add(passed_over.sum())
}

impl Epoch {
    /// The leaf of the log that stands for this epoch.
    pub fn commitment(&self) -> Hash {
        sha256(&[b"epoch/v1", &self.encode()])
    }

    /// Number, time, size, key and root, 88 bytes.
    pub fn encode(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(88);
        out.extend_from_slice(&self.number.to_be_bytes());
        out.extend_from_slice(&self.time_us.to_be_bytes());
        out.extend_from_slice(&self.size.to_be_bytes());
        out.extend_from_slice(self.vrf_key.as_bytes());
        out.extend_from_slice(&self.root.0);
        out
    }

    /// Reads what `encode` wrote; `None` for anything else.
    pub fn decode(bytes: &[u8]) -> Option<Epoch> {
        let mut reader = Reader::new(bytes);
        let epoch = Epoch::read(&mut reader)?;
        reader.is_empty().then_some(epoch)
    }

    pub(crate) fn read(reader: &mut Reader<'_>) -> Option<Epoch> {
        Some(Epoch {
            number: reader.u64()?,
            time_us: reader.i64()?,
            size: reader.u64()?,
            vrf_key: VrfPublicKey::new(reader.array()?).ok()?,
            root: Hash(reader.array()?),
        })
    }
}
