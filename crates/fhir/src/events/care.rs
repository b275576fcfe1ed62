//! Events of care itself: registration, visits and stays, episodes, teams.

use domain::RelationshipKind;

use super::{RelationshipEvent, identifier};
use crate::document::Node;

/// `Patient.generalPractitioner` and `managingOrganization`
/// (<https://hl7.org/fhir/R4/patient.html>).
pub(super) fn registration(patient: Node<'_>) -> Vec<RelationshipEvent> {
    let active = patient.get("active").and_then(|node| node.as_bool()) != Some(false);
    let registered = || RelationshipEvent::new(RelationshipKind::Registration, active);
    let mut events = vec![
        registered().involve_all(patient, "generalPractitioner"),
        registered().involve(patient.member("managingOrganization")),
    ];
    events.retain(RelationshipEvent::names_someone);
    events
}

/// A stay or a visit (<https://hl7.org/fhir/R4/encounter.html>).
pub(super) fn encounter(encounter: Node<'_>) -> Vec<RelationshipEvent> {
    let active = match encounter.text_at("status").as_deref() {
        Some("arrived" | "triaged" | "in-progress" | "onleave") => true,
        Some("finished") => false,
        _ => return Vec::new(),
    };
    let kind = match encounter.text_at("class.code").as_deref() {
        Some("IMP" | "ACUTE" | "NONAC" | "OBSENC" | "SS") => RelationshipKind::Admission,
        _ => RelationshipKind::Attendance,
    };
    let event = RelationshipEvent::new(kind, active)
        .during(encounter.member("period"))
        .involve_one_of(encounter.member("serviceProvider"), Some("Organization"))
        .involve_all(encounter, "participant.individual")
        .involve_places(encounter, "location.location");
    vec![event]
}

/// A case held by an organisation (<https://hl7.org/fhir/R4/episodeofcare.html>).
pub(super) fn episode(episode: Node<'_>) -> Vec<RelationshipEvent> {
    let active = match episode.text_at("status").as_deref() {
        Some("active" | "onhold" | "waitlist") => true,
        Some("finished") => false,
        _ => return Vec::new(),
    };
    let event = RelationshipEvent::new(episode_kind(episode), active)
        .during(episode.member("period"))
        .involve(episode.member("managingOrganization"))
        .involve(episode.member("careManager"))
        .involve_all(episode, "team");
    vec![event]
}

/// The code system in which an agency says what sort of case it holds.
const EPISODE_KIND: &str = "https://candour.example/fhir/CodeSystem/episode-kind";

/// What sort of case it is: a tenancy, a place in a home, a duty. A case that does not say is one
/// on a caseload.
fn episode_kind(episode: Node<'_>) -> RelationshipKind {
    episode
        .all("type.coding")
        .into_iter()
        .filter(|coding| coding.text_at("system").as_deref() == Some(EPISODE_KIND))
        .find_map(|coding| RelationshipKind::from_code(&coding.text_at("code")?))
        .filter(|kind| *kind != RelationshipKind::SelfClaimed)
        .unwrap_or(RelationshipKind::Caseload)
}

/// The members of a team, each for their own time (<https://hl7.org/fhir/R4/careteam.html>).
pub(super) fn team(team: Node<'_>) -> Vec<RelationshipEvent> {
    let active = match team.text_at("status").as_deref() {
        None | Some("active" | "suspended") => true,
        Some("inactive") => false,
        _ => return Vec::new(),
    };
    let own = team.get("identifier").and_then(identifier);
    let member = |participant: Node<'_>| {
        let period = participant
            .member("period")
            .or_else(|| team.member("period"));
        RelationshipEvent::new(RelationshipKind::CareTeam, active)
            .during(period)
            .involve(participant.member("member"))
    };
    let participants = team.all("participant").into_iter().map(|participant| {
        let event = member(participant);
        // On whose behalf says nothing unless there is a worker: a relative acts for nobody.
        match event.workers.is_empty() {
            true => event,
            false => event.involve(participant.member("onBehalfOf")),
        }
    });
    let managing = RelationshipEvent::new(RelationshipKind::CareTeam, active)
        .during(team.member("period"))
        .involve_all(team, "managingOrganization");
    participants
        .chain([managing])
        .filter(RelationshipEvent::names_someone)
        .map(|event| RelationshipEvent {
            team: own.clone().or(event.team),
            ..event
        })
        .collect()
}
