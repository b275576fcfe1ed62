//! A small world to tell stories in: two agencies, people who appear when named, a clock that only
//! the story moves.

use std::any::Any;
use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};

use domain::{
    Assurance, Caller, Capacity, Category, Chance, Clock, Confidentiality, HomeId, LabelClass,
    Organisation, OrganisationId, OrganisationKind, PersonId, Purpose, Relationship,
    RelationshipKind, ResourceId, Role, Sensitivity, Timestamp, Worker,
};
use fhir::search::{Query, parse_query};
use fhir::splice::{Stamp, stamp};
use ledger::{Hash, KeyError, LogKey, Opening, ViewId};
use policy::{DigestedFacts, Permit, Policies, Request};
use sha2::{Digest, Sha256};
use store::{
    Change, Committed, Error, Expect, LogKeys, NewEntry, NewVersion, Page, PageRequest, Snapshot,
    Store, StoredResource, SubjectKeys, Write,
};

/// The log's name in every story.
pub const ORIGIN: &str = "log.candour.test";

/// A Monday morning.
pub const MORNING: Timestamp = Timestamp(1_799_658_000_000_000);

/// A store opened for one story, and whatever must live as long as it.
pub struct Opened {
    pub store: Arc<dyn Store>,
    pub keep: Box<dyn Any + Send + Sync>,
}

/// What a backend is opened with.
pub struct Setting {
    pub log_keys: LogKeys,
    pub clock: Arc<HandClock>,
    pub chance: Arc<dyn Chance>,
}

/// A clock that moves when told.
pub struct HandClock(AtomicI64);

impl Default for HandClock {
    fn default() -> Self {
        Self(AtomicI64::new(MORNING.0))
    }
}

impl HandClock {
    pub fn set(&self, now: Timestamp) {
        self.0.store(now.0, Ordering::SeqCst);
    }
}

impl Clock for HandClock {
    fn now(&self) -> Timestamp {
        Timestamp(self.0.load(Ordering::SeqCst))
    }
}

/// Chance that repeats from run to run.
#[derive(Default)]
pub struct Counter(AtomicU64);

impl Chance for Counter {
    fn fill(&self, buffer: &mut [u8]) {
        for chunk in buffer.chunks_mut(32) {
            let next = self.0.fetch_add(1, Ordering::SeqCst);
            let digest = Sha256::digest(next.to_be_bytes());
            chunk.copy_from_slice(&digest[..chunk.len()]);
        }
    }
}

/// One person, as the world made them: one Patient in one home, contributed by the hospital.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Person {
    pub id: PersonId,
    pub home: HomeId,
    pub patient: ResourceId,
}

pub struct World {
    pub store: Arc<dyn Store>,
    pub clock: Arc<HandClock>,
    pub policies: Policies,
    chance: Counter,
    _keep: Box<dyn Any + Send + Sync>,
}

pub fn log_key() -> LogKey {
    nth_log_key(0).unwrap()
}

/// The log's key after it was handed on so often.
pub fn nth_log_key(handed_on: u32) -> Result<LogKey, KeyError> {
    LogKey::from_seed(ORIGIN, &[7 + handed_on as u8; 32])
}

impl World {
    /// Opens a store and puts the agencies and the policies in force.
    pub async fn new(open: impl FnOnce(Setting) -> Opened) -> Self {
        let world = Self::try_new(|setting| Some(open(setting))).await;
        world.expect("this store opens")
    }

    /// The same with a store that may not open, or not be written to.
    pub async fn try_new(open: impl FnOnce(Setting) -> Option<Opened>) -> Option<Self> {
        let clock = Arc::new(HandClock::default());
        let opened = open(Setting {
            log_keys: Arc::new(nth_log_key),
            clock: Arc::clone(&clock),
            chance: Arc::new(Counter::default()),
        })?;
        let world = Self {
            store: opened.store,
            clock,
            policies: Policies::shipped().unwrap(),
            chance: Counter(AtomicU64::new(1 << 32)),
            _keep: opened.keep,
        };
        let mut writes = vec![Write::Policy {
            hash: world.policies.hash().to_owned(),
        }];
        writes.extend(world.agency("hospital", OrganisationKind::Hospital));
        writes.extend(world.agency("practice", OrganisationKind::GpPractice));
        world.write(writes).await.ok()?;
        Some(world)
    }

    fn agency(&self, id: &str, kind: OrganisationKind) -> [Write; 2] {
        let home = HomeId(self.draw());
        let organisation = Organisation {
            id: id.into(),
            name: format!("The {id}"),
            kind,
            phone: "01632 960 100".to_owned(),
        };
        let made = Write::Home {
            home,
            wrapped_key: b"wrapped key".to_vec(),
        };
        let known = Write::Organisation {
            organisation,
            home,
            resource: None,
        };
        [made, known]
    }

    pub fn draw<const N: usize>(&self) -> [u8; N] {
        domain::time::draw(&self.chance)
    }

    pub fn id(&self) -> ResourceId {
        ResourceId(self.draw())
    }

    pub async fn snapshot(&self) -> Box<dyn Snapshot> {
        self.store.snapshot().await.unwrap()
    }

    /// Commits rows with nothing expected.
    pub async fn write(&self, writes: Vec<Write>) -> Result<Committed, Error> {
        let change = Change {
            writes,
            ..Change::default()
        };
        self.store.commit(change, Expect::default()).await
    }

    /// Someone whose Patient the hospital contributed.
    pub async fn person(&self, family: &str, given: &str) -> Person {
        let person = Person {
            id: PersonId(self.draw()),
            home: HomeId(self.draw()),
            patient: self.id(),
        };
        self.admit(person, family, given).await;
        person
    }

    pub async fn admit(&self, person: Person, family: &str, given: &str) {
        let keys = SubjectKeys {
            names: vec![family.to_lowercase(), given.to_lowercase()],
            birth_date: Some("1947-03-09".to_owned()),
            identifiers: Vec::new(),
            postcode: None,
        };
        let json = format!(
            r#"{{"resourceType":"Patient","name":[{{"family":"{family}","given":["{given}"]}}],
               "birthDate":"1947-03-09"}}"#
        );
        let patient = self.version(
            person,
            person.patient,
            1,
            &json,
            ordinary(Category::Demographics),
        );
        self.write(vec![
            Write::Home {
                home: person.home,
                wrapped_key: b"wrapped key".to_vec(),
            },
            subject(person, person.id, keys),
            Write::Version(Box::new(patient)),
        ])
        .await
        .unwrap();
    }

    /// A version as sharing would write it: stamped, indexed, undoable.
    pub fn version(
        &self,
        person: Person,
        id: ResourceId,
        version: u32,
        json: &str,
        class: LabelClass,
    ) -> NewVersion {
        NewVersion {
            home: person.home,
            subject: Some(person.patient),
            ..self.directory_version(id, version, json, class)
        }
    }

    /// A version of a directory resource.
    pub fn directory_version(
        &self,
        id: ResourceId,
        version: u32,
        json: &str,
        class: LabelClass,
    ) -> NewVersion {
        let limits = fhir::Limits::default();
        let document = fhir::parse(json.as_bytes(), &limits).unwrap();
        let updated_at = self.clock.now();
        let edits = stamp(
            &document,
            &Stamp {
                id: &id.to_string(),
                version,
                last_updated: &updated_at.to_string(),
                security: &[],
            },
            &[],
        );
        let bytes = edits.apply(json.as_bytes());
        let served = fhir::parse(&bytes, &limits).unwrap();
        NewVersion {
            home: HomeId::DIRECTORY,
            id,
            resource_type: document.resource_type(),
            version,
            replaces: version - 1,
            custodian: class.custodian.clone(),
            subject: None,
            class,
            updated_at,
            occurred_at: fhir::index::occurred(&served).map(Timestamp),
            undo: edits.inverse(json.as_bytes()).encode(),
            original_hash: Sha256::digest(json).into(),
            index: fhir::index::index(&served),
            mentions: Vec::new(),
            deleted: false,
            bytes,
        }
    }

    /// Contributes a first version and gives its id.
    pub async fn contribute(&self, person: Person, json: &str, class: LabelClass) -> ResourceId {
        let id = self.id();
        let version = self.version(person, id, 1, json, class);
        self.write(vec![Write::Version(Box::new(version))])
            .await
            .unwrap();
        id
    }

    /// Contributes a later version.
    pub async fn update(
        &self,
        person: Person,
        id: ResourceId,
        version: u32,
        json: &str,
        class: LabelClass,
    ) -> Result<Committed, Error> {
        let version = self.version(person, id, version, json, class);
        self.write(vec![Write::Version(Box::new(version))]).await
    }

    /// The version by which a resource is deleted.
    pub fn deletion(
        &self,
        person: Person,
        id: ResourceId,
        version: u32,
        resource_type: &'static str,
        class: LabelClass,
    ) -> NewVersion {
        NewVersion {
            home: person.home,
            id,
            resource_type,
            version,
            replaces: version - 1,
            custodian: class.custodian.clone(),
            subject: Some(person.patient),
            class,
            updated_at: self.clock.now(),
            occurred_at: None,
            bytes: Vec::new(),
            undo: Vec::new(),
            original_hash: [0; 32],
            index: Vec::new(),
            mentions: Vec::new(),
            deleted: true,
        }
    }

    pub async fn facts(&self, person: PersonId) -> Arc<DigestedFacts> {
        let facts = self.snapshot().await.facts(person).await.unwrap();
        facts.expect("the person is known")
    }

    /// Opens the person's record to themself: all but what is about somebody else.
    pub async fn own_permit(&self, person: PersonId) -> Permit {
        let request = Request {
            caller: Caller {
                name: "The person".to_owned(),
                capacity: Capacity::Person(person),
                assurance: Assurance::High,
            },
            person,
            purpose: Purpose::PersonRequest,
            reason: None,
            asks: policy::Asks::default(),
        };
        let facts = self.facts(person).await;
        let decision = policy::decide(&request, &facts, &self.policies, self.clock.now());
        assert_eq!(
            decision.facts_digest,
            facts.digest(),
            "the digest is theirs"
        );
        decision.permit.expect("the person may see their record")
    }

    /// Opens the record to a doctor of the practice, who must be involved.
    pub async fn doctor_permit(&self, person: PersonId) -> Permit {
        let request = Request {
            caller: Caller {
                name: "Dr Amina Rahman".to_owned(),
                capacity: Capacity::Worker {
                    worker: "amina".into(),
                    role: Role::Doctor,
                    organisation: "practice".into(),
                    organisation_kind: OrganisationKind::GpPractice,
                    team: None,
                },
                assurance: Assurance::High,
            },
            person,
            purpose: Purpose::Treatment,
            reason: None,
            asks: policy::Asks::default(),
        };
        let facts = self.facts(person).await;
        let decision = policy::decide(&request, &facts, &self.policies, self.clock.now());
        assert_eq!(
            decision.facts_digest,
            facts.digest(),
            "the digest is theirs"
        );
        decision.permit.expect("an involved doctor sees something")
    }

    /// Registers the person with the practice, on the evidence of a made-up resource.
    pub async fn register_with_practice(&self, person: Person) -> ResourceId {
        let evidence = self.id();
        let registration = Relationship {
            kind: RelationshipKind::Registration,
            organisation: "practice".into(),
            team: None,
            worker: None,
            since: Timestamp(0),
            until: None,
            evidence: Some(evidence),
        };
        self.write(vec![Write::Evidenced {
            home: person.home,
            evidence,
            relationships: vec![registration],
            objections: Vec::new(),
        }])
        .await
        .unwrap();
        evidence
    }

    /// An entry in a view of the person's.
    pub fn entry(&self, home: HomeId, view: u8, root: u8) -> NewEntry {
        NewEntry {
            view: ViewId([view; 32]),
            home,
            operation: [root; 16],
            root: Hash([root; 32]),
            opening: Opening(self.draw()),
            sealed: vec![root; 64],
            wrapped_key: vec![view; 60],
            held: None,
        }
    }

    /// Logs something as a disclosure does: entries and nothing else.
    pub async fn log(&self, entries: Vec<NewEntry>, expect: Expect) -> Result<Committed, Error> {
        let change = Change {
            entries,
            ..Change::default()
        };
        self.store.commit(change, expect).await
    }

    pub async fn search(&self, permit: &Permit, rtype: &str, query: &str) -> Vec<ResourceId> {
        let page = self
            .snapshot()
            .await
            .search(permit, &ask(rtype, query), &all())
            .await
            .unwrap();
        ids(&page)
    }
}

/// A worker of the practice.
pub fn amina(until: Option<Timestamp>) -> Write {
    Write::Worker {
        worker: Worker {
            id: "amina".into(),
            name: "Dr Amina Rahman".to_owned(),
            role: Role::Doctor,
            organisation: "practice".into(),
            team: None,
            phone: "01632 960 101".to_owned(),
            until,
        },
        resource: None,
    }
}

/// A link event: this Patient is this person.
pub fn subject(of: Person, person: PersonId, keys: SubjectKeys) -> Write {
    Write::Subject {
        subject: of.patient,
        home: of.home,
        person,
        origin: of.id,
        custodian: "hospital".into(),
        rule: "certain-identifier".to_owned(),
        keys,
    }
}

/// A label class of the hospital's.
pub fn class(
    category: Category,
    confidentiality: Confidentiality,
    sensitivity: Option<Sensitivity>,
) -> LabelClass {
    LabelClass {
        custodian: OrganisationId::from("hospital"),
        author_role: None,
        confidentiality,
        categories: BTreeSet::from([category]),
        sensitivities: sensitivity.into_iter().collect(),
    }
}

pub fn ordinary(category: Category) -> LabelClass {
    class(category, Confidentiality::Normal, None)
}

/// What the person may not see, because it is about somebody else.
pub fn about_another(category: Category) -> LabelClass {
    let third_party = Some(Sensitivity::ThirdParty);
    class(category, Confidentiality::Normal, third_party)
}

/// A query of a type, or of several with commas between, as it would come in: `code=a&date=ge2020`.
pub fn ask(types: &str, query: &str) -> Query {
    let types: Vec<&'static str> = types
        .split(',')
        .map(|name| fhir::types::of(name).unwrap().name)
        .collect();
    let pairs: Vec<(String, String)> = query
        .split('&')
        .filter_map(|pair| pair.split_once('='))
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect();
    let query = parse_query(&types, &pairs).unwrap();
    assert_eq!(query.unsupported, Vec::<String>::new());
    query
}

pub fn all() -> PageRequest {
    first(1000)
}

pub fn first(limit: u32) -> PageRequest {
    PageRequest {
        limit,
        after: None,
        with_total: false,
    }
}

pub fn ids(page: &Page) -> Vec<ResourceId> {
    page.resources.iter().map(|resource| resource.id).collect()
}

pub fn text(resource: &StoredResource) -> &str {
    std::str::from_utf8(&resource.bytes).unwrap()
}
