//! Samples of the person's own pages.

use askama::Template;

use super::*;

fn line(at: MomentView, outcome: AccountOutcome, sentence: &str) -> AccountLine {
    AccountLine {
        challenge: Some("/lines/9f2c/challenge".into()),
        contested: false,
        reference: "7KQ4-M2XD".into(),
        at,
        outcome,
        sentence: sentence.into(),
        who: "Rukhsana Malik, social worker".into(),
        organisation: "Northburn Council social work".into(),
        what: vec![
            "Who is involved".into(),
            "Care plan".into(),
            "Admission".into(),
        ],
        why: "Ward 6 asked her to help plan your going home".into(),
        purpose: "Direct care".into(),
        basis: "Referral to her team; sharing agreement NB-4".into(),
        channel: "On screen".into(),
    }
}

pub(super) fn lines() -> Vec<AccountLine> {
    use AccountOutcome::{Emergency, PartShared, Referred, Refused, Shared};
    vec![
        line(
            at(11, 14, 5),
            Refused,
            "Fraser Whyte, housing officer at Northburn Housing, asked to see your record on 11 January \
             2027 at 2:05pm and was refused, because nothing shows that he is working with you.",
        ),
        line(
            at(11, 10, 2),
            PartShared,
            "Rukhsana Malik, social worker at Northburn Council social work, saw your admission, care plan \
             and the people helping you on 11 January 2027 at 10:02am, because ward 6 asked her to help \
             plan your going home, for direct care. Your mental health notes were kept back.",
        ),
        line(
            at(11, 9, 0),
            Shared,
            "Isla Brodie, charge nurse at Clydevale Hospital, saw your record on 11 January 2027 at 9am, \
             because you are on her ward, for direct care.",
        ),
        line(
            at(9, 23, 44),
            Emergency,
            "Dr Tomasz Zielinski, consultant at Clydevale Hospital, opened your record in an emergency on \
             9 January 2027 at 11:44pm, because you were brought in after a fall.",
        ),
        line(
            at(8, 12, 0),
            Referred,
            "Northburn Housing asked for your health notes on 8 January 2027 at midday; the health board \
             decides by 12 January.",
        ),
    ]
}

fn account() -> AccountPage {
    let (monday, before): (Vec<_>, Vec<_>) = lines()
        .into_iter()
        .partition(|line| line.at.date == on("2027-01-11"));
    let (saturday, friday) = before
        .into_iter()
        .partition(|line| line.at.date == on("2027-01-09"));
    let day = |date: &str, lines| AccountDay {
        on: on(date),
        lines,
    };
    AccountPage {
        page: as_oneself(),
        days: vec![
            day("2027-01-11", monday),
            day("2027-01-09", saturday),
            day("2027-01-08", friday),
        ],
        organisations: vec![
            choice("o1", "Clydevale Hospital"),
            choice("o2", "Northburn Council social work"),
            choice("o3", "Northburn Housing"),
        ],
        outcomes: vec![choice("shared", "Shared"), choice("refused", "Refused")],
        filtered: false,
        older: Some("/me/access?before=k7d2".into()),
        newer: None,
        since: on("2026-06-01"),
        codes: vec!["6xk2m-0hv9q-31tgb-8wpze".into()],
        acts_for: None,
        earlier: None,
    }
}

fn home(times: u64) -> MePage {
    let latest = if times == 0 {
        Vec::new()
    } else {
        lines().into_iter().take(3).collect()
    };
    MePage {
        page: as_oneself(),
        times,
        since: on("2026-06-01"),
        asked: usize::from(times > 0),
        latest,
        stopped: 1,
    }
}

fn sharing() -> SharingPage {
    let mut kinds = vec![
        choice("everything", "Anything"),
        choice("mental-health", "Mental health"),
    ];
    kinds[0].chosen = true;
    SharingPage {
        page: as_oneself(),
        done: None,
        stopped: vec![Objection {
            key: "ob1".into(),
            what: "mental health".into(),
            organisation: "Northburn Council social work".into(),
            since: on("2027-01-04"),
        }],
        own_words: vec![
            "On 11 January 2027, of how you feel now: “I want to keep the dog.”".into(),
        ],
        organisations: vec![
            choice("o1", "Clydevale Hospital"),
            choice("o2", "Northburn Council social work"),
            choice("o3", "Northburn Housing"),
        ],
        kinds,
        errors: Errors::default(),
    }
}

fn sharing_with_errors() -> SharingPage {
    let mut errors = Errors::default();
    errors.add("organisation", "Choose who should not be told");
    SharingPage {
        errors,
        stopped: Vec::new(),
        ..sharing()
    }
}

fn acted_for(people: &[(&str, &str)]) -> ActingPage {
    let one = |(name, by): &(&str, &str)| ActedFor {
        name: (*name).into(),
        by: (*by).into(),
        patient: "7z000g40r40m30e209185gr3fy".into(),
    };
    ActingPage {
        page: as_oneself(),
        people: people.iter().map(one).collect(),
    }
}

pub(super) fn pages() -> Vec<Sample> {
    let none = AccountPage {
        days: Vec::new(),
        older: None,
        ..account()
    };
    let unmatched = AccountPage {
        filtered: true,
        ..none.clone()
    };
    let joined = AccountPage {
        codes: vec![
            "6xk2m-0hv9q-31tgb-8wpze".into(),
            "n4d7s-t20fr-9jq5a-kc8yv".into(),
        ],
        ..account()
    };
    let acting = AccountPage {
        acts_for: Some("7z000g40r40m30e209185gr3fy".into()),
        earlier: Some(EarlierLines {
            days: account().days.split_off(2),
            beyond: vec!["money, 1 line".into()],
        }),
        ..account()
    };
    let done = Some("Northburn Housing will not be told anything more about you.".into());
    let people = acted_for(&[
        (
            "Oighrig MacQuarrie",
            "Welfare attorney, attorney for property and finance",
        ),
        ("Somebody whose name you may not see", "Continuing attorney"),
    ]);
    vec![
        ("me-acting", people.render()),
        ("me-acting-nobody", acted_for(&[]).render()),
        ("me-home", home(14).render()),
        ("me-home-empty", home(0).render()),
        ("me-access", account().render()),
        ("me-access-joined", joined.render()),
        ("me-access-acting", acting.render()),
        ("me-access-empty", none.render()),
        ("me-access-unmatched", unmatched.render()),
        ("me-sharing", sharing().render()),
        (
            "me-sharing-done",
            SharingPage { done, ..sharing() }.render(),
        ),
        ("me-sharing-errors", sharing_with_errors().render()),
    ]
}

#[test]
fn an_empty_account_says_since_when_and_never_why_it_might_be_empty() {
    let none = AccountPage {
        days: Vec::new(),
        older: None,
        ..account()
    };
    let html = none.render().expect("the page renders");
    assert!(html.contains("Nobody has asked about you since"));
    let held_back = AccountPage {
        filtered: false,
        ..account()
    }
    .render()
    .expect("the page renders");
    let notice = "Some entries may be shown later, where the law requires it.";
    assert!(html.contains(notice) && held_back.contains(notice));
}

#[test]
fn the_account_gives_a_number_and_a_code_beside_every_line() {
    let html = account().render().expect("the page renders");
    assert_eq!(html.matches("I do not recognise this").count(), 5);
    assert_eq!(html.matches("Say the code").count(), 5);
}
