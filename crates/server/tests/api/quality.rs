//! What an agency is asked about the Patients that it sends: questions, and nothing is refused.

use serde_json::{Value, json};

use crate::answer::Answer;
use crate::hall::Hall;

const CHI: &str = "https://phfapi.digital.health.scot/naming/chi-number";

/// A Patient of whom a clerk knew little, and filled in the rest.
fn filled_in(id: &str, born: &str, number: &str) -> Value {
    json!({
        "resourceType": "Patient",
        "id": id,
        "name": [{"family": "Unknown", "given": ["Unknown"]}],
        "birthDate": born,
        "identifier": [{"system": CHI, "value": number}],
    })
}

/// The questions of an answer by `$quality`: code, how many, and such as.
fn asked(answer: &Answer) -> Vec<(String, u64, Vec<String>)> {
    let body = answer.json();
    let parameters = body["parameter"].as_array().cloned().unwrap_or_default();
    let questions = parameters.iter().filter(|it| it["name"] == "question");
    questions
        .map(|question| {
            let parts = question["part"].as_array().cloned().unwrap_or_default();
            let such_as = parts.iter().filter(|part| part["name"] == "such-as");
            let such_as =
                such_as.map(|part| part["valueId"].as_str().unwrap_or_default().to_owned());
            (
                parts[0]["valueCode"]
                    .as_str()
                    .unwrap_or_default()
                    .to_owned(),
                parts[2]["valueUnsignedInt"].as_u64().unwrap_or_default(),
                such_as.collect(),
            )
        })
        .collect()
}

#[tokio::test]
async fn whoever_sends_a_patient_is_asked_what_looks_odd_and_the_patient_is_taken() {
    let hall = Hall::open().await;
    let told = hall.practice().with("prefer", "return=OperationOutcome");
    let odd = filled_in("odd", "1900-01-01", "1203842148");
    let answer = told.puts(&odd).await.is(201);
    let issues = answer.json()["issue"]
        .as_array()
        .cloned()
        .unwrap_or_default();
    let words: Vec<(&str, &str)> = issues
        .iter()
        .map(|issue| {
            let text = |value: &'static str| issue.pointer(value).and_then(Value::as_str);
            (
                text("/severity").unwrap_or_default(),
                text("/details/text").unwrap_or_default(),
            )
        })
        .collect();
    assert_eq!(
        words,
        [
            ("information", "created"),
            (
                "warning",
                "the name is a word for \"not known\": is a name known by now?"
            ),
            (
                "warning",
                "the date of birth is one that systems fill in: is it known? It is compared as unknown"
            ),
            (
                "warning",
                "the check digit of a national number does not hold: is a digit mistyped, or is it a local or temporary number?"
            ),
        ]
    );
    assert!(
        !answer.text().contains("1203842148"),
        "a question repeats nothing"
    );
}

#[tokio::test]
async fn an_agencys_system_reads_how_complete_its_own_patients_are_and_nobody_elses() {
    let hall = Hall::open().await;
    let before = hall.practice().gets("Patient/$quality").await.is(200);
    let records = |answer: &Answer| answer.json()["parameter"][0]["valueUnsignedInt"].as_u64();
    // The same number on two people of different age, and one of the hospital's that is nobody's business.
    for (id, born) in [("older", "1984-03-12"), ("younger", "2014-03-12")] {
        let patient = filled_in(id, born, "1203842147");
        hall.practice().puts(&patient).await.is(201);
    }
    let theirs = filled_in("theirs", "1994-03-12", "1203842147");
    hall.hospital().puts(&theirs).await.is(201);

    let after = hall.practice().gets("Patient/$quality").await.is(200);
    assert_eq!(records(&after), records(&before).map(|count| count + 2));
    let own = |id| hall.id_of("braehead-practice", "Patient", id).to_string();
    let shared = asked(&after).into_iter().find(|it| it.0 == "shared-number");
    assert_eq!(
        shared,
        Some((
            "shared-number".to_owned(),
            2,
            vec![own("older"), own("younger")]
        ))
    );
    let filler = asked(&after).into_iter().find(|it| it.0 == "filler-name");
    assert_eq!(filler.map(|it| it.1), Some(2));
    let filled = after.at("/parameter/1/part/0/valueString");
    assert_eq!(filled, "name");
    assert!(
        !after
            .text()
            .contains(&hall.id_of("hospital", "Patient", "theirs").to_string())
    );
    // People who work there read records for a purpose, and one at a time.
    for worker in [hall.ruksana(), hall.fraser()] {
        let words = "an agency's record system asks this about the Patients that the agency holds";
        worker
            .gets("Patient/$quality")
            .await
            .says(403, "forbidden", words);
    }
}
