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

use fhir::search::{OfType, Query};
use policy::Permit;

pub(super) use alternatives::after_prefix;
use conditions::{Rows, Search, steers};

use super::pool::SqliteSnapshot;
use super::scope::Scope;
use super::sql::Sql;
use crate::{Cursor, Error, Page, PageRequest};

/// What is asked of the rows of one type.
struct Asked<'q> {
    type_no: i64,
    of: &'q OfType,
}

impl SqliteSnapshot {
    pub(super) fn search_person(
        &self,
        permit: &Permit,
        query: &Query,
        page: &PageRequest,
    ) -> Result<Page, Error> {
        self.search_in(&self.scope(permit)?, query, page)
    }

    pub(super) fn search_directory(
        &self,
        query: &Query,
        page: &PageRequest,
    ) -> Result<Page, Error> {
        self.search_in(&Scope::Directory, query, page)
    }

    fn search_in(
        &self,
        scope: &Scope<'_>,
        query: &Query,
        page: &PageRequest,
    ) -> Result<Page, Error> {
        let asked = self.known_types(query)?;
        let search = Search::new(self, scope);
        let total = match page.with_total {
            true => Some(search.count(&asked)?),
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
        let (mut places, has_more) = search.places(&asked, page)?;
        let resources = places.iter().map(|place| self.at_row(place.row));
        let resources: Vec<_> = resources.collect::<Result<_, _>>()?;
        Ok(Page {
            included: including::with(&search, &resources, &query.includes)?,
            resources,
            next: places.pop().filter(|_| has_more),
            total,
        })
    }

    /// The types of which anything is stored: of the others nothing can be found.
    fn known_types<'q>(&self, query: &'q Query) -> Result<Vec<Asked<'q>>, Error> {
        let known = query.of.iter().map(|of| {
            let type_no = self.symbol(of.rtype)?;
            Ok(type_no.map(|type_no| Asked { type_no, of }))
        });
        known.filter_map(Result::transpose).collect()
    }
}

impl Search<'_> {
    /// The places of one page, and whether there is another after it.
    fn places(
        &self,
        asked: &[Asked<'_>],
        page: &PageRequest,
    ) -> Result<(Vec<Cursor>, bool), Error> {
        let mut joins = Sql::new("");
        let keys = sorting::push_keys(self, &mut joins, asked)?;
        let mut sql = Sql::new("SELECT r.row");
        for key in &keys {
            sql.push(", ").push(key.expression());
        }
        sql.push(" FROM resource r").append(joins).push(" WHERE ");
        self.push_wanted(&mut sql, asked)?;
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

    fn count(&self, asked: &[Asked<'_>]) -> Result<u64, Error> {
        let mut sql = Sql::new("SELECT COUNT(*) FROM resource r WHERE ");
        self.push_wanted(&mut sql, asked)?;
        let mut statement = sql.prepare(self.snapshot.db())?;
        let mut found = statement.raw_query();
        let total: i64 = match found.next()? {
            Some(row) => row.get(0)?,
            None => 0,
        };
        Ok(u64::try_from(total).unwrap_or_default())
    }

    /// The rows in scope that are of a type asked for and meet every condition of it.
    fn push_wanted(&self, sql: &mut Sql, asked: &[Asked<'_>]) -> Result<(), Error> {
        let steer = match asked {
            [only] if only.of.filters.iter().any(steers) => "+",
            _ => "",
        };
        self.scope.push_to(sql, "r", steer);
        if asked.is_empty() {
            sql.push(" AND 1 = 0");
        }
        for (place, Asked { type_no, of }) in asked.iter().enumerate() {
            sql.push(if place == 0 { " AND ((" } else { ") OR (" });
            sql.push(steer).push("r.type_no = ").bind(*type_no);
            let rows = Rows {
                alias: "r",
                type_no: *type_no,
            };
            let mut filters = of.filters.iter();
            filters.try_for_each(|filter| self.push(sql, rows, filter))?;
        }
        sql.push(if asked.is_empty() { "" } else { "))" });
        Ok(())
    }
}
