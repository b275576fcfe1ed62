//! What is nobody's record: organisations, workers, places, definitions. Everyone with a token may
//! read it, and it is not logged as told of anybody.

use serde_json::{Value, json};

use crate::hall::Hall;

#[tokio::test]
async fn the_directory_is_read_and_searched_by_every_caller() {
    let hall = Hall::open().await;
    let before = hall.bytes_kept();
    for actor in [
        hall.fraser(),
        hall.derek(),
        hall.hospital(),
        hall.person("netta-dunsmore"),
    ] {
        let found = actor
            .gets("Practitioner?identifier=https://candour.example/fhir/id/worker|ruksana-chaudhry")
            .await
            .is(200);
        assert_eq!(found.json()["total"], 1);
        assert!(!found.headers.contains_key("candour-receipt"));
        let id = found.at("/entry/0/resource/id");
        let read = actor.reads("Practitioner", &id).await.is(200);
        assert_eq!(read.at("/name/0/text"), "Ruksana Chaudhry");
        assert_eq!(read.header("etag"), "W/\"1\"");
        actor
            .with("if-none-match", "W/\"1\"")
            .reads("Practitioner", &id)
            .await
            .is(304);
        actor
            .gets(&format!("Practitioner/{id}/_history/1"))
            .await
            .is(200);
        for version in ["2", "0"] {
            let answer = actor
                .gets(&format!("Practitioner/{id}/_history/{version}"))
                .await;
            answer.says(
                404,
                "not-found",
                "there is nothing here of that id that you may see",
            );
        }
        let answer = actor
            .reads("Practitioner", hall.patient("netta-dunsmore"))
            .await;
        answer.says(
            404,
            "not-found",
            "there is nothing here of that id that you may see",
        );
    }
    assert_eq!(hall.bytes_kept(), before);
}

#[tokio::test]
async fn the_directory_comes_in_pages() {
    let hall = Hall::open().await;
    let mut names: Vec<Value> = Vec::new();
    let mut next = Some("Practitioner?_count=20".to_owned());
    while let Some(address) = next {
        let page = hall.fraser().gets(&address).await.is(200);
        assert_eq!(page.json()["total"], 51);
        names.extend(page.matches().into_iter().map(|mut one| one["id"].take()));
        next = page.link("next");
    }
    assert_eq!(names.len(), 51);
    let answer = hall
        .fraser()
        .gets("Practitioner?_count=20&_cursor=last")
        .await;
    answer.says(
        400,
        "value",
        "this is not a page of yours of this question: begin again from the first page",
    );
}

#[tokio::test]
async fn a_definition_belongs_to_the_agency_that_sent_it() {
    let hall = Hall::open().await;
    let sent = r#"{"resourceType":"ValueSet", "id":"shoe-sizes", "url":"https://hospital.example/shoe-sizes",
        "status":"draft","extension":[{"url":"https://hospital.example/width","valueDecimal":1.50}]}"#;
    hall.hospital()
        .puts_at("ValueSet/shoe-sizes", sent)
        .await
        .is(201);
    let found = hall
        .fraser()
        .gets("ValueSet?url=https://hospital.example/shoe-sizes")
        .await
        .is(200);
    assert_eq!(found.json()["total"], 1);
    let id = found.at("/entry/0/resource/id");
    assert!(
        hall.fraser()
            .reads("ValueSet", &id)
            .await
            .is(200)
            .text()
            .contains("\"valueDecimal\":1.50")
    );
    assert_eq!(
        hall.hospital()
            .gets("ValueSet/shoe-sizes/$original")
            .await
            .is(200)
            .text(),
        sent
    );
    let answer = hall
        .fraser()
        .gets(&format!("ValueSet/{id}/$original"))
        .await;
    answer.says(
        404,
        "not-found",
        "there is nothing here of that id that you may see",
    );

    let before = hall.bytes_kept();
    let answer = hall
        .practice()
        .puts_at(
            &format!("ValueSet/{id}"),
            sent.replace("shoe-sizes\", \"url", &format!("{id}\", \"url")),
        )
        .await;
    answer.says(
        404,
        "not-found",
        "there is nothing here of that id that you may see",
    );
    assert_eq!(hall.bytes_kept(), before);
    hall.hospital().deletes("ValueSet/shoe-sizes").await.is(204);
    let answer = hall.fraser().reads("ValueSet", id).await;
    answer.says(
        410,
        "deleted",
        "it was here and has been deleted by its contributor",
    );
}

/// Some types are somebody's or nobody's: a Device in a store room, a Group of things.
#[tokio::test]
async fn a_thing_that_is_nobodys_is_found_without_naming_anybody() {
    let hall = Hall::open().await;
    let device = json!({"resourceType": "Device", "id": "hoist-1", "status": "active", "deviceName": [{"name": "Hoist", "type": "user-friendly-name"}]});
    let group = json!({"resourceType": "Group", "id": "hoists", "type": "device", "actual": true, "quantity": 4});
    hall.hospital().puts(&device).await.is(201);
    hall.hospital().puts(&group).await.is(201);
    let before = hall.bytes_kept();
    for (resource_type, local) in [("Device", "hoist-1"), ("Group", "hoists")] {
        let id = hall.id_of("hospital", resource_type, local);
        hall.fraser().reads(resource_type, id).await.is(200);
        let found = hall
            .fraser()
            .gets(&format!("{resource_type}?_id={id}"))
            .await
            .is(200);
        assert_eq!(found.json()["total"], 1, "{resource_type}");
    }
    assert_eq!(hall.bytes_kept(), before, "nobody was asked about");
}
