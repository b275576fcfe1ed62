//! The order of an answer (<https://hl7.org/fhir/R4/search.html#sort>).
//!
//! Each key is the least value of its parameter, or the greatest where the last comes first; rows
//! without one come last either way, and rows of equal keys in order of arrival or against it. A page goes on
//! after the keys and the row where the one before ended, so rows that come or go in between move
//! no other.

use fhir::index::Aspect;
use fhir::search::{ParamKind, SearchParam, SortKey};
use rusqlite::types::Value;

use super::Asked;
use super::alternatives::table_of;
use super::conditions::Search;
use crate::read::SortValue;
use crate::sqlite::reader::sql::Sql;
use crate::{Cursor, Error};

/// As much of a text as is compared: a place in an answer must fit into an address.
const COMPARED: &str = "64";

/// A key of the order, as an expression over the rows sought.
pub(super) struct Key {
    expression: String,
    descending: bool,
}

/// Adds the tables that keys are read from, and gives the keys. Those of each type asked for are of
/// the same kinds.
pub(super) fn push_keys(
    search: &Search<'_>,
    sql: &mut Sql,
    asked: &[Asked<'_>],
) -> Result<Vec<Key>, Error> {
    let sort = asked.first().map_or(&[][..], |first| &first.of.sort);
    let mut keys = Vec::with_capacity(sort.len());
    for (place, sort) in sort.iter().enumerate() {
        let expression = match &sort.key {
            SortKey::Id => "hex(r.id)".to_owned(),
            // To the millisecond, as it is told: of two that are told alike the next key decides.
            SortKey::Updated => "r.updated_at / 1000".to_owned(),
            SortKey::Param(_) => {
                let name = format!("s{place}");
                push_values(search, sql, asked, place, &name)?;
                format!("{name}.value")
            }
        };
        keys.push(Key {
            expression,
            descending: sort.descending,
        });
    }
    Ok(keys)
}

/// The values of each type's key at one place of the order, by row.
fn push_values(
    search: &Search<'_>,
    sql: &mut Sql,
    asked: &[Asked<'_>],
    place: usize,
    name: &str,
) -> Result<(), Error> {
    let mut glue = " LEFT JOIN (";
    for Asked { type_no, of } in asked {
        if let Some(sort) = of.sort.get(place)
            && let SortKey::Param(param) = sort.key
        {
            sql.push(glue);
            push_values_of(search, sql, *type_no, param, sort.descending)?;
            glue = " UNION ALL ";
        }
    }
    sql.push(") ").push(name).push(" ON ");
    sql.push(name).push(".row = r.row");
    Ok(())
}

/// The least or greatest value of a parameter for each row of a type.
fn push_values_of(
    search: &Search<'_>,
    sql: &mut Sql,
    type_no: i64,
    param: &SearchParam,
    descending: bool,
) -> Result<(), Error> {
    let column = match (param.kind, descending) {
        (ParamKind::Token, _) => "code",
        (ParamKind::String, _) => "folded",
        (ParamKind::Uri, _) => "uri",
        (ParamKind::Reference, _) => "hex(target)",
        (ParamKind::Date, false) => "from_us",
        (ParamKind::Date, true) => "to_us",
        (_, false) => "low",
        (_, true) => "high",
    };
    let is_text = matches!(
        param.kind,
        ParamKind::Token | ParamKind::String | ParamKind::Uri | ParamKind::Reference
    );
    let column = match is_text {
        true => format!("substr({column}, 1, {COMPARED})"),
        false => column.to_owned(),
    };
    let extreme = if descending { "MAX(" } else { "MIN(" };
    let places = search.snapshot.places_of(&param.paths, Aspect::Value)?;
    sql.push("SELECT row, ").push(extreme).push(&column);
    sql.push(") AS value FROM ").push(table_of(param.kind));
    sql.push(" WHERE home_no IN ")
        .list(search.homes.iter().copied());
    sql.push(" AND type_no = ").bind(type_no);
    sql.push(" AND param_no IN ").list(places);
    sql.push(" GROUP BY row");
    Ok(())
}

/// Adds ` AND ` and the rows after a place.
pub(super) fn push_after(sql: &mut Sql, keys: &[Key], after: &Cursor) {
    sql.push(" AND (");
    for place in 0..=keys.len() {
        sql.push(if place == 0 { "(" } else { " OR (" });
        for (key, value) in keys.iter().zip(&after.keys).take(place) {
            key.push_equal(sql, value);
            sql.push(" AND ");
        }
        match keys.get(place).zip(after.keys.get(place)) {
            Some((key, value)) => key.push_beyond(sql, value),
            None => {
                sql.push(if is_backwards(keys) {
                    "r.row < "
                } else {
                    "r.row > "
                });
                sql.bind(after.row);
            }
        }
        sql.push(")");
    }
    sql.push(")");
}

/// Adds the order.
pub(super) fn push_order(sql: &mut Sql, keys: &[Key]) {
    sql.push(" ORDER BY ");
    for key in keys {
        sql.push(&key.expression).push(" IS NULL, ");
        sql.push(&key.expression);
        sql.push(if key.descending { " DESC, " } else { ", " });
    }
    sql.push(if is_backwards(keys) {
        "r.row DESC"
    } else {
        "r.row"
    });
}

/// Where the last comes first, rows of equal keys stand against the order of arrival.
fn is_backwards(keys: &[Key]) -> bool {
    keys.first().is_some_and(|key| key.descending)
}

impl Key {
    pub(super) fn expression(&self) -> &str {
        &self.expression
    }

    fn push_equal(&self, sql: &mut Sql, value: &SortValue) {
        sql.push(&self.expression).push(" IS ").bind(bound(value));
    }

    fn push_beyond(&self, sql: &mut Sql, value: &SortValue) {
        if *value == SortValue::None {
            // Nothing comes after what has no value.
            sql.push("1 = 0");
            return;
        }
        sql.push("(").push(&self.expression);
        sql.push(if self.descending { " < " } else { " > " });
        sql.bind(bound(value)).push(" OR ").push(&self.expression);
        sql.push(" IS NULL)");
    }
}

fn bound(value: &SortValue) -> Value {
    match value {
        SortValue::None => Value::Null,
        SortValue::Whole(number) => Value::Integer(*number),
        SortValue::Number(number) => Value::Real(*number),
        SortValue::Text(text) => Value::Text(text.clone()),
    }
}

/// A key's value as a row has it.
pub(super) fn read(value: rusqlite::types::ValueRef<'_>) -> SortValue {
    match value {
        rusqlite::types::ValueRef::Integer(number) => SortValue::Whole(number),
        rusqlite::types::ValueRef::Real(number) => SortValue::Number(number),
        rusqlite::types::ValueRef::Text(text) => {
            SortValue::Text(String::from_utf8_lossy(text).into_owned())
        }
        _ => SortValue::None,
    }
}
