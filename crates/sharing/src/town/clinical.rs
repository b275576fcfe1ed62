//! What clinicians write in a chart: problems, medicines, allergies, measurements, vaccines, letters.

use base64::{Engine, engine::general_purpose::STANDARD};
use serde_json::{Value, json};

use super::chart::Chart;
use super::codes::{self, Code};

impl Chart<'_> {
    /// A problem since a day (or a year), still active.
    pub(super) fn problem(&mut self, code: Code, onset: &str) -> String {
        self.problem_noted(code, onset, None)
    }

    /// A problem with the author's remark.
    pub(super) fn problem_noted(&mut self, code: Code, onset: &str, note: Option<&str>) -> String {
        let body = json!({
            "clinicalStatus": status("condition-clinical", "active"),
            "verificationStatus": status("condition-ver-status", "confirmed"),
            "category": [status("condition-category", "problem-list-item")],
            "code": code.concept(),
            "subject": self.subject(),
            "onsetDateTime": onset,
            "recordedDate": self.now(),
            "recorder": self.author(),
            "note": note.map(|text| json!([{ "text": text }])),
        });
        self.write("Condition", body)
    }

    /// A problem that is over.
    pub(super) fn past_problem(&mut self, code: Code, onset: &str, abated: &str) -> String {
        let body = json!({
            "clinicalStatus": status("condition-clinical", "resolved"),
            "verificationStatus": status("condition-ver-status", "confirmed"),
            "category": [status("condition-category", "problem-list-item")],
            "code": code.concept(),
            "subject": self.subject(),
            "onsetDateTime": onset,
            "abatementDateTime": abated,
            "recordedDate": self.now(),
            "recorder": self.author(),
        });
        self.write("Condition", body)
    }

    /// A prescription that goes on.
    pub(super) fn medicine(&mut self, substance: Code, product: &str, dose: &str) -> String {
        let body = json!({
            "status": "active",
            "intent": "order",
            "medicationCodeableConcept": substance.concept_as(product),
            "subject": self.subject(),
            "authoredOn": self.now(),
            "requester": self.author(),
            "dosageInstruction": [{ "text": dose }],
        });
        self.write("MedicationRequest", body)
    }

    /// What someone is given or takes, as those who look after them record it.
    pub(super) fn takes(&mut self, substance: Code, product: &str, dose: &str) -> String {
        let body = json!({
            "status": "active",
            "medicationCodeableConcept": substance.concept_as(product),
            "subject": self.subject(),
            "effectivePeriod": { "start": self.today() },
            "dateAsserted": self.now(),
            "informationSource": self.author(),
            "dosage": [{ "text": dose }],
        });
        self.write("MedicationStatement", body)
    }

    /// An allergy and what it did.
    pub(super) fn allergy(&mut self, code: Code, reaction: &str, severe: bool) -> String {
        let body = json!({
            "clinicalStatus": status("allergyintolerance-clinical", "active"),
            "verificationStatus": status("allergyintolerance-verification", "confirmed"),
            "criticality": if severe { "high" } else { "low" },
            "code": code.concept(),
            "patient": self.subject(),
            "recordedDate": self.now(),
            "recorder": self.author(),
            "reaction": [{
                "manifestation": [{ "text": reaction }],
                "severity": if severe { "severe" } else { "mild" },
            }],
        });
        self.write("AllergyIntolerance", body)
    }

    /// A measurement with its unit, whose UCUM code is given where it differs from the words.
    pub(super) fn measure(&mut self, code: Code, value: f64, unit: &str, ucum: &str) -> String {
        let category = if matches!(unit, "mmol/mol") {
            "laboratory"
        } else {
            "vital-signs"
        };
        let quantity = quantity(value, unit, ucum);
        self.observation(category, code, json!({ "valueQuantity": quantity }))
    }

    /// A blood pressure.
    pub(super) fn blood_pressure(&mut self, systolic: f64, diastolic: f64) -> String {
        let part = |code: Code, value: f64| json!({ "code": code.concept(), "valueQuantity": quantity(value, "mmHg", "mm[Hg]") });
        let parts = json!([
            part(codes::SYSTOLIC, systolic),
            part(codes::DIASTOLIC, diastolic),
        ]);
        self.observation(
            "vital-signs",
            codes::BLOOD_PRESSURE,
            json!({ "component": parts }),
        )
    }

    /// The total of a questionnaire.
    pub(super) fn score(&mut self, code: Code, total: i64) -> String {
        self.observation("survey", code, json!({ "valueInteger": total }))
    }

    /// An observation of any other kind; `value` holds its `value[x]` field.
    pub(super) fn observation(&mut self, category: &str, code: Code, value: Value) -> String {
        let mut body = json!({
            "status": "final",
            "category": [status("observation-category", category)],
            "code": code.concept(),
            "subject": self.subject(),
            "effectiveDateTime": self.now(),
            "performer": [self.author()],
        });
        if let (Some(fields), Value::Object(value)) = (body.as_object_mut(), value) {
            fields.extend(value);
        }
        self.write("Observation", body)
    }

    /// A vaccination given today.
    pub(super) fn vaccine(&mut self, code: Code) -> String {
        let body = json!({
            "status": "completed",
            "vaccineCode": code.concept(),
            "patient": self.subject(),
            "occurrenceDateTime": self.today(),
            "primarySource": true,
            "performer": [{ "actor": self.author() }],
        });
        self.write("Immunization", body)
    }

    /// A letter or note, its words in an attachment.
    pub(super) fn letter(&mut self, code: Code, title: &str, words: &str) -> String {
        let body = self.document(code, title, words, None);
        self.write("DocumentReference", body)
    }

    /// A note of something said or done in a visit, which is held as closely as the visit.
    pub(super) fn note_of(&mut self, encounter: &str, title: &str, words: &str) -> String {
        let body = self.document(codes::PROGRESS_NOTE, title, words, Some(encounter));
        self.write("DocumentReference", body)
    }

    /// A progress note that belongs to no visit.
    pub(super) fn note(&mut self, title: &str, words: &str) -> String {
        self.letter(codes::PROGRESS_NOTE, title, words)
    }

    fn document(&self, code: Code, title: &str, words: &str, encounter: Option<&str>) -> Value {
        json!({
            "status": "current",
            "docStatus": "final",
            "type": code.concept(),
            "subject": self.subject(),
            "date": self.now(),
            "author": [self.author()],
            "custodian": self.agency(),
            "description": title,
            "content": [{
                "attachment": {
                    "contentType": "text/plain; charset=utf-8",
                    "language": "en-GB",
                    "data": STANDARD.encode(words),
                    "title": title,
                    "creation": self.now(),
                },
            }],
            "context": encounter.map(|reference| json!({ "encounter": [{ "reference": reference }] })),
        })
    }

    /// An assessment as questions and answers.
    pub(super) fn assessment(&mut self, title: &str, answers: &[(&str, &str)]) -> String {
        let items: Vec<Value> = answers
            .iter()
            .zip(1..)
            .map(|((question, answer), number)| {
                json!({
                    "linkId": number.to_string(),
                    "text": question,
                    "answer": [{ "valueString": answer }],
                })
            })
            .collect();
        let body = json!({
            "status": "completed",
            "subject": self.subject(),
            "authored": self.now(),
            "author": self.author(),
            "item": [{ "linkId": "0", "text": title, "item": items }],
        });
        self.write("QuestionnaireResponse", body)
    }
}

/// A status or category in HL7's terminology.
fn status(system: &str, code: &str) -> Value {
    let system = format!("http://terminology.hl7.org/CodeSystem/{system}");
    json!({ "coding": [{ "system": system, "code": code }] })
}

fn quantity(value: f64, unit: &str, ucum: &str) -> Value {
    json!({ "value": value, "unit": unit, "system": "http://unitsofmeasure.org", "code": ucum })
}
