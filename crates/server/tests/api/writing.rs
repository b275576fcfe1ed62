//! What an agency sends: kept as it was sent, once, and given back to the byte.

use serde_json::json;

use crate::hall::Hall;
use crate::morag::{admitted, id_in, weight};

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
async fn a_newborn_has_a_record_before_a_name() {
    let hall = Hall::open().await;
    let hospital = hall.hospital();
    let baby = json!({"resourceType": "Patient", "id": "cot-7", "gender": "female",
        "birthDate": "2027-01-11", "multipleBirthInteger": 2});
    let created = hospital.puts(&baby).await.is(201);
    let id = id_in(created.header("location"));
    hospital
        .puts(&weight("cot-7", "w-7", "2.9", "2027-01-11"))
        .await
        .is(201);
    let ward = json!({"identifier": {"system": "https://candour.example/fhir/id/team", "value": "ward-6"}});
    let admission = json!({"resourceType": "Encounter", "id": "e-7", "status": "in-progress",
        "class": {"system": "http://terminology.hl7.org/CodeSystem/v3-ActCode", "code": "IMP"},
        "subject": {"reference": "Patient/cot-7"},
        "period": {"start": "2027-01-11T07:00:00Z"},
        "location": [{"location": ward}]});
    hospital.puts(&admission).await.is(201);

    let read = hall.ruksana().reads("Patient", &id).await.is(200);
    assert_eq!(read.json()["multipleBirthInteger"], 2);
    assert!(read.json().get("name").is_none());

    // Named the next day, and found by the name.
    let mut named = baby.clone();
    named["name"] = json!([{"family": "Carmichael-Boyd", "given": ["Una"]}]);
    hospital.puts(&named).await.is(200);
    let found = hall
        .ruksana()
        .gets("Patient?name=Una%20Carmichael-Boyd&birthdate=2027-01-11")
        .await
        .is(200);
    assert_eq!(found.json()["entry"][0]["resource"]["id"], id.as_str());
}
