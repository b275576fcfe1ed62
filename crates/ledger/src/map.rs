//! The epoch map: where every view stood at one moment, so that none can be shown shortened.
//!
//! A binary tree in which the path to a leaf follows the bits of its [`Position`], most significant
//! first, and ends as soon as no other leaf shares the beginning:
//!
//! ```text
//! leaf      = HMAC-SHA-256(opening, "map/v1" || u64 epoch || position || u64 n || h)
//! node      = SHA-256(01 || left || right)
//! a side without any leaf = 32 zero bytes
//! ```
//!
//! `n` and `h` are the length and head of a view's chain. A leaf is noise without its opening, and
//! openings are drawn anew for every view and epoch: from one epoch to the next every leaf changes,
//! so nobody sees whose chain grew.
//!
//! Invariant: one root holds at most one leaf for a position. Two paths for it would need one
//! 32-byte value that is at once a leaf and a node.

use hmac::Mac;

use crate::chain::{Head, Opening};
use crate::hash::{Hash, keyed};
use crate::tree::node_hash;

/// The side of a node without any leaf.
const NOTHING: Hash = Hash([0; 32]);

/// A path is at most as long as a position has bits.
pub const LONGEST_PATH: usize = 256;

/// Nodes down to this depth are kept, so that a path is made from a few leaves and not from all.
const KEPT_DEPTH: usize = 12;

/// Where a view stands in the map: the first 32 bytes of its VRF hash.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Position(pub [u8; 32]);

impl Position {
    /// The position that a VRF hash stands for.
    pub fn of(hash: &[u8; 64]) -> Position {
        let mut position = [0; 32];
        position.copy_from_slice(&hash[..32]);
        Position(position)
    }

    /// Whether the path turns right at this depth.
    fn is_right(&self, depth: usize) -> bool {
        let byte = self.0.get(depth / 8).copied().unwrap_or_default();
        byte >> (7 - depth % 8) & 1 == 1
    }
}

/// The value of the leaf that says where a chain stood.
pub fn map_leaf(epoch: u64, position: &Position, head: &Head, opening: &Opening) -> Hash {
    let mut mac = keyed(&opening.0);
    mac.update(b"map/v1");
    mac.update(&epoch.to_be_bytes());
    mac.update(&position.0);
    mac.update(&head.next_index.to_be_bytes());
    mac.update(&head.hash.0);
    Hash(mac.finalize().into_bytes().into())
}

/// The opening of a view's leaf in one epoch, so that it need not be kept: `seed` is the epoch's
/// own secret.
pub fn map_opening(seed: &[u8; 32], position: &Position) -> Opening {
    let mut mac = keyed(seed);
    mac.update(b"map-opening/v1");
    mac.update(&position.0);
    Opening(mac.finalize().into_bytes().into())
}

/// Two views at one position: never by chance.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("two views have the same position in the map")]
pub struct TwoLeaves;

/// Where a leaf stands, and its value.
type Leaf = (Position, Hash);

/// The map of one epoch, held in memory while paths are made from it.
#[derive(Debug, Clone)]
pub struct Map {
    leaves: Vec<Leaf>,
    /// The nodes of depths 0 to `KEPT_DEPTH`, as in a heap: the children of `n` are `2n + 1` and
    /// `2n + 2`.
    kept: Vec<Hash>,
}

impl Map {
    /// The map of these leaves, in any order.
    pub fn new(mut leaves: Vec<Leaf>) -> Result<Map, TwoLeaves> {
        leaves.sort_unstable_by_key(|(position, _)| *position);
        if !leaves.is_sorted_by(|(a, _), (b, _)| a < b) {
            return Err(TwoLeaves);
        }
        let mut kept = vec![NOTHING; (2 << KEPT_DEPTH) - 1];
        keep(&mut kept, &leaves, 0, 0);
        Ok(Map { leaves, kept })
    }

    /// The root over all leaves; 32 zero bytes over none.
    pub fn root(&self) -> Hash {
        self.kept.first().copied().unwrap_or(NOTHING)
    }

    /// The siblings from the root down to the leaf; `None` if there is none at this position.
    pub fn path(&self, position: &Position) -> Option<Vec<Hash>> {
        let mut here = self.leaves.as_slice();
        let mut node = 0;
        let mut path = Vec::new();
        while here.len() > 1 {
            let depth = path.len();
            let (left, right) = divide(here, depth);
            let (next, sibling, other) = if position.is_right(depth) {
                (right, left, 2 * node + 1)
            } else {
                (left, right, 2 * node + 2)
            };
            let hash = self.kept.get(other).copied();
            path.push(hash.unwrap_or_else(|| subtree(sibling, depth + 1)));
            node = 2 * node + 1 + usize::from(position.is_right(depth));
            here = next;
        }
        let [(found, _)] = here else { return None };
        (found == position).then_some(path)
    }
}

/// The root to which a path leads from a leaf; `None` if it is longer than a position.
pub fn map_root(position: &Position, leaf: &Hash, path: &[Hash]) -> Option<Hash> {
    if path.len() > LONGEST_PATH {
        return None;
    }
    let up = path.iter().enumerate().rev();
    Some(up.fold(*leaf, |node, (depth, sibling)| {
        if position.is_right(depth) {
            node_hash(sibling, &node)
        } else {
            node_hash(&node, sibling)
        }
    }))
}

/// Computes a subtree and keeps its upper nodes.
fn keep(kept: &mut [Hash], leaves: &[Leaf], depth: usize, node: usize) -> Hash {
    let hash = match leaves {
        _ if depth == KEPT_DEPTH => subtree(leaves, depth),
        [] => NOTHING,
        [(_, leaf)] => *leaf,
        _ => {
            let (left, right) = divide(leaves, depth);
            let left = keep(kept, left, depth + 1, 2 * node + 1);
            node_hash(&left, &keep(kept, right, depth + 1, 2 * node + 2))
        }
    };
    if let Some(slot) = kept.get_mut(node) {
        *slot = hash;
    }
    hash
}

fn subtree(leaves: &[Leaf], depth: usize) -> Hash {
    match leaves {
        [] => NOTHING,
        [(_, leaf)] => *leaf,
        _ => {
            let (left, right) = divide(leaves, depth);
            node_hash(&subtree(left, depth + 1), &subtree(right, depth + 1))
        }
    }
}

/// The leaves on the left of a node at this depth, and those on the right.
fn divide(leaves: &[Leaf], depth: usize) -> (&[Leaf], &[Leaf]) {
    let middle = leaves.partition_point(|(position, _)| !position.is_right(depth));
    leaves.split_at_checked(middle).unwrap_or((leaves, &[]))
}
