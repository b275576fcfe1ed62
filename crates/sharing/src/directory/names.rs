//! Whom a reference of a directory names: something that was brought, or something known already.

use std::collections::{BTreeMap, BTreeSet};

use domain::{OrganisationId, TeamId, WorkerId};
use store::Directory;

use super::Fault;
use super::read::{Content, Reference, Resource};
use crate::contribute::{ORGANISATION_SYSTEM, TEAM_SYSTEM, WORKER_SYSTEM};

/// What a name stands for.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Named {
    Agency(OrganisationId),
    Team(TeamId),
    Worker(WorkerId),
}

/// Every name that a reference may use.
pub(super) struct Names<'a> {
    addresses: BTreeMap<&'a str, Named>,
    brought: BTreeSet<Named>,
    known: &'a Directory,
}

impl<'a> Names<'a> {
    /// Gathers the names; one that two resources bear is a fault.
    pub(super) fn of(
        resources: &'a [Resource],
        known: &'a Directory,
        faults: &mut Vec<Fault>,
    ) -> Self {
        let mut names = Self {
            addresses: BTreeMap::new(),
            brought: BTreeSet::new(),
            known,
        };
        for resource in resources {
            let Some(named) = named(&resource.content) else {
                continue;
            };
            let twice = resource
                .names
                .iter()
                .any(|name| names.addresses.insert(name, named.clone()).is_some());
            if !names.brought.insert(named) || twice {
                faults.push(Fault {
                    place: resource.place.clone(),
                    what: "stands twice: another resource bears the same id or short name"
                        .to_owned(),
                });
            }
        }
        names
    }

    /// What a reference names; `None` if that is neither brought nor known.
    pub(super) fn find(&self, reference: &Reference) -> Option<Named> {
        match reference {
            Reference::Address(address) => {
                let by_address = self.addresses.get(address.as_str());
                by_address
                    .or_else(|| self.addresses.get(type_and_id(address)?))
                    .cloned()
            }
            Reference::Identifier(system, value) => {
                let named = match system.as_str() {
                    ORGANISATION_SYSTEM => Named::Agency(OrganisationId::new(value.clone())),
                    TEAM_SYSTEM => Named::Team(TeamId::new(value.clone())),
                    WORKER_SYSTEM => Named::Worker(WorkerId::new(value.clone())),
                    _ => return None,
                };
                (self.brought.contains(&named) || self.knows(&named)).then_some(named)
            }
        }
    }

    fn knows(&self, named: &Named) -> bool {
        match named {
            Named::Agency(id) => self.known.organisations.contains_key(id),
            Named::Team(id) => self.known.teams.contains_key(id),
            Named::Worker(id) => self.known.workers.contains_key(id),
        }
    }
}

fn named(content: &Content) -> Option<Named> {
    match content {
        Content::Agency(agency) => Some(Named::Agency(OrganisationId::new(agency.id.clone()))),
        Content::Team(team) => Some(Named::Team(TeamId::new(team.id.clone()))),
        Content::Practitioner(one) => Some(Named::Worker(WorkerId::new(one.id.clone()))),
        Content::Role(_) | Content::Duty(_) => None,
    }
}

/// `Organization/hospital` of `https://directory.example/fhir/Organization/hospital`.
fn type_and_id(address: &str) -> Option<&str> {
    let (rest, _) = address.rsplit_once('/')?;
    let start = rest.rfind('/').map_or(0, |slash| slash + 1);
    address.get(start..)
}
