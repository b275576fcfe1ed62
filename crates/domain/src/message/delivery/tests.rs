use super::*;
use crate::message::Refusal;

fn at(minute: i64) -> Timestamp {
    Timestamp::parse("2027-01-11T10:00:00Z")
        .unwrap()
        .plus_seconds(minute * 60)
}

fn sheila() -> WorkerId {
    "sheila-mathieson".into()
}

fn deliver() -> Move {
    Move::Deliver {
        with: "community-nursing".into(),
        due: Some(at(60)),
    }
}

/// A delivery taken through these moves, one a minute.
fn after(moves: &[Move]) -> Delivery {
    let mut delivery = Delivery::new("community-nursing".into(), at(0));
    for (step, minute) in moves.iter().zip(1..) {
        delivery.make(step.clone(), at(minute)).unwrap();
    }
    delivery
}

#[test]
fn what_is_taken_and_done_owes_nothing() {
    let mut delivery = after(&[deliver(), Move::See(sheila())]);
    assert_eq!(
        (delivery.state, delivery.since, delivery.due),
        (State::Seen, at(2), Some(at(60)))
    );
    delivery
        .make(Move::Answer(sheila(), Reply::Mine), at(3))
        .unwrap();
    assert_eq!((delivery.state, delivery.due), (State::Mine, None));
    assert!(delivery.state.is_listed());
    delivery.make(Move::Finish(sheila()), at(4)).unwrap();
    assert_eq!(delivery.state, State::Actioned);
    assert!(!delivery.state.is_listed());
}

#[test]
fn silence_climbs_to_the_deputy_and_then_the_manager_and_stays_there() {
    let mut delivery = after(&[deliver()]);
    for (rung, due) in [
        (Rung::Deputy, 120),
        (Rung::Manager, 180),
        (Rung::Manager, 240),
    ] {
        delivery
            .make(
                Move::Climb {
                    to: rung,
                    due: at(due),
                },
                at(due),
            )
            .unwrap();
        assert_eq!((delivery.rung, delivery.due), (rung, Some(at(due))));
    }
    assert_eq!(
        delivery.state,
        State::Delivered,
        "silence is never an answer"
    );
}

#[test]
fn an_update_has_to_be_seen_again_and_starts_from_the_team() {
    let mut delivery = after(&[
        deliver(),
        Move::Climb {
            to: Rung::Deputy,
            due: at(120),
        },
        Move::Answer(sheila(), Reply::Mine),
    ]);
    delivery
        .make(Move::Renew { due: at(300) }, at(200))
        .unwrap();
    assert_eq!(
        (delivery.state, delivery.rung, delivery.due),
        (State::Delivered, Rung::Team, Some(at(300)))
    );
}

#[test]
fn a_retraction_must_be_acknowledged_by_whoever_saw_it_and_by_nobody_else() {
    let recall = || Move::Recall { due: at(500) };
    let mut seen = after(&[deliver(), Move::See(sheila()), recall()]);
    assert_eq!((seen.state, seen.due), (State::Recalled, Some(at(500))));
    seen.make(Move::End, at(6)).unwrap();
    assert_eq!(
        seen.state,
        State::Recalled,
        "closing does not end the duty to know"
    );
    seen.make(Move::Answer(sheila(), Reply::Mine), at(7))
        .unwrap();
    assert_eq!(seen.state, State::Ended);

    let unseen = after(&[deliver(), recall()]);
    assert_eq!((unseen.state, unseen.due), (State::Ended, None));
}

#[test]
fn an_answer_may_be_put_right_but_not_given_to_what_is_over() {
    let mut delivery = after(&[deliver(), Move::Answer(sheila(), Reply::Mine)]);
    delivery
        .make(Move::Answer(sheila(), Reply::NotMine), at(5))
        .unwrap();
    assert_eq!(delivery.state, State::NotMine);
    delivery.make(Move::End, at(6)).unwrap();
    let refused = delivery.make(Move::Answer(sheila(), Reply::Mine), at(7));
    assert_eq!(
        refused.unwrap_err().to_string(),
        "it cannot be answered: it is ended"
    );
}

#[test]
fn what_a_desk_saw_at_night_comes_to_the_day_team_as_seen() {
    let mut delivery = Delivery::new("braehead-surgery".into(), at(0));
    let desk = Move::Deliver {
        with: "out-of-hours-social-work".into(),
        due: Some(at(60)),
    };
    delivery.make(desk, at(0)).unwrap();
    delivery
        .make(Move::See("tariq-nawaz".into()), at(5))
        .unwrap();
    let morning = Move::Deliver {
        with: "braehead-surgery".into(),
        due: Some(at(700)),
    };
    delivery.make(morning, at(600)).unwrap();
    assert_eq!(delivery.state, State::Seen);
    assert_eq!(delivery.with.as_str(), "braehead-surgery");
    assert_eq!(delivery.sent, at(0), "it waits since it was sent");
}

/// Every state against every move: what is refused leaves the delivery untouched.
#[test]
fn a_refused_move_changes_nothing() {
    let moves = [
        deliver(),
        Move::See(sheila()),
        Move::Answer(sheila(), Reply::Mine),
        Move::Finish(sheila()),
        Move::Climb {
            to: Rung::Deputy,
            due: at(99),
        },
        Move::Respond(sheila(), Box::new(Response::Shared)),
        Move::Triage(sheila(), Box::new(Outcome::Inquiry)),
        Move::Renew { due: at(99) },
        Move::End,
        Move::Recall { due: at(99) },
    ];
    // Every state that three moves lead to.
    let mut reached = vec![Delivery::new("ward-6".into(), at(0))];
    for _ in 0..3 {
        let mut next = reached.clone();
        for delivery in &reached {
            for step in &moves {
                let mut moved = delivery.clone();
                if moved.make(step.clone(), at(9)).is_ok() && !next.contains(&moved) {
                    next.push(moved);
                }
            }
        }
        reached = next;
    }
    let mut refused = 0;
    for delivery in &reached {
        for step in &moves {
            let mut moved = delivery.clone();
            if let Err(illegal) = moved.make(step.clone(), at(10)) {
                refused += 1;
                assert_eq!(&moved, delivery);
                assert_eq!(illegal.state, delivery.state);
            } else {
                assert_eq!(
                    moved.state.owes_answer(),
                    moved.due.is_some() || moved.state == State::Waiting,
                    "{step:?} from {:?} to {moved:?}",
                    delivery.state
                );
            }
        }
    }
    assert!(refused > 20, "{refused} refusals");
}

#[test]
fn of_a_concern_it_is_said_what_became_of_it_and_said_again_if_that_was_wrong() {
    let triage = |outcome| Move::Triage(sheila(), Box::new(outcome));
    let mut delivery = after(&[deliver(), triage(Outcome::NoAction)]);
    assert_eq!((delivery.state, delivery.due), (State::Actioned, None));
    assert!(delivery.was_seen(), "who triages has seen it");
    delivery.make(triage(Outcome::Inquiry), at(201)).unwrap();
    assert_eq!(delivery.outcome, Some(Outcome::Inquiry));
    delivery
        .make(Move::Recall { due: at(300) }, at(202))
        .unwrap();
    let refused = delivery.make(triage(Outcome::Support), at(203));
    assert_eq!(
        refused.unwrap_err().to_string(),
        "it cannot be triaged: it is retracted: not yet acknowledged"
    );
}

#[test]
fn a_request_is_answered_or_more_is_asked_and_then_it_is_the_senders_turn() {
    let respond = |response| Move::Respond(sheila(), Box::new(response));
    let mut delivery = after(&[deliver(), respond(Response::MoreNeeded)]);
    assert_eq!((delivery.state, delivery.due), (State::MoreNeeded, None));
    assert!(!delivery.state.is_listed() && !delivery.state.owes_answer());
    delivery
        .make(Move::Renew { due: at(300) }, at(200))
        .unwrap();
    assert_eq!(
        (delivery.state, delivery.due),
        (State::Delivered, Some(at(300)))
    );
    delivery.make(respond(Response::Shared), at(201)).unwrap();
    assert_eq!(delivery.state, State::Actioned);
    assert_eq!(delivery.response, Some(Response::Shared));
    assert!(delivery.was_seen(), "who answers has seen it");
    delivery.make(Move::End, at(202)).unwrap();
    let refused = delivery.make(respond(Response::Shared), at(203));
    assert_eq!(
        refused.unwrap_err().to_string(),
        "it cannot be answered: it is ended"
    );
}

#[test]
fn a_refusal_that_a_later_answer_lifts_is_remembered() {
    let refused = || {
        Response::Refused(Refusal {
            ground: "R10".to_owned(),
            harm_if_shared: None,
            harm_if_not_shared: None,
            decider: None,
            review: None,
        })
    };
    let respond = |response| Move::Respond(sheila(), Box::new(response));
    let part = || Response::Part {
        ground: "R12".to_owned(),
    };
    for (answers, overturned) in [
        (vec![Response::Shared], false),
        (vec![refused()], false),
        (vec![refused(), Response::NotHeld { ask: None }], false),
        (vec![refused(), part()], true),
        (vec![refused(), Response::Shared, refused()], true),
    ] {
        let mut delivery = after(&[deliver()]);
        for (answer, minute) in answers.into_iter().zip(2..) {
            delivery.make(respond(answer), at(minute)).unwrap();
        }
        assert_eq!(delivery.was_overturned, overturned, "{delivery:?}");
    }
}
