//! Whether everything that is kept holds together: slow, for tests and `candour doctor`.

use std::collections::HashMap;
use std::ops::Range;

use ledger::{Checkpoint, Epoch, Frontier, Hash, Head, Statement, leaf_hash};

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

/// Every leaf is claimed by exactly one entry, epoch or statement, the entries in the order of its
/// chain, or said to be lost; and the tree over all leaves is the one that was signed for.
fn log(
    snapshot: &SqliteSnapshot,
    verified: &mut Verified,
    meter: &mut Meter<'_>,
) -> Result<(), Error> {
    let sql = "
        SELECT l.log_index, l.commitment, e.commitment, e.chain_no, e.place, p.statement, s.statement
        FROM leaf l
        LEFT JOIN epoch p ON p.log_index = l.log_index
        LEFT JOIN statement s ON s.log_index = l.log_index
        LEFT JOIN (SELECT * FROM entry WHERE log_index IS NOT NULL) e
          ON e.log_index = l.log_index
        ORDER BY l.log_index";
    let mut statement = snapshot.db().prepare(sql)?;
    let mut rows = statement.query([])?;
    let mut claims = Claims::of(snapshot)?;
    while let Some(row) = rows.next()? {
        meter.row();
        let (log_index, leaf): (i64, Hash) = (row.get(0)?, Hash(row.get(1)?));
        let claim = Claim {
            entry: row.get::<_, Option<[u8; 32]>>(2)?.map(Hash),
            place: (row.get(3)?, row.get(4)?),
            epoch: row.get(5)?,
            statement: row.get(6)?,
        };
        if let Err(fault) = claims.leaf(log_index, &leaf, &claim, verified) {
            let fault = format!("the log, leaf {log_index}: {fault}");
            verified.faults.push(fault);
        }
    }
    verified.leaves = claims.frontier.size();
    for (what, table, counted) in [
        (
            "an entry",
            "entry WHERE log_index IS NOT NULL",
            claims.entries,
        ),
        ("an epoch", "epoch", verified.epochs),
        ("a statement", "statement", verified.statements),
    ] {
        let there = snapshot.count(&format!("SELECT COUNT(*) FROM {table}"))?;
        if there != i64::try_from(counted).ok() {
            let fault = format!("{what} claims a leaf that is not there");
            verified.faults.push(fault);
        }
    }
    checkpoint(snapshot, &claims.frontier, verified)
}

/// What claims one leaf.
struct Claim {
    entry: Option<Hash>,
    place: (Option<i64>, Option<i64>),
    epoch: Option<Vec<u8>>,
    statement: Option<Vec<u8>>,
}

/// The leaves read so far.
struct Claims {
    frontier: Frontier,
    last: i64,
    entries: u64,
    /// How far each chain has come.
    reached: HashMap<i64, i64>,
    /// The leaves that statements say are lost.
    lost: Vec<Range<u64>>,
}

impl Claims {
    fn of(snapshot: &SqliteSnapshot) -> Result<Self, Error> {
        let statements = snapshot.all_statements()?;
        let lost = statements
            .iter()
            .map(|one| one.statement.lost(one.log_index));
        Ok(Self {
            frontier: Frontier::new(),
            last: -1,
            entries: 0,
            reached: HashMap::new(),
            lost: lost.collect(),
        })
    }

    /// Takes the next leaf, and says what is wrong with it.
    fn leaf(
        &mut self,
        log_index: i64,
        leaf: &Hash,
        claim: &Claim,
        verified: &mut Verified,
    ) -> Result<(), &'static str> {
        if log_index == self.last {
            return Err("two entries claim it");
        }
        let follows = log_index == self.last + 1;
        self.last = log_index;
        self.frontier.push(leaf_hash(&leaf.0));
        self.claim(leaf, claim, verified)?;
        match follows {
            true => Ok(()),
            false => Err("a leaf is missing before it"),
        }
    }

    fn claim(
        &mut self,
        leaf: &Hash,
        claim: &Claim,
        verified: &mut Verified,
    ) -> Result<(), &'static str> {
        let said = |bytes: &[u8]| Statement::decode(bytes).map(|said| said.commitment());
        let made = |bytes: &[u8]| Epoch::decode(bytes).map(|epoch| epoch.commitment());
        match (&claim.entry, &claim.epoch, &claim.statement) {
            (Some(entry), None, None) => self.entry(leaf, entry, claim.place),
            (None, Some(epoch), None) if made(epoch) == Some(*leaf) => {
                verified.epochs += 1;
                Ok(())
            }
            (None, None, Some(statement)) if said(statement) == Some(*leaf) => {
                verified.statements += 1;
                Ok(())
            }
            (None, Some(_), None) => Err("the epoch that claims it says something else"),
            (None, None, Some(_)) => Err("the statement that claims it says something else"),
            (Some(_), Some(_), None) => Err("an entry and an epoch claim it"),
            (None, None, None) if self.is_lost() => {
                verified.lost += 1;
                Ok(())
            }
            (None, None, None) => Err("no entry claims it"),
            _ => Err("a statement and something else claim it"),
        }
    }

    fn entry(
        &mut self,
        leaf: &Hash,
        commitment: &Hash,
        place: (Option<i64>, Option<i64>),
    ) -> Result<(), &'static str> {
        if commitment != leaf {
            return Err("the entry that claims it commits to something else");
        }
        self.entries += 1;
        let (Some(chain_no), Some(place)) = place else {
            return Err("the entry that claims it has no place");
        };
        match self.reached.insert(chain_no, place) {
            Some(before) if before >= place => Err("its chain is out of order"),
            _ => Ok(()),
        }
    }

    /// Whether a statement says that the leaf just taken is lost.
    fn is_lost(&self) -> bool {
        let newest = self.frontier.size().saturating_sub(1);
        self.lost.iter().any(|range| range.contains(&newest))
    }
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
