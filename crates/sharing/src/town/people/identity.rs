//! Who is who: one woman under three names, twins, a father and son with one name.

use super::everyday::{asthma, eczema, hay_fever, high_blood_pressure, worn_knees, yearly_check};
use crate::town::builder::{Builder, Sex, Who};
use crate::town::chart::{Registered, name};
use crate::town::codes;
use serde_json::json;

pub(super) fn settle(town: &mut Builder) {
    annag(town);
    twins(town);
    father_and_son(town);
}

/// Maiden name at the practice, married name at the hospital, both at the council; all are right.
fn annag(town: &mut Builder) {
    let annag = town.person(Who {
        key: "annag-tolmie-ferrier",
        name: "Annag Tolmie-Ferrier",
        born: "1947-01-28",
        situation: "79, known as Tolmie to her practice, Ferrier to the hospital and Tolmie-Ferrier to the council: one CHI number, three right names",
        home: "northburn-social-work",
        practice: "millburn-practice",
        address: "2 Smiddy Green, Northburn, NB1 6BG",
        signs_in: true,
        ..Who::default()
    });

    let maiden = Registered {
        names: vec![name("official", "Annag", "Tolmie")],
        ..Registered::default()
    };
    let mut gp = town.chart_as(&annag, "millburn-practice", maiden);
    gp.by("sunita-krishnan", "2026-09-15 11:10");
    worn_knees(&mut gp, "2013");
    high_blood_pressure(&mut gp, "2006");
    gp.problem_noted(
        codes::ANXIETY,
        "2026-02",
        Some("Since the fall; will not go out alone."),
    );
    yearly_check(&mut gp, 63.9, (144.0, 82.0));

    let married = Registered {
        names: vec![
            name("official", "Annag", "Ferrier"),
            name("nickname", "Annie", "Ferrier"),
        ],
        address: Some("2 Smiddy Green, Northburn, NB1 6BG"),
        ..Registered::default()
    };
    let mut nurse = town.chart_as(&annag, "hospital", married);
    nurse.by("sheila-mathieson", "2026-12-17 11:00");
    nurse.episode(
        "caseload",
        "community-nursing",
        "sheila-mathieson",
        "2026-11-30",
    );
    let visit = ("2026-12-17 10:30", "2026-12-17 11:00");
    let visit = nurse.seen(
        "community-nursing",
        "sheila-mathieson",
        visit,
        codes::KNEE_OSTEOARTHRITIS,
    );
    nurse.assessment(
        "Single shared assessment",
        &[
            ("Walking", "Two sticks; not on ice"),
            ("Stairs", "Goes up once a day"),
            (
                "Left to others",
                "Money and carer: social work. Bath: occupational therapy.",
            ),
        ],
    );
    // A topic of its own, because she agrees to less being told of it.
    nurse.assessment(
        "Single shared assessment: memory and mood",
        &[
            ("Memory", "Good"),
            (
                "Mood",
                "Anxious since a fall in January; she does not want housing told",
            ),
        ],
    );
    nurse.note_of(
        &visit,
        "Home visit",
        "Her letters come for Tolmie and for Ferrier. She says that both are her: Tolmie by birth, \
         Ferrier by marriage in 1971. Neither is to be corrected.",
    );
    nurse.referral(
        "northburn-adults",
        codes::CARE_NEEDS_ASSESSED,
        "Money and carer topics of the shared assessment",
    );
    nurse.relative(
        "Mhorag Ferrier",
        &[("DAU", "natural daughter")],
        "07700 900 810",
    );

    let both = Registered {
        names: vec![
            name("official", "Annag", "Tolmie-Ferrier"),
            name("maiden", "Annag", "Tolmie"),
        ],
        ..Registered::default()
    };
    let mut council = town.chart_as(&annag, "northburn-social-work", both);
    council.by("fraser-abercrombie", "2027-01-06 09:30");
    council.episode(
        "caseload",
        "northburn-adults",
        "fraser-abercrombie",
        "2026-12-18",
    );
    council.assessment(
        "Single shared assessment: social work's topics",
        &[
            (
                "Walking",
                "Says she can manage the stairs several times a day",
            ),
            (
                "Money",
                "Manages her own; state pension and a little from the mill",
            ),
            ("Carer", "Daughter at weekends; her own plan offered"),
        ],
    );
    council.objection(
        &["northburn-housing"],
        &["MH"],
        "Agrees to social work and occupational therapy knowing everything. Does not agree to housing being told about her nerves.",
    );
}

/// Everything agrees but one letter of the given name: two children, never one.
fn twins(town: &mut Builder) {
    for (key, given, order) in [
        ("anika-banerjee", "Anika", 1),
        ("anita-banerjee", "Anita", 2),
    ] {
        let full = format!("{given} Banerjee");
        let twin = town.person(Who {
            key,
            name: &full,
            born: "2020-03-07",
            situation: "6, one of twins with one surname, birth date and address; Anika and Anita differ by one letter",
            home: "braehead-practice",
            practice: "braehead-practice",
            address: "24 Loan Head, Northburn, NB2 4RE",
            ..Who::default()
        });
        let twinned = || Registered {
            more: json!({ "multipleBirthInteger": order }),
            ..Registered::default()
        };
        let mut gp = town.chart_as(&twin, "braehead-practice", twinned());
        gp.by("deirdre-quigley", "2026-09-29 15:30");
        gp.vaccine(codes::MMR_VACCINE);
        gp.vaccine(codes::INFLUENZA_VACCINE);
        gp.relative("Sharmila Banerjee", &[("MTH", "mother")], "07700 900 811");
        gp.by("catherine-rattray", "2026-10-30 16:00");
        if order == 1 {
            gp.allergy(
                codes::PEANUT_ALLERGY,
                "Swelling and wheeze; carries adrenaline",
                true,
            );
            asthma(&mut gp, "2024");
            gp.note(
                "Consultation",
                "Anika, not Anita: the twin with the nut allergy. Her mother and the school know.",
            );
        } else {
            eczema(&mut gp, "2021");
            gp.past_problem(codes::FOREARM_FRACTURE, "2025-06-14", "2025-08-01");
            gp.note(
                "Consultation",
                "Anita has no allergies. Her twin has: check the first name twice.",
            );
        }
        let mut hospital = town.chart_as(&twin, "hospital", twinned());
        hospital.by("aniket-deshpande", "2026-12-05 19:10");
        let visit = ("2026-12-05 18:20", "2026-12-05 19:10");
        hospital.seen(
            "emergency-department",
            "aniket-deshpande",
            visit,
            codes::CONCUSSION,
        );
        hospital.measure(codes::BODY_WEIGHT, f64::from(20 + order), "kg", "kg");
    }
}

/// One name, one address, thirty-one years between them.
fn father_and_son(town: &mut Builder) {
    let father = town.person(Who {
        key: "wallace-haldane-senior",
        name: "Wallace Haldane",
        born: "1948-04-17",
        sex: Sex::Male,
        situation: "78, shares name and address with his son, and is the one who takes apixaban",
        home: "millburn-practice",
        practice: "millburn-practice",
        address: "61 Saltmarket Row, Southbrae, SB1 5NA",
        signs_in: true,
        ..Who::default()
    });
    let mut gp = town.chart(&father, "millburn-practice");
    gp.by("hamish-colquhoun", "2026-11-10 10:10");
    gp.problem(codes::ATRIAL_FIBRILLATION, "2021");
    gp.medicine(codes::APIXABAN, "Apixaban 5 mg tablets", "One twice a day");
    gp.problem(codes::CHRONIC_KIDNEY_DISEASE, "2022");
    yearly_check(&mut gp, 74.3, (133.0, 72.0));
    gp.flag(
        "safety",
        "Two patients of this name at this address: check the birth date",
    );
    let mut hospital = town.chart(&father, "hospital");
    hospital.by("aniket-deshpande", "2026-11-28 14:00");
    let stay = ("2026-11-25 10:00", "2026-11-28 12:00");
    let stay = hospital.stayed("ward-6", "ifeoma-nwosu", stay, codes::HEART_FAILURE);
    hospital.by("ifeoma-nwosu", "2026-11-28 12:00");
    hospital.problem(codes::HEART_FAILURE, "2026-11-25");
    hospital.note_of(
        &stay,
        "Discharge letter",
        "Home on furosemide as well as apixaban. Weight to be checked in a week.",
    );
    hospital.medicine(
        codes::FUROSEMIDE,
        "Furosemide 20 mg tablets",
        "One each morning",
    );

    let son = town.person(Who {
        key: "wallace-haldane-younger",
        name: "Wallace Haldane",
        born: "1979-09-02",
        sex: Sex::Male,
        situation: "47, shares name and address with his father; takes nothing",
        home: "millburn-practice",
        practice: "millburn-practice",
        address: "61 Saltmarket Row, Southbrae, SB1 5NA",
        signs_in: true,
        ..Who::default()
    });
    let mut gp = town.chart(&son, "millburn-practice");
    gp.by("hamish-colquhoun", "2026-08-24 09:00");
    hay_fever(&mut gp, "1990");
    gp.past_problem(codes::ANKLE_FRACTURE, "2012-05-19", "2012-09-01");
    gp.allergy(codes::TRIMETHOPRIM, "Rash as a boy", false);
    yearly_check(&mut gp, 88.0, (126.0, 80.0));
    gp.flag(
        "safety",
        "Two patients of this name at this address: check the birth date",
    );
    gp.note(
        "Consultation",
        "Came about his father's tablets, which the chemist had put in his bag.",
    );
}
