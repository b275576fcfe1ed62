//! Search conditions as SQL (<https://hl7.org/fhir/R4/search.html>).
//!
//! A condition becomes `row IN (one subquery for each alternative)`. Each subquery reads one
//! stretch of an index table: home, type, place of the value, value.

use std::cell::Cell;

use domain::ResourceId;
use fhir::index::Aspect;
use fhir::search::{Filter, ParamKind, Path, SearchParam, Term};
use rusqlite::types::Value;

use super::alternatives::{Alternative, alternatives, table_of};
use super::{composites, dates, links};
use crate::Error;
use crate::sqlite::items;
use crate::sqlite::reader::pool::SqliteSnapshot;
use crate::sqlite::reader::scope::Scope;
use crate::sqlite::reader::sql::Sql;

/// SQLite joins at most 500 subqueries in one.
const TOGETHER: usize = 100;

/// The rows of one type that a condition is about: those that were asked for, or those that a
/// chain leads to.
#[derive(Clone, Copy)]
pub(super) struct Rows<'a> {
    /// What the rows are called in the statement.
    pub(super) alias: &'a str,
    /// The number of their type.
    pub(super) type_no: i64,
}

/// What all conditions of one search share.
pub(super) struct Search<'a> {
    pub(super) snapshot: &'a SqliteSnapshot,
    /// What may be known: every row of every join is held against it.
    pub(super) scope: &'a Scope<'a>,
    /// The homes whose index is read.
    pub(super) homes: Vec<i64>,
    /// How many tables have been named so far.
    pub(super) named: Cell<u32>,
}

impl<'a> Search<'a> {
    pub(super) fn new(snapshot: &'a SqliteSnapshot, scope: &'a Scope<'a>) -> Self {
        Self {
            snapshot,
            scope,
            homes: scope.joined_homes(),
            named: Cell::new(0),
        }
    }

    /// A name for one more table.
    pub(super) fn name(&self, letter: &str) -> String {
        self.named.set(self.named.get() + 1);
        format!("{letter}{}", self.named.get())
    }

    /// Adds ` AND ` and the condition.
    pub(super) fn push(&self, sql: &mut Sql, rows: Rows<'_>, filter: &Filter) -> Result<(), Error> {
        match filter {
            Filter::Id(ids) => push_ids(sql, rows, ids),
            Filter::Updated(terms) => dates::push_updated(sql, rows.alias, terms),
            Filter::Value { param, any_of, not } => {
                self.push_value(sql, rows, param, any_of, *not)?;
            }
            Filter::Missing { param, missing } => self.push_missing(sql, rows, param, *missing)?,
            Filter::Chain { param, any_of } => links::push_chain(self, sql, rows, param, any_of)?,
            Filter::Has {
                rtype,
                param,
                filter,
            } => links::push_has(self, sql, rows, rtype, param, filter)?,
        }
        Ok(())
    }

    fn push_value(
        &self,
        sql: &mut Sql,
        rows: Rows<'_>,
        param: &SearchParam,
        any_of: &[Term],
        not: bool,
    ) -> Result<(), Error> {
        sql.push(if not { " AND NOT (" } else { " AND (" });
        if param.kind == ParamKind::Composite {
            composites::push(self, sql, rows, param, any_of)?;
        } else {
            let found = alternatives(self.snapshot, &param.paths, param.only, any_of)?;
            self.push_found(sql, rows, &found);
        }
        sql.push(")");
        Ok(())
    }

    /// The row is among those that some alternative finds.
    pub(super) fn push_found(&self, sql: &mut Sql, rows: Rows<'_>, found: &[Alternative<'_>]) {
        if found.is_empty() {
            // Nothing is indexed so.
            sql.push("1 = 0");
        }
        for (group, some) in found.chunks(TOGETHER).enumerate() {
            sql.push(if group == 0 { "" } else { " OR " })
                .push(rows.alias)
                .push(".row IN (");
            self.push_rows(sql, rows.type_no, some);
            sql.push(")");
        }
    }

    /// The row numbers that some alternative finds, as one subquery.
    pub(super) fn push_rows(&self, sql: &mut Sql, type_no: i64, found: &[Alternative<'_>]) {
        if found.is_empty() {
            sql.push("SELECT NULL AS row WHERE 1 = 0");
        }
        for (place, one) in found.iter().enumerate() {
            sql.push(if place == 0 { "" } else { " UNION ALL " })
                .push("SELECT row FROM ")
                .push(one.table)
                .push(" WHERE home_no IN ")
                .list(self.homes.iter().copied())
                .push(" AND type_no = ")
                .bind(type_no)
                .push(" AND param_no IN ")
                .list(one.places.iter().copied());
            (one.condition)(sql);
        }
    }

    /// A value is there if anything of it is indexed, or that it is there.
    fn push_missing(
        &self,
        sql: &mut Sql,
        rows: Rows<'_>,
        param: &SearchParam,
        missing: bool,
    ) -> Result<(), Error> {
        let mut whole = match param.only {
            Some(only) => self.pointing_at(&param.paths, only)?,
            None => self.anything(param.kind, &param.paths)?,
        };
        let mut of_items = Vec::new();
        for composite in &param.composites {
            let found = match composite.base {
                "." => &mut whole,
                _ => &mut of_items,
            };
            for part in &composite.parts {
                found.extend(self.anything(part.kind, &part.paths)?);
            }
        }
        sql.push(if missing { " AND NOT (" } else { " AND (" });
        self.push_found(sql, rows, &whole);
        if !of_items.is_empty() {
            sql.push(" OR ").push(rows.alias).push(".row IN (SELECT ");
            sql.push(items::RESOURCE).push(" FROM (");
            self.push_rows(sql, rows.type_no, &of_items);
            sql.push("))");
        }
        sql.push(")");
        Ok(())
    }

    /// References to one type: what else the element refers to is not of the parameter.
    fn pointing_at(&self, paths: &[Path], only: &str) -> Result<Vec<Alternative<'a>>, Error> {
        let places = self.snapshot.places_of(paths, Aspect::Value)?;
        let Some(type_no) = self.snapshot.symbol(only)?.filter(|_| !places.is_empty()) else {
            return Ok(Vec::new());
        };
        Ok(vec![Alternative {
            table: table_of(ParamKind::Reference),
            places,
            condition: Box::new(move |sql| {
                sql.push(" AND target_type_no = ").bind(type_no);
            }),
        }])
    }

    fn anything(&self, kind: ParamKind, paths: &[Path]) -> Result<Vec<Alternative<'a>>, Error> {
        const ASPECTS: [Aspect; 4] = [
            Aspect::Value,
            Aspect::Label,
            Aspect::Identifier,
            Aspect::Present,
        ];
        let mut found = Vec::new();
        for aspect in ASPECTS {
            let table = match aspect {
                Aspect::Value => table_of(kind),
                Aspect::Label => "index_text",
                _ => "index_token",
            };
            let places = self.snapshot.places_of(paths, aspect)?;
            if !places.is_empty() {
                found.push(Alternative {
                    table,
                    places,
                    condition: Box::new(|_| ()),
                });
            }
        }
        Ok(found)
    }
}

fn push_ids(sql: &mut Sql, rows: Rows<'_>, ids: &[String]) {
    let ids = ids.iter().filter_map(|id| id.parse::<ResourceId>().ok());
    sql.push(" AND ")
        .push(rows.alias)
        .push(".id IN ")
        .list(ids.map(|id| Value::Blob(id.0.to_vec())));
}

/// Whether a condition names the rows it wants, so that a search should start from it.
pub(super) fn steers(filter: &Filter) -> bool {
    match filter {
        Filter::Id(_) | Filter::Chain { .. } | Filter::Has { .. } => true,
        Filter::Updated(_) => false,
        Filter::Value { not, .. } => !not,
        Filter::Missing { missing, .. } => !missing,
    }
}
