//! A doctor who looks at one record after another: each refusal is nothing by itself, for she could have had
//! a reason; ten within a day are told to the privacy officer of her hospital, once, and she notices
//! nothing.

use serde_json::Value;

use crate::browser::{Browser, link, words};
use crate::hall::Hall;
use crate::night::undrawn;

const MANY: usize = 10;

async fn what_is_due(hall: &Hall) {
    let done = sharing::messages::do_what_is_due(&hall.cx).await;
    done.expect("what is due is done");
}

/// The alerts on the list of the hospital's privacy officer.
async fn alerts(hall: &Hall) -> Vec<Value> {
    what_is_due(hall).await;
    let eleanor = hall.actor("eleanor-tweedie", &["HOPERAT"]);
    let list = eleanor.gets("Communication/$inbox").await.is(200);
    let entries = list.json()["entry"].as_array().cloned();
    let resources = entries.unwrap_or_default().into_iter();
    let is_alert = |it: &Value| it["category"][0]["coding"][0]["code"] == "privacy-alert";
    resources
        .map(|mut entry| entry["resource"].take())
        .filter(is_alert)
        .collect()
}

/// Asks for somebody's record without a reason; says whether she was refused, and what she read.
async fn asks(hall: &Hall, key: &str) -> (bool, String) {
    let wiktoria = hall.actor("wiktoria-kaminska", &["TREAT"]);
    let answer = wiktoria.everything(hall.patient(key)).await;
    let said = answer.text().replace(&hall.patient(key).to_string(), "HER");
    (answer.status == 403, undrawn(&said))
}

#[tokio::test]
async fn ten_people_within_a_day_are_one_alert_that_names_none_of_them() {
    let hall = Hall::open().await;
    let keys = hall.town.people.iter().map(|it| it.key.clone());
    let mut refused: Vec<(String, String)> = Vec::new();
    for key in keys.filter(|key| !key.is_empty()) {
        if refused.len() == MANY - 1 {
            break;
        }
        if let (true, said) = asks(&hall, &key).await {
            refused.push((key, said));
        }
    }
    assert_eq!(refused.len(), MANY - 1);
    assert_eq!(alerts(&hall).await.len(), 0, "nine are none");
    let (first, before) = refused[0].clone();

    let keys = hall.town.people.iter().map(|it| it.key.clone());
    let mut more = keys.filter(|key| !key.is_empty() && refused.iter().all(|(one, _)| one != key));
    loop {
        let key = more.next().expect("somebody else");
        if asks(&hall, &key).await.0 {
            break;
        }
    }
    let all = alerts(&hall).await;
    assert_eq!(all.len(), 1, "{all:#?}");
    assert_eq!(all[0]["subject"]["display"], "many people");
    let mut eleanor = Browser::of(&hall, "eleanor-tweedie").await;
    let inbox = eleanor.gets("/care/inbox").await.is(200);
    let said = words(&eleanor.gets(&link(&inbox, "many people")).await.is(200));
    let who = "Dr Wiktoria Kamińska, doctor, Clydevale Hospital, tried to see records of 10 people that are \
               not open to them: 10 times, on 11 January 2027 at 9:30am.";
    assert!(said.contains(who), "{said}");
    for (key, _) in &refused {
        let person = hall.town.person(key).expect("somebody of the town");
        assert!(!said.contains(&person.name), "{} in {said}", person.name);
    }

    // She asks again: it grows, it is still one, and she reads what she read before anybody knew.
    assert_eq!(asks(&hall, &first).await, (true, before));
    hall.wait(60);
    assert_eq!(alerts(&hall).await.len(), 1);
    let said = words(&eleanor.gets(&link(&inbox, "many people")).await.is(200));
    assert!(said.contains("records of 10 people"), "{said}");
    assert!(said.contains("11 times"), "{said}");
}
