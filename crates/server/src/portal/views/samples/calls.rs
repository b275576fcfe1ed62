//! Samples of a note of a call round, and of taking back what was told in one.

use super::*;

pub fn note() -> MessagePage {
    let attended = |name: &str, state: &str| AttendedView {
        name: name.into(),
        state: state.into(),
    };
    MessagePage {
        kind: "Call or meeting".into(),
        call: Some(CallView {
            how: "By telephone. I rang a number that we had".into(),
            what: vec!["Care plans".into(), "Everyday needs".into()],
            next: Some("Rukhsana rings the home on Friday".into()),
            attended: vec![
                attended("Moira Laing, home care co-ordinator, Tayside Hands", "told"),
                attended(
                    "Ms Farr, solicitor",
                    "not sent: they have no power for this",
                ),
            ],
            may_correct: true,
        }),
        answers: Vec::new(),
        may_reply: false,
        ..message()
    }
}

pub fn correct() -> CorrectPage {
    let mut errors = Errors::default();
    errors.add("fault", "Say what was wrong with it");
    errors.add(
        "other",
        "Say about whom it is: their account has to tell them",
    );
    let mut who = choice("1", "Moira Laing, home care co-ordinator, Tayside Hands");
    who.chosen = true;
    CorrectPage {
        page: at_work(),
        message: "m-7".into(),
        name: "Elspeth Carmichael".into(),
        faults: vec![
            choice("not-so", "It is not so"),
            choice("of-another", "It is about somebody else"),
        ],
        who: vec![who],
        others: vec![choice("p-9", "Effie Carmichael, born 2 May 1940")],
        text: "She takes no blood thinner.".into(),
        errors,
    }
}
