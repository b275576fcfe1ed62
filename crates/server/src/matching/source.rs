//! Reading a file of people, whatever it is: delimited text or JSON lines, packed or not.

use std::collections::HashMap;
use std::io;
use std::path::Path;

use super::guess::Guess;
use super::roles::Role;
use super::table::Table;
use super::values::digits;
use super::{delimited, ndjson, text};

/// Why a file cannot be matched.
#[derive(Debug, thiserror::Error)]
pub enum SourceError {
    /// Not there, or not to be read.
    #[error("{path} cannot be read: {source}")]
    Unreadable {
        /// The file.
        path: String,
        /// Why.
        source: io::Error,
    },
    /// Read, but of no use.
    #[error("{path} {fault}")]
    Unusable {
        /// The file.
        path: String,
        /// What is wrong and what to do.
        fault: String,
    },
    /// A named column is not there.
    #[error("{path} has no column {name:?}; its columns are {known}")]
    NoColumn {
        /// The file.
        path: String,
        /// The name.
        name: String,
        /// Those that it has.
        known: String,
    },
}

/// Reads all of a file.
///
/// # Errors
/// If it cannot be read, is empty or has no rows.
pub fn read(path: &Path) -> Result<Table, SourceError> {
    let shown = path.display().to_string();
    let unreadable = |source| SourceError::Unreadable {
        path: shown.clone(),
        source,
    };
    let unusable = |fault: &str| SourceError::Unusable {
        path: shown.clone(),
        fault: fault.to_owned(),
    };
    let (beginning, rows) = text::open(path).map_err(unreadable)?;
    let mut table = Table {
        path: path.to_owned(),
        ..Table::default()
    };
    beginning
        .marked
        .unwrap_or("UTF-8")
        .clone_into(&mut table.notes.encoding);
    let first = beginning
        .head
        .iter()
        .find(|byte| !byte.is_ascii_whitespace());
    let outcome = match first {
        None => return Err(unusable("is empty")),
        Some(b'[') => {
            return Err(unusable(
                "is one JSON list: write one object a line, for example with jq -c '.[]'",
            ));
        }
        Some(b'{') => {
            "JSON lines".clone_into(&mut table.notes.layout);
            ndjson::read(rows, &mut table)
        }
        Some(_) => {
            let (delimiter, name) = delimited_by(path, &beginning.head);
            table.notes.layout = format!("fields parted by {name}");
            delimited::read(rows, delimiter, &mut table)
        }
    };
    if let Err(error) = outcome {
        return Err(match error.downcast::<io::Error>() {
            Ok(error) => unreadable(error),
            Err(error) => unusable(&format!("cannot be read: {error}")),
        });
    }
    if beginning.packed {
        table.notes.layout.push_str(", packed with gzip");
    }
    if table.cut {
        table
            .notes
            .remarks
            .push("the file ends in its middle: what came before was read".to_owned());
    }
    usable(table).map_err(|fault| unusable(&fault))
}

/// A file called `.tsv` has tabs, whatever else stands in it.
fn delimited_by(path: &Path, head: &[u8]) -> (u8, &'static str) {
    let name = path.to_string_lossy().to_lowercase();
    if name.trim_end_matches(".gz").ends_with(".tsv") {
        return (b'\t', "tabs");
    }
    delimited::delimiter_of(head)
}

/// A table with column names and rows.
fn usable(table: Table) -> Result<Table, String> {
    if table.is_empty() && !table.rejects.is_empty() {
        let first = table.rejects.first();
        let (line, reason) = first.map_or((0, ""), |reject| (reject.line, reject.reason.as_str()));
        return Err(format!(
            "has no row that can be read; line {line}: {reason}"
        ));
    }
    if table.is_empty() {
        return Err("has the names of columns and no rows".to_owned());
    }
    // Nobody calls a column 19840312.
    let data = table.columns.iter().find(|column| {
        digits(&column.name).is_some_and(|number| number.len() > 4) || column.name.contains('@')
    });
    if data.is_some() && table.notes.layout.starts_with("fields") {
        return Err(
            "begins with a row of values: its first line must have the names of the columns"
                .to_owned(),
        );
    }
    Ok(table)
}

/// The places of the columns of these names.
///
/// # Errors
/// If one is not there.
pub fn places(table: &Table, names: &[String]) -> Result<Vec<usize>, SourceError> {
    let place = |name: &String| {
        table.column(name).ok_or_else(|| {
            let known: Vec<&str> = table.columns.iter().map(|c| c.name.as_str()).collect();
            SourceError::NoColumn {
                path: table.path.display().to_string(),
                name: name.clone(),
                known: known.join(", "),
            }
        })
    };
    names.iter().map(place).collect()
}

/// So many ids may repeat before the column cannot be what names the rows.
const MOST_REPEATED: f64 = 0.25;

/// Gives every row its id: the columns taken for it, joined by a hyphen, or the number of the line.
/// A row without an id or with one that was there before is put aside.
///
/// # Errors
/// If so many repeat that the column cannot be the id.
pub fn identify(mut table: Table, guesses: &[Guess]) -> Result<Table, SourceError> {
    let places: Vec<usize> = guesses
        .iter()
        .enumerate()
        .filter(|(_, guess)| guess.role == Role::Id)
        .map(|(place, _)| place)
        .collect();
    if places.is_empty() {
        table.ids = table.lines.iter().map(u64::to_string).collect();
        let words =
            "no column is an id: rows are called by the number of their line; --id names a column";
        table.notes.remarks.push(words.to_owned());
        return Ok(table);
    }
    let mut first_at: HashMap<String, u64> = HashMap::new();
    let mut aside = vec![false; table.len()];
    let mut repeated = 0usize;
    for row in 0..table.len() {
        let line = table.lines.get(row).copied().unwrap_or_default();
        let parts = places.iter().filter_map(|&place| table.columns.get(place));
        let id = parts
            .map(|column| column.value(row))
            .collect::<Vec<_>>()
            .join("-");
        let reason = if id.trim_matches('-').is_empty() {
            Some("it has no id".to_owned())
        } else {
            first_at.get(&id).map(|first| {
                repeated += 1;
                format!("its id is that of line {first}: ids must differ")
            })
        };
        match (reason, aside.get_mut(row)) {
            (Some(reason), Some(out)) => {
                *out = true;
                table.reject(line, reason);
            }
            _ => {
                first_at.insert(id.clone(), line);
                table.ids.push(id);
            }
        }
    }
    if repeated as f64 > MOST_REPEATED * table.len() as f64 {
        let names = places.iter().filter_map(|&place| table.columns.get(place));
        let names: Vec<&str> = names.map(|column| column.name.as_str()).collect();
        return Err(SourceError::Unusable {
            path: table.path.display().to_string(),
            fault: format!(
                "has the same id on many rows: {repeated} of {} values of {} were there before. Name another column, or several, with --id",
                table.len(),
                names.join(" and "),
            ),
        });
    }
    if aside.contains(&true) {
        table = table.without(&aside);
    }
    Ok(table)
}
