//! Samples of the pages in front of the portals, and of errors.

use askama::Template;

use super::*;

fn worker(key: &str, name: &str, line: &str) -> SignIn {
    SignIn {
        key: key.into(),
        name: name.into(),
        line: line.into(),
    }
}

fn sign_in() -> SignInPage {
    let place = |name: &str, workers: &[(&str, &str, &str)]| Workplace {
        name: name.into(),
        workers: workers
            .iter()
            .map(|(key, name, line)| worker(key, name, line))
            .collect(),
    };
    SignInPage {
        page: nobody(),
        organisations: vec![
            place(
                "Clydevale Hospital",
                &[
                    ("w1", "Isla Brodie", "Charge nurse, ward 6"),
                    (
                        "w2",
                        "Dr Tomasz Zielinski",
                        "Consultant, care of older people",
                    ),
                ],
            ),
            place(
                "Northburn Council social work",
                &[
                    ("w3", "Rukhsana Malik", "Social worker"),
                    ("w4", "Callum O'Rourke", "Out-of-hours duty social worker"),
                ],
            ),
            place(
                "Northburn Housing",
                &[("w5", "Fraser Whyte", "Housing officer")],
            ),
        ],
        people: vec![
            worker(
                "p1",
                "Elspeth Carmichael",
                "86, going home from hospital soon",
            ),
            worker(
                "p2",
                "Marsaili NicDhòmhnaill",
                "Asked that her address is kept from one person",
            ),
            worker("p3", "Suharto", "Has one name"),
        ],
    }
}

fn fault(fault: Fault) -> ErrorPage {
    ErrorPage {
        page: nobody(),
        fault,
        reference: Some("R4T-99K".into()),
    }
}

fn counts(is_own: bool) -> CountsPage {
    let row = |what: &str, number: &str| CountRow {
        what: what.into(),
        number: number.into(),
    };
    let hospital = AgencyCounts {
        name: "Clydevale Hospital".into(),
        rows: vec![
            row("Asked", "about 40"),
            row("Shared what was asked", "about 30"),
            row("Refused", "fewer than 5"),
            row(
                "All or part refused: the person has said no to this (R05)",
                "fewer than 5",
            ),
        ],
    };
    let housing = AgencyCounts {
        name: "Northburn Housing".into(),
        rows: Vec::new(),
    };
    CountsPage {
        page: if is_own { at_work() } else { nobody() },
        quarter: "January to March 2027".into(),
        agencies: vec![hospital, housing],
        is_own,
        before: "/counts?quarter=2026-Q4".into(),
    }
}

pub(super) fn pages() -> Vec<Sample> {
    let none = CountsPage {
        agencies: Vec::new(),
        ..counts(false)
    };
    vec![
        ("counts", counts(false).render()),
        ("counts-none", none.render()),
        ("care-counts", counts(true).render()),
        ("home", HomePage { page: nobody() }.render()),
        ("home-signed-in", HomePage { page: as_oneself() }.render()),
        ("sign-in", sign_in().render()),
        ("help", HelpPage { page: as_oneself() }.render()),
        (
            "accessibility",
            AccessibilityPage { page: nobody() }.render(),
        ),
        ("privacy", PrivacyPage { page: nobody() }.render()),
        ("error-400", fault(Fault::Unreadable).render()),
        ("error-403", fault(Fault::NotAllowed).render()),
        ("error-404", fault(Fault::NotFound).render()),
        ("error-500", fault(Fault::Broken).render()),
        ("error-429", fault(Fault::TooOften).render()),
        ("error-503", fault(Fault::Unavailable).render()),
    ]
}
