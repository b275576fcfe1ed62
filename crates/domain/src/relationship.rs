//! Relationships: who is involved in someone's care, and the event that proves it.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{OrganisationId, ResourceId, TeamId, Timestamp, WorkerId};

/// What proves that a worker or team is involved.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum RelationshipKind {
    /// Registered with a practice.
    Registration,
    /// In hospital.
    Admission,
    /// A visit, clinic or emergency attendance.
    Attendance,
    /// Referred, or a service asked for.
    Referral,
    /// On a worker's or team's caseload.
    Caseload,
    /// Named in the care team.
    CareTeam,
    /// Lives in the home.
    Residence,
    /// Holds a tenancy.
    Tenancy,
    /// The duty role, for as long as a concern is open.
    Duty,
    /// Said by the worker alone, with a reason, and reviewed afterwards.
    SelfClaimed,
}

impl RelationshipKind {
    /// Every kind.
    pub const ALL: &'static [RelationshipKind] = &[
        Self::Registration,
        Self::Admission,
        Self::Attendance,
        Self::Referral,
        Self::Caseload,
        Self::CareTeam,
        Self::Residence,
        Self::Tenancy,
        Self::Duty,
        Self::SelfClaimed,
    ];

    /// The name in rows and policies.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Registration => "registration",
            Self::Admission => "admission",
            Self::Attendance => "attendance",
            Self::Referral => "referral",
            Self::Caseload => "caseload",
            Self::CareTeam => "care-team",
            Self::Residence => "residence",
            Self::Tenancy => "tenancy",
            Self::Duty => "duty",
            Self::SelfClaimed => "self-claimed",
        }
    }

    /// Reads [`RelationshipKind::code`] back.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|kind| kind.code() == code)
    }

    /// How a page says why someone is involved.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::Registration => "registered with the practice",
            Self::Admission => "in hospital",
            Self::Attendance => "seen at a visit",
            Self::Referral => "referred",
            Self::Caseload => "on the caseload",
            Self::CareTeam => "in the care team",
            Self::Residence => "lives in the home",
            Self::Tenancy => "holds a tenancy",
            Self::Duty => "on duty for an open concern",
            Self::SelfClaimed => "said to be involved",
        }
    }
}

/// That an agency, a team or a worker is involved with a person, since when and on what evidence.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Relationship {
    /// What proves it.
    pub kind: RelationshipKind,
    /// The agency involved.
    pub organisation: OrganisationId,
    /// The team, where the event names one.
    pub team: Option<TeamId>,
    /// The worker, where the event names one.
    pub worker: Option<WorkerId>,
    /// When it began.
    pub since: Timestamp,
    /// When it ended or will end; `None` while open.
    pub until: Option<Timestamp>,
    /// The resource that proves it.
    pub evidence: Option<ResourceId>,
}

impl Relationship {
    /// Whether it holds at this instant.
    #[must_use]
    pub fn is_live(&self, now: Timestamp) -> bool {
        now.is_within(self.since, self.until)
    }
}
