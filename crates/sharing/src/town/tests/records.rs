//! What is in the records: references, identifiers, telephone numbers.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::{json, objects, town};

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
