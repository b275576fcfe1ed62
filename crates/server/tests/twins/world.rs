//! One world: a settled town behind the real router, over a real store in a folder of its own.

use std::path::Path;
use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use domain::{Clock, PersonId, Timestamp};
use http::{Request, Response};
use server::chance::SeededChance;
use server::clock::SettableClock;
use server::config::Config;
use server::tokens::Roster;
use server::wiring::{self, Demonstration};
use sha2::{Digest, Sha256};
use sharing::contribute::{Incoming, Method, contribute, import};
use sharing::ids::WireIds;
use sharing::restrict::{self, restrict};
use sharing::town::{Contribution, Restriction, Town};
use sharing::{Context, settle};
use store::Store;
use tempfile::TempDir;
use tower::ServiceExt;

use crate::premises::{SITE, copy, exchange, issuer, keys};

/// What chance starts from in both worlds.
const SEED: u64 = 20_270_111;

/// What is put between the router and the store, for a test that must fail.
pub type Wrap<'w> = &'w dyn Fn(Arc<dyn Store>) -> Arc<dyn Store>;

/// A settled town that answers requests.
pub struct World {
    pub cx: Context,
    chance: Arc<SeededChance>,
    router: Router,
    _folder: TempDir,
}

impl World {
    /// Opens a copy of a settled town. Both worlds have the same roster, since in a demonstration
    /// alone does a page list who may sign in.
    pub fn open(settled: &Path, town: &Town, roster: &Roster, wrap: Wrap<'_>) -> Self {
        let folder = tempfile::tempdir().expect("a folder for the store");
        copy(settled, folder.path());
        let clock = Arc::new(SettableClock::default());
        clock.stand_at(town.now);
        let chance = Arc::new(SeededChance::new(SEED));
        let mut exchange = exchange(folder.path(), clock.clone(), chance.clone());
        exchange.cx.store = wrap(exchange.cx.store);
        let cx = exchange.cx.clone();
        let mut config = Config::demo(([127, 0, 0, 1], 0).into(), folder.path().to_owned());
        config.public_url = SITE.to_owned();
        // Being slowed down is the same for everyone and would hide what finding does.
        config.limits.finds_per_minute = 1_000_000;
        let demonstration = Demonstration {
            clock,
            issuer: issuer(),
            roster: roster.clone(),
            town: town.clone(),
        };
        Self {
            cx,
            chance,
            router: wiring::service(exchange, &config, Some(demonstration)).router,
            _folder: folder,
        }
    }

    /// Answers a request, drawing its chance from the request's number.
    pub async fn carry(&self, number: u64, request: Request<Body>) -> Response<Body> {
        self.chance.reseed(SEED, number);
        let answer = self.router.clone().oneshot(request).await;
        answer.unwrap_or_else(|never| match never {})
    }

    /// Takes in something that the other world never learns of.
    pub async fn learn(&self, contribution: &Contribution) {
        self.chance.reseed(SEED, number_of(contribution));
        take_in(&self.cx, contribution).await;
    }
}

/// Settles a town: each contribution draws its chance by its own name, so that whoever lives in
/// both worlds has the same ids in both.
pub async fn settle_in(folder: &Path, town: &Town, deleted: &[Contribution]) {
    let clock = Arc::new(SettableClock::default());
    clock.stand_at(town.now);
    let chance = Arc::new(SeededChance::new(SEED));
    let cx = exchange(folder, clock, chance.clone()).cx;
    settle::exchange(&cx).await.expect("the exchange is made");
    settle::directory(&cx, town).await.expect("the agencies");
    for contribution in &town.contributions {
        chance.reseed(SEED, number_of(contribution));
        take_in(&at(&cx, contribution.at), contribution).await;
    }
    for restriction in &town.restrictions {
        apply(&cx, town, restriction).await;
    }
    for contribution in deleted {
        let system = settle::system_of(&cx, &contribution.by).await;
        let asking = settle::asking_for(&cx, &system.expect("its record system")).await;
        let end = Incoming {
            method: Method::Delete,
            resource_type: &contribution.resource_type,
            id: Some(&contribution.local_id),
            if_match: None,
            bytes: &[],
        };
        let deleted = contribute(&cx, &asking.expect("a record system"), &end).await;
        deleted.expect("its own agency may delete it");
    }
}

/// Everyone of a settled town who can sign in.
pub async fn roster(folder: &Path, town: &Town) -> Roster {
    let clock = Arc::new(SettableClock::default());
    clock.stand_at(town.now);
    let cx = exchange(folder, clock, Arc::new(SeededChance::new(SEED))).cx;
    let roster = wiring::roster(&cx, town).await;
    roster.expect("everyone of the town")
}

/// Ids as both worlds make them.
pub fn ids() -> WireIds {
    WireIds::new(*keys().wire_ids)
}

async fn take_in(cx: &Context, contribution: &Contribution) {
    let asking = settle::asking_for(cx, &contribution.worker).await;
    let resource = contribution.json.clone().into_bytes();
    let taken = import(cx, &asking.expect("its author"), &[resource]).await;
    let taken = taken.expect("the store takes it in").remove(0);
    taken.unwrap_or_else(|error| panic!("{}: {error:?}", contribution.json));
}

async fn apply(cx: &Context, town: &Town, restriction: &Restriction) {
    let author = |of: &dyn Fn(&Contribution) -> bool| {
        let written = town.contributions.iter().find(|written| of(written));
        let worker = written.map(|written| written.worker.as_str());
        worker.and_then(|id| town.worker(id))
    };
    let (person, restriction) = match restriction {
        Restriction::Bar { person_key, worker } => (
            person(cx, town, person_key).await,
            restrict::Restriction::Bar(worker.clone()),
        ),
        Restriction::Protect { person_key } => (
            person(cx, town, person_key).await,
            restrict::Restriction::Protect,
        ),
        Restriction::Lock {
            by,
            resource_type,
            local_id,
        } => {
            let id = cx.ids.of_alias(by, resource_type, local_id);
            let author = author(&|it| {
                (&it.by, &it.resource_type, &it.local_id) == (by, resource_type, local_id)
            });
            let lock = restrict::Restriction::Lock {
                resource_type: resource_type.clone(),
                id,
                team: author.and_then(|author| author.team.clone()),
            };
            (PersonId(id.0), lock)
        }
    };
    let system = &town.workers.first().expect("a worker").id;
    let asking = settle::asking_for(cx, system).await.expect("a worker");
    let restricted = restrict(cx, &asking, person, &restriction).await;
    restricted.expect("the restriction is set");
}

async fn person(cx: &Context, town: &Town, key: &str) -> PersonId {
    let person = settle::person(cx, town, key).await;
    person.expect("a person of the town")
}

/// A number of its own for each contribution, the same in every world.
fn number_of(contribution: &Contribution) -> u64 {
    let mut digest = Sha256::new();
    for part in [
        contribution.by.as_str(),
        &contribution.resource_type,
        &contribution.local_id,
    ] {
        digest.update(part);
        digest.update([0]);
    }
    let digest: [u8; 32] = digest.finalize().into();
    u64::from_be_bytes(*digest.first_chunk().expect("32 bytes"))
}

fn at(cx: &Context, at: Timestamp) -> Context {
    Context {
        clock: Arc::new(Still(at)),
        ..cx.clone()
    }
}

struct Still(Timestamp);

impl Clock for Still {
    fn now(&self) -> Timestamp {
        self.0
    }
}
