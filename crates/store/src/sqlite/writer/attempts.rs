//! Attempts on records: written down with the refusal, and marked when somebody was told.

use domain::Timestamp;
use domain::message::{Attempt, attempts::REPEATED_WITHIN};
use rusqlite::params;

use super::session::Session;
use crate::Error;
use crate::sqlite::convert::to_json;

/// What is past the day within which refusals are counted together, and no longer to be told.
const FORGET: &str = "
    DELETE FROM attempt
    WHERE worker = $1 AND at < $2 AND (told = 1 OR alone = 0)";

const INSERT: &str = "
    INSERT INTO attempt (worker, person, at, alone, told, body)
    VALUES ($1, $2, $3, $4, 0, $5)";

impl Session {
    pub(super) fn put_attempt(&mut self, attempt: &Attempt) -> Result<(), Error> {
        let worker = attempt.worker.as_str();
        let day_before: Timestamp = attempt.at.plus_seconds(-REPEATED_WITHIN);
        self.run(FORGET, params![worker, day_before.0])?;
        let alone = attempt.cause.is_some();
        let (person, body) = (attempt.person.0, to_json(attempt)?);
        self.run(INSERT, params![worker, person, attempt.at.0, alone, body])?;
        Ok(())
    }

    /// What another was told of meanwhile is a conflict: it would be told twice.
    pub(super) fn attempts_told(&mut self, rows: &[i64]) -> Result<(), Error> {
        for row in rows {
            let marked = self.run(
                "UPDATE attempt SET told = 1 WHERE no = $1 AND told = 0",
                [row],
            )?;
            if marked == 0 {
                return Err(Error::Conflict);
            }
        }
        Ok(())
    }
}
