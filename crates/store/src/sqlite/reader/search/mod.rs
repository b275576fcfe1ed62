//! Search within one person's record or in the directory: rows in order from small tables, then
//! the bytes of one page, then what goes with it.
//!
//! Search is disclosure: whatever a query joins, sorts, counts or includes is held against the
//! scope of the caller inside the query, before any limit.

mod alternatives;
mod composites;
mod conditions;
mod dates;
mod including;
mod links;
mod quantities;
mod sorting;

use fhir::search::Query;
use policy::Permit;

pub(super) use alternatives::after_prefix;
use conditions::{Rows, Search, steers};

use super::pool::SqliteSnapshot;
use super::scope::Scope;
use super::sql::Sql;
use crate::{Cursor, Error, Page, PageRequest};

impl SqliteSnapshot {
    pub(super) fn search_person(
        &self,
        permit: &Permit,
        rtype: &str,
        query: &Query,
        page: &PageRequest,
    ) -> Result<Page, Error> {
        self.search_in(&self.scope(permit)?, rtype, query, page)
    }

    pub(super) fn search_directory(
        &self,
        rtype: &str,
        query: &Query,
        page: &PageRequest,
    ) -> Result<Page, Error> {
        self.search_in(&Scope::Directory, rtype, query, page)
    }

    fn search_in(
        &self,
        scope: &Scope<'_>,
        rtype: &str,
        query: &Query,
        page: &PageRequest,
    ) -> Result<Page, Error> {
        let Some(type_no) = self.symbol(rtype)? else {
            return Ok(Page {
                resources: Vec::new(),
                included: Vec::new(),
                next: None,
                total: page.with_total.then_some(0),
            });
        };
        let search = Search::new(self, scope);
        let rows = Rows {
            alias: "r",
            type_no,
        };
        let total = match page.with_total {
            true => Some(search.count(rows, query)?),
            false => None,
        };
        // Nothing but the count is wanted.
        if page.limit == 0 {
            return Ok(Page {
                resources: Vec::new(),
                included: Vec::new(),
                next: None,
                total,
            });
        }
        let (mut places, has_more) = search.places(rows, query, page)?;
        let resources = places.iter().map(|place| self.at_row(place.row));
        let resources: Vec<_> = resources.collect::<Result<_, _>>()?;
        Ok(Page {
            included: including::with(&search, &resources, &query.includes)?,
            resources,
            next: places.pop().filter(|_| has_more),
            total,
        })
    }
}

impl Search<'_> {
    /// The places of one page, and whether there is another after it.
    fn places(
        &self,
        rows: Rows<'_>,
        query: &Query,
        page: &PageRequest,
    ) -> Result<(Vec<Cursor>, bool), Error> {
        let mut joins = Sql::new("");
        let keys = sorting::push_keys(self, &mut joins, rows.type_no, &query.sort)?;
        let mut sql = Sql::new("SELECT r.row");
        for key in &keys {
            sql.push(", ").push(key.expression());
        }
        sql.push(" FROM resource r").append(joins).push(" WHERE ");
        self.push_wanted(&mut sql, rows, query)?;
        if let Some(after) = &page.after {
            sorting::push_after(&mut sql, &keys, after);
        }
        sorting::push_order(&mut sql, &keys);
        // One more than asked for tells whether there is a next page.
        sql.push(" LIMIT ").bind(i64::from(page.limit) + 1);
        let mut statement = sql.prepare(self.snapshot.db())?;
        let mut found = statement.raw_query();
        let mut places = Vec::new();
        while let Some(row) = found.next()? {
            let read = (1..=keys.len()).map(|place| Ok(sorting::read(row.get_ref(place)?)));
            let no: i64 = row.get(0)?;
            places.push(Cursor {
                key: no,
                row: no,
                keys: read.collect::<Result<_, Error>>()?,
            });
        }
        let has_more = places.len() > page.limit as usize;
        places.truncate(page.limit as usize);
        Ok((places, has_more))
    }

    fn count(&self, rows: Rows<'_>, query: &Query) -> Result<u64, Error> {
        let mut sql = Sql::new("SELECT COUNT(*) FROM resource r WHERE ");
        self.push_wanted(&mut sql, rows, query)?;
        let mut statement = sql.prepare(self.snapshot.db())?;
        let mut found = statement.raw_query();
        let total: i64 = match found.next()? {
            Some(row) => row.get(0)?,
            None => 0,
        };
        Ok(u64::try_from(total).unwrap_or_default())
    }

    /// The rows in scope that meet every condition.
    fn push_wanted(&self, sql: &mut Sql, rows: Rows<'_>, query: &Query) -> Result<(), Error> {
        let steer = match query.filters.iter().any(steers) {
            true => "+",
            false => "",
        };
        self.scope.push_to(sql, rows.alias, steer);
        sql.push(" AND ").push(steer).push("r.type_no = ");
        sql.bind(rows.type_no);
        let mut filters = query.filters.iter();
        filters.try_for_each(|filter| self.push(sql, rows, filter))
    }
}
