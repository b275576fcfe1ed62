//! What a decision must know of the person: age, life, capacity.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::moment::{BirthDate, Moment};
use crate::{PartyId, Timestamp};

/// A decision area: what a capacity, a power or a planned decision is about. Capacity is never
/// lost as such, only for a decision at a time (Adults with Incapacity (Scotland) Act 2000, s.1(6)).
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Matter {
    /// Where the person lives.
    Accommodation,
    /// How the person is looked after.
    Care,
    /// Medical treatment.
    Treatment,
    /// Who is told what.
    Information,
    /// Whom the person meets.
    Contact,
    /// Money and property.
    Finance,
    /// All of the above but money: everything that a welfare power can be about.
    Welfare,
    /// Everything.
    All,
}

impl Matter {
    /// The areas that stand for themselves.
    pub const SINGLE: &'static [Matter] = &[
        Self::Accommodation,
        Self::Care,
        Self::Treatment,
        Self::Information,
        Self::Contact,
        Self::Finance,
    ];

    /// Whether what is said of this area holds for that one.
    #[must_use]
    pub fn covers(self, other: Matter) -> bool {
        match self {
            Self::All => true,
            Self::Welfare => !matches!(other, Self::Finance | Self::All),
            single => single == other,
        }
    }

    /// The name in facts.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Accommodation => "accommodation",
            Self::Care => "care",
            Self::Treatment => "treatment",
            Self::Information => "information",
            Self::Contact => "contact",
            Self::Finance => "finance",
            Self::Welfare => "welfare",
            Self::All => "all",
        }
    }

    /// The single area that a form or a paper names; `None` for any other word.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        let mut single = Self::SINGLE.iter().copied();
        single.find(|matter| matter.code() == code)
    }

    /// How a page says it, after "about".
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::Accommodation => "where to live",
            Self::Care => "day-to-day care",
            Self::Treatment => "medical treatment",
            Self::Information => "who is told what",
            Self::Contact => "whom to meet",
            Self::Finance => "money and property",
            Self::Welfare => "care and welfare",
            Self::All => "everything",
        }
    }
}

/// Whether the person can decide something. Unknown is the commonest state and is not capable.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum MentalCapacity {
    /// They can.
    Capable,
    /// They cannot.
    Incapable,
    /// Nobody has said.
    Unknown,
}

/// That somebody assessed whether the person can decide about a matter.
#[derive(
    Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct CapacityAssertion {
    /// About what.
    pub matter: Matter,
    /// What was found.
    pub state: MentalCapacity,
    /// When.
    pub at: Moment,
    /// Until when it is relied on; after that the capacity is unknown again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Moment>,
    /// Who found it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<PartyId>,
}

/// How certain it is that the record is this person's.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Identity {
    /// Certain.
    Certain,
    /// Possibly the same person: nothing is merged and nothing released until somebody decided.
    Possible,
}

/// What is known of the person. Whatever is left out is unknown.
#[derive(
    Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct PersonFacts {
    /// Birth date.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub born: Option<BirthDate>,
    /// When they died.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub died: Option<Moment>,
    /// How certain it is who they are; left out where the record was named by its own identifier.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub identity: Option<Identity>,
    /// What is on record about their capacity, area by area.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub capacity: Vec<CapacityAssertion>,
}

impl PersonFacts {
    /// Whether they have attained this age; `None` if their birth date is unknown.
    #[must_use]
    pub fn is_at_least(&self, age_years: i16, now: Timestamp) -> Option<bool> {
        self.born.map(|born| born.is_at_least(age_years, now))
    }

    /// Whether they have died.
    #[must_use]
    pub fn is_dead(&self, now: Timestamp) -> bool {
        self.died.is_some_and(|died| died.0 <= now)
    }

    /// Whether they can decide about this matter, as the latest assertion in force says. Two of the
    /// same moment that contradict each other leave it unknown.
    #[must_use]
    pub fn capacity_for(&self, matter: Matter, now: Timestamp) -> MentalCapacity {
        let in_force = |assertion: &&CapacityAssertion| {
            assertion.matter.covers(matter) && now.is_within(assertion.at, assertion.until)
        };
        let latest = self.capacity.iter().filter(in_force).map(|it| it.at).max();
        let mut states = self
            .capacity
            .iter()
            .filter(in_force)
            .filter(|assertion| Some(assertion.at) == latest)
            .map(|assertion| assertion.state);
        match states.next() {
            Some(state) if states.all(|other| other == state) => state,
            _ => MentalCapacity::Unknown,
        }
    }

    /// Whether somebody under 16 understands enough to decide who is told: at 12 that is presumed,
    /// before 12 it must have been found (Data Protection Act 2018 s.208; Age of Legal Capacity
    /// (Scotland) Act 1991 s.2(4)). `None` if neither age nor a finding says.
    #[must_use]
    pub fn understands(&self, now: Timestamp) -> Option<bool> {
        match self.capacity_for(Matter::Information, now) {
            MentalCapacity::Capable => Some(true),
            MentalCapacity::Incapable => Some(false),
            MentalCapacity::Unknown => match self.is_at_least(12, now) {
                Some(true) => Some(true),
                _ => None,
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Moment {
        Moment::parse(text).expect("a moment")
    }

    fn found(matter: Matter, state: MentalCapacity, on: &str) -> CapacityAssertion {
        CapacityAssertion {
            matter,
            state,
            at: at(on),
            until: None,
            by: None,
        }
    }

    #[test]
    fn the_latest_finding_about_the_area_counts() {
        let ishbel = PersonFacts {
            capacity: vec![
                found(Matter::All, MentalCapacity::Incapable, "2026-05-01"),
                found(Matter::Contact, MentalCapacity::Capable, "2026-09-01"),
            ],
            ..PersonFacts::default()
        };
        let now = at("2027-01-11").0;
        assert_eq!(
            ishbel.capacity_for(Matter::Contact, now),
            MentalCapacity::Capable
        );
        assert_eq!(
            ishbel.capacity_for(Matter::Care, now),
            MentalCapacity::Incapable
        );
        assert_eq!(
            ishbel.capacity_for(Matter::Contact, at("2026-08-01").0),
            MentalCapacity::Incapable
        );
    }

    #[test]
    fn two_findings_of_one_moment_that_disagree_leave_it_unknown() {
        let person = PersonFacts {
            capacity: vec![
                found(Matter::Care, MentalCapacity::Capable, "2026-05-01"),
                found(Matter::Welfare, MentalCapacity::Incapable, "2026-05-01"),
            ],
            ..PersonFacts::default()
        };
        assert_eq!(
            person.capacity_for(Matter::Care, at("2027-01-11").0),
            MentalCapacity::Unknown
        );
    }

    #[test]
    fn understanding_is_presumed_from_the_twelfth_birthday() {
        let child = PersonFacts {
            born: Some(BirthDate("2015-02-03".parse().expect("a date"))),
            ..PersonFacts::default()
        };
        assert_eq!(child.understands(at("2027-02-02").0), None);
        assert_eq!(child.understands(at("2027-02-03").0), Some(true));
    }
}
