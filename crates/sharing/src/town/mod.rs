//! The town: one invented town for the demo, the tests, the guide and the benchmarks.
//!
//! [`Town::generate`] makes about sixty people, ten agencies and what each agency has recorded, as
//! plain data: nothing is read and nothing is written. The story people, each in a situation that
//! sharing systems get wrong, are the same for every seed; the seed makes the ordinary people
//! around them. `docs/guide/town.md` says who lives here.
//!
//! Everyone is invented. Telephone numbers come from the range that Ofcom keeps for drama,
//! postcodes from areas that do not exist, and CHI numbers carry `99` where a real one carries its
//! serial, though their check digits are right.

mod builder;
mod care;
mod chart;
mod chi;
mod clinical;
mod codes;
mod directory;
mod draw;
mod names;
mod ordinary;
mod people;
mod registers;
mod visits;
mod when;

#[cfg(test)]
mod tests;

use domain::{Duty, Organisation, OrganisationId, Team, Timestamp, Worker, WorkerId};

/// The seed of the demo town, which the guide's examples are taken from.
pub const DEMO_SEED: u64 = 1;

/// A town: its agencies, its people and what the agencies have contributed about them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Town {
    /// What it was generated from.
    pub seed: u64,
    /// The town's present: Monday 11 January 2027, 09:30 in London.
    pub now: Timestamp,
    /// The agencies.
    pub organisations: Vec<Organisation>,
    /// Their wards, practice teams, caseload teams and desks.
    pub teams: Vec<Team>,
    /// Who answers outside office hours.
    pub duties: Vec<Duty>,
    /// Members of staff, and one record system for each agency (role `system`).
    pub workers: Vec<Worker>,
    /// The people that the records are about, story people first.
    pub people: Vec<TownPerson>,
    /// What the agencies wrote, in an order in which it can be written one by one: nothing refers
    /// to a later contribution, and time never goes backwards.
    pub contributions: Vec<Contribution>,
    /// Bars, protections and locks, to be set once everything is written.
    pub restrictions: Vec<Restriction>,
}

/// Someone whom records are about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TownPerson {
    /// The name by which tests, the guide and the sign-in page choose them.
    pub key: String,
    /// Their name as they would give it.
    pub name: String,
    /// Their situation in one line.
    pub situation: String,
    /// Their CHI number, or `None` if they never had one.
    pub chi: Option<String>,
    /// Their birth date as far as anyone knows it: `YYYY`, `YYYY-MM` or `YYYY-MM-DD`.
    pub birth_date: String,
    /// The date they died, if they have.
    pub died: Option<String>,
    /// The agency whose `Patient` is taken for them where one must be chosen.
    pub home_custodian: OrganisationId,
    /// That `Patient`'s id at that agency.
    pub patient: String,
    /// Whether they may sign in to see their own account.
    pub can_sign_in: bool,
}

/// One FHIR R4 resource as an agency wrote it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contribution {
    /// The agency that wrote it and stays its custodian.
    pub by: OrganisationId,
    /// The worker who wrote it, or the agency's record system.
    pub worker: WorkerId,
    /// When it reached the exchange.
    pub at: Timestamp,
    /// Its resource type.
    pub resource_type: String,
    /// Its id at the agency; references between an agency's resources use these.
    pub local_id: String,
    /// The resource, in the layout that the agency's system gives it.
    pub json: String,
}

/// What keeps a worker or a reader from something, set by other means than a FHIR resource.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Restriction {
    /// A worker may never see a person.
    Bar {
        /// Whom the bar protects ([`TownPerson::key`]).
        person_key: String,
        /// Who is barred.
        worker: WorkerId,
    },
    /// A person's very existence is protected.
    Protect {
        /// Whose ([`TownPerson::key`]).
        person_key: String,
    },
    /// A resource opens to nobody but the agency that holds it.
    Lock {
        /// The agency that holds it.
        by: OrganisationId,
        /// Its resource type.
        resource_type: String,
        /// Its id at the agency.
        local_id: String,
    },
}

impl Town {
    /// Makes the town of a seed: equal seeds make equal towns, byte for byte.
    #[must_use]
    pub fn generate(seed: u64) -> Town {
        let mut builder = builder::Builder::new();
        people::settle(&mut builder);
        ordinary::settle(&mut builder, seed);
        builder.finish(seed)
    }

    /// The person with this key.
    #[must_use]
    pub fn person(&self, key: &str) -> Option<&TownPerson> {
        self.people.iter().find(|person| person.key == key)
    }

    /// The worker with this id.
    #[must_use]
    pub fn worker(&self, id: &str) -> Option<&Worker> {
        self.workers.iter().find(|worker| worker.id.as_str() == id)
    }

    /// The agency with this short name.
    #[must_use]
    pub fn organisation(&self, id: &str) -> Option<&Organisation> {
        self.organisations
            .iter()
            .find(|organisation| organisation.id.as_str() == id)
    }

    /// The record system of an agency, as which files of that agency are imported.
    #[must_use]
    pub fn record_system(&self, organisation: &str) -> Option<&Worker> {
        self.worker(&directory::record_system(organisation))
    }
}
