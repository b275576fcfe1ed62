//! Somebody for everyone: Netta Dunsmore cannot decide about her information and nobody acts for her, while
//! agencies share about her. A team that has no part in her care is asked to find somebody.

use domain::{Relationship, RelationshipKind};
use serde_json::{Value, json};
use sharing::directory::{Brought, REMIT_SYSTEM, fill};
use store::{Change, Expect, Write};

use crate::actor::Actor;
use crate::answer::Answer;
use crate::hall::Hall;
use crate::suspected::party;

const DAY: i64 = 86_400;

/// Nkechi Obi, of the other team of Netta's council.
fn nkechi(hall: &Hall) -> Actor<'_> {
    hall.actor("nkechi-obi", &["SC-REVIEW"])
}

/// The tasks about records that nobody outside can see on somebody's list, each with its words.
async fn tasks(hall: &Hall, of: Actor<'_>) -> Vec<(String, String)> {
    let done = sharing::messages::do_what_is_due(&hall.cx).await;
    done.expect("what is due is done");
    let inbox = of.gets("Communication/$inbox").await.is(200).json();
    let entries = inbox["entry"].as_array().cloned().unwrap_or_default();
    let is_unseen = |it: &&Value| it["resource"]["category"][0]["coding"][0]["code"] == "unseen";
    entries
        .iter()
        .filter(is_unseen)
        .map(|it| {
            let id = it["resource"]["id"].as_str().expect("an id").to_owned();
            (id, it["resource"].to_string())
        })
        .collect()
}

async fn says(hall: &Hall, fact: Value) {
    let path = format!("Patient/{}/$say", hall.patient("netta-dunsmore"));
    let said = hall.fraser().posts(&path, fact.to_string()).await;
    said.is(201);
}

/// Netta, found unable to decide the day before yesterday, and the task that came of it.
async fn found(hall: &Hall) -> String {
    assert!(tasks(hall, nkechi(hall)).await.is_empty(), "nobody knows");
    says(
        hall,
        json!({"capacity": {"matter": "welfare", "state": "incapable", "at": "2027-01-10"}}),
    )
    .await;
    hall.wait(DAY);
    let raised = tasks(hall, nkechi(hall)).await;
    assert_eq!(raised.len(), 1, "{raised:#?}");
    raised[0].0.clone()
}

async fn done(hall: &Hall, id: &str) -> Answer {
    let reply = json!({"resourceType": "Parameters",
        "parameter": [{"name": "reply", "valueCode": "done"}]});
    let path = format!("Communication/{id}/$answer");
    nkechi(hall).posts(&path, reply.to_string()).await
}

#[tokio::test]
async fn a_team_without_a_part_in_her_care_is_asked_once_until_somebody_is_there() {
    let hall = Hall::open().await;
    let task = found(&hall).await;
    let opened = nkechi(&hall)
        .gets(&format!("Communication/{task}/$open"))
        .await
        .is(200);
    for words in [
        "Dunsmore",
        "nobody outside the caring agencies can see this record",
        "independent advocacy",
    ] {
        assert!(opened.text().contains(words), "{}", opened.text());
    }
    assert!(
        tasks(&hall, hall.fraser()).await.is_empty(),
        "his team looks after her"
    );
    hall.wait(DAY);
    assert_eq!(tasks(&hall, nkechi(&hall)).await.len(), 1, "it is one task");
    // She reads who was told.
    let account = hall
        .person("netta-dunsmore")
        .gets("AuditEvent")
        .await
        .is(200);
    let line = "Candour sent Northburn children and families team";
    assert!(account.text().contains(line), "{}", account.text());

    let mut snapshot = hall.cx.store.snapshot().await.expect("a snapshot");
    let son = hall.patient("torquil-macquarrie-sandhu");
    let son = snapshot
        .person_of(&son)
        .await
        .expect("an answer")
        .expect("somebody");
    drop(snapshot);
    says(&hall, json!({"authority": {"holder": son.to_string(), "kind": "welfare-attorney",
        "powers": ["accommodation", "care", "treatment", "information"], "registered": true, "verified": true}})).await;
    hall.wait(DAY);
    assert_eq!(tasks(&hall, nkechi(&hall)).await, [], "somebody is there");
}

#[tokio::test]
async fn who_shares_about_her_cannot_say_that_it_is_done_and_done_with_nobody_it_comes_back() {
    let hall = Hall::open().await;
    let task = found(&hall).await;
    let mut snapshot = hall.cx.store.snapshot().await.expect("a snapshot");
    let netta = hall.patient("netta-dunsmore");
    let home = snapshot
        .locate("Patient", &netta)
        .await
        .expect("an answer")
        .expect("a place")
        .home;
    drop(snapshot);
    let caseload = |until| Write::Evidenced {
        home,
        evidence: netta,
        relationships: vec![Relationship {
            kind: RelationshipKind::Caseload,
            organisation: "northburn-social-work".into(),
            team: Some("northburn-children".into()),
            worker: None,
            since: hall.town.now,
            until,
            evidence: None,
        }],
        objections: Vec::new(),
    };
    let write = async |write| {
        let change = Change {
            writes: vec![write],
            ..Change::default()
        };
        hall.cx
            .store
            .commit(change, Expect::default())
            .await
            .expect("it is written");
    };
    write(caseload(None)).await;
    let refused = done(&hall, &task).await.is(422);
    assert!(
        refused.text().contains("you share this record"),
        "{}",
        refused.text()
    );
    assert_eq!(tasks(&hall, nkechi(&hall)).await.len(), 1);

    write(caseload(Some(hall.town.now.plus_seconds(1)))).await;
    done(&hall, &task).await.is(200);
    hall.wait(29 * DAY);
    assert_eq!(tasks(&hall, nkechi(&hall)).await, []);
    hall.wait(2 * DAY);
    let again = tasks(&hall, nkechi(&hall)).await;
    assert_eq!(again.len(), 1);
    assert_eq!(again[0].0, task);
}

#[tokio::test]
async fn the_directory_says_which_team_of_the_council_finds_somebody() {
    let hall = Hall::open().await;
    let mut snapshot = hall.cx.store.snapshot().await.expect("a snapshot");
    let directory = snapshot.directory().await.expect("the directory");
    drop(snapshot);
    let team = |id: &str, types: Value| {
        let team = json!({"resourceType": "Organization", "id": id, "name": id, "type": types,
            "identifier": [{"system": "https://candour.example/fhir/id/team", "value": id}],
            "partOf": {"identifier": {"system": "https://candour.example/fhir/id/organisation",
                "value": "northburn-social-work"}}});
        Brought {
            place: id.to_owned(),
            bytes: team.to_string().into_bytes(),
        }
    };
    // Before the officers by its id comes a team of which nothing is said.
    let officers =
        json!([{"coding": [{"system": REMIT_SYSTEM, "code": "mental-health-officers"}]}]);
    let teams = [
        team("a-team-of-some-sort", json!([{"text": "Team"}])),
        team("northburn-officers", officers),
    ];
    fill(&hall.cx, &teams).await.expect("they are taken in");
    let works_in = |who: &str, team: &str| {
        let mut worker = directory.workers[&who.into()].clone();
        worker.team = Some(team.into());
        Write::Worker {
            worker,
            resource: None,
        }
    };
    let change = Change {
        writes: vec![
            works_in("nkechi-obi", "northburn-officers"),
            works_in("tariq-nawaz", "northburn-children"),
            works_in("eilidh-crombie", "a-team-of-some-sort"),
        ],
        ..Change::default()
    };
    let written = hall.cx.store.commit(change, Expect::default()).await;
    written.expect("it is written");
    found(&hall).await;
    for other in ["tariq-nawaz", "eilidh-crombie"] {
        let other = hall.actor(other, &["SC-REVIEW"]);
        assert_eq!(tasks(&hall, other).await, []);
    }
}

#[tokio::test]
async fn an_attorney_who_is_said_to_harm_her_is_nobody_who_looks_and_does_not_learn_of_the_task() {
    let hall = Hall::open().await;
    let son = party(&hall, "torquil-macquarrie-sandhu").await;
    let deed = json!({"authority": {"holder": son, "kind": "welfare-attorney", "registered": true,
        "verified": true, "powers": ["accommodation", "care", "treatment", "information"]}});
    says(&hall, deed).await;
    let incapable =
        json!({"capacity": {"matter": "welfare", "state": "incapable", "at": "2027-01-10"}});
    says(&hall, incapable).await;
    hall.wait(DAY);
    assert_eq!(tasks(&hall, nkechi(&hall)).await, [], "her son looks");
    says(
        &hall,
        json!({"allegation": {"against": son, "since": "2027-01-12"}}),
    )
    .await;
    hall.wait(DAY);
    assert_eq!(tasks(&hall, nkechi(&hall)).await.len(), 1);
    let his = hall.actor("torquil-macquarrie-sandhu", &["FAMRQT"]);
    let account = format!(
        "AuditEvent?patient=Patient/{}",
        hall.patient("netta-dunsmore")
    );
    let account = his.gets(&account).await.is(200);
    let told = "children and families team";
    assert!(!account.text().contains(told), "{}", account.text());
}
