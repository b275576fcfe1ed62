//! Ledger entries: their place in their chains, and the commitment that says so.

use domain::Timestamp;
use ledger::{Hash, Head, ViewId};
use rusqlite::{OptionalExtension, params};

use super::known::KnownChain;
use super::session::Session;
use crate::sqlite::convert::Column;
use crate::{Error, NewEntry};

/// Where an entry came to stand.
#[derive(Debug, Clone)]
pub(super) struct Placed {
    pub(super) view: ViewId,
    pub(super) index: u64,
    pub(super) time: Timestamp,
    pub(super) root: Hash,
    pub(super) commitment: Hash,
}

const APPEND: &str = "
    INSERT INTO entry (
        chain_no, place, at, home_no, operation, root, commitment, head, wrapped_key, sealed
    ) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";

const LAST: &str = "
    SELECT place, head, at
    FROM entry
    WHERE chain_no = $1
    ORDER BY place DESC
    LIMIT 1";

impl Session {
    /// Appends an entry to its chain. Chain time never repeats and never goes back.
    pub(super) fn append(&mut self, entry: &NewEntry, now: Timestamp) -> Result<Placed, Error> {
        let home = self.home(entry.home)?;
        let chain = self.chain(entry.view)?;
        let time = Timestamp(now.0.max(chain.at.0.saturating_add(1)));
        let link = chain.head.link(time.0, entry.root);
        let commitment = link.commitment(&entry.view, &entry.opening);
        let head = chain.head.append(&commitment);
        self.run(
            APPEND,
            params![
                chain.no,
                link.index as i64,
                time.0,
                home.no,
                entry.operation,
                entry.root.0,
                commitment.0,
                head.hash.0,
                entry.wrapped_key,
                entry.sealed,
            ],
        )?;
        let no = chain.no;
        if let Some(held) = &entry.held {
            self.hold_back(no, held, time)?;
        }
        self.known
            .chains
            .keep(entry.view, KnownChain { no, head, at: time });
        Ok(Placed {
            view: entry.view,
            index: link.index,
            time,
            root: entry.root,
            commitment,
        })
    }

    fn chain(&mut self, view: ViewId) -> Result<KnownChain, Error> {
        if let Some(chain) = self.known.chains.get(&view) {
            return Ok(chain);
        }
        let empty = |no| KnownChain {
            no,
            head: Head::EMPTY,
            at: Timestamp(i64::MIN),
        };
        let chain = match self.number("SELECT no FROM chain WHERE view = $1", [view.0])? {
            Some(no) => self.stand(no)?.unwrap_or_else(|| empty(no)),
            None => empty(self.returning(
                "INSERT INTO chain (view) VALUES ($1) RETURNING no",
                [view.0],
            )?),
        };
        Ok(self.known.chains.keep(view, chain))
    }

    /// Where a chain stands after its last entry.
    fn stand(&self, no: i64) -> Result<Option<KnownChain>, Error> {
        let mut statement = self.db.prepare_cached(LAST)?;
        let last = statement
            .query_row([no], |row| {
                Ok((row.get::<_, i64>(0)?, row.get(1)?, row.get(2)?))
            })
            .optional()?;
        let Some((place, head, at)) = last else {
            return Ok(None);
        };
        let place: u64 = Column("entry", "place").read_number(place, no)?;
        let head = Head {
            next_index: place.saturating_add(1),
            hash: Hash(head),
        };
        let at = Timestamp(at);
        Ok(Some(KnownChain { no, head, at }))
    }
}
