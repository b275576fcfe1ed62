//! The power fails under load. What was acknowledged is there afterwards, because a commit waits
//! for the disk; with `synchronous=OFF` it does not, and the same test finds things missing.

use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use domain::{Category, ResourceId};
use store::{Change, Error, Expect, Protection, Synchronous, Write};

use super::power_vfs::{self, Unsynced};
use super::{MARTA, options, world_in};
use crate::world::{Opened, World, ordinary};

/// What callers were told is done.
#[derive(Debug, Default)]
struct Acknowledged {
    /// View and place in the chain.
    entries: Vec<(u8, u64)>,
    resources: Vec<ResourceId>,
}

/// Works until the power fails after this many acknowledgements, and says what was acknowledged.
async fn work_until_dark(dir: &Path, synchronous: Synchronous, moments: usize) -> Acknowledged {
    power_vfs::register();
    let world = Arc::new(world_in(dir, Some(power_vfs::NAME), synchronous).await);
    world.admit(MARTA, "Nowak", "Marta").await;
    let acknowledged = Arc::new(Mutex::new(Acknowledged::default()));
    let left = Arc::new(AtomicUsize::new(moments));
    let mut tasks = tokio::task::JoinSet::new();
    for task in 0..6_u8 {
        let (world, acknowledged, left) = (world.clone(), acknowledged.clone(), left.clone());
        let dir = dir.to_owned();
        tasks.spawn(async move {
            while act(&world, task, &acknowledged).await.is_ok() {
                if left.fetch_sub(1, Ordering::SeqCst) == 1 {
                    power_vfs::cut(&dir);
                }
            }
        });
    }
    tasks.join_all().await;
    drop(world);
    Arc::try_unwrap(acknowledged).unwrap().into_inner().unwrap()
}

async fn act(world: &World, task: u8, told: &Mutex<Acknowledged>) -> Result<(), Error> {
    let entry = world.entry(MARTA.home, task % 3, 1);
    let committed = world.log(vec![entry], Expect::default()).await?;
    told.lock()
        .unwrap()
        .entries
        .push((task % 3, committed.receipts[0].index));
    if task.is_multiple_of(2) {
        let id = world.id();
        let note = r#"{"resourceType":"Observation","status":"final"}"#;
        let version = world.version(MARTA, id, 1, note, ordinary(Category::Documents));
        world.write(vec![Write::Version(Box::new(version))]).await?;
        told.lock().unwrap().resources.push(id);
    }
    if task == 5 {
        world.store.sequence().await?;
    }
    Ok(())
}

/// How much of what was acknowledged is missing after the power came back.
async fn missing(dir: &Path, acknowledged: &Acknowledged) -> usize {
    let everything = acknowledged.entries.len() + acknowledged.resources.len();
    let opened = World::try_new(|setting| {
        let options = options(dir, setting, None, Synchronous::Full);
        let store = store::open(options).ok()?;
        let keep = Box::new(());
        Some(Opened { store, keep })
    });
    let Some(world) = opened.await else {
        return everything;
    };
    let verified = world.store.verify_all().await.unwrap();
    let mut snapshot = world.snapshot().await;
    if !verified.faults.is_empty() || snapshot.facts(MARTA.id).await.unwrap().is_none() {
        return everything;
    }
    let permit = world.own_permit(MARTA.id).await;
    let mut missing = 0;
    for (view, index) in &acknowledged.entries {
        let view = world.entry(MARTA.home, *view, 0).view;
        let head = snapshot.head(&permit, &view).await.unwrap();
        missing += usize::from(head.next_index <= *index);
    }
    for id in &acknowledged.resources {
        let found = snapshot.read(&permit, "Observation", id).await.unwrap();
        missing += usize::from(found.is_none());
    }
    missing
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whatever_was_acknowledged_before_the_power_failed_is_there_after_it() {
    for round in 0..8 {
        let dir = tempfile::tempdir().unwrap();
        let moments = 20 + round * 53;
        let acknowledged = work_until_dark(dir.path(), Synchronous::Full, moments).await;
        assert!(acknowledged.entries.len() >= moments);
        power_vfs::restore(
            dir.path(),
            match round {
                0 | 1 => Unsynced::Lost,
                seed => Unsynced::Scattered { seed: seed as u64 },
            },
        );
        assert_eq!(missing(dir.path(), &acknowledged).await, 0, "round {round}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_waiting_for_the_disk_acknowledged_work_is_lost() {
    let dir = tempfile::tempdir().unwrap();
    let acknowledged = work_until_dark(dir.path(), Synchronous::Off, 100).await;
    power_vfs::restore(dir.path(), Unsynced::Lost);
    let lost = missing(dir.path(), &acknowledged).await;
    assert!(lost > 0, "this test could not tell the difference");
}

#[tokio::test]
async fn a_commit_that_the_disk_fails_is_unknown_and_its_retry_is_written_once() {
    power_vfs::register();
    let dir = tempfile::tempdir().unwrap();
    let world = world_in(dir.path(), Some(power_vfs::NAME), Synchronous::Full).await;
    world.admit(MARTA, "Nowak", "Marta").await;
    let log = async |root| {
        let change = Change {
            entries: vec![world.entry(MARTA.home, 1, root)],
            idempotency: Some([root; 32]),
            ..Change::default()
        };
        world.store.commit(change, Expect::default()).await
    };
    log(1).await.unwrap();
    let change_of_facts = Write::Protect {
        home: MARTA.home,
        protection: Protection::Protected,
    };

    power_vfs::fail_one_sync(dir.path());
    let failed = log(2).await;
    assert!(matches!(failed, Err(Error::Unknown(_))), "{failed:?}");
    let retried = log(2).await.unwrap();
    assert_eq!(retried.receipts[0].index, 1);
    let again = log(2).await.unwrap();
    assert_eq!(again.receipts[0].index, 1);

    // The writer remembers nothing of what it could not write.
    let facts = world.facts(MARTA.id).await;
    power_vfs::fail_one_sync(dir.path());
    let failed = world.write(vec![change_of_facts]).await;
    assert!(matches!(failed, Err(Error::Unknown(_))));
    let as_decided = Expect {
        homes: facts.homes.clone(),
        ..Expect::default()
    };
    let entry = world.entry(MARTA.home, 1, 3);
    let committed = world.log(vec![entry], as_decided).await.unwrap();
    assert_eq!(committed.receipts[0].index, 2);
    assert_eq!(
        world.store.verify_all().await.unwrap().faults,
        Vec::<String>::new()
    );
}
