//! Each write and each sync of a commit to the log fails once, before it reaches the disk or after.
//! Whatever the caller heard, the log is there as it was or as it was to become, and goes on.

use std::path::Path;

use ledger::{Frontier, Hash, Says, Statement, leaf_hash};
use store::{Error, Expect, NewStatement, Synchronous, Verified};

use super::power_vfs::{self, Fault};
use super::{MARTA, options, world_in};
use crate::world::{MORNING, Opened, World};

/// More steps than any of these commits has.
const STEPS: usize = 200;

/// Marta's list has two entries: the first is in the log and the second waits.
async fn world_of_two(dir: &Path) -> (World, [Hash; 2]) {
    power_vfs::register();
    let world = world_in(dir, Some(power_vfs::NAME), Synchronous::Full).await;
    world.admit(MARTA, "Nowak", "Marta").await;
    let mut commitments = [Hash([0; 32]); 2];
    for (root, commitment) in (1..).zip(&mut commitments) {
        let entry = world.entry(MARTA.home, 1, root);
        let written = world.log(vec![entry], Expect::default()).await.unwrap();
        *commitment = written.receipts[0].receipt.commitment;
        if root == 1 {
            world.store.sequence().await.unwrap();
        }
    }
    (world, commitments)
}

/// That the log had two leaves more, of which one is the entry that waits.
fn recovered([first, second]: [Hash; 2]) -> NewStatement {
    let leaves = vec![Hash([7; 32]), second];
    let mut seen = Frontier::new();
    for leaf in std::iter::once(&first).chain(&leaves) {
        seen.push(leaf_hash(&leaf.0));
    }
    let statement = Statement {
        time_us: MORNING.0,
        says: Says::Recovered {
            kept: 1,
            seen: seen.size(),
            root: seen.root(),
        },
    };
    NewStatement { statement, leaves }
}

async fn whole(world: &World) -> Verified {
    let verified = world.store.verify_all().await.unwrap();
    assert_eq!(verified.faults, Vec::<String>::new());
    verified
}

/// Fails one step of a commit after the other, until none is left to fail, and says how many there
/// were. After each failure the same process goes on, and a new one finds the log whole.
async fn fail_each_step<Commit>(
    lands: bool,
    commit: impl Fn(World, [Hash; 2]) -> Commit,
    outcomes: &[(u64, u64)],
) -> usize
where
    Commit: Future<Output = (World, Result<u64, Error>)>,
{
    for step in 0..STEPS {
        let dir = tempfile::tempdir().unwrap();
        let (world, commitments) = world_of_two(dir.path()).await;
        power_vfs::fail(dir.path(), Fault { step, lands });
        let (world, result) = commit(world, commitments).await;
        let has_failed = power_vfs::has_failed(dir.path());
        if !has_failed {
            assert!(result.is_ok(), "{result:?}");
            return step;
        }
        let after = whole(&world).await;
        assert!(
            outcomes.contains(&(after.leaves, after.statements)),
            "step {step}: {after:?}"
        );
        // The writer remembers nothing of what it could not write.
        world.store.sequence().await.unwrap();
        let before = whole(&world).await;
        drop(world);

        let opened = World::new(|setting| Opened {
            store: store::open(options(dir.path(), setting, None, Synchronous::Full)).unwrap(),
            keep: Box::new(()),
        });
        let found = whole(&opened.await).await;
        assert_eq!(
            (found.entries, found.leaves, found.statements),
            (before.entries, before.leaves, before.statements),
            "step {step}"
        );
    }
    panic!("a commit has more than {STEPS} steps")
}

#[tokio::test]
async fn a_statement_whose_commit_fails_at_any_step_is_there_whole_or_not_at_all() {
    for lands in [false, true] {
        let state = async |world: World, commitments| {
            let stated = world.store.state(recovered(commitments)).await;
            (world, stated)
        };
        let steps = fail_each_step(lands, state, &[(1, 0), (4, 1)]).await;
        assert!(steps > 4, "only {steps} steps were failed");
    }
}

#[tokio::test]
async fn a_checkpoint_whose_commit_fails_at_any_step_covers_the_log_or_is_the_one_before() {
    for lands in [false, true] {
        let order = async |world: World, _| {
            let ordered = world.store.sequence().await;
            (world, ordered)
        };
        let steps = fail_each_step(lands, order, &[(1, 0), (2, 0)]).await;
        assert!(steps > 4, "only {steps} steps were failed");
    }
}
