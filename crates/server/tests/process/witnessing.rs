//! `candour witness` at two partners, and the exchange whose log they watch.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Stdio};

use ledger::{Checkpoint, LogPublicKey, SignedNote, WitnessPublicKey};
use server::continuity::Elsewhere;
use server::witnesses::{WitnessTerms, Witnesses};

use crate::program::{client, code, command, err, text};
use crate::town::{open, settled};

/// A witness that runs, killed at the latest when it is dropped.
struct Witness {
    process: Child,
    key: WitnessPublicKey,
    url: String,
}

impl Witness {
    fn start(data: &Path, name: &str, log: &LogPublicKey) -> Self {
        let mut process = witness(data, name, log)
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(process.stdout.take().unwrap()).lines();
        let mut value = |label| {
            let line = lines.next().unwrap().unwrap();
            line.strip_prefix(label).unwrap().trim().to_owned()
        };
        Self {
            key: WitnessPublicKey::from_vkey(&value("Key")).unwrap(),
            url: value("Address"),
            process,
        }
    }

    fn terms(&self) -> WitnessTerms {
        WitnessTerms {
            url: self.url.clone(),
            key: self.key.clone(),
        }
    }

    fn kill(&mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
    }
}

impl Drop for Witness {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn witness(data: &Path, name: &str, log: &LogPublicKey) -> std::process::Command {
    let mut command = command(["witness", "--listen", "127.0.0.1:0", "--data", text(data)]);
    command.args(["--name", name, "--origin-key", &log.vkey()]);
    command.stderr(Stdio::null());
    command
}

#[tokio::test]
async fn a_quorum_cosigns_while_one_witness_is_down() {
    client();
    let folder = settled().await.copy();
    let cx = open(folder.path());
    let log = key(folder.path());
    let homes = [tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap()];
    let mut council = Witness::start(homes[0].path(), "council.example/witness", &log);
    let university = Witness::start(homes[1].path(), "university.example/witness", &log);
    let both = Witnesses::new(vec![council.terms(), university.terms()], 1);

    assert_eq!(both.ask(cx.store.as_ref()).await.unwrap(), 2);
    let note = cx.store.cosigned().await.unwrap().unwrap();
    let first = Checkpoint::verify(&note, &log).unwrap();
    let note = SignedNote::parse(&note).unwrap();
    assert!(council.key.seen(&note).is_some());
    assert!(university.key.seen(&note).is_some());

    // The log grows, and the council's machine is down.
    council.kill();
    sharing::epoch::make(&cx).await.unwrap().unwrap();
    assert_eq!(both.ask(cx.store.as_ref()).await.unwrap(), 1);
    let note = cx.store.cosigned().await.unwrap().unwrap();
    assert!(Checkpoint::verify(&note, &log).unwrap().size > first.size);
    let note = SignedNote::parse(&note).unwrap();
    assert_eq!(council.key.seen(&note), None);
    assert!(university.key.seen(&note).is_some());

    // Too few for a quorum of two: what was published stays.
    let strict = Witnesses::new(vec![council.terms(), university.terms()], 2);
    let size = Checkpoint::verify(&note.to_string(), &log).unwrap().size;
    append(&cx).await;
    assert_eq!(strict.ask(cx.store.as_ref()).await.unwrap(), 1);
    let kept = cx.store.cosigned().await.unwrap().unwrap();
    assert_eq!(Checkpoint::verify(&kept, &log).unwrap().size, size);

    // Back again, it goes on from what it saw before it was killed.
    let council = Witness::start(homes[0].path(), "council.example/witness", &log);
    let again = Witnesses::new(vec![council.terms(), university.terms()], 2);
    assert_eq!(again.ask(cx.store.as_ref()).await.unwrap(), 2);
}

#[tokio::test]
async fn a_witness_does_not_cosign_a_log_that_was_begun_anew() {
    client();
    let folder = settled().await.copy();
    let log = key(folder.path());
    let home = tempfile::tempdir().unwrap();
    let council = Witness::start(home.path(), "council.example/witness", &log);
    let terms = vec![council.terms()];
    let cx = open(folder.path());
    append(&cx).await;
    let witnesses = Witnesses::new(terms.clone(), 1);
    assert_eq!(witnesses.ask(cx.store.as_ref()).await.unwrap(), 1);
    drop(cx);

    // The same folder as it was before, from a backup, and then another future.
    let restored = settled().await.copy();
    let cx = open(restored.path());
    let elsewhere = Elsewhere {
        anchor: None,
        witnesses: terms.clone(),
    };
    let refused = elsewhere.check(cx.store.as_ref()).await;
    let refused = refused.unwrap_err().to_string();
    assert!(
        refused.contains("and the witness council.example/witness saw"),
        "{refused}"
    );
    let forgetful = Witnesses::new(terms, 1);
    assert_eq!(forgetful.ask(cx.store.as_ref()).await.unwrap(), 0);
    assert_eq!(cx.store.cosigned().await.unwrap(), None);
}

#[tokio::test]
async fn two_witnesses_do_not_share_a_folder_and_one_serves_one_log() {
    let home = tempfile::tempdir().unwrap();
    let log = LogPublicKey::from_vkey(
        "log.example/candour+8ae31bef+Ad3jvM7H86ZqERX0XXIPTcE1w658TiLco4/bHv1qSV/4",
    );
    let log = log.unwrap();
    let first = Witness::start(home.path(), "council.example/witness", &log);
    let second = witness(home.path(), "council.example/witness", &log)
        .stderr(Stdio::piped())
        .output()
        .unwrap();
    assert_eq!(code(&second), 4);
    assert!(err(&second).contains("another witness has the folder"));

    let nonsense = client().post(format!("{}/add-checkpoint", first.url));
    let answer = nonsense.body("old x").send().await.unwrap();
    assert_eq!(answer.status().as_u16(), 400);
    let elsewhere = client()
        .get(format!("{}/", first.url))
        .send()
        .await
        .unwrap();
    assert_eq!(elsewhere.status().as_u16(), 404);
}

fn key(folder: &Path) -> LogPublicKey {
    use server::keys::{Keys, RootSource};
    let chance = server::chance::SystemChance;
    let keys = Keys::open(&RootSource::DataDirectory, folder, &chance).unwrap();
    let log = keys.log_key("demo.candour.example/log").unwrap();
    log.public().clone()
}

/// Something is written, so that the log grows.
async fn append(cx: &sharing::Context) {
    let before = cx.store.snapshot().await.unwrap().epochs().await.unwrap();
    let next = ledger::Epoch {
        number: before.len() as u64,
        time_us: cx.now().0,
        size: 0,
        vrf_key: *ledger::VrfKey::from_seed(&[1; 32]).public(),
        root: ledger::Hash([0; 32]),
    };
    cx.store.add_epoch(next).await.unwrap();
}
