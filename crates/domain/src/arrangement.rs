//! What lets or makes agencies share: agreements with numbered flows, statutory requirements,
//! approvals, and decisions that somebody signed.

use std::collections::BTreeSet;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::calendar::working_days_after;
use crate::moment::Moment;
use crate::person::Matter;
use crate::reach::Reach;
use crate::{Audience, Category, OrganisationId, PartyId, Purpose, TeamId, Timestamp, WorkerId};

/// One numbered flow of an agreement: what goes from whom to whom, why and how.
#[derive(
    Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Flow {
    /// Its number in the agreement.
    pub number: String,
    /// What goes.
    pub items: BTreeSet<Category>,
    /// From whom.
    pub from: OrganisationId,
    /// To whom.
    pub to: OrganisationId,
    /// For what; one covers every kind of itself.
    pub purposes: BTreeSet<Purpose>,
    /// On what basis, in the agreement's words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub basis: Option<String>,
    /// How it is sent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub method: Option<String>,
    /// How often.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub frequency: Option<String>,
    /// How long the receiver keeps it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retention: Option<String>,
}

/// An information sharing agreement. It holds up routine feeds where there is none, and never care.
#[derive(
    Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Agreement {
    /// Its reference.
    pub id: String,
    /// Who is party to it.
    pub parties: BTreeSet<OrganisationId>,
    /// From when.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<Moment>,
    /// When it expires.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Moment>,
    /// When its review is due. An overdue review is said; it ends nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub review_due: Option<Moment>,
    /// Whether everyone signed it; a draft is no agreement.
    pub signed: bool,
    /// Its flows.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub flows: Vec<Flow>,
}

impl Agreement {
    /// Whether it is in force at this instant.
    #[must_use]
    pub fn is_live(&self, now: Timestamp) -> bool {
        self.signed
            && self.from.is_none_or(|from| from.0 <= now)
            && self.until.is_none_or(|until| now < until.0)
    }
}

/// What sort of requirement.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum RequirementKind {
    /// A council officer's, in an adult protection inquiry (2007 Act s.10). Health records go to a
    /// nominated health professional only.
    AspSection10,
    /// A public body's report of facts about an adult at risk (2007 Act s.5(3)).
    AspSection5,
    /// A court's order to produce.
    CourtOrder,
    /// A regulator's inspection, of one service for a time.
    Inspection,
    /// A visit of the Mental Welfare Commission (2003 Act).
    CommissionVisit,
}

impl RequirementKind {
    /// The law, as a reader would look it up.
    #[must_use]
    pub fn citation(self) -> &'static str {
        match self {
            Self::AspSection10 => "Adult Support and Protection (Scotland) Act 2007 s.10",
            Self::AspSection5 => "Adult Support and Protection (Scotland) Act 2007 s.5(3)",
            Self::CourtOrder => "order of court",
            Self::Inspection => "Public Services Reform (Scotland) Act 2010 Part 5",
            Self::CommissionVisit => {
                "Mental Health (Care and Treatment) (Scotland) Act 2003 ss.11 to 16"
            }
        }
    }
}

/// That the law requires something to be given, to somebody named, by somebody with power to ask.
#[derive(
    Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Requirement {
    /// Its number.
    pub number: String,
    /// What sort.
    pub kind: RequirementKind,
    /// Who requires it: an officer, inspector or visitor by id; left out, the organisation as such.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<PartyId>,
    /// To which organisation it goes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub organisation: Option<OrganisationId>,
    /// Whether whoever requires it showed their authority to do so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub authorised: Option<bool>,
    /// The health professional nominated to read health records.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reader: Option<PartyId>,
    /// Of which holders; left out: any.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub holders: BTreeSet<OrganisationId>,
    /// What is required; left out: whatever is relevant.
    #[serde(default, skip_serializing_if = "Reach::is_everything")]
    pub about: Reach,
    /// From when.
    pub from: Moment,
    /// Until when, or when the inquiry or visit closed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Moment>,
}

impl Requirement {
    /// Whether it stands at this instant.
    #[must_use]
    pub fn is_live(&self, now: Timestamp) -> bool {
        now.is_within(self.from, self.until)
    }
}

/// That a panel approved a secondary use.
#[derive(
    Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Approval {
    /// Its reference.
    pub reference: String,
    /// Who approved it, such as the Public Benefit and Privacy Panel.
    pub by: String,
    /// For whom.
    pub organisation: OrganisationId,
    /// For what; it covers every kind of itself.
    pub purpose: Purpose,
    /// What is approved; left out: everything.
    #[serde(default, skip_serializing_if = "Reach::is_everything")]
    pub about: Reach,
    /// From when.
    pub from: Moment,
    /// Until when.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Moment>,
}

impl Approval {
    /// Whether it stands at this instant.
    #[must_use]
    pub fn is_live(&self, now: Timestamp) -> bool {
        now.is_within(self.from, self.until)
    }
}

/// That somebody who answers for the information decided, by name, to share it although nothing
/// else opens it: in the overriding public interest, or on their own judgement that it is needed.
#[derive(
    Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct HolderDecision {
    /// The agency that holds it and whose decision it is.
    pub holder: OrganisationId,
    /// Who decided.
    pub by: PartyId,
    /// Whether they signed it with their reasons.
    pub signed: bool,
    /// With whom.
    pub with: Vec<Audience>,
    /// What; left out: all that they hold.
    #[serde(default, skip_serializing_if = "Reach::is_everything")]
    pub about: Reach,
    /// For what; left out: any purpose.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub purposes: BTreeSet<Purpose>,
    /// Whether it is meant to override a capable person's no in the public interest.
    #[serde(default)]
    pub public_interest: bool,
    /// When.
    pub at: Moment,
    /// Until when.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Moment>,
}

impl HolderDecision {
    /// Whether it stands at this instant.
    #[must_use]
    pub fn is_live(&self, now: Timestamp) -> bool {
        self.signed && now.is_within(self.at, self.until)
    }
}

/// That something is not held here but elsewhere.
#[derive(
    Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Elsewhere {
    /// What.
    pub category: Category,
    /// Whom to ask.
    pub ask: OrganisationId,
}

/// That somebody was told something, or heard.
#[derive(
    Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Told {
    /// Who.
    pub party: PartyId,
    /// What they are to the person, where they are no worker of a team that gives care.
    pub as_what: ToldAs,
    /// About which matter.
    pub matter: Matter,
    /// When.
    pub at: Moment,
}

/// What somebody who was told is to the person.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum ToldAs {
    /// Somebody who acts for the person, or must be heard: they were told.
    Informed,
    /// The same, and their views were heard.
    Heard,
    /// A relative without powers.
    Relative,
    /// A landlord.
    Landlord,
    /// A solicitor.
    Solicitor,
    /// A team that gives care.
    CareTeam,
}

/// Where a decision about the person stands.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum DecisionState {
    /// Planned.
    Planned,
    /// Views were heard.
    Heard,
    /// Made.
    Made,
    /// Contested.
    Contested,
}

impl DecisionState {
    /// The word in facts.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Planned => "planned",
            Self::Heard => "heard",
            Self::Made => "made",
            Self::Contested => "contested",
        }
    }
}

/// A decision about somebody's life (placement, contact, discharge, money, resuscitation, the
/// outcome of an inquiry), planned or made by an agency.
#[derive(
    Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct LifeDecision {
    /// Its name.
    pub name: String,
    /// About which matter.
    pub matter: Matter,
    /// Where it stands, or is about to stand.
    pub state: DecisionState,
    /// The power relied on, such as `s13za` (Social Work (Scotland) Act 1968 s.13ZA), `attorney`,
    /// `guardian`, `person`.
    pub power: String,
    /// When it is planned for, or was made.
    pub at: Moment,
    /// Who asked something about it that nobody has answered.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub unanswered: BTreeSet<PartyId>,
    /// A closed ground (`R01` to `R20`) recorded for not telling or hearing somebody.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub left_out_on: Option<String>,
    /// Who plans it, and answers those who are to be heard; left out where it is not planned here.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub planned_by: Option<PlannedBy>,
}

/// Who plans a decision.
#[derive(
    Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct PlannedBy {
    /// The worker.
    pub worker: WorkerId,
    /// The team that answers for it.
    pub team: TeamId,
}

/// What somebody who was invited to be heard thinks of a decision.
#[derive(
    Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct View {
    /// When they said it.
    pub at: Moment,
    /// In their words.
    pub words: String,
    /// Whether they asked something that has to be answered.
    pub asks: bool,
}

/// What somebody who was invited to be heard was answered, by a named person.
#[derive(
    Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Answered {
    /// When.
    pub at: Moment,
    /// Who answered, by name.
    pub by: String,
    /// In their words.
    pub words: String,
}

/// That the exchange asked somebody for their view, or could not.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Written {
    /// When.
    pub at: Moment,
    /// Whether they have a page of their own on which it stands.
    pub reached: bool,
}

/// That somebody is to be heard about a decision before it is made, and what came of it.
#[derive(
    Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Hearing {
    /// The name of the decision.
    pub decision: String,
    /// Who is to be heard.
    pub party: PartyId,
    /// When the exchange wrote to them of it and how to be heard, or could not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub written: Option<Written>,
    /// When they were told of it and how to be heard.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub told: Option<Moment>,
    /// What they said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub view: Option<View>,
    /// What they were answered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answered: Option<Answered>,
}

impl Hearing {
    /// That somebody is to be heard, before anything came of it.
    #[must_use]
    pub fn of(decision: &str, party: &PartyId) -> Self {
        Self {
            decision: decision.to_owned(),
            party: party.clone(),
            written: None,
            told: None,
            view: None,
            answered: None,
        }
    }

    /// Until when it is enough that the exchange wrote to them: for a working day. Then somebody has to
    /// ring or write.
    #[must_use]
    pub fn rests_until(&self) -> Option<Timestamp> {
        let written = self.written.filter(|it| it.reached)?;
        Some(working_days_after(written.at.0, 1))
    }

    /// Whether they were neither told nor heard, and the exchange does not wait for them.
    #[must_use]
    pub fn is_unreached(&self, now: Timestamp) -> bool {
        let waits = self.rests_until().is_some_and(|until| now < until);
        self.told.is_none() && self.view.is_none() && !waits
    }

    /// Whether they asked something and nobody answered.
    #[must_use]
    pub fn is_unanswered(&self) -> bool {
        self.answered.is_none() && self.view.as_ref().is_some_and(|view| view.asks)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Moment {
        Moment::parse(text).expect("a moment")
    }

    /// Asked on Friday at ten; nobody works at the weekend.
    #[test]
    fn whom_the_exchange_reached_it_waits_for_until_the_next_working_day() {
        let mut hearing = Hearing::of("Move to Braeside House", &PartyId::new("euan"));
        let friday = day("2027-01-15T10:00:00Z");
        assert!(hearing.is_unreached(friday.0), "nobody asked him yet");
        let asked = |reached| {
            Some(Written {
                at: friday,
                reached,
            })
        };
        hearing.written = asked(true);
        assert!(!hearing.is_unreached(day("2027-01-18T09:59:59Z").0));
        assert!(hearing.is_unreached(day("2027-01-18T10:00:00Z").0));
        hearing.written = asked(false);
        assert!(hearing.is_unreached(friday.0), "he has no page");
        hearing.told = Some(friday);
        assert!(!hearing.is_unreached(day("2027-02-01").0));
    }
}
