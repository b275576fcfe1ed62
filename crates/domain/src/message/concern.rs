//! A concern about somebody, and what became of it.
//!
//! One record of a concern in every agency, whether or not anything is asked of anybody: what was
//! seen, and what whoever saw it did themselves. Passing a concern on never ends the duty of who
//! passed it on until the next team has it.

use serde::{Deserialize, Serialize};

use super::advocacy::Advocacy;
use crate::{PartyId, TeamId};

/// What a concern says beside what was seen, which is the text of its message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Concern {
    /// What whoever records it did, or will do, themselves. Never empty.
    pub own_action: String,
    /// By what number their own agency knows it: an incident of the police.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reference: Option<String>,
    /// Of an adult: what whoever tells of it knows of the three points of being at risk.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub points: Option<ThreePoints>,
    /// Who is said to harm them, as facts about them name that person.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub alleged_harmer: Option<PartyId>,
    /// Whether an independent advocate was offered to the adult, once somebody looks into it. It is for those who
    /// were asked to act, and not for whoever told of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub advocacy: Option<Advocacy>,
}

/// The three-point test: an adult at risk is one of whom all three points hold (Adult Support and
/// Protection (Scotland) Act 2007 s.3(1)).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ThreePoints {
    /// Unable to safeguard their own wellbeing, property, rights or other interests.
    pub safeguard: Point,
    /// At risk of harm.
    pub at_risk: Point,
    /// More vulnerable to being harmed than others, because affected by disability, mental disorder,
    /// illness or physical or mental infirmity.
    pub vulnerable: Point,
}

/// One point, as whoever told of it knew it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Point {
    /// Whether it holds.
    pub holds: Holds,
    /// What shows it, in their words; may be empty.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub words: String,
}

/// Whether a point holds. Not to know is an answer; to say nothing is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[expect(missing_docs, reason = "the variants say it")]
pub enum Holds {
    Yes,
    No,
    NotKnown,
}

impl Holds {
    /// Every answer, in the order in which a form offers them.
    pub const ALL: [Self; 3] = [Self::Yes, Self::No, Self::NotKnown];

    /// The word in forms, files and parameters.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Yes => "yes",
            Self::No => "no",
            Self::NotKnown => "not-known",
        }
    }

    /// How a page says it.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::Yes => "yes",
            Self::No => "no",
            Self::NotKnown => "not known",
        }
    }
}

impl ThreePoints {
    /// The name of each point in forms, files and parameters, and what it says, in the order of the Act.
    pub const NAMES: [(&str, &str); 3] = [
        (
            "safeguard",
            "Unable to safeguard their own wellbeing, property, rights or other interests",
        ),
        ("at-risk", "At risk of harm"),
        (
            "vulnerable",
            "More vulnerable to harm, because affected by disability, mental disorder, illness or infirmity",
        ),
    ];

    /// Each point with what it says.
    #[must_use]
    pub fn each(&self) -> [(&'static str, &Point); 3] {
        let [safeguard, at_risk, vulnerable] = Self::NAMES.map(|(_, says)| says);
        [
            (safeguard, &self.safeguard),
            (at_risk, &self.at_risk),
            (vulnerable, &self.vulnerable),
        ]
    }

    /// Whether this is an adult at risk, as far as it is known: only if all three points hold.
    #[must_use]
    pub fn of_adult_at_risk(&self) -> Holds {
        let all = [&self.safeguard, &self.at_risk, &self.vulnerable].map(|point| point.holds);
        if all.contains(&Holds::No) {
            Holds::No
        } else if all.contains(&Holds::NotKnown) {
            Holds::NotKnown
        } else {
            Holds::Yes
        }
    }
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
