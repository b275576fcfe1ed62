//! The real process is killed with SIGKILL at random moments while clients read and write, again
//! and again in the same folder. Whatever one of them received is accounted for afterwards,
//! whatever was acknowledged to one of them is there, and log, chains and store agree.

use std::collections::HashMap;
use std::path::Path;

use reqwest::StatusCode;
use sharing::account::{AccountAsk, account};
use tokio::task::JoinSet;

use crate::load::{Received, Told, Written, until_killed};
use crate::program::{Demo, candour, client, code, err, out, text};
use crate::town::{ASKED_BEFORE, Cast, netta, open, settled};

/// How often the process is killed; `make test-long` asks for more.
const KILLS: &str = "CANDOUR_TEST_KILLS";
const USUAL_KILLS: u32 = 20;
/// So many kills hit one folder, one after another, before the next begins with a new copy.
const KILLS_OF_A_FOLDER: u32 = 5;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whatever_a_client_received_before_a_kill_is_accounted_for_after_it() {
    let kills = std::env::var(KILLS).map_or(USUAL_KILLS, |kills| kills.parse().unwrap());
    let town = settled().await;
    let mut sum = Sum::default();
    let mut folder = town.copy();
    let mut told = Vec::new();
    let mut entries = ASKED_BEFORE;
    for kill in 0..kills {
        if kill % KILLS_OF_A_FOLDER == 0 {
            (folder, told, entries) = (town.copy(), Vec::new(), ASKED_BEFORE);
        }
        // At first while the program still warms up, later under full load.
        let moment = crate::program::random_moment(20, 1_200);
        println!("kill {kill} after {moment:?}");
        let mut demo = Demo::start(folder.path());
        let received = until_killed(&mut demo, &town.cast, moment).await;
        drop(demo);

        let demo = Demo::start(folder.path());
        assert_all_readable(&demo, &town.cast, &received.written).await;
        assert_eq!(demo.terminate(), Some(0));
        assert_ledger_agrees(folder.path());
        sum.add(&received);
        let heard = received.told.len() + received.written.len();
        told.extend(received.told);
        let before = std::mem::replace(
            &mut entries,
            assert_all_accounted_for(folder.path(), &told).await,
        );
        sum.unheard += entries - before - heard;
    }
    println!("{sum:?}");
    let least = kills as usize * 5;
    assert!(
        sum.told > least && sum.refused > 0 && sum.written > least,
        "there was too little to lose: {sum:?}"
    );
}

/// What all runs together put to the test.
#[derive(Debug, Default)]
struct Sum {
    /// Answers of which a client received the head.
    told: usize,
    /// Of those, refusals.
    refused: usize,
    /// Of those, answers whose body broke off.
    broken: usize,
    /// Contributions acknowledged.
    written: usize,
    /// Entries of answers that no client received: "may have been told".
    unheard: usize,
}

impl Sum {
    fn add(&mut self, received: &Received) {
        let empty = Some(sha2::Digest::finalize(<sha2::Sha256 as sha2::Digest>::new()).into());
        self.told += received.told.len();
        self.written += received.written.len();
        for told in &received.told {
            self.broken += usize::from(told.content.is_none());
            self.refused += usize::from(told.content == empty);
        }
    }
}

/// Each version that was acknowledged is served as it was then, by the process started anew.
async fn assert_all_readable(demo: &Demo, cast: &Cast, written: &[Written]) {
    let http = client();
    let mut reads = JoinSet::new();
    for one in written {
        let Written {
            address, version, ..
        } = one;
        let url = format!("{}/fhir/{address}/_history/{version}", demo.url);
        let request = http.get(&url).bearer_auth(&cast.doctor);
        let bytes = one.bytes.clone();
        reads.spawn(async move {
            let response = request.send().await.unwrap();
            assert_eq!(response.status(), StatusCode::OK, "{url} was acknowledged");
            let served = response.bytes().await.unwrap();
            if let Some(bytes) = bytes {
                assert_eq!(served, bytes, "{url} is not what was acknowledged");
            }
        });
        if reads.len() >= 16 {
            reads.join_next().await.unwrap().unwrap();
        }
    }
    reads.join_all().await;
}

/// The operator's own look at the ledger: chains, leaves, checkpoint, and each epoch's map.
fn assert_ledger_agrees(folder: &Path) {
    let doctor = candour(["doctor", "--data", text(folder), "--ledger"]);
    assert_eq!(code(&doctor), 0, "{}{}", out(&doctor), err(&doctor));
    for line in [
        "leaves, each claimed once",
        "each with the map that was logged",
    ] {
        assert!(out(&doctor).contains(line), "{}", out(&doctor));
    }
}

/// Each receipt that was received is for an entry in Netta's account, over exactly the bytes that
/// were received; everything kept holds together. How many entries there are.
async fn assert_all_accounted_for(folder: &Path, told: &[Told]) -> usize {
    let cx = open(folder);
    let verified = cx.store.verify_all().await.unwrap();
    assert_eq!(verified.faults, Vec::<String>::new());

    let contents = contents(&cx, folder).await;
    for one in told {
        let kept = contents
            .get(&one.commitment.to_string())
            .expect("an answer was received and is not in the account");
        if let Some(content) = one.content {
            assert_eq!(
                *kept,
                sharing::event::hex(&content),
                "other bytes than told"
            );
        }
    }
    contents.len()
}

/// What Netta's account says was told or refused: SHA-256 over the resources by the entry's
/// commitment.
async fn contents(cx: &sharing::Context, folder: &Path) -> HashMap<String, String> {
    let asking = netta(folder);
    let mut contents = HashMap::new();
    let mut after = None;
    loop {
        let page = AccountAsk {
            limit: 1000,
            after,
            of: None,
            earlier: false,
        };
        let account = account(cx, &asking, &page).await.unwrap().unwrap();
        for line in account.lines {
            // The process that was stopped in order ordered the log once more.
            assert!(line.log_index.is_some(), "a receipt's promise was not kept");
            contents.insert(line.commitment, line.event.content);
        }
        after = account.next;
        if after.is_none() {
            return contents;
        }
    }
}
