//! What an import tells at its end: what became of the resources, and how the labeller did.

use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

use serde_json::json;
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
        })
    }

    fn labels_json(&self) -> serde_json::Value {
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
        write!(f, "\n{}", self.labels.to_string().trim_end())
    }
}
