//! Samples of not agreeing with a line, and of deciding about that.

use askama::Template;

use super::*;

const LINE: &str =
    "Derek Muirhead of Northburn Housing read your care plans on 8 January 2027 at midday.";

fn disagree() -> DisagreePage {
    DisagreePage {
        page: as_oneself(),
        action: "/me/lines/9f2c/challenge".into(),
        patient: None,
        lines: "/me/access".into(),
        said: LINE.into(),
        grounds: vec![
            choice("not-me", "It is not about me"),
            choice("wrong-recipient", "It went to the wrong people"),
            choice("too-much", "It was more than they need"),
        ],
        wanted: vec![
            choice("stop", "Stop sharing it"),
            choice("explain", "Say why"),
        ],
        text: String::new(),
        errors: Errors::default(),
    }
}

fn with_errors() -> DisagreePage {
    let mut errors = Errors::default();
    errors.add("because", "Choose what is wrong");
    errors.add("wanted", "Choose what you want");
    DisagreePage {
        errors,
        ..disagree()
    }
}

fn list(rows: usize) -> ChallengesPage {
    let row = ChallengeRow {
        address: "/me/challenges/m-31".into(),
        said: LINE.into(),
        state: "Sent".into(),
        on: at(11, 10, 0),
    };
    ChallengesPage {
        page: as_oneself(),
        rows: std::iter::repeat_n(row, rows).collect(),
        lines: "/me/access".into(),
    }
}

fn sent() -> ChallengePage {
    ChallengePage {
        page: as_oneself(),
        list: "/me/challenges".into(),
        state: "Sent".into(),
        said: LINE.into(),
        so_far: vec![
            "You challenged this on 11 January 2027: it was more than they need.".into(),
            "You want them to: say why.".into(),
            "Northburn Housing information rights will tell you by 14 January 2027 that they have it."
                .into(),
        ],
        routes: Vec::new(),
        ring: vec![contact("Northburn Housing information rights", "01632 960133")],
    }
}

fn decided() -> ChallengePage {
    ChallengePage {
        state: "It stands".into(),
        so_far: vec![
            "You challenged this on 11 January 2027: it was more than they need.".into(),
            "Callum Tait answered on 13 January 2027: it stands.".into(),
            "“They needed to know about the ramp.”".into(),
        ],
        routes: vec!["the Information Commissioner".into()],
        ..sent()
    }
}

pub(super) fn pages() -> Vec<Sample> {
    vec![
        ("me-disagree", disagree().render()),
        ("me-disagree-errors", with_errors().render()),
        ("me-challenges", list(1).render()),
        ("me-challenges-empty", list(0).render()),
        ("me-challenge", sent().render()),
        ("me-challenge-decided", decided().render()),
    ]
}
