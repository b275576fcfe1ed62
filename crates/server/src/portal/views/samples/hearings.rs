//! Samples of what somebody is asked about a planned decision.

use askama::Template;

use super::*;

fn asked() -> HearingPage {
    HearingPage {
        page: as_oneself(),
        address: "/me/hearings/m-12".into(),
        by_link: None,
        about: "Agnieszka Rutherford-Bain".into(),
        decision: "Move to Braeside House".into(),
        plan: vec![
            "This is planned for Agnieszka Rutherford-Bain on 20 January 2027: “Move to Braeside House”."
                .into(),
            "It is planned by Pauline Heggie, Northburn adults team, Northburn Council social work."
                .into(),
            "You are asked because you are down as their welfare attorney.".into(),
            "Nobody decides until they have read what you think. A named person answers you first."
                .into(),
        ],
        so_far: Vec::new(),
        waits: false,
        by: at(20, 10, 0),
        is_open: true,
        ring: vec![contact("Northburn adults team", "01632 960114")],
        text: String::new(),
        errors: Errors::default(),
    }
}

fn said() -> HearingPage {
    HearingPage {
        so_far: vec![
            "You said on 15 January 2027: “Home with care first. Who visits at night?”".into(),
        ],
        waits: true,
        ..asked()
    }
}

fn with_errors() -> HearingPage {
    let mut errors = Errors::default();
    errors.add("text", "Say what you want to say");
    HearingPage { errors, ..asked() }
}

fn decided() -> HearingPage {
    let mut so_far = said().so_far;
    so_far
        .push("Pauline Heggie answered on 18 January 2027: “Nobody can before March.”".to_owned());
    HearingPage {
        plan: vec![
            "This was decided about Agnieszka Rutherford-Bain on 20 January 2027: “Move to Braeside House”."
                .into(),
            "It was decided by Pauline Heggie, Northburn adults team, Northburn Council social work."
                .into(),
        ],
        so_far,
        is_open: false,
        ..asked()
    }
}

fn asked_by_link() -> HearingPage {
    HearingPage {
        page: nobody(),
        address: "/link/l-2/view".into(),
        by_link: Some(HeardByLink {
            name: "Beathag Nicolson".into(),
            until: at(18, 9, 30),
            ring: contact("Northburn Council", "01632 960100"),
        }),
        ..asked()
    }
}

pub(super) fn pages() -> Vec<Sample> {
    vec![
        ("me-hearing", asked().render()),
        ("me-hearing-said", said().render()),
        ("link-hearing", asked_by_link().render()),
        ("me-hearing-errors", with_errors().render()),
        ("me-hearing-decided", decided().render()),
    ]
}
