//! The whole table of role, purpose and category, kept beside the tests so that a change of policy
//! shows what it changes. To accept a change: `UPDATE_TABLE=1 cargo test -p policy table`.

use std::fmt::Write;

use domain::{
    Category, ClassId, Confidentiality, OrganisationKind, Purpose, RelationshipKind, Role,
};
use policy::Decision;

use crate::people::{Record, empty_record, worker};

/// Each role where it usually works, and the event that usually brings it to someone.
const USUAL: &[(Role, OrganisationKind, RelationshipKind)] = &[
    (
        Role::Doctor,
        OrganisationKind::Hospital,
        RelationshipKind::Admission,
    ),
    (
        Role::Nurse,
        OrganisationKind::Hospital,
        RelationshipKind::Admission,
    ),
    (
        Role::Pharmacist,
        OrganisationKind::Hospital,
        RelationshipKind::Admission,
    ),
    (
        Role::Therapist,
        OrganisationKind::CommunityHealth,
        RelationshipKind::Referral,
    ),
    (
        Role::AddictionWorker,
        OrganisationKind::CommunityHealth,
        RelationshipKind::Caseload,
    ),
    (
        Role::Receptionist,
        OrganisationKind::GpPractice,
        RelationshipKind::Registration,
    ),
    (
        Role::SocialWorker,
        OrganisationKind::SocialWork,
        RelationshipKind::Caseload,
    ),
    (
        Role::DutySocialWorker,
        OrganisationKind::SocialWork,
        RelationshipKind::Duty,
    ),
    (
        Role::OccupationalTherapist,
        OrganisationKind::CommunityHealth,
        RelationshipKind::Caseload,
    ),
    (
        Role::HousingOfficer,
        OrganisationKind::Housing,
        RelationshipKind::Tenancy,
    ),
    (
        Role::CareHomeManager,
        OrganisationKind::CareHome,
        RelationshipKind::Residence,
    ),
    (
        Role::CareWorker,
        OrganisationKind::Homecare,
        RelationshipKind::Referral,
    ),
    (
        Role::PoliceOfficer,
        OrganisationKind::Police,
        RelationshipKind::Referral,
    ),
    (
        Role::Advocate,
        OrganisationKind::Advocacy,
        RelationshipKind::Referral,
    ),
    (
        Role::Teacher,
        OrganisationKind::Education,
        RelationshipKind::CareTeam,
    ),
    (
        Role::PrivacyOfficer,
        OrganisationKind::Hospital,
        RelationshipKind::Admission,
    ),
    (
        Role::System,
        OrganisationKind::Hospital,
        RelationshipKind::Admission,
    ),
];

#[test]
fn the_table_of_decisions_is_the_one_that_was_agreed() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/decision_table.txt");
    let table = table();
    if std::env::var_os("UPDATE_TABLE").is_some() {
        std::fs::write(path, &table).expect("the table can be written");
    }
    let agreed = std::fs::read_to_string(path).unwrap_or_default();
    for (number, (now, before)) in table.lines().zip(agreed.lines()).enumerate() {
        assert_eq!(now, before, "line {} of {path}", number + 1);
    }
    assert_eq!(
        table.lines().count(),
        agreed.lines().count(),
        "lines of {path}"
    );
}

fn table() -> String {
    let mut table = String::from(LEGEND);
    for (role, kind, relationship) in USUAL {
        let (role_words, kind_code) = (role.words(), kind.code());
        let because = relationship.code();
        writeln!(table, "\n{role_words} at {kind_code}, by {because}").expect("a string");
        writeln!(table, "{:<105}for", heading()).expect("a string");
        for (row, purposes) in rows(*role, *kind, *relationship) {
            writeln!(table, "{row:<105}{}", purposes.join(" ")).expect("a string");
        }
    }
    table
}

const LEGEND: &str = "\
Ordinary information (N) held by another agency: who sees which category, for which purpose, where
an event proves that they are involved.

+ shown   . not shown, more than necessary   > its holder decides   R0n refused as a whole
";

fn heading() -> String {
    Category::ALL
        .iter()
        .map(|category| category.code().get(..4).expect("four letters"))
        .collect::<Vec<_>>()
        .join(" ")
}

/// The different rows, each with the purposes for which it holds, in the order of the purposes.
fn rows(
    role: Role,
    kind: OrganisationKind,
    relationship: RelationshipKind,
) -> Vec<(String, Vec<&'static str>)> {
    let mut rows: Vec<(String, Vec<&'static str>)> = Vec::new();
    for purpose in Purpose::ALL {
        let row = row(role, kind, relationship, *purpose);
        match rows.iter_mut().find(|(known, _)| *known == row) {
            Some((_, purposes)) => purposes.push(purpose.code()),
            None => rows.push((row, vec![purpose.code()])),
        }
    }
    rows
}

fn row(
    role: Role,
    kind: OrganisationKind,
    relationship: RelationshipKind,
    purpose: Purpose,
) -> String {
    let asks = worker("Ada", role, "theirs", kind);
    let asks = if purpose.is_a(Purpose::Emergency) {
        asks.saying("life and limb")
    } else {
        asks
    };
    let decision = asks.asks(purpose, &record(relationship));
    if decision.outcomes.is_empty() {
        let grounds: Vec<_> = decision
            .grounds
            .iter()
            .map(|ground| ground.code())
            .collect();
        return grounds.join(" ");
    }
    let marks: Vec<_> = (1..)
        .zip(Category::ALL)
        .map(|(number, _)| format!("{:<4}", mark(&decision, ClassId(number))))
        .collect();
    marks.join(" ").trim_end().to_owned()
}

fn mark(decision: &Decision, class: ClassId) -> &'static str {
    let outcome = decision
        .outcomes
        .iter()
        .find(|outcome| outcome.class == class)
        .expect("every class has an outcome");
    match outcome.ground {
        None => "+",
        Some(policy::Ground::OriginatorControl) => ">",
        Some(policy::Ground::MoreThanNecessary) => ".",
        Some(ground) => ground.code(),
    }
}

fn record(relationship: RelationshipKind) -> Record {
    Category::ALL
        .iter()
        .fold(empty_record(), |record, category| {
            record.holding("another", *category, Confidentiality::Normal, &[])
        })
        .related(relationship, "theirs")
}
