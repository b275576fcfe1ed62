//! On ward 6 this morning: someone whose son decides with her and whose daughter visits, the son, and
//! a man who is ready to leave but for care at home.

use super::everyday::{first_observations, high_blood_pressure, yearly_check};
use crate::town::builder::{Builder, Sex, Who};
use crate::town::codes;

pub(super) fn settle(town: &mut Builder) {
    oighrig(town);
    torquil(town);
    ally(town);
}

/// Cannot decide about her care; her son may, by a deed; her daughter cares and has no power.
fn oighrig(town: &mut Builder) {
    let oighrig = town.person(Who {
        key: "oighrig-macquarrie",
        name: "Oighrig MacQuarrie",
        born: "1940-05-02",
        situation: "86, has dementia, on ward 6 since 09:00; her son is welfare attorney, her daughter visits daily and has no power",
        home: "hospital",
        practice: "millburn-practice",
        address: "3 Weavers Wynd, Northburn, NB1 4QT",
        ..Who::default()
    });

    let mut gp = town.chart(&oighrig, "millburn-practice");
    gp.by("hamish-colquhoun", "2026-09-08 10:20");
    gp.problem_noted(
        codes::ALZHEIMERS,
        "2022-03",
        Some("Seen with daughter. Repeats questions; safe with prompting."),
    );
    gp.medicine(
        codes::DONEPEZIL,
        "Donepezil 10 mg tablets",
        "One at bedtime",
    );
    high_blood_pressure(&mut gp, "2004");
    gp.past_problem(codes::URINARY_INFECTION, "2026-03-10", "2026-03-20");
    gp.allergy(codes::PENICILLIN_ALLERGY, "Widespread rash", true);
    gp.by("hamish-colquhoun", "2026-10-14 09:40");
    yearly_check(&mut gp, 48.2, (138.0, 78.0));
    gp.vaccine(codes::ZOSTER_VACCINE);
    gp.letter(
        codes::REFERRAL_NOTE,
        "Letter to ward 6",
        "Dear colleague, thank you for seeing Mrs MacQuarrie, who is 86 and lives alone with \
         visits from her daughter Beathag. Her son Torquil lives in Carlisle and holds a welfare \
         power of attorney. She fell twice this week. Allergic to penicillin.",
    );
    gp.plan(
        "Anticipatory care plan",
        "Prefers to be at home. Wants her children told before decisions, not after.",
        &[
            "Review of medicines every six months",
            "Ask for Gaelic-speaking staff where possible",
        ],
    );

    let mut ward = town.chart(&oighrig, "hospital");
    ward.by("una-begbie", "2027-01-11 09:00");
    let stay = ward.admitted(
        "ward-6",
        "ifeoma-nwosu",
        "2027-01-11 09:00",
        codes::DELIRIUM,
    );
    ward.by("ruksana-chaudhry", "2027-01-11 09:05");
    first_observations(&mut ward, 37.9, 95.0, 92.0);
    ward.takes(
        codes::DONEPEZIL,
        "Donepezil 10 mg tablets",
        "One at bedtime",
    );
    ward.takes(
        codes::AMLODIPINE,
        "Amlodipine 5 mg tablets",
        "Withheld today: low pressure",
    );
    ward.allergy(
        codes::PENICILLIN_ALLERGY,
        "Rash, told by her practice",
        true,
    );
    ward.flag(
        "safety",
        "Risk of falling: two to walk with, bed low, call bell in reach",
    );
    ward.flag(
        "communication",
        "Gaelic first when tired; hears better on the left",
    );
    let son = ward.relative(
        "Torquil MacQuarrie-Sandhu",
        &[
            ("SON", "natural son"),
            ("HPOWATT", "healthcare power of attorney"),
        ],
        "07700 900 801",
    );
    let daughter = ward.relative(
        "Beathag MacQuarrie",
        &[("DAU", "natural daughter")],
        "07700 900 802",
    );
    ward.by("ifeoma-nwosu", "2027-01-11 09:20");
    ward.problem_noted(
        codes::DELIRIUM,
        "2027-01-09",
        Some("On top of known Alzheimer's disease."),
    );
    ward.note_of(
        &stay,
        "Admission note",
        "86-year-old woman, more confused for three days, two falls without injury. Probable \
         urinary infection; culture sent; trimethoprim started because of penicillin allergy. \
         She cannot at present follow a conversation about where she will live. Son to be rung \
         before any plan for discharge.",
    );
    ward.medicine(
        codes::TRIMETHOPRIM,
        "Trimethoprim 200 mg tablets",
        "One twice a day for 7 days",
    );
    ward.care_team(
        "Ward 6 team",
        "2027-01-11",
        &[
            ("ifeoma-nwosu", "consultant"),
            ("ruksana-chaudhry", "named nurse"),
            (&son, "son and welfare attorney"),
            (&daughter, "daughter and carer"),
        ],
    );
    ward.referral(
        "northburn-adults",
        codes::CARE_NEEDS_ASSESSED,
        "Needs before discharge",
    );

    let mut council = town.chart(&oighrig, "northburn-social-work");
    council.by("fraser-abercrombie", "2026-12-03 14:00");
    council.episode(
        "caseload",
        "northburn-adults",
        "fraser-abercrombie",
        "2026-11-17",
    );
    council.care_team(
        "Support at home",
        "2026-11-17",
        &[
            ("fraser-abercrombie", "named social worker"),
            ("margaret-haining", "team manager"),
        ],
    );
    council.relative(
        "Beathag MacQuarrie",
        &[("DAU", "natural daughter")],
        "07700 900 802",
    );
    council.assessment(
        "Single shared assessment",
        &[
            (
                "Washing and dressing",
                "Needs prompting; her daughter comes each morning",
            ),
            ("Meals", "Forgets to eat; has a meal delivered at noon"),
            ("Falls", "Two in the last six months"),
            ("Memory", "Does not always know the day; knows her family"),
            (
                "Money",
                "Her bank card was found at a neighbour's; bank told",
            ),
        ],
    );
    council.note(
        "Home visit",
        "Saw Mrs MacQuarrie with her daughter. The daughter asked whether a care home would be \
         best; the son was not there and has not been asked yet.",
    );
}

/// Her son: his own record is an ordinary one, and not his mother's.
fn torquil(town: &mut Builder) {
    let torquil = town.person(Who {
        key: "torquil-macquarrie-sandhu",
        name: "Torquil MacQuarrie-Sandhu",
        born: "1968-11-20",
        sex: Sex::Male,
        situation: "58, Oighrig MacQuarrie's son and welfare attorney; registered in the town, lives in Carlisle half the week",
        home: "millburn-practice",
        practice: "millburn-practice",
        address: "27 Tannery Close, Northburn, NB2 6RD",
        signs_in: true,
        ..Who::default()
    });
    let mut gp = town.chart(&torquil, "millburn-practice");
    gp.by("sunita-krishnan", "2026-12-08 16:10");
    gp.problem(codes::MIGRAINE, "1999");
    high_blood_pressure(&mut gp, "2024");
    yearly_check(&mut gp, 84.0, (131.0, 82.0));
    gp.note(
        "Telephone consultation",
        "Tired and worried about his mother. Sleep advice; no treatment.",
    );
}

/// Well enough to leave, and waiting for care at home.
fn ally(town: &mut Builder) {
    let ally = town.person(Who {
        key: "alasdair-mowat",
        name: "Alasdair Mowat",
        born: "1961-02-27",
        sex: Sex::Male,
        situation: "65, after a stroke, ready to leave ward 6 but for care at home; referred to the council, not yet on its caseload",
        home: "hospital",
        practice: "braehead-practice",
        address: "8 Chapel Brae, Northburn, NB1 2FJ",
        signs_in: true,
        ..Who::default()
    });
    let mut gp = town.chart(&ally, "braehead-practice");
    gp.by("imran-yousaf", "2026-11-02 11:00");
    high_blood_pressure(&mut gp, "2015");
    gp.medicine(
        codes::ATORVASTATIN,
        "Atorvastatin 80 mg tablets",
        "One at night",
    );
    gp.by("deirdre-quigley", "2026-11-02 11:20");
    yearly_check(&mut gp, 92.4, (151.0, 90.0));

    let mut ward = town.chart(&ally, "hospital");
    ward.by("una-begbie", "2026-12-19 22:15");
    let stay = ward.admitted("ward-6", "ifeoma-nwosu", "2026-12-19 22:15", codes::STROKE);
    ward.by("ifeoma-nwosu", "2026-12-20 08:30");
    ward.problem(codes::STROKE, "2026-12-19");
    ward.medicine(
        codes::ASPIRIN,
        "Aspirin 300 mg tablets",
        "One daily for two weeks",
    );
    first_observations(&mut ward, 36.6, 97.0, 78.0);
    ward.by("agnieszka-lis", "2027-01-06 13:30");
    ward.assessment(
        "Occupational therapy assessment",
        &[
            ("Transfers", "One to help, with a frame"),
            ("Kitchen", "Safe with cold drinks; not with a kettle"),
            ("Stairs", "Not yet; bed to come downstairs"),
        ],
    );
    ward.equipment(
        "active",
        "Bed lever and commode",
        "Transfers with help of one",
    );
    ward.by("ruksana-chaudhry", "2027-01-08 11:00");
    ward.note_of(
        &stay,
        "Discharge planning",
        "Fit for discharge since 7 January. His wife can help at night, not by day. Waiting for \
         two visits a day; the council has been asked.",
    );
    ward.relative("Sheena Mowat", &[("WIFE", "wife")], "07700 900 803");
    ward.referral(
        "northburn-adults",
        codes::HOME_HEALTH_REFERRAL,
        "Two visits a day, mornings and noon",
    );
    ward.message(
        "northburn-social-work",
        "Mr Mowat, ward 6, is ready to go home. Please ring the ward about visits.",
    );
}
