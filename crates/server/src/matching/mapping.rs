//! A mapping file: which column is what, where a guess is not wanted or was wrong.
//!
//! ```toml
//! rest = "leave-out"            # or "guess", which is also what nothing means
//!
//! [columns]
//! vorname = "given-name"
//! geboren = { is = "birth-date", order = "day-month-year" }
//! bemerkung = "leave-out"
//! ```
//!
//! The same as JSON if the file's name ends in `.json`.

use std::collections::BTreeMap;
use std::path::Path;

use serde::Deserialize;

use super::guess::Guess;
use super::roles::Role;
use super::values::DateOrder;

/// What a mapping file says.
#[derive(Debug, Clone, Default)]
pub struct Mapping {
    columns: BTreeMap<String, (Role, Option<DateOrder>)>,
    /// Whether columns that it does not name are left out rather than guessed.
    pub leaves_out_the_rest: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    #[serde(default)]
    rest: Rest,
    #[serde(default)]
    columns: BTreeMap<String, Entry>,
}

#[derive(Deserialize, Default, PartialEq, Eq)]
#[serde(rename_all = "kebab-case")]
enum Rest {
    #[default]
    Guess,
    LeaveOut,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Entry {
    Word(String),
    Full {
        is: String,
        order: Option<DateOrder>,
    },
}

/// A mapping that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum MappingError {
    /// Not TOML or JSON, or not of this form.
    #[error("the mapping is not understood: {0}")]
    Form(String),
    /// A word that is no role.
    #[error("the mapping says that {column} is {word:?}; it can be {}", known())]
    Unknown {
        /// The column.
        column: String,
        /// The word.
        word: String,
    },
}

fn known() -> String {
    let codes: Vec<&str> = Role::ALL.iter().map(|(_, code, _)| *code).collect();
    codes.join(", ")
}

impl Mapping {
    /// Reads a mapping; its name tells whether it is JSON.
    ///
    /// # Errors
    /// See [`MappingError`].
    pub fn parse(text: &str, name: impl AsRef<Path>) -> Result<Self, MappingError> {
        let is_json = name
            .as_ref()
            .extension()
            .is_some_and(|ending| ending == "json");
        let written: Written = if is_json {
            serde_json::from_str(text).map_err(|error| MappingError::Form(error.to_string()))?
        } else {
            toml::from_str(text).map_err(|error| MappingError::Form(error.to_string()))?
        };
        let mut columns = BTreeMap::new();
        for (column, entry) in written.columns {
            let (word, order) = match entry {
                Entry::Word(word) => (word, None),
                Entry::Full { is, order } => (is, order),
            };
            match Role::of_code(&word) {
                Some(role) => columns.insert(column, (role, order)),
                None => return Err(MappingError::Unknown { column, word }),
            };
        }
        Ok(Self {
            columns,
            leaves_out_the_rest: written.rest == Rest::LeaveOut,
        })
    }

    /// What it says of a column.
    #[must_use]
    pub fn of(&self, column: &str) -> Option<(Role, Option<DateOrder>)> {
        let exact = self.columns.get(column);
        let found = exact.or_else(|| {
            let mut named = self.columns.iter();
            named
                .find(|(name, _)| name.eq_ignore_ascii_case(column))
                .map(|(_, role)| role)
        });
        found.copied()
    }

    /// The columns that it names.
    pub fn columns(&self) -> impl Iterator<Item = &str> {
        self.columns.keys().map(String::as_str)
    }

    /// The columns that it takes for the id.
    pub fn ids(&self) -> impl Iterator<Item = &str> {
        let ids = self
            .columns
            .iter()
            .filter(|(_, (role, _))| *role == Role::Id);
        ids.map(|(name, _)| name.as_str())
    }
}

/// What was guessed, as a mapping file to change by hand.
#[must_use]
pub fn written(guesses: &[Guess]) -> String {
    let mut text = String::from(
        "# Which column is what. Change what is wrong and give it back with --mapping.\nrest = \"leave-out\"\n\n[columns]\n",
    );
    for guess in guesses {
        let name = toml::Value::String(guess.column.clone());
        let order = guess
            .order
            .and_then(|order| serde_json::to_value(order).ok());
        let value = match order.as_ref().and_then(serde_json::Value::as_str) {
            Some(order) => format!("{{ is = \"{}\", order = \"{order}\" }}", guess.role.code()),
            None => format!("\"{}\"", guess.role.code()),
        };
        let because = guess.because.replace(['\n', '\r'], " ");
        text.push_str(&format!("{name} = {value} # {because}\n"));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_is_said_in_toml_and_in_json() {
        let toml = "rest = \"leave-out\"\n[columns]\nvorname = \"given-name\"\ngeboren = { is = \"birth-date\", order = \"day-month-year\" }\n";
        let json = r#"{"rest":"leave-out","columns":{"vorname":"given-name","geboren":{"is":"birth-date","order":"day-month-year"}}}"#;
        for mapping in [
            Mapping::parse(toml, "m.toml"),
            Mapping::parse(json, "m.json"),
        ] {
            let mapping = mapping.unwrap();
            assert_eq!(mapping.of("Vorname"), Some((Role::GivenName, None)));
            let born = Some((Role::BirthDate, Some(DateOrder::DayMonthYear)));
            assert_eq!(mapping.of("geboren"), born);
            assert_eq!(mapping.of("ort"), None);
            assert!(mapping.leaves_out_the_rest);
        }
    }

    #[test]
    fn a_word_that_is_no_role_is_answered_with_those_that_are() {
        let error = Mapping::parse("[columns]\nx = \"vorname\"\n", "m.toml").unwrap_err();
        let words = error.to_string();
        assert!(
            words.starts_with("the mapping says that x is \"vorname\"; it can be id, source"),
            "{words}"
        );
        assert!(Mapping::parse("[colums]\n", "m.toml").is_err());
    }

    #[test]
    fn what_was_guessed_can_be_given_back() {
        let guess = |column: &str, role, order| Guess {
            column: column.to_owned(),
            role,
            order,
            because: "a\nreason".to_owned(),
            told: false,
        };
        let text = written(&[
            guess("first \"name\"", Role::GivenName, None),
            guess("dob", Role::BirthDate, Some(DateOrder::MonthDayYear)),
        ]);
        let again = Mapping::parse(&text, "m.toml").unwrap();
        assert_eq!(again.of("first \"name\""), Some((Role::GivenName, None)));
        assert_eq!(
            again.of("dob"),
            Some((Role::BirthDate, Some(DateOrder::MonthDayYear)))
        );
    }
}
