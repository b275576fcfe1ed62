//! Moving waiting commitments into the global log, and signing for the tree they make.

use std::collections::{HashMap, VecDeque};

use domain::time::draw;
use ledger::epoch::next_number;
use ledger::tiles::{self, Tile};
use ledger::{
    Checkpoint, CheckpointError, Epoch, Frontier, Hash, LogKey, SignedNote, Statement, leaf_hash,
};
use rand::SeedableRng;
use rand::rngs::StdRng;
use rand::seq::SliceRandom;
use rusqlite::{OptionalExtension, params};

use super::Tools;
use super::answered;
use super::session::Session;
use crate::Error;
use crate::sqlite::convert::Column;

/// At most this many commitments at once, so that disclosures do not wait long in between.
const PORTION: usize = 1_000;

/// What one portion came to.
pub(super) struct Portion {
    /// The tree's size after it.
    pub(super) size: u64,
    /// Whether commitments still wait.
    pub(super) more: bool,
}

/// An entry that waits for its place in the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Waiting {
    no: i64,
    chain_no: i64,
    commitment: Hash,
}

const WAITING: &str = "
    SELECT no, chain_no, commitment
    FROM entry
    WHERE log_index IS NULL
    ORDER BY no
    LIMIT $1";

/// Sequences up to a portion of what waits: leaves, tiles, places and checkpoint in one commit, so
/// that no reader sees a checkpoint without its tiles, and after a crash the log either has the
/// portion whole or it still waits. With nothing waiting there is time to sweep.
pub(super) fn portion(session: &mut Session, tools: &Tools) -> Result<Portion, Error> {
    let waiting = waiting(session)?;
    let mut frontier = frontier(session)?;
    let more = waiting.len() == PORTION;
    if waiting.is_empty() {
        answered::sweep(session, tools.clock.now())?;
    } else {
        let order = shuffle(waiting, &mut StdRng::from_seed(draw(&*tools.chance)));
        session.db.prepare_cached("BEGIN IMMEDIATE")?.execute([])?;
        extend(session, &mut frontier, &order)?;
        publish(session, tools, &[&tools.key], &frontier)?;
        session.db.prepare_cached("COMMIT")?.execute([])?;
    }
    Ok(Portion {
        size: frontier.size(),
        more,
    })
}

fn waiting(session: &Session) -> Result<Vec<Waiting>, Error> {
    let mut statement = session.db.prepare_cached(WAITING)?;
    let rows = statement.query_map([PORTION as i64], |row| {
        Ok(Waiting {
            no: row.get(0)?,
            chain_no: row.get(1)?,
            commitment: Hash(row.get(2)?),
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// A random order in which each chain keeps its own: places are drawn for chains, and each chain
/// fills its places in turn.
fn shuffle(waiting: Vec<Waiting>, chance: &mut StdRng) -> Vec<Waiting> {
    let mut drawn: Vec<i64> = waiting.iter().map(|entry| entry.chain_no).collect();
    drawn.shuffle(chance);
    let mut chains: HashMap<i64, VecDeque<Waiting>> = HashMap::new();
    for entry in waiting {
        chains.entry(entry.chain_no).or_default().push_back(entry);
    }
    drawn
        .iter()
        .filter_map(|chain| chains.get_mut(chain)?.pop_front())
        .collect()
}

pub(super) fn frontier(session: &Session) -> Result<Frontier, Error> {
    let mut statement = session.db.prepare_cached("SELECT frontier FROM log")?;
    let bytes: Option<Vec<u8>> = statement.query_row([], |row| row.get(0)).optional()?;
    match bytes {
        Some(bytes) => Frontier::decode(&bytes).ok_or(Column("log", "frontier").corrupt(1)),
        None => Ok(Frontier::new()),
    }
}

/// Puts an epoch into the log: leaf, tiles, statement and checkpoint in one commit. What it says of
/// the log must already be so, since the map was made of it.
pub(super) fn add_epoch(session: &Session, tools: &Tools, epoch: &Epoch) -> Result<u64, Error> {
    session.db.prepare_cached("BEGIN IMMEDIATE")?.execute([])?;
    let mut frontier = frontier(session)?;
    if epoch.number != next_epoch(session)? || epoch.size > frontier.size() {
        session.db.prepare_cached("ROLLBACK")?.execute([])?;
        return Err(Error::Conflict);
    }
    let log_index = frontier.size();
    append(session, &mut frontier, &[epoch.commitment()])?;
    let checkpoint = publish(session, tools, &[&tools.key], &frontier)?;
    session.run(
        "INSERT INTO epoch (number, log_index, statement, checkpoint) VALUES ($1, $2, $3, $4)",
        params![
            epoch.number as i64,
            log_index as i64,
            epoch.encode(),
            checkpoint
        ],
    )?;
    session.db.prepare_cached("COMMIT")?.execute([])?;
    Ok(log_index)
}

fn next_epoch(session: &Session) -> Result<u64, Error> {
    let last = session.number("SELECT number FROM epoch ORDER BY number DESC LIMIT 1", [])?;
    let since = "
        SELECT statement
        FROM statement
        WHERE log_index > (SELECT COALESCE(MAX(log_index), -1) FROM epoch)";
    let mut query = session.db.prepare_cached(since)?;
    let rows = query.query_map([], |row| row.get::<_, Vec<u8>>(0))?;
    let since: Vec<Statement> = rows
        .map(|bytes| Ok(Statement::decode(&bytes?)))
        .filter_map(Result::transpose)
        .collect::<Result<_, rusqlite::Error>>()?;
    Ok(next_number(last.map(i64::unsigned_abs), since.iter()))
}

fn extend(session: &Session, frontier: &mut Frontier, order: &[Waiting]) -> Result<(), Error> {
    for (log_index, entry) in (frontier.size()..).zip(order) {
        session.run(
            "UPDATE entry SET log_index = $1 WHERE no = $2",
            params![log_index as i64, entry.no],
        )?;
    }
    let commitments: Vec<Hash> = order.iter().map(|entry| entry.commitment).collect();
    append(session, frontier, &commitments)
}

/// Appends leaves to the log, and to the tiles that they change.
pub(super) fn append(
    session: &Session,
    frontier: &mut Frontier,
    commitments: &[Hash],
) -> Result<(), Error> {
    let old_size = frontier.size();
    let mut leaves = Vec::with_capacity(commitments.len());
    for commitment in commitments {
        session.run(
            "INSERT INTO leaf (log_index, commitment) VALUES ($1, $2)",
            params![frontier.size() as i64, commitment.0],
        )?;
        let leaf = leaf_hash(&commitment.0);
        frontier.push(leaf);
        leaves.push(leaf);
    }
    let grown = tiles::grow(old_size, &leaves, |tile| read_tile(session, tile))
        .map_err(|error| Error::Unavailable(Box::new(error)))?;
    for (tile, hashes) in grown {
        session.run(
            "INSERT INTO tile (level, place, hashes) VALUES ($1, $2, $3)
             ON CONFLICT (level, place) DO UPDATE SET hashes = excluded.hashes",
            params![tile.level, tile.index as i64, hashes],
        )?;
    }
    Ok(())
}

fn read_tile(session: &Session, tile: &Tile) -> Result<Vec<u8>, Error> {
    let sql = "SELECT hashes FROM tile WHERE level = $1 AND place = $2";
    let mut statement = session.db.prepare_cached(sql)?;
    let hashes = statement.query_row(params![tile.level, tile.index as i64], |row| row.get(0))?;
    Ok(hashes)
}

/// Signs for the tree by these keys, and publishes what they signed.
pub(super) fn publish(
    session: &Session,
    tools: &Tools,
    keys: &[&LogKey],
    frontier: &Frontier,
) -> Result<String, Error> {
    let checkpoint = Checkpoint {
        origin: tools.origin.clone(),
        size: frontier.size(),
        root: frontier.root(),
    };
    let note = signed(&checkpoint, keys).map_err(|error| Error::Unavailable(Box::new(error)))?;
    session.run(
        "UPDATE log SET frontier = $1, checkpoint = $2",
        params![frontier.encode(), note],
    )?;
    Ok(note)
}

fn signed(checkpoint: &Checkpoint, keys: &[&LogKey]) -> Result<String, CheckpointError> {
    let mut note = SignedNote::new(checkpoint.encode())?;
    keys.iter().try_for_each(|key| note.sign(key))?;
    Ok(note.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(no: i64, chain_no: i64) -> Waiting {
        Waiting {
            no,
            chain_no,
            commitment: Hash([no as u8; 32]),
        }
    }

    #[test]
    fn the_log_mixes_chains_and_keeps_the_order_of_each() {
        let waiting: Vec<Waiting> = (0..60).map(|no| entry(no, no % 3)).collect();
        let order = shuffle(waiting.clone(), &mut StdRng::from_seed([7; 32]));

        assert_ne!(order, waiting);
        for chain in 0..3 {
            let of_chain = |order: &[Waiting]| -> Vec<i64> {
                let mine = order.iter().filter(|entry| entry.chain_no == chain);
                mine.map(|entry| entry.no).collect()
            };
            assert_eq!(of_chain(&order), of_chain(&waiting));
        }
    }
}
