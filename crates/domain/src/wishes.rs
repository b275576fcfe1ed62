//! The person's own wishes: objections, bars against a named worker, and locks.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    Category, OrganisationId, OrganisationKind, PartyId, Purpose, ResourceId, Role, Sensitivity,
    TeamId, Timestamp, WorkerId,
};

/// Against whom a wish is directed.
#[derive(
    Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Audience {
    /// Everyone.
    Everyone,
    /// One agency.
    Organisation(OrganisationId),
    /// Agencies of one kind.
    Kind(OrganisationKind),
    /// One worker.
    Worker(WorkerId),
    /// One team.
    Team(TeamId),
    /// Everyone of one role.
    Role(Role),
    /// One relative, representative or other person who is no worker.
    Party(PartyId),
}

/// What a wish covers.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Scope {
    /// Everything.
    Everything,
    /// One category.
    Category(Category),
    /// Everything with this sensitivity.
    Sensitivity(Sensitivity),
    /// Everything at least this closely held.
    AtLeast(crate::Confidentiality),
    /// One resource.
    Resource(ResourceId),
    /// Something the recorded Consent names that Candour does not understand: it could match
    /// anything, so what it might cover is referred to a person, never silently allowed or denied.
    NotUnderstood,
}

/// That the person does not agree to something being shared.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Objection {
    /// With whom it must not be shared.
    pub audience: Audience,
    /// What must not be shared.
    pub scope: Scope,
    /// For which purpose; `None` means any.
    pub purpose: Option<Purpose>,
    /// From when.
    pub since: Timestamp,
    /// Until when; `None` until withdrawn.
    pub until: Option<Timestamp>,
    /// The Consent in which it is recorded.
    pub evidence: ResourceId,
}

impl Objection {
    /// Whether it stands at this instant.
    #[must_use]
    pub fn is_live(&self, now: Timestamp) -> bool {
        now.is_within(self.since, self.until)
    }
}

/// That one worker may not see this person, whatever their role or ward; it survives an emergency
/// and never lapses by itself.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Bar {
    /// The worker barred.
    pub worker: WorkerId,
    /// From when.
    pub since: Timestamp,
    /// When it was lifted, by a decision; `None` while it stands.
    pub lifted: Option<Timestamp>,
}

impl Bar {
    /// Whether it stands at this instant.
    #[must_use]
    pub fn is_live(&self, now: Timestamp) -> bool {
        now.is_within(self.since, self.lifted)
    }
}

/// That a resource opens to nobody but the team that holds it; not even an emergency opens it,
/// but in an emergency the holding team is named to ring.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Lock {
    /// What is locked.
    pub resource: ResourceId,
    /// The agency that holds it.
    pub holder: OrganisationId,
    /// The team of that agency which alone may open it; `None` where the agency has no teams.
    pub team: Option<TeamId>,
    /// From when.
    pub since: Timestamp,
}

impl Lock {
    /// Whether a worker of this agency and team is one who may open it.
    #[must_use]
    pub fn opens_to(&self, organisation: &OrganisationId, team: Option<&TeamId>) -> bool {
        self.holder == *organisation && (self.team.is_none() || self.team.as_ref() == team)
    }
}
