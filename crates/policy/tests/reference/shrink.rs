//! Makes a case on which two disagree small enough to read.

use policy::{Facts, Request};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

/// The smallest facts and request found on which `differs` still holds, as JSON.
pub fn smallest(
    request: &Request,
    facts: &Facts,
    differs: impl Fn(&Request, &Facts) -> bool,
) -> String {
    let facts = smaller(facts, &|facts| differs(request, facts));
    let request = smaller(request, &|request| differs(request, &facts));
    let json = |value: Value| format!("{value}");
    format!(
        "{}\n{}",
        json(serde_json::to_value(&request).expect("a request")),
        json(serde_json::to_value(&facts).expect("facts"))
    )
}

fn smaller<T: Serialize + DeserializeOwned>(value: &T, differs: &dyn Fn(&T) -> bool) -> T {
    let mut json = serde_json::to_value(value).expect("a value");
    loop {
        let mut paths = Vec::new();
        parts(&json, "", &mut paths);
        let less = paths.iter().find_map(|path| {
            let without = without(&json, path)?;
            let read: T = serde_json::from_value(without.clone()).ok()?;
            differs(&read).then_some(without)
        });
        match less {
            Some(less) => json = less,
            None => return serde_json::from_value(json).expect("read before"),
        }
    }
}

/// The path of everything that could be left out.
fn parts(json: &Value, path: &str, found: &mut Vec<String>) {
    match json {
        Value::Array(list) => {
            for (place, inner) in list.iter().enumerate() {
                let here = format!("{path}/{place}");
                found.push(here.clone());
                parts(inner, &here, found);
            }
        }
        Value::Object(fields) => {
            for (name, inner) in fields {
                let here = format!("{path}/{name}");
                found.push(here.clone());
                parts(inner, &here, found);
            }
        }
        _ => {}
    }
}

fn without(json: &Value, path: &str) -> Option<Value> {
    let (parent, last) = path.rsplit_once('/')?;
    let mut less = json.clone();
    match less.pointer_mut(parent)? {
        Value::Array(list) => drop(list.remove(last.parse().ok()?)),
        Value::Object(fields) => drop(fields.remove(last)),
        _ => return None,
    }
    Some(less)
}
