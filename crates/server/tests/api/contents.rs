//! Contents that cannot be taken: well-formed JSON that is not the resource it should be, says what
//! nobody could find again, or is about nobody known here. Nothing is kept of it.

use serde_json::{Value, json};

use crate::answer::Answer;
use crate::hall::Hall;

/// A Condition of Netta Dunsmore's, with something wrong with it.
fn condition(hall: &Hall, wrong: impl FnOnce(&mut Value)) -> Value {
    let mut condition = json!({
        "resourceType": "Condition",
        "id": "c-1",
        "subject": {"reference": format!("Patient/{}", hall.patient("netta-dunsmore"))},
        "code": {"text": "Sore wrist"},
        "recordedDate": "2027-01-11",
    });
    wrong(&mut condition);
    condition
}

/// Sends it by update; nothing may be kept.
async fn put(hall: &Hall, resource: &Value) -> Answer {
    let before = hall.bytes_kept();
    let answer = hall
        .hospital()
        .puts_at("Condition/c-1", resource.to_string())
        .await;
    assert_eq!(hall.bytes_kept(), before, "something was kept");
    answer
}

#[tokio::test]
async fn what_is_not_the_resource_in_the_address_is_refused() {
    let hall = Hall::open().await;
    let other_type = condition(&hall, |it| it["resourceType"] = json!("Flag"));
    let answer = put(&hall, &other_type).await;
    let answer = answer.says(
        400,
        "invalid",
        "the resource is not of the type in the address",
    );
    assert_eq!(answer.at("/issue/0/expression/0"), "resourceType");

    let no_type = condition(&hall, |it| it["resourceType"] = json!("Ailment"));
    let answer = put(&hall, &no_type)
        .await
        .says(400, "structure", "not an R4 resource type");
    assert_eq!(answer.at("/issue/0/diagnostics"), "found \"Ailment\"");

    let bad_id = condition(&hall, |it| it["id"] = json!("c 1"));
    put(&hall, &bad_id).await.says(
        400,
        "value",
        "an id is 1 to 64 characters out of A-Z, a-z, 0-9, '-' and '.'",
    );

    let other_id = condition(&hall, |it| it["id"] = json!("c-2"));
    put(&hall, &other_id).await.says(
        400,
        "invalid",
        "the id of the resource is not the one in the address",
    );
    let no_id = condition(&hall, |it| drop(it.as_object_mut().unwrap().remove("id")));
    put(&hall, &no_id).await.says(
        400,
        "invalid",
        "the resource needs the id that is in the address",
    );

    let before = hall.bytes_kept();
    let answer = hall
        .hospital()
        .puts_at("Condition/c_1", condition(&hall, |_| {}).to_string())
        .await;
    answer.says(
        400,
        "value",
        "an id is 1 to 64 letters, digits, hyphens and full stops",
    );
    assert_eq!(hall.bytes_kept(), before);
}

#[tokio::test]
async fn a_value_that_search_could_never_find_is_refused_where_it_stands() {
    let hall = Hall::open().await;
    let number = condition(&hall, |it| it["recordedDate"] = json!(2027));
    let answer = put(&hall, &number).await.says(
        400,
        "value",
        "expected a date such as 2027-01-11, or a time with its zone such as 2027-01-11T09:30:00Z",
    );
    assert_eq!(answer.at("/issue/0/expression/0"), "Condition.recordedDate");
    assert_eq!(answer.at("/issue/0/diagnostics"), "found \"2027\"");

    let words = condition(&hall, |it| it["recordedDate"] = json!("last Tuesday"));
    put(&hall, &words).await.says(
        400,
        "value",
        "expected a date such as 2027-01-11, or a time with its zone such as 2027-01-11T09:30:00Z",
    );
    let code = condition(&hall, |it| it["code"] = json!(37));
    put(&hall, &code).await.says(
        400,
        "structure",
        "expected an object of type CodeableConcept",
    );
}

#[tokio::test]
async fn a_record_must_be_about_somebody_known_here() {
    let hall = Hall::open().await;
    let nobody = condition(&hall, |it| {
        drop(it.as_object_mut().unwrap().remove("subject"));
    });
    let answer = put(&hall, &nobody).await;
    let answer = answer.says(
        422,
        "required",
        "this element must say which Patient the resource is about",
    );
    assert_eq!(answer.at("/issue/0/expression/0"), "Condition.subject");

    let unknown = "the Patient that this is about is not known here: send the Patient first, or refer to it by the id it has here";
    for reference in [
        "Patient/nobody-of-ours",
        &format!("Patient/{}", hall.cx.ids.fresh(hall.cx.chance.as_ref())),
    ] {
        let stranger = condition(&hall, |it| it["subject"] = json!({"reference": reference}));
        let answer = put(&hall, &stranger).await.says(422, "not-found", unknown);
        assert_eq!(answer.at("/issue/0/expression/0"), "Condition.subject");
    }
    // Somebody whose existence is protected is as unknown as nobody.
    let protected = hall.patient("held-apart");
    let hidden = condition(&hall, |it| {
        it["subject"] = json!({"reference": format!("Patient/{protected}")});
    });
    let answer = put(&hall, &hidden).await.says(422, "not-found", unknown);
    assert_eq!(answer.at("/issue/0/expression/0"), "Condition.subject");

    let malformed = condition(&hall, |it| {
        it["subject"] = json!({"reference": "Netta Dunsmore"});
    });
    let answer = put(&hall, &malformed).await;
    assert_eq!(
        (answer.status, &*answer.issues()[0].0),
        (400, "value"),
        "{}",
        answer.text()
    );
}

#[tokio::test]
async fn a_consent_that_cannot_be_understood_is_refused_when_it_is_written() {
    let hall = Hall::open().await;
    let consent = |wrong: &str, value: Value| {
        let mut consent = json!({
            "resourceType": "Consent",
            "id": "no-1",
            "status": "active",
            "scope": {"coding": [{"system": "http://terminology.hl7.org/CodeSystem/consentscope", "code": "patient-privacy"}]},
            "category": [{"coding": [{"system": "http://loinc.org", "code": "59284-0"}]}],
            "patient": {"reference": format!("Patient/{}", hall.patient("netta-dunsmore"))},
            "provision": {"type": "deny", "purpose": [{"code": "HRESCH"}]},
        });
        match consent.pointer_mut(wrong) {
            Some(place) => *place = value,
            None => consent["provision"][wrong] = value,
        }
        consent
    };
    let before = hall.bytes_kept();
    for (wrong, value, status, code, words) in [
        (
            "/status",
            Value::Null,
            400,
            "structure",
            "FHIR does not allow null as the value of an element",
        ),
        (
            "/scope",
            json!({}),
            400,
            "structure",
            "FHIR does not allow an empty object",
        ),
        (
            "/scope",
            json!({"text": "privacy"}),
            422,
            "required",
            "a Consent says what it is about, such as patient-privacy",
        ),
        (
            "/provision/type",
            json!("forbid"),
            400,
            "value",
            "a provision is of type permit or deny",
        ),
        (
            "/provision/purpose/0",
            json!({"display": "research"}),
            422,
            "required",
            "a provision that names this must say what is meant",
        ),
        (
            "period",
            json!({"start": "2027-02-01", "end": "2027-01-01"}),
            400,
            "value",
            "this period ends before it begins",
        ),
        (
            "actor",
            json!([{"role": {"text": "anybody"}}]),
            422,
            "required",
            "a provision that names this must say what is meant",
        ),
    ] {
        let answer = hall.hospital().puts(&consent(wrong, value)).await;
        answer.says(status, code, words);
    }
    assert_eq!(hall.bytes_kept(), before);
    hall.hospital()
        .puts(&consent("/status", json!("active")))
        .await
        .is(201);
}
