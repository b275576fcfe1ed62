//! Pages of resources: search, everything, chronology.
//!
//! A page is found in two steps: the rows in order, from small tables only, then their bytes.

use domain::Timestamp;
use fhir::search::{ParamKind, Query, params_of};
use policy::Permit;

use super::filters::{Place, push_filter, steers};
use super::pool::SqliteSnapshot;
use super::scope::Scope;
use super::sql::Sql;
use crate::{Cursor, Error, Page, PageRequest};

/// The order of a list. Rows of equal key are in order of arrival, or against it where the last
/// comes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Order {
    /// As they came.
    Arrival,
    /// The Patient first, then type by type; within a type as they came.
    Type,
    /// By when what they record happened; undated ones last.
    Occurred { descending: bool },
    /// By when their current version was accepted.
    Updated { descending: bool },
}

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
            return Ok(nothing(page));
        };
        let place = Place {
            homes: scope.homes(),
            type_no,
            rtype,
        };
        self.page(order_of(rtype, query), page, |sql| {
            let steer = if query.filters.iter().any(steers) {
                "+"
            } else {
                ""
            };
            scope.push_to(sql, steer);
            sql.push(" AND ")
                .push(steer)
                .push("r.type_no = ")
                .bind(type_no);
            query
                .filters
                .iter()
                .try_for_each(|filter| push_filter(self, sql, &place, filter))
        })
    }

    pub(super) fn list_everything(
        &self,
        permit: &Permit,
        types: &[&str],
        since: Option<Timestamp>,
        page: &PageRequest,
    ) -> Result<Page, Error> {
        let scope = self.scope(permit)?;
        self.page(Order::Type, page, |sql| {
            scope.push_to(sql, "");
            self.push_types(sql, types)?;
            if let Some(since) = since {
                sql.push(" AND r.updated_at >= ").bind(since.0);
            }
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
        self.page(Order::Occurred { descending: true }, page, |sql| {
            scope.push_to(sql, "");
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
        let mut places = self.places(&sql, order)?;
        let has_more = places.len() > page.limit as usize;
        places.truncate(page.limit as usize);
        let resources = places.iter().map(|place| self.at_row(place.row));
        Ok(Page {
            resources: resources.collect::<Result<_, _>>()?,
            next: places.pop().filter(|_| has_more),
            total: self.total(page, conditions)?,
        })
    }

    fn places(&self, sql: &Sql, order: Order) -> Result<Vec<Cursor>, Error> {
        let mut statement = sql.prepare(self.db())?;
        let mut rows = statement.raw_query();
        let mut places = Vec::new();
        while let Some(row) = rows.next()? {
            let key: Option<i64> = row.get(1)?;
            places.push(Cursor {
                key: key.unwrap_or(order.key_of_none()),
                row: row.get(0)?,
            });
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

/// What a query sorts by first. `_lastUpdated` is the version's time; any date is when what the
/// resource records happened; other parameters keep the order of arrival.
fn order_of(rtype: &str, query: &Query) -> Order {
    let Some(sort) = query.sort.first() else {
        return Order::Arrival;
    };
    let descending = sort.descending;
    let is_date =
        |name| params_of(rtype).any(|param| param.name == name && param.kind == ParamKind::Date);
    match sort.param {
        "_lastUpdated" => Order::Updated { descending },
        name if is_date(name) => Order::Occurred { descending },
        _ => Order::Arrival,
    }
}

fn nothing(page: &PageRequest) -> Page {
    Page {
        resources: Vec::new(),
        next: None,
        total: page.with_total.then_some(0),
    }
}

impl Order {
    fn key(self) -> &'static str {
        match self {
            Self::Arrival => "r.row",
            Self::Type => "r.type_no",
            Self::Occurred { .. } => "r.occurred_at",
            Self::Updated { .. } => "r.updated_at",
        }
    }

    /// SQLite puts absent values first going up and last going down; PostgreSQL does the opposite.
    fn clause(self) -> &'static str {
        match self {
            Self::Arrival => " ORDER BY r.row",
            Self::Type => " ORDER BY r.type_no, r.row",
            Self::Occurred { descending: true } => " ORDER BY r.occurred_at DESC, r.row DESC",
            Self::Occurred { descending: false } => {
                " ORDER BY r.occurred_at IS NULL, r.occurred_at, r.row"
            }
            Self::Updated { descending: true } => " ORDER BY r.updated_at DESC, r.row DESC",
            Self::Updated { descending: false } => " ORDER BY r.updated_at, r.row",
        }
    }

    /// How a cursor says that it stands among the undated.
    fn key_of_none(self) -> i64 {
        match self {
            Self::Occurred { descending: true } => i64::MIN,
            _ => i64::MAX,
        }
    }

    /// The rows after a place in this order.
    fn push_after(self, sql: &mut Sql, after: &Cursor) {
        let is_undated = after.key == self.key_of_none();
        match self {
            Self::Arrival => {
                sql.push("r.row > ").bind(after.row);
            }
            Self::Type | Self::Updated { descending: false } => {
                push_beyond(sql, self.key(), ">", after);
            }
            Self::Updated { descending: true } => push_beyond(sql, self.key(), "<", after),
            Self::Occurred { descending } => {
                let beyond = if descending { "<" } else { ">" };
                if is_undated {
                    sql.push("r.occurred_at IS NULL AND r.row ")
                        .push(beyond)
                        .push(" ")
                        .bind(after.row);
                } else {
                    sql.push("(r.occurred_at IS NULL OR ");
                    push_beyond(sql, self.key(), beyond, after);
                    sql.push(")");
                }
            }
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
