//! Reading a file of reports: a JSON list of objects, or CSV with a line of names at its head.

use std::fmt;

use serde_json::Value;

use super::Report;

/// One line, where it stands, and what it says or why that cannot be read.
#[derive(Debug, Clone)]
pub struct Line {
    /// Where it stands: "report 2", "line 4".
    pub place: String,
    /// What it says.
    pub report: Result<Report, String>,
    raw: Raw,
}

/// The line as it was written, to be given back.
#[derive(Debug, Clone)]
enum Raw {
    Json(Value),
    Csv(csv::StringRecord),
}

/// A file of which nothing can be taken, with what is wrong and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unreadable(String);

impl fmt::Display for Unreadable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{}. Nothing of this file was taken: put it right and leave it again",
            self.0
        )
    }
}

/// Reads the lines of a file.
///
/// # Errors
/// [`Unreadable`] if it is neither form, or is JSON that ends too soon. CSV that ends too soon gives
/// its whole lines, and the last one as an error.
pub fn read(bytes: &[u8]) -> Result<Vec<Line>, Unreadable> {
    let text = std::str::from_utf8(bytes).map_err(|error| {
        Unreadable(format!(
            "The file is not UTF-8 from byte {} on: save it as UTF-8",
            error.valid_up_to()
        ))
    })?;
    let text = text.trim_start_matches('\u{feff}');
    match text.trim_start().bytes().next() {
        None => Err(Unreadable("The file is empty".to_owned())),
        Some(b'[' | b'{') => json(text),
        Some(_) => csv(text),
    }
}

fn json(text: &str) -> Result<Vec<Line>, Unreadable> {
    let whole: Value = serde_json::from_str(text).map_err(|error| {
        let ends = if error.is_eof() {
            " ends too soon, at"
        } else {
            " cannot be read at"
        };
        Unreadable(format!(
            "The JSON{ends} line {}, column {}",
            error.line(),
            error.column()
        ))
    })?;
    let reports = match whole {
        Value::Array(reports) => reports,
        one => vec![one],
    };
    let lines = reports.into_iter().zip(1..).map(|(raw, number)| Line {
        place: format!("report {number}"),
        report: serde_json::from_value(raw.clone()).map_err(|error| without_values(&error)),
        raw: Raw::Json(raw),
    });
    Ok(lines.collect())
}

/// What serde says, without the value that it quotes: it may be a name.
fn without_values(error: &serde_json::Error) -> String {
    let said = error.to_string();
    if said.starts_with("unknown field") {
        return said;
    }
    "every value is text, under one of the names in the documentation".to_owned()
}

fn csv(text: &str) -> Result<Vec<Line>, Unreadable> {
    let mut reader = csv::ReaderBuilder::new()
        .flexible(true)
        .from_reader(text.as_bytes());
    let head = reader.headers().cloned();
    let head = head.map_err(|_| Unreadable("The first line cannot be read as names".to_owned()))?;
    known(&head)?;
    let mut lines = Vec::new();
    for record in reader.records() {
        let record =
            record.map_err(|error| Unreadable(format!("The CSV cannot be read: {error}")))?;
        let line = record.position().map_or(0, csv::Position::line);
        lines.push(Line {
            place: format!("line {line}"),
            report: report(&record, &head),
            raw: Raw::Csv(record),
        });
    }
    if let Some(last) = lines.last_mut().filter(|_| ends_within_quotes(text)) {
        last.report = Err(CUT.to_owned());
    }
    Ok(lines)
}

const CUT: &str = "the file ends in the middle of this line: leave the whole file again, what was taken is not told twice";

fn known(head: &csv::StringRecord) -> Result<(), Unreadable> {
    let names = serde_json::to_value(Report::default()).unwrap_or_default();
    let unknown: Vec<&str> = head
        .iter()
        .filter(|name| names.get(name.trim()).is_none())
        .collect();
    if !unknown.is_empty() {
        return Err(Unreadable(format!(
            "No column is named {}",
            unknown.join(", ")
        )));
    }
    for needed in ["reference", "seen", "own_action"] {
        if head.iter().all(|name| name.trim() != needed) {
            return Err(Unreadable(format!("The column {needed} is missing")));
        }
    }
    Ok(())
}

fn report(record: &csv::StringRecord, head: &csv::StringRecord) -> Result<Report, String> {
    if record.len() < head.len() {
        return Err(CUT.to_owned());
    }
    if record.len() > head.len() {
        return Err(format!(
            "there are {} values for {} columns: put a text with commas into quotes",
            record.len(),
            head.len()
        ));
    }
    let fields = head.iter().map(str::trim).zip(record.iter());
    let fields = fields.map(|(name, value)| (name.to_owned(), Value::from(value.trim())));
    serde_json::from_value(Value::Object(fields.collect())).map_err(|error| without_values(&error))
}

fn ends_within_quotes(text: &str) -> bool {
    text.bytes().filter(|byte| *byte == b'"').count() % 2 == 1
}

/// The refused lines in the form of the file.
///
/// # Errors
/// If they cannot be written as CSV.
pub fn again(bytes: &[u8], refused: &[(Line, String)]) -> anyhow::Result<Vec<u8>> {
    let json: Vec<&Value> = refused
        .iter()
        .filter_map(|(line, _)| match &line.raw {
            Raw::Json(value) => Some(value),
            Raw::Csv(_) => None,
        })
        .collect();
    if !json.is_empty() {
        return Ok(serde_json::to_vec_pretty(&json)?);
    }
    let mut writer = csv::WriterBuilder::new()
        .flexible(true)
        .from_writer(Vec::new());
    writer.write_record(csv::Reader::from_reader(bytes).headers()?)?;
    for (line, _) in refused {
        if let Raw::Csv(record) = &line.raw {
            writer.write_record(record)?;
        }
    }
    Ok(writer.into_inner()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEAD: &str = "reference,to,seen,own_action,family,given,born\n";

    fn refused(text: &str) -> String {
        read(text.as_bytes()).unwrap_err().to_string()
    }

    #[test]
    fn both_forms_say_the_same() {
        let csv = format!(
            "\u{feff}{HEAD}PS-1,southbrae-children,\"Awake, and hungry.\",Stayed.,Greig,Shannon,2017\r\n"
        );
        let json = r#"[{"reference": "PS-1", "to": "southbrae-children", "seen": "Awake, and hungry.",
            "own_action": "Stayed.", "family": "Greig", "given": "Shannon", "born": "2017"}]"#;
        let (csv, json) = (
            read(csv.as_bytes()).unwrap(),
            read(json.as_bytes()).unwrap(),
        );
        assert_eq!(csv[0].report, json[0].report);
        assert_eq!((&*csv[0].place, &*json[0].place), ("line 2", "report 1"));
        assert_eq!(csv[0].report.as_ref().unwrap().name(), "Shannon Greig");
    }

    #[test]
    fn a_file_cut_in_the_middle_gives_what_is_whole_and_says_what_is_not() {
        let whole = "PS-1,southbrae-children,Hungry.,Stayed.,Greig,Shannon,2017\n";
        for cut in [
            "PS-2,southbrae-children,Cold.,Sta",
            "PS-2,southbrae-children,\"Cold, and",
        ] {
            let lines = read(format!("{HEAD}{whole}{cut}").as_bytes()).unwrap();
            assert!(lines[0].report.is_ok());
            assert_eq!(lines[1].report, Err(CUT.to_owned()), "{cut}");
        }
        assert_eq!(
            refused(r#"[{"reference": "PS-1", "se"#),
            "The JSON ends too soon, at line 1, column 26. Nothing of this file was taken: put it right and leave it again"
        );
    }

    #[test]
    fn what_cannot_be_read_is_said_without_a_word_of_what_it_says() {
        for (text, said) in [
            ("", "The file is empty"),
            (
                "reference,seen\nPS-1,x\n",
                "The column own_action is missing",
            ),
            (
                "reference,seen,own_action,gossip\n",
                "No column is named gossip",
            ),
        ] {
            assert!(refused(text).starts_with(said), "{}", refused(text));
        }
        assert!(
            read(&[b'[', 0xff])
                .unwrap_err()
                .to_string()
                .starts_with("The file is not UTF-8 from byte 1 on")
        );
        let number = read(br#"[{"reference": "PS-1", "family": ["Greig"]}]"#).unwrap();
        assert_eq!(
            number[0].report,
            Err("every value is text, under one of the names in the documentation".to_owned())
        );
    }

    #[test]
    fn refused_lines_are_given_back_in_the_form_of_their_file() {
        let text = format!("{HEAD}PS-1,,\"Cold, and hungry.\",,Greig,Shannon,2017\n");
        let lines = read(text.as_bytes()).unwrap();
        let refused: Vec<_> = lines
            .into_iter()
            .map(|line| (line, String::new()))
            .collect();
        let given = again(text.as_bytes(), &refused).unwrap();
        assert_eq!(String::from_utf8(given).unwrap(), text);
    }
}
