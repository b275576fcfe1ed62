//! Resources of Northburn, by its profiles: what is as agreed, what is not, and what is wrong with a
//! profile itself.

mod northburn;

use serde_json::{Value, json};

use super::*;
use northburn::*;

/// What is wrong with a resource by a profile: where, what, and what was found.
fn told(profiles: &Profiles, resource: &Value, url: &str) -> Vec<String> {
    let text = resource.to_string();
    let document = parse(text.as_bytes(), &Limits::default()).unwrap();
    let issues = profiles.check(&document, url);
    let wrong = issues.iter().filter(|one| one.severity == Severity::Error);
    wrong
        .map(|issue| issue.to_string().replace("by the profile Northburn-", ""))
        .collect()
}

fn wanda() -> Value {
    json!({
        "resourceType": "Patient",
        "extension": [{"url": ETHNICITY, "valueCodeableConcept": {"coding": [{"system": "urn:northburn:ethnicity", "code": "polish"}]}}],
        "identifier": [{"system": "urn:hospital", "value": "H-1"}, {"system": CHI, "value": "0101015555"}],
        "name": [{"family": "Ó Dálaigh-Nowak", "given": ["Wanda"]}],
        "birthDate": "1962",
        "generalPractitioner": [{"reference": "Organization/braehead"}],
    })
}

/// A resource with something at a pointer replaced, or taken away.
fn but(mut resource: Value, pointer: &str, value: Value) -> Value {
    let (above, last) = pointer.rsplit_once('/').unwrap();
    let parent = resource.pointer_mut(above).unwrap();
    match (parent, value) {
        (Value::Object(members), Value::Null) => drop(members.remove(last)),
        (Value::Object(members), value) => drop(members.insert(last.to_owned(), value)),
        (parent, value) => parent[last.parse::<usize>().unwrap()] = value,
    }
    resource
}

const NONE: [&str; 0] = [];

#[test]
fn wanda_is_as_northburn_has_it() {
    let profiles = northburn();
    assert_eq!(told(&profiles, &wanda(), PATIENT), NONE);
    assert_eq!(told(&profiles, &wanda(), &format!("{PATIENT}|1.2.0")), NONE);
    assert_eq!(profiles.of_type("Patient").collect::<Vec<_>>(), [PATIENT]);
    assert!(!profiles.knows(&format!("{PATIENT}|9")));
}

#[test]
fn what_is_not_as_agreed_is_told_with_its_place() {
    let profiles = northburn();
    for (changed, expected) in [
        (
            but(wanda(), "/name/0/family", Value::Null),
            "Patient.name[0].family: Patient: expected at least 1 of this element",
        ),
        (
            but(wanda(), "/identifier/1/system", json!("urn:other")),
            "Patient.identifier: Patient: expected at least 1 of this element as chi",
        ),
        (
            but(wanda(), "/identifier/0/system", json!(CHI)),
            "Patient.identifier: Patient: expected at most 1 of this element as chi",
        ),
        (
            but(wanda(), "/identifier/1/value", json!("01010155551")),
            "Patient.identifier[1].value: Patient: expected a text of at most 10 characters",
        ),
        (
            but(wanda(), "/photo", json!([{"title": "Wanda"}])),
            "Patient.photo: Patient: expected at most 0 of this element",
        ),
        (
            but(
                wanda(),
                "/generalPractitioner/0/reference",
                json!("Practitioner/p1"),
            ),
            "Patient.generalPractitioner[0]: Patient: expected a reference to Organization",
        ),
    ] {
        assert_eq!(told(&profiles, &changed, PATIENT), [expected]);
    }
}

#[test]
fn an_extension_is_held_against_the_profile_that_it_names() {
    let profiles = northburn();
    let other = json!([{"system": "urn:northburn:ethnicity", "code": "klingon"}]);
    let wrong = but(wanda(), "/extension/0/valueCodeableConcept/coding", other);
    let expected = format!(
        "Patient.extension[0].valueCodeableConcept: by the profile Extension-Ethnicity: expected a code of the value set {WORDS}|1.2.0"
    );
    assert_eq!(told(&profiles, &wrong, PATIENT), [expected]);
    let text = json!([{"url": ETHNICITY, "valueString": "Polish"}]);
    let wrong = but(wanda(), "/extension", text);
    assert!(
        told(&profiles, &wrong, PATIENT)[0].contains("expected a value of type CodeableConcept")
    );
    // Extensions that nobody spoke of are open to all.
    let own = json!([{"url": "urn:own", "valueString": "x"}]);
    assert_eq!(
        told(&profiles, &but(wanda(), "/extension", own), PATIENT),
        NONE
    );
}

fn pressure() -> Value {
    let part = |code: &str, value: u32| {
        json!({
            "code": {"coding": [{"system": "urn:own", "code": "x"}, {"system": "http://loinc.org", "code": code, "display": "d"}]},
            "valueQuantity": {"value": value, "unit": "mmHg"},
        })
    };
    json!({
        "resourceType": "Observation",
        "status": "final",
        "code": {"coding": [{"system": "http://loinc.org", "code": "85354-9"}], "text": "BP"},
        "component": [part("8480-6", 140), part("8462-4", 90)],
    })
}

#[test]
fn components_are_told_apart_by_pattern_and_values_by_type() {
    let profiles = northburn();
    assert_eq!(told(&profiles, &pressure(), PRESSURE), NONE);
    let words = but(pressure(), "/valueString", json!("by hand"));
    assert_eq!(told(&profiles, &words, PRESSURE), NONE);
    for (changed, expected) in [
        (
            but(
                pressure(),
                "/component/1/code/coding/1/code",
                json!("8867-4"),
            ),
            &[
                "Observation.component: Pressure: expected at least 1 of this element as diastolic",
                "Observation.component[1]: Pressure: expected one of systolic, diastolic",
            ][..],
        ),
        (
            but(pressure(), "/component/0/valueQuantity", Value::Null),
            &["Observation.component[0].value: Pressure: expected at least 1 of this element"],
        ),
        (
            but(pressure(), "/valueString", json!("measured by hand")),
            &["Observation.valueString: Pressure: expected a text of at most 9 characters"],
        ),
        (
            but(pressure(), "/valueInteger", json!(7)),
            &[
                "Observation.valueInteger: Pressure: expected a value of type string or CodeableConcept",
            ],
        ),
    ] {
        assert_eq!(told(&profiles, &changed, PRESSURE), expected);
    }
    let wrong = but(pressure(), "/code/coding/0/code", json!("8867-4"));
    assert!(
        told(&profiles, &wrong, PRESSURE)[0]
            .starts_with("Observation.code: Pressure: expected a value that holds")
    );
}

#[test]
fn what_was_not_looked_at_is_said() {
    let text = wanda().to_string();
    let document = parse(text.as_bytes(), &Limits::default()).unwrap();
    let said = |profiles: &Profiles| {
        let issues = profiles.check(&document, PATIENT);
        issues.last().unwrap().details.clone()
    };
    let expected = "not looked at of the profile Northburn-Patient: the invariant nb-pat-2: \
                    the function spelled is not known here (at 6)";
    assert_eq!(said(&northburn()), expected);

    // A value set that does not list its codes is not looked at either.
    let filter = json!({"system": "http://snomed.info/sct", "filter": [{"property": "concept", "op": "is-a", "value": "1"}]});
    let open = but(words(), "/compose/include/0", filter);
    let concept = json!({"binding": {"strength": "required", "valueSet": WORDS}});
    let bound = but(
        northburn_patient(),
        "/snapshot/element/5",
        element("Patient.maritalStatus", 0, "1", concept),
    );
    let bound = but(
        bound,
        "/snapshot/element/6",
        element("Patient.active", 0, "1", json!({})),
    );
    let profiles = loaded(&[bound, open]).unwrap();
    let expected = format!(
        "not looked at of the profile Northburn-Patient: the codes of {WORDS}; the invariant nb-pat-2: \
         the function spelled is not known here (at 6)"
    );
    assert_eq!(said(&profiles), expected);
}

#[test]
fn an_invariant_of_a_profile_must_hold() {
    let profiles = northburn();
    let nameless_day = but(wanda(), "/birthDate", Value::Null);
    assert_eq!(
        told(&profiles, &nameless_day, PATIENT),
        [
            "Patient: Patient: nb-pat-1: who is known by a name has a birthday or says that it is unknown"
        ]
    );
    let unknown = json!({"extension": [{"url": "urn:unknown", "valueBoolean": true}]});
    let unknown = but(nameless_day, "/_birthDate", unknown);
    assert_eq!(told(&profiles, &unknown, PATIENT), NONE);
}

#[test]
fn a_profile_that_is_not_loaded_or_for_another_type_is_named() {
    let profiles = northburn();
    let text = wanda().to_string();
    let document = parse(text.as_bytes(), &Limits::default()).unwrap();
    let unknown = profiles.check(&document, "urn:unknown");
    assert!(
        unknown[0]
            .details
            .starts_with("this profile is not loaded here")
    );
    assert_eq!(unknown[0].severity, Severity::Warning);
    let other = told(&profiles, &wanda(), PRESSURE);
    assert_eq!(
        other,
        ["Patient: the profile Northburn-Pressure is for Observation"]
    );
}

#[test]
fn a_file_that_cannot_be_used_is_named_with_its_place() {
    let broken = |pointer: &str, value: Value| {
        let files = [ethnicity(), but(northburn_patient(), pointer, value)];
        let errors = loaded(&files).map(|_| ()).unwrap_err();
        errors[0].to_string()
    };
    let element = |place: u32, name: &str| format!("/snapshot/element/{place}/{name}");
    for (pointer, value, expected) in [
        (
            "/url".to_owned(),
            Value::Null,
            "1.json: StructureDefinition.url: this element must be present",
        ),
        (
            "/type".to_owned(),
            json!("Dragon"),
            "1.json: StructureDefinition.type: expected a type of FHIR R4",
        ),
        (
            "/snapshot".to_owned(),
            Value::Null,
            "1.json: StructureDefinition.snapshot: a profile is read from its snapshot: publish it with one",
        ),
        (
            element(3, "min"),
            json!("one"),
            "1.json: StructureDefinition.snapshot.element[3].min: expected a whole number from 0",
        ),
        (
            element(3, "max"),
            json!("many"),
            "1.json: StructureDefinition.snapshot.element[3].max: expected a whole number or *",
        ),
        (
            element(7, "id"),
            Value::Null,
            "1.json: StructureDefinition.snapshot.element[7].id: this element must be present",
        ),
        (
            element(8, "id"),
            json!("Patient.nose.family"),
            "1.json: StructureDefinition.snapshot.element[8].id: the element above it does not come before it",
        ),
        (
            element(9, "id"),
            json!("Patient.nose"),
            "1.json: StructureDefinition.snapshot: Patient has no such element in FHIR R4",
        ),
        (
            element(3, "slicing/discriminator/0/type"),
            json!("colour"),
            "1.json: StructureDefinition.snapshot.element[3].slicing.discriminator[0].type: expected value, pattern, exists, type or profile",
        ),
    ] {
        assert_eq!(broken(&pointer, value), expected);
    }
    let twice = loaded(&[ethnicity(), ethnicity()]).map(|_| ()).unwrap_err();
    assert_eq!(
        twice[0].to_string(),
        "1.json: StructureDefinition.url: another file has this profile"
    );
    let torn = vec![(
        "torn.json".to_owned(),
        br#"{"resourceType":"StructureDefinition","#.to_vec(),
    )];
    assert!(
        Profiles::load(&torn).map(|_| ()).unwrap_err()[0]
            .to_string()
            .starts_with("torn.json: ")
    );
    let beside = vec![(
        "package.json".to_owned(),
        br#"{"name":"northburn.profiles"}"#.to_vec(),
    )];
    assert!(
        Profiles::load(&beside).is_ok(),
        "a package's own settings are passed over"
    );
}
