//! Invented people as Patients: whom the exchange holds, and what is asked of them.

use std::collections::HashMap;

use linkage::missing;
use serde_json::{Value, json};
use server::matching::generate::generate;

use super::described;

/// More questions than this are not needed.
const QUESTIONS: usize = 50_000;

/// What one office knows of somebody, and who that is.
pub struct Asked {
    /// The number of the person in [`People::patients`].
    pub person: u32,
    /// A FHIR Patient.
    pub patient: String,
}

/// Invented people.
pub struct People {
    /// One Patient of each.
    pub patients: Vec<String>,
    /// What other offices wrote of some of them.
    pub asked: Vec<Asked>,
}

impl People {
    /// Invents so many.
    pub fn invent(count: u32) -> Result<Self, Box<dyn std::error::Error>> {
        let mut file = Vec::new();
        generate(count, 1, &mut file)?;
        let mut rows = csv::Reader::from_reader(file.as_slice());
        let mut places: HashMap<String, u32> = HashMap::new();
        let (mut patients, mut asked) = (Vec::new(), Vec::new());
        for row in rows.deserialize() {
            let row: HashMap<String, String> = row?;
            let person = row.get("person").cloned().unwrap_or_default();
            let patient = patient(&row).to_string();
            match places.get(&person) {
                Some(person) => {
                    // Some offices know too little of somebody to look for them.
                    if asked.len() < QUESTIONS && missing(&described(&patient)).is_empty() {
                        let person = *person;
                        asked.push(Asked { person, patient });
                    }
                }
                None => {
                    places.insert(person, u32::try_from(patients.len())?);
                    patients.push(patient);
                }
            }
        }
        Ok(Self { patients, asked })
    }
}

fn patient(row: &HashMap<String, String>) -> Value {
    let field = |name: &str| row.get(name).filter(|value| !value.is_empty());
    let given: Vec<&String> = ["given_name", "middle_name"]
        .into_iter()
        .filter_map(field)
        .collect();
    let mut name = json!({ "use": "official" });
    if let Some(family) = field("family_name") {
        name["family"] = family.as_str().into();
    }
    if !given.is_empty() {
        name["given"] = json!(given);
    }
    let mut patient = json!({ "resourceType": "Patient", "name": [name] });
    if let Some(former) = field("previous_family_name") {
        let names = patient["name"].as_array_mut();
        names.into_iter().for_each(|names| {
            names.push(json!({ "use": "maiden", "family": former }));
        });
    }
    if let Some(chi) = field("chi") {
        patient["identifier"] = json!([{ "system": linkage::CHI_SYSTEM, "value": chi }]);
    }
    if let Some(born) = field("birth_date").filter(|date| date.len() == 10) {
        patient["birthDate"] = born.as_str().into();
    }
    if let Some(sex) = field("sex") {
        patient["gender"] = if sex == "F" { "female" } else { "male" }.into();
    }
    let mut address = json!({ "use": "home" });
    if let Some(line) = field("address") {
        address["line"] = json!([line]);
    }
    for (member, column) in [("city", "town"), ("postalCode", "postcode")] {
        if let Some(value) = field(column) {
            address[member] = value.as_str().into();
        }
    }
    patient["address"] = json!([address]);
    if let Some(email) = field("email") {
        patient["telecom"] = json!([{ "system": "email", "value": email }]);
    }
    patient
}
