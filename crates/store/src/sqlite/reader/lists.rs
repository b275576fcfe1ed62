//! Pages of resources: everything, chronology.
//!
//! A page is found in two steps: the rows in order, from small tables only, then their bytes.

use policy::Permit;

use super::pool::SqliteSnapshot;
use super::sql::Sql;
use crate::{Cursor, Error, Page, PageRequest, Within};

/// The order of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Order {
    /// The Patient first, then type by type; within a type as they came.
    Type,
    /// By when what they record happened, the last first, undated ones after the others.
    Occurred,
}

impl SqliteSnapshot {
    pub(super) fn list_everything(
        &self,
        permit: &Permit,
        types: &[&str],
        within: Within,
        page: &PageRequest,
    ) -> Result<Page, Error> {
        let scope = self.scope(permit)?;
        self.page(Order::Type, page, |sql| {
            scope.push_to(sql, "r", "");
            self.push_types(sql, types)?;
            push_within(sql, within);
            Ok(())
        })
    }

    pub(super) fn list_in_time(
        &self,
        permit: &Permit,
        types: &[&str],
        page: &PageRequest,
    ) -> Result<Page, Error> {
        let scope = self.scope(permit)?;
        self.page(Order::Occurred, page, |sql| {
            scope.push_to(sql, "r", "");
            self.push_types(sql, types)
        })
    }

    fn push_types(&self, sql: &mut Sql, types: &[&str]) -> Result<(), Error> {
        if !types.is_empty() {
            let known = types
                .iter()
                .filter_map(|rtype| self.symbol(rtype).transpose());
            sql.push(" AND r.type_no IN ")
                .list(known.collect::<Result<Vec<_>, _>>()?);
        }
        Ok(())
    }

    /// One page of the rows that `conditions` describe.
    fn page(
        &self,
        order: Order,
        page: &PageRequest,
        conditions: impl Fn(&mut Sql) -> Result<(), Error>,
    ) -> Result<Page, Error> {
        let mut sql = Sql::new("SELECT r.row, ");
        sql.push(order.key()).push(" FROM resource r WHERE ");
        conditions(&mut sql)?;
        if let Some(after) = &page.after {
            sql.push(" AND ");
            order.push_after(&mut sql, after);
        }
        // One more than asked for tells whether there is a next page.
        sql.push(order.clause())
            .push(" LIMIT ")
            .bind(i64::from(page.limit) + 1);
        let mut places = self.places(&sql)?;
        let has_more = places.len() > page.limit as usize;
        places.truncate(page.limit as usize);
        let resources = places.iter().map(|place| self.at_row(place.row));
        Ok(Page {
            resources: resources.collect::<Result<_, _>>()?,
            included: Vec::new(),
            next: places.pop().filter(|_| has_more),
            total: self.total(page, conditions)?,
        })
    }

    fn places(&self, sql: &Sql) -> Result<Vec<Cursor>, Error> {
        let mut statement = sql.prepare(self.db())?;
        let mut rows = statement.raw_query();
        let mut places = Vec::new();
        while let Some(row) = rows.next()? {
            let key: Option<i64> = row.get(1)?;
            places.push(Cursor::at(key.unwrap_or(Order::UNDATED), row.get(0)?));
        }
        Ok(places)
    }

    fn total(
        &self,
        page: &PageRequest,
        conditions: impl Fn(&mut Sql) -> Result<(), Error>,
    ) -> Result<Option<u64>, Error> {
        if !page.with_total {
            return Ok(None);
        }
        let mut sql = Sql::new("SELECT COUNT(*) FROM resource r WHERE ");
        conditions(&mut sql)?;
        let mut statement = sql.prepare(self.db())?;
        let mut rows = statement.raw_query();
        let total: i64 = match rows.next()? {
            Some(row) => row.get(0)?,
            None => 0,
        };
        Ok(u64::try_from(total).ok())
    }
}

impl Order {
    fn key(self) -> &'static str {
        match self {
            Self::Type => "r.type_no",
            Self::Occurred => "r.occurred_at",
        }
    }

    /// SQLite puts absent values last going down; PostgreSQL does the opposite.
    fn clause(self) -> &'static str {
        match self {
            Self::Type => " ORDER BY r.type_no, r.row",
            Self::Occurred => " ORDER BY r.occurred_at DESC, r.row DESC",
        }
    }

    /// How a cursor says that it stands among the undated.
    const UNDATED: i64 = i64::MIN;

    /// The rows after a place in this order.
    fn push_after(self, sql: &mut Sql, after: &Cursor) {
        match self {
            Self::Type => push_beyond(sql, self.key(), ">", after),
            Self::Occurred if after.key == Self::UNDATED => {
                sql.push("r.occurred_at IS NULL AND r.row < ")
                    .bind(after.row);
            }
            Self::Occurred => {
                sql.push("(r.occurred_at IS NULL OR ");
                push_beyond(sql, self.key(), "<", after);
                sql.push(")");
            }
        }
    }
}

fn push_within(sql: &mut Sql, within: Within) {
    let bounds = [
        (" AND r.updated_at >= ", "", within.since),
        (
            " AND (r.occurred_at >= ",
            " OR r.occurred_at IS NULL)",
            within.start,
        ),
        (
            " AND (r.occurred_at < ",
            " OR r.occurred_at IS NULL)",
            within.end,
        ),
    ];
    for (before, after, bound) in bounds {
        if let Some(bound) = bound {
            sql.push(before).bind(bound.0).push(after);
        }
    }
}

fn push_beyond(sql: &mut Sql, key: &str, beyond: &str, after: &Cursor) {
    sql.push("(")
        .push(key)
        .push(", r.row) ")
        .push(beyond)
        .push(" (")
        .bind(after.key)
        .push(", ")
        .bind(after.row)
        .push(")");
}
