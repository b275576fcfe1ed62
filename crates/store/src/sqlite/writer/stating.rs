//! Putting into the log what the exchange says of itself.

use std::collections::HashMap;

use ledger::{Frontier, Hash, LogKey, Says, Statement};
use rusqlite::{Connection, params};

use super::Tools;
use super::sequence::{append, frontier, publish};
use super::session::Session;
use crate::sqlite::convert::Column;
use crate::{Error, NewStatement};

/// Takes over leaves that this copy of the log lacks, and puts the statement after them: leaves,
/// tiles, statement and checkpoint in one commit. Whatever fails before it leaves the log as it was.
pub(super) fn state(session: &Session, tools: &Tools, new: &NewStatement) -> Result<u64, Error> {
    put(session, tools, new, &[&tools.key])
}

/// Hands the log on to its next key: both sign for the statement that says so. Returns its leaf and
/// the key.
pub(super) fn hand_on(session: &Session, tools: &Tools) -> Result<(u64, LogKey), Error> {
    let next = (tools.log_keys)(tools.handed_on + 1);
    let next = next.map_err(|error| Error::Unavailable(Box::new(error)))?;
    let new = NewStatement {
        statement: Statement {
            time_us: tools.clock.now().0,
            says: Says::LogKey {
                from: *tools.key.public().as_bytes(),
                to: *next.public().as_bytes(),
            },
        },
        leaves: Vec::new(),
    };
    let leaf = put(session, tools, &new, &[&tools.key, &next])?;
    Ok((leaf, next))
}

/// The keys to which the log was handed on, in their order.
pub(in crate::sqlite) fn handed_on(db: &Connection) -> Result<Vec<[u8; 32]>, Error> {
    let mut query = db.prepare("SELECT statement FROM statement ORDER BY log_index")?;
    let rows = query.query_map([], |row| row.get::<_, Vec<u8>>(0))?;
    let mut keys = Vec::new();
    for bytes in rows {
        match Statement::decode(&bytes?).map(|statement| statement.says) {
            Some(Says::LogKey { to, .. }) => keys.push(to),
            Some(Says::Recovered { .. } | Says::PositionsKey { .. }) => {}
            None => return Err(Column("statement", "statement").corrupt(0)),
        }
    }
    Ok(keys)
}

fn put(
    session: &Session,
    tools: &Tools,
    new: &NewStatement,
    keys: &[&LogKey],
) -> Result<u64, Error> {
    session.db.prepare_cached("BEGIN IMMEDIATE")?.execute([])?;
    let mut frontier = frontier(session)?;
    let size = frontier.size();
    take_over(session, &mut frontier, &new.leaves)?;
    if !is_so(&new.statement, size, &frontier) {
        session.db.prepare_cached("ROLLBACK")?.execute([])?;
        return Err(Error::Conflict);
    }
    let log_index = frontier.size();
    append(session, &mut frontier, &[new.statement.commitment()])?;
    let checkpoint = publish(session, tools, keys, &frontier)?;
    session.run(
        "INSERT INTO statement (log_index, statement, checkpoint) VALUES ($1, $2, $3)",
        params![log_index as i64, new.statement.encode(), checkpoint],
    )?;
    session.db.prepare_cached("COMMIT")?.execute([])?;
    Ok(log_index)
}

/// Appends leaves that the log had. An entry that waits here may have got its leaf there: it stands
/// where it stood.
fn take_over(session: &Session, frontier: &mut Frontier, leaves: &[Hash]) -> Result<(), Error> {
    if leaves.is_empty() {
        return Ok(());
    }
    let waiting = waiting(session)?;
    for (log_index, leaf) in (frontier.size()..).zip(leaves) {
        if let Some(no) = waiting.get(&leaf.0) {
            session.run(
                "UPDATE entry SET log_index = $1 WHERE no = $2",
                params![log_index as i64, no],
            )?;
        }
    }
    append(session, frontier, leaves)
}

fn waiting(session: &Session) -> Result<HashMap<[u8; 32], i64>, Error> {
    let sql = "SELECT commitment, no FROM entry WHERE log_index IS NULL";
    let mut statement = session.db.prepare_cached(sql)?;
    let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Whether the log, of `size` leaves before any were taken over, is now as a statement says.
fn is_so(statement: &Statement, size: u64, now: &Frontier) -> bool {
    match statement.says {
        Says::Recovered { kept, seen, root } => {
            let is_whole = now.size() == seen && now.root() == root;
            kept == size && (is_whole || now.size() == kept)
        }
        Says::LogKey { .. } | Says::PositionsKey { .. } => now.size() == size,
    }
}
