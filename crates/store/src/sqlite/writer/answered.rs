//! What was answered under a caller's own key, so that a retry finds its own entries.

use domain::Timestamp;
use ledger::{Hash, Receipt, ViewId};
use rusqlite::{OptionalExtension, params};
use serde::{Deserialize, Serialize};

use super::session::Session;
use crate::sqlite::convert::{Column, to_json};
use crate::{Committed, EntryReceipt, Error};

/// How long a caller may retry: two days, in microseconds.
const KEPT_US: i64 = 2 * 24 * 3600 * 1_000_000;

/// A receipt as it is kept.
#[derive(Serialize, Deserialize)]
struct Kept {
    view: String,
    index: u64,
    time: Timestamp,
    root: String,
    receipt: String,
}

/// The answer that was given under this key, if one was.
pub(super) fn find(session: &Session, key: &[u8; 32]) -> Result<Option<Committed>, Error> {
    let sql = "SELECT receipts FROM answered WHERE key = $1";
    let mut statement = session.db.prepare_cached(sql)?;
    let text: Option<String> = statement.query_row([key], |row| row.get(0)).optional()?;
    let Some(text) = text else {
        return Ok(None);
    };
    let column = Column("answered", "receipts");
    let kept: Vec<Kept> = column.read_json(&text, Hash(*key))?;
    let receipts = kept.iter().map(read).collect::<Option<_>>();
    let receipts = receipts.ok_or_else(|| column.corrupt(Hash(*key)))?;
    Ok(Some(Committed { receipts }))
}

/// Keeps an answer with the change it answers, in the same transaction.
pub(super) fn keep_answer(
    session: &Session,
    key: &[u8; 32],
    now: Timestamp,
    committed: &Committed,
) -> Result<(), Error> {
    let kept: Vec<Kept> = committed.receipts.iter().map(write).collect();
    session.run(
        "INSERT INTO answered (key, at, receipts) VALUES ($1, $2, $3)",
        params![key, now.0, to_json(&kept)?],
    )?;
    Ok(())
}

/// Forgets answers that nobody will ask for again, and ended tokens that have long expired.
pub(super) fn sweep(session: &mut Session, now: Timestamp) -> Result<(), Error> {
    let before = now.0.saturating_sub(KEPT_US);
    session.run("DELETE FROM answered WHERE at < $1", [before])?;
    let swept = session.run("DELETE FROM revoked WHERE expires < $1", [before])?;
    if swept > 0 {
        session.known.revoked = None;
    }
    Ok(())
}

fn write(receipt: &EntryReceipt) -> Kept {
    Kept {
        view: Hash(receipt.view.0).to_string(),
        index: receipt.index,
        time: receipt.time,
        root: receipt.root.to_string(),
        receipt: receipt.receipt.encode(),
    }
}

fn read(kept: &Kept) -> Option<EntryReceipt> {
    Some(EntryReceipt {
        view: ViewId(Hash::from_hex(&kept.view).ok()?.0),
        index: kept.index,
        time: kept.time,
        root: Hash::from_hex(&kept.root).ok()?,
        receipt: Receipt::decode(&kept.receipt).ok()?,
    })
}
