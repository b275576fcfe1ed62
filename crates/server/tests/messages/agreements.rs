//! The agreements of an agency: on whose list one comes that is overdue or ends, and that they are nobody
//! else's to read.

use std::sync::Arc;

use serde_json::{Value, json};
use server::policies::load;
use sharing::in_force::put_in_force;

use crate::browser::{Browser, words};
use crate::hall::Hall;

const SHIPPED: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../policies/lanarkshire");

/// What the hospital and the care home agreed, as it is put beside the policies.
fn discharge(id: &str, from: &str, until: &str) -> Value {
    json!({
        "id": id,
        "parties": ["hospital", "braeside-house"],
        "from": from,
        "until": until,
        "review-due": "2027-06-01",
        "signed": true,
        "flows": [{
            "number": "1",
            "items": ["medicines"],
            "from": "hospital",
            "to": "braeside-house",
            "purposes": ["SC-PROVIDE"],
            "frequency": "at discharge"
        }]
    })
}

async fn agreed(hall: &Hall, agreements: &[Value]) {
    let folder = tempfile::tempdir().expect("a folder");
    for file in ["care.cedar", "own.cedar", "care-areas.toml"] {
        std::fs::copy(format!("{SHIPPED}/{file}"), folder.path().join(file)).expect("a copy");
    }
    let text = json!({ "agreements": agreements }).to_string();
    std::fs::write(folder.path().join("agreements.json"), text).expect("a file");
    let policies = load(Some(folder.path())).expect("a sound set");
    put_in_force(&hall.cx, Arc::new(policies))
        .await
        .expect("in force");
}

fn set(hall: &Hall, at: &str) {
    let at = domain::Timestamp::parse(at).expect("an instant");
    hall.clock.stand_at(at);
}

async fn inbox(hall: &Hall, worker: &str) -> String {
    let mut browser = Browser::of(hall, worker).await;
    words(&browser.gets("/care/inbox").await.is(200))
}

/// Ids and standings, as a system reads them.
async fn standings(hall: &Hall, worker: &str, purpose: &str) -> Vec<(String, String)> {
    let actor = hall.actor(worker, &[purpose]);
    let answer = actor.gets("Contract/$agreements").await.is(200).json();
    let all = answer["parameter"].as_array().cloned().unwrap_or_default();
    let text = |one: &Value, place: usize, value: &str| {
        one["part"][place][value].as_str().expect("text").to_owned()
    };
    all.iter()
        .map(|one| (text(one, 0, "valueString"), text(one, 1, "valueCode")))
        .collect()
}

#[tokio::test]
async fn a_privacy_officer_hears_of_an_agreement_that_ends_before_those_do_who_would_miss_it() {
    let hall = Hall::open().await;
    agreed(&hall, &[discharge("ISP-12", "2027-01-01", "2027-05-01")]).await;
    let waits = "See to it An agreement of your agency: see what it needs";

    // Eight weeks before the end, to the second (midnight in Scotland, where summer time has begun by then).
    set(&hall, "2027-03-05T22:59:59Z");
    assert!(!inbox(&hall, "eleanor-tweedie").await.contains(waits));
    set(&hall, "2027-03-05T23:00:00Z");
    assert!(inbox(&hall, "eleanor-tweedie").await.contains(waits));
    // It is the privacy officer's work, and interrupts nobody at a bedside.
    assert!(!inbox(&hall, "sheila-mathieson").await.contains(waits));

    let mut eleanor = Browser::of(&hall, "eleanor-tweedie").await;
    let page = words(&eleanor.gets("/care/agreements").await.is(200));
    for said in [
        "One needs to be seen to.",
        "ISP-12 See to it In force. It ends within eight weeks, and nothing takes its place.",
        "Between Braeside House, Clydevale Hospital From 1 January 2027 Until 1 May 2027 Review due 1 June 2027",
        "Flow 1 medicines: from Clydevale Hospital to Braeside House, for providing care at home or in a home at discharge",
    ] {
        assert!(page.contains(said), "{said} in {page}");
    }

    // Another that carries it on takes it off the list, in the second in which it is put there.
    let next = discharge("ISP-31", "2027-04-30", "2029-05-01");
    agreed(
        &hall,
        &[discharge("ISP-12", "2027-01-01", "2027-05-01"), next],
    )
    .await;
    assert!(!inbox(&hall, "eleanor-tweedie").await.contains(waits));
    let both = standings(&hall, "eleanor-tweedie", "HOPERAT").await;
    let said = |id: &str, standing: &str| (id.to_owned(), standing.to_owned());
    assert_eq!(both, [said("ISP-12", "in-force"), said("ISP-31", "begins")]);
    // When its own review is overdue, that is said.
    set(&hall, "2027-06-02T10:00:00Z");
    let both = standings(&hall, "eleanor-tweedie", "HOPERAT").await;
    assert_eq!(
        both,
        [said("ISP-31", "review-overdue"), said("ISP-12", "replaced")]
    );
}

#[tokio::test]
async fn what_two_agencies_agreed_is_read_at_both_and_by_nobody_else() {
    let hall = Hall::open().await;
    agreed(&hall, &[discharge("ISP-12", "2027-01-01", "2028-01-01")]).await;
    let said = [("ISP-12".to_owned(), "in-force".to_owned())];
    assert_eq!(standings(&hall, "sheila-mathieson", "TREAT").await, said);
    assert_eq!(
        standings(&hall, "fraser-abercrombie", "SC-ASSESS").await,
        []
    );
    let mut fraser = Browser::of(&hall, "fraser-abercrombie").await;
    let page = words(&fraser.gets("/care/agreements").await.is(200));
    assert!(page.contains("Your agency has no agreement in this exchange."));
    let person = hall.person("netta-dunsmore");
    person.gets("Contract/$agreements").await.is(404);
}
