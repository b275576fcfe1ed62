//! Demographics of a Patient, as matching needs them (<https://hl7.org/fhir/R4/patient.html>).

mod chi;

use std::borrow::Cow;

pub use chi::{CheckDigit, check_digit, chi_is_valid};

use crate::document::{Document, Node};
use crate::search::DateRange;

/// Identifier systems under which a CHI number is sent: NHS Scotland's URL and its OID.
pub const CHI_SYSTEMS: [&str; 2] = [
    "https://phfapi.digital.health.scot/naming/chi-number",
    "urn:oid:2.16.840.1.113883.2.1.3.2.4.16.53",
];

/// Identifier systems under which an NHS number of England or Wales is sent.
pub const NHS_NUMBER_SYSTEMS: [&str; 2] = [
    "https://fhir.nhs.uk/Id/nhs-number",
    "urn:oid:2.16.840.1.113883.2.1.4.1",
];

/// What a Patient says about who someone is.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Demographics {
    /// Every name, current and former.
    pub names: Vec<PersonName>,
    /// The birth date, as precise as it was given.
    pub birth_date: Option<PartialDate>,
    /// The administrative gender code.
    pub gender: Option<String>,
    /// Every identifier.
    pub identifiers: Vec<Identifier>,
    /// Every address.
    pub addresses: Vec<Address>,
    /// Phone numbers and email addresses.
    pub telecoms: Vec<String>,
    /// Whether and when the person died.
    pub deceased: Option<Deceased>,
    /// Whether the person is a twin or other multiple, where said.
    pub multiple_birth: Option<bool>,
}

/// One name (<https://hl7.org/fhir/R4/datatypes.html#HumanName>).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PersonName {
    /// The `use` code: official, usual, maiden, old, ...
    pub name_use: Option<String>,
    /// The family name; a mononym may stand here alone.
    pub family: Option<String>,
    /// Given names, in order.
    pub given: Vec<String>,
    /// Titles.
    pub prefix: Vec<String>,
    /// The whole name as one text.
    pub text: Option<String>,
    /// When it was in use.
    pub period: Option<DateRange>,
}

/// A date of which the day, or day and month, may be unknown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct PartialDate {
    /// The year.
    pub year: i16,
    /// The month from 1, if known.
    pub month: Option<u8>,
    /// The day from 1, if known.
    pub day: Option<u8>,
}

impl PartialDate {
    /// Reads `YYYY`, `YYYY-MM` or `YYYY-MM-DD`; `None` for anything else.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        DateRange::parse(text).filter(|_| !text.contains('T'))?;
        let mut parts = text.split('-');
        let year = parts.next()?.parse().ok()?;
        let mut part = || parts.next().and_then(|part| part.parse().ok());
        Some(Self {
            year,
            month: part(),
            day: part(),
        })
    }
}

/// A number or code that an organisation gave the person.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Identifier {
    /// The naming system.
    pub system: String,
    /// The value as written.
    pub value: String,
    /// The `use` code: official, temp, old, ...
    pub identifier_use: Option<String>,
}

impl Identifier {
    /// Whether it is given as a CHI number.
    #[must_use]
    pub fn is_chi(&self) -> bool {
        CHI_SYSTEMS.contains(&self.system.as_str())
    }

    /// Whether it is given as an NHS number of England or Wales.
    #[must_use]
    pub fn is_nhs_number(&self) -> bool {
        NHS_NUMBER_SYSTEMS.contains(&self.system.as_str())
    }
}

/// One address (<https://hl7.org/fhir/R4/datatypes.html#Address>).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Address {
    /// The `use` code: home, temp, old, ...
    pub address_use: Option<String>,
    /// Street lines.
    pub lines: Vec<String>,
    /// Town.
    pub city: Option<String>,
    /// Postcode as written.
    pub postcode: Option<String>,
    /// The whole address as one text.
    pub text: Option<String>,
    /// When it was in use.
    pub period: Option<DateRange>,
}

/// That a person died.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Deceased {
    /// Not so, explicitly.
    No,
    /// On an unknown date.
    Yes,
    /// On this date.
    On(DateRange),
}

/// Reads the demographics of a Patient, RelatedPerson, Person or Practitioner.
#[must_use]
pub fn demographics(document: &Document<'_>) -> Demographics {
    let root = document.root();
    Demographics {
        names: root.all("name").into_iter().map(name).collect(),
        birth_date: root
            .text_at("birthDate")
            .and_then(|text| PartialDate::parse(&text)),
        gender: text(root, "gender"),
        identifiers: root
            .all("identifier")
            .into_iter()
            .filter_map(identifier)
            .collect(),
        addresses: root.all("address").into_iter().map(address).collect(),
        telecoms: texts(root, "telecom.value"),
        deceased: deceased(root),
        multiple_birth: root
            .get("multipleBirthBoolean")
            .and_then(|node| node.as_bool())
            .or_else(|| root.get("multipleBirthInteger").map(|_| true)),
    }
}

fn name(node: Node<'_>) -> PersonName {
    PersonName {
        name_use: text(node, "use"),
        family: text(node, "family"),
        given: texts(node, "given"),
        prefix: texts(node, "prefix"),
        text: text(node, "text"),
        period: node.member("period").and_then(DateRange::read),
    }
}

fn identifier(node: Node<'_>) -> Option<Identifier> {
    Some(Identifier {
        system: text(node, "system").unwrap_or_default(),
        value: text(node, "value")?,
        identifier_use: text(node, "use"),
    })
}

fn address(node: Node<'_>) -> Address {
    Address {
        address_use: text(node, "use"),
        lines: texts(node, "line"),
        city: text(node, "city"),
        postcode: text(node, "postalCode"),
        text: text(node, "text"),
        period: node.member("period").and_then(DateRange::read),
    }
}

fn deceased(root: Node<'_>) -> Option<Deceased> {
    if let Some(at) = root.get("deceasedDateTime") {
        return Some(DateRange::read(at).map_or(Deceased::Yes, Deceased::On));
    }
    match root.get("deceasedBoolean")?.as_bool()? {
        true => Some(Deceased::Yes),
        false => Some(Deceased::No),
    }
}

fn text(node: Node<'_>, name: &str) -> Option<String> {
    node.text_at(name).map(Cow::into_owned)
}

fn texts(node: Node<'_>, path: &str) -> Vec<String> {
    node.all(path)
        .iter()
        .filter_map(Node::as_str)
        .map(Cow::into_owned)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::{Limits, parse};

    #[test]
    fn names_of_any_script_and_partial_dates_are_read_as_written() {
        let text = r#"{"resourceType":"Patient","name":[{"text":"Suharto"},{"use":"official","family":"O’Neill-Łukasz","given":["José","María"]},{"family":"李"}],
            "birthDate":"1947-03","deceasedDateTime":"2027-01","multipleBirthInteger":2,
            "identifier":[{"use":"temp","system":"urn:oid:2.16.840.1.113883.2.1.3.2.4.16.53","value":"0903471234"},{"system":"x"}]}"#;
        let found = demographics(&parse(text.as_bytes(), &Limits::default()).unwrap());
        assert_eq!(found.names[0].text.as_deref(), Some("Suharto"));
        assert_eq!(found.names[1].given, ["José", "María"]);
        assert_eq!(found.names[2].family.as_deref(), Some("李"));
        assert_eq!(
            found.birth_date,
            Some(PartialDate {
                year: 1947,
                month: Some(3),
                day: None
            })
        );
        assert!(matches!(found.deceased, Some(Deceased::On(_))));
        assert_eq!(found.multiple_birth, Some(true));
        assert_eq!(found.identifiers.len(), 1);
        assert!(found.identifiers[0].is_chi());
    }

    #[test]
    fn a_date_with_a_time_is_no_birth_date() {
        assert_eq!(PartialDate::parse("1947-03-09T10:00:00Z"), None);
        let day = PartialDate {
            year: 1947,
            month: Some(3),
            day: Some(9),
        };
        assert_eq!(PartialDate::parse("1947-03-09"), Some(day));
    }
}
