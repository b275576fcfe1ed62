//! Search of several types at once, at the root of the interface and in a compartment.

use serde_json::{Value, json};

use crate::answer::Answer;
use crate::hall::Hall;
use crate::morag::{admitted, weight};

/// Morag, who lies in ward 6 with a weight, a pulse and a fever.
async fn in_ward_6(hall: &Hall) -> String {
    let morag = admitted(hall).await;
    let coded = |rtype: &str, text: &str, more: Value| {
        let mut resource = json!({
            "resourceType": rtype,
            "id": text,
            "code": {"text": text, "coding": [{"system": "urn:codes", "code": text}]},
            "subject": {"reference": format!("Patient/{morag}")},
        });
        let members = resource.as_object_mut().expect("an object");
        members.extend(more.as_object().cloned().expect("an object"));
        resource
    };
    let pulse = json!({"status": "final", "effectiveDateTime": "2027-01-11T08:15:00Z"});
    let fever = json!({"recordedDate": "2027-01-11"});
    for resource in [
        weight(&morag, "weight", "71", "2027-01-08"),
        coded("Observation", "pulse", pulse),
        coded("Condition", "fever", fever),
    ] {
        hall.hospital().puts(&resource).await.is(201);
    }
    morag
}

/// The type of each match, with its text where it has one.
fn found(answer: &Answer) -> Vec<String> {
    let name = |one: &Value| match one["code"]["text"].as_str() {
        Some(text) => format!(
            "{} {text}",
            one["resourceType"].as_str().unwrap_or_default()
        ),
        None => one["resourceType"].as_str().unwrap_or_default().to_owned(),
    };
    answer.matches().iter().map(name).collect()
}

#[tokio::test]
async fn several_types_are_searched_in_one_record() {
    let hall = Hall::open().await;
    let morag = in_ward_6(&hall).await;
    let all = ["Observation weight", "Observation pulse", "Condition fever"];
    for (question, expected) in [
        ("_type=Observation,Condition", &all[..]),
        ("_type=Observation&_type=Condition", &all),
        ("_type=Condition,Procedure", &all[2..]),
        ("_type=Patient,Encounter", &["Patient", "Encounter"]),
        ("_type=Observation,Condition&code=pulse,fever", &all[1..]),
        ("_type=Observation&date=lt2027-01-11", &all[..1]),
        ("_type=Observation,Condition&_sort=-_lastUpdated", &all),
        ("_type=Organization", &[]),
        ("_tag=urn:x|none", &[]),
        ("", &["Patient", "Encounter", all[0], all[1], all[2]]),
    ] {
        let mut expected = expected.to_vec();
        if question.contains("_sort=-") {
            expected.reverse();
        }
        let asked = format!("?patient={morag}&{question}");
        let answer = hall.ruksana().gets(&asked).await.is(200);
        assert_eq!(found(&answer), expected, "{question}");

        let form = format!("patient=Patient/{morag}&{question}");
        let by_form = hall.ruksana().posts("_search", form).await.is(200);
        assert_eq!(found(&by_form), expected, "{question}");

        let compartment = format!("Patient/{morag}/*?{question}");
        let within = hall.ruksana().gets(&compartment).await.is(200);
        assert_eq!(found(&within), expected, "{question}");

        let form = format!("Patient/{morag}/_search");
        let within = hall.ruksana().posts(&form, question.to_owned()).await;
        assert_eq!(found(&within.is(200)), expected, "{question}");
    }
}

#[tokio::test]
async fn its_pages_follow_one_another_and_are_one_line_in_her_account() {
    let hall = Hall::open().await;
    let morag = in_ward_6(&hall).await;
    let first = format!("?patient={morag}&_type=Observation,Condition&_count=1");
    let mut page = hall.ruksana().gets(&first).await.is(200);
    assert_eq!(page.json()["total"], 3);
    let own = page.link("self").expect("its own address");
    assert!(own.contains("/fhir?patient="), "{own}");
    let mut names = found(&page);
    while let Some(next) = page.link("next") {
        page = hall.ruksana().gets(&next).await.is(200);
        names.extend(found(&page));
    }
    assert_eq!(
        names,
        ["Observation weight", "Observation pulse", "Condition fever"]
    );
    let account = hall
        .person_of(&morag)
        .await
        .gets("AuditEvent")
        .await
        .is(200);
    assert_eq!(account.matches().len(), 1, "{}", account.text());
}

#[tokio::test]
async fn what_is_asked_must_be_known_to_every_type() {
    let hall = Hall::open().await;
    let morag = in_ward_6(&hall).await;
    let asked = format!("?patient={morag}&_type=Observation,Condition&onset-age=gt7");
    let answer = hall.ruksana().gets(&asked).await.is(200);
    assert_eq!(answer.json()["total"], 3, "it was ignored");
    assert!(answer.text().contains("ignored: onset-age=gt7"));
    let strict = hall.ruksana().with("prefer", "handling=strict");
    let words = "search parameters that are not supported: onset-age=gt7";
    strict.gets(&asked).await.says(400, "not-supported", words);
    let unknown = format!("?patient={morag}&_type=Observation,Dragon");
    hall.ruksana().gets(&unknown).await.is(404);
}

#[tokio::test]
async fn one_type_of_her_compartment_is_asked_for_by_address_or_by_form() {
    let hall = Hall::open().await;
    let morag = in_ward_6(&hall).await;
    let ruksana = hall.ruksana();
    let strict = ruksana.with("prefer", "handling=strict");
    let address = format!("Patient/{morag}/Observation");
    let form = format!("{address}/_search");
    for (question, expected) in [
        ("code=pulse", 1),
        ("code=pulse,29463-7&_count=1", 2),
        ("code=rash", 0),
        ("", 2),
    ] {
        let told = ruksana.gets(&format!("{address}?{question}")).await;
        assert_eq!(told.is(200).json()["total"], expected, "{question}");
        let told = ruksana.posts(&form, question.to_owned()).await;
        assert_eq!(told.is(200).json()["total"], expected, "{question}");
    }
    let words = "search parameters that are not supported: colour=red";
    let answer = strict.posts(&form, "colour=red").await;
    answer.says(400, "not-supported", words);
    let answer = strict.gets(&format!("{address}?colour=red")).await;
    answer.says(400, "not-supported", words);
    for (nowhere, status) in [
        (format!("Patient/{morag}/Organization/_search"), 400),
        (format!("Organization/{morag}/_search"), 404),
        (format!("Dragon/{morag}/_search"), 404),
        ("Patient/nobody/_search".to_owned(), 404),
    ] {
        let answer = ruksana.posts(&nowhere, "").await;
        assert_eq!(answer.status, status, "{nowhere}: {}", answer.text());
    }
}

#[tokio::test]
async fn somebody_must_be_named_unless_it_is_about_nobody() {
    let hall = Hall::open().await;
    let morag = in_ward_6(&hall).await;
    for question in [
        "_type=Observation,Condition",
        "_type=Organization,Condition",
        "code=x",
    ] {
        let answer = hall.ruksana().gets(&format!("?{question}")).await.is(400);
        assert!(answer.text().contains("say whose record"), "{question}");
    }
    let both = format!("?_type=Condition&patient={morag}&patient=somebody-else");
    hall.ruksana().gets(&both).await.is(400);
    let places = hall
        .ruksana()
        .gets("?_type=Organization,Location&_count=1000")
        .await
        .is(200);
    let types: Vec<String> = found(&places);
    assert!(types.iter().any(|one| one == "Organization"));
    assert!(types.iter().any(|one| one == "Location"));
    // Finding a person is what it is elsewhere.
    let netta = hall
        .ruksana()
        .gets("?_type=Patient&identifier=1907459901")
        .await
        .is(200);
    assert_eq!(found(&netta), ["Patient"]);
}

#[tokio::test]
async fn it_opens_no_more_than_other_searches() {
    let hall = Hall::open().await;
    let morag = in_ward_6(&hall).await;
    let asked = format!("?patient={morag}&_type=Observation,Condition");
    hall.derek().gets(&asked).await.is(403);
    hall.anybody().gets(&asked).await.is(401);

    let scoped = hall.token_but("ruksana-chaudhry", &["TREAT"], |claims| {
        claims["scope"] = json!("user/Condition.rs user/Encounter.rs");
    });
    let scoped = hall.bearing(&scoped);
    let words = "the token has no scope for this type and interaction";
    scoped.gets(&asked).await.says(403, "forbidden", words);
    let every = scoped.gets(&format!("?patient={morag}")).await.is(200);
    assert_eq!(found(&every), ["Encounter", "Condition fever"]);
}

#[tokio::test]
async fn a_batch_may_ask_so_too() {
    let hall = Hall::open().await;
    let morag = in_ward_6(&hall).await;
    let url = format!("?patient={morag}&_type=Observation,Condition");
    let batch = json!({"resourceType": "Bundle", "type": "batch", "entry": [
        {"request": {"method": "GET", "url": url}},
    ]});
    let answer = hall.ruksana().sends(&batch).await.is(200);
    assert_eq!(answer.json()["entry"][0]["resource"]["total"], 3);
}
