//! Demographics of a Patient, as matching needs them (<https://hl7.org/fhir/R4/patient.html>).

use std::borrow::Cow;

use crate::document::{Document, Node};
use crate::outcome::{Issue, IssueCode};
use crate::search::DateRange;

/// Identifier systems under which a CHI number is sent: NHS Scotland's own, and what others use.
pub const CHI_SYSTEMS: [&str; 4] = [
    "https://phfapi.digital.health.scot/naming/chi-number",
    "urn:oid:2.16.840.1.113883.2.1.3.2.4.16.53",
    "https://fhir.scot/id/chi-number",
    "http://fhir.scot.nhs.uk/Id/chi-number",
];

/// Identifier systems under which an NHS number of England or Wales is sent.
pub const NHS_NUMBER_SYSTEMS: [&str; 2] = [
    "https://fhir.nhs.uk/Id/nhs-number",
    "urn:oid:2.16.840.1.113883.2.1.4.1",
];

/// What a Patient says about who someone is.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Patient {
    /// Every name, current and former.
    pub names: Vec<PersonName>,
    /// The birth date as given: `YYYY`, `YYYY-MM` or `YYYY-MM-DD`.
    pub birth_date: Option<String>,
    /// The administrative gender code.
    pub gender: Option<String>,
    /// Identifiers in force as (system, value). Temporary and withdrawn ones are left out: boards
    /// issue temporary numbers that look like CHI numbers and prove nothing.
    pub identifiers: Vec<(String, String)>,
    /// The postcode of the home address, as written.
    pub postcode: Option<String>,
    /// Every address, current and former.
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

impl PersonName {
    /// Family and given names; the whole text where the name has no parts.
    #[must_use]
    pub fn parts(&self) -> Vec<String> {
        let parts: Vec<String> = self.family.iter().chain(&self.given).cloned().collect();
        match parts.is_empty() {
            true => self.text.iter().cloned().collect(),
            false => parts,
        }
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

/// Reads who a Patient is.
///
/// # Errors
/// An [`Issue`] if the birth date is not one.
pub fn read(document: &Document<'_>) -> Result<Patient, Issue> {
    let root = document.root();
    let addresses: Vec<Address> = root.all("address").into_iter().map(address).collect();
    Ok(Patient {
        names: root.all("name").into_iter().map(name).collect(),
        birth_date: birth_date(root)?,
        gender: text(root, "gender"),
        identifiers: identifiers_in(root, is_in_force),
        postcode: home_postcode(&addresses),
        addresses,
        telecoms: texts(root, "telecom.value"),
        deceased: deceased(root),
        multiple_birth: root
            .get("multipleBirthBoolean")
            .and_then(|node| node.as_bool())
            .or_else(|| root.get("multipleBirthInteger").map(|_| true)),
    })
}

/// Every identifier of a resource as (system, value), whatever its use.
#[must_use]
pub fn identifiers(document: &Document<'_>) -> Vec<(String, String)> {
    identifiers_in(document.root(), |_| true)
}

fn identifiers_in(root: Node<'_>, wanted: fn(&Node<'_>) -> bool) -> Vec<(String, String)> {
    let wanted = root.all("identifier").into_iter().filter(wanted);
    wanted
        .filter_map(|node| {
            Some((
                text(node, "system").unwrap_or_default(),
                text(node, "value")?,
            ))
        })
        .collect()
}

fn is_in_force(identifier: &Node<'_>) -> bool {
    !matches!(identifier.text_at("use").as_deref(), Some("temp" | "old"))
}

fn birth_date(root: Node<'_>) -> Result<Option<String>, Issue> {
    let Some(node) = root.member("birthDate") else {
        return Ok(None);
    };
    let found = node.as_str().unwrap_or_default();
    if DateRange::parse(&found).is_none() || found.contains('T') {
        let details = "expected a date such as 1947-03-09, 1947-03 or 1947";
        return Err(Issue::error(IssueCode::Value, details)
            .at("Patient.birthDate")
            .found(node.raw()));
    }
    Ok(Some(found.into_owned()))
}

/// The postcode of the current home, or of the only address that does not say what it is.
fn home_postcode(addresses: &[Address]) -> Option<String> {
    let is_current =
        |address: &&Address| address.period.is_none_or(|period| period.to_us == i64::MAX);
    let of_use = |wanted: Option<&str>| {
        addresses
            .iter()
            .filter(is_current)
            .filter(|address| address.address_use.as_deref() == wanted)
            .find_map(|address| address.postcode.clone())
    };
    of_use(Some("home")).or_else(|| of_use(None))
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

    fn patient(text: &str) -> Result<Patient, Issue> {
        read(&parse(text.as_bytes(), &Limits::default()).unwrap())
    }

    #[test]
    fn names_of_any_script_and_partial_dates_are_read_as_written() {
        let found = patient(
            r#"{"resourceType":"Patient","name":[{"text":"Suharto"},{"use":"official","family":"O’Neill-Łukasz","given":["José","María"]},{"family":"李"}],
            "birthDate":"1947-03","deceasedDateTime":"2027-01","multipleBirthInteger":2,
            "identifier":[{"use":"temp","system":"https://fhir.nhs.uk/Id/nhs-number","value":"9434765919"},{"system":"x"},{"value":"77"}]}"#,
        )
        .unwrap();
        let parts: Vec<_> = found.names.iter().map(PersonName::parts).collect();
        assert_eq!(
            parts,
            [
                vec!["Suharto"],
                vec!["O’Neill-Łukasz", "José", "María"],
                vec!["李"]
            ]
        );
        assert_eq!(found.birth_date.as_deref(), Some("1947-03"));
        assert!(matches!(found.deceased, Some(Deceased::On(_))));
        assert_eq!(found.multiple_birth, Some(true));
        assert_eq!(found.identifiers, [(String::new(), "77".to_owned())]);
    }

    #[test]
    fn the_postcode_is_that_of_the_home_lived_in_now() {
        let found = patient(
            r#"{"resourceType":"Patient","address":[{"use":"temp","postalCode":"NB9 9ZZ"},
            {"use":"home","postalCode":"NB1 1AA","period":{"end":"2020"}},{"use":"home","postalCode":"NB1 2AB"}]}"#,
        );
        assert_eq!(found.unwrap().postcode.as_deref(), Some("NB1 2AB"));
    }

    #[test]
    fn a_birth_date_that_is_none_is_refused() {
        for date in [r#""1947-13-09""#, r#""1947-03-09T10:00:00Z""#, "1947"] {
            let text = format!(r#"{{"resourceType":"Patient","birthDate":{date}}}"#);
            let issue = patient(&text).unwrap_err();
            assert_eq!(issue.expression, ["Patient.birthDate"], "{date}");
        }
    }
}
