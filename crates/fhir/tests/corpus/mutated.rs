//! Official examples with one thing changed: accepted if and only if a checker that was written
//! apart, on `serde_json` and its own reading of the tables, accepts them.

#[path = "checker.rs"]
mod checker;

use fhir::{Limits, parse};
use serde_json::{Map, Value, json};

use super::data;
use checker::Checker;

/// How many changes are tried: a part for every change, more in the long run.
fn how_many() -> usize {
    match std::env::var("CANDOUR_LONG").as_deref() {
        Ok("1") => 60_000,
        _ => 6_000,
    }
}

/// Chance that repeats.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 33) as usize) % sides
    }
}

#[test]
fn a_changed_example_is_accepted_if_and_only_if_a_second_checker_accepts_it() {
    let Some(examples) = data::official_examples() else {
        return;
    };
    let small: Vec<(String, Value)> = examples
        .iter()
        .filter(|(_, bytes)| bytes.len() < 6_000)
        .map(|(name, bytes)| (name.clone(), serde_json::from_slice(bytes).unwrap()))
        // What a Consent must say is a rule of its own, with tests of its own.
        .filter(|(_, json): &(String, Value)| json["resourceType"] != "Consent")
        .collect();
    let checker = Checker::new();
    let mut dice = Dice(20_270_111);
    let (mut accepted, mut refused) = (0, 0);
    for turn in 0..how_many() {
        let (name, example) = &small[dice.roll(small.len())];
        let mut changed = example.clone();
        let what = change(&mut changed, &mut dice);
        let bytes = changed.to_string();
        let found = match parse(bytes.as_bytes(), &Limits::default()) {
            Ok(document) => fhir::validate::errors(&document),
            Err(issue) => vec![issue],
        };
        let expected = checker.refuses(&changed);
        assert_eq!(
            found.is_empty(),
            expected.is_none(),
            "turn {turn}, {name}, {what}: found {found:?}; the second checker says {expected:?}\n{bytes}"
        );
        match expected {
            None => accepted += 1,
            Some(_) => refused += 1,
        }
    }
    // Neither would tell anything if all went one way.
    assert!(
        accepted * 10 > refused && refused * 2 > accepted,
        "{accepted} and {refused}"
    );
    println!("{accepted} accepted, {refused} refused");
}

/// Changes one thing somewhere below the root, and says what.
fn change(json: &mut Value, dice: &mut Dice) -> String {
    let mut at = &mut *json;
    let depth = 1 + dice.roll(4);
    let mut path = String::new();
    for level in 0..depth {
        let count = match at {
            Value::Object(members) => members.len(),
            Value::Array(items) => items.len(),
            _ => 0,
        };
        let is_leaf = match at {
            Value::Object(members) => members
                .values()
                .all(|one| !one.is_object() && !one.is_array()),
            _ => false,
        };
        if count == 0 || is_leaf && level > 0 {
            break;
        }
        let place = dice.roll(count);
        let next = match at {
            Value::Object(members) => {
                let key = members.keys().nth(place).unwrap().clone();
                let inner = &members[&key];
                if !inner.is_object() && !inner.is_array() {
                    break;
                }
                path += &format!(".{key}");
                key
            }
            _ => {
                path += &format!("[{place}]");
                place.to_string()
            }
        };
        at = match at {
            Value::Object(members) => members.get_mut(&next).unwrap(),
            Value::Array(items) => &mut items[place],
            _ => unreachable!(),
        };
    }
    match at {
        Value::Object(members) => format!("{path}: {}", change_object(members, dice)),
        Value::Array(items) => {
            let what = dice.roll(3);
            match what {
                0 => items.clear(),
                1 => items.push(Value::Null),
                _ => items.push(items[0].clone()),
            }
            format!("{path}: list {what}")
        }
        other => {
            *other = odd(dice);
            format!("{path}: value")
        }
    }
}

fn change_object(members: &mut Map<String, Value>, dice: &mut Dice) -> String {
    let keys: Vec<String> = members
        .keys()
        .filter(|key| *key != "resourceType")
        .cloned()
        .collect();
    if keys.is_empty() {
        members.insert("colour".to_owned(), json!("red"));
        return "colour".to_owned();
    }
    let key = keys[dice.roll(keys.len())].clone();
    let value = members[&key].clone();
    let what = dice.roll(9);
    match what {
        0 => drop(members.remove(&key)),
        1 => {
            members.remove(&key);
            members.insert(format!("{key}x"), value);
        }
        2 => drop(members.insert(key.clone(), json!([value]))),
        3 => {
            if let Value::Array(items) = value {
                members.insert(key.clone(), items[0].clone());
            }
        }
        4 => drop(members.insert(format!("_{key}"), json!({"id": "x"}))),
        5 => drop(members.insert("id".to_owned(), json!(["a-1", "a_1"][dice.roll(2)]))),
        _ => drop(members.insert(key.clone(), odd(dice))),
    }
    format!("{key} {what}")
}

/// Values that are right somewhere and wrong elsewhere.
fn odd(dice: &mut Dice) -> Value {
    let odd = [
        json!(""),
        json!(" "),
        json!("final"),
        json!("in progress"),
        json!("two  blanks"),
        json!("2027-02-29"),
        json!("2028-02-29"),
        json!("2027"),
        json!("2027-01-11T09:30:00Z"),
        json!("2027-01-11T09:30:00"),
        json!("2027-01-11T24:00:00+01:00"),
        json!("09:30:00"),
        json!("Patient/p1"),
        json!("Organization/o 1"),
        json!("http://example.org/fhir/Patient/p1"),
        json!("urn:oid:1.2.3"),
        json!("urn:uuid:c757873d-ec9a-4326-a141-556f43239520"),
        json!("R0lGODlh"),
        json!("R0lG\nODl"),
        json!(0),
        json!(-1),
        json!(1.5),
        json!(2_147_483_648_u64),
        json!(true),
        json!({}),
        json!({"text": "x"}),
        json!({"reference": "Patient/p1"}),
        json!({"reference": "Practitioner/d1", "type": "Practitioner"}),
        json!([]),
        Value::Null,
    ];
    odd[dice.roll(odd.len())].clone()
}
