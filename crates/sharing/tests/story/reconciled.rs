//! What went past the log is shown by whoever received it, and by nobody else.

use domain::Purpose;
use ledger::{Hash, LogKey, Receipt};
use sharing::reconcile::{Reconciled, Told, reconcile};
use sharing::{Answer, Channel};

use crate::hall::Hall;
use crate::protection::at;
use crate::proven::key;

/// The hospital's system reads Alasdair's record so often on Monday 11 January; its receipts.
async fn reads(hall: &Hall, times: usize) -> Vec<Receipt> {
    let mut nurse = hall.worker("ruksana-chaudhry", Purpose::Treatment);
    nurse.channel = Channel::Api;
    let mut receipts = Vec::new();
    for _ in 0..times {
        let Answer::Released(disclosure) = hall.everything(&nurse, "alasdair-mowat").await else {
            panic!("it is released")
        };
        receipts.push(disclosure.released.receipt().receipt.clone());
    }
    receipts
}

async fn compared(hall: &Hall, day: &str, noted: &[Option<String>]) -> Reconciled {
    let from = at(&format!("{day}T00:00:00Z"));
    let told = Told {
        organisation: "hospital".into(),
        from,
        until: from.plus_seconds(24 * 60 * 60),
    };
    reconcile(&hall.cx, &told, noted)
        .await
        .expect("it is compared")
}

fn noted(receipts: &[Receipt]) -> Vec<Option<String>> {
    receipts
        .iter()
        .map(|receipt| Some(receipt.encode()))
        .collect()
}

#[tokio::test]
async fn two_lists_that_say_the_same_are_even() {
    let hall = Hall::open().await;
    let receipts = reads(&hall, 3).await;
    let found = compared(&hall, "2027-01-11", &noted(&receipts)).await;
    assert_eq!((found.agree, found.is_even()), (3, true), "{found:?}");
    // What somebody saw on a page was told to them and not to a system.
    let nurse = hall.worker("ruksana-chaudhry", Purpose::Treatment);
    hall.everything(&nurse, "alasdair-mowat").await;
    assert!(
        compared(&hall, "2027-01-11", &noted(&receipts))
            .await
            .is_even()
    );
}

#[tokio::test]
async fn what_was_received_past_the_log_is_named() {
    let hall = Hall::open().await;
    let receipts = reads(&hall, 2).await;
    let mut lines = noted(&receipts);
    // Something came without a receipt, something with a made-up one, and something with one that
    // another key signed.
    lines.push(None);
    lines.push(Some("no receipt".to_owned()));
    let mut other = receipts[0].clone();
    other.commitment = Hash([7; 32]);
    lines.push(Some(other.encode()));
    let found = compared(&hall, "2027-01-11", &lines).await;
    assert_eq!(found.past_the_log, [3, 4, 5]);
    assert_eq!((found.agree, found.is_even()), (2, false));
}

#[tokio::test]
async fn a_promise_that_was_not_kept_is_named() {
    let hall = Hall::open().await;
    let mut lines = noted(&reads(&hall, 1).await);
    // The exchange signed for an answer, and its ledger lost the entry.
    let signer = LogKey::from_seed("candour.example/town", &[3; 32]).expect("a log key");
    let lost = ledger::receipt::Batch::new(vec![Hash([9; 32])]);
    let lost = lost
        .sign(&signer, at("2027-01-11T12:00:00Z").0, 60)
        .expect("a batch");
    lines.push(Some(lost.receipts()[0].encode()));
    let found = compared(&hall, "2027-01-11", &lines).await;
    assert_eq!(
        (found.agree, found.not_kept.as_slice()),
        (1, [2].as_slice())
    );
}

#[tokio::test]
async fn what_the_recipient_did_not_note_may_have_been_told() {
    let hall = Hall::open().await;
    let receipts = reads(&hall, 2).await;
    let found = compared(&hall, "2027-01-11", &noted(&receipts[..1])).await;
    assert_eq!(found.not_noted, [receipts[1].commitment]);
}

#[tokio::test]
async fn a_receipt_by_a_key_of_before_is_as_good() {
    let hall = Hall::open().await;
    let mut receipts = reads(&hall, 1).await;
    sharing::rotate::log_key(&hall.cx)
        .await
        .expect("the next key");
    receipts.extend(reads(&hall, 1).await);
    assert!(receipts[0].verify(&key()).is_ok());
    assert!(receipts[1].verify(&key()).is_err());
    assert!(receipts[1].verify(&hall.cx.store.log_key()).is_ok());
    let found = compared(&hall, "2027-01-11", &noted(&receipts)).await;
    assert_eq!((found.agree, found.is_even()), (2, true), "{found:?}");
}

#[tokio::test]
async fn what_is_of_another_day_or_agency_is_said_to_be() {
    let hall = Hall::open().await;
    let receipts = reads(&hall, 1).await;
    let found = compared(&hall, "2027-01-12", &noted(&receipts)).await;
    assert_eq!(
        (found.agree, found.elsewhere.as_slice()),
        (0, [1].as_slice())
    );
}
