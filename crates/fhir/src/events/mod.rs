//! Who is involved with a person, as the events of care prove it: nobody types it in.

mod care;
mod request;

use domain::{RelationshipKind, Timestamp};

use crate::document::{Document, Node};
use crate::references::{ReferenceKind, classify};
use crate::search::DateRange;

/// That someone is or was involved, according to one resource.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RelationshipEvent {
    /// What kind of event it is.
    pub kind: RelationshipKind,
    /// The organisation's reference, if named.
    pub organisation_ref: Option<String>,
    /// References to CareTeam, HealthcareService or Location, if named.
    pub team_refs: Vec<String>,
    /// References to Practitioner or PractitionerRole.
    pub worker_refs: Vec<String>,
    /// When it began, if said.
    pub since: Option<Timestamp>,
    /// When it ended or will end, if said.
    pub until: Option<Timestamp>,
    /// Whether its status says that it goes on.
    pub active: bool,
}

/// Reads the events that a resource proves; none for one entered in error, planned or cancelled.
#[must_use]
pub fn relationship_events(document: &Document<'_>) -> Vec<RelationshipEvent> {
    let root = document.root();
    let mut events = match document.resource_type() {
        "Patient" => care::registration(root),
        "Encounter" => care::encounter(root),
        "EpisodeOfCare" => care::episode(root),
        "CareTeam" => care::team(root),
        "ServiceRequest" => request::referral(root),
        "Appointment" => request::appointment(root),
        _ => Vec::new(),
    };
    events.retain(RelationshipEvent::names_someone);
    events
}

impl RelationshipEvent {
    fn new(kind: RelationshipKind, active: bool) -> Self {
        Self {
            kind,
            organisation_ref: None,
            team_refs: Vec::new(),
            worker_refs: Vec::new(),
            since: None,
            until: None,
            active,
        }
    }

    /// Takes both ends of a Period, where given.
    fn during(mut self, period: Option<Node<'_>>) -> Self {
        if let Some(range) = period.and_then(DateRange::read) {
            self.since = Some(range.from_us)
                .filter(|us| *us != i64::MIN)
                .map(Timestamp);
            self.until = Some(range.to_us)
                .filter(|us| *us != i64::MAX)
                .map(Timestamp);
        }
        self
    }

    /// Takes a date as the beginning.
    fn since(mut self, date: Option<Node<'_>>) -> Self {
        self.since = date
            .and_then(DateRange::read)
            .map(|range| Timestamp(range.from_us));
        self
    }

    /// Adds whoever a reference points at to the field that it belongs in.
    fn involve(mut self, reference: Option<Node<'_>>) -> Self {
        let Some(text) = reference.and_then(|node| node.text_at("reference")) else {
            return self;
        };
        match target_type(&text) {
            Some("Organization") if self.organisation_ref.is_none() => {
                self.organisation_ref = Some(text.into_owned());
            }
            Some("Practitioner" | "PractitionerRole") => push_new(&mut self.worker_refs, &text),
            Some("CareTeam" | "HealthcareService" | "Location") => {
                push_new(&mut self.team_refs, &text);
            }
            _ => {}
        }
        self
    }

    /// Adds everyone at a path below a node.
    fn involve_all(self, node: Node<'_>, path: &str) -> Self {
        let everyone = node.all(path);
        everyone
            .into_iter()
            .fold(self, |event, reference| event.involve(Some(reference)))
    }

    fn names_someone(&self) -> bool {
        self.organisation_ref.is_some()
            || !self.worker_refs.is_empty()
            || !self.team_refs.is_empty()
    }
}

fn push_new(list: &mut Vec<String>, text: &str) {
    if !list.iter().any(|known| known == text) {
        list.push(text.to_owned());
    }
}

fn target_type(text: &str) -> Option<&'static str> {
    match classify(text.into()) {
        ReferenceKind::Literal { rtype, .. } | ReferenceKind::Conditional { rtype, .. } => {
            Some(rtype)
        }
        ReferenceKind::Absolute { target, .. } => target.map(|(rtype, _)| rtype),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::{Limits, parse};

    fn events(resource: &str) -> Vec<RelationshipEvent> {
        relationship_events(&parse(resource.as_bytes(), &Limits::default()).unwrap())
    }

    fn at(text: &str) -> Option<Timestamp> {
        Timestamp::parse(text)
    }

    #[test]
    fn registration_names_the_practice_and_the_doctor() {
        let marta = r#"{"resourceType":"Patient","generalPractitioner":[
            {"reference":"Organization/practice"},{"reference":"Practitioner/gp"}],
            "managingOrganization":{"reference":"Organization/board"}}"#;
        let found = events(marta);
        assert_eq!(found.len(), 2);
        assert_eq!(found[0].kind, RelationshipKind::Registration);
        assert_eq!(
            found[0].organisation_ref.as_deref(),
            Some("Organization/practice")
        );
        assert_eq!(found[0].worker_refs, ["Practitioner/gp"]);
        assert!(found[0].active);
        assert_eq!(
            found[1].organisation_ref.as_deref(),
            Some("Organization/board")
        );
    }

    #[test]
    fn a_patient_in_a_ward_is_admitted_until_discharged() {
        let stay = |status: &str, end: &str| {
            let text = format!(
                r#"{{"resourceType":"Encounter","status":"{status}","class":{{"code":"IMP"}},
                "serviceProvider":{{"reference":"Organization/hospital"}},
                "participant":[{{"individual":{{"reference":"Practitioner/d1"}}}},{{"individual":{{"reference":"RelatedPerson/son"}}}}],
                "location":[{{"location":{{"reference":"Location/ward-4"}}}}],
                "period":{{"start":"2027-01-11T09:00:00Z"{end}}}}}"#
            );
            events(&text)
        };
        assert_eq!(
            stay("in-progress", ""),
            [RelationshipEvent {
                kind: RelationshipKind::Admission,
                organisation_ref: Some("Organization/hospital".into()),
                team_refs: vec!["Location/ward-4".into()],
                worker_refs: vec!["Practitioner/d1".into()],
                since: at("2027-01-11T09:00:00Z"),
                until: None,
                active: true,
            }]
        );
        let over = stay("finished", r#","end":"2027-01-13T17:00:00Z""#);
        assert_eq!(
            (over[0].active, over[0].until),
            (false, at("2027-01-13T17:00:01Z"))
        );
        assert_eq!(stay("entered-in-error", ""), []);
        assert_eq!(stay("planned", ""), []);
    }

    #[test]
    fn a_referral_involves_who_is_asked_not_who_asks() {
        let asked = r#"{"resourceType":"ServiceRequest","status":"active","intent":"order",
            "authoredOn":"2027-01-11","requester":{"reference":"Practitioner/gp"},
            "performer":[{"reference":"Organization/district-nurses"},{"reference":"Organization/social-work"}]}"#;
        let found = events(asked);
        let who: Vec<_> = found
            .iter()
            .map(|event| event.organisation_ref.as_deref())
            .collect();
        assert_eq!(
            who,
            [
                Some("Organization/district-nurses"),
                Some("Organization/social-work")
            ]
        );
        assert!(found.iter().all(|event| event.worker_refs.is_empty()));
    }

    #[test]
    fn each_member_of_a_team_has_their_own_time() {
        let team = r#"{"resourceType":"CareTeam","status":"active","participant":[
            {"member":{"reference":"Practitioner/a"},"onBehalfOf":{"reference":"Organization/o"},"period":{"start":"2027-01-01"}},
            {"member":{"reference":"Practitioner/b"},"period":{"start":"2026-01-01","end":"2026-06-30"}},
            {"member":{"reference":"Patient/p1"}}]}"#;
        let found = events(team);
        assert_eq!(found.len(), 2);
        assert_eq!(found[0].organisation_ref.as_deref(), Some("Organization/o"));
        assert_eq!(found[1].until, at("2026-07-01T00:00:00Z"));
    }
}
