//! Terminology operations on the shipped value sets
//! (<https://hl7.org/fhir/R4/valueset-operation-expand.html>).

use serde_json::{Value, json};

use super::{Concept, FHIR_VERSION, ValueSet, code_system};
use crate::search::fold as fold_words;

/// What is wanted of an expansion.
#[derive(Debug, Clone, Copy, Default)]
pub struct Expansion<'a> {
    /// Only codes whose words or code begin a word so.
    pub filter: &'a str,
    /// How many to leave out first.
    pub offset: usize,
    /// At most this many; `None` for all.
    pub count: Option<usize>,
    /// When it is made, as FHIR writes a time.
    pub at: &'a str,
}

/// The value set with its codes.
#[must_use]
pub fn expanded(set: &ValueSet, wanted: &Expansion<'_>) -> Vec<u8> {
    let matching: Vec<(&str, Concept)> = set
        .codes()
        .filter(|(_, concept)| matches(concept, wanted.filter))
        .collect();
    let page = matching.iter().skip(wanted.offset);
    let page = page.take(wanted.count.unwrap_or(usize::MAX));
    let contains: Vec<Value> = page
        .map(|(system, concept)| coding(system, concept))
        .collect();
    json!({
        "resourceType": "ValueSet",
        "url": set.url,
        "version": FHIR_VERSION,
        "status": "active",
        "expansion": {
            "timestamp": wanted.at,
            "total": matching.len(),
            "offset": wanted.offset,
            "contains": contains,
        },
    })
    .to_string()
    .into_bytes()
}

fn matches(concept: &Concept, filter: &str) -> bool {
    let wanted = fold_words(filter);
    let words = format!("{} {}", concept.code, concept.display);
    filter.is_empty() || fold_words(&words).contains(&wanted)
}

fn coding(system: &str, concept: &Concept) -> Value {
    let mut coding = json!({"system": system, "code": concept.code});
    if let (false, Some(members)) = (concept.display.is_empty(), coding.as_object_mut()) {
        members.insert("display".to_owned(), concept.display.into());
    }
    coding
}

/// Whether a code belongs to a value set, as Parameters with a message where it does not
/// (<https://hl7.org/fhir/R4/valueset-operation-validate-code.html>).
#[must_use]
pub fn validated(
    set: &ValueSet,
    system: Option<&str>,
    code: &str,
    display: Option<&str>,
) -> Vec<u8> {
    let found = set
        .codes()
        .find(|(of, concept)| concept.code == code && system.is_none_or(|system| system == *of));
    let mut parameters = Vec::new();
    let message = match (found, display) {
        (None, _) => Some("the code is not in the value set"),
        (Some((_, concept)), Some(display))
            if fold_words(concept.display) != fold_words(display) =>
        {
            Some("the code is in the value set, with other words")
        }
        _ => None,
    };
    parameters.push(json!({"name": "result", "valueBoolean": message.is_none()}));
    parameters.extend(message.map(|message| json!({"name": "message", "valueString": message})));
    if let Some((system, concept)) = found {
        let known = code_system(system).and_then(|system| system.concept(concept.code));
        let words = known.map_or("", |known| known.display);
        if !words.is_empty() {
            parameters.push(json!({"name": "display", "valueString": words}));
        }
    }
    json!({"resourceType": "Parameters", "parameter": parameters})
        .to_string()
        .into_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::definitions::value_set;

    fn text(bytes: &[u8]) -> Value {
        serde_json::from_slice(bytes).unwrap()
    }

    #[test]
    fn a_value_set_is_told_code_by_code() {
        let set = value_set("http://hl7.org/fhir/ValueSet/administrative-gender").unwrap();
        let wanted = Expansion {
            offset: 1,
            count: Some(2),
            at: "2027-01-11T09:00:00Z",
            ..Expansion::default()
        };
        let told = text(&expanded(set, &wanted));
        assert_eq!(told["expansion"]["total"], 4);
        assert_eq!(
            told["expansion"]["contains"],
            json!([
                {"system": "http://hl7.org/fhir/administrative-gender", "code": "female", "display": "Female"},
                {"system": "http://hl7.org/fhir/administrative-gender", "code": "other", "display": "Other"},
            ])
        );
        let filtered = Expansion {
            filter: "FEM",
            ..Expansion::default()
        };
        assert_eq!(text(&expanded(set, &filtered))["expansion"]["total"], 1);
    }

    #[test]
    fn a_code_is_in_its_set_or_not_and_its_words_are_told() {
        let set = value_set("http://hl7.org/fhir/ValueSet/administrative-gender").unwrap();
        let result = |system, code, display| {
            let told = text(&validated(set, system, code, display));
            told["parameter"][0]["valueBoolean"] == json!(true)
        };
        assert!(result(None, "female", None));
        assert!(result(None, "female", Some("female")));
        assert!(!result(None, "female", Some("Woman")));
        assert!(!result(None, "f", None));
        assert!(!result(Some("urn:x"), "female", None));
    }
}
