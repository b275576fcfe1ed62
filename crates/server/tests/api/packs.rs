//! The evidence pack, as a person fetches it.

use ledger::pack::{Outcome, Step, verify};
use ledger::{Epoch, Hash, Pack, Trust, Verdict, VrfPublicKey};

use crate::hall::Hall;

#[tokio::test]
async fn a_person_fetches_their_list_with_its_proofs() {
    let hall = Hall::open().await;
    let netta = hall.patient("netta-dunsmore");
    hall.fraser().everything(netta).await.is(200);
    hall.derek().everything(netta).await.is(403);
    sharing::epoch::make(&hall.cx).await.expect("an epoch");

    let path = "AuditEvent/$pack?leave-out=reason";
    let answer = hall.person("netta-dunsmore").gets(path).await.is(200);
    assert_eq!(answer.header("content-type"), "application/octet-stream");
    assert_eq!(answer.header("cache-control"), "no-store");
    assert_eq!(
        answer.header("content-disposition"),
        "attachment; filename=\"who-was-told.pack\""
    );
    let pack = Pack::decode(&answer.body).expect("a pack");
    assert_eq!(pack.links.len(), 2);
    assert_eq!(pack.links[0].content.shown("reason"), None);
    let trust = Trust {
        log: Some(&hall.log_key),
        ..Trust::default()
    };
    let report = verify(&pack, &trust);
    assert_eq!(report.verdict(), Verdict::ProvenInPart);
    assert_eq!(
        report.outcome(Step::Completeness).map(Outcome::words),
        Some("complete at epoch 0, with 2 entries")
    );
}

#[tokio::test]
async fn a_worker_has_no_pack_and_nobody_has_anothers() {
    let hall = Hall::open().await;
    hall.fraser().gets("AuditEvent/$pack").await.is(403);
    hall.anybody().gets("AuditEvent/$pack").await.is(401);
}

#[tokio::test]
async fn what_every_epoch_said_is_public_and_is_what_the_log_holds() {
    let hall = Hall::open().await;
    assert_eq!(hall.anybody().gets("/log/epochs").await.is(200).text(), "");
    hall.derek()
        .everything(hall.patient("netta-dunsmore"))
        .await
        .is(403);
    let made = sharing::epoch::make(&hall.cx).await.expect("an answer");
    let made = made.expect("an epoch");

    let text = hall.anybody().gets("/log/epochs").await.is(200).text();
    let words: Vec<&str> = text.trim_end().split(' ').collect();
    let [number, leaf, time, size, key, root] = words[..] else {
        panic!("{text}");
    };
    let key = Hash::from_hex(key).expect("32 bytes");
    let said = Epoch {
        number: number.parse().expect("a number"),
        time_us: time.parse().expect("a time"),
        size: size.parse().expect("a size"),
        vrf_key: VrfPublicKey::new(key.0).expect("a key"),
        root: Hash::from_hex(root).expect("a root"),
    };
    assert_eq!(said, made);
    assert_eq!((leaf, size), ("1", "1"));
    let bundle = hall
        .anybody()
        .gets("/log/tile/entries/000.p/2")
        .await
        .is(200);
    let leaves = ledger::tiles::decode_bundle(&bundle.body).expect("commitments");
    assert_eq!(leaves[1], said.commitment());
}
