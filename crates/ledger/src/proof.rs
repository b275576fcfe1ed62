//! Proofs about the log: that it holds an entry, and that it only ever grew (RFC 9162, 2.1.3-4).

use crate::hash::Hash;
use crate::tree::{NodeId, empty_root, fold_peaks, node_hash};

/// Why a proof does not hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ProofError {
    /// The number of hashes does not fit the sizes, or an index is beyond its tree.
    #[error("the proof does not fit the size of the tree")]
    Malformed,
    /// The proof leads to another root.
    #[error("the proof leads to another root")]
    Mismatch,
}

/// Why a proof could not be made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SourceError<E> {
    /// The entry, or the older tree, is beyond the tree asked about.
    #[error("the tree is smaller than that")]
    OutOfRange,
    /// A stored tile has the wrong length.
    #[error("a stored tile has the wrong length")]
    Damaged,
    /// A node could not be read.
    #[error("a node of the log could not be read")]
    Source(#[source] E),
}

/// Proves that the leaf at `index` is in the tree of `size` leaves.
///
/// `node` gives the roots of complete subtrees of that tree; see [`crate::tiles::node_in_tiles`].
pub fn inclusion_proof<E>(
    index: u64,
    size: u64,
    mut node: impl FnMut(NodeId) -> Result<Hash, SourceError<E>>,
) -> Result<Vec<Hash>, SourceError<E>> {
    if index >= size {
        return Err(SourceError::OutOfRange);
    }
    let (mut start, mut end) = (0, size);
    let mut path = Vec::new();
    while let Some(middle) = split(start, end) {
        if index < middle {
            path.push(range_root(middle, end, &mut node)?);
            end = middle;
        } else {
            path.push(range_root(start, middle, &mut node)?);
            start = middle;
        }
    }
    path.reverse();
    Ok(path)
}

/// Proves that the tree of `old_size` leaves is the beginning of the tree of `new_size` leaves.
///
/// Empty if the older tree is empty or the two are the same: that needs no proof.
pub fn consistency_proof<E>(
    old_size: u64,
    new_size: u64,
    mut node: impl FnMut(NodeId) -> Result<Hash, SourceError<E>>,
) -> Result<Vec<Hash>, SourceError<E>> {
    if old_size > new_size {
        return Err(SourceError::OutOfRange);
    }
    let (mut start, mut end) = (0, new_size);
    let mut proof = Vec::new();
    if old_size == 0 {
        return Ok(proof);
    }
    while old_size < end {
        let Some(middle) = split(start, end) else {
            break;
        };
        if old_size <= middle {
            proof.push(range_root(middle, end, &mut node)?);
            end = middle;
        } else {
            proof.push(range_root(start, middle, &mut node)?);
            start = middle;
        }
    }
    // A range from the very beginning is the older tree itself, whose root the verifier has.
    if start > 0 {
        proof.push(range_root(start, end, &mut node)?);
    }
    proof.reverse();
    Ok(proof)
}

/// Checks that `leaf` (a leaf hash) is at `index` in the tree of `size` leaves under `root`.
pub fn verify_inclusion(
    leaf: &Hash,
    index: u64,
    size: u64,
    root: &Hash,
    path: &[Hash],
) -> Result<(), ProofError> {
    same(&root_from_path(leaf, index, size, path)?, root)
}

/// Checks that the tree of `old_size` leaves is the beginning of the tree of `new_size` leaves.
pub fn verify_consistency(
    old_size: u64,
    old_root: &Hash,
    new_size: u64,
    new_root: &Hash,
    proof: &[Hash],
) -> Result<(), ProofError> {
    if old_size == 0 {
        same(old_root, &empty_root())?;
    }
    if old_size == new_size {
        same(old_root, new_root)?;
    }
    if old_size == 0 || old_size == new_size {
        return if proof.is_empty() {
            Ok(())
        } else {
            Err(ProofError::Malformed)
        };
    }
    let mut proof = proof.iter();
    // The proof begins with the last complete subtree that both trees share. If the older tree
    // is complete, that is the older tree.
    let seed = if old_size.is_power_of_two() {
        Some(old_root)
    } else {
        proof.next()
    };
    let seed = *seed.ok_or(ProofError::Malformed)?;
    let mut place = Place::new(old_size - 1, new_size)?;
    place.climb(place.index.trailing_ones());
    let (mut old, mut new) = (seed, seed);
    for hash in proof {
        if place.step()? == Side::Left {
            old = node_hash(hash, &old);
            new = node_hash(hash, &new);
        } else {
            new = node_hash(&new, hash);
        }
    }
    place.finish()?;
    same(&old, old_root)?;
    same(&new, new_root)
}

/// The root to which a path leads from a leaf.
pub(crate) fn root_from_path(
    leaf: &Hash,
    index: u64,
    size: u64,
    path: &[Hash],
) -> Result<Hash, ProofError> {
    let mut place = Place::new(index, size)?;
    let mut node = *leaf;
    for sibling in path {
        node = match place.step()? {
            Side::Left => node_hash(sibling, &node),
            Side::Right => node_hash(&node, sibling),
        };
    }
    place.finish()?;
    Ok(node)
}

/// How many hashes a path has from the leaf at `index` in a tree of `size` leaves.
pub(crate) fn path_length(index: u64, size: u64) -> Option<usize> {
    let mut place = Place::new(index, size).ok()?;
    Some(std::iter::from_fn(|| place.step().ok()).count())
}

/// On which side of the present node its next sibling stands.
#[derive(PartialEq)]
enum Side {
    Left,
    Right,
}

/// Where on its way up from a leaf a verifier is (`fn` and `sn` of RFC 9162).
struct Place {
    /// The index of the present node on its level.
    index: u64,
    /// The index of the last node on that level.
    last: u64,
}

impl Place {
    fn new(index: u64, size: u64) -> Result<Place, ProofError> {
        if index >= size {
            return Err(ProofError::Malformed);
        }
        Ok(Place {
            index,
            last: size - 1,
        })
    }

    /// Says on which side the next hash of the path belongs, and moves above it.
    fn step(&mut self) -> Result<Side, ProofError> {
        if self.last == 0 {
            return Err(ProofError::Malformed);
        }
        let side = if self.index % 2 == 1 {
            Side::Left
        } else if self.index == self.last {
            // The last node of a level has no right sibling: it moved up until it had a left one.
            self.climb(self.index.trailing_zeros());
            Side::Left
        } else {
            Side::Right
        };
        self.climb(1);
        Ok(side)
    }

    fn climb(&mut self, levels: u32) {
        self.index = self.index.checked_shr(levels).unwrap_or(0);
        self.last = self.last.checked_shr(levels).unwrap_or(0);
    }

    fn finish(&self) -> Result<(), ProofError> {
        if self.last == 0 {
            Ok(())
        } else {
            Err(ProofError::Malformed)
        }
    }
}

fn same(found: &Hash, expected: &Hash) -> Result<(), ProofError> {
    if found == expected {
        Ok(())
    } else {
        Err(ProofError::Mismatch)
    }
}

/// Where the tree over the leaves from `start` to `end` divides; `None` if it is a single leaf.
fn split(start: u64, end: u64) -> Option<u64> {
    let last = end.checked_sub(start)?.checked_sub(1)?;
    Some(start + (1 << last.checked_ilog2()?))
}

/// The root over the leaves from `start` to `end`, where `split` has put the start.
fn range_root<E>(
    mut start: u64,
    end: u64,
    node: &mut impl FnMut(NodeId) -> Result<Hash, SourceError<E>>,
) -> Result<Hash, SourceError<E>> {
    let mut peaks = Vec::new();
    while let Some(level) = end.saturating_sub(start).checked_ilog2() {
        peaks.push(node(NodeId {
            level: level as u8,
            index: start >> level,
        })?);
        start += 1 << level;
    }
    Ok(fold_peaks(&peaks))
}
