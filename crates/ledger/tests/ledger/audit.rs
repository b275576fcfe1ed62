//! The auditor's part: what no single list can show. Every leaf is claimed once, and what is held
//! back is counted.

use crate::counting;
use crate::keeper::{CALLUM, HOUR, Keeper, MINUTE, MONDAY, NETTA};
use ledger::audit::{Audience, Audit, AuditError, AuditReport, AuditStep, AuditedRecord, verify};
use ledger::pack::{Outcome, PackField, Reason, held};
use ledger::{EntryKey, Hash, Trust, Verdict, WitnessKey, WitnessPublicKey};
use proptest::prelude::*;

const NOON: i64 = MONDAY + 3 * HOUR;
const DAY: i64 = 24 * HOUR;

/// What is held back from somebody, until a day after Monday.
fn concern(until: &str) -> [(&str, &str); 4] {
    [
        ("held-ground", "serious-harm-social-work"),
        ("held-until", until),
        ("organisation", "northburn-social-work"),
        ("what", "a concern for her safety"),
    ]
}

/// A morning with two lists, one entry held back and opened, one that still is, and one erased.
fn morning() -> Keeper {
    let mut log = Keeper::new();
    log.write(NETTA, MONDAY, &[("what", "allergies")]);
    log.write(CALLUM, MONDAY + MINUTE, &[("what", "tenancy")]);
    let until = (MONDAY + DAY).to_string();
    let first = log.hold(MONDAY + 2 * MINUTE, &concern(&until));
    log.hold(MONDAY + 3 * MINUTE, &concern(&until));
    log.epoch(MONDAY + HOUR);
    let opens = held::opens(&first);
    log.write(
        NETTA,
        MONDAY + 2 * HOUR,
        &[("opens", &opens), ("what", "a concern")],
    );
    log.epoch(MONDAY + 2 * HOUR);
    log
}

/// With the key and the two witnesses that everybody knows.
fn check(log: &Keeper, audit: &Audit, now: i64) -> AuditReport {
    let witnesses: Vec<WitnessPublicKey> = log.witnesses.iter().map(WitnessKey::public).collect();
    let trust = Trust {
        log: Some(log.key.public()),
        witnesses: &witnesses,
        quorum: 2,
        code: None,
    };
    verify(audit, &trust, now)
}

fn faults(report: &AuditReport) -> Vec<(AuditStep, &str)> {
    let findings = report.findings.iter();
    let faults = findings.filter(|one| matches!(one.outcome, Outcome::Fails(_)));
    faults.map(|one| (one.step, one.outcome.words())).collect()
}

#[test]
fn every_leaf_of_an_honest_log_is_claimed_once() {
    let log = morning();
    let report = check(&log, &log.audit(NOON), NOON);
    let words: Vec<&str> = report
        .findings
        .iter()
        .map(|one| one.outcome.words())
        .collect();
    assert_eq!(
        words,
        [
            "the key that was given is the pack's",
            "signed by the log, 7 leaves",
            "cosigned by council.example/witness, university.example/witness",
            "each leaf is claimed once, by 5 entries and 2 epochs",
            "4 chains without gaps",
            "no entry was erased",
            "2 entries held back, 1 of them opened",
        ]
    );
    assert_eq!(report.verdict(), Verdict::Proven);
}

#[test]
fn a_leaf_that_nobody_claims_is_named() {
    let mut log = morning();
    // Something was put into the log that is in no list: an orphan, or a bypass.
    log.leaves.push(Hash([7; 32]));
    assert_eq!(
        faults(&check(&log, &log.audit(NOON), NOON)),
        [(AuditStep::Claims, "leaf 7 is claimed by nobody")]
    );
}

#[test]
fn a_leaf_that_two_claim_is_named_with_the_second() {
    let log = morning();
    let mut audit = log.audit(NOON);
    // Callum's one entry is renumbered to the leaf of Netta's first.
    let callum = audit.chains.iter_mut().find(|chain| chain.view == CALLUM);
    callum.unwrap().links[0].leaf = Some(0);
    let words = faults(&check(&log, &audit, NOON))[0].1.to_owned();
    assert!(words.contains("leaf 0 is claimed twice"), "{words}");
    assert!(
        words.contains("leaf 0 is not what entry 0 of the list 43434343 commits to"),
        "{words}"
    );
    assert!(words.ends_with("leaf 1 is claimed by nobody"), "{words}");
}

#[test]
fn a_claim_beyond_the_log_and_an_epoch_that_says_otherwise_are_named() {
    let log = morning();
    let mut audit = log.audit(NOON);
    audit.epochs[1].0 = 99;
    assert_eq!(
        faults(&check(&log, &audit, NOON)),
        [(
            AuditStep::Claims,
            "epoch 1 claims leaf 99, which is not there; leaf 6 is claimed by nobody"
        )]
    );
    let mut audit = log.audit(NOON);
    audit.epochs[0].1.time_us += 1;
    assert_eq!(
        faults(&check(&log, &audit, NOON)),
        [(AuditStep::Claims, "leaf 4 is not what epoch 0 commits to")]
    );
}

#[test]
fn leaves_that_were_left_out_or_swapped_are_not_the_log_that_was_signed() {
    let log = morning();
    let mut audit = log.audit(NOON);
    audit.leaves.pop();
    audit.epochs.pop();
    assert_eq!(
        faults(&check(&log, &audit, NOON)),
        [(
            AuditStep::Checkpoint,
            "these 6 leaves are not the log of 7 that was signed"
        )]
    );
}

#[test]
fn an_entry_that_does_not_open_or_goes_back_is_named() {
    let log = morning();
    let mut audit = log.audit(NOON);
    let netta = audit
        .chains
        .iter_mut()
        .find(|one| one.view == NETTA)
        .unwrap();
    netta.links[1].opened.as_mut().unwrap().time_us = MONDAY - HOUR;
    assert_eq!(
        faults(&check(&log, &audit, NOON)),
        [(
            AuditStep::Chains,
            "entry 1 of the list 4e4e4e4e does not open its commitment; \
             entry 1 of the list 4e4e4e4e claims an earlier time than the one that it follows"
        )]
    );
}

#[test]
fn an_entry_erased_without_a_word_is_named() {
    let mut log = morning();
    let erased = |audit: &mut Audit| {
        let netta = audit
            .chains
            .iter_mut()
            .find(|one| one.view == NETTA)
            .unwrap();
        netta.links[0].opened = None;
    };
    let mut audit = log.audit(NOON);
    erased(&mut audit);
    assert_eq!(
        faults(&check(&log, &audit, NOON)),
        [(
            AuditStep::Erasures,
            "entry 0 of the list 4e4e4e4e cannot be opened, and no later entry says that it was \
             erased"
        )]
    );
    let commitment = log.chains[&NETTA][0].commitment.to_string();
    log.write(NETTA, NOON, &[("erases", &commitment)]);
    let mut audit = log.audit(NOON);
    erased(&mut audit);
    let report = check(&log, &audit, NOON);
    assert_eq!(
        report.outcome(AuditStep::Erasures).unwrap().words(),
        "1 entry erased, and a later entry says so"
    );
    assert_eq!(report.verdict(), Verdict::Proven);
}

#[test]
fn what_is_held_back_stands_alone_with_its_ground_and_is_opened_once() {
    let mut log = morning();
    let held: Vec<_> = log
        .audit(NOON)
        .chains
        .into_iter()
        .map(|one| one.view)
        .collect();
    let alone = held
        .into_iter()
        .find(|view| ![NETTA, CALLUM].contains(view))
        .unwrap();
    log.write(alone, NOON, &concern("1"));
    let words = faults(&check(&log, &log.audit(NOON), NOON))[0].1.to_owned();
    assert!(words.ends_with("does not stand alone"), "{words}");

    let mut log = morning();
    let never = held::opens(&ledger::ViewId([1; 32]));
    log.write(CALLUM, NOON, &[("opens", &never)]);
    assert_eq!(
        faults(&check(&log, &log.audit(NOON), NOON)),
        [(
            AuditStep::Held,
            "entry 1 of the list 43434343 opens what was never held"
        )]
    );
}

#[test]
fn what_is_still_held_back_is_counted_by_agency_ground_and_age() {
    let mut log = morning();
    for minute in 0..5 {
        let until = (MONDAY + 40 * DAY).to_string();
        log.hold(NOON + minute * MINUTE, &concern(&until));
    }
    let counts = |now| check(&log, &log.audit(NOON), now).held;
    let rows = |now: i64| -> Vec<(&'static str, u64, u64)> {
        let counts = counts(now);
        let rows = counts.rows();
        rows.map(|(counted, all, overdue)| (counted.age.code(), all, overdue))
            .collect()
    };
    assert_eq!(rows(NOON), [("28-days", 6, 0)]);
    // One is a day overdue; the other five have their time.
    assert_eq!(rows(MONDAY + 2 * DAY), [("28-days", 6, 1)]);
    assert_eq!(rows(MONDAY + 41 * DAY), [("118-days", 6, 6)]);
    assert_eq!(rows(MONDAY + 200 * DAY), [("longer", 6, 6)]);
    assert_eq!(
        counts(MONDAY + 2 * DAY).published(),
        "northburn-social-work serious-harm-social-work 28-days 6 <5\n"
    );
}

#[test]
fn an_auditor_sees_nothing_of_what_entries_are_about() {
    let log = morning();
    let audit = log.audit(NOON);
    let text = String::from_utf8_lossy(&audit.encode().unwrap()).into_owned();
    for secret in ["allergies", "tenancy", "concern"] {
        assert!(!text.contains(secret), "{secret}");
    }
    assert!(text.contains("serious-harm-social-work"));
    let open = |audit: &Audit| {
        let links = audit.chains.iter().flat_map(|chain| &chain.links);
        let records = links.filter_map(|link| link.opened.as_ref());
        let fields = records.filter_map(|entry| match &entry.record {
            AuditedRecord::Fields(fields) => Some(fields.clone()),
            AuditedRecord::Closed(_) => None,
        });
        let mut names: Vec<String> = fields
            .flatten()
            .filter_map(|field| match field {
                PackField::Shown { field, .. } => Some(field.name),
                PackField::Withheld { .. } => None,
            })
            .collect();
        names.sort();
        names.dedup();
        names
    };
    assert_eq!(
        open(&audit),
        ["held-ground", "held-until", "opens", "organisation"]
    );
}

#[test]
fn an_audit_opens_for_its_auditor_alone_and_unaltered() {
    let log = morning();
    let audit = log.audit(NOON);
    let key = EntryKey::new(counting(0x11));
    let file = audit.seal(&key, counting(0)).unwrap();
    assert_eq!(Audit::open(&key, &file), Ok(audit.clone()));
    let other = EntryKey::new(counting(0x12));
    assert_eq!(Audit::open(&other, &file), Err(AuditError::NotOpened));
    assert_eq!(
        Audit::open(&key, b"candour-pack/v1\n"),
        Err(AuditError::NotAnAudit)
    );
    let mut altered = file.clone();
    *altered.last_mut().unwrap() ^= 1;
    assert_eq!(Audit::open(&key, &altered), Err(AuditError::NotOpened));

    let plain = audit.encode().unwrap();
    for cut in 0..plain.len() {
        assert_eq!(Audit::decode(&plain[..cut]), None);
    }
}

#[test]
fn no_flipped_bit_of_an_audit_is_believed() {
    let log = morning();
    let honest = log.audit(NOON);
    let plain = honest.encode().unwrap();
    for bit in 0..plain.len() * 8 {
        let mut flipped = plain.clone();
        flipped[bit / 8] ^= 1 << (bit % 8);
        let Some(audit) = Audit::decode(&flipped) else {
            continue;
        };
        assert_eq!(audit.encode().unwrap(), flipped, "bit {bit}: two forms");
        // Whether a chain is a person's or an agency's, and why a field is closed, is the word of
        // whoever made it; everything else is covered.
        let believed = check(&log, &audit, NOON).verdict() != Verdict::False;
        assert!(!believed || without_words(audit) == honest, "bit {bit}");
    }
}

/// An audit without what no proof covers.
fn without_words(mut audit: Audit) -> Audit {
    for chain in &mut audit.chains {
        if chain.audience == Audience::Organisation {
            chain.audience = Audience::Person;
        }
        for entry in chain
            .links
            .iter_mut()
            .filter_map(|link| link.opened.as_mut())
        {
            let AuditedRecord::Fields(fields) = &mut entry.record else {
                continue;
            };
            for field in fields {
                if let PackField::Withheld { reason, .. } = field {
                    *reason = Reason::ThirdParty;
                }
            }
        }
    }
    audit
}

proptest! {
    #[test]
    fn fuzz_no_bytes_make_the_reader_of_audits_stumble(
        bytes in prop::collection::vec(any::<u8>(), 0..400)
    ) {
        if let Some(audit) = Audit::decode(&bytes) {
            prop_assert_eq!(audit.encode().unwrap(), bytes);
        }
    }
}
