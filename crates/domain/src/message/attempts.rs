//! Attempts on somebody's record that a privacy officer looks into: who tried, in which ways, how
//! often, and what came of looking into it.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::{OrganisationId, PersonId, Role, Timestamp, WorkerId};

/// How somebody tried.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Way {
    /// Looked for the person by name, number or date.
    Search,
    /// Asked for the record, or for all of a kind in it.
    Record,
    /// Asked for one document by its id.
    Document,
    /// Asked for the record with a reason of their own.
    Claim,
    /// Asked for the record as in an emergency.
    Emergency,
}

impl Way {
    /// How an alert says it.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::Search => "looked for the person",
            Self::Record => "asked for the record",
            Self::Document => "asked for one document of it",
            Self::Claim => "asked for the record with a reason of their own",
            Self::Emergency => "asked for the record as in an emergency",
        }
    }
}

/// Why an attempt is told to a privacy officer, most serious first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Cause {
    /// Somebody who is barred from the person tried.
    Barred,
    /// Nothing connects them with the person, and nothing in their work could.
    Unconnected,
    /// They were refused about many people within a day, about each once or a few times.
    Many,
    /// They were refused about the same person time and again within a day.
    Repeated,
}

impl Cause {
    /// How an alert says it.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::Barred => {
                "They are barred from this person, whatever their role, ward or shift. Nothing was shown, and nothing told them that there is such a person."
            }
            Self::Unconnected => {
                "Nothing connects them with this person, and their role has no reason of its own to look. They were refused."
            }
            Self::Many => {
                "They were refused about many people within a day, which a mistake hardly explains. Whom it was about stands in the accounts of these people and in what your agency keeps of its own requests, and not here."
            }
            Self::Repeated => {
                "They were refused about the same person time and again within a day."
            }
        }
    }
}

/// One attempt, as it is written down together with the refusal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attempt {
    /// Who tried.
    pub worker: WorkerId,
    /// Their name.
    pub name: String,
    /// In which role.
    pub role: Role,
    /// For which agency.
    pub organisation: OrganisationId,
    /// Whom they tried to see.
    pub person: PersonId,
    /// How.
    pub way: Way,
    /// Why it is told by itself; `None` if only a number of them is.
    pub cause: Option<Cause>,
    /// When.
    pub at: Timestamp,
}

/// How many refusals about one person within a day are told, if none of them is by itself.
pub const REPEATED: u32 = 5;
/// About how many people somebody is refused within a day before that is told, if no refusal about one
/// of them is by itself.
pub const MANY: u32 = 10;
/// The day within which refusals are counted together, in seconds.
pub const REPEATED_WITHIN: i64 = 24 * 3_600;

/// All that one worker tried to see of one person, or of many, in one alert.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attempts {
    /// Who tried.
    pub worker: WorkerId,
    /// Their name.
    pub name: String,
    /// In which role.
    pub role: Role,
    /// For which agency.
    pub organisation: OrganisationId,
    /// The most serious of the reasons for telling it.
    pub cause: Cause,
    /// How often in each way.
    pub ways: BTreeMap<Way, u32>,
    /// Of whom, where it is about many; otherwise the alert itself says of whom.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub people: BTreeSet<PersonId>,
    /// When it began.
    pub first: Timestamp,
    /// The last time.
    pub last: Timestamp,
    /// What came of looking into it, once somebody has.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub finding: Option<Finding>,
}

impl Attempts {
    /// The pattern of some attempts by one worker on one person; `None` of none.
    #[must_use]
    pub fn of(attempts: &[Attempt]) -> Option<Self> {
        Self::because(Cause::Repeated, attempts)
    }

    /// The pattern of some attempts by one worker on many people; `None` of none.
    #[must_use]
    pub fn of_many(attempts: &[Attempt]) -> Option<Self> {
        Self::because(Cause::Many, attempts)
    }

    fn because(cause: Cause, attempts: &[Attempt]) -> Option<Self> {
        let first = attempts.first()?;
        let mut pattern = Self {
            worker: first.worker.clone(),
            name: first.name.clone(),
            role: first.role,
            organisation: first.organisation.clone(),
            cause,
            ways: BTreeMap::new(),
            people: BTreeSet::new(),
            first: first.at,
            last: first.at,
            finding: None,
        };
        pattern.grow(attempts);
        Some(pattern)
    }

    /// Takes in what was tried since.
    pub fn grow(&mut self, attempts: &[Attempt]) {
        for attempt in attempts {
            let count = self.ways.entry(attempt.way).or_default();
            *count = count.saturating_add(1);
            self.first = self.first.min(attempt.at);
            self.last = self.last.max(attempt.at);
            self.cause = self.cause.min(attempt.cause.unwrap_or(Cause::Repeated));
            if self.cause == Cause::Many {
                self.people.insert(attempt.person);
            }
        }
    }

    /// How often they tried in all.
    #[must_use]
    pub fn count(&self) -> u32 {
        self.ways.values().copied().fold(0, u32::saturating_add)
    }
}

/// What came of looking into attempts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Finding {
    /// There was a good reason, or a mistake.
    Explained,
    /// The worker was spoken to.
    SpokenTo,
    /// It goes on under the agency's own procedure.
    Procedure,
    /// It is a breach of personal data, reported as such.
    Breach,
}

impl Finding {
    /// Every finding.
    pub const ALL: &'static [Finding] = &[
        Self::Explained,
        Self::SpokenTo,
        Self::Procedure,
        Self::Breach,
    ];

    /// The word in rows, forms and FHIR.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Explained => "explained",
            Self::SpokenTo => "spoken-to",
            Self::Procedure => "procedure",
            Self::Breach => "breach",
        }
    }

    /// Reads [`Finding::code`] back.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL
            .iter()
            .copied()
            .find(|finding| finding.code() == code)
    }

    /// How a page says it.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::Explained => "there was a good reason, or a mistake",
            Self::SpokenTo => "the worker was spoken to",
            Self::Procedure => "it goes on under the agency’s own procedure",
            Self::Breach => "it was reported as a breach of personal data",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn attempt(way: Way, cause: Option<Cause>, at: &str) -> Attempt {
        Attempt {
            worker: "kenneth-purdie".into(),
            name: "Kenneth Purdie".to_owned(),
            role: Role::Nurse,
            organisation: "hospital".into(),
            person: PersonId([7; 16]),
            way,
            cause,
            at: Timestamp::parse(at).unwrap(),
        }
    }

    #[test]
    fn a_pattern_counts_each_way_and_keeps_the_gravest_cause() {
        let night = [
            attempt(Way::Search, None, "2027-01-11T02:10:00Z"),
            attempt(Way::Search, Some(Cause::Barred), "2027-01-11T02:05:00Z"),
        ];
        let mut pattern = Attempts::of(&night).unwrap();
        let later = [attempt(
            Way::Emergency,
            Some(Cause::Unconnected),
            "2027-01-11T02:40:00Z",
        )];
        pattern.grow(&later);
        assert_eq!(pattern.count(), 3);
        assert_eq!(pattern.cause, Cause::Barred);
        let ways: Vec<_> = pattern.ways.into_iter().collect();
        assert_eq!(ways, [(Way::Search, 2), (Way::Emergency, 1)]);
        assert_eq!(pattern.first.to_string(), "2027-01-11T02:05:00.000Z");
        assert_eq!(pattern.last.to_string(), "2027-01-11T02:40:00.000Z");
        assert_eq!(Attempts::of(&[]), None);
    }

    #[test]
    fn a_pattern_about_many_people_counts_them_each_once() {
        let about = |person: u8| Attempt {
            person: PersonId([person; 16]),
            ..attempt(Way::Record, None, "2027-01-11T10:00:00Z")
        };
        let mut pattern = Attempts::of_many(&[about(1), about(2), about(1)]).unwrap();
        assert_eq!(
            (pattern.cause, pattern.people.len(), pattern.count()),
            (Cause::Many, 2, 3)
        );
        pattern.grow(&[about(2), about(3)]);
        assert_eq!(
            (pattern.cause, pattern.people.len(), pattern.count()),
            (Cause::Many, 3, 5)
        );
    }

    #[test]
    fn findings_read_back() {
        for finding in Finding::ALL {
            assert_eq!(Finding::from_code(finding.code()), Some(*finding));
        }
        assert_eq!(Finding::from_code("gossip"), None);
    }
}
