//! The elements of resource types and data types.

use std::collections::HashMap;
use std::sync::LazyLock;

pub(super) const TABLE: &str = include_str!("../../definitions/elements.txt");

/// The elements of a resource type, of a data type, or of an element with elements of its own,
/// such as `Patient.contact`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Definition {
    /// The name.
    pub name: &'static str,
    /// The elements, in HL7's order.
    pub elements: Vec<Element>,
}

/// One element.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Element {
    /// The name, without `[x]`.
    pub name: &'static str,
    /// Whether the name in JSON is followed by the name of the type: `valueQuantity`.
    pub is_choice: bool,
    /// Whether there must be one.
    pub is_required: bool,
    /// How many there may be.
    pub most: Most,
    /// What it may be; an element that takes every type of resource says `Resource`.
    pub types: Vec<ElementType>,
    /// The value set that its codes must be from.
    pub binding: Option<&'static str>,
    /// Whether it belongs to a resource's summary.
    pub in_summary: bool,
}

/// How many of an element there may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Most {
    /// One: a value.
    One,
    /// Any number: a list.
    Many,
}

/// A type that an element may have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ElementType {
    /// The name of a primitive type, a data type, `Reference`, `Resource`, or a [`Definition`].
    pub name: &'static str,
    /// The resource types that a reference may point at; empty for any.
    pub targets: Vec<&'static str>,
}

static DEFINITIONS: LazyLock<HashMap<&'static str, Definition>> = LazyLock::new(|| read(TABLE));

/// The definition of a type or of an element with elements of its own; `None` for primitive types
/// and for what is none.
#[must_use]
pub fn definition_of(name: &str) -> Option<&'static Definition> {
    DEFINITIONS.get(name)
}

/// Every definition, in order of name.
pub(crate) fn definitions() -> Vec<&'static Definition> {
    let mut all: Vec<&'static Definition> = DEFINITIONS.values().collect();
    all.sort_unstable_by_key(|definition| definition.name);
    all
}

impl Definition {
    /// The element that a member of JSON is, with the type that it has there.
    #[must_use]
    pub fn element(&self, key: &str) -> Option<(&Element, &ElementType)> {
        self.elements.iter().find_map(|element| {
            let of = if element.is_choice {
                let suffix = key.strip_prefix(element.name)?;
                element.types.iter().find(|of| of.is_written(suffix))?
            } else {
                element.types.first().filter(|_| element.name == key)?
            };
            Some((element, of))
        })
    }
}

impl ElementType {
    /// Whether this is how the name of a choice ends: the type's name with a capital.
    fn is_written(&self, suffix: &str) -> bool {
        let (mut own, mut found) = (self.name.chars(), suffix.chars());
        let first = own.next().map(|letter| letter.to_ascii_uppercase());
        first == found.next() && own.as_str() == found.as_str()
    }
}

/// Reads the table: a line without a tab begins a definition, the others are its elements.
fn read(table: &'static str) -> HashMap<&'static str, Definition> {
    let mut definitions: HashMap<&'static str, Definition> = HashMap::with_capacity(1000);
    let mut current = Definition {
        name: "",
        elements: Vec::new(),
    };
    for line in table.lines().filter(|line| !line.starts_with(';')) {
        match line.strip_prefix('\t') {
            Some(line) => current.elements.extend(element(line)),
            None => {
                let next = Definition {
                    name: line,
                    elements: Vec::new(),
                };
                let done = std::mem::replace(&mut current, next);
                definitions.insert(done.name, done);
            }
        }
    }
    definitions.insert(current.name, current);
    definitions.remove("");
    definitions
}

/// Reads `name cardinality types [!value-set] [$]`.
fn element(line: &'static str) -> Option<Element> {
    let mut words = line.split(' ');
    let written = words.next()?;
    let cardinality = words.next()?;
    let types = words.next()?;
    let mut element = Element {
        name: written.strip_suffix("[x]").unwrap_or(written),
        is_choice: written.ends_with("[x]"),
        is_required: matches!(cardinality, "1" | "+") || !cardinality.starts_with(['0', '?', '*']),
        most: match cardinality {
            "?" | "1" => Most::One,
            _ => Most::Many,
        },
        types: types.split('|').map(element_type).collect(),
        binding: None,
        in_summary: false,
    };
    for word in words {
        match word.strip_prefix('!') {
            Some(set) => element.binding = Some(set),
            None => element.in_summary = word == "$",
        }
    }
    Some(element)
}

fn element_type(text: &'static str) -> ElementType {
    let (name, targets) = match text.split_once('(') {
        Some((name, targets)) => (name, targets.trim_end_matches(')')),
        None => (text, ""),
    };
    ElementType {
        name,
        targets: targets
            .split(',')
            .filter(|target| !target.is_empty())
            .collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::types;

    #[test]
    fn every_resource_type_and_every_type_named_has_its_definition() {
        for facts in types::TYPES {
            assert!(definition_of(facts.name).is_some(), "{}", facts.name);
        }
        for definition in DEFINITIONS.values() {
            for element in &definition.elements {
                assert!(!element.types.is_empty());
                for of in &element.types {
                    let is_primitive = of.name.starts_with(|c: char| c.is_ascii_lowercase());
                    let is_known = definition_of(of.name).is_some();
                    assert!(
                        is_primitive || is_known || of.name == "Resource",
                        "{}.{}: {}",
                        definition.name,
                        element.name,
                        of.name
                    );
                    for target in &of.targets {
                        assert!(types::of(target).is_some(), "{target}");
                    }
                }
            }
        }
    }

    #[test]
    fn every_line_of_the_table_is_read() {
        let lines = TABLE.lines().filter(|line| line.starts_with('\t')).count();
        let read: usize = DEFINITIONS.values().map(|one| one.elements.len()).sum();
        assert_eq!(read, lines);
    }

    #[test]
    fn a_choice_is_found_by_the_name_it_has_in_json() {
        let observation = definition_of("Observation").unwrap();
        let (value, of) = observation.element("valueQuantity").unwrap();
        assert_eq!((value.name, of.name), ("value", "Quantity"));
        let (_, of) = observation.element("valueDateTime").unwrap();
        assert_eq!(of.name, "dateTime");
        assert_eq!(observation.element("valueAddress"), None);
        assert_eq!(observation.element("value"), None);
        let (status, _) = observation.element("status").unwrap();
        assert!(status.is_required && status.in_summary);
        assert_eq!(status.binding, Some("observation-status"));
        let (category, _) = observation.element("category").unwrap();
        assert_eq!(category.most, Most::Many);
        let (subject, of) = observation.element("subject").unwrap();
        assert_eq!(subject.name, "subject");
        assert_eq!(of.targets, ["Device", "Group", "Location", "Patient"]);
    }
}
