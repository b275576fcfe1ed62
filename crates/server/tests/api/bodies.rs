//! Bodies that cannot be taken: each is told what is wrong and where, and nothing is kept of it.

use axum::body::{Body, Bytes};
use http::Method;

use crate::answer::Answer;
use crate::hall::Hall;

/// Sends a body by update, create and batch; the answers must agree, and nothing be kept.
async fn sent(hall: &Hall, body: &[u8]) -> Answer {
    let before = hall.bytes_kept();
    let hospital = hall.hospital();
    let updated = hospital.puts_at("Condition/c-1", body.to_vec()).await;
    let created = hospital.posts("Condition", body.to_vec()).await;
    let bundled = hospital.posts("", body.to_vec()).await;
    assert_eq!(updated.comparable(), created.comparable());
    assert_eq!(updated.comparable(), bundled.comparable());
    assert_eq!(hall.bytes_kept(), before, "something was kept");
    updated
}

#[tokio::test]
async fn malformed_json_is_shown_by_line_and_column() {
    let hall = Hall::open().await;
    let answer = sent(
        &hall,
        b"{\"resourceType\": \"Condition\",\n  \"id\" \"c-1\"}",
    )
    .await;
    let answer = answer.says(400, "structure", "malformed JSON: found '\"', expected ':'");
    assert_eq!(answer.at("/issue/0/location/0"), "line 2, column 8");

    let answer = sent(&hall, b"").await;
    answer.says(
        400,
        "structure",
        "malformed JSON: found the end, expected an object",
    );
    let answer = sent(&hall, b"<Condition xmlns=\"http://hl7.org/fhir\"/>").await;
    answer.says(
        400,
        "structure",
        "malformed JSON: found '<', expected an object",
    );
}

#[tokio::test]
async fn a_body_that_is_not_utf_8_is_shown_its_byte() {
    let hall = Hall::open().await;
    let answer = sent(
        &hall,
        b"{\"resourceType\": \"Condition\", \"note\": \"M\xe9ir\"}",
    )
    .await;
    answer.says(
        400,
        "structure",
        "not UTF-8: byte 40 is 0xe9, which cannot stand there",
    );
}

#[tokio::test]
async fn an_element_that_stands_twice_is_not_chosen_between() {
    let hall = Hall::open().await;
    let answer = sent(
        &hall,
        br#"{"resourceType": "Condition", "id": "c-1", "id": "c-2"}"#,
    )
    .await;
    answer.says(
        400,
        "structure",
        "FHIR does not allow the same element twice in one object",
    );
}

#[tokio::test]
async fn a_hundred_thousand_levels_overflow_no_stack() {
    let hall = Hall::open().await;
    let deep = [
        r#"{"resourceType": "Condition", "#,
        &r#""extension": [{"#.repeat(100_000),
    ]
    .concat();
    sent(&hall, deep.as_bytes())
        .await
        .says(400, "too-long", "nested deeper than 64 levels");
    let deep = [
        r#"{"resourceType": "Condition", "#,
        &r#""a": {"#.repeat(100_000),
    ]
    .concat();
    sent(&hall, deep.as_bytes())
        .await
        .says(400, "too-long", "nested deeper than 64 levels");
}

#[tokio::test]
async fn fifty_megabytes_are_too_much_whether_announced_or_not() {
    let hall = Hall::open().await;
    let (before, long) = (hall.bytes_kept(), Bytes::from(vec![b' '; 50_000_000]));
    for (method, path) in [
        (Method::PUT, "Condition/c-1"),
        (Method::POST, "Condition"),
        (Method::POST, ""),
        (Method::POST, "Condition/_search"),
    ] {
        let announced = hall.hospital().with("content-length", "50000000");
        let answer = announced.asks(method.clone(), path, long.clone()).await;
        answer.says(
            413,
            "too-long",
            "the body is longer than the 16777216 bytes that this exchange accepts",
        );
        let answer = hall
            .hospital()
            .asks(method, path, Body::from(long.clone()))
            .await;
        answer.says(
            413,
            "too-long",
            "the body is larger than 16 MiB: send less at once",
        );
    }
    assert_eq!(hall.bytes_kept(), before);
}
