//! What agencies asked of each other in a quarter, counted by one command.

use domain::Timestamp;
use serde_json::{Value, json};
use server::clock::SettableClock;

use crate::program::{Demo, candour, client, code, err, out, text, token};
use crate::town::{patient, settled};

#[tokio::test]
async fn a_quarter_that_is_over_is_counted_by_one_command_and_none_before() {
    let folder = settled().await.copy();
    let data = text(folder.path());
    let netta = patient(folder.path(), "netta-dunsmore").await;
    let demo = Demo::start(folder.path());
    let fraser = token(folder.path(), "fraser-abercrombie", "SC-ASSESS");
    let given = [
        ("patient", &*netta),
        ("to", "community-nursing"),
        ("what", "function"),
        ("anyway", "true"),
    ];
    let given = given.map(|(name, value)| json!({"name": name, "valueString": value}));
    let body = json!({"resourceType": "Parameters", "parameter": given}).to_string();
    for _ in 0..11 {
        let ask = client().post(format!("{}/fhir/Communication/$request", demo.url));
        let ask = ask.header("content-type", "application/fhir+json");
        let made = ask.body(body.clone()).bearer_auth(&fraser).send().await;
        assert_eq!(made.unwrap().status(), 201);
    }
    assert_eq!(demo.terminate(), Some(0));

    let counts = |more: &[&str]| {
        let command = ["audit", "requests", "--data", data];
        candour(command.iter().chain(more).copied())
    };
    let early = counts(&["--quarter", "2027-Q1"]);
    let words = "candour: 2027-Q1 is not over: what is published of it comes after it\n";
    assert_eq!((code(&early), err(&early)), (3, words));
    let before = counts(&[]);
    assert_eq!((code(&before), out(&before)), (0, ""));
    assert_eq!(code(&counts(&["--quarter", "2027-Q5"])), 2);

    let april = Timestamp::parse("2027-04-01T09:00:00Z").unwrap();
    let clock = SettableClock::starting_at(april);
    clock.keep(folder.path()).unwrap();
    let over = counts(&[]);
    assert_eq!(code(&over), 0, "{}", err(&over));
    let said = "Clydevale Hospital\n  Asked: about 10\n  Not answered yet: about 10\n  Not answered in time: about 10\n";
    assert_eq!(out(&over), said);
    let lines = counts(&["--json", "--quarter", "2027-Q1"]);
    let line: Value = serde_json::from_str(out(&lines)).unwrap();
    let counted = json!({"asked": "~10", "waiting": "~10", "late": "~10"});
    let whole = json!({"quarter": "2027-Q1", "organisation": "hospital", "counted": counted});
    assert_eq!(line, whole);
}
