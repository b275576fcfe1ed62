//! A concern about somebody, and what became of it.
//!
//! One record of a concern in every agency, whether or not anything is asked of anybody: what was
//! seen, and what whoever saw it did themselves. Passing a concern on never ends the duty of who
//! passed it on until the next team has it.

use serde::{Deserialize, Serialize};

use crate::TeamId;

/// What a concern says beside what was seen, which is the text of its message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Concern {
    /// What whoever records it did, or will do, themselves. Never empty.
    pub own_action: String,
    /// By what number their own agency knows it: an incident of the police.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reference: Option<String>,
}

/// What became of a concern, as the team that triaged it says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// It is looked into: inquiries under the Acts that protect children and adults.
    Inquiry,
    /// Help is offered.
    Support,
    /// It belongs to another team, which has it now.
    PassedOn {
        /// Which.
        to: TeamId,
    },
    /// Nothing more is done here.
    NoAction,
}

impl Outcome {
    /// The word in rows, forms and FHIR.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Inquiry => "inquiry",
            Self::Support => "support",
            Self::PassedOn { .. } => "passed-on",
            Self::NoAction => "no-action",
        }
    }

    /// How a page says it.
    #[must_use]
    pub fn words(&self) -> &'static str {
        match self {
            Self::Inquiry => "is looking into it",
            Self::Support => "offers help",
            Self::PassedOn { .. } => "passed it on",
            Self::NoAction => "takes no further action",
        }
    }
}
