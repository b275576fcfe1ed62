//! The account of somebody for whom one acts, over HTTP.

use domain::Purpose;
use http::Method;
use serde_json::json;

use crate::ages::{at, attorney, registered};
use crate::answer::Answer;
use crate::world::{World, account_of};

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
