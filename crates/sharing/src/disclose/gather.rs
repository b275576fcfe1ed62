//! Gathering what was asked for, under the permit of the decision.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::sync::Arc;

use domain::{Confidentiality, Relationship, ResourceId};
use fhir::search::Shape;
use policy::{DigestedFacts, Facts, Permit};
use store::{HistoryAsk, Page, PageRequest, Snapshot, StoredResource, Within};

use super::target::{Mark, PageAsk, Target};
use crate::{Asking, Context, Error, third_parties};
/// What is known of whose record it is; `None` if it is nobody's.
pub(super) async fn facts_of(
    snapshot: &mut dyn Snapshot,
    target: &Target,
) -> Result<Option<Arc<DigestedFacts>>, Error> {
    let patient = match target {
        Target::Search { patient, .. }
        | Target::Everything { patient, .. }
        | Target::Record { patient, .. } => Some(*patient),
        Target::History {
            patient, id: None, ..
        } => *patient,
        Target::Read {
            resource_type, id, ..
        }
        | Target::History {
            resource_type,
            id: Some(id),
            ..
        }
        | Target::Original { resource_type, id } => snapshot
            .locate(resource_type, id)
            .await?
            .and_then(|located| located.subject),
    };
    let Some(patient) = patient else {
        return Ok(None);
    };
    let Some(person) = snapshot.person_of(&patient).await? else {
        return Ok(None);
    };
    Ok(snapshot.facts(person).await?)
}

/// What was gathered under a permit.
#[derive(Default)]
pub(super) struct Gathered {
    pub resources: Vec<StoredResource>,
    pub next: Option<Mark>,
    pub total: Option<u64>,
    /// How many of the resources matched; the others go with them.
    pub matched: usize,
    /// The resource asked for was deleted.
    pub gone: bool,
    pub involved: Vec<Relationship>,
}

impl Gathered {
    /// Adds flags that messages in force put on the record; where only their number is wanted, no
    /// more than that. Flags that the exchange makes are matches, and stand before what goes along.
    pub fn add(&mut self, flags: Vec<StoredResource>, only_counted: bool) {
        let count = flags.len();
        if !only_counted {
            let place = self.matched.min(self.resources.len());
            self.resources.splice(place..place, flags);
            self.matched += count;
        }
        self.total = self.total.map(|total| total + count as u64);
    }
}

impl From<Page> for Gathered {
    fn from(page: Page) -> Self {
        let next = Mark::at_end_of(&page);
        let matched = page.resources.len();
        let mut resources = page.resources;
        resources.extend(page.included);
        Self {
            resources,
            next,
            total: page.total,
            matched,
            gone: false,
            involved: Vec::new(),
        }
    }
}

/// Leaves of each resource the part that was asked for.
///
/// # Errors
/// [`Error::Invalid`] if something stored is not a resource.
pub fn leave_asked<'r>(
    resources: impl IntoIterator<Item = &'r mut StoredResource>,
    shape: &Shape,
) -> Result<(), Error> {
    for resource in resources {
        let part = fhir::redact::shaped(&resource.bytes, shape).map_err(Error::invalid)?;
        if let Cow::Owned(part) = part {
            resource.bytes = part;
        }
    }
    Ok(())
}

/// Everything of this target that the permit opens.
pub(super) async fn gather(
    snapshot: &mut dyn Snapshot,
    asking: &Asking,
    facts: &Facts,
    permit: &Permit,
    target: &Target,
) -> Result<Gathered, Error> {
    let mut gathered = match target {
        Target::Read {
            resource_type,
            id,
            version,
            ..
        } => {
            let found = match version {
                None => snapshot.read(permit, resource_type, id).await?,
                Some(version) => {
                    snapshot
                        .read_version(permit, resource_type, id, *version)
                        .await?
                }
            };
            let gone = found.as_ref().is_some_and(StoredResource::is_deletion);
            Gathered {
                resources: found
                    .into_iter()
                    .filter(|found| !found.is_deletion())
                    .collect(),
                gone,
                ..Gathered::default()
            }
        }
        Target::Original { resource_type, id } => {
            return original(snapshot, asking, permit, resource_type, id).await;
        }
        Target::Search { query, page, .. } => {
            let page = place(snapshot, page).await?;
            snapshot.search(permit, query, &page).await?.into()
        }
        Target::History {
            resource_type,
            id,
            since,
            page,
            ..
        } => {
            let page = place(snapshot, page).await?;
            let ask = HistoryAsk {
                resource_type,
                id: id.as_ref(),
                since: *since,
            };
            snapshot.history(permit, &ask, &page).await?.into()
        }
        Target::Everything {
            types,
            within,
            page,
            ..
        } => {
            let page = place(snapshot, page).await?;
            snapshot
                .everything(permit, &names(types), *within, &page)
                .await?
                .into()
        }
        Target::Record { page, .. } => record(snapshot, facts, permit, page).await?,
    };
    without_others(snapshot, asking, facts, &mut gathered.resources).await?;
    let shape = match target {
        Target::Read { shape, .. } => Some(shape),
        Target::Search { query, .. } => Some(&query.shape),
        _ => None,
    };
    if let Some(shape) = shape {
        leave_asked(&mut gathered.resources, shape)?;
    }
    Ok(gathered)
}

/// Takes the names of other people out of what names them; most resources name nobody.
async fn without_others(
    snapshot: &mut dyn Snapshot,
    asking: &Asking,
    facts: &Facts,
    resources: &mut [StoredResource],
) -> Result<(), Error> {
    if !resources.iter().any(|resource| resource.mentions_others) {
        return Ok(());
    }
    let subjects = snapshot.subjects(facts.person).await?;
    let subjects: BTreeSet<ResourceId> = subjects.into_iter().map(|subject| subject.id).collect();
    for resource in resources {
        third_parties::redact(asking, &subjects, resource)?;
    }
    Ok(())
}

/// What stands at the head of a record.
const HEAD: [&str; 4] = ["Patient", "AllergyIntolerance", "Flag", "RelatedPerson"];
/// More than anybody's head of a record holds.
const LONGEST_HEAD: u32 = 500;
/// What happens to people.
const HAPPENS: [&str; 13] = [
    "Encounter",
    "Condition",
    "Procedure",
    "MedicationRequest",
    "MedicationStatement",
    "Immunization",
    "Observation",
    "DiagnosticReport",
    "DocumentReference",
    "ServiceRequest",
    "DeviceRequest",
    "CarePlan",
    "Communication",
];

async fn record(
    snapshot: &mut dyn Snapshot,
    facts: &Facts,
    permit: &Permit,
    page: &PageAsk,
) -> Result<Gathered, Error> {
    let whole = PageRequest {
        limit: LONGEST_HEAD,
        after: None,
        with_total: false,
    };
    let head = snapshot
        .everything(permit, &HEAD, Within::default(), &whole)
        .await?;
    let place = place(snapshot, page).await?;
    let mut gathered: Gathered = snapshot.chronology(permit, &HAPPENS, &place).await?.into();
    gathered.resources.splice(0..0, head.resources);
    gathered.matched = gathered.resources.len();
    gathered.involved = involved(snapshot, facts, permit).await?;
    Ok(gathered)
}

/// What can prove that somebody is involved.
const EVENTS: [&str; 6] = [
    "Encounter",
    "EpisodeOfCare",
    "ServiceRequest",
    "CareTeam",
    "Appointment",
    "Patient",
];

/// Relationships are for everyone who may open the record, but for those that tell of care which
/// is closely held: an appointment at a known clinic says what it is about.
pub(crate) async fn involved(
    snapshot: &mut dyn Snapshot,
    facts: &Facts,
    permit: &Permit,
) -> Result<Vec<Relationship>, Error> {
    let mut shown = Vec::new();
    for relationship in &facts.relationships {
        let Some(evidence) = relationship.evidence else {
            shown.push(relationship.clone());
            continue;
        };
        let mut event = None;
        for resource_type in EVENTS {
            event = snapshot.locate(resource_type, &evidence).await?;
            if event.is_some() {
                break;
            }
        }
        let Some(event) = event else { continue };
        let label = facts.label(event.class);
        let ordinary =
            label.is_some_and(|label| label.confidentiality < Confidentiality::Restricted);
        let locked = permit.mask().without.contains(&evidence);
        if permit.mask().opens(event.class, &evidence) || (ordinary && !locked) {
            shown.push(relationship.clone());
        }
    }
    Ok(shown)
}

/// Turns a mark into the store's place. A mark whose resource is gone starts anew rather than
/// guessing, as a bookmark in a book that was replaced.
async fn place(snapshot: &mut dyn Snapshot, page: &PageAsk) -> Result<PageRequest, Error> {
    let after = match &page.after {
        None => None,
        Some(mark) => mark.cursor(snapshot).await?,
    };
    Ok(PageRequest {
        limit: page.limit,
        after,
        with_total: page.with_total,
    })
}

/// The original goes back to the agency that sent it and to no other: it holds ids and names of
/// others that were resolved or redacted since.
async fn original(
    snapshot: &mut dyn Snapshot,
    asking: &Asking,
    permit: &Permit,
    resource_type: &str,
    id: &ResourceId,
) -> Result<Gathered, Error> {
    let Some(mut resource) = snapshot.read(permit, resource_type, id).await? else {
        return Ok(Gathered::default());
    };
    if asking.caller.organisation() != Some(&resource.custodian) {
        return Ok(Gathered::default());
    }
    let Some(bytes) = snapshot.original(permit, resource_type, id).await? else {
        return Ok(Gathered::default());
    };
    resource.bytes = bytes;
    Ok(Gathered {
        resources: vec![resource],
        ..Gathered::default()
    })
}

fn names(types: &[String]) -> Vec<&str> {
    types.iter().map(String::as_str).collect()
}

/// The original of a directory or definition resource, which is nobody's record, for the agency
/// that sent it. `None` for anything else.
///
/// # Errors
/// [`Error::Unavailable`] if the store does not answer.
pub async fn directory_original(
    cx: &Context,
    asking: &Asking,
    resource_type: &str,
    id: &ResourceId,
) -> Result<Option<Vec<u8>>, Error> {
    let mut snapshot = cx.store.snapshot().await?;
    let located = snapshot.locate(resource_type, id).await?;
    let own = located.is_some_and(|located| {
        located.subject.is_none()
            && !located.deleted
            && asking.caller.organisation() == Some(&located.custodian)
    });
    if !own {
        return Ok(None);
    }
    Ok(snapshot.directory_original(resource_type, id).await?)
}
