//! AuditEvent: a line of the account in the form other systems read
//! (IHE BALP, <https://profiles.ihe.net/ITI/BALP/>).
//!
//! A disclosure follows the pattern `PrivacyDisclosure.Source`, a refusal `AuthZconsent` with a
//! failure. One event is about one person.

use serde_json::{Map, Value, json};

/// What happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Happened {
    /// Something was shared.
    Disclosed,
    /// A request was refused or referred to somebody.
    Refused,
}

/// One line of the account.
#[derive(Debug, Clone, Copy)]
pub struct Line<'a> {
    /// The event's id.
    pub id: &'a str,
    /// When, as FHIR writes an instant.
    pub recorded: &'a str,
    /// What happened.
    pub happened: Happened,
    /// The purpose as (system, code).
    pub purpose: (&'a str, &'a str),
    /// The line as one sentence.
    pub sentence: &'a str,
    /// Who asked.
    pub requester: &'a str,
    /// In which role.
    pub role: &'a str,
    /// For which organisation.
    pub organisation: &'a str,
    /// Whose record it is: the id of the Patient.
    pub patient: &'a str,
    /// The agency that holds what was asked for.
    pub custodian: &'a str,
    /// References to what was shared; may be empty.
    pub data: &'a [&'a str],
    /// The ledger's receipt for the entry.
    pub receipt: &'a str,
}

const PROFILES: &str = "https://profiles.ihe.net/ITI/BALP/StructureDefinition/IHE.BasicAudit.";
const DCM: &str = "http://dicom.nema.org/resources/ontology/DCM";
const LIFECYCLE: &str = "http://terminology.hl7.org/CodeSystem/iso-21089-lifecycle";
const PARTICIPATION: &str = "http://terminology.hl7.org/CodeSystem/v3-ParticipationType";
const BALP_SUBTYPE: &str = "https://profiles.ihe.net/ITI/BALP/CodeSystem/BasicAuditEntityType";

/// Writes the AuditEvent (<https://hl7.org/fhir/R4/auditevent.html>).
#[must_use]
pub fn audit_event(line: &Line<'_>) -> Vec<u8> {
    let disclosed = line.happened == Happened::Disclosed;
    let (profile, kind, subtype, action) = match line.happened {
        Happened::Disclosed => (
            "PrivacyDisclosure.Source",
            coding(DCM, "110106", "Export"),
            coding(
                LIFECYCLE,
                "disclose",
                "Disclose/Release Record Lifecycle Event",
            ),
            "R",
        ),
        Happened::Refused => (
            "AuthZconsent",
            coding(DCM, "110113", "Security Alert"),
            coding(BALP_SUBTYPE, "AuthZ-Consent", "Authorization by consent"),
            "E",
        ),
    };
    let mut event = Map::new();
    let mut set = |name: &str, value: Value| event.insert(name.to_owned(), value);
    set("resourceType", json!("AuditEvent"));
    set("id", json!(line.id));
    set("meta", json!({"profile": [format!("{PROFILES}{profile}")]}));
    set(
        "text",
        json!({"status": "generated", "div": narrative(line.sentence)}),
    );
    set("type", kind);
    set("subtype", json!([subtype]));
    set("action", json!(action));
    set("recorded", json!(line.recorded));
    set("outcome", json!(if disclosed { "0" } else { "4" }));
    set("outcomeDesc", json!(line.sentence));
    set(
        "purposeOfEvent",
        json!([{"coding": [purpose(line.purpose)]}]),
    );
    set("agent", agents(line));
    set("source", json!({"observer": {"display": "Candour"}}));
    set("entity", entities(line));
    Value::Object(event).to_string().into_bytes()
}

fn agents(line: &Line<'_>) -> Value {
    let person = json!({"text": line.role});
    match line.happened {
        Happened::Disclosed => json!([
            {
                "type": {"coding": [coding(DCM, "110153", "Source Role ID")]},
                "who": {"display": line.custodian},
                "requestor": false,
            },
            {
                "type": {"coding": [coding(DCM, "110152", "Destination Role ID")]},
                "role": [person],
                "who": {"display": line.requester},
                "requestor": true,
            },
            {
                "type": {"coding": [coding(PARTICIPATION, "PROV", "healthcare provider")]},
                "who": {"display": line.organisation},
                "requestor": false,
            },
        ]),
        Happened::Refused => json!([
            {
                "type": {"coding": [coding(PARTICIPATION, "IRCP", "information recipient")]},
                "role": [person],
                "who": {"display": line.requester},
                "requestor": true,
            },
            {
                "type": {"coding": [coding(PARTICIPATION, "PROV", "healthcare provider")]},
                "who": {"display": line.organisation},
                "requestor": false,
            },
        ]),
    }
}

fn entities(line: &Line<'_>) -> Value {
    const ENTITY: &str = "http://terminology.hl7.org/CodeSystem/audit-entity-type";
    const ROLE: &str = "http://terminology.hl7.org/CodeSystem/object-role";
    let mut entities = vec![json!({
        "what": {"reference": format!("Patient/{}", line.patient)},
        "type": coding(ENTITY, "1", "Person"),
        "role": coding(ROLE, "1", "Patient"),
    })];
    entities.extend(line.data.iter().map(|reference| {
        json!({
            "what": {"reference": reference},
            "type": coding(ENTITY, "2", "System Object"),
            "role": coding(ROLE, "4", "Domain Resource"),
        })
    }));
    entities.push(json!({
        "what": {"identifier": {"value": line.receipt}},
        "type": coding(ENTITY, "4", "Other"),
        "role": coding(ROLE, "13", "Security Resource"),
        "name": "receipt",
    }));
    Value::Array(entities)
}

fn coding(system: &str, code: &str, display: &str) -> Value {
    json!({"system": system, "code": code, "display": display})
}

fn purpose((system, code): (&str, &str)) -> Value {
    json!({"system": system, "code": code})
}

/// The sentence as XHTML.
fn narrative(sentence: &str) -> String {
    let escaped = sentence
        .replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;");
    format!("<div xmlns=\"http://www.w3.org/1999/xhtml\">{escaped}</div>")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::{Limits, parse};
    use crate::types::{SubjectRef, subject};

    const LINE: Line<'static> = Line {
        id: "a1",
        recorded: "2027-01-11T09:00:00.000Z",
        happened: Happened::Disclosed,
        purpose: (
            "http://terminology.hl7.org/CodeSystem/v3-ActReason",
            "TREAT",
        ),
        sentence: "Ada Reid, social worker at Northburn <Social Work>, saw your allergies.",
        requester: "Ada Reid",
        role: "social worker",
        organisation: "Northburn Social Work",
        patient: "p1",
        custodian: "Northburn Hospital",
        data: &["AllergyIntolerance/x"],
        receipt: "candour:7:4d2f",
    };

    #[test]
    fn a_disclosure_is_an_event_of_the_person() {
        let bytes = audit_event(&LINE);
        let event = parse(&bytes, &Limits::default()).unwrap();
        assert!(
            matches!(subject(&event), Ok(SubjectRef::Person(person)) if person.text == "Patient/p1")
        );
        insta::assert_snapshot!(String::from_utf8(bytes).unwrap());
    }

    #[test]
    fn a_refusal_is_a_failed_authorisation() {
        let refused = Line {
            happened: Happened::Refused,
            data: &[],
            ..LINE
        };
        insta::assert_snapshot!(String::from_utf8(audit_event(&refused)).unwrap());
    }
}
