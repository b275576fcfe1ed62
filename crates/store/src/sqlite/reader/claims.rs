//! Entries as whoever audits the log needs them: chain by chain, and what of them is held back.

use domain::{HomeId, PersonId, Timestamp};
use ledger::{Hash, ViewId};
use rusqlite::{Row, params};

use super::pool::SqliteSnapshot;
use crate::sqlite::convert::Column;
use crate::{Claimed, DueHeld, Error, HeldEntry, StoredEntry, ToldLater};

const CLAIMS: &str = "
    SELECT e.place, e.at, h.id, e.operation, e.commitment, e.root, e.sealed,
           e.wrapped_key, e.log_index, c.view, c.no, r.chain_no IS NOT NULL
    FROM entry e
    JOIN chain c ON c.no = e.chain_no
    JOIN home h ON h.no = e.home_no
    LEFT JOIN held r ON r.chain_no = e.chain_no
    WHERE (e.chain_no, e.place) > ($1, $2)
    ORDER BY e.chain_no, e.place
    LIMIT $3";

const OF_OPERATION: &str = "
    SELECT e.place, e.at, h.id, e.operation, e.commitment, e.root, e.sealed,
           e.wrapped_key, e.log_index, c.view, c.no, r.chain_no IS NOT NULL
    FROM entry e
    JOIN chain c ON c.no = e.chain_no
    JOIN home h ON h.no = e.home_no
    LEFT JOIN held r ON r.chain_no = e.chain_no
    WHERE h.id = $1
      AND e.operation = $2
    ORDER BY e.no";

const DUE: &str = "
    SELECT e.place, e.at, h.id, e.operation, e.commitment, e.root, e.sealed,
           e.wrapped_key, e.log_index, c.view, r.ground, r.until, r.into_view, r.person
    FROM held r
    JOIN chain c ON c.no = r.chain_no
    JOIN entry e ON e.chain_no = r.chain_no
    JOIN home h ON h.no = e.home_no
    WHERE r.until <= $1
      AND r.opened IS NULL
      AND r.into_view IS NOT NULL
    ORDER BY r.until, e.no
    LIMIT $2";

const ONE: &str = "
    SELECT e.place, e.at, h.id, e.operation, e.commitment, e.root, e.sealed,
           e.wrapped_key, e.log_index
    FROM chain c
    JOIN entry e ON e.chain_no = c.no
    JOIN home h ON h.no = e.home_no
    WHERE c.view = $1
      AND e.commitment = $2";

impl SqliteSnapshot {
    pub(super) fn claims_after(
        &self,
        after: Option<(i64, u64)>,
        limit: u32,
    ) -> Result<Vec<Claimed>, Error> {
        let (chain_no, place) = after.map_or((-1, -1), |(no, place)| (no, place as i64));
        let mut statement = self.db().prepare_cached(CLAIMS)?;
        let mut rows = statement.query(params![chain_no, place, limit])?;
        let mut claims = Vec::new();
        while let Some(row) = rows.next()? {
            claims.push(claimed(row)?);
        }
        Ok(claims)
    }

    pub(super) fn of_operation(
        &self,
        home: HomeId,
        operation: &[u8; 16],
    ) -> Result<Vec<Claimed>, Error> {
        let mut statement = self.db().prepare_cached(OF_OPERATION)?;
        let mut rows = statement.query(params![home.0, operation])?;
        let mut claims = Vec::new();
        while let Some(row) = rows.next()? {
            claims.push(claimed(row)?);
        }
        Ok(claims)
    }

    pub(super) fn one_entry(
        &self,
        view: &ViewId,
        commitment: &Hash,
    ) -> Result<Option<StoredEntry>, Error> {
        let mut statement = self.db().prepare_cached(ONE)?;
        let mut rows = statement.query(params![view.0, commitment.0])?;
        rows.next()?.map(entry).transpose()
    }

    pub(super) fn due_held(&self, now: Timestamp, limit: u32) -> Result<Vec<DueHeld>, Error> {
        let mut statement = self.db().prepare_cached(DUE)?;
        let mut rows = statement.query(params![now.0, limit])?;
        let mut due = Vec::new();
        while let Some(row) = rows.next()? {
            due.push(DueHeld {
                entry: entry(row)?,
                view: ViewId(row.get(9)?),
                ground: row.get(10)?,
                until: Timestamp(row.get(11)?),
                told: ToldLater {
                    into: ViewId(row.get(12)?),
                    person: PersonId(row.get(13)?),
                },
            });
        }
        Ok(due)
    }

    pub(super) fn all_held(&self) -> Result<Vec<HeldEntry>, Error> {
        let sql = "SELECT organisation, ground, since, until, opened FROM held ORDER BY chain_no";
        let mut statement = self.db().prepare_cached(sql)?;
        let rows = statement.query_map([], |row| {
            Ok(HeldEntry {
                organisation: row.get(0)?,
                ground: row.get(1)?,
                since: Timestamp(row.get(2)?),
                until: Timestamp(row.get(3)?),
                opened: row.get::<_, Option<i64>>(4)?.map(Timestamp),
            })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    pub(super) fn rule_of_hold(&self, home: HomeId) -> Result<Option<String>, Error> {
        let sql = "SELECT l.rule FROM legal_hold l JOIN home h ON h.no = l.home_no WHERE h.id = $1";
        self.one(sql, [home.0])
    }
}

fn claimed(row: &Row<'_>) -> Result<Claimed, Error> {
    Ok(Claimed {
        entry: entry(row)?,
        view: ViewId(row.get(9)?),
        chain: row.get(10)?,
        is_held: row.get(11)?,
    })
}

/// An entry from the columns of a row, in the order in which every query here has them.
pub(super) fn entry(row: &Row<'_>) -> Result<StoredEntry, Error> {
    let place: i64 = row.get(0)?;
    Ok(StoredEntry {
        index: Column("entry", "place").read_number(place, place)?,
        time: Timestamp(row.get(1)?),
        home: HomeId(row.get(2)?),
        operation: row.get(3)?,
        commitment: Hash(row.get(4)?),
        root: Hash(row.get(5)?),
        sealed: row.get(6)?,
        wrapped_key: row.get(7)?,
        log_index: match row.get(8)? {
            Some(index) => Some(Column("entry", "log_index").read_number(index, place)?),
            None => None,
        },
    })
}
