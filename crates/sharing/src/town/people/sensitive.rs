//! What the record holds closely: a locked note about substance use, a sexual-health episode,
//! a former name.

use super::everyday::{
    asthma, eczema, first_observations, hay_fever, migraine, thyroid, yearly_check,
};
use crate::town::Restriction;
use crate::town::builder::{Builder, Sex, Who};
use crate::town::codes;

pub(super) fn settle(town: &mut Builder) {
    struan(town);
    blessing(town);
    robin(town);
}

/// One note of the recovery service opens to nobody else, not even in an emergency.
fn struan(town: &mut Builder) {
    let struan = town.person(Who {
        key: "struan-petrie",
        name: "Struan Petrie",
        born: "1992-01-15",
        sex: Sex::Male,
        situation: "34, on methadone; one note of the recovery service is locked and opens to nobody else",
        home: "hospital",
        practice: "braehead-practice",
        address: "70 Canal Row, Northburn, NB2 3GL",
        signs_in: true,
        ..Who::default()
    });

    let mut gp = town.chart(&struan, "braehead-practice");
    gp.by("imran-yousaf", "2026-11-18 16:40");
    gp.problem(codes::OPIOID_DEPENDENCE, "2019");
    eczema(&mut gp, "1996");
    gp.past_problem(codes::CONCUSSION, "2023-07-02", "2023-07-20");
    gp.letter(
        codes::CONSULT_NOTE,
        "Letter from the recovery service",
        "Mr Petrie collects methadone 60 mg daily, supervised, and has not used heroin since May. \
         Please do not prescribe sedatives.",
    );
    yearly_check(&mut gp, 68.0, (118.0, 74.0));

    let mut service = town.chart(&struan, "hospital");
    service.by("obinna-chukwu", "2026-12-22 11:30");
    service.closely(&["R", "SUD"]).episode(
        "caseload",
        "recovery-service",
        "obinna-chukwu",
        "2024-02-05",
    );
    service.medicine(
        codes::METHADONE,
        "Methadone 1 mg/mL oral solution",
        "60 mL daily, supervised",
    );
    let visit = ("2026-12-22 11:00", "2026-12-22 11:30");
    let visit = service.seen(
        "recovery-service",
        "obinna-chukwu",
        visit,
        codes::OPIOID_DEPENDENCE,
    );
    service.note_of(
        &visit,
        "Key-work session",
        "Steady. Working two days at the garage. Wants to cut down by spring.",
    );
    let locked = service.closely(&["V", "SUD"]).note(
        "Disclosure in session",
        "Told me, and asked that it go no further, that he used once on his mother's anniversary \
         and who was with him. Locked at his request.",
    );
    service.allergy(codes::DOXYCYCLINE, "Burning rash in the sun", false);

    town.restrict(Restriction::Lock {
        by: "hospital".into(),
        resource_type: "DocumentReference".to_owned(),
        local_id: locked.trim_start_matches("DocumentReference/").to_owned(),
    });
}

/// A sexual-health episode that her practice does not know about.
fn blessing(town: &mut Builder) {
    let blessing = town.person(Who {
        key: "blessing-mensah",
        name: "Blessing Mensah",
        born: "1999-05-08",
        situation: "27, treated at the sexual health clinic, which her practice has not been told",
        home: "braehead-practice",
        practice: "braehead-practice",
        address: "18 Bleachfield, Northburn, NB1 3UD",
        signs_in: true,
        ..Who::default()
    });

    let mut gp = town.chart(&blessing, "braehead-practice");
    gp.by("catherine-rattray", "2026-07-14 08:50");
    migraine(&mut gp, "2015");
    hay_fever(&mut gp, "2008");
    gp.allergy(codes::PEANUT_ALLERGY, "Anaphylaxis at school", true);
    yearly_check(&mut gp, 61.3, (112.0, 70.0));

    let mut clinic = town.chart(&blessing, "hospital");
    clinic.by("lindiwe-dube", "2026-12-08 17:20");
    let visit = ("2026-12-08 17:00", "2026-12-08 17:20");
    let visit = clinic.seen("sexual-health", "lindiwe-dube", visit, codes::CHLAMYDIA);
    clinic.problem(codes::CHLAMYDIA, "2026-12-08");
    clinic.closely(&["R", "STD"]).medicine(
        codes::DOXYCYCLINE,
        "Doxycycline 100 mg capsules",
        "One twice a day for 7 days",
    );
    clinic.note_of(
        &visit,
        "Sexual health clinic note",
        "Chlamydia found on the swab. Treated. Partner to be told by text without her name. \
         She does not want her practice to be told.",
    );
}

/// Her number and name of before are not to be used, shown or mentioned: the registers hold the
/// present ones only, and what a letter says of the past is held closely.
fn robin(town: &mut Builder) {
    let robin = town.person(Who {
        key: "robin-abernethy",
        name: "Robin Abernethy",
        born: "1978-02-08",
        situation: "48, lives as a woman since 2019 under a new CHI number; the change itself is held closely",
        home: "millburn-practice",
        practice: "millburn-practice",
        address: "21 Wharf Place, Southbrae, SB1 2PR",
        signs_in: true,
        ..Who::default()
    });
    let mut gp = town.chart(&robin, "millburn-practice");
    gp.by("hamish-colquhoun", "2026-11-03 09:00");
    asthma(&mut gp, "1988");
    thyroid(&mut gp, "2020");
    gp.closely(&["R", "GENDER"])
        .problem(codes::GENDER_DYSPHORIA, "2017");
    gp.closely(&["R", "GENDER"]).letter(
        codes::CONSULT_NOTE,
        "Letter from the gender identity clinic",
        "Discharged to her practice after treatment. Hormone levels once a year. Nobody who does \
         not treat her for this needs to know of it.",
    );
    yearly_check(&mut gp, 75.1, (120.0, 78.0));
    let mut hospital = town.chart(&robin, "hospital");
    hospital.by("maggie-torrance", "2026-12-27 02:40");
    let visit = ("2026-12-27 01:20", "2026-12-27 02:40");
    hospital.seen(
        "emergency-department",
        "aniket-deshpande",
        visit,
        codes::ASTHMA,
    );
    first_observations(&mut hospital, 36.8, 94.0, 108.0);
}
