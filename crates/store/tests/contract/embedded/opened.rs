//! The process is killed at a random moment while one-time links are opened: afterwards a link is open
//! if the account says so, and only then.

use std::path::Path;

use domain::ResourceId;
use store::{Change, Expect, Synchronous, Write};

use super::cascade::{FOLDER, rounds, run_and_kill};
use super::{MARTA, world_in};
use crate::invitations::link;
use crate::world::{MORNING, World};

const VIEW: u8 = 1;

fn nth(number: u64) -> ResourceId {
    let mut id = [0; 16];
    id[..8].copy_from_slice(&number.to_le_bytes());
    ResourceId(id)
}

/// How many links are open, and how many the account says are.
async fn opened(world: &World) -> (u64, u64) {
    let permit = world.own_permit(MARTA.id).await;
    let mut snapshot = world.snapshot().await;
    let view = ledger::ViewId([VIEW; 32]);
    let told = snapshot.head(&permit, &view).await.unwrap().next_index;
    let mut open = 0;
    while let Some(one) = snapshot.invitation(&nth(open + 1)).await.unwrap() {
        if one.opened.is_none() {
            break;
        }
        open += 1;
    }
    (open, told)
}

#[tokio::test]
async fn a_link_is_open_if_the_account_says_so_whenever_the_process_dies() {
    let dir = tempfile::tempdir().unwrap();
    let world = world_in(dir.path(), None, Synchronous::Full).await;
    world.admit(MARTA, "Nowak", "Marta").await;
    drop(world);
    for round in 0..rounds() {
        let child = "embedded::opened::opens_until_killed";
        let acknowledged = run_and_kill(dir.path(), child, 5 + (round * 13) % 40);
        let world = world_in(dir.path(), None, Synchronous::Full).await;
        let (open, told) = opened(&world).await;
        assert_eq!(open, told);
        assert!(
            open >= acknowledged,
            "{open} after {acknowledged} was acknowledged"
        );
    }
}

#[tokio::test]
#[ignore = "started by the test above, to be killed"]
async fn opens_until_killed() {
    let Ok(folder) = std::env::var(FOLDER) else {
        return;
    };
    let world = world_in(Path::new(&folder), None, Synchronous::Full).await;
    let (mut number, _) = opened(&world).await;
    loop {
        number += 1;
        let id = nth(number);
        let known = world.snapshot().await.invitation(&id).await.unwrap();
        if known.is_none() {
            let mut given = link(MARTA, id);
            if let Write::Invitation(new) = &mut given {
                new.link[..16].copy_from_slice(&id.0);
            }
            world.write(vec![given]).await.unwrap();
        }
        let (session, at) = ([7; 32], MORNING);
        let change = Change {
            writes: vec![Write::OpenInvitation { id, session, at }],
            entries: vec![world.entry(MARTA.home, VIEW, 1)],
            idempotency: None,
        };
        world.store.commit(change, Expect::default()).await.unwrap();
        println!("moved: {number}");
    }
}
