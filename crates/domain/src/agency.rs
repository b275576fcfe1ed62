//! Agencies, their teams, their staff, and who is on duty.

use std::collections::BTreeSet;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{OrganisationId, TeamId, Timestamp, WorkerId};

/// What sort of agency it is; local policy speaks of kinds, not of named agencies.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
#[expect(missing_docs, reason = "the variants say it")]
pub enum OrganisationKind {
    Hospital,
    GpPractice,
    CommunityHealth,
    SocialWork,
    Housing,
    CareHome,
    Police,
    Homecare,
    Advocacy,
    Education,
    Ambulance,
    Pharmacy,
    Voluntary,
    Prison,
    ChildrensReporter,
    Court,
    Regulator,
    LawFirm,
    Research,
    /// A bank, an employer or another holder of records outside care: it is asked to give, and reads
    /// nothing.
    OutsideCare,
    /// This exchange itself, which holds what people say on their own pages.
    Exchange,
}

impl OrganisationKind {
    /// Every kind.
    pub const ALL: &'static [OrganisationKind] = &[
        Self::Hospital,
        Self::GpPractice,
        Self::CommunityHealth,
        Self::SocialWork,
        Self::Housing,
        Self::CareHome,
        Self::Police,
        Self::Homecare,
        Self::Advocacy,
        Self::Education,
        Self::Ambulance,
        Self::Pharmacy,
        Self::Voluntary,
        Self::Prison,
        Self::ChildrensReporter,
        Self::Court,
        Self::Regulator,
        Self::LawFirm,
        Self::Research,
        Self::OutsideCare,
        Self::Exchange,
    ];

    /// The name in data files, tokens and policies.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Hospital => "hospital",
            Self::GpPractice => "gp-practice",
            Self::CommunityHealth => "community-health",
            Self::SocialWork => "social-work",
            Self::Housing => "housing",
            Self::CareHome => "care-home",
            Self::Police => "police",
            Self::Homecare => "homecare",
            Self::Advocacy => "advocacy",
            Self::Education => "education",
            Self::Ambulance => "ambulance",
            Self::Pharmacy => "pharmacy",
            Self::Voluntary => "voluntary",
            Self::Prison => "prison",
            Self::ChildrensReporter => "childrens-reporter",
            Self::Court => "court",
            Self::Regulator => "regulator",
            Self::LawFirm => "law-firm",
            Self::Research => "research",
            Self::OutsideCare => "outside-care",
            Self::Exchange => "exchange",
        }
    }

    /// Reads [`OrganisationKind::code`] back.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|kind| kind.code() == code)
    }
}

/// What a member of staff does, as local policy and explanations name it.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
#[expect(missing_docs, reason = "the variants say it")]
pub enum Role {
    Doctor,
    Nurse,
    Pharmacist,
    Therapist,
    AddictionWorker,
    Receptionist,
    SocialWorker,
    DutySocialWorker,
    OccupationalTherapist,
    HousingOfficer,
    CareHomeManager,
    CareWorker,
    PoliceOfficer,
    Advocate,
    Teacher,
    Midwife,
    HealthVisitor,
    Paramedic,
    MentalHealthOfficer,
    SupportWorker,
    ChildrensReporter,
    Inspector,
    Researcher,
    Solicitor,
    PrivacyOfficer,
    System,
    /// Nobody has said what they do. It opens nothing, and somebody finds out.
    Unknown,
}

impl Role {
    /// Every role.
    pub const ALL: &'static [Role] = &[
        Self::Doctor,
        Self::Nurse,
        Self::Pharmacist,
        Self::Therapist,
        Self::AddictionWorker,
        Self::Receptionist,
        Self::SocialWorker,
        Self::DutySocialWorker,
        Self::OccupationalTherapist,
        Self::HousingOfficer,
        Self::CareHomeManager,
        Self::CareWorker,
        Self::PoliceOfficer,
        Self::Advocate,
        Self::Teacher,
        Self::Midwife,
        Self::HealthVisitor,
        Self::Paramedic,
        Self::MentalHealthOfficer,
        Self::SupportWorker,
        Self::ChildrensReporter,
        Self::Inspector,
        Self::Researcher,
        Self::Solicitor,
        Self::PrivacyOfficer,
        Self::System,
        Self::Unknown,
    ];

    /// The name in data files, tokens and policies.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Doctor => "doctor",
            Self::Nurse => "nurse",
            Self::Pharmacist => "pharmacist",
            Self::Therapist => "therapist",
            Self::AddictionWorker => "addiction-worker",
            Self::Receptionist => "receptionist",
            Self::SocialWorker => "social-worker",
            Self::DutySocialWorker => "duty-social-worker",
            Self::OccupationalTherapist => "occupational-therapist",
            Self::HousingOfficer => "housing-officer",
            Self::CareHomeManager => "care-home-manager",
            Self::CareWorker => "care-worker",
            Self::PoliceOfficer => "police-officer",
            Self::Advocate => "advocate",
            Self::Teacher => "teacher",
            Self::Midwife => "midwife",
            Self::HealthVisitor => "health-visitor",
            Self::Paramedic => "paramedic",
            Self::MentalHealthOfficer => "mental-health-officer",
            Self::SupportWorker => "support-worker",
            Self::ChildrensReporter => "childrens-reporter",
            Self::Inspector => "inspector",
            Self::Researcher => "researcher",
            Self::Solicitor => "solicitor",
            Self::PrivacyOfficer => "privacy-officer",
            Self::System => "system",
            Self::Unknown => "unknown",
        }
    }

    /// The role in a sentence, such as "social worker".
    #[must_use]
    pub fn words(self) -> String {
        match self {
            Self::System => "record system".to_owned(),
            Self::ChildrensReporter => "children's reporter".to_owned(),
            Self::Unknown => "member of staff of an unknown role".to_owned(),
            role => role.code().replace('-', " "),
        }
    }

    /// Reads [`Role::code`] back.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|role| role.code() == code)
    }

    /// Registered clinical staff, who may use emergency access.
    #[must_use]
    pub fn is_clinical(self) -> bool {
        matches!(
            self,
            Self::Doctor
                | Self::Nurse
                | Self::Pharmacist
                | Self::Therapist
                | Self::AddictionWorker
                | Self::OccupationalTherapist
                | Self::Midwife
                | Self::HealthVisitor
                | Self::Paramedic
        )
    }

    /// Staff of social work, who assess, plan and protect.
    #[must_use]
    pub fn is_social_work(self) -> bool {
        matches!(
            self,
            Self::SocialWorker | Self::DutySocialWorker | Self::MentalHealthOfficer
        )
    }
}

/// An agency that contributes to and reads records.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Organisation {
    /// Its short name.
    pub id: OrganisationId,
    /// Its name as people know it.
    pub name: String,
    /// What sort of agency it is.
    pub kind: OrganisationKind,
    /// The number to ring in office hours.
    pub phone: String,
}

/// What a team is for, where that decides which of an agency's teams is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Remit {
    /// Social work with adults.
    Adults,
    /// Social work with children and families.
    Children,
    /// Mental health officers (Mental Health (Care and Treatment) (Scotland) Act 2003, s.32).
    MentalHealthOfficers,
    /// Looks again at what is challenged (Caldicott Guardian, information rights).
    InformationRights,
}

impl Remit {
    /// Every remit.
    pub const ALL: &'static [Remit] = &[
        Self::Adults,
        Self::Children,
        Self::MentalHealthOfficers,
        Self::InformationRights,
    ];

    /// The word in directories.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Adults => "adults",
            Self::Children => "children",
            Self::MentalHealthOfficers => "mental-health-officers",
            Self::InformationRights => "information-rights",
        }
    }

    /// Reads [`Remit::code`] back.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|remit| remit.code() == code)
    }
}

/// A ward, practice team, caseload team or duty desk.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Team {
    /// Its short name.
    pub id: TeamId,
    /// The agency it belongs to.
    pub organisation: OrganisationId,
    /// Its name as people know it.
    pub name: String,
    /// The number to ring in office hours.
    pub phone: String,
    /// What it is for, where the directory says so.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub remits: BTreeSet<Remit>,
}

/// A duty desk's hours: who answers for an agency, and on which number, outside office hours.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Duty {
    /// The agency that this duty answers for; one desk may serve two councils.
    pub serves: OrganisationId,
    /// The team that answers.
    pub team: TeamId,
    /// What the duty is called, such as "out-of-hours social work".
    pub name: String,
    /// The number to ring while the duty lasts.
    pub phone: String,
    /// Minutes after local midnight when the duty starts.
    pub from_minute: u16,
    /// Minutes after local midnight when it ends; less than `from_minute` if it runs overnight.
    pub to_minute: u16,
}

impl Duty {
    /// Whether the duty is on at this minute of the local day.
    #[must_use]
    pub fn is_on(&self, minute_of_day: u16) -> bool {
        if self.from_minute <= self.to_minute {
            (self.from_minute..self.to_minute).contains(&minute_of_day)
        } else {
            minute_of_day >= self.from_minute || minute_of_day < self.to_minute
        }
    }
}

/// A member of staff who may ask.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Worker {
    /// Their id in the directory.
    pub id: WorkerId,
    /// Their name as colleagues know it.
    pub name: String,
    /// What they do.
    pub role: Role,
    /// The agency they work for.
    pub organisation: OrganisationId,
    /// Their team, if they have one.
    pub team: Option<TeamId>,
    /// The number to ring them on.
    pub phone: String,
    /// When they left, after which they can no longer ask.
    pub until: Option<Timestamp>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn night_duty_runs_across_midnight() {
        let duty = Duty {
            serves: "northburn-social-work".into(),
            team: "out-of-hours".into(),
            name: "out-of-hours social work".to_owned(),
            phone: "01632 960 190".to_owned(),
            from_minute: 17 * 60,
            to_minute: 8 * 60 + 45,
        };
        assert!(duty.is_on(23 * 60 + 40));
        assert!(duty.is_on(8 * 60 + 44));
        assert!(!duty.is_on(8 * 60 + 45));
        assert!(!duty.is_on(12 * 60));
    }

    #[test]
    fn codes_read_back() {
        for role in Role::ALL {
            assert_eq!(Role::from_code(role.code()), Some(*role));
        }
        for kind in OrganisationKind::ALL {
            assert_eq!(OrganisationKind::from_code(kind.code()), Some(*kind));
        }
    }
}
