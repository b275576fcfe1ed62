//! A model that Splink saved (`linker.misc.save_model_to_json`), read as one of ours.
//!
//! Splink's levels are conditions in SQL. Those that its comparison library writes are recognised
//! and find the level here that means the same; a model with any other is refused, naming each.
//! What the model does not compare adds nothing; a level that Splink does not know, such as "one is
//! called by the other", keeps the built-in estimate.
//! <https://moj-analytical-services.github.io/splink/>

mod condition;
#[cfg(test)]
mod tests;

use std::fmt;

use linkage::{Comparison, Level, MODEL_VERSION, Model, Scope};
use serde::Deserialize;
use serde_json::Value;

use super::roles::{Role, Says, says};
use condition::{Condition, Meaning};

/// Splink may have seen a level never, or always: no single level decides by more than some thirty bits.
const LEAST: f64 = 1e-9;

/// Why a saved model cannot be used.
#[derive(Debug)]
pub enum SplinkError {
    /// It has not the form of a model.
    Form(serde_json::Error),
    /// Comparisons or levels without a counterpart here, one reason each.
    NoCounterpart(Vec<String>),
}

impl fmt::Display for SplinkError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Form(error) => write!(f, "not a model that Splink saved: {error}"),
            Self::NoCounterpart(reasons) => {
                f.write_str("parts of this model of Splink have no counterpart here:")?;
                reasons
                    .iter()
                    .try_for_each(|reason| write!(f, "\n  {reason}"))
            }
        }
    }
}

#[derive(Deserialize)]
struct Saved {
    probability_two_random_records_match: f64,
    comparisons: Vec<SavedComparison>,
}

#[derive(Deserialize)]
struct SavedComparison {
    output_column_name: String,
    comparison_levels: Vec<SavedLevel>,
}

#[derive(Deserialize)]
struct SavedLevel {
    sql_condition: String,
    #[serde(default)]
    is_null_level: bool,
    m_probability: Option<f64>,
    u_probability: Option<f64>,
    tf_adjustment_column: Option<String>,
    tf_adjustment_weight: Option<f64>,
}

/// Whether JSON looks like a model that Splink saved.
#[must_use]
pub fn is_from_splink(value: &Value) -> bool {
    value.pointer("/comparisons/0/comparison_levels").is_some()
}

/// Reads a saved model.
///
/// # Errors
/// [`SplinkError`] naming every comparison and level that has no counterpart.
pub fn import(value: Value) -> Result<Model, SplinkError> {
    let saved: Saved = serde_json::from_value(value).map_err(SplinkError::Form)?;
    let odds = saved
        .probability_two_random_records_match
        .clamp(LEAST, 1.0 - LEAST);
    let mut model = Model {
        version: MODEL_VERSION,
        name: "imported from Splink".to_owned(),
        scope: Scope::File,
        prior: (odds / (1.0 - odds)).log2() as f32,
        homes: None,
        known_people: 0.0,
        records: 0,
        records_each: 2.0,
        certain: 6.6,
        probable: 0.0,
        possible: -6.0,
        comparisons: Model::population().comparisons,
    };
    let mut known: Vec<String> = Vec::new();
    let mut reasons = Vec::new();
    for comparison in &saved.comparisons {
        match read(comparison, &known) {
            Ok(read) => {
                known.push(read.name.clone());
                put(&mut model, read);
            }
            Err(more) => reasons.extend(more),
        }
    }
    for comparison in &mut model.comparisons {
        if !known.contains(&comparison.name) {
            *comparison = comparison.silenced();
        }
    }
    match reasons.is_empty() {
        true => Ok(model),
        false => Err(SplinkError::NoCounterpart(reasons)),
    }
}

fn put(model: &mut Model, read: Comparison) {
    let mut all = model.comparisons.iter_mut();
    match all.find(|known| known.name == read.name) {
        Some(known) => *known = read,
        None => model.comparisons.push(read),
    }
}

/// One comparison with what Splink learnt of it.
fn read(saved: &SavedComparison, known: &[String]) -> Result<Comparison, Vec<String>> {
    let title = &saved.output_column_name;
    let reason = |words: String| vec![format!("comparison {title}: {words}")];
    let levels: Vec<_> = saved
        .comparison_levels
        .iter()
        .filter(|level| !level.is_null_level)
        .collect();
    let conditions: Vec<Condition> = levels
        .iter()
        .map(|level| Condition::of(&level.sql_condition))
        .collect();
    let mut columns: Vec<&str> = conditions.iter().flat_map(Condition::columns).collect();
    columns.sort_unstable();
    columns.dedup();
    let column = match columns.as_slice() {
        [one] => *one,
        [] => return Err(reason("its levels name no column".to_owned())),
        several => {
            let words = format!(
                "it compares {} in one: compare each by itself",
                several.join(", ")
            );
            return Err(reason(words));
        }
    };
    let mut comparison = counterpart(column).map_err(reason)?;
    if known.contains(&comparison.name) {
        let words = format!("another comparison is of {} already", comparison.name);
        return Err(reason(words));
    }
    let mut learnt = vec![Learnt::default(); comparison.levels.len()];
    let mut reasons = Vec::new();
    for (level, condition) in levels.iter().zip(&conditions) {
        let meaning = condition.meaning(column);
        let place = meaning.and_then(|meaning| place_of(&comparison, meaning));
        match place.and_then(|place| learnt.get_mut(place)) {
            Some(learnt) => learnt.add(level),
            None => reasons.push(format!("comparison {title}, level {}", level.sql_condition)),
        }
    }
    for (level, learnt) in comparison.levels.iter_mut().zip(learnt) {
        learnt.write(level);
    }
    match reasons.is_empty() {
        true => Ok(comparison),
        false => Err(reasons),
    }
}

/// The comparison here of what a column holds, by the column's name.
fn counterpart(column: &str) -> Result<Comparison, String> {
    let named = |name: &str| {
        let mut all = Model::population().comparisons.into_iter();
        all.find(|comparison| comparison.name == name)
            .ok_or_else(|| format!("nothing here compares {name}"))
    };
    let Says::Role(role, _) = says(column) else {
        return Ok(Comparison::of_column(column));
    };
    match role {
        Role::GivenName | Role::KnownAs => named("given"),
        Role::FamilyName | Role::PreviousFamilyName => named("family"),
        Role::MiddleName => named("middle"),
        Role::BirthDate => named("birth"),
        Role::Sex => named("sex"),
        Role::Chi | Role::NhsNumber | Role::HcNumber => named("national-number"),
        Role::Identifier => named("number"),
        Role::Postcode => named("postcode"),
        Role::AddressLine => named("street"),
        Role::HouseNumber => named("house"),
        Role::Locality => named("locality"),
        Role::Region => named("region"),
        Role::Contact if column.to_lowercase().contains("mail") => named("email"),
        Role::Contact => named("phone"),
        Role::Other => Ok(Comparison::of_column(column)),
        role => Err(format!(
            "its column is taken for {}, which is not compared by itself",
            role.words()
        )),
    }
}

/// The level here that means the same. Whatever is wider than any level here counts as different.
fn place_of(comparison: &Comparison, meaning: Meaning) -> Option<usize> {
    let levels = &comparison.levels;
    let called = |names: &[&str]| {
        levels
            .iter()
            .position(|level| names.contains(&level.name.as_str()))
    };
    let near = || {
        called(&[
            "written nearly the same",
            "nearly the same",
            "one slip",
            "one slip in a number that fails its check",
        ])
    };
    let far = || called(&["somewhat alike", "some words in common", "two slips"]);
    let different = || levels.len().checked_sub(1);
    match meaning {
        Meaning::Same => Some(0),
        Meaning::Else => different(),
        Meaning::Edits(1) => near(),
        Meaning::Edits(2) => near().and_then(|_| far().or_else(different)),
        Meaning::Edits(_) => near().and_then(|_| different()),
        Meaning::Alike(_) if comparison.name == "birth" => None,
        Meaning::Alike(least) if least >= 0.88 => near(),
        Meaning::Alike(least) if least >= 0.7 => near().and_then(|_| far().or_else(different)),
        Meaning::Alike(_) => near().and_then(|_| different()),
        Meaning::WithinDays(days) if days <= 31.0 => called(&["two of year, month and day"]),
        Meaning::WithinDays(_) => called(&["two of year, month and day"]).and_then(|_| different()),
        Meaning::SameUser => called(&["the same but for the provider"]),
        Meaning::Sector => called(&["the same sector"]),
        Meaning::District => called(&["the same district"]),
        Meaning::Area => called(&["the same district"]).and_then(|_| different()),
    }
}

/// What Splink learnt of the levels that are one level here: they exclude each other, so their
/// probabilities add up.
#[derive(Debug, Clone, Copy, Default)]
struct Learnt {
    m: f64,
    u: f64,
    rarity: f64,
}

impl Learnt {
    /// A level that Splink never met has no figures.
    fn add(&mut self, level: &SavedLevel) {
        if let (Some(m), Some(u)) = (level.m_probability, level.u_probability) {
            self.m += m;
            self.u += u;
        }
        if level.tf_adjustment_column.is_some() {
            self.rarity = level.tf_adjustment_weight.unwrap_or(1.0);
        }
    }

    fn write(self, level: &mut Level) {
        level.dependent = None;
        if self.m > 0.0 || self.u > 0.0 {
            level.m = self.m.clamp(LEAST, 1.0) as f32;
            level.u = self.u.clamp(LEAST, 1.0) as f32;
            level.rarity = self.rarity.clamp(0.0, 1.0) as f32;
        }
    }
}
