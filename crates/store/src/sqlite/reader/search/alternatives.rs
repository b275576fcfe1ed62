//! Alternatives of a condition: each reads one stretch of one index table.

use fhir::definitions::value_set;
use fhir::index::Aspect;
use fhir::search::{
    Near, ParamKind, Path, ReferenceTerm, Term, TextMode, TokenTerm, UriMode, fold,
};

use super::{dates, quantities};
use crate::Error;
use crate::sqlite::reader::pool::SqliteSnapshot;
use crate::sqlite::reader::sql::Sql;
use crate::sqlite::target::target;

/// One alternative: which table, which places of values in it, and what they must be.
pub(super) struct Alternative<'a> {
    pub(super) table: &'static str,
    pub(super) places: Vec<i64>,
    pub(super) condition: Condition<'a>,
}

/// Adds the condition on the columns of the table.
pub(super) type Condition<'a> = Box<dyn Fn(&mut Sql) + 'a>;

/// The table that values of a kind are in.
pub(super) fn table_of(kind: ParamKind) -> &'static str {
    match kind {
        ParamKind::Token => "index_token",
        ParamKind::Reference => "index_reference",
        ParamKind::Date => "index_date",
        ParamKind::String => "index_text",
        ParamKind::Uri => "index_uri",
        ParamKind::Number | ParamKind::Quantity | ParamKind::Special | ParamKind::Composite => {
            "index_quantity"
        }
    }
}

impl SqliteSnapshot {
    /// The numbers of places of values, as far as any row has one there.
    pub(super) fn places_of(&self, paths: &[Path], aspect: Aspect) -> Result<Vec<i64>, Error> {
        let mut places = Vec::with_capacity(paths.len());
        for path in paths {
            places.extend(match aspect {
                Aspect::Value => self.symbol(&path.key)?,
                aspect => self.symbol(&format!("{}{}", path.key, aspect.suffix()))?,
            });
        }
        Ok(places)
    }
}

/// The alternatives that terms stand for; fewer where nothing is indexed so.
pub(super) fn alternatives<'a>(
    snapshot: &SqliteSnapshot,
    paths: &[Path],
    only: Option<&'a str>,
    any_of: &'a [Term],
) -> Result<Vec<Alternative<'a>>, Error> {
    let mut found = Vec::with_capacity(any_of.len());
    for term in any_of {
        match term {
            Term::Token(term) => {
                push_codes(snapshot, paths, term, &mut found)?;
                continue;
            }
            Term::Near(near) => {
                push_near(snapshot, paths, near, &mut found)?;
                continue;
            }
            _ => {}
        }
        let Some((table, aspect, condition)) = read(snapshot, only, term)? else {
            continue;
        };
        let places = snapshot.places_of(paths, aspect)?;
        if !places.is_empty() {
            found.push(Alternative {
                table,
                places,
                condition,
            });
        }
    }
    Ok(found)
}

type Read<'a> = Option<(&'static str, Aspect, Condition<'a>)>;

fn read<'a>(
    snapshot: &SqliteSnapshot,
    only: Option<&'a str>,
    term: &'a Term,
) -> Result<Read<'a>, Error> {
    let value = Aspect::Value;
    Ok(match term {
        Term::Label(words) => Some(("index_text", Aspect::Label, text(TextMode::Starts, words))),
        Term::OfType(term) => {
            token(snapshot, term)?.map(|one| ("index_token", Aspect::OfType, one))
        }
        Term::Identified(term) => {
            token(snapshot, term)?.map(|one| ("index_token", Aspect::Identifier, one))
        }
        Term::Date(term) => Some(("index_date", value, dates::condition(*term))),
        Term::Text(mode, words) => Some(("index_text", value, text(*mode, words))),
        Term::Reference(term) => {
            reference(snapshot, only, term)?.map(|one| ("index_reference", value, one))
        }
        Term::Quantity(term) => {
            quantities::condition(snapshot, term)?.map(|one| ("index_quantity", value, one))
        }
        Term::Uri(mode, uri) => Some(("index_uri", value, uri_is(*mode, uri))),
        Term::Token(_) | Term::Near(_) | Term::Together(_) => None,
    })
}

/// A plain code has no system beside it: its element implies one.
fn push_codes<'a>(
    snapshot: &SqliteSnapshot,
    paths: &[Path],
    term: &'a TokenTerm,
    found: &mut Vec<Alternative<'a>>,
) -> Result<(), Error> {
    let (plain, coded): (Vec<Path>, Vec<Path>) = paths
        .iter()
        .cloned()
        .partition(|path| path.binding.is_some());
    let mut push = |paths: &[Path], condition: Option<Condition<'a>>| -> Result<(), Error> {
        let places = snapshot.places_of(paths, Aspect::Value)?;
        if let Some(condition) = condition.filter(|_| !places.is_empty()) {
            found.push(Alternative {
                table: "index_token",
                places,
                condition,
            });
        }
        Ok(())
    };
    push(&coded, token(snapshot, term)?)?;
    for path in plain {
        let implied = path.binding.and_then(value_set);
        let is_of_system = match &term.system {
            None | Some(None) => true,
            Some(Some(system)) => {
                implied.is_some_and(|set| set.includes.iter().any(|one| one.system == system))
            }
        };
        if is_of_system {
            let code = term.code.clone();
            let condition: Condition<'a> = Box::new(move |sql| {
                if let Some(code) = &code {
                    sql.push(" AND code = ").bind(code.clone());
                }
            });
            push(&[path], Some(condition))?;
        }
    }
    Ok(())
}

/// A system that no row uses matches nothing.
fn token<'a>(
    snapshot: &SqliteSnapshot,
    term: &'a TokenTerm,
) -> Result<Option<Condition<'a>>, Error> {
    let system_no = match &term.system {
        None => None,
        Some(system) => match snapshot.symbol(system.as_deref().unwrap_or_default())? {
            Some(no) => Some(no),
            None => return Ok(None),
        },
    };
    Ok(Some(Box::new(move |sql| {
        if let Some(code) = &term.code {
            sql.push(" AND code = ").bind(code.clone());
        }
        if let Some(system_no) = system_no {
            sql.push(" AND system_no = ").bind(system_no);
        }
    })))
}

fn reference<'a>(
    snapshot: &SqliteSnapshot,
    only: Option<&'a str>,
    (rtype, id): &'a ReferenceTerm,
) -> Result<Option<Condition<'a>>, Error> {
    let type_no = match rtype.as_deref().or(only) {
        None => None,
        Some(rtype) => match snapshot.symbol(rtype)? {
            Some(no) => Some(no),
            None => return Ok(None),
        },
    };
    Ok(Some(Box::new(move |sql| {
        sql.push(" AND target = ").bind(target(id));
        if let Some(type_no) = type_no {
            sql.push(" AND target_type_no = ").bind(type_no);
        }
    })))
}

fn text(mode: TextMode, words: &str) -> Condition<'_> {
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
pub(in crate::sqlite::reader) fn after_prefix(words: &str) -> String {
    format!("{words}\u{10ffff}")
}

/// What is below a URI begins with it and a slash; what is above it is such a beginning of it.
fn uri_is(mode: UriMode, uri: &str) -> Condition<'_> {
    let bare = uri.trim_end_matches('/');
    match mode {
        UriMode::Exact => Box::new(move |sql| {
            sql.push(" AND uri = ").bind(uri.to_owned());
        }),
        UriMode::Below => Box::new(move |sql| {
            sql.push(" AND (uri = ")
                .bind(uri.to_owned())
                .push(" OR uri = ")
                .bind(bare.to_owned())
                .push(" OR (uri >= ")
                .bind(format!("{bare}/"))
                .push(" AND uri < ")
                .bind(after_prefix(&format!("{bare}/")))
                .push("))");
        }),
        UriMode::Above => Box::new(move |sql| {
            let beginnings = bare
                .match_indices('/')
                .filter_map(|(place, _)| bare.get(..place));
            let mut all: Vec<String> = beginnings
                .flat_map(|one| [one.to_owned(), format!("{one}/")])
                .collect();
            all.extend([bare.to_owned(), uri.to_owned()]);
            sql.push(" AND uri IN ").list(all);
        }),
    }
}

/// The three numbers of a point lie on one row; how far it is from another needs them together.
fn push_near<'a>(
    snapshot: &SqliteSnapshot,
    paths: &[Path],
    near: &'a Near,
    found: &mut Vec<Alternative<'a>>,
) -> Result<(), Error> {
    let places = snapshot.places_of(paths, Aspect::Value)?;
    if places.is_empty() {
        return Ok(());
    }
    found.push(Alternative {
        table: "index_quantity",
        places,
        condition: Box::new(move |sql| {
            let [x, y, z] = near.point;
            sql.push(" GROUP BY row HAVING SUM(CASE code");
            for (axis, along) in [("x", x), ("y", y), ("z", z)] {
                sql.push(" WHEN '")
                    .push(axis)
                    .push("' THEN (low - ")
                    .bind(along)
                    .push(") * (low - ")
                    .bind(along)
                    .push(")");
            }
            sql.push(" END) <= ").bind(near.reach_squared);
        }),
    });
    Ok(())
}
