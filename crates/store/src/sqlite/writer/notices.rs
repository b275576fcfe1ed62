//! Who wishes mail, and what waits to be sent.

use rusqlite::params;

use super::session::Session;
use crate::{Error, Notice, NoticeAddress};

impl Session {
    pub(super) fn put_notice_address(&mut self, new: &NoticeAddress) -> Result<(), Error> {
        let sql = "
            INSERT INTO notice_address
                (person, sealed, draw, asked_at, day, asks, tries, confirmed_at, refused_at, version)
            SELECT $1, $2, $3, $4, $5, $6, $7, $8, $9, $10 + 1
            WHERE $10 = coalesce((SELECT version FROM notice_address WHERE person = $1), 0)
            ON CONFLICT (person) DO UPDATE SET
                sealed = excluded.sealed, draw = excluded.draw, asked_at = excluded.asked_at,
                day = excluded.day, asks = excluded.asks, tries = excluded.tries,
                confirmed_at = excluded.confirmed_at, refused_at = excluded.refused_at,
                version = excluded.version";
        let rows = self.run(
            sql,
            params![
                new.person.0,
                new.sealed,
                new.draw,
                new.asked_at.0,
                new.day.0,
                new.asks,
                new.tries,
                new.confirmed_at.map(|at| at.0),
                new.refused_at.map(|at| at.0),
                new.version
            ],
        )?;
        match rows {
            1 => Ok(()),
            _ => Err(Error::Conflict),
        }
    }

    pub(super) fn put_notice(&mut self, new: &Notice) -> Result<(), Error> {
        self.run(
            "INSERT OR REPLACE INTO notice (id, person, about, made_at, due, tries)
             VALUES ($1, $2, $3, $4, $5, $6)",
            params![
                new.id,
                new.person.0,
                new.about.map(|id| id.0),
                new.made_at.0,
                new.due.0,
                new.tries
            ],
        )?;
        Ok(())
    }

    pub(super) fn notice_served(&mut self, id: [u8; 16]) -> Result<(), Error> {
        self.run("DELETE FROM notice WHERE id = $1", params![id])?;
        Ok(())
    }
}
