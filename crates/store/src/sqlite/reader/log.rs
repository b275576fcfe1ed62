//! The global log as anyone may fetch it: its checkpoint, its tiles, its bundles of entries.

use ledger::Hash;
use ledger::tiles::{TILE_WIDTH, Tile, TilePath, encode_bundle};
use rusqlite::params;

use super::pool::SqliteSnapshot;
use crate::Error;

/// The length of a hash.
const HASH: usize = 32;

impl SqliteSnapshot {
    pub(in crate::sqlite) fn checkpoint(&self) -> Result<Option<String>, Error> {
        let checkpoint: Option<Option<String>> = self.one("SELECT checkpoint FROM log", [])?;
        Ok(checkpoint.flatten())
    }

    /// A tile or bundle by its path. What is not the path of one, or not there yet, is absent.
    pub(in crate::sqlite) fn tile(&self, path: &str) -> Result<Option<Vec<u8>>, Error> {
        match path.parse() {
            Ok(TilePath::Hashes(tile)) => self.hashes(&tile),
            Ok(TilePath::Entries(tile)) => self.bundle(&tile),
            Err(_) => Ok(None),
        }
    }

    /// A partial tile is the beginning of what the tile has become.
    fn hashes(&self, tile: &Tile) -> Result<Option<Vec<u8>>, Error> {
        let sql = "SELECT hashes FROM tile WHERE level = $1 AND place = $2";
        let mut statement = self.db().prepare_cached(sql)?;
        let mut rows = statement.query(params![tile.level, tile.index as i64])?;
        let Some(row) = rows.next()? else {
            return Ok(None);
        };
        let mut hashes: Vec<u8> = row.get(0)?;
        let length = usize::from(tile.width) * HASH;
        if hashes.len() < length {
            return Ok(None);
        }
        hashes.truncate(length);
        Ok(Some(hashes))
    }

    fn bundle(&self, tile: &Tile) -> Result<Option<Vec<u8>>, Error> {
        let sql = "
            SELECT commitment
            FROM leaf
            WHERE log_index >= $1
            ORDER BY log_index
            LIMIT $2";
        let Some(first) = tile.index.checked_mul(TILE_WIDTH) else {
            return Ok(None);
        };
        let mut statement = self.db().prepare_cached(sql)?;
        let rows = statement.query_map(params![first as i64, tile.width], |row| {
            row.get(0).map(Hash)
        })?;
        let commitments: Vec<Hash> = rows.collect::<Result<_, _>>()?;
        let is_there = commitments.len() == usize::from(tile.width);
        Ok(is_there.then(|| encode_bundle(&commitments)))
    }
}
