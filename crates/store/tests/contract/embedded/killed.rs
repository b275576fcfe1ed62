//! The process is killed at a random moment; whatever it acknowledged is there afterwards.

use std::collections::BTreeSet;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use domain::{Category, ResourceId};
use store::{Expect, Synchronous};

use super::{MARTA, world_in};
use crate::world::{World, all, ordinary};

/// Tells the child where to work; without it the child's test does nothing.
const FOLDER: &str = "CANDOUR_TEST_FOLDER";

/// How often the process is killed; more in `make test-long`.
const ROUNDS: &str = "CANDOUR_TEST_KILLS";

/// What the child said was done, read from its output.
#[derive(Default)]
struct Acknowledged {
    /// View and place in the chain.
    entries: BTreeSet<(u8, u64)>,
    resources: BTreeSet<ResourceId>,
}

impl Acknowledged {
    fn read(&mut self, line: &str) -> bool {
        // The harness may have begun the line.
        let Some((_, said)) = line.split_once("done: ") else {
            return false;
        };
        match said.split(' ').collect::<Vec<_>>()[..] {
            ["entry", view, index] => {
                let entry = (view.parse().unwrap(), index.parse().unwrap());
                assert!(self.entries.insert(entry), "a place given twice: {entry:?}");
            }
            ["resource", id] => assert!(self.resources.insert(id.parse().unwrap())),
            _ => panic!("not understood: {line}"),
        }
        true
    }
}

#[tokio::test]
async fn whatever_was_acknowledged_before_a_kill_is_there_after_it() {
    let dir = tempfile::tempdir().unwrap();
    let world = world_in(dir.path(), None, Synchronous::Full).await;
    world.admit(MARTA, "Nowak", "Marta").await;
    drop(world);

    let rounds = std::env::var(ROUNDS).map_or(4, |rounds| rounds.parse().unwrap());
    let mut acknowledged = Acknowledged::default();
    for round in 0..rounds {
        // A different moment each time, repeatable in number if not in time.
        let lines = 40 + (round * 67) % 260;
        run_and_kill(dir.path(), lines, &mut acknowledged);
        let world = world_in(dir.path(), None, Synchronous::Full).await;
        assert_all_there(&world, &acknowledged).await;
    }
}

fn run_and_kill(dir: &Path, lines: usize, acknowledged: &mut Acknowledged) {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "embedded::killed::works_until_killed"])
        .args(["--ignored", "--nocapture"])
        .env(FOLDER, dir)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut output = BufReader::new(child.stdout.take().unwrap()).lines();
    let mut read = 0;
    while read < lines {
        let line = output.next().expect("the child works until it is killed");
        read += usize::from(acknowledged.read(&line.unwrap()));
    }
    child.kill().unwrap();
    // What it said before it died counts too. Each line is one write, so none is torn.
    for line in output.map_while(Result::ok) {
        acknowledged.read(&line);
    }
    child.wait().unwrap();
}

async fn assert_all_there(world: &World, acknowledged: &Acknowledged) {
    let verified = world.store.verify_all().await.unwrap();
    assert_eq!(verified.faults, Vec::<String>::new());

    let permit = world.own_permit(MARTA.id).await;
    let mut snapshot = world.snapshot().await;
    for (view, index) in &acknowledged.entries {
        let view = world.entry(MARTA.home, *view, 0).view;
        let head = snapshot.head(&permit, &view).await.unwrap();
        assert!(
            head.next_index > *index,
            "entry {index} of {view:?} is gone"
        );
    }
    for id in &acknowledged.resources {
        let resource = snapshot.read(&permit, "Observation", id).await.unwrap();
        assert!(resource.is_some(), "a resource is gone");
    }
    let mut page = all();
    page.with_total = true;
    let all = snapshot
        .everything(&permit, &[], store::Within::default(), &page)
        .await
        .unwrap();
    assert!(all.total.unwrap() >= acknowledged.resources.len() as u64);
}

/// The child: discloses and contributes from many tasks until it is killed.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "started by the test above, to be killed"]
async fn works_until_killed() {
    let Ok(folder) = std::env::var(FOLDER) else {
        return;
    };
    let world = Arc::new(world_in(Path::new(&folder), None, Synchronous::Full).await);
    let mut tasks = tokio::task::JoinSet::new();
    for task in 0..8_u8 {
        let world = Arc::clone(&world);
        tasks.spawn(async move {
            loop {
                disclose(&world, task % 3).await;
                if task.is_multiple_of(4) {
                    contribute(&world).await;
                }
                if task == 7 {
                    world.store.sequence().await.unwrap();
                }
            }
        });
    }
    tasks.join_all().await;
}

async fn disclose(world: &World, view: u8) {
    let entry = world.entry(MARTA.home, view, 1);
    let committed = world.log(vec![entry], Expect::default()).await.unwrap();
    println!("done: entry {view} {}", committed.receipts[0].index);
}

async fn contribute(world: &World) {
    let id = id_of_this_run();
    let note = r#"{"resourceType":"Observation","status":"final"}"#;
    let version = world.version(MARTA, id, 1, note, ordinary(Category::Documents));
    world
        .write(vec![store::Write::Version(Box::new(version))])
        .await
        .unwrap();
    println!("done: resource {id}");
}

/// Every run draws the same ids from its world, so the process has a part in these.
fn id_of_this_run() -> ResourceId {
    static DRAWN: AtomicU64 = AtomicU64::new(0);
    let mut id = [0; 16];
    id[..4].copy_from_slice(&std::process::id().to_be_bytes());
    let drawn = DRAWN.fetch_add(1, Ordering::Relaxed);
    id[8..].copy_from_slice(&drawn.to_be_bytes());
    ResourceId(id)
}
