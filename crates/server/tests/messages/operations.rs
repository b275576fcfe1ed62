//! The same as operations on Communication, for systems that keep a team's list themselves.

use serde_json::{Value, json};

use crate::answer::Answer;
use crate::hall::Hall;
use crate::saying::parameters;

async fn sent(hall: &Hall) -> Answer {
    let patient = hall.patient("netta-dunsmore").to_string();
    let given = [
        ("patient", &*patient),
        ("to", "community-nursing"),
        ("to", "ward-6"),
        ("text", "She goes home on Thursday."),
        ("told", "care-plans"),
    ];
    hall.fraser()
        .posts("Communication/$send", parameters(&given))
        .await
}

#[tokio::test]
async fn a_systems_list_has_a_task_for_each_answer_owed() {
    let hall = Hall::open().await;
    let made = sent(&hall).await.is(201);
    assert_eq!(made.at("/entry/0/resource/status"), "in-progress");
    let id = made.at("/entry/0/resource/id");

    let sheila = hall.actor("sheila-mathieson", &["TREAT"]);
    let list = sheila.gets("Communication/$inbox").await.is(200);
    assert_eq!(list.at("/entry/0/resource/resourceType"), "Task");
    assert_eq!(list.at("/entry/0/resource/status"), "requested");
    assert_eq!(
        list.at("/entry/0/resource/restriction/period/end"),
        "2027-01-18T09:30:00.000Z"
    );
    assert!(!list.text().contains("Thursday"), "{}", list.text());

    let opened = sheila
        .gets(&format!("Communication/{id}/$open"))
        .await
        .is(200);
    assert_eq!(
        opened.at("/entry/0/resource/payload/0/contentString"),
        "She goes home on Thursday."
    );
    let answered = sheila
        .posts(
            &format!("Communication/{id}/$answer"),
            parameters(&[("reply", "not-mine")]),
        )
        .await
        .is(200);
    let tasks: Vec<(Value, Value)> = answered.json()["entry"]
        .as_array()
        .expect("entries")
        .iter()
        .map(|entry| &entry["resource"])
        .filter(|resource| resource["resourceType"] == "Task")
        .map(|task| {
            (
                task["owner"]["identifier"]["value"].clone(),
                task["status"].clone(),
            )
        })
        .collect();
    assert_eq!(
        tasks,
        [
            (json!("community-nursing"), json!("rejected")),
            (json!("ward-6"), json!("requested"))
        ]
    );
    // It is back on the list of who sent it.
    let back = hall.fraser().gets("Communication/$inbox").await.is(200);
    assert_eq!(back.at("/entry/0/resource/id"), id);
}

#[tokio::test]
async fn what_cannot_be_done_says_why_and_leaves_no_trace() {
    let hall = Hall::open().await;
    let id = sent(&hall).await.is(201).at("/entry/0/resource/id");
    let fraser = hall.fraser();
    let before = hall.bytes_kept();
    let patient = hall.patient("netta-dunsmore").to_string();
    let to = |team| parameters(&[("patient", &*patient), ("to", team), ("text", "x")]);
    fraser
        .posts("Communication/$send", to("ward-66"))
        .await
        .says(
            422,
            "not-found",
            "no team of this name is in the directory: choose one of those listed",
        );
    fraser
        .posts("Communication/$send", "{\"resourceType\":\"Param")
        .await
        .says(400, "structure", "the body is not JSON");
    fraser
        .posts("Communication/$send", parameters(&[("to", "ward-6")]))
        .await
        .says(422, "required", "the parameter patient is missing");
    let nothing = "there is nothing here of that id that you may see";
    for actor in [hall.derek(), hall.person("netta-dunsmore")] {
        let open = actor.gets(&format!("Communication/{id}/$open")).await;
        assert!(matches!(open.status, 403 | 404 | 422), "{}", open.text());
    }
    hall.derek()
        .posts("Communication/$send", to("ward-6"))
        .await
        .says(404, "not-found", nothing);
    hall.derek()
        .gets(&format!("Communication/{id}/$open"))
        .await
        .says(404, "not-found", nothing);
    hall.ruksana()
        .posts(
            &format!("Communication/{id}/$close"),
            parameters(&[("reason", "x")]),
        )
        .await
        .says(404, "not-found", nothing);
    hall.anybody().gets("Communication/$inbox").await.is(401);
    assert_eq!(hall.bytes_kept(), before);
}
