//! What a witness cosigns, and what it never does.

use crate::keeper::{MONDAY, morning};
use crate::{counting, log_key};
use ledger::witness::{AddCheckpoint, Refusal, Seen};
use ledger::{Hash, LogKey, SignedNote, WitnessKey, consistency_proof};

/// The log of a morning when it had four leaves, and now that it has eight.
fn request(old_size: u64) -> AddCheckpoint {
    let mut log = morning();
    log.witnesses.clear();
    AddCheckpoint {
        old_size,
        consistency: consistency_proof(old_size, 8, |node| log.node(node)).unwrap(),
        checkpoint: log.checkpoint(MONDAY),
    }
}

fn four() -> Seen {
    Seen {
        size: 4,
        root: morning().root(4),
    }
}

fn eight() -> Seen {
    Seen {
        size: 8,
        root: morning().root(8),
    }
}

#[test]
fn a_log_that_goes_on_is_cosigned() {
    let key = log_key();
    assert_eq!(Seen::nothing().next(&request(0), key.public()), Ok(eight()));
    assert_eq!(four().next(&request(4), key.public()), Ok(eight()));
    assert_eq!(eight().next(&request(8), key.public()), Ok(eight()));
}

#[test]
fn a_log_that_was_rewritten_is_not() {
    let key = log_key();
    let other = Seen {
        size: 4,
        root: Hash([1; 32]),
    };
    assert_eq!(
        other.next(&request(4), key.public()),
        Err(Refusal::Inconsistent)
    );
    let fork = Seen {
        size: 8,
        root: Hash([1; 32]),
    };
    assert_eq!(
        fork.next(&request(8), key.public()),
        Err(Refusal::OtherSize { size: 8 })
    );
    let mut forged = request(4);
    forged.consistency[0].0[0] ^= 1;
    assert_eq!(
        four().next(&forged, key.public()),
        Err(Refusal::Inconsistent)
    );
}

#[test]
fn a_log_never_shrinks_and_starts_from_what_was_seen() {
    let key = log_key();
    let nine = Seen {
        size: 9,
        root: Hash([1; 32]),
    };
    let mut backwards = request(8);
    backwards.old_size = 9;
    assert_eq!(nine.next(&backwards, key.public()), Err(Refusal::Backwards));
    assert_eq!(
        nine.next(&request(4), key.public()),
        Err(Refusal::OtherSize { size: 9 })
    );
    assert_eq!(
        four().next(&request(0), key.public()),
        Err(Refusal::OtherSize { size: 4 })
    );
}

#[test]
fn only_the_log_that_is_watched_is_cosigned() {
    let stranger = LogKey::from_seed("log.example/candour", &[1; 32]).unwrap();
    assert_eq!(
        Seen::nothing().next(&request(0), stranger.public()),
        Err(Refusal::Unsigned)
    );
    let other = LogKey::from_seed("log.example/other", &counting(0xc0)).unwrap();
    assert_eq!(
        Seen::nothing().next(&request(0), other.public()),
        Err(Refusal::OtherLog)
    );
}

#[test]
fn a_request_has_one_form() {
    for request in [request(0), request(4), request(8)] {
        assert_eq!(AddCheckpoint::parse(&request.encode()), Ok(request));
    }
    let good = request(4).encode();
    assert!(good.starts_with("old 4\n"));
    for wrong in [
        good.replacen("old 4", "old 04", 1),
        good.replacen("old 4", "size 4", 1),
        good.replacen("\n\n", "\n", 1),
        good.replacen('\n', "\nAAAA\n", 1),
        good.replacen(
            '\n',
            &format!("\n{}", ("A".repeat(43) + "=\n").repeat(64)),
            1,
        ),
        String::new(),
    ] {
        assert_eq!(
            AddCheckpoint::parse(&wrong),
            Err(Refusal::Malformed),
            "{wrong:?}"
        );
    }
}

#[test]
fn what_a_witness_answers_goes_under_the_note() {
    let witness = WitnessKey::from_seed("council.example/witness", &counting(0x51)).unwrap();
    let note = request(0).checkpoint;
    let line = witness.cosign(note.text(), 1_799_658_000).unwrap().line();
    let cosigned = note.with_lines(&format!("{line}\n")).unwrap();
    assert_eq!(witness.public().seen(&cosigned), Some(1_799_658_000));
    assert_eq!(
        SignedNote::parse(&cosigned.to_string()).as_ref(),
        Ok(&cosigned)
    );
    assert_eq!(note.with_lines("no signature\n"), None);
    assert_eq!(note.with_lines(""), None);
}
