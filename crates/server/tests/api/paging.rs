//! Page after page: everything once, whatever others write meanwhile.

use crate::actor::Actor;
use crate::answer::Answer;
use crate::hall::Hall;
use crate::morag::{admitted, called, discharged, weight};

/// Twenty-five weights of Morag's, one a day.
async fn weights(hall: &Hall) -> (String, Vec<String>) {
    let morag = admitted(hall).await;
    let mut names = Vec::new();
    for day in 1..=25 {
        let name = format!("w-{day:02}");
        let one = weight(&morag, &name, "71", &format!("2026-12-{day:02}"));
        hall.hospital().puts(&one).await.is(201);
        names.push(name);
    }
    (morag, names)
}

/// Follows the links to the end; between two pages the hospital writes another weight.
async fn walked(hall: &Hall, actor: &Actor<'_>, first: &str, morag: &str) -> Vec<Answer> {
    let mut pages = vec![actor.gets(first).await.is(200)];
    while let Some(next) = pages.last().and_then(|page| page.link("next")) {
        let late = weight(morag, &format!("late-{}", pages.len()), "72", "2026-12-31");
        hall.hospital().puts(&late).await.is(201);
        pages.push(actor.gets(&next).await.is(200));
        assert!(pages.len() < 20, "it does not end");
    }
    pages
}

fn all_called(pages: &[Answer]) -> Vec<String> {
    pages.iter().flat_map(called).collect()
}

#[tokio::test]
async fn pages_have_no_gaps_while_somebody_else_writes() {
    let hall = Hall::open().await;
    let (morag, mut expected) = weights(&hall).await;
    let first = format!("Observation?patient={morag}&_count=10");
    let pages = walked(&hall, &hall.ruksana(), &first, &morag).await;
    assert_eq!(pages[0].json()["total"], 25);
    assert_eq!(called(&pages[0]).len(), 10);
    // What came while she read stands at the end, in the order of its arrival.
    expected.extend(["late-1".to_owned(), "late-2".to_owned()]);
    assert_eq!(all_called(&pages), expected);
}

#[tokio::test]
async fn sorted_pages_have_no_gaps_either() {
    let hall = Hall::open().await;
    let (morag, mut expected) = weights(&hall).await;
    expected.reverse();
    let first = format!("Observation?patient={morag}&_sort=-date&_count=7");
    let pages = walked(&hall, &hall.ruksana(), &first, &morag).await;
    // What came while she read is newer than where she stood: it is on no later page.
    assert_eq!(all_called(&pages), expected);
}

#[tokio::test]
async fn a_whole_record_comes_in_pages_too() {
    let hall = Hall::open().await;
    let (morag, expected) = weights(&hall).await;
    let first = format!("Patient/{morag}/$everything?_type=Observation&_count=10");
    let pages = walked(&hall, &hall.ruksana(), &first, &morag).await;
    assert_eq!(all_called(&pages)[..25], expected);

    let ruksana = hall.ruksana();
    let types = |answer: &Answer| -> Vec<String> {
        let mut types: Vec<String> = answer
            .matches()
            .iter()
            .map(|one| one["resourceType"].as_str().expect("a type").to_owned())
            .collect();
        types.dedup();
        types
    };
    let few = ruksana
        .gets(&format!(
            "Patient/{morag}/$everything?_type=Patient,Encounter"
        ))
        .await
        .is(200);
    assert_eq!(types(&few), ["Patient", "Encounter"]);
    hall.wait(60);
    hall.hospital()
        .puts(&weight(&morag, "w-26", "71", "2026-12-26"))
        .await
        .is(201);
    let since = ruksana
        .gets(&format!(
            "Patient/{morag}/$everything?_since=2027-01-11T09:31:00Z"
        ))
        .await
        .is(200);
    assert_eq!(called(&since), ["w-26"]);
    let times = "_type=Observation&start=2027-01-12&end=2027-02";
    let times = format!("Patient/{morag}/$everything?{times}");
    let later = ruksana.gets(&times).await.is(200);
    assert_eq!(called(&later), [""; 0]);

    for (question, code, words) in [
        (
            "_since=yesterday",
            "value",
            "_since is an instant such as 2027-01-11T09:00:00Z",
        ),
        ("_count=all", "value", "_count is a number"),
        (
            "start=soon",
            "value",
            "start and end are dates such as 2027-01-11",
        ),
        (
            "_id=w-1",
            "not-supported",
            "$everything takes _type, _since, start, end and _count here",
        ),
    ] {
        let answer = ruksana
            .gets(&format!("Patient/{morag}/$everything?{question}"))
            .await;
        answer.says(400, code, words);
    }
    let answer = ruksana
        .gets(&format!("Patient/{morag}/$everything?_type=Ailment"))
        .await;
    answer.says(
        404,
        "not-supported",
        "this is not a resource type of FHIR R4",
    );
}

#[tokio::test]
async fn a_page_belongs_to_its_caller_purpose_and_question() {
    let hall = Hall::open().await;
    let (morag, _) = weights(&hall).await;
    let ruksana = hall
        .actor("ruksana-chaudhry", &["TREAT", "COC"])
        .with("purpose-of-use", "TREAT");
    let first = ruksana
        .gets(&format!("Observation?patient={morag}&_count=10"))
        .await
        .is(200);
    let next = first.link("next").expect("a second page");
    let cursor = next.split_once("_cursor=").expect("a cursor").1.to_owned();

    let before = hall.bytes_kept();
    let colleague = hall.actor("ifeoma-nwosu", &["TREAT"]);
    let elsewhere = hall.actor("ruksana-chaudhry", &["COC"]);
    for (actor, address) in [
        (&colleague, next.clone()),
        (&elsewhere, next.clone()),
        (
            &ruksana,
            format!("Observation?patient={morag}&_count=10&status=final&_cursor={cursor}"),
        ),
        (
            &ruksana,
            format!("Condition?patient={morag}&_count=10&_cursor={cursor}"),
        ),
        (
            &ruksana,
            format!("Patient/{morag}/$everything?_count=10&_cursor={cursor}"),
        ),
        (
            &ruksana,
            format!("Observation?patient={morag}&_count=10&_cursor=10"),
        ),
        (&ruksana, format!("{next}x")),
    ] {
        let answer = actor.gets(&address).await;
        answer.says(
            400,
            "value",
            "this is not a page of yours of this question: begin again from the first page",
        );
    }
    assert_eq!(hall.bytes_kept(), before);
    // A new token of the same worker goes on where she was.
    let later = hall.actor("ruksana-chaudhry", &["TREAT"]);
    assert_eq!(called(&later.gets(&next).await.is(200)).len(), 10);
}

#[tokio::test]
async fn the_pages_of_one_search_are_one_line_in_the_account() {
    let hall = Hall::open().await;
    let (morag, _) = weights(&hall).await;
    let first = format!("Observation?patient={morag}&_count=10");
    walked(&hall, &hall.ruksana(), &first, &morag).await;
    let account = hall
        .person_of(&morag)
        .await
        .gets("AuditEvent")
        .await
        .is(200);
    let lines: Vec<String> = account
        .matches()
        .iter()
        .map(|line| line["outcomeDesc"].to_string())
        .collect();
    assert_eq!(
        lines,
        [
            "\"Ruksana Chaudhry, nurse at Clydevale Hospital, read your tests and results on 11 January 2027 at 9:30am, for care and treatment, because you are a patient there.\""
        ]
    );
}

#[tokio::test]
async fn a_decision_is_made_anew_for_each_page() {
    let hall = Hall::open().await;
    let (morag, _) = weights(&hall).await;
    let ruksana = hall.ruksana();
    let first = ruksana
        .gets(&format!("Observation?patient={morag}&_count=10"))
        .await
        .is(200);
    discharged(&hall, &morag).await;
    let second = ruksana
        .gets(&first.link("next").expect("a second page"))
        .await
        .is(403);
    let (code, words) = &second.issues()[0];
    assert_eq!(code, "forbidden");
    assert_eq!(
        words,
        "R02: nothing shows that you are involved in this person's care"
    );
}
