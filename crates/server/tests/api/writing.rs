//! What an agency sends: kept as it was sent, versioned, and changed by that agency alone.

use serde_json::json;

use crate::hall::Hall;
use crate::morag::{admitted, called, id_in, weight};

/// A weight as some system writes it: its own layout, digits and escapes.
const WEIGHT: &str = "{ \"resourceType\" : \"Observation\",\r\n\t\"id\": \"w-1\", \"status\": \"final\",\n  \
    \"code\": {\"coding\": [{\"code\": \"29463-7\", \"system\": \"http://loinc.org\"}]},\n  \
    \"subject\": {\"display\": \"A. Mowat\", \"reference\": \"Patient/P-1002\"},\n  \
    \"valueQuantity\": {\"value\": 107.50, \"unit\": \"kg\"}, \"note\": [{\"text\": \"caf\\u00e9, 1.0e2\"}] }\n";

/// What [`WEIGHT`] becomes: id, meta and the reference are put in, and nothing else changes.
fn served(id: &str, mowat: &str, version: u32) -> String {
    let meta = format!(
        "\"meta\":{{\"versionId\":\"{version}\",\"lastUpdated\":\"2027-01-11T09:30:00.000Z\",\"security\":\
        [{{\"system\":\"http://terminology.hl7.org/CodeSystem/v3-Confidentiality\",\"code\":\"N\"}}]}}"
    );
    WEIGHT
        .replace("\"w-1\"", &format!("\"{id}\",{meta}"))
        .replace("Patient/P-1002", &format!("Patient/{mowat}"))
}

#[tokio::test]
async fn what_is_created_comes_back_as_it_was_sent_with_id_and_version_put_in() {
    let hall = Hall::open().await;
    let mowat = hall.patient("alasdair-mowat").to_string();
    let created = hall.hospital().posts("Observation", WEIGHT).await.is(201);
    let id = id_in(created.header("location"));
    assert_ne!(id, "w-1", "the id of something created is of our making");
    assert_eq!(
        created.header("location"),
        format!("http://exchange.example/fhir/Observation/{id}/_history/1")
    );
    assert_eq!(created.header("etag"), "W/\"1\"");
    assert_eq!(
        created.header("last-modified"),
        "Mon, 11 Jan 2027 09:30:00 GMT"
    );
    assert_eq!(created.text(), served(&id, &mowat, 1));

    let read = hall.ruksana().reads("Observation", &id).await.is(200);
    assert_eq!(read.text(), served(&id, &mowat, 1));
    assert_eq!(read.header("etag"), "W/\"1\"");
    assert_eq!(
        read.header("last-modified"),
        "Mon, 11 Jan 2027 09:30:00 GMT"
    );
    assert_eq!(read.header("cache-control"), "no-store");
    let original = hall
        .ruksana()
        .gets(&format!("Observation/{id}/$original"))
        .await
        .is(200);
    assert_eq!(original.text(), WEIGHT);
    assert_eq!(hall.verified().await.faults, Vec::<String>::new());
}

#[tokio::test]
async fn the_original_goes_back_to_the_agency_that_sent_it_and_to_no_other() {
    let hall = Hall::open().await;
    hall.hospital()
        .puts_at("Observation/w-1", WEIGHT)
        .await
        .is(201);
    let id = hall.id_of("hospital", "Observation", "w-1");
    // The practice's doctor may read it, and is not who sent it.
    let doctor = hall.actor("catherine-rattray", &["TREAT"]);
    doctor.reads("Observation", id).await.is(200);
    let answer = doctor.gets(&format!("Observation/{id}/$original")).await;
    answer.says(
        404,
        "not-found",
        "there is nothing here of that id that you may see",
    );
}

#[tokio::test]
async fn each_version_is_kept_and_an_identical_one_is_none() {
    let hall = Hall::open().await;
    let morag = admitted(&hall).await;
    let hospital = hall.hospital();
    let first = hospital
        .puts(&weight(&morag, "w-1", "71", "2027-01-11"))
        .await
        .is(201);
    assert_eq!(first.header("etag"), "W/\"1\"");
    hall.wait(60);
    let second = hospital
        .puts(&weight(&morag, "w-1", "72", "2027-01-11"))
        .await
        .is(200);
    assert_eq!(second.header("etag"), "W/\"2\"");
    assert_eq!(
        second.header("last-modified"),
        "Mon, 11 Jan 2027 09:31:00 GMT"
    );
    assert_eq!(
        id_in(first.header("location")),
        id_in(second.header("location"))
    );

    let before = hall.bytes_kept();
    hall.wait(60);
    let again = hospital
        .puts(&weight(&morag, "w-1", "72", "2027-01-11"))
        .await
        .is(200);
    assert_eq!(again.header("etag"), "W/\"2\"");
    assert_eq!(
        again.header("last-modified"),
        "Mon, 11 Jan 2027 09:31:00 GMT"
    );
    assert_eq!(again.body, second.body);
    assert_eq!(hall.bytes_kept(), before, "an identical PUT writes nothing");

    let ruksana = hall.ruksana();
    assert_eq!(
        ruksana
            .reads("Observation", "w-1")
            .await
            .is(200)
            .at("/valueString"),
        "72"
    );
    assert_eq!(
        ruksana
            .gets("Observation/w-1/_history/1")
            .await
            .is(200)
            .at("/valueString"),
        "71"
    );
    assert_eq!(
        ruksana
            .gets("Observation/w-1/_history/2")
            .await
            .is(200)
            .at("/valueString"),
        "72"
    );
    for version in ["3", "0", "-1", "first", "4294967296"] {
        let answer = ruksana
            .gets(&format!("Observation/w-1/_history/{version}"))
            .await;
        answer.says(
            404,
            "not-found",
            "there is nothing here of that id that you may see",
        );
    }
}

#[tokio::test]
async fn what_is_deleted_is_gone_and_its_history_stays() {
    let hall = Hall::open().await;
    let morag = admitted(&hall).await;
    let (hospital, ruksana) = (hall.hospital(), hall.ruksana());
    for id in ["w-0", "w-1"] {
        let one = weight(&morag, id, "71", "2027-01-11");
        hospital.puts(&one).await.is(201);
    }
    let deleted = hospital.deletes("Observation/w-1").await.is(204);
    assert_eq!((deleted.header("etag"), deleted.body.len()), ("W/\"2\"", 0));
    let gone = ruksana.reads("Observation", "w-1").await;
    gone.says(
        410,
        "deleted",
        "it was here and has been deleted by its contributor",
    );
    let found = ruksana
        .gets(&format!("Observation?patient={morag}"))
        .await
        .is(200);
    assert_eq!(called(&found), ["w-0"]);
    assert_eq!(
        ruksana
            .gets("Observation/w-1/_history/1")
            .await
            .is(200)
            .at("/valueString"),
        "71"
    );

    let before = hall.bytes_kept();
    let again = hospital.deletes("Observation/w-1").await.is(204);
    assert_eq!(again.header("etag"), "W/\"2\"");
    assert_eq!(
        hall.bytes_kept(),
        before,
        "what is deleted is not deleted again"
    );
    // Somebody who may not see it is not told that it was there.
    let answer = hall
        .derek()
        .reads("Observation", hall.id_of("hospital", "Observation", "w-1"))
        .await;
    answer.says(
        404,
        "not-found",
        "there is nothing here of that id that you may see",
    );

    let back = hospital
        .puts(&weight(&morag, "w-1", "72", "2027-01-12"))
        .await
        .is(201);
    assert_eq!(back.header("etag"), "W/\"3\"");
    assert_eq!(
        ruksana
            .reads("Observation", "w-1")
            .await
            .is(200)
            .at("/valueString"),
        "72"
    );
}

#[tokio::test]
async fn a_patient_is_not_deleted() {
    let hall = Hall::open().await;
    let before = hall.bytes_kept();
    let answer = hall.hospital().deletes("Patient/P-1002").await;
    answer.says(
        422,
        "business-rule",
        "a Patient is not deleted, because a record hangs on it: mark it inactive, or ask for a purge",
    );
    assert_eq!(hall.bytes_kept(), before);
}

#[tokio::test]
async fn a_version_that_is_expected_must_be_the_current_one() {
    let hall = Hall::open().await;
    let morag = admitted(&hall).await;
    let hospital = hall.hospital();
    hospital
        .puts(&weight(&morag, "w-1", "71", "2027-01-11"))
        .await
        .is(201);
    let expecting_first = hospital.with("if-match", "W/\"1\"");
    expecting_first
        .puts(&weight(&morag, "w-1", "72", "2027-01-11"))
        .await
        .is(200);

    let before = hall.bytes_kept();
    let stale = "the version given is not the current one";
    let answer = expecting_first
        .puts(&weight(&morag, "w-1", "73", "2027-01-11"))
        .await;
    answer.says(412, "conflict", stale);
    expecting_first
        .deletes("Observation/w-1")
        .await
        .says(412, "conflict", stale);
    let answer = expecting_first
        .puts(&weight(&morag, "w-2", "73", "2027-01-11"))
        .await;
    answer.says(412, "conflict", stale);
    // A retry whose first answer was lost finds what it did.
    expecting_first
        .puts(&weight(&morag, "w-1", "72", "2027-01-11"))
        .await
        .is(200);

    for malformed in ["2", "W/2", "W/\"two\"", "\"1\", \"2\"", "*"] {
        let answer = hospital
            .with("if-match", malformed)
            .puts(&weight(&morag, "w-1", "73", "2027-01-11"))
            .await;
        answer.says(
            400,
            "value",
            "If-Match is the ETag that a read gave: W/\"2\"",
        );
    }
    assert_eq!(hall.bytes_kept(), before);
    hospital
        .with("if-match", "W/\"2\"")
        .deletes("Observation/w-1")
        .await
        .is(204);
}

#[tokio::test]
async fn a_version_that_is_held_is_not_sent_again() {
    let hall = Hall::open().await;
    let morag = admitted(&hall).await;
    hall.hospital()
        .puts(&weight(&morag, "w-1", "71", "2027-01-11"))
        .await
        .is(201);
    let ruksana = hall.ruksana();
    for known in ["W/\"1\"", "\"1\"", "W/\"7\", W/\"1\"", "*"] {
        let answer = ruksana
            .with("if-none-match", known)
            .reads("Observation", "w-1")
            .await
            .is(304);
        assert_eq!((answer.body.len(), answer.header("etag")), (0, "W/\"1\""));
        answer
            .receipt()
            .verify(&hall.log_key)
            .expect("it is logged like any read");
    }
    let answer = ruksana
        .with("if-none-match", "W/\"2\"")
        .reads("Observation", "w-1")
        .await
        .is(200);
    assert_eq!(answer.at("/valueString"), "71");
}

#[tokio::test]
async fn prefer_says_how_much_of_it_comes_back() {
    let hall = Hall::open().await;
    let morag = admitted(&hall).await;
    let minimal = hall.hospital().with("prefer", "return=minimal");
    let answer = minimal
        .puts(&weight(&morag, "w-1", "71", "2027-01-11"))
        .await
        .is(201);
    assert_eq!((answer.body.len(), answer.header("etag")), (0, "W/\"1\""));
    let outcome = hall.hospital().with("prefer", "return=OperationOutcome");
    let answer = outcome
        .puts(&weight(&morag, "w-1", "71", "2027-01-11"))
        .await;
    answer.says(200, "informational", "the same as before: nothing changed");
    let whole = hall.hospital().with("prefer", "return=representation");
    let answer = whole
        .puts(&weight(&morag, "w-1", "72", "2027-01-11"))
        .await
        .is(200);
    assert_eq!(answer.at("/valueString"), "72");
}

#[tokio::test]
async fn an_agencys_own_id_is_its_own_alone() {
    let hall = Hall::open().await;
    let mowat = hall.patient("alasdair-mowat");
    let condition = |text: &str| {
        json!({
            "resourceType": "Condition",
            "id": "my-7",
            "subject": {"reference": format!("Patient/{mowat}")},
            "code": {"text": text},
        })
    };
    let millburn = hall.actor("braehead-practice-records", &["TREAT"]);
    hall.hospital()
        .puts(&condition("of the hospital"))
        .await
        .is(201);
    millburn.puts(&condition("of the practice")).await.is(201);

    assert_eq!(
        hall.ruksana()
            .reads("Condition", "my-7")
            .await
            .is(200)
            .at("/code/text"),
        "of the hospital"
    );
    let doctor = hall.actor("catherine-rattray", &["TREAT"]);
    assert_eq!(
        doctor
            .reads("Condition", "my-7")
            .await
            .is(200)
            .at("/code/text"),
        "of the practice"
    );
    // Under the ids that they have here, each is one and the same for everybody.
    let practices = hall.id_of("braehead-practice", "Condition", "my-7");
    assert_eq!(
        hall.ruksana()
            .reads("Condition", practices)
            .await
            .is(200)
            .at("/code/text"),
        "of the practice"
    );
    // To a third agency the id says nothing.
    let answer = hall.fraser().reads("Condition", "my-7").await;
    answer.says(
        404,
        "not-found",
        "there is nothing here of that id that you may see",
    );
}

#[tokio::test]
async fn what_another_agency_holds_is_as_good_as_not_there() {
    let hall = Hall::open().await;
    let before = hall.bytes_kept();
    let practices = hall
        .id_of("millburn-practice", "Condition", "condition-1")
        .to_string();
    let nobodys = hall.cx.ids.fresh(hall.cx.chance.as_ref()).to_string();
    let change = |id: &str| {
        json!({
            "resourceType": "Condition",
            "id": id,
            "subject": {"reference": format!("Patient/{}", hall.patient("alasdair-mowat"))},
            "code": {"text": "no such thing"},
        })
    };
    let hospital = hall.hospital();
    let theirs = hospital.puts(&change(&practices)).await;
    let none = hospital.puts(&change(&nobodys)).await;
    assert_eq!(theirs.comparable(), none.comparable());
    theirs.says(
        404,
        "not-found",
        "there is nothing here of that id that you may see",
    );
    let theirs = hospital.deletes(&format!("Condition/{practices}")).await;
    let none = hospital.deletes(&format!("Condition/{nobodys}")).await;
    assert_eq!(theirs.comparable(), none.comparable());
    theirs.says(
        404,
        "not-found",
        "there is nothing here of that id that you may see",
    );
    // Not even the version is looked at.
    let theirs = hospital
        .with("if-match", "W/\"9\"")
        .puts(&change(&practices))
        .await;
    theirs.says(
        404,
        "not-found",
        "there is nothing here of that id that you may see",
    );
    assert_eq!(hall.bytes_kept(), before);
}

#[tokio::test]
async fn an_update_moves_nothing_to_another_person() {
    let hall = Hall::open().await;
    let morag = admitted(&hall).await;
    hall.hospital()
        .puts(&weight(&morag, "w-1", "71", "2027-01-11"))
        .await
        .is(201);
    let before = hall.bytes_kept();
    let mowat = hall.patient("alasdair-mowat").to_string();
    let answer = hall
        .hospital()
        .puts(&weight(&mowat, "w-1", "71", "2027-01-11"))
        .await;
    answer.says(
        422,
        "business-rule",
        "an update cannot move a resource to another person: delete it and write it anew, or ask for a move",
    );
    assert_eq!(hall.bytes_kept(), before);
}

#[tokio::test]
async fn a_retry_under_its_own_key_creates_once() {
    let hall = Hall::open().await;
    let morag = admitted(&hall).await;
    let hospital = hall.hospital().with("idempotency-key", "monday-17");
    let first = hospital
        .creates(&weight(&morag, "w-1", "71", "2027-01-11"))
        .await
        .is(201);
    let before = hall.bytes_kept();
    let again = hospital
        .creates(&weight(&morag, "w-1", "71", "2027-01-11"))
        .await
        .is(200);
    assert_eq!(again.header("location"), first.header("location"));
    assert_eq!(hall.bytes_kept(), before);

    // Another request under the same key is not lost, and neither is another caller's.
    let other = hospital
        .creates(&weight(&morag, "w-1", "72", "2027-01-11"))
        .await
        .is(201);
    assert_ne!(other.header("location"), first.header("location"));
    let millburn = hall.actor("braehead-practice-records", &["TREAT"]);
    let theirs = millburn.with("idempotency-key", "monday-17");
    let theirs = theirs
        .creates(&weight(&morag, "w-1", "71", "2027-01-11"))
        .await
        .is(201);
    assert_ne!(theirs.header("location"), first.header("location"));
    let found = hall
        .ruksana()
        .gets(&format!("Observation?patient={morag}"))
        .await
        .is(200);
    assert_eq!(found.matches().len(), 3);
}

#[tokio::test]
async fn a_conditional_create_is_not_taken() {
    let hall = Hall::open().await;
    let before = hall.bytes_kept();
    let hospital = hall.hospital().with(
        "if-none-exist",
        "identifier=https://hospital.example/mrn|M-1",
    );
    let mowat = hall.patient("alasdair-mowat").to_string();
    let answer = hospital
        .creates(&weight(&mowat, "w-1", "71", "2027-01-11"))
        .await;
    answer.says(
        400,
        "not-supported",
        "conditional creates are not taken here: use PUT with your own id, which creates once and no more",
    );
    assert_eq!(hall.bytes_kept(), before);
}

#[tokio::test]
async fn a_person_does_not_write_through_the_api() {
    let hall = Hall::open().await;
    let before = hall.bytes_kept();
    let token = hall.token_but("netta-dunsmore", &["PATRQT"], |claims| {
        claims["scope"] = json!("patient/*.cruds")
    });
    let netta = hall.patient("netta-dunsmore").to_string();
    let answer = hall
        .bearing(&token)
        .puts(&weight(&netta, "w-1", "60", "2027-01-11"))
        .await;
    answer.says(
        403,
        "forbidden",
        "people change their own choices on their own pages, not through this address",
    );
    assert_eq!(hall.bytes_kept(), before);
}
