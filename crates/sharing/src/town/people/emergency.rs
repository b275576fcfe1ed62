//! Emergencies: a visitor from England with a broken ankle, a man with chest pain.

use super::everyday::{first_observations, high_blood_pressure, worn_knees};
use crate::town::builder::{Builder, Sex, Who};
use crate::town::chart::Registered;
use crate::town::codes;

pub(super) fn settle(town: &mut Builder) {
    gemma(town);
    babatunde(town);
}

/// Has an NHS number and no CHI number: the town's identifiers do not know her.
fn gemma(town: &mut Builder) {
    let gemma = town.person(Who {
        key: "gemma-thackeray",
        name: "Gemma Thackeray",
        born: "1989-08-16",
        situation: "37, on holiday from Carlisle, on ward 3 with a broken ankle; has an NHS number and no CHI number",
        home: "hospital",
        address: "41 Rickergate Mews, Carlisle, ZC4 2WE",
        signs_in: true,
        without_chi: true,
        ..Who::default()
    });
    let registered = Registered {
        identifiers: vec![serde_json::json!({
            "system": "https://fhir.nhs.uk/Id/nhs-number",
            "value": "9990000018",
        })],
        ..Registered::default()
    };
    let mut ward = town.chart_as(&gemma, "hospital", registered);
    ward.by("maggie-torrance", "2027-01-10 15:40");
    let fall = ("2027-01-10 15:05", "2027-01-10 18:30");
    ward.seen(
        "emergency-department",
        "aniket-deshpande",
        fall,
        codes::ANKLE_FRACTURE,
    );
    ward.by("wiktoria-kaminska", "2027-01-10 18:45");
    let stay = ward.admitted(
        "ward-3",
        "wiktoria-kaminska",
        "2027-01-10 18:30",
        codes::ANKLE_FRACTURE,
    );
    ward.problem(codes::ANKLE_FRACTURE, "2027-01-10");
    ward.medicine(
        codes::PARACETAMOL,
        "Paracetamol 500 mg tablets",
        "Two four times a day",
    );
    ward.allergy(codes::LATEX, "Itching", false);
    first_observations(&mut ward, 36.8, 99.0, 84.0);
    ward.note_of(
        &stay,
        "Plan",
        "Slipped on ice on the harbour steps. For fixation on Tuesday. Her practice in Carlisle \
         is not on Candour: ring them for her medicines. Last tetanus vaccine unknown.",
    );
    ward.relative("Hal Thackeray", &[("BRO", "brother")], "07700 900 804");
}

/// An emergency attendance that goes on now.
fn babatunde(town: &mut Builder) {
    let babatunde = town.person(Who {
        key: "babatunde-ogunleye",
        name: "Babatunde Ogunleye",
        born: "1972-04-11",
        sex: Sex::Male,
        situation: "54, in the emergency department with chest pain since 08:40",
        home: "millburn-practice",
        practice: "millburn-practice",
        address: "16 Foundry Lane, Southbrae, SB3 2LD",
        signs_in: true,
        ..Who::default()
    });
    let mut gp = town.chart(&babatunde, "millburn-practice");
    gp.by("hamish-colquhoun", "2026-08-19 09:10");
    high_blood_pressure(&mut gp, "2018");
    worn_knees(&mut gp, "2023");
    gp.allergy(codes::ASPIRIN, "Wheezing after one tablet", true);

    let mut emergency = town.chart(&babatunde, "hospital");
    emergency.by("maggie-torrance", "2027-01-11 08:40");
    let visit = emergency.in_emergency("aniket-deshpande", "2027-01-11 08:40", codes::CHEST_PAIN);
    first_observations(&mut emergency, 36.9, 96.0, 104.0);
    emergency.blood_pressure(168.0, 98.0);
    emergency.by("aniket-deshpande", "2027-01-11 09:10");
    emergency.problem(codes::CHEST_PAIN, "2027-01-11");
    emergency.note_of(
        &visit,
        "Emergency note",
        "Tight chest since 07:30, at rest. First troponin sent. Allergy to aspirin seen in the \
         practice's record before it was given.",
    );
    emergency.relative("Folake Ogunleye", &[("WIFE", "wife")], "07700 900 805");
}
