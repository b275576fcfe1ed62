//! All that the law turns on beyond relationships, objections and labels.

mod apart;
mod fact;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::arrangement::{
    Agreement, Approval, Elsewhere, Hearing, HolderDecision, LifeDecision, Requirement, Told,
};
use crate::authority::{Authority, Tie};
use crate::consent::Consent;
use crate::invitation::Invitation;
use crate::own_words::OwnWords;
use crate::person::PersonFacts;
use crate::restriction::{
    Allegation, AudienceBar, Delay, HarmOpinion, ItemFacts, Order, Pause, RiskMarker, Screened,
    StaffSafety, Wish,
};
use crate::{ClassId, ItemId};

pub use apart::Apart;
pub use fact::Fact;

/// The circumstances of a person: their age and capacity, who acts for them, what holds something
/// back, what lets or makes agencies share. An empty list says that nothing of the kind is on record.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct Circumstances {
    /// The person.
    #[serde(skip_serializing_if = "is_default")]
    pub person: PersonFacts,
    /// Who acts for them, and on what.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub authorities: Vec<Authority>,
    /// Who is close to them, without powers.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub ties: Vec<Tie>,
    /// What they agreed to and refused, as recorded.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub consents: Vec<Consent>,
    /// What they wished earlier or wish now, and what those who act for them say.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub wishes: Vec<Wish>,
    /// What they said about their life, in their own words.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub own_words: Vec<OwnWords>,
    /// What courts and statutes forbid.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub orders: Vec<Order>,
    /// What named audiences do not see.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub bars: Vec<AudienceBar>,
    /// What the person sees later.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub delays: Vec<Delay>,
    /// What would do serious harm, in somebody's opinion.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub harm_opinions: Vec<HarmOpinion>,
    /// Who is suspected of harming them.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub allegations: Vec<Allegation>,
    /// Known risks.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub risks: Vec<RiskMarker>,
    /// Whom of the staff it would endanger to be named to the person.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub staff_safety: Vec<StaffSafety>,
    /// In which entries of their account the asker's words speak of somebody else.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub screened: Vec<Screened>,
    /// Agreements between agencies.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub agreements: Vec<Agreement>,
    /// What the law requires to be given.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub requirements: Vec<Requirement>,
    /// Approvals of secondary uses.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub approvals: Vec<Approval>,
    /// What holders decided by name to share.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub holder_decisions: Vec<HolderDecision>,
    /// What is held elsewhere.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub elsewhere: Vec<Elsewhere>,
    /// With which agencies sharing waits, while that it does is challenged.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub pauses: Vec<Pause>,
    /// Who was told or heard.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub told: Vec<Told>,
    /// Decisions about their life, planned and made.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub life_decisions: Vec<LifeDecision>,
    /// Who is to be heard about them, and what came of it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub hearings: Vec<Hearing>,
    /// Who, without an account, may read what.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub invitations: Vec<Invitation>,
    /// What is known of single items; each has a class of its own.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub items: Vec<(ClassId, ItemId, ItemFacts)>,
}

impl Circumstances {
    /// Whether nothing is known beyond what a store records of everyone.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// The same with every list in order, so that equal circumstances have one encoding.
    #[must_use]
    pub fn sorted(mut self) -> Self {
        self.person.capacity.sort();
        self.authorities.sort();
        self.ties.sort();
        self.consents.sort();
        self.wishes.sort();
        self.own_words.sort();
        self.orders.sort();
        self.bars.sort();
        self.delays.sort();
        self.harm_opinions.sort();
        self.allegations.sort();
        self.risks.sort();
        self.staff_safety.sort();
        self.screened.sort();
        self.agreements.sort();
        self.requirements.sort();
        self.approvals.sort();
        self.holder_decisions.sort();
        self.elsewhere.sort();
        self.pauses.sort();
        self.told.sort();
        self.life_decisions.sort();
        self.hearings.sort();
        self.invitations.sort();
        self.items.sort();
        self
    }
}

fn is_default(person: &PersonFacts) -> bool {
    *person == PersonFacts::default()
}
