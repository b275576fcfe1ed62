//! What a Communication says of a call round or meeting: through what, to whom, about what, how it was
//! known who they are, and what is done next.

use domain::message::call::Way;
use domain::message::{Attendee, Call};
use serde_json::{Value, json};

use super::{CATEGORY_SYSTEM, GROUND_SYSTEM, identified};
use crate::contribute::WORKER_SYSTEM;

/// How something was told, as HL7 codes it
/// (<https://terminology.hl7.org/4.0.0/ValueSet-v3-ParticipationMode.html>).
pub(super) fn medium(way: Way) -> Value {
    let code = match way {
        Way::Phone => "PHONE",
        Way::Meeting => "FACE",
        Way::Letter => "WRITTEN",
    };
    json!([{ "coding": [{
        "system": "http://terminology.hl7.org/CodeSystem/v3-ParticipationMode",
        "code": code
    }] }])
}

/// Says it in the Communication of the note.
pub(super) fn add_to(face: &mut Value, call: &Call) {
    face["medium"] = medium(call.way);
    face["recipient"] = call.attended.iter().map(recipient).collect();
    face["topic"] = json!({ "coding": call.what.iter().map(|category| json!({
        "system": CATEGORY_SYSTEM, "code": category.code(), "display": category.words()
    })).collect::<Vec<_>>(), "text": call.identity.words() });
    if call.what.is_empty() {
        face["topic"] = json!({ "text": call.identity.words() });
    }
    let next = call.next.as_deref().unwrap_or("Nobody owns a next step");
    let notes = face["note"].as_array().cloned().unwrap_or_default();
    let next = json!({ "text": format!("Next: {next}") });
    face["note"] = std::iter::once(next).chain(notes).collect();
}

fn recipient(attendee: &Attendee) -> Value {
    let mut who = match &attendee.worker {
        Some(worker) => identified(WORKER_SYSTEM, worker.as_str()),
        None => json!({}),
    };
    who["display"] = json!(attendee.name);
    if let Some(ground) = &attendee.refused {
        // An element of our own: FHIR has no place for somebody who was not told.
        who["extension"] = json!([{
            "url": "https://candour.example/fhir/StructureDefinition/not-told",
            "valueCoding": { "system": GROUND_SYSTEM, "code": ground }
        }]);
    }
    who
}
