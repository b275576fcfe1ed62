//! One-time links: what somebody without an account may read, who let them, and until when.

use std::collections::BTreeSet;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{Category, ItemId, Moment, OrganisationId, PartyId, Purpose, TeamId, Timestamp};

/// What somebody without an account is to the person.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum OutsiderKind {
    /// Speaks for the person and is independent of whoever cares for them (Mental Health (Care and
    /// Treatment) (Scotland) Act 2003 s.259).
    Advocate,
    /// Gives care or a service, and has no system of its own.
    Provider,
    /// Is close to the person.
    Relative,
    /// Was asked for something by a message, and answers it. Reads nothing of the record.
    Holder,
    /// Is to be heard about a planned decision, reads what is planned and says what they think.
    /// Reads nothing of the record.
    ToBeHeard,
}

impl OutsiderKind {
    /// Every kind of those who are let in to read of the record.
    pub const ALL: &'static [OutsiderKind] = &[Self::Advocate, Self::Provider, Self::Relative];

    /// The word in forms, operations and records.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Advocate => "advocate",
            Self::Provider => "provider",
            Self::Relative => "relative",
            Self::Holder => "holder",
            Self::ToBeHeard => "to-be-heard",
        }
    }

    /// Reads [`OutsiderKind::code`] back.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|kind| kind.code() == code)
    }

    /// How a page says it.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::Advocate => "independent advocate",
            Self::Provider => "care or support service",
            Self::Relative => "relative or friend",
            Self::Holder => "asked for information",
            Self::ToBeHeard => "asked what they think",
        }
    }

    /// For what they read, and for nothing else.
    #[must_use]
    pub fn purpose(self) -> Purpose {
        match self {
            Self::Advocate => Purpose::PersonRequest,
            // What a holder is asked has a purpose of its own, and is all that they read.
            Self::Provider | Self::Holder => Purpose::Provision,
            Self::Relative | Self::ToBeHeard => Purpose::FamilyRequest,
        }
    }
}

/// The one message that somebody without an account reads and answers, and for which team.
#[derive(
    Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Answers {
    /// The message, by its id.
    pub message: ItemId,
    /// The team that it was sent to.
    pub team: TeamId,
}

/// That somebody named, without an account, may read something of the record by a one-time link.
#[derive(
    Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Invitation {
    /// By what decisions and the log name them: the link's own id.
    pub outsider: PartyId,
    /// Their name, as whoever gave the link knows it.
    pub name: String,
    /// What they are to the person.
    pub kind: OutsiderKind,
    /// For whom they come; empty if for nobody but the person.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub organisation: String,
    /// What they may read. Something that is also about anything else stays back.
    pub about: BTreeSet<Category>,
    /// The agency that gave the link; left out: the person did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub given_by: Option<OrganisationId>,
    /// Who gave it, by name.
    pub giver: String,
    /// Why, in the words of whoever gave it.
    pub why: String,
    /// Since when.
    pub since: Moment,
    /// Until when at the latest.
    pub until: Moment,
    /// When it was ended before that.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended: Option<Moment>,
    /// What it answers, if it is for that: then it opens nothing of the record.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answers: Option<Answers>,
    /// The message that asks them what they think of a planned decision, if it is for that: then it
    /// opens nothing of the record.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hears: Option<ItemId>,
}

/// What a one-time link opens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Opens<'i> {
    /// Something of the record.
    Record,
    /// A request, to answer it.
    Request(&'i Answers),
    /// The message that asks what somebody thinks of a planned decision.
    Hearing(&'i ItemId),
}

impl Invitation {
    /// What it opens. What opens one message opens nothing else.
    #[must_use]
    pub fn opens(&self) -> Opens<'_> {
        match (&self.answers, &self.hears) {
            (Some(answers), _) => Opens::Request(answers),
            (None, Some(message)) => Opens::Hearing(message),
            (None, None) => Opens::Record,
        }
    }

    /// When it ends, or ended.
    #[must_use]
    pub fn ends(&self) -> Moment {
        self.ended.map_or(self.until, |ended| ended.min(self.until))
    }

    /// Whether it stands at this instant.
    #[must_use]
    pub fn is_live(&self, now: Timestamp) -> bool {
        now.is_within(self.since, Some(self.ends()))
    }

    /// Whether something about these is within what they may read. The account is one thing,
    /// whatever its lines are about, but for lines about protecting somebody.
    #[must_use]
    pub fn covers(&self, about: &BTreeSet<Category>) -> bool {
        if about.contains(&Category::Account) {
            let protection = about.contains(&Category::Protection);
            return self.about.contains(&Category::Account)
                && (!protection || self.about.contains(&Category::Protection));
        }
        !about.is_empty() && about.is_subset(&self.about)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn morven() -> Invitation {
        Invitation {
            outsider: PartyId::new("morven"),
            name: "Morven Gillespie".to_owned(),
            kind: OutsiderKind::Advocate,
            organisation: "Clydevale Advocacy".to_owned(),
            about: [Category::CarePlans, Category::Account].into(),
            given_by: Some(OrganisationId::new("northburn")),
            giver: "Pauline Heggie".to_owned(),
            why: "to speak for her at the review".to_owned(),
            since: Moment::parse("2027-01-11").expect("a day"),
            until: Moment::parse("2027-02-08").expect("a day"),
            ended: None,
            answers: None,
            hears: None,
        }
    }

    #[test]
    fn what_is_also_about_something_else_is_not_covered() {
        let link = morven();
        assert!(link.covers(&[Category::CarePlans].into()));
        assert!(!link.covers(&[Category::CarePlans, Category::Conditions].into()));
        assert!(!link.covers(&BTreeSet::new()));
    }

    #[test]
    fn the_account_is_covered_but_for_lines_about_protection() {
        let link = morven();
        assert!(link.covers(&[Category::Account, Category::Conditions].into()));
        assert!(!link.covers(&[Category::Account, Category::Protection].into()));
    }

    #[test]
    fn it_ends_on_its_day_or_when_it_is_ended_whichever_is_first() {
        let day = |text| Moment::parse(text).expect("a day");
        let mut link = morven();
        assert!(link.is_live(day("2027-02-07").0));
        assert!(!link.is_live(day("2027-02-08").0));
        link.ended = Some(day("2027-01-20"));
        assert!(!link.is_live(day("2027-01-20").0));
        link.ended = Some(day("2027-03-01"));
        assert_eq!(link.ends(), day("2027-02-08"));
    }
}
