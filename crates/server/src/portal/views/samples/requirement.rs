//! Samples of a requirement under section 10.

use super::super::*;
use super::request;

pub fn require() -> RequirePage {
    let mut errors = Errors::default();
    errors.add("number", "Give the requirement's number");
    errors.add(
        "reader",
        "A reader is a health professional whom the directory names with a team",
    );
    RequirePage {
        page: at_work(),
        message: "m-1".into(),
        name: "Elspeth Carmichael".into(),
        to: vec![choice("ward-3", "Ward 3, Clydevale Hospital")],
        what: vec![choice("conditions", "Conditions")],
        readers: vec![choice("r-1", "Community nursing, Sheila Mathieson, nurse")],
        adult: vec![choice("agrees", "They agree")],
        filled: RequireFilled {
            why: "Money is gone.".into(),
            from: "2026-12-01".into(),
            ..RequireFilled::default()
        },
        errors,
    }
}

pub fn requirement() -> MessagePage {
    MessagePage {
        asked: Some(Asked {
            what: vec!["Documents".into()],
            basis: "A-c, C-stat".into(),
            terms: vec![
                "Requirement ASP-27-004".into(),
                "The adult objects; the law goes past that".into(),
            ],
        }),
        may_require: true,
        may_read: true,
        sources: 2,
        errors: Errors::default(),
        ..request()
    }
}

pub fn extract() -> ExtractPage {
    let mut errors = Errors::default();
    errors.add(
        "source",
        "Name the records that it is from: what has no source is hearsay",
    );
    ExtractPage {
        page: at_work(),
        message: "m-6".into(),
        name: "Elspeth Carmichael".into(),
        why: "Money is gone.".into(),
        sources: vec![choice("DocumentReference/d-1", "Letter, 17-Dec-2026: seen")],
        told: vec![choice("documents", "Documents")],
        text: "Speaks of a neighbour with the bank card.".into(),
        errors,
    }
}
