//! Erasing: what an entry said is gone, that there was one is not; and what forbids it is seen.

use ledger::audit::{AuditStep, verify as check_claims};
use ledger::pack::{Content, Outcome, Step};
use ledger::{Hash, Pack, Trust, Verdict};
use sharing::erase::{Erasure, ErasureRule, HoldRule, erase, hold};
use sharing::{Error, audit, epoch};

use crate::hall::Hall;
use crate::proven::{check, key, look, pack_of};

const BY: &str = "Moira Keir, data protection officer";

/// Alasdair's list with two entries; the first will have to go.
async fn two_looks(hall: &Hall) -> Hash {
    look(hall).await;
    look(hall).await;
    epoch::make(&hall.cx).await.expect("an epoch");
    pack_of(hall, "alasdair-mowat").await.links[0].commitment
}

async fn erased(hall: &Hall, key: &str, entry: &Hash) -> Erasure {
    let person = hall.person_id(key).await;
    let erasure = erase(&hall.cx, person, entry, ErasureRule::WrongPerson, BY).await;
    erasure.expect("an answer")
}

async fn held(hall: &Hall, rule: Option<HoldRule>) {
    let person = hall.person_id("alasdair-mowat").await;
    hold(&hall.cx, person, rule, BY).await.expect("it is kept");
}

#[tokio::test]
async fn what_an_entry_said_is_gone_and_that_there_was_one_is_not() {
    let hall = Hall::open().await;
    let entry = two_looks(&hall).await;
    assert_eq!(erased(&hall, "alasdair-mowat", &entry).await, Erasure::Done);

    let account = hall.account("alasdair-mowat").await;
    assert_eq!(account.len(), 2, "{account:?}");
    assert_eq!(
        account[0],
        "Moira Keir, data protection officer had an entry of this account erased on 11 January \
         2027 at 11:30am, because it was about somebody else."
    );
    epoch::make(&hall.cx).await.expect("an epoch");
    let pack = pack_of(&hall, "alasdair-mowat").await;
    let report = check(&pack, None);
    assert_eq!(report.verdict(), Verdict::ProvenInPart, "{report:?}");
    assert_eq!(
        report.outcome(Step::Erasures),
        Some(&Outcome::Holds(
            "1 entry erased, and a later entry says so".to_owned()
        ))
    );
    assert_eq!(
        (pack.links[0].commitment, &pack.links[0].content),
        (entry, &Content::Erased)
    );
    assert_eq!(
        pack.links[2].content.shown("grounds"),
        Some("wrong-person".as_bytes())
    );
    assert_eq!(pack.links[2].content.shown("name"), Some(BY.as_bytes()));

    let key = key();
    let trust = Trust {
        log: Some(&key),
        ..Trust::default()
    };
    let claims = audit::audit(&hall.cx, &key).await.expect("the claims");
    let claims = check_claims(&claims, &trust, hall.cx.now().0);
    assert_eq!(
        claims.outcome(AuditStep::Erasures),
        Some(&Outcome::Holds(
            "1 entry erased, and a later entry says so".to_owned()
        ))
    );
    let kept = hall.cx.store.verify_all().await.expect("it is read");
    assert_eq!(kept.faults, Vec::<String>::new());
}

#[tokio::test]
async fn an_earlier_pack_still_shows_what_was_erased_since_and_says_the_same() {
    let hall = Hall::open().await;
    let entry = two_looks(&hall).await;
    let before: Pack = pack_of(&hall, "alasdair-mowat").await;
    erased(&hall, "alasdair-mowat", &entry).await;
    let after = pack_of(&hall, "alasdair-mowat").await;
    let commitments = |pack: &Pack| -> Vec<Hash> {
        let links = pack.links.iter().take(2);
        links.map(|link| link.commitment).collect()
    };
    assert_eq!(commitments(&before), commitments(&after));
    assert_ne!(check(&before, None).verdict(), Verdict::False);
}

#[tokio::test]
async fn an_entry_is_erased_once_and_from_its_own_account_only() {
    let hall = Hall::open().await;
    let entry = two_looks(&hall).await;
    assert_eq!(
        erased(&hall, "netta-dunsmore", &entry).await,
        Erasure::NotThere
    );
    assert_eq!(erased(&hall, "alasdair-mowat", &entry).await, Erasure::Done);
    assert_eq!(
        erased(&hall, "alasdair-mowat", &entry).await,
        Erasure::NotThere
    );
    assert_eq!(hall.account("netta-dunsmore").await.len(), 0);
    let nobody = domain::PersonId([9; 16]);
    let answer = erase(&hall.cx, nobody, &entry, ErasureRule::Order, BY).await;
    assert!(matches!(answer, Err(Error::NotFound)), "{answer:?}");
}

#[tokio::test]
async fn a_legal_hold_forbids_erasing_and_everybody_sees_it() {
    let hall = Hall::open().await;
    let entry = two_looks(&hall).await;
    held(&hall, Some(HoldRule::LookedAfter)).await;
    assert_eq!(
        erased(&hall, "alasdair-mowat", &entry).await,
        Erasure::Forbidden("looked-after".to_owned())
    );
    let account = hall.account("alasdair-mowat").await;
    assert_eq!(
        account[0],
        "Moira Keir, data protection officer ordered on 11 January 2027 at 11:30am that nothing of \
         this record may be erased, because the record is of somebody whom a council looked after."
    );
    assert_eq!(account.len(), 3, "nothing was erased");
    held(&hall, None).await;
    assert_eq!(
        hall.account("alasdair-mowat").await[0],
        "Moira Keir, data protection officer ended on 11 January 2027 at 11:30am the order that \
         nothing of this record may be erased."
    );
    assert_eq!(erased(&hall, "alasdair-mowat", &entry).await, Erasure::Done);
}
