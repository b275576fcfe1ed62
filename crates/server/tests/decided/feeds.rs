//! Agreements live: kept beside the local policies, they let a routine feed run until the second at
//! which they end, and hold up nobody's care.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

use axum::body::Body;
use domain::{Assurance, Caller, Capacity, Purpose, Role, TokenId};
use http::{Method, Request};
use policy::document;
use serde_json::{Value, json};
use server::policies::load;
use sharing::account::{AccountAsk, Line};
use sharing::in_force::put_in_force;
use sharing::{Asking, Channel};

use crate::ages::at;
use crate::answer::Answer;
use crate::world::{Subject, World, worker};

const SHIPPED: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../policies/lanarkshire");
const NIGHTLY: &str =
    "cases/v09b-the-nightly-feed-is-held-for-want-of-an-agreement-and-safety.json";

/// A folder with the shipped policies and this agreement between practice and community nursing.
fn agreed(change: impl FnOnce(&mut Value)) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    for file in ["care.cedar", "own.cedar", "care-areas.toml"] {
        std::fs::copy(format!("{SHIPPED}/{file}"), folder.path().join(file)).expect("a copy");
    }
    let mut agreement = json!({
        "id": "ISP-7",
        "parties": ["practice", "community-nursing"],
        "from": "2027-01-01",
        "until": "2027-01-12T09:00:00Z",
        "review-due": "2026-12-01",
        "signed": true,
        "flows": [{
            "number": "3",
            "items": ["conditions", "medicines"],
            "from": "practice",
            "to": "community-nursing",
            "purposes": ["TREAT"],
            "basis": "6(1)(e), 9(2)(h)",
            "method": "FHIR",
            "frequency": "nightly",
            "retention": "until discharge"
        }]
    });
    change(&mut agreement);
    let text = serde_json::to_string_pretty(&json!({ "agreements": [agreement] }));
    std::fs::write(folder.path().join("agreements.json"), text.expect("JSON")).expect("a file");
    folder
}

async fn put(world: &World, folder: &Path) {
    let policies = Arc::new(load(Some(folder)).expect("a sound set"));
    put_in_force(&world.cx, policies).await.expect("in force");
}

/// The person of the written case, whom community nursing looks after.
async fn ishbel(world: &mut World) -> Subject {
    let text = std::fs::read_to_string(format!("{SHIPPED}/{NIGHTLY}")).expect("a case");
    let mut case = document::parse(&text).expect("a case");
    case.agreements.clear();
    let (_, facts, _) = document::taken_apart(&case).expect("a whole case");
    world.make(&case, &facts).await
}

/// The nightly feed of community nursing's record system.
async fn fetches(world: &mut World, of: &Subject) -> Answer {
    let token = world.system_token(&"community-nursing".into());
    let path = format!("/fhir/Patient/{}/$everything", of.patient);
    let asked = Request::get(path)
        .header("authorization", format!("Bearer {token}"))
        .header("manner", "feed")
        .body(Body::empty());
    world.carry(asked.expect("a request")).await
}

/// How many entries of the person's account record that the rules of feeds were broken for safety.
async fn breaches(world: &World, of: &Subject) -> usize {
    let asking = Asking {
        caller: Caller {
            name: "Ishbel Drummond".to_owned(),
            capacity: Capacity::Person(of.person),
            assurance: Assurance::Substantial,
        },
        token: TokenId::new("ishbel"),
        purpose: Purpose::PersonRequest,
        reason: None,
        channel: Channel::Page,
        idempotency: None,
    };
    let page = AccountAsk::first(1000);
    let account = sharing::account(&world.cx, &asking, &page).await;
    let account = account.expect("an answer").expect("her account");
    let is_breach = |line: &&Line| {
        let mut owed = line.event.obligations.iter();
        owed.any(|code| code == "GOVERNANCE-BREACH")
    };
    account.lines.iter().filter(is_breach).count()
}

/// Ruth Adair, community nurse.
async fn employ_ruth(world: &World) {
    let nursing = "community-nursing".into();
    let ruth = worker("ruth", "Ruth Adair", Role::Nurse, &nursing, None);
    world.write(vec![ruth]).await;
}

async fn looks_at(world: &mut World, of: &Subject) -> Answer {
    let nursing = "community-nursing".into();
    let token = world.worker_token("ruth", Role::Nurse, &nursing, Purpose::Treatment);
    let path = format!("/fhir/Patient/{}/$everything", of.patient);
    world.asks(Method::GET, &path, &token, None).await
}

/// The items of the case among what came back.
fn items(answer: &Answer, of: &Subject) -> BTreeSet<String> {
    let bundle = answer.json();
    let entries = bundle["entry"].as_array().cloned().unwrap_or_default();
    let ids: BTreeSet<String> = entries
        .iter()
        .filter_map(|entry| entry["resource"]["id"].as_str().map(str::to_owned))
        .collect();
    let found = of
        .items
        .iter()
        .filter(|(_, id)| ids.contains(&id.to_string()));
    found.map(|(item, _)| item.to_string()).collect()
}

fn set(items: &[&str]) -> BTreeSet<String> {
    items.iter().map(|item| (*item).to_owned()).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_feed_runs_under_an_agreement_until_its_last_second_and_care_needs_none() {
    let mut world = World::open(at("2027-01-11T10:00:00Z")).await;
    let ishbel = ishbel(&mut world).await;
    employ_ruth(&world).await;

    // No agreement: the feed is held, what keeps people safe goes on, and whoever looks sees all.
    let held = fetches(&mut world, &ishbel).await.is(200);
    assert_eq!(held.header("candour-decision"), "PERMIT_PART");
    let notes = "R15: a routine feed needs an information sharing agreement, so these are held back: who you are, \
                 address and contact details, health conditions.";
    assert!(held.text().contains(notes), "{}", held.text());
    assert!(!held.text().contains("not shown to you"), "{}", held.text());
    assert_eq!(items(&held, &ishbel), set(&["penicillin"]));
    // That it goes on all the same is a breach on record, and only then.
    assert_eq!(breaches(&world, &ishbel).await, 1);
    let looks = looks_at(&mut world, &ishbel).await.is(200);
    assert_eq!(items(&looks, &ishbel), set(&["penicillin", "problem"]));
    assert_eq!(breaches(&world, &ishbel).await, 1);

    // It is put beside the policies, its review long due: the next feed takes the conditions too.
    let folder = agreed(|_| {});
    put(&world, folder.path()).await;
    world.stand_at(at("2027-01-12T08:59:59Z"));
    let runs = fetches(&mut world, &ishbel).await.is(200);
    assert_eq!(items(&runs, &ishbel), set(&["penicillin", "problem"]));

    // At nine it ends, and the clock alone has moved.
    world.stand_at(at("2027-01-12T09:00:00Z"));
    let held = fetches(&mut world, &ishbel).await.is(200);
    assert_eq!(items(&held, &ishbel), set(&["penicillin"]));
    let looks = looks_at(&mut world, &ishbel).await.is(200);
    assert_eq!(looks.header("candour-decision"), "PERMIT");
    assert_eq!(items(&looks, &ishbel), set(&["penicillin", "problem"]));

    let account = world.account(&ishbel).await;
    let feeds = account
        .iter()
        .filter(|line| line.contains("took over your"));
    assert_eq!(feeds.count(), 3, "{account:#?}");

    // A draft is no agreement.
    let folder = agreed(|agreement| {
        agreement["until"] = json!("2028-01-01");
        agreement["signed"] = json!(false);
    });
    put(&world, folder.path()).await;
    let held = fetches(&mut world, &ishbel).await.is(200);
    assert_eq!(items(&held, &ishbel), set(&["penicillin"]));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_person_at_work_looks_and_runs_no_feed() {
    let mut world = World::open(at("2027-01-11T10:00:00Z")).await;
    let ishbel = ishbel(&mut world).await;
    employ_ruth(&world).await;
    let usual = looks_at(&mut world, &ishbel).await.is(200);
    let nursing = "community-nursing".into();
    let token = world.worker_token("ruth", Role::Nurse, &nursing, Purpose::Treatment);
    let path = format!("/fhir/Patient/{}/$everything", ishbel.patient);
    assert_eq!(items(&usual, &ishbel), set(&["penicillin", "problem"]));
    for (manner, status) in [("view", 200), ("feed", 400), ("bulk", 400)] {
        let asked = Request::get(&path)
            .header("authorization", format!("Bearer {token}"))
            .header("manner", manner)
            .body(Body::empty());
        let answer = world.carry(asked.expect("a request")).await;
        assert_eq!(answer.status, status, "{manner}");
    }
}

#[test]
fn an_agreement_that_could_never_mean_anything_is_named_with_its_line() {
    let fault = |change: fn(&mut Value)| {
        let folder = agreed(change);
        let error = load(Some(folder.path())).expect_err("it is not sound");
        format!("{error:#}")
    };
    for (change, says) in [
        (
            (|it| it["parties"] = json!(["practice"])) as fn(&mut Value),
            "an agreement is between two agencies at least",
        ),
        (
            |it| it["until"] = json!("2026-12-31"),
            "it ends before it begins",
        ),
        (
            |it| it["flows"][0]["to"] = json!("housing"),
            "flow 3 names housing, which is no party to it",
        ),
        (
            |it| it["flows"][0]["items"] = json!([]),
            "flow 3 does not say what goes, or for what purpose",
        ),
        (|it| it["flow"] = json!([]), "unknown field `flow`"),
    ] {
        let said = fault(change);
        assert!(said.contains("agreements.json:"), "{said}");
        assert!(said.contains(says), "{says} in {said}");
    }
}
