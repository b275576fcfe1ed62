//! What a run tells at its end.

use std::fmt;
use std::path::Path;

use linkage::{Grade, Scope};
use serde_json::{Value, json};

use super::asked::How;
use crate::matching::fairness::{Apart, apart};
use crate::matching::job::{Loaded, Matched};
use crate::matching::measure::{Measured, bands, measure};
use crate::matching::report::Grouped;
use crate::matching::roles::Role;

/// What came of a run, for people and for scripts.
pub(super) struct Summary<'a> {
    matched: &'a Matched,
    how: &'a How,
    measured: Option<Measured>,
    apart: Vec<Apart>,
}

impl<'a> Summary<'a> {
    pub(super) fn of(matched: &'a Matched, how: &'a How, year: u16) -> Self {
        Self {
            matched,
            how,
            measured: measure(matched),
            apart: apart(matched, &how.by, year),
        }
    }

    fn trained(&self) -> bool {
        self.how.use_model.is_none() && self.matched.outcome.model.scope == Scope::File
    }

    fn written(&self) -> impl Iterator<Item = &Path> {
        let how = self.how;
        let paths = [
            &how.pairs,
            &how.clusters,
            &how.model,
            &how.report,
            &how.write_mapping,
        ];
        paths.into_iter().flatten().map(std::path::PathBuf::as_path)
    }

    /// The summary for scripts.
    pub(super) fn json(&self) -> Value {
        let outcome = &self.matched.outcome;
        let mut told = json!({
            "files": self.matched.ready.files.iter().map(file_json).collect::<Vec<_>>(),
            "pairs": {
                "judged": outcome.pairs.len(),
                "certain": self.matched.count(Grade::Certain),
                "probable": self.matched.count(Grade::Probable),
                "possible": self.matched.count(Grade::Possible),
                "expected_true": outcome.figures.expected_true,
            },
            "clusters": self.matched.clusters(),
            "model": {
                "name": outcome.model.name,
                "trained_here": self.trained(),
                "certain": outcome.model.certain,
                "probable": outcome.model.probable,
                "possible": outcome.model.possible,
            },
            "calibration": bands(self.matched),
            "seconds": self.matched.ready.seconds,
        });
        if let (Some(measured), Some(told)) = (&self.measured, told.as_object_mut()) {
            told.insert("measured".to_owned(), json!(measured));
            if !self.apart.is_empty() {
                told.insert("apart".to_owned(), json!(self.apart));
            }
        }
        told
    }
}

/// A file as scripts read of it.
pub(super) fn file_json(file: &Loaded) -> Value {
    json!({
        "path": file.table.path,
        "rows": file.quality.rows,
        "rejected": file.table.rejects.len(),
        "encoding": file.table.notes.encoding,
        "layout": file.table.notes.layout,
        "remarks": file.table.notes.remarks,
        "columns": file.guesses,
        "quality": { "columns": file.quality.columns, "questions": file.quality.questions },
    })
}

/// Questions shown in the terminal; the report has all of them.
const QUESTIONS: usize = 5;

impl fmt::Display for Summary<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for file in &self.matched.ready.files {
            show_file(file, QUESTIONS, f)?;
            writeln!(f)?;
        }
        let clusters = self.matched.clusters();
        for (grade, means) in [
            (Grade::Certain, "one person, joined"),
            (Grade::Probable, "for somebody to decide"),
            (Grade::Possible, "worth a look"),
        ] {
            let count = Grouped::from(self.matched.count(grade));
            writeln!(f, "{count:>12} {} pairs: {means}", grade.as_str())?;
        }
        writeln!(
            f,
            "{:>12} people, of whom {} are there more than once",
            Grouped::from(clusters.people),
            Grouped::from(clusters.several)
        )?;
        if let Some(measured) = &self.measured {
            let (certain, joined) = (measured.certain, measured.clusters);
            writeln!(
                f,
                "\nheld against {}:",
                self.how.truth.as_deref().unwrap_or_default()
            )?;
            for (what, score) in [("certain pairs", certain), ("joined rows", joined)] {
                let (p, r) = (score.precision, score.recall);
                writeln!(
                    f,
                    "  {what:<14} precision {p:.5}  recall {r:.5}  F1 {:.5}",
                    score.f1
                )?;
            }
        }
        for apart in &self.apart {
            show_apart(apart, f)?;
        }
        if !self.trained() {
            let model = &self.matched.outcome.model.name;
            writeln!(
                f,
                "\njudged by a model that was not trained on these rows: {model}"
            )?;
        }
        let seconds = self.matched.ready.seconds;
        write!(f, "\n{:.1} s", seconds.total())?;
        for path in self.written() {
            write!(f, "  {}", path.display())?;
        }
        Ok(())
    }
}

/// Who is missed and who is mistaken, a line for each group.
fn show_apart(apart: &Apart, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    writeln!(f, "\nby {}:", apart.column)?;
    let widths = apart.groups.iter().map(|group| group.value.chars().count());
    let wide = widths.max().unwrap_or_default();
    let share = |share: Option<f64>| share.map_or("      -".to_owned(), |it| format!("{it:.5}"));
    for group in &apart.groups {
        let (missed, mistaken) = (share(group.missed), share(group.mistaken));
        writeln!(
            f,
            "  {:wide$}  {:>9} rows  {:>9} pairs  missed {missed}  mistaken {mistaken}",
            group.value,
            Grouped::from(group.rows),
            Grouped::from(group.pairs)
        )?;
    }
    match apart.highest_to_lowest_missed {
        Some(ratio) => writeln!(f, "  highest share missed to lowest: {ratio:.2}"),
        None => Ok(()),
    }
}

/// What a file is, what its columns were taken for, and the first questions about it.
pub(super) fn show_file(file: &Loaded, most: usize, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let notes = &file.table.notes;
    writeln!(
        f,
        "{}: {} {}, {}, {}",
        file.table.path.display(),
        Grouped::from(file.quality.rows),
        if file.quality.rows == 1 {
            "row"
        } else {
            "rows"
        },
        notes.encoding,
        notes.layout
    )?;
    let wide = file
        .guesses
        .iter()
        .map(|guess| guess.column.chars().count())
        .max()
        .unwrap_or_default();
    let words = file
        .guesses
        .iter()
        .map(|guess| guess.role.words().chars().count())
        .max()
        .unwrap_or_default();
    for guess in &file.guesses {
        let role = guess.role.words();
        writeln!(
            f,
            "  {:wide$}  {role:words$}  {}",
            guess.column, guess.because
        )?;
    }
    let answers = file
        .guesses
        .iter()
        .filter(|guess| !guess.told && guess.role == Role::LeaveOut);
    for guess in answers.filter(|guess| guess.because.contains("the answer")) {
        let column = &guess.column;
        writeln!(
            f,
            "  {column} was not compared: --ignore {column} says so, --truth {column} measures by it"
        )?;
    }
    for remark in &notes.remarks {
        writeln!(f, "  {remark}")?;
    }
    let questions = &file.quality.questions;
    for question in questions.iter().take(most) {
        let lines: Vec<String> = question.lines.iter().map(u64::to_string).collect();
        writeln!(
            f,
            "  ? {} ({} rows, such as line {}): {}",
            question.column,
            Grouped::from(question.rows),
            lines.first().map_or("", String::as_str),
            question.text
        )?;
    }
    if questions.len() > most {
        writeln!(
            f,
            "  ? and {} more questions about the data: see --report",
            questions.len() - most
        )?;
    }
    Ok(())
}
