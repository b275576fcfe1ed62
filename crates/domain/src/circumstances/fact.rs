//! One recorded fact: what somebody says, or a resource proves, that the law turns on.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Circumstances;
use crate::arrangement::{
    Approval, Elsewhere, Hearing, HolderDecision, LifeDecision, Requirement, Told,
};
use crate::authority::{Authority, Tie};
use crate::consent::Consent;
use crate::invitation::Invitation;
use crate::own_words::OwnWords;
use crate::person::{CapacityAssertion, Identity};
use crate::restriction::{
    Allegation, AudienceBar, Delay, HarmOpinion, ItemFacts, Order, Pause, RiskMarker, Said,
    Screened, StaffSafety, Wish,
};
use crate::{ItemId, Moment};

/// One fact about a person, in the words of a written case (`docs/reference/decision.md`):
/// `{"authority": {...}}`, `{"died": "2027-01-11"}`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Fact {
    /// That they died, and when.
    Died(Moment),
    /// That it is doubtful whose record this is.
    Identity(Identity),
    /// That somebody assessed what they can decide.
    Capacity(CapacityAssertion),
    /// Who acts for them, and on what.
    Authority(Authority),
    /// Who is close to them, without powers.
    Tie(Tie),
    /// What they agreed to and refused.
    Consent(Box<Consent>),
    /// What they, or those who act for them, wish.
    Wish(Wish),
    /// What they said about their life, in their own words.
    OwnWords(OwnWords),
    /// What a court or statute forbids.
    Order(Order),
    /// What a named audience does not see.
    Bar(AudienceBar),
    /// What the person sees later.
    Delay(Delay),
    /// What would do serious harm, in somebody's opinion.
    HarmOpinion(HarmOpinion),
    /// Who is suspected of harming them.
    Allegation(Allegation),
    /// A known risk.
    Risk(RiskMarker),
    /// Whom of the staff it would endanger to be named to them.
    StaffSafety(StaffSafety),
    /// In which entry of their account the asker's words speak of somebody else.
    Screened(Screened),
    /// What the law requires to be given.
    Requirement(Requirement),
    /// The approval of a secondary use.
    Approval(Approval),
    /// What a holder decided by name to share.
    HolderDecision(HolderDecision),
    /// What is held elsewhere.
    Elsewhere(Elsewhere),
    /// Who was told or heard.
    Told(Told),
    /// A decision about their life.
    LifeDecision(LifeDecision),
    /// Who is to be heard about such a decision.
    Hearing(Hearing),
    /// Who, without an account, may read what.
    Invitation(Invitation),
    /// With which agency sharing waits, while that it does is challenged.
    Pause(Pause),
    /// What is known of a single item beyond its labels.
    Item {
        /// Which.
        id: ItemId,
        /// What is known of it.
        facts: ItemFacts,
    },
}

impl Fact {
    /// Adds it to what is known. What is known of single items is not among the circumstances
    /// themselves, since an item's class is the store's to say: it is given back.
    pub fn add_to(self, known: &mut Circumstances) -> Option<(ItemId, ItemFacts)> {
        match self {
            // Of two dates the earlier counts: after it nobody acts on a living person's power.
            Self::Died(at) => {
                let before = known.person.died;
                known.person.died = Some(before.map_or(at, |before| before.min(at)));
            }
            Self::Identity(identity) => {
                known.person.identity = known.person.identity.max(Some(identity));
            }
            Self::Capacity(it) => known.person.capacity.push(it),
            Self::Authority(it) => known.authorities.push(it),
            Self::Tie(it) => known.ties.push(it),
            Self::Consent(it) => known.consents.push(*it),
            Self::Wish(it) => known.wishes.push(it),
            Self::OwnWords(it) => known.own_words.push(it),
            Self::Order(it) => known.orders.push(it),
            Self::Bar(it) => known.bars.push(it),
            Self::Delay(it) => known.delays.push(it),
            Self::HarmOpinion(it) => known.harm_opinions.push(it),
            Self::Allegation(it) => known.allegations.push(it),
            Self::Risk(it) => known.risks.push(it),
            Self::StaffSafety(it) => known.staff_safety.push(it),
            Self::Screened(it) => known.screened.push(it),
            Self::Requirement(it) => known.requirements.push(it),
            Self::Approval(it) => known.approvals.push(it),
            Self::HolderDecision(it) => known.holder_decisions.push(it),
            Self::Elsewhere(it) => known.elsewhere.push(it),
            Self::Told(it) => known.told.push(it),
            Self::LifeDecision(it) => known.life_decisions.push(it),
            Self::Hearing(it) => known.hearings.push(it),
            Self::Invitation(it) => known.invitations.push(it),
            Self::Pause(it) => known.pauses.push(it),
            Self::Item { id, facts } => return Some((id, facts)),
        }
        None
    }

    /// Whether it can only hold more back. Where rows of two people share a place it counts for
    /// both; anything else counts only for the person of whom it was said.
    #[must_use]
    pub fn only_restrains(&self) -> bool {
        match self {
            Self::Wish(wish) => wish.says == Said::No,
            Self::Order(_)
            | Self::Bar(_)
            | Self::Delay(_)
            | Self::HarmOpinion(_)
            | Self::Allegation(_)
            | Self::Risk(_)
            | Self::StaffSafety(_)
            | Self::Screened(_)
            | Self::Pause(_) => true,
            _ => false,
        }
    }
}
