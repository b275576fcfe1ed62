//! Consents as agencies contribute them, in force in the exchange; who may say what decisions turn on.

use std::collections::BTreeSet;

use domain::{
    Moment, OrganisationId, OrganisationKind, Purpose, Relationship, RelationshipKind, ResourceId,
    Role, TeamId, Timestamp,
};
use http::Method;
use serde_json::{Value, json};
use store::Write;

use crate::answer::Answer;
use crate::world::{REGISTRY, Subject, World, account_of, worker};

fn at(text: &str) -> Timestamp {
    Moment::parse(text).expect("a moment").0
}

/// Effie McSween with three observations, old and new, and Ruth Adair, to whose team she was referred.
pub struct Effie {
    pub world: World,
    pub subject: Subject,
    pub ruth: String,
    walk: String,
}

const WALKING: &str = "282145008";

impl Effie {
    pub async fn new() -> Self {
        let mut world = World::open(at("2027-01-11T10:00:00Z")).await;
        world.register_agency().await;
        let patient = json!({"resourceType": "Patient", "birthDate": "1945-10-02"});
        let subject = world.register(&patient).await;
        let nursing = OrganisationId::from("nursing");
        let nurse = worker("ruth", "Ruth Adair", Role::Nurse, &nursing, None::<TeamId>);
        let referral = Relationship {
            kind: RelationshipKind::Referral,
            organisation: nursing.clone(),
            team: None,
            worker: None,
            since: at("2027-01-04"),
            until: None,
            evidence: None,
        };
        let evidenced = Write::Evidenced {
            home: subject.home,
            evidence: ResourceId([3; 16]),
            relationships: vec![referral],
            objections: Vec::new(),
        };
        world.write(vec![nurse, evidenced]).await;
        let registry = REGISTRY.into();
        let walk = observation(&subject, "2019-03-01", WALKING);
        let walk = world.contribute(&registry, &walk).await;
        for written in ["2024-05-01", "2026-05-01"] {
            let result = observation(&subject, written, "8480-6");
            world.contribute(&registry, &result).await;
        }
        let ruth = world.worker_token("ruth", Role::Nurse, &nursing, Purpose::Treatment);
        Self {
            world,
            subject,
            ruth,
            walk,
        }
    }

    /// Contributes a Consent with this base rule, given by Effie.
    async fn consents(&mut self, provision: Value) -> String {
        let patient = json!({"reference": format!("Patient/{}", self.subject.patient)});
        let consent = json!({
            "resourceType": "Consent",
            "status": "active",
            "scope": {"coding": [{"code": "patient-privacy"}]},
            "category": [{"coding": [{"system": "http://loinc.org", "code": "59284-0"}]}],
            "patient": patient,
            "dateTime": "2026-06-01",
            "performer": [patient],
            "provision": provision,
        });
        self.world.contribute(&REGISTRY.into(), &consent).await
    }

    /// The years of the observations that Ruth finds, with the total that the page says.
    async fn found(&self, query: &str) -> (Vec<String>, u64) {
        let patient = self.subject.patient;
        let path = format!("/fhir/Observation?patient={patient}&{query}");
        let answer = self.world.asks(Method::GET, &path, &self.ruth, None).await;
        if answer.status == 403 {
            return (Vec::new(), 0);
        }
        let bundle = answer.is(200).json();
        let entries = bundle["entry"].as_array().cloned().unwrap_or_default();
        let years = entries
            .iter()
            .filter_map(|entry| entry["resource"]["effectiveDateTime"].as_str())
            .map(|date| date[..4].to_owned());
        let years: BTreeSet<_> = years.collect();
        (
            years.into_iter().collect(),
            bundle["total"].as_u64().unwrap_or(0),
        )
    }

    async fn years(&self) -> Vec<String> {
        self.found("_count=50").await.0
    }
}

fn observation(of: &Subject, written: &str, code: &str) -> Value {
    let system = if code == WALKING {
        "http://snomed.info/sct"
    } else {
        "http://loinc.org"
    };
    json!({"resourceType": "Observation", "status": "final",
        "code": {"coding": [{"system": system, "code": code}]},
        "subject": {"reference": format!("Patient/{}", of.patient)},
        "effectiveDateTime": written})
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_refusal_of_a_time_parts_the_record_at_its_ends_and_covers_what_comes_later_too() {
    let mut effie = Effie::new().await;
    assert_eq!(effie.years().await, ["2019", "2024", "2026"]);
    let before = json!({"type": "permit", "provision": [
        {"type": "deny", "dataPeriod": {"start": "2024-01-01", "end": "2025-12-31"}}]});
    effie.consents(before).await;
    assert_eq!(effie.years().await, ["2019", "2026"]);
    let late = observation(&effie.subject, "2025-08-01", "8480-6");
    effie.world.contribute(&REGISTRY.into(), &late).await;
    assert_eq!(effie.years().await, ["2019", "2026"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_refusal_of_a_code_or_of_one_item_leaves_the_rest_and_ends_with_its_consent() {
    let mut effie = Effie::new().await;
    let code = json!([{"coding": [{"system": "http://snomed.info/sct", "code": WALKING}]}]);
    let by_code = json!({"type": "permit", "provision": [{"type": "deny", "code": code}]});
    let consent = effie.consents(by_code).await;
    assert_eq!(effie.years().await, ["2024", "2026"]);
    let token = effie.world.system_token(&REGISTRY.into());
    let path = format!("/fhir/Consent/{consent}");
    let gone = effie.world.asks(Method::DELETE, &path, &token, None).await;
    gone.is(204);
    assert_eq!(effie.years().await, ["2019", "2024", "2026"]);

    let data = json!([{"meaning": "instance",
        "reference": {"reference": format!("Observation/{}", effie.walk)}}]);
    let all_but_one = json!({"type": "deny", "provision": [{"type": "permit", "data": data}]});
    effie.consents(all_but_one).await;
    assert_eq!(effie.years().await, ["2019"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_refusal_says_that_nobody_understands_is_referred_and_never_ignored() {
    let mut effie = Effie::new().await;
    let related = json!([{"meaning": "related",
        "reference": {"reference": format!("Observation/{}", effie.walk)}}]);
    effie
        .consents(json!({"type": "deny", "data": related}))
        .await;
    let path = format!("/fhir/Patient/{}/$everything", effie.subject.patient);
    let answer = effie
        .world
        .asks(Method::GET, &path, &effie.ruth, None)
        .await;
    assert_eq!(answer.is(403).header("candour-decision"), "REFER");
}

/// The seventh fault seen in another evaluator of consents: its redactor rewrote the total of a search
/// to the number of entries on the page.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn g_the_total_counts_what_is_open_and_not_what_is_on_the_page() {
    let mut effie = Effie::new().await;
    assert_eq!(effie.found("_count=1&_total=accurate").await.1, 3);
    let old = json!({"type": "permit", "provision": [
        {"type": "deny", "dataPeriod": {"end": "2020-12-31"}}]});
    effie.consents(old).await;
    let (page, total) = effie.found("_count=1&_total=accurate").await;
    assert_eq!((page.len(), total), (1, 2));
    assert_eq!(effie.found("_summary=count").await, (Vec::new(), 2));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_an_agency_says_is_its_own_to_change_and_not_everybodys_to_say() {
    let mut effie = Effie::new().await;
    let euan = account_of("euan").to_string();
    let tie = json!({"tie": {"party": euan, "kind": "nearest-relative"}});
    let said = effie
        .world
        .says(&REGISTRY.into(), &effie.subject, &tie)
        .await;
    let put = async |world: &World, token: &str, fact: &Value| -> Answer {
        world.asks(Method::PUT, &said, token, Some(fact)).await
    };
    let own = effie.world.system_token(&REGISTRY.into());
    let carer = json!({"tie": {"party": euan, "kind": "primary-carer"}});
    put(&effie.world, &own, &carer).await.is(204);
    // Ruth may say something of her own, and not change what another agency said.
    put(&effie.world, &effie.ruth, &carer).await.is(404);
    let path = format!("/fhir/Patient/{}/$say", effie.subject.patient);
    let post = async |world: &World, token: &str, fact: &Value| -> Answer {
        world.asks(Method::POST, &path, token, Some(fact)).await
    };
    post(&effie.world, &effie.ruth, &tie).await.is(201);

    let decision = json!({"holder-decision": {"holder": REGISTRY, "by": "ruth", "signed": true,
        "with": [{"party": euan}], "at": "2027-01-11"}});
    post(&effie.world, &effie.ruth, &decision).await.is(403);
    let nursing = OrganisationId::from("nursing");
    let joan = worker("joan", "Joan Reid", Role::Receptionist, &nursing, None);
    effie.world.write(vec![joan]).await;
    let joan = (Role::Receptionist, Purpose::Treatment);
    let joan = effie.world.worker_token("joan", joan.0, &nursing, joan.1);
    post(&effie.world, &joan, &tie).await.is(403);
    let unknown = json!({"tie": {"party": euan, "kind": "landlady"}});
    let refused = post(&effie.world, &own, &unknown).await.is(400);
    assert!(refused.text().contains("tie.kind"), "{}", refused.text());
    let item = json!({"item": {"id": effie.walk, "facts": {"sealed": true}}});
    post(&effie.world, &effie.ruth, &item).await.is(404);
    post(&effie.world, &own, &item).await.is(201);
    assert_eq!(effie.years().await, ["2024", "2026"]);
}

impl World {
    /// The agency that registers everybody, and a community nursing service.
    pub async fn register_agency(&self) {
        let registry = ("Registry".to_owned(), OrganisationKind::Hospital);
        let nursing = (
            "Clydevale Community Nursing".to_owned(),
            OrganisationKind::CommunityHealth,
        );
        let agencies = [(REGISTRY.into(), registry), ("nursing".into(), nursing)];
        self.agencies(&agencies.into()).await;
    }
}
