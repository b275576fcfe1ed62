//! Chains, receipts and the global log.

use std::collections::BTreeSet;

use domain::Timestamp;
use ledger::tiles::{Tile, decode_bundle, node_in_tiles};
use ledger::{Checkpoint, Epoch, Head, VrfKey, inclusion_proof, leaf_hash, verify_inclusion};
use store::{Cursor, Expect, NewEntry, PageRequest, Store};

use crate::Shared;
use crate::world::{MORNING, Person, World, first, log_key};

async fn one(world: &World, entry: NewEntry) -> store::EntryReceipt {
    let committed = world.log(vec![entry], Expect::default()).await.unwrap();
    committed.receipts.into_iter().next().unwrap()
}

pub async fn a_chain_has_no_gaps_and_each_link_follows_from_the_last(world: Shared) {
    let marta = world.person("Nowak", "Marta").await;
    let mut head = Head::EMPTY;
    for root in 1..=5 {
        let entry = world.entry(marta.home, 1, root);
        let opening = entry.opening.clone();
        let receipt = one(&world, entry).await;

        assert_eq!(receipt.index, u64::from(root) - 1);
        let link = head.link(receipt.time.0, receipt.root);
        let commitment = link.commitment(&receipt.view, &opening);
        assert_eq!(receipt.receipt.commitment, commitment);
        head = head.append(&commitment);
    }
}

pub async fn chain_time_goes_forward_though_the_clock_goes_back(world: Shared) {
    let marta = world.person("Nowak", "Marta").await;
    let mut times = Vec::new();
    for now in [
        MORNING,
        MORNING,
        MORNING.plus_seconds(-60),
        MORNING.plus_seconds(1),
    ] {
        world.clock.set(now);
        times.push(one(&world, world.entry(marta.home, 1, 1)).await.time);
    }
    let us = |after: i64| Timestamp(MORNING.0 + after);
    assert_eq!(times, [us(0), us(1), us(2), us(1_000_000)]);
}

pub async fn a_receipt_is_signed_and_says_nothing_of_how_many_views_there_are(world: Shared) {
    let marta = world.person("Nowak", "Marta").await;
    let entries = |views: &[u8]| {
        views
            .iter()
            .map(|view| world.entry(marta.home, *view, 1))
            .collect()
    };
    let key = log_key();

    let alone = world.log(entries(&[1]), Expect::default()).await.unwrap();
    let seen_by_four = world
        .log(entries(&[1, 2, 3, 4]), Expect::default())
        .await
        .unwrap();
    for committed in [&alone, &seen_by_four] {
        for receipt in &committed.receipts {
            receipt.receipt.verify(key.public()).unwrap();
        }
    }
    let given = |committed: &store::Committed| {
        let receipt = &committed.receipts[0].receipt;
        (
            receipt.batch_size,
            receipt.index,
            receipt.path.len(),
            receipt.promise_s,
        )
    };
    assert_eq!(given(&alone), (1, 0, 0, 60));
    assert_eq!(given(&seen_by_four), given(&alone));
    let views: BTreeSet<_> = seen_by_four.receipts.iter().map(|it| it.view).collect();
    assert_eq!(views.len(), 4);
}

pub async fn entries_come_newest_first_and_only_to_whom_they_belong(world: Shared) {
    let marta = world.person("Nowak", "Marta").await;
    let jo = world.person("Reid", "Jo").await;
    for root in 1..=5 {
        one(&world, world.entry(marta.home, 1, root)).await;
    }
    let view = world.entry(marta.home, 1, 0).view;
    let permit = world.own_permit(marta.id).await;
    let mut snapshot = world.snapshot().await;
    let (page, next) = snapshot.entries(&permit, &view, &first(2)).await.unwrap();
    assert_eq!(
        page.iter().map(|entry| entry.index).collect::<Vec<_>>(),
        [4, 3]
    );
    assert_eq!((page[0].home, page[0].operation), (marta.home, [5; 16]));
    assert_eq!(
        (&page[0].sealed, &page[0].wrapped_key),
        (&vec![5; 64], &vec![1; 60])
    );
    assert_eq!(page[0].log_index, None);
    let rest = PageRequest {
        after: next,
        ..first(9)
    };
    let (earlier, next) = snapshot.entries(&permit, &view, &rest).await.unwrap();
    assert_eq!(
        earlier.iter().map(|entry| entry.index).collect::<Vec<_>>(),
        [2, 1, 0]
    );
    assert_eq!(next, None::<Cursor>);
    let oldest_first = page.iter().chain(&earlier).rev();
    let expected = oldest_first.fold(Head::EMPTY, |head, one| head.append(&one.commitment));
    assert_eq!(expected.next_index, 5);
    assert_eq!(snapshot.head(&permit, &view).await.unwrap(), expected);

    let others = world.own_permit(jo.id).await;
    assert!(
        snapshot
            .entries(&others, &view, &first(9))
            .await
            .unwrap()
            .0
            .is_empty()
    );
    assert_eq!(snapshot.head(&others, &view).await.unwrap(), Head::EMPTY);
}

/// Sixteen callers at once, each with its own turn of views.
async fn busy_day(world: &Shared, person: Person) {
    let mut callers = tokio::task::JoinSet::new();
    for caller in 0..16_u8 {
        let world = world.clone();
        callers.spawn(async move {
            for turn in 0..20_u8 {
                let entries = vec![
                    world.entry(person.home, caller % 3, turn),
                    world.entry(person.home, 10 + turn % 4, turn),
                ];
                world.log(entries, Expect::default()).await.unwrap();
            }
        });
    }
    callers.join_all().await;
}

pub async fn concurrent_commits_leave_every_chain_whole(world: Shared) {
    let marta = world.person("Nowak", "Marta").await;
    busy_day(&world, marta).await;
    let verified = world.store.verify_all().await.unwrap();
    assert_eq!(verified.faults, Vec::<String>::new());
    assert_eq!((verified.chains, verified.entries), (7, 640));
}

pub async fn waiting_commitments_enter_the_log_once_and_can_be_proven(world: Shared) {
    let marta = world.person("Nowak", "Marta").await;
    let key = log_key();
    busy_day(&world, marta).await;
    let last = one(&world, world.entry(marta.home, 1, 1)).await;
    assert_eq!(world.store.sequence().await.unwrap(), 641);
    // Who waits for a long ledger to be read sees how far it is: 641 entries and as many leaves.
    let told = std::sync::Mutex::new(Vec::new());
    let progress = |done, total| told.lock().unwrap().push((done, total));
    let verified = world.store.verify_ledger(&progress).await.unwrap();
    assert_eq!(verified.faults, Vec::<String>::new());
    assert_eq!(*told.lock().unwrap(), [(1_000, 1_282), (1_282, 1_282)]);
    assert_eq!(world.store.sequence().await.unwrap(), 641, "each only once");

    let note = world.store.checkpoint().await.unwrap().unwrap();
    let checkpoint = Checkpoint::verify(&note, key.public()).unwrap();
    assert_eq!(checkpoint.size, 641);
    let permit = world.own_permit(marta.id).await;
    let mut snapshot = world.snapshot().await;
    let (page, _) = snapshot
        .entries(&permit, &last.view, &first(1))
        .await
        .unwrap();
    let place = page[0].log_index.unwrap();

    let commitments = leaves(&*world.store, checkpoint.size).await;
    assert_eq!(commitments[place as usize], last.receipt.commitment);
    let mut tiles = std::collections::BTreeMap::new();
    for tile in ledger::tiles::new_tiles(0, checkpoint.size) {
        let bytes = world.store.tile(&tile.path()).await.unwrap().unwrap();
        tiles.insert(tile, bytes);
    }
    let path = inclusion_proof(place, checkpoint.size, |node| {
        node_in_tiles(node, checkpoint.size, |tile: &Tile| {
            Ok::<_, std::convert::Infallible>(tiles[tile].clone())
        })
    })
    .unwrap();
    let leaf = leaf_hash(&last.receipt.commitment.0);
    verify_inclusion(&leaf, place, checkpoint.size, &checkpoint.root, &path).unwrap();
}

/// All commitments, as anyone may fetch them.
async fn leaves(store: &dyn Store, size: u64) -> Vec<ledger::Hash> {
    let mut commitments = Vec::new();
    for index in 0..size.div_ceil(256) {
        let tile = Tile::in_tree(0, index, size).unwrap();
        let bundle = store.tile(&tile.entries_path()).await.unwrap().unwrap();
        commitments.extend(decode_bundle(&bundle).unwrap());
    }
    commitments
}

pub async fn a_partial_tile_is_the_beginning_of_what_it_became(world: Shared) {
    let marta = world.person("Nowak", "Marta").await;
    let log = async |count: u8| {
        for root in 0..count {
            one(&world, world.entry(marta.home, 1, root)).await;
        }
        world.store.sequence().await.unwrap()
    };
    assert_eq!(log(3).await, 3);
    let early = world.store.tile("tile/0/000.p/3").await.unwrap().unwrap();
    assert_eq!(log(2).await, 5);

    let now = world.store.tile("tile/0/000.p/5").await.unwrap().unwrap();
    assert_eq!(now[..96], early[..]);
    let still = world.store.tile("tile/0/000.p/3").await.unwrap().unwrap();
    assert_eq!(still, early);
    for absent in [
        "tile/0/000.p/6",
        "tile/0/000",
        "tile/0/001",
        "tile/1/000",
        "tile/entries/000",
        "tile/x",
        "",
    ] {
        assert_eq!(world.store.tile(absent).await.unwrap(), None, "{absent}");
    }
    let bundle = world
        .store
        .tile("tile/entries/000.p/5")
        .await
        .unwrap()
        .unwrap();
    assert_eq!(decode_bundle(&bundle).unwrap().len(), 5);
}

pub async fn an_empty_log_has_no_checkpoint(world: Shared) {
    assert_eq!(world.store.sequence().await.unwrap(), 0);
    assert_eq!(world.store.checkpoint().await.unwrap(), None);
    assert_eq!(world.store.tile("tile/0/000.p/1").await.unwrap(), None);
}

pub async fn everything_holds_together_after_a_busy_day(world: Shared) {
    let marta = world.person("Nowak", "Marta").await;
    let sequencer = {
        let world = world.clone();
        tokio::spawn(async move {
            for _ in 0..10 {
                world.store.sequence().await.unwrap();
                tokio::task::yield_now().await;
            }
        })
    };
    busy_day(&world, marta).await;
    sequencer.await.unwrap();
    world.store.sequence().await.unwrap();

    let verified = world.store.verify_all().await.unwrap();
    assert_eq!(verified.faults, Vec::<String>::new());
    assert_eq!((verified.entries, verified.leaves), (640, 640));
    assert_eq!(verified.originals, 1);
}

pub async fn a_clock_behind_the_log_is_not_sound(world: Shared) {
    let marta = world.person("Nowak", "Marta").await;
    world.store.check().await.unwrap();
    one(&world, world.entry(marta.home, 1, 1)).await;
    world.clock.set(MORNING.plus_seconds(-1));
    world.store.check().await.unwrap();
    world.clock.set(MORNING.plus_seconds(-90));
    let behind = world.store.check().await.unwrap_err();
    let cause = std::error::Error::source(&behind).unwrap().to_string();
    assert_eq!(cause, "the clock is 90 seconds behind the log");
}

fn epoch(number: u64, size: u64) -> Epoch {
    Epoch {
        number,
        time_us: MORNING.0,
        size,
        vrf_key: *VrfKey::from_seed(&[5; 32]).public(),
        root: ledger::Hash([number as u8; 32]),
    }
}

pub async fn an_epoch_is_a_leaf_of_the_log_and_says_where_every_view_stood(world: Shared) {
    let marta = world.person("Nowak", "Marta").await;
    let mut heads = Vec::new();
    for (view, root) in [(1, 1), (2, 2), (1, 3)] {
        let entry = world.entry(marta.home, view, root);
        heads.push((entry.view, one(&world, entry).await.receipt.commitment));
    }
    assert_eq!(world.store.sequence().await.unwrap(), 3);
    assert_eq!(world.store.add_epoch(epoch(0, 3)).await.unwrap(), 3);
    one(&world, world.entry(marta.home, 2, 4)).await;
    assert_eq!(world.store.sequence().await.unwrap(), 5);
    assert_eq!(world.store.add_epoch(epoch(1, 5)).await.unwrap(), 5);

    let mut snapshot = world.snapshot().await;
    let epochs = snapshot.epochs().await.unwrap();
    let said: Vec<(Epoch, u64)> = epochs
        .iter()
        .map(|stored| (stored.epoch.clone(), stored.log_index))
        .collect();
    assert_eq!(said, [(epoch(0, 3), 3), (epoch(1, 5), 5)]);
    let first = Checkpoint::verify(&epochs[0].checkpoint, log_key().public()).unwrap();
    assert_eq!(first.size, 4);

    // At the first epoch, whatever was written since.
    let (one, two) = (heads[0].0, heads[1].0);
    let mut expected = vec![
        (one, Head::EMPTY.append(&heads[0].1).append(&heads[2].1)),
        (two, Head::EMPTY.append(&heads[1].1)),
    ];
    let mut stands = snapshot.stands(3).await.unwrap();
    stands.sort_by_key(|(view, _)| *view);
    expected.sort_by_key(|(view, _)| *view);
    assert_eq!(stands, expected);
    assert_eq!(snapshot.stands(0).await.unwrap(), []);

    let verified = world.store.verify_all().await.unwrap();
    assert_eq!((verified.faults, verified.leaves), (vec![], 6));
}

pub async fn epochs_follow_one_another_and_speak_of_leaves_that_are_there(world: Shared) {
    let marta = world.person("Nowak", "Marta").await;
    one(&world, world.entry(marta.home, 1, 1)).await;
    world.store.sequence().await.unwrap();
    for wrong in [epoch(1, 1), epoch(0, 2)] {
        let refused = world.store.add_epoch(wrong).await;
        assert!(matches!(refused, Err(store::Error::Conflict)));
    }
    world.store.add_epoch(epoch(0, 1)).await.unwrap();
    let again = world.store.add_epoch(epoch(0, 1)).await;
    assert!(matches!(again, Err(store::Error::Conflict)));
    // The writer goes on as before.
    one(&world, world.entry(marta.home, 1, 2)).await;
    assert_eq!(world.store.sequence().await.unwrap(), 3);
    assert_eq!(
        world.store.verify_all().await.unwrap().faults,
        Vec::<String>::new()
    );
}
