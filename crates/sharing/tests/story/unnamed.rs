//! A member of staff whom it would endanger to be named: what they did is told all the same. Told about
//! Oighrig MacQuarrie, the nurse Ruksana Chaudhry, and the privacy officer Eleanor Tweedie.

use domain::{Fact, Purpose};
use ledger::pack::{Content, PackField, Reason};
use ledger::{Hash, Pack, Verdict};
use serde_json::json;
use sharing::say::say;
use sharing::screened::opened::{self, Asker, Wanted};

use crate::hall::Hall;
use crate::proven::{check, pack_of};
use crate::represented::{OIGHRIG, looks_at, said};

const NURSE: &str = "ruksana-chaudhry";

async fn is_not_to_be_named(hall: &Hall, by: &str) -> Result<(), sharing::Error> {
    let fact = json!({"staff-safety": {"worker": NURSE, "since": "2027-01-11"}});
    let fact: Fact = serde_json::from_value(fact).expect("a fact");
    let officer = hall.worker(by, Purpose::Treatment);
    let said = say(&hall.cx, &officer, hall.patient(OIGHRIG), &fact).await;
    said.map(drop)
}

/// Whom an alias stands for in an entry of somebody's account.
async fn name(hall: &Hall, whose: &str, entry: Hash, alias: &str) -> Option<String> {
    let person = hall.person_id(whose).await;
    let asker = Asker {
        by: "Emma Rae, reviewer",
        why: "complaint 12",
    };
    let named = opened::open(&hall.cx, person, &entry, Wanted::Name(alias), asker).await;
    named.expect("an answer").map(|event| event.worker)
}

/// How many fields of the first entry are withheld because they name a member of staff.
fn withheld(pack: &Pack) -> usize {
    let Content::Open { fields, .. } = &pack.links[0].content else {
        panic!("it is there")
    };
    let is_withheld = |field: &&PackField| match field {
        PackField::Withheld { reason, .. } => *reason == Reason::StaffSafety,
        PackField::Shown { .. } => false,
    };
    fields.iter().filter(is_withheld).count()
}

#[tokio::test]
async fn role_and_agency_stay_and_two_lines_of_one_nurse_are_seen_to_be_of_one() {
    let hall = Hall::open().await;
    looks_at(&hall, "AllergyIntolerance").await;
    is_not_to_be_named(&hall, "eleanor-tweedie")
        .await
        .expect("it is kept");
    looks_at(&hall, "Patient").await;

    let lines = hall.account(OIGHRIG).await;
    assert_eq!(lines.len(), 2);
    let names: Vec<&str> = lines
        .iter()
        .map(|it| it.split(',').next().expect("one"))
        .collect();
    assert_eq!(names[0], names[1]);
    let alias = names[0].strip_prefix("Staff member ").expect("an alias");
    assert_eq!(alias.len(), 8, "{alias}");
    for line in &lines {
        assert!(line.contains("nurse at Clydevale Hospital"), "{line}");
        assert!(!line.contains("Chaudhry"), "{line}");
    }
    // Who answers for it opens the name, in that entry and by that alias.
    let entry = pack_of(&hall, OIGHRIG).await.links[0].commitment;
    assert_eq!(
        name(&hall, OIGHRIG, entry, alias).await.as_deref(),
        Some(NURSE)
    );
    assert_eq!(name(&hall, "netta-dunsmore", entry, alias).await, None);
    assert_eq!(name(&hall, OIGHRIG, entry, "00000000").await, None);
    assert_eq!(name(&hall, OIGHRIG, Hash([7; 32]), alias).await, None);
    // The hospital's auditor reads of the one that was opened: who asked, of which entry, and why.
    let hospital = opened::agency(&hall.cx, &"hospital".into()).await;
    let hospital = hospital.expect("the hospital's own chain");
    let hospital: Vec<String> = hospital.iter().map(opened::sentence).collect();
    assert_eq!(
        hospital,
        [format!(
            "On 11 January 2027 at 11:30am, Emma Rae, reviewer asked who stands for the alias in entry \
             {entry}, and was told. Why: complaint 12"
        )]
    );
}

#[tokio::test]
async fn a_pack_withholds_the_name_for_that_reason_and_the_rest_verifies() {
    let hall = Hall::open().await;
    looks_at(&hall, "AllergyIntolerance").await;
    let named = pack_of(&hall, OIGHRIG).await;
    assert_eq!(withheld(&named), 0);
    is_not_to_be_named(&hall, "eleanor-tweedie")
        .await
        .expect("it is kept");
    let pack = pack_of(&hall, OIGHRIG).await;
    assert_eq!(withheld(&pack), 2);
    for field in ["name", "worker"] {
        assert_eq!(pack.links[0].content.shown(field), None, "{field}");
    }
    assert_eq!(said(&pack, "role"), ["nurse"]);
    assert_eq!(said(&pack, "alias"), said(&named, "alias"));
    assert_eq!(pack.links[0].commitment, named.links[0].commitment);
    assert_ne!(check(&pack, None).verdict(), Verdict::False);
}

#[tokio::test]
async fn nobody_but_the_privacy_officer_says_that_a_name_is_not_told() {
    let hall = Hall::open().await;
    let said = is_not_to_be_named(&hall, NURSE).await;
    assert!(matches!(said, Err(sharing::Error::Invalid(_))), "{said:?}");
}
