//! Messages from team to team: who has them when, who answers, and what the person reads of it.

use domain::message::{Opening, rota::Closed};
use domain::message::{Reply, Rota, Rung, State, Urgency};
use domain::{Category, Clock, Purpose, ResourceId, Timestamp};
use sharing::directory::{Brought, FillError, ROTA, fill};
use sharing::messages::{
    Inbox, Letter, answer, close, do_what_is_due, finish, inbox, open, retract, send, update,
};
use sharing::restrict::{Restriction, restrict};
use sharing::{Asking, Error};
use store::{Change, Expect, Write};

use crate::hall::Hall;

fn letter(to: &str, text: &str) -> Letter {
    Letter {
        to: vec![to.into()],
        text: text.to_owned(),
        what: vec![Category::CarePlans],
        urgency: Urgency::Urgent,
        answers: None,
    }
}

/// Fraser's message about Netta to the district nurses.
async fn sent(hall: &Hall, fraser: &Asking) -> ResourceId {
    let letter = letter(
        "community-nursing",
        "She goes home on Thursday. Please visit.",
    );
    let sent = send(&hall.cx, fraser, hall.patient("netta-dunsmore"), &letter).await;
    let sent = sent.expect("it is sent");
    assert_eq!(sent.waiting, []);
    sent.id
}

async fn list(hall: &Hall, asking: &Asking) -> Inbox {
    inbox(&hall.cx, asking, 50, None).await.expect("a list")
}

fn at(text: &str) -> Timestamp {
    Timestamp::parse(text).expect("an instant")
}

fn fraser(hall: &Hall) -> Asking {
    hall.worker("fraser-abercrombie", Purpose::Assessment)
}

fn sheila(hall: &Hall) -> Asking {
    hall.worker("sheila-mathieson", Purpose::Treatment)
}

#[tokio::test]
async fn a_message_is_told_to_a_team_taken_and_done_and_stands_in_the_account() {
    let hall = Hall::open().await;
    let (fraser, sheila) = (fraser(&hall), sheila(&hall));
    let id = sent(&hall, &fraser).await;

    let on_list = list(&hall, &sheila).await;
    assert_eq!(on_list.lines.len(), 1);
    let line = &on_list.lines[0];
    assert_eq!(line.message.name, "Netta Dunsmore");
    // Four hours, day and night: a hospital's team is always there unless it says otherwise.
    assert_eq!(line.due, Some(at("2027-01-11T13:30:00Z")));
    assert!(!line.interrupts);

    let opened = open(&hall.cx, &sheila, id).await.expect("it opens");
    assert_eq!(
        opened.message.text,
        "She goes home on Thursday. Please visit."
    );
    assert!(!opened.is_senders);
    open(&hall.cx, &sheila, id).await.expect("and again");
    answer(&hall.cx, &sheila, id, Reply::Mine)
        .await
        .expect("hers");
    assert_eq!(list(&hall, &sheila).await.lines[0].due, None);
    finish(&hall.cx, &sheila, id).await.expect("done");
    assert_eq!(list(&hall, &sheila).await.lines.len(), 0);

    assert_eq!(
        hall.account("netta-dunsmore").await[..2],
        [
            "Sheila Mathieson, nurse at Clydevale Hospital, opened a message about you on \
             11 January 2027 at 9:30am, for assessing care needs.",
            "Fraser Abercrombie, social worker at Northburn Council Social Work, sent Community \
             nursing, Northburn, Clydevale Hospital a message about your care plans \
             on 11 January 2027 at 9:30am, for assessing care needs, because you are looked after \
             by the care team.",
        ]
    );
}

#[tokio::test]
async fn whoever_is_not_between_whom_it_goes_is_answered_as_if_there_were_none() {
    let hall = Hall::open().await;
    let id = sent(&hall, &fraser(&hall)).await;
    let derek = hall.worker("derek-muirhead", Purpose::HousingAdaptation);
    for asking in [&derek, &hall.worker("imran-yousaf", Purpose::Treatment)] {
        assert!(matches!(
            open(&hall.cx, asking, id).await,
            Err(Error::NotFound)
        ));
        assert!(matches!(
            answer(&hall.cx, asking, id, Reply::Mine).await,
            Err(Error::NotFound)
        ));
        assert!(list(&hall, asking).await.lines.is_empty());
    }
    // Housing has nothing to do with Netta, so it has nothing to tell of her either.
    let letter = letter("community-nursing", "Which flat?");
    let refused = send(&hall.cx, &derek, hall.patient("netta-dunsmore"), &letter).await;
    assert!(matches!(refused, Err(Error::NotFound)));
    // Only its sender takes it back.
    let nurse = sheila(&hall);
    assert!(matches!(
        retract(&hall.cx, &nurse, id, "wrong").await,
        Err(Error::NotFound)
    ));
}

#[tokio::test]
async fn a_barred_nurse_has_no_mail_about_whoever_barred_her() {
    let hall = Hall::open().await;
    let id = sent(&hall, &fraser(&hall)).await;
    let nurse = sheila(&hall);
    let person = hall.person_id("netta-dunsmore").await;
    let bar = Restriction::Bar("sheila-mathieson".into());
    restrict(&hall.cx, &fraser(&hall), person, &bar)
        .await
        .expect("barred");
    assert!(list(&hall, &nurse).await.lines.is_empty());
    assert!(matches!(
        open(&hall.cx, &nurse, id).await,
        Err(Error::NotFound)
    ));
}

/// The team manager is above Fraser's team, and the team is an office.
async fn rotas(hall: &Hall, closed: Option<Closed>) {
    let rota = Rota {
        team: "northburn-adults".into(),
        opening: Opening::office(),
        deputy: Some("fraser-abercrombie".into()),
        manager: Some("margaret-haining".into()),
        closed,
    };
    let change = Change {
        writes: vec![Write::Rota(rota)],
        ..Change::default()
    };
    let kept = hall.cx.store.commit(change, Expect::default()).await;
    kept.expect("the rota is kept");
}

#[tokio::test]
async fn silence_climbs_from_the_team_to_its_manager_and_is_never_an_answer() {
    let hall = Hall::open().await;
    rotas(&hall, None).await;
    let doctor = hall.worker("ifeoma-nwosu", Purpose::Treatment);
    let letter = letter(
        "northburn-adults",
        "Ready to go home: can her package start?",
    );
    let sent = send(&hall.cx, &doctor, hall.patient("netta-dunsmore"), &letter).await;
    let Ok(sent) = sent else { panic!("{sent:?}") };
    let manager = hall.worker("margaret-haining", Purpose::Assessment);
    let mut rungs = Vec::new();
    for time in [
        "2027-01-11T13:29:00Z",
        "2027-01-11T13:30:00Z",
        // Four office hours later is the next morning.
        "2027-01-12T09:14:00Z",
        "2027-01-12T09:15:00Z",
        "2027-01-20T09:15:00Z",
    ] {
        hall.clock.set(at(time));
        do_what_is_due(&hall.cx).await.expect("what is due is done");
        let opened = open(&hall.cx, &doctor, sent.id).await.expect("his own");
        let delivery = &opened.message.deliveries[0];
        rungs.push((delivery.rung, delivery.state));
    }
    use Rung::{Deputy, Manager, Team};
    let delivered = State::Delivered;
    assert_eq!(
        rungs,
        [
            (Team, delivered),
            (Deputy, delivered),
            (Deputy, delivered),
            (Manager, delivered),
            (Manager, delivered)
        ]
    );
    assert_eq!(list(&hall, &manager).await.lines.len(), 1);
    assert!(
        !list(&hall, &doctor).await.lines.is_empty(),
        "it came back to its sender"
    );
}

#[tokio::test]
async fn a_message_to_a_shut_office_waits_for_the_morning_and_says_since_when() {
    let hall = Hall::open().await;
    rotas(&hall, None).await;
    hall.clock.set(at("2027-01-15T23:40:00Z"));
    let doctor = hall.worker("ifeoma-nwosu", Purpose::Treatment);
    let letter = letter("northburn-adults", "Ready to go home.");
    let sent = send(&hall.cx, &doctor, hall.patient("netta-dunsmore"), &letter)
        .await
        .expect("it is sent");
    assert_eq!(sent.waiting, ["northburn-adults".into()]);
    do_what_is_due(&hall.cx).await.expect("nothing is due");

    hall.clock.set(at("2027-01-18T08:45:00Z"));
    do_what_is_due(&hall.cx).await.expect("it is delivered");
    let on_list = list(&hall, &fraser(&hall)).await;
    let delivery = on_list.lines[0].delivery.as_ref().expect("a delivery");
    assert_eq!(delivery.state, State::Delivered);
    assert_eq!(delivery.sent, at("2027-01-15T23:40:00Z"));
    assert_eq!(delivery.due, Some(at("2027-01-18T12:45:00Z")));
}

#[tokio::test]
async fn what_cannot_be_sent_is_said_with_what_to_do_instead() {
    let hall = Hall::open().await;
    let closed = Closed {
        at: at("2027-01-01T00:00:00Z"),
        instead: Some("southbrae-adults".into()),
    };
    rotas(&hall, Some(closed)).await;
    let doctor = hall.worker("ifeoma-nwosu", Purpose::Treatment);
    let table = [
        (
            letter("northburn-adults", "Hello"),
            "Northburn adults team is closed: send it to Southbrae adults team",
        ),
        (
            letter("ward-66", "Hello"),
            "no team of this name is in the directory: choose one of those listed",
        ),
        (letter("ward-3", "  "), "write what they should know or do"),
        (
            letter("ward-3", &"a".repeat(5_001)),
            "keep the message under 5000 letters",
        ),
        (
            Letter {
                to: Vec::new(),
                ..letter("", "Hello")
            },
            "choose at least one team to send it to",
        ),
    ];
    for (letter, expected) in table {
        let refused = send(&hall.cx, &doctor, hall.patient("netta-dunsmore"), &letter).await;
        let Err(Error::Invalid(issues)) = refused else {
            panic!("{refused:?}")
        };
        assert_eq!(issues[0].details, expected);
    }
    assert_eq!(hall.account("netta-dunsmore").await.len(), 0);
}

#[tokio::test]
async fn what_is_said_anew_is_seen_anew_and_what_was_wrong_is_known_to_be_wrong() {
    let hall = Hall::open().await;
    let (fraser, sheila) = (fraser(&hall), sheila(&hall));
    let id = sent(&hall, &fraser).await;
    open(&hall.cx, &sheila, id).await.expect("it opens");
    answer(&hall.cx, &sheila, id, Reply::Mine)
        .await
        .expect("hers");

    update(&hall.cx, &fraser, id, "She goes home on Friday.")
        .await
        .expect("said anew");
    let on_list = list(&hall, &sheila).await;
    assert_eq!(on_list.lines[0].message.revision, 2);
    let delivery = on_list.lines[0].delivery.as_ref().expect("a delivery");
    assert_eq!(delivery.state, State::Delivered);

    retract(&hall.cx, &fraser, id, "It was another Mrs Dunsmore.")
        .await
        .expect("taken back");
    let delivery = list(&hall, &sheila).await.lines[0].delivery.clone();
    assert_eq!(delivery.map(|one| one.state), Some(State::Recalled));
    let over = update(&hall.cx, &fraser, id, "No, it was her.").await;
    let Err(Error::Invalid(issues)) = over else {
        panic!("{over:?}")
    };
    assert_eq!(issues[0].details, "it cannot be updated: it is retracted");
    answer(&hall.cx, &sheila, id, Reply::Mine)
        .await
        .expect("she knows");
    assert!(list(&hall, &sheila).await.lines.is_empty());

    let other = sent(&hall, &fraser).await;
    close(&hall.cx, &fraser, other, "Visit made.")
        .await
        .expect("closed");
    assert!(list(&hall, &sheila).await.lines.is_empty());
}

#[tokio::test]
async fn what_is_due_is_done_once_though_many_look_at_once() {
    let hall = Hall::open().await;
    rotas(&hall, None).await;
    let doctor = hall.worker("ifeoma-nwosu", Purpose::Treatment);
    let mut sent = Vec::new();
    for place in 0..20 {
        let letter = letter("northburn-adults", &format!("Message {place}"));
        let one = send(&hall.cx, &doctor, hall.patient("netta-dunsmore"), &letter).await;
        sent.push(one.expect("it is sent").id);
    }
    hall.clock.set(hall.clock.now().plus_seconds(4 * 3_600));
    let done = tokio::join!(
        do_what_is_due(&hall.cx),
        do_what_is_due(&hall.cx),
        do_what_is_due(&hall.cx),
    );
    let done = [done.0, done.1, done.2].map(|done| done.expect("done").messages);
    assert_eq!(done.iter().sum::<usize>(), 20, "{done:?}");
    for id in sent {
        let opened = open(&hall.cx, &doctor, id).await.expect("his own");
        assert_eq!(opened.message.deliveries[0].rung, Rung::Deputy, "once");
    }
}

#[tokio::test]
async fn work_whose_holder_died_is_done_by_another_once_the_lease_is_over() {
    let hall = Hall::open().await;
    rotas(&hall, None).await;
    let doctor = hall.worker("ifeoma-nwosu", Purpose::Treatment);
    let letter = letter("northburn-adults", "Ready to go home.");
    let sent = send(&hall.cx, &doctor, hall.patient("netta-dunsmore"), &letter)
        .await
        .expect("it is sent");
    let due = hall.clock.now().plus_seconds(4 * 3_600);
    hall.clock.set(due);
    let lease = Write::LeaseDue {
        holder: [9; 16],
        now: due,
        until: due.plus_seconds(60),
        limit: 10,
    };
    let change = Change {
        writes: vec![lease],
        ..Change::default()
    };
    let taken = hall.cx.store.commit(change, Expect::default()).await;
    taken.expect("somebody takes it, and dies");

    hall.clock.set(due.plus_seconds(59));
    let done = do_what_is_due(&hall.cx).await.expect("nothing is free");
    assert_eq!(done.messages, 0);
    hall.clock.set(due.plus_seconds(60));
    let done = do_what_is_due(&hall.cx).await.expect("it is done");
    assert_eq!(done.messages, 1);
    let opened = open(&hall.cx, &doctor, sent.id).await.expect("his own");
    assert_eq!(opened.message.deliveries[0].rung, Rung::Deputy);
}

/// The adults team as a directory brings it, with this rota.
fn team(rota: &serde_json::Value) -> Brought {
    let bytes = serde_json::json!({
        "resourceType": "Organization",
        "identifier": [{
            "system": "https://candour.example/fhir/id/team", "value": "northburn-adults"
        }],
        "name": "Northburn adults team",
        "partOf": { "identifier": {
            "system": "https://candour.example/fhir/id/organisation",
            "value": "northburn-social-work"
        } },
        "extension": [{ "url": ROTA, "extension": rota }]
    });
    Brought {
        place: "line 1".to_owned(),
        bytes: bytes.to_string().into_bytes(),
    }
}

#[tokio::test]
async fn a_rota_is_brought_with_its_team() {
    let hall = Hall::open().await;
    let manager = serde_json::json!({ "identifier": {
        "system": "https://candour.example/fhir/id/worker", "value": "margaret-haining"
    } });
    let rota = serde_json::json!([
        { "url": "from", "valueTime": "09:00:00" },
        { "url": "to", "valueTime": "16:30:00" },
        { "url": "manager", "valueReference": manager }
    ]);
    fill(&hall.cx, &[team(&rota)])
        .await
        .expect("it is taken in");
    let mut snapshot = hall.cx.store.snapshot().await.expect("a snapshot");
    let directory = snapshot.directory().await.expect("the directory");
    assert_eq!(
        directory.rotas[&"northburn-adults".into()],
        Rota {
            team: "northburn-adults".into(),
            opening: Opening::Office {
                from_minute: 540,
                to_minute: 990
            },
            deputy: None,
            manager: Some("margaret-haining".into()),
            closed: None,
        }
    );
    let again = fill(&hall.cx, &[team(&rota)]).await.expect("nothing new");
    assert_eq!((again.teams.unchanged, again.teams.changed), (1, 0));

    let table = [
        (
            serde_json::json!([{ "url": "from", "valueTime": "09:00:00" }]),
            "give both from and to, or neither for day and night",
        ),
        (
            serde_json::json!([
                { "url": "from", "valueTime": "17:00:00" },
                { "url": "to", "valueTime": "09:00:00" }
            ]),
            "from must be before to: what runs overnight is a duty",
        ),
        (
            serde_json::json!([{ "url": "deputy", "valueReference": { "reference": "Practitioner/x" } }]),
            "deputy: must be a Practitioner, brought or known here",
        ),
    ];
    for (rota, expected) in table {
        let refused = fill(&hall.cx, &[team(&rota)]).await;
        let Err(FillError::Faults(faults)) = refused else {
            panic!("{refused:?}")
        };
        assert_eq!(faults[0].what, format!("{ROTA}: {expected}"));
    }
}
