//! Search within one person's record.

use serde_json::{Value, json};

use crate::answer::Answer;
use crate::hall::Hall;
use crate::morag::{admitted, called};

/// Four findings of Morag's that differ in what one searches by.
async fn findings(hall: &Hall) -> String {
    let morag = admitted(hall).await;
    let finding = |text: &str, code: &str, category: &str, status: &str, at: &str| {
        json!({
            "resourceType": "Observation",
            "id": text,
            "identifier": [{"system": "https://hospital.example/order", "value": format!("order-{text}")}],
            "status": status,
            "category": [{"coding": [{"system": "http://terminology.hl7.org/CodeSystem/observation-category", "code": category}]}],
            "code": {"coding": [{"system": "http://loinc.org", "code": code}], "text": text},
            "subject": {"reference": format!("Patient/{morag}")},
            "effectiveDateTime": at,
        })
    };
    for resource in [
        finding("weight", "29463-7", "vital-signs", "final", "2027-01-08"),
        finding(
            "pulse",
            "8867-4",
            "vital-signs",
            "amended",
            "2027-01-11T08:15:00Z",
        ),
        finding(
            "potassium",
            "2823-3",
            "laboratory",
            "final",
            "2027-01-11T08:20:00Z",
        ),
    ] {
        hall.hospital().puts(&resource).await.is(201);
    }
    hall.wait(1800);
    let late = finding(
        "sodium",
        "2951-2",
        "laboratory",
        "preliminary",
        "2027-01-11T09:45:00Z",
    );
    hall.hospital().puts(&late).await.is(201);
    morag
}

#[tokio::test]
async fn findings_are_found_by_what_they_say() {
    let hall = Hall::open().await;
    let morag = findings(&hall).await;
    let pulse = hall.id_of("hospital", "Observation", "pulse");
    for (question, expected) in [
        ("", &["weight", "pulse", "potassium", "sodium"][..]),
        ("&code=8867-4", &["pulse"]),
        (
            "&code=http://loinc.org|8867-4,http://loinc.org|2823-3",
            &["pulse", "potassium"],
        ),
        ("&code=http://snomed.info/sct|8867-4", &[]),
        ("&code:not=8867-4", &["weight", "potassium", "sodium"]),
        ("&category=laboratory", &["potassium", "sodium"]),
        ("&category=laboratory&status=final", &["potassium"]),
        ("&status=final,amended", &["weight", "pulse", "potassium"]),
        ("&date=2027-01-11", &["pulse", "potassium", "sodium"]),
        ("&date=ge2027-01-11T08:20:00Z", &["potassium", "sodium"]),
        ("&date=lt2027-01-11", &["weight"]),
        (
            "&date=ge2027-01-08&date=lt2027-01-11T08:20:00Z",
            &["weight", "pulse"],
        ),
        (
            "&identifier=https://hospital.example/order|order-pulse",
            &["pulse"],
        ),
        ("&identifier=order-pulse", &["pulse"]),
        ("&identifier=https://another.example|order-pulse", &[]),
        ("&_id=pulse", &["pulse"]),
        (&format!("&_id={pulse},sodium"), &["pulse", "sodium"]),
        ("&_lastUpdated=ge2027-01-11T10:00:00Z", &["sodium"]),
        (
            "&_lastUpdated=lt2027-01-11T10:00:00Z",
            &["weight", "pulse", "potassium"],
        ),
        ("&_sort=date", &["weight", "pulse", "potassium", "sodium"]),
        ("&_sort=-date", &["sodium", "potassium", "pulse", "weight"]),
    ] {
        let answer = hall
            .ruksana()
            .gets(&format!("Observation?patient={morag}{question}"))
            .await
            .is(200);
        assert_eq!(called(&answer), expected, "{question}");
        assert_eq!(answer.json()["total"], expected.len(), "{question}");
    }
}

#[tokio::test]
async fn the_person_may_be_named_in_any_of_the_ways_of_fhir() {
    let hall = Hall::open().await;
    let morag = findings(&hall).await;
    for question in [
        format!("patient=Patient/{morag}"),
        format!("subject={morag}"),
        format!("subject=Patient/{morag}"),
        format!("subject:Patient={morag}"),
    ] {
        let answer = hall
            .ruksana()
            .gets(&format!("Observation?{question}&code=8867-4"))
            .await
            .is(200);
        assert_eq!(called(&answer), ["pulse"], "{question}");
    }
    // By the agency's own id for them, if it has one.
    let mowats = hall
        .ruksana()
        .gets("Condition?patient=P-1002")
        .await
        .is(200);
    assert_eq!(mowats.json()["total"], 2);
}

#[tokio::test]
async fn a_search_by_post_keeps_the_question_out_of_the_address() {
    let hall = Hall::open().await;
    let morag = findings(&hall).await;
    let ruksana = hall
        .ruksana()
        .with("content-type", "application/x-www-form-urlencoded");
    let form = format!("patient={morag}&code=http%3A%2F%2Floinc.org%7C8867-4");
    let posted = ruksana.posts("Observation/_search", form).await.is(200);
    assert_eq!(called(&posted), ["pulse"]);
    let both = ruksana
        .posts(
            &format!("Observation/_search?patient={morag}"),
            "code=8867-4",
        )
        .await
        .is(200);
    assert_eq!(called(&both), ["pulse"]);
}

#[tokio::test]
async fn an_answer_says_what_it_answers_and_where_each_thing_is() {
    let hall = Hall::open().await;
    let morag = findings(&hall).await;
    let answer = hall
        .ruksana()
        .gets(&format!("Observation?patient={morag}&code=8867-4"))
        .await
        .is(200);
    assert_eq!(
        answer.header("content-type"),
        "application/fhir+json; charset=utf-8"
    );
    assert_eq!(answer.header("candour-decision"), "PERMIT");
    assert_eq!(
        answer.link("self").as_deref(),
        Some(&*format!(
            "http://exchange.example/fhir/Observation?patient={morag}&code=8867-4"
        ))
    );
    assert_eq!(answer.link("next"), None);
    let pulse = hall.id_of("hospital", "Observation", "pulse");
    assert_eq!(
        answer.at("/entry/0/fullUrl"),
        format!("http://exchange.example/fhir/Observation/{pulse}")
    );
    assert_eq!(answer.at("/entry/0/search/mode"), "match");
    answer.receipt().verify(&hall.log_key).expect("a receipt");
}

#[tokio::test]
async fn a_patient_asked_for_by_id_is_that_one_and_not_the_persons_others() {
    let hall = Hall::open().await;
    let mowat = hall.patient("alasdair-mowat");
    let answer = hall
        .ruksana()
        .gets(&format!("Patient?_id={mowat}"))
        .await
        .is(200);
    let ids: Vec<Value> = answer
        .matches()
        .iter()
        .map(|one| one["id"].clone())
        .collect();
    assert_eq!(ids, [json!(mowat.to_string())]);
    assert_eq!(answer.json()["total"], 1);
}

#[tokio::test]
async fn what_is_not_supported_is_named_and_what_cannot_be_read_is_refused() {
    let hall = Hall::open().await;
    let morag = findings(&hall).await;
    let question =
        format!("Observation?patient={morag}&shoe-size=9&_include=Observation:shoe&code=8867-4");
    let answer = hall.ruksana().gets(&question).await.is(200);
    assert_eq!(called(&answer), ["pulse"]);
    assert_eq!(
        answer.notices(),
        [(
            "not-supported".to_owned(),
            "search parameters that are not supported were ignored: shoe-size=9, _include=Observation:shoe".to_owned()
        )]
    );
    let before = hall.bytes_kept();
    for (question, code, words) in [
        (
            "date=yesterday",
            "value",
            "the search parameter date expects a date such as ge2027-01-11",
        ),
        ("_id=a_b", "value", "the search parameter _id expects ids"),
        (
            "code:sounds-like=x",
            "not-supported",
            "the search parameter code has no such modifier",
        ),
        ("_count=many", "value", "_count is a whole number from 0"),
        (
            "status:missing=maybe",
            "value",
            "the search parameter status expects true or false",
        ),
    ] {
        let answer = hall
            .ruksana()
            .gets(&format!("Observation?patient={morag}&{question}"))
            .await;
        answer.says(400, code, words);
    }
    assert_eq!(hall.bytes_kept(), before);
}

#[tokio::test]
async fn a_search_names_one_person() {
    let hall = Hall::open().await;
    let before = hall.bytes_kept();
    let (one, other) = (
        hall.patient("alasdair-mowat"),
        hall.patient("oighrig-macquarrie"),
    );
    let ruksana = hall.ruksana();
    let nobody: Answer = ruksana.gets("Condition?code=59621000").await;
    nobody.says(
        400,
        "required",
        "say whose record: add patient=... (a search across people shows only your own agency's contributions, which this exchange does not offer yet)",
    );
    for question in [
        format!("Condition?patient={one},{other}"),
        format!("Condition?patient={one}&patient={other}"),
        format!("Patient?_id={one},{other}"),
    ] {
        let answer = ruksana.gets(&question).await;
        answer.says(
            400,
            "not-supported",
            "a search may name one person: send a batch for several",
        );
    }
    assert_eq!(hall.bytes_kept(), before);
}
