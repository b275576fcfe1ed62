//! What is decided of Patients, and what stewards are to decide.

use domain::{PersonId, ResourceId};
use rusqlite::{OptionalExtension, params};

use super::people::Moved;
use super::session::Session;
use crate::sqlite::convert::{incoherent, to_json};
use crate::{Error, LinkAct, NewLink, Review};

impl Session {
    pub(super) fn put_link(&mut self, link: &NewLink) -> Result<(), Error> {
        let (kind, pair, undoes) = match link.act {
            LinkAct::Linked(left, right) => ("linked", Some((left, right)), None),
            LinkAct::Parted(left, right) => ("parted", Some((left, right)), None),
            LinkAct::Sealed(left, right) => ("sealed", Some((left, right)), None),
            LinkAct::Undone(event) => ("undone", None, i64::try_from(event).ok()),
        };
        let (left, right) = match pair {
            Some((left, right)) => (Some(self.subject_no(left)?), Some(self.subject_no(right)?)),
            None => (None, None),
        };
        self.run(
            "INSERT INTO link_event (kind, left_no, right_no, undoes, at, by, reason)
             VALUES ($1, $2, $3, $4, $5, $6, $7)",
            params![kind, left, right, undoes, link.at.0, link.by, link.reason],
        )?;
        Ok(())
    }

    fn subject_no(&self, id: ResourceId) -> Result<i64, Error> {
        let sql = "SELECT no FROM subject WHERE id = $1";
        let mut statement = self.db.prepare_cached(sql)?;
        let found = statement.query_row([id.0], |row| row.get(0)).optional()?;
        found.ok_or_else(|| incoherent("subject"))
    }

    /// Says whose subject a Patient is from now on. Everyone decides again about both people.
    pub(super) fn put_person(
        &mut self,
        subject: ResourceId,
        person: PersonId,
        moved: &mut Moved,
    ) -> Result<(), Error> {
        let sql = "SELECT person FROM subject WHERE id = $1";
        let before: Option<[u8; 16]> = self
            .db
            .prepare_cached(sql)?
            .query_row([subject.0], |row| row.get(0))
            .optional()?;
        let Some(before) = before else {
            return Err(incoherent("subject"));
        };
        self.homes_of(PersonId(before), moved)?;
        self.run(
            "UPDATE subject SET person = $1 WHERE id = $2",
            params![person.0, subject.0],
        )?;
        self.note_joined(person)?;
        self.homes_of(person, moved)
    }

    /// A review of a pair that is under review for the same reason is not added again; one that
    /// moved since it was read is not replaced.
    pub(super) fn put_review(&mut self, review: &Review, replaces: u32) -> Result<(), Error> {
        let body = to_json(review)?;
        let open = i64::from(review.decided.is_none());
        if replaces == 0 {
            self.run(
                "INSERT INTO review (id, kind, left_id, right_id, priority, open, version, body)
                 VALUES ($1, $2, $3, $4, $5, $6, 1, $7)
                 ON CONFLICT DO NOTHING",
                params![
                    review.id.0,
                    review.kind.code(),
                    review.left.0,
                    review.right.0,
                    review.priority,
                    open,
                    body
                ],
            )?;
            return Ok(());
        }
        let changed = self.run(
            "UPDATE review SET priority = $1, open = $2, body = $3, version = version + 1
             WHERE id = $4 AND version = $5",
            params![review.priority, open, body, review.id.0, replaces],
        )?;
        match changed {
            0 => Err(Error::Conflict),
            _ => Ok(()),
        }
    }
}
