//! The account of somebody for whom one acts, and one's own on a safe channel, over HTTP.

use domain::Purpose;
use http::Method;
use serde_json::json;

use crate::ages::{at, attorney, registered};
use crate::answer::Answer;
use crate::world::{REGISTRY, Subject, World, account_of};

async fn fetch(world: &mut World, who: &str, path: &str) -> Answer {
    let token = world.account_token(account_of(who), Purpose::FamilyRequest);
    world.asks(Method::GET, path, &token, None).await
}

/// Euan Drummond-Okafor acts for his mother Ishbel, and reads who was told what about her.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_attorney_gets_his_own_view_and_its_pack_and_a_stranger_gets_what_nobodys_id_gets() {
    let mut world = World::open(at("2027-01-11T10:00:00Z")).await;
    let patient = json!({"resourceType": "Patient", "birthDate": "1940-05-17"});
    let ishbel = registered(&mut world, patient).await;
    attorney(&mut world, &ishbel).await;
    let account = format!("/fhir/AuditEvent?patient=Patient/{}", ishbel.patient);
    let pack = format!("/fhir/AuditEvent/$pack?patient={}", ishbel.patient);

    let bundle = fetch(&mut world, "euan", &account).await.is(200).json();
    let entries = bundle["entry"].as_array().expect("entries");
    assert_eq!(entries.len(), 1, "his own look: {bundle:#}");
    let whose = &entries[0]["resource"]["entity"][0]["what"]["reference"];
    assert_eq!(*whose, json!(format!("Patient/{}", ishbel.patient)));
    let file = fetch(&mut world, "euan", &pack).await.is(200);
    let file = ledger::Pack::decode(&file.body).expect("a pack");
    assert_eq!(file.links.len(), 2);

    for path in [account, pack] {
        let nobody = path.replace(&ishbel.patient.to_string(), "0000000000000000000000000a");
        let barred = fetch(&mut world, "donna", &path).await;
        let unknown = fetch(&mut world, "donna", &nobody).await;
        assert_eq!((barred.status, unknown.status), (404, 404));
        assert_eq!(barred.body, unknown.body);
        let names = |answer: &Answer| {
            let names = answer.headers.keys().map(|name| name.as_str().to_owned());
            names.collect::<Vec<_>>()
        };
        assert_eq!(names(&barred), names(&unknown));
    }
}

async fn own_account(world: &World, token: &str) -> (usize, usize) {
    let account = world.asks(Method::GET, "/fhir/AuditEvent", token, None);
    let bundle = account.await.is(200).json();
    let entries = bundle["entry"].as_array().map_or(0, Vec::len);
    let pack = world.asks(Method::GET, "/fhir/AuditEvent/$pack", token, None);
    let pack = ledger::Pack::decode(&pack.await.is(200).body).expect("a pack");
    (entries, pack.links.len())
}

async fn second_list(world: &World, token: &str) -> u16 {
    let path = "/fhir/AuditEvent/$pack?list=2";
    let answer = world.asks(Method::GET, path, token, None);
    answer.await.status
}

/// Natalia Kerr may be made to show what she reads; Donna asks for her account.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn that_somebody_tried_is_told_to_a_token_of_a_safe_channel_and_to_no_other() {
    let mut world = World::open(at("2027-01-11T10:00:00Z")).await;
    let patient = json!({"resourceType": "Patient", "birthDate": "1995-05-17"});
    let natalia: Subject = registered(&mut world, patient).await;
    let watched = json!({"risk": {"kind": "domestic-abuse", "since": "2026-12-01"}});
    world.says(&REGISTRY.into(), &natalia, &watched).await;
    let account = format!("/fhir/AuditEvent?patient=Patient/{}", natalia.patient);
    fetch(&mut world, "donna", &account).await.is(404);

    let page = world.account_token(natalia.person, Purpose::PersonRequest);
    let safe = world.safe_token(natalia.person);
    let ordinary = own_account(&world, &page).await;
    assert_eq!(ordinary, (0, 0));
    assert_eq!(second_list(&world, &page).await, 403);
    assert_eq!(own_account(&world, &safe).await, (1, 0));
    assert_eq!(second_list(&world, &safe).await, 200);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_workers_token_cannot_be_of_a_safe_channel() {
    let mut world = World::open(at("2027-01-11T10:00:00Z")).await;
    let natalia = registered(&mut world, json!({"resourceType": "Patient"})).await;
    let iua = json!({"subject_role": [{"code": "system"}], "subject_organization_id": REGISTRY});
    let ours = json!({"safe_channel": true});
    let token = world.token_with("system-of-registry", iua, &ours);
    let path = format!("/fhir/Patient/{}", natalia.patient);
    let answer = world.asks(Method::GET, &path, &token, None).await.is(401);
    assert!(
        answer.issues()[0]
            .1
            .contains("`safe_channel` is of a person's own token")
    );
}
