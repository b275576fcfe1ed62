//! The CapabilityStatement: what the FHIR interface does, from the tables that it works by.

use serde_json::{Value, json};

use crate::search::params_of;
use crate::types::{Kind, TYPES, TypeFacts};

/// What the statement says besides the tables.
#[derive(Debug, Clone, Copy)]
pub struct Published<'a> {
    /// Our version.
    pub version: &'a str,
    /// When this version was released, as FHIR writes a date.
    pub date: &'a str,
    /// The base URL of the interface.
    pub base: &'a str,
    /// Where callers get tokens, if one place is known.
    pub token_url: Option<&'a str>,
}

/// Writes the CapabilityStatement (<https://hl7.org/fhir/R4/capabilitystatement.html>).
#[must_use]
pub fn capability_statement(published: &Published<'_>) -> Vec<u8> {
    let resources: Vec<Value> = TYPES
        .iter()
        .filter(|facts| is_kept(facts))
        .map(resource)
        .collect();
    json!({
        "resourceType": "CapabilityStatement",
        "status": "active",
        "date": published.date,
        "kind": "instance",
        "software": {"name": "Candour", "version": published.version},
        "implementation": {
            "description": "A Candour exchange: every answer is decided for a stated purpose and logged before it is released",
            "url": published.base,
        },
        "fhirVersion": "4.0.1",
        "format": ["application/fhir+json"],
        "rest": [{
            "mode": "server",
            "security": security(published),
            "resource": resources,
            "interaction": [{"code": "transaction"}, {"code": "batch"}],
        }],
    })
    .to_string()
    .into_bytes()
}

/// Parameters and OperationOutcome are messages, never stored.
fn is_kept(facts: &TypeFacts) -> bool {
    facts.kind != Kind::Other || matches!(facts.name, "Patient" | "Group" | "Bundle")
}

fn resource(facts: &TypeFacts) -> Value {
    let params: Vec<Value> = params_of(facts.name)
        .map(|param| json!({"name": param.name, "type": param.kind.code()}))
        .chain([json!({"name": "_id", "type": "token"})])
        .collect();
    let codes = ["read", "vread", "create", "update", "delete", "search-type"];
    let interactions: Vec<Value> = codes.iter().map(|code| json!({"code": code})).collect();
    let mut resource = json!({
        "type": facts.name,
        "interaction": interactions,
        "versioning": "versioned-update",
        "readHistory": true,
        "updateCreate": true,
        "searchParam": params,
    });
    if facts.name == "Patient"
        && let Some(members) = resource.as_object_mut()
    {
        let definition = "http://hl7.org/fhir/OperationDefinition/Patient-everything";
        let everything = json!([{"name": "everything", "definition": definition}]);
        members.insert("operation".into(), everything);
    }
    resource
}

fn security(published: &Published<'_>) -> Value {
    let mut security = json!({
        "description": "Bearer tokens under the documented contract; each request states its purpose",
    });
    if let (Some(url), Some(members)) = (published.token_url, security.as_object_mut()) {
        let oauth = "http://fhir-registry.smarthealthit.org/StructureDefinition/oauth-uris";
        members.insert(
            "extension".into(),
            json!([{"url": oauth, "extension": [{"url": "token", "valueUri": url}]}]),
        );
    }
    security
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::{Limits, parse};

    #[test]
    fn the_statement_lists_what_the_tables_hold() {
        let published = Published {
            version: "0.1.0",
            date: "2027-01-11",
            base: "https://x.example/fhir",
            token_url: None,
        };
        let bytes = capability_statement(&published);
        let statement = parse(&bytes, &Limits::default()).unwrap();
        let types = statement.all("rest.resource.type");
        assert_eq!(types.len(), 144);
        let encounter = statement
            .all("rest.resource")
            .into_iter()
            .find(|resource| resource.text_at("type").as_deref() == Some("Encounter"))
            .unwrap();
        let params = encounter.all("searchParam.name");
        assert!(params.iter().any(|name| name.raw() == r#""class""#));
    }
}
