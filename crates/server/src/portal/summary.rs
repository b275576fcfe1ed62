//! Resources in a line: what a page says of them, in their source's own words.

use fhir::patient::{Patient, PersonName};
use fhir::{Document, Limits};
use store::StoredResource;

use super::render::{DateView, banner_name};

/// Reads a Patient; `None` if its bytes are not one.
#[must_use]
pub fn patient(bytes: &[u8]) -> Option<Patient> {
    let document = fhir::parse(bytes, &Limits::default()).ok()?;
    fhir::patient::read(&document).ok()
}

/// Every name as given, the one in use first.
#[must_use]
pub fn names(patient: &Patient) -> Vec<String> {
    let mut names: Vec<&PersonName> = patient.names.iter().collect();
    names.sort_by_key(|name| match name.name_use.as_deref() {
        Some("official" | "usual") => 0,
        Some("old" | "maiden") => 2,
        _ => 1,
    });
    let mut said: Vec<String> = names
        .into_iter()
        .map(said)
        .filter(|name| !name.is_empty())
        .collect();
    said.dedup();
    said
}

fn said(name: &PersonName) -> String {
    if let Some(text) = &name.text {
        return text.clone();
    }
    let parts = name.given.iter().chain(&name.family);
    parts.map(String::as_str).collect::<Vec<_>>().join(" ")
}

/// The name as the banner shows it.
#[must_use]
pub fn banner(patient: &Patient) -> String {
    let name = patient
        .names
        .iter()
        .find(|name| matches!(name.name_use.as_deref(), Some("official" | "usual")));
    let Some(name) = name.or(patient.names.first()) else {
        return "Name not known".to_owned();
    };
    match &name.family {
        Some(family) => banner_name(family, &name.given.join(" "), &name.prefix.join(" ")),
        None => said(name),
    }
}

/// The CHI number, if there is one.
#[must_use]
pub fn chi(patient: &Patient) -> Option<String> {
    let known = |system: &str| fhir::patient::CHI_SYSTEMS.contains(&system);
    patient
        .identifiers
        .iter()
        .find(|(system, _)| known(system))
        .map(|(_, value)| value.clone())
}

/// The present address on one line.
#[must_use]
pub fn address(patient: &Patient) -> Option<String> {
    let address = patient
        .addresses
        .iter()
        .find(|address| address.address_use.as_deref() != Some("old"))?;
    if let Some(text) = &address.text {
        return Some(text.clone());
    }
    let parts: Vec<&str> = address
        .lines
        .iter()
        .chain(&address.city)
        .chain(&address.postcode)
        .map(String::as_str)
        .collect();
    (!parts.is_empty()).then(|| parts.join(", "))
}

/// Somebody close to the person, as a source wrote them down.
pub struct Related {
    /// Their name; empty if the source gives none that may be shown.
    pub name: String,
    /// What they are to the person: "mother".
    pub is: String,
    /// How to talk with them, in the source's words: "BSL interpreter needed: video relay link".
    pub languages: Vec<String>,
    /// Their number.
    pub phone: Option<String>,
}

/// Reads a RelatedPerson; `None` if its bytes are not one, or it says that it is over.
#[must_use]
pub fn related(bytes: &[u8]) -> Option<Related> {
    let document = fhir::parse(bytes, &Limits::default()).ok()?;
    let texts = |path: &str| -> Vec<String> {
        let found = document.all(path).into_iter();
        found
            .filter_map(|node| node.as_str().map(std::borrow::Cow::into_owned))
            .collect()
    };
    if document
        .get("active")
        .is_some_and(|node| node.as_bool() == Some(false))
    {
        return None;
    }
    // The first of these that the source filled in.
    let said = |paths: &[&str]| -> Vec<String> {
        let found = paths.iter().map(|path| texts(path));
        found
            .into_iter()
            .find(|all| !all.is_empty())
            .unwrap_or_default()
    };
    let parts = || {
        [texts("name.given"), texts("name.family")]
            .concat()
            .join(" ")
    };
    Some(Related {
        name: texts("name.text").into_iter().next().unwrap_or_else(parts),
        is: said(&[
            "relationship.text",
            "relationship.coding.display",
            "relationship.coding.code",
        ])
        .join(", "),
        languages: said(&[
            "communication.language.text",
            "communication.language.coding.display",
            "communication.language.coding.code",
        ]),
        phone: texts("telecom.value")
            .into_iter()
            .find(|it| it.bytes().any(|it| it.is_ascii_digit())),
    })
}

/// A resource in a line.
pub struct InALine {
    /// What it is: "Admission", "Medicine".
    pub kind: &'static str,
    /// What it says.
    pub text: String,
    /// When it happened.
    pub on: DateView,
}

/// Says a resource in a line; `None` if its bytes cannot be read.
#[must_use]
pub fn in_a_line(resource: &StoredResource) -> Option<InALine> {
    let document = fhir::parse(&resource.bytes, &Limits::default()).ok()?;
    let on = resource
        .occurred_at
        .map_or_else(DateView::not_recorded, |_| date(&document));
    Some(InALine {
        kind: kind(&document),
        text: text(&document),
        on,
    })
}

/// Where a resource says when it happened, most telling first.
const DATES: [&str; 12] = [
    "period.start",
    "effectiveDateTime",
    "effectivePeriod.start",
    "onsetDateTime",
    "performedDateTime",
    "performedPeriod.start",
    "occurrenceDateTime",
    "authoredOn",
    "recordedDate",
    "sent",
    "date",
    "created",
];

fn date(document: &Document<'_>) -> DateView {
    let found = DATES.iter().find_map(|path| document.text_at(path));
    found.map_or_else(DateView::not_recorded, |text| DateView::parse(&text))
}

fn kind(document: &Document<'_>) -> &'static str {
    match document.resource_type() {
        "Encounter" => match document.text_at("class.code").as_deref() {
            Some("IMP" | "ACUTE" | "NONAC") => "Admission",
            Some("EMER") => "Emergency visit",
            Some("HH") => "Home visit",
            _ => "Visit",
        },
        "Condition" => "Health condition",
        "Procedure" => "Procedure",
        "MedicationRequest" | "MedicationStatement" => "Medicine",
        "Immunization" => "Vaccination",
        "Observation" => "Observation",
        "DiagnosticReport" => "Report",
        "DocumentReference" => "Document",
        "ServiceRequest" => "Referral",
        "DeviceRequest" => "Equipment",
        "CarePlan" => "Care plan",
        "EpisodeOfCare" => "Involvement",
        "Communication" => "Message",
        "AllergyIntolerance" => "Allergy",
        "Flag" => "Alert",
        _ => "Entry",
    }
}

/// Where a resource says what it is about, most telling first.
const TEXTS: [&str; 19] = [
    "code.text",
    "medicationCodeableConcept.text",
    "vaccineCode.text",
    "codeCodeableConcept.text",
    "description",
    "title",
    "type.text",
    "code.coding.display",
    "medicationCodeableConcept.coding.display",
    "vaccineCode.coding.display",
    "codeCodeableConcept.coding.display",
    "type.coding.display",
    "serviceType.text",
    "reasonCode.text",
    "reasonCode.coding.display",
    "payload.contentString",
    "careManager.display",
    "team.display",
    "managingOrganization.display",
];

fn text(document: &Document<'_>) -> String {
    let first = |path: &&str| {
        document
            .all(path)
            .into_iter()
            .find_map(|node| node.as_str().map(std::borrow::Cow::into_owned))
    };
    let what = TEXTS.iter().find_map(first);
    let mut text = what.unwrap_or_else(|| "No description given".to_owned());
    if let Some(value) = measured(document) {
        text.push_str(": ");
        text.push_str(&value);
    }
    if document.text_at("status").as_deref() == Some("entered-in-error") {
        text.push_str(" (entered in error)");
    }
    text
}

/// The value of an observation, digits as its source wrote them.
fn measured(document: &Document<'_>) -> Option<String> {
    if let Some(text) = document
        .text_at("valueString")
        .or_else(|| document.text_at("valueCodeableConcept.text"))
    {
        return Some(text.into_owned());
    }
    let value = document.get("valueQuantity.value")?;
    let digits = document.bytes().get(value.span())?;
    let unit = document.text_at("valueQuantity.unit").unwrap_or_default();
    Some(
        format!("{} {unit}", String::from_utf8_lossy(digits))
            .trim()
            .to_owned(),
    )
}
