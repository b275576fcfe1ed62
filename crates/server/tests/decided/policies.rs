//! Local policies are replaced while people work: a sound set counts from the next byte on, a bad one
//! changes nothing, and every decision names the set that it was made by.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

use domain::{Assurance, Caller, Capacity, Purpose, TokenId};
use http::Method;
use server::policies::{Folder, load};
use sharing::account::AccountAsk;
use sharing::in_force::put_in_force;
use sharing::{Asking, Channel, Policies};

use crate::consents::Effie;

const SHIPPED: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../policies/lanarkshire");

/// A folder with these of the shipped policies.
fn folder(files: &[&str]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    for file in files {
        bring(file, folder.path());
    }
    folder
}

fn bring(file: &str, to: &Path) {
    std::fs::copy(format!("{SHIPPED}/{file}"), to.join(file)).expect("a copy");
}

const CARE: &[&str] = &["care.cedar", "own.cedar", "care-areas.toml"];
/// By these nobody but the person sees anything.
const OWN: &[&str] = &["own.cedar", "care-areas.toml"];

impl Effie {
    /// What Ruth's systems get when they ask for the whole record.
    async fn status(&self) -> u16 {
        let path = format!("/fhir/Patient/{}/$everything", self.subject.patient);
        let answer = self.world.asks(Method::GET, &path, &self.ruth, None).await;
        answer.status
    }

    /// What Effie's account says of each of Ruth's requests: the answer, and the set of policies.
    async fn account(&self) -> Vec<(String, String)> {
        let asking = Asking {
            caller: Caller {
                name: "Effie McSween".to_owned(),
                capacity: Capacity::Person(self.subject.person),
                assurance: Assurance::Substantial,
            },
            token: TokenId::new("effie"),
            purpose: Purpose::PersonRequest,
            reason: None,
            channel: Channel::Page,
            idempotency: None,
        };
        let page = AccountAsk {
            limit: 1000,
            after: None,
            of: None,
            earlier: false,
        };
        let account = sharing::account(&self.world.cx, &asking, &page).await;
        let account = account.expect("an answer").expect("her account");
        let lines = account.lines.into_iter().map(|line| line.event);
        let set = |rules: &str| rules.split(' ').nth(1).unwrap_or_default().to_owned();
        lines
            .filter(|event| event.operation == "everything")
            .map(|event| (event.answer, set(&event.rules)))
            .collect()
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_lies_in_the_folder_counts_from_the_next_byte_and_a_bad_file_changes_nothing() {
    let effie = Effie::new().await;
    let cx = &effie.world.cx;
    let place = folder(CARE);
    let mut watched = Folder::new(place.path().to_owned());
    watched.look(cx).await;
    watched.look(cx).await;
    let care = cx.policies.last().hash().to_owned();
    assert_eq!(effie.status().await, 200);

    // Whoever replaces files may not be done at the first look.
    std::fs::remove_file(place.path().join("care.cedar")).expect("a file");
    watched.look(cx).await;
    assert_eq!(effie.status().await, 200);
    watched.look(cx).await;
    assert_eq!(effie.status().await, 403);
    let own = cx.policies.last().hash().to_owned();

    // A slip on line 7 opens nothing and shuts nothing.
    bring("care.cedar", place.path());
    let path = place.path().join("care.cedar");
    let text = std::fs::read_to_string(&path).expect("a text");
    let slip = text.replacen(
        "permit (principal, action in",
        "permit (pricipal, action in",
        1,
    );
    assert_ne!(slip, text);
    std::fs::write(&path, slip).expect("a file");
    watched.look(cx).await;
    watched.look(cx).await;
    let fault = watched.fault().expect("something is wrong").to_owned();
    assert!(fault.contains("care.cedar:8: "), "{fault}");
    assert_eq!(effie.status().await, 403);
    assert_eq!(cx.policies.last().hash(), own);

    // Put right, it is in force, and nothing more is said.
    std::fs::write(&path, text).expect("a file");
    watched.look(cx).await;
    watched.look(cx).await;
    assert_eq!((watched.fault(), effie.status().await), (None, 200));

    let line = |answer: &str, set: &str| (answer.to_owned(), set.to_owned());
    let mut account = effie.account().await;
    account.reverse();
    let expected = [
        line("PERMIT", &care),
        line("PERMIT", &care),
        line("DENY", &own),
        line("DENY", &own),
        line("PERMIT", &care),
    ];
    assert_eq!(account, expected);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_asks_while_policies_are_replaced_is_answered_by_one_set_or_the_other() {
    let effie = Arc::new(Effie::new().await);
    let cx = effie.world.cx.clone();
    let (care, own) = (folder(CARE), folder(OWN));
    let set = |place: &Path| Arc::new(load(Some(place)).expect("a sound set"));
    let sets: [Arc<Policies>; 2] = [set(care.path()), set(own.path())];
    put_in_force(&cx, Arc::clone(&sets[0]))
        .await
        .expect("in force");

    let asking = Arc::clone(&effie);
    let asks = tokio::spawn(async move {
        let mut got = Vec::new();
        for _ in 0..60 {
            got.push(asking.status().await);
        }
        got
    });
    let mut round = 0;
    while !asks.is_finished() {
        round += 1;
        let next = Arc::clone(&sets[round % 2]);
        assert!(put_in_force(&cx, next).await.expect("in force"));
    }
    let got = asks.await.expect("they end");
    assert!(
        got.iter().all(|status| [200, 403].contains(status)),
        "{got:?}"
    );

    // What each entry says was decided is what the set that it names decides.
    let said: BTreeSet<_> = effie.account().await.into_iter().collect();
    let by = |answer: &str, set: &Arc<Policies>| (answer.to_owned(), set.hash().to_owned());
    let possible = [by("PERMIT", &sets[0]), by("DENY", &sets[1])];
    assert!(said.iter().all(|one| possible.contains(one)), "{said:?}");
    assert_eq!(said.len(), 2, "both sets were asked: {said:?}");
}
