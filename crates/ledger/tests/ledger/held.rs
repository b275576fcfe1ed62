//! What is held back for a time: it was written when it happened, it says the same when it is
//! opened, and until then nobody sees from a list that there is anything.

use crate::attacks::{NOON, check, fault, only_fault};
use crate::keeper::{CALLUM, HOUR, Keeper, MINUTE, MONDAY, NETTA, morning};
use ledger::pack::{Content, Outcome, PackField, Step, held};
use ledger::{Hash, Pack, Verdict};

const CONCERN: [(&str, &str); 2] = [
    ("what", "a concern for her safety"),
    ("with", "Northburn social work"),
];

/// The same fields, and what they open.
fn opened<'a>(opens: &'a str, what: &'a str) -> [(&'a str, &'a str); 3] {
    [("opens", opens), ("what", what), CONCERN[1]]
}

/// A morning in which a concern about Netta was held back from her at twenty past nine, and opened
/// at eleven.
fn opened_at_eleven() -> (Keeper, Pack) {
    let mut log = Keeper::new();
    log.write(NETTA, MONDAY, &[("what", "allergies")]);
    let alone = log.hold(MONDAY + 20 * MINUTE, &CONCERN);
    log.write(CALLUM, MONDAY + 30 * MINUTE, &[("what", "tenancy")]);
    log.epoch(MONDAY + HOUR);
    log.write(
        NETTA,
        MONDAY + 2 * HOUR,
        &opened(&held::opens(&alone), CONCERN[0].1),
    );
    log.epoch(NOON);
    let pack = log.pack(NETTA, NOON + MINUTE);
    (log, pack)
}

#[test]
fn what_was_held_back_is_proven_to_have_been_written_when_it_happened() {
    let (log, pack) = opened_at_eleven();
    let report = check(&log, &pack);
    assert_eq!(report.verdict(), Verdict::Proven, "{report:?}");
    assert_eq!(
        report.outcome(Step::Held),
        Some(&Outcome::Holds(
            "1 entry held back for a time, in the log since it happened, and then opened"
                .to_owned()
        ))
    );
    let read = Pack::decode(&pack.encode().unwrap()).unwrap();
    assert_eq!(read, pack);
    assert_eq!(
        (
            read.held[0].link,
            read.held[0].place.index,
            read.held[0].time_us
        ),
        (1, 1, MONDAY + 20 * MINUTE)
    );
}

#[test]
fn no_flipped_bit_of_what_was_held_back_is_believed() {
    let (log, pack) = opened_at_eleven();
    let bytes = pack.encode().unwrap();
    let mut without = pack.clone();
    without.held.clear();
    let start = without.encode().unwrap().len();
    for bit in (start - 2) * 8..bytes.len() * 8 {
        let mut flipped = bytes.clone();
        flipped[bit / 8] ^= 1 << (bit % 8);
        let believed =
            Pack::decode(&flipped).is_ok_and(|pack| check(&log, &pack).verdict() != Verdict::False);
        assert!(!believed, "bit {bit}");
    }
}

#[test]
fn what_was_written_only_when_it_was_opened_is_found_out() {
    let mut log = Keeper::new();
    log.write(NETTA, MONDAY, &[("what", "allergies")]);
    log.epoch(MONDAY + HOUR);
    // At eleven the operator makes up that it was all written down at twenty past nine.
    let alone = log.hold(MONDAY + 20 * MINUTE, &CONCERN);
    let opens = held::opens(&alone);
    log.write(NETTA, MONDAY + 2 * HOUR, &opened(&opens, CONCERN[0].1));
    log.epoch(NOON);
    assert_eq!(
        only_fault(&check(&log, &log.pack(NETTA, NOON + MINUTE))),
        (
            Step::Held,
            "entry 1 opens what was not written at the time that it claims"
        )
    );
}

#[test]
fn what_is_opened_says_what_was_held_back() {
    let mut log = Keeper::new();
    let alone = log.hold(MONDAY, &CONCERN);
    let opens = held::opens(&alone);
    log.write(NETTA, MONDAY + HOUR, &opened(&opens, "nothing much"));
    log.epoch(NOON);
    assert_eq!(
        only_fault(&check(&log, &log.pack(NETTA, NOON))),
        (Step::Held, "entry 0 says otherwise than what was held back")
    );
}

#[test]
fn one_thing_held_back_is_opened_once_and_by_the_entry_that_says_so() {
    let (log, honest) = opened_at_eleven();
    let mut other = honest.clone();
    other.held[0].link = 0;
    assert_eq!(
        fault(&check(&log, &other), Step::Held),
        "entry 0 does not open what is shown for it"
    );
    let mut beyond = honest.clone();
    beyond.held[0].link = 7;
    assert_eq!(
        fault(&check(&log, &beyond), Step::Held),
        "entry 7 is not in the list"
    );
    let mut log = log;
    let opens = held::opens(&honest.held[0].view);
    log.write(NETTA, NOON + MINUTE, &opened(&opens, CONCERN[0].1));
    assert_eq!(
        only_fault(&check(&log, &log.pack(NETTA, NOON + HOUR))),
        (Step::Held, "entry 2 opens what another opened before it")
    );
}

#[test]
fn what_was_held_back_is_in_the_log_and_before_its_opening() {
    let (log, honest) = opened_at_eleven();
    let mut elsewhere = honest.clone();
    elsewhere.held[0].place.index = 2;
    assert_eq!(
        fault(&check(&log, &elsewhere), Step::Held),
        "entry 1 opens what the log does not hold"
    );
    let mut log = Keeper::new();
    let alone = ledger::ViewId([9; 32]);
    let opens = held::opens(&alone);
    log.write(NETTA, MONDAY, &opened(&opens, CONCERN[0].1));
    log.write(alone, MONDAY, &CONCERN);
    assert_eq!(
        fault(&check(&log, &log.pack(NETTA, NOON)), Step::Held),
        "entry 0 opens what is in the log only after it"
    );
}

#[test]
fn what_is_opened_without_its_proof_is_not_passed_over() {
    let (log, mut pack) = opened_at_eleven();
    pack.held.clear();
    let report = check(&log, &pack);
    assert_eq!(
        report.outcome(Step::Held),
        Some(&Outcome::NotShown(
            "1 entry held back for a time, and the pack does not show when it was written"
                .to_owned()
        ))
    );
}

#[test]
fn a_field_may_be_withheld_from_both_and_the_rest_still_verifies() {
    let (log, mut pack) = opened_at_eleven();
    let close = |fields: &mut Vec<PackField>| {
        for field in fields.iter_mut() {
            if matches!(field, PackField::Shown { field, .. } if field.name == "with") {
                *field = PackField::Withheld {
                    leaf: field.leaf(),
                    reason: ledger::pack::Reason::StaffSafety,
                };
            }
        }
    };
    close(&mut pack.held[0].fields);
    if let Content::Open { fields, .. } = &mut pack.links[1].content {
        close(fields);
    }
    assert_eq!(check(&log, &pack).verdict(), Verdict::Proven);
}

#[test]
fn held_entries_out_of_order_are_no_pack() {
    let (_, mut pack) = opened_at_eleven();
    pack.held.push(pack.held[0].clone());
    assert!(Pack::decode(&pack.encode().unwrap()).is_err());
}

#[test]
fn a_list_from_which_something_is_held_back_looks_like_any_other() {
    // In one world a concern about Netta is held back from her; in the other the same is written
    // at the same time about Callum, who may read it.
    let world = |held_back: bool| {
        let mut log = morning();
        let about_callum = ledger::ViewId([0x44; 32]);
        match held_back {
            true => drop(log.hold(MONDAY + 130 * MINUTE, &CONCERN)),
            false => log.write(about_callum, MONDAY + 130 * MINUTE, &CONCERN),
        }
        log.write(NETTA, MONDAY + 140 * MINUTE, &[("what", "letters")]);
        log.epoch(NOON);
        log.pack(NETTA, NOON + MINUTE)
    };
    let (with, without) = (world(true), world(false));
    let shape = |pack: &Pack| {
        let places = pack.links.iter().filter_map(|link| link.place.as_ref());
        let places: Vec<(u64, usize)> = places.map(|at| (at.index, at.path.len())).collect();
        let heads: Vec<u64> = pack.epochs.iter().map(|one| one.head.next_index).collect();
        (places, heads, pack.held.len(), pack.links.len())
    };
    assert_eq!(shape(&with), shape(&without));
    assert_eq!(shape(&with).3, 5);
    let zeroed = |pack: &Pack| {
        let mut pack = pack.clone();
        for epoch in &mut pack.epochs {
            // How deep a leaf stands depends on chance alone: on the positions of others.
            epoch.path = vec![Hash([0; 32]); 8];
        }
        pack.encode().unwrap().len()
    };
    assert_eq!(zeroed(&with), zeroed(&without));
}
