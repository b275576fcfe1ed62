//! A view's entries, sealed as they are kept.

use domain::{HomeId, Timestamp};
use ledger::{Hash, Head, ViewId};
use policy::Permit;

use super::claims::entry;
use super::pool::SqliteSnapshot;
use super::sql::Sql;
use crate::sqlite::convert::Column;
use crate::{Cursor, Error, KeptBack, PageRequest, StoredEntry};

const LAST: &str = "
    SELECT e.place, h.id, e.head
    FROM chain c
    JOIN entry e ON e.chain_no = c.no
    JOIN home h ON h.no = e.home_no
    WHERE c.view = $1
    ORDER BY e.place DESC
    LIMIT 1";

impl SqliteSnapshot {
    /// Newest first. The cursor's key is a place in the chain.
    pub(super) fn entries_of(
        &self,
        permit: &Permit,
        view: &ViewId,
        page: &PageRequest,
    ) -> Result<(Vec<StoredEntry>, Option<Cursor>), Error> {
        let before = page.after.as_ref().map_or(i64::MAX, |after| after.key);
        let limit = page.limit as usize;
        let homes = permit.homes().iter().map(|(home, _)| home.0.to_vec());
        let mut sql = Sql::new(
            "SELECT e.place, e.at, h.id, e.operation, e.commitment, e.root, e.sealed,
                    e.wrapped_key, e.log_index
             FROM chain c
             JOIN entry e ON e.chain_no = c.no
             JOIN home h ON h.no = e.home_no
             WHERE c.view = ",
        );
        sql.bind(view.0.to_vec())
            .push(" AND e.place < ")
            .bind(before)
            // A permit for somebody else finds none of them.
            .push(" AND +h.id IN ")
            .list(homes)
            .push(" ORDER BY e.place DESC LIMIT ")
            .bind(i64::from(page.limit) + 1);
        let mut statement = sql.prepare(self.db())?;
        let mut rows = statement.raw_query();
        let mut entries = Vec::new();
        while let Some(row) = rows.next()? {
            entries.push(entry(row)?);
        }
        let has_more = entries.len() > limit;
        entries.truncate(limit);
        let next = entries
            .last()
            .filter(|_| has_more)
            .map(|last| Cursor::at(last.index as i64, 0));
        Ok((entries, next))
    }

    /// What is held back of those whose homes are open. It is sought among all that is held back now,
    /// which is little: each is there for weeks, and most people have none.
    pub(super) fn kept_back(&self, permit: &Permit) -> Result<Vec<KeptBack>, Error> {
        let homes = permit.homes().iter().map(|(home, _)| home.0.to_vec());
        let mut sql = Sql::new(
            "SELECT e.place, e.at, h.id, e.operation, e.commitment, e.root, e.sealed,
                    e.wrapped_key, e.log_index, r.ground, r.until, r.into_view
             FROM held r
             JOIN entry e ON e.chain_no = r.chain_no
             JOIN home h ON h.no = e.home_no
             WHERE r.opened IS NULL
               AND h.id IN ",
        );
        sql.list(homes).push(" ORDER BY e.no");
        let mut statement = sql.prepare(self.db())?;
        let mut rows = statement.raw_query();
        let mut kept = Vec::new();
        while let Some(row) = rows.next()? {
            kept.push(KeptBack {
                entry: entry(row)?,
                ground: row.get(9)?,
                until: Timestamp(row.get(10)?),
                into: row.get::<_, Option<[u8; 32]>>(11)?.map(ViewId),
            });
        }
        Ok(kept)
    }

    /// A chain has no gaps, so its last place tells its length.
    pub(super) fn head_of(&self, permit: &Permit, view: &ViewId) -> Result<Head, Error> {
        let mut statement = self.db().prepare_cached(LAST)?;
        let mut rows = statement.query([view.0])?;
        match rows.next()? {
            Some(row) if is_of(permit, HomeId(row.get(1)?)) => {
                let place: u64 = Column("entry", "place").read_number(row.get(0)?, 0)?;
                Ok(Head {
                    next_index: place.saturating_add(1),
                    hash: Hash(row.get(2)?),
                })
            }
            _ => Ok(Head::EMPTY),
        }
    }
}

fn is_of(permit: &Permit, home: HomeId) -> bool {
    permit.homes().iter().any(|(open, _)| *open == home)
}
