//! Braeside House: a woman with nobody to speak for her, a woman whose family name comes first,
//! a Gaelic speaker with a plan for the end, and a man who died last week.

use super::everyday::{diabetes, high_blood_pressure, irregular_heartbeat, worn_knees};
use crate::town::builder::{Builder, Sex, Who};
use crate::town::chart::{Chart, Registered, name};
use crate::town::codes;

const HOME: &str = "Braeside House 1 Brae Road, Northburn, NB1 8HS";

pub(super) fn settle(town: &mut Builder) {
    jadwiga(town);
    siew_lan(town);
    murdina(town);
    dougal(town);
}

/// No relative, no attorney, no guardian: only an advocate can check who has been told what.
fn jadwiga(town: &mut Builder) {
    let jadwiga = town.person(Who {
        key: "jadwiga-mazurek",
        name: "Jadwiga Mazurek",
        born: "1947-10-15",
        situation: "79, speaks Polish, cannot decide for herself and has nobody; lives at Braeside, referred for advocacy",
        home: "braeside-house",
        practice: "braehead-practice",
        address: HOME,
        ..Who::default()
    });
    let polish = || Registered::speaking("pl", "Polish");
    let mut gp = town.chart_as(&jadwiga, "braehead-practice", polish());
    gp.by("imran-yousaf", "2026-11-24 13:10");
    gp.problem(codes::DEMENTIA, "2021");
    gp.problem(codes::DEPRESSION, "2023");
    gp.medicine(
        codes::MIRTAZAPINE,
        "Mirtazapine 30 mg tablets",
        "One at night",
    );
    diabetes(&mut gp, "2008");
    gp.letter(
        codes::CONSULT_NOTE,
        "Letter from community mental health",
        "Miss Mazurek weeps in the evening and calls for her mother. Depression with dementia. \
         Continue mirtazapine. No relatives are known; she has no attorney and no guardian.",
    );
    let mut home = town.chart_as(&jadwiga, "braeside-house", polish());
    residence(&mut home, "2024-06-03");
    home.flag(
        "communication",
        "Polish only since the spring; interpreter by telephone",
    );
    home.takes(
        codes::MIRTAZAPINE,
        "Mirtazapine 30 mg tablets",
        "One at night",
    );
    home.plan(
        "Care plan",
        "Miss Mazurek is calm when spoken to in Polish.",
        &["Polish radio after lunch", "Priest on Fridays"],
    );
    home.by("tomasz-wilk", "2027-01-10 20:15");
    home.note(
        "Evening",
        "Called for her mother. I sang to her in Polish. Slept at nine.",
    );
    let mut council = town.chart_as(&jadwiga, "northburn-social-work", polish());
    council.by("margaret-haining", "2027-01-06 11:30");
    council.episode(
        "caseload",
        "northburn-adults",
        "margaret-haining",
        "2024-05-20",
    );
    council.referral(
        "heatherbank-advocates",
        codes::CARE_NEEDS_ASSESSED,
        "Nobody outside the agencies that care for her can check her record",
    );
}

/// Family name first; the birth year is all that her papers say.
fn siew_lan(town: &mut Builder) {
    let siew_lan = town.person(Who {
        key: "ng-siew-lan",
        name: "Ng Siew Lan",
        born: "1941",
        situation: "85 or so: only her birth year is known; her family name Ng comes first and the hospital turned it round",
        home: "braeside-house",
        practice: "millburn-practice",
        address: HOME,
        ..Who::default()
    });
    let right = || Registered {
        names: vec![serde_json::json!({
            "use": "official",
            "text": "Ng Siew Lan",
            "family": "Ng",
            "given": ["Siew", "Lan"],
        })],
        ..Registered::default()
    };
    let mut gp = town.chart_as(&siew_lan, "millburn-practice", right());
    gp.by("sunita-krishnan", "2026-09-23 12:30");
    irregular_heartbeat(&mut gp, "2017");
    worn_knees(&mut gp, "2009");
    let turned = Registered {
        names: vec![name("official", "Ng Siew", "Lan")],
        born: Some("1941-07-01"),
        ..Registered::default()
    };
    let mut hospital = town.chart_as(&siew_lan, "hospital", turned);
    hospital.by("sheila-mathieson", "2026-12-22 09:50");
    let visit = ("2026-12-22 09:30", "2026-12-22 09:50");
    hospital.seen(
        "community-nursing",
        "sheila-mathieson",
        visit,
        codes::KNEE_OSTEOARTHRITIS,
    );
    hospital.vaccine(codes::INFLUENZA_VACCINE);
    let mut home = town.chart_as(&siew_lan, "braeside-house", right());
    residence(&mut home, "2023-02-13");
    home.takes(codes::APIXABAN, "Apixaban 5 mg tablets", "One twice a day");
    home.plan(
        "Care plan",
        "Eats what her niece brings on Sundays.",
        &["Tai chi in her chair", "Mandarin calls with family"],
    );
    home.relative("Ng Hui Min", &[("NIECE", "niece")], "07700 900 818");
}

/// Knows what she wants at the end, and said it in Gaelic.
fn murdina(town: &mut Builder) {
    let murdina = town.person(Who {
        key: "murdina-morrison",
        name: "Murdina Morrison",
        born: "1934-12-30",
        situation: "92, Gaelic speaker at Braeside, with a plan for the end of her life that the out-of-hours doctor must find",
        home: "braeside-house",
        practice: "millburn-practice",
        address: HOME,
        signs_in: true,
        ..Who::default()
    });
    let gaelic = || Registered {
        names: vec![
            name("official", "Murdina", "Morrison"),
            name("usual", "Murdag", "NicIllemhoire"),
        ],
        more: Registered::speaking("gd", "Scottish Gaelic").more,
        ..Registered::default()
    };
    let mut gp = town.chart_as(&murdina, "millburn-practice", gaelic());
    gp.by("hamish-colquhoun", "2026-11-19 15:40");
    gp.problem(codes::HEART_FAILURE, "2016");
    gp.medicine(
        codes::FUROSEMIDE,
        "Furosemide 80 mg tablets",
        "One each morning",
    );
    high_blood_pressure(&mut gp, "1988");
    gp.problem(codes::ISCHAEMIC_HEART_DISEASE, "2003");
    gp.plan(
        "Anticipatory care plan",
        "To stay at Braeside and not go back to hospital. No attempt to restart her heart; talked \
         over with her and her nephew, in Gaelic.",
        &[
            "Medicines for comfort kept at Braeside",
            "Ring her nephew at any hour",
        ],
    );
    gp.flag(
        "safety",
        "Do not attempt resuscitation: form at Braeside, signed 19 November 2026",
    );
    let mut home = town.chart_as(&murdina, "braeside-house", gaelic());
    residence(&mut home, "2021-08-30");
    home.takes(
        codes::FUROSEMIDE,
        "Furosemide 80 mg tablets",
        "One each morning",
    );
    home.relative(
        "Coinneach Morrison",
        &[("NEPHEW", "nephew")],
        "07700 900 819",
    );
    home.by("tomasz-wilk", "2027-01-10 08:00");
    home.note(
        "Morning",
        "Breathless on the stairs; walks on the flat. Weight up one kilo; nurse told.",
    );
}

/// Died on 3 January. His record does not end, and his relationships do.
fn dougal(town: &mut Builder) {
    let dougal = town.person(Who {
        key: "dougal-strang",
        name: "Dougal Strang",
        born: "1938-05-11",
        sex: Sex::Male,
        died: Some("2027-01-03"),
        situation: "died at Braeside on 3 January, aged 88; his daughter asks who was told what",
        home: "braeside-house",
        practice: "braehead-practice",
        address: HOME,
        ..Who::default()
    });
    let mut gp = town.chart(&dougal, "braehead-practice");
    gp.by("catherine-rattray", "2026-12-28 12:20");
    gp.problem(codes::COPD, "2005");
    gp.problem(codes::ISCHAEMIC_HEART_DISEASE, "1999");
    gp.note(
        "Visit",
        "Pneumonia; he wishes to stay where he is. Daughter rung.",
    );
    let mut home = town.chart(&dougal, "braeside-house");
    home.by("grace-addo", "2027-01-03 07:40");
    home.past_episode(
        "residence",
        "braeside-staff",
        "grace-addo",
        ("2022-03-14", "2027-01-03"),
    );
    home.relative(
        "Aileas Strang",
        &[("DAU", "natural daughter")],
        "07700 900 820",
    );
    home.note(
        "Death",
        "Died at 06:50 with Tomasz beside him. Doctor rung at 07:00, daughter at 07:10.",
    );
}

fn residence(home: &mut Chart<'_>, since: &str) {
    home.by("grace-addo", "2026-12-02 09:00");
    home.episode("residence", "braeside-staff", "grace-addo", since);
    home.care_team(
        "Braeside staff",
        since,
        &[("grace-addo", "manager"), ("tomasz-wilk", "key worker")],
    );
}
