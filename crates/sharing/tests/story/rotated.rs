//! The keys of the log are changed, and whoever knew the first follows them.

use ledger::pack::{Outcome, Step, verify};
use ledger::{LogPublicKey, Pack, Report, Trust, Verdict};
use sharing::{PackAsk, epoch, rotate};

use crate::hall::Hall;
use crate::proven::{key, look};

async fn pack(hall: &Hall) -> Pack {
    let asking = hall.person("alasdair-mowat").await;
    let bytes = sharing::pack(
        &hall.cx,
        &asking,
        &hall.cx.store.log_key(),
        &PackAsk::default(),
    )
    .await;
    Pack::decode(&bytes.expect("a pack").expect("their own")).expect("one form")
}

fn check(pack: &Pack, key: &LogPublicKey) -> Report {
    let trust = Trust {
        log: Some(key),
        ..Trust::default()
    };
    verify(pack, &trust)
}

/// Nobody cosigns this log; all else holds.
fn assert_holds(report: &Report) {
    assert_eq!(report.verdict(), Verdict::ProvenInPart, "{report:?}");
    let not_shown = |one: &&ledger::pack::Finding| matches!(one.outcome, Outcome::NotShown(_));
    let steps: Vec<Step> = (report.findings.iter().filter(not_shown))
        .map(|one| one.step)
        .collect();
    assert_eq!(steps, [Step::Witnesses]);
}

#[tokio::test]
async fn a_list_is_proven_across_changes_of_every_key() {
    let hall = Hall::open().await;
    let first = key();
    look(&hall).await;
    epoch::make(&hall.cx).await.expect("an epoch");
    let before = pack(&hall).await;
    assert_holds(&check(&before, &first));

    for times in 1..=2_usize {
        rotate::positions_key(&hall.cx).await.expect("the next key");
        let (next, _) = rotate::log_key(&hall.cx).await.expect("the next key");
        look(&hall).await;
        epoch::make(&hall.cx).await.expect("an epoch");
        let after = pack(&hall).await;
        assert_eq!(after.statements.len(), 2 * times);
        assert_eq!(after.epochs.len(), times + 1);
        for known in [&first, &next] {
            assert_holds(&check(&after, known));
        }
    }
    // What was fetched before is proven by the key of then.
    assert_holds(&check(&before, &first));
    let verified = hall.cx.store.verify_all().await.expect("it is read");
    assert_eq!(verified.faults, Vec::<String>::new());
    assert_eq!(verified.statements, 4);

    // Every former map can still be made again, each with the key of its time.
    let mut snapshot = hall.cx.store.snapshot().await.expect("a snapshot");
    for stored in snapshot.epochs().await.expect("epochs") {
        let same = epoch::is_as_logged(&hall.cx, snapshot.as_mut(), &stored.epoch).await;
        assert!(same.expect("an answer"), "epoch {}", stored.epoch.number);
    }
}

#[tokio::test]
async fn an_audit_claims_the_statements_of_new_keys() {
    use ledger::audit::{AuditStep, verify};
    let hall = Hall::open().await;
    look(&hall).await;
    rotate::log_key(&hall.cx).await.expect("the next key");
    let key = hall.cx.store.log_key();
    let audit = sharing::audit::audit(&hall.cx, &key)
        .await
        .expect("an audit");
    let trust = Trust {
        log: Some(&key),
        ..Trust::default()
    };
    let report = verify(&audit, &trust, hall.cx.now().0);
    let Some(Outcome::Holds(words)) = report.outcome(AuditStep::Claims) else {
        panic!("{report:?}");
    };
    assert!(words.ends_with("and 1 statement"), "{words}");
}
