//! The second checker: what FHIR says of JSON, the definitions and the values, read anew.

use std::collections::{BTreeMap, BTreeSet};

use fhir::types::{self, Kind};
use serde_json::Value;

const ELEMENTS: &str = include_str!("../../definitions/elements.txt");
const CODES: &str = include_str!("../../definitions/codes.txt");

struct Line {
    name: &'static str,
    how_many: &'static str,
    types: Vec<&'static str>,
    set: Option<&'static str>,
}

pub struct Checker {
    elements: BTreeMap<&'static str, Vec<Line>>,
    /// Codes of each value set, as (system, code).
    sets: BTreeMap<String, BTreeSet<(&'static str, &'static str)>>,
}

impl Checker {
    pub fn new() -> Self {
        let mut elements: BTreeMap<&str, Vec<Line>> = BTreeMap::new();
        let mut current = "";
        for line in ELEMENTS.lines().skip(1) {
            let Some(line) = line.strip_prefix('\t') else {
                current = line;
                continue;
            };
            let words: Vec<&str> = line.split(' ').collect();
            elements.entry(current).or_default().push(Line {
                name: words[0],
                how_many: words[1],
                types: words[2].split('|').collect(),
                set: words.iter().find_map(|word| word.strip_prefix('!')),
            });
        }
        Self {
            elements,
            sets: sets(),
        }
    }

    /// Why a resource is refused; `None` if it is not.
    pub fn refuses(&self, json: &Value) -> Option<String> {
        if let Some(why) = empty(json) {
            return Some(why);
        }
        let lenient = json["resourceType"]
            .as_str()
            .and_then(types::of)
            .is_some_and(|facts| facts.kind == Kind::Definition);
        self.resource(json, lenient).or_else(|| references(json))
    }

    fn resource(&self, json: &Value, lenient: bool) -> Option<String> {
        match json["resourceType"]
            .as_str()
            .filter(|name| types::of(name).is_some())
        {
            Some(name) => self.object(name, json, lenient),
            None => Some("no resource".to_owned()),
        }
    }

    fn object(&self, of: &str, json: &Value, lenient: bool) -> Option<String> {
        let Some(members) = json.as_object() else {
            return Some(format!("{of} is an object"));
        };
        let lines = &self.elements[of];
        let mut seen: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
        for (key, value) in members {
            if key == "resourceType" && types::of(of).is_some() {
                continue;
            }
            let bare = key.strip_prefix('_').unwrap_or(key);
            let found = lines
                .iter()
                .find_map(|line| Some((line, line.as_written(bare)?)));
            let Some((line, written)) = found else {
                return Some(format!("{of} has no {key}"));
            };
            seen.entry(line.name).or_default().insert(bare);
            let is_many = !matches!(line.how_many, "?" | "1");
            if key.starts_with('_') {
                if let Some(why) = self.companion(written, is_many, value, lenient) {
                    return Some(why);
                }
                continue;
            }
            let values: Vec<&Value> = match (is_many, value) {
                (true, Value::Array(items)) => items.iter().collect(),
                (false, one) if !one.is_array() => vec![one],
                _ => return Some(format!("{of}.{key}: list or not")),
            };
            let has_companion = members.contains_key(&format!("_{key}"));
            for value in values {
                if value.is_null() && is_many && has_companion {
                    continue;
                }
                let is_own_id = bare == "id" && types::of(of).is_some();
                let written = if is_own_id { "id" } else { written };
                if let Some(why) = self.value(line, written, value, lenient) {
                    return Some(format!("{of}.{key}: {why}"));
                }
            }
        }
        if seen.values().any(|keys| keys.len() > 1) {
            return Some(format!("{of}: a choice twice"));
        }
        let is_missing = |line: &&Line| {
            !line.how_many.starts_with(['?', '*', '0']) && !seen.contains_key(line.name)
        };
        if let Some(line) = lines.iter().find(is_missing).filter(|_| !lenient) {
            return Some(format!("{of} lacks {}", line.name));
        }
        let has_value = members
            .keys()
            .any(|key| key.trim_start_matches('_').starts_with("value"));
        if of == "Extension" && has_value == members.contains_key("extension") {
            return Some("ext-1".to_owned());
        }
        None
    }

    fn companion(&self, of: &str, is_many: bool, value: &Value, lenient: bool) -> Option<String> {
        if !of.starts_with(char::is_lowercase) || is_many != value.is_array() {
            return Some("a companion of what has none".to_owned());
        }
        let items = value
            .as_array()
            .cloned()
            .unwrap_or_else(|| vec![value.clone()]);
        items
            .iter()
            .filter(|item| !(is_many && item.is_null()))
            .find_map(|item| self.object("Element", item, lenient))
    }

    fn value(&self, line: &Line, of: &str, value: &Value, lenient: bool) -> Option<String> {
        if of == "Resource" {
            return self.resource(value, lenient);
        }
        if of.starts_with(char::is_lowercase) {
            if !primitive(of, value) {
                return Some(format!("no {of}"));
            }
            let codes = line.set.map(|set| &self.sets[set]);
            let is_of_set =
                |codes: &BTreeSet<(&str, &str)>| codes.iter().any(|(_, code)| value == code);
            return (!codes.is_none_or(is_of_set)).then(|| "not of the value set".to_owned());
        }
        let (name, targets) = of.split_once('(').unwrap_or((of, ""));
        if let Some(why) = self.object(name, value, lenient) {
            return Some(why);
        }
        if name == "Reference" && !targets.is_empty() {
            let targets: Vec<&str> = targets.trim_end_matches(')').split(',').collect();
            let text = value["reference"].as_str().unwrap_or_default();
            let target = text.split(['/', '?']).next().unwrap_or_default();
            let is_relative = !text.contains("://") || text.contains('?');
            if types::of(target).is_some() && is_relative && !targets.contains(&target) {
                return Some("a reference to something else".to_owned());
            }
        }
        if let (Some(set), "CodeableConcept") = (line.set, name) {
            let codings = value["coding"].as_array().cloned().unwrap_or_default();
            let is_of_set = codings.iter().any(|coding| {
                let system = coding["system"].as_str();
                let mut codes = self.sets[set].iter();
                codes.any(|(of, code)| {
                    coding["code"] == *code && system.is_none_or(|system| system == *of)
                })
            });
            return (!is_of_set).then(|| "no coding of the value set".to_owned());
        }
        None
    }
}

impl Line {
    /// The type of this element under a name in JSON, if it is one of its names.
    fn as_written(&self, key: &str) -> Option<&'static str> {
        let Some(stem) = self.name.strip_suffix("[x]") else {
            return (self.name == key).then(|| self.types[0]);
        };
        let suffix = key.strip_prefix(stem)?;
        let is_named = |of: &&&str| {
            let bare = of.split('(').next().unwrap();
            let capital = bare[..1].to_uppercase() + &bare[1..];
            capital == suffix
        };
        self.types.iter().find(is_named).copied()
    }
}

fn sets() -> BTreeMap<String, BTreeSet<(&'static str, &'static str)>> {
    let mut systems: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    let mut sets: BTreeMap<String, BTreeSet<(&str, &str)>> = BTreeMap::new();
    let (mut system, mut set) = ("", String::new());
    for line in CODES.lines().skip(1) {
        if let Some(url) = line.strip_prefix("= ") {
            system = url;
        } else if let Some(url) = line.strip_prefix("# ") {
            system = "";
            set = url.replace("http://hl7.org/fhir/ValueSet/", "");
        } else if system.is_empty() {
            let words: Vec<&str> = line.trim().split(' ').collect();
            let codes = match words.as_slice() {
                [whole] => systems[whole].clone(),
                [_, codes @ ..] => codes.to_vec(),
                [] => Vec::new(),
            };
            let own = sets.entry(set.clone()).or_default();
            own.extend(codes.into_iter().map(|code| (words[0], code)));
        } else {
            let code = line.trim().split(' ').next().unwrap();
            systems.entry(system).or_default().push(code);
        }
    }
    sets
}

/// FHIR has no empty values, and null only to keep a place in a list.
fn empty(json: &Value) -> Option<String> {
    match json {
        Value::String(text) if text.is_empty() => Some("an empty text".to_owned()),
        Value::Array(items) if items.is_empty() => Some("an empty list".to_owned()),
        Value::Object(members) if members.is_empty() => Some("an empty object".to_owned()),
        Value::Array(items) => items.iter().find_map(empty),
        Value::Object(members) => members.iter().find_map(|(key, value)| {
            let is_bare_null = value.is_null();
            let id = (key == "id" && value.is_string() && members.contains_key("resourceType"))
                .then(|| !primitive("id", value));
            match (is_bare_null, id) {
                (true, _) => Some(format!("null for {key}")),
                (_, Some(true)) => Some("no id".to_owned()),
                _ => empty(value),
            }
        }),
        _ => None,
    }
}

/// Every reference reads as one, wherever it stands.
fn references(json: &Value) -> Option<String> {
    match json {
        Value::Object(members) => {
            let text = members.get("reference").and_then(Value::as_str);
            let is_reference = members.keys().all(|key| {
                [
                    "reference",
                    "type",
                    "identifier",
                    "display",
                    "id",
                    "extension",
                ]
                .contains(&key.trim_start_matches('_'))
            });
            if let Some(text) = text.filter(|_| is_reference)
                && !reads_as_reference(text)
            {
                return Some(format!("{text} is no reference"));
            }
            members.values().find_map(references)
        }
        Value::Array(items) => items.iter().find_map(references),
        _ => None,
    }
}

fn reads_as_reference(text: &str) -> bool {
    if text.starts_with('#') || text.starts_with("urn:uuid:") || text.starts_with("urn:oid:") {
        return true;
    }
    if let Some((of, query)) = text.split_once('?')
        && types::of(of).is_some()
    {
        return !query.is_empty();
    }
    if text.contains("://") {
        return true;
    }
    let parts: Vec<&str> = text.split('/').collect();
    let is_id = |text: &str| primitive("id", &Value::String(text.to_owned()));
    match parts.as_slice() {
        [of, id] => types::of(of).is_some() && is_id(id),
        [of, id, "_history", version] => types::of(of).is_some() && is_id(id) && is_id(version),
        _ => false,
    }
}

fn primitive(of: &str, value: &Value) -> bool {
    let whole = |least: i64| {
        value
            .as_i64()
            .is_some_and(|number| (least..=2_147_483_647).contains(&number))
    };
    match of {
        "boolean" => return value.is_boolean(),
        "decimal" => return value.is_number(),
        "integer" => return whole(-2_147_483_648),
        "unsignedInt" => return whole(0),
        "positiveInt" => return whole(1),
        _ => {}
    }
    let Some(text) = value.as_str() else {
        return false;
    };
    let no_space = || !text.chars().any(char::is_whitespace);
    match of {
        "date" => date(text),
        "instant" => instant(text),
        "dateTime" => date(text) || instant(text),
        "time" => time(text),
        "code" => {
            let words: Vec<&str> = text.split(char::is_whitespace).collect();
            words.iter().all(|word| !word.is_empty())
        }
        "id" => {
            text.len() <= 64
                && text
                    .chars()
                    .all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '.')
        }
        "uri" | "url" | "canonical" => no_space(),
        "oid" => {
            let arcs: Vec<&str> = text.trim_start_matches("urn:oid:").split('.').collect();
            text.starts_with("urn:oid:")
                && arcs.len() > 1
                && ["0", "1", "2"].contains(&arcs[0])
                && arcs.iter().all(|arc| {
                    arc.parse::<u128>()
                        .is_ok_and(|number| number.to_string() == *arc)
                })
        }
        "uuid" => uuid(text),
        "base64Binary" => {
            let groups: Vec<&str> = text.split_whitespace().collect();
            !groups.is_empty()
                && groups.iter().all(|group| {
                    group.len() % 4 == 0
                        && group
                            .chars()
                            .all(|c| c.is_ascii_alphanumeric() || "+/=".contains(c))
                })
        }
        "xhtml" => text.trim_start().starts_with("<div"),
        _ => true,
    }
}

fn uuid(text: &str) -> bool {
    let Some(rest) = text.strip_prefix("urn:uuid:") else {
        return false;
    };
    let lengths: Vec<usize> = rest.split('-').map(str::len).collect();
    lengths == [8, 4, 4, 4, 12]
        && rest
            .chars()
            .all(|c| c == '-' || c.is_ascii_digit() || ('a'..='f').contains(&c))
}

fn number(text: &str) -> Option<u32> {
    text.chars()
        .all(|c| c.is_ascii_digit())
        .then(|| text.parse().ok())?
}

fn date(text: &str) -> bool {
    let parts: Vec<&str> = text.split('-').collect();
    let lengths: Vec<usize> = parts.iter().map(|part| part.len()).collect();
    let numbers: Option<Vec<u32>> = parts.iter().map(|part| number(part)).collect();
    let Some(numbers) = numbers.filter(|_| [&[4][..], &[4, 2], &[4, 2, 2]].contains(&&lengths[..]))
    else {
        return false;
    };
    let year = numbers[0];
    let is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let month = numbers.get(1).copied().unwrap_or(1);
    let days = match month {
        2 if is_leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => 0,
    };
    year > 0 && (1..=days).contains(&numbers.get(2).copied().unwrap_or(1)) && days > 0
}

fn time(text: &str) -> bool {
    let (clock, fraction) = text.split_once('.').unwrap_or((text, "0"));
    let parts: Vec<&str> = clock.split(':').collect();
    let numbers: Option<Vec<u32>> = parts
        .iter()
        .map(|part| number(part).filter(|_| part.len() == 2))
        .collect();
    let is_fraction = !fraction.is_empty() && fraction.chars().all(|c| c.is_ascii_digit());
    is_fraction && matches!(numbers.as_deref(), Some([0..=23, 0..=59, 0..=60]))
}

fn instant(text: &str) -> bool {
    let Some((day, rest)) = text.split_once('T') else {
        return false;
    };
    let zone = rest.len()
        - if rest.ends_with('Z') {
            1
        } else {
            6.min(rest.len())
        };
    let Some((clock, zone)) = rest.split_at_checked(zone) else {
        return false;
    };
    let is_zone = zone == "Z"
        || zone.starts_with(['+', '-'])
            && matches!(
                (
                    zone.get(1..3).and_then(number),
                    zone.get(3..4),
                    zone.get(4..6).and_then(number)
                ),
                (Some(0..=13), Some(":"), Some(0..=59)) | (Some(14), Some(":"), Some(0))
            );
    day.len() == 10 && date(day) && time(clock) && is_zone
}
