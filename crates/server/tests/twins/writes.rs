//! Writing what refers to something hidden: whatever comes back must not tell that it is there.

use http::{Method, header};
use serde_json::{Value, json};

use crate::ask::Ask;
use crate::asks::some;
use crate::caller::Caller;
use crate::hidden::HIDDEN_SYSTEM;
use crate::known::{Knowledge, Known};
use crate::twins::Twins;

/// Every way of writing about, to, or beside something hidden.
pub async fn write(
    twins: &mut Twins,
    caller: &Caller,
    token: &str,
    knowledge: &Knowledge,
    turn: usize,
) {
    let writer = Writer { caller, token };
    let beside = knowledge.seen[0].patient;
    for (place, hidden) in some(&knowledge.hidden, 6, turn).enumerate() {
        writer.about(twins, hidden).await;
        writer.over(twins, hidden).await;
        writer.beside(twins, hidden, &beside.to_string()).await;
        if place % 3 == 0 {
            writer.moving(twins, hidden, &beside.to_string()).await;
            writer.bundles(twins, hidden, &beside.to_string()).await;
        }
        if twins.is_enough() {
            return;
        }
    }
    let patients = knowledge.hidden.iter().chain(&knowledge.seen);
    let is_patient = |known: &&Known| known.resource_type == "Patient";
    for patient in patients.filter(is_patient).take(4) {
        writer.registering(twins, patient).await;
    }
}

struct Writer<'w> {
    caller: &'w Caller,
    token: &'w str,
}

impl Writer<'_> {
    async fn asks(&self, twins: &mut Twins, ask: Ask) -> Option<String> {
        let ask = ask.with("content-type", "application/fhir+json");
        let ask = self.caller.asks(self.token, 0, ask);
        let [answer, _] = twins.ask(&ask).await;
        let location = answer.header(header::LOCATION)?;
        let (_, path) = location.split_once("/fhir/")?;
        let (address, _) = path.split_once("/_history")?;
        Some(address.to_owned())
    }

    async fn creates(&self, twins: &mut Twins, resource: Value) -> Option<String> {
        let path = format!(
            "/fhir/{}",
            resource["resourceType"].as_str().expect("a type")
        );
        self.asks(twins, Ask::new(Method::POST, path, resource.to_string()))
            .await
    }

    async fn puts(&self, twins: &mut Twins, address: &str, body: impl Into<Vec<u8>>) {
        self.asks(
            twins,
            Ask::new(Method::PUT, format!("/fhir/{address}"), body),
        )
        .await;
    }

    /// Something new about the person, named in every way.
    async fn about(&self, twins: &mut Twins, hidden: &Known) {
        let patient = hidden.patient;
        self.creates(
            twins,
            condition(&json!({ "reference": format!("Patient/{patient}") })),
        )
        .await;
        let number = format!("Patient?identifier={HIDDEN_SYSTEM}|{}", hidden.local_id);
        self.creates(twins, condition(&json!({ "reference": number })))
            .await;
        let number = json!({ "system": HIDDEN_SYSTEM, "value": hidden.local_id });
        self.creates(
            twins,
            condition(&json!({ "type": "Patient", "identifier": number })),
        )
        .await;
        self.creates(
            twins,
            json!({
                "resourceType": "Provenance",
                "target": [{ "reference": hidden.address() }],
                "recorded": "2027-01-11T09:00:00Z",
                "agent": [{ "who": { "display": "The ward" } }],
            }),
        )
        .await;
    }

    /// A new version, the same version and the end of what is hidden, by its id here and by its
    /// agency's own.
    async fn over(&self, twins: &mut Twins, hidden: &Known) {
        let address = hidden.address();
        let own = format!("{}/{}", hidden.resource_type, hidden.local_id);
        let changed = hidden.json.replacen('{', "{\"language\":\"en\",", 1);
        self.puts(twins, &address, hidden.json.clone()).await;
        self.puts(twins, &address, changed.clone()).await;
        self.puts(twins, &own, hidden.json.clone()).await;
        self.puts(twins, &own, changed.clone()).await;
        for version in ["W/\"1\"", "W/\"7\"", "\"x\""] {
            let put = Ask::new(Method::PUT, format!("/fhir/{address}"), changed.clone());
            self.asks(twins, put.with("if-match", version)).await;
        }
        for address in [&address, &own] {
            let end = Ask::new(Method::DELETE, format!("/fhir/{address}"), "");
            self.asks(twins, end.clone().with("if-match", "W/\"9\""))
                .await;
            self.asks(twins, end).await;
        }
    }

    /// Something about somebody else that refers to what is hidden.
    async fn beside(&self, twins: &mut Twins, hidden: &Known, beside: &str) {
        let subject = json!({ "reference": format!("Patient/{beside}") });
        let by_number = format!(
            "{}?identifier={HIDDEN_SYSTEM}|{}",
            hidden.resource_type, hidden.local_id
        );
        for reference in [hidden.address(), by_number] {
            let mut note = observation(&subject);
            note["hasMember"] = json!([{ "reference": reference }]);
            self.creates(twins, note).await;
            let mut visit = observation(&subject);
            visit["encounter"] = json!({ "reference": reference });
            self.creates(twins, visit).await;
        }
    }

    /// Something of one's own, moved to the person who is hidden.
    async fn moving(&self, twins: &mut Twins, hidden: &Known, beside: &str) {
        let own = condition(&json!({ "reference": format!("Patient/{beside}") }));
        let Some(address) = self.creates(twins, own).await else {
            return;
        };
        let mut moved = condition(&json!({ "reference": format!("Patient/{}", hidden.patient) }));
        moved["id"] = address.rsplit('/').next().into();
        self.puts(twins, &address, moved.to_string()).await;
    }

    async fn bundles(&self, twins: &mut Twins, hidden: &Known, beside: &str) {
        let patient = hidden.patient;
        let about = condition(&json!({ "reference": format!("Patient/{patient}") }));
        let own = condition(&json!({ "reference": format!("Patient/{beside}") }));
        let entries = json!([
            entry("POST", "Condition", Some(&about)),
            entry("POST", "Condition", Some(&own)),
            entry("DELETE", &hidden.address(), None),
        ]);
        let reads = json!([
            entry("GET", &hidden.address(), None),
            entry("GET", &format!("Condition?patient={patient}"), None),
            entry("GET", &format!("Patient?_id={patient}"), None),
        ]);
        for (kind, entries) in [
            ("batch", &entries),
            ("transaction", &entries),
            ("batch", &reads),
        ] {
            let bundle = json!({ "resourceType": "Bundle", "type": kind, "entry": entries });
            self.asks(twins, Ask::new(Method::POST, "/fhir", bundle.to_string()))
                .await;
        }
    }

    /// A Patient like one that is hidden: by the same number one would be joined to them.
    async fn registering(&self, twins: &mut Twins, patient: &Known) {
        let mut resource: Value = serde_json::from_str(&patient.json).expect("JSON");
        if let Some(fields) = resource.as_object_mut() {
            fields.remove("id");
            fields.remove("meta");
            fields.remove("generalPractitioner");
        }
        let Some(address) = self.creates(twins, resource.clone()).await else {
            return;
        };
        let about = condition(&json!({ "reference": address }));
        self.creates(twins, about).await;
        for path in [address.clone(), format!("{address}/$everything")] {
            self.asks(twins, Ask::get(format!("/fhir/{path}"))).await;
        }
        let once = Ask::new(Method::POST, "/fhir/Patient", resource.to_string());
        self.asks(twins, once.with("if-none-exist", "identifier=x"))
            .await;
    }
}

fn condition(subject: &Value) -> Value {
    json!({ "resourceType": "Condition", "code": { "text": "Sore wrist" }, "subject": subject })
}

fn observation(subject: &Value) -> Value {
    json!({
        "resourceType": "Observation",
        "status": "final",
        "code": { "text": "Grip" },
        "valueString": "weak",
        "subject": subject,
    })
}

fn entry(method: &str, url: &str, resource: Option<&Value>) -> Value {
    let mut entry = json!({ "request": { "method": method, "url": url } });
    if let Some(resource) = resource {
        entry["resource"] = resource.clone();
    }
    entry
}
