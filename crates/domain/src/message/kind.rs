//! Kinds of messages, and what hangs on the kind: how much harm waiting may do, and who may know.

use serde::{Deserialize, Serialize};

use crate::message::challenge::ACKNOWLEDGED_WITHIN;
use crate::message::clock::due;
use crate::message::{AnswerClock, Opening, Rung};
use crate::{Purpose, Timestamp};

/// What sort of message it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// Something a team should know or do.
    Note,
    /// Activity to protect this child is under way: ring before deciding anything about them.
    ChildProtection,
    /// This child is connected with one whom a child protection message protects.
    LinkedChild,
    /// This adult is connected with a child whom a child protection message protects.
    LinkedAdult,
    /// Somebody in unscheduled care looked at a child whom a message protects.
    LookUp,
    /// A request for information: each team addressed shares, shares part, says whom to ring, needs
    /// more, does not hold it, or refuses on a ground.
    Request,
    /// What a team answers to a request.
    Response,
    /// A concern about somebody: what was seen, and what whoever saw it did themselves.
    Concern,
    /// What became of a concern.
    Outcome,
    /// A discussion between agencies: each fills in its own block, and one course is decided on.
    Discussion,
    /// What somebody close to a person asks or tells.
    FamilyWord,
    /// What a team answers to somebody close.
    FamilyReply,
    /// Somebody who acts for the person was neither told nor heard: a task for the team that told
    /// others, or decides.
    LeftOut,
    /// Somebody is asked what they think of a planned decision: by a page of their own, and by the team
    /// that plans it where they were not reached, or wait for its answer.
    Hearing,
    /// Somebody has to be told by a person and not by a page: by a day.
    InPerson,
    /// Somebody who is said to harm the person is shut out: somebody decides that this goes on, and until when.
    ShutOut,
    /// A worker tried to see somebody's record in a way that the rules name: for a privacy officer.
    PrivacyAlert,
    /// Nobody outside the agencies that share somebody's record can see it: a task for a team that has
    /// no part in their care.
    Unseen,
    /// A worker whom somebody barred by name is not to look after them: a task for the team that does.
    Reassign,
    /// A call round or meeting was noted: who was told what by word of mouth.
    Call,
    /// What somebody was told was wrong, or should not have reached them: they strike it out or give it up,
    /// and say so.
    Recall,
    /// A refusal, or a line of the account, is challenged: somebody who took no part in it looks again.
    Challenge,
    /// What came of a challenge.
    Ruling,
}

impl Kind {
    /// Every kind.
    pub const ALL: &'static [Kind] = &[
        Self::Note,
        Self::ChildProtection,
        Self::LinkedChild,
        Self::LinkedAdult,
        Self::LookUp,
        Self::Request,
        Self::Response,
        Self::Concern,
        Self::Outcome,
        Self::Discussion,
        Self::FamilyWord,
        Self::FamilyReply,
        Self::LeftOut,
        Self::Hearing,
        Self::InPerson,
        Self::ShutOut,
        Self::PrivacyAlert,
        Self::Unseen,
        Self::Reassign,
        Self::Call,
        Self::Recall,
        Self::Challenge,
        Self::Ruling,
    ];

    /// The name in rows, addresses and forms.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Note => "note",
            Self::ChildProtection => "child-protection",
            Self::LinkedChild => "linked-child",
            Self::LinkedAdult => "linked-adult",
            Self::LookUp => "look-up",
            Self::Request => "request",
            Self::Response => "response",
            Self::Concern => "concern",
            Self::Outcome => "outcome",
            Self::Discussion => "discussion",
            Self::FamilyWord => "family-word",
            Self::FamilyReply => "family-reply",
            Self::LeftOut => "left-out",
            Self::Hearing => "hearing",
            Self::InPerson => "in-person",
            Self::ShutOut => "shut-out",
            Self::PrivacyAlert => "privacy-alert",
            Self::Unseen => "unseen",
            Self::Reassign => "reassign",
            Self::Call => "call",
            Self::Recall => "recall",
            Self::Challenge => "challenge",
            Self::Ruling => "ruling",
        }
    }

    /// Reads [`Kind::code`] back.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|kind| kind.code() == code)
    }

    /// What a list calls it.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::Note => "Message",
            Self::ChildProtection => "Child protection message",
            Self::LinkedChild => "Linked child",
            Self::LinkedAdult => "Linked adult",
            Self::LookUp => "Looked up in unscheduled care",
            Self::Request => "Request for information",
            Self::Response => "Answer to a request",
            Self::Concern => "Concern",
            Self::Outcome => "What became of a concern",
            Self::Discussion => "Inter-agency referral discussion",
            Self::FamilyWord => "From somebody close",
            Self::FamilyReply => "Answer to somebody close",
            Self::LeftOut => "Somebody was left out",
            Self::Hearing => "Somebody is to be heard",
            Self::InPerson => "To be told in person",
            Self::ShutOut => "Somebody is shut out",
            Self::PrivacyAlert => "Attempts on a record",
            Self::Unseen => "Nobody outside can see this record",
            Self::Reassign => "Somebody else is to look after them",
            Self::Call => "Call or meeting",
            Self::Recall => "What was told was wrong",
            Self::Challenge => "Challenge",
            Self::Ruling => "What came of a challenge",
        }
    }

    /// Whether it protects a child: not the person's own business alone, so their account of it may
    /// be held while a recorded reason of safety stands.
    #[must_use]
    pub fn protects(self) -> bool {
        matches!(
            self,
            Self::ChildProtection | Self::LinkedChild | Self::LinkedAdult
        )
    }

    /// Whether somebody has to answer; the others are read, or not.
    #[must_use]
    pub fn wants_answer(self) -> bool {
        !matches!(
            self,
            Self::LookUp
                | Self::Response
                | Self::Outcome
                | Self::FamilyReply
                | Self::Call
                | Self::Ruling
        )
    }
}

/// What waiting may cost, worst first: lists are ordered by it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Harm {
    /// Somebody may come to harm. It interrupts whoever is on duty.
    Protection,
    /// Care waits for it today.
    Today,
    /// It belongs to the day's or week's work.
    Routine,
}

impl Harm {
    /// Its place in rows: smaller is worse.
    #[must_use]
    pub fn rank(self) -> u8 {
        match self {
            Self::Protection => 0,
            Self::Today => 1,
            Self::Routine => 2,
        }
    }

    /// The word on a tag.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::Protection => "Protection",
            Self::Today => "Today",
            Self::Routine => "Routine",
        }
    }
}

/// How soon the sender needs an answer, where the purpose alone does not say.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Urgency {
    /// In its turn.
    Routine,
    /// Today: a discharge, a visit, a medicine.
    Urgent,
}

impl Urgency {
    /// The word in rows and forms.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Routine => "routine",
            Self::Urgent => "urgent",
        }
    }

    /// Reads [`Urgency::code`] back.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        [Self::Routine, Self::Urgent]
            .into_iter()
            .find(|urgency| urgency.code() == code)
    }
}

/// How bad it is if this waits.
#[must_use]
pub fn harm(kind: Kind, purpose: Purpose, urgency: Urgency) -> Harm {
    if matches!(
        kind,
        Kind::LookUp | Kind::InPerson | Kind::ShutOut | Kind::Challenge | Kind::Ruling
    ) {
        Harm::Routine
    } else if kind.protects() || kind == Kind::Reassign || purpose.is_protection() {
        Harm::Protection
    } else if urgency == Urgency::Urgent || purpose.is_a(Purpose::Emergency) {
        Harm::Today
    } else {
        Harm::Routine
    }
}

/// What the clock of a message goes by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Terms {
    /// What sort it is.
    pub kind: Kind,
    /// Why it is sent.
    pub purpose: Purpose,
    /// What waiting may cost.
    pub harm: Harm,
    /// By when the sender of a request needs it, if they said so.
    pub by: Option<Timestamp>,
}

impl Terms {
    /// By when a team with these hours answers what it has from this instant; `None` if no answer is
    /// owed. A day that the sender named counts if the team is there before it; otherwise the clock.
    #[must_use]
    pub fn due(self, from: Timestamp, opening: Opening) -> Option<Timestamp> {
        if !self.kind.wants_answer() {
            return None;
        }
        let by = self.by.filter(|by| opening.next_open(from) < *by);
        Some(by.unwrap_or_else(|| due(self.clock(), from, opening)))
    }

    /// By which clock somebody answers (decisions.md 5.2).
    #[must_use]
    pub fn clock(self) -> AnswerClock {
        match self.harm {
            Harm::Protection => AnswerClock::Seconds(3_600),
            Harm::Today => AnswerClock::OpenSeconds(4 * 3_600),
            // The Reporter and the police, outside protection.
            Harm::Routine
                if self.kind == Kind::Request
                    && matches!(
                        self.purpose,
                        Purpose::ChildrensHearing | Purpose::PoliceInquiry
                    ) =>
            {
                AnswerClock::WorkingDays(1)
            }
            Harm::Routine
                if matches!(
                    self.kind,
                    Kind::LeftOut | Kind::Hearing | Kind::PrivacyAlert
                ) =>
            {
                AnswerClock::WorkingDays(1)
            }
            Harm::Routine if self.kind == Kind::Challenge => {
                AnswerClock::WorkingDays(ACKNOWLEDGED_WITHIN)
            }
            Harm::Routine => AnswerClock::WorkingDays(5),
        }
    }

    /// Whether silence is told to the managers of both sides at once: of a request, and of what is taken back
    /// where a team had days to give it up. What was told wrongly today climbs step by step, hour by hour.
    #[must_use]
    pub fn goes_to_both_managers(self) -> bool {
        self.kind == Kind::Request || (self.kind == Kind::Recall && self.harm == Harm::Routine)
    }

    /// How far it climbs when nobody answered in time.
    #[must_use]
    pub fn next_rung(self, rung: Rung) -> Rung {
        if self.goes_to_both_managers() {
            Rung::Manager
        } else {
            rung.up()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn harm_goes_by_kind_first_then_purpose_then_what_the_sender_says() {
        use Kind::{ChildProtection, LinkedAdult, LookUp, Note};
        let table = [
            (
                ChildProtection,
                Purpose::Treatment,
                Urgency::Routine,
                Harm::Protection,
            ),
            (
                LinkedAdult,
                Purpose::ChildConcern,
                Urgency::Routine,
                Harm::Protection,
            ),
            (
                Note,
                Purpose::AdultProtection,
                Urgency::Routine,
                Harm::Protection,
            ),
            (Note, Purpose::Treatment, Urgency::Urgent, Harm::Today),
            (Note, Purpose::Emergency, Urgency::Routine, Harm::Today),
            (Note, Purpose::Assessment, Urgency::Routine, Harm::Routine),
            (
                LookUp,
                Purpose::ChildConcern,
                Urgency::Urgent,
                Harm::Routine,
            ),
        ];
        for (kind, purpose, urgency, expected) in table {
            assert_eq!(harm(kind, purpose, urgency), expected, "{kind:?} {purpose}");
        }
    }

    #[test]
    fn a_request_is_due_when_it_was_said_or_by_the_clock_of_its_purpose() {
        let at = |text: &str| Timestamp::parse(text).unwrap();
        let friday = at("2027-01-15T16:00:00Z");
        let terms = |purpose, harm, by: Option<&str>| Terms {
            kind: Kind::Request,
            purpose,
            harm,
            by: by.map(at),
        };
        let table = [
            (
                terms(Purpose::Assessment, Harm::Routine, None),
                "2027-01-22T16:00:00Z",
            ),
            (
                terms(Purpose::ChildrensHearing, Harm::Routine, None),
                "2027-01-18T16:00:00Z",
            ),
            (
                terms(Purpose::PoliceInquiry, Harm::Routine, None),
                "2027-01-18T16:00:00Z",
            ),
            (
                terms(Purpose::AdultProtection, Harm::Protection, None),
                "2027-01-15T17:00:00Z",
            ),
            (
                terms(
                    Purpose::Assessment,
                    Harm::Routine,
                    Some("2027-01-19T12:00:00Z"),
                ),
                "2027-01-19T12:00:00Z",
            ),
        ];
        for (terms, expected) in table {
            let due = terms.due(friday, Opening::office());
            assert_eq!(due, Some(at(expected)), "{terms:?}");
        }
        // Said on Friday night for Saturday: the surgery is not there, so its clock runs from Monday.
        let night = at("2027-01-15T23:00:00Z");
        let saturday = terms(
            Purpose::Assessment,
            Harm::Today,
            Some("2027-01-16T12:00:00Z"),
        );
        assert_eq!(
            saturday.due(night, Opening::office()),
            Some(at("2027-01-18T12:45:00Z"))
        );
    }

    #[test]
    fn codes_read_back() {
        for kind in Kind::ALL {
            assert_eq!(Kind::from_code(kind.code()), Some(*kind));
        }
        assert_eq!(Kind::from_code("gossip"), None);
        assert_eq!(Urgency::from_code("urgent"), Some(Urgency::Urgent));
    }
}
