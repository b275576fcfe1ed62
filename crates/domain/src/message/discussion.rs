//! A discussion between agencies about whether somebody is safe (inter-agency referral discussion,
//! National Guidance for Child Protection in Scotland 2021, part 3): what each agency says, who
//! dissents, and what is decided.
//!
//! Each agency speaks for itself and only for itself. Nothing said is ever changed: a later block
//! supersedes an earlier one of the same agency, and both can be read. Dissent is not a block that
//! somebody could say otherwise: it stands beside the decision for as long as the discussion does.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::coded::coded;
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
    /// The other children, and the adults, whom it touches, as agencies named them, oldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub others: Vec<Other>,
    /// The child protection message that was raised out of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub raised: Option<ResourceId>,
}

coded! {
    /// As what somebody else is named.
    Touched {
        /// Another child.
        Child = "child", "another child";
        /// An adult.
        Adult = "adult", "an adult";
    }
}

/// Somebody else whom a discussion touches, as one agency named them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Other {
    /// Another child, or an adult.
    pub is: Touched,
    /// By what name that agency knows them.
    pub name: String,
    /// What they are to the person: "half-sister", "mother's partner".
    pub relationship: String,
    /// Whether they have parental responsibilities and rights for the child; of an adult.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub has_rights: Option<PromptAnswer>,
    /// Who they are, if that agency knows a record of theirs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub patient: Option<ResourceId>,
    /// The agency that named them.
    pub agency_name: String,
    /// Who there.
    pub by: WorkerId,
    /// When.
    pub at: Timestamp,
}

impl Other {
    /// As one sentence: who they are to the person, and by whom they were named.
    #[must_use]
    pub fn words(&self) -> String {
        let rights = match (self.is, self.has_rights) {
            (Touched::Adult, Some(PromptAnswer::Yes)) => ", with parental responsibilities",
            (Touched::Adult, Some(PromptAnswer::No)) => ", without parental responsibilities",
            (Touched::Adult, _) => ", parental responsibilities not known",
            (Touched::Child, _) => "",
        };
        format!(
            "{}: {}, {}{rights}. Named by {}.",
            self.name,
            self.is.words(),
            self.relationship,
            self.agency_name
        )
    }
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

coded! {
    /// What a discussion decides: one of seven.
    Course {
        /// Nothing is investigated; the named person is told.
        NoInvestigation = "no-investigation", "No investigation: the named person is told";
        /// A meeting about a plan is recommended.
        PlanMeeting = "plan-meeting", "A plan meeting is recommended";
        /// More is found out first.
        MoreEnquiry = "more-enquiry", "More is found out first";
        /// The case is discussed at a meeting of those who know it.
        CaseDiscussion = "case-discussion", "A case discussion";
        /// One agency investigates.
        SingleAgency = "single-agency", "One agency investigates";
        /// Police and social work investigate together.
        Joint = "joint", "Police and social work investigate together";
        /// It goes by another protocol.
        OtherProtocol = "other-protocol", "It goes by another protocol";
    }
}

coded! {
    /// What is asked before anything is decided, because it has been forgotten before.
    Prompt {
        /// Whether somebody must act at once.
        Emergency = "emergency", "Must somebody act at once?";
        /// Whether other children are concerned.
        OtherChildren = "other-children", "Are other children in the home, or in contact?";
        /// Whether an adult here cares for another, whose own care must go on.
        AdultsWhoCare = "adults-who-care", "Does an adult here care for another adult?";
        /// Whether an adult needs protecting as well.
        AdultAtRisk = "adult-at-risk", "Does an adult need protecting as well?";
        /// Whether a medical examination is needed.
        Medical = "medical", "Is a medical examination needed?";
    }
}

coded! {
    /// What is answered. Not knowing is an answer, and can be read as one.
    PromptAnswer {
        /// Yes.
        Yes = "yes", "Yes";
        /// No.
        No = "no", "No";
        /// Nobody in the discussion knows.
        NotKnown = "not-known", "Not known";
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
