//! An empty exchange is given its agencies and staff, who may then ask.

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Stdio};

use domain::Clock;
use reqwest::StatusCode;
use serde_json::{Value, json};
use server::clock::SystemClock;
use server::tokens::LocalIssuer;

use crate::program::{candour, client, code, command, err, out, text};

const WORKER: &str = "https://candour.example/fhir/id/worker";
const AGENCY: &str = "https://candour.example/fhir/id/organisation";
const TEAM: &str = "https://candour.example/fhir/id/team";
const KIND: &str = "https://candour.example/fhir/CodeSystem/organisation-kind";
const REMIT: &str = "https://candour.example/fhir/CodeSystem/team-remit";
const ROLE: &str = "https://candour.example/fhir/CodeSystem/role";

/// The council's social work: a team, its duty at night, Effie Tulloch and a record system.
fn council() -> Vec<Value> {
    vec![
        json!({
            "resourceType": "Organization", "id": "sw",
            "identifier": [{"system": AGENCY, "value": "westray-social-work"}],
            "name": "Westray Council Social Work",
            "type": [{"coding": [{"system": KIND, "code": "social-work"}]}],
            "telecom": [{"system": "phone", "value": "01632 960 501"}],
        }),
        json!({
            "resourceType": "Organization", "id": "adults",
            "identifier": [{"system": TEAM, "value": "westray-adults"}],
            "name": "Westray adults team",
            "partOf": {"reference": "Organization/sw"},
        }),
        json!({
            "resourceType": "Practitioner", "id": "effie",
            "identifier": [{"system": WORKER, "value": "effie-tulloch"}],
            "name": [{"family": "Tulloch", "given": ["Effie"]}],
        }),
        json!({
            "resourceType": "PractitionerRole", "id": "effie-role",
            "practitioner": {"reference": "Practitioner/effie"},
            "organization": {"reference": "https://hr.example/fhir/Organization/adults"},
            "code": [{"coding": [{"system": ROLE, "code": "social-worker"}]}],
        }),
        json!({
            "resourceType": "Practitioner", "id": "records",
            "identifier": [{"system": WORKER, "value": "westray-records"}],
            "name": [{"text": "Westray record system"}],
        }),
        json!({
            "resourceType": "PractitionerRole", "id": "records-role",
            "practitioner": {"identifier": {"system": WORKER, "value": "westray-records"}},
            "organization": {"reference": "Organization/sw"},
            "code": [{"coding": [{"system": ROLE, "code": "system"}]}],
        }),
        json!({
            "resourceType": "HealthcareService", "id": "nights",
            "providedBy": {"reference": "Organization/adults"},
            "name": "out-of-hours social work",
            "telecom": [{"system": "phone", "value": "01632 960 590"}],
            "availableTime": [{"availableStartTime": "17:00:00", "availableEndTime": "08:45:00"}],
        }),
    ]
}

fn lines(resources: &[Value]) -> String {
    resources.iter().map(|it| format!("{it}\n")).collect()
}

/// A folder with a configuration that trusts an issuer, and no directory yet.
struct Exchange {
    folder: tempfile::TempDir,
    issuer: LocalIssuer,
}

impl Exchange {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let issuer = LocalIssuer::from_seed(&[5; 32]);
        fs::write(folder.path().join("jwks.json"), issuer.jwks()).unwrap();
        let config = r#"
            listen = "127.0.0.1:0"
            public_url = "https://exchange.example"
            data = "data"
            portal = {help = "Information desk", help_phone = "01632 960 000"}
            telemetry = {format = "json"}
            [[issuers]]
            name = "https://login.example"
            jwks = "jwks.json"
            organisations = ["*"]
        "#;
        fs::write(folder.path().join("candour.toml"), config).unwrap();
        Self { folder, issuer }
    }

    fn path(&self, name: &str) -> std::path::PathBuf {
        self.folder.path().join(name)
    }

    fn takes_in(&self, file: &Path) -> std::process::Output {
        let config = self.path("candour.toml");
        let words = [
            "admin",
            "directory",
            "import",
            text(file),
            "--config",
            text(&config),
        ];
        candour(words.into_iter().chain(["--json"]))
    }

    fn takes_in_lines(&self, resources: &[Value]) -> std::process::Output {
        let file = self.path("directory.ndjson");
        fs::write(&file, lines(resources)).unwrap();
        self.takes_in(&file)
    }

    fn token(&self, worker: &str, role: &str) -> String {
        let now = SystemClock.now().0 / 1_000_000;
        self.issuer.sign(&json!({
            "iss": "https://login.example",
            "aud": "https://exchange.example/fhir",
            "sub": worker,
            "jti": format!("{worker}-1"),
            "iat": now,
            "exp": now + 600,
            "acr": "substantial",
            "scope": "user/*.cruds",
            "extensions": {"ihe_iua": {
                "subject_organization_id": "westray-social-work",
                "subject_role": [{"code": role}],
                "purpose_of_use": [{"code": "SC-ASSESS"}],
            }},
        }))
    }
}

/// A served exchange, killed when it is dropped.
struct Served(Child, String);

impl Served {
    fn start(exchange: &Exchange) -> Self {
        let mut process = command(["serve", "--config", text(&exchange.path("candour.toml"))])
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let address = BufReader::new(process.stderr.take().unwrap())
            .lines()
            .map_while(Result::ok)
            .filter_map(|line| serde_json::from_str::<Value>(&line).ok())
            .find_map(|line| Some(line["fields"]["address"].as_str()?.to_owned()))
            .expect("it says where it listens");
        Self(process, format!("http://{address}"))
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[tokio::test]
async fn whoever_was_brought_may_ask() {
    let exchange = Exchange::new();
    let taken = exchange.takes_in_lines(&council());
    assert_eq!(code(&taken), 0, "{}", err(&taken));
    let counts: Value = serde_json::from_str(out(&taken)).unwrap();
    let one = |new| json!({"new": new, "changed": 0, "unchanged": 0});
    assert_eq!(
        counts,
        json!({"agencies": one(1), "teams": one(1), "duties": one(1), "workers": one(2)})
    );

    let served = Served::start(&exchange);
    let registered = client()
        .post(format!("{}/fhir/Patient", served.1))
        .bearer_auth(exchange.token("westray-records", "system"))
        .body(
            r#"{"resourceType":"Patient","name":[{"family":"Rendall"}],"birthDate":"1950-03-01"}"#,
        )
        .send()
        .await
        .unwrap();
    assert_eq!(registered.status(), StatusCode::CREATED);
    let look = |token: String| {
        client()
            .get(format!(
                "{}/fhir/Patient?name=Rendall&birthdate=1950-03-01",
                served.1
            ))
            .bearer_auth(token)
            .send()
    };
    let found = look(exchange.token("effie-tulloch", "social-worker"))
        .await
        .unwrap();
    assert_eq!(found.status(), StatusCode::OK);
    let found: Value = found.json().await.unwrap();
    assert_eq!(
        found["entry"][0]["resource"]["name"][0]["family"],
        "Rendall"
    );
    let doctor = look(exchange.token("effie-tulloch", "doctor"))
        .await
        .unwrap();
    assert_eq!(
        doctor.status(),
        StatusCode::UNAUTHORIZED,
        "that is not her role"
    );

    let busy = exchange.takes_in_lines(&council());
    assert_eq!(
        code(&busy),
        4,
        "the exchange has the folder: {}",
        err(&busy)
    );
}

#[test]
fn bringing_the_same_again_changes_nothing_and_says_so() {
    let exchange = Exchange::new();
    assert_eq!(code(&exchange.takes_in_lines(&council())), 0);
    let bundle = json!({
        "resourceType": "Bundle",
        "type": "collection",
        "entry": council().into_iter().map(|it| json!({"resource": it})).collect::<Vec<_>>(),
    });
    let file = exchange.path("directory.json");
    fs::write(&file, bundle.to_string()).unwrap();
    let again = exchange.takes_in(&file);
    assert_eq!(code(&again), 0, "{}", err(&again));
    assert_eq!(
        out(&again).trim_end(),
        r#"{"agencies":{"new":0,"changed":0,"unchanged":1},"teams":{"new":0,"changed":0,"unchanged":1},"duties":{"new":0,"changed":0,"unchanged":1},"workers":{"new":0,"changed":0,"unchanged":2}}"#
    );

    let mut left = council();
    left[3]["active"] = json!(false);
    left[3]["period"] = json!({"end": "2026-01-31"});
    let left = exchange.takes_in_lines(&left[..4]);
    assert_eq!(code(&left), 0, "{}", err(&left));
    let counts: Value = serde_json::from_str(out(&left)).unwrap();
    assert_eq!(
        counts["workers"],
        json!({"new": 0, "changed": 1, "unchanged": 0})
    );
    let served = candour(["doctor", "--config", text(&exchange.path("candour.toml"))]);
    assert_eq!(code(&served), 0, "{}{}", out(&served), err(&served));
}

#[tokio::test]
async fn whoever_left_may_ask_no_more() {
    let exchange = Exchange::new();
    let mut left = council();
    left[3]["period"] = json!({"end": "2026-01-31"});
    assert_eq!(code(&exchange.takes_in_lines(&left)), 0);
    let served = Served::start(&exchange);
    let answer = client()
        .get(format!(
            "{}/fhir/Patient?name=Rendall&birthdate=1950-03-01",
            served.1
        ))
        .bearer_auth(exchange.token("effie-tulloch", "social-worker"))
        .send()
        .await
        .unwrap();
    assert_eq!(answer.status(), StatusCode::UNAUTHORIZED);
}

#[test]
fn everything_that_is_wrong_is_told_at_once_and_nothing_is_taken_in() {
    let exchange = Exchange::new();
    let mut wrong = council();
    wrong[0]["type"][0]["coding"][0]["code"] = json!("circus");
    wrong[3]["organization"] = json!({"reference": "Organization/nowhere"});
    wrong[6]["availableTime"][0]["availableEndTime"] = json!("24:30:00");
    wrong[1]["type"] = json!([{"coding": [{"system": REMIT, "code": "jugglers"}]}]);
    wrong.push(json!({"resourceType": "Patient", "id": "p"}));
    let file = exchange.path("directory.ndjson");
    fs::write(&file, lines(&wrong)).unwrap();
    let only_patient = exchange.takes_in(&file);
    assert_eq!(code(&only_patient), 5);
    let told: Value = serde_json::from_str(err(&only_patient)).unwrap();
    assert_eq!(
        told["details"],
        json!([
            "line 2: Organization.type: give what the team is for as one of these, under \
             https://candour.example/fhir/CodeSystem/team-remit: adults, children, mental-health-officers, \
             information-rights",
            "line 7: HealthcareService.availableTime[0].availableEndTime: expected a time of day such as 09:30:00",
            "line 8: Patient has no place in a directory: bring Organization, Practitioner, \
             PractitionerRole and HealthcareService",
        ])
    );

    wrong.pop();
    wrong[1]["type"][0]["coding"][0]["code"] = json!("adults");
    wrong[6].as_object_mut().unwrap().remove("availableTime");
    let told = exchange.takes_in_lines(&wrong);
    assert_eq!(code(&told), 5);
    let told: Value = serde_json::from_str(err(&told)).unwrap();
    let details: Vec<&str> = told["details"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(Value::as_str)
        .collect();
    assert_eq!(
        details,
        [
            "line 1, Organization/sw: Organization.type: give a kind of agency known here, under \
             https://candour.example/fhir/CodeSystem/organisation-kind",
            "line 2, Organization/adults: its agency cannot be taken in",
            "line 4, PractitionerRole/effie-role: PractitionerRole.organization: is neither brought \
             nor in the directory",
            "line 6, PractitionerRole/records-role: its agency cannot be taken in",
            "line 7, HealthcareService/nights: its team cannot be taken in",
        ]
    );

    let whole = exchange.takes_in_lines(&council());
    let counts: Value = serde_json::from_str(out(&whole)).unwrap();
    assert_eq!(
        counts["workers"]["new"], 2,
        "nothing had been taken in: {counts}"
    );
}

#[test]
fn a_file_that_is_not_there_or_not_of_a_kind_is_told_apart() {
    let exchange = Exchange::new();
    assert_eq!(code(&exchange.takes_in(&exchange.path("absent.ndjson"))), 3);
    assert_eq!(code(&exchange.takes_in(&exchange.path("staff.xlsx"))), 2);
}
