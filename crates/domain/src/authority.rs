//! Authorities: on what somebody acts for another person, worked out for each decision area.
//!
//! An authority is never a yes or no about two people. It is an instrument with powers, a trigger,
//! dates and a register, and what it comes to depends on the area, on the person's capacity in that
//! area, and on the moment ([`Authority::state`]).

use std::collections::BTreeSet;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::moment::{BirthDate, Moment};
use crate::person::{Matter, MentalCapacity, PersonFacts};
use crate::reach::Reach;
use crate::{PartyId, Timestamp};

/// From when what was written about somebody who died can be asked for: 1 November 1991 (Access to
/// Health Records Act 1990 s.5(1)).
pub const HEALTH_RECORDS_ACT: Moment = Moment(Timestamp(688_953_600_000_000));

/// By what somebody acts for another.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum AuthorityKind {
    /// Welfare power of attorney: acts only where the granter cannot (2000 Act s.16).
    WelfareAttorney,
    /// Continuing power of attorney: money matters only, from registration (2000 Act s.15).
    ContinuingAttorney,
    /// Guardian by the sheriff's order, with the powers in it (2000 Act ss.57 and 64).
    Guardian,
    /// Intervention order: one matter or transaction (2000 Act s.53).
    InterventionOrder,
    /// Parental rights and responsibilities, until the child is 16 (Children (Scotland) Act 1995).
    ParentalRights,
    /// Mental-health named person: what proceedings under the 2003 Act need.
    MentalHealthNamedPerson,
    /// Listed initiator: nothing by itself but what an application needs.
    ListedInitiator,
    /// Essential care supporter of a care home's resident (Care Reform (Scotland) Act 2025).
    EssentialCareSupporter,
    /// Independent advocate, for what was agreed.
    Advocate,
    /// Solicitor with the person's signed mandate.
    Solicitor,
    /// Executor, or another personal representative of somebody who died.
    Executor,
    /// Somebody with a claim arising from the death: what bears on the claim.
    DeceasedClaimant,
    /// Lasting power of attorney of England and Wales, health and welfare.
    EnglishWelfareLpa,
    /// Lasting power of attorney of England and Wales, property and financial affairs.
    EnglishPropertyLpa,
    /// Appointee for benefits: money from benefits only.
    Appointee,
}

impl AuthorityKind {
    /// The code, as it is written in facts.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::WelfareAttorney => "welfare-attorney",
            Self::ContinuingAttorney => "continuing-attorney",
            Self::Guardian => "guardian",
            Self::InterventionOrder => "intervention-order",
            Self::ParentalRights => "parental-rights",
            Self::MentalHealthNamedPerson => "mental-health-named-person",
            Self::ListedInitiator => "listed-initiator",
            Self::EssentialCareSupporter => "essential-care-supporter",
            Self::Advocate => "advocate",
            Self::Solicitor => "solicitor",
            Self::Executor => "executor",
            Self::DeceasedClaimant => "deceased-claimant",
            Self::EnglishWelfareLpa => "english-welfare-lpa",
            Self::EnglishPropertyLpa => "english-property-lpa",
            Self::Appointee => "appointee",
        }
    }

    /// How a page says it.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::WelfareAttorney => "welfare attorney",
            Self::ContinuingAttorney => "continuing attorney",
            Self::Guardian => "guardian",
            Self::InterventionOrder => "holder of an intervention order",
            Self::ParentalRights => "parent",
            Self::MentalHealthNamedPerson => "mental-health named person",
            Self::ListedInitiator => "listed initiator",
            Self::EssentialCareSupporter => "essential care supporter",
            Self::Advocate => "advocate",
            Self::Solicitor => "solicitor",
            Self::Executor => "executor",
            Self::DeceasedClaimant => "person with a claim from the death",
            Self::EnglishWelfareLpa => "attorney for health and welfare",
            Self::EnglishPropertyLpa => "attorney for property and finance",
            Self::Appointee => "appointee for benefits",
        }
    }

    /// The law that it rests on.
    #[must_use]
    pub fn citation(self) -> &'static str {
        match self {
            Self::WelfareAttorney => "Adults with Incapacity (Scotland) Act 2000 ss.16 and 19",
            Self::ContinuingAttorney => "Adults with Incapacity (Scotland) Act 2000 ss.15 and 19",
            Self::Guardian => "Adults with Incapacity (Scotland) Act 2000 ss.57, 60 and 64",
            Self::InterventionOrder => "Adults with Incapacity (Scotland) Act 2000 s.53",
            Self::ParentalRights => "Children (Scotland) Act 1995 ss.1 to 3 and 11",
            Self::MentalHealthNamedPerson | Self::ListedInitiator => {
                "Mental Health (Care and Treatment) (Scotland) Act 2003 ss.250 to 257"
            }
            Self::EssentialCareSupporter => "Care Reform (Scotland) Act 2025, Anne's Law",
            Self::Advocate => "Mental Health (Care and Treatment) (Scotland) Act 2003 s.259",
            Self::Solicitor => "mandate of the client",
            Self::Executor | Self::DeceasedClaimant => {
                "Access to Health Records Act 1990 s.3(1)(f)"
            }
            Self::EnglishWelfareLpa | Self::EnglishPropertyLpa => {
                "Mental Capacity Act 2005 s.9; Adults with Incapacity (Scotland) Act 2000 Sch 3"
            }
            Self::Appointee => "Social Security (Claims and Payments) Regulations 1987 reg.33",
        }
    }

    /// Instruments that have no force until a public register has them.
    #[must_use]
    pub fn needs_register(self) -> bool {
        matches!(
            self,
            Self::WelfareAttorney
                | Self::ContinuingAttorney
                | Self::Guardian
                | Self::InterventionOrder
                | Self::EnglishWelfareLpa
                | Self::EnglishPropertyLpa
        )
    }

    /// Powers that an instrument of this kind can give at all.
    #[must_use]
    pub fn can_give(self, matter: Matter) -> bool {
        match self {
            Self::WelfareAttorney | Self::EnglishWelfareLpa => Matter::Welfare.covers(matter),
            Self::ContinuingAttorney | Self::EnglishPropertyLpa | Self::Appointee => {
                matter == Matter::Finance
            }
            Self::MentalHealthNamedPerson => matter == Matter::Treatment,
            Self::ListedInitiator | Self::EssentialCareSupporter => false,
            Self::Guardian
            | Self::InterventionOrder
            | Self::ParentalRights
            | Self::Advocate
            | Self::Solicitor
            | Self::Executor
            | Self::DeceasedClaimant => true,
        }
    }

    /// Powers that come with the kind itself, where no deed or order lists them.
    fn needs_listed_powers(self) -> bool {
        matches!(
            self,
            Self::WelfareAttorney
                | Self::Guardian
                | Self::InterventionOrder
                | Self::EnglishWelfareLpa
        )
    }
}

/// When an attorney may begin to act.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Trigger {
    /// When the granter was found incapable of the matter.
    Incapacity,
    /// When the attorney reasonably believes so (2000 Act s.16(5)(b)).
    ReasonableBelief,
    /// At once; for money only.
    Immediate,
}

/// Whence somebody has parental rights.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum ParentalSource {
    /// The mother, always.
    Mother,
    /// The father, by marriage to the mother at conception or later.
    Marriage,
    /// The father, by joint registration of the birth; only from 4 May 2006.
    JointRegistration,
    /// An agreement with the mother, registered.
    Agreement,
    /// A court's order.
    CourtOrder,
}

/// That an attorney declares to believe, on reasonable grounds, that the person cannot decide.
#[derive(
    Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Belief {
    /// About what.
    pub matter: Matter,
    /// Since when.
    pub at: Moment,
}

/// A time during which something does not count.
#[derive(
    Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Suspension {
    /// From when.
    pub from: Moment,
    /// Until when; left out while it lasts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Moment>,
}

/// On what somebody acts for the person. Whatever is left out is unknown.
#[derive(
    Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Authority {
    /// Who acts.
    pub holder: PartyId,
    /// By what.
    pub kind: AuthorityKind,
    /// The powers that the deed or order gives; needed for welfare attorneys and guardians, who have
    /// no others. Kinds whose powers the law itself gives may leave it out.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub powers: BTreeSet<Matter>,
    /// What it is limited to (an advocate's, solicitor's or claimant's scope); left out: no limit, but
    /// of a claim from a death what it is about is then unknown.
    #[serde(default, skip_serializing_if = "Reach::is_everything")]
    pub scope: Reach,
    /// From when.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<Moment>,
    /// Until when.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Moment>,
    /// Whether the public register (Office of the Public Guardian) has it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub registered: Option<bool>,
    /// Whether somebody has checked the instrument: the deed, the order, the client's signature under
    /// a mandate. For a parent, `source` says as much.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub verified: Option<bool>,
    /// When an attorney may begin; left out: on incapacity for welfare, at once for money.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trigger: Option<Trigger>,
    /// The areas in which the attorney declares to believe that the person cannot decide.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub beliefs: Vec<Belief>,
    /// When it was suspended by order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub suspended: Vec<Suspension>,
    /// When it was ended: revoked, resigned, removed by order, ended by separation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended: Option<Moment>,
    /// When its renewal was lodged, for a guardianship.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub renewal_lodged: Option<Moment>,
    /// When the application for renewal was decided; left out while it is not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub renewal_decided: Option<Moment>,
    /// Whether the holder's own interest conflicts with the person's.
    #[serde(default)]
    pub conflict: bool,
    /// Whether the holder can act only together with the others who hold the same kind: each of them
    /// says yes in `wishes`.
    #[serde(default)]
    pub jointly: bool,
    /// Whence parental rights come; for parents.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<ParentalSource>,
    /// When the birth was registered, where parental rights rest on joint registration.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub birth_registered: Option<BirthDate>,
}

/// What an authority comes to in one area at one moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum AuthorityState {
    /// The holder may act.
    InForce,
    /// In force because renewal was lodged in time and is not decided.
    RenewalLodged,
    /// In force on the holder's declared belief: the person is told that someone acts.
    OnBelief,
    /// Two who must act together disagree, or one of them was not heard.
    JointlyHeld,
    /// The person's birth date, on which it turns, is unknown.
    AgeUnknown,
    /// Nobody has looked at the register.
    RegistrationUnknown,
    /// Nobody has looked at the instrument.
    NotVerified,
    /// Nobody recorded what a claim from a death is about.
    ClaimUnknown,
    /// The capacity is unknown and no belief is declared.
    BeliefMissing,
    /// The holder's interest conflicts with the person's.
    Conflict,
    /// The person can decide this.
    PersonCapable,
    /// It gives no power in this area.
    NoPower,
    /// The register does not have it.
    NotRegistered,
    /// The instrument was looked at and does not bear it out.
    NotGenuine,
    /// It has not begun.
    NotBegun,
    /// It has run out.
    Expired,
    /// Suspended by order.
    Suspended,
    /// Ended.
    Ended,
    /// Somebody was appointed guardian with the same power (2000 Act s.24).
    Superseded,
    /// The child has turned sixteen.
    Sixteen,
    /// The father's registration came before the law that gives him rights by it.
    NoParentalRights,
    /// The person has died.
    PersonDied,
    /// The person is alive.
    PersonAlive,
}

impl AuthorityState {
    /// How the holder and the person read it.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::InForce => "in force",
            Self::RenewalLodged => "in force while its renewal is decided",
            Self::OnBelief => "in force on the holder's own belief",
            Self::JointlyHeld => "needs the others who hold it as well",
            Self::AgeUnknown => "waits for the date of birth",
            Self::RegistrationUnknown => "waits until somebody looked at the register",
            Self::NotVerified => "waits until somebody has seen the paper",
            Self::ClaimUnknown => "waits until it is known what the claim is about",
            Self::BeliefMissing => "begins when the person cannot decide it",
            Self::Conflict => "waits, because of a conflict of interests",
            Self::PersonCapable => "not needed: the person can decide it",
            Self::NoPower => "not given",
            Self::NotRegistered => "not in force: the register does not have it",
            Self::NotGenuine => "not in force: the paper does not bear it out",
            Self::NotBegun => "not begun",
            Self::Expired => "over: it has run out",
            Self::Suspended => "suspended by order",
            Self::Ended => "ended",
            Self::Superseded => "over: a guardian has it now",
            Self::Sixteen => "over: the child has turned sixteen",
            Self::NoParentalRights => "not given by law",
            Self::PersonDied => "over: the person has died",
            Self::PersonAlive => "not begun: the person is alive",
        }
    }

    /// Whether the holder may act on it.
    #[must_use]
    pub fn is_in_force(self) -> bool {
        matches!(self, Self::InForce | Self::RenewalLodged | Self::OnBelief)
    }

    /// Whether it could be in force if what is unknown became known: somebody must look.
    #[must_use]
    pub fn is_undetermined(self) -> bool {
        matches!(
            self,
            Self::JointlyHeld
                | Self::AgeUnknown
                | Self::RegistrationUnknown
                | Self::NotVerified
                | Self::ClaimUnknown
                | Self::Conflict
        )
    }
}

impl Authority {
    /// What it comes to in this area at this moment, in the light of the other authorities. What is
    /// known to stand against it decides before what is not known.
    #[must_use]
    pub fn state(
        &self,
        matter: Matter,
        person: &PersonFacts,
        all: &[Authority],
        now: Timestamp,
    ) -> AuthorityState {
        self.ended_by_life(person, now)
            .or_else(|| self.ended_by_itself(now))
            .or_else(|| self.not_of_this_matter(matter, person, now))
            .or_else(|| self.superseded(matter, all, now))
            .or_else(|| self.disproven())
            .or_else(|| self.not_needed(matter, person, now))
            .or_else(|| self.unproven(person))
            .or_else(|| self.undecided_among_holders(all, now))
            .unwrap_or_else(|| self.in_force(matter, person, now))
    }

    /// Whether it is still running by its own dates, whatever it is about.
    #[must_use]
    pub fn is_running(&self, person: &PersonFacts, now: Timestamp) -> bool {
        self.ended_by_life(person, now).is_none() && self.ended_by_itself(now).is_none()
    }

    fn ended_by_life(&self, person: &PersonFacts, now: Timestamp) -> Option<AuthorityState> {
        use AuthorityKind::{DeceasedClaimant, Executor, ParentalRights};
        let after_death = matches!(self.kind, Executor | DeceasedClaimant);
        match (person.is_dead(now), after_death) {
            (true, false) => return Some(AuthorityState::PersonDied),
            (false, true) => return Some(AuthorityState::PersonAlive),
            _ => {}
        }
        if self.kind != ParentalRights {
            return None;
        }
        (person.is_at_least(16, now) == Some(true)).then_some(AuthorityState::Sixteen)
    }

    fn ended_by_itself(&self, now: Timestamp) -> Option<AuthorityState> {
        if self.ended.is_some_and(|ended| ended.0 <= now) {
            return Some(AuthorityState::Ended);
        }
        let suspended = self
            .suspended
            .iter()
            .any(|span| now.is_within(span.from, span.until));
        if suspended {
            return Some(AuthorityState::Suspended);
        }
        if self.from.is_some_and(|from| now < from.0) {
            return Some(AuthorityState::NotBegun);
        }
        let expired = self.until.is_some_and(|until| until.0 <= now);
        (expired && !self.continues_pending_renewal(now)).then_some(AuthorityState::Expired)
    }

    /// A guardianship whose renewal was lodged before it ran out goes on until that is decided
    /// (2000 Act s.60(1)).
    fn continues_pending_renewal(&self, now: Timestamp) -> bool {
        self.kind == AuthorityKind::Guardian
            && self
                .renewal_lodged
                .is_some_and(|lodged| self.until.is_some_and(|until| lodged < until))
            && self
                .renewal_lodged
                .is_some_and(|lodged| now.is_within(lodged, self.renewal_decided))
    }

    fn not_of_this_matter(
        &self,
        matter: Matter,
        person: &PersonFacts,
        now: Timestamp,
    ) -> Option<AuthorityState> {
        let listed = self.powers.iter().any(|power| power.covers(matter));
        let by_kind = self.powers.is_empty() && !self.kind.needs_listed_powers();
        if !self.kind.can_give(matter) || !(listed || by_kind) {
            return Some(AuthorityState::NoPower);
        }
        // A mandate is the client's own act: it needs a client who could give it.
        let lapsed_mandate = self.kind == AuthorityKind::Solicitor
            && person.capacity_for(matter, now) == MentalCapacity::Incapable
            && person.capacity_for(matter, self.from.map_or(now, |from| from.0))
                != MentalCapacity::Capable;
        if lapsed_mandate {
            return Some(AuthorityState::NotGenuine);
        }
        self.has_no_parental_rights()
            .then_some(AuthorityState::NoParentalRights)
    }

    /// Joint registration gives a father rights only from 4 May 2006.
    fn has_no_parental_rights(&self) -> bool {
        self.kind == AuthorityKind::ParentalRights
            && self.source == Some(ParentalSource::JointRegistration)
            && self
                .birth_registered
                .is_some_and(|registered| registered.0 < jiff::civil::date(2006, 5, 4))
    }

    /// An attorney's power comes to an end with the appointment of a guardian who has it, and does not
    /// come back when the guardian is suspended or the order runs out (2000 Act s.24(2)).
    fn superseded(
        &self,
        matter: Matter,
        all: &[Authority],
        now: Timestamp,
    ) -> Option<AuthorityState> {
        use AuthorityKind::{ContinuingAttorney, Guardian, WelfareAttorney};
        if !matches!(self.kind, WelfareAttorney | ContinuingAttorney) {
            return None;
        }
        let guardian = all.iter().any(|other| {
            other.kind == Guardian
                && other.registered != Some(false)
                && other.verified != Some(false)
                && other.from.is_none_or(|from| from.0 <= now)
                && other.powers.iter().any(|power| power.covers(matter))
        });
        guardian.then_some(AuthorityState::Superseded)
    }

    /// Somebody looked, and found that it is not what it is said to be.
    fn disproven(&self) -> Option<AuthorityState> {
        if self.verified == Some(false) {
            return Some(AuthorityState::NotGenuine);
        }
        let missing = self.kind.needs_register() && self.registered == Some(false);
        missing.then_some(AuthorityState::NotRegistered)
    }

    /// Nobody has looked, or its own holder stands in the way.
    fn unproven(&self, person: &PersonFacts) -> Option<AuthorityState> {
        if self.kind == AuthorityKind::ParentalRights && person.born.is_none() {
            return Some(AuthorityState::AgeUnknown);
        }
        if self.kind.needs_register() && self.registered.is_none() {
            return Some(AuthorityState::RegistrationUnknown);
        }
        if !self.kind.needs_register() && self.verified.is_none() && self.source.is_none() {
            return Some(AuthorityState::NotVerified);
        }
        if self.kind == AuthorityKind::DeceasedClaimant && self.scope.is_everything() {
            return Some(AuthorityState::ClaimUnknown);
        }
        self.conflict.then_some(AuthorityState::Conflict)
    }

    fn undecided_among_holders(&self, all: &[Authority], now: Timestamp) -> Option<AuthorityState> {
        let others = all.iter().any(|other| {
            other.holder != self.holder
                && other.kind == self.kind
                && other.ended_by_itself(now).is_none()
        });
        (self.jointly && others).then_some(AuthorityState::JointlyHeld)
    }

    /// An attorney is not needed where the granter decides, and may not act before they believe that
    /// the granter cannot.
    fn not_needed(
        &self,
        matter: Matter,
        person: &PersonFacts,
        now: Timestamp,
    ) -> Option<AuthorityState> {
        if !self.waits_for_incapacity() {
            return None;
        }
        match person.capacity_for(matter, now) {
            MentalCapacity::Capable => Some(AuthorityState::PersonCapable),
            MentalCapacity::Unknown if !self.believes(matter, now) => {
                Some(AuthorityState::BeliefMissing)
            }
            MentalCapacity::Unknown | MentalCapacity::Incapable => None,
        }
    }

    fn in_force(&self, matter: Matter, person: &PersonFacts, now: Timestamp) -> AuthorityState {
        let on_belief = self.waits_for_incapacity()
            && person.capacity_for(matter, now) == MentalCapacity::Unknown;
        if on_belief {
            AuthorityState::OnBelief
        } else if self.until.is_some_and(|until| until.0 <= now) {
            AuthorityState::RenewalLodged
        } else {
            AuthorityState::InForce
        }
    }

    /// Whether it begins only when the granter cannot decide: always for welfare, for money where the
    /// deed says so.
    #[must_use]
    pub fn waits_for_incapacity(&self) -> bool {
        use AuthorityKind::{
            ContinuingAttorney, EnglishPropertyLpa, EnglishWelfareLpa, WelfareAttorney,
        };
        match self.kind {
            WelfareAttorney | EnglishWelfareLpa => true,
            ContinuingAttorney | EnglishPropertyLpa => self
                .trigger
                .is_some_and(|trigger| trigger != Trigger::Immediate),
            _ => false,
        }
    }

    fn believes(&self, matter: Matter, now: Timestamp) -> bool {
        self.beliefs
            .iter()
            .any(|belief| belief.matter.covers(matter) && belief.at.0 <= now)
    }
}

/// How somebody without powers stands to the person.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum TieKind {
    /// The nearest relative, who must be heard (2000 Act s.1(4), 2007 Act s.2).
    NearestRelative,
    /// The primary carer, who must be heard.
    PrimaryCarer,
    /// An unpaid carer.
    Carer,
    /// Another relative.
    Relative,
    /// A friend.
    Friend,
    /// A former partner.
    FormerPartner,
    /// A neighbour.
    Neighbour,
}

/// That somebody is close to the person, without powers.
#[derive(
    Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Tie {
    /// Who.
    pub party: PartyId,
    /// How.
    pub kind: TieKind,
}

#[cfg(test)]
mod tests;
