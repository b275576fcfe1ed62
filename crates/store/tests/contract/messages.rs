//! Messages, the lists they stand on, and work that falls due.

use domain::message::{Delivery, Harm, Kind, Message, Sender, Stage};
use domain::{Bar, Purpose, ResourceId, Timestamp, WorkerId};
use policy::Internal;
use store::{Change, Error, Expect, ListLine, Listed, NewMessage, Write};

use crate::Shared;
use crate::world::{MORNING, Person, World};

const WARD: &str = "ward-6";

fn amina() -> WorkerId {
    "amina".into()
}

/// A message about somebody to the ward, not yet on any list.
pub fn message(world: &World, about: Person, text: &str) -> Message {
    let id = world.id();
    Message {
        id,
        thread: id,
        root: id,
        kind: Kind::Note,
        purpose: Purpose::Treatment,
        harm: Harm::Routine,
        person: about.id,
        patient: about.patient,
        name: "Marta Nowak".to_owned(),
        sender: Sender {
            worker: amina(),
            name: "Dr Amina Rahman".to_owned(),
            desk: "surgery".into(),
            team: "surgery".into(),
            organisation: "practice".into(),
        },
        text: text.to_owned(),
        ring: Vec::new(),
        at: MORNING,
        revision: 1,
        stage: Stage::Sent,
        held: None,
        later: Vec::new(),
        request: None,
        concern: None,
        discussion: None,
        family: None,
        to_be_heard: None,
        attempts: None,
        call: None,
        recall: None,
        challenge: None,
        sources: Vec::new(),
        by: None,
        deliveries: vec![Delivery::new(WARD.into(), MORNING)],
    }
}

/// Kept with a line on the ward's list.
pub fn kept_anywhere(message: &Message, replaces: u32) -> Write {
    kept(message, replaces, (Harm::Protection, None))
}

fn minutes(minutes: i64) -> Timestamp {
    MORNING.plus_seconds(minutes * 60)
}

fn kept(message: &Message, replaces: u32, line: (Harm, Option<i64>)) -> Write {
    let (harm, due) = line;
    let line = ListLine {
        list: WARD.to_owned(),
        harm,
        due: due.map(minutes),
    };
    Write::Message(Box::new(NewMessage {
        message: message.clone(),
        replaces,
        lines: vec![line],
        due: Vec::new(),
    }))
}

async fn on_the_ward(world: &World, worker: &WorkerId) -> Vec<Listed> {
    let mut snapshot = world.snapshot().await;
    let lists = [WARD.to_owned()];
    snapshot.listed(&lists, worker, 100, None).await.unwrap()
}

async fn text_of(world: &World, id: ResourceId) -> Option<(String, u32)> {
    let mut snapshot = world.snapshot().await;
    let found = snapshot.internal_message(Internal::Messages, &id).await;
    found
        .unwrap()
        .map(|(message, version)| (message.text, version))
}

pub async fn of_two_who_move_one_message_one_looks_again(world: Shared) {
    let marta = world.person("Nowak", "Marta").await;
    let mut first = message(&world, marta, "Please ring her daughter.");
    let line = (Harm::Routine, Some(60));
    world.write(vec![kept(&first, 0, line)]).await.unwrap();
    assert_eq!(
        text_of(&world, first.id).await,
        Some(("Please ring her daughter.".to_owned(), 1))
    );

    let second = first.clone();
    first.text = "Rung.".to_owned();
    world.write(vec![kept(&first, 1, line)]).await.unwrap();
    let late = world.write(vec![kept(&second, 1, line)]).await;
    assert!(matches!(late, Err(Error::Conflict)));
    let again = world.write(vec![kept(&second, 0, line)]).await;
    assert!(matches!(again, Err(Error::Conflict)));
    assert_eq!(
        text_of(&world, first.id).await,
        Some(("Rung.".to_owned(), 2))
    );
    assert_eq!(text_of(&world, world.id()).await, None);
}

pub async fn a_list_is_ordered_by_harm_and_then_by_what_is_due_first(world: Shared) {
    let marta = world.person("Nowak", "Marta").await;
    let table = [
        ("routine, due soon", Harm::Routine, Some(5)),
        ("protection, no hurry", Harm::Protection, None),
        ("today", Harm::Today, Some(30)),
        ("protection, due", Harm::Protection, Some(60)),
    ];
    for (text, harm, due) in table {
        let new = message(&world, marta, text);
        world.write(vec![kept(&new, 0, (harm, due))]).await.unwrap();
    }
    let expected = [
        "protection, due",
        "protection, no hurry",
        "today",
        "routine, due soon",
    ];
    let all = on_the_ward(&world, &amina()).await;
    assert_eq!(texts(&world, &all).await, expected);
    assert_eq!(all[0].due, Some(minutes(60)));
    assert_eq!(all[1].due, None);

    let mut snapshot = world.snapshot().await;
    let lists = [WARD.to_owned()];
    let mut walked = Vec::new();
    let mut after = None;
    loop {
        let page = snapshot.listed(&lists, &amina(), 1, after.as_ref()).await;
        let page = page.unwrap();
        let Some(last) = page.last() else { break };
        after = Some(last.place.clone());
        walked.extend(texts(&world, &page).await);
    }
    assert_eq!(walked, expected);
    let elsewhere = ["ward-3".to_owned()];
    let other = snapshot.listed(&elsewhere, &amina(), 9, None).await;
    assert!(other.unwrap().is_empty());
}

async fn texts(world: &World, lines: &[Listed]) -> Vec<String> {
    let mut texts = Vec::new();
    for line in lines {
        let text = text_of(world, line.parties.message).await;
        texts.push(text.expect("a message on a list").0);
    }
    texts
}

pub async fn whoever_is_barred_has_no_line_about_that_person(world: Shared) {
    let marta = world.person("Nowak", "Marta").await;
    let other = world.person("Lal", "Arun").await;
    for about in [marta, other] {
        let new = message(&world, about, "x");
        let line = (Harm::Routine, None);
        world.write(vec![kept(&new, 0, line)]).await.unwrap();
    }
    let bar = |lifted| Write::Bar {
        home: marta.home,
        bar: Bar {
            worker: "kenneth".into(),
            since: MORNING,
            lifted,
        },
    };
    world.write(vec![bar(None)]).await.unwrap();
    let whose = |lines: Vec<Listed>| -> Vec<_> {
        lines.into_iter().map(|line| line.parties.person).collect()
    };
    assert_eq!(
        whose(on_the_ward(&world, &"kenneth".into()).await),
        [other.id]
    );
    assert_eq!(
        whose(on_the_ward(&world, &amina()).await),
        [marta.id, other.id]
    );
    world.write(vec![bar(Some(MORNING))]).await.unwrap();
    assert_eq!(on_the_ward(&world, &"kenneth".into()).await.len(), 2);
}

pub async fn what_is_due_belongs_to_one_at_a_time_and_is_done_once(world: Shared) {
    let marta = world.person("Nowak", "Marta").await;
    let mut ids = Vec::new();
    for minute in [10, 20, 90] {
        let new = message(&world, marta, "x");
        ids.push(new.id);
        world.write(vec![due(&new, 0, minute)]).await.unwrap();
    }
    let (ada, ben) = ([1; 16], [2; 16]);
    lease(&world, ada, 30, 1).await;
    lease(&world, ben, 30, 9).await;
    assert_eq!(leased(&world, ada).await, [ids[0]]);
    assert_eq!(leased(&world, ben).await, [ids[1]], "not what is due later");

    // Ada dies; after her lease Ben takes hers, and it is done with the message.
    lease(&world, ben, 31, 9).await;
    assert_eq!(leased(&world, ben).await, [ids[1]]);
    lease(&world, ben, 36, 9).await;
    assert_eq!(leased(&world, ada).await, []);
    assert_eq!(leased(&world, ben).await, [ids[0], ids[1]]);
    let mut snapshot = world.snapshot().await;
    let found = snapshot.internal_message(Internal::Messages, &ids[0]).await;
    let (done, version) = found.unwrap().unwrap();
    world
        .write(vec![kept(&done, version, (Harm::Routine, None))])
        .await
        .unwrap();
    assert_eq!(leased(&world, ben).await, [ids[1]]);
    // If Ada was only slow, her change comes too late.
    let late = world.write(vec![due(&done, version, 10)]).await;
    assert!(matches!(late, Err(Error::Conflict)));
}

fn due(message: &Message, replaces: u32, minute: i64) -> Write {
    Write::Message(Box::new(NewMessage {
        message: message.clone(),
        replaces,
        lines: Vec::new(),
        due: vec![(minutes(minute), "climb ward-6".to_owned())],
    }))
}

async fn lease(world: &World, holder: [u8; 16], minute: i64, limit: u32) {
    let lease = Write::LeaseDue {
        holder,
        now: minutes(minute),
        until: minutes(minute + 5),
        limit,
    };
    world.write(vec![lease]).await.unwrap();
}

async fn leased(world: &World, holder: [u8; 16]) -> Vec<ResourceId> {
    world.snapshot().await.leased(&holder).await.unwrap()
}

pub async fn what_falls_together_falls_whole_or_not_at_all(world: Shared) {
    let child = world.person("McKay", "Callum").await;
    let sister = world.person("Boyd", "Erin").await;
    let mut root = message(&world, child, "about the child");
    let mut linked = message(&world, sister, "about his sister");
    linked.root = root.id;
    let line = (Harm::Protection, None);
    let both = vec![kept(&root, 0, line), kept(&linked, 0, line)];
    world.write(both).await.unwrap();

    root.text = "closed".to_owned();
    linked.text = "closed".to_owned();
    let writes = vec![kept(&root, 1, line), kept(&linked, 7, line)];
    let change = Change {
        writes,
        ..Change::default()
    };
    let refused = world.store.commit(change, Expect::default()).await;
    assert!(matches!(refused, Err(Error::Conflict)));
    let mut snapshot = world.snapshot().await;
    let found = snapshot.standing_with(Internal::Messages, &root.id).await;
    let texts: Vec<_> = found
        .unwrap()
        .into_iter()
        .map(|(one, _)| one.text)
        .collect();
    assert_eq!(texts, ["about the child", "about his sister"]);
}

pub async fn somebody_is_looked_at_again_once_at_the_moment_that_was_set_last(world: Shared) {
    let marta = world.person("Nowak", "Marta").await;
    let rosa = world.person("Ferri", "Rosa").await;
    let again = |body: &str, at| Write::LookAgain {
        subject: marta.id.0,
        body: body.to_owned(),
        at,
    };
    let hour = MORNING.plus_seconds(3_600);
    let writes = vec![again("first", Some(MORNING)), again("second", Some(hour))];
    world.write(writes).await.unwrap();
    let due = async || {
        let mut snapshot = world.snapshot().await;
        snapshot.looks_again(&marta.id.0).await.unwrap()
    };
    assert_eq!(due().await, Some((hour, "second".to_owned())));
    let lease = |holder, now| Write::LeaseDue {
        holder,
        now,
        until: hour.plus_seconds(60),
        limit: 9,
    };
    let leased = async |holder: [u8; 16], now| {
        world.write(vec![lease(holder, now)]).await.unwrap();
        world.snapshot().await.leased(&holder).await.unwrap()
    };
    assert_eq!(leased([1; 16], MORNING).await, []);
    assert_eq!(leased([2; 16], hour).await, [ResourceId(marta.id.0)]);
    world.write(vec![again("", None)]).await.unwrap();
    assert_eq!(due().await, None);

    let mut all = [marta.id, rosa.id];
    all.sort();
    let everybody = async |after, limit| {
        let mut snapshot = world.snapshot().await;
        let people = snapshot.everybody(Internal::Alerting, after, limit).await;
        people.unwrap()
    };
    assert_eq!(everybody(None, 9).await, all);
    assert_eq!(everybody(None, 1).await, all[..1]);
    assert_eq!(everybody(Some(all[0]), 9).await, all[1..]);
}

pub async fn requests_are_counted_by_when_they_were_sent_and_nothing_else_is(world: Shared) {
    let marta = world.person("Nowak", "Marta").await;
    let sent = [
        (Kind::Request, 30),
        (Kind::Request, 10),
        (Kind::Response, 15),
        (Kind::Request, 20),
        (Kind::Request, 9),
    ];
    for (kind, minute) in sent {
        let mut one = message(&world, marta, &minute.to_string());
        (one.kind, one.at) = (kind, minutes(minute));
        let line = (Harm::Routine, None);
        world.write(vec![kept(&one, 0, line)]).await.unwrap();
    }
    let counted = async |from, until| {
        let mut snapshot = world.snapshot().await;
        let (from, until) = (minutes(from), minutes(until));
        let found = snapshot.requests_sent(Internal::Counting, from, until);
        let texts = found.await.unwrap().into_iter().map(|one| one.text);
        texts.collect::<Vec<_>>()
    };
    assert_eq!(counted(10, 30).await, ["10", "20"]);
    assert_eq!(counted(9, 31).await, ["9", "10", "20", "30"]);
    assert_eq!(counted(31, 99).await, [""; 0]);
}
