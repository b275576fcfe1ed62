//! What holds something back: orders, bars, delays, seals, opinions of harm, wishes of others.
//!
//! Three acts are never one: a *delay* opens at its date, a *bar* against a named audience never
//! opens by lapse, and a third party's identity is redacted for good.

use std::collections::BTreeSet;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::moment::Moment;
use crate::reach::Reach;
use crate::{Audience, ItemId, OrganisationId, PartyId, Purpose, Timestamp, WorkerId};

/// By what law something is forbidden.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum OrderKind {
    /// A court's order.
    Court,
    /// A measure that bans disclosing a child's place (Children's Hearings (Scotland) Act 2011
    /// s.83(2)(c)).
    ChildsPlace,
    /// An order on the nearest relative (2000 Act s.4).
    NearestRelative,
    /// Adoption: an earlier identity is never linked.
    Adoption,
    /// Another enactment.
    Statute,
}

impl OrderKind {
    /// The law, as a reader would look it up.
    #[must_use]
    pub fn citation(self) -> &'static str {
        match self {
            Self::Court => "order of court",
            Self::ChildsPlace => "Children's Hearings (Scotland) Act 2011 s.83(2)(c)",
            Self::NearestRelative => "Adults with Incapacity (Scotland) Act 2000 s.4",
            Self::Adoption => "Adoption and Children (Scotland) Act 2007 Part 1",
            Self::Statute => "enactment named in the order",
        }
    }
}

/// That a court or statute forbids telling. Only its own authority lifts it.
#[derive(
    Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Order {
    /// By what law.
    pub kind: OrderKind,
    /// Who must not be told; left out: nobody may be.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub against: Vec<Audience>,
    /// What must not be told; left out: anything.
    #[serde(default, skip_serializing_if = "Reach::is_everything")]
    pub about: Reach,
    /// From when.
    pub from: Moment,
    /// Until when; left out while it lasts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Moment>,
    /// Whether those it is against may know of it. Left out, they may not.
    #[serde(default)]
    pub open: bool,
}

impl Order {
    /// Whether it stands at this instant.
    #[must_use]
    pub fn is_live(&self, now: Timestamp) -> bool {
        now.is_within(self.from, self.until)
    }
}

/// Why something may be held back from the person or from a named audience: a closed list.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum HoldingGround {
    /// Serious harm to somebody's health (Data Protection Act 2018 Sch 3 para 5).
    SeriousHarmHealth,
    /// Prejudice to social work by serious harm (Sch 3 para 11).
    SeriousHarmSocialWork,
    /// What the person wished (Sch 3 para 4).
    ExpressedWish,
    /// Somebody else's information (Sch 2 para 16).
    ThirdParty,
    /// Prejudice to preventing or detecting crime (Sch 2 para 2).
    CrimePrejudice,
    /// A court's or statutory order.
    CourtOrStatute,
    /// Anything else that was written there, such as "would damage the relationship", "complaint
    /// pending", "embarrassing". None of it is a ground, so what rests on it holds nothing back.
    NotAGround,
}

impl HoldingGround {
    /// The code, as it is written in facts and in the register of what is held back.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::SeriousHarmHealth => "serious-harm-health",
            Self::SeriousHarmSocialWork => "serious-harm-social-work",
            Self::ExpressedWish => "expressed-wish",
            Self::ThirdParty => "third-party",
            Self::CrimePrejudice => "crime-prejudice",
            Self::CourtOrStatute => "court-or-statute",
            Self::NotAGround => "not-a-ground",
        }
    }
}

/// That something is held back from the person for a time.
#[derive(
    Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Delay {
    /// What.
    pub about: Reach,
    /// Why.
    pub ground: HoldingGround,
    /// Since when.
    pub since: Moment,
    /// When it opens.
    pub until: Moment,
    /// The reviewer's renewal: until when, with a fresh reason.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub renewed_until: Option<Moment>,
    /// Who reviews it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reviewer: Option<PartyId>,
    /// Whether the agency delays what it is itself complained about; then it needs a reviewer from
    /// outside, or it is void.
    #[serde(default)]
    pub own_conduct: bool,
    /// Whether the reviewer is from outside the agencies concerned.
    #[serde(default)]
    pub reviewer_is_external: bool,
    /// Whether the person may know that something is shown later.
    #[serde(default)]
    pub signalled: bool,
}

impl Delay {
    /// Whether it has any force: on a closed ground, and not an agency's own cover.
    #[must_use]
    pub fn is_valid(&self) -> bool {
        self.ground != HoldingGround::NotAGround && (!self.own_conduct || self.reviewer_is_external)
    }

    /// When it opens: at its date, or at the end of the reviewer's renewal. A renewal made after the
    /// date does not reach back, but holds from then on.
    #[must_use]
    pub fn opens_at(&self) -> Moment {
        self.renewed_until
            .map_or(self.until, |renewed| renewed.max(self.until))
    }

    /// Whether it holds something back at this instant.
    #[must_use]
    pub fn holds(&self, now: Timestamp) -> bool {
        self.is_valid() && self.since.0 <= now && now < self.opens_at().0
    }
}

/// That a named audience does not see something, now or by lapse of time. It ends by the reviewer's
/// decision alone.
#[derive(
    Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct AudienceBar {
    /// Who does not see it.
    pub against: Vec<Audience>,
    /// What; left out: the person as such, so that nothing shows that they are known here.
    #[serde(default, skip_serializing_if = "Reach::is_everything")]
    pub about: Reach,
    /// Why; left out where the person themself asked for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ground: Option<HoldingGround>,
    /// Since when.
    pub since: Moment,
    /// When it was lifted, by a decision.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lifted: Option<Moment>,
    /// Who reviews it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reviewer: Option<PartyId>,
    /// When the reviewer first said yes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reviewed: Option<Moment>,
    /// When the next review is due.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub review_due: Option<Moment>,
    /// Whether the agency bars what it is itself complained about.
    #[serde(default)]
    pub own_conduct: bool,
    /// Whether the reviewer is from outside the agencies concerned.
    #[serde(default)]
    pub reviewer_is_external: bool,
    /// Whether the audience may know that something is not shown.
    #[serde(default)]
    pub signalled: bool,
}

impl AudienceBar {
    /// Whether it has any force: on a closed ground, and not an agency's own cover.
    #[must_use]
    pub fn is_valid(&self) -> bool {
        self.ground != Some(HoldingGround::NotAGround)
            && (!self.own_conduct || self.reviewer_is_external)
    }

    /// Whether it stands at this instant.
    #[must_use]
    pub fn is_live(&self, now: Timestamp) -> bool {
        self.is_valid() && now.is_within(self.since, self.lifted)
    }

    /// Whether a review was missed. The bar stands all the same, and it is escalated and counted.
    #[must_use]
    pub fn is_overdue(&self, now: Timestamp) -> bool {
        self.is_live(now) && self.review_due.is_some_and(|due| due.0 <= now)
    }
}

/// What an opinion of harm is about.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum HarmKind {
    /// Serious harm to the physical or mental health of the person or another.
    Health,
    /// Prejudice to social work because serious harm is likely.
    SocialWork,
}

/// That telling something would do serious harm, in somebody's opinion.
#[derive(
    Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct HarmOpinion {
    /// What must not be told.
    pub about: Reach,
    /// Who must not be told; left out: neither the person nor anyone who acts for them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub against: Vec<Audience>,
    /// What sort of harm.
    pub kind: HarmKind,
    /// Whether the harm is serious. Distress or embarrassment is not.
    pub serious: bool,
    /// Who gave the opinion.
    pub by: PartyId,
    /// Whether that is the appropriate health professional; needed for health data.
    #[serde(default)]
    pub by_health_professional: bool,
    /// When.
    pub at: Moment,
}

/// That somebody is suspected of harming the person.
#[derive(
    Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Allegation {
    /// Who is suspected.
    pub against: PartyId,
    /// Since when.
    pub since: Moment,
    /// When the inquiry found otherwise, or closed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended: Option<Moment>,
}

impl Allegation {
    /// Whether it stands at this instant.
    #[must_use]
    pub fn is_live(&self, now: Timestamp) -> bool {
        now.is_within(self.since, self.ended)
    }
}

/// What sort of risk.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum RiskKind {
    /// Domestic abuse.
    DomesticAbuse,
    /// Somebody may look over the person's shoulder, or make them show their record.
    Coercion,
    /// Child protection registration or investigation.
    ChildProtection,
    /// Adult at risk of harm.
    AdultAtRisk,
    /// Violence.
    Violence,
}

/// That there is a known risk.
#[derive(
    Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct RiskMarker {
    /// What sort.
    pub kind: RiskKind,
    /// From whom, where that is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from_party: Option<PartyId>,
    /// Since when.
    pub since: Moment,
    /// Until when; left out while it lasts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Moment>,
}

impl RiskMarker {
    /// Whether it stands at this instant.
    #[must_use]
    pub fn is_live(&self, now: Timestamp) -> bool {
        now.is_within(self.since, self.until)
    }
}

/// That naming a member of staff to the person, or to whoever acts for them, would endanger that member
/// of staff. What they did is told with their role and agency, and an alias for their name.
#[derive(
    Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct StaffSafety {
    /// Who.
    pub worker: WorkerId,
    /// Since when.
    pub since: Moment,
    /// Until when; left out while it lasts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Moment>,
}

impl StaffSafety {
    /// Whether it stands at this instant.
    #[must_use]
    pub fn is_live(&self, now: Timestamp) -> bool {
        now.is_within(self.since, self.until)
    }
}

/// That the words somebody typed as their reason, in an entry of the person's account, speak of somebody
/// else. They are not told while this stands; the rest of the entry is.
#[derive(
    Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Screened {
    /// The entry by its commitment, 64 hexadecimal digits, as its receipt and the account give it.
    pub entry: String,
    /// Since when.
    pub since: Moment,
    /// Until when; left out while it lasts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Moment>,
}

impl Screened {
    /// Whether it stands at this instant.
    #[must_use]
    pub fn is_live(&self, now: Timestamp) -> bool {
        now.is_within(self.since, self.until)
    }
}

/// That sharing with an agency waits, because a line of the person's account that tells of it is challenged.
/// Care and treatment, an emergency, protection and what the law requires never wait.
#[derive(
    Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Pause {
    /// With which agency.
    pub with: OrganisationId,
    /// Which agency looks at it again, and is rung meanwhile.
    pub decides: OrganisationId,
    /// Since when.
    pub since: Moment,
    /// When it was decided; left out while it is not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Moment>,
    /// Why somebody's safety needs that it goes on meanwhile, where somebody recorded that.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub safety: Option<String>,
}

impl Pause {
    /// Whether sharing waits at this instant.
    #[must_use]
    pub fn is_live(&self, now: Timestamp) -> bool {
        self.safety.is_none() && now.is_within(self.since, self.until)
    }
}

/// What somebody wished.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Said {
    /// That it be told.
    Yes,
    /// That it not be told.
    No,
}

/// A wish: what the person once wished, asks now without being old enough to decide, or what
/// somebody who acts for them says.
#[derive(
    Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Wish {
    /// Who says so, if not the person.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<PartyId>,
    /// What they wish.
    pub says: Said,
    /// Who should, or should not, be told; left out: anyone.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub audience: Vec<Audience>,
    /// What about; left out: everything.
    #[serde(default, skip_serializing_if = "Reach::is_everything")]
    pub about: Reach,
    /// For which purposes; left out: any.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub purposes: BTreeSet<Purpose>,
    /// When they said so.
    pub at: Moment,
    /// When they said otherwise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub withdrawn: Option<Moment>,
    /// Whether it is to hold after the person's death.
    #[serde(default)]
    pub after_death: bool,
}

impl Wish {
    /// Whether it stands at this instant.
    #[must_use]
    pub fn is_live(&self, now: Timestamp) -> bool {
        now.is_within(self.at, self.withdrawn)
    }
}

/// From where something came that the holder may not pass on by itself.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum OriginKind {
    /// The police.
    Police,
    /// Arrangements for managing dangerous offenders.
    Mappa,
    /// A conference about domestic abuse.
    Marac,
    /// The Principal Reporter.
    Reporter,
}

/// The agency that alone may release something.
#[derive(
    Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Originator {
    /// What it came through.
    pub kind: OriginKind,
    /// Which agency answers for it.
    pub organisation: OrganisationId,
}

/// Somebody else whom an item identifies.
#[derive(
    Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct ThirdParty {
    /// Whether they wrote it or took part in it as a health, social work or education professional:
    /// then it is taken to be reasonable to name them (Data Protection Act 2018 Sch 2 para 17).
    #[serde(default)]
    pub professional: bool,
    /// Whether they agree to be named.
    #[serde(default)]
    pub agrees: bool,
}

impl ThirdParty {
    /// Whether the person and those who act for them may read who that is.
    #[must_use]
    pub fn may_be_named(&self) -> bool {
        self.professional || self.agrees
    }
}

/// What is known of a single item beyond its labels. Such an item has a label class of its own.
#[derive(
    Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct ItemFacts {
    /// When it was written.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub written: Option<Moment>,
    /// Clinical codes, as `system|code`.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub codes: BTreeSet<String>,
    /// Items that it belongs with.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub related: BTreeSet<ItemId>,
    /// Other people whom it identifies.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub third_parties: Vec<ThirdParty>,
    /// Who was not to learn it, as the person expected when they gave it or was examined.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub in_confidence_from: Vec<Audience>,
    /// Whether it is legally privileged.
    #[serde(default)]
    pub privileged: bool,
    /// Whether the person's reading it would prejudice preventing or detecting crime.
    #[serde(default)]
    pub crime_prejudice: bool,
    /// Who alone may release it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub originator: Option<Originator>,
    /// Whether it is sealed: others see that it is there, and an emergency opens it.
    #[serde(default)]
    pub sealed: bool,
}
