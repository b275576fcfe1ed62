//! What one world holds and the other never did.

use fhir::definitions::{Most, definition_of};
use fhir::types::SubjectRef;
use serde_json::{Value, json};
use sharing::town::{Contribution, DEMO_SEED, Restriction, Town};

use crate::pointing;

/// The identifiers that hidden things carry, by which one might look for them.
pub const HIDDEN_SYSTEM: &str = "https://hidden.example/id";
const CONFIDENTIALITY: &str = "http://terminology.hl7.org/CodeSystem/v3-Confidentiality";
pub const SENSITIVITY: &str = "http://terminology.hl7.org/CodeSystem/v3-ActCode";

/// Two towns that differ only in what is hidden.
pub struct Scenario {
    /// The town that holds it.
    pub with: Town,
    /// The town that never did.
    pub without: Town,
    /// What only one town holds.
    pub hidden: Vec<Contribution>,
    /// Of that, what was deleted again before anybody asks.
    pub deleted: Vec<Contribution>,
    /// What comes to one town only, while people ask.
    pub later: Vec<Contribution>,
    /// What both towns hold about the same people, and about somebody else.
    pub seen: Vec<Contribution>,
}

impl Scenario {
    pub fn new(without: Town, with: Town, people: &[&str]) -> Self {
        let is_hidden = |it: &&Contribution| !without.contributions.contains(it);
        let hidden = with.contributions.iter().filter(is_hidden).cloned();
        Self {
            hidden: hidden.collect(),
            deleted: Vec::new(),
            later: Vec::new(),
            seen: people.iter().flat_map(|key| about(&without, key)).collect(),
            with,
            without,
        }
    }
}

/// The town in which nobody called Iona Dalgleish ever lived.
pub fn without_iona() -> Town {
    let mut town = town();
    let hers = about(&town, "iona-dalgleish");
    town.contributions.retain(|it| !hers.contains(it));
    town.restrictions.retain(|it| match it {
        Restriction::Bar { person_key, .. } | Restriction::Protect { person_key } => {
            person_key != "iona-dalgleish"
        }
        Restriction::Lock { .. } => true,
    });
    town.people.retain(|it| it.key != "iona-dalgleish");
    town
}

/// The invented town, with findings that name what only one world may hold.
fn town() -> Town {
    let mut town = Town::generate(DEMO_SEED);
    pointing::add_to(&mut town);
    town
}

/// Iona Dalgleish, whose very existence is protected, and who barred a nurse.
pub fn iona() -> Scenario {
    let with = town();
    let hers = about(&with, "iona-dalgleish");
    let mut scenario = Scenario::new(without_iona(), with, &["netta-dunsmore", "alasdair-mowat"]);
    let notes = hers.iter().filter(|it| is_record(it));
    let mut again = Again::default();
    scenario.later = notes.map(|it| again.of(it, &["V", "LOCIS"])).collect();
    scenario
}

/// What others said of a person in confidence: hidden from the person too.
pub fn told_by_others() -> Scenario {
    let without = without_iona();
    let mut with = without.clone();
    let mut again = Again::default();
    let people = ["netta-dunsmore", "jessie-pettigrew"];
    for key in people {
        for written in about(&without, key).iter().filter(|it| is_record(it)) {
            with.contributions.push(again.of(written, &["V", "TP"]));
        }
    }
    with.contributions.sort_by_key(|it| it.at);
    let mut scenario = Scenario::new(without, with, &people);
    let netta = about(&scenario.without, "netta-dunsmore");
    let notes = netta.iter().filter(|it| is_record(it));
    scenario.later = notes.map(|it| again.of(it, &["V", "TP"])).collect();
    scenario
}

/// Everything that is about a person of the town, from each agency's own file.
pub fn about(town: &Town, key: &str) -> Vec<Contribution> {
    let person = town.person(key).expect("a person of the town");
    let number = person.chi.as_deref().expect("a CHI number");
    let is_theirs = |it: &&Contribution| it.resource_type == "Patient" && it.json.contains(number);
    let files: Vec<(&Contribution, String)> = town
        .contributions
        .iter()
        .filter(is_theirs)
        .map(|it| (it, format!("Patient/{}", it.local_id)))
        .collect();
    let in_file = |it: &&Contribution| {
        let subject = subject(it);
        files
            .iter()
            .any(|(patient, reference)| it.by == patient.by && subject.as_ref() == Some(reference))
    };
    town.contributions.iter().filter(in_file).cloned().collect()
}

/// The Patient that a resource is about, as its agency refers to them.
pub fn subject(it: &Contribution) -> Option<String> {
    let document = fhir::parse(it.json.as_bytes(), &fhir::Limits::default()).expect("FHIR");
    match fhir::types::subject(&document).expect("a subject") {
        SubjectRef::Itself => Some(format!("Patient/{}", it.local_id)),
        SubjectRef::Person(reference) => Some(reference.text.into_owned()),
        _ => None,
    }
}

pub fn parsed(contribution: &Contribution) -> Value {
    serde_json::from_str(&contribution.json).expect("JSON")
}

/// A wish is a rule, and what follows from it is said; so a second one would not be hidden.
pub fn is_record(it: &Contribution) -> bool {
    it.resource_type != "Patient" && it.resource_type != "Consent" && !pointing::points(it)
}

/// Writes what somebody wrote once more, under an id that nobody has used.
#[derive(Default)]
pub struct Again {
    last: u32,
}

impl Again {
    pub fn of(&mut self, written: &Contribution, labels: &[&str]) -> Contribution {
        self.with(written, parsed(written), labels)
    }

    pub fn with(
        &mut self,
        like: &Contribution,
        mut resource: Value,
        labels: &[&str],
    ) -> Contribution {
        self.last += 1;
        let local_id = format!("hidden-{}", self.last);
        let resource_type = resource["resourceType"]
            .as_str()
            .expect("a type")
            .to_owned();
        resource["id"] = local_id.as_str().into();
        if !labels.is_empty() {
            resource["meta"] = json!({ "security": labels.iter().map(label).collect::<Vec<_>>() });
        }
        let identifier = json!({ "system": HIDDEN_SYSTEM, "value": local_id });
        let defined = definition_of(&resource_type).and_then(|of| of.element("identifier"));
        match defined.map(|(element, _)| element.most) {
            Some(Most::Many) => resource["identifier"] = json!([identifier]),
            Some(Most::One) => resource["identifier"] = identifier,
            None => {}
        }
        Contribution {
            resource_type,
            local_id,
            json: resource.to_string(),
            ..like.clone()
        }
    }
}

fn label(code: &&str) -> Value {
    let system = match *code {
        "R" | "V" => CONFIDENTIALITY,
        _ => SENSITIVITY,
    };
    json!({ "system": system, "code": code })
}
