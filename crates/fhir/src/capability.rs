//! The CapabilityStatement: what the FHIR interface does, from the tables that it works by.

use serde_json::{Value, json};

use crate::definitions::{FHIR_VERSION, PACKAGE};
use crate::profile::Profiles;
use crate::search::{ParamKind, SearchParam, params_of};
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
    /// The profiles that resources can be held against.
    pub profiles: &'a Profiles,
}

/// Writes the CapabilityStatement (<https://hl7.org/fhir/R4/capabilitystatement.html>).
#[must_use]
pub fn capability_statement(published: &Published<'_>) -> Vec<u8> {
    let resources: Vec<Value> = TYPES
        .iter()
        .filter(|facts| is_kept(facts))
        .map(|facts| resource(facts, published.profiles))
        .collect();
    json!({
        "resourceType": "CapabilityStatement",
        "status": "active",
        "date": published.date,
        "kind": "instance",
        "software": {"name": "Candour", "version": published.version},
        "implementation": {
            "description": format!("A Candour exchange: every answer is decided for a stated purpose and logged before it is released. Tables of FHIR R4 {FHIR_VERSION} from {PACKAGE}"),
            "url": published.base,
        },
        "fhirVersion": FHIR_VERSION,
        "format": ["application/fhir+json"],
        "patchFormat": ["application/json-patch+json"],
        "rest": [{
            "mode": "server",
            "security": security(published),
            "resource": resources,
            "interaction": [{"code": "transaction"}, {"code": "batch"}, {"code": "search-system"}],
            "searchParam": listed("Resource"),
        }],
    })
    .to_string()
    .into_bytes()
}

/// Parameters and OperationOutcome are messages, never stored.
pub(crate) fn is_kept(facts: &TypeFacts) -> bool {
    facts.kind != Kind::Other || matches!(facts.name, "Patient" | "Group" | "Bundle")
}

fn resource(facts: &TypeFacts, profiles: &Profiles) -> Value {
    let codes = [
        "read",
        "vread",
        "update",
        "patch",
        "delete",
        "history-instance",
        "history-type",
        "create",
        "search-type",
    ];
    let interactions: Vec<Value> = codes.iter().map(|code| json!({"code": code})).collect();
    let operations: Vec<Value> = operations(facts.name)
        .map(|(name, definition)| json!({"name": name, "definition": definition}))
        .collect();
    let mut resource = json!({
        "type": facts.name,
        "interaction": interactions,
        "versioning": "versioned-update",
        "readHistory": true,
        "updateCreate": true,
        "conditionalCreate": true,
        "conditionalRead": "full-support",
        "conditionalUpdate": true,
        "conditionalDelete": "single",
        "searchInclude": includes(facts.name),
        "searchParam": listed(facts.name),
        "operation": operations,
    });
    let profiles = profiles.of_type(facts.name).map(ToOwned::to_owned);
    for (name, listed) in [
        ("searchRevInclude", reverse_includes(facts.name)),
        ("supportedProfile", profiles.collect()),
    ] {
        // FHIR has no empty lists.
        if let (false, Some(members)) = (listed.is_empty(), resource.as_object_mut()) {
            members.insert(name.to_owned(), listed.into());
        }
    }
    resource
}

/// The search parameters of a type; of `Resource`, those of all types.
fn listed(rtype: &str) -> Vec<Value> {
    params_of(rtype)
        .map(|param| json!({"name": param.name, "type": param.kind.code()}))
        .collect()
}

/// The operations on a type, as (name, definition).
fn operations(rtype: &str) -> impl Iterator<Item = (&'static str, String)> {
    let defined = |of: &str, name: &'static str| {
        (
            name,
            format!("http://hl7.org/fhir/OperationDefinition/{of}-{name}"),
        )
    };
    let own = match rtype {
        "Patient" => vec![
            defined("Patient", "everything"),
            defined("Patient", "match"),
        ],
        "ValueSet" => vec![
            defined("ValueSet", "expand"),
            defined("ValueSet", "validate-code"),
        ],
        _ => Vec::new(),
    };
    let all = [defined("Resource", "validate"), defined("Resource", "meta")];
    own.into_iter().chain(all)
}

fn references(rtype: &str) -> impl Iterator<Item = &'static SearchParam> {
    params_of(rtype).filter(|param| param.kind == ParamKind::Reference)
}

fn includes(rtype: &str) -> Vec<String> {
    let all = std::iter::once("*".to_owned());
    let own = references(rtype).map(|param| format!("{rtype}:{}", param.name));
    all.chain(own).collect()
}

/// What may refer to a type, by the parameters that say which types they refer to.
fn reverse_includes(rtype: &str) -> Vec<String> {
    let refers = TYPES.iter().flat_map(|from| {
        let own = references(from.name).filter(|param| param.targets.contains(&rtype));
        own.map(|param| format!("{}:{}", from.name, param.name))
    });
    refers.collect()
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
    use crate::document::{Limits, Node, parse};

    #[test]
    fn the_statement_lists_what_the_tables_hold() {
        let published = Published {
            version: "0.1.0",
            date: "2027-01-11",
            base: "https://x.example/fhir",
            token_url: None,
            profiles: &Profiles::default(),
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
        let includes = encounter.all("searchInclude");
        assert!(
            includes
                .iter()
                .any(|one| one.raw() == r#""Encounter:service-provider""#)
        );
        let back = encounter.all("searchRevInclude");
        assert!(
            back.iter()
                .any(|one| one.raw() == r#""Observation:encounter""#)
        );
        let whole: Vec<&str> = statement
            .all("rest.searchParam.name")
            .iter()
            .map(Node::raw)
            .collect();
        assert_eq!(
            whole,
            [
                r#""_id""#,
                r#""_lastUpdated""#,
                r#""_profile""#,
                r#""_security""#,
                r#""_source""#,
                r#""_tag""#
            ]
        );
        let errors = crate::validate::errors(&statement);
        assert_eq!(errors, [], "the statement is good FHIR itself");
    }
}
