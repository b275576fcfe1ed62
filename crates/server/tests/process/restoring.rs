//! Data that are restored from an older copy: the exchange notices, says what to do, and takes its
//! log up where it was lost.

use std::path::Path;
use std::sync::Arc;

use domain::Capacity;
use ledger::pack::{Outcome, Step, verify};
use ledger::{Hash, Pack, Trust};
use server::anchor::Anchor;
use server::clock::SettableClock;
use server::config::Config;
use server::wiring::{self, Exchange};
use sharing::erase::{HoldRule, hold};

use crate::program::{candour, code, err, out, text};
use crate::town::{ASKED_BEFORE, netta, settled};

/// The exchange of a folder, whose log is copied to an anchor.
fn open(folder: &Path, anchor: &Anchor) -> Exchange {
    let mut config = Config::demo(([127, 0, 0, 1], 0).into(), folder.to_owned());
    config.anchor = Some(anchor.clone());
    let clock = SettableClock::of_demo(folder).unwrap();
    wiring::open(&config, Arc::new(clock)).unwrap()
}

/// Something is written into Netta's account, and the log is ordered and copied.
async fn write(exchange: &Exchange, folder: &Path, anchor: &Anchor) {
    let Capacity::Person(person) = netta(folder).caller.capacity else {
        panic!("Netta asks about herself");
    };
    let rule = Some(HoldRule::Inquiry);
    hold(&exchange.cx, person, rule, "Moira Keir")
        .await
        .unwrap();
    sharing::epoch::make(&exchange.cx).await.unwrap().unwrap();
    anchor.keep(exchange.cx.store.as_ref()).await.unwrap();
}

async fn pack(exchange: &Exchange, folder: &Path) -> Pack {
    let packed = sharing::pack(
        &exchange.cx,
        &netta(folder),
        &exchange.log_key,
        &sharing::PackAsk::default(),
    )
    .await;
    Pack::decode(&packed.unwrap().unwrap()).unwrap()
}

/// What an exchange held against that goes on after it was written to twice: the copy that it is
/// restored from is older than both.
struct Lost {
    /// What was restored.
    folder: tempfile::TempDir,
    anchor: Anchor,
    _place: tempfile::TempDir,
    /// Netta's pack of before the loss.
    before: Pack,
}

async fn lost() -> Lost {
    let place = tempfile::tempdir().unwrap();
    let anchor = Anchor::new(place.path().join("anchor"));
    let folder = settled().await.copy();
    let exchange = open(folder.path(), &anchor);
    exchange.begin().await.unwrap();
    for _ in 0..2 {
        write(&exchange, folder.path(), &anchor).await;
    }
    let before = pack(&exchange, folder.path()).await;
    assert_eq!(before.links.len(), ASKED_BEFORE + 2);
    Lost {
        folder: settled().await.copy(),
        anchor,
        _place: place,
        before,
    }
}

fn recover(lost: &Lost, more: &[&str]) -> std::process::Output {
    let data = text(lost.folder.path());
    let fixed = ["admin", "recover", "--data", data];
    candour(fixed.iter().chain(more).copied())
}

#[tokio::test]
async fn an_exchange_restored_from_an_older_copy_does_not_begin_a_second_log() {
    let lost = lost().await;
    let exchange = open(lost.folder.path(), &lost.anchor);
    let refused = exchange.begin().await.unwrap_err().to_string();
    let (here, seen) = (
        sharing::recover::kept(&exchange.cx, &exchange.log_key).await,
        lost.anchor
            .newest(std::slice::from_ref(&exchange.log_key))
            .unwrap()
            .unwrap()
            .size,
    );
    assert_eq!(
        refused,
        format!(
            "the log here has {} leaves, and its anchor {} saw {seen}: these data are an older \
             copy. To go on from them would make two logs of one, so nothing was started. Take up \
             what was lost with `candour admin recover` (docs/operating/backup.md)",
            here.unwrap(),
            lost.anchor.folder().display()
        )
    );
}

#[tokio::test]
async fn a_recovered_log_is_one_log_and_says_what_it_lost() {
    let lost = lost().await;
    let folder = text(lost.anchor.folder()).to_owned();
    let recovered = recover(&lost, &["--anchor", &folder]);
    assert_eq!(code(&recovered), 0, "{}", err(&recovered));
    assert!(
        out(&recovered).contains("the log goes on as one"),
        "{}",
        out(&recovered)
    );

    let exchange = open(lost.folder.path(), &lost.anchor);
    exchange.begin().await.unwrap();
    write(&exchange, lost.folder.path(), &lost.anchor).await;
    let after = pack(&exchange, lost.folder.path()).await;
    let key = &exchange.log_key;
    let trust = Trust {
        log: Some(key),
        ..Trust::default()
    };
    let report = verify(&after, &trust);
    let fails = |one: &&ledger::pack::Finding| matches!(one.outcome, Outcome::Fails(_));
    assert_eq!(report.findings.iter().find(fails), None);
    let Some(Outcome::Holds(said)) = report.outcome(Step::Statements) else {
        panic!("{report:?}");
    };
    assert!(
        said.contains("entries written in between are lost"),
        "{said}"
    );

    // What Netta was promised before the loss is where it was promised to be, though her list here
    // knows nothing of it.
    assert_eq!(after.links.len(), ASKED_BEFORE + 1);
    let promised = lost.before.links.last().unwrap();
    let leaf = promised.place.as_ref().unwrap().index;
    assert_eq!(leaf_of(&exchange, leaf).await, promised.commitment);
    drop(exchange);

    let data = text(lost.folder.path());
    let doctor = candour(["doctor", "--data", data, "--ledger"]);
    assert_eq!(code(&doctor), 0, "{}", out(&doctor));
    // Two entries and two epochs.
    let words = "each claimed once; 4 of entries that were lost, as the log says";
    assert!(out(&doctor).contains(words), "{}", out(&doctor));

    let again = recover(&lost, &["--anchor", &folder]);
    assert_eq!(code(&again), 4);
    assert!(
        err(&again).contains("nothing is to recover"),
        "{}",
        err(&again)
    );
}

#[tokio::test]
async fn a_log_that_was_continued_from_an_older_copy_is_refused() {
    let lost = lost().await;
    let elsewhere = tempfile::tempdir().unwrap();
    let other = Anchor::new(elsewhere.path().to_owned());
    let exchange = open(lost.folder.path(), &other);
    exchange.begin().await.unwrap();
    for _ in 0..3 {
        write(&exchange, lost.folder.path(), &other).await;
    }
    drop(exchange);
    let exchange = open(lost.folder.path(), &lost.anchor);
    let refused = exchange.begin().await.unwrap_err().to_string();
    assert!(
        refused.contains("it was continued from an older copy, or altered"),
        "{refused}"
    );
}

#[tokio::test]
async fn where_nobody_has_the_leaves_the_log_says_that_it_begins_anew() {
    let lost = lost().await;
    let checkpoint = lost.anchor.folder().join("checkpoint");
    let recovered = recover(&lost, &["--without-leaves", text(&checkpoint)]);
    assert_eq!(code(&recovered), 0, "{}", err(&recovered));
    assert!(
        out(&recovered).contains("the log begins a second future, and witnesses must be told"),
        "{}",
        out(&recovered)
    );
    let data = text(lost.folder.path());
    let doctor = candour(["doctor", "--data", data, "--ledger"]);
    assert_eq!(code(&doctor), 0, "{}", out(&doctor));

    let nothing = recover(&lost, &[]);
    assert_eq!(code(&nothing), 2);
    assert!(
        err(&nothing).contains("no anchor is configured"),
        "{}",
        err(&nothing)
    );
}

async fn leaf_of(exchange: &Exchange, leaf: u64) -> Hash {
    let copy = tempfile::tempdir().unwrap();
    let anchor = Anchor::new(copy.path().to_owned());
    anchor.keep(exchange.cx.store.as_ref()).await.unwrap();
    anchor.leaves(leaf, leaf + 1).unwrap()[0]
}
