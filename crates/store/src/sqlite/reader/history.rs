//! Versions, newest first: of one resource, or of all of a type.
//!
//! A version is open only if both its own label and the current one are, as when it is read alone.

use domain::Timestamp;
use policy::Permit;
use rusqlite::types::Value;

use super::pool::SqliteSnapshot;
use super::scope::Scope;
use super::sql::Sql;
use crate::{Cursor, Error, HistoryAsk, Page, PageRequest};

impl SqliteSnapshot {
    pub(super) fn history_of_person(
        &self,
        permit: &Permit,
        ask: &HistoryAsk<'_>,
        page: &PageRequest,
    ) -> Result<Page, Error> {
        self.history_in(&self.scope(permit)?, ask, page)
    }

    pub(super) fn history_of_directory(
        &self,
        ask: &HistoryAsk<'_>,
        page: &PageRequest,
    ) -> Result<Page, Error> {
        self.history_in(&Scope::Directory, ask, page)
    }

    fn history_in(
        &self,
        scope: &Scope<'_>,
        ask: &HistoryAsk<'_>,
        page: &PageRequest,
    ) -> Result<Page, Error> {
        let type_no = self.symbol(ask.resource_type)?.unwrap_or_default();
        let conditions = |sql: &mut Sql| {
            sql.push(" FROM resource r JOIN version v ON v.row = r.row WHERE ");
            scope.push_known(sql, "r", "");
            scope.push_version(sql, "v", "r");
            sql.push(" AND r.type_no = ").bind(type_no);
            if let Some(id) = ask.id {
                sql.push(" AND r.id = ").bind(Value::Blob(id.0.to_vec()));
            }
            if let Some(Timestamp(since)) = ask.since {
                sql.push(" AND v.updated_at >= ").bind(since);
            }
        };
        let mut sql = Sql::new("SELECT v.no, v.row, v.version");
        conditions(&mut sql);
        if let Some(after) = &page.after {
            sql.push(" AND v.no < ").bind(after.key);
        }
        // One more than asked for tells whether there is a next page.
        sql.push(" ORDER BY v.no DESC LIMIT ");
        sql.bind(i64::from(page.limit) + 1);
        let mut places: Vec<(Cursor, u32)> = Vec::new();
        let mut statement = sql.prepare(self.db())?;
        let mut rows = statement.raw_query();
        while let Some(row) = rows.next()? {
            places.push((Cursor::at(row.get(0)?, row.get(1)?), row.get(2)?));
        }
        let has_more = places.len() > page.limit as usize;
        places.truncate(page.limit as usize);
        let resources = places
            .iter()
            .map(|(place, version)| self.version_at(place.row, *version));
        let resources = resources.collect::<Result<_, _>>()?;
        let mut total = None;
        if page.with_total {
            let mut sql = Sql::new("SELECT COUNT(*)");
            conditions(&mut sql);
            let mut statement = sql.prepare(self.db())?;
            let mut rows = statement.raw_query();
            if let Some(row) = rows.next()? {
                total = u64::try_from(row.get::<_, i64>(0)?).ok();
            }
        }
        Ok(Page {
            resources,
            included: Vec::new(),
            next: places.pop().map(|(place, _)| place).filter(|_| has_more),
            total,
        })
    }
}
