//! Readers and writers at work on a running demo until it is killed, and what they were told.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use ledger::{Hash, Receipt};
use reqwest::{Client, Response, StatusCode, header};
use serde::Deserialize;
use serde_json::value::RawValue;
use sha2::{Digest, Sha256};
use tokio::task::JoinSet;

use crate::program::{Demo, client};
use crate::town::Cast;

/// An answer about Netta of which at least the head was received.
pub struct Told {
    /// The commitment that its receipt is for.
    pub commitment: Hash,
    /// SHA-256 over the resources, as the account has it; nothing if the body broke off.
    pub content: Option<[u8; 32]>,
}

/// A contribution that was acknowledged.
pub struct Written {
    /// `Observation/...`, by the practice's own id.
    pub address: String,
    pub version: u32,
    /// The bytes as they are served; nothing if the body broke off.
    pub bytes: Option<Vec<u8>>,
}

/// What clients received before the process was killed.
#[derive(Default)]
pub struct Received {
    pub told: Vec<Told>,
    pub written: Vec<Written>,
}

/// Where everyone notes what they received.
type Notes = Arc<Mutex<Received>>;

/// Works on the demo with eight clients at once, and kills it at this moment.
pub async fn until_killed(demo: &mut Demo, cast: &Cast, moment: Duration) -> Received {
    let notes = Notes::default();
    let (http, fhir) = (client(), format!("{}/fhir", demo.url));
    let mut tasks = JoinSet::new();

    let mut read = |token: &str, paths: Vec<String>| {
        let reader = Reader {
            http: http.clone(),
            token: token.to_owned(),
            urls: paths.iter().map(|path| format!("{fhir}/{path}")).collect(),
        };
        tasks.spawn(reader.read(Arc::clone(&notes)));
    };
    let everything = vec![format!("{}/$everything", cast.patient)];
    let mut backwards = cast.resources.clone();
    backwards.reverse();
    read(&cast.doctor, cast.resources.clone());
    read(&cast.doctor, backwards);
    read(&cast.social_worker, everything.clone());
    read(&cast.doctor, everything);
    read(&cast.housing_officer, vec![cast.patient.clone()]);
    for number in 0..3 {
        let writer = Writer {
            http: http.clone(),
            token: cast.practice.clone(),
            fhir: fhir.clone(),
            patient: cast.patient.clone(),
            number,
        };
        tasks.spawn(writer.write(Arc::clone(&notes)));
    }

    tokio::time::sleep(moment).await;
    demo.kill();
    tasks.join_all().await;
    std::mem::take(&mut notes.lock().unwrap())
}

/// Asks for the same addresses in turn.
struct Reader {
    http: Client,
    token: String,
    urls: Vec<String>,
}

impl Reader {
    async fn read(self, notes: Notes) {
        for url in self.urls.iter().cycle() {
            let request = self.http.get(url).bearer_auth(&self.token);
            let Ok(response) = request.send().await else {
                return;
            };
            let status = response.status();
            assert!(
                matches!(status, StatusCode::OK | StatusCode::FORBIDDEN),
                "{url} answered {status}"
            );
            let receipt = response
                .headers()
                .get("candour-receipt")
                .expect("every answer about somebody has a receipt");
            let commitment = Receipt::decode(receipt.to_str().unwrap())
                .unwrap()
                .commitment;
            let body = response.bytes().await.ok();
            let content = body.map(|body| content(if status.is_success() { &body } else { b"" }));
            let told = Told {
                commitment,
                content,
            };
            notes.lock().unwrap().told.push(told);
        }
    }
}

/// The digest over type, id, version and bytes of each resource, which the account keeps.
fn content(body: &[u8]) -> [u8; 32] {
    let mut digest = Sha256::new();
    for resource in resources(body) {
        let head: Head = serde_json::from_str(resource).unwrap();
        let id: domain::ResourceId = head.id.parse().unwrap();
        let version: u32 = head.meta.version.parse().unwrap();
        digest.update(head.resource_type.as_bytes());
        digest.update([0]);
        digest.update(id.0);
        digest.update(version.to_be_bytes());
        digest.update((resource.len() as u64).to_be_bytes());
        digest.update(resource.as_bytes());
    }
    digest.finalize().into()
}

/// The resources of an answer, byte for byte: itself, or a Bundle's but for what is said about it.
fn resources(body: &[u8]) -> Vec<&str> {
    if body.is_empty() {
        return Vec::new();
    }
    let whole: &RawValue = serde_json::from_slice(body).unwrap();
    let bundle: Bundle<'_> = serde_json::from_slice(body).unwrap();
    match bundle.resource_type {
        "Bundle" => bundle
            .entry
            .iter()
            .filter(|entry| entry.search.mode == "match")
            .map(|entry| entry.resource.get())
            .collect(),
        _ => vec![whole.get()],
    }
}

#[derive(Deserialize)]
struct Bundle<'a> {
    #[serde(rename = "resourceType")]
    resource_type: &'a str,
    #[serde(borrow, default)]
    entry: Vec<Entry<'a>>,
}

#[derive(Deserialize)]
struct Entry<'a> {
    #[serde(borrow)]
    resource: &'a RawValue,
    #[serde(borrow)]
    search: Search<'a>,
}

#[derive(Deserialize)]
struct Search<'a> {
    mode: &'a str,
}

#[derive(Deserialize)]
struct Head<'a> {
    #[serde(rename = "resourceType")]
    resource_type: &'a str,
    id: &'a str,
    #[serde(borrow)]
    meta: Meta<'a>,
}

#[derive(Deserialize)]
struct Meta<'a> {
    #[serde(rename = "versionId")]
    version: &'a str,
}

/// Writes new Observations, and new versions of those it wrote before.
struct Writer {
    http: Client,
    token: String,
    fhir: String,
    patient: String,
    number: u32,
}

impl Writer {
    async fn write(self, notes: Notes) {
        for turn in 0.. {
            let id = format!("weight-{}-{}", self.number, turn % 7);
            let address = format!("Observation/{id}");
            let request = self
                .http
                .put(format!("{}/{address}", self.fhir))
                .bearer_auth(&self.token)
                .body(weight(&id, &self.patient, turn));
            let Ok(response) = request.send().await else {
                return;
            };
            let status = response.status();
            assert!(status.is_success(), "{address} answered {status}");
            let written = Written {
                version: version(&response),
                bytes: response.bytes().await.ok().map(Vec::from),
                address,
            };
            notes.lock().unwrap().written.push(written);
        }
    }
}

fn weight(id: &str, patient: &str, turn: u32) -> String {
    let kilograms = format!("{}.{}0", 60 + turn / 10, turn % 10);
    format!(
        r#"{{"resourceType":"Observation","id":"{id}","status":"final","code":{{"coding":[{{"system":"http://loinc.org","code":"29463-7"}}]}},"subject":{{"reference":"{patient}"}},"valueQuantity":{{"value":{kilograms},"unit":"kg"}}}}"#
    )
}

fn version(response: &Response) -> u32 {
    let tag = response.headers()[header::ETAG].to_str().unwrap();
    let version = tag
        .strip_prefix("W/\"")
        .and_then(|tag| tag.strip_suffix('"'));
    version.unwrap().parse().unwrap()
}
