//! Histories, patches, writes on a condition, and operations on one resource or none.

use http::Method;
use serde_json::{Value, json};

use crate::answer::Answer;
use crate::hall::Hall;
use crate::morag::{admitted, in_words, weight};

fn versions(answer: &Answer) -> Vec<(String, String)> {
    let bundle = answer.json();
    assert_eq!(bundle["type"], "history", "{bundle:#}");
    let entries = bundle["entry"].as_array().cloned().unwrap_or_default();
    let told = |entry: &Value| {
        let method = entry["request"]["method"].as_str().unwrap().to_owned();
        let value = entry["resource"]["valueString"].as_str();
        (method, value.unwrap_or("-").to_owned())
    };
    entries.iter().map(told).collect()
}

fn said(lines: &[(&str, &str)]) -> Vec<(String, String)> {
    let own = |(method, value): &(&str, &str)| ((*method).to_owned(), (*value).to_owned());
    lines.iter().map(own).collect()
}

#[tokio::test]
async fn a_history_tells_every_version_newest_first() {
    let hall = Hall::open().await;
    let morag = admitted(&hall).await;
    let hospital = hall.hospital();
    for kilograms in ["71", "72"] {
        hospital
            .puts(&weight(&morag, "w-1", kilograms, "2027-01-11"))
            .await;
    }
    hall.wait(60);
    hospital.deletes("Observation/w-1").await.is(204);
    hospital
        .puts(&weight(&morag, "w-2", "73", "2027-01-11"))
        .await
        .is(201);
    let ruksana = hall.ruksana();
    let of_one = ruksana.gets("Observation/w-1/_history").await.is(200);
    let whole = [("DELETE", "-"), ("PUT", "72"), ("PUT", "71")];
    assert_eq!(versions(&of_one), said(&whole));
    assert_eq!(of_one.json()["total"], 3);
    of_one
        .receipt()
        .verify(&hall.log_key)
        .expect("it is logged");
    let recent = "Observation/w-1/_history?_since=2027-01-11T09:30:30Z";
    assert_eq!(
        versions(&ruksana.gets(recent).await.is(200)),
        said(&whole[..1])
    );

    let mut next = Some(format!("Observation/_history?patient={morag}&_count=1"));
    let mut walked = Vec::new();
    while let Some(address) = next {
        let page = ruksana.gets(&address).await.is(200);
        walked.extend(versions(&page));
        next = page.link("next");
    }
    assert_eq!(walked[0], ("PUT".to_owned(), "73".to_owned()));
    assert_eq!(walked[1..], said(&whole));
    let answer = ruksana.gets("Observation/_history").await;
    answer.says(400, "required", "say whose record: add patient=...");
    let unknown = ruksana.gets("Observation/w-9/_history").await;
    assert_eq!(unknown.status, 404);
    assert_eq!(
        ruksana.gets("_history").await.status,
        404,
        "not of everything"
    );
    // What is nobody's record has its history for everyone.
    ruksana.gets("Organization/_history?_count=2").await.is(200);
}

#[tokio::test]
async fn a_patch_changes_what_it_names_and_keeps_the_rest_byte_for_byte() {
    let hall = Hall::open().await;
    let morag = admitted(&hall).await;
    let hospital = hall
        .hospital()
        .with("content-type", "application/json-patch+json");
    hall.hospital()
        .puts(&weight(&morag, "w-1", "71", "2027-01-11"))
        .await
        .is(201);
    let patch = async |operations: Value| {
        let body = operations.to_string();
        hospital.asks(Method::PATCH, "Observation/w-1", body).await
    };
    let changed = patch(json!([
        {"op": "test", "path": "/valueString", "value": "71"},
        {"op": "replace", "path": "/valueString", "value": "72"},
        {"op": "add", "path": "/note", "value": [{"text": "after breakfast"}]},
    ]));
    let changed = changed.await.is(200);
    assert_eq!(
        (changed.at("/valueString"), changed.header("etag")),
        ("72".into(), "W/\"2\"")
    );
    let before = hall.bytes_kept();
    let failed = patch(json!([{"op": "test", "path": "/valueString", "value": "71"}])).await;
    failed.says(422, "conflict", "what was tested is not so");
    let nowhere = patch(json!([{"op": "remove", "path": "/bodySite"}])).await;
    nowhere.says(400, "value", "the resource has nothing there");
    let wrong = patch(json!([{"op": "replace", "path": "/status", "value": "done"}])).await;
    assert_eq!(
        wrong.status, 400,
        "what it makes is checked like anything sent"
    );
    let xml = hall
        .hospital()
        .asks(Method::PATCH, "Observation/w-1", "[]")
        .await;
    xml.says(
        415,
        "not-supported",
        "a patch is sent as application/json-patch+json",
    );
    assert_eq!(hall.bytes_kept(), before);
}

#[tokio::test]
async fn what_is_there_by_its_identifier_is_not_created_twice() {
    let hall = Hall::open().await;
    let morag = admitted(&hall).await;
    let mut finding = weight(&morag, "w-1", "71", "2027-01-11");
    finding.as_object_mut().unwrap().remove("id");
    finding["identifier"] = json!([{"system": "urn:orders", "value": "o-1"}]);
    let unless = hall
        .hospital()
        .with("if-none-exist", "identifier=urn:orders|o-1");
    let first = unless.creates(&finding).await.is(201);
    let again = unless.creates(&finding).await.is(200);
    assert_eq!(first.header("location"), again.header("location"));
    assert_eq!(again.body.len(), 0, "what is there is not told");

    let matching = "Observation?identifier=urn:orders|o-1";
    finding["valueString"] = json!("72");
    let updated = hall
        .hospital()
        .puts_at(matching, finding.to_string())
        .await
        .is(200);
    assert_eq!(updated.header("etag"), "W/\"2\"");
    hall.hospital().deletes(matching).await.is(204);
    hall.hospital().deletes(matching).await.is(404);
    let other = "Observation?identifier=urn:orders|o-2";
    hall.hospital()
        .puts_at(other, finding.to_string())
        .await
        .is(201);

    // Another agency's identifiers are no condition of this one's.
    let stranger = hall
        .practice()
        .with("if-none-exist", "identifier=urn:orders|o-2");
    let answer = stranger.creates(&finding).await;
    assert_ne!(answer.status, 200);
    let odd = hall.hospital().with("if-none-exist", "status=final");
    odd.creates(&finding).await.says(
        400,
        "not-supported",
        "a condition is one identifier with its system: identifier=system|value",
    );
}

#[tokio::test]
async fn a_patch_finds_what_it_changes_by_its_identifier() {
    let hall = Hall::open().await;
    let morag = admitted(&hall).await;
    let json_patch = ("content-type", "application/json-patch+json");
    let hospital = hall.hospital().with(json_patch.0, json_patch.1);
    let ordered = "Observation?identifier=urn:orders|o-1";
    let heavier = r#"[{"op": "replace", "path": "/valueString", "value": "72"}]"#;
    let nothing = hospital.asks(Method::PATCH, ordered, heavier).await;
    assert_eq!(nothing.status, 404, "{}", nothing.text());

    let mut finding = weight(&morag, "w-1", "71", "2027-01-11");
    finding["identifier"] = json!([{"system": "urn:orders", "value": "o-1"}]);
    hall.hospital().puts(&finding).await.is(201);
    let changed = hospital.asks(Method::PATCH, ordered, heavier).await.is(200);
    assert_eq!(
        (changed.at("/valueString"), changed.header("etag")),
        ("72".into(), "W/\"2\"")
    );
    let late = hospital.with("if-match", "W/\"1\"");
    let late = late.asks(Method::PATCH, ordered, heavier).await;
    assert_eq!(late.status, 412, "it is at version 2 by now");

    // What another agency contributed answers like nothing.
    let practice = hall.practice().with(json_patch.0, json_patch.1);
    let theirs = practice.asks(Method::PATCH, ordered, heavier).await;
    assert_eq!(
        (theirs.status, theirs.text()),
        (nothing.status, nothing.text())
    );
    finding["id"] = json!("w-2");
    hall.hospital().puts(&finding).await.is(201);
    let both = hospital.asks(Method::PATCH, ordered, heavier).await;
    both.says(
        412,
        "multiple-matches",
        "several resources that your agency contributed have this identifier",
    );
}

#[tokio::test]
async fn several_of_one_identifier_are_too_many_for_a_condition() {
    let hall = Hall::open().await;
    let morag = admitted(&hall).await;
    for id in ["w-1", "w-2"] {
        let mut finding = weight(&morag, id, "71", "2027-01-11");
        finding["identifier"] = json!([{"system": "urn:orders", "value": "o-1"}]);
        hall.hospital().puts(&finding).await.is(201);
    }
    let answer = hall
        .hospital()
        .deletes("Observation?identifier=urn:orders|o-1")
        .await;
    answer.says(
        412,
        "multiple-matches",
        "several resources that your agency contributed have this identifier",
    );
}

#[tokio::test]
async fn validation_says_what_is_wrong_and_keeps_nothing() {
    let hall = Hall::open().await;
    let before = hall.bytes_kept();
    let ruksana = hall.ruksana();
    let good = in_words(weight("anybody", "w-1", "71", "2027-01-11"));
    let answer = ruksana
        .posts("Observation/$validate", good.to_string())
        .await;
    answer.says(200, "informational", "nothing is wrong with it");
    let asked = "Observation/$validate?profile=http://example.org/StructureDefinition/weight";
    let about_profile = ruksana.posts(asked, good.to_string()).await.is(200);
    assert_eq!(about_profile.at("/issue/0/code"), "not-supported");
    assert_eq!(about_profile.at("/issue/0/severity"), "warning");
    let mut bad = good.clone();
    bad["status"] = json!("done");
    let wrapped =
        json!({"resourceType": "Parameters", "parameter": [{"name": "resource", "resource": bad}]});
    let answer = ruksana
        .posts("Observation/w-1/$validate", wrapped.to_string())
        .await;
    let answer = answer.says(
        200,
        "value",
        "expected a code of the value set http://hl7.org/fhir/ValueSet/observation-status",
    );
    assert_eq!(answer.at("/issue/0/expression/0"), "Observation.status");
    assert_eq!(answer.at("/issue/0/diagnostics"), "found \"done\"");
    let other = ruksana.posts("Condition/$validate", good.to_string()).await;
    other.says(
        200,
        "invalid",
        "the resource is not of the type in the address",
    );
    hall.anybody()
        .posts("Observation/$validate", good.to_string())
        .await
        .is(401);
    assert_eq!(hall.bytes_kept(), before);
}

#[tokio::test]
async fn value_sets_are_told_and_asked() {
    let hall = Hall::open().await;
    let ruksana = hall.ruksana();
    let url = "http://hl7.org/fhir/ValueSet/administrative-gender";
    let told = ruksana
        .gets(&format!("ValueSet/$expand?url={url}&filter=fem"))
        .await
        .is(200);
    assert_eq!(told.at("/expansion/contains/0/code"), "female");
    let body = json!({"resourceType": "Parameters", "parameter": [
        {"name": "url", "valueUri": url},
        {"name": "coding", "valueCoding": {"system": "http://hl7.org/fhir/administrative-gender", "code": "f"}},
    ]});
    let asked = ruksana
        .posts("ValueSet/$validate-code", body.to_string())
        .await
        .is(200);
    assert_eq!(asked.json()["parameter"][0]["valueBoolean"], false);
    let asked = ruksana
        .gets(&format!("ValueSet/$validate-code?url={url}&code=male"))
        .await
        .is(200);
    assert_eq!(asked.json()["parameter"][0]["valueBoolean"], true);
    ruksana.gets("ValueSet/$expand?url=urn:x").await.is(404);
}

#[tokio::test]
async fn an_answer_is_in_json_laid_out_or_not() {
    let hall = Hall::open().await;
    let morag = admitted(&hall).await;
    let ruksana = hall.ruksana();
    let path = format!("Patient/{morag}");
    let plain = ruksana.gets(&format!("{path}?_format=json")).await.is(200);
    let pretty = ruksana.gets(&format!("{path}?_pretty=true")).await.is(200);
    assert_eq!(plain.json(), pretty.json());
    assert!(
        pretty
            .text()
            .starts_with("{\n  \"resourceType\": \"Patient\""),
        "{}",
        pretty.text()
    );
    let xml = ruksana.gets(&format!("{path}?_format=xml")).await;
    xml.says(
        406,
        "not-supported",
        "answers are in JSON: ask for application/fhir+json",
    );
    ruksana
        .with("accept", "application/fhir+xml")
        .gets(&path)
        .await
        .is(406);
    ruksana
        .with("accept", "text/html,*/*;q=0.1")
        .gets(&path)
        .await
        .is(200);
    let meta = ruksana.gets(&format!("{path}/$meta")).await.is(200);
    assert_eq!(meta.at("/parameter/0/valueMeta/versionId"), "1");
    let since = plain.header("last-modified").to_owned();
    ruksana
        .with("if-modified-since", since)
        .gets(&path)
        .await
        .is(304);
    let earlier = "Sun, 10 Jan 2027 09:00:00 GMT";
    ruksana
        .with("if-modified-since", earlier)
        .gets(&path)
        .await
        .is(200);
}
