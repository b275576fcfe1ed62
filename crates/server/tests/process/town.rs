//! The invented town, settled once by the real program and copied for every test that changes it.

use std::fs;
use std::path::{Path, PathBuf};

use domain::{Assurance, Caller, Capacity, PersonId, Purpose, TokenId};
use reqwest::{Client, StatusCode};
use serde_json::Value;
use server::clock::SettableClock;
use server::config::Config;
use server::tokens::{Roster, SignInKind};
use server::wiring;
use sharing::{Asking, Channel, Context};
use tokio::sync::OnceCell;

use crate::program::{Demo, client, token};

/// Netta Dunsmore, with whom the town's guide begins.
const NETTA: &str = "netta-dunsmore";

/// Who asks about Netta, who writes about her, and what there is to ask for.
pub struct Cast {
    /// Her doctor may read everything.
    pub doctor: String,
    /// Her social worker may read a part.
    pub social_worker: String,
    /// A housing officer has nothing to do with her.
    pub housing_officer: String,
    /// The record system of her practice.
    pub practice: String,
    /// Her Patient at the practice, `Patient/...`.
    pub patient: String,
    /// What the doctor may read one by one.
    pub resources: Vec<String>,
}

/// A settled town with its cast, in a folder that stays as it is.
pub struct Settled {
    folder: PathBuf,
    pub cast: Cast,
}

/// The town, settled by whichever test needs it first.
pub async fn settled() -> &'static Settled {
    static SETTLED: OnceCell<Settled> = OnceCell::const_new();
    SETTLED.get_or_init(settle).await
}

async fn settle() -> Settled {
    // Beside what is built, and made anew each time, because nothing tidies up after a static.
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("process-town");
    if folder.exists() {
        fs::remove_dir_all(&folder).unwrap();
    }
    let demo = Demo::start(&folder);
    let cast = cast(&demo, &folder).await;
    assert_eq!(demo.terminate(), Some(0));
    Settled { folder, cast }
}

/// How many entries stand in Netta's account in the settled town: [`cast`] looks for her and then
/// at everything.
pub const ASKED_BEFORE: usize = 2;

async fn cast(demo: &Demo, folder: &Path) -> Cast {
    let doctor = token(folder, "imran-yousaf", "TREAT");
    let http = client();
    let find = format!(
        "{}/fhir/Patient?name=Netta%20Dunsmore&birthdate=1945-07-19",
        demo.url
    );
    let found = json(&http, &find, &doctor).await;
    let id = found["entry"][0]["resource"]["id"].as_str().unwrap();
    let patient = format!("Patient/{id}");
    let everything = format!("{}/fhir/{patient}/$everything", demo.url);
    let record = json(&http, &everything, &doctor).await;
    let resources = record["entry"].as_array().unwrap().iter().map(|entry| {
        let resource = &entry["resource"];
        let text = |name: &str| resource[name].as_str().unwrap().to_owned();
        format!("{}/{}", text("resourceType"), text("id"))
    });
    Cast {
        resources: resources.collect(),
        patient,
        doctor,
        social_worker: token(folder, "fraser-abercrombie", "SC-ASSESS"),
        housing_officer: token(folder, "derek-muirhead", "HOUSING-ADAPT"),
        practice: token(folder, "braehead-practice", "TREAT"),
    }
}

async fn json(http: &Client, url: &str, token: &str) -> Value {
    let response = http.get(url).bearer_auth(token).send().await.unwrap();
    assert_eq!(response.status(), StatusCode::OK, "{url}");
    response.json().await.unwrap()
}

impl Settled {
    /// A copy of the town as it was settled.
    pub fn copy(&self) -> tempfile::TempDir {
        let copy = tempfile::tempdir().unwrap();
        copy_folder(&self.folder, copy.path());
        copy
    }
}

fn copy_folder(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    // A key that others may read is refused.
    fs::set_permissions(to, fs::metadata(from).unwrap().permissions()).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let (path, name) = entry.map(|e| (e.path(), e.file_name())).unwrap();
        if path.is_dir() {
            copy_folder(&path, &to.join(name));
        } else {
            fs::copy(&path, to.join(name)).unwrap();
        }
    }
}

/// Opens the exchange of a folder in this process, once no other has it.
pub fn open(folder: &Path) -> Context {
    let config = Config::demo(([127, 0, 0, 1], 0).into(), folder.to_owned());
    let clock = SettableClock::of_demo(folder).unwrap();
    wiring::open(&config, std::sync::Arc::new(clock))
        .unwrap()
        .cx
}

/// Netta, asking about herself.
pub fn netta(folder: &Path) -> Asking {
    Asking {
        caller: Caller {
            name: "Netta Dunsmore".to_owned(),
            capacity: Capacity::Person(person(folder, NETTA)),
            assurance: Assurance::Substantial,
        },
        token: TokenId::new("netta"),
        purpose: Purpose::PersonRequest,
        reason: None,
        channel: Channel::Api,
        idempotency: None,
    }
}

/// The id of somebody's Patient, while no other process has the folder.
pub async fn patient(folder: &Path, key: &str) -> String {
    let mut snapshot = open(folder).store.snapshot().await.unwrap();
    let own = snapshot.by_itself(person(folder, key)).await.unwrap();
    own.unwrap().patient.to_string()
}

fn person(folder: &Path, key: &str) -> PersonId {
    let roster = Roster::read(folder).unwrap();
    let sign_in = roster.sign_ins.iter().find(|one| one.key == key).unwrap();
    match sign_in.kind {
        SignInKind::Person { person } => person,
        SignInKind::Worker { .. } => panic!("{key} is a worker"),
    }
}
