//! Each agency's own register of itself, its staff and its places, as FHIR; and how its records
//! refer to them.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::builder::Builder;
use super::directory;
use super::when::{DIRECTORY_LOADED, instant};

/// Identifies an agency of the directory.
const ORGANISATION_SYSTEM: &str = "https://candour.example/fhir/id/organisation";
/// Identifies a worker of the directory.
const WORKER_SYSTEM: &str = "https://candour.example/fhir/id/worker";
/// Identifies a team of the directory.
const TEAM_SYSTEM: &str = "https://candour.example/fhir/id/team";

/// What each agency calls itself, its workers and its places in its own files.
#[derive(Default)]
pub(super) struct Registers {
    /// Directory id to (agency, reference, name).
    entries: BTreeMap<String, Entry>,
}

struct Entry {
    organisation: String,
    reference: String,
    name: String,
}

impl Registers {
    /// Writes every agency's register.
    pub(super) fn contribute(town: &mut Builder) -> Self {
        let mut registers = Self::default();
        for organisation in directory::organisations() {
            let id = organisation.id.as_str();
            let body = json!({
                "identifier": [{ "system": ORGANISATION_SYSTEM, "value": id }],
                "active": true,
                "name": organisation.name,
                "telecom": [phone(&organisation.phone)],
            });
            registers.enter(town, id, id, "Organization", &organisation.name, body);
        }
        for worker in directory::workers() {
            registers.enter_worker(town, &worker);
        }
        for team in directory::teams() {
            let at = team.organisation.as_str();
            let body = json!({
                "identifier": [{ "system": TEAM_SYSTEM, "value": team.id.as_str() }],
                "status": "active",
                "name": team.name,
                "telecom": [phone(&team.phone)],
                "managingOrganization": registers.refer(at, at),
            });
            registers.enter(town, at, team.id.as_str(), "Location", &team.name, body);
        }
        registers
    }

    fn enter_worker(&mut self, town: &mut Builder, worker: &domain::Worker) {
        let at = worker.organisation.as_str();
        let id = worker.id.as_str();
        let body = json!({
            "identifier": [{ "system": WORKER_SYSTEM, "value": id }],
            "active": true,
            "name": [{ "text": worker.name }],
            "telecom": [phone(&worker.phone)],
        });
        self.enter(town, at, id, "Practitioner", &worker.name, body);
        if worker.role == domain::Role::System {
            return;
        }
        let role = json!({
            "active": true,
            "practitioner": self.refer(at, id),
            "organization": self.refer(at, at),
            "code": [{
                "coding": [{
                    "system": "https://candour.example/fhir/CodeSystem/role",
                    "code": worker.role.code(),
                }],
                "text": directory::job_title(id),
            }],
            "telecom": [phone(&worker.phone)],
        });
        let system = directory::record_system(at);
        let loaded = instant(DIRECTORY_LOADED);
        town.contribute(at, &system, loaded, "PractitionerRole", role);
    }

    fn enter(
        &mut self,
        town: &mut Builder,
        organisation: &str,
        id: &str,
        resource_type: &str,
        name: &str,
        body: Value,
    ) {
        let system = directory::record_system(organisation);
        let loaded = instant(DIRECTORY_LOADED);
        let local_id = town.contribute(organisation, &system, loaded, resource_type, body);
        let entry = Entry {
            organisation: organisation.to_owned(),
            reference: format!("{resource_type}/{local_id}"),
            name: name.to_owned(),
        };
        self.entries.insert(id.to_owned(), entry);
    }

    /// How a file of `organisation` refers to an agency, worker or place: by its own id for what
    /// is its own, by the directory's identifier for what is not.
    pub(super) fn refer(&self, organisation: &str, id: &str) -> Value {
        let Some(entry) = self.entries.get(id) else {
            return Value::Null;
        };
        if entry.organisation == organisation {
            return json!({ "reference": entry.reference, "display": entry.name });
        }
        let (resource_type, system) = match entry.reference.split('/').next() {
            Some("Organization") => ("Organization", ORGANISATION_SYSTEM),
            Some("Practitioner") => ("Practitioner", WORKER_SYSTEM),
            _ => ("Location", TEAM_SYSTEM),
        };
        json!({
            "type": resource_type,
            "identifier": { "system": system, "value": id },
            "display": entry.name,
        })
    }

    /// How any file refers to a team as those who care, wherever the team sits.
    pub(super) fn refer_team(&self, team: &str) -> Value {
        let Some(entry) = self.entries.get(team) else {
            return Value::Null;
        };
        json!({
            "type": "CareTeam",
            "identifier": { "system": TEAM_SYSTEM, "value": team },
            "display": entry.name,
        })
    }

    /// A place of the agency with the team that runs it.
    pub(super) fn refer_place(&self, organisation: &str, team: &str) -> Value {
        let mut place = self.refer(organisation, team);
        if let Some(fields) = place.as_object_mut() {
            let identifier = json!({ "system": TEAM_SYSTEM, "value": team });
            fields.insert("identifier".to_owned(), identifier);
        }
        place
    }
}

fn phone(number: &str) -> Value {
    json!({ "system": "phone", "value": number, "use": "work" })
}
