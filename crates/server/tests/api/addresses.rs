//! Addresses that lead nowhere, and methods that they do not take.

use http::Method;

use crate::hall::Hall;

#[tokio::test]
async fn a_type_that_is_none_is_404() {
    let hall = Hall::open().await;
    let before = hall.bytes_kept();
    let fraser = hall.fraser();
    for path in [
        "Ailment/1",
        "Ailment",
        "Ailment/1/_history/1",
        "Ailment/1/$original",
        "ailment?patient=1",
    ] {
        let answer = fraser.gets(path).await;
        answer.says(
            404,
            "not-supported",
            "this is not a resource type of FHIR R4",
        );
    }
    let answer = hall.hospital().posts("Ailment", "{}").await;
    answer.says(
        404,
        "not-supported",
        "this is not a resource type of FHIR R4",
    );
    let answer = hall.hospital().puts_at("Ailment/1", "{}").await;
    answer.says(
        404,
        "not-supported",
        "this is not a resource type of FHIR R4",
    );
    assert_eq!(hall.bytes_kept(), before);
}

#[tokio::test]
async fn an_operation_that_is_none_is_404_and_says_which_there_are() {
    let hall = Hall::open().await;
    let before = hall.bytes_kept();
    let netta = hall.patient("netta-dunsmore");
    for path in [
        format!("Patient/{netta}/$merge"),
        "Condition/1/$everything".to_owned(),
    ] {
        let answer = hall.fraser().gets(&path).await;
        answer.says(404, "not-supported", "there is no such operation here: the capability statement at /fhir/metadata lists those that are");
    }
    for path in ["Patient/$merge", "$export", "a/b/c/d/e"] {
        let answer = hall.fraser().gets(path).await;
        assert_eq!(answer.status, 404, "{path}: {}", answer.text());
        answer.issues();
    }
    assert_eq!(hall.bytes_kept(), before);
}

#[tokio::test]
async fn a_method_that_an_address_does_not_take_is_405() {
    let hall = Hall::open().await;
    let before = hall.bytes_kept();
    for (method, path) in [
        (Method::POST, "Patient/1"),
        (Method::PATCH, "Patient/1/_history/1"),
        (Method::PUT, ""),
        (Method::POST, "AuditEvent"),
        (Method::POST, "metadata"),
        (Method::DELETE, "Patient/1/_history/1"),
    ] {
        let answer = hall.hospital().asks(method.clone(), path, "{}").await;
        assert!(!answer.header("allow").is_empty(), "{method} {path}");
        answer.says(
            405,
            "not-supported",
            "this address does not take that method",
        );
    }
    assert_eq!(hall.bytes_kept(), before);
}

#[tokio::test]
async fn an_address_that_is_not_utf_8_is_400() {
    let hall = Hall::open().await;
    for path in [
        "Patient/%FF",
        "%FF/1",
        "Patient/%FF/$everything",
        "Patient/1/_history/%FF",
        "%FF",
    ] {
        let answer = hall.fraser().gets(path).await;
        answer.says(400, "value", "the address is not UTF-8 once decoded");
    }
}
