//! Numbers and quantities (<https://hl7.org/fhir/R4/search.html#quantity>).
//!
//! `eq`, `ne` and `ap` compare with all that rounds to the number asked for, the others with the
//! number itself.

use fhir::search::{Prefix, QuantityTerm};

use super::alternatives::Condition;
use crate::Error;
use crate::sqlite::reader::pool::SqliteSnapshot;
use crate::sqlite::reader::sql::Sql;

/// The condition on `index_quantity`; `None` for a unit of a system that no row uses.
pub(super) fn condition<'a>(
    snapshot: &SqliteSnapshot,
    term: &'a QuantityTerm,
) -> Result<Option<Condition<'a>>, Error> {
    let system = term.unit.as_ref().and_then(|unit| unit.system.as_ref());
    let system_no = match system {
        None => None,
        Some(system) => match snapshot.symbol(system)? {
            Some(no) => Some(no),
            None => return Ok(None),
        },
    };
    Ok(Some(Box::new(move |sql| {
        push_number(sql, term);
        if let Some(unit) = &term.unit {
            sql.push(" AND code = ").bind(unit.code.clone());
        }
        if let Some(system_no) = system_no {
            sql.push(" AND system_no = ").bind(system_no);
        }
    })))
}

fn push_number(sql: &mut Sql, term: &QuantityTerm) {
    match term.prefix {
        Prefix::Eq => {
            sql.push(" AND low >= ").bind(term.from);
            sql.push(" AND high < ").bind(term.to);
        }
        Prefix::Ne => {
            sql.push(" AND (low < ").bind(term.from);
            sql.push(" OR high >= ").bind(term.to).push(")");
        }
        Prefix::Gt => {
            sql.push(" AND high > ").bind(term.value);
        }
        Prefix::Lt => {
            sql.push(" AND low < ").bind(term.value);
        }
        Prefix::Ge => {
            sql.push(" AND high >= ").bind(term.value);
        }
        Prefix::Le => {
            sql.push(" AND low <= ").bind(term.value);
        }
        Prefix::Sa => {
            sql.push(" AND low > ").bind(term.value);
        }
        Prefix::Eb => {
            sql.push(" AND high < ").bind(term.value);
        }
        Prefix::Ap => {
            sql.push(" AND low <= ").bind(term.to);
            sql.push(" AND high >= ").bind(term.from);
        }
    }
}
