use crate::{commitments, counting, log_key};
use aws_lc_rs::signature::{ED25519, Ed25519KeyPair, UnparsedPublicKey};
use ledger::{Batch, Hash, LogKey, NoteError, Receipt, ReceiptError, SignedNote, leaf_hash};
use proptest::prelude::*;

const AT: i64 = 1_767_605_400_250_000;

fn receipts(count: u64) -> Vec<Receipt> {
    Batch::new(commitments(count))
        .sign(&log_key(), AT, 60)
        .unwrap()
        .receipts()
}

#[test]
fn every_commitment_of_a_batch_gets_its_own_receipt() {
    for count in [0, 1, 2, 3, 5, 64, 100] {
        let receipts = receipts(count);
        assert_eq!(receipts.len() as u64, count);
        for (receipt, commitment) in receipts.iter().zip(commitments(count)) {
            assert_eq!(receipt.commitment, commitment);
            assert_eq!(receipt.verify(log_key().public()), Ok(()));
            assert_eq!(Receipt::decode(&receipt.encode()).as_ref(), Ok(receipt));
        }
    }
}

#[test]
fn a_receipt_says_what_was_promised_and_by_whom() {
    let receipt = &receipts(3)[2];
    assert_eq!(receipt.origin, "log.example/candour");
    assert_eq!((receipt.time_us, receipt.promise_s), (AT, 60));
    assert_eq!(
        (receipt.index, receipt.batch_size, receipt.path.len()),
        (2, 3, 1)
    );
}

#[test]
fn a_receipt_is_not_believed_for_another_commitment_log_or_key() {
    let receipt = receipts(3)[0].clone();
    let other = Receipt {
        commitment: Hash([0; 32]),
        ..receipt.clone()
    };
    assert_eq!(other.verify(log_key().public()), Err(ReceiptError::False));
    let other_log = LogKey::from_seed("log.example/other", &counting(0xc0)).unwrap();
    assert_eq!(
        receipt.verify(other_log.public()),
        Err(ReceiptError::OtherKey)
    );
    let rotated = LogKey::from_seed("log.example/candour", &[1; 32]).unwrap();
    assert_eq!(
        receipt.verify(rotated.public()),
        Err(ReceiptError::OtherKey)
    );
}

/// What the log signs for a batch, put together from the page that describes it.
fn message(origin: &str, size: u32, root: &Hash) -> Vec<u8> {
    let mut out = b"\0receipt/v1".to_vec();
    out.push(origin.len() as u8);
    out.extend(origin.bytes());
    out.extend(AT.to_be_bytes());
    out.extend(60_u32.to_be_bytes());
    out.extend(size.to_be_bytes());
    out.extend(root.0);
    out
}

#[test]
fn what_is_signed_for_a_receipt_can_never_be_a_note() {
    let receipt = receipts(1)[0].clone();
    let signed = message("log.example/candour", 1, &leaf_hash(&receipt.commitment.0));
    let key = UnparsedPublicKey::new(&ED25519, log_key().public().as_bytes().to_owned());
    assert!(key.verify(&signed, &receipt.signature).is_ok());
    let as_note = String::from_utf8_lossy(&signed).into_owned() + "\n";
    assert_eq!(SignedNote::new(as_note), Err(NoteError::Malformed));
}

#[test]
fn a_receipt_in_the_name_of_another_log_is_refused_though_the_key_signed_it() {
    let receipt = receipts(1)[0].clone();
    let signed = message("log.example/other", 1, &leaf_hash(&receipt.commitment.0));
    let pair = Ed25519KeyPair::from_seed_unchecked(&counting::<32>(0xc0)).unwrap();
    let signature = pair.sign(&signed).as_ref().try_into().unwrap();
    let forged = Receipt {
        origin: "log.example/other".into(),
        signature,
        ..receipt
    };
    assert_eq!(
        forged.verify(log_key().public()),
        Err(ReceiptError::OtherKey)
    );
}

#[test]
fn text_that_is_not_the_one_form_of_a_receipt_is_refused() {
    let good = receipts(3)[0].encode();
    for wrong in [
        String::new(),
        format!("{good}A"),
        format!("{good}="),
        format!(" {good}"),
        good[..good.len() - 4].into(),
        // Version 2.
        format!("Ag{}", &good[2..]),
    ] {
        assert_eq!(
            Receipt::decode(&wrong),
            Err(ReceiptError::Malformed),
            "{wrong}"
        );
    }
}

#[test]
fn a_receipt_with_a_path_of_the_wrong_length_is_refused() {
    let mut receipt = receipts(4)[0].clone();
    receipt.path.push(Hash([0; 32]));
    assert_eq!(
        receipt.verify(log_key().public()),
        Err(ReceiptError::Malformed)
    );
    assert_eq!(
        Receipt::decode(&receipt.encode()),
        Err(ReceiptError::Malformed)
    );
}

#[test]
fn a_receipt_with_a_name_too_long_to_say_is_not_made() {
    let key = LogKey::from_seed(&"n".repeat(256), &[1; 32]).unwrap();
    let refused = Batch::new(commitments(1)).sign(&key, AT, 60).map(|_| ());
    assert_eq!(refused, Err(ReceiptError::TooLarge));
}

proptest! {
    #[test]
    fn whatever_decodes_is_encoded_the_same(
        at in any::<prop::sample::Index>(), byte in any::<u8>(),
    ) {
        let mut bytes = receipts(5)[3].encode().into_bytes();
        let at = at.index(bytes.len());
        bytes[at] = byte;
        let Ok(text) = String::from_utf8(bytes) else { return Ok(()) };
        if let Ok(receipt) = Receipt::decode(&text) {
            prop_assert_eq!(receipt.encode(), text);
        }
    }
}
