//! Dates as ranges (<https://hl7.org/fhir/R4/search.html#date>).

use fhir::search::{DateTerm, Prefix};

use super::alternatives::Condition;
use crate::sqlite::reader::sql::Sql;

/// [`Prefix::holds`] as a condition on `index_date`.
pub(super) fn condition<'a>(term: DateTerm) -> Condition<'a> {
    Box::new(move |sql| {
        sql.push(" AND ");
        push(sql, term, "from_us", "to_us");
    })
}

/// The same on when the current version was accepted, which lasts a microsecond.
pub(super) fn push_updated(sql: &mut Sql, alias: &str, terms: &[DateTerm]) {
    let from = format!("{alias}.updated_at");
    let to = format!("({alias}.updated_at + 1)");
    sql.push(" AND (");
    for (place, term) in terms.iter().enumerate() {
        sql.push(if place == 0 { "" } else { " OR " });
        push(sql, *term, &from, &to);
    }
    sql.push(")");
}

fn push(sql: &mut Sql, term: DateTerm, from: &str, to: &str) {
    let (first, after) = (term.range.from_us, term.range.to_us);
    let is = |sql: &mut Sql, column: &str, compared: &str, with: i64| {
        sql.push(column).push(compared).bind(with);
    };
    sql.push("(");
    match term.prefix {
        Prefix::Eq => {
            is(sql, from, " >= ", first);
            is(sql.push(" AND "), to, " <= ", after);
        }
        Prefix::Ne => {
            is(sql, from, " < ", first);
            is(sql.push(" OR "), to, " > ", after);
        }
        Prefix::Gt => is(sql, to, " > ", after),
        Prefix::Lt => is(sql, from, " < ", first),
        Prefix::Ge => {
            is(sql, to, " > ", after);
            is(sql.push(" OR ("), from, " >= ", first);
            is(sql.push(" AND "), to, " <= ", after);
            sql.push(")");
        }
        Prefix::Le => {
            is(sql, from, " < ", first);
            is(sql.push(" OR ("), from, " >= ", first);
            is(sql.push(" AND "), to, " <= ", after);
            sql.push(")");
        }
        Prefix::Sa => is(sql, from, " >= ", after),
        Prefix::Eb => is(sql, to, " <= ", first),
        Prefix::Ap => {
            is(sql, from, " < ", after);
            is(sql.push(" AND "), to, " > ", first);
        }
    }
    sql.push(")");
}
