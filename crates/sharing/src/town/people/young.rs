//! Growing up: a girl who is sixteen in three weeks, her mother and her therapist; a young woman
//! whose mother is her guardian.

use super::everyday::{hay_fever, low_mood, migraine, yearly_check};
use crate::town::builder::{Builder, Who};
use crate::town::codes;

pub(super) fn settle(town: &mut Builder) {
    lexie(town);
    carole(town);
    rosie(town);
}

/// Thought records are the therapist's and hers; her mother sees what she chooses to give.
fn lexie(town: &mut Builder) {
    let lexie = town.person(Who {
        key: "lexie-ferrans",
        name: "Lexie Ferrans",
        born: "2011-02-03",
        situation: "15, sixteen on 3 February; sees a psychotherapist; her mother's access ends that night",
        home: "hospital",
        practice: "braehead-practice",
        address: "9 Larch Grove, Northburn, NB1 5HY",
        signs_in: true,
        ..Who::default()
    });
    let mut gp = town.chart(&lexie, "braehead-practice");
    gp.by("catherine-rattray", "2026-09-17 16:00");
    gp.problem(codes::ANXIETY, "2026-05");
    migraine(&mut gp, "2024");
    gp.letter(
        codes::REFERRAL_NOTE,
        "Letter to young people's mental health",
        "Lexie came alone. She worries all day, has stopped going to band, and asked that her \
         mother be told that she is seeing you and not what is said.",
    );
    gp.relative("Carole Ferrans", &[("MTH", "mother")], "07700 900 816");
    let mut therapy = town.chart(&lexie, "hospital");
    therapy.by("rhiannon-blythe", "2027-01-07 16:50");
    therapy.episode(
        "caseload",
        "young-peoples-mental-health",
        "rhiannon-blythe",
        "2026-10-08",
    );
    let mother = therapy.relative("Carole Ferrans", &[("MTH", "mother")], "07700 900 816");
    therapy.care_team(
        "Lexie's circle",
        "2026-10-08",
        &[("rhiannon-blythe", "therapist"), (&mother, "mother")],
    );
    for (since, until, words) in [
        (
            "2026-12-10 16:00",
            "2026-12-10 16:50",
            "Thought record begun. She wrote three and read one aloud.",
        ),
        (
            "2027-01-07 16:00",
            "2027-01-07 16:50",
            "Cut her arm once in December; no plan, no wish to die. Safety plan written together. She will tell her mother herself.",
        ),
    ] {
        let visit = therapy.seen(
            "young-peoples-mental-health",
            "rhiannon-blythe",
            (since, until),
            codes::ANXIETY,
        );
        therapy
            .closely(&["V", "PSYTHPN"])
            .note_of(&visit, "Psychotherapy session", words);
    }
    therapy.closely(&["R", "MH"]).plan(
        "Safety plan",
        "Hers, and she carries it.",
        &[
            "A walk, half as long as her mother suggested",
            "Text a friend",
            "Ring the line at night",
        ],
    );
    therapy.closely(&["R", "MH"]).booked(
        "young-peoples-mental-health",
        "rhiannon-blythe",
        ("2027-01-21 16:00", "2027-01-21 16:50"),
        "Session",
    );
}

/// Her own low mood is her own record.
fn carole(town: &mut Builder) {
    let carole = town.person(Who {
        key: "carole-ferrans",
        name: "Carole Ferrans",
        born: "1980-06-16",
        situation: "46, Lexie Ferrans's mother; her own past depression is hers and stays in her record",
        home: "braehead-practice",
        practice: "braehead-practice",
        address: "9 Larch Grove, Northburn, NB1 5HY",
        signs_in: true,
        ..Who::default()
    });
    let mut gp = town.chart(&carole, "braehead-practice");
    gp.by("imran-yousaf", "2026-11-13 08:40");
    low_mood(&mut gp, "2012");
    hay_fever(&mut gp, "1994");
    yearly_check(&mut gp, 72.5, (124.0, 80.0));
    gp.note(
        "Consultation",
        "Asked what Lexie tells her therapist. Told that this is Lexie's to say.",
    );
}

/// A guardian for welfare; she still has views of her own, and they come first.
fn rosie(town: &mut Builder) {
    let rosie = town.person(Who {
        key: "rosie-gemmell",
        name: "Rosie Gemmell",
        born: "2002-09-24",
        situation: "24, has a learning disability; her mother is welfare guardian; an advocate helps her to say what she wants",
        home: "southbrae-social-work",
        practice: "millburn-practice",
        address: "30 Links Court, Southbrae, SB1 3BD",
        ..Who::default()
    });
    let mut gp = town.chart(&rosie, "millburn-practice");
    gp.by("hamish-colquhoun", "2026-10-01 10:40");
    gp.problem(codes::INTELLECTUAL_DISABILITY, "2004");
    gp.problem(codes::SEIZURE_DISORDER, "2006");
    gp.medicine(
        codes::LEVETIRACETAM,
        "Levetiracetam 750 mg tablets",
        "One twice a day",
    );
    gp.medicine(
        codes::OMEPRAZOLE,
        "Omeprazole 20 mg capsules",
        "One each morning",
    );
    yearly_check(&mut gp, 59.0, (110.0, 68.0));
    gp.note(
        "Annual health check",
        "Came with a supporter. Wants a boyfriend and a flat; knows about both.",
    );
    let mut council = town.chart(&rosie, "southbrae-social-work");
    council.by("eilidh-crombie", "2026-12-07 13:15");
    council.episode(
        "caseload",
        "southbrae-adults",
        "eilidh-crombie",
        "2020-09-24",
    );
    council.relative(
        "Maureen Gemmell",
        &[("MTH", "mother"), ("GUARD", "guardian")],
        "07700 900 817",
    );
    council.care_team(
        "Supported living",
        "2024-04-01",
        &[("eilidh-crombie", "named social worker")],
    );
    council.plan(
        "Support plan",
        "Rosie's words: my own door.",
        &["Flat-share trial in March", "Café shifts on Tuesdays"],
    );
    council.referral(
        "heatherbank-advocates",
        codes::CARE_NEEDS_ASSESSED,
        "To speak for herself about the flat",
    );
    let mut advocacy = town.chart(&rosie, "heatherbank-advocacy");
    advocacy.by("sorcha-breen", "2026-12-21 14:00");
    advocacy.episode(
        "caseload",
        "heatherbank-advocates",
        "sorcha-breen",
        "2026-12-14",
    );
    advocacy.note(
        "Rosie's views",
        "Wants to choose who she lives with, and to be asked before her mother is.",
    );
}
