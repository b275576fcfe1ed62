//! The log as static files: tiles of hashes and bundles of entries (<https://c2sp.org/tlog-tiles>).
//!
//! A tile at level `L` holds up to 256 consecutive hashes of nodes at height `8 L`; a bundle holds
//! the entries under a tile at level 0. An entry is a 32-byte commitment, preceded in its bundle by
//! its length as u16.

use std::fmt;
use std::str::FromStr;

use crate::bytes::Reader;
use crate::hash::Hash;
use crate::proof::SourceError;
use crate::tree::{MemoryTree, NodeId};

/// How many hashes a full tile holds, and how many entries a full bundle.
pub const TILE_WIDTH: u64 = 256;

const LEVEL_BITS: u32 = 8;

/// Names a tile of hashes, or at level 0 also the bundle of entries under it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Tile {
    /// 0 to 63; the hashes are of nodes at height `8 * level`.
    pub level: u8,
    /// The place among the tiles of its level, from 0.
    pub index: u64,
    /// How many hashes it holds: 256 if full, 1 to 255 if partial.
    pub width: u16,
}

/// The address of a tile or a bundle below the log's own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TilePath {
    /// A tile of hashes: `tile/<L>/<N>[.p/<W>]`.
    Hashes(Tile),
    /// A bundle of entries, named by its tile at level 0: `tile/entries/<N>[.p/<W>]`.
    Entries(Tile),
}

/// A text that is not the one way to write the address of a tile.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("this is not the address of a tile")]
pub struct NotATile;

impl Tile {
    /// The address of this tile of hashes.
    pub fn path(&self) -> String {
        TilePath::Hashes(*self).to_string()
    }

    /// The address of the bundle of entries under this tile, which is at level 0.
    pub fn entries_path(&self) -> String {
        TilePath::Entries(*self).to_string()
    }

    /// The tile that holds what `node` is computed from, as wide as a tree of `size` has it.
    pub fn of_node(node: NodeId, size: u64) -> Option<Tile> {
        let (level, first, count) = span(node)?;
        let tile = Tile::in_tree(level, first / TILE_WIDTH, size)?;
        (first % TILE_WIDTH + count <= u64::from(tile.width)).then_some(tile)
    }

    /// The tile at this place, as wide as a tree of `size` has it; `None` if it is empty.
    pub fn in_tree(level: u8, index: u64, size: u64) -> Option<Tile> {
        let nodes = nodes_at(level, size);
        let width = nodes
            .checked_sub(index.checked_mul(TILE_WIDTH)?)?
            .min(TILE_WIDTH);
        (width > 0).then_some(Tile {
            level,
            index,
            width: width as u16,
        })
    }

    /// Computes a node from the bytes of its tile; `None` if they do not hold it.
    fn node(node: NodeId, bytes: &[u8]) -> Option<Hash> {
        let (_, first, count) = span(node)?;
        let hashes = decode_tile(bytes)?;
        let first = usize::try_from(first % TILE_WIDTH).ok()?;
        let count = usize::try_from(count).ok()?;
        let leaves = hashes.get(first..first.checked_add(count)?)?;
        Some(MemoryTree::new(leaves.to_vec()).root())
    }
}

/// The tiles that a log has at `new_size` and did not have, or not as wide, at `old_size`.
pub fn new_tiles(old_size: u64, new_size: u64) -> Vec<Tile> {
    let mut tiles = Vec::new();
    for level in 0..=7 {
        let (old, new) = (nodes_at(level, old_size), nodes_at(level, new_size));
        if old >= new {
            break;
        }
        let changed = old / TILE_WIDTH..=(new - 1) / TILE_WIDTH;
        tiles.extend(changed.filter_map(|index| Tile::in_tree(level, index, new_size)));
    }
    tiles
}

/// The content of every tile that changes when leaves (leaf hashes) are appended.
///
/// `read` gives the bytes of the partial tiles that the log had at `old_size`, at most one for
/// each level. What comes back is [`new_tiles`] with their bytes, lowest level first.
pub fn grow<E>(
    old_size: u64,
    leaves: &[Hash],
    mut read: impl FnMut(&Tile) -> Result<Vec<u8>, E>,
) -> Result<Vec<(Tile, Vec<u8>)>, SourceError<E>> {
    let mut grown = Vec::new();
    let mut added = leaves.to_vec();
    for level in 0..=7 {
        if added.is_empty() {
            break;
        }
        let old = nodes_at(level, old_size);
        let first = old / TILE_WIDTH;
        let mut hashes = match Tile::in_tree(level, first, old_size) {
            Some(partial) => decode_tile(&read(&partial).map_err(SourceError::Source)?)
                .filter(|hashes| hashes.len() == usize::from(partial.width))
                .ok_or(SourceError::Damaged)?,
            None => Vec::new(),
        };
        hashes.append(&mut added);
        for (index, content) in (first..).zip(hashes.chunks(TILE_WIDTH as usize)) {
            let tile = Tile {
                level,
                index,
                width: content.len() as u16,
            };
            grown.push((tile, encode_tile(content)));
            if u64::from(tile.width) == TILE_WIDTH {
                added.push(MemoryTree::new(content.to_vec()).root());
            }
        }
    }
    Ok(grown)
}

/// Computes a node of the tree of `size` leaves from the one tile that covers it.
///
/// `read` gives the bytes of that tile, or of a wider one at its place, which begins with the same
/// hashes. Made to be what the proof functions ask:
/// `inclusion_proof(index, size, |node| node_in_tiles(node, size, |tile| ...))`.
pub fn node_in_tiles<E>(
    node: NodeId,
    size: u64,
    read: impl FnOnce(&Tile) -> Result<Vec<u8>, E>,
) -> Result<Hash, SourceError<E>> {
    let tile = Tile::of_node(node, size).ok_or(SourceError::OutOfRange)?;
    let bytes = read(&tile).map_err(SourceError::Source)?;
    Tile::node(node, &bytes).ok_or(SourceError::Damaged)
}

/// A tile's hashes as its bytes.
pub fn encode_tile(hashes: &[Hash]) -> Vec<u8> {
    hashes.iter().flat_map(|hash| hash.0).collect()
}

/// A tile's bytes as its hashes; `None` unless there are 1 to 256 whole ones.
pub fn decode_tile(bytes: &[u8]) -> Option<Vec<Hash>> {
    let (hashes, rest) = bytes.as_chunks();
    let fits = rest.is_empty() && (1..=TILE_WIDTH as usize).contains(&hashes.len());
    fits.then(|| hashes.iter().copied().map(Hash).collect())
}

/// Commitments as the bytes of an entry bundle.
pub fn encode_bundle(commitments: &[Hash]) -> Vec<u8> {
    let mut out = Vec::with_capacity(34 * commitments.len());
    for commitment in commitments {
        out.extend_from_slice(&[0, 32]);
        out.extend_from_slice(&commitment.0);
    }
    out
}

/// The commitments of an entry bundle; `None` unless it holds 1 to 256, each of 32 bytes.
pub fn decode_bundle(bytes: &[u8]) -> Option<Vec<Hash>> {
    let mut reader = Reader::new(bytes);
    let mut commitments = Vec::new();
    while !reader.is_empty() {
        if reader.u16()? != 32 {
            return None;
        }
        commitments.push(Hash(reader.array()?));
    }
    (1..=TILE_WIDTH as usize)
        .contains(&commitments.len())
        .then_some(commitments)
}

/// How many complete subtrees of height `8 * level` a tree of `size` has.
fn nodes_at(level: u8, size: u64) -> u64 {
    size.checked_shr(LEVEL_BITS * u32::from(level)).unwrap_or(0)
}

/// The tile level that a node is computed from, the first hash there, and how many.
fn span(node: NodeId) -> Option<(u8, u64, u64)> {
    let height = u32::from(node.level) % LEVEL_BITS;
    let count = 1 << height;
    Some((
        node.level / LEVEL_BITS as u8,
        node.index.checked_mul(count)?,
        count,
    ))
}

impl fmt::Display for TilePath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let tile = match self {
            TilePath::Hashes(tile) => {
                write!(f, "tile/{}/", tile.level)?;
                tile
            }
            TilePath::Entries(tile) => {
                f.write_str("tile/entries/")?;
                tile
            }
        };
        if tile.index >= 1000 {
            write_thousands(f, tile.index / 1000)?;
        }
        write!(f, "{:03}", tile.index % 1000)?;
        if u64::from(tile.width) < TILE_WIDTH {
            write!(f, ".p/{}", tile.width)?;
        }
        Ok(())
    }
}

fn write_thousands(f: &mut fmt::Formatter<'_>, index: u64) -> fmt::Result {
    if index >= 1000 {
        write_thousands(f, index / 1000)?;
    }
    write!(f, "x{:03}/", index % 1000)
}

impl FromStr for TilePath {
    type Err = NotATile;

    /// Reads the address that `Display` writes, and no other way to write it.
    fn from_str(text: &str) -> Result<TilePath, NotATile> {
        let path = read_path(text).ok_or(NotATile)?;
        if path.to_string() == text {
            Ok(path)
        } else {
            Err(NotATile)
        }
    }
}

/// Reads generously; the caller compares with what would be written.
fn read_path(text: &str) -> Option<TilePath> {
    let (level, place) = text.strip_prefix("tile/")?.split_once('/')?;
    let (index, width) = match place.split_once(".p/") {
        Some((index, width)) => (
            index,
            width
                .parse()
                .ok()
                .filter(|width| (1..256).contains(width))?,
        ),
        None => (place, 256),
    };
    let index = index.split('/').try_fold(0_u64, |index, group| {
        let group: u16 = group.trim_start_matches('x').parse().ok()?;
        index.checked_mul(1000)?.checked_add(u64::from(group))
    })?;
    if level == "entries" {
        return Some(TilePath::Entries(Tile {
            level: 0,
            index,
            width,
        }));
    }
    let level = level.parse().ok().filter(|level| *level < 64)?;
    Some(TilePath::Hashes(Tile {
        level,
        index,
        width,
    }))
}
