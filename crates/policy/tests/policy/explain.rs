//! What each party reads, word for word.

use domain::{
    Category, Confidentiality, OrganisationId, Purpose, RelationshipKind, Sensitivity, Timestamp,
};
use policy::explain::{Explanation, Line, Names, explain, sentence};

use crate::people::*;

struct Lanarkshire;

impl Names for Lanarkshire {
    fn organisation(&self, id: &OrganisationId) -> String {
        match id.as_str() {
            "northburn-social-work" => "Northburn Council",
            "northburn-housing" => "Northburn Council Housing",
            "practice" => "Dr Lockhart's practice",
            "hospital" => "Clydevale Hospital",
            "recovery-trust" => "Clydevale Recovery Service",
            other => other,
        }
        .to_owned()
    }

    fn when(&self, at: Timestamp) -> String {
        if at == now() {
            "11 January 2027 at 10:00".to_owned()
        } else {
            "11 January 2027 at 09:00".to_owned()
        }
    }
}

fn explained(asks: &Asks, purpose: Purpose, record: &Record) -> Explanation {
    let request = asks.request(purpose);
    let decision = asks.asks(purpose, record);
    explain(&decision, &request, &Lanarkshire)
}

#[test]
fn a_sharing_in_three_voices() {
    let record = empty_record()
        .holding(
            "practice",
            Category::CarePlans,
            Confidentiality::Normal,
            &[],
        )
        .holding("practice", Category::Contact, Confidentiality::Normal, &[])
        .holding(
            "practice",
            Category::Documents,
            Confidentiality::Normal,
            &[],
        )
        .related(RelationshipKind::Caseload, "northburn-social-work");
    let said = explained(&pauline_social_worker(), Purpose::Assessment, &record);
    assert_eq!(
        said.practitioner,
        "You, Pauline Heggie, social worker at Northburn Council, may see the person's address and \
         care plans on 11 January 2027 at 10:00, for assessing care needs, because the person is \
         on the caseload since 11 January 2027 at 09:00; not shown: notes and letters held by \
         Dr Lockhart's practice, because it is more than this purpose needs."
    );
    assert_eq!(
        said.person,
        "Pauline Heggie, social worker at Northburn Council, could see your address and care \
         plans on 11 January 2027 at 10:00, for assessing care needs, because you are on the \
         caseload since 11 January 2027 at 09:00; not shown: notes and letters held by \
         Dr Lockhart's practice, because it is more than this purpose needs."
    );
    let auditor: Vec<_> = said.auditor.lines().collect();
    assert_eq!(
        auditor[0],
        "11 January 2027 at 10:00: PERMIT_PART to Pauline Heggie, social worker at Northburn \
         Council (assurance substantial) for SC-ASSESS, because caseload"
    );
    assert_eq!(auditor[1], "grounds: R12");
    assert!(auditor[2].starts_with("basis: A-e, B-h, C-imp (UK GDPR"));
    assert_eq!(
        auditor[3],
        "gates: Local admits (care); Defaults admits (holders)"
    );
    assert_eq!(auditor[4], "classes: 2 of 3 open");
    assert_eq!(auditor[5], "  class 1 open by social-work-care");
    assert_eq!(auditor[7], "  class 3 not open, R12 at Local");
    assert!(auditor[8].starts_with("rules candour-rules/7, policy "));
}

#[test]
fn a_refusal_says_what_would_change_it() {
    let said = explained(
        &gregor_housing_officer(),
        Purpose::HousingAdaptation,
        &ordinary_record(),
    );
    assert_eq!(
        said.practitioner,
        "On 11 January 2027 at 10:00, what you asked, for adapting a home, was refused: nothing shows \
         that you are involved in this person's care; what would change it: a tenancy is \
         recorded, or the person is referred to the service."
    );
    assert_eq!(
        said.person,
        "Gregor Tulloch, housing officer at Northburn Council Housing, asked for your record on \
         11 January 2027 at 10:00, for adapting a home, and was refused: nothing shows any \
         involvement in your care."
    );
}

#[test]
fn a_referral_names_who_decides_and_by_when() {
    let record = empty_record().holding(
        "hospital",
        Category::Documents,
        Confidentiality::Normal,
        &[],
    );
    let said = explained(&bilal_out_of_hours(), Purpose::ChildConcern, &record);
    assert_eq!(
        said.practitioner,
        "On 11 January 2027 at 10:00, what you asked, for a child protection concern, went to \
         Clydevale Hospital, to be decided within 1 hour; what is missing is the holder's decision \
         that protecting this person needs it."
    );
    assert_eq!(
        said.person,
        "Bilal Hussain, duty social worker at Northburn Council, asked for your record on \
         11 January 2027 at 10:00, for a child protection concern, which was sent to Clydevale \
         Hospital, to be decided within 1 hour."
    );
}

#[test]
fn a_hidden_refusal_reads_like_nobody() {
    let record = ordinary_record().barring(&sadia_ward_nurse());
    let said = explained(&sadia_ward_nurse(), Purpose::Treatment, &record);
    assert_eq!(
        said.practitioner,
        "Nobody is found whom you may know of here."
    );
    assert_eq!(
        said.person,
        "Sadia Mirza, nurse at Clydevale Hospital, asked for your record on 11 January 2027 at \
         10:00, for care and treatment, and was refused: the law or an order forbids it."
    );
}

#[test]
fn an_emergency_says_what_follows() {
    let record = empty_record()
        .holding(
            "recovery-trust",
            Category::Medicines,
            Confidentiality::Restricted,
            &[Sensitivity::SubstanceUse],
        )
        .locking(resource(1), "recovery-trust", domain::ClassId(1));
    let said = explained(&dr_rao().saying("unconscious"), Purpose::Emergency, &record);
    assert_eq!(
        said.practitioner,
        "You, Dr Priyanka Rao, doctor at Clydevale Hospital, may see the person's medicines on \
         11 January 2027 at 10:00, for emergency treatment, because it is an emergency; not shown: \
         something held by Clydevale Recovery Service, because it is locked and only the team that \
         holds it can open it; this is reviewed within 72 hours, the person is told and a medicine \
         is not shown: ring before prescribing or giving any."
    );
}

#[test]
fn the_persons_own_look_is_addressed_to_them() {
    let request = person(ISHBEL, Purpose::PersonRequest);
    let record =
        empty_record().holding("hospital", Category::Results, Confidentiality::Normal, &[]);
    let decision = policy::decide(&request, &record.facts, policies(), now());
    assert_eq!(
        explain(&decision, &request, &Lanarkshire).person,
        "You could see your tests and results on 11 January 2027 at 10:00, for your own request, \
         because it is your own record."
    );
}

fn line() -> Line {
    Line {
        what: vec!["care-plans".to_owned(), "contact".to_owned()],
        name: "Pauline Heggie".to_owned(),
        role: "social-worker".to_owned(),
        organisation: "Northburn Council".to_owned(),
        told: String::new(),
        when: "11 January 2027 at 10:00".to_owned(),
        purpose: "SC-ASSESS".to_owned(),
        answer: "PERMIT".to_owned(),
        grounds: Vec::new(),
        channel: "view".to_owned(),
        because: "caseload".to_owned(),
    }
}

#[test]
fn a_line_of_the_account() {
    assert_eq!(
        sentence(&line()),
        "Pauline Heggie, social worker at Northburn Council, read your care plans and address on \
         11 January 2027 at 10:00, for assessing care needs, because you are on the caseload."
    );
}

#[test]
fn a_refusal_in_the_account() {
    let refused = Line {
        what: Vec::new(),
        name: "Gregor Tulloch".to_owned(),
        role: "housing-officer".to_owned(),
        organisation: "Northburn Council Housing".to_owned(),
        purpose: "HOUSING-ADAPT".to_owned(),
        answer: "DENY".to_owned(),
        grounds: vec!["R02".to_owned()],
        because: String::new(),
        ..line()
    };
    assert_eq!(
        sentence(&refused),
        "Gregor Tulloch, housing officer at Northburn Council Housing, asked for your record on \
         11 January 2027 at 10:00, for adapting a home, and was refused: nothing shows any \
         involvement in your care."
    );
}

#[test]
fn a_call_a_search_a_part_and_a_code_from_a_later_version() {
    let called = Line {
        told: "Lorna Drummond".to_owned(),
        channel: "phone".to_owned(),
        answer: String::new(),
        ..line()
    };
    assert_eq!(
        sentence(&called),
        "Pauline Heggie, social worker at Northburn Council, told Lorna Drummond your care plans \
         and address by telephone on 11 January 2027 at 10:00, for assessing care needs, because \
         you are on the caseload."
    );
    let part = Line {
        answer: "PERMIT_PART".to_owned(),
        grounds: vec!["R05".to_owned(), "R12".to_owned()],
        channel: "search".to_owned(),
        because: String::new(),
        what: vec!["demographics".to_owned(), "dental".to_owned()],
        ..line()
    };
    assert_eq!(
        sentence(&part),
        "Pauline Heggie, social worker at Northburn Council, looked for you and saw your name and \
         birth date and dental on 11 January 2027 at 10:00, for assessing care needs; the rest \
         was not shared: you have said no to this and it is more than this purpose needs."
    );
}
