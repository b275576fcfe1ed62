//! Search conditions as SQL over the index tables (<https://hl7.org/fhir/R4/search.html>).
//!
//! A condition becomes `r.row IN (one subquery for each alternative)`. Each subquery reads one
//! stretch of an index table: home, type, parameter, value.

use domain::ResourceId;
use fhir::search::{
    DateTerm, Filter, ParamKind, Prefix, ReferenceTerm, TextMode, TokenTerm, fold, params_of,
};
use rusqlite::types::Value;

use super::pool::SqliteSnapshot;
use super::sql::Sql;
use crate::Error;
use crate::sqlite::target::target;

/// SQLite joins at most 500 subqueries in one.
const ALTERNATIVES: usize = 100;

/// Where in the index tables a search looks.
pub(super) struct Place<'a> {
    pub(super) homes: &'a [i64],
    pub(super) type_no: i64,
    pub(super) rtype: &'a str,
}

/// One alternative: the condition on the columns of one index table.
type Alternative<'a> = Box<dyn Fn(&mut Sql) + 'a>;

/// Whether a condition names the rows it wants, so that a search should start from it.
pub(super) fn steers(filter: &Filter) -> bool {
    match filter {
        Filter::Id(_)
        | Filter::Date { .. }
        | Filter::Text { .. }
        | Filter::Reference { .. }
        | Filter::Uri { .. } => true,
        Filter::Token { not, .. } => !not,
        Filter::Missing { missing, .. } => !missing,
    }
}

/// Adds ` AND ` and the condition.
pub(super) fn push_filter(
    snapshot: &SqliteSnapshot,
    sql: &mut Sql,
    place: &Place<'_>,
    filter: &Filter,
) -> Result<(), Error> {
    let (table, param, not, alternatives) = match filter {
        Filter::Id(ids) => {
            push_ids(sql, ids);
            return Ok(());
        }
        Filter::Token { param, any_of, not } => {
            ("index_token", *param, *not, tokens(snapshot, any_of)?)
        }
        Filter::Date { param, any_of } => {
            let dates = any_of.iter().map(|term| date(*term)).collect();
            ("index_date", *param, false, dates)
        }
        Filter::Text {
            param,
            mode,
            any_of,
        } => {
            let texts = any_of.iter().map(|words| text(*mode, words)).collect();
            ("index_text", *param, false, texts)
        }
        Filter::Reference { param, any_of } => (
            "index_reference",
            *param,
            false,
            references(snapshot, any_of)?,
        ),
        Filter::Uri { param, any_of } => {
            let uris = any_of.iter().map(|uri| equal(" AND uri = ", uri.clone()));
            ("index_uri", *param, false, uris.collect())
        }
        Filter::Missing { param, missing } => {
            let Some(table) = table_of(place.rtype, param) else {
                return Ok(());
            };
            let any: Vec<Alternative<'_>> = vec![Box::new(|_| ())];
            (table, *param, *missing, any)
        }
    };
    let param_no = snapshot.symbol(param)?;
    sql.push(if not { " AND NOT (" } else { " AND (" });
    push_alternatives(sql, place, table, param_no, &alternatives);
    sql.push(")");
    Ok(())
}

fn push_alternatives(
    sql: &mut Sql,
    place: &Place<'_>,
    table: &str,
    param_no: Option<i64>,
    alternatives: &[Alternative<'_>],
) {
    let Some(param_no) = param_no.filter(|_| !alternatives.is_empty()) else {
        // Nothing is indexed so.
        sql.push("1 = 0");
        return;
    };
    for (group, alternatives) in alternatives.chunks(ALTERNATIVES).enumerate() {
        sql.push(if group == 0 {
            "r.row IN ("
        } else {
            " OR r.row IN ("
        });
        for (arm, push_condition) in alternatives.iter().enumerate() {
            sql.push(if arm == 0 { "" } else { " UNION ALL " })
                .push("SELECT row FROM ")
                .push(table)
                .push(" WHERE home_no IN ")
                .list(place.homes.iter().copied())
                .push(" AND type_no = ")
                .bind(place.type_no)
                .push(" AND param_no = ")
                .bind(param_no);
            push_condition(sql);
        }
        sql.push(")");
    }
}

fn push_ids(sql: &mut Sql, ids: &[String]) {
    let ids = ids.iter().filter_map(|id| id.parse::<ResourceId>().ok());
    sql.push(" AND r.id IN ")
        .list(ids.map(|id| Value::Blob(id.0.to_vec())));
}

/// The table that a parameter's values are in.
fn table_of(rtype: &str, name: &str) -> Option<&'static str> {
    let param = params_of(rtype).find(|param| param.name == name)?;
    Some(match param.kind {
        ParamKind::Token => "index_token",
        ParamKind::Reference => "index_reference",
        ParamKind::Date => "index_date",
        ParamKind::String => "index_text",
        ParamKind::Uri => "index_uri",
    })
}

fn equal<'a>(condition: &'static str, value: impl Into<Value> + Clone + 'a) -> Alternative<'a> {
    Box::new(move |sql| {
        sql.push(condition).bind(value.clone());
    })
}

fn tokens<'a>(
    snapshot: &SqliteSnapshot,
    any_of: &'a [TokenTerm],
) -> Result<Vec<Alternative<'a>>, Error> {
    let mut alternatives: Vec<Alternative<'a>> = Vec::with_capacity(any_of.len());
    for term in any_of {
        let system_no = match &term.system {
            None => None,
            // A system that no row uses matches nothing.
            Some(system) => match snapshot.symbol(system.as_deref().unwrap_or_default())? {
                Some(no) => Some(no),
                None => continue,
            },
        };
        alternatives.push(Box::new(move |sql| {
            if let Some(code) = &term.code {
                sql.push(" AND code = ").bind(code.clone());
            }
            if let Some(system_no) = system_no {
                sql.push(" AND system_no = ").bind(system_no);
            }
        }));
    }
    Ok(alternatives)
}

fn references<'a>(
    snapshot: &SqliteSnapshot,
    any_of: &'a [ReferenceTerm],
) -> Result<Vec<Alternative<'a>>, Error> {
    let mut alternatives: Vec<Alternative<'a>> = Vec::with_capacity(any_of.len());
    for (rtype, id) in any_of {
        let type_no = match rtype {
            None => None,
            Some(rtype) => match snapshot.symbol(rtype)? {
                Some(no) => Some(no),
                None => continue,
            },
        };
        alternatives.push(Box::new(move |sql| {
            sql.push(" AND target = ").bind(target(id));
            if let Some(type_no) = type_no {
                sql.push(" AND target_type_no = ").bind(type_no);
            }
        }));
    }
    Ok(alternatives)
}

/// [`Prefix::holds`] as a condition.
fn date<'a>(term: DateTerm) -> Alternative<'a> {
    let (from, to) = (term.range.from_us, term.range.to_us);
    Box::new(move |sql| {
        match term.prefix {
            Prefix::Eq => sql
                .push(" AND from_us >= ")
                .bind(from)
                .push(" AND to_us <= ")
                .bind(to),
            Prefix::Ne => sql
                .push(" AND (from_us < ")
                .bind(from)
                .push(" OR to_us > ")
                .bind(to)
                .push(")"),
            Prefix::Gt => sql.push(" AND to_us > ").bind(to),
            Prefix::Lt => sql.push(" AND from_us < ").bind(from),
            Prefix::Ge => sql
                .push(" AND (to_us > ")
                .bind(to)
                .push(" OR (from_us >= ")
                .bind(from)
                .push(" AND to_us <= ")
                .bind(to)
                .push("))"),
            Prefix::Le => sql
                .push(" AND (from_us < ")
                .bind(from)
                .push(" OR (from_us >= ")
                .bind(from)
                .push(" AND to_us <= ")
                .bind(to)
                .push("))"),
            Prefix::Sa => sql.push(" AND from_us >= ").bind(to),
            Prefix::Eb => sql.push(" AND to_us <= ").bind(from),
            Prefix::Ap => sql
                .push(" AND from_us < ")
                .bind(to)
                .push(" AND to_us > ")
                .bind(from),
        };
    })
}

fn text(mode: TextMode, words: &str) -> Alternative<'_> {
    match mode {
        TextMode::Starts => Box::new(move |sql| {
            sql.push(" AND folded >= ")
                .bind(words.to_owned())
                .push(" AND folded < ")
                .bind(after_prefix(words));
        }),
        TextMode::Exact => Box::new(move |sql| {
            sql.push(" AND folded = ")
                .bind(fold(words))
                .push(" AND exact = ")
                .bind(words.to_owned());
        }),
        TextMode::Contains => Box::new(move |sql| {
            sql.push(" AND instr(folded, ")
                .bind(words.to_owned())
                .push(") > 0");
        }),
    }
}

/// Above everything that begins with these words, in order of code points.
pub(super) fn after_prefix(words: &str) -> String {
    format!("{words}\u{10ffff}")
}
