//! How sure a match is.

use serde::{Deserialize, Serialize};

/// FHIR's [match-grade](https://hl7.org/fhir/R4/valueset-match-grade.html), least first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Grade {
    /// Two people.
    CertainlyNot,
    /// Worth a look if nothing better is found.
    Possible,
    /// For a steward to decide.
    Probable,
    /// One person: may be linked without asking.
    Certain,
}

impl Grade {
    /// The code.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::CertainlyNot => "certainly-not",
            Self::Possible => "possible",
            Self::Probable => "probable",
            Self::Certain => "certain",
        }
    }
}
