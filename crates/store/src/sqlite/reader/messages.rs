//! Messages and the lists that they stand on.

use domain::message::{Kind, Message};
use domain::{PersonId, ResourceId, Timestamp, WorkerId};
use policy::Parties;
use rusqlite::{Row, params};

use super::pool::SqliteSnapshot;
use super::sql::Sql;
use crate::Error;
use crate::messages::{Listed, Place};
use crate::sqlite::convert::Column;

const ABOUT: &str = "
    SELECT m.no, m.version, m.body
    FROM subject s
    JOIN message m ON m.subject_no = s.no
    WHERE s.person = $1
    ORDER BY m.at DESC, m.no DESC";

const BODY: Column = Column("message", "body");

impl SqliteSnapshot {
    /// The bar is part of the query: what is not open is neither counted nor skipped over.
    pub(super) fn lines(
        &self,
        lists: &[String],
        worker: &WorkerId,
        limit: u32,
        after: Option<&Place>,
    ) -> Result<Vec<Listed>, Error> {
        let mut sql = Sql::new(
            "SELECT DISTINCT l.harm, l.due, m.no, m.body
             FROM listed l
             JOIN message m ON m.no = l.message_no
             WHERE l.list IN ",
        );
        sql.list(lists.iter().cloned());
        if let Some(after) = after {
            sql.push(" AND (l.harm, l.due, m.no) > (")
                .bind(i64::from(after.harm))
                .push(", ")
                .bind(after.due)
                .push(", ")
                .bind(after.row)
                .push(")");
        }
        sql.push(
            " AND NOT EXISTS (
                 SELECT 1
                 FROM subject s
                 JOIN subject same ON same.person = s.person
                 JOIN bar b ON b.home_no = same.home_no
                 WHERE s.no = m.subject_no AND b.lifted IS NULL AND b.worker = ",
        )
        .bind(worker.as_str().to_owned())
        .push(") ORDER BY l.harm, l.due, m.no LIMIT ")
        .bind(i64::from(limit));
        let mut statement = sql.prepare(self.db())?;
        let mut rows = statement.raw_query();
        let mut lines = Vec::new();
        while let Some(row) = rows.next()? {
            let (due, no): (i64, i64) = (row.get(1)?, row.get(2)?);
            let message = body(row, 3, no)?;
            lines.push(Listed {
                parties: self.parties_of(&message, no)?,
                place: Place {
                    harm: Column("listed", "harm").read_number(row.get(0)?, no)?,
                    due,
                    row: no,
                },
                due: (due != i64::MAX).then_some(Timestamp(due)),
            });
        }
        Ok(lines)
    }

    pub(super) fn find_parties(&self, id: &ResourceId) -> Result<Option<Parties>, Error> {
        let found = self.rows("SELECT no, version, body FROM message WHERE id = $1", id.0)?;
        let first = found.into_iter().next();
        first
            .map(|(message, _, no)| self.parties_of(&message, no))
            .transpose()
    }

    pub(super) fn raised_about(&self, person: PersonId, kind: Kind) -> Result<Vec<Message>, Error> {
        let found = self.rows(ABOUT, person.0)?;
        let mut raised: Vec<Message> = found
            .into_iter()
            .map(|(message, _, _)| message)
            .filter(|message| message.kind == kind)
            .collect();
        raised.reverse();
        Ok(raised)
    }

    pub(super) fn parties_on(&self, person: PersonId) -> Result<Vec<Parties>, Error> {
        self.rows(ABOUT, person.0)?
            .iter()
            .map(|(message, _, no)| self.parties_of(message, *no))
            .collect()
    }

    pub(super) fn find_message(&self, id: &ResourceId) -> Result<Option<(Message, u32)>, Error> {
        let found = self.rows("SELECT no, version, body FROM message WHERE id = $1", id.0)?;
        let first = found.into_iter().next();
        Ok(first.map(|(message, version, _)| (message, version)))
    }

    pub(super) fn with_root(&self, root: &ResourceId) -> Result<Vec<(Message, u32)>, Error> {
        let sql = "SELECT no, version, body FROM message WHERE root = $1 ORDER BY no";
        let found = self.rows(sql, root.0)?;
        let mut all: Vec<_> = found
            .into_iter()
            .map(|(message, version, _)| (message, version))
            .collect();
        all.sort_by_key(|(message, _)| message.id != *root);
        Ok(all)
    }

    pub(super) fn requests_between(
        &self,
        from: Timestamp,
        until: Timestamp,
    ) -> Result<Vec<Message>, Error> {
        let sql = "SELECT no, body FROM message
                   WHERE body ->> '$.kind' = 'request' AND at >= $1 AND at < $2
                   ORDER BY at, no";
        let mut statement = self.db().prepare_cached(sql)?;
        let mut rows = statement.query(params![from.0, until.0])?;
        let mut sent = Vec::new();
        while let Some(row) = rows.next()? {
            sent.push(body(row, 1, row.get(0)?)?);
        }
        Ok(sent)
    }

    pub(super) fn held_by(&self, holder: &[u8; 16]) -> Result<Vec<ResourceId>, Error> {
        let sql = "SELECT subject FROM due_work WHERE holder = $1 ORDER BY at, no";
        let mut statement = self.db().prepare_cached(sql)?;
        let subjects = statement.query_map([holder], |row| row.get(0).map(ResourceId))?;
        let mut subjects: Vec<ResourceId> = subjects.collect::<Result<_, _>>()?;
        subjects.dedup();
        Ok(subjects)
    }

    pub(super) fn due_about(
        &self,
        subject: &[u8; 16],
    ) -> Result<Option<(Timestamp, String)>, Error> {
        let sql = "SELECT at, body FROM due_work WHERE subject = $1 ORDER BY at LIMIT 1";
        let mut statement = self.db().prepare_cached(sql)?;
        let mut rows = statement.query([subject])?;
        let Some(row) = rows.next()? else {
            return Ok(None);
        };
        Ok(Some((Timestamp(row.get(0)?), row.get(1)?)))
    }

    pub(super) fn persons_after(
        &self,
        after: Option<PersonId>,
        limit: u32,
    ) -> Result<Vec<PersonId>, Error> {
        let sql = "SELECT DISTINCT person FROM subject WHERE person > $1 ORDER BY person LIMIT $2";
        let after = after.map_or_else(Vec::new, |person| person.0.to_vec());
        let mut statement = self.db().prepare_cached(sql)?;
        let people = statement.query_map(params![after, limit], |row| row.get(0).map(PersonId))?;
        Ok(people.collect::<Result<_, _>>()?)
    }

    fn rows(&self, sql: &str, key: [u8; 16]) -> Result<Vec<(Message, u32, i64)>, Error> {
        let mut statement = self.db().prepare_cached(sql)?;
        let mut rows = statement.query([key])?;
        let mut found = Vec::new();
        while let Some(row) = rows.next()? {
            let no: i64 = row.get(0)?;
            let version = Column("message", "version").read_number(row.get(1)?, no)?;
            found.push((body(row, 2, no)?, version, no));
        }
        Ok(found)
    }

    /// Those who stand above a team know of a message once it is on their own list.
    fn parties_of(&self, message: &Message, no: i64) -> Result<Parties, Error> {
        let sql = "SELECT list FROM listed WHERE message_no = $1 AND list LIKE '@%'";
        let mut statement = self.db().prepare_cached(sql)?;
        let lists = statement.query_map([no], |row| row.get::<_, String>(0))?;
        let mut above = Vec::new();
        for list in lists {
            above.push(WorkerId::new(list?.trim_start_matches('@')));
        }
        Ok(Parties::of(message, above))
    }
}

fn body(row: &Row<'_>, column: usize, no: i64) -> Result<Message, Error> {
    let text: String = row.get(column)?;
    BODY.read_json(&text, no)
}
