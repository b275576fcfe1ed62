//! The writer's connection with what it remembers, and the small numbers of often-named things.

use domain::{HomeId, LabelClass, OrganisationId, ResourceId};
use rusqlite::{Connection, OptionalExtension, params};

use super::known::{Known, KnownHome};
use crate::Error;
use crate::sqlite::checkpoints::watch;
use crate::sqlite::convert::{Column, incoherent, to_json};

/// Lives from one trouble to the next: when a commit's outcome is not known, or a batch had to be
/// rolled back, the session is dropped with all that it remembers, and the next one reads afresh.
pub(super) struct Session {
    pub(super) db: Connection,
    pub(super) known: Known,
}

impl Session {
    pub(super) fn new(db: Connection) -> Self {
        watch(&db);
        Self {
            db,
            known: Known::default(),
        }
    }

    /// Runs a statement that changes at most a few rows, and says how many.
    pub(super) fn run(&self, sql: &str, params: impl rusqlite::Params) -> Result<usize, Error> {
        Ok(self.db.prepare_cached(sql)?.execute(params)?)
    }

    /// The first row's only column, if there is a row.
    pub(super) fn number(
        &self,
        sql: &str,
        params: impl rusqlite::Params,
    ) -> Result<Option<i64>, Error> {
        let mut statement = self.db.prepare_cached(sql)?;
        Ok(statement.query_row(params, |row| row.get(0)).optional()?)
    }

    /// The first row's only column, of a statement that always gives a row.
    pub(super) fn returning(&self, sql: &str, params: impl rusqlite::Params) -> Result<i64, Error> {
        let mut statement = self.db.prepare_cached(sql)?;
        Ok(statement.query_row(params, |row| row.get(0))?)
    }

    /// A home that a change relies on.
    pub(super) fn home(&mut self, id: HomeId) -> Result<KnownHome, Error> {
        self.find_home(id)?.ok_or(incoherent("home"))
    }

    pub(super) fn find_home(&mut self, id: HomeId) -> Result<Option<KnownHome>, Error> {
        if let Some(known) = self.known.homes.get(&id) {
            return Ok(Some(known));
        }
        let sql = "SELECT no, facts_version, names_single FROM home WHERE id = $1";
        let mut statement = self.db.prepare_cached(sql)?;
        let found = statement
            .query_row([id.0], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
            .optional()?;
        let Some((no, facts, names_single)) = found else {
            return Ok(None);
        };
        let facts = Column("home", "facts_version").read_number(facts, no)?;
        let home = KnownHome {
            no,
            facts,
            names_single,
        };
        Ok(Some(self.known.homes.keep(id, home)))
    }

    /// Moves the facts of a home: whoever decided on them decides again.
    pub(super) fn move_facts(&mut self, home_no: i64) -> Result<(), Error> {
        let sql = "UPDATE home SET facts_version = facts_version + 1 WHERE no = $1 RETURNING id";
        let mut statement = self.db.prepare_cached(sql)?;
        let id = statement.query_row([home_no], |row| row.get(0))?;
        self.known.homes.remove(&HomeId(id));
        Ok(())
    }

    /// A Patient that a change relies on.
    pub(super) fn subject(&mut self, id: ResourceId) -> Result<i64, Error> {
        if let Some(no) = self.known.subjects.get(&id) {
            return Ok(no);
        }
        let no = self
            .number("SELECT no FROM subject WHERE id = $1", [id.0])?
            .ok_or(incoherent("subject"))?;
        Ok(self.known.subjects.keep(id, no))
    }

    /// An agency that a change relies on.
    pub(super) fn organisation(&mut self, id: &OrganisationId) -> Result<i64, Error> {
        if let Some(no) = self.known.organisations.get(id) {
            return Ok(no);
        }
        let no = self
            .number("SELECT no FROM organisation WHERE id = $1", [id.as_str()])?
            .ok_or(incoherent("agency"))?;
        Ok(self.known.organisations.keep(id.clone(), no))
    }

    /// The number of a word, new or known.
    pub(super) fn symbol(&mut self, text: &str) -> Result<i64, Error> {
        if let Some(no) = self.known.symbols.get(text) {
            return Ok(no);
        }
        let no = match self.number("SELECT no FROM symbol WHERE text = $1", [text])? {
            Some(no) => no,
            None => self.returning("INSERT INTO symbol (text) VALUES ($1) RETURNING no", [text])?,
        };
        Ok(self.known.symbols.keep(text.to_owned(), no))
    }

    /// The number of a combination of labels, new or known.
    pub(super) fn class(&mut self, class: &LabelClass) -> Result<i64, Error> {
        if let Some(no) = self.known.classes.get(class) {
            return Ok(no);
        }
        let body = to_json(class)?;
        let no = match self.number("SELECT no FROM label_class WHERE body = $1", [&body])? {
            Some(no) => no,
            None => self.returning(
                "INSERT INTO label_class (body) VALUES ($1) RETURNING no",
                params![body],
            )?,
        };
        Ok(self.known.classes.keep(class.clone(), no))
    }
}
