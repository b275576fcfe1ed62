//! `$match`: who somebody is, by all that is said of them.

use serde_json::{Value, json};

use crate::answer::Answer;
use crate::hall::Hall;

const CHI: &str = "https://phfapi.digital.health.scot/naming/chi-number";
const GRADE: &str = "http://hl7.org/fhir/StructureDefinition/match-grade";

/// The question for a Patient, as Parameters.
fn asked(patient: &Value) -> Value {
    json!({"resourceType": "Parameters", "parameter": [{"name": "resource", "resource": patient}]})
}

fn with(patient: &Value, name: &str, value: &Value) -> String {
    let mut asked = asked(patient);
    let kind = if value.is_boolean() {
        "valueBoolean"
    } else {
        "valueInteger"
    };
    let parameter = json!({"name": name, kind: value});
    asked["parameter"].as_array_mut().unwrap().push(parameter);
    asked.to_string()
}

/// Grade and score of each match, in order.
fn graded(answer: &Answer) -> Vec<(String, f64)> {
    let bundle = answer.json();
    let entries = bundle["entry"].as_array().cloned().unwrap_or_default();
    entries
        .iter()
        .filter(|entry| entry["search"]["mode"] == "match")
        .map(|entry| {
            let search = &entry["search"];
            assert_eq!(search["extension"][0]["url"], GRADE);
            let grade = search["extension"][0]["valueCode"].as_str().unwrap();
            (grade.to_owned(), search["score"].as_f64().unwrap())
        })
        .collect()
}

/// Netta Dunsmore, with a slip in her surname and without her number.
fn netta() -> Value {
    json!({
        "resourceType": "Patient",
        "name": [{"family": "Dunsmoor", "given": ["Netta"]}],
        "gender": "female",
        "birthDate": "1945-07-19",
    })
}

fn by_number(number: &str) -> Value {
    json!({"resourceType": "Patient", "identifier": [{"system": CHI, "value": number}]})
}

#[tokio::test]
async fn netta_is_found_in_spite_of_a_slip_and_it_is_said_why() {
    let hall = Hall::open().await;
    let known = hall.fraser().gets("Patient?identifier=1907459901").await;
    let mut patient = netta();
    patient["address"] = known.matches()[0]["address"].clone();
    let answer = hall
        .derek()
        .posts("Patient/$match", asked(&patient).to_string())
        .await
        .is(200);
    let [found] = &answer.matches()[..] else {
        panic!("one person: {}", answer.text())
    };
    assert_eq!(found["identifier"][0]["value"], "1907459901");
    assert_eq!(found["meta"]["tag"][0]["code"], "SUBSETTED");
    let graded = graded(&answer);
    assert_eq!(graded[0].0, "probable");
    assert!(graded[0].1 > 0.99, "{graded:?}");
    answer.receipt().verify(&hall.log_key).expect("a receipt");

    let steps = answer.json()["entry"][0]["search"]["extension"][1]["extension"].clone();
    let said: Vec<(String, String)> = steps
        .as_array()
        .unwrap()
        .iter()
        // Of what is not told to the bit, as of what people of one home share, there is no level.
        .filter(|step| step["url"] == "step" && step["extension"][2].is_object())
        .map(|step| {
            let part = |place: usize, value: &str| {
                step["extension"][place][value].as_str().unwrap().to_owned()
            };
            (part(0, "valueCode"), part(2, "valueString"))
        })
        .collect();
    let of = |name: &str| {
        let found = said.iter().find(|(comparison, _)| comparison == name);
        found.map(|(_, level)| level.as_str())
    };
    assert_eq!(of("given"), Some("the same"));
    assert_eq!(of("family"), Some("sounds the same"));
    assert_eq!(of("birth"), Some("the same"));
    assert_eq!(of("postcode"), Some("the same"));

    let account = hall
        .person("netta-dunsmore")
        .gets("AuditEvent")
        .await
        .is(200);
    assert_eq!(
        account.at("/entry/0/resource/outcomeDesc"),
        "Derek Muirhead, housing officer at Northburn Council Housing, looked for you and saw your name and \
         birth date and address on 11 January 2027 at 9:30am, for adapting a home."
    );
}

#[tokio::test]
async fn a_number_with_name_and_date_is_certain_and_the_patient_may_be_sent_by_itself() {
    let hall = Hall::open().await;
    let mut patient = netta();
    patient["identifier"] = by_number("190745 9901")["identifier"].clone();
    patient["name"][0]["family"] = "Dunsmore".into();
    let answer = hall
        .fraser()
        .posts("Patient/$match", patient.to_string())
        .await
        .is(200);
    assert_eq!(graded(&answer), [("certain".to_owned(), 1.0)]);
    let only = with(&patient, "onlyCertainMatches", &true.into());
    let answer = hall.fraser().posts("Patient/$match", only).await.is(200);
    assert_eq!(answer.json()["total"], 1);
    // A probable one is not asked for.
    let only = with(&netta(), "onlyCertainMatches", &true.into());
    let answer = hall.fraser().posts("Patient/$match", only).await.is(200);
    assert_eq!(answer.json()["total"], 0);
}

#[tokio::test]
async fn too_little_is_not_nobody_and_the_answer_says_what_is_missing() {
    let hall = Hall::open().await;
    let before = hall.bytes_kept();
    let mut patient = netta();
    patient.as_object_mut().unwrap().remove("birthDate");
    let answer = hall
        .fraser()
        .posts("Patient/$match", asked(&patient).to_string())
        .await;
    answer.says(
        422,
        "required",
        "to look for somebody, add a date of birth with day and month",
    );
    let nothing = asked(&json!({"resourceType": "Patient", "gender": "female"}));
    let answer = hall
        .fraser()
        .posts("Patient/$match", nothing.to_string())
        .await
        .is(422);
    let words: Vec<String> = answer
        .issues()
        .into_iter()
        .map(|(_, words)| words)
        .collect();
    assert_eq!(
        words,
        [
            "to look for somebody, add two of first name, surname and postcode",
            "to look for somebody, add a date of birth with day and month"
        ]
    );
    assert_eq!(hall.bytes_kept(), before);
}

#[tokio::test]
async fn a_question_that_is_not_one_is_refused_in_words() {
    let hall = Hall::open().await;
    let fraser = hall.fraser();
    for (body, status, code, words) in [
        (
            json!({"resourceType": "Parameters"}).to_string(),
            422,
            "required",
            "the parameter resource holds the Patient to look for",
        ),
        (
            asked(&json!({"resourceType": "Observation"})).to_string(),
            400,
            "value",
            "the parameter resource holds a Patient",
        ),
        (
            with(&netta(), "count", &0.into()),
            400,
            "value",
            "count is a valueInteger from 1",
        ),
        (
            with(&netta(), "onlyCertainMatches", &1.into()),
            400,
            "value",
            "onlyCertainMatches is a valueBoolean",
        ),
        (
            with(&netta(), "withEverything", &true.into()),
            400,
            "not-supported",
            "$match takes resource, onlyCertainMatches and count",
        ),
    ] {
        fraser
            .posts("Patient/$match", body)
            .await
            .says(status, code, words);
    }
}

#[tokio::test]
async fn twins_are_two_people_and_neither_is_certain_by_what_both_share() {
    let hall = Hall::open().await;
    let twin = |id: &str, given: &str| {
        json!({
            "resourceType": "Patient",
            "id": id,
            "name": [{"family": "Testwell", "given": [given]}],
            "birthDate": "2019-05-05",
            "address": [{"use": "home", "line": ["4 Mill Wynd"], "postalCode": "NB1 9ZZ"}],
        })
    };
    hall.hospital().puts(&twin("twin-1", "Iona")).await.is(201);
    hall.hospital().puts(&twin("twin-2", "Isla")).await.is(201);
    let sought = json!({
        "resourceType": "Patient",
        "name": [{"family": "Testwell"}],
        "birthDate": "2019-05-05",
        "address": [{"postalCode": "NB1 9ZZ"}],
    });
    let answer = hall
        .ruksana()
        .posts("Patient/$match", asked(&sought).to_string())
        .await
        .is(200);
    let grades: Vec<String> = graded(&answer).into_iter().map(|(it, _)| it).collect();
    assert_eq!(grades, ["probable", "probable"]);
    let one = hall
        .ruksana()
        .posts("Patient/$match", with(&sought, "count", &1.into()))
        .await
        .is(200);
    assert_eq!(one.matches().len(), 1);
    assert_eq!(one.json().get("total"), None);
    assert_eq!(
        one.notices(),
        [(
            "informational".to_owned(),
            "more people may be meant than are shown: say more about whom you mean".to_owned()
        )]
    );
}

#[tokio::test]
async fn whoever_is_sent_is_found_by_the_next_question_and_as_they_are_now() {
    let hall = Hall::open().await;
    let ruksana = hall.ruksana();
    let question = |patient: &Value| {
        let mut sought = patient.clone();
        sought.as_object_mut().unwrap().remove("id");
        asked(&sought).to_string()
    };
    let mut wojciech = json!({
        "resourceType": "Patient",
        "id": "w-1",
        "name": [{"family": "Dąbrowski", "given": ["Wojciech"]}],
        "birthDate": "1971-11-02",
    });
    let before = question(&wojciech);
    let nobody = ruksana
        .posts("Patient/$match", before.clone())
        .await
        .is(200);
    assert_eq!(nobody.matches().len(), 0);
    hall.hospital().puts(&wojciech).await.is(201);
    let found = ruksana
        .posts("Patient/$match", before.clone())
        .await
        .is(200);
    assert_eq!(found.matches().len(), 1);
    wojciech["name"][0] = json!({"family": "Kowalczyk", "given": ["Adam"]});
    wojciech["birthDate"] = "1999-01-30".into();
    hall.hospital().puts(&wojciech).await.is(200);
    let gone = ruksana.posts("Patient/$match", before).await.is(200);
    assert_eq!(gone.matches().len(), 0);
    let found = ruksana
        .posts("Patient/$match", question(&wojciech))
        .await
        .is(200);
    assert_eq!(found.matches().len(), 1);
}

#[tokio::test]
async fn iona_is_found_by_her_number_only_and_where_she_lives_is_not_told() {
    let hall = Hall::open().await;
    let hamish = hall.actor("hamish-colquhoun", &["TREAT"]);
    let sought = json!({
        "resourceType": "Patient",
        "name": [{"family": "Dalgleish", "given": ["Iona"]}],
        "gender": "female",
        "birthDate": "1995-09-13",
    });
    let answer = hamish
        .posts("Patient/$match", asked(&sought).to_string())
        .await
        .is(200);
    assert_eq!(answer.json()["total"], 0, "her name finds that she is here");
    let number = asked(&by_number("1309959900")).to_string();
    let answer = hamish.posts("Patient/$match", number.clone()).await.is(200);
    let [iona] = &answer.matches()[..] else {
        panic!("{}", answer.text())
    };
    assert_eq!(iona["birthDate"], "1995-09-13");
    assert_eq!(iona.get("address"), None);
    // Whoever has nothing to do with her, or is barred, meets nobody.
    for worker in ["kenneth-purdie", "ifeoma-nwosu"] {
        let worker = hall.actor(worker, &["TREAT"]);
        let answer = worker.posts("Patient/$match", number.clone()).await.is(200);
        assert_eq!(answer.json()["total"], 0);
        assert!(!answer.headers.contains_key("candour-receipt"));
    }
}

#[tokio::test]
async fn whoever_asks_for_one_after_another_is_slowed_down_here_too() {
    let hall = Hall::open().await;
    let fraser = hall.fraser();
    for _ in 0..60 {
        fraser.gets("Patient?identifier=1907459901").await.is(200);
    }
    let number = asked(&by_number("1907459901")).to_string();
    fraser.posts("Patient/$match", number).await.says(
        429,
        "throttled",
        "you have looked for people too often in the last minute: wait a little",
    );
}
