//! The part of a resource that was asked for: `_summary` and `_elements`
//! (<https://hl7.org/fhir/R4/search.html#elements>).

use std::borrow::Cow;
use std::collections::BTreeSet;

use super::{STORED, subset};
use crate::definitions::{Definition, Element, definition_of};
use crate::document::{Node, parse};
use crate::outcome::Issue;
use crate::search::{Shape, Summary};

/// Takes out what was not asked for, and adds the tag `SUBSETTED` if anything was. What must be
/// there, and what changes the meaning of the rest, always stays.
///
/// # Errors
/// An [`Issue`] if the bytes are not a resource; then nothing may be shown.
pub fn shaped<'b>(bytes: &'b [u8], shape: &Shape) -> Result<Cow<'b, [u8]>, Issue> {
    if shape.is_whole() {
        return Ok(bytes.into());
    }
    let document = parse(bytes, &STORED)?;
    let Some(definition) = definition_of(document.resource_type()) else {
        return Ok(bytes.into());
    };
    let mut gone = BTreeSet::new();
    for member in document.root().children() {
        let key = member.key().trim_start_matches('_');
        let Some((element, _)) = definition.element(key) else {
            continue;
        };
        if !stays(shape, element) {
            gone.insert(member.number());
        } else if shape.summary == Summary::True {
            for item in member.items() {
                summarise(definition, element, item, &mut gone);
            }
        }
    }
    Ok(match gone.is_empty() {
        true => bytes.into(),
        false => subset(&document, gone).into(),
    })
}

/// Elements that every shape keeps besides what is required.
const ALWAYS: [&str; 4] = ["id", "meta", "implicitRules", "modifierExtension"];

fn stays(shape: &Shape, element: &Element) -> bool {
    if ALWAYS.contains(&element.name) || (element.is_required && shape.summary != Summary::Data) {
        return true;
    }
    let is_asked =
        shape.elements.is_empty() || shape.elements.iter().any(|one| one == element.name);
    let is_in_summary = match shape.summary {
        Summary::False | Summary::Count => true,
        Summary::True => element.in_summary,
        Summary::Text => element.name == "text",
        Summary::Data => element.name != "text",
    };
    is_asked && is_in_summary
}

/// The same within elements that have elements of their own in this definition.
fn summarise(definition: &Definition, element: &Element, node: Node<'_>, gone: &mut BTreeSet<u32>) {
    let own = format!("{}.{}", definition.name, element.name);
    let is_own = element.types.iter().any(|of| of.name == own);
    let Some(inner) = definition_of(&own).filter(|_| is_own) else {
        return;
    };
    for member in node.children() {
        let key = member.key().trim_start_matches('_');
        let Some((element, _)) = inner.element(key) else {
            continue;
        };
        if element.in_summary || element.is_required || ALWAYS.contains(&element.name) {
            for item in member.items() {
                summarise(inner, element, item, gone);
            }
        } else {
            gone.insert(member.number());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PULSE: &str = r#"{"resourceType":"Observation","id":"o1","text":{"status":"generated","div":"<div>Pulse</div>"},"status":"final","code":{"text":"Pulse"},"valueInteger":72,"note":[{"text":"resting"}],"component":[{"code":{"text":"x"},"referenceRange":[{"text":"60-100"}]}]}"#;

    fn keys(shape: &Shape) -> Vec<String> {
        let bytes = shaped(PULSE.as_bytes(), shape).unwrap();
        let document = parse(&bytes, &STORED).unwrap();
        let keys = document.root().children();
        keys.map(|member| member.key().to_owned()).collect()
    }

    #[test]
    fn only_the_elements_asked_for_are_shown_and_those_that_must_be() {
        let shape = Shape {
            elements: vec!["value".into()],
            ..Shape::default()
        };
        assert_eq!(
            keys(&shape),
            [
                "resourceType",
                "id",
                "meta",
                "status",
                "code",
                "valueInteger"
            ]
        );
    }

    #[test]
    fn each_summary_shows_its_part() {
        let of = |summary| Shape {
            summary,
            ..Shape::default()
        };
        assert_eq!(
            keys(&of(Summary::True)),
            [
                "resourceType",
                "id",
                "meta",
                "status",
                "code",
                "valueInteger",
                "component"
            ]
        );
        let summary = shaped(PULSE.as_bytes(), &of(Summary::True)).unwrap();
        let summary = parse(&summary, &STORED).unwrap();
        assert!(summary.get("component.code").is_some());
        assert!(summary.get("component.referenceRange").is_none());
        assert_eq!(
            keys(&of(Summary::Text)),
            ["resourceType", "id", "meta", "text", "status", "code"]
        );
        assert!(!keys(&of(Summary::Data)).contains(&"text".to_owned()));
        let whole = shaped(PULSE.as_bytes(), &of(Summary::False)).unwrap();
        assert_eq!(whole, PULSE.as_bytes());
    }
}
