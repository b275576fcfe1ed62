//! What is sent to an operation.

use serde_json::{Value, json};

/// A Parameters resource of texts.
pub fn parameters(given: &[(&str, &str)]) -> String {
    let given: Vec<Value> = given
        .iter()
        .map(|(name, value)| json!({ "name": name, "valueString": value }))
        .collect();
    json!({ "resourceType": "Parameters", "parameter": given }).to_string()
}
