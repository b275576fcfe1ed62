//! Samples of one-time links: giving them, and what is seen by one.

use askama::Template;

use super::*;

fn row(live: bool) -> LinkRow {
    LinkRow {
        link: "l-1".into(),
        who: "Morven Gillespie, Independent advocate, Clydevale Advocacy".into(),
        about: "Care plans and requests, who was told what".into(),
        why: "To speak for her at the review".into(),
        giver: "Rukhsana Malik".into(),
        until: at(25, 9, 30),
        opened: live.then(|| at(11, 10, 2)),
        live,
    }
}

fn giving() -> LinksPage {
    LinksPage {
        page: at_work(),
        person: Some(banner()),
        address: "/care/people/p-1/links".into(),
        given: None,
        links: vec![row(true), row(false)],
        name: String::new(),
        kinds: vec![
            choice("advocate", "Independent advocate"),
            choice("provider", "Care or support service"),
            choice("relative", "Relative or friend"),
        ],
        organisation: String::new(),
        about: vec![
            choice("care-plans", "Care plans and requests"),
            choice("account", "Who was told what"),
        ],
        days: vec![choice("7", "One week"), choice("28", "Four weeks")],
        why: String::new(),
        errors: Errors::default(),
    }
}

fn giving_with_errors() -> LinksPage {
    let mut errors = Errors::default();
    errors.add("name", "Say who is to read it");
    errors.add("about", "Say what they may read");
    LinksPage { errors, ..giving() }
}

fn given() -> LinksPage {
    LinksPage {
        page: as_oneself(),
        person: None,
        address: "/me/links".into(),
        given: Some(giving_once()),
        ..giving()
    }
}

fn giving_once() -> GivenLink {
    GivenLink {
        name: "Morven Gillespie".into(),
        address: "https://candour.example/open/gk3yP0cAa9Xw2mQv7dLr4A".into(),
        code: "482 173".into(),
        until: at(25, 9, 30),
    }
}

fn opening(errors: Errors) -> OpenLinkPage {
    OpenLinkPage {
        page: nobody(),
        link: "gk3yP0cAa9Xw2mQv7dLr4A".into(),
        errors,
    }
}

fn refused() -> OpenLinkPage {
    let mut errors = Errors::default();
    let message =
        "This link and code open nothing: check the code, or ring whoever gave you the link";
    errors.add("code", message);
    opening(errors)
}

fn ring() -> Contact {
    contact("Northburn Council social work", "01632 960120")
}

fn closed(ended: Option<MomentView>) -> EndedLinkPage {
    EndedLinkPage {
        page: nobody(),
        ended,
        giver: "Rukhsana Malik".into(),
        ring: ring(),
    }
}

fn home() -> LetInPage {
    LetInPage {
        page: nobody(),
        address: "/link/l-1".into(),
        name: "Morven Gillespie".into(),
        giver: "Rukhsana Malik".into(),
        why: "To speak for her at the review".into(),
        about: "Care plans and requests".into(),
        account: true,
        until: at(25, 9, 30),
        ring: ring(),
    }
}

fn opened() -> LinkRecordPage {
    LinkRecordPage {
        page: nobody(),
        address: "/link/l-1".into(),
        name: Some("Elspeth Carmichael".into()),
        lines: vec![LinkLine {
            on: on("2027-01-04"),
            kind: "Care plan".into(),
            text: "Home care four times a day".into(),
            source: "Northburn Council social work".into(),
        }],
        more: true,
        ring: ring(),
    }
}

fn told() -> LinkAccountPage {
    LinkAccountPage {
        page: nobody(),
        address: "/link/l-1".into(),
        lines: super::me::lines(),
        older: Some("/link/l-1/account?before=40".into()),
        newer: None,
        codes: vec!["6xk2m-0hv9q-31tgb-8wpze".into()],
        ring: ring(),
    }
}

fn answer_link(given: Option<GivenLink>) -> AnswerLinkPage {
    let mut errors = Errors::default();
    if given.is_none() {
        errors.add("name", "Say who is to answer it");
    }
    AnswerLinkPage {
        page: at_work(),
        message: "m-4".into(),
        name: "Elspeth Carmichael".into(),
        given,
        teams: vec![choice("clydeside-fraud", "Fraud desk, Clydeside Bank")],
        typed: String::new(),
        days: vec![choice("7", "One week"), choice("28", "Four weeks")],
        errors,
    }
}

fn hearing_link(given: Option<GivenLink>) -> HearingLinkPage {
    let mut errors = Errors::default();
    if given.is_none() {
        errors.add("name", "Say who is to be heard");
    }
    HearingLinkPage {
        page: at_work(),
        person: "p-8f3a61".into(),
        known: Some("Elspeth Carmichael".into()),
        message: "m-12".into(),
        given,
        typed: String::new(),
        days: vec![choice("7", "One week"), choice("28", "Four weeks")],
        errors,
    }
}

fn answer() -> AnswerPage {
    AnswerPage {
        page: nobody(),
        address: "/link/l-1".into(),
        visitor: "Kirsty Orr".into(),
        from: "Rukhsana Malik, Northburn adults team".into(),
        team: "Fraud desk".into(),
        about: "Elspeth Carmichael".into(),
        text: vec!["A neighbour has her bank card. What was taken out?".into()],
        asked: Asked {
            what: vec!["Money".into()],
            basis: "UK GDPR article 6(1)(c)".into(),
            terms: vec!["Requirement ASP-27-004".into()],
        },
        due: Some(at(12, 17, 0)),
        waits: None,
        until: at(18, 9, 30),
        answers: vec![
            choice("shared", "I share what was asked"),
            choice("part", "I share part of it"),
            choice("ring", "Ring us"),
            choice("more-needed", "I need to know more first"),
            choice("not-held", "We do not hold it"),
            choice("refused", "We refuse"),
        ],
        told: vec![choice("finance", "Money")],
        ring_name: String::new(),
        ring_phone: String::new(),
        grounds: vec![choice("", "None of these"), choice("R09", "Serious harm")],
        whole: true,
        filled: RefuseFilled::default(),
        ring: ring(),
        errors: Errors::default(),
    }
}

fn answer_after_a_question() -> AnswerPage {
    let mut errors = Errors::default();
    errors.add("ground", "`GDPR` is not a ground");
    AnswerPage {
        waits: Some(at(11, 14, 5)),
        filled: RefuseFilled {
            other: "GDPR".into(),
            ..RefuseFilled::default()
        },
        errors,
        ..answer()
    }
}

fn answered(asked_more: bool) -> AnsweredPage {
    AnsweredPage {
        page: nobody(),
        asked_more,
        from: "Rukhsana Malik, Northburn adults team".into(),
        ring: ring(),
    }
}

pub(super) fn pages() -> Vec<Sample> {
    let link = giving_once();
    vec![
        ("care-answer-link", answer_link(None).render()),
        (
            "care-answer-link-given",
            answer_link(Some(link.clone())).render(),
        ),
        ("care-hearing-link", hearing_link(None).render()),
        ("care-hearing-link-given", hearing_link(Some(link)).render()),
        ("link-answer", answer().render()),
        ("link-answer-waits", answer_after_a_question().render()),
        ("link-answered", answered(false).render()),
        ("link-answered-question", answered(true).render()),
        ("care-links", giving().render()),
        ("care-links-errors", giving_with_errors().render()),
        ("me-links-given", given().render()),
        ("link-open", opening(Errors::default()).render()),
        ("link-open-errors", refused().render()),
        ("link-ended", closed(Some(at(11, 14, 5))).render()),
        ("link-elsewhere", closed(None).render()),
        ("link-home", home().render()),
        ("link-record", opened().render()),
        ("link-account", told().render()),
    ]
}
