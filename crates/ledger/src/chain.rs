//! View chains: what one audience may see, in order and without gaps.
//!
//! ```text
//! C_i = HMAC-SHA-256(o_i, "entry/v1" || view || u64 i || i64 t_i || record_root || h_{i-1})
//! h_i = SHA-256(02 || h_{i-1} || C_i),  h_{-1} = 32 zero bytes
//! ```
//!
//! A commitment hides what it commits to from everyone who lacks its opening `o_i`: 32 random
//! bytes, drawn anew for each link. Delete the opening and the commitment is noise for good.

use std::fmt;

use hmac::Mac;
use zeroize::Zeroize;

use crate::hash::{Hash, keyed, sha256};

/// Names a view (one audience of one person, or one organisation) without saying whose it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ViewId(pub [u8; 32]);

/// The secret that opens one commitment: 32 random bytes, deleted to erase the entry.
#[derive(Clone, PartialEq, Eq)]
pub struct Opening(pub [u8; 32]);

impl fmt::Debug for Opening {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Opening(..)")
    }
}

impl Drop for Opening {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

/// The place of one record in one view chain.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Link {
    /// Place in the chain, from 0.
    pub index: u64,
    /// When it was committed: microseconds since 1970-01-01T00:00:00Z.
    pub time_us: i64,
    /// The root of the record.
    pub record_root: Hash,
    /// The head of the chain before this link.
    pub previous: Hash,
}

impl Link {
    /// The leaf of the global log that stands for this link.
    pub fn commitment(&self, view: &ViewId, opening: &Opening) -> Hash {
        let mut mac = keyed(&opening.0);
        mac.update(b"entry/v1");
        mac.update(&view.0);
        mac.update(&self.index.to_be_bytes());
        mac.update(&self.time_us.to_be_bytes());
        mac.update(&self.record_root.0);
        mac.update(&self.previous.0);
        Hash(mac.finalize().into_bytes().into())
    }
}

/// The state of a view chain: its length, and a hash over every commitment in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Head {
    /// The index of the link to come, which is the number of links so far.
    pub next_index: u64,
    /// The hash over all commitments so far; 32 zero bytes for none.
    pub hash: Hash,
}

impl Head {
    /// The head of a chain without links.
    pub const EMPTY: Head = Head {
        next_index: 0,
        hash: Hash([0; 32]),
    };

    /// The link that would come next, for a record committed at `time_us`.
    pub fn link(&self, time_us: i64, record_root: Hash) -> Link {
        Link {
            index: self.next_index,
            time_us,
            record_root,
            previous: self.hash,
        }
    }

    /// The head after one more commitment.
    pub fn append(&self, commitment: &Hash) -> Head {
        Head {
            next_index: self.next_index.saturating_add(1),
            hash: sha256(&[&[0x02], &self.hash.0, &commitment.0]),
        }
    }
}
