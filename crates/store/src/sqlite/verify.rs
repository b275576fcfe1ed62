//! Whether everything that is kept holds together: slow, for tests and `candour doctor`.

use std::collections::HashMap;

use ledger::{Checkpoint, Epoch, Frontier, Hash, Head, leaf_hash};

use super::convert::Column;
use super::reader::{SqliteSnapshot, rebuild};
use crate::{Error, Progress, Verified};

/// Reads everything once and says what does not fit.
pub(super) fn everything(snapshot: &SqliteSnapshot) -> Result<Verified, Error> {
    let mut verified = Verified::default();
    let mut meter = Meter::of_ledger(snapshot, &|_, _| {})?;
    pages(snapshot, &mut verified)?;
    chains(snapshot, &mut verified, &mut meter)?;
    log(snapshot, &mut verified, &mut meter)?;
    originals(snapshot, &mut verified)?;
    Ok(verified)
}

/// Reads the chains and the log, and nothing of what they are about.
pub(super) fn ledger(snapshot: &SqliteSnapshot, told: Progress<'_>) -> Result<Verified, Error> {
    let mut verified = Verified::default();
    let mut meter = Meter::of_ledger(snapshot, told)?;
    chains(snapshot, &mut verified, &mut meter)?;
    log(snapshot, &mut verified, &mut meter)?;
    meter.tell();
    Ok(verified)
}

/// How far the reading of chains and log has come.
struct Meter<'p> {
    done: u64,
    total: u64,
    told: Progress<'p>,
}

impl<'p> Meter<'p> {
    /// After so many rows it is told how far they are.
    const STEP: u64 = 1_000;

    fn of_ledger(snapshot: &SqliteSnapshot, told: Progress<'p>) -> Result<Self, Error> {
        let sql = "SELECT (SELECT COUNT(*) FROM entry) + (SELECT COUNT(*) FROM leaf)";
        let rows = snapshot.count(sql)?.unwrap_or_default();
        Ok(Self {
            done: 0,
            total: u64::try_from(rows).unwrap_or_default(),
            told,
        })
    }

    fn row(&mut self) {
        self.done += 1;
        if self.done.is_multiple_of(Self::STEP) {
            self.tell();
        }
    }

    fn tell(&self) {
        (self.told)(self.done, self.total);
    }
}

/// The database's own structure: pages, indexes against their tables, uniqueness.
fn pages(snapshot: &SqliteSnapshot, verified: &mut Verified) -> Result<(), Error> {
    let mut statement = snapshot.db().prepare("PRAGMA integrity_check(20)")?;
    let lines = statement.query_map([], |row| row.get::<_, String>(0))?;
    for line in lines {
        let line = line?;
        if line != "ok" {
            verified
                .faults
                .push(format!("the database file is damaged: {line}"));
        }
    }
    Ok(())
}

/// Replays every chain: places without gaps, time that only goes forward, and each head over all
/// commitments before it.
fn chains(
    snapshot: &SqliteSnapshot,
    verified: &mut Verified,
    meter: &mut Meter<'_>,
) -> Result<(), Error> {
    let sql = "SELECT chain_no, place, at, commitment, head FROM entry ORDER BY chain_no, place";
    let mut statement = snapshot.db().prepare(sql)?;
    let mut rows = statement.query([])?;
    let mut chain: Option<(i64, Head, i64)> = None;
    while let Some(row) = rows.next()? {
        meter.row();
        let (chain_no, place, at): (i64, i64, i64) = (row.get(0)?, row.get(1)?, row.get(2)?);
        let (commitment, stored) = (Hash(row.get(3)?), Hash(row.get(4)?));
        let (head, before) = match chain {
            Some((no, head, before)) if no == chain_no => (head, before),
            _ => {
                verified.chains += 1;
                (Head::EMPTY, i64::MIN)
            }
        };
        let place: u64 = Column("entry", "place").read_number(place, chain_no)?;
        let after = head.append(&commitment);
        let mut fault = |what: &str| {
            let fault = format!("chain {chain_no}, entry {place}: {what}");
            verified.faults.push(fault);
        };
        if place != head.next_index {
            fault("an entry is missing before it");
        }
        if at <= before {
            fault("it is not later than the one before it");
        }
        if after.hash != stored {
            fault("the head does not follow from the commitments");
        }
        verified.entries += 1;
        chain = Some((chain_no, after, at));
    }
    Ok(())
}

/// Every leaf is claimed by exactly one entry or epoch, the entries in the order of its chain, and the tree over all
/// leaves is the one that was signed for.
fn log(
    snapshot: &SqliteSnapshot,
    verified: &mut Verified,
    meter: &mut Meter<'_>,
) -> Result<(), Error> {
    let sql = "
        SELECT l.log_index, l.commitment, e.commitment, e.chain_no, e.place, p.statement
        FROM leaf l
        LEFT JOIN epoch p ON p.log_index = l.log_index
        LEFT JOIN (SELECT * FROM entry WHERE log_index IS NOT NULL) e
          ON e.log_index = l.log_index
        ORDER BY l.log_index";
    let mut statement = snapshot.db().prepare(sql)?;
    let mut rows = statement.query([])?;
    let mut frontier = Frontier::new();
    let mut reached: HashMap<i64, i64> = HashMap::new();
    let mut claims = 0_u64;
    let mut last = -1_i64;
    while let Some(row) = rows.next()? {
        meter.row();
        let (log_index, leaf): (i64, Hash) = (row.get(0)?, Hash(row.get(1)?));
        let mut fault = |what: &str| {
            let fault = format!("the log, leaf {log_index}: {what}");
            verified.faults.push(fault);
        };
        if log_index == last {
            fault("two entries claim it");
            continue;
        }
        if log_index != last + 1 {
            fault("a leaf is missing before it");
        }
        last = log_index;
        frontier.push(leaf_hash(&leaf.0));
        let claim: Option<[u8; 32]> = row.get(2)?;
        let statement: Option<Vec<u8>> = row.get(5)?;
        if let Some(statement) = statement {
            match Epoch::decode(&statement) {
                _ if claim.is_some() => fault("an entry and an epoch claim it"),
                Some(epoch) if epoch.commitment() == leaf => verified.epochs += 1,
                _ => fault("the epoch that claims it says something else"),
            }
            continue;
        }
        match claim {
            Some(commitment) if commitment == leaf.0 => {
                claims += 1;
                let (chain_no, place) = (row.get(3)?, row.get(4)?);
                if reached
                    .insert(chain_no, place)
                    .is_some_and(|before| before >= place)
                {
                    fault("its chain is out of order");
                }
            }
            Some(_) => fault("the entry that claims it commits to something else"),
            None => fault("no entry claims it"),
        }
    }
    verified.leaves = frontier.size();
    let sequenced: Option<i64> =
        snapshot.count("SELECT COUNT(*) FROM entry WHERE log_index IS NOT NULL")?;
    if sequenced != i64::try_from(claims).ok() {
        let fault = "an entry claims a leaf that is not there".to_owned();
        verified.faults.push(fault);
    }
    let epochs = i64::try_from(verified.epochs).ok();
    if snapshot.count("SELECT COUNT(*) FROM epoch")? != epochs {
        let fault = "an epoch claims a leaf that is not there".to_owned();
        verified.faults.push(fault);
    }
    checkpoint(snapshot, &frontier, verified)
}

fn checkpoint(
    snapshot: &SqliteSnapshot,
    frontier: &Frontier,
    verified: &mut Verified,
) -> Result<(), Error> {
    let signed = snapshot.checkpoint()?;
    let signed = signed.as_deref().and_then(|note| {
        let (text, _) = note.split_once("\n\n")?;
        Checkpoint::parse(&format!("{text}\n")).ok()
    });
    let fits = match signed {
        Some(signed) => signed.size == frontier.size() && signed.root == frontier.root(),
        None => frontier.size() == 0,
    };
    if !fits {
        let fault = "the checkpoint is not of the tree over the leaves".to_owned();
        verified.faults.push(fault);
    }
    Ok(())
}

/// Every original can be rebuilt exactly as it was received, and each resource shows its last
/// version.
fn originals(snapshot: &SqliteSnapshot, verified: &mut Verified) -> Result<(), Error> {
    let sql = "
        SELECT v.no, v.bytes, v.undo, v.original_hash
        FROM version v
        WHERE v.deleted = 0";
    let mut statement = snapshot.db().prepare(sql)?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let no: i64 = row.get(0)?;
        let (bytes, undo): (Vec<u8>, Vec<u8>) = (row.get(1)?, row.get(2)?);
        verified.originals += 1;
        if rebuild(&bytes, &undo, &row.get(3)?).is_none() {
            let fault = format!("version {no}: the original cannot be rebuilt");
            verified.faults.push(fault);
        }
    }
    let misplaced = snapshot.count(
        "SELECT COUNT(*)
         FROM resource r
         LEFT JOIN version v ON v.no = r.version_no AND v.row = r.row AND v.version = r.version
         WHERE v.no IS NULL
            OR r.version <> (SELECT MAX(version) FROM version WHERE row = r.row)",
    )?;
    if misplaced != Some(0) {
        let fault = "a resource does not show its last version".to_owned();
        verified.faults.push(fault);
    }
    Ok(())
}
