//! A partnership's messages: ten thousand open at once on the lists of five hundred teams.

use std::time::Instant;

use domain::WorkerId;
use domain::message::Harm;
use store::{ListLine, NewMessage, Synchronous, Write};

use super::world_in;
use crate::messages::message;

const TEAMS: usize = 500;
const MESSAGES: usize = 10_000;
const PEOPLE: usize = 200;
/// What a page of a list may take of a store whose program was built for tests: twenty times what
/// it takes on an idle machine, and a twentieth of what a scan of all messages would.
const SLOWEST_MS: u128 = 50;

#[tokio::test]
#[ignore = "long: make test-long"]
async fn a_list_among_ten_thousand_messages_is_read_at_once() {
    let dir = tempfile::tempdir().unwrap();
    let world = world_in(dir.path(), None, Synchronous::Off).await;
    let mut people = Vec::new();
    for place in 0..PEOPLE {
        people.push(world.person(&format!("Family{place}"), "Given").await);
    }
    let harms = [Harm::Protection, Harm::Today, Harm::Routine];
    let mut writes = Vec::new();
    for place in 0..MESSAGES {
        let mut one = message(&world, people[place % PEOPLE], "Please ring her daughter.");
        one.harm = harms[place % 3];
        let line = ListLine {
            list: format!("team-{}", place % TEAMS),
            harm: one.harm,
            due: Some(one.at.plus_seconds(place as i64)),
        };
        writes.push(Write::Message(Box::new(NewMessage {
            message: one,
            replaces: 0,
            lines: vec![line],
            due: Vec::new(),
        })));
        if writes.len() == 500 {
            world.write(std::mem::take(&mut writes)).await.unwrap();
        }
    }

    let reader: WorkerId = "amina".into();
    let mut took = Vec::new();
    for round in 0..4 {
        for team in 0..TEAMS {
            let lists = [format!("team-{}", (team * 7 + round) % TEAMS)];
            let start = Instant::now();
            let lines = world
                .snapshot()
                .await
                .listed(&lists, &reader, 50, None)
                .await;
            took.push(start.elapsed().as_micros());
            assert_eq!(lines.unwrap().len(), MESSAGES / TEAMS);
        }
    }
    took.sort_unstable();
    let at = |part: usize| took[took.len() * part / 100];
    println!(
        "p50 {} us, p99 {} us of {} lists",
        at(50),
        at(99),
        took.len()
    );
    assert!(at(99) < SLOWEST_MS * 1_000, "p99 {} us", at(99));
}
