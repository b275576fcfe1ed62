//! Samples of an agency's agreements.

use askama::Template;

use super::*;

fn agreements() -> AgreementsPage {
    let flow = FlowRow {
        number: "3".into(),
        from: "Burngate Medical Practice".into(),
        to: "Clydevale Hospital".into(),
        items: "health conditions, medicines".into(),
        purposes: "care and treatment".into(),
        how: "FHIR; nightly; until discharge; 6(1)(e), 9(2)(h)".into(),
    };
    let overdue = AgreementRow {
        id: "ISP-7".into(),
        standing: "In force. Its review is overdue.".into(),
        is_waiting: true,
        parties: vec![
            "Burngate Medical Practice".into(),
            "Clydevale Hospital".into(),
        ],
        from: Some(DateView::day(date(2026, 1, 1))),
        until: Some(DateView::day(date(2028, 1, 1))),
        review: Some(DateView::day(date(2027, 1, 4))),
        flows: vec![flow],
    };
    let later = AgreementRow {
        id: "ISP-8".into(),
        standing: "Not in force yet.".into(),
        is_waiting: false,
        from: Some(DateView::day(date(2027, 4, 1))),
        until: None,
        review: None,
        flows: Vec::new(),
        ..overdue.clone()
    };
    AgreementsPage {
        page: at_work(),
        agreements: vec![overdue, later],
    }
}

pub fn pages() -> Vec<Sample> {
    let none = AgreementsPage {
        agreements: Vec::new(),
        ..agreements()
    };
    vec![
        ("care-agreements", agreements().render()),
        ("care-agreements-none", none.render()),
    ]
}
