//! Samples of putting in what somebody told, and of letters.

use super::*;

pub fn heard(errors: Errors) -> HeardPage {
    HeardPage {
        page: at_work(),
        person: banner(),
        from: vec![
            choice("the-person", "The person themself"),
            choice("p-1", "Their welfare attorney"),
            choice("other", "Somebody else"),
        ],
        ways: vec![
            choice("letter", "By letter"),
            choice("phone", "On the telephone"),
        ],
        to: vec![choice(
            "social-work",
            "Social work, Northburn Council social work",
        )],
        others: vec![choice("ward-6", "Ward 6, Clydevale Hospital")],
        unnamed: false,
        filled: HeardFilled {
            name: "Morag Carmichael".into(),
            says_to_be: "her niece".into(),
            on: "2027-01-11".into(),
            ..HeardFilled::default()
        },
        errors,
    }
}

pub fn with_errors() -> HeardPage {
    let mut errors = Errors::default();
    errors.add("from", "Say who told you");
    errors.add("on", "Give the day like this: 2027-01-15");
    errors.add("text", "Say what they told you");
    errors.add("to", "Choose the team that answers");
    errors.add("answer_to", "Say where the answer goes");
    heard(errors)
}

pub fn letter() -> LetterPage {
    LetterPage {
        page: at_work(),
        message: "m-7".into(),
        sheets: vec![vec![
            "Morag Carmichael".into(),
            "14 Kirk Wynd".into(),
            "Northburn".into(),
        ]],
        from: vec![
            "Rukhsana Malik".into(),
            "Social worker".into(),
            "Social work".into(),
            "Northburn Council social work".into(),
        ],
        on: on("2027-01-12"),
        subject: "Answer to somebody close".into(),
        about: "Elspeth Carmichael".into(),
        text: vec![
            "Thank you for your letter of 8 January.".into(),
            "We ask your aunt on Thursday.".into(),
        ],
        asked: None,
        due: None,
        ring: vec![contact("Social work", "01632 960210")],
        reference: "7z000g40r40m".into(),
    }
}

pub fn letters() -> LetterPage {
    LetterPage {
        sheets: vec![
            vec!["Millburn surgery".into(), "Millburn Practice".into()],
            vec!["Fraud team".into(), "Bank of Northburn".into()],
        ],
        subject: "Request for information".into(),
        asked: Some(Asked {
            what: vec!["Notes and letters".into()],
            basis: "Adult Support and Protection (Scotland) Act 2007 s.10".into(),
            terms: vec!["Requirement 2027/3".into()],
        }),
        due: Some(at(18, 17, 0)),
        ..letter()
    }
}
