//! Whom the wrong reader must not find: a woman whose former partner works at the hospital, and a
//! man who does not want the council to know about his mental health.

use super::everyday::{asthma, first_observations, high_blood_pressure, yearly_check};
use crate::town::Restriction;
use crate::town::builder::{Builder, Sex, Who};
use crate::town::chart::Registered;
use crate::town::codes;

pub(super) fn settle(town: &mut Builder) {
    iona(town);
    fergus(town);
}

/// Her address is hidden, and Kenneth Purdie, bank nurse, may never see that she exists.
fn iona(town: &mut Builder) {
    let iona = town.person(Who {
        key: "iona-dalgleish",
        name: "Iona Dalgleish",
        born: "1995-09-13",
        situation: "31, lives at a hidden address; has barred her former partner Kenneth Purdie, a bank nurse at the hospital",
        home: "millburn-practice",
        practice: "millburn-practice",
        address: "Flat 2, 9 Quay Street, Southbrae, SB1 8YN",
        signs_in: true,
        ..Who::default()
    });
    let hidden = || Registered {
        address: Some("9 Quay Street Flat 2, Southbrae, SB1 8YN"),
        closely: &["V", "LOCIS"],
        ..Registered::default()
    };

    let mut gp = town.chart_as(&iona, "millburn-practice", hidden());
    gp.by("sunita-krishnan", "2026-12-02 11:30");
    gp.flag(
        "safety",
        "Do not give address, telephone or appointments to any caller. Nothing by post.",
    );
    asthma(&mut gp, "2004");
    gp.allergy(codes::PENICILLIN_ALLERGY, "Swollen lips", true);
    gp.closely(&["R", "SDV"])
        .problem(codes::PARTNER_ABUSE, "2024-11");
    gp.problem(codes::PTSD, "2025-03");
    gp.medicine(
        codes::SERTRALINE,
        "Sertraline 100 mg tablets",
        "One each morning",
    );
    gp.closely(&["V", "SDV", "LOCIS"]).letter(
        codes::NOTE,
        "Safety plan",
        "Left her partner in November 2024 after he broke her wrist. He works at the hospital. \
         Safe way to reach her: text her friend Morna. Never ring, never write, never leave a \
         message at work.",
    );
    gp.closely(&["R"]).relative(
        "Morna Jardine",
        &[("FRND", "unrelated friend")],
        "07700 900 807",
    );

    let mut clinic = town.chart_as(&iona, "hospital", hidden());
    clinic.by("wiktoria-kaminska", "2026-12-18 09:40");
    let visit = ("2026-12-18 09:00", "2026-12-18 09:40");
    clinic.closely(&["R"]).seen(
        "fracture-clinic",
        "wiktoria-kaminska",
        visit,
        codes::FOREARM_FRACTURE,
    );
    clinic
        .closely(&["R"])
        .problem(codes::FOREARM_FRACTURE, "2024-11-08");
    clinic.closely(&["V", "LOCIS"]).booked(
        "fracture-clinic",
        "wiktoria-kaminska",
        ("2027-01-12 09:20", "2027-01-12 09:40"),
        "Wrist review",
    );
    first_observations(&mut clinic, 36.5, 98.0, 70.0);

    let mut council = town.chart_as(&iona, "southbrae-social-work", hidden());
    council.by("eilidh-crombie", "2026-12-11 13:00");
    council.closely(&["R"]).episode(
        "caseload",
        "southbrae-adults",
        "eilidh-crombie",
        "2025-01-20",
    );
    council.closely(&["V", "SDV"]).note(
        "Contact",
        "Says she saw his car near her old street. Police told at her wish. New locks fitted.",
    );

    let mut police = town.chart_as(&iona, "police-public-protection", hidden());
    police.by("alison-reekie", "2026-12-11 16:20");
    police.closely(&["V", "SDV", "POL"]).note(
        "Domestic abuse: safety",
        "Reported sighting of former partner. Marker put on her address. He is not to learn where she lives.",
    );

    town.restrict(Restriction::Bar {
        person_key: iona.key.clone(),
        worker: "kenneth-purdie".into(),
    });
    town.restrict(Restriction::Protect {
        person_key: iona.key,
    });
}

/// Capable, and of one mind: no council is to be told about his mental health. The bank has rung
/// the council about his money.
fn fergus(town: &mut Builder) {
    let fergus = town.person(Who {
        key: "fergus-auchincloss",
        name: "Fergus Auchincloss",
        born: "1958-06-25",
        sex: Sex::Male,
        situation: "68, capable; objects to either council being told about his mental health; an adult protection inquiry is open",
        home: "millburn-practice",
        practice: "millburn-practice",
        address: "33 Kirk Vennel, Northburn, NB1 9SE",
        signs_in: true,
        ..Who::default()
    });

    let mut gp = town.chart(&fergus, "millburn-practice");
    gp.by("hamish-colquhoun", "2026-10-12 09:50");
    high_blood_pressure(&mut gp, "2011");
    gp.problem(codes::DEPRESSION, "2008");
    gp.medicine(
        codes::FLUOXETINE,
        "Fluoxetine 20 mg capsules",
        "One each morning",
    );
    yearly_check(&mut gp, 77.2, (139.0, 83.0));
    gp.score(codes::PHQ9_TOTAL, 9);
    gp.by("hamish-colquhoun", "2027-01-04 10:15");
    gp.objection(
        &["northburn-social-work", "southbrae-social-work"],
        &["MH"],
        "Mr Auchincloss does not agree to the council being told anything about his mental \
         health. Asked and recorded in his own words: my head is my own business. He can decide this.",
    );

    let mut nurse = town.chart(&fergus, "hospital");
    nurse.by("aonghas-macphail", "2026-12-16 14:40");
    nurse.episode(
        "caseload",
        "community-mental-health",
        "aonghas-macphail",
        "2026-08-03",
    );
    let visit = ("2026-12-16 14:00", "2026-12-16 14:40");
    let visit = nurse.seen(
        "community-mental-health",
        "aonghas-macphail",
        visit,
        codes::DEPRESSION,
    );
    nurse.note_of(
        &visit,
        "Community mental health note",
        "Mood better since October. Sleeps. Speaks of the neighbour who helps with his bank card \
         and borrows money; does not want it taken further. No thoughts of self-harm.",
    );
    nurse.by("parveen-sheikh", "2026-12-17 09:00");
    nurse.letter(
        codes::CONSULT_NOTE,
        "Psychiatric out-patient letter",
        "Recurrent depressive disorder, in partial remission on fluoxetine. Continue for a year. \
         Next seen in April. He has capacity for decisions about sharing and about his money.",
    );
    nurse.plan(
        "Mental health care plan",
        "Stay well, and know early signs.",
        &["Nurse every three weeks", "Walks with the group"],
    );

    let mut council = town.chart(&fergus, "northburn-social-work");
    council.by("margaret-haining", "2027-01-08 10:00");
    council.episode(
        "caseload",
        "northburn-adults",
        "margaret-haining",
        "2027-01-08",
    );
    council.closely(&["R", "AP"]).flag(
        "adult-protection",
        "Adult protection inquiry open; ring the adults team",
    );
    council.closely(&["R", "AP"]).note(
        "Adult protection: report received",
        "A bank reports odd withdrawals by a man who comes with Mr Auchincloss. The bank asks not \
         to be named to him. To meet him at home and ask what he wants.",
    );
}
