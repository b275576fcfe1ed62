//! That somebody challenges a refusal, or a line of the person's account, and what came of looking at it
//! again: a decision of somebody who took no part in what is challenged.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::coded::coded;
use crate::message::Fault;
use crate::{OrganisationId, PartyId, PersonId, ResourceId, TeamId, Timestamp, WorkerId};

/// Within how many working days a challenge is acknowledged.
pub const ACKNOWLEDGED_WITHIN: u32 = 3;
/// Within how many days the law wants it (Data (Use and Access) Act 2025).
pub const LAW_ALLOWS_DAYS: i64 = 30;

coded! {
    /// Why something is challenged: a closed list (decisions.md 5.5).
    Because {
        /// It is about somebody else.
        NotMe = "not-me", "it is not about me";
        /// They should not have been told.
        WrongRecipient = "wrong-recipient", "it went to the wrong people";
        /// It was used for something that it was not for.
        WrongPurpose = "wrong-purpose", "it was used for the wrong thing";
        /// It was more than was needed.
        TooMuch = "too-much", "it was more than they need";
        /// It is not right.
        Inaccurate = "inaccurate", "it is not right";
        /// Nothing allows it.
        NoBasis = "no-basis", "nothing allows it";
        /// It should have been shared.
        WronglyWithheld = "wrongly-withheld", "it should have been shared";
        /// Somebody should have been told, and was not.
        NotTold = "not-told", "somebody should have been told and was not";
    }
}

impl Because {
    /// Why it is taken back from whoever has it, where the challenge says that they should not; `None` where
    /// nothing has to leave their hands for it to be put right.
    #[must_use]
    pub fn fault(self) -> Option<Fault> {
        match self {
            Self::NotMe => Some(Fault::OfAnother),
            Self::WrongRecipient => Some(Fault::ToAnother),
            Self::TooMuch => Some(Fault::TooMuch),
            Self::NoBasis => Some(Fault::NoBasis),
            Self::WrongPurpose | Self::Inaccurate | Self::WronglyWithheld | Self::NotTold => None,
        }
    }
}

coded! {
    /// What whoever challenges wants to come of it.
    Wanted {
        /// That it is shared.
        Share = "share", "share it";
        /// That sharing stops.
        Stop = "stop", "stop sharing it";
        /// That it is put right.
        PutRight = "put-right", "put it right";
        /// That somebody says why.
        Explain = "explain", "say why";
    }
}

coded! {
    /// As what somebody challenges.
    Standing {
        /// It is about them.
        Person = "person", "the person";
        /// They act for the person.
        ActsForPerson = "acts-for-person", "somebody who acts for the person";
        /// They were let in by a one-time link.
        LetIn = "let-in", "somebody who speaks for the person";
        /// They asked, and were refused.
        Asked = "asked", "the team that asked";
    }
}

coded! {
    /// What became of what was challenged.
    Verdict {
        /// It stands.
        Upheld = "upheld", "it stands";
        /// It falls.
        Overturned = "overturned", "it was wrong";
        /// Part of it falls.
        Partly = "partly", "part of it was wrong";
    }
}

/// Who challenges.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Challenger {
    /// Somebody who signs in as a person.
    Person(PersonId),
    /// Somebody who came by a one-time link.
    LetIn(PartyId),
    /// A team that asked for something.
    Team(TeamId),
}

/// What is challenged.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Challenged {
    /// What a team answered to a request.
    Answer {
        /// The request.
        request: ResourceId,
        /// The team that answered.
        team: TeamId,
        /// On which ground, by its code.
        ground: String,
    },
    /// A line of the person's account.
    Line,
}

/// Those who took part in what is challenged: none of them decides about it.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct TookPart {
    /// The teams that answered, asked or were told.
    pub teams: Vec<TeamId>,
    /// Who of them did.
    pub workers: Vec<WorkerId>,
    /// Who is said to have decided, in the words of whoever answered.
    pub decider: Option<String>,
}

impl TookPart {
    /// Why somebody cannot decide about it; `None` if they took no part.
    #[must_use]
    pub fn bars(
        &self,
        worker: &WorkerId,
        name: &str,
        team: Option<&TeamId>,
    ) -> Option<&'static str> {
        let decided = self.decider.as_ref();
        if self.workers.contains(worker) || decided.is_some_and(|by| by.contains(name)) {
            return Some("you took part in it yourself");
        }
        let of_team = team.is_some_and(|team| self.teams.contains(team));
        of_team.then_some("your team took part in it")
    }
}

/// What left with a line that is challenged: it is taken back if the line should not be there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shared {
    /// Who was told, as the person's account names them.
    pub told: String,
    /// Their team; `None` for whoever has no list here.
    pub team: Option<TeamId>,
    /// The team that told them, which rings whoever has no list; `None` if nobody told them but the exchange.
    pub teller: Option<TeamId>,
    /// When.
    pub at: Timestamp,
}

/// The decision about a challenge.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ruling {
    /// What became of it.
    pub verdict: Verdict,
    /// The closed ground on which something still stays back, by its code.
    pub ground: Option<String>,
    /// Why, in words.
    pub reason: String,
    /// Who decided: their name.
    pub by: String,
    /// When.
    pub at: Timestamp,
    /// Where whoever challenged can go next, in order.
    pub routes: Vec<String>,
}

/// A challenge: what, by whom, why, and what came of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Challenge {
    /// What is challenged.
    pub of: Challenged,
    /// The line of the account that it is about, by the operation that wrote it, as lower-case hex.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub line: Option<Line>,
    /// What it says, as whoever challenges reads it.
    pub said: String,
    /// Who challenges.
    pub by: Challenger,
    /// As what.
    pub standing: Standing,
    /// Why.
    pub because: Because,
    /// What they want.
    pub wanted: Wanted,
    /// More in their own words; may be empty.
    pub words: String,
    /// What of the record it is about, as category codes.
    pub what: Vec<String>,
    /// What left with it, and to whom, if it is a line that tells of sharing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shared: Option<Shared>,
    /// Who cannot decide about it.
    pub took_part: TookPart,
    /// By when the law wants it answered.
    pub law_allows_until: Timestamp,
    /// Whose access waits until it is decided, if it does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pauses: Option<OrganisationId>,
    /// Why it does not wait, where somebody's safety needs that it goes on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub safety: Option<String>,
    /// What came of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ruling: Option<Ruling>,
}

impl Challenge {
    /// Why what left is taken back, if what is challenged is found to be wrong.
    #[must_use]
    pub fn takes_back(&self) -> Option<(&Shared, Fault)> {
        Some((self.shared.as_ref()?, self.because.fault()?))
    }
}

/// A line of an account that is challenged.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// The operation that wrote it, in every list in which it stands; lower-case hex.
    pub operation: String,
    /// Who was told, where one operation told several.
    pub told: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn closed_lists_read_back() {
        for one in Because::ALL {
            assert_eq!(Because::from_code(one.code()), Some(*one));
        }
        for one in Wanted::ALL {
            assert_eq!(Wanted::from_code(one.code()), Some(*one));
        }
        assert_eq!(Verdict::from_code("partly"), Some(Verdict::Partly));
        assert_eq!(Standing::from_code("asked"), Some(Standing::Asked));
        assert_eq!(Because::from_code("unfair"), None);
        let taken_back = Because::ALL.iter().filter(|one| one.fault().is_some());
        let taken_back: Vec<&str> = taken_back.map(|one| one.code()).collect();
        assert_eq!(
            taken_back,
            ["not-me", "wrong-recipient", "too-much", "no-basis"]
        );
    }

    #[test]
    fn whoever_took_part_does_not_decide() {
        let took_part = TookPart {
            teams: vec!["community-nursing".into()],
            workers: vec!["sheila-mathieson".into()],
            decider: Some("Dr Parveen Sheikh, consultant".to_owned()),
        };
        let bars = |worker: &str, name: &str, team: &str| {
            took_part.bars(&worker.into(), name, Some(&team.into()))
        };
        let own = Some("you took part in it yourself");
        assert_eq!(bars("sheila-mathieson", "Sheila Mathieson", "ward-6"), own);
        assert_eq!(bars("parveen-sheikh", "Dr Parveen Sheikh", "clinic"), own);
        assert_eq!(
            bars("another-nurse", "Another Nurse", "community-nursing"),
            Some("your team took part in it")
        );
        assert_eq!(
            bars("eleanor-tweedie", "Eleanor Tweedie", "privacy-office"),
            None
        );
    }
}
