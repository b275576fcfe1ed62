//! The global log as anyone may fetch it: its checkpoint, its tiles, its bundles of entries.

use ledger::tiles::{TILE_WIDTH, Tile, TilePath, encode_bundle};
use ledger::{Epoch, Hash, Head, Statement, ViewId};
use rusqlite::params;

use super::pool::SqliteSnapshot;
use crate::sqlite::convert::Column;
use crate::{Error, StoredEpoch, StoredStatement};

/// The length of a hash.
const HASH: usize = 32;

/// The last link of each chain that the log held at a size. Along a chain places in the log rise,
/// so the first that fits from the end is the one.
const STANDS: &str = "
    SELECT c.view, e.place, e.head
    FROM chain c
    JOIN entry e
      ON e.chain_no = c.no
     AND e.place = (
         SELECT place
         FROM entry
         WHERE chain_no = c.no
           AND log_index < $1
         ORDER BY place DESC
         LIMIT 1
     )";

impl SqliteSnapshot {
    pub(super) fn all_epochs(&self) -> Result<Vec<StoredEpoch>, Error> {
        let sql = "SELECT number, log_index, statement, checkpoint FROM epoch ORDER BY number";
        let mut statement = self.db().prepare_cached(sql)?;
        let mut rows = statement.query([])?;
        let mut epochs = Vec::new();
        while let Some(row) = rows.next()? {
            let number: i64 = row.get(0)?;
            let bytes: Vec<u8> = row.get(2)?;
            let column = Column("epoch", "statement");
            epochs.push(StoredEpoch {
                epoch: Epoch::decode(&bytes).ok_or_else(|| column.corrupt(number))?,
                log_index: Column("epoch", "log_index").read_number(row.get(1)?, number)?,
                checkpoint: row.get(3)?,
            });
        }
        Ok(epochs)
    }

    pub(in crate::sqlite) fn all_statements(&self) -> Result<Vec<StoredStatement>, Error> {
        let sql = "SELECT log_index, statement, checkpoint FROM statement ORDER BY log_index";
        let mut statement = self.db().prepare_cached(sql)?;
        let mut rows = statement.query([])?;
        let mut statements = Vec::new();
        while let Some(row) = rows.next()? {
            let log_index: i64 = row.get(0)?;
            let bytes: Vec<u8> = row.get(1)?;
            let column = Column("statement", "statement");
            statements.push(StoredStatement {
                statement: Statement::decode(&bytes).ok_or_else(|| column.corrupt(log_index))?,
                log_index: Column("statement", "log_index").read_number(log_index, log_index)?,
                checkpoint: row.get(2)?,
            });
        }
        Ok(statements)
    }

    pub(super) fn stands_at(&self, size: u64) -> Result<Vec<(ViewId, Head)>, Error> {
        let mut statement = self.db().prepare_cached(STANDS)?;
        let mut rows = statement.query([size as i64])?;
        let mut stands = Vec::new();
        while let Some(row) = rows.next()? {
            let place: u64 = Column("entry", "place").read_number(row.get(1)?, 0)?;
            let head = Head {
                next_index: place.saturating_add(1),
                hash: Hash(row.get(2)?),
            };
            stands.push((ViewId(row.get(0)?), head));
        }
        Ok(stands)
    }

    pub(in crate::sqlite) fn checkpoint(&self) -> Result<Option<String>, Error> {
        let checkpoint: Option<Option<String>> = self.one("SELECT checkpoint FROM log", [])?;
        Ok(checkpoint.flatten())
    }

    pub(in crate::sqlite) fn cosigned(&self) -> Result<Option<String>, Error> {
        let note: Option<Option<String>> = self.one("SELECT cosigned FROM log", [])?;
        Ok(note.flatten())
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
