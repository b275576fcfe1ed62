//! Samples of what somebody close to a person asks and is answered.

use askama::Template;

use super::*;

fn asking() -> FamilyPage {
    FamilyPage {
        page: as_oneself(),
        form: FindForm {
            name: "Agnieszka Rutherford-Bain".into(),
            born_day: "2".into(),
            born_month: "3".into(),
            born_year: "1941".into(),
            chi: String::new(),
        },
        says_to_be: "her neighbour".into(),
        asked: vec![AskedRow {
            message: "m-12".into(),
            about: "Agnieszka Rutherford-Bain".into(),
            state: "Say what you think before it is decided".into(),
            waits: true,
        }],
        words: vec![WordRow {
            message: "m-9".into(),
            about: "Agnieszka Rutherford-Bain".into(),
            team: "Northburn adults team".into(),
            state: "read".into(),
            at: at(11, 9, 30),
        }],
        errors: Errors::default(),
    }
}

fn asking_with_errors() -> FamilyPage {
    let mut errors = Errors::default();
    errors.add("name", "Give the name of whom you ask about");
    errors.add(
        "born_day",
        "Give their date of birth, or their CHI number if you know it",
    );
    errors.add(
        "says_to_be",
        "Say what you are to them, such as her son or a neighbour",
    );
    FamilyPage {
        form: FindForm::default(),
        says_to_be: String::new(),
        asked: Vec::new(),
        words: Vec::new(),
        errors,
        ..asking()
    }
}

fn standing() -> StandingView {
    StandingView {
        own_words: vec![
            "In an advance statement of 1 March 2024: “I want to stay near the sea.”".into(),
        ],
        wished: vec!["Notes and letters".into()],
        told: vec!["How they are in general: ask whoever answers below.".into()],
        opened: vec!["Who is involved".into()],
        withheld: vec![WithheldLine {
            what: "Health conditions".into(),
            why: "the representative's powers do not cover this or are not in force".into(),
            who: "the granter, the register or the sheriff".into(),
        }],
        deciders: vec![DeciderLine {
            name: "Northburn Council social work".into(),
            by: at(18, 9, 30),
            missing: "the views of those who must be heard".into(),
        }],
        advice: vec!["A registered power of attorney that covers this".into()],
        routes: vec!["The Information Commissioner".into()],
        lines: None,
        ring: vec![contact(
            "Rukhsana Malik, Northburn Council social work",
            "01632 960114",
        )],
        team: Some("Northburn adults team".into()),
    }
}

fn answer(standing: Option<StandingView>) -> FamilyAnswerPage {
    FamilyAnswerPage {
        page: as_oneself(),
        question: "sealed".into(),
        about: "Agnieszka Rutherford-Bain".into(),
        standing,
        teams: vec![choice("northburn-adults", "Northburn adults team")],
        text: String::new(),
        unnamed: false,
        errors: Errors::default(),
    }
}

fn attorney() -> FamilyAnswerPage {
    let line = AccountLine {
        challenge: None,
        contested: false,
        reference: "7KQ4-M2XD".into(),
        at: at(11, 9, 0),
        outcome: AccountOutcome::Shared,
        sentence: "Rukhsana Malik, social worker, read your care plans on 11 January 2027 at 9am."
            .into(),
        who: "Rukhsana Malik".into(),
        organisation: "Northburn Council social work".into(),
        what: vec!["Care plans".into()],
        why: "You are on the caseload".into(),
        purpose: "Direct care".into(),
        basis: String::new(),
        channel: "on screen".into(),
    };
    answer(Some(StandingView {
        lines: Some(vec![line]),
        ..standing()
    }))
}

fn nothing_with_errors() -> FamilyAnswerPage {
    let mut errors = Errors::default();
    errors.add("text", "Write what they should know or do");
    errors.add("to", "Choose the service that should read it");
    FamilyAnswerPage {
        errors,
        unnamed: true,
        ..answer(None)
    }
}

fn word(late: Option<&str>) -> FamilyWordPage {
    let reply = MessagePart {
        from: "Rukhsana Malik, Northburn adults team".into(),
        at: at(12, 11, 0),
        text: vec!["Thank you. I ring you on Thursday.".into()],
        revised: None,
    };
    FamilyWordPage {
        page: as_oneself(),
        about: "Agnieszka Rutherford-Bain".into(),
        text: vec!["She fell twice last week.".into()],
        at: at(11, 9, 30),
        team: "Northburn adults team".into(),
        state: if late.is_some() {
            "not yet read"
        } else {
            "answered"
        }
        .into(),
        due: late.map(|_| at(18, 9, 30)),
        late: late.map(str::to_owned),
        ring: vec![contact("Northburn adults team", "01632 960114")],
        replies: if late.is_some() {
            Vec::new()
        } else {
            vec![reply]
        },
        unnamed: late.is_some(),
    }
}

pub(super) fn pages() -> Vec<Sample> {
    vec![
        ("me-family", asking().render()),
        ("me-family-errors", asking_with_errors().render()),
        ("me-family-answer", answer(Some(standing())).render()),
        ("me-family-attorney", attorney().render()),
        ("me-family-nothing", nothing_with_errors().render()),
        ("me-family-word", word(None).render()),
        (
            "me-family-late",
            word(Some("It should have been answered by now.")).render(),
        ),
    ]
}

#[test]
fn whoever_nothing_may_be_told_reads_the_same_words_whomever_they_name() {
    let html = answer(None).render().expect("the page renders");
    assert!(html.contains("We cannot say anything about any patient."));
    for word in ["Who decides", "Ring", "not told"] {
        assert!(!html.contains(word), "{word}");
    }
}
