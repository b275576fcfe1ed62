//! A discussion between agencies about whether somebody is safe (inter-agency referral discussion,
//! National Guidance for Child Protection in Scotland 2021, part 3): what each agency says, who
//! dissents, and what is decided.
//!
//! Each agency speaks for itself and only for itself. Nothing said is ever changed: a later block
//! supersedes an earlier one of the same agency, and both can be read. Dissent is not a block that
//! somebody could say otherwise: it stands beside the decision for as long as the discussion does.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{OrganisationId, ResourceId, TeamId, Timestamp, WorkerId};

/// What agencies say to each other about somebody. Why they discuss is the text of the message.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Discussion {
    /// What each agency knows, oldest first.
    #[serde(default)]
    pub blocks: Vec<Statement>,
    /// Who does not agree, and why, oldest first.
    #[serde(default)]
    pub dissents: Vec<Statement>,
    /// What was decided, oldest first: a discussion may be taken up again.
    #[serde(default)]
    pub conclusions: Vec<Conclusion>,
    /// The child protection message that was raised out of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub raised: Option<ResourceId>,
}

/// What one agency says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Statement {
    /// The agency.
    pub agency: OrganisationId,
    /// Its name then.
    pub agency_name: String,
    /// The team that speaks for it.
    pub team: TeamId,
    /// Who wrote it.
    pub by: WorkerId,
    /// Their name.
    pub name: String,
    /// When.
    pub at: Timestamp,
    /// In their words.
    pub text: String,
}

/// What was decided, by whom, and on what.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Conclusion {
    /// Which of the seven.
    pub course: Course,
    /// Why.
    pub reasons: String,
    /// The interim safety plan: what, who, and by when.
    pub plan: String,
    /// What was asked before anything was decided, and what the answers were.
    pub prompts: BTreeMap<Prompt, PromptAnswer>,
    /// The agencies that had not filled in their block: decided without them, and said so.
    pub without: Vec<String>,
    /// Who wrote it down.
    pub by: WorkerId,
    /// Their name.
    pub name: String,
    /// When.
    pub at: Timestamp,
}

/// What a discussion decides: one of seven.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Course {
    /// Nothing is investigated; the named person is told.
    NoInvestigation,
    /// A meeting about a plan is recommended.
    PlanMeeting,
    /// More is found out first.
    MoreEnquiry,
    /// The case is discussed at a meeting of those who know it.
    CaseDiscussion,
    /// One agency investigates.
    SingleAgency,
    /// Police and social work investigate together.
    Joint,
    /// It goes by another protocol.
    OtherProtocol,
}

impl Course {
    /// The seven, as a form lists them.
    pub const ALL: &'static [Course] = &[
        Self::NoInvestigation,
        Self::PlanMeeting,
        Self::MoreEnquiry,
        Self::CaseDiscussion,
        Self::SingleAgency,
        Self::Joint,
        Self::OtherProtocol,
    ];

    /// The word in rows, forms and FHIR.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::NoInvestigation => "no-investigation",
            Self::PlanMeeting => "plan-meeting",
            Self::MoreEnquiry => "more-enquiry",
            Self::CaseDiscussion => "case-discussion",
            Self::SingleAgency => "single-agency",
            Self::Joint => "joint",
            Self::OtherProtocol => "other-protocol",
        }
    }

    /// Reads [`Course::code`] back.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|one| one.code() == code)
    }

    /// How a page says it.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::NoInvestigation => "No investigation: the named person is told",
            Self::PlanMeeting => "A plan meeting is recommended",
            Self::MoreEnquiry => "More is found out first",
            Self::CaseDiscussion => "A case discussion",
            Self::SingleAgency => "One agency investigates",
            Self::Joint => "Police and social work investigate together",
            Self::OtherProtocol => "It goes by another protocol",
        }
    }
}

/// What is asked before anything is decided, because it has been forgotten before.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Prompt {
    /// Whether somebody must act at once.
    Emergency,
    /// Whether other children are concerned.
    OtherChildren,
    /// Whether an adult here cares for another, whose own care must go on.
    AdultsWhoCare,
    /// Whether an adult needs protecting as well.
    AdultAtRisk,
    /// Whether a medical examination is needed.
    Medical,
}

impl Prompt {
    /// All of them, in the order in which they are asked.
    pub const ALL: &'static [Prompt] = &[
        Self::Emergency,
        Self::OtherChildren,
        Self::AdultsWhoCare,
        Self::AdultAtRisk,
        Self::Medical,
    ];

    /// The word in rows, forms and FHIR.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Emergency => "emergency",
            Self::OtherChildren => "other-children",
            Self::AdultsWhoCare => "adults-who-care",
            Self::AdultAtRisk => "adult-at-risk",
            Self::Medical => "medical",
        }
    }

    /// The question.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::Emergency => "Must somebody act at once?",
            Self::OtherChildren => "Are other children in the home, or in contact?",
            Self::AdultsWhoCare => "Does an adult here care for another adult?",
            Self::AdultAtRisk => "Does an adult need protecting as well?",
            Self::Medical => "Is a medical examination needed?",
        }
    }
}

/// What is answered. Not knowing is an answer, and can be read as one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PromptAnswer {
    /// Yes.
    Yes,
    /// No.
    No,
    /// Nobody in the discussion knows.
    NotKnown,
}

impl PromptAnswer {
    /// All of them.
    pub const ALL: &'static [PromptAnswer] = &[Self::Yes, Self::No, Self::NotKnown];

    /// The word in rows, forms and FHIR.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Yes => "yes",
            Self::No => "no",
            Self::NotKnown => "not-known",
        }
    }

    /// Reads [`PromptAnswer::code`] back.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|one| one.code() == code)
    }

    /// How a page says it.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::Yes => "Yes",
            Self::No => "No",
            Self::NotKnown => "Not known",
        }
    }
}

impl Discussion {
    /// Whether this agency has filled in its block.
    #[must_use]
    pub fn has_block_of(&self, agency: &OrganisationId) -> bool {
        self.blocks.iter().any(|one| one.agency == *agency)
    }

    /// Whether a later block of the same agency supersedes this one.
    #[must_use]
    pub fn is_superseded(&self, block: &Statement) -> bool {
        let mut of_agency = self.blocks.iter().filter(|one| one.agency == block.agency);
        of_agency.next_back() != Some(block)
    }

    /// What holds now.
    #[must_use]
    pub fn conclusion(&self) -> Option<&Conclusion> {
        self.conclusions.last()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn block(agency: &str, minute: i64) -> Statement {
        Statement {
            agency: agency.into(),
            agency_name: agency.to_owned(),
            team: "ward-6".into(),
            by: "ruksana-chaudhry".into(),
            name: "Ruksana Chaudhry".to_owned(),
            at: Timestamp(minute),
            text: "What we know.".to_owned(),
        }
    }

    #[test]
    fn only_a_later_block_of_the_same_agency_supersedes() {
        let (first, police, second) = (
            block("hospital", 1),
            block("police", 2),
            block("hospital", 3),
        );
        let discussion = Discussion {
            blocks: vec![first.clone(), police.clone(), second.clone()],
            ..Discussion::default()
        };
        let superseded = [&first, &police, &second].map(|one| discussion.is_superseded(one));
        assert_eq!(superseded, [true, false, false]);
        assert!(discussion.has_block_of(&"police".into()));
        assert!(!discussion.has_block_of(&"school".into()));
    }

    #[test]
    fn codes_read_back() {
        for course in Course::ALL {
            assert_eq!(Course::from_code(course.code()), Some(*course));
        }
        for answer in PromptAnswer::ALL {
            assert_eq!(PromptAnswer::from_code(answer.code()), Some(*answer));
        }
        assert_eq!(Course::from_code("let-it-be"), None);
        assert_eq!(Course::ALL.len(), 7);
    }
}
