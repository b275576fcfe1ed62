//! Requests for information: one form for every holder, each kind of answer, a refusal that is one,
//! and silence that is none.

use domain::message::{Kind, Opening, Refusal, Response, Rota, Rung, State, Urgency};
use domain::{Category, Purpose, ResourceId, Timestamp};
use sharing::messages::request::{Ask, request};
use sharing::messages::respond::{Given, respond};
use sharing::messages::{close, do_what_is_due, inbox, open, requests, update};
use sharing::{Asking, Error};
use store::{Change, Expect, Write};

use crate::hall::Hall;

fn at(text: &str) -> Timestamp {
    Timestamp::parse(text).expect("an instant")
}

fn fraser(hall: &Hall) -> Asking {
    hall.worker("fraser-abercrombie", Purpose::Assessment)
}

fn sheila(hall: &Hall) -> Asking {
    hall.worker("sheila-mathieson", Purpose::Treatment)
}

fn ask(to: &[&str]) -> Ask {
    Ask {
        to: to.iter().map(|team| (*team).into()).collect(),
        what: vec![Category::Function, Category::CarePlans],
        text: "Can she manage the stairs by herself?".to_owned(),
        urgency: Urgency::Routine,
        by: None,
        anyway: false,
    }
}

fn given(response: Response, text: &str) -> Given {
    Given {
        response,
        text: text.to_owned(),
        told: vec![Category::Function],
        on_behalf_of: None,
    }
}

/// Fraser's request about Netta to the district nurses and the ward.
async fn asked(hall: &Hall) -> ResourceId {
    let netta = hall.patient("netta-dunsmore");
    let to = ask(&["community-nursing", "ward-6"]);
    let sent = request(&hall.cx, &fraser(hall), netta, &to).await;
    sent.expect("it is asked").id
}

async fn texts(hall: &Hall, asking: &Asking) -> Vec<(Kind, String)> {
    let inbox = inbox(&hall.cx, asking, 50, None).await.expect("a list");
    let lines = inbox.lines.into_iter().map(|line| line.message);
    lines.map(|one| (one.kind, one.text)).collect()
}

fn why(error: &Error) -> String {
    let Error::Invalid(issues) = error else {
        panic!("{error:?}")
    };
    issues[0].details.clone()
}

#[tokio::test]
async fn one_form_reaches_every_holder_and_each_answers_for_itself() {
    let hall = Hall::open().await;
    let (fraser, sheila) = (fraser(&hall), sheila(&hall));
    let id = asked(&hall).await;

    let list = requests(&hall.cx, &fraser, 50, None).await.expect("a list");
    assert_eq!(list.lines.len(), 1);
    let message = &list.lines[0].message;
    let request = message.request.as_ref().expect("a request");
    assert!(
        request
            .basis
            .starts_with("A-e, B-h, C-imp: UK GDPR articles 6(1)(e)"),
        "{}",
        request.basis
    );
    // Five working days from Monday 11 January, 9:30.
    assert_eq!(message.deliveries[0].due, Some(at("2027-01-18T09:30:00Z")));

    assert_eq!(texts(&hall, &sheila).await[0].0, Kind::Request);
    open(&hall.cx, &sheila, id).await.expect("it opens");
    let shared = given(Response::Shared, "With a rail, yes. Not when she is tired.");
    respond(&hall.cx, &sheila, id, &shared).await.expect("told");

    assert_eq!(
        texts(&hall, &fraser).await,
        [(
            Kind::Response,
            "With a rail, yes. Not when she is tired.".to_owned()
        )]
    );
    let opened = open(&hall.cx, &fraser, id).await.expect("his own");
    let states: Vec<State> = opened
        .message
        .deliveries
        .iter()
        .map(|one| one.state)
        .collect();
    assert_eq!(states, [State::Actioned, State::Delivered]);
    assert_eq!(
        hall.account("netta-dunsmore").await,
        [
            "Sheila Mathieson, nurse at Clydevale Hospital, told Northburn adults team, Northburn Council Social Work your everyday needs, which they had asked for, on 11 January 2027 at 9:30am, for assessing care needs.",
            "Sheila Mathieson, nurse at Clydevale Hospital, opened a message about you on 11 January 2027 at 9:30am, for assessing care needs.",
            "Fraser Abercrombie, social worker at Northburn Council Social Work, asked Ward 6, medicine for the elderly, Clydevale Hospital for your everyday needs and care plans on 11 January 2027 at 9:30am, for assessing care needs, because you are looked after by the care team.",
            "Fraser Abercrombie, social worker at Northburn Council Social Work, asked Community nursing, Northburn, Clydevale Hospital for your everyday needs and care plans on 11 January 2027 at 9:30am, for assessing care needs, because you are looked after by the care team.",
        ]
    );
}

#[tokio::test]
async fn what_was_asked_already_is_shown_before_it_is_asked_again() {
    let hall = Hall::open().await;
    let fraser = fraser(&hall);
    let netta = hall.patient("netta-dunsmore");
    let id = asked(&hall).await;
    let again = ask(&["community-nursing"]);
    let refused = request(&hall.cx, &fraser, netta, &again).await;
    let refused = refused.expect_err("it was asked already");
    let said = why(&refused);
    assert_eq!(
        said,
        "this was asked on 11 January 2027 by Fraser Abercrombie (Community nursing, Northburn, not yet answered; Ward 6, medicine for the elderly, not yet answered): read that first, and tick that you ask again all the same if you need to"
    );
    let Error::Invalid(issues) = &refused else {
        panic!("{refused:?}")
    };
    assert_eq!(issues[0].diagnostics, Some(format!("Communication/{id}")));

    // Something else of the same team, the same of another team, and the same all the same.
    let other = Ask {
        what: vec![Category::Medicines],
        ..ask(&["community-nursing"])
    };
    request(&hall.cx, &fraser, netta, &other)
        .await
        .expect("something else");
    let other = ask(&["braehead-surgery"]);
    request(&hall.cx, &fraser, netta, &other)
        .await
        .expect("another team");
    let anyway = Ask {
        anyway: true,
        ..again.clone()
    };
    request(&hall.cx, &fraser, netta, &anyway)
        .await
        .expect("all the same");
    // What was closed is no duplicate.
    let hall = Hall::open().await;
    let id = asked(&hall).await;
    close(&hall.cx, &fraser, id, "She told me herself.")
        .await
        .expect("closed");
    request(&hall.cx, &fraser, netta, &again)
        .await
        .expect("anew");
}

#[tokio::test]
async fn what_is_no_reason_refuses_nothing_and_a_ground_is_recorded_like_a_share() {
    let hall = Hall::open().await;
    let sheila = sheila(&hall);
    let id = asked(&hall).await;
    let refusal = |ground: &str| {
        Response::Refused(Refusal {
            ground: ground.to_owned(),
            harm_if_shared: None,
            harm_if_not_shared: None,
            decider: None,
            review: None,
        })
    };
    let before = hall.account("netta-dunsmore").await.len();
    for (ground, said) in [
        (
            "GDPR",
            "`GDPR` is not a ground: data protection law says how information is shared, not that it is not; choose one, give part, name whom to ring, or ask for more",
        ),
        (
            "no consent",
            "`no consent` is not a ground: consent is one basis of several, and seldom the one that care or protection rests on; choose one, give part, name whom to ring, or ask for more",
        ),
        (
            "R02",
            "the facts do not bear it out: R02 was given, and all of it may be shared",
        ),
    ] {
        let refused = respond(&hall.cx, &sheila, id, &given(refusal(ground), "")).await;
        assert_eq!(why(&refused.expect_err(ground)), said);
    }
    assert_eq!(hall.account("netta-dunsmore").await.len(), before);
    let opened = open(&hall.cx, &fraser(&hall), id).await.expect("his own");
    assert!(
        opened.message.deliveries[0].state.owes_answer(),
        "still owed"
    );

    respond(
        &hall.cx,
        &sheila,
        id,
        &given(refusal("R10"), "Her husband's, not hers."),
    )
    .await
    .expect("a ground");
    assert_eq!(
        hall.account("netta-dunsmore").await[0],
        "Sheila Mathieson, nurse at Clydevale Hospital, refused Northburn adults team, Northburn Council Social Work your everyday needs and care plans on 11 January 2027 at 9:30am, for assessing care needs: it is about somebody else."
    );
    assert_eq!(
        texts(&hall, &fraser(&hall)).await[0].1,
        "Refused (R10): it is about somebody else. Somebody who took no part in this looks at it again if you challenge it. Her husband's, not hers."
    );
}

#[tokio::test]
async fn a_requirement_is_refused_only_by_the_whole_form() {
    let hall = Hall::open().await;
    let sheila = sheila(&hall);
    let officer = hall.worker("fraser-abercrombie", Purpose::AdultProtectionRequirement);
    let netta = hall.patient("netta-dunsmore");
    let sent = request(&hall.cx, &officer, netta, &ask(&["community-nursing"])).await;
    let id = sent.expect("it is asked").id;
    let mut refusal = Refusal {
        ground: "R09".to_owned(),
        harm_if_shared: None,
        harm_if_not_shared: None,
        decider: None,
        review: None,
    };
    let refused = respond(
        &hall.cx,
        &sheila,
        id,
        &given(Response::Refused(refusal.clone()), ""),
    )
    .await;
    assert_eq!(
        why(&refused.expect_err("half a form")),
        "the form is not complete: harm-if-shared, harm-if-not-shared, decider, review-on"
    );
    refusal.harm_if_shared = Some("He would find her.".to_owned());
    refusal.harm_if_not_shared = Some("The inquiry takes a day longer.".to_owned());
    refusal.decider = Some("Dr Ifeoma Nwosu, consultant".to_owned());
    refusal.review = Some(at("2027-01-13T12:00:00Z"));
    respond(
        &hall.cx,
        &sheila,
        id,
        &given(Response::Refused(refusal), ""),
    )
    .await
    .expect("the whole form");
    assert_eq!(
        texts(&hall, &officer).await[0].1,
        "Refused (R09): sharing it is likely to cause serious harm. to refuse without reasonable excuse is an offence (Adult Support and Protection (Scotland) Act 2007 s.49). Decided by Dr Ifeoma Nwosu, consultant; looked at again on 13 January 2027. Somebody who took no part in this looks at it again if you challenge it."
    );
}

#[tokio::test]
async fn who_needs_more_stops_the_clock_until_the_asker_has_said_it() {
    let hall = Hall::open().await;
    let (fraser, sheila) = (fraser(&hall), sheila(&hall));
    let id = asked(&hall).await;
    let more = given(Response::MoreNeeded, "Which stairs?");
    respond(&hall.cx, &sheila, id, &more).await.expect("more");
    assert_eq!(texts(&hall, &sheila).await, [], "it is his turn");
    let list = texts(&hall, &fraser).await;
    assert_eq!(list.len(), 1, "one line for the thread: {list:?}");

    hall.clock.set(at("2027-02-01T10:00:00Z"));
    do_what_is_due(&hall.cx).await.expect("what is due is done");
    let opened = open(&hall.cx, &fraser, id).await.expect("his own");
    assert_eq!(
        opened.message.deliveries[0].rung,
        Rung::Team,
        "no clock ran"
    );
    assert_eq!(opened.message.deliveries[1].rung, Rung::Manager);

    update(&hall.cx, &fraser, id, "The stairs to her own front door.")
        .await
        .expect("said");
    let opened = open(&hall.cx, &sheila, id).await.expect("hers again");
    assert_eq!(
        opened.own.expect("hers").due,
        Some(at("2027-02-08T10:00:00Z"))
    );
    let ring = Response::Ring {
        name: "Sheila".to_owned(),
        phone: "01632 960 047".to_owned(),
    };
    respond(&hall.cx, &sheila, id, &given(ring, ""))
        .await
        .expect("ring");
    let not_held = Response::NotHeld {
        ask: Some("community-therapy".into()),
    };
    let ward = hall.worker("ruksana-chaudhry", Purpose::Treatment);
    respond(&hall.cx, &ward, id, &given(not_held, ""))
        .await
        .expect("not held");
    let said: Vec<String> = texts(&hall, &fraser)
        .await
        .into_iter()
        .map(|(_, text)| text)
        .collect();
    for text in [
        "Ring Sheila, 01632 960 047.",
        "Not held here. Ask Community occupational therapy, Clydevale Hospital, 01632 960 107.",
    ] {
        assert!(said.iter().any(|one| one == text), "{text} in {said:?}");
    }
}

#[tokio::test]
async fn silence_is_overdue_to_both_managers_and_never_a_refusal() {
    let hall = Hall::open().await;
    let rota = |team: &str, manager: &str| {
        Write::Rota(Rota {
            team: team.into(),
            opening: Opening::office(),
            deputy: None,
            manager: Some(manager.into()),
            closed: None,
        })
    };
    let change = Change {
        writes: vec![
            rota("northburn-adults", "margaret-haining"),
            rota("community-nursing", "ifeoma-nwosu"),
        ],
        ..Change::default()
    };
    hall.cx
        .store
        .commit(change, Expect::default())
        .await
        .expect("rotas");
    let netta = hall.patient("netta-dunsmore");
    let by = Ask {
        by: Some(at("2027-01-13T12:00:00Z")),
        ..ask(&["community-nursing"])
    };
    let sent = request(&hall.cx, &fraser(&hall), netta, &by).await;
    let id = sent.expect("it is asked").id;
    let managers = [
        hall.worker("margaret-haining", Purpose::Assessment),
        hall.worker("ifeoma-nwosu", Purpose::Treatment),
    ];
    for (time, lines) in [("2027-01-13T11:59:00Z", 0), ("2027-01-13T12:00:00Z", 1)] {
        hall.clock.set(at(time));
        do_what_is_due(&hall.cx).await.expect("what is due is done");
        for manager in &managers {
            let list = texts(&hall, manager).await;
            assert_eq!(list.len(), lines, "{} at {time}", manager.caller.name);
        }
    }
    let opened = open(&hall.cx, &fraser(&hall), id).await.expect("his own");
    let delivery = &opened.message.deliveries[0];
    assert_eq!(
        (delivery.state, &delivery.response),
        (State::Delivered, &None)
    );
    assert!(delivery.is_overdue(hall.cx.now()));
}

#[tokio::test]
async fn what_is_missing_is_said_and_nobody_answers_for_another() {
    let hall = Hall::open().await;
    let netta = hall.patient("netta-dunsmore");
    let bare = Ask {
        what: Vec::new(),
        by: Some(at("2027-01-10T12:00:00Z")),
        ..ask(&["ward-6"])
    };
    let Err(Error::Invalid(issues)) = request(&hall.cx, &fraser(&hall), netta, &bare).await else {
        panic!("nothing was asked")
    };
    let said: Vec<&str> = issues.iter().map(|issue| &*issue.details).collect();
    assert_eq!(
        said,
        [
            "choose what you ask for",
            "choose a time that is still to come, or none: the purpose has its own clock"
        ]
    );
    let id = asked(&hall).await;
    let sheila = sheila(&hall);
    let empty = Given {
        told: Vec::new(),
        ..given(Response::Shared, "Yes.")
    };
    let refused = respond(&hall.cx, &sheila, id, &empty).await;
    assert_eq!(
        why(&refused.expect_err("of what?")),
        "choose what of the record it tells"
    );
    let refused = respond(&hall.cx, &sheila, id, &given(Response::Shared, " ")).await;
    assert_eq!(
        why(&refused.expect_err("nothing said")),
        "write what they should know or do"
    );
    for stranger in ["derek-muirhead", "fraser-abercrombie"] {
        let asking = hall.worker(stranger, Purpose::Assessment);
        let refused = respond(&hall.cx, &asking, id, &given(Response::Shared, "Yes.")).await;
        assert!(
            matches!(refused, Err(Error::NotFound)),
            "{stranger}: {refused:?}"
        );
    }
    close(&hall.cx, &fraser(&hall), id, "No longer needed.")
        .await
        .expect("closed");
    let late = respond(&hall.cx, &sheila, id, &given(Response::Shared, "Yes.")).await;
    assert_eq!(
        why(&late.expect_err("over")),
        "the request is over: whoever asked no longer needs an answer"
    );
}

/// Fergus does not agree to the council being told about his mental health.
#[tokio::test]
async fn over_the_persons_no_nobody_shares_in_one_tap() {
    let hall = Hall::open().await;
    let aonghas = hall.worker("aonghas-macphail", Purpose::Treatment);
    let margaret = hall.worker("margaret-haining", Purpose::Assessment);
    let fergus = hall.patient("fergus-auchincloss");
    let wide = Ask {
        what: vec![Category::Conditions, Category::Encounters],
        ..ask(&["community-mental-health"])
    };
    let id = request(&hall.cx, &margaret, fergus, &wide).await;
    let id = id.expect("it is asked").id;
    let all = given(Response::Shared, "Sleeps better. Fluoxetine.");
    let refused = respond(&hall.cx, &aonghas, id, &all).await;
    assert_eq!(
        why(&refused.expect_err("he said no")),
        "part of what they asked may not be shared with them, because the person has said no to this: share the part that may, on ground R05"
    );
    let part = Response::Part {
        ground: "R05".to_owned(),
    };
    respond(
        &hall.cx,
        &aonghas,
        id,
        &given(part, "Seen every three weeks."),
    )
    .await
    .expect("what he agrees to");
    assert_eq!(
        texts(&hall, &margaret).await[0].1,
        "Seen every three weeks.\nThe rest stays back (R05): the person has said no to this."
    );
}
