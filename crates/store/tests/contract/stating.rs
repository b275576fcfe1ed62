//! What the exchange says of itself: statements in the log, and leaves taken over from elsewhere.

use ledger::{Checkpoint, Epoch, Frontier, Hash, Says, Statement, VrfKey, leaf_hash};
use store::{Error, Expect, NewStatement, Verified};

use crate::Shared;
use crate::world::{MORNING, World, log_key, nth_log_key};

/// Marta is told of twice; the copy was taken when the first was in the log and the second waited.
async fn copy_of_two(world: &World) -> [Hash; 2] {
    let marta = world.person("Nowak", "Marta").await;
    let mut commitments = Vec::new();
    for root in [1, 2] {
        let entry = world.entry(marta.home, 1, root);
        let written = world.log(vec![entry], Expect::default()).await.unwrap();
        commitments.push(written.receipts[0].receipt.commitment);
        if root == 1 {
            world.store.sequence().await.unwrap();
        }
    }
    [commitments[0], commitments[1]]
}

/// That the log had these leaves, of which the copy keeps the first.
fn recovered(leaves: &[Hash]) -> Statement {
    let mut seen = Frontier::new();
    leaves.iter().for_each(|leaf| seen.push(leaf_hash(&leaf.0)));
    Statement {
        time_us: MORNING.0,
        says: Says::Recovered {
            kept: 1,
            seen: seen.size(),
            root: seen.root(),
        },
    }
}

fn epoch(number: u64) -> Epoch {
    Epoch {
        number,
        time_us: MORNING.0,
        size: 1,
        vrf_key: *VrfKey::from_seed(&[5; 32]).public(),
        root: Hash([5; 32]),
    }
}

async fn verified(world: &World) -> Verified {
    let verified = world.store.verify_all().await.unwrap();
    assert_eq!(verified.faults, Vec::<String>::new());
    verified
}

pub async fn leaves_that_a_copy_lacks_are_taken_over_with_the_statement_that_says_so(
    world: Shared,
) {
    let [first, second] = copy_of_two(&world).await;
    // Two of others' entries, and between them the one that waits in the copy.
    let seen = [first, Hash([7; 32]), second, Hash([8; 32])];
    let statement = recovered(&seen);
    let new = NewStatement {
        statement: statement.clone(),
        leaves: seen[1..].to_vec(),
    };
    assert_eq!(world.store.state(new).await.unwrap(), 4);

    // What waited has its leaf, and is not put into the log a second time.
    assert_eq!(world.store.sequence().await.unwrap(), 5);
    let whole = verified(&world).await;
    assert_eq!((whole.entries, whole.leaves, whole.lost), (2, 5, 2));
    assert_eq!(whole.statements, 1);

    let stated = world.snapshot().await.statements().await.unwrap();
    assert_eq!(stated.len(), 1);
    assert_eq!((&stated[0].statement, stated[0].log_index), (&statement, 4));
    let covering = Checkpoint::verify(&stated[0].checkpoint, log_key().public()).unwrap();
    assert_eq!(covering.size, 5);

    // Among three lost leaves there can have been epochs 0 to 2.
    let used = world.store.add_epoch(epoch(2)).await;
    assert!(matches!(used, Err(Error::Conflict)));
    assert_eq!(world.store.add_epoch(epoch(3)).await.unwrap(), 5);
}

pub async fn leaves_that_do_not_lead_to_what_was_seen_are_not_taken_over(world: Shared) {
    let [first, second] = copy_of_two(&world).await;
    let statement = recovered(&[first, Hash([7; 32]), second]);
    for leaves in [
        vec![Hash([9; 32]), second],
        vec![Hash([7; 32])],
        vec![Hash([7; 32]), second, Hash([8; 32])],
    ] {
        let statement = statement.clone();
        let refused = world.store.state(NewStatement { statement, leaves }).await;
        assert!(matches!(refused, Err(Error::Conflict)));
    }
    // Nothing was written, and the writer goes on as before.
    assert_eq!(world.store.sequence().await.unwrap(), 2);
    assert_eq!(verified(&world).await.lost, 0);
}

pub async fn without_its_leaves_a_log_begins_a_second_future_and_says_so(world: Shared) {
    let [first, second] = copy_of_two(&world).await;
    let new = NewStatement {
        statement: recovered(&[first, Hash([7; 32]), second]),
        leaves: Vec::new(),
    };
    assert_eq!(world.store.state(new).await.unwrap(), 1);
    assert_eq!(world.store.sequence().await.unwrap(), 3);
    let whole = verified(&world).await;
    assert_eq!((whole.leaves, whole.lost, whole.statements), (3, 0, 1));
}

pub async fn a_log_that_is_handed_on_is_signed_by_both_keys_once_and_then_by_the_next(
    world: Shared,
) {
    let marta = world.person("Nowak", "Marta").await;
    let (first, second) = (log_key(), nth_log_key(1).unwrap());
    assert_eq!(world.store.log_key(), *first.public());
    assert_eq!(world.store.hand_on().await.unwrap(), 0);
    assert_eq!(world.store.log_key(), *second.public());

    let handed_on = world.store.checkpoint().await.unwrap().unwrap();
    for key in [&first, &second] {
        assert_eq!(
            Checkpoint::verify(&handed_on, key.public()).unwrap().size,
            1
        );
    }
    let entry = world.entry(marta.home, 1, 1);
    let written = world.log(vec![entry], Expect::default()).await.unwrap();
    let receipt = &written.receipts[0].receipt;
    assert!(receipt.verify(second.public()).is_ok());
    assert!(receipt.verify(first.public()).is_err());
    world.store.sequence().await.unwrap();
    let later = world.store.checkpoint().await.unwrap().unwrap();
    assert!(Checkpoint::verify(&later, second.public()).is_ok());
    assert!(Checkpoint::verify(&later, first.public()).is_err());
    assert_eq!(verified(&world).await.statements, 1);
}
