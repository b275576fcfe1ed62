//! Samples of decisions about somebody's life.

use super::super::*;

pub fn decisions() -> DecisionsPage {
    let mut errors = Errors::default();
    errors.add(
        "step",
        "The welfare attorney was neither told nor heard: tell them and hear them, or record one closed ground",
    );
    let heard = |party: &str, is: &str, told: Option<&str>| HeardView {
        party: party.into(),
        is: is.into(),
        asked: match told {
            Some(_) => "Candour asked them on 12 January 2027".into(),
            None => "Candour could not ask them: ring or write".into(),
        },
        told: told.map(Into::into),
        view: told.map(|_| "Home with care first. Who visits at night?".into()),
        unanswered: told.is_some(),
        asks: Some("m-12".into()),
        link: told.is_some().then(|| {
            "Beathag Nicolson has a one-time link until 18 January 2027, and has not opened it"
                .into()
        }),
    };
    DecisionsPage {
        page: at_work(),
        person: "p-8f3a61".into(),
        known: Some("Elspeth Carmichael".into()),
        decisions: vec![
            DecisionView {
                name: "Move to Braeside House".into(),
                state: "Where they live: heard, for 20 January 2027".into(),
                power: "Their attorney's power".into(),
                is_open: true,
                own_words: vec![
                    "In an advance statement of 1 March 2024: “I want to stay near the sea.”"
                        .into(),
                ],
                heard: vec![
                    heard("a", "Welfare attorney", None),
                    heard("b", "Primary carer", Some("12 January 2027")),
                ],
            },
            DecisionView {
                name: "A day centre".into(),
                state: "How they are looked after: made on 4 January 2027".into(),
                power: "Their own decision".into(),
                is_open: false,
                own_words: Vec::new(),
                heard: Vec::new(),
            },
        ],
        step: Some(StepForm {
            decisions: vec![choice("Move to Braeside House", "Move to Braeside House")],
            parties: vec![
                choice("a", "Welfare attorney"),
                choice("b", "Primary carer"),
            ],
            steps: vec![
                choice("told", "They were told of it"),
                choice("make", "It is made"),
            ],
            grounds: vec![choice("R09", "R09: it would do serious harm")],
            words: "She needs somebody there at night.".into(),
            asks: true,
            review: "2027-04-20".into(),
        }),
        own_words: OwnWordsForm {
            kinds: vec![
                choice("advance-statement", "An advance statement"),
                choice("present-wishes", "What they wish and feel now"),
            ],
            words: "I want to stay near the sea.".into(),
            at: "2024-03-01".into(),
        },
        plan: PlanForm {
            name: String::new(),
            matters: vec![
                choice("accommodation", "Where they live"),
                choice("care", "How they are looked after"),
            ],
            powers: vec![
                choice("person", "Their own decision"),
                choice("s13za", "Section 13ZA"),
            ],
            at: String::new(),
        },
        errors,
    }
}

pub fn nothing_planned() -> DecisionsPage {
    DecisionsPage {
        decisions: Vec::new(),
        step: None,
        errors: Errors::default(),
        ..decisions()
    }
}
