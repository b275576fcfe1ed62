//! Facts that a contribution proves: relationships from events, what a Consent says, a death, and
//! which Practitioner or Organization stands for whom in the directory.

use domain::{
    Fact, Moment, OrganisationId, Relationship, RelationshipKind, ResourceId, TeamId, Timestamp,
    WorkerId,
};
use fhir::Document;
use fhir::events::{Named, RelationshipEvent};
use fhir::patient::Deceased;
use store::{Directory, Write};

use super::consents::{self, Said};
use super::draft::{Draft, Place};
use crate::Error;

/// The system of workers' ids in the directory.
pub const WORKER_SYSTEM: &str = "https://candour.example/fhir/id/worker";
/// The system of agencies' ids in the directory.
pub const ORGANISATION_SYSTEM: &str = "https://candour.example/fhir/id/organisation";
/// The system of teams' ids in the directory.
pub const TEAM_SYSTEM: &str = "https://candour.example/fhir/id/team";

/// Types that prove nothing about anybody's involvement are passed over quickly.
const EVENTS: [&str; 7] = [
    "Patient",
    "Encounter",
    "EpisodeOfCare",
    "ServiceRequest",
    "CareTeam",
    "Appointment",
    "Consent",
];

/// Adds to the change what this resource proves. A later version replaces what an earlier proved.
pub(super) async fn facts(
    draft: &mut Draft<'_>,
    document: &Document<'_>,
    id: ResourceId,
    place: &Place,
) -> Result<(), Error> {
    let resource_type = document.resource_type();
    if matches!(resource_type, "Practitioner" | "Organization") {
        return directory(draft, document, id).await;
    }
    let Some(subject) = place.subject.filter(|_| EVENTS.contains(&resource_type)) else {
        return Ok(());
    };
    let directory = draft.snapshot.directory().await?;
    let relationships = fhir::events::events(document)
        .iter()
        .flat_map(|event| relationships(draft, &directory, event, id))
        .collect();
    let said = match resource_type {
        "Consent" => consents::said(draft, &directory, document, subject, id)?,
        "Patient" => Said {
            facts: death(document, draft.now)?.into_iter().collect(),
            ..Said::default()
        },
        _ => Said::default(),
    };
    draft.write_row(Write::Evidenced {
        home: place.home,
        evidence: id,
        relationships,
        objections: said.objections,
    });
    if matches!(resource_type, "Consent" | "Patient") {
        draft.say(subject, id, said.facts);
    }
    Ok(())
}

/// That the person died. Where nobody says when, it was by now.
fn death(document: &Document<'_>, now: Timestamp) -> Result<Option<Fact>, Error> {
    let patient = fhir::patient::read(document).map_err(Error::invalid)?;
    let at = match patient.deceased {
        Some(Deceased::On(date)) => Timestamp(date.from_us),
        Some(Deceased::Yes) => now,
        Some(Deceased::No) | None => return Ok(None),
    };
    Ok(Some(Fact::Died(Moment(at))))
}

/// An agency's own staff and itself, by the directory's identifiers.
async fn directory(
    draft: &mut Draft<'_>,
    document: &Document<'_>,
    id: ResourceId,
) -> Result<(), Error> {
    let directory = draft.snapshot.directory().await?;
    for (system, value) in fhir::patient::identifiers(document) {
        if system == WORKER_SYSTEM {
            let worker = directory.workers.get(&WorkerId::new(value));
            if let Some(worker) = worker.filter(|worker| worker.organisation == draft.custodian) {
                draft.write_row(Write::Worker {
                    worker: worker.clone(),
                    resource: Some(id),
                });
            }
        } else if system == ORGANISATION_SYSTEM && value == draft.custodian.as_str() {
            let home = draft.snapshot.organisation_home(&draft.custodian).await?;
            if let Some((organisation, home)) =
                directory.organisations.get(&draft.custodian).zip(home)
            {
                draft.write_row(Write::Organisation {
                    organisation: organisation.clone(),
                    home,
                    resource: Some(id),
                });
            }
        }
    }
    Ok(())
}

/// One event may prove several workers' involvement. One that names nobody proves the contributing
/// agency's own, but a referral to somebody whom the directory does not know proves nothing.
fn relationships(
    draft: &Draft<'_>,
    directory: &Directory,
    event: &RelationshipEvent,
    evidence: ResourceId,
) -> Vec<Relationship> {
    let team = event
        .team
        .as_ref()
        .filter(|(system, _)| system == TEAM_SYSTEM);
    let team = team.and_then(|(_, id)| directory.teams.get(&TeamId::new(id.clone())));
    let named = event
        .organisation
        .as_ref()
        .and_then(|named| organisation(draft, directory, named));
    let organisation = named.or_else(|| team.map(|team| team.organisation.clone()));
    let one = |organisation: OrganisationId, worker: Option<WorkerId>| Relationship {
        kind: event.kind,
        organisation,
        team: team.map(|team| team.id.clone()),
        worker,
        since: event.since.unwrap_or(draft.now),
        until: event.until.or_else(|| (!event.active).then_some(draft.now)),
        evidence: Some(evidence),
    };
    let workers: Vec<Relationship> = event
        .workers
        .iter()
        .filter_map(|named| worker(draft, directory, named))
        .filter_map(|id| directory.workers.get(&id))
        .map(|worker| one(worker.organisation.clone(), Some(worker.id.clone())))
        .collect();
    if !workers.is_empty() {
        return workers;
    }
    let fallback = (event.kind != RelationshipKind::Referral).then(|| draft.custodian.clone());
    organisation
        .or(fallback)
        .map(|organisation| one(organisation, None))
        .into_iter()
        .collect()
}

fn target(draft: &Draft<'_>, reference: &str, resource_type: &str) -> Option<ResourceId> {
    let id = reference.strip_prefix(resource_type)?.strip_prefix('/')?;
    Some(draft.own_id(resource_type, id))
}

pub(super) fn worker(draft: &Draft<'_>, directory: &Directory, named: &Named) -> Option<WorkerId> {
    match named {
        Named::Reference(text) => directory
            .practitioners
            .get(&target(draft, text, "Practitioner")?)
            .cloned(),
        Named::Identifier(system, value) if system == WORKER_SYSTEM => {
            Some(WorkerId::new(value.clone()))
        }
        Named::Identifier(..) => None,
    }
}

pub(super) fn organisation(
    draft: &Draft<'_>,
    directory: &Directory,
    named: &Named,
) -> Option<OrganisationId> {
    match named {
        Named::Reference(text) => directory
            .organization_resources
            .get(&target(draft, text, "Organization")?)
            .cloned(),
        Named::Identifier(system, value) if system == ORGANISATION_SYSTEM => {
            let id = OrganisationId::new(value.clone());
            directory.organisations.contains_key(&id).then_some(id)
        }
        Named::Identifier(..) => None,
    }
}
