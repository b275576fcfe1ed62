//! What is found, in words: counts with their nouns, and faults without end made short.

use super::report::Outcome;

/// How many faults of one kind are told one by one.
const MOST_TOLD: usize = 5;

pub(crate) fn count(number: usize, what: &str) -> String {
    match number {
        1 => format!("1 {what}"),
        _ => format!("{number} {what}s"),
    }
}

pub(crate) fn entries(number: usize) -> String {
    match number {
        1 => "1 entry".to_owned(),
        _ => format!("{number} entries"),
    }
}

/// What is wrong with one step: the first few faults in words, the others by number.
#[derive(Default)]
pub(crate) struct Faults {
    told: Vec<String>,
    others: usize,
}

impl Faults {
    pub(crate) fn add(&mut self, fault: String) {
        if self.told.len() < MOST_TOLD {
            self.told.push(fault);
        } else {
            self.others += 1;
        }
    }

    pub(crate) fn or(self, holds: impl FnOnce() -> Outcome) -> Outcome {
        let mut words = self.told.join("; ");
        if words.is_empty() {
            return holds();
        }
        if self.others > 0 {
            words.push_str(&format!("; and {} more", self.others));
        }
        Outcome::Fails(words)
    }
}
