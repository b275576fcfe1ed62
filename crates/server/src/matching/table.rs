//! A file of people as a table: one row a record, kept column by column, with what was refused.

use std::path::PathBuf;

use serde::Serialize;

/// One column: its values one after the other in one text.
#[derive(Debug, Clone, Default)]
pub struct Column {
    /// As the file's first line has it.
    pub name: String,
    text: String,
    ends: Vec<u32>,
}

impl Column {
    /// A column in which so many rows are blank.
    #[must_use]
    pub fn blank(name: &str, rows: usize) -> Self {
        Self {
            name: name.to_owned(),
            text: String::new(),
            ends: vec![0; rows],
        }
    }

    /// The value of a row without blanks around it; empty if there is none.
    #[must_use]
    pub fn value(&self, row: usize) -> &str {
        let start = match row.checked_sub(1) {
            Some(before) => self.ends.get(before).copied().unwrap_or_default(),
            None => 0,
        };
        let end = self.ends.get(row).copied().unwrap_or(start);
        self.text
            .get(start as usize..end as usize)
            .unwrap_or_default()
    }

    /// All values, a row each.
    pub fn values(&self) -> impl Iterator<Item = &str> {
        (0..self.ends.len()).map(|row| self.value(row))
    }

    /// Up to so many values that are not blank, from all over the file.
    pub fn sample(&self, most: usize) -> impl Iterator<Item = &str> {
        let step = self.ends.len().div_ceil(most).max(1);
        self.values()
            .step_by(step)
            .filter(|value| !value.is_empty())
    }

    /// Adds a row's value. A column holds 4 GiB of text at most.
    fn push(&mut self, value: &str) -> Result<(), TooLarge> {
        self.text.push_str(value.trim());
        let end = u32::try_from(self.text.len()).map_err(|_| TooLarge)?;
        self.ends.push(end);
        Ok(())
    }
}

/// A column would hold more than four gibibytes of text.
#[derive(Debug, thiserror::Error)]
#[error("one column holds more than 4 GiB of text: split the file")]
pub struct TooLarge;

/// A row that was not taken, as it stands in the file of rejects.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Reject {
    /// The file.
    pub path: PathBuf,
    /// The line on which the row begins; the first is 1.
    pub line: u64,
    /// Why, and what to do.
    pub reason: String,
}

/// What there is to tell about a file once it has been read.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct FileNotes {
    /// How its bytes stood for characters.
    pub encoding: String,
    /// What parts its fields, or that it has JSON lines.
    pub layout: String,
    /// What a reader should know, a sentence each.
    pub remarks: Vec<String>,
}

/// A file of people.
#[derive(Debug, Clone, Default)]
pub struct Table {
    /// Where it was read.
    pub path: PathBuf,
    /// Its columns.
    pub columns: Vec<Column>,
    /// The line on which each row begins.
    pub lines: Vec<u64>,
    /// The id of each row, once a column was chosen.
    pub ids: Vec<String>,
    /// Rows that were not taken.
    pub rejects: Vec<Reject>,
    /// What is told of it.
    pub notes: FileNotes,
    /// Whether the file ends in its middle.
    pub cut: bool,
}

impl Table {
    /// How many rows it has.
    #[must_use]
    pub fn len(&self) -> usize {
        self.lines.len()
    }

    /// Whether it has none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.lines.is_empty()
    }

    /// The column of this name, whatever its case.
    #[must_use]
    pub fn column(&self, name: &str) -> Option<usize> {
        let exact = self.columns.iter().position(|column| column.name == name);
        exact.or_else(|| {
            self.columns
                .iter()
                .position(|column| column.name.eq_ignore_ascii_case(name))
        })
    }

    /// Adds a row with a value for each of the first columns; the others are blank.
    ///
    /// # Errors
    /// If a column grows too large.
    pub fn push<'a>(
        &mut self,
        line: u64,
        values: impl IntoIterator<Item = &'a str>,
    ) -> Result<(), TooLarge> {
        let mut values = values.into_iter();
        for column in &mut self.columns {
            column.push(values.next().unwrap_or_default())?;
        }
        self.lines.push(line);
        Ok(())
    }

    /// Adds a row of named values; a name that is new becomes a column.
    ///
    /// # Errors
    /// If a column grows too large.
    pub fn push_named(&mut self, line: u64, named: &[(String, String)]) -> Result<(), TooLarge> {
        for (name, _) in named {
            if !self.columns.iter().any(|column| &column.name == name) {
                self.columns.push(Column::blank(name, self.lines.len()));
            }
        }
        for column in &mut self.columns {
            let value = named.iter().find(|(name, _)| *name == column.name);
            column.push(value.map_or("", |(_, value)| value.as_str()))?;
        }
        self.lines.push(line);
        Ok(())
    }

    /// Notes a row that was not taken.
    pub fn reject(&mut self, line: u64, reason: impl Into<String>) {
        self.rejects.push(Reject {
            path: self.path.clone(),
            line,
            reason: reason.into(),
        });
    }

    /// The same table without these rows.
    #[must_use]
    pub fn without(mut self, rows: &[bool]) -> Self {
        let kept = |row: &usize| !rows.get(*row).copied().unwrap_or_default();
        let places: Vec<usize> = (0..self.len()).filter(kept).collect();
        for column in &mut self.columns {
            let mut fewer = Column::blank(&column.name, 0);
            for &row in &places {
                // It is shorter than the column that it is taken from.
                let _ = fewer.push(column.value(row));
            }
            *column = fewer;
        }
        self.lines = places
            .iter()
            .filter_map(|&row| self.lines.get(row).copied())
            .collect();
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_column_that_appears_late_is_blank_before() {
        let mut table = Table::default();
        let named = |pairs: &[(&str, &str)]| -> Vec<(String, String)> {
            pairs
                .iter()
                .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
                .collect()
        };
        table.push_named(1, &named(&[("name", " Morag ")])).unwrap();
        table
            .push_named(2, &named(&[("town", "Northburn"), ("name", "Ian")]))
            .unwrap();
        let town: Vec<&str> = table.columns[1].values().collect();
        assert_eq!(table.columns[0].value(0), "Morag");
        assert_eq!(table.columns[0].value(1), "Ian");
        assert_eq!(town, ["", "Northburn"]);
    }

    #[test]
    fn rows_are_taken_out_with_their_lines() {
        let mut table = Table {
            columns: vec![Column::blank("name", 0)],
            ..Table::default()
        };
        for (line, name) in [(2, "Morag"), (3, "Ian"), (4, "Eilidh")] {
            table.push(line, [name]).unwrap();
        }
        let fewer = table.without(&[false, true, false]);
        let names: Vec<&str> = fewer.columns[0].values().collect();
        assert_eq!(names, ["Morag", "Eilidh"]);
        assert_eq!(fewer.lines, [2, 4]);
    }
}
