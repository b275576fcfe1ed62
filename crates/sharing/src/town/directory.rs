//! Who works in the town: ten agencies, their teams, their duty desks and their staff.

use domain::OrganisationKind as Kind;
use domain::{Duty, Organisation, Remit, Role, Team, Worker};

const ORGANISATIONS: &[(&str, &str, Kind, &str)] = &[
    (
        "hospital",
        "Clydevale Hospital",
        Kind::Hospital,
        "01632 960 001",
    ),
    (
        "braehead-practice",
        "Braehead Medical Practice",
        Kind::GpPractice,
        "01632 960 002",
    ),
    (
        "millburn-practice",
        "Millburn Medical Practice",
        Kind::GpPractice,
        "01632 960 003",
    ),
    (
        "northburn-social-work",
        "Northburn Council Social Work",
        Kind::SocialWork,
        "01632 960 004",
    ),
    (
        "southbrae-social-work",
        "Southbrae Council Social Work",
        Kind::SocialWork,
        "01632 960 005",
    ),
    (
        "northburn-housing",
        "Northburn Council Housing",
        Kind::Housing,
        "01632 960 006",
    ),
    (
        "braeside-house",
        "Braeside House",
        Kind::CareHome,
        "01632 960 007",
    ),
    (
        "police-public-protection",
        "Police Public Protection Unit",
        Kind::Police,
        "01632 960 008",
    ),
    (
        "carewell-homecare",
        "Carewell Homecare",
        Kind::Homecare,
        "01632 960 009",
    ),
    (
        "heatherbank-advocacy",
        "Heatherbank Advocacy",
        Kind::Advocacy,
        "01632 960 010",
    ),
];

const TEAMS: &[(&str, &str, &str)] = &[
    ("hospital", "ward-6", "Ward 6, medicine for the elderly"),
    ("hospital", "ward-3", "Ward 3, orthopaedics"),
    ("hospital", "emergency-department", "Emergency Department"),
    ("hospital", "fracture-clinic", "Fracture clinic"),
    ("hospital", "maternity", "Maternity unit"),
    ("hospital", "sexual-health", "Sexual health clinic"),
    (
        "hospital",
        "community-nursing",
        "Community nursing, Northburn",
    ),
    (
        "hospital",
        "community-therapy",
        "Community occupational therapy",
    ),
    (
        "hospital",
        "community-mental-health",
        "Community mental health team",
    ),
    (
        "hospital",
        "young-peoples-mental-health",
        "Young people's mental health team",
    ),
    ("hospital", "recovery-service", "Clydevale Recovery Service"),
    ("hospital", "pharmacy", "Hospital pharmacy"),
    ("braehead-practice", "braehead-surgery", "Braehead surgery"),
    ("millburn-practice", "millburn-surgery", "Millburn surgery"),
    (
        "northburn-social-work",
        "northburn-adults",
        "Northburn adults team",
    ),
    (
        "northburn-social-work",
        "northburn-children",
        "Northburn children and families team",
    ),
    (
        "northburn-social-work",
        "out-of-hours-social-work",
        "Out-of-hours social work",
    ),
    (
        "southbrae-social-work",
        "southbrae-adults",
        "Southbrae adults team",
    ),
    (
        "southbrae-social-work",
        "southbrae-children",
        "Southbrae children and families team",
    ),
    (
        "northburn-housing",
        "northburn-tenancies",
        "Northburn tenancies",
    ),
    (
        "northburn-housing",
        "northburn-adaptations",
        "Northburn adaptations",
    ),
    ("braeside-house", "braeside-staff", "Braeside staff"),
    (
        "police-public-protection",
        "public-protection-hub",
        "Concern hub",
    ),
    (
        "carewell-homecare",
        "carewell-northburn",
        "Carewell Northburn",
    ),
    (
        "heatherbank-advocacy",
        "heatherbank-advocates",
        "Heatherbank advocates",
    ),
    (
        "hospital",
        "privacy-office",
        "Clydevale information governance office",
    ),
    (
        "northburn-social-work",
        "northburn-rights",
        "Northburn information rights",
    ),
    (
        "northburn-housing",
        "northburn-housing-rights",
        "Northburn Housing information rights",
    ),
];

/// A member of staff as the tables list them: id, name, role, team and job title.
type Post = (&'static str, &'static str, Role, &'static str, &'static str);

#[rustfmt::skip]
const STAFF: &[Post] = &[
    ("ruksana-chaudhry", "Ruksana Chaudhry", Role::Nurse, "ward-6", "Charge nurse"),
    ("ifeoma-nwosu", "Dr Ifeoma Nwosu", Role::Doctor, "ward-6", "Consultant in medicine for the elderly"),
    ("kenneth-purdie", "Kenneth Purdie", Role::Nurse, "ward-6", "Bank nurse"),
    ("una-begbie", "Una Begbie", Role::Receptionist, "ward-6", "Ward clerk"),
    ("lachlan-baxter", "Lachlan Baxter", Role::Nurse, "ward-3", "Charge nurse"),
    ("wiktoria-kaminska", "Dr Wiktoria Kamińska", Role::Doctor, "ward-3", "Registrar in orthopaedics"),
    ("aniket-deshpande", "Dr Aniket Deshpande", Role::Doctor, "emergency-department", "Consultant in emergency medicine"),
    ("maggie-torrance", "Maggie Torrance", Role::Nurse, "emergency-department", "Emergency nurse"),
    ("kirsten-halcrow", "Kirsten Halcrow", Role::Nurse, "maternity", "Midwife"),
    ("lindiwe-dube", "Dr Lindiwe Dube", Role::Doctor, "sexual-health", "Consultant in sexual health"),
    ("sheila-mathieson", "Sheila Mathieson", Role::Nurse, "community-nursing", "District nurse"),
    ("agnieszka-lis", "Agnieszka Lis", Role::OccupationalTherapist, "community-therapy", "Occupational therapist"),
    ("aonghas-macphail", "Aonghas MacPhail", Role::Nurse, "community-mental-health", "Community mental health nurse"),
    ("parveen-sheikh", "Dr Parveen Sheikh", Role::Doctor, "community-mental-health", "Consultant psychiatrist"),
    ("rhiannon-blythe", "Rhiannon Blythe", Role::Therapist, "young-peoples-mental-health", "Psychotherapist"),
    ("obinna-chukwu", "Obinna Chukwu", Role::AddictionWorker, "recovery-service", "Addiction nurse"),
    ("haroon-siddiqui", "Haroon Siddiqui", Role::Pharmacist, "pharmacy", "Pharmacist"),
    ("eleanor-tweedie", "Eleanor Tweedie", Role::PrivacyOfficer, "privacy-office", "Privacy officer"),
    ("catherine-rattray", "Dr Catherine Rattray", Role::Doctor, "braehead-surgery", "General practitioner"),
    ("imran-yousaf", "Dr Imran Yousaf", Role::Doctor, "braehead-surgery", "General practitioner"),
    ("deirdre-quigley", "Deirdre Quigley", Role::Nurse, "braehead-surgery", "Practice nurse"),
    ("jean-gilfillan", "Jean Gilfillan", Role::Receptionist, "braehead-surgery", "Receptionist"),
    ("hamish-colquhoun", "Dr Hamish Colquhoun", Role::Doctor, "millburn-surgery", "General practitioner"),
    ("sunita-krishnan", "Dr Sunita Krishnan", Role::Doctor, "millburn-surgery", "General practitioner"),
    ("alina-popescu", "Alina Popescu", Role::Receptionist, "millburn-surgery", "Receptionist"),
    ("fraser-abercrombie", "Fraser Abercrombie", Role::SocialWorker, "northburn-adults", "Social worker"),
    ("margaret-haining", "Margaret Haining", Role::SocialWorker, "northburn-adults", "Team manager and council officer"),
    ("nkechi-obi", "Nkechi Obi", Role::SocialWorker, "northburn-children", "Social worker"),
    ("tariq-nawaz", "Tariq Nawaz", Role::DutySocialWorker, "out-of-hours-social-work", "Out-of-hours social worker"),
    ("eilidh-crombie", "Eilidh Crombie", Role::SocialWorker, "southbrae-adults", "Social worker"),
    ("gurpreet-bains", "Gurpreet Bains", Role::SocialWorker, "southbrae-children", "Social worker"),
    ("derek-muirhead", "Derek Muirhead", Role::HousingOfficer, "northburn-tenancies", "Housing officer"),
    ("shona-pirie", "Shona Pirie", Role::HousingOfficer, "northburn-adaptations", "Adaptations officer"),
    ("grace-addo", "Grace Addo", Role::CareHomeManager, "braeside-staff", "Manager"),
    ("tomasz-wilk", "Tomasz Wilk", Role::CareWorker, "braeside-staff", "Senior carer"),
    ("stuart-leckie", "Stuart Leckie", Role::PoliceOfficer, "public-protection-hub", "Constable"),
    ("alison-reekie", "Alison Reekie", Role::PoliceOfficer, "public-protection-hub", "Detective sergeant"),
    ("doreen-kidd", "Doreen Kidd", Role::CareWorker, "carewell-northburn", "Co-ordinator"),
    ("sorcha-breen", "Sorcha Breen", Role::Advocate, "heatherbank-advocates", "Independent advocate"),
    ("moira-geddes", "Moira Geddes", Role::SocialWorker, "northburn-rights", "Information rights officer"),
    ("callum-tait", "Callum Tait", Role::HousingOfficer, "northburn-housing-rights", "Information rights officer"),
];

/// The agencies.
pub(super) fn organisations() -> Vec<Organisation> {
    ORGANISATIONS
        .iter()
        .map(|(id, name, kind, phone)| Organisation {
            id: (*id).into(),
            name: (*name).to_owned(),
            kind: *kind,
            phone: (*phone).to_owned(),
        })
        .collect()
}

/// The teams.
pub(super) fn teams() -> Vec<Team> {
    TEAMS
        .iter()
        .zip(100..)
        .map(|((organisation, id, name), line)| Team {
            id: (*id).into(),
            organisation: (*organisation).into(),
            name: (*name).to_owned(),
            phone: format!("01632 960 {line}"),
            remits: remit(id).into_iter().collect(),
        })
        .collect()
}

/// What the teams are for.
fn remit(team: &str) -> Option<Remit> {
    match team {
        "northburn-adults" | "southbrae-adults" => Some(Remit::Adults),
        "northburn-children" | "southbrae-children" => Some(Remit::Children),
        "northburn-rights" | "northburn-housing-rights" | "privacy-office" => {
            Some(Remit::InformationRights)
        }
        _ => None,
    }
}

/// Who answers at night: one desk for both councils, and a consultant for the hospital.
pub(super) fn duties() -> Vec<Duty> {
    let out_of_hours = |serves: &str| Duty {
        serves: serves.into(),
        team: "out-of-hours-social-work".into(),
        name: "out-of-hours social work".to_owned(),
        phone: "01632 960 190".to_owned(),
        from_minute: 17 * 60,
        to_minute: 8 * 60 + 45,
    };
    vec![
        out_of_hours("northburn-social-work"),
        out_of_hours("southbrae-social-work"),
        Duty {
            serves: "hospital".into(),
            team: "emergency-department".into(),
            name: "consultant on call".to_owned(),
            phone: "01632 960 191".to_owned(),
            from_minute: 18 * 60,
            to_minute: 8 * 60,
        },
    ]
}

/// The staff, then one record system for each agency.
pub(super) fn workers() -> Vec<Worker> {
    let staff = STAFF.iter().zip(200..).map(|(post, line)| {
        let (id, name, role, team, _) = *post;
        Worker {
            id: id.into(),
            name: name.to_owned(),
            role,
            organisation: employer(team).into(),
            team: is_team(team).then(|| team.into()),
            phone: format!("01632 960 {line}"),
            until: None,
        }
    });
    let systems = ORGANISATIONS.iter().map(|(id, name, _, phone)| Worker {
        id: record_system(id).as_str().into(),
        name: format!("{name} records"),
        role: Role::System,
        organisation: (*id).into(),
        team: None,
        phone: (*phone).to_owned(),
        until: None,
    });
    staff.chain(systems).collect()
}

/// The job title that an agency prints on a worker's badge, which is narrower than their role.
pub(super) fn job_title(worker: &str) -> &'static str {
    STAFF
        .iter()
        .find(|(id, ..)| *id == worker)
        .map_or("Record system", |(.., title)| title)
}

/// The id of an agency's record system in the directory.
pub(super) fn record_system(organisation: &str) -> String {
    format!("{organisation}-records")
}

fn is_team(id: &str) -> bool {
    TEAMS.iter().any(|(_, team, _)| *team == id)
}

/// The agency that a team belongs to; a post may also name its agency alone.
fn employer(team: &'static str) -> &'static str {
    TEAMS
        .iter()
        .find(|(_, id, _)| *id == team)
        .map_or(team, |(organisation, ..)| organisation)
}
