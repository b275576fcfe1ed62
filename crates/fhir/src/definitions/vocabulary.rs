//! Code systems and value sets: those that R4 requires somewhere.

use std::collections::HashMap;
use std::sync::LazyLock;

pub(super) const TABLE: &str = include_str!("../../definitions/codes.txt");

/// Where HL7's own value sets are, whose URLs are shortened in the tables.
const HL7: &str = "http://hl7.org/fhir/ValueSet/";

/// One code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Concept {
    /// The code.
    pub code: &'static str,
    /// What it means, in words; empty if the source has none.
    pub display: &'static str,
    /// The place of the broader code in the same system.
    pub parent: Option<usize>,
}

/// A code system, as far as some shipped value set needs it.
#[derive(Debug, Default)]
pub struct CodeSystem {
    /// Its codes in HL7's order, narrower ones after the broader.
    pub concepts: Vec<Concept>,
    places: HashMap<&'static str, usize>,
}

/// A value set.
#[derive(Debug, Default)]
pub struct ValueSet {
    /// Its URL.
    pub url: &'static str,
    /// What it is made of.
    pub includes: Vec<Include>,
}

/// A part of a value set.
#[derive(Debug, Clone)]
pub struct Include {
    /// The code system.
    pub system: &'static str,
    /// These codes of it; `None` for all of them.
    pub codes: Option<Vec<&'static str>>,
}

#[derive(Default)]
struct Vocabulary {
    systems: HashMap<&'static str, CodeSystem>,
    sets: HashMap<&'static str, ValueSet>,
}

static VOCABULARY: LazyLock<Vocabulary> = LazyLock::new(|| read(TABLE));

/// A code system by its URL.
#[must_use]
pub fn code_system(url: &str) -> Option<&'static CodeSystem> {
    VOCABULARY.systems.get(url)
}

/// A value set by its URL, with or without a version, or by its last part if it is HL7's own.
#[must_use]
pub fn value_set(url: &str) -> Option<&'static ValueSet> {
    let (bare, _) = url.split_once('|').unwrap_or((url, ""));
    let sets = &VOCABULARY.sets;
    sets.get(bare.strip_prefix(HL7).unwrap_or(bare))
}

/// Every value set, in no order.
pub fn value_sets() -> impl Iterator<Item = &'static ValueSet> {
    VOCABULARY.sets.values()
}

impl CodeSystem {
    /// A code.
    #[must_use]
    pub fn concept(&self, code: &str) -> Option<&Concept> {
        self.concepts.get(*self.places.get(code)?)
    }

    /// A code and every narrower one, or every broader one; empty for a code that is none.
    #[must_use]
    pub fn related(&self, code: &str, broader: bool) -> Vec<&'static str> {
        let Some(asked) = self.places.get(code) else {
            return Vec::new();
        };
        let is_related = |place: usize| {
            let (from, to) = if broader {
                (*asked, place)
            } else {
                (place, *asked)
            };
            self.upwards(from).any(|above| above == to)
        };
        let concepts = self.concepts.iter().enumerate();
        concepts
            .filter(|(place, _)| is_related(*place))
            .map(|(_, concept)| concept.code)
            .collect()
    }

    /// A place and those above it.
    fn upwards(&self, place: usize) -> impl Iterator<Item = usize> {
        std::iter::successors(Some(place), |place| self.concepts.get(*place)?.parent)
    }
}

impl ValueSet {
    /// Whether a code belongs to it; without a system, whether it does in any of its systems.
    #[must_use]
    pub fn has(&self, system: Option<&str>, code: &str) -> bool {
        let of_system = |include: &&Include| system.is_none_or(|system| system == include.system);
        let mut includes = self.includes.iter().filter(of_system);
        includes.any(|include| include.has(code))
    }

    /// Every code as (system, concept), in order.
    pub fn codes(&self) -> impl Iterator<Item = (&'static str, Concept)> {
        self.includes.iter().flat_map(|include| {
            let concepts = code_system(include.system).map_or(&[][..], |one| &one.concepts);
            let chosen = concepts.iter().filter(|concept| {
                let codes = include.codes.as_ref();
                codes.is_none_or(|codes| codes.contains(&concept.code))
            });
            chosen.map(|concept| (include.system, *concept))
        })
    }
}

impl Include {
    fn has(&self, code: &str) -> bool {
        match &self.codes {
            Some(codes) => codes.contains(&code),
            None => code_system(self.system).is_some_and(|one| one.concept(code).is_some()),
        }
    }
}

/// Reads the table: `= url` begins a code system, `# url` a value set.
fn read(table: &'static str) -> Vocabulary {
    let mut vocabulary = Vocabulary::default();
    let mut open = Open::Nothing;
    for line in table.lines().chain(["= "]) {
        if let Some(url) = line.strip_prefix("= ") {
            open.close(&mut vocabulary);
            open = Open::System(url, CodeSystem::default());
        } else if let Some(url) = line.strip_prefix("# ") {
            open.close(&mut vocabulary);
            open = Open::Set(ValueSet {
                url,
                includes: Vec::new(),
            });
        } else if line.starts_with('\t') {
            open.add(line);
        }
    }
    vocabulary
}

/// The block being read.
enum Open {
    Nothing,
    System(&'static str, CodeSystem),
    Set(ValueSet),
}

impl Open {
    fn close(&mut self, vocabulary: &mut Vocabulary) {
        match std::mem::replace(self, Self::Nothing) {
            Self::Nothing => {}
            Self::System(url, system) => {
                vocabulary.systems.insert(url, system);
            }
            Self::Set(set) => {
                let name = set.url.strip_prefix(HL7).unwrap_or(set.url);
                vocabulary.sets.insert(name, set);
            }
        }
    }

    fn add(&mut self, line: &'static str) {
        let text = line.trim_start_matches('\t');
        match self {
            Self::Nothing => {}
            Self::System(_, system) => system.add(text, line.len() - text.len()),
            Self::Set(set) => {
                let mut words = text.split(' ');
                let Some(system) = words.next() else { return };
                let codes: Vec<&str> = words.collect();
                set.includes.push(Include {
                    system,
                    codes: Some(codes).filter(|codes| !codes.is_empty()),
                });
            }
        }
    }
}

impl CodeSystem {
    /// Adds `code display`; one that stands deeper than the last is narrower than it.
    fn add(&mut self, text: &'static str, depth: usize) {
        let (code, display) = text.split_once(' ').unwrap_or((text, ""));
        let last = self.concepts.len().checked_sub(1);
        let parent = last.and_then(|last| {
            let depth_of = |place: &usize| self.upwards(*place).count();
            self.upwards(last).find(|place| depth_of(place) < depth)
        });
        self.places.insert(code, self.concepts.len());
        self.concepts.push(Concept {
            code,
            display,
            parent,
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::definitions::definition_of;
    use crate::types::TYPES;

    #[test]
    fn every_binding_has_its_value_set_and_every_value_set_has_codes() {
        for facts in TYPES {
            for element in &definition_of(facts.name).unwrap().elements {
                if let Some(binding) = element.binding {
                    assert!(value_set(binding).is_some(), "{binding}");
                }
            }
        }
        for set in value_sets() {
            assert!(set.codes().count() > 0, "{}", set.url);
        }
    }

    #[test]
    fn a_code_is_in_its_set_under_its_own_system_only() {
        let gender = value_set("http://hl7.org/fhir/ValueSet/administrative-gender|4.0.1").unwrap();
        let own = "http://hl7.org/fhir/administrative-gender";
        assert!(gender.has(None, "female"));
        assert!(gender.has(Some(own), "female"));
        assert!(!gender.has(Some("http://snomed.info/sct"), "female"));
        assert!(!gender.has(None, "f"));
        let codes: Vec<&str> = gender.codes().map(|(_, concept)| concept.code).collect();
        assert_eq!(codes, ["male", "female", "other", "unknown"]);
    }

    #[test]
    fn narrower_codes_stand_below_broader_ones() {
        let clinical = "http://terminology.hl7.org/CodeSystem/condition-clinical";
        let system = code_system(clinical).unwrap();
        assert_eq!(
            system.related("active", false),
            ["active", "recurrence", "relapse"]
        );
        assert_eq!(system.related("relapse", true), ["active", "relapse"]);
        assert_eq!(system.related("never-seen", true), [""; 0]);
    }
}
