//! The town hall: a settled town over a real store in a folder of its own.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use domain::{
    Assurance, Caller, Capacity, Chance, Clock, PersonId, Purpose, ResourceId, Timestamp, TokenId,
    WorkerId,
};
use ledger::{LogKey, RootKey};
use sharing::account::AccountAsk;
use sharing::contribute::{Incoming, Method, contribute};
use sharing::disclose::PageAsk;
use sharing::ids::WireIds;
use sharing::keys::Keys;
use sharing::town::{Restriction, Town};
use sharing::{Answer, Asking, Channel, Context, Target, disclose, settle};
use store::{Options, Synchronous};

/// A clock that the test moves.
pub struct TestClock(AtomicI64);

impl Clock for TestClock {
    fn now(&self) -> Timestamp {
        Timestamp(self.0.load(Ordering::SeqCst))
    }
}

impl TestClock {
    pub fn set(&self, at: Timestamp) {
        self.0.store(at.0, Ordering::SeqCst);
    }
}

/// Chance that repeats: a counter under a hash.
#[derive(Default)]
pub struct TestChance(AtomicI64);

impl Chance for TestChance {
    fn fill(&self, buffer: &mut [u8]) {
        use sha2::{Digest, Sha256};
        for chunk in buffer.chunks_mut(32) {
            let draw = self.0.fetch_add(1, Ordering::SeqCst);
            let block = Sha256::digest(draw.to_be_bytes());
            chunk.copy_from_slice(&block[..chunk.len()]);
        }
    }
}

/// The town of the guide, settled once for all tests of this run; each opens a copy.
static SETTLED: tokio::sync::OnceCell<tempfile::TempDir> = tokio::sync::OnceCell::const_new();

/// A settled town.
pub struct Hall {
    pub cx: Context,
    pub town: Town,
    pub clock: Arc<TestClock>,
    folder: tempfile::TempDir,
}

impl Hall {
    /// The town of the guide.
    pub async fn open() -> Self {
        let town = Town::generate(sharing::town::DEMO_SEED);
        let settled = SETTLED
            .get_or_init(|| async {
                let folder = tempfile::tempdir().expect("a folder for the store");
                let hall = Self::over(folder, Town::generate(sharing::town::DEMO_SEED));
                settle::settle(&hall.cx, &hall.town)
                    .await
                    .expect("the town is settled");
                hall.close()
            })
            .await;
        let folder = tempfile::tempdir().expect("a folder for the store");
        for file in std::fs::read_dir(settled.path())
            .expect("the settled store")
            .flatten()
        {
            std::fs::copy(file.path(), folder.path().join(file.file_name()))
                .expect("a copy of the store");
        }
        Self::over(folder, town)
    }

    /// Opens whatever store is in the folder.
    fn over(folder: tempfile::TempDir, town: Town) -> Self {
        let clock = Arc::new(TestClock(AtomicI64::new(town.now.0)));
        let chance = Arc::new(TestChance::default());
        let store = store::open(Options {
            dir: folder.path().to_owned(),
            log_keys: Arc::new(|handed_on| {
                LogKey::from_seed("candour.example/town", &[3 + handed_on as u8; 32])
            }),
            origin: "candour.example/town".to_owned(),
            clock: clock.clone(),
            chance: chance.clone(),
            vfs: None,
            synchronous: Synchronous::Off,
        })
        .expect("the store opens");
        let (store, index) = sharing::identity::indexed(store);
        let cx = Context {
            store,
            policies: Arc::new(sharing::InForce::new(Arc::new(
                policy::Policies::shipped().expect("the shipped policies load"),
            ))),
            labeller: Arc::new(
                policy::labeller::Labeller::shipped().expect("the shipped rules load"),
            ),
            keys: Arc::new(Keys::new(
                RootKey::new([1; 32]).expect("a root key"),
                [2; 32],
            )),
            ids: Arc::new(WireIds::new([4; 32])),
            index,
            kept: Arc::default(),
            clock: clock.clone(),
            chance,
        };
        Self {
            cx,
            town,
            clock,
            folder,
        }
    }

    /// Closes the store and keeps its folder.
    fn close(self) -> tempfile::TempDir {
        drop(self.cx);
        self.folder
    }

    /// Somebody at work, asking for a purpose.
    pub fn worker(&self, id: &str, purpose: Purpose) -> Asking {
        let id = WorkerId::from(id);
        let worker = self
            .town
            .workers
            .iter()
            .find(|worker| worker.id == id)
            .expect("a worker of the town");
        let organisation = self
            .town
            .organisations
            .iter()
            .find(|organisation| organisation.id == worker.organisation)
            .expect("their agency");
        Asking {
            caller: Caller {
                name: worker.name.clone(),
                capacity: Capacity::Worker {
                    worker: worker.id.clone(),
                    role: worker.role,
                    organisation: organisation.id.clone(),
                    organisation_kind: organisation.kind,
                    team: worker.team.clone(),
                },
                assurance: Assurance::Substantial,
            },
            token: TokenId::new(format!("token-of-{id}")),
            purpose,
            reason: None,
            channel: Channel::Page,
            idempotency: None,
        }
    }

    /// Somebody asking for themself.
    pub async fn person(&self, key: &str) -> Asking {
        let person = self.person_id(key).await;
        Asking {
            caller: Caller {
                name: self
                    .town
                    .person(key)
                    .expect("a person of the town")
                    .name
                    .clone(),
                capacity: Capacity::Person(person),
                assurance: Assurance::Substantial,
            },
            token: TokenId::new(format!("token-of-{key}")),
            purpose: Purpose::PersonRequest,
            reason: None,
            channel: Channel::Page,
            idempotency: None,
        }
    }

    pub async fn person_id(&self, key: &str) -> PersonId {
        settle::person(&self.cx, &self.town, key)
            .await
            .expect("a person of the town")
    }

    /// The Patient by which somebody is known.
    pub fn patient(&self, key: &str) -> ResourceId {
        settle::patient(&self.cx, &self.town, key).expect("a person of the town")
    }

    /// The resource about somebody that is locked.
    pub fn locked(&self, key: &str) -> ResourceId {
        let person = self.town.person(key).expect("a person of the town");
        let lock = self
            .town
            .restrictions
            .iter()
            .find_map(|restriction| match restriction {
                Restriction::Lock {
                    by,
                    resource_type,
                    local_id,
                } => Some((by, resource_type, local_id)),
                _ => None,
            });
        let (by, resource_type, local_id) =
            lock.unwrap_or_else(|| panic!("nothing of {} is locked", person.name));
        self.cx.ids.of_alias(by, resource_type, local_id)
    }

    /// Ends every stay of somebody in hospital, as the hospital's record system would say it.
    pub async fn discharge(&self, key: &str) {
        let person = self.town.person(key).expect("a person of the town");
        let system = settle::system_of(&self.cx, &"hospital".into())
            .await
            .expect("the hospital's record system");
        let asking = settle::asking_for(&self.cx, &system)
            .await
            .expect("a worker");
        let subject = format!("Patient/{}", person.patient);
        for stay in self.town.contributions.iter().filter(|one| {
            one.by.as_str() == "hospital"
                && one.resource_type == "Encounter"
                && one.json.contains(&subject)
        }) {
            let mut body: serde_json::Value = serde_json::from_str(&stay.json).expect("JSON");
            body["status"] = "finished".into();
            body["period"]["end"] = self.clock.now().to_string().into();
            let bytes = body.to_string().into_bytes();
            let incoming = Incoming {
                method: Method::Update,
                resource_type: "Encounter",
                id: Some(&stay.local_id),
                if_match: None,
                bytes: &bytes,
            };
            contribute(&self.cx, &asking, &incoming)
                .await
                .expect("the discharge is recorded");
        }
    }

    /// Asks for everything.
    pub async fn everything(&self, asking: &Asking, key: &str) -> Answer {
        let target = Target::Everything {
            patient: self.patient(key),
            types: Vec::new(),
            within: store::Within::default(),
            page: whole(),
        };
        disclose(&self.cx, asking, &target, None)
            .await
            .expect("an answer")
    }

    /// The sentences of somebody's account, newest first.
    pub async fn account(&self, key: &str) -> Vec<String> {
        let asking = self.person(key).await;
        let page = AccountAsk {
            limit: 100,
            after: None,
            of: None,
            earlier: false,
        };
        let account = sharing::account(&self.cx, &asking, &page)
            .await
            .expect("an account")
            .expect("their own");
        account
            .lines
            .iter()
            .map(|line| sharing::event::sentence(&line.event))
            .collect()
    }
}

/// One page that holds everything.
pub fn whole() -> PageAsk {
    PageAsk {
        limit: 1000,
        after: None,
        with_total: true,
    }
}

/// The types that were released, sorted, each once.
pub fn types(answer: &Answer) -> Vec<String> {
    let Answer::Released(disclosure) = answer else {
        panic!("nothing was released: {answer:?}")
    };
    let mut types: Vec<String> = disclosure
        .released
        .resources()
        .iter()
        .map(|resource| resource.resource_type.clone())
        .collect();
    types.sort_unstable();
    types.dedup();
    types
}
