//! Whether what a decision rested on still holds.

use std::collections::HashSet;

use domain::{Timestamp, TokenId, WorkerId};
use rusqlite::OptionalExtension;

use super::session::Session;
use crate::{Error, Expect};

impl Session {
    /// Refuses a change whose ground moved. Nothing else writes, so what holds here holds until
    /// the commit.
    pub(super) fn check(&mut self, expect: &Expect, now: Timestamp) -> Result<(), Error> {
        if let Some(token) = &expect.token
            && self.revoked()?.contains(token)
        {
            return Err(Error::Revoked);
        }
        if let Some(worker) = &expect.worker
            && !self.is_in_post(worker, now)?
        {
            return Err(Error::Revoked);
        }
        if expect.policy.is_some() && expect.policy != self.policy()? {
            return Err(Error::Stale);
        }
        for (home, facts) in &expect.homes {
            if self
                .find_home(*home)?
                .is_none_or(|home| home.facts != *facts)
            {
                return Err(Error::Stale);
            }
        }
        Ok(())
    }

    /// Every token that was ended before its time.
    pub(super) fn revoked(&mut self) -> Result<&mut HashSet<TokenId>, Error> {
        let revoked = match self.known.revoked.take() {
            Some(revoked) => revoked,
            None => {
                let mut statement = self.db.prepare_cached("SELECT token FROM revoked")?;
                let tokens =
                    statement.query_map([], |row| row.get::<_, String>(0).map(TokenId::new))?;
                tokens.collect::<Result<_, _>>()?
            }
        };
        Ok(self.known.revoked.insert(revoked))
    }

    fn is_in_post(&mut self, worker: &WorkerId, now: Timestamp) -> Result<bool, Error> {
        let until = match self.known.workers.get(worker) {
            Some(until) => until,
            None => {
                let sql = "SELECT until FROM worker WHERE id = $1";
                let mut statement = self.db.prepare_cached(sql)?;
                let until: Option<Option<i64>> = statement
                    .query_row([worker.as_str()], |row| row.get(0))
                    .optional()?;
                let until = until.map(|until| until.map(Timestamp));
                self.known.workers.keep(worker.clone(), until)
            }
        };
        Ok(until.is_some_and(|until| until.is_none_or(|until| now < until)))
    }

    fn policy(&mut self) -> Result<Option<String>, Error> {
        if let Some(policy) = &self.known.policy {
            return Ok(policy.clone());
        }
        let mut statement = self.db.prepare_cached("SELECT policy FROM exchange")?;
        let policy: Option<String> = statement.query_row([], |row| row.get(0))?;
        self.known.policy = Some(policy.clone());
        Ok(policy)
    }
}
