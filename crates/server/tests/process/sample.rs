//! The sample of synthetic patients, as it was sent and as it is served.

use std::collections::HashMap;
use std::fs::{self, File};
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};

use domain::ResourceId;
use serde_json::Value;
use server::chance::SystemChance;
use server::keys::{Keys, RootSource};
use sharing::ids::WireIds;

/// How many resources it has.
pub const RESOURCES: usize = 7160;

/// Where it lies; nothing where it does not.
pub fn folder() -> Option<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/fhir/synthea-10");
    folder.is_dir().then_some(folder)
}

/// A resource as its file has it.
pub struct Sent {
    pub line: String,
    pub value: Value,
}

impl Sent {
    pub fn text(&self, member: &str) -> &str {
        self.value[member].as_str().expect("every resource has one")
    }

    /// `Type/id`, by its sender's own id.
    pub fn address(&self) -> String {
        format!("{}/{}", self.text("resourceType"), self.text("id"))
    }
}

/// Every resource of the sample.
pub fn sent(folder: &Path) -> Vec<Sent> {
    let mut all = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let file = File::open(entry.unwrap().path()).unwrap();
        for line in BufReader::new(xz2::read::XzDecoder::new_multi_decoder(file)).lines() {
            let line = line.unwrap();
            let value = serde_json::from_str(&line).unwrap();
            all.push(Sent { line, value });
        }
    }
    all
}

/// What the sender's own ids and identifiers stand for, once imported.
pub struct Names {
    ids: WireIds,
    identified: HashMap<(String, String), String>,
}

impl Names {
    /// The names in an exchange's folder for what the hospital sent.
    pub fn of(data: &Path, sent: &[Sent]) -> Self {
        let keys = Keys::open(&RootSource::DataDirectory, data, &SystemChance).unwrap();
        let mut names = Self {
            ids: WireIds::new(*keys.wire_ids),
            identified: HashMap::new(),
        };
        for one in sent {
            for identifier in one.value["identifier"].as_array().into_iter().flatten() {
                let part = |name: &str| identifier[name].as_str().unwrap_or_default();
                let query = format!("identifier={}|{}", part("system"), part("value"));
                let key = (one.text("resourceType").to_owned(), query);
                names.identified.insert(key, names.served(one));
            }
        }
        names
    }

    /// `Type/id`, as a resource is served.
    pub fn served(&self, sent: &Sent) -> String {
        self.literal(sent.text("resourceType"), sent.text("id"))
    }

    fn literal(&self, resource_type: &str, id: &str) -> String {
        let id: ResourceId = self.ids.of_alias(&"hospital".into(), resource_type, id);
        format!("{resource_type}/{id}")
    }

    /// What a reference of the sample becomes: conditional ones are resolved, contained stay.
    fn resolved(&self, reference: &str) -> String {
        if let Some((resource_type, query)) = reference.split_once('?') {
            let key = (resource_type.to_owned(), query.to_owned());
            return self.identified[&key].clone();
        }
        match reference.split_once('/') {
            Some((resource_type, id)) => self.literal(resource_type, id),
            None => reference.to_owned(),
        }
    }

    /// The resource as it should be served: its id and references replaced, and in its meta
    /// whatever the exchange sets there.
    pub fn expected(&self, sent: &Sent, served: &Value) -> Value {
        let mut expected = sent.value.clone();
        let id = self.served(sent);
        let (_, id) = id.split_once('/').unwrap();
        expected["id"] = id.into();
        for member in ["versionId", "lastUpdated", "security"] {
            expected["meta"][member] = served["meta"][member].clone();
        }
        self.resolve_all(&mut expected);
        expected
    }

    fn resolve_all(&self, value: &mut Value) {
        match value {
            Value::Object(members) => {
                for (name, value) in members {
                    match value {
                        Value::String(text) if name == "reference" => *text = self.resolved(text),
                        value => self.resolve_all(value),
                    }
                }
            }
            Value::Array(items) => items.iter_mut().for_each(|item| self.resolve_all(item)),
            _ => {}
        }
    }
}
