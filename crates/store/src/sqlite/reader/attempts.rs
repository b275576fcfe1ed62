//! Attempts on records of which nobody was told yet.

use domain::message::attempts::{MANY, REPEATED};

use super::pool::SqliteSnapshot;
use crate::sqlite::convert::Column;
use crate::{Error, Untold};

/// Those that are told by themselves or beside one that is, those of whom there are enough about one
/// person, and those of a worker who was refused about so many people.
const TO_TELL: &str = "
    SELECT no, body, of_one
    FROM (SELECT a.no, a.body, a.worker,
                 (EXISTS (SELECT 1
                          FROM attempt b
                          WHERE b.worker = a.worker AND b.person = a.person AND b.alone = 1)
                  OR (SELECT count(*)
                      FROM attempt b
                      WHERE b.worker = a.worker AND b.person = a.person) >= $1) AS of_one
          FROM attempt a
          WHERE a.told = 0) AS untold
    WHERE of_one
       OR (SELECT count(DISTINCT b.person)
           FROM attempt b
           WHERE b.worker = untold.worker) >= $2
    ORDER BY no
    LIMIT $3";

const BODY: Column = Column("attempt", "body");

impl SqliteSnapshot {
    pub(super) fn attempts_to_tell(&self, limit: u32) -> Result<Vec<Untold>, Error> {
        let mut statement = self.db().prepare_cached(TO_TELL)?;
        let mut rows = statement.query([REPEATED, MANY, limit])?;
        let mut attempts = Vec::new();
        while let Some(found) = rows.next()? {
            let row: i64 = found.get(0)?;
            let body: String = found.get(1)?;
            attempts.push(Untold {
                row,
                attempt: BODY.read_json(&body, row)?,
                is_of_one: found.get(2)?,
            });
        }
        Ok(attempts)
    }
}
