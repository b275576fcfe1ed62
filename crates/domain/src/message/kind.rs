//! Kinds of messages, and what hangs on the kind: how much harm waiting may do, and who may know.

use serde::{Deserialize, Serialize};

use crate::Purpose;
use crate::message::AnswerClock;

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
}

impl Kind {
    /// Every kind.
    pub const ALL: &'static [Kind] = &[
        Self::Note,
        Self::ChildProtection,
        Self::LinkedChild,
        Self::LinkedAdult,
        Self::LookUp,
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

    /// Whether somebody has to say "mine" or "not mine"; the others are read, or not.
    #[must_use]
    pub fn wants_answer(self) -> bool {
        self != Self::LookUp
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
    if kind == Kind::LookUp {
        Harm::Routine
    } else if kind.protects() || purpose.is_protection() {
        Harm::Protection
    } else if urgency == Urgency::Urgent || purpose.is_a(Purpose::Emergency) {
        Harm::Today
    } else {
        Harm::Routine
    }
}

/// By which clock somebody says "mine" or "not mine".
#[must_use]
pub fn clock(harm: Harm) -> AnswerClock {
    match harm {
        Harm::Protection => AnswerClock::Seconds(3_600),
        Harm::Today => AnswerClock::OpenSeconds(4 * 3_600),
        Harm::Routine => AnswerClock::WorkingDays(5),
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
    fn codes_read_back() {
        for kind in Kind::ALL {
            assert_eq!(Kind::from_code(kind.code()), Some(*kind));
        }
        assert_eq!(Kind::from_code("gossip"), None);
        assert_eq!(Urgency::from_code("urgent"), Some(Urgency::Urgent));
    }
}
