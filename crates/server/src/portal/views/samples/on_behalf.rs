//! A sample of putting in what a team answered outside the exchange.

use super::*;

pub fn on_behalf() -> OnBehalfPage {
    let mut errors = Errors::default();
    errors.add("by", "Say who answered, and in what role");
    errors.add("ground", "`GDPR` is not a ground");
    OnBehalfPage {
        page: at_work(),
        message: "m-4".into(),
        name: "Elspeth Carmichael".into(),
        teams: vec![choice(
            "millburn-surgery",
            "Millburn surgery, Millburn Practice",
        )],
        ways: vec![
            choice("letter", "By letter"),
            choice("phone", "On the telephone"),
        ],
        answers: vec![
            choice("shared", "They share what was asked"),
            choice("refused", "They refuse"),
        ],
        told: vec![choice("documents", "Notes and letters")],
        grounds: vec![
            choice("", "None of these, or they gave none"),
            choice("R09", "Serious harm"),
        ],
        whole: true,
        typed: OnBehalfFilled {
            on: "2027-01-15".into(),
            ..OnBehalfFilled::default()
        },
        refusal: RefuseFilled {
            other: "GDPR".into(),
            ..RefuseFilled::default()
        },
        errors,
    }
}
