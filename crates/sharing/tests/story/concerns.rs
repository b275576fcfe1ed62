//! Concerns: what was seen and what whoever saw it did, told to whoever must act, and what became
//! of it told back.

use domain::message::{Concern, Kind, Outcome, Reply, State, Urgency};
use domain::{Purpose, ResourceId, Timestamp};
use sharing::messages::concern::{Raise, Triage, raise, triage};
use sharing::messages::{answer, close, do_what_is_due, finish, inbox, open, retract};
use sharing::{Asking, Error};

use crate::hall::Hall;

fn at(text: &str) -> Timestamp {
    Timestamp::parse(text).expect("an instant")
}

fn stuart(hall: &Hall) -> Asking {
    hall.worker("stuart-leckie", Purpose::ChildConcern)
}

fn nkechi(hall: &Hall) -> Asking {
    hall.worker("nkechi-obi", Purpose::ChildConcern)
}

fn concern(to: &[&str], own_action: &str) -> Raise {
    Raise {
        to: to.iter().map(|team| (*team).into()).collect(),
        name: String::new(),
        text: "Called at 23:40. The child was awake, and hungry.".to_owned(),
        concern: Concern {
            own_action: own_action.to_owned(),
            reference: Some("PS-20270111-0417".to_owned()),
            points: None,
            alleged_harmer: None,
            advocacy: None,
        },
        urgency: Urgency::Routine,
        hold: None,
    }
}

fn outcome(outcome: Outcome, text: &str) -> Triage {
    Triage {
        outcome,
        text: text.to_owned(),
    }
}

/// The concern of the police about Shannon, to the team of her council.
async fn raised(hall: &Hall) -> ResourceId {
    let told = concern(
        &["southbrae-children"],
        "Stayed until her grandmother came, and call again tomorrow.",
    );
    let shannon = hall.patient("shannon-greig");
    let sent = raise(&hall.cx, &stuart(hall), shannon, &told).await;
    sent.expect("it is raised").id
}

async fn list(hall: &Hall, asking: &Asking) -> Vec<(Kind, String)> {
    let inbox = inbox(&hall.cx, asking, 50, None).await.expect("a list");
    let lines = inbox.lines.into_iter().map(|line| line.message);
    lines.map(|one| (one.kind, one.text)).collect()
}

fn faults(error: Error) -> Vec<(String, String)> {
    let Error::Invalid(issues) = error else {
        panic!("{error:?}")
    };
    let issues = issues.into_iter();
    issues
        .map(|issue| (issue.expression.join(","), issue.details))
        .collect()
}

#[tokio::test]
async fn the_police_tell_what_they_saw_and_hear_what_became_of_it() {
    let hall = Hall::open().await;
    let (stuart, gurpreet) = (
        stuart(&hall),
        hall.worker("gurpreet-bains", Purpose::ChildConcern),
    );
    let id = raised(&hall).await;

    let inbox = inbox(&hall.cx, &gurpreet, 50, None).await.expect("a list");
    assert_eq!(inbox.lines.len(), 1);
    assert!(inbox.lines[0].interrupts, "a child may come to harm");
    // An hour from Monday 11 January, 9:30.
    assert_eq!(inbox.lines[0].due, Some(at("2027-01-11T10:30:00Z")));

    let opened = open(&hall.cx, &gurpreet, id).await.expect("hers");
    let concern = opened.message.concern.expect("a concern");
    assert_eq!(
        concern.own_action,
        "Stayed until her grandmother came, and call again tomorrow."
    );
    answer(&hall.cx, &gurpreet, id, Reply::Mine)
        .await
        .expect("taken");
    let done = finish(&hall.cx, &gurpreet, id).await;
    assert_eq!(
        faults(done.expect_err("nobody heard"))[0].1,
        "say what became of the concern: whoever raised it waits to hear"
    );
    triage(&hall.cx, &gurpreet, id, &outcome(Outcome::Inquiry, ""))
        .await
        .expect("triaged");

    assert_eq!(
        list(&hall, &stuart).await,
        [(
            Kind::Outcome,
            "Your concern of 11 January 2027 was looked at. It is being looked into.".to_owned()
        )]
    );
    let opened = open(&hall.cx, &stuart, id).await.expect("his own");
    assert_eq!(opened.message.deliveries[0].state, State::Actioned);
    assert_eq!(
        hall.account("shannon-greig").await,
        [
            "Gurpreet Bains, social worker at Southbrae Council Social Work, sent Concern hub, Police Public Protection Unit a message about you on 11 January 2027 at 9:30am, for a child protection concern.",
            "Gurpreet Bains, social worker at Southbrae Council Social Work, opened a message about you on 11 January 2027 at 9:30am, for a child protection concern.",
            "Stuart Leckie, police officer at Police Public Protection Unit, told Southbrae children and families team, Southbrae Council Social Work of a concern about you on 11 January 2027 at 9:30am, for a child protection concern, because somebody may need protecting.",
        ]
    );
}

#[tokio::test]
async fn a_concern_says_what_its_writer_did_and_everything_missing_is_said_at_once() {
    let hall = Hall::open().await;
    let mut empty = concern(&["southbrae-children"], "  ");
    empty.text = String::new();
    let shannon = hall.patient("shannon-greig");
    let refused = raise(&hall.cx, &stuart(&hall), shannon, &empty).await;
    assert_eq!(
        faults(refused.expect_err("nothing is said")),
        [
            ("text".to_owned(), "say what you saw or heard".to_owned()),
            (
                "own-action".to_owned(),
                "say what you did, or will do, yourself: passing a concern on is not acting on it"
                    .to_owned()
            ),
        ]
    );
    let unknown = concern(&["the-gossips"], "Wrote it down.");
    let refused = raise(&hall.cx, &stuart(&hall), shannon, &unknown).await;
    assert_eq!(faults(refused.expect_err("no such team"))[0].0, "to");
    assert_eq!(hall.account("shannon-greig").await, [""; 0], "nothing left");
}

#[tokio::test]
async fn what_is_only_recorded_is_on_nobodys_list_and_only_its_own_team_reads_it() {
    let hall = Hall::open().await;
    let sheila = hall.worker("sheila-mathieson", Purpose::AdultProtection);
    let note = Raise {
        to: Vec::new(),
        ..concern(&[], "Spoke with her daughter; visit again on Thursday.")
    };
    let netta = hall.patient("netta-dunsmore");
    let sent = raise(&hall.cx, &sheila, netta, &note).await.expect("kept");
    open(&hall.cx, &sheila, sent.id).await.expect("her team's");
    let fraser = hall.worker("fraser-abercrombie", Purpose::AdultProtection);
    let refused = open(&hall.cx, &fraser, sent.id).await;
    assert!(matches!(refused, Err(Error::NotFound)), "{refused:?}");
    assert_eq!(list(&hall, &fraser).await, []);
    assert_eq!(hall.account("netta-dunsmore").await, [""; 0]);
}

#[tokio::test]
async fn below_protection_only_those_involved_tell() {
    let hall = Hall::open().await;
    let shannon = hall.patient("shannon-greig");
    let told = concern(&["southbrae-children"], "Gave her a sandwich.");
    // Derek has nothing to do with her. For her wellbeing he may not go past her; to protect her he may.
    let wellbeing = hall.worker("derek-muirhead", Purpose::ChildWellbeing);
    let refused = raise(&hall.cx, &wellbeing, shannon, &told).await;
    assert!(matches!(refused, Err(Error::NotFound)), "{refused:?}");
    let protecting = hall.worker("derek-muirhead", Purpose::ChildConcern);
    let refused = raise(&hall.cx, &protecting, shannon, &told).await;
    assert_eq!(
        faults(refused.expect_err("he may not read her name")),
        [(
            "name".to_owned(),
            "give the name by which you know them: whoever must act has to know whom it is about"
                .to_owned()
        )]
    );
    let named = Raise {
        name: "Shannon, from number 15".to_owned(),
        ..told
    };
    raise(&hall.cx, &protecting, shannon, &named)
        .await
        .expect("told");
    let gurpreet = hall.worker("gurpreet-bains", Purpose::ChildConcern);
    let inbox = inbox(&hall.cx, &gurpreet, 50, None).await.expect("a list");
    assert_eq!(inbox.lines[0].message.name, "Shannon, from number 15");
}

#[tokio::test]
async fn passed_on_it_is_one_concern_and_the_next_team_has_it() {
    let hall = Hall::open().await;
    let id = raised(&hall).await;
    let gurpreet = hall.worker("gurpreet-bains", Purpose::ChildConcern);
    let on = |to: &str| outcome(Outcome::PassedOn { to: to.into() }, "She moved on Friday.");
    for (team, said) in [
        (
            "the-gossips",
            "no team of this name is in the directory: choose one of those listed",
        ),
        (
            "southbrae-children",
            "that team has this concern already: choose another, or say what you do",
        ),
    ] {
        let refused = triage(&hall.cx, &gurpreet, id, &on(team)).await;
        assert_eq!(faults(refused.expect_err(team))[0].1, said);
    }
    triage(&hall.cx, &gurpreet, id, &on("northburn-children"))
        .await
        .expect("passed on");
    let nkechi = nkechi(&hall);
    assert_eq!(list(&hall, &nkechi).await.len(), 1);
    assert_eq!(
        list(&hall, &stuart(&hall)).await[0].1,
        "Your concern of 11 January 2027 was looked at. It was passed on to Northburn children and families team, 01632 960 115. She moved on Friday."
    );
    assert_eq!(
        hall.account("shannon-greig").await[0],
        "Gurpreet Bains, social worker at Southbrae Council Social Work, told Northburn children and families team, Northburn Council Social Work of a concern about you on 11 January 2027 at 9:30am, for a child protection concern."
    );
    let refused = triage(&hall.cx, &nkechi, id, &outcome(Outcome::NoAction, " ")).await;
    assert_eq!(
        faults(refused.expect_err("no reason"))[0].1,
        "say why nothing more is done: whoever raised it reads this"
    );
    let support = outcome(Outcome::Support, "A family worker visits on Wednesday.");
    triage(&hall.cx, &nkechi, id, &support).await.expect("help");
    let opened = open(&hall.cx, &stuart(&hall), id).await.expect("his own");
    let states = opened.message.deliveries.iter().map(|one| one.state);
    assert_eq!(
        states.collect::<Vec<_>>(),
        [State::Actioned, State::Actioned]
    );
}

#[tokio::test]
async fn what_would_put_a_child_at_risk_waits_outside_the_account() {
    let hall = Hall::open().await;
    let shannon = hall.patient("shannon-greig");
    let mut held = concern(
        &["southbrae-children"],
        "Stayed until her grandmother came.",
    );
    held.hold = Some((
        at("2027-01-18T09:00:00Z"),
        "He reads her letters.".to_owned(),
    ));
    let id = raise(&hall.cx, &stuart(&hall), shannon, &held)
        .await
        .expect("raised")
        .id;
    let gurpreet = hall.worker("gurpreet-bains", Purpose::ChildConcern);
    triage(&hall.cx, &gurpreet, id, &outcome(Outcome::Inquiry, ""))
        .await
        .expect("triaged");
    assert_eq!(hall.account("shannon-greig").await, [""; 0]);
    hall.clock.set(at("2027-01-18T09:00:01Z"));
    do_what_is_due(&hall.cx).await.expect("what is due is done");
    assert_eq!(hall.account("shannon-greig").await.len(), 2);

    let wellbeing = hall.worker("gurpreet-bains", Purpose::ChildWellbeing);
    let refused = raise(&hall.cx, &wellbeing, shannon, &held).await;
    assert_eq!(
        faults(refused.expect_err("not held"))[0].1,
        "only a concern that protects somebody is held from their account: tell them before you raise it"
    );
}

#[tokio::test]
async fn the_wrong_child_is_taken_back_and_what_is_over_is_not_triaged() {
    let hall = Hall::open().await;
    let id = raised(&hall).await;
    let gurpreet = hall.worker("gurpreet-bains", Purpose::ChildConcern);
    open(&hall.cx, &gurpreet, id).await.expect("hers");
    retract(&hall.cx, &stuart(&hall), id, "It was her cousin.")
        .await
        .expect("taken back");
    let refused = triage(&hall.cx, &gurpreet, id, &outcome(Outcome::Inquiry, "")).await;
    assert_eq!(
        faults(refused.expect_err("over"))[0].1,
        "the concern is over: whoever raised it closed it or took it back"
    );
    let opened = open(&hall.cx, &gurpreet, id).await.expect("hers");
    assert_eq!(
        opened.own.expect("hers").state,
        State::Recalled,
        "she opened it, so she says that she knows"
    );

    let hall = Hall::open().await;
    let id = raised(&hall).await;
    close(&hall.cx, &stuart(&hall), id, "Her mother is home.")
        .await
        .expect("closed");
    assert_eq!(list(&hall, &gurpreet).await, []);
    // Whoever was not asked has nothing to say of it.
    let id = raised(&hall).await;
    let refused = triage(&hall.cx, &nkechi(&hall), id, &outcome(Outcome::Inquiry, "")).await;
    assert!(matches!(refused, Err(Error::NotFound)), "{refused:?}");
}
