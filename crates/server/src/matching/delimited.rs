//! Reading rows of fields parted by a comma, semicolon, tab or bar (RFC 4180 and its relatives).
//!
//! A row that cannot be right is put aside with its line, and reading goes on with the next: also
//! after a quotation mark that nobody closed, which would otherwise swallow the rest of the file.

use std::collections::{HashMap, VecDeque};
use std::io::{self, BufRead};

use csv_core::{ReadRecordResult, Reader, ReaderBuilder};

use super::table::{Column, Table};
use super::text::{decode, is_cut};

/// What parts fields, in the order in which it is preferred.
const DELIMITERS: [(u8, &str); 4] = [
    (b',', "commas"),
    (b';', "semicolons"),
    (b'\t', "tabs"),
    (b'|', "bars"),
];
/// A quoted field may go over so many lines; more is a mark that was not closed.
const MOST_LINES: usize = 64;
/// Rows of the beginning in which the delimiter is looked for.
const ROWS_LOOKED_AT: usize = 50;

/// The delimiter under which the first rows have most fields and are most alike.
#[must_use]
pub fn delimiter_of(head: &[u8]) -> (u8, &'static str) {
    let mut best = (b',', "commas");
    let mut most = 0;
    for (delimiter, name) in DELIMITERS {
        let mut rows = Rows::of(head, delimiter);
        let mut counts = Vec::new();
        while let Ok(Some(Row::Fields { count, .. })) = rows.read() {
            if count > 0 {
                counts.push(count);
            }
            if counts.len() == ROWS_LOOKED_AT {
                break;
            }
        }
        // Where the beginning was cut off is no end of a row.
        if counts.len() > 2 {
            counts.pop();
        }
        let fields = counts.first().copied().unwrap_or_default();
        let alike = counts.iter().filter(|&&count| count == fields).count();
        if fields > 1 && alike * 10 >= counts.len() * 8 && fields > most {
            (best, most) = ((delimiter, name), fields);
        }
    }
    best
}

/// Reads all rows into the table, whose columns the first row names.
///
/// # Errors
/// If the file cannot be read, or a column grows too large.
pub fn read(text: impl BufRead, delimiter: u8, table: &mut Table) -> anyhow::Result<()> {
    let mut rows = Rows::of(text, delimiter);
    let mut foreign = Foreign::default();
    let mut repaired = Vec::new();
    loop {
        match rows.read() {
            Ok(None) => break,
            Ok(Some(Row::Unclosed { line })) => {
                table.reject(line, UNCLOSED);
            }
            Ok(Some(Row::Fields { line, count, whole })) => {
                repaired.clear();
                for place in 0..count {
                    let (value, other) = decode(rows.field(place));
                    foreign.note(line, other);
                    repaired.push(value.into_owned());
                }
                take(table, line, &mut repaired, whole)?;
            }
            Err(error) if is_cut(&error) => {
                table.cut = true;
                let line = rows.line;
                table.reject(line, format!("the file cannot be read further: {error}"));
                break;
            }
            Err(error) => return Err(error.into()),
        }
    }
    foreign.tell(table);
    Ok(())
}

const UNCLOSED: &str =
    "a quotation mark is opened on this line and not closed: close it, or write it twice";

/// Takes a row: the first as the names of the columns.
fn take(table: &mut Table, line: u64, row: &mut Vec<String>, whole: bool) -> anyhow::Result<()> {
    if row.iter().all(|value| value.trim().is_empty()) {
        return Ok(());
    }
    if table.columns.is_empty() {
        table.columns = named(row, &mut table.notes.remarks);
        return Ok(());
    }
    let wanted = table.columns.len();
    while row.len() > wanted && row.last().is_some_and(|last| last.trim().is_empty()) {
        row.pop();
    }
    match row.len() {
        count if count == wanted => table.push(line, row.iter().map(String::as_str))?,
        count if count < wanted && !whole => {
            table.cut = true;
            let words = format!("the file ends in the middle of this row: {count} of {wanted} fields");
            table.reject(line, words);
        }
        count => table.reject(
            line,
            format!("{count} fields where the first line names {wanted} columns: is a field with a delimiter in it without quotation marks?"),
        ),
    }
    Ok(())
}

/// The columns of the first row; a name that is blank or repeats gets one of its own.
fn named(row: &[String], remarks: &mut Vec<String>) -> Vec<Column> {
    let mut times: HashMap<&str, usize> = HashMap::new();
    let mut columns = Vec::new();
    for (place, name) in row.iter().enumerate() {
        let name = name.trim();
        let time = times.entry(name).or_default();
        *time += 1;
        let own = match (name, *time) {
            ("", _) => format!("column {}", place + 1),
            (name, 1) => name.to_owned(),
            (name, time) => {
                remarks.push(format!(
                    "{name} is the name of several columns: this one is called {name} ({time})"
                ));
                format!("{name} ({time})")
            }
        };
        columns.push(Column::blank(&own, 0));
    }
    columns
}

/// Fields that were not UTF-8.
#[derive(Default)]
struct Foreign {
    fields: u64,
    first: u64,
}

impl Foreign {
    fn note(&mut self, line: u64, other: bool) {
        if other {
            self.fields += 1;
            if self.first == 0 {
                self.first = line;
            }
        }
    }

    fn tell(&self, table: &mut Table) {
        if self.fields > 0 {
            "Windows-1252".clone_into(&mut table.notes.encoding);
            let fields = if self.fields == 1 {
                "1 field is not UTF-8 and was".to_owned()
            } else {
                format!("{} fields are not UTF-8 and were", self.fields)
            };
            table.notes.remarks.push(format!(
                "{fields} read as Windows-1252 (Latin-1), the first on line {}: if names look wrong, save the file as UTF-8",
                self.first
            ));
        }
    }
}

/// A row as it was found.
enum Row {
    /// Fields, to be asked for with [`Rows::field`]; whole unless the file ended within it.
    Fields {
        line: u64,
        count: usize,
        whole: bool,
    },
    /// A quotation mark was opened and not closed.
    Unclosed { line: u64 },
}

/// Rows one after the other, fed line by line so that a row can be given up and read past.
struct Rows<R> {
    text: R,
    reader: Reader,
    /// Lines that were read as part of a row that was given up.
    again: VecDeque<Vec<u8>>,
    rest: Vec<u8>,
    line: u64,
    output: Vec<u8>,
    ends: Vec<usize>,
}

impl<R: BufRead> Rows<R> {
    fn of(text: R, delimiter: u8) -> Self {
        Self {
            text,
            reader: ReaderBuilder::new().delimiter(delimiter).build(),
            again: VecDeque::new(),
            rest: Vec::new(),
            line: 0,
            output: vec![0; 1024],
            ends: vec![0; 64],
        }
    }

    fn field(&self, place: usize) -> &[u8] {
        let start = match place.checked_sub(1) {
            Some(before) => self.ends.get(before).copied().unwrap_or_default(),
            None => 0,
        };
        let end = self.ends.get(place).copied().unwrap_or(start);
        self.output.get(start..end).unwrap_or_default()
    }

    /// The next line with its end; a file of old Macintosh line ends is one line with many rows.
    fn next_line(&mut self) -> io::Result<Vec<u8>> {
        if !self.rest.is_empty() {
            return Ok(std::mem::take(&mut self.rest));
        }
        if let Some(line) = self.again.pop_front() {
            return Ok(line);
        }
        let mut line = Vec::new();
        self.text.read_until(b'\n', &mut line)?;
        Ok(line)
    }

    fn read(&mut self) -> io::Result<Option<Row>> {
        let mut used: Vec<Vec<u8>> = Vec::new();
        let (mut written, mut count) = (0, 0);
        let began = self.line + 1;
        loop {
            let line = self.next_line()?;
            if line.is_empty() {
                return self.at_the_end(used, began, written, count);
            }
            self.line += 1;
            let mut input = line.as_slice();
            while !input.is_empty() {
                let (result, read, wrote, ended) = self.reader.read_record(
                    input,
                    self.output.get_mut(written..).unwrap_or_default(),
                    self.ends.get_mut(count..).unwrap_or_default(),
                );
                input = input.get(read..).unwrap_or_default();
                written += wrote;
                count += ended;
                match result {
                    ReadRecordResult::InputEmpty | ReadRecordResult::End => {}
                    ReadRecordResult::OutputFull => {
                        self.output.resize(self.output.len() * 2, 0);
                    }
                    ReadRecordResult::OutputEndsFull => {
                        self.ends.resize(self.ends.len() * 2, 0);
                    }
                    ReadRecordResult::Record => {
                        if input != b"\n" {
                            self.rest = input.to_vec();
                        }
                        return Ok(Some(Row::Fields {
                            line: began,
                            count,
                            whole: true,
                        }));
                    }
                }
            }
            // Nothing but blank lines leaves the reader between rows.
            if written == 0
                && count == 0
                && line.iter().all(u8::is_ascii_whitespace)
                && used.is_empty()
            {
                return Ok(Some(Row::Fields {
                    line: began,
                    count: 0,
                    whole: true,
                }));
            }
            used.push(line);
            if used.len() > MOST_LINES {
                return Ok(Some(self.give_up(used, began)));
            }
        }
    }

    /// The file ended: between rows, in a row without a line end, or within quotation marks.
    fn at_the_end(
        &mut self,
        used: Vec<Vec<u8>>,
        began: u64,
        written: usize,
        mut count: usize,
    ) -> io::Result<Option<Row>> {
        if used.is_empty() {
            return Ok(None);
        }
        if used.len() > 1 {
            return Ok(Some(self.give_up(used, began)));
        }
        let (_, _, _, ended) = self.reader.read_record(
            &[],
            self.output.get_mut(written..).unwrap_or_default(),
            self.ends.get_mut(count..).unwrap_or_default(),
        );
        count += ended;
        self.reader.reset();
        Ok(Some(Row::Fields {
            line: began,
            count,
            whole: false,
        }))
    }

    /// Puts the first line aside and reads the others again.
    fn give_up(&mut self, used: Vec<Vec<u8>>, began: u64) -> Row {
        self.reader.reset();
        self.line = began;
        let mut lines: VecDeque<Vec<u8>> = used.into_iter().skip(1).collect();
        lines.append(&mut self.again);
        self.again = lines;
        Row::Unclosed { line: began }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(text: &str) -> Table {
        let mut table = Table::default();
        read(text.as_bytes(), delimiter_of(text.as_bytes()).0, &mut table).unwrap();
        table
    }

    fn rows(table: &Table) -> Vec<String> {
        (0..table.len())
            .map(|row| {
                let values: Vec<&str> = table.columns.iter().map(|c| c.value(row)).collect();
                format!("{}: {}", table.lines[row], values.join("/"))
            })
            .collect()
    }

    fn rejects(table: &Table) -> Vec<(u64, &str)> {
        let told = |reject: &'_ super::super::table::Reject| reject.line;
        table
            .rejects
            .iter()
            .map(|reject| (told(reject), reject.reason.as_str()))
            .collect()
    }

    #[test]
    fn rows_are_read_with_their_lines_whatever_parts_them() {
        for (text, name) in [
            ("id,name\r\n1,\"Baird, Ann\"\r\n\r\n2,Ian\r\n", "commas"),
            ("id;name\n1;Baird, Ann\n\n2;Ian", "semicolons"),
            ("id\tname\n1\tBaird, Ann\n\n2\tIan\n", "tabs"),
            ("id|name\n1|Baird, Ann\n\n2|Ian\n", "bars"),
        ] {
            assert_eq!(delimiter_of(text.as_bytes()).1, name);
            let table = table(text);
            assert_eq!(rows(&table), ["2: 1/Baird, Ann", "4: 2/Ian"], "{name}");
            assert_eq!(rejects(&table), [], "{name}");
        }
    }

    #[test]
    fn a_row_of_the_wrong_length_is_put_aside_and_blank_surplus_is_not_wrong() {
        let table = table("id,name\n1,Ann,,\n2,Baird,Ian\n3\n4,Eilidh\n");
        assert_eq!(rows(&table), ["2: 1/Ann", "5: 4/Eilidh"]);
        let lines: Vec<u64> = rejects(&table).iter().map(|(line, _)| *line).collect();
        assert_eq!(lines, [3, 4]);
        assert!(!table.cut);
    }

    #[test]
    fn a_file_cut_in_a_row_keeps_the_rows_before() {
        let table = table("id,name,town\n1,Ann,Northburn\n2,Ia");
        assert_eq!(rows(&table), ["2: 1/Ann/Northburn"]);
        assert!(table.cut);
        assert_eq!(
            rejects(&table),
            [(3, "the file ends in the middle of this row: 2 of 3 fields")]
        );
    }

    #[test]
    fn a_quotation_mark_that_nobody_closed_costs_one_row() {
        let mut text = String::from("id,name\n1,\"Ann\n");
        for id in 2..200 {
            text.push_str(&format!("{id},Ian\n"));
        }
        let table = table(&text);
        assert_eq!(table.len(), 198);
        assert_eq!(rejects(&table), [(2, UNCLOSED)]);
        assert_eq!(table.lines[0], 3);
    }

    #[test]
    fn a_field_may_go_over_lines() {
        let table = table("id,note\n1,\"two\nlines\"\n2,one\n");
        assert_eq!(rows(&table), ["2: 1/two\nlines", "4: 2/one"]);
    }

    #[test]
    fn names_of_columns_that_repeat_or_are_blank_are_told_apart() {
        let table = table("id,name,name,\n1,Ann,Baird,x\n");
        let names: Vec<&str> = table.columns.iter().map(|c| c.name.as_str()).collect();
        assert_eq!(names, ["id", "name", "name (2)", "column 4"]);
        assert_eq!(table.notes.remarks.len(), 1);
    }
}
