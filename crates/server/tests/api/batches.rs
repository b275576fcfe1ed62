//! A batch: entry by entry, in order, each decided and logged by itself.

use ledger::Receipt;
use serde_json::json;

use crate::bundles::{ask, bundle, post, put, statuses, words};
use crate::hall::Hall;
use crate::morag::{admitted, weight};

#[tokio::test]
async fn a_batch_answers_each_entry_by_itself_and_in_order() {
    let hall = Hall::open().await;
    let morag = admitted(&hall).await;
    let archie = hall.patient("archie-dunsmore");
    let known = hall.id_of("hospital", "Observation", "w-0").to_string();
    let nobodys = hall.cx.ids.fresh(hall.cx.chance.as_ref()).to_string();
    let first = weight(&morag, "w-0", "70", "2027-01-10");
    hall.hospital().puts(&first).await.is(201);
    // A nurse of the ward's, whose client both writes and reads.
    let answer = hall
        .ruksana()
        .sends(&bundle(
            "batch",
            vec![
                ask("GET", &format!("Observation?patient={morag}")),
                post(weight(&morag, "w-1", "71", "2027-01-11")),
                ask("GET", &format!("Observation?patient={morag}")),
                put(weight(&morag, &known, "69", "2027-01-10")),
                put(weight(&morag, &known, "69", "2027-01-10")),
                ask("GET", &format!("Observation/{known}")),
                post(weight(&nobodys, "w-2", "71", "2027-01-11")),
                ask("DELETE", &format!("Observation/{known}")),
                ask("GET", &format!("Observation/{known}")),
                ask("GET", &format!("Patient/{archie}")),
                ask("PATCH", &format!("Observation/{known}")),
                ask("GET", "Ailment/1"),
                json!({"resource": {"resourceType": "Flag"}}),
                json!({
                    "resource": weight(&morag, "x", "72", "2027-01-11"),
                    "request": {"method": "POST", "url": "Observation", "ifNoneExist": "code=1"},
                }),
            ],
        ))
        .await
        .is(200);
    assert_eq!(answer.at("/type"), "batch-response");
    assert_eq!(
        statuses(&answer),
        [
            "200 OK",
            "201 Created",
            "200 OK",
            "200 OK",
            "200 OK",
            "200 OK",
            "422 Unprocessable Entity",
            "204 No Content",
            "410 Gone",
            "403 Forbidden",
            "400 Bad Request",
            "404 Not Found",
            "422 Unprocessable Entity",
            "400 Bad Request",
        ]
    );
    // Each entry sees what those before it did.
    assert_eq!(answer.at("/entry/0/resource/total"), "1");
    assert_eq!(answer.at("/entry/2/resource/total"), "2");
    assert_eq!(answer.at("/entry/5/resource/valueString"), "69");
    let version = format!("http://exchange.example/fhir/Observation/{known}/_history/2");
    assert_eq!(answer.at("/entry/3/response/location"), version);
    assert_eq!(answer.at("/entry/3/response/etag"), "W/\"2\"");
    assert_eq!(
        answer.at("/entry/3/response/lastModified"),
        "2027-01-11T09:30:00.000Z"
    );
    assert!(words(&answer, 6).starts_with("the Patient that this is about is not known here"));
    assert!(words(&answer, 9).starts_with("R02:"));
    assert_eq!(
        words(&answer, 10),
        "an entry is POST Type, PUT Type/id, DELETE Type/id, one of the last two with ?identifier=system|value for an id, or GET"
    );
    assert_eq!(
        words(&answer, 12),
        "each entry needs a request that says what to do"
    );
}

#[tokio::test]
async fn a_batch_under_one_key_loses_none_of_its_entries() {
    let hall = Hall::open().await;
    let morag = admitted(&hall).await;
    let hospital = hall.hospital().with("idempotency-key", "monday-18");
    let two = bundle(
        "batch",
        vec![
            json!({"resource": weight(&morag, "w-1", "71", "2027-01-11"), "request": {"method": "POST", "url": "Observation"}}),
            json!({"resource": weight(&morag, "w-1", "71", "2027-01-11"), "request": {"method": "POST", "url": "Observation"}}),
        ],
    );
    let first = hospital.sends(&two).await.is(200);
    assert_eq!(statuses(&first), ["201 Created", "201 Created"]);
    let before = hall.bytes_kept();
    let again = hospital.sends(&two).await.is(200);
    assert_eq!(statuses(&again), ["200 OK", "200 OK"]);
    for entry in [0, 1] {
        let location = format!("/entry/{entry}/response/location");
        assert_eq!(again.at(&location), first.at(&location));
    }
    assert_eq!(hall.bytes_kept(), before);
    let found = hall
        .ruksana()
        .gets(&format!("Observation?patient={morag}"))
        .await
        .is(200);
    assert_eq!(found.matches().len(), 2);
}

#[tokio::test]
async fn what_is_no_batch_is_not_carried_out() {
    let hall = Hall::open().await;
    let before = hall.bytes_kept();
    let hospital = hall.hospital();
    let answer = hospital
        .sends(&json!({"resourceType": "Patient", "name": [{"family": "Testwell"}]}))
        .await;
    let answer = answer.says(
        400,
        "structure",
        "expected a Bundle of type batch or transaction",
    );
    assert_eq!(answer.at("/issue/0/expression/0"), "Patient");
    for kind in ["collection", "searchset", "", "Batch"] {
        let answer = hospital.sends(&json!({"resourceType": "Bundle", "type": if kind.is_empty() { "none" } else { kind }})).await;
        answer.says(
            400,
            "value",
            "only bundles of type batch or transaction are carried out",
        );
    }
    let answer = hospital
        .sends(&json!({"resourceType": "Bundle", "type": "batch", "entry": {"request": 1}}))
        .await;
    answer.says(400, "structure", "expected a list");
    let answer = hospital.sends(&json!({"resourceType": "Bundle", "type": "batch", "entry": [{"request": {"method": "GET"}}]})).await;
    let answer = answer.says(422, "required", "a request has a method and a url");
    assert_eq!(
        answer.at("/issue/0/expression/0"),
        "Bundle.entry[0].request.url"
    );
    assert_eq!(hall.bytes_kept(), before);
}

#[tokio::test]
async fn each_person_in_a_batch_reads_of_their_own_part() {
    let hall = Hall::open().await;
    let morag = admitted(&hall).await;
    hall.hospital()
        .puts(&weight(&morag, "w-0", "70", "2027-01-10"))
        .await
        .is(201);
    let mowat = hall.patient("alasdair-mowat");
    let both = bundle(
        "batch",
        vec![
            ask("GET", &format!("Observation?patient={morag}")),
            ask("GET", &format!("Condition?patient={mowat}")),
        ],
    );
    let answer = hall.ruksana().sends(&both).await.is(200);
    assert_eq!(statuses(&answer), ["200 OK", "200 OK"]);
    for (patient, what) in [
        (morag, "tests and results"),
        (mowat.to_string(), "health conditions"),
    ] {
        let account = hall
            .person_of(&patient)
            .await
            .gets("AuditEvent")
            .await
            .is(200);
        let lines = account.matches();
        assert_eq!(lines.len(), 1);
        let sentence = lines[0]["outcomeDesc"].as_str().expect("a sentence");
        assert!(
            sentence.starts_with(&format!(
                "Ruksana Chaudhry, nurse at Clydevale Hospital, read your {what} on "
            )),
            "{sentence}"
        );
    }
}

#[tokio::test]
async fn whatever_can_be_asked_alone_can_be_asked_in_a_batch() {
    let hall = Hall::open().await;
    let netta = hall.patient("netta-dunsmore");
    let condition = hall.id_of("braehead-practice", "Condition", "condition-5");
    let questions = [
        format!("Condition?patient={netta}"),
        format!("Condition/{condition}"),
        format!("Condition/{condition}/_history/1"),
        format!("Patient/{netta}/$everything?_type=Condition"),
        "Practitioner?_count=2".to_owned(),
        "Patient?identifier=1907459901".to_owned(),
    ];
    let entries = questions.iter().map(|url| ask("GET", url)).collect();
    let whole = hall.fraser().sends(&bundle("batch", entries)).await.is(200);
    let whole = whole.json();
    for (place, question) in questions.iter().enumerate() {
        let alone = hall.fraser().gets(question).await.is(200);
        let entry = &whole["entry"][place];
        assert_eq!(
            without_place(&entry["resource"]),
            without_place(&alone.json()),
            "{question}"
        );
        let etag = entry["response"]["etag"].as_str().unwrap_or_default();
        assert_eq!(etag, alone.header("etag"), "{question}");
    }
    let own = hall.person("netta-dunsmore");
    let account = own
        .sends(&bundle("batch", vec![ask("GET", "AuditEvent")]))
        .await;
    assert_eq!(account.is(200).at("/entry/0/resource/type"), "searchset");
}

/// A bundle without the link to its next page, whose seal is never the same twice.
fn without_place(bundle: &serde_json::Value) -> serde_json::Value {
    let mut bundle = bundle.clone();
    if let Some(members) = bundle.as_object_mut() {
        members.remove("link");
    }
    bundle
}

#[tokio::test]
async fn each_answer_in_a_batch_has_its_own_receipt() {
    let hall = Hall::open().await;
    let netta = hall.patient("netta-dunsmore");
    let two = bundle(
        "batch",
        vec![
            ask("GET", &format!("Patient/{netta}")),
            ask("GET", &format!("Condition?patient={netta}")),
        ],
    );
    for (actor, status) in [(hall.fraser(), "200 OK"), (hall.derek(), "403 Forbidden")] {
        let answer = actor.sends(&two).await.is(200);
        assert_eq!(statuses(&answer), [status, status]);
        let mut commitments = Vec::new();
        for entry in [0, 1] {
            let issues = answer.json()["entry"][entry]["response"]["outcome"]["issue"].clone();
            let issues = issues.as_array().expect("issues");
            let said = issues.last().expect("one")["diagnostics"].as_str();
            let receipt = said.expect("a receipt").strip_prefix("candour-receipt: ");
            let receipt = Receipt::decode(receipt.expect("a receipt")).expect("a receipt");
            receipt.verify(&hall.log_key).expect("the log's promise");
            commitments.push(receipt.commitment);
        }
        assert_ne!(commitments[0], commitments[1]);
    }
}
