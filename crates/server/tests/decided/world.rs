//! An exchange without a town: people are registered, facts said and records asked for over HTTP.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use domain::{
    HomeId, ItemId, Organisation, OrganisationId, OrganisationKind, PersonId, Purpose, ResourceId,
    Role, TeamId, Timestamp, Worker, WorkerId,
};
use http::{Method, Request};
use serde_json::{Value, json};
use server::chance::SeededChance;
use server::clock::SettableClock;
use server::config::Config;
use server::tokens::{LOCAL_ISSUER, LocalIssuer, Roster};
use server::wiring::{self, Demonstration};
use sharing::Context;
use sharing::town::{DEMO_SEED, Town};
use store::{Change, Expect, Write};
use tower::ServiceExt;

use crate::answer::Answer;
use crate::premises::{SITE, exchange, issuer};

/// The agency that registers everybody.
pub const REGISTRY: &str = "registry";

/// A running exchange.
pub struct World {
    pub cx: Context,
    clock: Arc<SettableClock>,
    issuer: LocalIssuer,
    router: Router,
    tokens: u32,
    _folder: tempfile::TempDir,
}

/// The person of a case as the exchange has them.
pub struct Subject {
    pub patient: ResourceId,
    pub person: PersonId,
    pub home: HomeId,
    /// The resources that stand for the items of the case.
    pub items: BTreeMap<ItemId, ResourceId>,
}

impl World {
    pub async fn open(at: Timestamp) -> Self {
        let folder = tempfile::tempdir().expect("a folder for the store");
        let clock = Arc::new(SettableClock::default());
        clock.stand_at(at);
        let chance = Arc::new(SeededChance::new(5));
        let exchange = exchange(folder.path(), Arc::clone(&clock), chance);
        exchange.begin().await.expect("the exchange is made");
        let cx = exchange.cx.clone();
        let mut config = Config::demo(([127, 0, 0, 1], 0).into(), folder.path().to_owned());
        config.public_url = SITE.to_owned();
        let demonstration = Demonstration {
            clock: Arc::clone(&clock),
            issuer: issuer(),
            roster: Roster::default(),
            town: Town::generate(DEMO_SEED),
        };
        Self {
            cx,
            clock,
            issuer: issuer(),
            router: wiring::service(exchange, &config, Some(demonstration)).router,
            tokens: 0,
            _folder: folder,
        }
    }

    pub fn stand_at(&self, at: Timestamp) {
        self.clock.stand_at(at);
    }

    /// Adds agencies to the directory, each with its record system.
    pub async fn agencies(&self, agencies: &BTreeMap<OrganisationId, (String, OrganisationKind)>) {
        let mut writes = Vec::new();
        for (id, (name, kind)) in agencies {
            let home = HomeId(self.cx.draw());
            let key = self.cx.keys.new_home(self.cx.draw(), self.cx.draw());
            writes.push(Write::Home {
                home,
                wrapped_key: key.expect("a key of a home"),
            });
            writes.push(Write::Organisation {
                organisation: Organisation {
                    id: id.clone(),
                    name: name.clone(),
                    kind: *kind,
                    phone: "01632 960 100".to_owned(),
                },
                home,
                resource: None,
            });
            writes.push(worker(&system_of(id), "System", Role::System, id, None));
        }
        self.write(writes).await;
    }

    /// Registers somebody, as the registry sends them.
    pub async fn register(&mut self, patient: &Value) -> Subject {
        let stored = self.contribute(&REGISTRY.into(), patient).await;
        let patient: ResourceId = stored.parse().expect("an id of ours");
        let mut snapshot = self.cx.store.snapshot().await.expect("a snapshot");
        let whose = snapshot.person_of(&patient).await.expect("an answer");
        let at = snapshot.locate("Patient", &patient).await;
        Subject {
            patient,
            person: whose.expect("somebody"),
            home: at.expect("an answer").expect("a place").home,
            items: BTreeMap::new(),
        }
    }

    /// Contributes a resource as an agency's record system; gives its id.
    pub async fn contribute(&mut self, by: &OrganisationId, resource: &Value) -> String {
        let token = self.system_token(by);
        let resource_type = resource["resourceType"].as_str().expect("a type");
        let path = format!("/fhir/{resource_type}");
        let answer = self.asks(Method::POST, &path, &token, Some(resource)).await;
        let stored = answer.is(201).json();
        stored["id"].as_str().expect("an id").to_owned()
    }

    /// Says a fact of somebody, as an agency's record system; gives its address.
    pub async fn says(&mut self, by: &OrganisationId, of: &Subject, fact: &Value) -> String {
        let token = self.system_token(by);
        self.says_with(&token, of, fact).await
    }

    /// Says a fact as whoever a token is for.
    pub async fn says_with(&mut self, token: &str, of: &Subject, fact: &Value) -> String {
        let path = format!("/fhir/Patient/{}/$say", of.patient);
        let answer = self
            .asks(Method::POST, &path, token, Some(fact))
            .await
            .is(201);
        answer.header("location").to_owned()
    }

    /// A token of an agency's privacy officer, who is put into the directory for it.
    pub async fn privacy_officer_token(&mut self, of: &OrganisationId) -> String {
        let role = Role::PrivacyOfficer;
        let moira = worker("moira-kyle", "Moira Kyle", role, of, None);
        self.write(vec![moira]).await;
        self.worker_token("moira-kyle", role, of, Purpose::Treatment)
    }

    /// A token of a worker who is in the directory.
    pub fn worker_token(
        &mut self,
        id: &str,
        role: Role,
        of: &OrganisationId,
        why: Purpose,
    ) -> String {
        let iua = json!({
            "subject_role": [{"code": role.code()}],
            "subject_organization_id": of,
        });
        self.token(id, "substantial", iua, &[why])
    }

    /// A token of somebody who is no worker.
    pub fn account_token(&mut self, account: PersonId, why: Purpose) -> String {
        let iua = json!({"subject_name": "Somebody", "subject_role": [{"code": "patient"}]});
        self.token(&account.to_string(), "substantial", iua, &[why])
    }

    /// A token whose issuer vouches that nobody else looks at what this person reads.
    pub fn safe_token(&mut self, account: PersonId) -> String {
        let iua = json!({"subject_name": "Somebody", "subject_role": [{"code": "patient"}]});
        let ours = json!({"safe_channel": true});
        self.token_with(&account.to_string(), iua, &ours)
    }

    pub fn system_token(&mut self, organisation: &OrganisationId) -> String {
        let iua = json!({
            "subject_name": "System",
            "subject_role": [{"code": "system"}],
            "subject_organization_id": organisation,
        });
        let id = system_of(organisation);
        self.token(&id, "substantial", iua, &[Purpose::Treatment])
    }

    pub fn token(&mut self, sub: &str, acr: &str, iua: Value, purposes: &[Purpose]) -> String {
        self.signed(sub, acr, &json!({"ihe_iua": granting(iua, purposes)}))
    }

    /// A person's token with what is said in an extension of our own.
    pub fn token_with(&mut self, sub: &str, iua: Value, ours: &Value) -> String {
        let iua = granting(iua, &[Purpose::PersonRequest]);
        self.signed(
            sub,
            "substantial",
            &json!({"ihe_iua": iua, "candour": ours}),
        )
    }

    fn signed(&mut self, sub: &str, acr: &str, extensions: &Value) -> String {
        self.tokens += 1;
        let now = self.clock_now().0 / 1_000_000;
        self.issuer.sign(&json!({
            "iss": LOCAL_ISSUER,
            "aud": LOCAL_ISSUER,
            "sub": sub,
            "jti": format!("t-{}", self.tokens),
            "iat": now,
            "exp": now + 3600,
            "acr": acr,
            "scope": "user/*.cruds",
            "extensions": extensions,
        }))
    }

    pub fn clock_now(&self) -> Timestamp {
        self.cx.now()
    }

    pub async fn asks(
        &self,
        method: Method,
        path: &str,
        token: &str,
        body: Option<&Value>,
    ) -> Answer {
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header("authorization", format!("Bearer {token}"))
            .header("content-type", "application/fhir+json");
        let body = body.map_or_else(Body::empty, |body| Body::from(body.to_string()));
        self.carry(request.body(body).expect("a request")).await
    }

    pub async fn carry(&self, request: Request<Body>) -> Answer {
        let answer = self.router.clone().oneshot(request).await;
        Answer::of(answer.unwrap_or_else(|never| match never {})).await
    }

    pub async fn write(&self, writes: Vec<Write>) {
        let change = Change {
            writes,
            ..Change::default()
        };
        let written = self.cx.store.commit(change, Expect::default()).await;
        written.expect("it is written");
    }
}

/// The account of somebody who is neither the person nor a worker.
fn granting(mut iua: Value, purposes: &[Purpose]) -> Value {
    let codings = purposes.iter();
    let codings = codings.map(|it| json!({"system": it.system(), "code": it.code()}));
    iua["purpose_of_use"] = codings.collect();
    iua
}

pub fn account_of(name: &str) -> PersonId {
    let mut bytes = [7; 16];
    for (byte, letter) in bytes.iter_mut().zip(name.bytes()) {
        *byte = letter;
    }
    PersonId(bytes)
}

pub fn system_of(organisation: &OrganisationId) -> String {
    format!("{organisation}-records")
}

pub fn worker(
    id: &str,
    name: &str,
    role: Role,
    organisation: &OrganisationId,
    team: Option<TeamId>,
) -> Write {
    Write::Worker {
        worker: Worker {
            id: WorkerId::new(id),
            name: name.to_owned(),
            role,
            organisation: organisation.clone(),
            team,
            phone: "01632 960 101".to_owned(),
            until: None,
        },
        resource: None,
    }
}
