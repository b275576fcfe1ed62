//! What is told later by law is held back from each list by itself, and stands in each on its day with
//! proof of when it was written. Told about Oighrig MacQuarrie and her son Torquil, who acts for her.

use domain::{Clock, Fact, Purpose, Timestamp};
use ledger::audit::{AuditStep, verify as check_claims};
use ledger::pack::{Outcome, Step};
use ledger::{Pack, Trust, Verdict};
use serde_json::json;
use sharing::messages::do_what_is_due;
use sharing::say::say_otherwise;
use sharing::{Answer, audit, epoch};

use crate::hall::Hall;
use crate::held::shape;
use crate::protection::at;
use crate::proven::{check, key, pack_of};
use crate::represented::{OIGHRIG, TORQUIL, looks_at, pack_for, said, torquil_acts, ward_says};

fn delay(renewed: Option<&str>) -> serde_json::Value {
    let mut delay = json!({"about": {"categories": ["allergies"]}, "ground": "crime-prejudice",
        "since": "2027-01-01", "until": "2027-02-01"});
    if let Some(renewed) = renewed {
        delay["renewed-until"] = renewed.into();
    }
    json!({"delay": delay})
}

async fn his_pack(hall: &Hall) -> Pack {
    let pack = pack_for(hall, TORQUIL, hall.patient(OIGHRIG)).await;
    pack.expect("he acts for her")
}

/// What was looked at, look by look.
fn looks(pack: &Pack) -> Vec<String> {
    let operations = said(pack, "operation");
    let what = said(pack, "what").into_iter().zip(operations);
    let looks = what.filter(|(_, operation)| operation == "everything");
    looks.map(|(what, _)| what).collect()
}

fn opened(pack: &Pack) -> String {
    let report = check(pack, None);
    assert_ne!(report.verdict(), Verdict::False, "{report:?}");
    let held = report.outcome(Step::Held).expect("the step");
    held.words().to_owned()
}

/// The day comes on which something is told, and how much was.
async fn comes(hall: &Hall, day: Timestamp) -> usize {
    hall.clock.set(day);
    let done = do_what_is_due(&hall.cx).await;
    done.expect("what is due is done").told
}

#[tokio::test]
async fn what_is_delayed_opens_in_each_list_with_proof_that_it_was_written_on_time() {
    let hall = Hall::open().await;
    torquil_acts(&hall, &["information", "care", "treatment"]).await;
    ward_says(&hall, delay(None)).await;
    let looked = hall.clock.now();
    looks_at(&hall, "AllergyIntolerance").await;
    looks_at(&hall, "MedicationStatement").await;
    epoch::make(&hall.cx).await.expect("an epoch");
    for pack in [pack_of(&hall, OIGHRIG).await, his_pack(&hall).await] {
        assert_eq!(looks(&pack), ["medicines"]);
        assert_eq!(opened(&pack), "no entry was held back for a time");
    }
    let (log, trust) = (key(), Trust::default());
    let trust = Trust {
        log: Some(&log),
        ..trust
    };
    let claims = audit::audit(&hall.cx, &log).await.expect("the claims");
    let report = check_claims(&claims, &trust, hall.cx.now().0);
    let held = Outcome::Holds("2 entries held back, 0 of them opened".to_owned());
    assert_eq!(report.outcome(AuditStep::Held), Some(&held));

    assert_eq!(comes(&hall, at("2027-01-31T23:59:59Z")).await, 0);
    assert_eq!(comes(&hall, at("2027-02-01T00:00:00Z")).await, 2);
    assert_eq!(comes(&hall, at("2027-02-01T00:00:01Z")).await, 0);
    epoch::make(&hall.cx).await.expect("an epoch");
    for pack in [pack_of(&hall, OIGHRIG).await, his_pack(&hall).await] {
        assert_eq!(looks(&pack), ["medicines", "allergies"]);
        assert_eq!(
            opened(&pack),
            "1 entry held back for a time, in the log since it happened, and then opened"
        );
        let written = pack.held[0].time_us;
        assert!((looked.0..looked.0 + 1_000).contains(&written), "{written}");
    }
}

#[tokio::test]
async fn of_a_look_at_everything_each_reads_now_what_is_not_delayed_and_the_whole_on_its_day() {
    let hall = Hall::open().await;
    ward_says(&hall, delay(None)).await;
    let ward = hall.worker("ruksana-chaudhry", Purpose::Treatment);
    hall.everything(&ward, OIGHRIG).await;
    let number = |pack: &Pack, at: usize| -> u32 { said(pack, "count")[at].parse().expect("one") };
    let pack = pack_of(&hall, OIGHRIG).await;
    assert!(!looks(&pack)[0].contains("allergies"));
    let now = number(&pack, 0);
    assert_eq!(comes(&hall, at("2027-02-01T00:00:00Z")).await, 1);
    let pack = pack_of(&hall, OIGHRIG).await;
    assert!(looks(&pack)[1].contains("allergies"));
    assert!(number(&pack, 1) > now);
    // It is one look, and one line.
    let lines = hall.account(OIGHRIG).await;
    assert_eq!(lines.len(), 1, "{lines:#?}");
    assert!(lines[0].contains("allergies"), "{lines:#?}");
}

#[tokio::test]
async fn a_reviewers_renewal_holds_on_and_whoever_no_longer_acts_is_not_told() {
    let hall = Hall::open().await;
    let power = torquil_acts(&hall, &["information", "care", "treatment"]).await;
    let id = ward_says(&hall, delay(None)).await;
    looks_at(&hall, "AllergyIntolerance").await;
    let ward = hall.worker("ruksana-chaudhry", Purpose::Treatment);
    let patient = hall.patient(OIGHRIG);
    let renewed: Fact = serde_json::from_value(delay(Some("2027-03-01"))).expect("a fact");
    let said = say_otherwise(&hall.cx, &ward, patient, id, Some(&renewed)).await;
    said.expect("it is kept");
    assert_eq!(comes(&hall, at("2027-02-01T00:00:00Z")).await, 0);
    let ended = say_otherwise(&hall.cx, &ward, patient, power, None).await;
    ended.expect("it is kept");
    assert_eq!(
        comes(&hall, at("2027-03-01T00:00:00Z")).await,
        1,
        "hers alone"
    );
    assert_eq!(looks(&pack_of(&hall, OIGHRIG).await), ["allergies"]);
}

/// An entry does not name single items, so no label of its line says that the delay is about it.
#[tokio::test]
async fn a_renewal_of_a_delay_of_a_single_item_holds_on_too() {
    let hall = Hall::open().await;
    let ward = hall.worker("ruksana-chaudhry", Purpose::Treatment);
    let Answer::Released(seen) = hall.everything(&ward, OIGHRIG).await else {
        panic!("she is on the ward")
    };
    let mut resources = seen.released.resources().iter();
    let allergy = resources.find(|it| it.resource_type == "AllergyIntolerance");
    let item = allergy.expect("an allergy").id.to_string();
    let about = |mut fact: serde_json::Value| {
        fact["delay"]["about"] = json!({"items": [item]});
        fact
    };
    let id = ward_says(&hall, about(delay(None))).await;
    looks_at(&hall, "AllergyIntolerance").await;
    let renewed = about(delay(Some("2027-03-01")));
    let renewed: Fact = serde_json::from_value(renewed).expect("a fact");
    let patient = hall.patient(OIGHRIG);
    let said = say_otherwise(&hall.cx, &ward, patient, id, Some(&renewed)).await;
    said.expect("it is kept");
    assert_eq!(comes(&hall, at("2027-02-01T00:00:00Z")).await, 0);
    assert_eq!(comes(&hall, at("2027-03-01T00:00:00Z")).await, 1);
}

#[tokio::test]
async fn of_two_worlds_with_and_without_an_entry_delayed_both_packs_are_of_one_shape() {
    let mut shapes = Vec::new();
    for is_there in [true, false] {
        let hall = Hall::open().await;
        torquil_acts(&hall, &["information", "care", "treatment"]).await;
        ward_says(&hall, delay(None)).await;
        looks_at(&hall, "Patient").await;
        if is_there {
            looks_at(&hall, "AllergyIntolerance").await;
        } else {
            hall.clock.set(hall.clock.now().plus_seconds(3600));
        }
        let ward = hall.worker("ruksana-chaudhry", Purpose::Treatment);
        hall.everything(&ward, OIGHRIG).await;
        epoch::make(&hall.cx).await.expect("an epoch");
        for pack in [pack_of(&hall, OIGHRIG).await, his_pack(&hall).await] {
            shapes.push((shape(&pack), said(&pack, "count"), said(&pack, "at")));
        }
    }
    assert_eq!(shapes[..2], shapes[2..]);
}
