//! A FHIR Patient as matching sees it (<https://hl7.org/fhir/R4/patient.html>).

use fhir::Document;
use fhir::document::Node;
use fhir::patient::{CHI_SYSTEMS, NHS_NUMBER_SYSTEMS};
use linkage::{
    Address, AddressKind, BirthDate, CHI_SYSTEM, Identifier, IdentifierUse, NHS_SYSTEM, Name,
    NameUse, Period, Record, Sex,
};

/// The extension by which UK Core gives an address its UPRN.
const ADDRESS_KEY: &str = "Extension-UKCore-AddressKey";

/// What a Patient says of who somebody is: every name, number and address, former ones included.
/// Nothing is refused for its looks; what cannot be read is not compared.
#[must_use]
pub fn describe(document: &Document<'_>) -> Record {
    let patient = document.root();
    let mut record = Record {
        names: patient.all("name").into_iter().map(name).collect(),
        births: text(patient, "birthDate")
            .and_then(|date| BirthDate::parse(&date))
            .into_iter()
            .collect(),
        sex: sex(patient),
        identifiers: patient
            .all("identifier")
            .into_iter()
            .filter_map(identifier)
            .collect(),
        addresses: patient.all("address").into_iter().map(address).collect(),
        contacts: contacts(patient),
        ..Record::default()
    };
    if let Some(order) = patient.get("multipleBirthInteger") {
        record.flags.multiple_birth = true;
        record.flags.birth_order = order.raw().parse().ok();
    }
    if patient
        .get("multipleBirthBoolean")
        .is_some_and(|node| node.as_bool() == Some(true))
    {
        record.flags.multiple_birth = true;
    }
    record
}

fn name(node: Node<'_>) -> Name {
    let given = texts(node, "given");
    let (first, middle) = given
        .split_first()
        .map_or((String::new(), String::new()), |(first, rest)| {
            (first.clone(), rest.join(" "))
        });
    let period = period(node);
    let used = match text(node, "use").as_deref() {
        Some("official") => NameUse::Official,
        Some("temp") => NameUse::Temp,
        Some("nickname") => NameUse::Nickname,
        Some("anonymous") => NameUse::Anonymous,
        Some("old") => NameUse::Old,
        Some("maiden") => NameUse::Maiden,
        _ => NameUse::Usual,
    };
    // The view of who somebody is has no name that was given up, by marriage or transition.
    let given_up = matches!(used, NameUse::Old | NameUse::Maiden) || !period.end.is_empty();
    Name {
        given: first,
        middle,
        family: text(node, "family").unwrap_or_default(),
        suffix: texts(node, "suffix").join(" "),
        text: text(node, "text").unwrap_or_default(),
        used,
        period,
        hidden: given_up,
    }
}

fn sex(patient: Node<'_>) -> Option<Sex> {
    match text(patient, "gender")?.as_str() {
        "female" => Some(Sex::Female),
        "male" => Some(Sex::Male),
        "other" => Some(Sex::Other),
        _ => None,
    }
}

/// Numbers under any of the names that their systems are sent under. Withdrawn and temporary ones
/// may agree and never conflict.
fn identifier(node: Node<'_>) -> Option<Identifier> {
    let system = text(node, "system").unwrap_or_default();
    let system = match system.as_str() {
        chi if CHI_SYSTEMS.contains(&chi) => CHI_SYSTEM.to_owned(),
        nhs if NHS_NUMBER_SYSTEMS.contains(&nhs) => NHS_SYSTEM.to_owned(),
        _ => system,
    };
    Some(Identifier {
        system,
        value: text(node, "value")?,
        used: match text(node, "use").as_deref() {
            Some("temp") => IdentifierUse::Temp,
            Some("old") => IdentifierUse::Old,
            _ => IdentifierUse::Usual,
        },
        period: period(node),
    })
}

fn address(node: Node<'_>) -> Address {
    let lines = texts(node, "line");
    let is_old = text(node, "use").as_deref() == Some("old") || !period(node).end.is_empty();
    let is_care_of = lines
        .first()
        .is_some_and(|line| line.to_lowercase().starts_with("c/o"));
    let lines = match (lines.is_empty(), text(node, "text")) {
        (true, Some(text)) => vec![text],
        _ => lines,
    };
    Address {
        number: String::new(),
        lines,
        locality: text(node, "city").unwrap_or_default(),
        region: text(node, "district")
            .or_else(|| text(node, "state"))
            .unwrap_or_default(),
        postcode: text(node, "postalCode").unwrap_or_default(),
        uprn: uprn(node).unwrap_or_default(),
        kind: match (is_care_of, is_old) {
            (true, _) => AddressKind::CareOf,
            (false, true) => AddressKind::Old,
            (false, false) => AddressKind::Home,
        },
    }
}

fn uprn(address: Node<'_>) -> Option<String> {
    let keys = address
        .all("extension")
        .into_iter()
        .filter(|extension| text(*extension, "url").is_some_and(|url| url.ends_with(ADDRESS_KEY)));
    keys.into_iter().find_map(|key| {
        let part = |name: &str| {
            let mut parts = key.all("extension").into_iter();
            parts.find(|part| text(*part, "url").as_deref() == Some(name))
        };
        let kind = text(part("type")?, "valueCoding.code")?;
        (kind == "UPRN").then(|| text(part("value")?, "valueString"))?
    })
}

fn contacts(patient: Node<'_>) -> Vec<String> {
    let telecoms = patient.all("telecom").into_iter();
    telecoms
        .filter(|telecom| {
            matches!(
                text(*telecom, "system").as_deref(),
                Some("phone" | "sms" | "email") | None
            )
        })
        .filter_map(|telecom| text(telecom, "value"))
        .collect()
}

fn period(node: Node<'_>) -> Period {
    Period {
        start: text(node, "period.start").unwrap_or_default(),
        end: text(node, "period.end").unwrap_or_default(),
    }
}

fn text(node: Node<'_>, path: &str) -> Option<String> {
    let found = node.text_at(path)?;
    (!found.is_empty()).then(|| found.into_owned())
}

fn texts(node: Node<'_>, path: &str) -> Vec<String> {
    let nodes = node.all(path);
    let found = nodes.iter().filter_map(Node::as_str);
    found.map(std::borrow::Cow::into_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn described(json: &str) -> Record {
        describe(&fhir::parse(json.as_bytes(), &fhir::Limits::default()).unwrap())
    }

    #[test]
    fn eilidh_is_described_by_every_name_and_number_that_she_ever_had() {
        let eilidh = described(
            r#"{"resourceType":"Patient","name":[{"use":"maiden","family":"Reid"},
            {"use":"official","family":"Campbell","given":["Eilidh","Morven"]}],"gender":"female","birthDate":"1990-07-02",
            "identifier":[{"system":"https://fhir.scot/id/chi-number","value":"0207901234"},{"use":"old","system":"urn:ward","value":"W7"}],
            "address":[{"use":"old","line":["1 Mill Lane"],"city":"Southbrae"},{"line":["c/o Braehead Practice"],"postalCode":"ZY1 2AB"}],
            "telecom":[{"system":"phone","value":"0141 496 0000"},{"system":"url","value":"https://nobody.example"}],"multipleBirthInteger":2}"#,
        );
        let names: Vec<(&str, &str, &str, bool)> = eilidh
            .names
            .iter()
            .map(|name| (&*name.given, &*name.middle, &*name.family, name.hidden))
            .collect();
        assert_eq!(
            names,
            [
                ("", "", "Reid", true),
                ("Eilidh", "Morven", "Campbell", false)
            ]
        );
        assert_eq!(eilidh.identifiers[0].system, CHI_SYSTEM);
        assert_eq!(eilidh.identifiers[1].used, IdentifierUse::Old);
        let kinds: Vec<AddressKind> = eilidh.addresses.iter().map(|home| home.kind).collect();
        assert_eq!(kinds, [AddressKind::Old, AddressKind::CareOf]);
        assert_eq!(eilidh.contacts, ["0141 496 0000"]);
        assert_eq!(eilidh.flags.birth_order, Some(2));
        assert_eq!(eilidh.sex, Some(Sex::Female));
    }

    #[test]
    fn an_address_may_have_its_uprn_as_uk_core_gives_it() {
        let home = described(
            r#"{"resourceType":"Patient","address":[{"postalCode":"ZY1 2AB","extension":[{
            "url":"https://fhir.hl7.org.uk/StructureDefinition/Extension-UKCore-AddressKey","extension":[
            {"url":"type","valueCoding":{"system":"https://fhir.hl7.org.uk/CodeSystem/UKCore-AddressKeyType","code":"UPRN"}},
            {"url":"value","valueString":"906700412233"}]}]}]}"#,
        );
        assert_eq!(home.addresses[0].uprn, "906700412233");
    }
}
