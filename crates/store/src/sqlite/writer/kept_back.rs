//! What is held back from accounts, what is erased from them, and what may not be.

use domain::{HomeId, Timestamp};
use ledger::ViewId;
use rusqlite::params;

use super::session::Session;
use crate::{Error, HeldBack};

const ERASE: &str = "
    UPDATE entry
    SET wrapped_key = x'', sealed = x''
    WHERE chain_no = (SELECT no FROM chain WHERE view = $1)
      AND place = $2
      AND length(sealed) > 0
      AND home_no NOT IN (SELECT home_no FROM legal_hold)";

impl Session {
    /// Notes that the one entry of a chain is held back.
    pub(super) fn hold_back(
        &self,
        chain_no: i64,
        held: &HeldBack,
        since: Timestamp,
    ) -> Result<(), Error> {
        self.run(
            "INSERT INTO held (chain_no, organisation, ground, since, until, into_view, person)
             VALUES ($1, $2, $3, $4, $5, $6, $7)",
            params![
                chain_no,
                held.organisation.as_str(),
                held.ground,
                since.0,
                held.until.0,
                held.told.map(|told| told.into.0),
                held.told.map(|told| told.person.0),
            ],
        )?;
        Ok(())
    }

    /// Notes that what was held back is open; it is opened once.
    pub(super) fn open_held(&self, view: ViewId, at: Timestamp) -> Result<(), Error> {
        let opened = self.run(
            "UPDATE held SET opened = $1
             WHERE chain_no = (SELECT no FROM chain WHERE view = $2) AND opened IS NULL",
            params![at.0, view.0],
        )?;
        only_one(opened)
    }

    /// Notes that what was held back stays so for longer.
    pub(super) fn hold_until(&self, view: ViewId, until: Timestamp) -> Result<(), Error> {
        let held = self.run(
            "UPDATE held SET until = $1
             WHERE chain_no = (SELECT no FROM chain WHERE view = $2) AND opened IS NULL",
            params![until.0, view.0],
        )?;
        only_one(held)
    }

    /// Takes the key and what it seals from an entry; its commitment stays. The bytes are
    /// overwritten in the file, and not only given up.
    pub(super) fn erase(&self, view: ViewId, index: u64) -> Result<(), Error> {
        self.db.pragma_update(None, "secure_delete", "ON")?;
        let erased = self.run(ERASE, params![view.0, index as i64]);
        self.db.pragma_update(None, "secure_delete", "OFF")?;
        only_one(erased?)
    }

    /// Puts a home under a legal hold, or lifts it.
    pub(super) fn put_legal_hold(&mut self, home: HomeId, rule: Option<&str>) -> Result<(), Error> {
        let home_no = self.home(home)?.no;
        match rule {
            Some(rule) => self.run(
                "INSERT INTO legal_hold (home_no, rule) VALUES ($1, $2)
                 ON CONFLICT (home_no) DO UPDATE SET rule = excluded.rule",
                params![home_no, rule],
            )?,
            None => self.run("DELETE FROM legal_hold WHERE home_no = $1", [home_no])?,
        };
        Ok(())
    }
}

/// Nothing there, there no longer, or not to be touched: somebody was faster, or forbids it.
fn only_one(rows: usize) -> Result<(), Error> {
    match rows {
        1 => Ok(()),
        _ => Err(Error::Conflict),
    }
}
