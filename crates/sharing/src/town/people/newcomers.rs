//! Names that forms do not expect: one name, an apostrophe, two surnames, another alphabet; and a
//! child who has no record yet because she is not born.

use super::everyday::{first_observations, migraine, thyroid, yearly_check};
use crate::town::builder::{Builder, Sex, Who};
use crate::town::chart::{Registered, name};
use crate::town::codes;
use serde_json::json;

pub(super) fn settle(town: &mut Builder) {
    tesfay(town);
    mairead(town);
    olena(town);
    rui(town);
}

/// One name, and a birth date of which only the year is known.
fn tesfay(town: &mut Builder) {
    let tesfay = town.person(Who {
        key: "tesfay",
        name: "Tesfay",
        born: "2001",
        sex: Sex::Male,
        situation: "refugee with one name and a birth year; the council wrote 1 January, and does not know his CHI number",
        home: "braehead-practice",
        practice: "braehead-practice",
        address: "Room 12 Harbour Hostel, Northburn, NB2 8AL",
        signs_in: true,
        ..Who::default()
    });
    let both_scripts = || Registered {
        names: vec![
            json!({ "use": "official", "text": "Tesfay", "given": ["Tesfay"] }),
            json!({ "use": "usual", "text": "ተስፋይ" }),
        ],
        more: Registered::speaking("ti", "Tigrinya").more,
        ..Registered::default()
    };
    let mut gp = town.chart_as(&tesfay, "braehead-practice", both_scripts());
    gp.by("catherine-rattray", "2026-11-05 14:00");
    gp.flag(
        "communication",
        "Tigrinya interpreter needed, by telephone if none can come",
    );
    gp.problem_noted(
        codes::PTSD,
        "2024",
        Some("Nightmares of the crossing. Interpreter present."),
    );
    gp.medicine(
        codes::MIRTAZAPINE,
        "Mirtazapine 15 mg tablets",
        "One at night",
    );
    gp.vaccine(codes::MMR_VACCINE);
    gp.letter(
        codes::REFERRAL_NOTE,
        "Letter to community mental health",
        "This young man lost his brother at sea. He sleeps two hours a night. Please see him with \
         an interpreter who is not from the hostel.",
    );

    let mut hospital = town.chart_as(&tesfay, "hospital", both_scripts());
    hospital.by("aonghas-macphail", "2026-12-10 10:50");
    hospital.episode(
        "caseload",
        "community-mental-health",
        "aonghas-macphail",
        "2026-11-19",
    );
    let visit = ("2026-12-10 10:00", "2026-12-10 10:50");
    let visit = hospital.seen(
        "community-mental-health",
        "aonghas-macphail",
        visit,
        codes::PTSD,
    );
    hospital.note_of(
        &visit,
        "First meeting",
        "Interpreter by telephone. Wishes to study. Next on 14 January.",
    );

    let clerk = Registered {
        names: vec![name("official", "FNU", "Tesfay")],
        born: Some("2001-01-01"),
        without_chi: true,
        ..Registered::default()
    };
    let mut council = town.chart_as(&tesfay, "northburn-social-work", clerk);
    council.by("fraser-abercrombie", "2026-12-02 10:00");
    council.episode(
        "caseload",
        "northburn-adults",
        "fraser-abercrombie",
        "2026-10-12",
    );
    council.plan(
        "Move-on plan",
        "A room of his own and a college place.",
        &["English class", "Housing application"],
    );
}

/// An accent and a curly apostrophe at the practice, neither at the hospital.
fn mairead(town: &mut Builder) {
    let mairead = town.person(Who {
        key: "mairead-ohanlon",
        name: "Mairéad O’Hanlon",
        born: "1983-12-09",
        situation: "43, spelt Mairéad O’Hanlon at her practice and Mairead O'Hanlon at the hospital; latex allergy known to one of them",
        home: "millburn-practice",
        practice: "millburn-practice",
        address: "13 Lodge Avenue, Southbrae, SB3 6HD",
        signs_in: true,
        ..Who::default()
    });
    let mut gp = town.chart(&mairead, "millburn-practice");
    gp.by("sunita-krishnan", "2026-10-21 09:30");
    migraine(&mut gp, "2001");
    thyroid(&mut gp, "2019");
    yearly_check(&mut gp, 70.2, (119.0, 76.0));
    let plain = Registered {
        names: vec![name("official", "Mairead", "O'Hanlon")],
        ..Registered::default()
    };
    let mut hospital = town.chart_as(&mairead, "hospital", plain);
    hospital.by("lachlan-baxter", "2026-12-13 16:00");
    hospital.allergy(codes::LATEX, "Hives under a glove", false);
    let stay = ("2026-12-12 08:00", "2026-12-13 15:00");
    let stay = hospital.stayed("ward-3", "wiktoria-kaminska", stay, codes::ANKLE_FRACTURE);
    first_observations(&mut hospital, 36.7, 99.0, 68.0);
    hospital.by("wiktoria-kaminska", "2026-12-13 16:30");
    hospital.letter(
        codes::DISCHARGE_SUMMARY,
        "Discharge letter",
        "Ankle fixed with a plate. Crutches. Clinic in six weeks.",
    );
    hospital.note_of(
        &stay,
        "Ward round",
        "Comfortable. Latex-free gloves at the bed.",
    );
}

/// The child she expects has no Patient: it is found through her, and only through her.
fn olena(town: &mut Builder) {
    let olena = town.person(Who {
        key: "olena-kovalchuk",
        name: "Olena Kovalchuk",
        born: "1997-02-11",
        situation: "29, from Ukraine, expects a child on 20 April; the unborn child has no record of its own",
        home: "hospital",
        practice: "braehead-practice",
        address: "7 Rope Walk, Northburn, NB2 2WJ",
        signs_in: true,
        ..Who::default()
    });
    let cyrillic = || Registered {
        names: vec![
            name("official", "Olena", "Kovalchuk"),
            json!({ "use": "usual", "text": "Олена Ковальчук", "family": "Ковальчук", "given": ["Олена"] }),
        ],
        more: Registered::speaking("uk", "Ukrainian").more,
        ..Registered::default()
    };
    let mut gp = town.chart_as(&olena, "braehead-practice", cyrillic());
    gp.by("imran-yousaf", "2026-09-02 12:10");
    gp.problem(codes::NORMAL_PREGNANCY, "2026-09-02");
    gp.past_problem(codes::URINARY_INFECTION, "2026-10-20", "2026-10-27");
    gp.flag(
        "communication",
        "Ukrainian interpreter preferred; speaks some English",
    );

    let mut midwife = town.chart_as(&olena, "hospital", cyrillic());
    midwife.by("kirsten-halcrow", "2027-01-05 10:30");
    midwife.episode("caseload", "maternity", "kirsten-halcrow", "2026-09-21");
    let visit = ("2027-01-05 10:00", "2027-01-05 10:30");
    let visit = midwife.seen(
        "maternity",
        "kirsten-halcrow",
        visit,
        codes::NORMAL_PREGNANCY,
    );
    let expected = json!({ "valueDateTime": "2027-04-20" });
    midwife.observation("exam", codes::EXPECTED_DELIVERY, expected);
    midwife.blood_pressure(114.0, 70.0);
    midwife.measure(codes::BODY_WEIGHT, 68.4, "kg", "kg");
    midwife.note_of(
        &visit,
        "Antenatal visit, 25 weeks",
        "Growing well. Asked alone about safety at home: no worry. Husband is at the front; she \
         does not want that talked about at the school gate.",
    );
    midwife.booked(
        "maternity",
        "kirsten-halcrow",
        ("2027-02-02 10:00", "2027-02-02 10:30"),
        "Antenatal visit, 29 weeks, with interpreter",
    );
    midwife.plan(
        "Birth plan",
        "Clydevale, with her sister.",
        &["Interpreter on call from 6 April"],
    );
}

/// Two surnames; the practice's clerk kept the last. HIV is on one of the two records.
fn rui(town: &mut Builder) {
    let rui = town.person(Who {
        key: "rui-castelo-vaz",
        name: "Rui Castelo Vaz",
        born: "1986-07-03",
        sex: Sex::Male,
        situation: "40, two surnames of which his practice kept one; treated for HIV by the hospital",
        home: "hospital",
        practice: "millburn-practice",
        address: "39 Quarry Road, Southbrae, SB1 7TF",
        signs_in: true,
        ..Who::default()
    });
    let kept = Registered {
        names: vec![name("official", "Rui Castelo", "Vaz")],
        ..Registered::default()
    };
    let mut gp = town.chart_as(&rui, "millburn-practice", kept);
    gp.by("hamish-colquhoun", "2026-09-30 17:10");
    migraine(&mut gp, "2010");
    gp.vaccine(codes::PNEUMOCOCCAL_VACCINE);
    gp.vaccine(codes::INFLUENZA_VACCINE);
    gp.blood_pressure(121.0, 79.0);

    let full = Registered {
        names: vec![name("official", "Rui", "Castelo Vaz")],
        ..Registered::default()
    };
    let mut clinic = town.chart_as(&rui, "hospital", full);
    clinic.by("lindiwe-dube", "2026-12-15 16:20");
    clinic.episode("caseload", "sexual-health", "lindiwe-dube", "2018-03-01");
    let visit = ("2026-12-15 16:00", "2026-12-15 16:20");
    let visit = clinic.seen("sexual-health", "lindiwe-dube", visit, codes::HIV);
    clinic.problem(codes::HIV, "2018-02");
    clinic.note_of(
        &visit,
        "HIV clinic",
        "Undetectable for eight years. His practice knows that we treat him, not why.",
    );
    clinic.booked(
        "sexual-health",
        "lindiwe-dube",
        ("2027-06-15 16:00", "2027-06-15 16:20"),
        "Review",
    );
}
