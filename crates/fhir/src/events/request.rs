//! Events that ask for care: referrals and appointments.

use domain::RelationshipKind;

use super::RelationshipEvent;
use crate::document::Node;

/// A referral or order (<https://hl7.org/fhir/R4/servicerequest.html>): one event for each
/// organisation asked, and one for workers and teams asked by name.
pub(super) fn referral(request: Node<'_>) -> Vec<RelationshipEvent> {
    let active = match request.text_at("status").as_deref() {
        Some("active" | "on-hold") => true,
        Some("completed" | "revoked") => false,
        _ => return Vec::new(),
    };
    // A proposal or plan asks nobody yet.
    if matches!(
        request.text_at("intent").as_deref(),
        Some("proposal" | "plan" | "option")
    ) {
        return Vec::new();
    }
    let asked = || {
        RelationshipEvent::new(RelationshipKind::Referral, active)
            .since(request.member("authoredOn"))
    };
    let mut events = Vec::new();
    let mut by_name = asked();
    for performer in request.all("performer") {
        let event = asked().involve(Some(performer));
        match event.organisation {
            Some(_) => events.push(event),
            None => by_name = by_name.involve(Some(performer)),
        }
    }
    events.push(by_name);
    events.retain(RelationshipEvent::names_someone);
    events
}

/// An appointment (<https://hl7.org/fhir/R4/appointment.html>): whoever takes part is involved
/// from the booking, to prepare, until it is over.
pub(super) fn appointment(appointment: Node<'_>) -> Vec<RelationshipEvent> {
    let active = match appointment.text_at("status").as_deref() {
        Some("booked" | "arrived" | "checked-in") => true,
        Some("fulfilled") => false,
        _ => return Vec::new(),
    };
    let begun = appointment
        .member("created")
        .or_else(|| appointment.member("start"));
    let mut event = RelationshipEvent::new(RelationshipKind::Attendance, active)
        .since(begun)
        .involve_all(appointment, "participant.actor");
    let ended = RelationshipEvent::new(RelationshipKind::Attendance, active)
        .since(appointment.member("end"));
    event.until = ended.since;
    vec![event]
}
