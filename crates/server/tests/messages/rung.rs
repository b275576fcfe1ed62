//! A call, noted (S10): from the contact on the record to the line in her account, with three clicks and a
//! few words. Told about Netta Dunsmore and her district nurse.

use serde_json::json;

use crate::browser::{Browser, link, words};
use crate::hall::Hall;
use crate::packs::proven;

/// The sentences of her account, newest first.
async fn account(hall: &Hall) -> Vec<String> {
    let netta = hall.patient("netta-dunsmore").to_string();
    let lines = hall.person_of(&netta).await.gets("AuditEvent").await;
    let lines = lines.is(200).json()["entry"].clone();
    let lines = lines.as_array().cloned().unwrap_or_default();
    let said = |line: &serde_json::Value| {
        let said = line["resource"]["outcomeDesc"].as_str();
        said.map(str::to_owned)
    };
    lines.iter().filter_map(said).collect()
}

/// The address of the note of a call with somebody whom the record names as involved.
fn call_with(record: &str, name: &str) -> String {
    let row = record
        .split("<tr")
        .find(|row| row.contains(name) && row.contains("calls/new?with="));
    let row = row.unwrap_or_else(|| panic!("no row of {name}"));
    let address = row
        .split("href=\"")
        .find(|part| part.contains("calls/new?with="));
    let address = address.and_then(|part| part.split('"').next());
    address.expect("an address").replace("&amp;", "&")
}

/// The fields of a form that are ticked already.
fn ticked(form: &str) -> Vec<(String, String)> {
    let inputs = form
        .split("<input")
        .filter(|input| input.contains(" checked"));
    let part = |input: &str, name: &str| {
        let value = input.split(&format!("{name}=\"")).nth(1)?;
        value.split('"').next().map(str::to_owned)
    };
    let pairs = inputs.filter_map(|input| Some((part(input, " name")?, part(input, " value")?)));
    pairs.collect()
}

#[tokio::test]
async fn from_a_contact_on_the_record_a_call_is_three_clicks_and_two_short_lines() {
    let hall = Hall::open().await;
    let netta = hall.patient("netta-dunsmore");
    let mut sheila = Browser::of(&hall, "sheila-mathieson").await;
    let record = sheila.gets(&format!("/care/people/{netta}")).await.is(200);
    let form = sheila
        .gets(&call_with(&record.text(), "Fraser Abercrombie"))
        .await;
    let form = form.is(200);
    let chosen = ticked(&form.text());
    let whom = chosen.iter().filter(|(name, _)| name == "spoke").count();
    assert_eq!(whom, 1, "the one whom she rang: {chosen:?}");

    let why = "Her legs are swollen; she needs a rail.";
    let next = "Fraser rings Carewell on Thursday";
    let mut fields: Vec<(&str, &str)> = chosen
        .iter()
        .map(|(name, value)| (&**name, &**value))
        .filter(|(name, _)| *name != "told")
        .collect();
    fields.extend([("told", "function"), ("why", why), ("next", next)]);
    let saved = sheila
        .does(&format!("/care/people/{netta}/calls"), &fields)
        .await;
    let said = words(&saved);
    assert!(said.contains("Call noted"), "{said}");
    assert!(sheila.clicks <= 3, "{} clicks", sheila.clicks);
    let typed = why.chars().count() + next.chars().count();
    assert!(typed <= 80, "{typed} letters");

    // Like any message: a line in her account, which is proven to be whole.
    let line = "told Fraser Abercrombie, social worker, Northburn Council Social Work your everyday needs by telephone on \
                11 January 2027 at 9:30am";
    let lines = account(&hall).await;
    let about_it = lines.iter().filter(|one| one.contains(line)).count();
    assert_eq!(about_it, 1, "{lines:#?}");
    assert!(proven(&hall, "netta-dunsmore").await > 0);

    // The one who rings on Thursday finds it: the note says who does what next.
    let note = link(&saved, "The note");
    let said = words(&sheila.gets(&note).await.is(200));
    assert!(said.contains(&format!("Next: {next}")), "{said}");
    assert!(!said.contains("nobody owns a next step"), "{said}");
}

#[tokio::test]
async fn systems_note_it_by_an_operation_and_a_note_without_an_owner_says_so() {
    let hall = Hall::open().await;
    let netta = hall.patient("netta-dunsmore").to_string();
    let given = |more: &[(&str, &str)]| {
        let first = [
            ("patient", &*netta),
            ("way", "phone"),
            ("identity", "rung-on-record"),
            ("worker", "fraser-abercrombie"),
            ("told", "function"),
            ("text", "She needs a rail."),
        ];
        let all = first.iter().chain(more);
        let all: Vec<_> = all
            .map(|(name, value)| json!({ "name": name, "valueString": value }))
            .collect();
        json!({ "resourceType": "Parameters", "parameter": all }).to_string()
    };
    let sheila = hall.actor("sheila-mathieson", &["TREAT"]);
    let made = sheila
        .posts("Communication/$call", given(&[]))
        .await
        .is(201);
    assert!(
        made.text().contains("Nobody owns a next step"),
        "{}",
        made.text()
    );
    let next = [("next", "Fraser rings Carewell")];
    let made = sheila
        .posts("Communication/$call", given(&next))
        .await
        .is(201);
    assert!(
        made.text().contains("Next: Fraser rings Carewell"),
        "{}",
        made.text()
    );
    assert_eq!(account(&hall).await.len(), 2);
}
