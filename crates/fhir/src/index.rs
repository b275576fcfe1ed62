//! Index values: what a search can find a resource by.

use crate::document::{Document, Kind, Node};
use crate::references::{ReferenceKind, classify};
use crate::search::{DateRange, ParamKind, SearchParam, fold, params_of};

/// One value under which a resource can be found.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct IndexValue {
    /// The search parameter.
    pub param: &'static str,
    /// The value.
    pub key: IndexKey,
}

/// What is compared.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
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
        /// As [`fold`] leaves them.
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
}

/// Every value under which a resource can be found. Index the stamped resource, whose references
/// are resolved; values that cannot be read are left out ([`crate::validate`] reports them).
#[must_use]
pub fn index(document: &Document<'_>) -> Vec<IndexValue> {
    let mut values = Vec::with_capacity(24);
    let root = document.root();
    for param in params_of(document.resource_type()) {
        let first = values.len();
        for path in param.paths {
            root.each(path, &mut |node| read(param, path, node, &mut values));
        }
        drop_repeats(&mut values, first);
    }
    values
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

fn read(param: &'static SearchParam, path: &str, node: Node<'_>, values: &mut Vec<IndexValue>) {
    let mut add = |key| {
        values.push(IndexValue {
            param: param.name,
            key,
        });
    };
    match param.kind {
        ParamKind::Token => tokens(path, node, &mut add),
        ParamKind::String => texts(node, &mut add),
        ParamKind::Date => {
            if let Some(DateRange { from_us, to_us }) = DateRange::read(node) {
                add(IndexKey::Date { from_us, to_us });
            }
        }
        ParamKind::Reference => {
            if let Some(key) = reference(node).filter(|key| points_at(key, param.target)) {
                add(key);
            }
        }
        ParamKind::Uri => {
            if let Some(uri) = node.as_str() {
                add(IndexKey::Uri(uri.into_owned()));
            }
        }
    }
}

/// Codes of a code, boolean, Coding, CodeableConcept, Identifier or ContactPoint
/// (<https://hl7.org/fhir/R4/search.html#token>).
fn tokens(path: &str, node: Node<'_>, add: &mut dyn FnMut(IndexKey)) {
    let mut token = |system: &str, code: &str| {
        add(IndexKey::Token {
            system: system.to_owned(),
            code: code.to_owned(),
        });
    };
    match node.kind() {
        Kind::String => token("", &node.as_str().unwrap_or_default()),
        Kind::True | Kind::False => token("", node.raw()),
        Kind::Object => match node.member("coding") {
            Some(codings) => codings
                .children()
                .for_each(|coding| tokens(path, coding, add)),
            None => {
                let code = node.text_at("code").or_else(|| node.text_at("value"));
                // A ContactPoint's system says phone or email; it is not part of the token.
                let is_contact = path.ends_with("telecom");
                let system = node.text_at("system").filter(|_| !is_contact);
                if let Some(code) = code {
                    token(&system.unwrap_or_default(), &code);
                }
            }
        },
        _ => {}
    }
}

/// The words of a string, or of every part of a HumanName or Address
/// (<https://hl7.org/fhir/R4/search.html#string>).
fn texts(node: Node<'_>, add: &mut dyn FnMut(IndexKey)) {
    const PARTS: [&str; 11] = [
        "text",
        "family",
        "given",
        "prefix",
        "suffix",
        "line",
        "city",
        "district",
        "state",
        "postalCode",
        "country",
    ];
    let mut text = |node: Node<'_>| {
        if let Some(words) = node.as_str() {
            add(IndexKey::Text {
                folded: fold(&words),
                exact: words.into_owned(),
            });
        }
    };
    match node.kind() {
        Kind::String => text(node),
        Kind::Object => PARTS.iter().for_each(|part| node.each(part, &mut text)),
        _ => {}
    }
}

fn reference(node: Node<'_>) -> Option<IndexKey> {
    let text = node.text_at("reference").or_else(|| node.as_str())?;
    let (rtype, id) = match classify(text.clone()) {
        ReferenceKind::Literal { rtype, id, .. } => (rtype, id.into_owned()),
        ReferenceKind::Absolute { .. } | ReferenceKind::Urn => ("", text.into_owned()),
        _ => return None,
    };
    Some(IndexKey::Reference {
        rtype: rtype.to_owned(),
        id,
    })
}

/// Whether a reference may belong to a parameter that takes only one type.
fn points_at(key: &IndexKey, target: Option<&str>) -> bool {
    match (key, target) {
        (IndexKey::Reference { rtype, id }, Some(target)) => {
            rtype == target || (rtype.is_empty() && id.contains(&format!("/{target}/")))
        }
        _ => true,
    }
}

/// Takes out values that a parameter already has: two names may share a family name.
fn drop_repeats(values: &mut Vec<IndexValue>, first: usize) {
    let mut place = first;
    while place < values.len() {
        let is_repeat = values.get(place).is_some_and(|value| {
            values
                .iter()
                .take(place)
                .skip(first)
                .any(|before| before == value)
        });
        if is_repeat {
            values.remove(place);
        } else {
            place += 1;
        }
    }
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
                };
                format!("{}={key}", value.param)
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
                "address-postalcode=nb1 2ab",
                "birthdate=-720748800000000..-718070400000000",
                "family=nowak-o'hara",
                "gender=|female",
                "given=marta",
                "given=ewa",
                "identifier=https://phfapi.digital.health.scot/naming/chi-number|0903471234",
                "name=nowak-o'hara",
                "name=marta",
                "name=ewa",
                "telecom=|0131 496 0000",
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
                "date=1799658000000000..9223372036854775807",
                "participant=Practitioner/d1",
                "patient=Patient/p1",
                "practitioner=Practitioner/d1",
                "service-provider=/https://elsewhere.example/fhir/Organization/o1",
                "status=|in-progress",
                "subject=Patient/p1",
                "type=http://snomed.info/sct|183452005",
                "type=|local",
            ]
        );
    }
}
