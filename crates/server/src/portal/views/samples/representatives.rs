//! Samples of who acts for whom, on what paper.

use askama::Template;

use super::*;

fn power(what: &str, state: &str, holds: bool) -> PowerView {
    PowerView {
        what: what.into(),
        state: state.into(),
        holds,
    }
}

fn row(state: &str) -> ClaimRow {
    ClaimRow {
        message: "m-21".into(),
        about: "Agnieszka Rutherford-Bain".into(),
        by: "welfare attorney".into(),
        team: "Northburn adults team".into(),
        state: state.into(),
        at: at(11, 10, 0),
    }
}

fn form() -> ClaimForm {
    ClaimForm {
        kinds: vec![
            choice("welfare-attorney", "Welfare attorney"),
            choice("guardian", "Guardian"),
        ],
        number: String::new(),
        from_day: String::new(),
        from_month: String::new(),
        from_year: String::new(),
        powers: vec![
            choice("accommodation", "Where to live"),
            choice("care", "Day-to-day care"),
        ],
        jointly: false,
        on_belief: true,
        shown: vec![
            choice("post", "I send it by post"),
            choice("bring", "I bring it"),
        ],
        teams: vec![choice("northburn-adults", "Northburn adults team")],
        text: String::new(),
    }
}

fn nobody_yet() -> RepresentativesPage {
    RepresentativesPage {
        page: as_oneself(),
        acts_for_you: Vec::new(),
        claims: Vec::new(),
        about: FindForm::default(),
        says_to_be: String::new(),
        form: form(),
        errors: Errors::default(),
    }
}

fn with_both_and_errors() -> RepresentativesPage {
    let mut errors = Errors::default();
    errors.add("name", "Give the name of whom you ask about");
    errors.add("kind", "Choose what your paper makes you");
    errors.add(
        "number",
        "Give the number under which the Office of the Public Guardian or the court has it; it stands on the certificate",
    );
    errors.add("power", "Say which powers the paper gives you");
    errors.add("shown", "Say how they get to see it");
    errors.add("to", "Choose the service that should read it");
    RepresentativesPage {
        acts_for_you: vec![ActsForYouView {
            name: Some("Ruaridh Rutherford".into()),
            by: "welfare attorney".into(),
            powers: vec![power(
                "Day-to-day care",
                "In force on the holder's own belief",
                true,
            )],
            checked: Some("Rukhsana Malik checked it on 11 January 2027".into()),
            believed: "day-to-day care".into(),
        }],
        claims: vec![row("not yet read")],
        errors,
        ..nobody_yet()
    }
}

fn waiting() -> ClaimPage {
    ClaimPage {
        page: as_oneself(),
        row: row("not yet read"),
        text: vec![
            "I act as welfare attorney, number 1234-5678.".into(),
            "Powers: day-to-day care.".into(),
        ],
        open: true,
        due: Some(at(18, 17, 0)),
        late: Some("It should have been answered by now.".into()),
        ring: Vec::new(),
        replies: Vec::new(),
        powers: Vec::new(),
        beliefs: Vec::new(),
        errors: Errors::default(),
    }
}

fn accepted() -> ClaimPage {
    let mut errors = Errors::default();
    errors.add(
        "about",
        "Money and property: your paper gives no power over this",
    );
    ClaimPage {
        row: row("accepted"),
        open: false,
        due: None,
        late: None,
        powers: vec![
            power(
                "Where to live",
                "Begins when the person cannot decide it",
                false,
            ),
            power(
                "Day-to-day care",
                "In force on the holder's own belief",
                true,
            ),
        ],
        beliefs: vec![
            choice("accommodation", "Where to live"),
            choice("care", "Day-to-day care"),
        ],
        errors,
        ..waiting()
    }
}

fn refused() -> ClaimPage {
    ClaimPage {
        row: row("not accepted"),
        open: false,
        due: None,
        late: None,
        ..waiting()
    }
}

pub fn pages() -> Vec<(&'static str, askama::Result<String>)> {
    vec![
        ("me-representatives", nobody_yet().render()),
        ("me-representatives-errors", with_both_and_errors().render()),
        ("me-paper-waiting", waiting().render()),
        ("me-paper-accepted", accepted().render()),
        ("me-paper-refused", refused().render()),
    ]
}
