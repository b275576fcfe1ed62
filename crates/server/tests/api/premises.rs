//! What stands behind the router in a test: keys that never change, the shipped rules, and a real
//! store in a folder.

use std::path::Path;
use std::sync::{Arc, LazyLock};

use fhir::profile::Profiles;
use ledger::HomeKey;
use server::chance::SeededChance;
use server::clock::SettableClock;
use server::continuity::Elsewhere;
use server::keys::Keys;
use server::tokens::LocalIssuer;
use server::wiring::Exchange;
use sharing::ids::WireIds;
use sharing::{Context, InForce, Labeller, Policies};
use store::{Options, Synchronous};

/// Where clients believe that the exchange is.
pub const SITE: &str = "http://exchange.example";
const ORIGIN: &str = "exchange.example/log";

pub static POLICIES: LazyLock<Arc<Policies>> =
    LazyLock::new(|| Arc::new(Policies::shipped().expect("the shipped policies load")));
static LABELLER: LazyLock<Arc<Labeller>> =
    LazyLock::new(|| Arc::new(Labeller::shipped().expect("the shipped rules load")));

pub fn issuer() -> LocalIssuer {
    LocalIssuer::from_seed(&[8; 32])
}

pub fn keys() -> Keys {
    Keys::from_root(&[7; 32]).expect("keys")
}

/// Opens whatever store is in the folder. What a crash would lose is not at stake here, so nothing
/// waits for the disk.
pub fn exchange(folder: &Path, clock: Arc<SettableClock>, chance: Arc<SeededChance>) -> Exchange {
    let keys = keys();
    let store = store::open(Options {
        dir: folder.to_owned(),
        log_keys: keys.log_keys(ORIGIN),
        origin: ORIGIN.to_owned(),
        clock: clock.clone(),
        chance: chance.clone(),
        vfs: None,
        synchronous: Synchronous::Off,
    });
    let store = store.expect("the store opens");
    let log_key = store.log_key();
    let (store, index) = sharing::identity::indexed(store);
    Exchange {
        cx: Context {
            store,
            policies: Arc::new(InForce::new(Arc::clone(&POLICIES))),
            labeller: Arc::clone(&LABELLER),
            keys: Arc::new(sharing::keys::Keys::new(keys.root, *keys.views)),
            ids: Arc::new(WireIds::new(*keys.wire_ids)),
            index,
            kept: Arc::default(),
            clock,
            chance,
        },
        cursors: HomeKey::new(*keys.cursors).expect("a key"),
        sessions: HomeKey::new(*keys.sessions).expect("a key"),
        profiles: Profiles::default(),
        log_key,
        elsewhere: Elsewhere::default(),
    }
}

pub fn copy(from: &Path, to: &Path) {
    for file in std::fs::read_dir(from).expect("the settled store") {
        let file = file.expect("a file of the store");
        std::fs::copy(file.path(), to.join(file.file_name())).expect("a copy of the store");
    }
}
