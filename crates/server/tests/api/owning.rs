//! Whose a resource is: who may write under which ids, and what stays out of others' reach.

use serde_json::json;

use crate::hall::Hall;
use crate::morag::{admitted, weight};

#[tokio::test]
async fn an_agencys_own_id_is_its_own_alone() {
    let hall = Hall::open().await;
    let mowat = hall.patient("alasdair-mowat");
    let condition = |text: &str| {
        json!({
            "resourceType": "Condition",
            "id": "my-7",
            "subject": {"reference": format!("Patient/{mowat}")},
            "code": {"text": text},
        })
    };
    let millburn = hall.actor("braehead-practice-records", &["TREAT"]);
    hall.hospital()
        .puts(&condition("of the hospital"))
        .await
        .is(201);
    millburn.puts(&condition("of the practice")).await.is(201);

    assert_eq!(
        hall.ruksana()
            .reads("Condition", "my-7")
            .await
            .is(200)
            .at("/code/text"),
        "of the hospital"
    );
    let doctor = hall.actor("catherine-rattray", &["TREAT"]);
    assert_eq!(
        doctor
            .reads("Condition", "my-7")
            .await
            .is(200)
            .at("/code/text"),
        "of the practice"
    );
    // Under the ids that they have here, each is one and the same for everybody.
    let practices = hall.id_of("braehead-practice", "Condition", "my-7");
    assert_eq!(
        hall.ruksana()
            .reads("Condition", practices)
            .await
            .is(200)
            .at("/code/text"),
        "of the practice"
    );
    // To a third agency the id says nothing.
    let answer = hall.fraser().reads("Condition", "my-7").await;
    answer.says(
        404,
        "not-found",
        "there is nothing here of that id that you may see",
    );
}

#[tokio::test]
async fn what_another_agency_holds_is_as_good_as_not_there() {
    let hall = Hall::open().await;
    let before = hall.bytes_kept();
    let practices = hall
        .id_of("millburn-practice", "Condition", "condition-1")
        .to_string();
    let nobodys = hall.cx.ids.fresh(hall.cx.chance.as_ref()).to_string();
    let change = |id: &str| {
        json!({
            "resourceType": "Condition",
            "id": id,
            "subject": {"reference": format!("Patient/{}", hall.patient("alasdair-mowat"))},
            "code": {"text": "no such thing"},
        })
    };
    let hospital = hall.hospital();
    let theirs = hospital.puts(&change(&practices)).await;
    let none = hospital.puts(&change(&nobodys)).await;
    assert_eq!(theirs.comparable(), none.comparable());
    theirs.says(
        404,
        "not-found",
        "there is nothing here of that id that you may see",
    );
    let theirs = hospital.deletes(&format!("Condition/{practices}")).await;
    let none = hospital.deletes(&format!("Condition/{nobodys}")).await;
    assert_eq!(theirs.comparable(), none.comparable());
    theirs.says(
        404,
        "not-found",
        "there is nothing here of that id that you may see",
    );
    // Not even the version is looked at.
    let theirs = hospital
        .with("if-match", "W/\"9\"")
        .puts(&change(&practices))
        .await;
    theirs.says(
        404,
        "not-found",
        "there is nothing here of that id that you may see",
    );
    assert_eq!(hall.bytes_kept(), before);
}

#[tokio::test]
async fn an_update_moves_nothing_to_another_person() {
    let hall = Hall::open().await;
    let morag = admitted(&hall).await;
    hall.hospital()
        .puts(&weight(&morag, "w-1", "71", "2027-01-11"))
        .await
        .is(201);
    let before = hall.bytes_kept();
    let mowat = hall.patient("alasdair-mowat").to_string();
    let answer = hall
        .hospital()
        .puts(&weight(&mowat, "w-1", "71", "2027-01-11"))
        .await;
    answer.says(
        422,
        "business-rule",
        "an update cannot move a resource to another person: delete it and write it anew, or ask for a move",
    );
    assert_eq!(hall.bytes_kept(), before);
}

#[tokio::test]
async fn a_person_does_not_write_through_the_api() {
    let hall = Hall::open().await;
    let before = hall.bytes_kept();
    let token = hall.token_but("netta-dunsmore", &["PATRQT"], |claims| {
        claims["scope"] = json!("patient/*.cruds");
    });
    let netta = hall.patient("netta-dunsmore").to_string();
    let answer = hall
        .bearing(&token)
        .puts(&weight(&netta, "w-1", "60", "2027-01-11"))
        .await;
    answer.says(
        403,
        "forbidden",
        "people change their own choices on their own pages, not through this address",
    );
    assert_eq!(hall.bytes_kept(), before);
}

#[tokio::test]
async fn a_worker_writes_what_is_new_and_what_is_known_here_by_its_id() {
    let hall = Hall::open().await;
    let morag = admitted(&hall).await;
    let ruksana = hall.ruksana();
    let new = weight(&morag, "w-1", "71", "2027-01-11");
    let id = ruksana.creates(&new).await.is(201).at("/id");
    let changed = weight(&morag, &id, "72", "2027-01-11");
    let answer = ruksana.puts(&changed).await.is(200);
    assert_eq!(answer.header("etag"), "W/\"2\"");

    let before = hall.bytes_kept();
    let answer = ruksana
        .puts(&weight(&morag, "w-1", "73", "2027-01-11"))
        .await;
    answer.says(
        403,
        "forbidden",
        "only a record system writes under its agency's own ids: create with POST, and change what is there by the id it has here",
    );
    let patient = json!({"resourceType": "Patient", "name": [{"family": "Testwell"}]});
    let answer = ruksana.creates(&patient).await;
    answer.says(
        403,
        "forbidden",
        "a Patient is registered by an agency's record system",
    );
    assert_eq!(hall.bytes_kept(), before);
}
