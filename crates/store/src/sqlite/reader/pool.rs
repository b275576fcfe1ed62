//! Reading connections, lent to one snapshot at a time.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use domain::PersonId;
use policy::DigestedFacts;
use rusqlite::{Connection, OptionalExtension};

use super::interned::Interned;
use crate::sqlite::files::Files;
use crate::{Directory, Error};

/// Connections kept open while idle; more are opened when needed and closed after use.
const KEPT: usize = 64;

/// People whose facts are remembered before all are forgotten.
const PEOPLE: usize = 10_000;

/// Reading connections, and what every snapshot may reuse because it names its own version.
pub(in crate::sqlite) struct Pool {
    files: Arc<Files>,
    idle: Mutex<Vec<Connection>>,
    pub(super) interned: Interned,
    pub(super) directory: Mutex<Option<(i64, Arc<Directory>)>>,
    pub(super) facts: Mutex<HashMap<PersonId, Arc<DigestedFacts>>>,
}

impl Pool {
    pub(in crate::sqlite) fn new(files: Arc<Files>) -> Self {
        Self {
            files,
            idle: Mutex::default(),
            interned: Interned::default(),
            directory: Mutex::default(),
            facts: Mutex::default(),
        }
    }

    pub(super) fn remembered_facts(&self, person: PersonId) -> Option<Arc<DigestedFacts>> {
        let facts = self.facts.lock().unwrap_or_else(PoisonError::into_inner);
        facts.get(&person).cloned()
    }

    pub(super) fn remember_facts(&self, new: &Arc<DigestedFacts>) {
        let mut facts = self.facts.lock().unwrap_or_else(PoisonError::into_inner);
        if facts.len() >= PEOPLE {
            facts.clear();
        }
        facts.insert(new.person, Arc::clone(new));
    }

    fn connection(&self) -> Result<Connection, Error> {
        let idle = self
            .idle
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .pop();
        match idle {
            Some(connection) => Ok(connection),
            None => Ok(self.files.reader()?),
        }
    }

    fn give_back(&self, connection: Connection) {
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        if idle.len() < KEPT {
            idle.push(connection);
        }
    }
}

/// One read transaction. Dropping it ends the transaction and returns the connection.
pub(in crate::sqlite) struct SqliteSnapshot {
    /// Present until dropped.
    connection: Option<Connection>,
    pub(super) pool: Arc<Pool>,
    pub(super) policy: Option<String>,
    pub(super) directory_version: i64,
}

/// Sees the store as it is now. The first read fixes the moment.
pub(in crate::sqlite) fn snapshot(pool: &Arc<Pool>) -> Result<SqliteSnapshot, Error> {
    let mut snapshot = SqliteSnapshot {
        connection: Some(pool.connection()?),
        pool: Arc::clone(pool),
        policy: None,
        directory_version: 0,
    };
    snapshot.db().prepare_cached("BEGIN")?.execute([])?;
    let sql = "SELECT policy, directory_version FROM exchange";
    let (policy, version) = snapshot
        .db()
        .prepare_cached(sql)?
        .query_row([], |row| Ok((row.get(0)?, row.get(1)?)))?;
    snapshot.policy = policy;
    snapshot.directory_version = version;
    Ok(snapshot)
}

impl SqliteSnapshot {
    pub(in crate::sqlite) fn db(&self) -> &Connection {
        self.connection
            .as_ref()
            .expect("the connection is taken only by drop")
    }

    /// A count over whole tables.
    pub(in crate::sqlite) fn count(&self, sql: &str) -> Result<Option<i64>, Error> {
        self.one(sql, [])
    }

    /// The first row's only column, if there is a row.
    pub(super) fn one<T: rusqlite::types::FromSql>(
        &self,
        sql: &str,
        params: impl rusqlite::Params,
    ) -> Result<Option<T>, Error> {
        let mut statement = self.db().prepare_cached(sql)?;
        Ok(statement.query_row(params, |row| row.get(0)).optional()?)
    }
}

impl Drop for SqliteSnapshot {
    fn drop(&mut self) {
        if let Some(connection) = self.connection.take() {
            let ended = connection
                .prepare_cached("COMMIT")
                .and_then(|mut commit| commit.execute([]));
            // A connection that cannot end its transaction is closed, which ends it.
            if ended.is_ok() {
                self.pool.give_back(connection);
            }
        }
    }
}
