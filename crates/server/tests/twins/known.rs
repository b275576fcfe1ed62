//! What an attacker might know of a resource: its id, its agency's own id for it, and every value
//! that it can be searched by.

use domain::ResourceId;
use fhir::index::{Aspect, IndexKey, index};
use fhir::search::SearchParam;
use sharing::ids::WireIds;
use sharing::town::Contribution;

use crate::hidden::{Scenario, subject};

/// One resource, as somebody who once saw it would remember it.
#[derive(Debug, Clone)]
pub struct Known {
    pub resource_type: String,
    pub id: ResourceId,
    pub local_id: String,
    pub json: String,
    /// The Patient that it is about, by the id here.
    pub patient: ResourceId,
    /// Search parameters with a value that finds it.
    pub values: Vec<(&'static str, String)>,
}

/// Everything of a scenario: what one world holds, then what both do.
pub struct Knowledge {
    pub hidden: Vec<Known>,
    pub seen: Vec<Known>,
    /// What comes to one world only while people ask.
    pub later: Vec<Known>,
}

impl Knowledge {
    pub fn of(scenario: &Scenario, ids: &WireIds) -> Self {
        let known = |list: &[Contribution]| list.iter().map(|it| Known::of(it, ids)).collect();
        Self {
            hidden: known(&scenario.hidden),
            seen: known(&scenario.seen),
            later: known(&scenario.later),
        }
    }

    /// Everything by which somebody could ask, what is hidden first.
    pub fn all(&self) -> impl Iterator<Item = &Known> {
        self.hidden.iter().chain(&self.later).chain(&self.seen)
    }

    /// Every Patient that somebody could name, what is hidden first.
    pub fn patients(&self) -> Vec<ResourceId> {
        let mut patients: Vec<ResourceId> = Vec::new();
        for known in self.all() {
            if !patients.contains(&known.patient) {
                patients.push(known.patient);
            }
        }
        patients
    }

    /// The types that are there, each once.
    pub fn types(&self) -> Vec<&str> {
        let mut types: Vec<&str> = self.all().map(|known| &*known.resource_type).collect();
        types.sort_unstable();
        types.dedup();
        types
    }
}

impl Known {
    fn of(contribution: &Contribution, ids: &WireIds) -> Self {
        let ours =
            |resource_type: &str, id: &str| ids.of_alias(&contribution.by, resource_type, id);
        let patient = subject(contribution).expect("a Patient");
        let patient = patient.trim_start_matches("Patient/");
        let document = fhir::parse(contribution.json.as_bytes(), &fhir::Limits::default());
        let values = index(&document.expect("FHIR"));
        Self {
            id: ours(&contribution.resource_type, &contribution.local_id),
            patient: ours("Patient", patient),
            resource_type: contribution.resource_type.clone(),
            local_id: contribution.local_id.clone(),
            json: contribution.json.clone(),
            values: values
                .into_iter()
                .filter(|value| value.aspect == Aspect::Value && value.item.is_none())
                .map(|value| (value.path, asked(value.key, &ours)))
                .collect(),
        }
    }

    /// A value that finds it, if it has one for this parameter.
    pub fn value(&self, param: &SearchParam) -> Option<&str> {
        let is_of_param = |place: &str| param.paths.iter().any(|path| path.key == place);
        let found = self.values.iter().find(|(place, _)| is_of_param(place));
        found.map(|(_, value)| &**value)
    }

    /// How it is named in an address.
    pub fn address(&self) -> String {
        format!("{}/{}", self.resource_type, self.id)
    }
}

/// A value as a query asks for it.
fn asked(key: IndexKey, ours: &dyn Fn(&str, &str) -> ResourceId) -> String {
    match key {
        IndexKey::Token { system, code } if system.is_empty() => escaped(&code),
        IndexKey::Token { system, code } => format!("{}|{}", escaped(&system), escaped(&code)),
        IndexKey::Text { exact, .. } => escaped(&exact),
        IndexKey::Date { from_us, .. } => {
            let day = domain::Timestamp(from_us).to_string();
            day.get(..10).unwrap_or(&day).to_owned()
        }
        IndexKey::Reference { rtype, id } if rtype.is_empty() => escaped(&id),
        IndexKey::Reference { rtype, id } => format!("{rtype}/{}", ours(&rtype, &id)),
        IndexKey::Uri(uri) => escaped(&uri),
        IndexKey::Quantity { low, high, .. } => {
            (if low.is_finite() { low } else { high }).to_string()
        }
    }
}

fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        if matches!(letter, ',' | '|' | '$' | '\\') {
            out.push('\\');
        }
        out.push(letter);
    }
    out
}
