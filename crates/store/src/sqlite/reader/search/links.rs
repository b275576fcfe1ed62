//! Chains and reverse chains: what a resource refers to, and what refers to it
//! (<https://hl7.org/fhir/R4/search.html#chaining>).
//!
//! The resource at the other end is held against the same scope as the one that is sought: what a
//! caller may not see can neither be named in a condition nor make one true.

use fhir::index::Aspect;
use fhir::search::{Filter, SearchParam};

use super::conditions::{Rows, Search};
use crate::Error;
use crate::sqlite::reader::sql::Sql;

/// What a reference to one of our ids begins with.
pub(super) const OURS: &str = "x'01'";

/// It refers to a resource that meets the condition for its type.
pub(super) fn push_chain(
    search: &Search<'_>,
    sql: &mut Sql,
    rows: Rows<'_>,
    param: &SearchParam,
    any_of: &[(&'static str, Filter)],
) -> Result<(), Error> {
    let places = search.snapshot.places_of(&param.paths, Aspect::Value)?;
    // One subquery for all types: rows that an `OR` names are looked for in the whole table.
    sql.push(" AND ").push(rows.alias).push(".row IN (");
    sql.push("SELECT NULL AS row WHERE 1 = 0");
    for (target, filter) in any_of {
        let Some(type_no) = search.snapshot.symbol(target)? else {
            continue;
        };
        if param.only.is_some_and(|only| only != *target) {
            continue;
        }
        let (link, other) = (search.name("l"), search.name("t"));
        sql.push(" UNION ALL SELECT ").push(&link);
        sql.push(".row FROM index_reference ").push(&link);
        // In this order: the references of few rows, then one row for each.
        sql.push(" CROSS JOIN resource ").push(&other).push(" ON ");
        sql.push(&other)
            .push(".id = substr(")
            .push(&link)
            .push(".target, 2)");
        push_link(search, sql, &link, rows.type_no, &places, type_no);
        push_end(search, sql, &other, type_no, filter)?;
    }
    sql.push(")");
    Ok(())
}

/// A resource refers to it that meets the condition.
pub(super) fn push_has(
    search: &Search<'_>,
    sql: &mut Sql,
    rows: Rows<'_>,
    rtype: &'static str,
    param: &SearchParam,
    filter: &Filter,
) -> Result<(), Error> {
    let Some(type_no) = search.snapshot.symbol(rtype)? else {
        sql.push(" AND 1 = 0");
        return Ok(());
    };
    let places = search.snapshot.places_of(&param.paths, Aspect::Value)?;
    let (link, other) = (search.name("l"), search.name("h"));
    sql.push(" AND ")
        .push(rows.alias)
        .push(".id IN (SELECT substr(");
    sql.push(&link)
        .push(".target, 2) FROM index_reference ")
        .push(&link);
    sql.push(" CROSS JOIN resource ").push(&other).push(" ON ");
    sql.push(&other).push(".row = ").push(&link).push(".row");
    push_link(search, sql, &link, type_no, &places, rows.type_no);
    push_end(search, sql, &other, type_no, filter)?;
    sql.push(")");
    Ok(())
}

/// The references of a type, at some places, to ids of ours of another.
fn push_link(
    search: &Search<'_>,
    sql: &mut Sql,
    link: &str,
    from_type: i64,
    places: &[i64],
    to_type: i64,
) {
    sql.push(" WHERE ").push(link).push(".home_no IN ");
    sql.list(search.homes.iter().copied());
    sql.push(" AND ")
        .push(link)
        .push(".type_no = ")
        .bind(from_type);
    sql.push(" AND ").push(link).push(".param_no IN ");
    sql.list(places.iter().copied());
    sql.push(" AND ")
        .push(link)
        .push(".target_type_no = ")
        .bind(to_type);
    sql.push(" AND substr(")
        .push(link)
        .push(".target, 1, 1) = ")
        .push(OURS);
}

/// The resource at the other end: within scope, of its type, and as the condition has it.
fn push_end(
    search: &Search<'_>,
    sql: &mut Sql,
    alias: &str,
    type_no: i64,
    filter: &Filter,
) -> Result<(), Error> {
    sql.push(" AND ");
    search.scope.push_joined(sql, alias);
    sql.push(" AND ")
        .push(alias)
        .push(".type_no = ")
        .bind(type_no);
    let rows = Rows { alias, type_no };
    search.push(sql, rows, filter)
}
