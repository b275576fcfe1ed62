//! The write-ahead log under unbroken load.

use std::sync::Arc;

use store::{Change, Expect, Synchronous};

use super::{MARTA, world_in};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_write_ahead_log_stays_bounded_though_nobody_pauses() {
    let dir = tempfile::tempdir().unwrap();
    let world = Arc::new(world_in(dir.path(), None, Synchronous::Off).await);
    world.admit(MARTA, "Nowak", "Marta").await;
    let mut tasks = tokio::task::JoinSet::new();
    for view in 0..16 {
        let world = Arc::clone(&world);
        tasks.spawn(async move {
            for _ in 0..800 {
                let mut entry = world.entry(MARTA.home, view, 1);
                entry.sealed = vec![7; 30_000];
                let change = Change {
                    entries: vec![entry],
                    ..Change::default()
                };
                world.store.commit(change, Expect::default()).await.unwrap();
                world.facts(MARTA.id).await;
            }
        });
    }
    tasks.join_all().await;

    // Some 400 MB were written. The log is begun anew at 64 MiB, or soon after if somebody reads; on
    // a slow disk at 128 MiB, where the writer waits for what stands in the way.
    let length = |name: &str| std::fs::metadata(dir.path().join(name)).unwrap().len();
    assert!(length("candour.db") > 350_000_000);
    let log = length("candour.db-wal");
    assert!(log < 200_000_000, "{log} bytes");
}
