//! Versions: each kept, the current one named, none written over by accident.

use crate::hall::Hall;
use crate::morag::{admitted, called, id_in, weight};

#[tokio::test]
async fn each_version_is_kept_and_an_identical_one_is_none() {
    let hall = Hall::open().await;
    let morag = admitted(&hall).await;
    let hospital = hall.hospital();
    let first = hospital
        .puts(&weight(&morag, "w-1", "71", "2027-01-11"))
        .await
        .is(201);
    assert_eq!(first.header("etag"), "W/\"1\"");
    hall.wait(60);
    let second = hospital
        .puts(&weight(&morag, "w-1", "72", "2027-01-11"))
        .await
        .is(200);
    assert_eq!(second.header("etag"), "W/\"2\"");
    assert_eq!(
        second.header("last-modified"),
        "Mon, 11 Jan 2027 09:31:00 GMT"
    );
    assert_eq!(
        id_in(first.header("location")),
        id_in(second.header("location"))
    );

    let before = hall.bytes_kept();
    hall.wait(60);
    let again = hospital
        .puts(&weight(&morag, "w-1", "72", "2027-01-11"))
        .await
        .is(200);
    assert_eq!(again.header("etag"), "W/\"2\"");
    assert_eq!(
        again.header("last-modified"),
        "Mon, 11 Jan 2027 09:31:00 GMT"
    );
    assert_eq!(again.body, second.body);
    assert_eq!(hall.bytes_kept(), before, "an identical PUT writes nothing");

    let ruksana = hall.ruksana();
    assert_eq!(
        ruksana
            .reads("Observation", "w-1")
            .await
            .is(200)
            .at("/valueString"),
        "72"
    );
    assert_eq!(
        ruksana
            .gets("Observation/w-1/_history/1")
            .await
            .is(200)
            .at("/valueString"),
        "71"
    );
    assert_eq!(
        ruksana
            .gets("Observation/w-1/_history/2")
            .await
            .is(200)
            .at("/valueString"),
        "72"
    );
    for version in ["3", "0", "-1", "first", "4294967296"] {
        let answer = ruksana
            .gets(&format!("Observation/w-1/_history/{version}"))
            .await;
        answer.says(
            404,
            "not-found",
            "there is nothing here of that id that you may see",
        );
    }
}

#[tokio::test]
async fn what_is_deleted_is_gone_and_its_history_stays() {
    let hall = Hall::open().await;
    let morag = admitted(&hall).await;
    let (hospital, ruksana) = (hall.hospital(), hall.ruksana());
    for id in ["w-0", "w-1"] {
        let one = weight(&morag, id, "71", "2027-01-11");
        hospital.puts(&one).await.is(201);
    }
    let deleted = hospital.deletes("Observation/w-1").await.is(204);
    assert_eq!((deleted.header("etag"), deleted.body.len()), ("W/\"2\"", 0));
    let gone = ruksana.reads("Observation", "w-1").await;
    gone.says(
        410,
        "deleted",
        "it was here and has been deleted by its contributor",
    );
    let found = ruksana
        .gets(&format!("Observation?patient={morag}"))
        .await
        .is(200);
    assert_eq!(called(&found), ["w-0"]);
    assert_eq!(
        ruksana
            .gets("Observation/w-1/_history/1")
            .await
            .is(200)
            .at("/valueString"),
        "71"
    );

    let before = hall.bytes_kept();
    let again = hospital.deletes("Observation/w-1").await.is(204);
    assert_eq!(again.header("etag"), "W/\"2\"");
    assert_eq!(
        hall.bytes_kept(),
        before,
        "what is deleted is not deleted again"
    );
    // Somebody who may not see it is not told that it was there.
    let answer = hall
        .derek()
        .reads("Observation", hall.id_of("hospital", "Observation", "w-1"))
        .await;
    answer.says(
        404,
        "not-found",
        "there is nothing here of that id that you may see",
    );

    let back = hospital
        .puts(&weight(&morag, "w-1", "72", "2027-01-12"))
        .await
        .is(201);
    assert_eq!(back.header("etag"), "W/\"3\"");
    assert_eq!(
        ruksana
            .reads("Observation", "w-1")
            .await
            .is(200)
            .at("/valueString"),
        "72"
    );
}

#[tokio::test]
async fn a_patient_is_not_deleted() {
    let hall = Hall::open().await;
    let before = hall.bytes_kept();
    let answer = hall.hospital().deletes("Patient/P-1002").await;
    answer.says(
        422,
        "business-rule",
        "a Patient is not deleted, because a record hangs on it: mark it inactive, or ask for a purge",
    );
    assert_eq!(hall.bytes_kept(), before);
}

#[tokio::test]
async fn a_version_that_is_expected_must_be_the_current_one() {
    let hall = Hall::open().await;
    let morag = admitted(&hall).await;
    let hospital = hall.hospital();
    hospital
        .puts(&weight(&morag, "w-1", "71", "2027-01-11"))
        .await
        .is(201);
    let expecting_first = hospital.with("if-match", "W/\"1\"");
    expecting_first
        .puts(&weight(&morag, "w-1", "72", "2027-01-11"))
        .await
        .is(200);

    let before = hall.bytes_kept();
    let stale = "the version given is not the current one";
    let answer = expecting_first
        .puts(&weight(&morag, "w-1", "73", "2027-01-11"))
        .await;
    answer.says(412, "conflict", stale);
    expecting_first
        .deletes("Observation/w-1")
        .await
        .says(412, "conflict", stale);
    let answer = expecting_first
        .puts(&weight(&morag, "w-2", "73", "2027-01-11"))
        .await;
    answer.says(412, "conflict", stale);
    // A retry whose first answer was lost finds what it did.
    expecting_first
        .puts(&weight(&morag, "w-1", "72", "2027-01-11"))
        .await
        .is(200);

    for malformed in ["2", "W/2", "W/\"two\"", "\"1\", \"2\"", "*"] {
        let answer = hospital
            .with("if-match", malformed)
            .puts(&weight(&morag, "w-1", "73", "2027-01-11"))
            .await;
        answer.says(
            400,
            "value",
            "If-Match is the ETag that a read gave: W/\"2\"",
        );
    }
    assert_eq!(hall.bytes_kept(), before);
    hospital
        .with("if-match", "W/\"2\"")
        .deletes("Observation/w-1")
        .await
        .is(204);
}

#[tokio::test]
async fn a_version_that_is_held_is_not_sent_again() {
    let hall = Hall::open().await;
    let morag = admitted(&hall).await;
    hall.hospital()
        .puts(&weight(&morag, "w-1", "71", "2027-01-11"))
        .await
        .is(201);
    let ruksana = hall.ruksana();
    for known in ["W/\"1\"", "\"1\"", "W/\"7\", W/\"1\"", "*"] {
        let answer = ruksana
            .with("if-none-match", known)
            .reads("Observation", "w-1")
            .await
            .is(304);
        assert_eq!((answer.body.len(), answer.header("etag")), (0, "W/\"1\""));
        answer
            .receipt()
            .verify(&hall.log_key)
            .expect("it is logged like any read");
    }
    let answer = ruksana
        .with("if-none-match", "W/\"2\"")
        .reads("Observation", "w-1")
        .await
        .is(200);
    assert_eq!(answer.at("/valueString"), "71");
}
