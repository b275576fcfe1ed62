//! Agencies, teams, duties, workers, homes, and what the exchange has one of.

use domain::{Duty, HomeId, Organisation, ResourceId, Team, Timestamp, TokenId, Worker};
use rusqlite::params;

use super::session::Session;
use crate::Error;
use crate::sqlite::convert::to_json;

impl Session {
    pub(super) fn put_organisation(
        &mut self,
        organisation: &Organisation,
        home: HomeId,
        resource: Option<ResourceId>,
    ) -> Result<(), Error> {
        let home = self.home(home)?;
        self.run(
            "INSERT INTO organisation (id, home_no, resource, body) VALUES ($1, $2, $3, $4)
             ON CONFLICT (id) DO UPDATE SET
                 resource = COALESCE(excluded.resource, organisation.resource),
                 body = excluded.body",
            params![
                organisation.id.as_str(),
                home.no,
                resource.map(|id| id.0),
                to_json(organisation)?,
            ],
        )?;
        self.move_directory()
    }

    pub(super) fn put_team(&mut self, team: &Team) -> Result<(), Error> {
        self.run(
            "INSERT INTO team (id, body) VALUES ($1, $2)
             ON CONFLICT (id) DO UPDATE SET body = excluded.body",
            params![team.id.as_str(), to_json(team)?],
        )?;
        self.move_directory()
    }

    pub(super) fn put_duty(&mut self, duty: &Duty) -> Result<(), Error> {
        self.run(
            "INSERT INTO duty (serves, team, body) VALUES ($1, $2, $3)
             ON CONFLICT (serves, team) DO UPDATE SET body = excluded.body",
            params![duty.serves.as_str(), duty.team.as_str(), to_json(duty)?],
        )?;
        self.move_directory()
    }

    pub(super) fn put_worker(
        &mut self,
        worker: &Worker,
        resource: Option<ResourceId>,
    ) -> Result<(), Error> {
        self.run(
            "INSERT INTO worker (id, until, resource, body) VALUES ($1, $2, $3, $4)
             ON CONFLICT (id) DO UPDATE SET
                 until = excluded.until,
                 resource = COALESCE(excluded.resource, worker.resource),
                 body = excluded.body",
            params![
                worker.id.as_str(),
                worker.until.map(|at| at.0),
                resource.map(|id| id.0),
                to_json(worker)?,
            ],
        )?;
        self.known.workers.remove(&worker.id);
        self.move_directory()
    }

    pub(super) fn move_directory(&self) -> Result<(), Error> {
        self.run(
            "UPDATE exchange SET directory_version = directory_version + 1",
            [],
        )?;
        Ok(())
    }

    /// Makes a home; one that is there keeps its key.
    pub(super) fn put_home(&mut self, home: HomeId, wrapped_key: &[u8]) -> Result<(), Error> {
        self.run(
            "INSERT INTO home (id, wrapped_key, facts_version, protected, names_single)
             VALUES ($1, $2, 1, 0, 0)
             ON CONFLICT (id) DO NOTHING",
            params![home.0, wrapped_key],
        )?;
        Ok(())
    }

    pub(super) fn put_policy(&mut self, hash: &str) -> Result<(), Error> {
        self.run("UPDATE exchange SET policy = $1", [hash])?;
        self.known.policy = Some(Some(hash.to_owned()));
        Ok(())
    }

    /// Ends a token; the longest of several expiries counts.
    pub(super) fn revoke(&mut self, token: &TokenId, expires: Timestamp) -> Result<(), Error> {
        self.run(
            "INSERT INTO revoked (token, expires) VALUES ($1, $2)
             ON CONFLICT (token) DO UPDATE SET expires = MAX(revoked.expires, excluded.expires)",
            params![token.as_str(), expires.0],
        )?;
        self.revoked()?.insert(token.clone());
        Ok(())
    }
}
