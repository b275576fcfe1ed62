//! A transaction: written whole or not at all, about one person.

use serde_json::{Value, json};

use crate::answer::Answer;
use crate::bundles::{ask, bundle, put, statuses};
use crate::hall::Hall;
use crate::morag::{admission, admitted, id_in, weight};

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
        "expected a date such as 2027-01-11, or a time with its zone such as 2027-01-11T09:30:00Z",
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
        "a condition is one identifier with its system: identifier=system|value",
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

/// An entry on the condition of an order's number.
fn on_order(method: &str, number: &str, resource: &Value) -> Value {
    let condition = format!("identifier=urn:orders|{number}");
    match method {
        "POST" => json!({
            "fullUrl": format!("urn:uuid:{number}"),
            "resource": resource,
            "request": {"method": "POST", "url": "Observation", "ifNoneExist": condition},
        }),
        "DELETE" => ask("DELETE", &format!("Observation?{condition}")),
        _ => json!({
            "resource": resource,
            "request": {"method": method, "url": format!("Observation?{condition}")},
        }),
    }
}

#[tokio::test]
async fn entries_on_a_condition_are_written_with_all_others_or_not_at_all() {
    let hall = Hall::open().await;
    let morag = admitted(&hall).await;
    let ordered = |kilograms: &str, number: &str| {
        let mut finding = weight(&morag, "w-1", kilograms, "2027-01-11");
        finding.as_object_mut().unwrap().remove("id");
        finding["identifier"] = json!([{"system": "urn:orders", "value": number}]);
        finding
    };
    let send =
        async |entries: Vec<Value>| hall.hospital().sends(&bundle("transaction", entries)).await;
    let about = |urn: &str| {
        let mut note = weight(&morag, "w-9", "0", "2027-01-11");
        note["derivedFrom"] = json!([{"reference": urn}]);
        put(note)
    };
    let first = send(vec![
        on_order("POST", "o-1", &ordered("71", "o-1")),
        on_order("PUT", "o-2", &ordered("72", "o-2")),
        about("urn:uuid:o-1"),
    ])
    .await
    .is(200);
    assert_eq!(
        statuses(&first),
        ["201 Created", "201 Created", "201 Created"]
    );
    let made = first.at("/entry/0/response/location");

    // The same again creates nothing, and what refers to it finds what was there.
    let again = send(vec![
        on_order("POST", "o-1", &ordered("99", "o-1")),
        on_order("PUT", "o-2", &ordered("73", "o-2")),
        about("urn:uuid:o-1"),
    ])
    .await
    .is(200);
    assert_eq!(statuses(&again), ["200 OK", "200 OK", "200 OK"]);
    assert_eq!(again.at("/entry/0/response/location"), made);
    let note = hall.ruksana().gets("Observation/w-9").await.is(200);
    let target = note.at("/derivedFrom/0/reference");
    assert!(made.contains(&target), "{made} {target}");

    let gone = send(vec![on_order("DELETE", "o-2", &Value::Null)])
        .await
        .is(200);
    assert_eq!(statuses(&gone), ["204 No Content"]);
    let before = hall.bytes_kept();
    let nothing = send(vec![
        on_order("POST", "o-3", &ordered("74", "o-3")),
        on_order("DELETE", "o-4", &Value::Null),
    ])
    .await;
    assert_eq!(nothing.status, 422, "{}", nothing.json());
    assert_eq!(nothing.at("/issue/0/expression/0"), "Bundle.entry[1]");
    assert_eq!(hall.bytes_kept(), before, "o-3 was not written either");
}
