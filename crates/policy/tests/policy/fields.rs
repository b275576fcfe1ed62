//! The tables of fields in the documents (`docs/reference/decision-fields.md`), written from the
//! JSON Schema, so that what a reader is told is what the program reads. To accept a change:
//! `UPDATE_CASES=1 cargo test -p policy fields`.

use std::collections::BTreeSet;
use std::fmt::Write;
use std::fs;

use policy::document;
use serde_json::Value;

#[test]
fn the_tables_of_fields_are_those_of_the_types() {
    let path = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../docs/reference/decision-fields.md"
    );
    let tables = tables(&document::schema());
    if std::env::var_os("UPDATE_CASES").is_some() {
        fs::write(path, &tables).expect("the tables can be written");
    }
    let kept = fs::read_to_string(path).unwrap_or_default();
    for (now, before) in tables.lines().zip(kept.lines()) {
        assert_eq!(now, before, "UPDATE_CASES=1 writes {path} anew");
    }
    assert_eq!(tables.lines().count(), kept.lines().count());
}

const HEAD: &str = "\
# Fields of a case

Every field that `candour decide` reads, written from its types; [decision.md](decision.md) explains and
shows examples. A field marked *needed* is asked for by name where it is missing. A list that is left out
says that nothing of the kind is on record; anything else that is left out is unknown.

";

fn tables(schema: &Value) -> String {
    let mut text = HEAD.to_owned();
    object("The document", schema, &mut text);
    let none = serde_json::Map::new();
    let definitions = schema["$defs"].as_object().unwrap_or(&none);
    let names: BTreeSet<&String> = definitions.keys().collect();
    for name in names {
        let definition = &definitions[name];
        if definition.get("properties").is_some() {
            object(name, definition, &mut text);
        } else if let Some(codes) = codes(definition) {
            writeln!(text, "## {name}\n\n{}\n", words(definition)).expect("a string");
            writeln!(text, "{codes}\n").expect("a string");
        } else {
            writeln!(text, "## {name}\n\n{}\n", words(definition)).expect("a string");
        }
    }
    format!("{}\n", text.trim_end())
}

fn object(title: &str, schema: &Value, text: &mut String) {
    writeln!(text, "## {title}\n\n{}\n", words(schema)).expect("a string");
    writeln!(text, "| field | is | |\n|---|---|---|").expect("a string");
    let none = serde_json::Map::new();
    let needed: Vec<&str> = schema["required"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .collect();
    let properties = schema["properties"].as_object().unwrap_or(&none);
    for (name, property) in properties {
        let need = if needed.contains(&name.as_str()) {
            "*needed*. "
        } else {
            ""
        };
        let (kind, words) = (kind(title, name, property), words(property));
        writeln!(text, "| `{name}` | {kind} | {need}{words} |").expect("a string");
    }
    writeln!(text).expect("a string");
    for (name, property) in properties {
        if property.get("properties").is_some() {
            object(&inner(title, name), property, text);
        }
    }
}

/// The title of a table within another.
fn inner(title: &str, name: &str) -> String {
    if title == "The document" {
        format!("The document's {name}")
    } else {
        format!("{title}'s {name}")
    }
}

fn words(schema: &Value) -> String {
    let words = schema["description"].as_str().unwrap_or_default();
    words.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn kind(title: &str, name: &str, schema: &Value) -> String {
    if let Some(reference) = schema["$ref"].as_str() {
        return link(reference.trim_start_matches("#/$defs/"));
    }
    if schema.get("properties").is_some() {
        return link(&inner(title, name));
    }
    for key in ["anyOf", "allOf"] {
        if let Some(any) = schema[key].as_array() {
            let all: Vec<_> = any
                .iter()
                .filter(|one| one["type"] != "null")
                .map(|one| kind(title, name, one))
                .collect();
            return all.join(" or ");
        }
    }
    if let Some(codes) = codes(schema) {
        return codes;
    }
    let of = match &schema["type"] {
        Value::Array(types) => types
            .iter()
            .filter_map(Value::as_str)
            .find(|one| *one != "null"),
        one => one.as_str(),
    };
    match of {
        Some("array") => format!("list of {}", kind(title, name, &schema["items"])),
        Some("object") => {
            let values = &schema["additionalProperties"];
            format!("names, each with {}", kind(title, name, values))
        }
        Some("string") => "text".to_owned(),
        Some("boolean") => "`true` or `false`".to_owned(),
        _ => "value".to_owned(),
    }
}

/// The codes of an enumeration, some with words.
fn codes(schema: &Value) -> Option<String> {
    if let Some(codes) = schema["enum"].as_array() {
        let codes: Vec<_> = codes
            .iter()
            .filter_map(Value::as_str)
            .map(|code| format!("`{code}`"))
            .collect();
        return Some(codes.join(", "));
    }
    let all: Option<Vec<String>> = schema["oneOf"].as_array()?.iter().map(one_of).collect();
    Some(all?.join(", "))
}

fn one_of(schema: &Value) -> Option<String> {
    if let Some(code) = schema["const"].as_str() {
        let words = words(schema);
        return Some(if words.is_empty() {
            format!("`{code}`")
        } else {
            format!("`{code}` ({})", words.trim_end_matches('.'))
        });
    }
    if let Some(codes) = codes(schema) {
        return Some(codes);
    }
    // A value with a name, such as {"party": "euan"}.
    let (name, _) = schema["properties"].as_object()?.iter().next()?;
    Some(format!(
        "`{{\"{name}\": ...}}` ({})",
        words(schema).trim_end_matches('.')
    ))
}

fn link(name: &str) -> String {
    let anchor: String = name
        .to_lowercase()
        .chars()
        .filter(|letter| letter.is_alphanumeric() || *letter == ' ' || *letter == '-')
        .map(|letter| if letter == ' ' { '-' } else { letter })
        .collect();
    format!("[{name}](#{anchor})")
}
