//! What an import tells at its end: what became of the resources, how the labeller did, and what is
//! asked about the Patients.

use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

use linkage::Surveyed;
use serde_json::{Value, json};
use sharing::contribute::LabelReport;

use super::carry_out::Counts;

/// What an import did.
pub struct Report {
    /// Earlier runs of the same import included.
    pub counts: Counts,
    /// In this run.
    pub now: Counts,
    /// How long this run took.
    pub took: Duration,
    /// Where the refused items are listed.
    pub rejects: PathBuf,
    /// Of what this run took in or found there.
    pub labels: LabelReport,
    /// The Patients of this run.
    pub patients: Surveyed,
}

impl Report {
    fn per_second(&self) -> f64 {
        (self.now.taken() + self.now.refused) as f64 / self.took.as_secs_f64().max(0.001)
    }

    /// The report for scripts.
    pub fn json(&self) -> serde_json::Value {
        json!({
            "created": self.counts.created,
            "updated": self.counts.updated,
            "unchanged": self.counts.unchanged,
            "refused": self.counts.refused,
            "unsorted": self.counts.unsorted,
            "seconds": self.took.as_secs_f64(),
            "per_second": self.per_second(),
            "rejects": (self.counts.refused > 0).then_some(&self.rejects),
            "labels": self.labels_json(),
            "patients": self.patients_json(),
        })
    }

    fn patients_json(&self) -> Value {
        let filled = self.patients.filled.iter();
        let filled = filled.map(|filled| (filled.part.to_owned(), json!(filled.records)));
        let questions = self.patients.questions.iter().map(|(question, asked)| {
            json!({"code": question.code(), "question": question.words(), "records": asked.records, "such_as": asked.such_as})
        });
        json!({
            "records": self.patients.records,
            "filled": filled.collect::<serde_json::Map<_, _>>(),
            "questions": questions.collect::<Vec<_>>(),
        })
    }

    fn labels_json(&self) -> Value {
        let topics: serde_json::Map<_, _> = self
            .labels
            .topics
            .iter()
            .map(|topic| {
                let told =
                    json!({"notes": topic.notes, "caught": topic.caught, "share": topic.share()});
                (topic.topic.clone(), told)
            })
            .collect();
        json!({"unlabelled_rate": self.labels.unlabelled_rate(), "notes_that_speak_of": topics})
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Counts {
            created,
            updated,
            unchanged,
            refused,
            ..
        } = self.counts;
        if created + updated + refused == 0 {
            writeln!(
                f,
                "nothing changed: all {unchanged} resources were there already"
            )?;
        } else {
            writeln!(f, "created    {created}")?;
            writeln!(f, "updated    {updated}")?;
            writeln!(f, "unchanged  {unchanged}")?;
            writeln!(f, "refused    {refused}")?;
        }
        writeln!(
            f,
            "{:.0} resources a second, {:.1} s",
            self.per_second(),
            self.took.as_secs_f64()
        )?;
        write!(f, "\n{}", self.labels.to_string().trim_end())?;
        show_patients(&self.patients, f)
    }
}

/// How complete the Patients are, and what is to be asked about them; nothing if there were none.
fn show_patients(patients: &Surveyed, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    if patients.records == 0 {
        return Ok(());
    }
    write!(f, "\n\nof {} Patients", patients.records)?;
    for filled in &patients.filled {
        let share = filled.records as f64 * 100.0 / patients.records as f64;
        write!(f, "\n{share:>6.1} % have a {}", filled.part)?;
    }
    for (question, asked) in &patients.questions {
        let first = asked.such_as.first().map_or("", String::as_str);
        write!(
            f,
            "\n? {} ({}, such as Patient/{first})",
            question.words(),
            asked.records
        )?;
    }
    Ok(())
}
