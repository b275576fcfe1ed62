//! The process is killed at a random moment while messages that stand and fall together move:
//! afterwards all of them moved, or none.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};

use domain::ResourceId;
use policy::Internal;
use store::{Synchronous, Write};

use super::{MARTA, world_in};
use crate::messages::{kept_anywhere, message};
use crate::world::World;

/// Tells the child where to work; without it the child's test does nothing.
pub(super) const FOLDER: &str = "CANDOUR_TEST_FOLDER";

/// How often the process is killed; more in `make test-long`.
const ROUNDS: &str = "CANDOUR_TEST_KILLS";

/// The message that the others stand and fall with.
const ROOT: ResourceId = ResourceId([0x42; 16]);
const LINKED: u8 = 3;

#[tokio::test]
async fn linked_messages_move_together_or_not_at_all_whenever_the_process_dies() {
    let dir = tempfile::tempdir().unwrap();
    let world = world_in(dir.path(), None, Synchronous::Full).await;
    world.admit(MARTA, "Nowak", "Marta").await;
    world.write(all(&world, 0, "0")).await.unwrap();
    drop(world);

    let mut last = 0;
    for round in 0..rounds() {
        let child = "embedded::cascade::moves_until_killed";
        let acknowledged = run_and_kill(dir.path(), child, 5 + (round * 13) % 40);
        let world = world_in(dir.path(), None, Synchronous::Full).await;
        let said = said(&world).await;
        assert_eq!(said.len(), usize::from(LINKED) + 1);
        let first: u64 = said[0].parse().unwrap();
        assert!(said.iter().all(|text| *text == said[0]), "{said:?}");
        assert!(
            first >= acknowledged,
            "{first} after {acknowledged} was acknowledged"
        );
        assert!(first > last, "nothing moved in this round");
        last = first;
    }
}

/// How often a process is killed.
pub(super) fn rounds() -> u64 {
    std::env::var(ROUNDS).map_or(4, |rounds| rounds.parse().unwrap())
}

/// Everything that stands and falls with the root, saying the same.
fn all(world: &World, replaces: u32, text: &str) -> Vec<Write> {
    let mut writes = Vec::new();
    for place in 0..=LINKED {
        let mut one = message(world, MARTA, text);
        one.root = ROOT;
        one.id = ResourceId([0x42 + place; 16]);
        one.thread = one.id;
        writes.push(kept_anywhere(&one, replaces));
    }
    writes
}

async fn said(world: &World) -> Vec<String> {
    let mut snapshot = world.snapshot().await;
    let all = snapshot.standing_with(Internal::Messages, &ROOT).await;
    all.unwrap().into_iter().map(|(one, _)| one.text).collect()
}

/// Lets a process do what a test does again and again, kills it, and gives the last number that it
/// acknowledged.
pub(super) fn run_and_kill(dir: &Path, test: &str, moves: u64) -> u64 {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", test])
        .args(["--ignored", "--nocapture"])
        .env(FOLDER, dir)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut output = BufReader::new(child.stdout.take().unwrap()).lines();
    let mut last = 0;
    let mut read = 0;
    while read < moves {
        let line = output.next().expect("the child works until it is killed");
        if let Some(said) = acknowledged(&line.unwrap()) {
            (last, read) = (said, read + 1);
        }
    }
    child.kill().unwrap();
    // What it said before it died counts too.
    for line in output.map_while(Result::ok) {
        last = acknowledged(&line).unwrap_or(last);
    }
    child.wait().unwrap();
    last
}

fn acknowledged(line: &str) -> Option<u64> {
    let (_, said) = line.split_once("moved: ")?;
    Some(said.parse().unwrap())
}

#[tokio::test]
#[ignore = "started by the test above, to be killed"]
async fn moves_until_killed() {
    let Ok(folder) = std::env::var(FOLDER) else {
        return;
    };
    let world = world_in(Path::new(&folder), None, Synchronous::Full).await;
    let mut snapshot = world.snapshot().await;
    let found = snapshot.internal_message(Internal::Messages, &ROOT).await;
    let (root, mut version) = found.unwrap().expect("the messages are there");
    drop(snapshot);
    let mut said: u64 = root.text.parse().unwrap();
    loop {
        said += 1;
        let moved = all(&world, version, &said.to_string());
        world.write(moved).await.unwrap();
        version += 1;
        println!("moved: {said}");
    }
}
