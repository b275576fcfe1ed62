//! Morag Testwell: somebody of whom the exchange knows no more than a test tells it.

use serde_json::{Value, json};

use crate::answer::Answer;
use crate::hall::Hall;

/// Takes her in to ward 6 this morning, by one transaction of the hospital's; Ruksana Chaudhry, the
/// ward's charge nurse, may see her record from then on. Gives the id of her Patient here.
pub async fn admitted(hall: &Hall) -> String {
    let answer = hall.hospital().sends(&admission()).await.is(200);
    id_in(&answer.at("/entry/0/response/location"))
}

/// Lets her go home: what proved that the ward is involved has ended.
pub async fn discharged(hall: &Hall, morag: &str) {
    let question = format!("Encounter?patient={morag}");
    let stay = hall.ruksana().gets(&question).await.is(200);
    let mut stay = stay.matches().remove(0);
    stay["status"] = json!("finished");
    stay["period"]["end"] = json!("2027-01-11T09:00:00Z");
    hall.hospital().puts(&stay).await.is(200);
}

/// Her Patient, to which her Encounter points by a name that only the bundle knows, and the
/// hospital, to which it points by its identifier.
pub fn admission() -> Value {
    json!({"resourceType": "Bundle", "type": "transaction", "entry": [
        {
            "fullUrl": "urn:uuid:6f1c0f2e-6f0b-4b6a-9a57-0e6f5f9f3a11",
            "resource": {
                "resourceType": "Patient",
                "identifier": [{"system": "https://hospital.example/mrn", "value": "M-1"}],
                "name": [{"family": "Testwell", "given": ["Morag"]}],
                "birthDate": "1950-02-03",
            },
            "request": {"method": "POST", "url": "Patient"},
        },
        {
            "resource": {
                "resourceType": "Encounter",
                "status": "in-progress",
                "class": {"system": "http://terminology.hl7.org/CodeSystem/v3-ActCode", "code": "IMP"},
                "subject": {"reference": "urn:uuid:6f1c0f2e-6f0b-4b6a-9a57-0e6f5f9f3a11"},
                "period": {"start": "2027-01-11T07:00:00Z"},
                "location": [{"location": {"identifier": {"system": "https://candour.example/fhir/id/team", "value": "ward-6"}}}],
                "serviceProvider": {"reference": "Organization?identifier=https://candour.example/fhir/id/organisation|hospital"},
            },
            "request": {"method": "POST", "url": "Encounter"},
        },
    ]})
}

/// A weight of hers.
pub fn weight(morag: &str, id: &str, kilograms: &str, day: &str) -> Value {
    json!({
        "resourceType": "Observation",
        "id": id,
        "status": "final",
        "category": [{"coding": [{"system": "http://terminology.hl7.org/CodeSystem/observation-category", "code": "vital-signs"}]}],
        "code": {"coding": [{"system": "http://loinc.org", "code": "29463-7"}], "text": id},
        "subject": {"reference": format!("Patient/{morag}")},
        "effectiveDateTime": day,
        "valueString": kilograms,
    })
}

/// A resource that also says in words what it says, as HL7 advises.
pub fn in_words(mut resource: Value) -> Value {
    let div = "<div xmlns=\"http://www.w3.org/1999/xhtml\">Weighed this morning</div>";
    resource["text"] = json!({"status": "generated", "div": div});
    resource
}

/// What tests call the matches of a search: the text of each one's code.
pub fn called(answer: &Answer) -> Vec<String> {
    let matches = answer.matches();
    let text = |one: &Value| one["code"]["text"].as_str().expect("a text").to_owned();
    matches.iter().map(text).collect()
}

/// The id in a location such as `http://.../fhir/Patient/142n.../_history/1`.
pub fn id_in(location: &str) -> String {
    let mut parts = location.rsplit('/');
    parts.nth(2).expect("an id in the location").to_owned()
}
