//! What is held back from somebody: nothing in their pack tells of it until it is opened, and then
//! the pack proves that it was written when it happened. Who audits sees it from the first minute.

use ledger::audit::{AuditStep, verify as check_claims};
use ledger::pack::{Content, Outcome, Step};
use ledger::{Pack, Trust, Verdict};
use sharing::messages::protection::raise;
use sharing::messages::{do_what_is_due, tell};
use sharing::{audit, epoch};

use crate::hall::Hall;
use crate::protection::{at, corey, friday_night, nkechi, raised, tariq};
use crate::proven::{check, key, look, pack_of};

fn held(pack: &Pack) -> String {
    let report = check(pack, None);
    assert_ne!(report.verdict(), Verdict::False, "{report:?}");
    report
        .outcome(Step::Held)
        .expect("the step")
        .words()
        .to_owned()
}

#[tokio::test]
async fn what_was_held_back_is_opened_with_proof_that_it_was_written_on_time() {
    let hall = Hall::open().await;
    let root = raised(&hall).await;
    epoch::make(&hall.cx).await.expect("an epoch");
    assert_eq!(
        held(&pack_of(&hall, "barry-greig").await),
        "no entry was held back for a time"
    );

    hall.clock.set(at("2027-01-20T10:00:00Z"));
    tell(&hall.cx, &nkechi(&hall), root)
        .await
        .expect("they were told");
    do_what_is_due(&hall.cx).await.expect("what is due is done");
    epoch::make(&hall.cx).await.expect("an epoch");
    let pack = pack_of(&hall, "barry-greig").await;
    assert_eq!(
        held(&pack),
        "2 entries held back for a time, in the log since it happened, and then opened"
    );
    for one in &pack.held {
        let Content::Open { time_us, .. } = pack.links[one.link as usize].content else {
            panic!("it opens")
        };
        let (written, told) = (at("2027-01-16T00:20:00Z"), at("2027-01-20T10:00:00Z"));
        assert!((written.0..written.0 + 1_000).contains(&one.time_us));
        assert!(time_us >= told.0);
    }
}

#[tokio::test]
async fn of_two_worlds_with_and_without_an_entry_held_back_the_packs_are_of_one_shape() {
    let mut shapes = Vec::new();
    for is_named in [true, false] {
        let hall = Hall::open().await;
        look_at_barry(&hall).await;
        friday_night(&hall).await;
        let mut what = corey(&hall);
        if !is_named {
            what.linked
                .retain(|one| one.patient != hall.patient("barry-greig"));
        }
        let raised = raise(&hall.cx, &tariq(&hall), hall.patient("corey-lamont"), &what).await;
        raised.expect("it is raised");
        look_at_barry(&hall).await;
        epoch::make(&hall.cx).await.expect("an epoch");
        shapes.push(shape(&pack_of(&hall, "barry-greig").await));
    }
    assert_eq!(shapes[0], shapes[1]);
    assert_eq!(shapes[0].0.len(), 2);
}

/// Somebody who may not looks at Barry's record, and he may know.
async fn look_at_barry(hall: &Hall) {
    let stranger = hall.worker("derek-muirhead", domain::Purpose::Treatment);
    hall.everything(&stranger, "barry-greig").await;
}

/// What a pack tells beside what it says: how long each entry is, where chains stood at epochs,
/// how much was held back.
pub fn shape(pack: &Pack) -> (Vec<usize>, Vec<u64>, usize) {
    let length = |content: &Content| match content {
        Content::Open { fields, .. } => {
            let mut alone = pack.clone();
            alone.links.truncate(1);
            alone.links[0].place = None;
            alone.links[0].content = content.clone();
            alone.epochs.clear();
            alone.earlier.clear();
            assert_eq!(fields.len(), 25);
            // The numbers of the log's checkpoint may be longer or shorter by a digit.
            alone.encode().expect("a pack").len() - alone.checkpoint.to_string().len()
        }
        Content::Erased => 0,
    };
    (
        pack.links
            .iter()
            .map(|link| length(&link.content))
            .collect(),
        pack.epochs.iter().map(|one| one.head.next_index).collect(),
        pack.held.len(),
    )
}

#[tokio::test]
async fn who_audits_sees_every_leaf_claimed_and_what_is_held_back_from_the_first_minute() {
    let hall = Hall::open().await;
    look(&hall).await;
    let root = raised(&hall).await;
    epoch::make(&hall.cx).await.expect("an epoch");
    let claims = audit::audit(&hall.cx, &key()).await.expect("the claims");
    let key = key();
    let trust = Trust {
        log: Some(&key),
        ..Trust::default()
    };
    let report = check_claims(&claims, &trust, hall.cx.now().0);
    assert_eq!(report.verdict(), Verdict::ProvenInPart, "{report:?}");
    assert_eq!(
        report.outcome(AuditStep::Held),
        Some(&Outcome::Holds(
            "7 entries held back, 0 of them opened".to_owned()
        ))
    );
    let rows: Vec<(String, u64, u64)> = report
        .held
        .rows()
        .map(|(counted, all, overdue)| (counted.ground.clone(), all, overdue))
        .collect();
    assert_eq!(rows, [("serious-harm-social-work".to_owned(), 7, 0)]);

    hall.clock.set(at("2027-01-20T10:00:00Z"));
    tell(&hall.cx, &nkechi(&hall), root)
        .await
        .expect("they were told");
    do_what_is_due(&hall.cx).await.expect("what is due is done");
    let claims = audit::audit(&hall.cx, &key).await.expect("the claims");
    let report = check_claims(&claims, &trust, hall.cx.now().0);
    assert_eq!(
        report.outcome(AuditStep::Held),
        Some(&Outcome::Holds(
            "7 entries held back, 7 of them opened".to_owned()
        ))
    );
    assert_eq!(report.held.rows().count(), 0);
}

#[tokio::test]
async fn what_is_held_back_is_published_once_a_day_until_it_is_opened() {
    let hall = Hall::open().await;
    let root = raised(&hall).await;
    let published = async || {
        let counts = audit::held_back(&hall.cx).await;
        counts.expect("the counts").published()
    };
    assert_eq!(
        published().await,
        "",
        "nobody sees at which moment it was held back"
    );
    hall.clock.set(at("2027-01-17T00:00:01Z"));
    assert_eq!(
        published().await,
        "northburn-social-work serious-harm-social-work 28-days 7 0\n"
    );
    // Nobody opened them at their date.
    hall.clock.set(at("2027-02-14T09:00:00Z"));
    assert_eq!(
        published().await,
        "northburn-social-work serious-harm-social-work 118-days 7 7\n"
    );
    tell(&hall.cx, &nkechi(&hall), root)
        .await
        .expect("they were told");
    do_what_is_due(&hall.cx).await.expect("what is due is done");
    hall.clock.set(at("2027-02-15T09:00:00Z"));
    assert_eq!(published().await, "");
}
