//! An independent yardstick: plain words and codes by which the labeller is measured.
//!
//! It is deliberately written apart from the rules and works in another way (whole words and
//! phrases, no stems, no understanding of "no"), so that it does not share their blind spots.

use domain::{Confidentiality, Evidence, LabelClass, Sensitivity};
use serde::Deserialize;

use crate::policies::{LoadError, coded};

const SHIPPED: (&str, &str) = (
    "labels/yardstick-v1.toml",
    include_str!("../../../../policies/labels/yardstick-v1.toml"),
);

/// What it looks for, topic by topic.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Yardstick {
    #[serde(rename = "topic")]
    pub(super) topics: Vec<Topic>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Topic {
    /// What people call it.
    pub name: String,
    /// Words and phrases, each as it stands in a text.
    words: Vec<String>,
    /// Codes of the encounter, as `system|code`.
    #[serde(default)]
    codes: Vec<String>,
    /// A label that gives one of these reasons, and holds closely, has caught it.
    caught_as: coded::List<Sensitivity>,
}

impl Yardstick {
    /// The yardstick that comes with the program.
    ///
    /// # Errors
    /// If the file that was built in is not valid, which a test rules out.
    pub fn shipped() -> Result<Self, LoadError> {
        let (file, text) = SHIPPED;
        toml::from_str(text).map_err(|error| LoadError::toml(file, text, &error))
    }
}

impl Topic {
    /// Whether a note, or the encounter it belongs to, speaks of this.
    pub fn is_spoken_of(&self, evidence: &Evidence, visit_codes: &[(String, String)]) -> bool {
        let by_code = visit_codes
            .iter()
            .any(|(system, code)| self.codes.contains(&format!("{system}|{code}")));
        by_code || evidence.texts.iter().any(|text| self.is_in(text))
    }

    /// Whether a label says so, and holds it closely.
    pub fn is_caught(&self, label: &LabelClass) -> bool {
        let given = |reason: &Sensitivity| label.sensitivities.contains(reason);
        label.confidentiality >= Confidentiality::Restricted && self.caught_as.0.iter().any(given)
    }

    fn is_in(&self, text: &str) -> bool {
        // Every run of other characters is one space, so that a phrase matches across line ends.
        let mut plain = String::with_capacity(text.len() + 2);
        plain.push(' ');
        for letter in text.chars() {
            if letter.is_alphanumeric() {
                plain.extend(letter.to_lowercase());
            } else if !plain.ends_with(' ') {
                plain.push(' ');
            }
        }
        plain.push(' ');
        self.words
            .iter()
            .any(|word| plain.contains(&format!(" {word} ")))
    }
}
