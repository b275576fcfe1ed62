//! Many at once: a batch entry by entry, a transaction whole or not at all.

use serde_json::{Value, json};

use crate::answer::Answer;
use crate::hall::Hall;
use crate::morag::{admission, admitted, called, id_in, weight};

fn bundle(kind: &str, entries: Vec<Value>) -> Value {
    json!({"resourceType": "Bundle", "type": kind, "entry": entries})
}

fn put(resource: Value) -> Value {
    let part = |name: &str| resource[name].as_str().expect("type and id");
    let url = format!("{}/{}", part("resourceType"), part("id"));
    json!({"resource": resource, "request": {"method": "PUT", "url": url}})
}

fn post(resource: Value) -> Value {
    let url = resource["resourceType"]
        .as_str()
        .expect("a type")
        .to_owned();
    json!({"resource": resource, "request": {"method": "POST", "url": url}})
}

fn ask(method: &str, url: &str) -> Value {
    json!({"request": {"method": method, "url": url}})
}

/// The status of each entry, in order.
fn statuses(answer: &Answer) -> Vec<String> {
    let answered = answer.json();
    let entries = answered["entry"].as_array().expect("entries").iter();
    entries
        .map(|entry| {
            entry["response"]["status"]
                .as_str()
                .expect("a status")
                .to_owned()
        })
        .collect()
}

/// The words of an entry's first issue.
fn words(answer: &Answer, entry: usize) -> String {
    answer.at(&format!(
        "/entry/{entry}/response/outcome/issue/0/details/text"
    ))
}

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
        "an entry is POST Type, PUT Type/id, DELETE Type/id or GET"
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
async fn entries_of_a_transaction_refer_to_each_other_and_to_what_is_there() {
    let hall = Hall::open().await;
    let answer = hall.hospital().sends(&admission()).await.is(200);
    assert_eq!(answer.at("/type"), "transaction-response");
    assert_eq!(statuses(&answer), ["201 Created", "201 Created"]);
    let morag = id_in(&answer.at("/entry/0/response/location"));
    let encounter = id_in(&answer.at("/entry/1/response/location"));

    let read = hall.ruksana().reads("Encounter", encounter).await.is(200);
    assert_eq!(read.at("/subject/reference"), format!("Patient/{morag}"));
    let hospital = hall
        .town
        .contributions
        .iter()
        .find(|one| one.resource_type == "Organization" && one.by.as_str() == "hospital");
    let hospital = hall.id_of(
        "hospital",
        "Organization",
        &hospital.expect("the hospital's own").local_id,
    );
    assert_eq!(
        read.at("/serviceProvider/reference"),
        format!("Organization/{hospital}")
    );
    let original = hall
        .ruksana()
        .gets(&format!("Encounter/{}/$original", read.at("/id")))
        .await
        .is(200);
    assert_eq!(
        original.body,
        admission()["entry"][1]["resource"].to_string().into_bytes()
    );
}

#[tokio::test]
async fn a_transaction_may_be_written_in_any_order() {
    let hall = Hall::open().await;
    let mut backwards = admission();
    backwards["entry"]
        .as_array_mut()
        .expect("entries")
        .reverse();
    let answer = hall.hospital().sends(&backwards).await.is(200);
    // The answers stand as the entries stood.
    assert!(
        answer
            .at("/entry/0/response/location")
            .contains("/Encounter/")
    );
    assert!(
        answer
            .at("/entry/1/response/location")
            .contains("/Patient/")
    );
}

#[tokio::test]
async fn a_transaction_that_fails_anywhere_writes_nothing() {
    let hall = Hall::open().await;
    let morag = admitted(&hall).await;
    hall.hospital()
        .puts(&weight(&morag, "w-0", "70", "2027-01-10"))
        .await
        .is(201);
    let mowat = hall.patient("alasdair-mowat").to_string();
    let good = put(weight(&morag, "w-1", "71", "2027-01-11"));
    let before = hall.bytes_kept();
    let in_entry = |answer: Answer, status: u16, code: &str, words: &str, place: &str| {
        let answer = answer.says(status, code, words);
        assert_eq!(answer.at("/issue/0/expression/0"), place);
    };
    let send =
        async |entries: Vec<Value>| hall.hospital().sends(&bundle("transaction", entries)).await;

    let answer = send(vec![
        good.clone(),
        put(weight(&mowat, "w-2", "80", "2027-01-11")),
    ])
    .await;
    answer.says(
        422,
        "business-rule",
        "a transaction may concern one person: send a batch for several",
    );

    let mut bad_date = weight(&morag, "w-2", "72", "2027-01-11");
    bad_date["effectiveDateTime"] = json!("today");
    let answer = send(vec![good.clone(), put(bad_date)]).await;
    in_entry(
        answer,
        400,
        "value",
        "expected a date such as 2027-01-11 or an instant",
        "Bundle.entry[1].resource.Observation.effectiveDateTime",
    );

    let practices = hall
        .id_of("millburn-practice", "Condition", "condition-1")
        .to_string();
    let theirs = json!({"resourceType": "Condition", "id": practices, "subject": {"reference": format!("Patient/{mowat}")}});
    let answer = send(vec![good.clone(), put(theirs)]).await;
    in_entry(
        answer,
        422,
        "not-found",
        "your agency holds no resource of this id",
        "Bundle.entry[1]",
    );

    let answer = send(vec![good.clone(), good.clone()]).await;
    in_entry(
        answer,
        422,
        "duplicate",
        "the same resource stands twice in one change",
        "Bundle.entry[1]",
    );
    let answer = send(vec![good.clone(), ask("GET", "Observation/w-0")]).await;
    in_entry(
        answer,
        400,
        "not-supported",
        "a transaction only writes: put reads into a batch",
        "Bundle.entry[1]",
    );
    let answer = send(vec![
        good.clone(),
        ask("DELETE", "Observation?identifier=1"),
    ])
    .await;
    in_entry(
        answer,
        400,
        "not-supported",
        "conditional updates and deletes are not taken here: use PUT or DELETE with your own id",
        "Bundle.entry[1]",
    );

    let unresolved = |reference: &str| {
        let mut resource = weight(&morag, "w-2", "72", "2027-01-11");
        resource["performer"] = json!([{"reference": reference}]);
        put(resource)
    };
    let answer = send(vec![
        good.clone(),
        unresolved("Practitioner?identifier=https://another.example|7"),
    ])
    .await;
    in_entry(
        answer,
        400,
        "value",
        "nothing that your agency contributed has this identifier",
        "Bundle.entry[1].resource.Observation.performer[0]",
    );

    let mut stale = good.clone();
    stale["request"]["ifMatch"] = json!("W/\"4\"");
    let answer = send(vec![stale]).await;
    answer.says(412, "conflict", "the version given is not the current one");
    assert_eq!(hall.bytes_kept(), before);
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
async fn called_is_what_a_batch_search_finds() {
    let hall = Hall::open().await;
    let morag = admitted(&hall).await;
    hall.hospital()
        .puts(&weight(&morag, "w-0", "70", "2027-01-10"))
        .await
        .is(201);
    let one = bundle(
        "batch",
        vec![ask(
            "GET",
            &format!("Observation?patient={morag}&code=29463-7"),
        )],
    );
    let whole = hall.ruksana().sends(&one).await.is(200);
    let alone = hall
        .ruksana()
        .gets(&format!("Observation?patient={morag}&code=29463-7"))
        .await
        .is(200);
    assert_eq!(called(&alone), ["w-0"]);
    assert_eq!(whole.json()["entry"][0]["resource"], alone.json());
}
