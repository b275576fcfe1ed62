//! Who is asking, as the token proved it.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    OrganisationId, OrganisationKind, OutsiderKind, PartyId, PersonId, Role, TeamId, WorkerId,
};

/// How surely the caller was identified, after NIST SP 800-63 assurance levels.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Assurance {
    /// One factor.
    Low,
    /// Two factors.
    Substantial,
    /// Two factors, one resistant to phishing, stepped up for this use.
    High,
}

impl Assurance {
    /// The word in tokens and policies.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Low => "low",
            Self::Substantial => "substantial",
            Self::High => "high",
        }
    }

    /// Reads [`Assurance::code`] back.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        [Self::Low, Self::Substantial, Self::High]
            .into_iter()
            .find(|level| level.code() == code)
    }
}

/// In what capacity someone asks.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Capacity {
    /// A member of staff, for an agency.
    Worker {
        /// Who.
        worker: WorkerId,
        /// What they do.
        role: Role,
        /// For which agency.
        organisation: OrganisationId,
        /// What sort of agency.
        organisation_kind: OrganisationKind,
        /// In which team, if any.
        team: Option<TeamId>,
    },
    /// The person whose record it is.
    Person(PersonId),
    /// Somebody without an account, by a one-time link.
    Outsider {
        /// By what the link names them.
        party: PartyId,
        /// What they are to the person.
        kind: OutsiderKind,
        /// For whom they come; empty if for nobody but the person.
        organisation: String,
    },
}

/// Someone who asks, as their token proved it.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Caller {
    /// The name to show: "Pauline Heggie".
    pub name: String,
    /// In what capacity they ask.
    pub capacity: Capacity,
    /// How surely they were identified.
    pub assurance: Assurance,
}

impl Caller {
    /// The agency asked for; `None` unless a member of staff asks.
    #[must_use]
    pub fn organisation(&self) -> Option<&OrganisationId> {
        match &self.capacity {
            Capacity::Worker { organisation, .. } => Some(organisation),
            Capacity::Person(_) | Capacity::Outsider { .. } => None,
        }
    }

    /// The member of staff, if one asks.
    #[must_use]
    pub fn worker(&self) -> Option<&WorkerId> {
        match &self.capacity {
            Capacity::Worker { worker, .. } => Some(worker),
            Capacity::Person(_) | Capacity::Outsider { .. } => None,
        }
    }

    /// The person, if somebody asks on their own behalf or for whom they act.
    #[must_use]
    pub fn person(&self) -> Option<PersonId> {
        match self.capacity {
            Capacity::Person(person) => Some(person),
            Capacity::Worker { .. } | Capacity::Outsider { .. } => None,
        }
    }

    /// Their team; `None` unless a member of staff asks of whom the directory names one.
    #[must_use]
    pub fn team(&self) -> Option<&TeamId> {
        match &self.capacity {
            Capacity::Worker { team, .. } => team.as_ref(),
            Capacity::Person(_) | Capacity::Outsider { .. } => None,
        }
    }

    /// What they do; `None` unless a member of staff asks.
    #[must_use]
    pub fn role(&self) -> Option<Role> {
        match &self.capacity {
            Capacity::Worker { role, .. } => Some(*role),
            Capacity::Person(_) | Capacity::Outsider { .. } => None,
        }
    }
}
