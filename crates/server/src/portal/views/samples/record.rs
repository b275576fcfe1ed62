//! Samples of the record's first screen and of the pages shown instead of it.

use askama::Template;

use super::*;

fn involved() -> Vec<Involved> {
    let one = |key: &str, name: &str, role: &str, organisation: &str, since: &str| Involved {
        key: key.into(),
        name: name.into(),
        role: role.into(),
        organisation: organisation.into(),
        since: on(since),
        phone: Some(Phone::new("01632 960123")),
        cover: None,
    };
    let gp = one(
        "i3",
        "Dr Kwame Boateng",
        "GP",
        "Millburn Practice",
        "2019-04",
    );
    let son = one(
        "i4",
        "Ruaridh Carmichael-Okafor",
        "Son, welfare attorney",
        "Family",
        "2024",
    );
    vec![
        one(
            "i1",
            "Isla Brodie",
            "Charge nurse, ward 6",
            "Clydevale Hospital",
            "2027-01-11",
        ),
        one(
            "i2",
            "Moira Laing",
            "Home care co-ordinator",
            "Tayside Hands",
            "2026-09-03",
        ),
        Involved {
            phone: Some(Phone::new("0141 496 0101")),
            cover: Some("Out-of-hours team until 08:45".into()),
            ..gp
        },
        Involved { phone: None, ..son },
    ]
}

fn chronology() -> Chronology {
    let event = |date: &str, kind: &str, text: &str, source: &str| Event {
        on: on(date),
        kind: kind.into(),
        text: text.into(),
        source: source.into(),
        unsorted: false,
    };
    let letter = event(
        "2026-12",
        "Letter",
        "Letter from the falls clinic",
        "Clydevale Hospital",
    );
    Chronology {
        entries: vec![
            event(
                "2027-01-11",
                "Admission",
                "Admitted to ward 6 after a fall at home",
                "Clydevale Hospital",
            ),
            event(
                "2027-01-08",
                "Visit",
                "Home care visit missed: no answer at the door",
                "Tayside Hands",
            ),
            Event {
                unsorted: true,
                ..letter
            },
            event(
                "2026-09-03",
                "Service started",
                "Home care, twice a day",
                "Northburn Council social work",
            ),
            event(
                "",
                "Condition",
                "Osteoarthritis of both knees",
                "Millburn Practice",
            ),
        ],
        older: Some("/care/people/p-8f3a61?before=k7d2".into()),
        newer: None,
    }
}

fn withheld() -> Vec<Withheld> {
    let objected = Withheld {
        what: "Mental health notes".into(),
        ground: "She asked that the council is not told about her mental health.".into(),
        change: "She can change her mind at any time; ask her.".into(),
        decider: contact("Clydevale Hospital, records office", "01632 960140"),
        answers_by: None,
    };
    let waits = Withheld {
        what: "Notes and letters".into(),
        ground: "Only the agency that it came from may release it".into(),
        change: "whether this information is needed to protect somebody".into(),
        decider: contact("consultant on call", "01632 960191"),
        answers_by: Some(at(11, 10, 30)),
    };
    let not_for_role = |what: &str| Withheld {
        what: what.into(),
        ground: "Not opened for your role and purpose.".into(),
        change: "Ask the practice what you need to know.".into(),
        decider: contact("Millburn Practice", "01632 960150"),
        answers_by: None,
    };
    vec![
        not_for_role("Test results"),
        objected,
        waits,
        not_for_role("Vaccinations"),
    ]
}

fn record() -> RecordPage {
    RecordPage {
        page: at_work(),
        person: banner(),
        standing: Standing {
            sentence: "She was referred to you by ward 6 on 11-Jan-2027, to plan her going home."
                .into(),
            purpose: "Direct care".into(),
            basis: vec![
                "referral to your team".into(),
                "sharing agreement NB-4".into(),
            ],
            emergency: false,
        },
        alerts: Alerts {
            allergies: Allergies::Known(vec!["Penicillin".into(), "latex".into()]),
            others: vec![Alert {
                text: "Deaf in her left ear: speak to her right".into(),
                source: "Clydevale Hospital".into(),
                since: Some(on("2025-03-02")),
            }],
        },
        involved: involved(),
        close: vec![Close {
            name: "Agnieszka Rutherford-Bain".into(),
            is: "Daughter and carer".into(),
            languages: vec!["BSL interpreter needed: video relay link".into()],
            phone: Some(Phone::new("07700 900 802")),
            source: "Clydevale Hospital".into(),
        }],
        chronology: chronology(),
        withheld: withheld(),
        notice: Some(Notice {
            ring: contact("the ward", "01632 960123"),
        }),
        receipt: receipt(),
    }
}

fn sparse_record() -> RecordPage {
    let full = record();
    RecordPage {
        person: Banner {
            name: "SUHARTO".into(),
            preferred: None,
            born: on("1961"),
            age: Some("65".into()),
            died: Some(on("2027-01-02")),
            gender: "Not known".into(),
            chi: None,
            ..banner()
        },
        standing: Standing {
            emergency: true,
            ..full.standing.clone()
        },
        alerts: Alerts {
            allergies: Allergies::NotRecorded,
            others: Vec::new(),
        },
        involved: Vec::new(),
        close: Vec::new(),
        chronology: Chronology::default(),
        withheld: Vec::new(),
        notice: None,
        ..full
    }
}

fn refusal() -> RefusalPage {
    RefusalPage {
        page: page(Viewer::Worker {
            name: "Fraser Whyte".into(),
            role: "Housing officer".into(),
            organisation: "Northburn Housing".into(),
        }),
        person: "p-8f3a61".into(),
        name: Some("Elspeth Carmichael".into()),
        outcome: RefusalOutcome::Refused,
        grounds: vec![Ground {
            sentence: "Nothing we hold shows that you are working with this person.".into(),
            citation: Some("R01, no relationship".into()),
        }],
        changes: vec![
            "Her social worker can ask you to help with her tenancy; you would then see what that needs.".into(),
            "She can agree to it herself.".into(),
        ],
        decider: contact("Northburn Council social work, duty team", "01632 960155"),
        may_give_reason: true,
        open_concern: Some("a child protection concern".into()),
        receipt: receipt(),
    }
}

fn referral() -> RefusalPage {
    RefusalPage {
        outcome: RefusalOutcome::Referred {
            due: at(12, 17, 0),
            missing: vec!["Who asked you to assess the tenancy".into()],
        },
        grounds: vec![Ground {
            sentence: "Health notes go to housing only if the health board's decider agrees."
                .into(),
            citation: None,
        }],
        changes: Vec::new(),
        decider: contact("Dr Tomasz Zielinski, Clydevale Hospital", "01632 960141"),
        may_give_reason: false,
        open_concern: None,
        ..refusal()
    }
}

pub(super) fn pages() -> Vec<Sample> {
    vec![
        ("care-record", record().render()),
        ("care-record-sparse", sparse_record().render()),
        ("care-refused", refusal().render()),
        ("care-referred", referral().render()),
        ("care-no-record", NoRecordPage { page: at_work() }.render()),
    ]
}

#[test]
fn allergies_use_the_four_wordings_of_the_guide_and_no_other() {
    let shown = |allergies| {
        let alerts = Alerts {
            allergies,
            others: Vec::new(),
        };
        RecordPage { alerts, ..record() }
            .render()
            .expect("the page renders")
    };
    assert!(
        shown(Allergies::Known(vec!["Latex".into()])).contains("Known allergies: <strong>Latex")
    );
    assert!(shown(Allergies::NoneKnown).contains(">No known allergies<"));
    assert!(shown(Allergies::NotRecorded).contains(">Allergies not recorded<"));
    assert!(shown(Allergies::Unavailable).contains(">Allergies unavailable<"));
}

#[test]
fn the_standing_notice_names_no_category() {
    let html = record().render().expect("the page renders");
    let notice = html
        .split("Something is not shown")
        .nth(1)
        .and_then(|rest| rest.split("</p>").next());
    let notice = notice.expect("the notice is shown");
    assert!(!notice.contains("ental health"), "{notice}");
}

#[test]
fn the_page_for_an_unknown_person_depends_on_nothing_but_the_reader() {
    let one = NoRecordPage { page: at_work() }
        .render()
        .expect("the page renders");
    assert!(!one.contains("p-8f3a61") && !one.contains("Carmichael"));
    assert!(one.contains("This page is the same in both cases"));
}

#[test]
fn a_refusal_says_why_who_decides_what_would_change_it_and_that_it_is_seen() {
    let html = refusal().render().expect("the page renders");
    for words in [
        "Nothing we hold shows that you are working with this person.",
        "Northburn Council social work, duty team",
        "href=\"tel:+441632960155\"",
        "She can agree to it herself.",
        "This refusal is recorded and the person can see it.",
    ] {
        assert!(html.contains(words), "the page does not say: {words}");
    }
}

#[test]
fn what_is_withheld_for_one_reason_is_told_once() {
    let record = record();
    let groups: Vec<Vec<&str>> = record
        .withheld_together()
        .into_iter()
        .map(|(what, _)| what)
        .collect();
    assert_eq!(
        groups,
        [
            vec!["Test results", "Vaccinations"],
            vec!["Mental health notes"],
            vec!["Notes and letters"],
        ]
    );
}
