//! Composite parameters: values that belong together
//! (<https://hl7.org/fhir/R4/search.html#combining>).
//!
//! Of the resource itself there is one, so its values are found by themselves; elsewhere they must
//! be found in the same item.

use fhir::search::{Composite, Part, SearchParam, Term};

use super::alternatives::{Alternative, alternatives};
use super::conditions::{Rows, Search};
use crate::Error;
use crate::sqlite::items;
use crate::sqlite::reader::sql::Sql;

/// The condition that some place holds the values of some alternative.
pub(super) fn push(
    search: &Search<'_>,
    sql: &mut Sql,
    rows: Rows<'_>,
    param: &SearchParam,
    any_of: &[Term],
) -> Result<(), Error> {
    let mut glue = "";
    for term in any_of {
        let Term::Together(terms) = term else {
            continue;
        };
        for composite in &param.composites {
            sql.push(glue).push("(");
            push_one(search, sql, rows, composite, terms)?;
            sql.push(")");
            glue = " OR ";
        }
    }
    if glue.is_empty() {
        sql.push("1 = 0");
    }
    Ok(())
}

fn push_one(
    search: &Search<'_>,
    sql: &mut Sql,
    rows: Rows<'_>,
    composite: &Composite,
    terms: &[Term],
) -> Result<(), Error> {
    let parts = composite.parts.iter().zip(terms);
    if composite.base == "." {
        for (place, (part, term)) in parts.enumerate() {
            sql.push(if place == 0 { "" } else { " AND " }).push("(");
            search.push_found(sql, rows, &of_part(search, part, term)?);
            sql.push(")");
        }
        return Ok(());
    }
    sql.push(rows.alias)
        .push(".row IN (SELECT ")
        .push(items::RESOURCE)
        .push(" FROM (");
    for (place, (part, term)) in parts.enumerate() {
        sql.push(if place == 0 { "" } else { " INTERSECT " })
            .push("SELECT row FROM (");
        search.push_rows(sql, rows.type_no, &of_part(search, part, term)?);
        sql.push(")");
    }
    sql.push("))");
    Ok(())
}

fn of_part<'a>(
    search: &Search<'_>,
    part: &Part,
    term: &'a Term,
) -> Result<Vec<Alternative<'a>>, Error> {
    alternatives(
        search.snapshot,
        &part.paths,
        None,
        std::slice::from_ref(term),
    )
}
