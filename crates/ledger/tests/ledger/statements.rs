//! What an exchange says of itself in its log: that it lost entries, and that its keys were changed.

use crate::keeper::{CALLUM, HOUR, Keeper, MINUTE, MONDAY, NETTA, morning};
use ledger::audit::{self, AuditStep};
use ledger::pack::{Outcome, Step, verify};
use ledger::{
    Hash, HeadCode, LogKey, LogPublicKey, Pack, Report, Says, Statement, Trust, Verdict, VrfKey,
    WitnessKey, WitnessPublicKey,
};

const NOON: i64 = MONDAY + 3 * HOUR;

fn check(log: &Keeper, pack: &Pack, key: &LogPublicKey, code: Option<HeadCode>) -> Report {
    let witnesses: Vec<WitnessPublicKey> = log.witnesses.iter().map(WitnessKey::public).collect();
    let trust = Trust {
        log: Some(key),
        witnesses: &witnesses,
        quorum: 2,
        code,
    };
    verify(pack, &trust)
}

fn faults(report: &Report) -> Vec<(Step, &str)> {
    let findings = report.findings.iter();
    let faults = findings.filter(|one| matches!(one.outcome, Outcome::Fails(_)));
    faults.map(|one| (one.step, one.outcome.words())).collect()
}

fn key(seed: u8) -> LogKey {
    LogKey::from_seed("log.example/candour", &[seed; 32]).unwrap()
}

/// The morning of which the disk keeps the first hour: the copy has four leaves, and seven were seen.
fn recovered() -> Keeper {
    let mut log = morning();
    log.recover(NOON, 4);
    log
}

#[test]
fn after_a_recovery_a_list_is_proven_and_says_that_entries_were_lost() {
    let mut log = recovered();
    log.write(NETTA, NOON + MINUTE, &[("what", "letters, again")]);
    log.epoch(NOON + HOUR);
    let pack = log.pack(NETTA, NOON + HOUR);
    let report = check(&log, &pack, log.key.public(), None);
    assert_eq!(report.verdict(), Verdict::Proven, "{report:?}");
    assert_eq!(
        report.outcome(Step::Statements),
        Some(&Outcome::Holds(
            "the exchange went on from a copy of 4 leaves after 8 were seen: entries written in \
             between are lost, and may have been of this list"
                .to_owned()
        ))
    );
}

#[test]
fn a_pack_from_before_a_recovery_still_proves_what_was_lost() {
    let mut log = morning();
    let before = log.pack(NETTA, MONDAY + 2 * HOUR);
    assert_eq!(before.links.len(), 4);
    log.recover(NOON, 4);
    let report = check(&log, &before, log.key.public(), None);
    assert_eq!(report.verdict(), Verdict::Proven);
}

#[test]
fn a_letter_of_the_time_that_was_lost_is_not_called_false() {
    let code = HeadCode::of(&NETTA, &morning().head(NETTA));
    let log = recovered();
    let report = check(&log, &log.pack(NETTA, NOON), log.key.public(), Some(code));
    assert_eq!(
        report.outcome(Step::Code),
        Some(&Outcome::NotShown(format!(
            "this list never had the code {code}; it may be of the time from which entries were lost"
        )))
    );
}

#[test]
fn a_recovery_that_the_log_does_not_hold_is_found_out() {
    let log = recovered();
    let mut pack = log.pack(NETTA, NOON);
    let Says::Recovered { kept, .. } = &mut pack.statements[0].statement.says else {
        panic!("it was recovered");
    };
    *kept = 3;
    assert_eq!(
        faults(&check(&log, &pack, log.key.public(), None)),
        [(
            Step::Statements,
            "the log does not hold what the exchange is to have said at leaf 8"
        )]
    );
}

fn audited(log: &Keeper) -> Outcome {
    let trust = Trust {
        log: Some(log.key.public()),
        ..Trust::default()
    };
    let report = audit::verify(&log.audit(NOON + HOUR), &trust, NOON + HOUR);
    report.outcome(AuditStep::Claims).cloned().unwrap()
}

#[test]
fn an_auditor_finds_the_lost_leaves_claimed_by_the_statement_and_no_others() {
    let mut log = recovered();
    assert_eq!(
        audited(&log),
        Outcome::Holds(
            "each leaf is claimed once, by 3 entries and 1 epoch and 1 statement; 4 entries lost, \
             as a statement says"
                .to_owned()
        )
    );
    // What is put into the log after the recovery is nobody's loss.
    log.leaves.push(Hash([7; 32]));
    assert_eq!(
        audited(&log),
        Outcome::Fails("leaf 9 is claimed by nobody".to_owned())
    );
}

#[test]
fn leaves_that_could_not_be_had_again_excuse_nothing_in_the_new_log() {
    let lost = Statement {
        time_us: NOON,
        says: Says::Recovered {
            kept: 4,
            seen: 8,
            root: Hash([1; 32]),
        },
    };
    assert_eq!(lost.lost(8), 4..8);
    assert_eq!(lost.lost(4), 0..0);
}

#[test]
fn a_log_handed_to_another_key_is_believed_by_whoever_knows_either() {
    let mut log = morning();
    let before = log.key.public().clone();
    log.hand_on(NOON, key(2));
    log.write(CALLUM, NOON + MINUTE, &[("what", "tenancy")]);
    log.epoch(NOON + HOUR);
    let pack = log.pack(NETTA, NOON + HOUR);
    for known in [&before, log.key.public()] {
        let report = check(&log, &pack, known, None);
        assert_eq!(report.verdict(), Verdict::Proven, "{report:?}");
    }
    let words = check(&log, &pack, &before, None);
    assert_eq!(
        words.outcome(Step::Key),
        Some(&Outcome::Holds(
            "the key that was given handed the log on to the pack's".to_owned()
        ))
    );
    assert_eq!(
        words.outcome(Step::Statements),
        Some(&Outcome::Holds("1 change of keys".to_owned()))
    );
}

#[test]
fn a_log_handed_on_twice_is_followed_from_the_first_key() {
    let mut log = morning();
    let first = log.key.public().clone();
    log.hand_on(NOON, key(2));
    log.epoch(NOON + MINUTE);
    log.hand_on(NOON + HOUR, key(3));
    let pack = log.pack(NETTA, NOON + HOUR);
    let report = check(&log, &pack, &first, None);
    assert_eq!(report.verdict(), Verdict::Proven, "{report:?}");
}

#[test]
fn a_key_that_takes_a_log_over_by_itself_is_not_believed() {
    let mut log = morning();
    let before = log.key.public().clone();
    // Whoever has another key says that the log was handed on; the key of before never signed that.
    log.key = key(2);
    let says = Says::LogKey {
        from: *before.as_bytes(),
        to: *log.key.public().as_bytes(),
    };
    log.state(NOON, says);
    let pack = log.pack(NETTA, NOON + HOUR);
    let report = check(&log, &pack, &before, None);
    let steps: Vec<Step> = faults(&report).iter().map(|(step, _)| *step).collect();
    assert_eq!(steps, [Step::Key, Step::Checkpoint]);
}

#[test]
fn what_the_key_of_before_signs_after_it_gave_way_is_not_believed() {
    let mut log = morning();
    let stolen = std::mem::replace(&mut log.key, key(2));
    let says = Says::LogKey {
        from: *stolen.public().as_bytes(),
        to: *log.key.public().as_bytes(),
    };
    log.state(NOON, says);
    log.key = stolen;
    log.epoch(NOON + MINUTE);
    log.key = key(2);
    let pack = log.pack(NETTA, NOON + HOUR);
    assert_eq!(
        faults(&check(&log, &pack, log.key.public(), None)),
        [(
            Step::History,
            "earlier checkpoint 3: the note is not signed by this key"
        )]
    );
}

#[test]
fn positions_found_by_another_key_are_believed_where_the_log_says_so() {
    let mut log = morning();
    log.change_positions(NOON, VrfKey::from_seed(&[1; 32]));
    log.write(NETTA, NOON + MINUTE, &[("what", "letters")]);
    log.epoch(NOON + HOUR);
    let mut pack = log.pack(NETTA, NOON + HOUR);
    let report = check(&log, &pack, log.key.public(), None);
    assert_eq!(report.verdict(), Verdict::Proven, "{report:?}");
    pack.statements.clear();
    assert_eq!(
        faults(&check(&log, &pack, log.key.public(), None)),
        [(Step::Completeness, "the epochs do not follow one another")]
    );
}
