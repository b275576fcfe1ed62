//! One person sought among everybody.

use crate::{Grade, Model, Record, Rule};

/// Everybody, ready to be searched.
#[derive(Debug)]
pub struct Index {
    model: Model,
}

/// Somebody who may be the one sought.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Hit {
    /// The key under which the record was added.
    pub key: u64,
    /// The logarithm to base 2 of the odds.
    pub weight: f32,
    /// The same as a probability.
    pub probability: f32,
    /// How sure that is.
    pub grade: Grade,
    /// The rule that decided.
    pub rule: Option<Rule>,
}

/// What is missing for a search to mean anything.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Missing {
    /// A name.
    Name,
    /// A date of birth.
    BirthDate,
}

/// What is missing.
#[must_use]
pub fn missing(record: &Record) -> Vec<Missing> {
    let _ = record;
    Vec::new()
}

impl Index {
    /// Nobody yet.
    #[must_use]
    pub fn new(model: Model) -> Self {
        Self { model }
    }

    /// Finds.
    #[must_use]
    pub fn find(&self, record: &Record, limit: usize) -> Vec<Hit> {
        let _ = (record, limit, &self.model);
        Vec::new()
    }
}
