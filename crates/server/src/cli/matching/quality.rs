//! What `candour match quality` tells: how complete and valid a file's columns are, and all that is to
//! be asked about it.

use std::fmt;

use serde_json::{Value, json};

use super::summary::{file_json, show_file};
use crate::matching::job::Ready;
use crate::matching::quality::{ColumnQuality, Quality};
use crate::matching::report::Grouped;

/// The quality of files, for people and for scripts.
pub(super) struct Told<'a>(pub(super) &'a Ready);

impl Told<'_> {
    pub(super) fn json(&self) -> Value {
        let files: Vec<Value> = self.0.files.iter().map(file_json).collect();
        json!({ "files": files })
    }
}

impl fmt::Display for Told<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (number, file) in self.0.files.iter().enumerate() {
            if number > 0 {
                writeln!(f)?;
            }
            show_file(file, usize::MAX, f)?;
            show_columns(&file.quality, f)?;
        }
        Ok(())
    }
}

/// How much is filled, how many values differ, and how many have the form that they should have.
fn show_columns(quality: &Quality, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let names = quality.columns.iter().map(|it| it.column.chars().count());
    let wide = names.max().unwrap_or_default();
    let share = |part: usize, whole: usize| part as f64 * 100.0 / whole.max(1) as f64;
    for (number, column) in quality.columns.iter().enumerate() {
        let ColumnQuality {
            column: name,
            filled,
            distinct,
            valid,
            ..
        } = column;
        if number > 0 {
            writeln!(f)?;
        }
        let (whole, distinct) = (share(*filled, quality.rows), Grouped::from(*distinct));
        write!(
            f,
            "  {name:wide$}  {whole:>5.1} % filled, {distinct} different"
        )?;
        if let Some(valid) = valid {
            write!(f, ", {:.1} % of a valid form", share(*valid, *filled))?;
        }
    }
    Ok(())
}
