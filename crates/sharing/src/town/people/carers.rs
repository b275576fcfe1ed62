//! A carer: a woman with four visits a day, and the husband who does the rest.

use super::everyday::{high_blood_pressure, irregular_heartbeat, yearly_check};
use crate::town::builder::{Builder, Sex, Who};
use crate::town::codes;

pub(super) fn settle(town: &mut Builder) {
    netta(town);
    archie(town);
}

/// Four visits a day from a provider outside the council, and a husband with a plan of his own.
fn netta(town: &mut Builder) {
    let netta = town.person(Who {
        key: "netta-dunsmore",
        name: "Netta Dunsmore",
        born: "1945-07-19",
        situation: "81, four visits a day from Carewell; her husband Archie cares for her and has a plan of his own",
        home: "northburn-social-work",
        practice: "braehead-practice",
        address: "11 Orchard Loan, Northburn, NB1 7PW",
        signs_in: true,
        ..Who::default()
    });

    let mut gp = town.chart(&netta, "braehead-practice");
    gp.by("imran-yousaf", "2026-09-22 15:00");
    gp.problem(codes::HEART_FAILURE, "2020");
    gp.medicine(
        codes::FUROSEMIDE,
        "Furosemide 40 mg tablets",
        "One each morning",
    );
    gp.medicine(
        codes::RAMIPRIL,
        "Ramipril 2.5 mg capsules",
        "One each morning",
    );
    irregular_heartbeat(&mut gp, "2019");
    gp.problem(codes::OSTEOPOROSIS, "2014");
    gp.medicine(
        codes::ALENDRONIC_ACID,
        "Alendronic acid 70 mg tablets",
        "One on Sundays, standing",
    );
    gp.by("deirdre-quigley", "2026-10-08 10:00");
    yearly_check(&mut gp, 54.6, (118.0, 70.0));
    gp.vaccine(codes::PNEUMOCOCCAL_VACCINE);

    let mut nurse = town.chart(&netta, "hospital");
    nurse.by("sheila-mathieson", "2026-12-21 10:30");
    nurse.episode(
        "caseload",
        "community-nursing",
        "sheila-mathieson",
        "2026-06-15",
    );
    let visit = ("2026-12-21 10:00", "2026-12-21 10:30");
    let visit = nurse.seen(
        "community-nursing",
        "sheila-mathieson",
        visit,
        codes::HEART_FAILURE,
    );
    nurse.measure(codes::BODY_WEIGHT, 55.3, "kg", "kg");
    nurse.note_of(
        &visit,
        "Leg dressing",
        "Both legs less swollen. Next visit Thursday. Archie looks worn out.",
    );
    nurse.past_problem(codes::FOREARM_FRACTURE, "2024-01-30", "2024-04-02");

    let mut council = town.chart(&netta, "northburn-social-work");
    council.by("fraser-abercrombie", "2026-12-04 09:45");
    council.episode(
        "caseload",
        "northburn-adults",
        "fraser-abercrombie",
        "2026-05-11",
    );
    let husband = council.relative("Archie Dunsmore", &[("HUSB", "husband")], "07700 900 806");
    council.care_team(
        "Support at home",
        "2026-05-11",
        &[
            ("fraser-abercrombie", "named social worker"),
            (&husband, "husband and carer"),
        ],
    );
    council.assessment(
        "Single shared assessment",
        &[
            ("Washing and dressing", "One to help, morning and night"),
            ("Getting about", "Frame indoors; chair outside"),
            ("Carer", "Has a carer; his own plan is kept apart"),
            (
                "Key",
                "Key safe left of the door; the code is with Carewell",
            ),
        ],
    );
    council.referral(
        "carewell-northburn",
        codes::HOME_HEALTH_REFERRAL,
        "Four visits a day, 08:00 to 21:30",
    );
    council.equipment(
        "completed",
        "Bath lift, PIN level 2",
        "Cannot rise from the bath",
    );
    council.equipment(
        "active",
        "Grab rail at the back door",
        "Two steps without a rail",
    );

    let mut homecare = town.chart(&netta, "carewell-homecare");
    homecare.by("doreen-kidd", "2026-12-07 08:30");
    homecare.episode(
        "caseload",
        "carewell-northburn",
        "doreen-kidd",
        "2026-06-01",
    );
    homecare.plan(
        "Visits",
        "08:15, 12:30, 17:00 and 21:00. Two carers at 08:15.",
        &[
            "Help to wash and dress",
            "Medicines prompted from the box",
            "Report swelling to the nurse",
        ],
    );
    homecare.by("doreen-kidd", "2027-01-09 18:05");
    homecare.note(
        "Visit late",
        "17:00 visit came at 17:50: ice on the brae. Archie told by phone at 17:10.",
    );
}

/// His plan as a carer is his own record: his wife's shows only that she has a carer.
fn archie(town: &mut Builder) {
    let archie = town.person(Who {
        key: "archie-dunsmore",
        name: "Archie Dunsmore",
        born: "1942-12-01",
        sex: Sex::Male,
        situation: "84, Netta Dunsmore's husband and carer, with an adult carer support plan of his own",
        home: "northburn-social-work",
        practice: "braehead-practice",
        address: "11 Orchard Loan, Northburn, NB1 7PW",
        signs_in: true,
        ..Who::default()
    });
    let mut gp = town.chart(&archie, "braehead-practice");
    gp.by("catherine-rattray", "2026-11-25 12:00");
    high_blood_pressure(&mut gp, "2009");
    gp.problem(codes::HEARING_LOSS, "2021");
    gp.problem_noted(
        codes::ALCOHOL_DEPENDENCE,
        "1991",
        Some("No alcohol since 1994."),
    );
    yearly_check(&mut gp, 70.8, (147.0, 76.0));

    let mut council = town.chart(&archie, "northburn-social-work");
    council.by("margaret-haining", "2026-12-09 14:30");
    council.episode(
        "caseload",
        "northburn-adults",
        "margaret-haining",
        "2026-10-01",
    );
    council.care_team(
        "Carer support",
        "2026-10-01",
        &[("margaret-haining", "carer's own worker")],
    );
    council.assessment(
        "Adult carer support plan",
        &[
            ("Hours of care", "Most of the day and twice at night"),
            (
                "What worries him",
                "That he will drop her, and that he loses his temper",
            ),
            (
                "What would help",
                "One afternoon a week; someone to ring at night",
            ),
        ],
    );
    council.plan(
        "Carer support plan",
        "An afternoon off each week.",
        &["Sitter on Wednesdays 13:00 to 17:00"],
    );
    council.note(
        "Visit",
        "Says he shouted at Netta last week and is ashamed. Agreed a sitter on Wednesdays.",
    );
}
