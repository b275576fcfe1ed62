//! Which Patients are of one person: what was decided of them, and what is to be.

use domain::{HomeId, OrganisationId, PersonId, ResourceId, Timestamp, WorkerId};
use serde::{Deserialize, Serialize};

/// What is decided of Patients.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LinkAct<S> {
    /// Two are of one person.
    Linked(S, S),
    /// Two are not of one person, whatever links them by a detour.
    Parted(S, S),
    /// The same, and nobody may learn that the second is an earlier identity of the first.
    Sealed(S, S),
    /// An earlier event does not hold.
    Undone(u64),
}

/// Something decided of Patients, to be kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewLink {
    /// What.
    pub act: LinkAct<ResourceId>,
    /// When.
    pub at: Timestamp,
    /// The worker who decided, or `exchange`.
    pub by: String,
    /// Why.
    pub reason: String,
}

/// The same as it is kept; Patients are named by their place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredLink {
    /// Its number: events are numbered in their order.
    pub number: u64,
    /// What was decided.
    pub act: LinkAct<u64>,
    /// When.
    pub at: Timestamp,
    /// The worker who decided, or `exchange`.
    pub by: String,
}

/// A Patient that events speak of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LinkedSubject {
    /// Its place in the order of arrival.
    pub place: u64,
    /// Its id.
    pub id: ResourceId,
    /// Where its rows live.
    pub home: HomeId,
    /// The agency that contributed it.
    pub custodian: OrganisationId,
    /// Whose subject it is.
    pub person: PersonId,
    /// The person that it is by itself.
    pub origin: PersonId,
}

/// Some Patients, all that any event joins or parts with them, directly or by a detour, and all
/// those events in order.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Linked {
    /// In the order of arrival.
    pub subjects: Vec<LinkedSubject>,
    /// In their order, those that were undone among them.
    pub events: Vec<StoredLink>,
}

/// Why stewards are asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ReviewKind {
    /// Two Patients are probably of one person.
    Probable,
    /// One Patient certainly fits several people.
    Bridge,
    /// One number stands on two wholly different people.
    Overlay,
    /// Something came in under an identity that is held apart.
    Sealed,
    /// What linked two Patients by itself no longer holds.
    Loosened,
    /// A steward says that something is not as it should be.
    Raised,
    /// What was shown of two people who were one by mistake is to be told and followed up.
    Breach,
}

impl ReviewKind {
    /// The code.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Probable => "probable",
            Self::Bridge => "bridge",
            Self::Overlay => "overlay",
            Self::Sealed => "sealed",
            Self::Loosened => "loosened",
            Self::Raised => "raised",
            Self::Breach => "breach",
        }
    }
}

/// A pair of Patients that stewards are to decide.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Review {
    /// Its id.
    pub id: ResourceId,
    /// Why stewards are asked.
    pub kind: ReviewKind,
    /// The Patient that gave rise to it.
    pub left: ResourceId,
    /// The other.
    pub right: ResourceId,
    /// The agencies whose stewards are asked.
    pub holders: Vec<OrganisationId>,
    /// How probable it is that both are one person.
    pub probability: f32,
    /// Harm if it is wrong, times uncertainty: the higher, the sooner.
    pub priority: f64,
    /// Since when.
    pub opened: Timestamp,
    /// What was said when it was raised, or what became known since.
    pub note: String,
    /// What one steward proposes and another must agree to.
    pub proposed: Option<Proposal>,
    /// What was decided; open without it.
    pub decided: Option<Proposal>,
}

/// What a steward says of a pair.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proposal {
    /// Who.
    pub by: WorkerId,
    /// When.
    pub at: Timestamp,
    /// Code of what they say.
    pub outcome: String,
    /// Why.
    pub reason: String,
}
