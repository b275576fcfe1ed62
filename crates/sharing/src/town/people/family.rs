//! A child protection message and those it touches: the child, a half-sister in the other council,
//! the mother, her partner, and the grandmother for whom he cares.

use super::everyday::{asthma, eczema, first_observations, worn_knees, yearly_check};
use crate::town::builder::{Builder, Person, Sex, Who};
use crate::town::chart::Registered;
use crate::town::codes;

const HOUSE: &str = "47 Miners Row, Northburn, NB2 7QR";

pub(super) fn settle(town: &mut Builder) {
    corey(town);
    shannon(town);
    leanne(town);
    barry(town);
    senga(town);
}

/// On the register; seen in the emergency department on Friday night, with the duty desk involved.
fn corey(town: &mut Builder) {
    let corey = town.person(Who {
        key: "corey-lamont",
        name: "Corey Lamont",
        born: "2022-08-14",
        sex: Sex::Male,
        situation: "4, child protection message in force at Northburn; his records must not say more than ring this number",
        home: "northburn-social-work",
        practice: "braehead-practice",
        address: HOUSE,
        ..Who::default()
    });
    let mut gp = town.chart(&corey, "braehead-practice");
    gp.by("catherine-rattray", "2026-12-16 11:40");
    eczema(&mut gp, "2023");
    gp.vaccine(codes::MMR_VACCINE);
    gp.closely(&["R", "CP"]).flag("child-protection", "Child protection message: ring Northburn children and families, 01632 960 115; at night 01632 960 190");
    gp.note("Consultation", "With his mother and a BSL interpreter. Skin better. Bruise on the shin, as of any child of four.");

    let mut emergency = town.chart(&corey, "hospital");
    emergency.by("maggie-torrance", "2027-01-08 23:50");
    let visit = ("2027-01-08 23:31", "2027-01-09 01:15");
    first_observations(&mut emergency, 37.1, 99.0, 110.0);
    emergency.by("aniket-deshpande", "2027-01-09 01:15");
    let visit = emergency.seen(
        "emergency-department",
        "aniket-deshpande",
        visit,
        codes::CONCUSSION,
    );
    emergency.closely(&["R", "CP"]).note_of(
        &visit,
        "Emergency note",
        "Fell from a sofa, as told by his mother's partner, who smelt of alcohol. Child protection \
         look-up made; out-of-hours social work rung at 23:55. Home with his mother.",
    );

    let mut council = town.chart(&corey, "northburn-social-work");
    council.by("nkechi-obi", "2026-12-15 16:00");
    council.closely(&["R", "CP"]).episode(
        "caseload",
        "northburn-children",
        "nkechi-obi",
        "2026-12-15",
    );
    council.closely(&["R", "CP"]).flag("child-protection", "Child protection message in force since 15 December; ring the team, at night the duty desk");
    council.closely(&["R", "CP"]).plan(
        "Child protection plan",
        "Corey is safe at home with visits.",
        &["Visit twice a week", "Nursery five mornings"],
    );
    council.by("tariq-nawaz", "2027-01-08 23:58");
    council.closely(&["R", "CP"]).episode(
        "duty",
        "out-of-hours-social-work",
        "tariq-nawaz",
        "2027-01-08",
    );
    council.closely(&["R", "CP"]).note(
        "Out-of-hours contact",
        "Emergency department rang. Spoke with Leanne through video relay. Agreed that Barry stays \
         at his mother's until Monday. Day team to visit.",
    );

    let mut police = town.chart(&corey, "police-public-protection");
    police.by("stuart-leckie", "2027-01-08 23:40");
    police.closely(&["V", "CP", "POL"]).note(
        "Concern report",
        "Called to a disturbance. Adults Leanne Lamont and Barry Greig; child Corey. A second child \
         spoken of may be Shannon, who lives in Southbrae.",
    );
}

/// Linked: her workers may know that there is a connected child, and no more.
fn shannon(town: &mut Builder) {
    let shannon = town.person(Who {
        key: "shannon-greig",
        name: "Shannon Greig",
        born: "2017-05-30",
        situation: "9, Corey Lamont's half-sister in Southbrae; carries a linked-child message that does not name him",
        home: "southbrae-social-work",
        practice: "millburn-practice",
        address: "15 Fairway View, Southbrae, SB3 4GT",
        ..Who::default()
    });
    let mut gp = town.chart(&shannon, "millburn-practice");
    gp.by("sunita-krishnan", "2026-12-17 15:30");
    gp.vaccine(codes::INFLUENZA_VACCINE);
    gp.vaccine(codes::MMR_VACCINE);
    asthma(&mut gp, "2024");
    gp.measure(codes::BODY_WEIGHT, 29.8, "kg", "kg");
    gp.note(
        "Consultation",
        "Tummy ache on school mornings. Lives with her mother's sister.",
    );
    linked(
        town,
        &shannon,
        "southbrae-social-work",
        "gurpreet-bains",
        "linked-child",
    );
}

/// Deaf, and a mother: what she is told, she is told in her language.
fn leanne(town: &mut Builder) {
    let leanne = town.person(Who {
        key: "leanne-lamont",
        name: "Leanne Lamont",
        born: "1996-11-03",
        situation: "30, Deaf, uses British Sign Language; Corey Lamont's mother",
        home: "braehead-practice",
        practice: "braehead-practice",
        address: HOUSE,
        signs_in: true,
        ..Who::default()
    });
    let signs = || Registered::speaking("bfi", "British Sign Language");
    let mut gp = town.chart_as(&leanne, "braehead-practice", signs());
    gp.by("catherine-rattray", "2026-12-16 12:00");
    gp.flag(
        "communication",
        "BSL interpreter needed: video relay, or text",
    );
    gp.problem(codes::HEARING_LOSS, "1996");
    gp.problem(codes::DEPRESSION, "2022-10");
    gp.medicine(
        codes::SERTRALINE,
        "Sertraline 50 mg tablets",
        "One each morning",
    );
    gp.score(codes::PHQ9_TOTAL, 12);
    gp.closely(&["R", "MH"]).note(
        "Consultation",
        "Low since the autumn. Partner drinks again. Says that she is not afraid of him.",
    );

    let mut council = town.chart_as(&leanne, "northburn-social-work", signs());
    council.by("nkechi-obi", "2026-12-15 16:30");
    council.flag(
        "communication",
        "BSL interpreter needed: video relay, or text",
    );
    council.closely(&["R", "CP"]).care_team(
        "Corey's core group",
        "2026-12-15",
        &[("nkechi-obi", "lead professional")],
    );
    council.closely(&["R", "CP"]).note(
        "Told in BSL",
        "Told on 16 December, with interpreter, what is held about Corey and who sees it.",
    );
}

/// A patient of the recovery service: his worker is told that there is a child, not which.
fn barry(town: &mut Builder) {
    let barry = town.person(Who {
        key: "barry-greig",
        name: "Barry Greig",
        born: "1990-02-19",
        sex: Sex::Male,
        situation: "36, Leanne Lamont's partner, in treatment for alcohol; carries a linked-adult message that he may not see while it stands",
        home: "hospital",
        practice: "braehead-practice",
        address: HOUSE,
        signs_in: true,
        ..Who::default()
    });
    let mut gp = town.chart(&barry, "braehead-practice");
    gp.by("imran-yousaf", "2026-08-27 11:00");
    gp.problem(codes::ALCOHOL_DEPENDENCE, "2016");
    gp.problem(codes::SEIZURE_DISORDER, "2022");
    gp.medicine(
        codes::LEVETIRACETAM,
        "Levetiracetam 500 mg tablets",
        "One twice a day",
    );
    yearly_check(&mut gp, 71.0, (134.0, 86.0));
    let mut service = town.chart(&barry, "hospital");
    service.by("obinna-chukwu", "2026-12-18 15:00");
    service.closely(&["R", "SUD"]).episode(
        "caseload",
        "recovery-service",
        "obinna-chukwu",
        "2026-06-22",
    );
    let visit = ("2026-12-18 14:20", "2026-12-18 15:00");
    let visit = service.seen(
        "recovery-service",
        "obinna-chukwu",
        visit,
        codes::ALCOHOL_DEPENDENCE,
    );
    service.note_of(
        &visit,
        "Key-work session",
        "Six weeks without drink, then two bad days. Goes to his mother Senga every morning.",
    );
    service.closely(&["V", "CP"]).flag("linked-adult", "Linked to a child with protection activity; ring Northburn children and families, 01632 960 115");
}

/// Cared for by him; her homecare is told only what changes the visits.
fn senga(town: &mut Builder) {
    let senga = town.person(Who {
        key: "senga-greig",
        name: "Senga Greig",
        born: "1953-03-18",
        situation: "73, cared for by her son Barry and by Carewell; her record says what changes her visits, nothing of the child",
        home: "northburn-social-work",
        practice: "braehead-practice",
        address: "20 Miners Row, Northburn, NB2 7QR",
        signs_in: true,
        ..Who::default()
    });
    let mut gp = town.chart(&senga, "braehead-practice");
    gp.by("catherine-rattray", "2026-10-29 14:20");
    gp.problem(codes::COPD, "2015");
    gp.medicine(
        codes::SALBUTAMOL,
        "Salbutamol 100 micrograms/dose inhaler",
        "Two puffs when breathless",
    );
    worn_knees(&mut gp, "2011");
    yearly_check(&mut gp, 58.8, (128.0, 74.0));
    let mut council = town.chart(&senga, "northburn-social-work");
    council.by("fraser-abercrombie", "2026-12-08 12:00");
    council.episode(
        "caseload",
        "northburn-adults",
        "fraser-abercrombie",
        "2025-09-01",
    );
    let son = council.relative("Barry Greig", &[("SON", "natural son")], "07700 900 815");
    council.care_team(
        "Support at home",
        "2025-09-01",
        &[
            ("fraser-abercrombie", "named social worker"),
            (&son, "son and carer"),
        ],
    );
    let mut homecare = town.chart(&senga, "carewell-homecare");
    homecare.by("doreen-kidd", "2027-01-09 09:15");
    homecare.episode(
        "caseload",
        "carewell-northburn",
        "doreen-kidd",
        "2025-09-15",
    );
    homecare.plan(
        "Visits",
        "08:45 and 18:30, one carer.",
        &["Inhaler prompted", "Evening meal"],
    );
    homecare.message(
        "northburn-social-work",
        "Mrs Greig's son is staying with her until Monday. Visits go on as before.",
    );
}

fn linked(town: &mut Builder, person: &Person, council: &'static str, worker: &str, kind: &str) {
    let mut chart = town.chart(person, council);
    chart.by(worker, "2026-12-16 09:30");
    chart
        .closely(&["R", "CP"])
        .episode("caseload", "southbrae-children", worker, "2026-12-16");
    chart.closely(&["V", "CP"]).flag(kind, "Linked to a child with current protection activity; ring Northburn children and families, 01632 960 115");
    chart.closely(&["R", "CP"]).note(
        "Visit to school",
        "Well in class. Misses her half-brother. Asked who else knows that she was seen.",
    );
}
