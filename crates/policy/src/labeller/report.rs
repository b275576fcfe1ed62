//! What the labeller achieved on an import: how much it sorted, and what share it caught of the
//! notes that speak of something held closely.

use std::collections::BTreeMap;
use std::fmt;

use domain::{Evidence, LabelClass};

use super::Yardstick;

/// Counts over everything that was labelled.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct LabelReport {
    /// By resource type.
    pub types: BTreeMap<String, TypeCount>,
    /// By topic, in the yardstick's order: notes and attachments only.
    pub topics: Vec<TopicCount>,
}

/// How many resources of a type were sorted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct TypeCount {
    /// Labelled by a rule.
    pub labelled: u64,
    /// Left as not yet sorted.
    pub unsorted: u64,
}

/// How many notes speak of a topic, and how many of those the labeller caught.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TopicCount {
    /// The topic, such as "violence".
    pub topic: String,
    /// Notes that speak of it, by the yardstick.
    pub notes: u64,
    /// Of those, how many were labelled so.
    pub caught: u64,
}

impl TopicCount {
    /// The share caught, from 0 to 1; `None` where no note speaks of it.
    #[must_use]
    pub fn share(&self) -> Option<f64> {
        (self.notes > 0).then(|| self.caught as f64 / self.notes as f64)
    }
}

impl LabelReport {
    /// Counts one labelled resource. `visit_codes` are the codes of the encounter it belongs to.
    pub fn record(
        &mut self,
        yardstick: &Yardstick,
        evidence: &Evidence,
        visit_codes: &[(String, String)],
        label: &LabelClass,
    ) {
        let count = self
            .types
            .entry(evidence.resource_type.clone())
            .or_default();
        if label.is_sorted() {
            count.labelled += 1;
        } else {
            count.unsorted += 1;
        }
        if Self::measures(&evidence.resource_type) {
            self.measure(yardstick, evidence, visit_codes, label);
        }
    }

    /// Whether a type carries notes and attachments, whose words are measured. Of other types only
    /// the label counts, so that nobody need read them for this.
    #[must_use]
    pub fn measures(resource_type: &str) -> bool {
        matches!(
            resource_type,
            "DocumentReference"
                | "Composition"
                | "DiagnosticReport"
                | "ClinicalImpression"
                | "Communication"
                | "Media"
                | "Binary"
        )
    }

    /// The share of everything that no rule could sort, from 0 to 1; 0 where there is nothing.
    #[must_use]
    pub fn unlabelled_rate(&self) -> f64 {
        let unsorted: u64 = self.types.values().map(|count| count.unsorted).sum();
        let labelled: u64 = self.types.values().map(|count| count.labelled).sum();
        match unsorted + labelled {
            0 => 0.0,
            all => unsorted as f64 / all as f64,
        }
    }

    fn measure(
        &mut self,
        yardstick: &Yardstick,
        evidence: &Evidence,
        visit_codes: &[(String, String)],
        label: &LabelClass,
    ) {
        if self.topics.is_empty() {
            let topics = yardstick.topics.iter().map(|topic| TopicCount {
                topic: topic.name.clone(),
                notes: 0,
                caught: 0,
            });
            self.topics.extend(topics);
        }
        for (topic, count) in yardstick.topics.iter().zip(&mut self.topics) {
            if topic.is_spoken_of(evidence, visit_codes) {
                count.notes += 1;
                count.caught += u64::from(topic.is_caught(label));
            }
        }
    }
}

/// The report as an import prints it.
impl fmt::Display for LabelReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{:<24} {:>9} {:>9}", "type", "labelled", "unsorted")?;
        for (name, count) in &self.types {
            writeln!(f, "{name:<24} {:>9} {:>9}", count.labelled, count.unsorted)?;
        }
        let rate = self.unlabelled_rate() * 100.0;
        writeln!(f, "not yet sorted: {rate:.1} %")?;
        writeln!(f)?;
        writeln!(
            f,
            "{:<24} {:>9} {:>9} {:>9}",
            "notes that speak of", "notes", "caught", "share"
        )?;
        for topic in &self.topics {
            let share = topic
                .share()
                .map_or_else(|| "-".to_owned(), |share| format!("{:.1} %", share * 100.0));
            let name = &topic.topic;
            writeln!(
                f,
                "{name:<24} {:>9} {:>9} {share:>9}",
                topic.notes, topic.caught
            )?;
        }
        Ok(())
    }
}
