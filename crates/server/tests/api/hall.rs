//! The town hall: the settled town behind the real router, over a real store in a folder of its own.

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::{Clock, Purpose, ResourceId, Timestamp, TokenId};
use fhir::profile::Profiles;
use http::{Request, Response};
use ledger::LogPublicKey;
use serde_json::Value;
use server::chance::SeededChance;
use server::clock::SettableClock;
use server::config::Config;
use server::tokens::{LocalIssuer, Roster, SignIn, SignInKind, TokenFor};
use server::wiring::{self, Demonstration};
use sha2::{Digest, Sha256};
use sharing::town::{DEMO_SEED, Town};
use sharing::{Context, settle};
use store::{Change, Expect, Verified, Write};
use tokio::sync::OnceCell;
use tower::ServiceExt;

use crate::actor::Actor;

use crate::premises::{SITE, copy, exchange, issuer};

/// The town of the guide, settled once for all tests of this run; each opens a copy.
static SETTLED: OnceCell<Settled> = OnceCell::const_new();

struct Settled {
    folder: tempfile::TempDir,
    town: Town,
    roster: Roster,
}

/// A settled town that answers requests.
pub struct Hall {
    pub cx: Context,
    pub town: Town,
    pub clock: Arc<SettableClock>,
    pub issuer: LocalIssuer,
    pub log_key: LogPublicKey,
    roster: Roster,
    router: Router,
    folder: tempfile::TempDir,
}

impl Hall {
    /// The town of the guide, at its present moment.
    pub async fn open() -> Self {
        Self::with_profiles(Profiles::default()).await
    }

    /// The same, with profiles that its agencies have agreed on.
    pub async fn with_profiles(profiles: Profiles) -> Self {
        Self::with(profiles, |_| {}).await
    }

    /// The same, with something else in its settings.
    pub async fn with(profiles: Profiles, set: impl FnOnce(&mut Config)) -> Self {
        let settled = SETTLED.get_or_init(settle_once).await;
        let folder = tempfile::tempdir().expect("a folder for the store");
        copy(settled.folder.path(), folder.path());
        let (town, roster) = (settled.town.clone(), settled.roster.clone());
        let clock = Arc::new(SettableClock::default());
        clock.stand_at(town.now);
        let mut exchange = exchange(folder.path(), Arc::clone(&clock), chance());
        exchange.profiles = profiles;
        let (cx, log_key) = (exchange.cx.clone(), exchange.log_key.clone());
        let mut config = Config::demo(([127, 0, 0, 1], 0).into(), folder.path().to_owned());
        config.public_url = SITE.to_owned();
        set(&mut config);
        let demonstration = Demonstration {
            clock: Arc::clone(&clock),
            issuer: issuer(),
            roster: roster.clone(),
            town: town.clone(),
        };
        Self {
            cx,
            town,
            clock,
            issuer: issuer(),
            log_key,
            roster,
            router: wiring::service(exchange, &config, Some(demonstration)).router,
            folder,
        }
    }

    /// Carries a request to the router.
    pub async fn carry(&self, request: Request<Body>) -> Response<Body> {
        let answer = self.router.clone().oneshot(request).await;
        answer.unwrap_or_else(|never| match never {})
    }

    /// Somebody without a token.
    pub fn anybody(&self) -> Actor<'_> {
        Actor::new(self)
    }

    /// Somebody who bears this token, whatever it is.
    pub fn bearing(&self, token: &str) -> Actor<'_> {
        Actor::new(self).with("authorization", format!("Bearer {token}"))
    }

    /// A worker, record system or person of the town, with a token for these purposes.
    pub fn actor(&self, name: &str, purposes: &[&str]) -> Actor<'_> {
        self.bearing(&self.token(name, purposes))
    }

    /// Social worker, in Netta Dunsmore's care team.
    pub fn fraser(&self) -> Actor<'_> {
        self.actor("fraser-abercrombie", &["SC-ASSESS"])
    }

    /// Housing officer, with nothing to do with Netta Dunsmore.
    pub fn derek(&self) -> Actor<'_> {
        self.actor("derek-muirhead", &["HOUSING-ADAPT"])
    }

    /// Charge nurse of ward 6, where Alasdair Mowat lies.
    pub fn ruksana(&self) -> Actor<'_> {
        self.actor("ruksana-chaudhry", &["TREAT"])
    }

    /// The hospital's record system.
    pub fn hospital(&self) -> Actor<'_> {
        self.actor("hospital-records", &["TREAT"])
    }

    /// The practice's record system.
    pub fn practice(&self) -> Actor<'_> {
        self.actor("braehead-practice-records", &["TREAT"])
    }

    /// A person, asking for themself.
    pub fn person(&self, key: &str) -> Actor<'_> {
        self.actor(key, &["PATRQT"])
    }

    /// Whoever a Patient here is, asking for themself.
    pub async fn person_of(&self, patient: &str) -> Actor<'_> {
        let patient = patient.parse().expect("an id of ours");
        let snapshot = self.cx.store.snapshot().await;
        let person = snapshot.expect("a snapshot").person_of(&patient).await;
        let bearer = SignIn {
            key: "whoever".to_owned(),
            name: "Whoever it is".to_owned(),
            kind: SignInKind::Person {
                person: person.expect("an answer").expect("somebody"),
            },
        };
        self.bearing(&self.token_for(&bearer, &["PATRQT"]))
    }

    /// A token for somebody of the town.
    pub fn token(&self, name: &str, purposes: &[&str]) -> String {
        let bearer = self.roster.find(name).expect("somebody of the town");
        self.token_for(bearer, purposes)
    }

    fn token_for(&self, bearer: &SignIn, purposes: &[&str]) -> String {
        let purposes: Vec<Purpose> = purposes
            .iter()
            .map(|code| code.parse().expect("a purpose code"))
            .collect();
        let wanted = TokenFor {
            bearer,
            purposes: &purposes,
            issued: self.clock.now(),
            seconds: 3600,
        };
        self.issuer.issue(&wanted, self.cx.chance.as_ref())
    }

    /// A token with something changed in what it says.
    pub fn token_but(
        &self,
        name: &str,
        purposes: &[&str],
        change: impl FnOnce(&mut Value),
    ) -> String {
        let token = self.token(name, purposes);
        let payload = token.split('.').nth(1).expect("a payload");
        let payload = URL_SAFE_NO_PAD.decode(payload).expect("base64url");
        let mut claims = serde_json::from_slice(&payload).expect("claims");
        change(&mut claims);
        self.issuer.sign(&claims)
    }

    /// Ends a token before its time.
    pub async fn revoke(&self, token: &str) {
        let expires = self.town.now.plus_seconds(3600);
        let writes = vec![Write::Revoke {
            token: TokenId::new(token),
            expires,
        }];
        let change = Change {
            writes,
            ..Change::default()
        };
        self.cx
            .store
            .commit(change, Expect::default())
            .await
            .expect("it is revoked");
    }

    /// The Patient by which somebody is known to their main agency.
    pub fn patient(&self, key: &str) -> ResourceId {
        settle::patient(&self.cx, &self.town, key).expect("a person of the town")
    }

    /// The id here of what an agency wrote under its own.
    pub fn id_of(&self, agency: &str, resource_type: &str, local_id: &str) -> ResourceId {
        self.cx
            .ids
            .of_alias(&agency.into(), resource_type, local_id)
    }

    /// Lets time pass.
    pub fn wait(&self, seconds: i64) {
        let now: Timestamp = self.clock.now();
        self.clock.stand_at(now.plus_seconds(seconds));
    }

    /// A digest over every byte that the store keeps: equal digests mean that nothing was written,
    /// neither rows nor entries.
    pub fn bytes_kept(&self) -> [u8; 32] {
        let mut files: Vec<_> = std::fs::read_dir(self.folder.path())
            .expect("the store's folder")
            .map(|file| file.expect("a file of the store").path())
            // The index into the write-ahead log is memory that readers share, not what is kept.
            .filter(|path| path.is_file() && !path.to_string_lossy().ends_with("-shm"))
            .collect();
        files.sort();
        let mut digest = Sha256::new();
        for file in files {
            digest.update(std::fs::read(file).expect("what the store keeps"));
        }
        digest.finalize().into()
    }

    /// Everything read and replayed; what holds together is counted.
    pub async fn verified(&self) -> Verified {
        let verified = self.cx.store.verify_all().await.expect("the store is read");
        assert_eq!(verified.faults, Vec::<String>::new());
        verified
    }
}

async fn settle_once() -> Settled {
    let folder = tempfile::tempdir().expect("a folder for the store");
    let town = Town::generate(DEMO_SEED);
    let clock = Arc::new(SettableClock::default());
    clock.stand_at(town.now);
    let exchange = exchange(folder.path(), clock, chance());
    let settled = settle::settle(&exchange.cx, &town).await;
    settled.expect("the town is settled");
    let roster = wiring::roster(&exchange.cx, &town).await;
    Settled {
        folder,
        town,
        roster: roster.expect("everyone of the town"),
    }
}

fn chance() -> Arc<SeededChance> {
    Arc::new(SeededChance::new(1))
}
