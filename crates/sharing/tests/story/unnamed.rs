//! A member of staff whom it would endanger to be named: what they did is told all the same. Told about
//! Oighrig MacQuarrie, the nurse Ruksana Chaudhry, and the privacy officer Eleanor Tweedie.

use domain::{Fact, Purpose, WorkerId};
use ledger::pack::{Content, PackField, Reason};
use ledger::{Pack, Verdict};
use serde_json::json;
use sharing::alias;
use sharing::say::say;

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
    // What stands for her elsewhere says nothing here, and who answers for it opens the name.
    let oighrig = hall.person_id(OIGHRIG).await;
    let named = alias::name(&hall.cx, oighrig, alias)
        .await
        .expect("an answer");
    assert_eq!(named.expect("somebody").id, WorkerId::from(NURSE));
    let other = hall.person_id("netta-dunsmore").await;
    assert_eq!(
        alias::name(&hall.cx, other, alias)
            .await
            .expect("an answer"),
        None
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
