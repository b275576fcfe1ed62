//! Bundles as tests write and read them.

use serde_json::{Value, json};

use crate::answer::Answer;

pub fn bundle(kind: &str, entries: Vec<Value>) -> Value {
    let mut bundle = json!({"resourceType": "Bundle", "type": kind});
    bundle["entry"] = Value::Array(entries);
    bundle
}

/// An entry that updates a resource under its own id.
pub fn put(resource: Value) -> Value {
    let part = |name: &str| resource[name].as_str().expect("type and id");
    let url = format!("{}/{}", part("resourceType"), part("id"));
    let mut entry = json!({"request": {"method": "PUT", "url": url}});
    entry["resource"] = resource;
    entry
}

/// An entry that creates a resource.
pub fn post(resource: Value) -> Value {
    let url = resource["resourceType"].as_str().expect("a type");
    let mut entry = json!({"request": {"method": "POST", "url": url}});
    entry["resource"] = resource;
    entry
}

/// An entry that carries no resource.
pub fn ask(method: &str, url: &str) -> Value {
    json!({"request": {"method": method, "url": url}})
}

/// The status of each entry, in order.
pub fn statuses(answer: &Answer) -> Vec<String> {
    let answered = answer.json();
    let entries = answered["entry"].as_array().expect("entries").iter();
    entries
        .map(|entry| {
            entry["response"]["status"]
                .as_str()
                .expect("a status")
                .to_owned()
        })
        .collect()
}

/// The words of an entry's first issue.
pub fn words(answer: &Answer, entry: usize) -> String {
    answer.at(&format!(
        "/entry/{entry}/response/outcome/issue/0/details/text"
    ))
}
