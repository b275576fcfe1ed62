//! Who is involved and what is arranged: teams, referrals, plans, flags, relatives, objections,
//! equipment, messages.

use serde_json::{Value, json};

use super::chart::Chart;
use super::codes::{self, Code};

const LOCAL: &str = "https://candour.example/fhir/CodeSystem";
const HL7: &str = "http://terminology.hl7.org/CodeSystem";

/// One who takes part in a care team: a worker's id, or a reference that the chart returned.
pub(super) type Member<'a> = (&'a str, &'a str);

impl Chart<'_> {
    /// The people who work together for someone, each with what they do there.
    pub(super) fn care_team(&mut self, name: &str, since: &str, members: &[Member<'_>]) -> String {
        let participants: Vec<Value> = members
            .iter()
            .map(|(who, part)| {
                json!({
                    "role": [{ "text": part }],
                    "member": self.member(who),
                    "period": { "start": since },
                })
            })
            .collect();
        let body = json!({
            "status": "active",
            "name": name,
            "subject": self.subject(),
            "period": { "start": since },
            "participant": participants,
        });
        self.write("CareTeam", body)
    }

    fn member(&self, who: &str) -> Value {
        if who.contains('/') {
            json!({ "reference": who })
        } else {
            self.refer(who)
        }
    }

    /// A referral to a team, here or elsewhere.
    pub(super) fn referral(&mut self, team: &str, what: Code, why: &str) -> String {
        let body = json!({
            "status": "active",
            "intent": "order",
            "code": what.concept(),
            "subject": self.subject(),
            "authoredOn": self.now(),
            "requester": self.author(),
            "performer": [self.town.registers.refer_team(team)],
            "reasonCode": [{ "text": why }],
        });
        self.write("ServiceRequest", body)
    }

    /// A plan and what is to be done under it.
    pub(super) fn plan(&mut self, title: &str, words: &str, activities: &[&str]) -> String {
        let activity: Vec<Value> = activities
            .iter()
            .map(|what| json!({ "detail": { "status": "in-progress", "description": what } }))
            .collect();
        let body = json!({
            "status": "active",
            "intent": "plan",
            "category": [codes::CARE_PLAN_MADE.concept()],
            "title": title,
            "description": words,
            "subject": self.subject(),
            "period": { "start": self.today() },
            "created": self.now(),
            "author": self.author(),
            "activity": activity,
        });
        self.write("CarePlan", body)
    }

    /// An alert of a kind (`safety`, `communication`, `child-protection`, ...) in words.
    pub(super) fn flag(&mut self, kind: &str, words: &str) -> String {
        let body = json!({
            "status": "active",
            "category": [{ "coding": [{ "system": format!("{LOCAL}/flag-kind"), "code": kind }] }],
            "code": { "text": words },
            "subject": self.subject(),
            "period": { "start": self.today() },
            "author": self.author(),
        });
        self.write("Flag", body)
    }

    /// A relative or friend: HL7's role code, its display, and what else there is to say.
    pub(super) fn relative(&mut self, name: &str, roles: &[(&str, &str)], phone: &str) -> String {
        let relationship: Vec<Value> = roles
            .iter()
            .map(|(code, display)| {
                json!({ "coding": [{ "system": format!("{HL7}/v3-RoleCode"), "code": code, "display": display }] })
            })
            .collect();
        let body = json!({
            "active": true,
            "patient": self.subject(),
            "relationship": relationship,
            "name": [{ "text": name }],
            "telecom": [{ "system": "phone", "value": phone }],
        });
        self.write("RelatedPerson", body)
    }

    /// The person's objection: these agencies shall not be told what carries these sensitivities.
    pub(super) fn objection(
        &mut self,
        agencies: &[&str],
        sensitivities: &[&str],
        words: &str,
    ) -> String {
        let actor: Vec<Value> = agencies
            .iter()
            .map(|agency| {
                json!({
                    "role": { "coding": [{ "system": format!("{HL7}/v3-ParticipationType"), "code": "IRCP" }] },
                    "reference": self.refer(agency),
                })
            })
            .collect();
        let security: Vec<Value> = sensitivities
            .iter()
            .map(|code| json!({ "system": format!("{HL7}/v3-ActCode"), "code": code }))
            .collect();
        let body = json!({
            "text": narrative(words),
            "status": "active",
            "scope": { "coding": [{ "system": format!("{HL7}/consentscope"), "code": "patient-privacy" }] },
            "category": [codes::PRIVACY_CONSENT.concept()],
            "patient": self.subject(),
            "dateTime": self.now(),
            "performer": [self.subject()],
            "organization": [self.agency()],
            "policyRule": { "coding": [{ "system": format!("{HL7}/v3-ActCode"), "code": "OPTINR" }] },
            "provision": {
                "type": "deny",
                "period": { "start": self.today() },
                "actor": actor,
                "securityLabel": security,
            },
        });
        self.write("Consent", body)
    }

    /// Equipment asked for (`active`) or fitted (`completed`).
    pub(super) fn equipment(&mut self, status: &str, what: &str, why: &str) -> String {
        let body = json!({
            "status": status,
            "intent": "order",
            "codeCodeableConcept": { "text": what },
            "subject": self.subject(),
            "authoredOn": self.now(),
            "requester": self.author(),
            "reasonCode": [{ "text": why }],
        });
        self.write("DeviceRequest", body)
    }

    /// A message to another agency or worker.
    pub(super) fn message(&mut self, to: &str, words: &str) -> String {
        let body = json!({
            "status": "completed",
            "subject": self.subject(),
            "sent": self.now(),
            "recipient": [self.refer(to)],
            "sender": self.author(),
            "payload": [{ "contentString": words }],
        });
        self.write("Communication", body)
    }
}

/// Words as FHIR narrative.
fn narrative(words: &str) -> Value {
    let safe = words.replace('&', "&amp;").replace('<', "&lt;");
    json!({
        "status": "generated",
        "div": format!("<div xmlns=\"http://www.w3.org/1999/xhtml\">{safe}</div>"),
    })
}
