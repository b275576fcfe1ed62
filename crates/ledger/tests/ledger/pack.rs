//! The pack as a file: one way to write it, nothing in it that can be changed unnoticed, and no
//! bytes that make a reader stumble.

use crate::keeper::{HOUR, Keeper, MINUTE, MONDAY, NETTA, morning};
use ledger::pack::{Content, PackField, Reason, Step, verify};
use ledger::{
    LogKey, LogPublicKey, Pack, PackError, Receipt, SignedNote, Trust, Verdict, VrfKey, WitnessKey,
    WitnessPublicKey,
};
use proptest::prelude::*;

const NOON: i64 = MONDAY + 3 * HOUR;

/// A small pack that has one of everything. Its earlier checkpoint has the log's signature alone:
/// a cosignature that is not asked for is passed over, whatever it says.
fn small() -> (Keeper, Pack) {
    let mut log = Keeper::new();
    let witnesses = std::mem::take(&mut log.witnesses);
    log.write(NETTA, MONDAY, &[("closed", "her sister"), ("what", "x")]);
    log.write(NETTA, MONDAY + MINUTE, &[("what", "y")]);
    let erased = log.chains[&NETTA][1].commitment.to_string();
    log.write(NETTA, MONDAY + 2 * MINUTE, &[("erases", &erased)]);
    log.epoch(MONDAY + HOUR);
    log.witnesses = witnesses;
    let mut pack = log.pack(NETTA, NOON);
    pack.links[1].content = Content::Erased;
    (log, pack)
}

/// With the key that was known when the log began, and the two witnesses that everybody knows.
fn verdict(log: &Keeper, pack: &Pack) -> Verdict {
    let known = crate::log_key();
    let witnesses: Vec<WitnessPublicKey> = log.witnesses.iter().map(WitnessKey::public).collect();
    let trust = Trust {
        log: Some(known.public()),
        witnesses: &witnesses,
        quorum: 2,
        code: None,
    };
    verify(pack, &trust).verdict()
}

#[test]
fn a_pack_reads_back_as_it_was_written() {
    let log = morning();
    for pack in [log.pack(NETTA, NOON), small().1, with_statements().1] {
        let bytes = pack.encode().unwrap();
        assert_eq!(Pack::decode(&bytes), Ok(pack));
    }
}

#[test]
fn an_empty_list_is_a_pack_too() {
    let log = Keeper::new();
    let pack = log.pack(NETTA, NOON);
    assert_eq!(Pack::decode(&pack.encode().unwrap()).as_ref(), Ok(&pack));
    assert_eq!(verdict(&log, &pack), Verdict::ProvenInPart);
}

#[test]
fn a_withheld_field_still_verifies_and_says_why() {
    let log = morning();
    let pack = log.pack(NETTA, NOON);
    let Content::Open { fields, .. } = &pack.links[0].content else {
        panic!("it is open");
    };
    let PackField::Withheld { reason, .. } = &fields[0] else {
        panic!("it is withheld");
    };
    assert_eq!(reason.words(), "it speaks of somebody else");
    assert_eq!(pack.links[0].content.shown("closed"), None);
    assert_eq!(
        pack.links[0].content.shown("what"),
        Some(b"allergies".as_slice())
    );
    let text = String::from_utf8_lossy(&pack.encode().unwrap()).into_owned();
    assert!(!text.contains("her sister"));
    assert_eq!(verdict(&log, &pack), Verdict::Proven);
}

/// The reason for which a field is withheld is the word of whoever made the pack.
fn without_reasons(pack: &Pack) -> Pack {
    let mut pack = pack.clone();
    for link in &mut pack.links {
        if let Content::Open { fields, .. } = &mut link.content {
            for field in fields {
                if let PackField::Withheld { reason, .. } = field {
                    *reason = Reason::Law;
                }
            }
        }
    }
    pack
}

/// The same pack after everything that an exchange can say of itself.
fn with_statements() -> (Keeper, Pack) {
    let (mut log, _) = small();
    let witnesses = std::mem::take(&mut log.witnesses);
    log.change_positions(NOON, VrfKey::from_seed(&[1; 32]));
    log.hand_on(
        NOON,
        LogKey::from_seed("log.example/candour", &[2; 32]).unwrap(),
    );
    log.recover(NOON, log.leaves.len() as u64);
    log.witnesses = witnesses;
    let pack = log.pack(NETTA, NOON);
    (log, pack)
}

#[test]
fn no_flipped_bit_of_a_statement_is_believed() {
    let (log, mut pack) = with_statements();
    assert_eq!(verdict(&log, &pack), Verdict::Proven);
    let bytes = pack.encode().unwrap();
    pack.statements.clear();
    let before = pack.encode().unwrap().len();
    for bit in before * 8..bytes.len() * 8 {
        let mut forged = bytes.clone();
        forged[bit / 8] ^= 1 << (bit % 8);
        if let Ok(read) = Pack::decode(&forged) {
            assert_eq!(read.encode().as_ref(), Ok(&forged), "bit {bit}");
            assert_eq!(verdict(&log, &read), Verdict::False, "bit {bit}");
        }
    }
}

#[test]
fn no_flipped_bit_of_a_pack_is_believed_and_no_file_has_two_forms() {
    let (log, pack) = small();
    assert_eq!(verdict(&log, &pack), Verdict::Proven);
    let bytes = pack.encode().unwrap();
    let mut reasons = 0;
    for bit in 0..bytes.len() * 8 {
        let mut forged = bytes.clone();
        forged[bit / 8] ^= 1 << (bit % 8);
        let Ok(read) = Pack::decode(&forged) else {
            continue;
        };
        assert_eq!(read.encode().as_ref(), Ok(&forged), "bit {bit}");
        if without_reasons(&read) == without_reasons(&pack) {
            reasons += 1;
            continue;
        }
        assert_eq!(verdict(&log, &read), Verdict::False, "bit {bit}");
    }
    // From 1, third parties, one bit leads to 3, the law, and to 5, on request; 0 and the others are no reasons.
    assert_eq!(reasons, 2);
}

#[test]
fn a_file_cut_off_or_added_to_is_refused_with_the_place() {
    let (_, pack) = small();
    let bytes = pack.encode().unwrap();
    for length in 16..bytes.len() {
        let cut = Pack::decode(&bytes[..length]);
        assert!(matches!(cut, Err(PackError::Damaged { at }) if at <= length));
    }
    let longer = [bytes.as_slice(), b"x"].concat();
    let refused = Pack::decode(&longer).unwrap_err();
    assert_eq!(
        refused.to_string(),
        format!(
            "the evidence pack is damaged: what follows byte {} is not as it must be",
            bytes.len()
        )
    );
}

#[test]
fn another_file_and_another_version_are_told_apart() {
    assert_eq!(Pack::decode(b"%PDF-1.7"), Err(PackError::NotAPack));
    assert_eq!(Pack::decode(b""), Err(PackError::NotAPack));
    assert_eq!(
        Pack::decode(b"candour-pack/v3\n..."),
        Err(PackError::OtherVersion)
    );
}

#[test]
fn fields_out_of_order_and_a_record_without_fields_are_refused() {
    let log = morning();
    let change = |change: fn(&mut Vec<PackField>)| {
        let mut pack = log.pack(NETTA, NOON);
        if let Content::Open { fields, .. } = &mut pack.links[0].content {
            change(fields);
        }
        Pack::decode(&pack.encode().unwrap())
    };
    assert!(change(|_| {}).is_ok());
    assert!(change(|fields| fields.swap(1, 2)).is_err());
    assert!(change(Vec::clear).is_err());
}

#[test]
fn what_is_too_much_for_a_pack_is_not_written() {
    let log = morning();
    let mut pack = log.pack(NETTA, NOON);
    pack.epochs[0].path = vec![ledger::Hash([0; 32]); 65_536];
    assert_eq!(pack.encode(), Err(PackError::TooLarge));
}

#[test]
fn two_worlds_that_differ_in_what_is_held_back_give_packs_of_one_shape() {
    // In one world a second disclosure about Netta is held back from her and stands in the
    // reviewer's view; in the other an entry about somebody else stands there.
    let world = |held_back: bool| {
        let mut log = morning();
        let reviewer = ledger::ViewId([0x52; 32]);
        let what = if held_back {
            "about Netta"
        } else {
            "of others"
        };
        log.write(reviewer, MONDAY + 130 * MINUTE, &[("what", what)]);
        log.epoch(NOON);
        log.pack(NETTA, NOON)
    };
    let (with, without) = (world(true), world(false));
    assert_eq!(with.links.len(), without.links.len());
    assert_eq!(
        with.encode().unwrap().len(),
        without.encode().unwrap().len()
    );
    let places = |pack: &Pack| -> Vec<u64> {
        let places = pack.links.iter().filter_map(|link| link.place.as_ref());
        places.map(|place| place.index).collect()
    };
    assert_eq!(places(&with), places(&without));
}

#[test]
fn every_step_is_named_once() {
    let log = morning();
    let report = verify(&log.pack(NETTA, NOON), &Trust::default());
    let mut steps: Vec<Step> = report.findings.iter().map(|f| f.step).collect();
    assert_eq!(steps.len(), 11);
    steps.dedup();
    assert_eq!(steps.len(), 11);
}

proptest! {
    #[test]
    fn fuzz_no_bytes_make_a_reader_stumble(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        let marked = |magic: &[u8]| [magic, &bytes].concat();
        for bytes in [bytes.clone(), marked(b"candour-pack/v1\n"), marked(b"candour-pack/v2\n")] {
            if let Ok(pack) = Pack::decode(&bytes) {
                prop_assert_eq!(&pack.encode().unwrap(), &bytes);
            }
        }
        let _ = ledger::tiles::decode_tile(&bytes);
        let _ = ledger::tiles::decode_bundle(&bytes);
        let _ = ledger::Record::decode(&bytes);
        let _ = ledger::Frontier::decode(&bytes);
        let _ = ledger::Epoch::decode(&bytes);
        if let Some(statement) = ledger::Statement::decode(&bytes) {
            prop_assert_eq!(&statement.encode(), &bytes);
        }
        let text = String::from_utf8_lossy(&bytes);
        let _ = Receipt::decode(&text);
        let _ = LogPublicKey::from_vkey(&text);
        let _ = text.parse::<ledger::HeadCode>();
        if let Ok(note) = SignedNote::parse(&text) {
            prop_assert_eq!(note.to_string(), text);
        }
    }

    #[test]
    fn fuzz_a_pack_cut_and_pasted_is_refused_or_found_false(
        from in 0..4000_usize,
        to in 0..4000_usize,
        length in 1..200_usize,
    ) {
        let (log, pack) = small();
        let bytes = pack.encode().unwrap();
        let piece = &bytes[from.min(bytes.len())..(from + length).min(bytes.len())];
        let mut forged = bytes.clone();
        let to = to.min(bytes.len());
        forged.splice(to..(to + length).min(bytes.len()), piece.iter().copied());
        if let Ok(read) = Pack::decode(&forged) {
            prop_assert_eq!(&read.encode().unwrap(), &forged);
            if without_reasons(&read) != without_reasons(&pack) {
                prop_assert_eq!(verdict(&log, &read), Verdict::False);
            }
        }
    }
}
