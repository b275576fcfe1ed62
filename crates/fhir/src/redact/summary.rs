//! The fixed view of a Patient by which a person is found: enough to tell two people apart.

use super::SUBSETTED;
use crate::document::text::quote_into;
use crate::document::{Document, Node};
use crate::patient::{CHI_SYSTEMS, NHS_NUMBER_SYSTEMS};

/// Writes the Patient with nothing but its id, current names, birth date, gender, home address
/// (lines and postcode) and CHI or NHS number, tagged `SUBSETTED`.
#[must_use]
pub fn summary_of_patient(document: &Document<'_>) -> Vec<u8> {
    write(document, true)
}

/// The same without any address, for somebody whose whereabouts must not be told.
#[must_use]
pub fn summary_without_address(document: &Document<'_>) -> Vec<u8> {
    write(document, false)
}

fn write(document: &Document<'_>, with_address: bool) -> Vec<u8> {
    let patient = document.root();
    let mut out = Vec::with_capacity(512);
    out.extend_from_slice(b"{\"resourceType\":\"Patient\"");
    copy(&mut out, patient, "id");
    out.extend_from_slice(b",\"meta\":{\"tag\":[{\"system\":");
    quote_into(&mut out, SUBSETTED.0);
    out.extend_from_slice(b",\"code\":");
    quote_into(&mut out, SUBSETTED.1);
    out.extend_from_slice(b"}]}");
    let identifiers = patient
        .all("identifier")
        .into_iter()
        .filter(is_health_number);
    list(&mut out, "identifier", identifiers, &["system", "value"]);
    let names = patient.all("name").into_iter().filter(is_current_name);
    list(
        &mut out,
        "name",
        names,
        &["use", "text", "family", "given", "prefix"],
    );
    copy(&mut out, patient, "gender");
    copy(&mut out, patient, "birthDate");
    let homes = patient
        .all("address")
        .into_iter()
        .filter(|address| with_address && is_home(address));
    list(&mut out, "address", homes, &["use", "line", "postalCode"]);
    out.push(b'}');
    out
}

fn is_health_number(identifier: &Node<'_>) -> bool {
    let system = identifier.text_at("system").unwrap_or_default();
    let is_old = identifier.text_at("use").as_deref() == Some("old");
    !is_old && (CHI_SYSTEMS.contains(&&*system) || NHS_NUMBER_SYSTEMS.contains(&&*system))
}

/// Names given up, by marriage or transition, are not for a search result.
fn is_current_name(name: &Node<'_>) -> bool {
    let given_up = matches!(name.text_at("use").as_deref(), Some("old" | "maiden"));
    !given_up && name.get("period.end").is_none()
}

fn is_home(address: &Node<'_>) -> bool {
    let used = matches!(address.text_at("use").as_deref(), None | Some("home"));
    used && address.get("period.end").is_none()
}

/// Copies one member as it was written, if it is there.
fn copy(out: &mut Vec<u8>, node: Node<'_>, name: &str) {
    if let Some(member) = node.member(name) {
        if out.last() != Some(&b'{') {
            out.push(b',');
        }
        quote_into(out, name);
        out.push(b':');
        out.extend_from_slice(member.raw().as_bytes());
    }
}

/// Writes a list of objects with only these members; nothing if no object has any.
fn list<'d>(
    out: &mut Vec<u8>,
    name: &str,
    nodes: impl Iterator<Item = Node<'d>>,
    members: &[&str],
) {
    let mut items = Vec::new();
    for node in nodes {
        let mut item = vec![b'{'];
        members
            .iter()
            .for_each(|member| copy(&mut item, node, member));
        item.push(b'}');
        if item.len() > 2 {
            items.push(item);
        }
    }
    if !items.is_empty() {
        out.push(b',');
        quote_into(out, name);
        out.extend_from_slice(b":[");
        out.extend_from_slice(&items.join(&b','));
        out.push(b']');
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::{Limits, parse};

    #[test]
    fn a_search_result_shows_who_it_is_and_nothing_else() {
        let marta = r#"{"resourceType":"Patient","id":"p1","active":true,
            "identifier":[{"use":"official","system":"https://phfapi.digital.health.scot/naming/chi-number","value":"0903471234"},{"system":"http://hospital.example/mrn","value":"77"}],
            "name":[{"family":"Nowak","given":["Marta"],"period":{"start":"1970"}},{"use":"maiden","family":"Kowalska"}],
            "telecom":[{"value":"0131 496 0000"}],"gender":"female","birthDate":"1947-03-09",
            "address":[{"use":"home","line":["3 Harbour Row"],"city":"Northburn","postalCode":"NB1 2AB"},{"use":"temp","line":["Refuge"]}],
            "maritalStatus":{"text":"widowed"}}"#;
        let document = parse(marta.as_bytes(), &Limits::default()).unwrap();
        let summary = summary_of_patient(&document);
        parse(&summary, &Limits::default()).unwrap();
        insta::assert_snapshot!(String::from_utf8(summary).unwrap(), @r#"{"resourceType":"Patient","id":"p1","meta":{"tag":[{"system":"http://terminology.hl7.org/CodeSystem/v3-ObservationValue","code":"SUBSETTED"}]},"identifier":[{"system":"https://phfapi.digital.health.scot/naming/chi-number","value":"0903471234"}],"name":[{"family":"Nowak","given":["Marta"]}],"gender":"female","birthDate":"1947-03-09","address":[{"use":"home","line":["3 Harbour Row"],"postalCode":"NB1 2AB"}]}"#);
    }

    #[test]
    fn where_somebody_protected_lives_is_not_told() {
        let iona = br#"{"resourceType":"Patient","id":"p2","birthDate":"1988-02-11","address":[{"line":["3 Harbour Row"],"postalCode":"NB1 2AB"}]}"#;
        let document = parse(iona, &Limits::default()).unwrap();
        let summary = String::from_utf8(summary_without_address(&document)).unwrap();
        assert!(
            summary.ends_with(r#""birthDate":"1988-02-11"}"#),
            "{summary}"
        );
    }

    #[test]
    fn a_patient_with_nothing_to_show_is_still_a_patient() {
        let document = parse(
            br#"{"resourceType":"Patient","active":true}"#,
            &Limits::default(),
        )
        .unwrap();
        let summary = String::from_utf8(summary_of_patient(&document)).unwrap();
        assert!(
            summary.starts_with(r#"{"resourceType":"Patient","meta":{"#),
            "{summary}"
        );
    }
}
