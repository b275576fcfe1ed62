//! A call round or a meeting: who was told what, how it was known who they are, what is done next,
//! and what became of it if it was wrong.
//!
//! One note for the whole round. What was told by word of mouth has left the agency as surely as a
//! letter has, so each one who was told stands in the person's account; and what was wrong is taken
//! back from each of them, who then says that they know.

use serde::{Deserialize, Serialize};

use crate::arrangement::ToldAs;
use crate::{Category, PartyId, TeamId, WorkerId};

/// What a note of a call round or meeting says beside why, which is the text of its message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Call {
    /// How they were told.
    pub way: Way,
    /// How it was known who they are.
    pub identity: Identity,
    /// What they were told about; may be empty if nothing of the record was told.
    pub what: Vec<Category>,
    /// What is done next and by whom, in words; `None` says that nobody owns a next step.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
    /// Who was there, or was rung.
    pub attended: Vec<Attendee>,
    /// That it was wrong, and how.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub wrong: Option<Wrong>,
}

/// Somebody who was there, or was rung.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attendee {
    /// As the person's account names them: "Gregor Muir, housing officer, Northburn Housing".
    pub name: String,
    /// The worker, if the directory knows them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub worker: Option<WorkerId>,
    /// Their team, which is asked to strike out what was wrong; they are rung where there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub team: Option<TeamId>,
    /// Who they are among those who act for the person or are close to them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub party: Option<PartyId>,
    /// What they are to the person, where they are no worker of a team that gives care.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub is: Option<ToldAs>,
    /// Whether they are of the team that notes it: then nothing left it.
    #[serde(default)]
    pub own: bool,
    /// The ground on which they were told nothing, if the exchange refused it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refused: Option<String>,
}

impl Attendee {
    /// Whether something of the record reached them from elsewhere than their own team.
    #[must_use]
    pub fn was_told(&self) -> bool {
        !self.own && self.refused.is_none()
    }
}

impl Call {
    /// Those to whom something of the record went.
    pub fn told(&self) -> impl Iterator<Item = &Attendee> {
        let left = !self.what.is_empty();
        self.attended
            .iter()
            .filter(move |one| left && one.was_told())
    }
}

/// How somebody was told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Way {
    /// By telephone.
    Phone,
    /// At a meeting.
    Meeting,
    /// In writing, outside the exchange: it is decided before anything is sent.
    Letter,
}

impl Way {
    /// Every way.
    pub const ALL: &'static [Way] = &[Self::Phone, Self::Meeting, Self::Letter];

    /// The word in rows, forms and FHIR.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Phone => "phone",
            Self::Meeting => "meeting",
            Self::Letter => "letter",
        }
    }

    /// Reads [`Way::code`] back.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|one| one.code() == code)
    }

    /// How a page says it.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::Phone => "By telephone",
            Self::Meeting => "At a meeting",
            Self::Letter => "In writing, now",
        }
    }
}

/// How it was known who somebody is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Identity {
    /// They were rung on a number that was on record before.
    RungOnRecord,
    /// They rang, and were called back on a number on record.
    CalledBack,
    /// They were met, and are known or showed who they are.
    Met,
    /// Nobody checked.
    NotChecked,
}

impl Identity {
    /// Every one.
    pub const ALL: &'static [Identity] = &[
        Self::RungOnRecord,
        Self::CalledBack,
        Self::Met,
        Self::NotChecked,
    ];

    /// The word in rows and forms.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::RungOnRecord => "rung-on-record",
            Self::CalledBack => "called-back",
            Self::Met => "met",
            Self::NotChecked => "not-checked",
        }
    }

    /// Reads [`Identity::code`] back.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|one| one.code() == code)
    }

    /// How a page says it.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::RungOnRecord => "I rang a number that we had",
            Self::CalledBack => "They rang; I called back on a number that we had",
            Self::Met => "We met, and I know them or they showed who they are",
            Self::NotChecked => "Nobody checked who they are",
        }
    }
}

/// That something which was told was wrong.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wrong {
    /// In what way.
    pub how: Fault,
}

/// In what way something that was told was wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Fault {
    /// It is not so.
    NotSo,
    /// It is about somebody else.
    OfAnother,
    /// It was told to somebody for whom it was not meant.
    ToAnother,
    /// It was more than whoever was told needs.
    TooMuch,
    /// Nothing allows that they were told.
    NoBasis,
}

impl Fault {
    /// Every one.
    pub const ALL: &'static [Fault] = &[
        Self::NotSo,
        Self::OfAnother,
        Self::ToAnother,
        Self::TooMuch,
        Self::NoBasis,
    ];

    /// The word in rows, forms and FHIR.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::NotSo => "not-so",
            Self::OfAnother => "of-another",
            Self::ToAnother => "to-another",
            Self::TooMuch => "too-much",
            Self::NoBasis => "no-basis",
        }
    }

    /// Reads [`Fault::code`] back.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|one| one.code() == code)
    }

    /// Why, as a page says it to whoever was told.
    #[must_use]
    pub fn words_to_them(self) -> &'static str {
        match self {
            Self::NotSo | Self::OfAnother => self.words(),
            Self::ToAnother => "it was not meant for you",
            Self::TooMuch => "it was more than you need",
            Self::NoBasis => "nothing allowed that you were told",
        }
    }

    /// Why, as a page and an account say it of whoever was told.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::NotSo => "it is not so",
            Self::OfAnother => "it is about somebody else",
            Self::ToAnother => "it was not meant for them",
            Self::TooMuch => "it was more than they need",
            Self::NoBasis => "nothing allowed that they were told",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_read_back() {
        for way in Way::ALL {
            assert_eq!(Way::from_code(way.code()), Some(*way));
        }
        for identity in Identity::ALL {
            assert_eq!(Identity::from_code(identity.code()), Some(*identity));
        }
        for fault in Fault::ALL {
            assert_eq!(Fault::from_code(fault.code()), Some(*fault));
        }
        assert_eq!(Way::from_code("pigeon"), None);
    }

    #[test]
    fn nothing_reached_those_of_the_team_those_refused_or_anybody_where_nothing_was_told() {
        let attendee = |name: &str| Attendee {
            name: name.to_owned(),
            worker: None,
            team: None,
            party: None,
            is: None,
            own: false,
            refused: None,
        };
        let mut call = Call {
            way: Way::Meeting,
            identity: Identity::Met,
            what: vec![Category::CarePlans],
            next: None,
            attended: vec![
                attendee("Gregor"),
                Attendee {
                    own: true,
                    ..attendee("Eilidh")
                },
                Attendee {
                    refused: Some("R07".to_owned()),
                    ..attendee("Ms Rae")
                },
            ],
            wrong: None,
        };
        let told: Vec<_> = call.told().map(|one| one.name.clone()).collect();
        assert_eq!(told, ["Gregor"]);
        call.what.clear();
        assert_eq!(call.told().count(), 0);
    }
}
