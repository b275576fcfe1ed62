//! What anyone who relies on the town may count on.

mod guide;
mod records;

use std::collections::BTreeSet;

use domain::Role;
use serde_json::Value;

use super::{Contribution, DEMO_SEED, Restriction, Town};

fn town() -> Town {
    Town::generate(DEMO_SEED)
}

fn json(contribution: &Contribution) -> Value {
    serde_json::from_str(&contribution.json).unwrap()
}

/// Every object in a value, itself included.
fn objects<'v>(value: &'v Value, visit: &mut dyn FnMut(&'v serde_json::Map<String, Value>)) {
    match value {
        Value::Object(fields) => {
            visit(fields);
            fields.values().for_each(|field| objects(field, visit));
        }
        Value::Array(items) => items.iter().for_each(|item| objects(item, visit)),
        _ => {}
    }
}

#[test]
fn the_demo_town_has_these_people_agencies_and_records() {
    let town = town();
    let staff = town
        .workers
        .iter()
        .filter(|worker| worker.role != Role::System);
    assert_eq!(town.people.len(), 60);
    assert_eq!(town.organisations.len(), 10);
    assert_eq!(town.teams.len(), 28);
    assert_eq!(staff.count(), 41);
    assert_eq!(town.contributions.len(), 988);
    assert_eq!(town.now.to_string(), "2027-01-11T09:30:00.000Z");
}

#[test]
fn a_seed_is_a_town() {
    assert_eq!(town(), Town::generate(DEMO_SEED));
}

#[test]
fn another_seed_keeps_the_story_people_and_moves_others_in() {
    let (one, other) = (town(), Town::generate(2));
    let stories = one.people.len() - super::ordinary::COUNT;
    assert_eq!(one.people[..stories], other.people[..stories]);
    assert_ne!(one.people[stories..], other.people[stories..]);
    assert_eq!(one.restrictions, other.restrictions);

    let numbers = |town: &Town| -> BTreeSet<String> {
        town.people[..stories]
            .iter()
            .filter_map(|person| person.chi.clone())
            .collect()
    };
    assert_eq!(numbers(&one), numbers(&other));
    for person in &one.people[..stories] {
        let key = &person.key;
        assert_eq!(told_of(&one, key), told_of(&other, key), "{key}");
    }
}

/// Everything that a person's home agency wrote about them.
fn told_of(town: &Town, key: &str) -> Vec<String> {
    let person = town.person(key).unwrap();
    let about = format!("\"Patient/{}\"", person.patient);
    town.contributions
        .iter()
        .filter(|written| written.by == person.home_custodian && written.json.contains(&about))
        .map(|written| written.json.clone())
        .collect()
}

#[test]
fn ids_are_unique_and_workers_write_for_their_own_agency() {
    let town = town();
    let mut ids = BTreeSet::new();
    for written in &town.contributions {
        let id = (&written.by, &written.resource_type, &written.local_id);
        assert!(ids.insert(id), "{id:?}");
        let worker = town.worker(written.worker.as_str()).unwrap();
        assert_eq!(worker.organisation, written.by, "{id:?}");
        let resource = json(written);
        assert_eq!(resource["resourceType"], written.resource_type.as_str());
        assert_eq!(resource["id"], written.local_id.as_str());
    }
    let keys: BTreeSet<&str> = town
        .people
        .iter()
        .map(|person| person.key.as_str())
        .chain(town.workers.iter().map(|worker| worker.id.as_str()))
        .chain(
            town.organisations
                .iter()
                .map(|organisation| organisation.id.as_str()),
        )
        .collect();
    let all = town.people.len() + town.workers.len() + town.organisations.len();
    assert_eq!(
        keys.len(),
        all,
        "a person, a worker or an agency shares a key"
    );
}

#[test]
fn restrictions_name_what_is_there() {
    let town = town();
    assert!(!town.restrictions.is_empty());
    for restriction in &town.restrictions {
        let known = match restriction {
            Restriction::Bar { person_key, worker } => {
                town.person(person_key).is_some() && town.worker(worker.as_str()).is_some()
            }
            Restriction::Protect { person_key } => town.person(person_key).is_some(),
            Restriction::Lock {
                by,
                resource_type,
                local_id,
            } => town.contributions.iter().any(|written| {
                (&written.by, &written.resource_type, &written.local_id)
                    == (by, resource_type, local_id)
            }),
        };
        assert!(known, "{restriction:?}");
    }
}
