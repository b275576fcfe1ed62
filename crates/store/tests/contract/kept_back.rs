//! What is held back from accounts, what is erased from them, and who claims which leaf.

use domain::Timestamp;
use ledger::ViewId;
use policy::Internal;
use store::{Change, Error, Expect, HeldBack, HeldEntry, ToldLater, Write};

use crate::Shared;
use crate::world::{MORNING, Person, World, first};

async fn write(world: &World, write: Write) -> Result<(), Error> {
    let change = Change {
        writes: vec![write],
        ..Change::default()
    };
    world
        .store
        .commit(change, Expect::default())
        .await
        .map(drop)
}

/// Marta, with three entries in her own chain.
async fn told_of_three(world: &World) -> (Person, ViewId) {
    let marta = world.person("Nowak", "Marta").await;
    for root in 1..=3 {
        let entry = world.entry(marta.home, 1, root);
        world.log(vec![entry], Expect::default()).await.unwrap();
    }
    (marta, ViewId([1; 32]))
}

pub async fn what_is_held_back_is_counted_until_it_is_opened_and_opened_once(world: Shared) {
    let marta = world.person("Nowak", "Marta").await;
    let mut entry = world.entry(marta.home, 9, 1);
    let view = entry.view;
    entry.held = Some(HeldBack {
        organisation: "council".into(),
        ground: "serious-harm-social-work".to_owned(),
        until: MORNING.plus_seconds(3600),
        told: None,
    });
    world.clock.set(MORNING);
    world.log(vec![entry], Expect::default()).await.unwrap();
    let held = HeldEntry {
        organisation: "council".to_owned(),
        ground: "serious-harm-social-work".to_owned(),
        since: MORNING,
        until: MORNING.plus_seconds(3600),
        opened: None,
    };
    let found = world.snapshot().await.held().await.unwrap();
    assert_eq!(found, std::slice::from_ref(&held));

    let at = MORNING.plus_seconds(60);
    write(&world, Write::Opened { view, at }).await.unwrap();
    let opened = HeldEntry {
        opened: Some(at),
        ..held
    };
    assert_eq!(world.snapshot().await.held().await.unwrap(), [opened]);
    let again = write(&world, Write::Opened { view, at }).await;
    assert!(matches!(again, Err(Error::Conflict)), "{again:?}");
    let never = Write::Opened {
        view: ViewId([8; 32]),
        at,
    };
    assert!(matches!(write(&world, never).await, Err(Error::Conflict)));
}

pub async fn what_is_held_to_a_date_falls_due_on_it_and_can_be_held_on(world: Shared) {
    let marta = world.person("Nowak", "Marta").await;
    let told = ToldLater {
        into: ViewId([1; 32]),
        person: marta.id,
    };
    let until = MORNING.plus_seconds(3600);
    let mut views = Vec::new();
    for (view, told) in [(11, Some(told)), (12, None)] {
        let mut entry = world.entry(marta.home, view, 1);
        entry.held = Some(HeldBack {
            organisation: "council".into(),
            ground: "crime-prejudice".to_owned(),
            until,
            told,
        });
        views.push(entry.view);
        world.clock.set(MORNING);
        world.log(vec![entry], Expect::default()).await.unwrap();
    }
    let due = async |at: Timestamp| {
        let mut snapshot = world.snapshot().await;
        snapshot.held_due(Internal::Opening, at, 9).await.unwrap()
    };
    assert!(due(Timestamp(until.0 - 1)).await.is_empty());
    // What something else tells, such as a message, falls due with that.
    let found = due(until).await;
    assert_eq!(found.len(), 1);
    assert_eq!((found[0].view, found[0].told), (views[0], told));
    assert_eq!(
        (found[0].ground.as_str(), found[0].until),
        ("crime-prejudice", until)
    );

    // Whoever may read the whole account reads both before that, each with where it is told.
    let permit = world.own_permit(marta.id).await;
    let into = async || {
        let mut snapshot = world.snapshot().await;
        let kept = snapshot.held_of(&permit).await.unwrap();
        let same = kept.iter().all(|one| one.until == until);
        assert!(same && kept.iter().all(|one| one.ground == "crime-prejudice"));
        kept.iter().map(|one| one.into).collect::<Vec<_>>()
    };
    assert_eq!(into().await, [Some(ViewId([1; 32])), None]);
    let rosa = world.person("Ferri", "Rosa").await;
    let of_another = world.own_permit(rosa.id).await;
    let mut snapshot = world.snapshot().await;
    assert!(snapshot.held_of(&of_another).await.unwrap().is_empty());
    drop(snapshot);
    write(
        &world,
        Write::Opened {
            view: views[1],
            at: until,
        },
    )
    .await
    .unwrap();
    assert_eq!(into().await, [Some(ViewId([1; 32]))]);

    let (view, later) = (views[0], until.plus_seconds(60));
    let hold = || Write::HoldUntil { view, until: later };
    write(&world, hold()).await.unwrap();
    assert!(due(until).await.is_empty());
    assert_eq!(due(later).await.len(), 1);
    let opened = Write::Opened { view, at: later };
    write(&world, opened).await.unwrap();
    assert!(due(later).await.is_empty());
    assert!(matches!(write(&world, hold()).await, Err(Error::Conflict)));
}

pub async fn what_is_erased_leaves_its_commitment_and_nothing_else(world: Shared) {
    let (marta, view) = told_of_three(&world).await;
    let permit = world.own_permit(marta.id).await;
    let before = world
        .snapshot()
        .await
        .entries(&permit, &view, &first(9))
        .await;
    let (before, _) = before.unwrap();
    write(&world, Write::Erase { view, index: 1 })
        .await
        .unwrap();

    let (after, _) = world
        .snapshot()
        .await
        .entries(&permit, &view, &first(9))
        .await
        .unwrap();
    let erased: Vec<bool> = after.iter().map(store::StoredEntry::is_erased).collect();
    assert_eq!(erased, [false, true, false]);
    assert_eq!((after[1].sealed.len(), after[1].wrapped_key.len()), (0, 0));
    assert_eq!(after[1].commitment, before[1].commitment);
    assert_eq!(after[0].sealed, before[0].sealed);
    world.store.sequence().await.unwrap();
    let verified = world.store.verify_all().await.unwrap();
    assert_eq!((verified.faults, verified.entries), (vec![], 3));
}

pub async fn nothing_is_erased_under_a_legal_hold(world: Shared) {
    let (marta, view) = told_of_three(&world).await;
    let hold = |rule: Option<&str>| Write::LegalHold {
        home: marta.home,
        rule: rule.map(str::to_owned),
    };
    write(&world, hold(Some("adoption"))).await.unwrap();
    let rule = world.snapshot().await.legal_hold(marta.home).await.unwrap();
    assert_eq!(rule.as_deref(), Some("adoption"));
    // Also if the hold came between looking and erasing.
    let refused = write(&world, Write::Erase { view, index: 0 }).await;
    assert!(matches!(refused, Err(Error::Conflict)), "{refused:?}");
    let permit = world.own_permit(marta.id).await;
    let (entries, _) = world
        .snapshot()
        .await
        .entries(&permit, &view, &first(9))
        .await
        .unwrap();
    assert!(entries.iter().all(|entry| !entry.is_erased()));

    write(&world, hold(None)).await.unwrap();
    assert_eq!(
        world.snapshot().await.legal_hold(marta.home).await.unwrap(),
        None
    );
    write(&world, Write::Erase { view, index: 0 })
        .await
        .unwrap();
}

pub async fn of_two_who_erase_one_entry_one_is_told(world: Shared) {
    let (_, view) = told_of_three(&world).await;
    let erase = || Write::Erase { view, index: 2 };
    let (one, two) = tokio::join!(write(&world, erase()), write(&world, erase()));
    let done = [&one, &two].iter().filter(|result| result.is_ok()).count();
    assert_eq!(done, 1, "{one:?} {two:?}");
}

pub async fn every_entry_is_claimed_in_the_order_of_its_chain(world: Shared) {
    let (marta, view) = told_of_three(&world).await;
    world.clock.set(Timestamp(MORNING.0 + 1));
    let other = world.entry(marta.home, 2, 7);
    world.log(vec![other], Expect::default()).await.unwrap();
    let mut snapshot = world.snapshot().await;
    let mut claims = Vec::new();
    let mut after = None;
    loop {
        let page = snapshot.claims(Internal::Auditing, after, 2).await.unwrap();
        let Some(last) = page.last() else { break };
        after = Some((last.chain, last.entry.index));
        claims.extend(page);
    }
    let read: Vec<(ViewId, u64, bool)> = claims
        .iter()
        .map(|claim| (claim.view, claim.entry.index, claim.is_held))
        .collect();
    let expected = [
        (view, 0, false),
        (view, 1, false),
        (view, 2, false),
        (ViewId([2; 32]), 0, false),
    ];
    assert_eq!(read, expected);
    let one = &claims[1].entry;
    let found = snapshot
        .internal_entry(Internal::Erasing, &view, &one.commitment)
        .await;
    assert_eq!(found.unwrap().map(|entry| entry.index), Some(1));
    let elsewhere = ViewId([2; 32]);
    let found = snapshot
        .internal_entry(Internal::Erasing, &elsewhere, &one.commitment)
        .await;
    assert!(found.unwrap().is_none());
}
