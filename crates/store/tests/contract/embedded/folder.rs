//! Opening and owning a folder.

use std::path::Path;
use std::sync::Arc;

use ledger::LogKey;
use store::{OpenError, Options, Store, Synchronous, open_url};

use super::{MARTA, options, world_in};
use crate::world::{Counter, HandClock, ORIGIN, Setting, nth_log_key};

fn setting() -> Setting {
    Setting {
        log_keys: Arc::new(nth_log_key),
        clock: Arc::new(HandClock::default()),
        chance: Arc::new(Counter::default()),
    }
}

fn open(dir: &Path) -> Result<Arc<dyn Store>, OpenError> {
    store::open(options(dir, setting(), None, Synchronous::Off))
}

fn refusal(opened: Result<Arc<dyn Store>, OpenError>) -> String {
    opened.err().expect("it must not open").to_string()
}

#[tokio::test]
async fn a_folder_is_open_in_one_place_at_a_time() {
    let dir = tempfile::tempdir().unwrap();
    let first = open(dir.path()).unwrap();
    let refused = open(dir.path()).err().unwrap();
    assert!(matches!(refused, OpenError::InUse { .. }));
    assert_eq!(
        refused.to_string(),
        format!(
            "another candour process has the folder {} open: stop that one, or choose another \
             folder",
            dir.path().display()
        )
    );

    // A snapshot still reads from the folder, so it is given back only after the last.
    let snapshot = first.snapshot().await.unwrap();
    drop(first);
    assert!(open(dir.path()).is_err());
    drop(snapshot);
    open(dir.path()).unwrap();
}

#[tokio::test]
async fn everything_is_there_after_reopening() {
    let dir = tempfile::tempdir().unwrap();
    let world = world_in(dir.path(), None, Synchronous::Full).await;
    world.admit(MARTA, "Nowak", "Marta").await;
    let entry = world.entry(MARTA.home, 1, 1);
    let view = entry.view;
    world.log(vec![entry], Default::default()).await.unwrap();
    world.store.sequence().await.unwrap();
    let checkpoint = world.store.checkpoint().await.unwrap();
    drop(world);

    let world = world_in(dir.path(), None, Synchronous::Full).await;
    assert_eq!(world.store.checkpoint().await.unwrap(), checkpoint);
    let permit = world.own_permit(MARTA.id).await;
    let head = world.snapshot().await.head(&permit, &view).await;
    assert_eq!(head.unwrap().next_index, 1);
    let next = world.entry(MARTA.home, 1, 2);
    let committed = world.log(vec![next], Default::default()).await.unwrap();
    assert_eq!(committed.receipts[0].index, 1);
    let verified = world.store.verify_all().await.unwrap();
    assert_eq!(verified.faults, Vec::<String>::new());
}

#[tokio::test]
async fn a_log_that_was_handed_on_stays_with_its_next_key_after_reopening() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path()).unwrap();
    store.hand_on().await.unwrap();
    store.hand_on().await.unwrap();
    drop(store);
    let again = open(dir.path()).unwrap();
    assert_eq!(again.log_key(), *nth_log_key(2).unwrap().public());
    drop(again);

    let another_root = Options {
        log_keys: Arc::new(|handed_on| LogKey::from_seed(ORIGIN, &[90 + handed_on as u8; 32])),
        ..options(dir.path(), setting(), None, Synchronous::Off)
    };
    assert_eq!(
        refusal(store::open(another_root)),
        "this is not the key to which the log was handed on: check the root key"
    );
}

#[test]
fn a_database_of_a_later_program_is_left_alone() {
    let dir = tempfile::tempdir().unwrap();
    drop(open(dir.path()).unwrap());
    let db = rusqlite::Connection::open(dir.path().join("candour.db")).unwrap();
    db.pragma_update(None, "user_version", 900).unwrap();
    assert_eq!(
        refusal(open(dir.path())),
        "the database has schema 900, this program knows 19: use the newer program that made it"
    );
}

#[test]
fn a_log_is_not_continued_under_another_name_or_key() {
    let dir = tempfile::tempdir().unwrap();
    drop(open(dir.path()).unwrap());
    let renamed = Options {
        log_keys: Arc::new(|_| LogKey::from_seed("other.test", &[7; 32])),
        origin: "other.test".to_owned(),
        ..options(dir.path(), setting(), None, Synchronous::Off)
    };
    assert_eq!(
        refusal(store::open(renamed)),
        format!("this belongs to the log {ORIGIN}: check the configured origin and key")
    );
    let wrong_key = Options {
        log_keys: Arc::new(|_| LogKey::from_seed("other.test", &[7; 32])),
        ..options(dir.path(), setting(), None, Synchronous::Off)
    };
    assert_eq!(
        refusal(store::open(wrong_key)),
        "this belongs to the log other.test: check the configured origin and key"
    );
}

#[test]
fn a_url_names_a_folder_and_nothing_else_yet() {
    let dir = tempfile::tempdir().unwrap();
    let by = |url: &str| {
        let options = options(Path::new("unused"), setting(), None, Synchronous::Off);
        open_url(url, options)
    };
    by(&format!("sqlite:{}", dir.path().display())).unwrap();
    assert_eq!(
        refusal(by("postgres://candour:secret@db/candour")),
        "this version keeps its data in a folder only: give the store as sqlite:FOLDER"
    );
    assert_eq!(
        refusal(by("mysql://candour:secret@db/candour")),
        "a store is given as sqlite:FOLDER, not mysql:..."
    );
}
