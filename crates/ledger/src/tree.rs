//! The Merkle tree of RFC 9162 (the same as RFC 6962's): its hashes and how it grows.
//!
//! ```text
//! leaf_hash(data)         = SHA-256(00 || data)
//! node_hash(left, right)  = SHA-256(01 || left || right)
//! ```
//!
//! The left subtree of any node holds the largest power of two of leaves that leaves at least one
//! for the right. The root over no leaves is SHA-256 of nothing.

use crate::bytes::Reader;
use crate::hash::{Hash, sha256};

/// The hash of a leaf that holds `data` (RFC 9162, 2.1.1).
pub fn leaf_hash(data: &[u8]) -> Hash {
    sha256(&[&[0x00], data])
}

/// The hash of a node over its two children (RFC 9162, 2.1.1).
pub fn node_hash(left: &Hash, right: &Hash) -> Hash {
    sha256(&[&[0x01], &left.0, &right.0])
}

/// The root of the tree over no leaves.
pub(crate) fn empty_root() -> Hash {
    sha256(&[])
}

/// Names a complete subtree: the leaves from `index << level`, `1 << level` of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NodeId {
    /// The height above the leaves.
    pub level: u8,
    /// The place among the nodes of the level, from 0.
    pub index: u64,
}

/// As much of a growing tree as its root and further growth need.
///
/// That is the root of each complete subtree, one for every set bit of the size, largest first.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Frontier {
    size: u64,
    peaks: Vec<Hash>,
}

impl Frontier {
    /// The frontier of the tree over no leaves.
    pub fn new() -> Frontier {
        Frontier::default()
    }

    /// The number of leaves.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// Appends a leaf, given as its [`leaf_hash`].
    pub fn push(&mut self, leaf: Hash) {
        let mut node = leaf;
        for _ in 0..self.size.trailing_ones() {
            // Invariant: there are as many peaks as set bits.
            if let Some(left) = self.peaks.pop() {
                node = node_hash(&left, &node);
            }
        }
        self.peaks.push(node);
        self.size = self.size.saturating_add(1);
    }

    /// The root over all leaves so far.
    pub fn root(&self) -> Hash {
        fold_peaks(&self.peaks)
    }

    /// The size as u64 big-endian, then the peaks, largest first.
    pub fn encode(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(8 + 32 * self.peaks.len());
        out.extend_from_slice(&self.size.to_be_bytes());
        out.extend(self.peaks.iter().flat_map(|peak| peak.0));
        out
    }

    /// Reads what `encode` wrote; `None` if the length does not fit the size.
    pub fn decode(bytes: &[u8]) -> Option<Frontier> {
        let mut reader = Reader::new(bytes);
        let size = reader.u64()?;
        let peaks = (0..size.count_ones()).map(|_| reader.array().map(Hash));
        let peaks = peaks.collect::<Option<_>>()?;
        reader.is_empty().then_some(Frontier { size, peaks })
    }
}

/// The root over complete subtrees that stand side by side, largest first.
pub(crate) fn fold_peaks(peaks: &[Hash]) -> Hash {
    let folded = peaks
        .iter()
        .rev()
        .copied()
        .reduce(|right, left| node_hash(&left, &right));
    folded.unwrap_or_else(empty_root)
}

/// A small tree held whole, for the fields of a record, a batch or a tile.
#[derive(Debug, Clone)]
pub(crate) struct MemoryTree {
    /// The leaves, then each level above. A last node without a sibling moves up as it is,
    /// which gives the shape of RFC 9162.
    levels: Vec<Vec<Hash>>,
}

impl MemoryTree {
    pub(crate) fn new(leaves: Vec<Hash>) -> MemoryTree {
        let mut levels = vec![leaves];
        while let Some(below) = levels.last()
            && below.len() > 1
        {
            let (pairs, odd) = below.as_chunks();
            let nodes = pairs.iter().map(|[left, right]| node_hash(left, right));
            let level = nodes.chain(odd.iter().copied()).collect();
            levels.push(level);
        }
        MemoryTree { levels }
    }

    pub(crate) fn leaves(&self) -> &[Hash] {
        self.levels.first().map_or(&[], Vec::as_slice)
    }

    pub(crate) fn root(&self) -> Hash {
        let top = self.levels.last().and_then(|level| level.first());
        top.copied().unwrap_or_else(empty_root)
    }

    /// The siblings from the leaf to the top, those that exist.
    pub(crate) fn path(&self, mut index: usize) -> Option<Vec<Hash>> {
        self.leaves().get(index)?;
        let mut path = Vec::with_capacity(self.levels.len());
        for level in &self.levels {
            path.extend(level.get(index ^ 1));
            index /= 2;
        }
        Some(path)
    }
}
