//! Index values: what a search can find a resource by.
//!
//! Values are kept by the place where they stand ([`crate::search::paths_of`]); which parameter
//! looks there is a matter of the query.

mod values;

pub(crate) use values::{of_type, on_ball};

use std::collections::HashSet;

use crate::document::{Document, Node};
use crate::search::{DateRange, ParamKind, Path, items_of, paths_of};

/// One value under which a resource can be found.
#[derive(Debug, Clone, PartialEq)]
pub struct IndexValue {
    /// Where it stands: [`Path::key`].
    pub path: &'static str,
    /// Which side of the value it is.
    pub aspect: Aspect,
    /// The item that it belongs to, for values that are found together only.
    pub item: Option<u16>,
    /// The value.
    pub key: IndexKey,
}

/// The sides of a value, which are asked for by different modifiers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Aspect {
    /// The value itself.
    Value,
    /// The words of a code (`:text`).
    Label,
    /// An identifier with its type (`:of-type`).
    OfType,
    /// The identifier of a reference (`:identifier`).
    Identifier,
    /// There is a value, of which nothing can be compared.
    Present,
}

impl Aspect {
    /// What follows the path where the aspect is kept.
    #[must_use]
    pub fn suffix(self) -> &'static str {
        match self {
            Self::Value => "",
            Self::Label => ":text",
            Self::OfType => ":of-type",
            Self::Identifier => ":identifier",
            Self::Present => ":present",
        }
    }
}

/// What is compared.
#[derive(Debug, Clone, PartialEq)]
pub enum IndexKey {
    /// A code; the system is empty where there is none.
    Token {
        /// The code system or identifier system.
        system: String,
        /// The code or identifier value.
        code: String,
    },
    /// Words.
    Text {
        /// As [`crate::search::fold`] leaves them.
        folded: String,
        /// As written, for `:exact`.
        exact: String,
    },
    /// A date, time or period, from the first microsecond to the one after the last.
    Date {
        /// The first microsecond since 1970 UTC.
        from_us: i64,
        /// The microsecond after the last.
        to_us: i64,
    },
    /// Another resource; for one elsewhere the type is empty and the id its URL.
    Reference {
        /// The resource type.
        rtype: String,
        /// The id.
        id: String,
    },
    /// A URI.
    Uri(String),
    /// A number or a range of numbers, both ends included; open ends are infinite.
    Quantity {
        /// The least.
        low: f64,
        /// The greatest.
        high: f64,
        /// The system of the unit; empty for a unit in words, or none.
        system: String,
        /// The unit's code, or the unit in words; empty for none.
        code: String,
    },
}

/// The most items of which a resource's values are kept together.
const MOST_ITEMS: u16 = u16::MAX;

/// Every value under which a resource can be found. Index the stamped resource, whose references
/// are resolved; values that cannot be read are left out ([`crate::validate`] reports them).
#[must_use]
pub fn index(document: &Document<'_>) -> Vec<IndexValue> {
    let rtype = document.resource_type();
    let root = document.root();
    let mut found = Found {
        values: Vec::with_capacity(32),
        seen: HashSet::with_capacity(32),
    };
    for (kind, path) in paths_of(rtype) {
        path.each(root, &mut |node| found.add(kind, path, None, node));
    }
    if rtype == "Patient" {
        found.note_alive();
    }
    index_items(rtype, root, &mut found);
    found.values
}

/// The values found so far, each once: two names may share a family name.
struct Found {
    values: Vec<IndexValue>,
    seen: HashSet<u64>,
}

impl Found {
    fn add(&mut self, kind: ParamKind, path: &'static Path, item: Option<u16>, node: Node<'_>) {
        let before = self.values.len();
        let mut is_repeat = false;
        values::read(kind, path.of, node, &mut |aspect, key| {
            let value = IndexValue {
                path: &path.key,
                aspect,
                item,
                key,
            };
            if self.seen.insert(values::digest(&value)) {
                self.values.push(value);
            } else {
                is_repeat = true;
            }
        });
        if self.values.len() == before && !is_repeat && item.is_none() {
            self.push(&path.key, Aspect::Present, "");
        }
    }

    fn push(&mut self, path: &'static str, aspect: Aspect, code: &str) {
        let value = IndexValue {
            path,
            aspect,
            item: None,
            key: IndexKey::Token {
                system: String::new(),
                code: code.to_owned(),
            },
        };
        if self.seen.insert(values::digest(&value)) {
            self.values.push(value);
        }
    }

    /// Whoever is not said to have died is found by `deceased=false`.
    fn note_alive(&mut self) {
        const DIED: [&str; 2] = ["deceasedBoolean", "deceasedDateTime"];
        let is_said = |value: &IndexValue| DIED.contains(&value.path);
        if !self.values.iter().any(is_said) {
            self.push("deceasedBoolean", Aspect::Value, "false");
        }
    }
}

/// The values that are found together, item by item.
fn index_items(rtype: &str, root: Node<'_>, found: &mut Found) {
    let mut bases: Vec<&'static str> = items_of(rtype).map(|(base, _, _)| base).collect();
    bases.sort_unstable();
    bases.dedup();
    let mut next: u16 = 0;
    for base in bases {
        root.each(base, &mut |item| {
            if next == MOST_ITEMS {
                return;
            }
            for (_, kind, path) in items_of(rtype).filter(|(own, _, _)| *own == base) {
                let start = if path.from_root { root } else { item };
                path.each(start, &mut |node| found.add(kind, path, Some(next), node));
            }
            next += 1;
        });
    }
}

/// When what a resource records happened, in microseconds since 1970 UTC: its chronology.
///
/// The start of what it was about where it says so, else when it was written down.
#[must_use]
pub fn occurred(document: &Document<'_>) -> Option<i64> {
    const PATHS: [&str; 25] = [
        "period",
        "effectiveDateTime",
        "effectivePeriod",
        "effectiveInstant",
        "performedDateTime",
        "performedPeriod",
        "occurrenceDateTime",
        "occurrencePeriod",
        "onsetDateTime",
        "onsetPeriod",
        "context.period",
        "start",
        "startDate",
        "collection.collectedDateTime",
        "whenHandedOver",
        "recordedDate",
        "authoredOn",
        "authored",
        "dateTime",
        "date",
        "sent",
        "created",
        "issued",
        "recorded",
        "assertedDate",
    ];
    PATHS.iter().find_map(|path| {
        let DateRange { from_us, to_us } = DateRange::read(document.get(path)?)?;
        match (from_us, to_us) {
            (i64::MIN, i64::MAX) => None,
            (i64::MIN, to_us) => Some(to_us),
            (from_us, _) => Some(from_us),
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::{Limits, parse};

    fn keys(resource: &str) -> Vec<String> {
        let document = parse(resource.as_bytes(), &Limits::default()).unwrap();
        index(&document)
            .into_iter()
            .map(|value| {
                let key = match value.key {
                    IndexKey::Token { system, code } => format!("{system}|{code}"),
                    IndexKey::Text { folded, .. } => folded,
                    IndexKey::Date { from_us, to_us } => format!("{from_us}..{to_us}"),
                    IndexKey::Reference { rtype, id } => format!("{rtype}/{id}"),
                    IndexKey::Uri(uri) => uri,
                    IndexKey::Quantity {
                        low,
                        high,
                        system,
                        code,
                    } => format!("{low}..{high} {system}|{code}"),
                };
                let item = value
                    .item
                    .map_or_else(String::new, |item| format!("#{item}"));
                format!("{}{}{item}={key}", value.path, value.aspect.suffix())
            })
            .collect()
    }

    #[test]
    fn a_patient_is_found_by_name_number_birth_and_address() {
        let marta = r#"{"resourceType":"Patient","id":"p1",
            "identifier":[{"system":"https://phfapi.digital.health.scot/naming/chi-number","value":"0903471234"}],
            "name":[{"family":"Nowak-O’Hara","given":["Márta","Ewa"]},{"use":"maiden","family":"Nowak-O’Hara"}],
            "birthDate":"1947-03","gender":"female","active":true,
            "address":[{"line":["3 Harbour Row"],"postalCode":"NB1 2AB"}],
            "telecom":[{"system":"phone","value":"0131 496 0000"}]}"#;
        assert_eq!(
            keys(marta),
            [
                "active=|true",
                "address=3 harbour row",
                "address=nb1 2ab",
                "address.postalCode=nb1 2ab",
                "birthDate=-720748800000000..-718070400000000",
                "name.family=nowak-o'hara",
                "gender=|female",
                "name.given=marta",
                "name.given=ewa",
                "identifier=https://phfapi.digital.health.scot/naming/chi-number|0903471234",
                "name=nowak-o'hara",
                "name=marta",
                "name=ewa",
                "telecom[system=phone]=|0131 496 0000",
                "telecom=|0131 496 0000",
                "deceasedBoolean=|false",
            ]
        );
    }

    #[test]
    fn a_condition_happened_when_it_began_not_when_it_was_written() {
        let when =
            |resource: &str| occurred(&parse(resource.as_bytes(), &Limits::default()).unwrap());
        let onset =
            r#"{"resourceType":"Condition","recordedDate":"2027-01-11","onsetDateTime":"1947-03"}"#;
        assert_eq!(when(onset), Some(-720_748_800_000_000));
        let ended = r#"{"resourceType":"Encounter","period":{"end":"2027-01-11T09:00:00Z"}}"#;
        assert_eq!(when(ended), Some(1_799_658_001_000_000));
        assert_eq!(
            when(r#"{"resourceType":"Patient","birthDate":"1947"}"#),
            None
        );
    }

    #[test]
    fn an_encounter_is_found_by_patient_class_period_and_worker() {
        let stay = r#"{"resourceType":"Encounter","status":"in-progress",
            "class":{"system":"http://terminology.hl7.org/CodeSystem/v3-ActCode","code":"IMP"},
            "type":[{"coding":[{"system":"http://snomed.info/sct","code":"183452005"},{"code":"local"}]}],
            "subject":{"reference":"Patient/p1"},
            "participant":[{"individual":{"reference":"Practitioner/d1"}}],
            "serviceProvider":{"reference":"https://elsewhere.example/fhir/Organization/o1"},
            "period":{"start":"2027-01-11T09:00:00Z"}}"#;
        assert_eq!(
            keys(stay),
            [
                "class=http://terminology.hl7.org/CodeSystem/v3-ActCode|IMP",
                "period=1799658000000000..9223372036854775807",
                "participant.individual=Practitioner/d1",
                "subject=Patient/p1",
                "serviceProvider=/https://elsewhere.example/fhir/Organization/o1",
                "status=|in-progress",
                "type=http://snomed.info/sct|183452005",
                "type=|local",
            ]
        );
    }

    #[test]
    fn what_belongs_together_is_found_together() {
        let pressure = r#"{"resourceType":"Observation","component":[
            {"code":{"coding":[{"system":"http://loinc.org","code":"8480-6"}],"text":"Systolic"},
             "valueQuantity":{"value":107.50,"unit":"mmHg","system":"http://unitsofmeasure.org","code":"mm[Hg]"}},
            {"code":{"coding":[{"system":"http://loinc.org","code":"8462-4"}]},
             "valueQuantity":{"value":60,"comparator":"<"}}]}"#;
        let items: Vec<String> = keys(pressure)
            .into_iter()
            .filter(|key| key.starts_with("component>"))
            .collect();
        assert_eq!(
            items,
            [
                "component>code#0=http://loinc.org|8480-6",
                "component>code:text#0=systolic",
                "component>valueQuantity#0=107.5..107.5 http://unitsofmeasure.org|mm[Hg]",
                "component>valueQuantity#0=107.5..107.5 |mmHg",
                "component>code#1=http://loinc.org|8462-4",
                "component>valueQuantity#1=-inf..60 |",
            ]
        );
    }

    #[test]
    fn an_identifier_is_found_by_its_type_and_a_reference_by_its_identifier() {
        let marta = r#"{"resourceType":"Patient","identifier":[{"value":"12","type":{
            "coding":[{"system":"urn:types","code":"MR"}],"text":"Record"}}],
            "managingOrganization":{"identifier":{"system":"urn:agencies","value":"hospital"}},
            "generalPractitioner":[{"display":"Dr Reid"}]}"#;
        assert_eq!(
            keys(marta),
            [
                "generalPractitioner:present=|",
                "identifier=|12",
                "identifier:of-type=urn:types|MR|12",
                "identifier:text=record",
                "managingOrganization:identifier=urn:agencies|hospital",
                "deceasedBoolean=|false",
            ]
        );
    }
}
