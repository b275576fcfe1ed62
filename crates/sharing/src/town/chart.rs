//! A chart: one agency's file on one person, opened with the `Patient` that the agency registers.

use serde_json::{Value, json};

use super::builder::{Builder, Person};
use super::directory;
use super::when::{JOINED, day, fhir_time, instant};

/// Identifies a person by CHI number.
const CHI_SYSTEM: &str = "https://phfapi.digital.health.scot/naming/chi-number";

/// How an agency registered someone, where it differs from what they say of themselves.
#[derive(Default)]
pub(super) struct Registered {
    /// Names instead of the person's own.
    pub(super) names: Vec<Value>,
    /// Birth date instead of the person's own.
    pub(super) born: Option<&'static str>,
    /// Address instead of the person's own; an empty one is left out.
    pub(super) address: Option<&'static str>,
    /// The agency does not know the CHI number.
    pub(super) without_chi: bool,
    /// Identifiers of other schemes.
    pub(super) identifiers: Vec<Value>,
    /// Further fields of the `Patient`.
    pub(super) more: Value,
    /// Security labels on the `Patient`, as [`Chart::closely`] takes them.
    pub(super) closely: &'static [&'static str],
}

impl Registered {
    /// Someone who would rather speak another language than English (BCP 47 code and its name).
    pub(super) fn speaking(code: &str, language: &str) -> Self {
        let language = json!({
            "coding": [{ "system": "urn:ietf:bcp:47", "code": code }],
            "text": language,
        });
        Self {
            more: json!({ "communication": [{ "language": language, "preferred": true }] }),
            ..Self::default()
        }
    }
}

/// One agency's file on one person, with the pen in one worker's hand at one moment.
pub(super) struct Chart<'t> {
    pub(super) town: &'t mut Builder,
    pub(super) organisation: &'static str,
    pub(super) worker: String,
    pub(super) at: String,
    /// When the agency's file on this person reached the exchange.
    loaded: String,
    patient: String,
    name: String,
    labels: Vec<&'static str>,
}

impl Builder {
    /// Opens a chart on someone as they say they are.
    pub(super) fn chart(&mut self, person: &Person, organisation: &'static str) -> Chart<'_> {
        self.chart_as(person, organisation, Registered::default())
    }

    /// Opens a chart on someone as the agency registered them.
    pub(super) fn chart_as(
        &mut self,
        person: &Person,
        organisation: &'static str,
        registered: Registered,
    ) -> Chart<'_> {
        // The file of someone who has died came when the death was recorded.
        let loaded = person
            .died
            .as_ref()
            .map_or(JOINED.to_owned(), |day| format!("{day} 09:00"));
        let mut chart = Chart {
            organisation,
            worker: directory::record_system(organisation),
            at: loaded.clone(),
            loaded,
            patient: String::new(),
            name: person.name.clone(),
            labels: registered.closely.to_vec(),
            town: self,
        };
        let body = chart.registration(person, registered);
        chart.patient = chart.write("Patient", body);
        let local_id = chart.patient.trim_start_matches("Patient/").to_owned();
        chart.town.registered(&person.key, organisation, &local_id);
        chart
    }
}

impl Chart<'_> {
    /// Hands the pen to a worker of the agency, at a local time such as `2027-01-11 09:00`.
    pub(super) fn by(&mut self, worker: &str, at: &str) -> &mut Self {
        worker.clone_into(&mut self.worker);
        at.clone_into(&mut self.at);
        self
    }

    /// Labels the next entry: HL7 codes of confidentiality (`R`, `V`) and sensitivity (`MH`).
    pub(super) fn closely(&mut self, codes: &[&'static str]) -> &mut Self {
        self.labels = codes.to_vec();
        self
    }

    /// Writes an entry and returns a reference to it, such as `Condition/C-1004`.
    pub(super) fn write(&mut self, resource_type: &str, mut body: Value) -> String {
        let labels = std::mem::take(&mut self.labels);
        if let (false, Some(fields)) = (labels.is_empty(), body.as_object_mut()) {
            let security: Vec<Value> = labels.into_iter().map(label).collect();
            fields.shift_insert(0, "meta".to_owned(), json!({ "security": security }));
        }
        // What was recorded before the agency sent its file came with it, a little after the
        // Patient.
        let mut reached = instant(&self.at);
        if resource_type != "Patient" {
            reached = reached.max(instant(&self.loaded).plus_seconds(1800));
        }
        let id = self.town.contribute(
            self.organisation,
            &self.worker,
            reached,
            resource_type,
            body,
        );
        format!("{resource_type}/{id}")
    }

    /// Whom the chart is about.
    pub(super) fn subject(&self) -> Value {
        json!({ "reference": self.patient, "display": self.name })
    }

    /// A colleague or agency, as this agency's files refer to them.
    pub(super) fn refer(&self, id: &str) -> Value {
        self.town.registers.refer(self.organisation, id)
    }

    /// The worker holding the pen.
    pub(super) fn author(&self) -> Value {
        self.refer(&self.worker)
    }

    /// The agency itself.
    pub(super) fn agency(&self) -> Value {
        self.refer(self.organisation)
    }

    /// The moment of writing, as FHIR has it.
    pub(super) fn now(&self) -> String {
        fhir_time(&self.at)
    }

    /// The day of writing.
    pub(super) fn today(&self) -> &str {
        day(&self.at)
    }

    fn registration(&self, person: &Person, registered: Registered) -> Value {
        let names = if registered.names.is_empty() {
            vec![plain_name(&person.name)]
        } else {
            registered.names
        };
        let mut identifiers = registered.identifiers;
        if let (false, Some(number)) = (registered.without_chi, &person.chi) {
            identifiers.insert(
                0,
                json!({ "use": "official", "system": CHI_SYSTEM, "value": number }),
            );
        }
        let home = registered.address.unwrap_or(&person.address);
        let mut body = json!({
            "identifier": identifiers,
            "active": true,
            "name": names,
            "telecom": [{ "system": "phone", "value": person.phone, "use": "mobile" }],
            "gender": person.sex.code(),
            "birthDate": registered.born.unwrap_or(&person.born),
            "deceasedDateTime": person.died,
            "address": address(home),
            "generalPractitioner": self.practice(person.practice),
        });
        if let (Some(fields), Value::Object(more)) = (body.as_object_mut(), registered.more) {
            fields.extend(more);
        }
        if let Some(fields) = body.as_object_mut() {
            fields.retain(|_, value| value.as_array().is_none_or(|items| !items.is_empty()));
        }
        body
    }

    /// Only the practice's own register proves a registration; others repeat what they were told.
    fn practice(&self, practice: &str) -> Value {
        let reference = self.refer(practice);
        match reference.get("display") {
            None => Value::Null,
            Some(_) if practice == self.organisation => json!([reference]),
            Some(name) => json!([{ "display": name }]),
        }
    }
}

/// A name with its use (`official`, `old`, `maiden`, `nickname`), given names and family name.
pub(super) fn name(usage: &str, given: &str, family: &str) -> Value {
    json!({
        "use": usage,
        "text": format!("{given} {family}"),
        "family": family,
        "given": given.split(' ').collect::<Vec<_>>(),
    })
}

/// A name whose last word is the family name; a single word stays a name without one.
fn plain_name(text: &str) -> Value {
    match text.rsplit_once(' ') {
        Some((given, family)) => name("official", given, family),
        None => json!({ "use": "official", "text": text, "given": [text] }),
    }
}

fn address(text: &str) -> Value {
    let parts: Vec<&str> = text.split(", ").collect();
    match parts.as_slice() {
        [line, city, postcode] => json!([{
            "use": "home",
            "line": [line],
            "city": city,
            "postalCode": postcode,
            "country": "GB",
        }]),
        _ => Value::Null,
    }
}

fn label(code: &str) -> Value {
    let system = match code {
        "N" | "R" | "V" => "http://terminology.hl7.org/CodeSystem/v3-Confidentiality",
        _ => "http://terminology.hl7.org/CodeSystem/v3-ActCode",
    };
    json!({ "system": system, "code": code })
}
