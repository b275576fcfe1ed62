//! A child who was adopted, and the record of the name he had before.

use super::everyday::{asthma, eczema};
use crate::town::Restriction;
use crate::town::builder::{Builder, Sex, Who};
use crate::town::chart::Registered;
use crate::town::codes;

pub(super) fn settle(town: &mut Builder) {
    rowan(town);
}

/// Adopted at three. The record of the child he was called before is somebody else's to anyone
/// who looks, and nothing links the two.
fn rowan(town: &mut Builder) {
    let rowan = town.person(Who {
        key: "rowan-kinloch",
        name: "Rowan Kinloch",
        born: "2018-10-21",
        sex: Sex::Male,
        situation: "8, adopted; an earlier identity is held apart and must never be linked",
        home: "braehead-practice",
        practice: "braehead-practice",
        address: "5 Beechwood, Northburn, NB1 1UP",
        ..Who::default()
    });
    let mut gp = town.chart(&rowan, "braehead-practice");
    gp.by("imran-yousaf", "2026-10-06 15:10");
    asthma(&mut gp, "2023");
    gp.relative("Gillian Kinloch", &[("MTH", "mother")], "07700 900 812");
    gp.vaccine(codes::MMR_VACCINE);
    gp.vaccine(codes::INFLUENZA_VACCINE);
    eczema(&mut gp, "2022");
    gp.measure(codes::BODY_WEIGHT, 27.4, "kg", "kg");
    gp.note(
        "Consultation",
        "Sleeps badly before contact letters. Parents want advice on what to tell school.",
    );

    let before = town.person(Who {
        key: "held-apart",
        name: "Kyle Struthers",
        born: "2018-10-21",
        sex: Sex::Male,
        situation: "an identity that ended by adoption in 2021, held by Southbrae children and families and protected",
        home: "southbrae-social-work",
        address: "88 Gasworks Lane, Southbrae, SB3 9QX",
        ..Who::default()
    });
    let sealed = Registered {
        closely: &["V", "ADOPT"],
        ..Registered::default()
    };
    let mut council = town.chart_as(&before, "southbrae-social-work", sealed);
    council.by("gurpreet-bains", "2026-12-01 09:00");
    council.closely(&["V", "ADOPT"]).past_episode(
        "caseload",
        "southbrae-children",
        "gurpreet-bains",
        ("2019-02-11", "2021-11-30"),
    );
    council.closely(&["V", "ADOPT"]).note(
        "Closed",
        "Adoption order granted. Papers sealed; enquiries to the adoption lead only.",
    );
    town.restrict(Restriction::Protect {
        person_key: before.key,
    });
}
