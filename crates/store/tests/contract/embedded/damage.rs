//! Whoever alters the database behind the program's back is found out.

use domain::Category;
use ledger::{Epoch, Hash, Says, Statement, VrfKey};
use rusqlite::Connection;
use store::{NewStatement, Synchronous};

use super::{MARTA, world_in};
use crate::world::ordinary;

/// What is found after these statements were run on a sound database.
async fn faults_after(sql: &str) -> Vec<String> {
    let dir = tempfile::tempdir().unwrap();
    let world = world_in(dir.path(), None, Synchronous::Off).await;
    world.admit(MARTA, "Nowak", "Marta").await;
    let note = r#"{"resourceType":"Observation","status":"final"}"#;
    let documents = ordinary(Category::Documents);
    let id = world.contribute(MARTA, note, documents.clone()).await;
    world.update(MARTA, id, 2, note, documents).await.unwrap();
    for root in 0..6 {
        let entry = world.entry(MARTA.home, root % 2, root);
        world.log(vec![entry], Default::default()).await.unwrap();
        if root == 4 {
            assert_eq!(world.store.sequence().await.unwrap(), 5);
        }
    }
    let epoch = Epoch {
        number: 0,
        time_us: 0,
        size: 5,
        vrf_key: *VrfKey::from_seed(&[5; 32]).public(),
        root: Hash([6; 32]),
    };
    assert_eq!(world.store.add_epoch(epoch).await.unwrap(), 5);
    assert_eq!(
        world.store.verify_all().await.unwrap().faults,
        Vec::<String>::new()
    );

    let db = Connection::open(dir.path().join("candour.db")).unwrap();
    db.execute_batch(sql).unwrap();
    world.store.verify_all().await.unwrap().faults
}

#[tokio::test]
async fn a_statement_that_says_something_else_than_its_leaf_is_found() {
    let dir = tempfile::tempdir().unwrap();
    let world = world_in(dir.path(), None, Synchronous::Off).await;
    let handed_on = |to| Statement {
        time_us: 0,
        says: Says::LogKey {
            from: [1; 32],
            to: [to; 32],
        },
    };
    let new = NewStatement {
        statement: handed_on(2),
        leaves: Vec::new(),
    };
    assert_eq!(world.store.state(new).await.unwrap(), 0);
    let db = Connection::open(dir.path().join("candour.db")).unwrap();
    let altered = db.execute(
        "UPDATE statement SET statement = $1",
        [handed_on(3).encode()],
    );
    assert_eq!(altered.unwrap(), 1);
    assert_eq!(
        world.store.verify_all().await.unwrap().faults,
        [
            "the log, leaf 0: the statement that claims it says something else",
            "a statement claims a leaf that is not there",
        ]
    );
}

#[tokio::test]
async fn an_entry_taken_out_leaves_a_gap() {
    let faults = faults_after("DELETE FROM entry WHERE chain_no = 1 AND place = 1").await;
    assert!(faults.contains(&"chain 1, entry 2: an entry is missing before it".to_owned()));
    assert!(
        faults
            .iter()
            .any(|fault| fault.ends_with("no entry claims it"))
    );
}

#[tokio::test]
async fn an_altered_commitment_breaks_the_chain() {
    let sql = "UPDATE entry SET commitment = zeroblob(32) WHERE chain_no = 2 AND place = 0";
    let faults = faults_after(sql).await;
    let broken = "chain 2, entry 0: the head does not follow from the commitments";
    assert!(faults.contains(&broken.to_owned()));
    let other = "the entry that claims it commits to something else";
    assert!(faults.iter().any(|fault| fault.ends_with(other)));
}

#[tokio::test]
async fn a_back_dated_entry_is_seen() {
    let faults = faults_after("UPDATE entry SET at = 0 WHERE chain_no = 1 AND place = 2").await;
    assert_eq!(
        faults,
        ["chain 1, entry 2: it is not later than the one before it"]
    );
}

#[tokio::test]
async fn a_leaf_belongs_to_one_entry() {
    let sql = "UPDATE entry SET log_index = (
                   SELECT log_index FROM entry WHERE chain_no = 1 AND place = 0)
               WHERE chain_no = 2 AND place = 2";
    let faults = faults_after(sql).await;
    assert!(
        faults
            .iter()
            .any(|fault| fault.ends_with("two entries claim it"))
    );
    assert!(faults.contains(&"an entry claims a leaf that is not there".to_owned()));
}

#[tokio::test]
async fn a_leaf_that_nobody_wrote_is_an_orphan() {
    let sql = "INSERT INTO leaf (log_index, commitment) VALUES (6, zeroblob(32))";
    let faults = faults_after(sql).await;
    assert!(faults.contains(&"the log, leaf 6: no entry claims it".to_owned()));
}

#[tokio::test]
async fn an_epoch_is_what_its_leaf_says_and_shares_it_with_nobody() {
    let altered = "UPDATE epoch SET statement = CAST(x'01' || substr(statement, 2) AS BLOB)";
    let faults = faults_after(altered).await;
    assert!(
        faults
            .contains(&"the log, leaf 5: the epoch that claims it says something else".to_owned())
    );
    let shared = "UPDATE entry SET log_index = 5 WHERE log_index IS NULL";
    let faults = faults_after(shared).await;
    assert!(faults.contains(&"the log, leaf 5: an entry and an epoch claim it".to_owned()));
    let faults = faults_after("DELETE FROM epoch").await;
    assert!(faults.contains(&"the log, leaf 5: no entry claims it".to_owned()));
}

#[tokio::test]
async fn a_shortened_log_is_not_the_one_that_was_signed_for() {
    let sql = "DELETE FROM epoch;
               DELETE FROM leaf WHERE log_index = 5";
    let faults = faults_after(sql).await;
    assert_eq!(
        faults,
        ["the checkpoint is not of the tree over the leaves"]
    );
}

#[tokio::test]
async fn an_altered_resource_no_longer_gives_its_original() {
    let sql = "UPDATE version
               SET bytes = CAST(replace(CAST(bytes AS TEXT), 'final', 'draft') AS BLOB)
               WHERE no = 2";
    let faults = faults_after(sql).await;
    assert_eq!(faults, ["version 2: the original cannot be rebuilt"]);
}

#[tokio::test]
async fn a_resource_put_back_to_an_earlier_version_is_seen() {
    let sql = "UPDATE resource SET version = 1, version_no = 2 WHERE version = 2";
    let faults = faults_after(sql).await;
    assert_eq!(faults, ["a resource does not show its last version"]);
}
