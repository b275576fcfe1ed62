//! Tenants: one waits for a shower, one who is Deaf for a doorbell that she can see.

use super::everyday::{diabetes, thyroid, worn_knees, yearly_check};
use crate::town::builder::{Builder, Who};
use crate::town::chart::Registered;
use crate::town::codes;

pub(super) fn settle(town: &mut Builder) {
    jessie(town);
    nessa(town);
}

/// Housing knows her as a tenant: it needs the works, not the diagnoses.
fn jessie(town: &mut Builder) {
    let jessie = town.person(Who {
        key: "jessie-pettigrew",
        name: "Jessie Pettigrew",
        born: "1952-10-30",
        situation: "74, council tenant waiting for a level-access shower; housing may see what she can and cannot do, not why",
        home: "braehead-practice",
        practice: "braehead-practice",
        address: "52 Station Terrace, Northburn, NB2 1HA",
        signs_in: true,
        ..Who::default()
    });

    let mut gp = town.chart(&jessie, "braehead-practice");
    gp.by("catherine-rattray", "2026-10-05 10:30");
    worn_knees(&mut gp, "2016");
    diabetes(&mut gp, "2012");
    gp.problem_noted(
        codes::DEPRESSION,
        "2025-02",
        Some("After her sister's death."),
    );
    gp.medicine(
        codes::MIRTAZAPINE,
        "Mirtazapine 15 mg tablets",
        "One at night",
    );
    gp.score(codes::PHQ9_TOTAL, 14);
    gp.letter(
        codes::REFERRAL_NOTE,
        "Letter to occupational therapy",
        "Mrs Pettigrew cannot lift her legs over the bath. Her knees are worn and she has type 2 \
         diabetes. She has been low in mood and finds it hard to ask for help. Please assess.",
    );
    gp.by("deirdre-quigley", "2026-10-19 09:30");
    yearly_check(&mut gp, 79.4, (136.0, 80.0));

    let mut therapy = town.chart(&jessie, "hospital");
    therapy.by("agnieszka-lis", "2026-11-12 14:00");
    let visit = ("2026-11-12 13:00", "2026-11-12 13:50");
    let visit = therapy.seen(
        "community-therapy",
        "agnieszka-lis",
        visit,
        codes::KNEE_OSTEOARTHRITIS,
    );
    therapy.episode(
        "caseload",
        "community-therapy",
        "agnieszka-lis",
        "2026-10-20",
    );
    therapy.assessment(
        "Functional needs at home",
        &[
            ("Bath", "Cannot step over a 54 cm side; washes at the basin"),
            ("Stairs", "One flight with a rail, one step at a time"),
            ("Works advised", "Level-access shower with rail and seat"),
            ("Equipment meanwhile", "Perching stool, bath board not safe"),
        ],
    );
    therapy.equipment("completed", "Perching stool", "Cannot stand at the basin");
    therapy.referral(
        "northburn-adaptations",
        codes::OCCUPATIONAL_THERAPY,
        "Level-access shower with rail and seat at 52 Station Terrace",
    );
    therapy.note_of(
        &visit,
        "Home visit",
        "Pleased with the stool. Tearful when she spoke of her sister; she knows that her GP \
         treats her depression and does not want the housing office to know.",
    );

    let mut council = town.chart(&jessie, "northburn-social-work");
    council.by("fraser-abercrombie", "2026-12-10 11:15");
    council.episode(
        "caseload",
        "northburn-adults",
        "fraser-abercrombie",
        "2026-12-01",
    );
    council.care_team(
        "Support at home",
        "2026-12-01",
        &[("fraser-abercrombie", "named social worker")],
    );
    council.plan(
        "Support plan",
        "Mrs Pettigrew wants to wash without help and to stay where she is.",
        &[
            "Level-access shower",
            "Community alarm",
            "Lunch club on Thursdays",
        ],
    );
    council.by("fraser-abercrombie", "2027-01-07 15:20");
    council.note(
        "Telephone call",
        "Rang about the date of the works. Told her that housing will ring before Friday.",
    );

    let mut housing = town.chart(&jessie, "northburn-housing");
    housing.by("derek-muirhead", "2026-12-02 09:00");
    housing.episode(
        "tenancy",
        "northburn-tenancies",
        "derek-muirhead",
        "1998-06-08",
    );
    housing.by("shona-pirie", "2026-12-15 10:00");
    housing.care_team(
        "Adaptation at 52 Station Terrace",
        "2026-12-15",
        &[("shona-pirie", "adaptations officer")],
    );
    housing.note(
        "Works request",
        "Level-access shower with rail and seat. Survey on 14 January. Tenant to be told a day before.",
    );
    housing.booked(
        "northburn-adaptations",
        "shona-pirie",
        ("2027-01-14 10:00", "2027-01-14 11:00"),
        "Survey for a level-access shower",
    );
}

/// Deaf; English is her second language, British Sign Language her first.
fn nessa(town: &mut Builder) {
    let nessa = town.person(Who {
        key: "nessa-cathcart",
        name: "Nessa Cathcart",
        born: "1974-03-22",
        situation: "52, Deaf, uses British Sign Language; council tenant who asked for a flashing doorbell and smoke alarm",
        home: "millburn-practice",
        practice: "millburn-practice",
        address: "6 Mill Lade, Northburn, NB2 5TB",
        signs_in: true,
        ..Who::default()
    });
    let signs = || Registered::speaking("bfi", "British Sign Language");
    let book = "BSL interpreter needed: book one, or use the video relay; text, do not ring";

    let mut gp = town.chart_as(&nessa, "millburn-practice", signs());
    gp.by("alina-popescu", "2026-10-27 09:00");
    gp.flag("communication", book);
    gp.by("sunita-krishnan", "2026-10-27 09:20");
    gp.problem(codes::HEARING_LOSS, "1974");
    thyroid(&mut gp, "2017");
    yearly_check(&mut gp, 66.1, (122.0, 78.0));
    gp.letter(
        codes::CONSULT_NOTE,
        "Consultation with interpreter",
        "Interpreter booked through the agency and present throughout. Tired; thyroid tablets \
         raised. She asks that letters come in plain English and that nobody ring her.",
    );

    let mut clinic = town.chart_as(&nessa, "hospital", signs());
    clinic.by("una-begbie", "2026-12-14 10:00");
    clinic.flag("communication", book);
    clinic.by("wiktoria-kaminska", "2026-12-14 11:00");
    let visit = ("2026-12-14 10:40", "2026-12-14 11:00");
    let visit = clinic.seen(
        "fracture-clinic",
        "wiktoria-kaminska",
        visit,
        codes::FOREARM_FRACTURE,
    );
    clinic.note_of(
        &visit,
        "Fracture clinic",
        "Plaster off. No interpreter came; seen with written notes. Apology given.",
    );
    clinic.booked(
        "fracture-clinic",
        "wiktoria-kaminska",
        ("2027-01-25 10:40", "2027-01-25 11:10"),
        "Review of wrist, BSL interpreter booked",
    );

    let mut housing = town.chart_as(&nessa, "northburn-housing", signs());
    housing.by("derek-muirhead", "2026-12-02 09:10");
    housing.flag("communication", book);
    housing.episode(
        "tenancy",
        "northburn-tenancies",
        "derek-muirhead",
        "2011-03-14",
    );
    housing.by("shona-pirie", "2027-01-05 14:00");
    housing.equipment(
        "active",
        "Flashing doorbell and smoke alarm",
        "Tenant cannot hear the alarm",
    );
}
