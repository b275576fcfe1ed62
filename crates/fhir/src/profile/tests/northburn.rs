//! The profiles of an invented region, Northburn, in the shape in which countries publish theirs.

use serde_json::{Value, json};

use crate::profile::{LoadError, Profiles};

pub const CHI: &str = "https://phfapi.digital.health.scot/naming/chi-number";
pub const PATIENT: &str = "https://northburn.example/StructureDefinition/Northburn-Patient";
pub const ETHNICITY: &str = "https://northburn.example/StructureDefinition/Extension-Ethnicity";
pub const PRESSURE: &str = "https://northburn.example/StructureDefinition/Northburn-Pressure";
pub const WORDS: &str = "https://northburn.example/ValueSet/Northburn-Ethnicity";

/// An element of a snapshot: its id, how many, and what else is said of it.
pub fn element(id: &str, min: u32, max: &str, more: Value) -> Value {
    let path: Vec<&str> = id
        .split('.')
        .map(|step| step.split(':').next().unwrap())
        .collect();
    let mut element = json!({"id": id, "path": path.join("."), "min": min, "max": max});
    let Value::Object(more) = more else {
        panic!("{id}: {more}");
    };
    element.as_object_mut().unwrap().extend(more);
    element
}

pub fn profile(url: &str, of: &str, elements: &[Value]) -> Value {
    json!({
        "resourceType": "StructureDefinition",
        "url": url,
        "version": "1.2.0",
        "name": url.rsplit('/').next().unwrap(),
        "status": "active",
        "kind": "resource",
        "abstract": false,
        "type": of,
        "derivation": "constraint",
        "snapshot": {"element": elements},
    })
}

pub fn by(kind: &str, path: &str, rules: &str) -> Value {
    json!({"slicing": {"discriminator": [{"type": kind, "path": path}], "rules": rules}})
}

/// Patients have a family name, a CHI number that is told apart by its system, and perhaps an
/// ethnicity of the region's own list; they are at one practice of the region.
pub fn northburn_patient() -> Value {
    let ethnicity = json!({"type": [{"code": "Extension", "profile": [ETHNICITY]}]});
    let practice = json!({"type": [{"code": "Reference", "targetProfile": ["http://hl7.org/fhir/StructureDefinition/Organization"]}]});
    profile(
        PATIENT,
        "Patient",
        &[
            element(
                "Patient",
                0,
                "*",
                json!({"constraint": [
                    {"key": "dom-2", "source": "http://hl7.org/fhir/StructureDefinition/DomainResource"},
                    {"key": "nb-pat-1", "source": PATIENT, "severity": "error", "human": "who is known by a name has a birthday or says that it is unknown",
                        "expression": "name.exists() implies (birthDate.exists() or birthDate.extension('urn:unknown').exists())"},
                    {"key": "nb-pat-2", "source": PATIENT, "severity": "warning", "expression": "name.spelled()"},
                ]}),
            ),
            element("Patient.extension", 0, "*", by("value", "url", "open")),
            element("Patient.extension:ethnicity", 0, "1", ethnicity),
            element("Patient.identifier", 1, "*", by("value", "system", "open")),
            element("Patient.identifier:chi", 1, "1", json!({})),
            element(
                "Patient.identifier:chi.system",
                1,
                "1",
                json!({"fixedUri": CHI}),
            ),
            element(
                "Patient.identifier:chi.value",
                1,
                "1",
                json!({"maxLength": 10}),
            ),
            element("Patient.name", 1, "*", json!({})),
            element("Patient.name.family", 1, "1", json!({})),
            element("Patient.photo", 0, "0", json!({})),
            element("Patient.generalPractitioner", 0, "1", practice),
        ],
    )
}

pub fn ethnicity() -> Value {
    profile(
        ETHNICITY,
        "Extension",
        &[
            element("Extension", 0, "1", json!({})),
            element("Extension.extension", 0, "0", json!({})),
            element("Extension.url", 1, "1", json!({"fixedUri": ETHNICITY})),
            element(
                "Extension.value[x]",
                1,
                "1",
                json!({
                    "type": [{"code": "CodeableConcept"}],
                    "binding": {"strength": "required", "valueSet": format!("{WORDS}|1.2.0")},
                }),
            ),
        ],
    )
}

/// Blood pressures are sums of two components, each told by the pattern of its code; their value,
/// where there is one, is a reason in words or a code.
pub fn northburn_pressure() -> Value {
    let loinc = |code: &str| json!({"patternCodeableConcept": {"coding": [{"system": "http://loinc.org", "code": code}]}});
    let quantity = json!({"type": [{"code": "Quantity"}]});
    profile(
        PRESSURE,
        "Observation",
        &[
            element("Observation", 0, "*", json!({})),
            element("Observation.code", 1, "1", loinc("85354-9")),
            element(
                "Observation.value[x]",
                0,
                "1",
                json!({
                    "type": [{"code": "string"}, {"code": "CodeableConcept"}],
                    "slicing": {"discriminator": [{"type": "type", "path": "$this"}], "rules": "open"},
                }),
            ),
            element(
                "Observation.value[x]:valueString",
                0,
                "1",
                json!({"type": [{"code": "string"}], "maxLength": 9}),
            ),
            element(
                "Observation.component",
                2,
                "*",
                by("pattern", "code", "closed"),
            ),
            element("Observation.component:systolic", 1, "1", json!({})),
            element(
                "Observation.component:systolic.code",
                1,
                "1",
                loinc("8480-6"),
            ),
            element(
                "Observation.component:systolic.value[x]",
                1,
                "1",
                quantity.clone(),
            ),
            element("Observation.component:diastolic", 1, "1", json!({})),
            element(
                "Observation.component:diastolic.code",
                1,
                "1",
                loinc("8462-4"),
            ),
            element("Observation.component:diastolic.value[x]", 1, "1", quantity),
        ],
    )
}

pub fn words() -> Value {
    json!({"resourceType": "ValueSet", "url": WORDS, "status": "active", "compose": {"include": [
        {"system": "urn:northburn:ethnicity", "concept": [{"code": "scottish"}, {"code": "polish"}]},
    ]}})
}

pub fn loaded(files: &[Value]) -> Result<Profiles, Vec<LoadError>> {
    let name = |place: usize| format!("{place}.json");
    let files = files.iter().enumerate();
    let files: Vec<(String, Vec<u8>)> = files
        .map(|(place, file)| (name(place), file.to_string().into_bytes()))
        .collect();
    Profiles::load(&files)
}

pub fn northburn() -> Profiles {
    loaded(&[
        northburn_patient(),
        ethnicity(),
        northburn_pressure(),
        words(),
    ])
    .unwrap()
}
