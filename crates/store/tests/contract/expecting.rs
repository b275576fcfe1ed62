//! What must not have moved between a decision and its commit.

use domain::{Audience, Objection, Scope, Timestamp};
use store::{Change, Committed, Error, Expect, Write};

use crate::Shared;
use crate::world::{MORNING, Person, World, amina};

pub async fn a_withdrawal_between_deciding_and_committing_stops_the_disclosure(world: Shared) {
    let marta = world.person("Nowak", "Marta").await;
    let decided = expect_facts(&world, marta).await;
    withdraw(&world, marta).await;

    let disclosure = world
        .log(vec![world.entry(marta.home, 1, 1)], decided)
        .await;
    assert!(matches!(disclosure, Err(Error::Stale)));

    // Nothing of it is there; a decision on the new facts goes through.
    let again = expect_facts(&world, marta).await;
    let disclosure = world.log(vec![world.entry(marta.home, 1, 2)], again).await;
    assert_eq!(disclosure.unwrap().receipts[0].index, 0);
}

async fn expect_facts(world: &World, person: Person) -> Expect {
    Expect {
        homes: world.facts(person.id).await.homes.clone(),
        ..Expect::default()
    }
}

async fn withdraw(world: &World, person: Person) {
    let objection = Objection {
        audience: Audience::Everyone,
        scope: Scope::Everything,
        purpose: None,
        since: MORNING,
        until: None,
        evidence: world.id(),
    };
    world
        .write(vec![Write::Evidenced {
            home: person.home,
            evidence: objection.evidence,
            relationships: Vec::new(),
            objections: vec![objection],
        }])
        .await
        .unwrap();
}

pub async fn a_revoked_token_commits_nothing(world: Shared) {
    let marta = world.person("Nowak", "Marta").await;
    let with = |token: &str| Expect {
        token: Some(token.into()),
        ..Expect::default()
    };
    world
        .write(vec![Write::Revoke {
            token: "stolen".into(),
            expires: MORNING.plus_seconds(3600),
        }])
        .await
        .unwrap();

    let thief = world
        .log(vec![world.entry(marta.home, 1, 1)], with("stolen"))
        .await;
    assert!(matches!(thief, Err(Error::Revoked)));
    let owner = world
        .log(vec![world.entry(marta.home, 1, 1)], with("mine"))
        .await;
    assert_eq!(owner.unwrap().receipts[0].index, 0);

    let mut snapshot = world.snapshot().await;
    assert!(snapshot.is_revoked(&"stolen".into()).await.unwrap());
    assert!(!snapshot.is_revoked(&"mine".into()).await.unwrap());
}

pub async fn a_worker_who_left_commits_nothing(world: Shared) {
    let marta = world.person("Nowak", "Marta").await;
    let log = async || {
        let expect = Expect {
            worker: Some("amina".into()),
            ..Expect::default()
        };
        world.log(vec![world.entry(marta.home, 1, 1)], expect).await
    };
    let stranger = log().await;
    assert!(matches!(stranger, Err(Error::Revoked)));

    let leaves_at = MORNING.plus_seconds(60);
    world.write(vec![amina(Some(leaves_at))]).await.unwrap();
    assert!(log().await.is_ok());
    world.clock.set(leaves_at);
    assert!(matches!(log().await, Err(Error::Revoked)));

    world.write(vec![amina(None)]).await.unwrap();
    assert!(log().await.is_ok());
}

pub async fn other_policies_in_force_ask_for_a_new_decision(world: Shared) {
    let marta = world.person("Nowak", "Marta").await;
    let under = |hash: &str| Expect {
        policy: Some(hash.to_owned()),
        ..Expect::default()
    };
    let shipped = world.policies.hash().to_owned();
    assert_eq!(
        world.snapshot().await.policy_in_force().await.unwrap(),
        Some(shipped.clone())
    );
    let hash = "0f".repeat(32);
    world
        .write(vec![Write::Policy { hash: hash.clone() }])
        .await
        .unwrap();

    let old = world
        .log(vec![world.entry(marta.home, 1, 1)], under(&shipped))
        .await;
    assert!(matches!(old, Err(Error::Stale)));
    let new = world
        .log(vec![world.entry(marta.home, 1, 1)], under(&hash))
        .await;
    assert!(new.is_ok());
}

async fn retriable(world: &World, person: Person, expect: Expect) -> Result<Committed, Error> {
    let change = Change {
        writes: Vec::new(),
        entries: vec![
            world.entry(person.home, 1, 1),
            world.entry(person.home, 2, 1),
        ],
        idempotency: Some([9; 32]),
    };
    world.store.commit(change, expect).await
}

pub async fn a_retried_operation_gets_its_first_receipts(world: Shared) {
    let marta = world.person("Nowak", "Marta").await;
    let first = retriable(&world, marta, Expect::default()).await.unwrap();
    let again = retriable(&world, marta, Expect::default()).await.unwrap();

    assert_eq!(format!("{first:?}"), format!("{again:?}"));
    let permit = world.own_permit(marta.id).await;
    let mut snapshot = world.snapshot().await;
    let view = first.receipts[0].view;
    let head = snapshot.head(&permit, &view).await.unwrap();
    assert_eq!(head.next_index, 1);
}

pub async fn two_at_once_under_one_key_are_one(world: Shared) {
    let marta = world.person("Nowak", "Marta").await;
    let (one, other) = tokio::join!(
        retriable(&world, marta, Expect::default()),
        retriable(&world, marta, Expect::default()),
    );
    assert_eq!(format!("{one:?}"), format!("{other:?}"));
    assert_eq!(world.store.verify_all().await.unwrap().entries, 2);
}

pub async fn a_retry_does_not_get_round_a_withdrawal(world: Shared) {
    let marta = world.person("Nowak", "Marta").await;
    let decided = expect_facts(&world, marta).await;
    retriable(&world, marta, decided.clone()).await.unwrap();
    withdraw(&world, marta).await;
    assert!(matches!(
        retriable(&world, marta, decided).await,
        Err(Error::Stale)
    ));

    world
        .write(vec![Write::Revoke {
            token: "stolen".into(),
            expires: Timestamp(i64::MAX),
        }])
        .await
        .unwrap();
    let stolen = Expect {
        token: Some("stolen".into()),
        ..Expect::default()
    };
    assert!(matches!(
        retriable(&world, marta, stolen).await,
        Err(Error::Revoked)
    ));
}
