//! Stays, visits, appointments and episodes: the events that prove who is involved.

use serde_json::{Value, json};

use super::chart::Chart;
use super::codes::Code;
use super::when::fhir_time;

const LOCAL: &str = "https://candour.example/fhir/CodeSystem";
const HL7: &str = "http://terminology.hl7.org/CodeSystem";

impl Chart<'_> {
    /// An in-patient stay that goes on, on a ward, under a consultant.
    pub(super) fn admitted(
        &mut self,
        ward: &str,
        consultant: &str,
        since: &str,
        why: Code,
    ) -> String {
        let mut body = self.encounter(
            "in-progress",
            ("IMP", "inpatient encounter"),
            ward,
            consultant,
            why,
        );
        body["period"] = json!({ "start": fhir_time(since) });
        self.write("Encounter", body)
    }

    /// An in-patient stay that is over.
    pub(super) fn stayed(
        &mut self,
        ward: &str,
        consultant: &str,
        (since, until): (&str, &str),
        why: Code,
    ) -> String {
        let mut body = self.encounter(
            "finished",
            ("IMP", "inpatient encounter"),
            ward,
            consultant,
            why,
        );
        body["period"] = json!({ "start": fhir_time(since), "end": fhir_time(until) });
        self.write("Encounter", body)
    }

    /// An emergency attendance that goes on.
    pub(super) fn in_emergency(&mut self, doctor: &str, since: &str, why: Code) -> String {
        let class = ("EMER", "emergency");
        let mut body = self.encounter("in-progress", class, "emergency-department", doctor, why);
        body["period"] = json!({ "start": fhir_time(since) });
        self.write("Encounter", body)
    }

    /// A clinic visit, home visit or emergency attendance that is over.
    pub(super) fn seen(
        &mut self,
        team: &str,
        worker: &str,
        (since, until): (&str, &str),
        why: Code,
    ) -> String {
        let class = match team {
            "emergency-department" => ("EMER", "emergency"),
            "community-nursing" | "community-therapy" => ("HH", "home health"),
            _ => ("AMB", "ambulatory"),
        };
        let mut body = self.encounter("finished", class, team, worker, why);
        body["period"] = json!({ "start": fhir_time(since), "end": fhir_time(until) });
        self.write("Encounter", body)
    }

    fn encounter(
        &self,
        status: &str,
        class: (&str, &str),
        team: &str,
        worker: &str,
        why: Code,
    ) -> Value {
        json!({
            "status": status,
            "class": { "system": format!("{HL7}/v3-ActCode"), "code": class.0, "display": class.1 },
            "subject": self.subject(),
            "participant": [{ "individual": self.refer(worker) }],
            "period": null,
            "reasonCode": [why.concept()],
            "location": [{ "location": self.town.registers.refer_place(self.organisation, team) }],
            "serviceProvider": self.agency(),
        })
    }

    /// A visit booked for a time to come; whoever takes part is involved from the booking on.
    pub(super) fn booked(
        &mut self,
        team: &str,
        worker: &str,
        (from, to): (&str, &str),
        what: &str,
    ) -> String {
        let part = |actor: Value| json!({ "actor": actor, "status": "accepted" });
        let body = json!({
            "status": "booked",
            "description": what,
            "start": fhir_time(from),
            "end": fhir_time(to),
            "created": self.now(),
            "participant": [
                part(self.subject()),
                part(self.refer(worker)),
                part(self.town.registers.refer_place(self.organisation, team)),
            ],
        });
        self.write("Appointment", body)
    }

    /// An open episode: `caseload`, `tenancy`, `residence` or `duty`, with the team and the worker
    /// answering for it.
    pub(super) fn episode(&mut self, kind: &str, team: &str, worker: &str, since: &str) -> String {
        let body = json!({
            "status": "active",
            "type": [{ "coding": [{ "system": format!("{LOCAL}/episode-kind"), "code": kind }] }],
            "patient": self.subject(),
            "managingOrganization": self.agency(),
            "period": { "start": since },
            "careManager": self.refer(worker),
            "team": [self.town.registers.refer_team(team)],
        });
        self.write("EpisodeOfCare", body)
    }

    /// An episode that is over.
    pub(super) fn past_episode(
        &mut self,
        kind: &str,
        team: &str,
        worker: &str,
        (since, until): (&str, &str),
    ) -> String {
        let body = json!({
            "status": "finished",
            "type": [{ "coding": [{ "system": format!("{LOCAL}/episode-kind"), "code": kind }] }],
            "patient": self.subject(),
            "managingOrganization": self.agency(),
            "period": { "start": since, "end": until },
            "careManager": self.refer(worker),
            "team": [self.town.registers.refer_team(team)],
        });
        self.write("EpisodeOfCare", body)
    }
}
