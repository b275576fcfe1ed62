//! Attempts on records of which nobody was told yet.

use domain::message::{Attempt, attempts::REPEATED};

use super::pool::SqliteSnapshot;
use crate::Error;
use crate::sqlite::convert::Column;

/// Those that are told by themselves or beside one that is, and those of whom there are enough.
const TO_TELL: &str = "
    SELECT a.no, a.body
    FROM attempt a
    WHERE a.told = 0
      AND (EXISTS (SELECT 1
                   FROM attempt b
                   WHERE b.worker = a.worker AND b.person = a.person AND b.alone = 1)
           OR (SELECT count(*)
               FROM attempt b
               WHERE b.worker = a.worker AND b.person = a.person) >= $1)
    ORDER BY a.no
    LIMIT $2";

const BODY: Column = Column("attempt", "body");

impl SqliteSnapshot {
    pub(super) fn attempts_to_tell(&self, limit: u32) -> Result<Vec<(i64, Attempt)>, Error> {
        let mut statement = self.db().prepare_cached(TO_TELL)?;
        let mut rows = statement.query([REPEATED, limit])?;
        let mut attempts = Vec::new();
        while let Some(row) = rows.next()? {
            let no: i64 = row.get(0)?;
            let body: String = row.get(1)?;
            attempts.push((no, BODY.read_json(&body, no)?));
        }
        Ok(attempts)
    }
}
