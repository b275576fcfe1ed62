//! JSON Schemas of resource types and data types.

use serde_json::{Map, Value, json};

use super::reference;
use crate::definitions::{Definition, Element, ElementType, Most, definitions, value_set};
use crate::types;

/// A value set of more codes than this is not listed.
const MOST_CODES: usize = 300;

/// Every definition as a schema, by name.
pub(super) fn schemas() -> Value {
    let mut all: Map<String, Value> = PRIMITIVES
        .iter()
        .map(|(name, schema)| ((*name).to_owned(), schema()))
        .collect();
    // HL7 defines primitive types too, as if they had elements.
    let is_primitive = |name: &str| name.starts_with(|first: char| first.is_ascii_lowercase());
    for definition in definitions().iter().filter(|one| !is_primitive(one.name)) {
        all.insert(definition.name.to_owned(), schema(definition));
    }
    all.insert("Resource".to_owned(), any_resource());
    // Its value may be of any type, extensions of extensions among them.
    all.insert("Extension".to_owned(), extension());
    Value::Object(all)
}

/// Whichever type it says it is of: a choice of all would be larger than everything else.
fn any_resource() -> Value {
    json!({
        "type": "object",
        "required": ["resourceType"],
        "properties": {"resourceType": {"type": "string", "pattern": "^[A-Z][A-Za-z]+$"}},
    })
}

fn extension() -> Value {
    json!({
        "type": "object",
        "required": ["url"],
        "properties": {"url": reference("uri")},
    })
}

fn schema(definition: &Definition) -> Value {
    let mut properties = Map::new();
    let mut required: Vec<Value> = Vec::new();
    let mut one_of_each: Vec<Value> = Vec::new();
    if types::of(definition.name).is_some() {
        let name = json!({"type": "string", "enum": [definition.name]});
        properties.insert("resourceType".to_owned(), name);
        required.push("resourceType".into());
    }
    for element in &definition.elements {
        let names: Vec<String> = element.types.iter().map(|of| name(element, of)).collect();
        for (name, of) in names.iter().zip(&element.types) {
            properties.insert(name.clone(), values(element, of));
        }
        match names.as_slice() {
            [only] if element.is_required => required.push(only.as_str().into()),
            several if element.is_required => {
                let each = several.iter().map(|name| json!({"required": [name]}));
                one_of_each.push(json!({"anyOf": each.collect::<Vec<_>>()}));
            }
            _ => {}
        }
    }
    let mut schema = json!({
        "type": "object",
        "properties": properties,
        // What a primitive element carries besides its value.
        "patternProperties": {"^_[a-z][A-Za-z0-9]*$": {}},
        "additionalProperties": false,
    });
    if let Some(members) = schema.as_object_mut() {
        // JSON Schema has no empty lists here.
        if !required.is_empty() {
            members.insert("required".to_owned(), required.into());
        }
        if !one_of_each.is_empty() {
            members.insert("allOf".to_owned(), one_of_each.into());
        }
    }
    schema
}

/// The name of an element in JSON: that of a choice ends in its type.
fn name(element: &Element, of: &ElementType) -> String {
    if !element.is_choice {
        return element.name.to_owned();
    }
    let mut letters = of.name.chars();
    let first = letters.next().map(|letter| letter.to_ascii_uppercase());
    let first = first.map(String::from).unwrap_or_default();
    format!("{}{first}{}", element.name, letters.as_str())
}

fn values(element: &Element, of: &ElementType) -> Value {
    let one = match element.binding.filter(|_| of.name == "code") {
        Some(binding) => coded(binding),
        None => reference(of.name),
    };
    match element.most {
        Most::One => one,
        Most::Many => json!({"type": "array", "minItems": 1, "items": one}),
    }
}

/// A code of a value set, listed where that is reasonable.
fn coded(binding: &str) -> Value {
    let codes: Vec<&str> = value_set(binding)
        .into_iter()
        .flat_map(|set| set.codes().map(|(_, concept)| concept.code))
        .collect();
    match codes.len() {
        1..=MOST_CODES => json!({"type": "string", "enum": codes}),
        _ => reference("code"),
    }
}

type Primitive = (&'static str, fn() -> Value);

fn text(pattern: &str) -> Value {
    json!({"type": "string", "pattern": pattern})
}

/// Primitive types, with the specification's regular expressions where they are worth having
/// (<https://hl7.org/fhir/R4/datatypes.html#primitive>).
const PRIMITIVES: &[Primitive] = &[
    ("base64Binary", || text("^([A-Za-z0-9+/]{4})+$")),
    ("boolean", || json!({"type": "boolean"})),
    ("canonical", || text(r"^\S+$")),
    ("code", || text(r"^[^\s]+(\s[^\s]+)*$")),
    ("date", || text(DATE)),
    ("dateTime", || text(DATE_TIME)),
    ("decimal", || json!({"type": "number"})),
    ("id", || text(r"^[A-Za-z0-9\-.]{1,64}$")),
    ("instant", || text(INSTANT)),
    (
        "integer",
        || json!({"type": "integer", "minimum": i32::MIN, "maximum": i32::MAX}),
    ),
    ("markdown", || json!({"type": "string", "minLength": 1})),
    ("oid", || text(r"^urn:oid:[0-2](\.(0|[1-9][0-9]*))+$")),
    (
        "positiveInt",
        || json!({"type": "integer", "minimum": 1, "maximum": i32::MAX}),
    ),
    ("string", || json!({"type": "string", "minLength": 1})),
    ("time", || {
        text(r"^([01][0-9]|2[0-3]):[0-5][0-9]:([0-5][0-9]|60)(\.[0-9]+)?$")
    }),
    (
        "unsignedInt",
        || json!({"type": "integer", "minimum": 0, "maximum": i32::MAX}),
    ),
    ("uri", || text(r"^\S+$")),
    ("url", || text(r"^\S+$")),
    ("uuid", || {
        text("^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$")
    }),
    ("xhtml", || text("^<div")),
];

const DATE: &str = "^[1-9][0-9]{3}(-(0[1-9]|1[0-2])(-(0[1-9]|1[0-9]|2[0-9]|3[0-1]))?)?$";
const DATE_TIME: &str = r"^[1-9][0-9]{3}(-(0[1-9]|1[0-2])(-(0[1-9]|1[0-9]|2[0-9]|3[0-1])(T([01][0-9]|2[0-3]):[0-5][0-9]:([0-5][0-9]|60)(\.[0-9]+)?(Z|[+-]((0[0-9]|1[0-3]):[0-5][0-9]|14:00)))?)?)?$";
const INSTANT: &str = r"^[1-9][0-9]{3}-(0[1-9]|1[0-2])-(0[1-9]|1[0-9]|2[0-9]|3[0-1])T([01][0-9]|2[0-3]):[0-5][0-9]:([0-5][0-9]|60)(\.[0-9]+)?(Z|[+-]((0[0-9]|1[0-3]):[0-5][0-9]|14:00))$";
