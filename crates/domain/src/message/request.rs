//! A request for information, and the ways in which a team may answer it.
//!
//! Each answer but a refusal is one tap, because it costs the one who asked nothing to understand.
//! Silence is none of them: a request that nobody answers is overdue, and never refused.

use serde::{Deserialize, Serialize};

use crate::{Caller, Category, TeamId, Timestamp, WorkerId};

/// What is asked for, on what basis, by when.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct InformationRequest {
    /// Who asks, as their token proved it: what may be shared is decided for them.
    pub asker: Caller,
    /// What is asked for.
    pub what: Vec<Category>,
    /// The lawful basis of asking, as a reader would look it up.
    pub basis: String,
    /// By when it is needed, if the asker said so; otherwise the clock of the purpose.
    pub by: Option<Timestamp>,
    /// Under which requirement of the law, if it is asked under one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub required: Option<Required>,
}

/// What makes a request a requirement of the law: section 10 of the Adult Support and Protection
/// (Scotland) Act 2007, by a council officer in an inquiry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Required {
    /// Its number in the officer's own agency.
    pub number: String,
    /// By what authority the officer acts, as they would show it.
    pub authority: String,
    /// The health professional who is named to read health records; none where none are required.
    pub reader: Option<WorkerId>,
    /// What the adult says to it: they are asked first, or it is recorded why not.
    pub adult: AdultsWord,
}

/// What an adult says to records about them being required.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum AdultsWord {
    /// They agree.
    Agrees,
    /// They object: the law goes past that, and they are told so.
    Objects,
    /// They were not asked.
    NotAsked {
        /// Why not.
        because: String,
    },
}

impl AdultsWord {
    /// Reads the word in forms and parameters: `agrees`, `objects`, or `not-asked` with a reason.
    #[must_use]
    pub fn from_code(code: &str, because: &str) -> Option<Self> {
        Some(match code {
            "agrees" => Self::Agrees,
            "objects" => Self::Objects,
            "not-asked" => Self::NotAsked {
                because: because.trim().to_owned(),
            },
            _ => return None,
        })
    }

    /// Whether neither their word nor a reason why they were not asked is there.
    #[must_use]
    pub fn is_unsaid(&self) -> bool {
        matches!(self, Self::NotAsked { because } if because.is_empty())
    }

    /// How a page says it.
    #[must_use]
    pub fn words(&self) -> String {
        match self {
            Self::Agrees => "The adult agrees".to_owned(),
            Self::Objects => "The adult objects; the law goes past that".to_owned(),
            Self::NotAsked { because } => format!("The adult was not asked: {because}"),
        }
    }
}

/// What a team answers to a request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Response {
    /// All that was asked.
    Shared,
    /// Part of it; the rest stays back on a closed ground.
    Part {
        /// Its code, `R01` to `R20`.
        ground: String,
    },
    /// Better told by telephone.
    Ring {
        /// Whom to ask for.
        name: String,
        /// The number.
        phone: String,
    },
    /// Something is missing before it can be answered.
    MoreNeeded,
    /// It is not held here.
    NotHeld {
        /// Who may hold it.
        ask: Option<TeamId>,
    },
    /// Refused on a closed ground.
    Refused(Refusal),
}

/// Why something is refused, and by whom. The harms, decider and review are there where it is
/// refused to the person, to somebody who acts for them, or to a statutory requirement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refusal {
    /// The code of the ground, `R01` to `R20`.
    pub ground: String,
    /// What harm would come from sharing.
    pub harm_if_shared: Option<String>,
    /// What harm would come from not sharing.
    pub harm_if_not_shared: Option<String>,
    /// Who decided, and in what role.
    pub decider: Option<String>,
    /// When it is looked at again.
    pub review: Option<Timestamp>,
}

impl Response {
    /// The word in rows and in FHIR.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Shared => "shared",
            Self::Part { .. } => "part",
            Self::Ring { .. } => "ring",
            Self::MoreNeeded => "more-needed",
            Self::NotHeld { .. } => "not-held",
            Self::Refused(_) => "refused",
        }
    }

    /// How a page says it.
    #[must_use]
    pub fn words(&self) -> &'static str {
        match self {
            Self::Shared => "shared what was asked",
            Self::Part { .. } => "shared part",
            Self::Ring { .. } => "says whom to ring",
            Self::MoreNeeded => "needs to know more",
            Self::NotHeld { .. } => "does not hold it",
            Self::Refused(_) => "refused",
        }
    }

    /// Whether it gives all or part of what was asked, or says whom to ring for it.
    #[must_use]
    pub fn gives(&self) -> bool {
        matches!(self, Self::Shared | Self::Part { .. } | Self::Ring { .. })
    }

    /// The code of the ground on which something stays back, if something does.
    #[must_use]
    pub fn ground(&self) -> Option<&str> {
        match self {
            Self::Part { ground } => Some(ground),
            Self::Refused(refusal) => Some(&refusal.ground),
            Self::NotHeld { .. } => Some("R20"),
            Self::Shared | Self::Ring { .. } | Self::MoreNeeded => None,
        }
    }
}
