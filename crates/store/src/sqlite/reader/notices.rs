//! Who wishes mail, and what waits to be sent.

use domain::{PersonId, ResourceId, Timestamp};
use rusqlite::OptionalExtension;

use super::pool::SqliteSnapshot;
use crate::{Error, Notice, NoticeAddress};

impl SqliteSnapshot {
    pub(super) fn address_of(&self, person: PersonId) -> Result<Option<NoticeAddress>, Error> {
        let mut statement = self.db().prepare_cached(
            "SELECT sealed, draw, asked_at, day, asks, tries, confirmed_at, refused_at, version
             FROM notice_address WHERE person = $1",
        )?;
        let found = statement.query_row([person.0], |row| {
            let confirmed: Option<i64> = row.get(6)?;
            let refused: Option<i64> = row.get(7)?;
            Ok(NoticeAddress {
                person,
                sealed: row.get(0)?,
                draw: row.get(1)?,
                asked_at: Timestamp(row.get(2)?),
                day: Timestamp(row.get(3)?),
                asks: row.get(4)?,
                tries: row.get(5)?,
                confirmed_at: confirmed.map(Timestamp),
                refused_at: refused.map(Timestamp),
                version: row.get(8)?,
            })
        });
        Ok(found.optional()?)
    }

    pub(super) fn to_send(&self, now: Timestamp, limit: u32) -> Result<Vec<Notice>, Error> {
        let mut statement = self.db().prepare_cached(
            "SELECT id, person, about, made_at, due, tries FROM notice
             WHERE due <= $1 ORDER BY due, id LIMIT $2",
        )?;
        let rows = statement.query_map((now.0, limit), |row| {
            let about: Option<[u8; 16]> = row.get(2)?;
            Ok(Notice {
                id: row.get(0)?,
                person: PersonId(row.get(1)?),
                about: about.map(ResourceId),
                made_at: Timestamp(row.get(3)?),
                due: Timestamp(row.get(4)?),
                tries: row.get(5)?,
            })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }
}
