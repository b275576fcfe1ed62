//! Importing with the real program: a real sample taken in whole and given back byte for byte,
//! a process killed on the way, and lines that cannot be taken.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::process::{Output, Stdio};
use std::time::{Duration, Instant};

use reqwest::{Client, StatusCode};
use serde_json::Value;
use sha2::{Digest, Sha256};
use tokio::task::JoinSet;

use crate::program::{Demo, candour, client, code, command, err, out, text, token};
use crate::sample::{self, Names, RESOURCES, Sent};
use crate::town;

/// Set by `make test-long`: read every single thing.
const LONG: &str = "CANDOUR_LONG";

/// An import in the hospital's name, as its arguments.
fn import<'a>(files: &'a Path, data: &'a Path, rejects: &'a Path) -> Vec<&'a str> {
    let mut arguments = vec!["import", text(files), "--as", "hospital"];
    arguments.extend(["--data", text(data), "--rejects", text(rejects)]);
    arguments
}

fn json(output: &Output) -> Value {
    serde_json::from_str(out(output)).expect("the report is JSON")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_hospitals_files_are_taken_in_whole_and_come_back_as_they_were_sent() {
    let Some(sample) = sample::folder() else {
        println!("SKIPPED: process::importing: the sample of synthetic patients is not there");
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let rejects = folder.path().join("rejects.ndjson");

    let mut first = import(&sample, &data, &rejects);
    first.push("--json");
    let first = candour(first);
    assert_eq!(code(&first), 0, "{}", err(&first));
    let report = json(&first);
    assert_eq!(report["created"], RESOURCES);
    assert_eq!(report["refused"], 0);
    assert!(!rejects.exists());
    assert!(
        err(&first).contains("7160 of 7160 resources, "),
        "{}",
        err(&first)
    );
    assert_labelled(&report["labels"]);
    assert_eq!(report["patients"]["records"], 13);
    assert_eq!(report["patients"]["filled"]["date of birth"], 13);
    assert_eq!(report["patients"]["filled"]["national number"], 0);

    let second = candour(import(&sample, &data, &rejects));
    assert_eq!(code(&second), 0, "{}", err(&second));
    assert!(
        out(&second).starts_with("nothing changed: all 7160 resources were there already\n"),
        "{}",
        out(&second)
    );

    let sent = sample::sent(&sample);
    assert_eq!(sent.len(), RESOURCES);
    admit_everyone(&sent, folder.path(), &data);
    let demo = Demo::start(&data);
    let consultant = Consultant {
        http: client(),
        fhir: format!("{}/fhir", demo.url),
        token: token(&data, "ifeoma-nwosu", "TREAT"),
    };
    assert_served(&consultant, &sent, &Names::of(&data, &sent)).await;
    assert_originals(&consultant, &sent).await;
    assert_eq!(demo.terminate(), Some(0));
    assert_kept(&data, &sent).await;
}

/// Of the sample's notes, by a yardstick that shares nothing with the labeller's rules.
fn assert_labelled(labels: &Value) {
    assert_eq!(labels["unlabelled_rate"], 0.0);
    for (topic, least) in [
        ("violence and abuse", 0.9),
        ("mental health", 0.9),
        ("substance use", 0.9),
        ("sexual health", 0.9),
    ] {
        let told = &labels["notes_that_speak_of"][topic];
        let share = told["share"].as_f64().expect("some note speaks of it");
        assert!(share >= least, "{topic}: {told}");
    }
}

/// Admits every patient to the hospital, whose consultants may then read what it wrote.
fn admit_everyone(sent: &[Sent], folder: &Path, data: &Path) {
    let mut lines = String::new();
    for one in sent
        .iter()
        .filter(|one| one.text("resourceType") == "Patient")
    {
        let id = one.text("id");
        writeln!(
            lines,
            r#"{{"resourceType":"Encounter","id":"admission-{id}","status":"in-progress","class":{{"code":"IMP"}},"subject":{{"reference":"Patient/{id}"}},"period":{{"start":"2026-01-01T09:00:00Z"}}}}"#
        )
        .unwrap();
    }
    let file = folder.join("admissions.ndjson");
    fs::write(&file, lines).unwrap();
    let admitted = candour(import(&file, data, &folder.join("rejects.ndjson")));
    assert_eq!(code(&admitted), 0, "{}", err(&admitted));
}

/// A consultant at work on the running exchange.
#[derive(Clone)]
struct Consultant {
    http: Client,
    fhir: String,
    token: String,
}

impl Consultant {
    async fn get(&self, url: &str) -> Vec<u8> {
        let request = self.http.get(url).bearer_auth(&self.token);
        let response = request.send().await.unwrap();
        assert_eq!(response.status(), StatusCode::OK, "{url}");
        response.bytes().await.unwrap().into()
    }

    async fn read(&self, path: &str) -> Value {
        serde_json::from_slice(&self.get(&format!("{}/{path}", self.fhir)).await).unwrap()
    }

    /// Everything about a patient, by address.
    async fn everything(&self, patient: &str, served: &mut HashMap<String, Value>) {
        let mut next = Some(format!("{}/{patient}/$everything?_count=1000", self.fhir));
        while let Some(url) = next {
            let page: Value = serde_json::from_slice(&self.get(&url).await).unwrap();
            for entry in page["entry"].as_array().unwrap() {
                let resource = entry["resource"].clone();
                let part = |name: &str| resource[name].as_str().unwrap_or_default().to_owned();
                let address = format!("{}/{}", part("resourceType"), part("id"));
                served.insert(address, resource);
            }
            let links = page["link"].as_array().unwrap();
            let link = links.iter().find(|link| link["relation"] == "next");
            next = link.map(|link| link["url"].as_str().unwrap().to_owned());
        }
    }
}

/// Each resource is served as it was sent, but for its id, its meta and its references.
async fn assert_served(consultant: &Consultant, sent: &[Sent], names: &Names) {
    let mut served = HashMap::new();
    for one in sent {
        let address = names.served(one);
        match one.text("resourceType") {
            "Patient" => consultant.everything(&address, &mut served).await,
            "Organization" | "Location" | "Practitioner" | "PractitionerRole" => {
                let resource = consultant.read(&address).await;
                served.insert(address, resource);
            }
            _ => {}
        }
    }
    for one in sent {
        let address = names.served(one);
        let resource = served.get(&address).expect("what was sent is served");
        assert_eq!(*resource, names.expected(one, resource), "{address}");
        assert_eq!(resource["meta"]["versionId"], "1");
    }
}

/// Originals come back byte for byte, under their sender's own ids. Each answer is decided, logged
/// and synced, which takes a while for all of them.
async fn assert_originals(consultant: &Consultant, sent: &[Sent]) {
    let every = if std::env::var_os(LONG).is_some() {
        1
    } else {
        20
    };
    let mut reads = JoinSet::new();
    for one in sent.iter().step_by(every) {
        let consultant = consultant.clone();
        let url = format!("{}/{}/$original", consultant.fhir, one.address());
        let line = one.line.clone();
        reads.spawn(async move {
            let original = consultant.get(&url).await;
            assert!(original == line.as_bytes(), "{url} is not what was sent");
        });
        if reads.len() >= 16 {
            reads.join_next().await.unwrap().unwrap();
        }
    }
    reads.join_all().await;
}

/// Every original is kept under the hash of what was sent, and every one can be rebuilt to its
/// hash: so each would come back byte for byte.
async fn assert_kept(data: &Path, sent: &[Sent]) {
    let cx = town::open(data);
    let names = Names::of(data, sent);
    let mut snapshot = cx.store.snapshot().await.unwrap();
    for one in sent {
        let address = names.served(one);
        let (resource_type, id) = address.split_once('/').unwrap();
        let located = snapshot.locate(resource_type, &id.parse().unwrap()).await;
        let hash: [u8; 32] = Sha256::digest(&one.line).into();
        assert_eq!(located.unwrap().unwrap().original_hash, hash, "{address}");
    }
    let verified = cx.store.verify_all().await.unwrap();
    assert_eq!(verified.faults, Vec::<String>::new());
    assert!(verified.originals >= sent.len() as u64);
}

#[test]
fn an_import_that_is_killed_goes_on_where_it_stopped() {
    let folder = tempfile::tempdir().unwrap();
    let (file, data) = (
        folder.path().join("files.ndjson"),
        folder.path().join("data"),
    );
    let rejects = folder.path().join("rejects.ndjson");
    let conditions = 4000;
    fs::write(&file, one_patient(conditions)).unwrap();
    let arguments = import(&file, &data, &rejects);

    for _ in 0..3 {
        let mut running = command(arguments.iter().copied())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let began = Instant::now();
        while !is_under_way(&data) && began.elapsed() < Duration::from_secs(60) {
            std::thread::sleep(Duration::from_millis(5));
        }
        std::thread::sleep(crate::program::random_moment(0, 400));
        running.kill().unwrap();
        running.wait().unwrap();
    }
    assert!(is_under_way(&data), "it was finished before it was killed");

    let mut last = arguments.clone();
    last.push("--json");
    let last = candour(last);
    assert_eq!(code(&last), 0, "{}", err(&last));
    assert!(err(&last).contains("going on after "), "{}", err(&last));
    let report = json(&last);
    let count = |name: &str| report[name].as_u64().unwrap();
    assert_eq!(count("created") + count("unchanged"), conditions + 1);
    assert_eq!((count("updated"), count("refused")), (0, 0));

    let again = candour(arguments);
    assert_eq!(
        out(&again).lines().next(),
        Some("nothing changed: all 4001 resources were there already")
    );
    let doctor = candour(["doctor", "--data", text(&data), "--thorough"]);
    assert_eq!(code(&doctor), 0, "{}", out(&doctor));
}

fn one_patient(conditions: u64) -> String {
    let mut lines = String::from(
        r#"{"resourceType":"Patient","id":"p","name":[{"family":"Testwell","given":["Morag"]}],"birthDate":"1950-02-03"}"#,
    );
    lines.push('\n');
    for number in 1..=conditions {
        let coding = r#"{"system":"http://snomed.info/sct","code":"38341003"}"#;
        writeln!(
            lines,
            r#"{{"resourceType":"Condition","id":"c{number}","code":{{"coding":[{coding}]}},"subject":{{"reference":"Patient/p"}}}}"#
        )
        .unwrap();
    }
    lines
}

/// Whether an import keeps its progress in the folder.
fn is_under_way(data: &Path) -> bool {
    let kept = fs::read_dir(data.join("import")).into_iter().flatten();
    kept.flatten().any(|file| {
        file.path()
            .extension()
            .is_some_and(|ending| ending == "json")
    })
}

#[test]
fn a_bad_line_is_told_with_its_place_and_reason_and_the_rest_is_taken() {
    let folder = tempfile::tempdir().unwrap();
    let (file, data) = (
        folder.path().join("files.ndjson"),
        folder.path().join("data"),
    );
    let rejects = folder.path().join("rejects.ndjson");
    let patient = r#"{"resourceType":"Patient","id":"p","name":[{"family":"Testwell"}]}"#;
    let condition = |id: &str, patient: &str| {
        format!(
            r#"{{"resourceType":"Condition","id":"{id}","code":{{"text":"Cough"}},"subject":{{"reference":"Patient/{patient}"}}}}"#
        )
    };
    let lines = [
        patient.to_owned(),
        condition("c1", "p"),
        r#"{"resourceType":"Condition","#.to_owned(),
        condition("c2", "nobody"),
        r#"{"resourceType":"Condition","code":{"text":"Cough"}}"#.to_owned(),
        condition("c3", "p"),
    ];
    fs::write(&file, lines.join("\n")).unwrap();

    let mut arguments = import(&file, &data, &rejects);
    arguments.push("--json");
    let taken = candour(arguments);
    assert_eq!(code(&taken), 5);
    let report = json(&taken);
    assert_eq!(
        (&report["created"], &report["refused"]),
        (&3.into(), &3.into())
    );
    let told: Value = serde_json::from_str(err(&taken).lines().last().unwrap()).unwrap();
    let expected = format!("3 were refused: see {}", text(&rejects));
    assert_eq!(told["message"], expected);

    let listed = fs::read_to_string(&rejects).unwrap();
    let listed: Vec<Value> = listed
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert!(
        listed.iter().all(|one| one["path"] == text(&file)),
        "{listed:?}"
    );
    let told: Vec<String> = listed
        .iter()
        .map(|one| format!("{}: {}", one["line"], one["reason"].as_str().unwrap()))
        .collect();
    insta::assert_snapshot!(told.join("\n"), @"
    3: malformed JSON: found the end, expected an element name in quotes (line 1, column 29)
    4: Condition.subject: the Patient that this is about is not known here: send the Patient first, or refer to it by the id it has here
    5: id: an imported resource needs its own id, by which a second import finds it
    ");
}
