//! The list that proves itself: what a person can hold everybody to.

use domain::{Clock, Purpose};
use ledger::pack::{Content, Outcome, Step, verify};
use ledger::{HeadCode, LogKey, LogPublicKey, Pack, Report, Trust, Verdict};
use sharing::{PackAsk, epoch};

use crate::hall::Hall;

pub fn key() -> LogPublicKey {
    let key = LogKey::from_seed("candour.example/town", &[3; 32]).expect("a log key");
    key.public().clone()
}

pub async fn pack_of(hall: &Hall, name: &str) -> Pack {
    let asking = hall.person(name).await;
    let bytes = sharing::pack(&hall.cx, &asking, &key(), &PackAsk::default()).await;
    Pack::decode(&bytes.expect("a pack").expect("their own")).expect("one form")
}

/// Checks with the log's key alone: nobody cosigns this log.
pub fn check(pack: &Pack, code: Option<HeadCode>) -> Report {
    let key = key();
    let trust = Trust {
        log: Some(&key),
        code,
        ..Trust::default()
    };
    verify(pack, &trust)
}

fn not_shown(report: &Report) -> Vec<&'static str> {
    let steps = report.findings.iter();
    steps
        .filter(|finding| matches!(finding.outcome, Outcome::NotShown(_)))
        .map(|finding| finding.step.code())
        .collect()
}

/// Alasdair Mowat's nurse looks at his record, and an hour passes.
pub async fn look(hall: &Hall) {
    let nurse = hall.worker("ruksana-chaudhry", Purpose::Treatment);
    hall.everything(&nurse, "alasdair-mowat").await;
    hall.clock.set(hall.clock.now().plus_seconds(3600));
}

#[tokio::test]
async fn a_list_is_proven_unaltered_and_complete_but_for_witnesses() {
    let hall = Hall::open().await;
    for _ in 0..3 {
        look(&hall).await;
        epoch::make(&hall.cx).await.expect("an epoch");
    }
    let pack = pack_of(&hall, "alasdair-mowat").await;
    let report = check(&pack, None);
    assert_eq!(report.verdict(), Verdict::ProvenInPart, "{report:?}");
    assert_eq!(not_shown(&report), ["witnesses"]);
    assert_eq!(pack.links.len(), 3);
    assert_eq!(
        report.outcome(Step::Completeness),
        Some(&Outcome::Holds(
            "complete at epoch 2, with 3 entries".to_owned()
        ))
    );
    assert_eq!(
        report.outcome(Step::Times),
        Some(&Outcome::Holds(
            "the times fit 3 epochs and 0 cosigned checkpoints".to_owned()
        ))
    );
    assert_eq!(
        pack.links[0].content.shown("name"),
        Some("Ruksana Chaudhry".as_bytes())
    );
    hall.cx.store.verify_all().await.expect("it is read");
}

#[tokio::test]
async fn before_the_first_epoch_completeness_is_not_shown() {
    let hall = Hall::open().await;
    look(&hall).await;
    let report = check(&pack_of(&hall, "alasdair-mowat").await, None);
    assert_eq!(
        not_shown(&report),
        ["witnesses", "history", "times", "completeness"]
    );
}

#[tokio::test]
async fn what_came_after_the_last_epoch_is_said_to_be_younger() {
    let hall = Hall::open().await;
    look(&hall).await;
    epoch::make(&hall.cx).await.expect("an epoch");
    look(&hall).await;
    let report = check(&pack_of(&hall, "alasdair-mowat").await, None);
    assert_eq!(
        report.outcome(Step::Completeness),
        Some(&Outcome::Holds(
            "complete at epoch 0, with 1 entry; 1 entry younger".to_owned()
        ))
    );
}

#[tokio::test]
async fn no_epoch_is_made_where_nothing_was_written() {
    let hall = Hall::open().await;
    look(&hall).await;
    assert!(epoch::make(&hall.cx).await.expect("an epoch").is_some());
    assert!(epoch::make(&hall.cx).await.expect("an answer").is_none());
}

#[tokio::test]
async fn an_epoch_of_long_ago_is_proven_from_the_entries_of_then() {
    let hall = Hall::open().await;
    for _ in 0..9 {
        look(&hall).await;
        epoch::make(&hall.cx).await.expect("an epoch");
    }
    let pack = pack_of(&hall, "alasdair-mowat").await;
    let numbers: Vec<u64> = pack.epochs.iter().map(|one| one.epoch.number).collect();
    assert_eq!(numbers, [0, 2, 4, 6, 8]);
    assert_eq!(not_shown(&check(&pack, None)), ["witnesses"]);

    let mut snapshot = hall.cx.store.snapshot().await.expect("a snapshot");
    for stored in snapshot.epochs().await.expect("epochs") {
        let same = epoch::is_as_logged(&hall.cx, snapshot.as_mut(), &stored.epoch).await;
        assert!(same.expect("a map"));
        let mut other = stored.epoch;
        other.root = ledger::Hash([1; 32]);
        let same = epoch::is_as_logged(&hall.cx, snapshot.as_mut(), &other).await;
        assert!(!same.expect("a map"));
    }
}

#[tokio::test]
async fn the_code_of_a_letter_holds_the_list_to_what_it_was() {
    let hall = Hall::open().await;
    look(&hall).await;
    let letter = check(&pack_of(&hall, "alasdair-mowat").await, None).code;
    look(&hall).await;
    let pack = pack_of(&hall, "alasdair-mowat").await;
    let outcome = |code| check(&pack, Some(code)).outcome(Step::Code).cloned();
    assert_eq!(
        outcome(letter),
        Some(Outcome::Holds(
            "the code is that of the first 1 entry of this list".to_owned()
        ))
    );
    let anothers = check(&pack_of(&hall, "netta-dunsmore").await, None).code;
    assert!(matches!(outcome(anothers), Some(Outcome::Fails(_))));
}

#[tokio::test]
async fn a_person_may_leave_a_field_out_and_the_rest_still_verifies() {
    let hall = Hall::open().await;
    look(&hall).await;
    let asking = hall.person("alasdair-mowat").await;
    let ask = PackAsk {
        leave_out: vec!["name".to_owned(), "worker".to_owned()],
        ..PackAsk::default()
    };
    let bytes = sharing::pack(&hall.cx, &asking, &key(), &ask).await;
    let bytes = bytes.expect("a pack").expect("his own");
    assert!(!String::from_utf8_lossy(&bytes).contains("Ruksana"));
    let pack = Pack::decode(&bytes).expect("one form");
    assert_ne!(check(&pack, None).verdict(), Verdict::False);
    assert_eq!(pack.links[0].content.shown("name"), None);
    assert!(pack.links[0].content.shown("role").is_some());
}

#[tokio::test]
async fn a_list_on_which_nothing_stands_is_proven_to_be_empty_of_what_was_shown() {
    let hall = Hall::open().await;
    let pack = pack_of(&hall, "alasdair-mowat").await;
    assert_eq!((pack.links.len(), pack.epochs.len()), (0, 0));
    assert_eq!(check(&pack, None).verdict(), Verdict::ProvenInPart);
}

#[tokio::test]
async fn nobody_else_gets_a_persons_pack() {
    let hall = Hall::open().await;
    look(&hall).await;
    let nurse = hall.worker("ruksana-chaudhry", Purpose::Treatment);
    let pack = sharing::pack(&hall.cx, &nurse, &key(), &PackAsk::default()).await;
    assert_eq!(pack.expect("an answer"), None);
    let netta = pack_of(&hall, "netta-dunsmore").await;
    assert!(netta.links.is_empty());
}

#[tokio::test]
async fn a_pack_says_every_entry_of_the_account_and_no_other() {
    let hall = Hall::open().await;
    look(&hall).await;
    let stranger = hall.worker("derek-muirhead", Purpose::Treatment);
    hall.everything(&stranger, "alasdair-mowat").await;
    let pack = pack_of(&hall, "alasdair-mowat").await;
    let answers: Vec<&[u8]> = pack
        .links
        .iter()
        .filter_map(|link| match &link.content {
            Content::Open { .. } => link.content.shown("answer"),
            Content::Erased => None,
        })
        .collect();
    assert_eq!(answers.len(), hall.account("alasdair-mowat").await.len());
    assert_eq!(answers[1], b"DENY");
}
