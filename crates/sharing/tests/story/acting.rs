//! Whoever acts for somebody finds the way to their account. Told about Oighrig MacQuarrie and her son
//! Torquil.

use domain::authority::AuthorityKind;
use domain::{Fact, Purpose};
use serde_json::json;
use sharing::acting::{ActedFor, acted_for};
use sharing::say::say_otherwise;

use crate::hall::Hall;
use crate::represented::{OIGHRIG, TORQUIL, read_by, torquil_acts, ward_says};

async fn of(hall: &Hall, who: &str) -> Vec<ActedFor> {
    let asking = hall.person(who).await;
    acted_for(&hall.cx, &asking).await.expect("an answer")
}

#[tokio::test]
async fn an_attorney_finds_her_by_name_and_she_reads_that_he_was_told_it() {
    let hall = Hall::open().await;
    let everything = ["information", "accommodation", "care", "treatment"];
    torquil_acts(&hall, &everything).await;
    let found = of(&hall, TORQUIL).await;
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!(found[0].name.as_deref(), Some("Oighrig MacQuarrie"));
    assert_eq!(found[0].kinds, [AuthorityKind::WelfareAttorney]);
    let account = hall.account(OIGHRIG).await;
    let line = "Torquil MacQuarrie-Sandhu read your name and birth date";
    assert!(account[0].starts_with(line), "{account:#?}");
    assert!(account[0].ends_with("because they act for you."));
    let way = read_by(&hall, TORQUIL, found[0].patient).await;
    assert!(way.is_some(), "it leads to her account");
    let account = hall.account(OIGHRIG).await;
    // Nobody else finds anybody, and it is written nowhere that they looked.
    assert_eq!(of(&hall, "archie-dunsmore").await, []);
    assert_eq!(of(&hall, OIGHRIG).await, []);
    assert_eq!(hall.account(OIGHRIG).await.len(), account.len());
}

#[tokio::test]
async fn whose_power_is_suspended_or_ended_finds_nobody_and_she_reads_of_no_attempt() {
    let hall = Hall::open().await;
    let id = torquil_acts(&hall, &["information", "accommodation"]).await;
    let torquil = hall.person_id(TORQUIL).await.to_string();
    let before = hall.account(OIGHRIG).await.len();
    for over in [
        json!({"suspended": [{"from": "2027-01-11"}]}),
        json!({"ended": "2027-01-10"}),
        json!({"until": "2027-01-10"}),
        json!({"from": "2027-03-01"}),
        json!({"registered": false}),
    ] {
        let mut fact = json!({"authority": {"holder": torquil, "kind": "welfare-attorney",
            "powers": ["information", "accommodation"], "registered": true}});
        let known = fact["authority"].as_object_mut().expect("an object");
        known.extend(over.as_object().expect("an object").clone());
        let fact: Fact = serde_json::from_value(fact).expect("a fact");
        let ward = hall.worker("ruksana-chaudhry", Purpose::Treatment);
        let patient = hall.patient(OIGHRIG);
        let said = say_otherwise(&hall.cx, &ward, patient, id, Some(&fact)).await;
        said.expect("it is kept");
        assert_eq!(of(&hall, TORQUIL).await, [], "{over}");
    }
    let account = hall.account(OIGHRIG).await;
    assert_eq!(account.len(), before + 5, "{account:#?}");
    assert!(account.iter().all(|line| !line.contains("Torquil")));
}

#[tokio::test]
async fn whoever_is_barred_from_her_does_not_find_her() {
    let hall = Hall::open().await;
    torquil_acts(&hall, &["information", "accommodation"]).await;
    let torquil = hall.person_id(TORQUIL).await.to_string();
    let bar = json!({"bar": {"against": [{"party": torquil}], "since": "2027-01-11",
        "ground": "serious-harm-social-work"}});
    ward_says(&hall, bar).await;
    assert_eq!(of(&hall, TORQUIL).await, []);
}
