//! Puts the town together: people are introduced, agencies open charts about them, and at the end
//! everything is laid in the order in which it can be written.

use std::collections::{BTreeMap, BTreeSet};

use domain::Timestamp;
use serde::Serialize;
use serde_json::{Value, ser::PrettyFormatter};

use super::registers::Registers;
use super::when::{NOW, instant};
use super::{Contribution, Restriction, Town, TownPerson, chi, directory};

/// The sex recorded for someone, as FHIR's administrative gender codes it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Sex {
    #[default]
    Female,
    Male,
}

impl Sex {
    pub(super) fn code(self) -> &'static str {
        match self {
            Self::Female => "female",
            Self::Male => "male",
        }
    }
}

/// Someone about to be introduced to the town.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Who<'a> {
    pub(super) key: &'a str,
    pub(super) name: &'a str,
    pub(super) born: &'a str,
    pub(super) sex: Sex,
    pub(super) situation: &'a str,
    /// The agency whose `Patient` stands for them.
    pub(super) home: &'static str,
    /// The practice they are registered with, if any.
    pub(super) practice: &'static str,
    /// Street, town and postcode, with commas between.
    pub(super) address: &'a str,
    pub(super) signs_in: bool,
    pub(super) without_chi: bool,
    pub(super) died: Option<&'a str>,
}

/// Someone whom the town knows.
#[derive(Debug, Clone)]
pub(super) struct Person {
    pub(super) key: String,
    pub(super) name: String,
    pub(super) born: String,
    pub(super) sex: Sex,
    pub(super) chi: Option<String>,
    pub(super) died: Option<String>,
    pub(super) practice: &'static str,
    pub(super) address: String,
    pub(super) phone: String,
}

/// A town being put together.
pub(super) struct Builder {
    pub(super) registers: Registers,
    people: Vec<TownPerson>,
    contributions: Vec<Contribution>,
    restrictions: Vec<Restriction>,
    numbers_taken: BTreeSet<String>,
    last_ids: BTreeMap<(String, String), u32>,
}

impl Builder {
    /// A town with its agencies and nobody living in it.
    pub(super) fn new() -> Self {
        let mut builder = Self {
            registers: Registers::default(),
            people: Vec::new(),
            contributions: Vec::new(),
            restrictions: Vec::new(),
            numbers_taken: BTreeSet::new(),
            last_ids: BTreeMap::new(),
        };
        builder.registers = Registers::contribute(&mut builder);
        builder
    }

    /// Introduces someone, with a CHI number of their own unless they have none.
    pub(super) fn person(&mut self, who: Who<'_>) -> Person {
        let chi = (!who.without_chi).then(|| {
            let number = chi::number(who.born, who.sex == Sex::Male, &self.numbers_taken);
            self.numbers_taken.insert(number.clone());
            number
        });
        self.people.push(TownPerson {
            key: who.key.to_owned(),
            name: who.name.to_owned(),
            situation: who.situation.to_owned(),
            chi: chi.clone(),
            birth_date: who.born.to_owned(),
            died: who.died.map(str::to_owned),
            home_custodian: who.home.into(),
            patient: String::new(),
            can_sign_in: who.signs_in,
        });
        Person {
            key: who.key.to_owned(),
            name: who.name.to_owned(),
            born: who.born.to_owned(),
            sex: who.sex,
            chi,
            died: who.died.map(str::to_owned),
            practice: who.practice,
            address: who.address.to_owned(),
            phone: format!("07700 900 {:03}", self.people.len()),
        }
    }

    /// Whether somebody already has this key.
    pub(super) fn knows(&self, key: &str) -> bool {
        self.people.iter().any(|person| person.key == key)
    }

    /// Remembers the `Patient` that stands for a person, once their home agency has written it.
    pub(super) fn registered(&mut self, key: &str, organisation: &str, patient: &str) {
        for person in &mut self.people {
            if person.key == key && person.home_custodian.as_str() == organisation {
                patient.clone_into(&mut person.patient);
            }
        }
    }

    /// Sets a restriction once everything is written.
    pub(super) fn restrict(&mut self, restriction: Restriction) {
        self.restrictions.push(restriction);
    }

    /// Writes a resource under the agency's next id for its type and returns that id.
    pub(super) fn contribute(
        &mut self,
        organisation: &str,
        worker: &str,
        at: Timestamp,
        resource_type: &str,
        body: Value,
    ) -> String {
        let local_id = self.next_id(organisation, resource_type);
        let mut resource = serde_json::Map::new();
        resource.insert("resourceType".to_owned(), resource_type.into());
        resource.insert("id".to_owned(), local_id.clone().into());
        if let Value::Object(fields) = body {
            resource.extend(fields.into_iter().filter(|(_, value)| !value.is_null()));
        }
        self.contributions.push(Contribution {
            by: organisation.into(),
            worker: worker.into(),
            at,
            resource_type: resource_type.to_owned(),
            local_id: local_id.clone(),
            json: layout(organisation, &Value::Object(resource)),
        });
        local_id
    }

    /// Every agency numbers in its own way, and two practices share one product, so that equal ids
    /// at different agencies mean different things.
    fn next_id(&mut self, organisation: &str, resource_type: &str) -> String {
        let key = (organisation.to_owned(), resource_type.to_owned());
        let last = self.last_ids.entry(key).or_default();
        *last += 1;
        match organisation {
            "hospital" => {
                let initials = resource_type.chars().filter(char::is_ascii_uppercase);
                format!("{}-{}", initials.collect::<String>(), 1000 + *last)
            }
            "braehead-practice" | "millburn-practice" => {
                format!("{}-{last}", resource_type.to_lowercase())
            }
            "northburn-social-work" => format!("NSW{last:06}"),
            "southbrae-social-work" => format!("{last:08}"),
            _ => last.to_string(),
        }
    }

    /// The finished town.
    pub(super) fn finish(mut self, seed: u64) -> Town {
        self.contributions
            .sort_by_key(|written| (written.at, turn(&written.resource_type)));
        Town {
            seed,
            now: instant(NOW),
            organisations: directory::organisations(),
            teams: directory::teams(),
            duties: directory::duties(),
            workers: directory::workers(),
            people: self.people,
            contributions: self.contributions,
            restrictions: self.restrictions,
        }
    }
}

/// What must be there first of things written at one moment.
fn turn(resource_type: &str) -> u8 {
    match resource_type {
        "Organization" => 0,
        "Practitioner" => 1,
        "PractitionerRole" => 2,
        "Location" => 3,
        "Patient" => 4,
        _ => 5,
    }
}

/// Lays JSON out as the agency's system does; originals are kept byte for byte, so they differ.
fn layout(organisation: &str, resource: &Value) -> String {
    let indent: &[u8] = match organisation {
        "braehead-practice" | "millburn-practice" => b"  ",
        "northburn-social-work" | "southbrae-social-work" => b"    ",
        "police-public-protection" => b"\t",
        _ => return resource.to_string(),
    };
    let mut bytes = Vec::new();
    let formatter = PrettyFormatter::with_indent(indent);
    let mut serializer = serde_json::Serializer::with_formatter(&mut bytes, formatter);
    resource
        .serialize(&mut serializer)
        .expect("a JSON value can be written to memory");
    String::from_utf8(bytes).expect("serde_json writes UTF-8")
}
