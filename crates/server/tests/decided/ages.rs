//! What ends or begins by itself: at sixteen, with a death, with a capacity that returns.

use domain::{Moment, PersonId, Purpose, Timestamp};
use http::Method;
use serde_json::json;

use crate::answer::Answer;
use crate::premises::SITE;
use crate::world::{REGISTRY, Subject, World, account_of};

pub fn at(text: &str) -> Timestamp {
    Moment::parse(text).expect("a moment").0
}

/// What somebody who asks for another gets, under a token made when it was asked for.
async fn asks(world: &mut World, account: PersonId, of: &Subject) -> Answer {
    let token = world.account_token(account, Purpose::FamilyRequest);
    everything(world, &token, of).await
}

async fn everything(world: &World, token: &str, of: &Subject) -> Answer {
    let path = format!("/fhir/Patient/{}/$everything", of.patient);
    world.asks(Method::GET, &path, token, None).await
}

pub async fn registered(world: &mut World, patient: serde_json::Value) -> Subject {
    world.register_agency().await;
    world.register(&patient).await
}

/// Skye Paterson turns sixteen on 3 February; her mother Donna has been reading her record.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn at_sixteen_a_parents_access_ends_that_second_with_open_pages_and_cached_tokens() {
    let mut world = World::open(at("2027-02-02T12:00:00Z")).await;
    let patient = json!({"resourceType": "Patient", "birthDate": "2011-02-03"});
    let skye = registered(&mut world, patient).await;
    // At fifteen she decides; an assessment of three weeks ago found that for now she cannot.
    let found = json!({"capacity": {"matter": "all", "state": "incapable",
        "at": "2027-01-12", "until": "2027-02-03"}});
    world.says(&REGISTRY.into(), &skye, &found).await;
    let donna = account_of("donna");
    let parent = json!({"authority": {"holder": donna.to_string(), "kind": "parental-rights",
        "source": "mother"}});
    world.says(&REGISTRY.into(), &skye, &parent).await;
    for place in 0..2 {
        let note = json!({"resourceType": "Observation", "status": "final",
            "code": {"text": format!("Walk {place}")},
            "subject": {"reference": format!("Patient/{}", skye.patient)}});
        world.contribute(&REGISTRY.into(), &note).await;
    }
    world.stand_at(at("2027-02-02T23:59:59Z"));
    let token = world.account_token(donna, Purpose::FamilyRequest);
    let path = format!("/fhir/Patient/{}/$everything?_count=1", skye.patient);
    let first = world.asks(Method::GET, &path, &token, None).await.is(200);
    assert_eq!(first.header("candour-decision"), "PERMIT");
    let links = first.json()["link"].as_array().cloned().unwrap_or_default();
    let next = links.iter().find(|link| link["relation"] == "next");
    let next = next
        .and_then(|link| link["url"].as_str())
        .expect("there is more");
    let next = next.strip_prefix(SITE).unwrap_or(next);

    world.stand_at(at("2027-02-03T00:00:00Z"));
    let page = world.asks(Method::GET, next, &token, None).await.is(403);
    assert_eq!(page.header("candour-decision"), "DENY");
    let again = everything(&world, &token, &skye).await.is(403);
    let issues = again.issues();
    assert!(issues[0].1.starts_with("R07"), "{issues:?}");
    let advice: Vec<_> = issues.iter().map(|(_, words)| words.as_str()).collect();
    assert!(advice[1].contains("the young person agrees"), "{advice:?}");
}

/// Euan Drummond-Okafor acts for his mother Ishbel until she dies.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_attorneys_power_ends_with_the_death_that_a_patient_reports() {
    let mut world = World::open(at("2027-01-11T10:00:00Z")).await;
    let ishbel = json!({"resourceType": "Patient", "id": "ishbel", "birthDate": "1940-05-17"});
    let subject = registered(&mut world, ishbel.clone()).await;
    let euan = attorney(&mut world, &subject).await;
    assert_eq!(asks(&mut world, euan, &subject).await.status, 200);

    let mut dead = ishbel;
    dead["id"] = json!(subject.patient.to_string());
    dead["deceasedDateTime"] = json!("2027-01-11T10:30:00Z");
    let token = world.system_token(&REGISTRY.into());
    let path = format!("/fhir/Patient/{}", subject.patient);
    let told = world.asks(Method::PUT, &path, &token, Some(&dead)).await;
    told.is(200);
    // The death is known before it is reached: not yet, and then at once.
    assert_eq!(asks(&mut world, euan, &subject).await.status, 200);
    world.stand_at(at("2027-01-11T10:30:00Z"));
    let answer = asks(&mut world, euan, &subject).await.is(403);
    let issues = answer.issues();
    assert!(issues[0].1.starts_with("R07"), "{issues:?}");
}

/// Ishbel's delirium clears: what she can decide herself is hers again from that moment.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_capacity_that_returns_sends_the_attorney_back_to_the_person() {
    let mut world = World::open(at("2027-01-11T10:00:00Z")).await;
    let patient = json!({"resourceType": "Patient", "birthDate": "1940-05-17"});
    let ishbel = registered(&mut world, patient).await;
    let euan = attorney(&mut world, &ishbel).await;
    assert_eq!(asks(&mut world, euan, &ishbel).await.status, 200);

    let found = json!({"capacity": {"matter": "welfare", "state": "capable",
        "at": "2027-01-14T09:00:00Z"}});
    world.says(&REGISTRY.into(), &ishbel, &found).await;
    assert_eq!(asks(&mut world, euan, &ishbel).await.status, 200);
    world.stand_at(at("2027-01-14T09:00:00Z"));
    let answer = asks(&mut world, euan, &ishbel).await.is(403);
    let issues = answer.issues();
    assert!(issues[0].1.starts_with("R07"), "{issues:?}");
    assert!(issues[1].1.contains("ask them"), "{issues:?}");
}

/// Euan, with a registered welfare power, for somebody who cannot decide.
pub async fn attorney(world: &mut World, of: &Subject) -> PersonId {
    let euan = account_of("euan");
    let found =
        json!({"capacity": {"matter": "welfare", "state": "incapable", "at": "2026-11-02"}});
    world.says(&REGISTRY.into(), of, &found).await;
    let power = json!({"authority": {"holder": euan.to_string(), "kind": "welfare-attorney",
        "powers": ["accommodation", "care", "treatment", "information"], "registered": true}});
    world.says(&REGISTRY.into(), of, &power).await;
    euan
}

/// Struan Baird turns twelve on 3 February. He has said that his father Colin is not to be told; his
/// mother Moira has been reading his record.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn at_twelve_what_a_child_says_himself_counts_that_second_with_cached_tokens() {
    let mut world = World::open(at("2027-02-02T12:00:00Z")).await;
    let patient = json!({"resourceType": "Patient", "birthDate": "2015-02-03"});
    let struan = registered(&mut world, patient).await;
    let (colin, moira) = (account_of("colin"), account_of("moira"));
    for fact in [
        json!({"authority": {"holder": colin.to_string(), "kind": "parental-rights",
            "source": "marriage"}}),
        json!({"authority": {"holder": moira.to_string(), "kind": "parental-rights",
            "source": "mother"}}),
        json!({"wish": {"says": "no", "audience": [{"party": colin.to_string()}], "at": "2026-12-20"}}),
    ] {
        world.says(&REGISTRY.into(), &struan, &fact).await;
    }
    world.stand_at(at("2027-02-02T23:59:59Z"));
    let father = world.account_token(colin, Purpose::FamilyRequest);
    let mother = world.account_token(moira, Purpose::FamilyRequest);
    // At eleven somebody has to find out what he understands.
    let young = everything(&world, &father, &struan).await.is(403);
    assert_eq!(young.header("candour-decision"), "REFER");
    assert_eq!(everything(&world, &mother, &struan).await.status, 200);

    // Nothing is said and nothing written at midnight: the clock alone moves.
    world.stand_at(at("2027-02-03T00:00:00Z"));
    let twelve = everything(&world, &father, &struan).await.is(403);
    assert_eq!(twelve.header("candour-decision"), "DENY");
    let issues = twelve.issues();
    assert!(issues[0].1.starts_with("R16"), "{issues:?}");
    // His mother's access was nobody's to end: from now on he is asked himself.
    let asked = everything(&world, &mother, &struan).await.is(403);
    assert_eq!(asked.header("candour-decision"), "REFER");
    assert!(
        asked.issues()[0].1.starts_with("R16"),
        "{:?}",
        asked.issues()
    );
}
