//! Messages, their lines and their due work; rotas; leases.

use domain::Timestamp;
use domain::message::Rota;
use rusqlite::{OptionalExtension, params};

use super::session::Session;
use crate::sqlite::convert::to_json;
use crate::{Error, NewMessage};

const INSERT: &str = "
    INSERT INTO message (id, thread, root, subject_no, version, at, body)
    VALUES ($1, $2, $3, $4, 1, $5, $6)
    ON CONFLICT (id) DO NOTHING
    RETURNING no";

const UPDATE: &str = "
    UPDATE message
    SET version = version + 1,
        body = $1
    WHERE id = $2 AND version = $3
    RETURNING no";

/// Work that is due and that nobody holds, or whose holder was too long about it.
const LEASE: &str = "
    UPDATE due_work
    SET holder = $1,
        leased_until = $2
    WHERE no IN (
        SELECT no
        FROM due_work
        WHERE at <= $3
          AND (leased_until IS NULL OR leased_until <= $3)
        ORDER BY at, no
        LIMIT $4
    )";

impl Session {
    /// Writes a message over the version that the writer saw, with all that hangs on it.
    pub(super) fn put_message(&mut self, new: &NewMessage) -> Result<(), Error> {
        let message = &new.message;
        let body = to_json(message)?;
        let no = if new.replaces == 0 {
            let subject = self.subject(message.patient)?;
            let (thread, root) = (message.thread.0, message.root.0);
            let row = params![message.id.0, thread, root, subject, message.at.0, body];
            self.row_no(INSERT, row)?
        } else {
            self.row_no(UPDATE, params![body, message.id.0, new.replaces])?
        };
        let no = no.ok_or(Error::Conflict)?;
        self.run("DELETE FROM listed WHERE message_no = $1", [no])?;
        for line in &new.lines {
            let due = line.due.map_or(i64::MAX, |due| due.0);
            self.run(
                "INSERT OR IGNORE INTO listed (list, harm, due, message_no)
                 VALUES ($1, $2, $3, $4)",
                params![line.list, line.harm.rank(), due, no],
            )?;
        }
        self.run("DELETE FROM due_work WHERE subject = $1", [message.id.0])?;
        for (at, work) in &new.due {
            self.run(
                "INSERT OR IGNORE INTO due_work (at, subject, body) VALUES ($1, $2, $3)",
                params![at.0, message.id.0, work],
            )?;
        }
        Ok(())
    }

    /// Sets the one piece of work that is due about something that is no message.
    pub(super) fn look_again(
        &mut self,
        subject: [u8; 16],
        body: &str,
        at: Option<Timestamp>,
    ) -> Result<(), Error> {
        self.run("DELETE FROM due_work WHERE subject = $1", [subject])?;
        if let Some(at) = at {
            self.run(
                "INSERT INTO due_work (at, subject, body) VALUES ($1, $2, $3)",
                params![at.0, subject, body],
            )?;
        }
        Ok(())
    }

    pub(super) fn put_rota(&mut self, rota: &Rota) -> Result<(), Error> {
        self.run(
            "INSERT INTO rota (team, body) VALUES ($1, $2)
             ON CONFLICT (team) DO UPDATE SET body = excluded.body",
            params![rota.team.as_str(), to_json(rota)?],
        )?;
        self.move_directory()
    }

    pub(super) fn lease_due(
        &mut self,
        holder: [u8; 16],
        now: Timestamp,
        until: Timestamp,
        limit: u32,
    ) -> Result<(), Error> {
        self.run(LEASE, params![holder, until.0, now.0, limit])?;
        Ok(())
    }

    fn row_no(&self, sql: &str, params: impl rusqlite::Params) -> Result<Option<i64>, Error> {
        let mut statement = self.db.prepare_cached(sql)?;
        Ok(statement.query_row(params, |row| row.get(0)).optional()?)
    }
}
