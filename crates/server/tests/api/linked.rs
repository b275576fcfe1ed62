//! Search beyond one resource's own values: chains, includes, order, shape, compartments.

use serde_json::{Value, json};

use crate::answer::Answer;
use crate::hall::Hall;
use crate::morag::{admitted, weight};

/// What goes with the matches of a searchset, by type.
fn included(answer: &Answer) -> Vec<String> {
    let bundle = answer.json();
    let entries = bundle["entry"].as_array().cloned().unwrap_or_default();
    entries
        .iter()
        .filter(|entry| entry["search"]["mode"] == "include")
        .map(|entry| {
            entry["resource"]["resourceType"]
                .as_str()
                .unwrap()
                .to_owned()
        })
        .collect()
}

/// Morag's weight, measured during her stay.
async fn measured(hall: &Hall) -> (String, String) {
    let morag = admitted(hall).await;
    let question = format!("Encounter?patient={morag}");
    let stays = hall.ruksana().gets(&question).await.is(200);
    let stay = stays.matches()[0]["id"].as_str().unwrap().to_owned();
    let mut finding = weight(&morag, "w-1", "71", "2027-01-11");
    finding["encounter"] = json!({"reference": format!("Encounter/{stay}")});
    hall.hospital().puts(&finding).await.is(201);
    (morag, stay)
}

#[tokio::test]
async fn a_question_may_lead_to_what_a_resource_refers_to_and_back() {
    let hall = Hall::open().await;
    let (morag, stay) = measured(&hall).await;
    let ruksana = hall.ruksana();
    for (question, found) in [
        ("Observation?patient=MORAG&encounter.status=in-progress", 1),
        ("Observation?patient=MORAG&encounter:Encounter.class=IMP", 1),
        ("Observation?patient=MORAG&encounter.status=finished", 0),
        (
            "Observation?patient=MORAG&encounter.service-provider.name=nobody",
            0,
        ),
        (
            "Encounter?patient=MORAG&_has:Observation:encounter:status=final",
            1,
        ),
        (
            "Encounter?patient=MORAG&_has:Observation:encounter:status=draft",
            0,
        ),
        ("Patient?_id=MORAG&_has:Encounter:subject:class=IMP", 1),
        (
            "Patient?_id=MORAG&_has:Encounter:subject:_has:Observation:encounter:status=final",
            1,
        ),
        (
            "Patient?_id=MORAG&_has:Encounter:subject:_has:Observation:encounter:status=draft",
            0,
        ),
        (
            "Patient?_id=MORAG&_has:Observation:subject:encounter.class=IMP",
            1,
        ),
        ("Observation?patient=MORAG&subject.name=testwell", 1),
        ("Observation?patient=MORAG&subject.name=nobody", 0),
        ("Patient/MORAG/Observation?status=final", 1),
        ("Patient/MORAG/Condition", 0),
    ] {
        let question = question.replace("MORAG", &morag);
        let answer = ruksana.gets(&question).await.is(200);
        assert_eq!(answer.json()["total"], found, "{question}");
    }
    let with = format!(
        "Observation?patient={morag}&_include=Observation:encounter&_include:iterate=Encounter:service-provider"
    );
    let answer = ruksana.gets(&with).await.is(200);
    assert_eq!(included(&answer), ["Encounter", "Organization"]);
    let back = format!("Encounter?patient={morag}&_id={stay}&_revinclude=Observation:encounter");
    let answer = ruksana.gets(&back).await.is(200);
    assert_eq!(included(&answer), ["Observation"]);
    assert_eq!(answer.json()["total"], 1, "what goes along is not counted");
    let other = ruksana
        .gets(&format!("Organization/{stay}/Observation"))
        .await;
    assert_eq!(other.status, 404);
}

#[tokio::test]
async fn an_answer_has_the_shape_that_was_asked_for() {
    let hall = Hall::open().await;
    let (morag, _) = measured(&hall).await;
    let ruksana = hall.ruksana();
    let gets = async |question: &str| {
        let question = format!("Observation?patient={morag}&{question}");
        ruksana.gets(&question).await.is(200)
    };
    let counted = gets("_summary=count").await;
    assert_eq!(counted.json()["total"], 1);
    assert_eq!(counted.matches(), Vec::<Value>::new());
    assert_eq!(gets("_count=0").await.matches(), Vec::<Value>::new());
    let uncounted = gets("_total=none").await;
    assert_eq!(uncounted.json()["total"], Value::Null);
    let some = gets("_elements=status").await.matches().remove(0);
    assert_eq!(some["status"], "final");
    assert!(
        some.get("valueString").is_none() && some.get("code").is_some(),
        "{some:#}"
    );
    assert_eq!(some["meta"]["tag"][0]["code"], "SUBSETTED");
    let short = gets("_summary=true").await.matches().remove(0);
    assert!(short.get("valueString").is_some());
}

#[tokio::test]
async fn a_resource_read_by_its_id_has_the_shape_that_was_asked_for() {
    let hall = Hall::open().await;
    let morag = admitted(&hall).await;
    hall.hospital()
        .puts(&weight(&morag, "w-1", "71", "2027-01-11"))
        .await
        .is(201);
    let ruksana = hall.ruksana();
    let whole = ruksana.reads("Observation", "w-1").await.is(200);
    for address in ["Observation/w-1", "Observation/w-1/_history/1"] {
        let part = ruksana
            .gets(&format!("{address}?_elements=status&_format=json"))
            .await
            .is(200);
        assert_eq!(part.at("/status"), "final");
        assert_eq!(part.at("/meta/tag/0/code"), "SUBSETTED");
        assert!(part.json().get("valueString").is_none(), "{}", part.json());
        assert_eq!(part.header("etag"), whole.header("etag"));
    }
    let data = ruksana.gets("Observation/w-1?_summary=data").await.is(200);
    assert!(data.json().get("text").is_none());
    let text = ruksana.gets("Observation/w-1?_summary=text").await.is(200);
    assert!(text.json().get("valueString").is_none());
    let ward = ruksana.gets("Organization?_count=1").await.is(200);
    let ward = ward.matches()[0]["id"].as_str().unwrap().to_owned();
    let named = ruksana
        .gets(&format!("Organization/{ward}?_elements=name"))
        .await
        .is(200);
    assert!(named.json().get("name").is_some() && named.json().get("type").is_none());
    let short = ruksana.gets("Observation/w-1?_summary=short").await.is(400);
    assert_eq!(short.at("/issue/0/expression/0"), "_summary");
}

#[tokio::test]
async fn an_answer_is_in_the_order_that_was_asked_for_over_its_pages() {
    let hall = Hall::open().await;
    let morag = admitted(&hall).await;
    for (id, value) in [("w-1", "b"), ("w-2", "a"), ("w-3", "c")] {
        let finding = weight(&morag, id, value, "2027-01-11");
        hall.hospital().puts(&finding).await.is(201);
    }
    let mut next = Some(format!(
        "Observation?patient={morag}&_sort=-value-string&_count=1"
    ));
    let mut walked = Vec::new();
    while let Some(address) = next {
        let page = hall.ruksana().gets(&address).await.is(200);
        walked.push(
            page.matches()[0]["valueString"]
                .as_str()
                .unwrap()
                .to_owned(),
        );
        next = page.link("next");
    }
    assert_eq!(walked, ["c", "b", "a"]);
}

#[tokio::test]
async fn strict_callers_are_refused_what_is_not_supported() {
    let hall = Hall::open().await;
    let morag = admitted(&hall).await;
    let strict = hall.ruksana().with("prefer", "handling=strict");
    let question = format!("Observation?patient={morag}&shoe-size=9");
    let answer = strict.gets(&question).await;
    answer.says(
        400,
        "not-supported",
        "search parameters that are not supported: shoe-size=9",
    );
    hall.ruksana().gets(&question).await.is(200);
}
