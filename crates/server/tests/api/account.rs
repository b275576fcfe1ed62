//! The person's own account, as FHIR AuditEvents.

use serde_json::{Value, json};

use crate::answer::Answer;
use crate::hall::Hall;

fn sentences(answer: &Answer) -> Vec<String> {
    let lines = answer.matches();
    lines
        .iter()
        .map(|line| line["outcomeDesc"].as_str().expect("a sentence").to_owned())
        .collect()
}

#[tokio::test]
async fn who_was_told_and_who_was_refused_is_all_there() {
    let hall = Hall::open().await;
    let netta = hall.patient("netta-dunsmore");
    let read = hall
        .fraser()
        .gets(&format!("Condition?patient={netta}"))
        .await
        .is(200);
    hall.wait(60);
    hall.derek().everything(netta).await.is(403);

    let answer = hall
        .person("netta-dunsmore")
        .gets("AuditEvent")
        .await
        .is(200);
    assert_eq!(answer.header("cache-control"), "no-store");
    assert_eq!(
        sentences(&answer),
        [
            "Derek Muirhead, housing officer at Northburn Council Housing, asked for your record on 11 January 2027 at \
             9:31am, for adapting a home, and was refused: nothing shows any involvement in your care.",
            "Fraser Abercrombie, social worker at Northburn Council Social Work, read your health conditions on 11 January \
             2027 at 9:30am, for assessing care needs, because you are looked after by the care team; the rest \
             was not shared: it is more than this purpose needs.",
        ]
    );
    let told = &answer.matches()[1];
    assert_eq!(told["resourceType"], "AuditEvent");
    assert_eq!(told["recorded"], "2027-01-11T09:30:00.000Z");
    assert_eq!(told["subtype"][0]["code"], "disclose");
    assert_eq!(told["outcome"], "0");
    assert_eq!(told["purposeOfEvent"][0]["coding"][0]["code"], "SC-ASSESS");
    assert_eq!(told["agent"][1]["who"]["display"], "Fraser Abercrombie");
    let about = told["entity"][0]["what"]["reference"]
        .as_str()
        .expect("whose record it is");
    let about = about.strip_prefix("Patient/").expect("a Patient");
    hall.person("netta-dunsmore")
        .reads("Patient", about)
        .await
        .is(200);
    // The line is the entry that the receipt promised.
    assert_eq!(told["id"], read.receipt().commitment.to_string());
    assert_eq!(answer.matches()[0]["subtype"][0]["code"], "AuthZ-Consent");
}

#[tokio::test]
async fn reading_the_account_is_no_disclosure() {
    let hall = Hall::open().await;
    hall.derek()
        .everything(hall.patient("netta-dunsmore"))
        .await
        .is(403);
    let before = hall.bytes_kept();
    let netta = hall.person("netta-dunsmore");
    let first = netta.gets("AuditEvent").await.is(200);
    let second = netta.gets("AuditEvent").await.is(200);
    assert_eq!(first.body, second.body);
    assert_eq!(hall.bytes_kept(), before);
}

#[tokio::test]
async fn a_long_account_comes_in_pages() {
    let hall = Hall::open().await;
    let netta = hall.patient("netta-dunsmore");
    let fraser = hall.fraser();
    for _ in 0..103 {
        fraser.reads("Patient", netta).await.is(200);
    }
    let first = hall
        .person("netta-dunsmore")
        .gets("AuditEvent")
        .await
        .is(200);
    let next = first.link("next").expect("a second page");
    let second = hall.person("netta-dunsmore").gets(&next).await.is(200);
    assert_eq!((first.matches().len(), second.matches().len()), (100, 3));
    assert_eq!(second.link("next"), None);
    let mut ids: Vec<Value> = [first.matches(), second.matches()]
        .concat()
        .into_iter()
        .map(|mut line| line["id"].take())
        .collect();
    ids.sort_by_key(ToString::to_string);
    ids.dedup();
    assert_eq!(ids.len(), 103);
    let answer = hall
        .person("netta-dunsmore")
        .gets("AuditEvent?_cursor=soon")
        .await;
    answer.says(400, "value", "this is no page of this account");
}

#[tokio::test]
async fn an_account_is_read_by_nobody_else() {
    let hall = Hall::open().await;
    let before = hall.bytes_kept();
    let words =
        "an account is read by the person it is about, with their own token for the purpose PATRQT";
    hall.fraser()
        .gets("AuditEvent")
        .await
        .says(403, "forbidden", words);
    hall.ruksana()
        .gets("AuditEvent")
        .await
        .says(403, "forbidden", words);
    assert_eq!(hall.bytes_kept(), before);

    hall.derek()
        .everything(hall.patient("netta-dunsmore"))
        .await
        .is(403);
    let archie = hall
        .person("archie-dunsmore")
        .gets("AuditEvent")
        .await
        .is(200);
    assert_eq!(archie.matches(), Vec::<Value>::new());
}

#[tokio::test]
async fn a_person_reads_their_own_record_and_no_other() {
    let hall = Hall::open().await;
    let netta = hall.person("netta-dunsmore");
    let own = hall.patient("netta-dunsmore");
    let record = netta.everything(own).await.is(200);
    assert_eq!(record.header("candour-decision"), "PERMIT");
    netta
        .gets(&format!("Condition?patient={own}"))
        .await
        .is(200);
    let before = hall.bytes_kept();
    let archie = hall.patient("archie-dunsmore");
    for path in [
        format!("Patient/{archie}"),
        format!("Patient/{archie}/$everything"),
        format!("Condition?patient={archie}"),
    ] {
        netta.gets(&path).await.says(
            404,
            "not-found",
            "there is nothing here of that id that you may see",
        );
    }
    assert_eq!(hall.bytes_kept(), before);
    // Whatever scope she was given, somebody else's record is not hers.
    let token = hall.token_but("netta-dunsmore", &["PATRQT"], |claims| {
        claims["scope"] = json!("user/*.rs");
    });
    let answer = hall.bearing(&token).everything(archie).await;
    assert!(matches!(answer.status, 403 | 404), "{}", answer.text());
}
