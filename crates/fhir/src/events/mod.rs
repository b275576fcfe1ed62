//! Who is involved with a person, as the events of care prove it: nobody types it in.

mod care;
mod request;

use domain::{RelationshipKind, Timestamp};

use crate::document::{Document, Node};
use crate::references::{ReferenceKind, classify};
use crate::search::DateRange;

/// Someone as an event names them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Named {
    /// By a reference, such as `Practitioner/p1`.
    Reference(String),
    /// By an identifier as (system, value), where the contributor holds no resource of theirs.
    Identifier(String, String),
}

/// That someone is or was involved, according to one resource.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RelationshipEvent {
    /// What kind of event it is.
    pub kind: RelationshipKind,
    /// The organisation, if named.
    pub organisation: Option<Named>,
    /// The team's identifier as (system, value), if named by one.
    pub team: Option<(String, String)>,
    /// References to CareTeam, HealthcareService or Location.
    pub places: Vec<String>,
    /// Practitioners or PractitionerRoles.
    pub workers: Vec<Named>,
    /// When it began, if said.
    pub since: Option<Timestamp>,
    /// When it ended or will end, if said.
    pub until: Option<Timestamp>,
    /// Whether its status says that it goes on.
    pub active: bool,
}

/// Reads the events that a resource proves; none for one entered in error, planned or cancelled.
/// A visit, stay, episode or appointment that names nobody involves whoever recorded it.
#[must_use]
pub fn events(document: &Document<'_>) -> Vec<RelationshipEvent> {
    let root = document.root();
    match document.resource_type() {
        "Patient" => care::registration(root),
        "Encounter" => care::encounter(root),
        "EpisodeOfCare" => care::episode(root),
        "CareTeam" => care::team(root),
        "ServiceRequest" => request::referral(root),
        "Appointment" => request::appointment(root),
        _ => Vec::new(),
    }
}

impl RelationshipEvent {
    fn new(kind: RelationshipKind, active: bool) -> Self {
        Self {
            kind,
            organisation: None,
            team: None,
            places: Vec::new(),
            workers: Vec::new(),
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
    fn involve(self, reference: Option<Node<'_>>) -> Self {
        self.involve_one_of(reference, None)
    }

    /// The same where R4 lets the element point at one type only: a reference that is an identifier and
    /// nothing else need not say which.
    fn involve_one_of(mut self, reference: Option<Node<'_>>, only: Option<&str>) -> Self {
        let Some(node) = reference else {
            return self;
        };
        let text = node.text_at("reference").unwrap_or_default();
        let declared = node.text_at("type");
        match target_type(&text).or(declared.as_deref()).or(only) {
            Some("Organization") => self.organisation = self.organisation.or_else(|| named(node)),
            Some("Practitioner" | "PractitionerRole") => {
                let worker = named(node).filter(|worker| !self.workers.contains(worker));
                self.workers.extend(worker);
            }
            Some("CareTeam" | "HealthcareService" | "Location") => {
                self.team = self.team.or_else(|| identifier(node.member("identifier")?));
                push_new(&mut self.places, &text);
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

    /// Adds every place at a path below a node.
    fn involve_places(self, node: Node<'_>, path: &str) -> Self {
        let places = node.all(path).into_iter();
        places.fold(self, |event, place| {
            event.involve_one_of(Some(place), Some("Location"))
        })
    }

    fn names_someone(&self) -> bool {
        let no_team = self.team.is_none() && self.places.is_empty();
        self.organisation.is_some() || !self.workers.is_empty() || !no_team
    }
}

fn push_new(list: &mut Vec<String>, text: &str) {
    if !text.is_empty() && !list.iter().any(|known| known == text) {
        list.push(text.to_owned());
    }
}

/// Whom a Reference names: by its text, else by its identifier.
fn named(node: Node<'_>) -> Option<Named> {
    match node.text_at("reference") {
        Some(text) => Some(Named::Reference(text.into_owned())),
        None => identifier(node.member("identifier")?)
            .map(|(system, value)| Named::Identifier(system, value)),
    }
}

/// An Identifier as (system, value).
fn identifier(node: Node<'_>) -> Option<(String, String)> {
    let system = node.text_at("system").unwrap_or_default();
    Some((system.into_owned(), node.text_at("value")?.into_owned()))
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
        super::events(&parse(resource.as_bytes(), &Limits::default()).unwrap())
    }

    fn by(reference: &str) -> Named {
        Named::Reference(reference.to_owned())
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
            found[0].organisation.as_ref(),
            Some(&by("Organization/practice"))
        );
        assert_eq!(found[0].workers, [by("Practitioner/gp")]);
        assert!(found[0].active);
        assert_eq!(
            found[1].organisation.as_ref(),
            Some(&by("Organization/board"))
        );
    }

    #[test]
    fn a_ward_that_is_named_by_its_identifier_alone_is_a_ward() {
        let stay = r#"{"resourceType":"Encounter","status":"in-progress","class":{"code":"EMER"},
            "serviceProvider":{"identifier":{"system":"urn:agency","value":"hospital"}},
            "location":[{"location":{"identifier":{"system":"urn:team","value":"ward-4"}}}]}"#;
        let found = events(stay);
        let ward = ("urn:team".to_owned(), "ward-4".to_owned());
        assert_eq!(found[0].team.as_ref(), Some(&ward));
        let agency = Named::Identifier("urn:agency".to_owned(), "hospital".to_owned());
        assert_eq!(found[0].organisation, Some(agency));
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
                organisation: Some(by("Organization/hospital")),
                team: None,
                places: vec!["Location/ward-4".into()],
                workers: vec![by("Practitioner/d1")],
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
            .map(|event| event.organisation.as_ref())
            .collect();
        assert_eq!(
            who,
            [
                Some(&by("Organization/district-nurses")),
                Some(&by("Organization/social-work"))
            ]
        );
        assert!(found.iter().all(|event| event.workers.is_empty()));
    }

    #[test]
    fn each_member_of_a_team_has_their_own_time() {
        let team = r#"{"resourceType":"CareTeam","status":"active","identifier":[{"system":"teams","value":"frailty"}],"participant":[
            {"member":{"reference":"Practitioner/a"},"onBehalfOf":{"reference":"Organization/o"},"period":{"start":"2027-01-01"}},
            {"member":{"reference":"Practitioner/b"},"period":{"start":"2026-01-01","end":"2026-06-30"}},
            {"member":{"reference":"Patient/p1"}}]}"#;
        let found = events(team);
        assert_eq!(found.len(), 2);
        assert_eq!(found[0].team, Some(("teams".into(), "frailty".into())));
        assert_eq!(found[0].organisation.as_ref(), Some(&by("Organization/o")));
        assert_eq!(found[1].until, at("2026-07-01T00:00:00Z"));
    }

    #[test]
    fn a_worker_of_another_agency_is_named_by_identifier() {
        let asked = r#"{"resourceType":"ServiceRequest","status":"active","intent":"order","performer":[
            {"type":"Practitioner","identifier":{"system":"workers","value":"zofia"}}]}"#;
        assert_eq!(
            events(asked)[0].workers,
            [Named::Identifier("workers".into(), "zofia".into())]
        );
    }

    #[test]
    fn a_case_says_whether_it_is_a_tenancy() {
        let case = |kind: &str| {
            let text = format!(
                r#"{{"resourceType":"EpisodeOfCare","status":"active","type":[{{"coding":[{{
                "system":"https://candour.example/fhir/CodeSystem/episode-kind","code":"{kind}"}}]}}]}}"#
            );
            events(&text)[0].kind
        };
        assert_eq!(case("tenancy"), RelationshipKind::Tenancy);
        assert_eq!(case("residence"), RelationshipKind::Residence);
        assert_eq!(case("hobby"), RelationshipKind::Caseload);
        // Nobody's own word becomes an event by being written down.
        assert_eq!(case("self-claimed"), RelationshipKind::Caseload);
    }

    #[test]
    fn a_visit_that_names_nobody_still_happened_somewhere() {
        let visit = r#"{"resourceType":"Encounter","status":"finished","class":{"code":"AMB"},"period":{"start":"2027-01-11"}}"#;
        let found = events(visit);
        assert_eq!(
            (found.len(), found[0].kind),
            (1, RelationshipKind::Attendance)
        );
        assert_eq!(events(r#"{"resourceType":"Patient","active":true}"#), []);
        assert_eq!(
            events(r#"{"resourceType":"ServiceRequest","status":"active"}"#),
            []
        );
    }
}
