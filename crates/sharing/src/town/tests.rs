//! What anyone who relies on the town may count on.

use std::collections::{BTreeMap, BTreeSet};

use domain::Role;
use serde_json::Value;

use super::{Contribution, DEMO_SEED, Restriction, Town};

const GUIDE: &str = include_str!("../../../../docs/guide/town.md");

/// Every word of a name in the acceptance stories, whose people live somewhere else.
const NAMES_OF_STORIES: &str = "Ishbel Drummond Euan Okafor Lorna Pauline Heggie Sadia Mirza \
    Gregor Tulloch Rae Tendai Moyo Halina Wójcik Morven Gillespie Piotr Zając Colin Amara Eze \
    Tegan McAuslan Jude Demi Scott Rennie Femi Bello Isa Aileen Fyfe Bilal Hussain Ross Imrie \
    Nuala Devine Reilly Desmond Achebe Laird Rhona Cairns Ewan Lockhart Jacqui Todd Natalia Kerr \
    Craig Mutch Priyanka Rao Joel Adeyemi Effie McSween Rab Zofia Nowak Iain Lusk Ruth Adair \
    Bernadette Coyle Skye Paterson Imogen Vance Donna Gail Ure";

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
    assert_eq!(town.teams.len(), 25);
    assert_eq!(staff.count(), 39);
    assert_eq!(town.contributions.len(), 1000);
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
    for key in ["oighrig-macquarrie", "struan-petrie"] {
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
fn nothing_refers_to_what_is_not_yet_written() {
    let town = town();
    let mut written: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
    let mut last = town.contributions[0].at;
    for contribution in &town.contributions {
        assert!(contribution.at >= last && contribution.at <= town.now);
        last = contribution.at;
        let known = written.entry(contribution.by.as_str()).or_default();
        let resource = json(contribution);
        objects(&resource, &mut |fields| {
            if let Some(Value::String(reference)) = fields.get("reference") {
                assert!(
                    known.contains(reference),
                    "{reference} in {}",
                    contribution.json
                );
            }
        });
        known.insert(format!(
            "{}/{}",
            contribution.resource_type, contribution.local_id
        ));
    }
}

#[test]
fn references_to_other_agencies_name_someone_in_the_directory() {
    let town = town();
    for contribution in &town.contributions {
        objects(&json(contribution), &mut |fields| {
            let Some(Value::String(system)) = fields.get("system") else {
                return;
            };
            let value = fields
                .get("value")
                .and_then(Value::as_str)
                .unwrap_or_default();
            let known = match system.strip_prefix("https://candour.example/fhir/id/") {
                Some("worker") => town.worker(value).is_some(),
                Some("organisation") => town.organisation(value).is_some(),
                Some("team") => town.teams.iter().any(|team| team.id.as_str() == value),
                Some(_) => false,
                None => true,
            };
            assert!(known, "{system} {value}");
        });
    }
}

#[test]
fn every_person_has_their_patient_and_no_empty_field() {
    let town = town();
    for person in &town.people {
        let patient = town
            .contributions
            .iter()
            .find(|written| {
                written.by == person.home_custodian
                    && written.resource_type == "Patient"
                    && written.local_id == person.patient
            })
            .unwrap_or_else(|| panic!("{} has no Patient at home", person.key));
        assert!(patient.json.contains(&person.birth_date), "{}", person.key);
        if let Some(chi) = &person.chi {
            assert!(patient.json.contains(chi), "{}", person.key);
        }
    }
    for contribution in &town.contributions {
        objects(&json(contribution), &mut |fields| {
            for (field, value) in fields {
                let empty = match value {
                    Value::Null => true,
                    Value::String(text) => text.trim() != text || text.is_empty(),
                    Value::Array(items) => items.is_empty(),
                    Value::Object(fields) => fields.is_empty(),
                    _ => false,
                };
                assert!(!empty, "{field} in {}", contribution.json);
            }
        });
    }
}

#[test]
fn chi_numbers_are_valid_their_own_and_plainly_invented() {
    let town = town();
    let mut seen = BTreeSet::new();
    for person in &town.people {
        let Some(chi) = &person.chi else { continue };
        let digits: Vec<u32> = chi
            .chars()
            .map(|digit| digit.to_digit(10).unwrap())
            .collect();
        let weighted: u32 = digits
            .iter()
            .zip([10, 9, 8, 7, 6, 5, 4, 3, 2, 1])
            .map(|(d, w)| d * w)
            .sum();
        assert_eq!((digits.len(), weighted % 11), (10, 0), "{}", person.key);
        assert_eq!(&chi[6..8], "99", "{}", person.key);
        assert!(seen.insert(chi), "{}", person.key);
    }
}

#[test]
fn telephone_numbers_ring_nobody() {
    for contribution in town().contributions {
        objects(&json(&contribution), &mut |fields| {
            if fields.get("system").and_then(Value::as_str) == Some("phone") {
                let number = fields["value"].as_str().unwrap();
                let drama = ["01632 960 ", "07700 900 "]
                    .iter()
                    .any(|range| number.starts_with(range));
                assert!(drama && number.len() == 13, "{number}");
            }
        });
    }
}

#[test]
fn the_people_of_the_acceptance_stories_live_elsewhere() {
    let elsewhere: BTreeSet<&str> = NAMES_OF_STORIES.split_whitespace().collect();
    for seed in 0..20 {
        let town = Town::generate(seed);
        let workers = town.workers.iter().map(|worker| worker.name.clone());
        for name in town
            .people
            .iter()
            .map(|person| person.name.clone())
            .chain(workers)
        {
            for word in name.split([' ', '-']) {
                assert!(!elsewhere.contains(word), "{name}");
            }
        }
    }
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

#[test]
fn the_guide_lists_everyone_of_the_demo_town() {
    let town = town();
    for person in &town.people {
        let signs_in = if person.can_sign_in { "yes" } else { "no" };
        let row = format!(
            "| `{}` | {} | {} | {signs_in} |",
            person.key, person.name, person.situation
        );
        assert!(
            GUIDE.contains(&row),
            "docs/guide/town.md lacks this row:\n{row}"
        );
    }
    for worker in town
        .workers
        .iter()
        .filter(|worker| worker.role != Role::System)
    {
        let title = super::directory::job_title(worker.id.as_str());
        let row = format!(
            "| `{}` | {} | {title} | {} |",
            worker.id,
            worker.name,
            worker.role.words()
        );
        assert!(
            GUIDE.contains(&row),
            "docs/guide/town.md lacks this row:\n{row}"
        );
    }
}
