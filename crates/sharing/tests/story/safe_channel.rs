//! Somebody may look over the person's shoulder: what tells of abuse, and who tried to find her, stand
//! in a list of their own that she reads on a safe channel, and nothing of it in the other. Told about
//! Iona Dalgleish, her former partner Kenneth Purdie, and her doctor Sunita Krishnan.

use domain::{Clock, Fact, Purpose};
use ledger::{Pack, Verdict};
use serde_json::json;
use sharing::account::AccountAsk;
use sharing::say::say;
use sharing::{Answer, Asking, Channel, PackAsk, Target, disclose, epoch};

use crate::hall::{Hall, whole};
use crate::held::shape;
use crate::proven::{check, key};
use crate::represented::said;

const IONA: &str = "iona-dalgleish";

/// Her doctor records that her former partner may make her show what she reads.
async fn she_is_watched(hall: &Hall) {
    let fact = json!({"risk": {"kind": "coercion", "since": "2026-12-01"}});
    let fact: Fact = serde_json::from_value(fact).expect("a fact");
    let doctor = hall.worker("sunita-krishnan", Purpose::Treatment);
    let said = say(&hall.cx, &doctor, hall.patient(IONA), &fact).await;
    said.expect("it is kept");
}

async fn he_tries(hall: &Hall) {
    let purdie = hall.worker("kenneth-purdie", Purpose::Treatment);
    let answer = hall.everything(&purdie, IONA).await;
    assert!(matches!(answer, Answer::Nothing));
}

/// Her doctor asks for her resources of one type, with a word about why.
async fn her_doctor_looks_at(hall: &Hall, resource_type: &str) {
    let mut doctor = hall.worker("sunita-krishnan", Purpose::Treatment);
    doctor.reason = Some("her wrist, and what she said of him".to_owned());
    let target = Target::Everything {
        patient: hall.patient(IONA),
        types: vec![resource_type.to_owned()],
        within: store::Within::default(),
        page: whole(),
    };
    let answer = disclose(&hall.cx, &doctor, &target, None).await;
    crate::hall::types(&answer.expect("an answer"));
    hall.clock.set(hall.clock.now().plus_seconds(3600));
}

async fn iona(hall: &Hall, channel: Channel) -> Asking {
    Asking {
        channel,
        ..hall.person(IONA).await
    }
}

pub async fn lines(hall: &Hall, channel: Channel) -> Vec<String> {
    let asking = iona(hall, channel).await;
    let account = sharing::account(&hall.cx, &asking, &AccountAsk::first(100)).await;
    let account = account.expect("an account").expect("her own");
    let lines = account.lines.iter();
    lines
        .map(|line| sharing::event::sentence(&line.event))
        .collect()
}

async fn pack(hall: &Hall, channel: Channel, list: usize) -> Option<Pack> {
    let asking = iona(hall, channel).await;
    let ask = PackAsk {
        list,
        ..PackAsk::default()
    };
    let bytes = sharing::pack(&hall.cx, &asking, &key(), &ask).await;
    Some(Pack::decode(&bytes.expect("an answer")?).expect("one form"))
}

#[tokio::test]
async fn she_is_told_of_his_attempts_by_the_safe_channel_only() {
    let hall = Hall::open().await;
    she_is_watched(&hall).await;
    he_tries(&hall).await;
    her_doctor_looks_at(&hall, "AllergyIntolerance").await;
    he_tries(&hall).await;

    let page = lines(&hall, Channel::Page).await;
    assert_eq!(page.len(), 1, "{page:#?}");
    assert!(page[0].starts_with("Dr Sunita Krishnan"), "{page:#?}");
    let safe = lines(&hall, Channel::Safe).await;
    let names: Vec<&str> = safe
        .iter()
        .map(|line| line.split(',').next().expect("a name"))
        .collect();
    assert_eq!(names.len(), 3, "{safe:#?}");
    assert!(
        names[0].starts_with("Staff member ") && names[0] == names[2],
        "{safe:#?}"
    );
    assert!(names[1].contains("Krishnan"), "{safe:#?}");
}

#[tokio::test]
async fn what_tells_of_abuse_stands_on_the_safe_channel_and_each_list_has_its_pack() {
    let hall = Hall::open().await;
    her_doctor_looks_at(&hall, "Condition").await;
    she_is_watched(&hall).await;
    her_doctor_looks_at(&hall, "Condition").await;
    epoch::make(&hall.cx).await.expect("an epoch");

    let ordinary = pack(&hall, Channel::Page, 1).await.expect("her list");
    let counts = said(&ordinary, "count");
    let all: u32 = counts[0].parse().expect("a number");
    let shown: u32 = counts[1].parse().expect("a number");
    assert_eq!(counts.len(), 2);
    assert_eq!(all - shown, 1, "the one that tells of abuse");
    // Not a word of her doctor's own stands where somebody may look.
    let reasons = said(&ordinary, "reason");
    assert_eq!(reasons, ["her wrist, and what she said of him", ""]);
    assert!(pack(&hall, Channel::Page, 2).await.is_none());

    let safe = pack(&hall, Channel::Safe, 2).await.expect("her other list");
    assert_ne!(safe.view, ordinary.view);
    assert_eq!(said(&safe, "count"), [counts[0].clone()]);
    assert_eq!(
        said(&safe, "reason"),
        ["her wrist, and what she said of him"]
    );
    for pack in [&ordinary, &safe] {
        let report = check(pack, None);
        assert_eq!(report.verdict(), Verdict::ProvenInPart, "{report:?}");
    }
    // Read together, each look stands once, and whole.
    assert_eq!(lines(&hall, Channel::Safe).await.len(), 2);
}

#[tokio::test]
async fn what_she_opens_on_the_safe_channel_stands_in_that_list_alone() {
    let hall = Hall::open().await;
    she_is_watched(&hall).await;
    let types = |answer: &Answer| crate::hall::types(answer);
    let page = hall
        .everything(&iona(&hall, Channel::Page).await, IONA)
        .await;
    assert!(!types(&page).contains(&"DocumentReference".to_owned()));
    let safe = hall
        .everything(&iona(&hall, Channel::Safe).await, IONA)
        .await;
    assert!(types(&safe).contains(&"DocumentReference".to_owned()));
    assert_eq!(lines(&hall, Channel::Page).await.len(), 1);
    assert_eq!(lines(&hall, Channel::Safe).await.len(), 2);
}

#[tokio::test]
async fn of_two_worlds_with_and_without_what_is_told_on_the_safe_channel_the_packs_are_of_one_shape()
 {
    let mut shapes = Vec::new();
    for is_there in [true, false] {
        let hall = Hall::open().await;
        she_is_watched(&hall).await;
        her_doctor_looks_at(&hall, "AllergyIntolerance").await;
        if is_there {
            he_tries(&hall).await;
            her_doctor_looks_at(&hall, "DocumentReference").await;
        } else {
            hall.clock.set(hall.clock.now().plus_seconds(3600));
        }
        her_doctor_looks_at(&hall, "MedicationStatement").await;
        her_doctor_looks_at(&hall, "AllergyIntolerance").await;
        epoch::make(&hall.cx).await.expect("an epoch");
        let pack = pack(&hall, Channel::Page, 1).await.expect("her list");
        let said = [
            "what",
            "count",
            "at",
            "answer",
            "grounds",
            "obligations",
            "reason",
        ];
        shapes.push((shape(&pack), said.map(|field| self::said(&pack, field))));
    }
    assert_eq!(shapes[0], shapes[1]);
    assert_eq!(shapes[0].0.0.len(), 3);
}
