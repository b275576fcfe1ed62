//! Every attack on a list of entries that the design names, and what the verifier says of it.

use crate::keeper::{CALLUM, HOUR, Keeper, MINUTE, MONDAY, NETTA, morning};
use ledger::pack::{Content, Outcome, PackField, Step, verify};
use ledger::{
    Hash, HeadCode, LogKey, Opening, Pack, Trust, Verdict, ViewId, VrfKey, WitnessKey,
    WitnessPublicKey,
};

pub const NOON: i64 = MONDAY + 3 * HOUR;

/// Checks with the key and the two witnesses that everybody knows.
pub fn check(log: &Keeper, pack: &Pack) -> ledger::Report {
    let witnesses: Vec<WitnessPublicKey> = log.witnesses.iter().map(WitnessKey::public).collect();
    let trust = Trust {
        log: Some(log.key.public()),
        witnesses: &witnesses,
        quorum: 2,
        code: None,
    };
    verify(pack, &trust)
}

/// The one step that is false, and what it says.
pub fn only_fault(report: &ledger::Report) -> (Step, &str) {
    let mut faults = report
        .findings
        .iter()
        .filter(|finding| matches!(finding.outcome, Outcome::Fails(_)));
    let fault = faults.next().expect("nothing was found false");
    assert_eq!(faults.next(), None);
    (fault.step, fault.outcome.words())
}

pub fn fault(report: &ledger::Report, step: Step) -> &str {
    assert_eq!(report.verdict(), Verdict::False);
    match report.outcome(step) {
        Some(Outcome::Fails(words)) => words,
        other => panic!("{step:?}: {other:?}"),
    }
}

#[test]
fn an_honest_pack_is_proven_in_every_step() {
    let log = morning();
    let report = check(&log, &log.pack(NETTA, NOON));
    let words: Vec<String> = report
        .findings
        .iter()
        .map(|f| {
            format!(
                "{} {}: {}",
                f.outcome.code(),
                f.step.code(),
                f.outcome.words()
            )
        })
        .collect();
    assert_eq!(
        words,
        [
            "holds key: the key that was given is the pack's",
            "holds checkpoint: signed by the log, 8 leaves",
            "holds witnesses: cosigned by council.example/witness, university.example/witness",
            "holds history: only grew since 2 checkpoints",
            "holds entries: 4 entries without gaps, each as it was committed",
            "holds erasures: no entry was erased",
            "holds held: no entry was held back for a time",
            "holds log: all 4 entries in the log",
            "holds order: the log took them in the order of the list",
            "holds times: the times fit 2 epochs and 3 cosigned checkpoints",
            "holds completeness: complete at epoch 1, with 4 entries",
        ]
    );
    assert_eq!(report.verdict(), Verdict::Proven);
}

#[test]
fn what_a_pack_does_not_bring_is_said_and_not_passed_over() {
    let log = morning();
    let mut pack = log.pack(NETTA, NOON);
    pack.epochs.clear();
    pack.earlier.clear();
    pack.links[3].place = None;
    let report = verify(&pack, &Trust::default());
    let not_shown: Vec<&str> = report
        .findings
        .iter()
        .filter(|f| matches!(f.outcome, Outcome::NotShown(_)))
        .map(|f| f.step.code())
        .collect();
    assert_eq!(
        not_shown,
        [
            "key",
            "witnesses",
            "history",
            "log",
            "times",
            "completeness"
        ]
    );
    assert_eq!(report.verdict(), Verdict::ProvenInPart);
}

#[test]
fn an_altered_record_does_not_open_its_commitment() {
    let log = morning();
    let mut pack = log.pack(NETTA, NOON);
    change_what(&mut pack, 1, "nothing much");
    assert_eq!(
        only_fault(&check(&log, &pack)),
        (
            Step::Entries,
            "entry 1 is not what was committed: it was altered, or one before it was left out"
        )
    );
}

#[test]
fn a_record_altered_with_a_commitment_to_match_is_not_in_the_log() {
    let log = morning();
    let mut pack = log.pack(NETTA, NOON);
    change_what(&mut pack, 1, "nothing much");
    recommit(&mut pack);
    let report = check(&log, &pack);
    assert!(matches!(
        report.outcome(Step::Entries),
        Some(Outcome::Holds(_))
    ));
    assert_eq!(
        fault(&report, Step::Log),
        "the log does not hold entry 1 at leaf 2; the log does not hold entry 2 at leaf 4; \
         the log does not hold entry 3 at leaf 6"
    );
    assert_eq!(
        fault(&report, Step::Completeness),
        "epoch 0: the list was another one then; epoch 1: the list was another one then"
    );
}

#[test]
fn an_entry_left_out_of_the_middle_is_missed_by_the_next() {
    let log = morning();
    let mut pack = log.pack(NETTA, NOON);
    pack.links.remove(1);
    let report = check(&log, &pack);
    assert_eq!(
        fault(&report, Step::Entries),
        "entry 1 is not what was committed: it was altered, or one before it was left out; \
         entry 2 is not what was committed: it was altered, or one before it was left out"
    );
}

#[test]
fn an_entry_left_out_with_all_later_ones_committed_anew_is_missed_by_the_log() {
    let log = morning();
    let mut pack = log.pack(NETTA, NOON);
    pack.links.remove(1);
    recommit(&mut pack);
    let report = check(&log, &pack);
    assert!(matches!(
        report.outcome(Step::Entries),
        Some(Outcome::Holds(_))
    ));
    assert!(fault(&report, Step::Log).starts_with("the log does not hold entry 1 at leaf 4"));
}

#[test]
fn a_back_dated_entry_was_not_in_the_log_at_the_time_that_it_claims() {
    let mut log = morning();
    // Written at noon, as if it had been at half past nine: all commitments are true.
    let half_past_nine = MONDAY + 30 * MINUTE;
    log.chains.remove(&CALLUM);
    log.write(ViewId([9; 32]), half_past_nine, &[("what", "a visit")]);
    log.epoch(NOON);
    let report = check(&log, &log.pack(ViewId([9; 32]), NOON + HOUR));
    assert!(matches!(
        report.outcome(Step::Times),
        Some(Outcome::Holds(_))
    ));

    // Her own list shows that the log stood still at ten, and had no such entry.
    log.write(NETTA, NOON + MINUTE, &[("what", "a visit")]);
    log.chains.get_mut(&NETTA).unwrap().pop();
    log.leaves.pop();
    log.write(NETTA, half_past_nine, &[("what", "a visit")]);
    let report = check(&log, &log.pack(NETTA, NOON + HOUR));
    assert_eq!(
        fault(&report, Step::Times),
        "entry 4 claims a time at which the log did not hold it: back-dated"
    );
    assert_eq!(
        fault(&report, Step::Order),
        "entry 4 claims an earlier time than the one that it follows"
    );
}

#[test]
fn an_entry_dated_ahead_was_in_the_log_before_the_time_that_it_claims() {
    let mut log = Keeper::new();
    log.write(NETTA, NOON, &[("what", "a visit")]);
    log.epoch(MONDAY);
    assert_eq!(
        only_fault(&check(&log, &log.pack(NETTA, MONDAY + MINUTE))),
        (
            Step::Times,
            "entry 0 claims a time at which the log already held it"
        )
    );
}

#[test]
fn a_list_without_its_newest_entries_is_shorter_than_the_log_said() {
    let log = morning();
    let mut pack = log.pack(NETTA, NOON);
    pack.links.truncate(3);
    assert_eq!(
        only_fault(&check(&log, &pack)),
        (
            Step::Completeness,
            "epoch 1: there were 4 entries and the list has 3: the newest were left out"
        )
    );
}

#[test]
fn a_list_rewritten_after_an_epoch_was_another_one_then() {
    let log = morning();
    let mut pack = log.pack(NETTA, NOON);
    // The operator shows Callum's chain as hers, all of it in the log.
    pack.links = log.pack(CALLUM, NOON).links;
    let report = check(&log, &pack);
    assert!(
        fault(&report, Step::Completeness)
            .starts_with("epoch 0: there were 2 entries and the list has 2: ")
            || fault(&report, Step::Completeness).contains("another one then")
    );
}

#[test]
fn an_epoch_cannot_count_fewer_entries_than_the_log_held() {
    let mut log = morning();
    // The operator makes a map in which Netta's chain stands as it did an hour before, so as to
    // show her a shortened list later.
    let shortened = log.chains.get_mut(&NETTA).unwrap();
    let held_back = shortened.split_off(2);
    log.epoch(NOON);
    log.chains.get_mut(&NETTA).unwrap().extend(held_back);
    let report = check(&log, &log.pack(NETTA, NOON));
    assert_eq!(
        fault(&report, Step::Completeness),
        "epoch 2: its map does not say this of the view"
    );
    let mut pack = log.pack(NETTA, NOON);
    pack.epochs[2].head = pack.heads()[2];
    assert_eq!(
        fault(&check(&log, &pack), Step::Completeness),
        "epoch 2: it counts 2 of this view's entries among the first 8 leaves, and the list has \
         4 there"
    );
}

#[test]
fn a_second_leaf_for_one_view_has_no_position_that_verifies() {
    let log = morning();
    for forged in [
        log.vrf.prove(&CALLUM.0),
        VrfKey::from_seed(&[1; 32]).prove(&NETTA.0),
    ] {
        let mut pack = log.pack(NETTA, NOON);
        pack.epochs[1].position = forged;
        assert_eq!(
            fault(&check(&log, &pack), Step::Completeness),
            "epoch 1: the proof of the position is false"
        );
    }
}

#[test]
fn a_second_key_for_positions_is_noticed() {
    let mut log = morning();
    log.change_vrf(VrfKey::from_seed(&[1; 32]));
    log.epoch(NOON);
    let before: Vec<_> = log.epochs.drain(..2).collect();
    let mut pack = log.pack(NETTA, NOON);
    log.change_vrf(VrfKey::from_seed(&crate::counting(0x21)));
    log.epochs = before;
    pack.epochs.splice(0..0, log.pack(NETTA, NOON).epochs);
    assert!(fault(&check(&log, &pack), Step::Completeness).contains("do not follow one another"));
}

#[test]
fn a_log_shown_to_one_person_only_lacks_the_witnesses() {
    let ours = morning();
    let mut theirs = morning();
    theirs.witnesses.clear();
    theirs.chains.get_mut(&NETTA).unwrap().truncate(2);
    theirs.leaves.truncate(4);
    theirs.epochs.truncate(1);
    theirs.write(NETTA, MONDAY + 2 * HOUR, &[("what", "nothing much")]);
    theirs.epoch(MONDAY + 2 * HOUR);
    let report = check(&ours, &theirs.pack(NETTA, NOON));
    assert_eq!(
        only_fault(&report),
        (
            Step::Witnesses,
            "0 of 2 witnesses cosigned the checkpoint and 2 must: missing \
             council.example/witness, university.example/witness"
        )
    );

    // And whoever kept a checkpoint of the log that others see finds that the two part.
    let mut pack = theirs.pack(NETTA, NOON);
    let kept = ours.pack(NETTA, NOON).earlier.remove(1);
    pack.earlier.push(kept);
    assert_eq!(
        fault(&check(&ours, &pack), Step::History),
        "the log of 8 leaves is not the beginning of that of 6: it was rewritten, or shown \
         differently to different people"
    );
}

#[test]
fn a_quorum_holds_while_a_witness_is_down_and_says_so() {
    let mut log = morning();
    log.witnesses.truncate(1);
    let pack = log.pack(NETTA, NOON);
    let all: Vec<WitnessPublicKey> = morning().witnesses.iter().map(WitnessKey::public).collect();
    let trust = |quorum| Trust {
        log: None,
        witnesses: &all,
        quorum,
        code: None,
    };
    let report = verify(&pack, &trust(1));
    assert_eq!(
        report.outcome(Step::Witnesses).unwrap().words(),
        "cosigned by council.example/witness; not by university.example/witness"
    );
    let report = verify(&pack, &trust(2));
    assert_eq!(
        fault(&report, Step::Witnesses),
        "1 of 2 witnesses cosigned the checkpoint and 2 must: missing university.example/witness"
    );
}

#[test]
fn entries_renumbered_in_the_log_are_out_of_order() {
    let log = morning();
    let mut pack = log.pack(NETTA, NOON);
    let (a, b) = (pack.links[1].place.take(), pack.links[2].place.take());
    (pack.links[1].place, pack.links[2].place) = (b, a);
    let report = check(&log, &pack);
    assert_eq!(
        fault(&report, Step::Order),
        "entry 2 is in the log before the one that it follows"
    );
    assert!(fault(&report, Step::Log).contains("does not hold entry 1 at leaf 4"));
}

#[test]
fn an_entry_that_waits_while_a_later_one_is_in_the_log_is_noticed() {
    let log = morning();
    let mut pack = log.pack(NETTA, NOON);
    pack.links[1].place = None;
    let report = check(&log, &pack);
    assert_eq!(
        fault(&report, Step::Order),
        "entry 2 is in the log although one before it waits; \
         entry 3 is in the log although one before it waits"
    );
}

#[test]
fn an_entry_cannot_be_called_erased_to_hide_it() {
    let log = morning();
    let mut pack = log.pack(NETTA, NOON);
    pack.links[1].content = Content::Erased;
    assert_eq!(
        only_fault(&check(&log, &pack)),
        (
            Step::Erasures,
            "entry 1 cannot be opened, and no later entry says that it was erased"
        )
    );
}

#[test]
fn an_erased_entry_keeps_its_place_and_a_later_one_answers_for_it() {
    let mut log = morning();
    let erased = log.chains[&NETTA][1].commitment.to_string();
    let tombstone = [
        ("erases", erased.as_str()),
        ("with", "Northburn data protection"),
        ("why", "filed under the wrong person"),
    ];
    log.write(NETTA, MONDAY + 150 * MINUTE, &tombstone);
    log.epoch(NOON);
    let mut pack = log.pack(NETTA, NOON);
    pack.links[1].content = Content::Erased;
    let report = check(&log, &pack);
    assert_eq!(report.verdict(), Verdict::Proven);
    assert_eq!(
        report.outcome(Step::Erasures).unwrap().words(),
        "1 entry erased, and a later entry says so"
    );
}

#[test]
fn a_pack_under_another_key_is_refused() {
    let log = morning();
    let stranger = LogKey::from_seed("log.example/candour", &[1; 32]).unwrap();
    let trust = Trust {
        log: Some(stranger.public()),
        ..Trust::default()
    };
    let report = verify(&log.pack(NETTA, NOON), &trust);
    assert!(fault(&report, Step::Key).starts_with("the pack names another key"));
    assert_eq!(
        fault(&report, Step::Checkpoint),
        "the note is not signed by this key"
    );
    assert_eq!(
        report.outcome(Step::Log).unwrap().words(),
        "there is no checkpoint to hold it against"
    );
}

#[test]
fn a_letter_of_last_month_holds_todays_list_to_it() {
    let log = morning();
    let pack = log.pack(NETTA, NOON);
    let then = HeadCode::of(&NETTA, &pack.heads()[2]);
    let ask = |code: HeadCode| {
        let trust = Trust {
            code: Some(code),
            ..Trust::default()
        };
        verify(&pack, &trust).outcome(Step::Code).cloned().unwrap()
    };
    assert_eq!(then.to_string().len(), 23);
    assert_eq!(
        ask(then.to_string().to_uppercase().parse().unwrap()),
        Outcome::Holds("the code is that of the first 2 entries of this list".to_owned())
    );
    let others = HeadCode::of(&CALLUM, &log.head(CALLUM));
    assert_eq!(ask(others).code(), "false");
}

/// Changes the field `what` of an entry and leaves all else.
fn change_what(pack: &mut Pack, entry: usize, value: &str) {
    let Content::Open { fields, .. } = &mut pack.links[entry].content else {
        panic!("it is open");
    };
    for field in fields {
        match field {
            PackField::Shown { field, .. } if field.name == "what" => {
                field.value = value.as_bytes().to_vec();
            }
            _ => {}
        }
    }
}

/// Commits to every link anew, as an operator can who has all openings.
fn recommit(pack: &mut Pack) {
    let mut head = ledger::Head::EMPTY;
    for link in &mut pack.links {
        let Content::Open {
            time_us,
            opening,
            fields,
        } = &link.content
        else {
            panic!("it is open");
        };
        let root = ledger::pack::record_root(fields);
        link.commitment = commit(head.link(*time_us, root), opening);
        head = head.append(&link.commitment);
    }
}

fn commit(link: ledger::Link, opening: &Opening) -> Hash {
    link.commitment(&NETTA, opening)
}
