//! Attempts on a record stay written down with their refusals when the process is killed before
//! anybody was told of them, and each is told once.

use std::time::{Duration, Instant};

use reqwest::{Client, StatusCode};
use serde_json::Value;

use crate::program::{Demo, client, random_moment, token};
use crate::town::{patient, settled};

const KILLS: u32 = 4;
/// How long the exchange may take to tell of what was tried.
const SOON: Duration = Duration::from_secs(60);

/// Iona Dalgleish has barred Kenneth Purdie by name. He tries until the program is killed; gives how
/// many refusals reached him.
async fn tries(demo: &mut Demo, kenneth: &str, her: &str, moment: Duration) -> u32 {
    let url = format!("{}/fhir/Patient/{her}", demo.url);
    let (http, kenneth) = (client(), kenneth.to_owned());
    let trying = tokio::spawn(async move {
        let mut refused = 0;
        while let Ok(answer) = http.get(&url).bearer_auth(&kenneth).send().await {
            assert_eq!(answer.status(), StatusCode::NOT_FOUND);
            refused += 1;
        }
        refused
    });
    tokio::time::sleep(moment).await;
    demo.kill();
    trying.await.unwrap()
}

async fn json(http: &Client, url: &str, token: &str) -> Value {
    let answer = http.get(url).bearer_auth(token).send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::OK, "{url}");
    answer.json().await.unwrap()
}

/// The alerts on the list of the hospital's privacy officer, by id.
async fn alerts(http: &Client, demo: &Demo, eleanor: &str) -> Vec<String> {
    let list = format!("{}/fhir/Communication/$inbox", demo.url);
    let inbox = json(http, &list, eleanor).await;
    let entries = inbox["entry"].as_array().cloned().unwrap_or_default();
    let resources = entries.iter().map(|entry| &entry["resource"]);
    let alerts = resources.filter(|resource| {
        resource["category"][0]["coding"][0]["code"].as_str() == Some("privacy-alert")
    });
    alerts
        .map(|alert| alert["id"].as_str().unwrap().to_owned())
        .collect()
}

/// How many attempts an alert tells of: "... not open to them: 14 times, ...".
async fn told(http: &Client, demo: &Demo, eleanor: &str, alert: &str) -> u32 {
    let open = format!("{}/fhir/Communication/{alert}/$open", demo.url);
    let opened = json(http, &open, eleanor).await;
    let said = opened["entry"][0]["resource"]["payload"][0]["contentString"]
        .as_str()
        .unwrap();
    let (_, rest) = said.split_once("not open to them: ").expect(said);
    let times = rest.split(' ').next().unwrap();
    times.parse().expect(said)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_tried_before_a_kill_is_told_once_after_it() {
    let folder = settled().await.copy();
    let her = patient(folder.path(), "iona-dalgleish").await;
    let kenneth = token(folder.path(), "kenneth-purdie", "TREAT");
    let eleanor = token(folder.path(), "eleanor-tweedie", "HOPERAT");
    let mut refused = 0;
    for _ in 0..KILLS {
        let mut demo = Demo::start(folder.path());
        refused += tries(&mut demo, &kenneth, &her, random_moment(20, 1_500)).await;
    }
    assert!(refused > KILLS, "there was too little to lose: {refused}");

    let demo = Demo::start(folder.path());
    let http = client();
    let begun = Instant::now();
    let tells = loop {
        let all = alerts(&http, &demo, &eleanor).await;
        if let [alert] = &*all {
            let tells = told(&http, &demo, &eleanor, alert).await;
            if tells >= refused {
                break tells;
            }
        }
        assert!(all.len() < 2, "one worker and one person are one alert");
        assert!(
            begun.elapsed() < SOON,
            "of {refused} refusals not all were told"
        );
        tokio::time::sleep(Duration::from_millis(200)).await;
    };
    // Of each run at most the last refusal was written and did not reach him.
    assert!(tells <= refused + KILLS, "{tells} told of {refused}");
    assert_eq!(demo.terminate(), Some(0));
}
