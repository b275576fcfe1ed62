//! What opens one-time links: each is opened once, and each code tried is counted before it is looked
//! at.

use domain::{ResourceId, Timestamp};
use rusqlite::params;

use super::session::Session;
use crate::{Error, NewInvitation};

impl Session {
    pub(super) fn put_invitation(&mut self, new: &NewInvitation) -> Result<(), Error> {
        let subject_no = self.subject(new.subject)?;
        self.run(
            "INSERT INTO invitation (id, subject_no, link, code) VALUES ($1, $2, $3, $4)",
            params![new.id.0, subject_no, new.link, new.code],
        )?;
        Ok(())
    }

    pub(super) fn try_invitation(&self, id: ResourceId, most: u32) -> Result<(), Error> {
        let sql = "UPDATE invitation SET tries = tries + 1 WHERE id = $1 AND tries < $2";
        one(self.run(sql, params![id.0, most])?)
    }

    pub(super) fn open_invitation(
        &self,
        id: ResourceId,
        session: [u8; 32],
        at: Timestamp,
    ) -> Result<(), Error> {
        let sql = "
            UPDATE invitation SET session = $1, opened_at = $2, tries = 0
            WHERE id = $3 AND session IS NULL";
        one(self.run(sql, params![session, at.0, id.0])?)
    }
}

/// No such link, or somebody was faster.
fn one(rows: usize) -> Result<(), Error> {
    match rows {
        1 => Ok(()),
        _ => Err(Error::Conflict),
    }
}
