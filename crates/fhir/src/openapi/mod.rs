//! The interface as an OpenAPI 3.1 document (<https://spec.openapis.org/oas/v3.1.0>), made from the same
//! tables as the CapabilityStatement: for tools that make clients, and for those that try to break
//! servers.

mod paths;
mod schemas;

use serde_json::{Value, json};

use crate::definitions::{FHIR_VERSION, PACKAGE};

/// Writes the document. Addresses in it are relative to where the FHIR interface is.
#[must_use]
pub fn openapi(version: &str) -> Vec<u8> {
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Candour",
            "version": version,
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
            "description": format!("FHIR R4 {FHIR_VERSION}, with elements and search parameters from {PACKAGE}. Every answer is decided for a stated purpose and logged before it is released."),
        },
        "servers": [{"url": "/fhir"}],
        "security": [{"bearer": []}],
        "paths": paths::paths(),
        "components": {
            "securitySchemes": {"bearer": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}},
            "schemas": schemas::schemas(),
            "responses": responses(),
            "parameters": paths::shared(),
        },
    })
    .to_string()
    .into_bytes()
}

/// What an answer may be whatever was asked.
fn responses() -> Value {
    json!({
        "outcome": {
            "description": "What was wrong, or why it is refused: each issue says what, where, and what to do",
            "content": content("OperationOutcome"),
        },
    })
}

/// A body that is FHIR of one type.
fn content(schema: &str) -> Value {
    json!({"application/fhir+json": {"schema": reference(schema)}})
}

fn reference(schema: &str) -> Value {
    json!({"$ref": format!("#/components/schemas/{schema}")})
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::types::TYPES;

    fn document() -> Value {
        serde_json::from_slice(&openapi("0.1.0")).unwrap()
    }

    /// Every `$ref` in a document.
    fn references<'v>(value: &'v Value, found: &mut BTreeSet<&'v str>) {
        match value {
            Value::Object(members) => {
                for (name, member) in members {
                    match member.as_str().filter(|_| name == "$ref") {
                        Some(to) => drop(found.insert(to)),
                        None => references(member, found),
                    }
                }
            }
            Value::Array(items) => items.iter().for_each(|item| references(item, found)),
            _ => {}
        }
    }

    #[test]
    fn every_reference_leads_somewhere() {
        let document = document();
        let mut found = BTreeSet::new();
        references(&document, &mut found);
        assert!(found.len() > 500, "{}", found.len());
        for to in found {
            let pointer = to.strip_prefix('#').unwrap();
            assert!(document.pointer(pointer).is_some(), "{to}");
        }
    }

    #[test]
    fn every_type_has_its_schema_and_every_kept_type_its_addresses() {
        let document = document();
        for facts in TYPES {
            assert!(document["components"]["schemas"][facts.name].is_object());
        }
        let search = &document["paths"]["/Observation"]["get"];
        let names: Vec<&str> = search["parameters"]
            .as_array()
            .unwrap()
            .iter()
            .filter_map(|one| one["name"].as_str())
            .collect();
        assert!(names.contains(&"code-value-quantity") && names.contains(&"patient"));
        assert!(document["paths"]["/Parameters"].is_null(), "never stored");
        let whole = document["paths"]["/"]["get"]["parameters"].to_string();
        assert!(whole.contains("_type") && whole.contains("_lastUpdated"));
        let form = &document["paths"]["/_search"]["post"];
        assert!(form["requestBody"].to_string().contains("_type"));
        let everything = &document["paths"]["/Patient/{id}/$everything"]["get"];
        assert!(everything.is_object());
    }

    #[test]
    fn a_schema_says_what_the_definition_says() {
        let document = document();
        let observation = &document["components"]["schemas"]["Observation"];
        assert_eq!(
            observation["required"],
            json!(["resourceType", "status", "code"])
        );
        assert_eq!(
            observation["properties"]["valueQuantity"],
            reference("Quantity")
        );
        assert_eq!(observation["properties"]["component"]["type"], "array");
        let text = &document["components"]["schemas"]["string"];
        assert_eq!(text["type"], "string", "a primitive has no members");
        let gender = &document["components"]["schemas"]["Patient"]["properties"]["gender"];
        assert_eq!(
            gender["enum"],
            json!(["male", "female", "other", "unknown"])
        );
    }
}
