//! Facts that a contribution proves: relationships from events, wishes from a Consent, and which
//! Practitioner or Organization stands for whom in the directory.

use domain::{
    Audience, Category, Confidentiality, Evidence, Objection, OrganisationId, Purpose,
    Relationship, RelationshipKind, ResourceId, Scope, Sensitivity, TeamId, Timestamp, WorkerId,
};
use fhir::Document;
use fhir::consent::{Actor, Provision, Rule};
use fhir::events::{Named, RelationshipEvent};
use store::{Directory, Write};

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
    if place.subject.is_none() || !EVENTS.contains(&resource_type) {
        return Ok(());
    }
    let directory = draft.snapshot.directory().await?;
    let relationships = fhir::events::events(document)
        .iter()
        .flat_map(|event| relationships(draft, &directory, event, id))
        .collect();
    let objections = match resource_type {
        "Consent" => objections(draft, &directory, document, id)?,
        _ => Vec::new(),
    };
    draft.write_row(Write::Evidenced {
        home: place.home,
        evidence: id,
        relationships,
        objections,
    });
    Ok(())
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

fn worker(draft: &Draft<'_>, directory: &Directory, named: &Named) -> Option<WorkerId> {
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

fn organisation(draft: &Draft<'_>, directory: &Directory, named: &Named) -> Option<OrganisationId> {
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

/// What a Consent says no to. A no that Candour cannot understand is kept as one that could
/// match anything in its reach; a yes that it cannot understand opens nothing by itself.
fn objections(
    draft: &Draft<'_>,
    directory: &Directory,
    document: &Document<'_>,
    evidence: ResourceId,
) -> Result<Vec<Objection>, Error> {
    let consent = fhir::consent::read(document).map_err(Error::invalid)?;
    if !consent.is_active || !consent.is_about_privacy {
        return Ok(Vec::new());
    }
    let mut found = Vec::new();
    let mut waiting: Vec<&Provision> = consent.provision.iter().collect();
    while let Some(provision) = waiting.pop() {
        if provision.rule == Some(Rule::Deny) && !provision.only_adds_exceptions() {
            found.extend(denied(
                draft,
                directory,
                provision,
                consent.given_at,
                evidence,
            ));
        }
        waiting.extend(&provision.exceptions);
    }
    found.sort();
    found.dedup();
    Ok(found)
}

fn denied(
    draft: &Draft<'_>,
    directory: &Directory,
    provision: &Provision,
    given_at: Option<Timestamp>,
    evidence: ResourceId,
) -> Vec<Objection> {
    let audiences: Vec<Audience> = match provision.actors.as_slice() {
        [] => vec![Audience::Everyone],
        actors => actors
            .iter()
            .map(|actor| audience(draft, directory, actor))
            .collect(),
    };
    let scopes = scopes(draft, provision);
    let purposes: Vec<Option<Purpose>> = match provision.purposes.as_slice() {
        [] => vec![None],
        // A purpose that is not known may be any: fail closed.
        codes => codes.iter().map(|code| code.parse().ok()).collect(),
    };
    let mut found = Vec::new();
    for audience in &audiences {
        for scope in &scopes {
            for purpose in &purposes {
                found.push(Objection {
                    audience: audience.clone(),
                    scope: scope.clone(),
                    purpose: *purpose,
                    since: provision.since.or(given_at).unwrap_or(Timestamp(i64::MIN)),
                    until: provision.until,
                    evidence,
                });
            }
        }
    }
    found
}

/// Whom a no is directed against; one whom the directory does not know may be anybody.
fn audience(draft: &Draft<'_>, directory: &Directory, actor: &Actor) -> Audience {
    let by_identifier = actor
        .identifier
        .clone()
        .map(|(system, value)| Named::Identifier(system, value));
    let by_reference = actor.reference.clone().map(Named::Reference);
    let found = by_identifier.iter().chain(&by_reference).find_map(|named| {
        organisation(draft, directory, named)
            .map(Audience::Organisation)
            .or_else(|| worker(draft, directory, named).map(Audience::Worker))
    });
    found.unwrap_or(Audience::Everyone)
}

/// What a no covers. Elements of one provision are all to hold; Candour keeps the widest reading
/// of a no, so each element alone is covered.
fn scopes(draft: &Draft<'_>, provision: &Provision) -> Vec<Scope> {
    let labels = provision.labels.iter().map(|code| {
        Confidentiality::from_code(code)
            .map(Scope::AtLeast)
            .or_else(|| Sensitivity::from_code(code).map(Scope::Sensitivity))
            .unwrap_or(Scope::NotUnderstood)
    });
    let classes = provision
        .classes
        .iter()
        .flat_map(|code| categories(draft, code));
    let data = provision.data.iter().map(|reference| {
        let id = reference
            .split_once('/')
            .map(|(resource_type, id)| draft.own_id(resource_type, id));
        id.map_or(Scope::NotUnderstood, Scope::Resource)
    });
    // A no with a yes inside it cannot be said by one wish: a person must look at it.
    let has_exceptions = provision
        .exceptions
        .iter()
        .any(|exception| exception.rule == Some(Rule::Permit));
    let unknown = (provision.not_understood || has_exceptions).then_some(Scope::NotUnderstood);
    let scopes: Vec<Scope> = labels.chain(classes).chain(data).chain(unknown).collect();
    if scopes.is_empty() {
        vec![Scope::Everything]
    } else {
        scopes
    }
}

/// What a class of a provision is about: a category, or all that a resource type is about.
fn categories(draft: &Draft<'_>, code: &str) -> Vec<Scope> {
    if let Some(category) = Category::from_code(code) {
        return vec![Scope::Category(category)];
    }
    if fhir::types::of(code).is_none() {
        return vec![Scope::NotUnderstood];
    }
    let anything = Evidence {
        resource_type: code.to_owned(),
        ..Evidence::default()
    };
    let label = draft
        .cx
        .labeller
        .label(&anything, &draft.custodian, None, None);
    label.categories.into_iter().map(Scope::Category).collect()
}
