//! Agencies, teams, duties and workers, read whole and shared until one changes.

use std::sync::{Arc, PoisonError};

use domain::message::Rota;
use domain::{Duty, HomeId, Organisation, OrganisationId, ResourceId, Team, TokenId, Worker};
use serde::de::DeserializeOwned;

use super::pool::SqliteSnapshot;
use crate::sqlite::convert::Column;
use crate::{Directory, Error};

impl SqliteSnapshot {
    pub(super) fn whole_directory(&self) -> Result<Arc<Directory>, Error> {
        let version = self.directory_version;
        let kept = &self.pool.directory;
        if let Some((known, directory)) = &*kept.lock().unwrap_or_else(PoisonError::into_inner)
            && *known == version
        {
            return Ok(Arc::clone(directory));
        }
        let directory = Arc::new(self.read_directory()?);
        *kept.lock().unwrap_or_else(PoisonError::into_inner) =
            Some((version, Arc::clone(&directory)));
        Ok(directory)
    }

    fn read_directory(&self) -> Result<Directory, Error> {
        let mut directory = Directory::default();
        let organisations = "SELECT body, resource FROM organisation";
        self.bodies(
            organisations,
            "organisation",
            |it: Organisation, resource| {
                if let Some(resource) = resource {
                    let id = it.id.clone();
                    directory.organization_resources.insert(resource, id);
                }
                directory.organisations.insert(it.id.clone(), it);
            },
        )?;
        self.bodies("SELECT body, NULL FROM team", "team", |it: Team, _| {
            directory.teams.insert(it.id.clone(), it);
        })?;
        let duties = "SELECT body, NULL FROM duty ORDER BY serves, team";
        self.bodies(duties, "duty", |it: Duty, _| directory.duties.push(it))?;
        let workers = "SELECT body, resource FROM worker";
        self.bodies(workers, "worker", |it: Worker, resource| {
            if let Some(resource) = resource {
                directory.practitioners.insert(resource, it.id.clone());
            }
            directory.workers.insert(it.id.clone(), it);
        })?;
        self.bodies("SELECT body, NULL FROM rota", "rota", |it: Rota, _| {
            directory.rotas.insert(it.team.clone(), it);
        })?;
        Ok(directory)
    }

    fn bodies<T: DeserializeOwned>(
        &self,
        sql: &str,
        table: &'static str,
        mut each: impl FnMut(T, Option<ResourceId>),
    ) -> Result<(), Error> {
        let mut statement = self.db().prepare_cached(sql)?;
        let mut rows = statement.query([])?;
        let mut place = 0;
        while let Some(row) = rows.next()? {
            place += 1;
            let body: String = row.get(0)?;
            let resource: Option<[u8; 16]> = row.get(1)?;
            let value = Column(table, "body").read_json(&body, place)?;
            each(value, resource.map(ResourceId));
        }
        Ok(())
    }

    pub(super) fn home_of(&self, organisation: &OrganisationId) -> Result<Option<HomeId>, Error> {
        let sql = "
            SELECT h.id
            FROM organisation o
            JOIN home h ON h.no = o.home_no
            WHERE o.id = $1";
        Ok(self.one(sql, [organisation.as_str()])?.map(HomeId))
    }

    pub(super) fn was_revoked(&self, token: &TokenId) -> Result<bool, Error> {
        let sql = "SELECT 1 FROM revoked WHERE token = $1";
        Ok(self.one::<i64>(sql, [token.as_str()])?.is_some())
    }
}
