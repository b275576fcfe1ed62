//! AuditEvent: a line of the account in the form other systems read
//! (IHE BALP, <https://profiles.ihe.net/ITI/BALP/>).
//!
//! A disclosure follows the pattern `PrivacyDisclosure.Source`, a refusal `AuthZconsent` with a
//! failure. Neither claims the profile: both require network addresses, which the account does not
//! keep, and the latter a Consent, which need not exist. One event is about one person.

use serde_json::{Value, json};

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
    /// The purpose as (system, code); in words and without a code where the system is empty.
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
    /// The asker's own words, or the marker that stands for them; may be empty.
    pub reason: &'a str,
    /// What is not told, each with the code of why: `reason third-party`.
    pub withheld: &'a [String],
    /// The ledger's receipt for the entry.
    pub receipt: &'a str,
}

const DCM: &str = "http://dicom.nema.org/resources/ontology/DCM";
const LIFECYCLE: &str = "http://terminology.hl7.org/CodeSystem/iso-21089-lifecycle";
const AUTHORISATION: &str = "https://profiles.ihe.net/ITI/BALP/CodeSystem/AuthZsubType";
const ROLE_CLASS: &str = "http://terminology.hl7.org/CodeSystem/v3-RoleClass";
const PARTICIPATION: &str = "http://terminology.hl7.org/CodeSystem/v3-ParticipationType";
const SECURITY_ROLE: &str = "http://terminology.hl7.org/CodeSystem/extra-security-role-type";
const SNOMED: &str = "http://snomed.info/sct";
const ENTITY: &str = "http://terminology.hl7.org/CodeSystem/audit-entity-type";
const ENTITY_ROLE: &str = "http://terminology.hl7.org/CodeSystem/object-role";

/// Writes the AuditEvent (<https://hl7.org/fhir/R4/auditevent.html>).
#[must_use]
pub fn audit_event(line: &Line<'_>) -> Vec<u8> {
    let (kind, subtype, action, outcome) = match line.happened {
        Happened::Disclosed => (
            coding(DCM, "110106", "Export"),
            coding(
                LIFECYCLE,
                "disclose",
                "Disclose/Release Record Lifecycle Event",
            ),
            "R",
            "0",
        ),
        Happened::Refused => (
            coding(DCM, "110113", "Security Alert"),
            coding(
                AUTHORISATION,
                "AuthZ-Consent",
                "Authorization Decision using Roles and Consent",
            ),
            "E",
            "8",
        ),
    };
    let mut event = json!({
        "resourceType": "AuditEvent",
        "id": line.id,
        "text": {"status": "generated", "div": narrative(line.sentence)},
        "type": kind,
        "subtype": [subtype],
        "action": action,
        "recorded": line.recorded,
        "outcome": outcome,
        "outcomeDesc": line.sentence,
        "purposeOfEvent": [purpose(line)],
        "agent": agents(line),
        "source": {"observer": {"display": EXCHANGE}},
        "entity": entities(line),
    });
    // What was done to the account itself has none.
    if let (("", ""), Some(members)) = (line.purpose, event.as_object_mut()) {
        members.shift_remove("purposeOfEvent");
    }
    event.to_string().into_bytes()
}

fn purpose(line: &Line<'_>) -> Value {
    match line.purpose {
        ("", words) => json!({"text": words}),
        (system, code) => json!({"coding": [{"system": system, "code": code}]}),
    }
}

/// How the exchange names itself as the source of the event.
const EXCHANGE: &str = "Candour";

fn agents(line: &Line<'_>) -> Value {
    let (exchange, asker) = match line.happened {
        Happened::Disclosed => (
            coding(DCM, "110153", "Source Role ID"),
            coding(DCM, "110152", "Destination Role ID"),
        ),
        Happened::Refused => (
            coding(SECURITY_ROLE, "authserver", "authorization server"),
            coding(PARTICIPATION, "IRCP", "information recipient"),
        ),
    };
    let organisation = coding(ROLE_CLASS, "PROV", "healthcare provider");
    let custodian = coding(SNOMED, "159541003", "Record keeping/library clerk");
    let mut asker = agent(&asker, line.requester, true);
    if let Some(members) = asker.as_object_mut() {
        members.insert("role".into(), json!([{"text": line.role}]));
    }
    json!([
        agent(&exchange, EXCHANGE, false),
        asker,
        agent(&organisation, line.organisation, false),
        agent(&custodian, line.custodian, false),
    ])
}

fn agent(kind: &Value, who: &str, requestor: bool) -> Value {
    json!({"type": {"coding": [kind]}, "who": {"display": who}, "requestor": requestor})
}

fn entities(line: &Line<'_>) -> Value {
    let mut person = json!({
        "what": {"reference": format!("Patient/{}", line.patient)},
        "type": coding(ENTITY, "1", "Person"),
        "role": coding(ENTITY_ROLE, "1", "Patient"),
    });
    let detail = |kind: &str, value: &str| json!({"type": kind, "valueString": value});
    let reason = Some(line.reason).filter(|reason| !reason.is_empty());
    let reason = reason.map(|reason| detail("reason", reason));
    let withheld = line.withheld.iter().map(|it| detail("withheld", it));
    let details: Vec<Value> = reason.into_iter().chain(withheld).collect();
    if let (false, Some(members)) = (details.is_empty(), person.as_object_mut()) {
        members.insert("detail".into(), Value::Array(details));
    }
    let mut entities = vec![person];
    entities.extend(line.data.iter().map(|reference| {
        json!({
            "what": {"reference": reference},
            "type": coding(ENTITY, "2", "System Object"),
            "role": coding(ENTITY_ROLE, "4", "Domain Resource"),
        })
    }));
    entities.push(json!({
        "what": {"identifier": {"value": line.receipt}},
        "type": coding(ENTITY, "4", "Other"),
        "role": coding(ENTITY_ROLE, "13", "Security Resource"),
        "name": "receipt",
    }));
    Value::Array(entities)
}

fn coding(system: &str, code: &str, display: &str) -> Value {
    json!({"system": system, "code": code, "display": display})
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
        reason: "",
        withheld: &[],
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
    fn words_that_speak_of_somebody_else_are_a_marker_and_a_code() {
        let withheld = ["reason third-party".to_owned()];
        let line = Line {
            reason: "[not shown]",
            withheld: &withheld,
            purpose: ("", "a task that the law gives them"),
            ..LINE
        };
        let bytes = audit_event(&line);
        let event: Value = serde_json::from_slice(&bytes).unwrap();
        assert_eq!(
            event["entity"][0]["detail"],
            json!([
                {"type": "reason", "valueString": "[not shown]"},
                {"type": "withheld", "valueString": "reason third-party"},
            ])
        );
        assert_eq!(
            event["purposeOfEvent"],
            json!([{"text": "a task that the law gives them"}])
        );
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
