//! Told before, not after, as the ward and the council have it: why the nurse may see her, that somebody
//! acts for her is told to her face, and she is the first of those who are heard. Told about Oighrig
//! MacQuarrie, of whom nobody has found out what she can decide.

use serde_json::{Value, json};

use crate::browser::{Browser, link, words};
use crate::hall::Hall;
use crate::suspected::party;

const MOVE: &str = "Move to Braeside House";
const SON: &str = "torquil-macquarrie-sandhu";

fn set(hall: &Hall, at: &str) {
    let at = domain::Timestamp::parse(at).expect("an instant");
    hall.clock.stand_at(at);
}

fn oighrig(hall: &Hall) -> String {
    hall.patient("oighrig-macquarrie").to_string()
}

async fn says(hall: &Hall, fact: Value) {
    let path = format!("Patient/{}/$say", oighrig(hall));
    hall.fraser().posts(&path, fact.to_string()).await.is(201);
}

/// Her son declares on Monday at ten that he believes that she cannot decide about three matters.
async fn believes(hall: &Hall) {
    set(hall, "2027-01-11T10:00:00Z");
    let belief = |matter: &str| json!({"matter": matter, "at": "2027-01-11T10:00:00Z"});
    says(
        hall,
        json!({"authority": {
            "holder": party(hall, SON).await, "kind": "welfare-attorney", "registered": true, "verified": true,
            "powers": ["accommodation", "care", "treatment", "information"], "trigger": "reasonable-belief",
            "beliefs": [belief("accommodation"), belief("care"), belief("treatment")]
        }}),
    )
    .await;
}

/// What the team of her social worker is to tell in person: what it says to whoever opens it.
async fn to_tell(hall: &Hall) -> Vec<String> {
    let done = sharing::messages::do_what_is_due(&hall.cx).await;
    done.expect("what is due is done");
    let inbox = hall.fraser().gets("Communication/$inbox").await.is(200);
    let entries = inbox.json()["entry"].as_array().cloned();
    let entries = entries.unwrap_or_default();
    let all = entries.iter().map(|one| &one["resource"]);
    let mut texts = Vec::new();
    for one in all.filter(|one| one["category"][0]["coding"][0]["code"] == "in-person") {
        let id = one["id"].as_str().expect("an id");
        let path = format!("Communication/{id}/$open");
        let opened = hall.fraser().gets(&path).await.is(200);
        texts.push(opened.at("/entry/0/resource/payload/0/contentString"));
    }
    texts
}

#[tokio::test]
async fn her_nurse_reads_why_she_may_see_her_and_types_nothing() {
    let hall = Hall::open().await;
    let mut ruksana = Browser::of(&hall, "ruksana-chaudhry").await;
    let page = ruksana
        .gets(&format!("/care/people/{}", oighrig(&hall)))
        .await
        .is(200);
    let said = words(&page);
    assert!(
        said.contains(
            "The person is a patient on your ward since 09:00 today. Purpose: Care and treatment."
        ),
        "{said}"
    );
    // Her son and daughter stand there as her ward wrote them down, with their numbers.
    assert!(
        said.contains(
            "Torquil MacQuarrie-Sandhu , natural son, healthcare power of attorney, 07700 900801"
        ),
        "{said}"
    );
    assert!(
        page.text().contains("<title>Record – Candour</title>"),
        "no name stands in a title"
    );
    // Somebody of the practice is on no ward.
    let mut hamish = Browser::of(&hall, "hamish-colquhoun").await;
    let page = hamish
        .gets(&format!("/care/people/{}", oighrig(&hall)))
        .await
        .is(200);
    assert!(
        words(&page).contains("The person is registered with the practice"),
        "{}",
        words(&page)
    );
}

#[tokio::test]
async fn that_her_son_acts_on_his_belief_is_a_task_to_tell_her_face_to_face_and_to_assess_who_doubts_it()
 {
    let hall = Hall::open().await;
    assert_eq!(to_tell(&hall).await, [] as [String; 0]);
    believes(&hall).await;
    let [task] = to_tell(&hall).await.try_into().expect("one task");
    assert_eq!(
        task,
        "The welfare attorney acts for this person on their own belief that the person cannot decide about \
         accommodation, care, treatment: nobody has assessed it. They read ordinary care information. Tell the \
         person face to face that somebody acts for them. If you think that the person can decide this, record an \
         assessment by 18 January 2027."
    );
    says(
        &hall,
        json!({"tie": {"party": "beathag", "kind": "primary-carer"}}),
    )
    .await;
    assert_eq!(
        to_tell(&hall).await.len(),
        1,
        "said once, however much is said of her"
    );

    // On the page it is theirs to take and to tick off.
    let mut fraser = Browser::of(&hall, "fraser-abercrombie").await;
    let inbox = fraser.gets("/care/inbox").await.is(200);
    assert!(
        words(&inbox).contains("To be told in person"),
        "{}",
        words(&inbox)
    );
    assert!(
        !words(&inbox).contains("cannot wait"),
        "it interrupts nobody"
    );
    let address = link(&inbox, "Oighrig MacQuarrie");
    fraser.gets(&address).await.is(200);
    for reply in ["mine", "done"] {
        fraser
            .does(&format!("{address}/answer"), &[("reply", reply)])
            .await;
    }
    says(
        &hall,
        json!({"tie": {"party": "beathag", "kind": "nearest-relative"}}),
    )
    .await;
    assert_eq!(
        to_tell(&hall).await,
        [] as [String; 0],
        "told, it does not come back"
    );
}

#[tokio::test]
async fn once_somebody_has_assessed_her_no_task_speaks_of_a_belief() {
    let hall = Hall::open().await;
    believes(&hall).await;
    assert_eq!(to_tell(&hall).await.len(), 1);
    set(&hall, "2027-01-14T10:00:00Z");
    let found =
        json!({"capacity": {"matter": "welfare", "state": "incapable", "at": "2027-01-14"}});
    says(&hall, found).await;
    assert_eq!(to_tell(&hall).await, [] as [String; 0]);
}

#[tokio::test]
async fn she_is_told_and_heard_herself_before_anybody_close_to_her() {
    let hall = Hall::open().await;
    says(
        &hall,
        json!({"capacity": {"matter": "welfare", "state": "incapable", "at": "2027-01-04"}}),
    )
    .await;
    says(
        &hall,
        json!({"tie": {"party": "beathag", "kind": "primary-carer"}}),
    )
    .await;
    set(&hall, "2027-01-12T10:00:00Z");
    let path = format!("Patient/{}/$decision", oighrig(&hall));
    let plan = json!({"plan": {"decision": MOVE, "matter": "accommodation", "power": "s13za",
        "at": "2027-01-20T10:00:00Z"}});
    let planned = hall
        .fraser()
        .posts(&path, plan.to_string())
        .await
        .is(200)
        .json();
    let first = &planned["to-be-heard"][0];
    assert_eq!(first["is"], "person themself");
    let own = first["party"].as_str().expect("an id").to_owned();

    let page = format!("/care/people/{}/decisions", oighrig(&hall));
    let mut fraser = Browser::of(&hall, "fraser-abercrombie").await;
    let said = words(&fraser.gets(&page).await.is(200));
    assert!(
        said.contains("Person themself : not told yet Tell them in person, in the way in which they understand it best."),
        "{said}"
    );
    let told = [
        ("step", "told"),
        ("decision", MOVE),
        ("party", &*own),
        ("way", "meeting"),
    ];
    let said = words(&fraser.does(&page, &told).await);
    assert!(
        said.contains("Person themself : told on 12 January 2027"),
        "{said}"
    );
    let view = [
        ("step", "view"),
        ("decision", MOVE),
        ("party", &*own),
        ("words", "I want to go home."),
    ];
    let said = words(&fraser.does(&page, &view).await);
    assert!(said.contains("“I want to go home.”"), "{said}");

    let hers = hall.person_of(&oighrig(&hall)).await;
    let lines = hers.gets("AuditEvent").await.is(200).text();
    for line in [
        "To be heard first: you, primary carer.",
        "told you face to face of the planned decision “Move to Braeside House” and how to be heard.",
        "heard what you think of the planned decision “Move to Braeside House”.",
    ] {
        assert!(lines.contains(line), "{line} in {lines}");
    }
}
