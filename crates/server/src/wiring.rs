//! The only file that names every concrete part: it opens them and puts them together.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use axum::Router;
use domain::{Chance, Clock};
use fhir::profile::Profiles;
use ledger::{HomeKey, LogPublicKey};
use sharing::ids::WireIds;
use sharing::town::Town;
use sharing::{InForce, Labeller, settle};
use store::{Options, Synchronous};

use crate::anchor::Anchor;
use crate::api::{self, Cursors};
use crate::app::App;
use crate::chance::SystemChance;
use crate::clock::SettableClock;
use crate::config::Config;
use crate::continuity::Elsewhere;
use crate::http::rate::RateLimit;
use crate::http::{Surroundings, demo, health, surround};
use crate::keys::Keys;
use crate::mail::Mailer;
use crate::policies::{self, Folder};
use crate::portal::{self, Desk};
use crate::reports::ReportTerms;
use crate::telemetry::Figures;
use crate::tokens::{IssuerTerms, LocalIssuer, Roster, SignIn, SignInKind, Tokens};
use crate::witnesses::Witnesses;

/// An exchange whose store is open: everything that the use cases need.
pub struct Exchange {
    /// The use cases' context.
    pub cx: sharing::Context,
    /// Seals places in an answer into links.
    pub cursors: HomeKey,
    /// Seals the cookies of the pages.
    pub sessions: HomeKey,
    /// The key that checkpoints and receipts are verified with.
    pub log_key: LogPublicKey,
    /// The profiles that resources can be held against.
    pub profiles: Profiles,
    /// Where else the log is known.
    pub elsewhere: Elsewhere,
}

/// What only a demo has.
pub struct Demonstration {
    /// Its clock, which can be set.
    pub clock: Arc<SettableClock>,
    /// Its own issuer.
    pub issuer: LocalIssuer,
    /// Who can sign in.
    pub roster: Roster,
    /// The town that they live in.
    pub town: Town,
}

/// Opens the keys, the policies and the store of a configuration.
///
/// # Errors
/// If any of them is not as it should be; the chain of causes says what and where.
pub fn open(config: &Config, clock: Arc<dyn Clock>) -> anyhow::Result<Exchange> {
    private_folder(&config.data)?;
    let chance: Arc<dyn Chance> = Arc::new(SystemChance);
    let policies = policies::load(config.policies.as_deref())?;
    let profiles = profiles(config.profiles.as_deref())?;
    let labeller = Labeller::shipped().context("the labelling rules built in are not valid")?;
    let keys = Keys::open(&config.root_key, &config.data, &SystemChance)?;
    let store = store::open(Options {
        dir: config.data.clone(),
        log_keys: keys.log_keys(&config.log_origin),
        origin: config.log_origin.clone(),
        clock: Arc::clone(&clock),
        chance: Arc::clone(&chance),
        vfs: None,
        synchronous: Synchronous::Full,
    })?;
    let log_key = store.log_key();
    let (store, index) = sharing::identity::indexed(store);
    let cx = sharing::Context {
        store,
        policies: Arc::new(InForce::new(Arc::new(policies))),
        labeller: Arc::new(labeller),
        keys: Arc::new(sharing::keys::Keys::new(keys.root, *keys.views)),
        ids: Arc::new(WireIds::new(*keys.wire_ids)),
        index,
        kept: Arc::default(),
        clock,
        chance,
    };
    Ok(Exchange {
        cx,
        cursors: HomeKey::new(*keys.cursors)?,
        sessions: HomeKey::new(*keys.sessions)?,
        profiles,
        log_key,
        elsewhere: Elsewhere {
            anchor: config.anchor.clone(),
            witnesses: config.witnesses.clone(),
        },
    })
}

/// Makes the data directory, if it is not there, so that nobody else on the machine can look in.
fn private_folder(data: &Path) -> anyhow::Result<()> {
    use std::os::unix::fs::DirBuilderExt;
    std::fs::DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(data)
        .with_context(|| format!("the folder {} cannot be made", data.display()))
}

/// The profiles of a folder, if one is named.
fn profiles(folder: Option<&Path>) -> anyhow::Result<Profiles> {
    let Some(folder) = folder else {
        return Ok(Profiles::default());
    };
    let mut files = files(folder, |path| std::fs::read(path))
        .with_context(|| format!("the profiles in {} cannot be read", folder.display()))?;
    files.retain(|(name, _)| name.ends_with(".json"));
    Profiles::load(&files).map_err(|wrong| {
        let wrong: Vec<String> = wrong.iter().map(ToString::to_string).collect();
        let place = folder.display();
        anyhow::anyhow!(
            "the profiles in {place} cannot be used\n  {}",
            wrong.join("\n  ")
        )
    })
}

/// The files of a folder by name, in order.
pub(crate) fn files<T>(
    folder: &Path,
    read: impl Fn(&Path) -> std::io::Result<T>,
) -> std::io::Result<Vec<(String, T)>> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_file() {
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            files.push((name.into_owned(), read(&path)?));
        }
    }
    files.sort_by(|(one, _), (other, _)| one.cmp(other));
    Ok(files)
}

impl Exchange {
    /// Readies the store at a start, if its log goes on from all that was seen of it: see
    /// [`settle::exchange`].
    ///
    /// # Errors
    /// If the data are an older copy, or the store does not answer.
    pub async fn begin(&self) -> anyhow::Result<()> {
        self.elsewhere.check(self.cx.store.as_ref()).await?;
        Ok(settle::exchange(&self.cx).await?)
    }
}

/// A running exchange: its routes, and what its tasks work with.
pub struct Service {
    /// The use cases' context.
    pub cx: sharing::Context,
    /// How often an epoch is made.
    pub epoch_every: Duration,
    /// Who is asked to cosign the log.
    pub witnesses: Witnesses,
    /// Where the log is copied to.
    pub anchor: Option<Anchor>,
    /// Where another system leaves concern reports.
    pub reports: Option<ReportTerms>,
    /// Where the local policies lie.
    pub policies: Option<Folder>,
    /// Who hands mail to the relay, if there is one.
    pub mailer: Option<Mailer>,
    /// All routes, with their surroundings.
    pub router: Router,
    /// Who is trusted to say who calls.
    pub tokens: Arc<Tokens>,
    /// The figures of this process.
    pub figures: Figures,
}

/// Puts the routes together; a demo also has its issuer, its clock and its sign-ins.
#[must_use]
pub fn service(exchange: Exchange, config: &Config, demo: Option<Demonstration>) -> Service {
    let figures = Figures::start();
    let (cx, store) = (exchange.cx.clone(), Arc::clone(&exchange.cx.store));
    let tokens = Arc::new(Tokens::new(trusted(config, demo.as_ref())));
    let app = App {
        tokens: Arc::clone(&tokens),
        base: format!("{}/fhir", config.public_url).into(),
        cursors: Arc::new(Cursors::new(exchange.cursors)),
        finds: Arc::new(RateLimit::per_minute(config.limits.finds_per_minute)),
        profiles: Arc::new(exchange.profiles),
        desk: Arc::new(desk(
            exchange.sessions,
            exchange.log_key,
            config,
            demo.as_ref(),
        )),
        cx: exchange.cx,
    };
    let mut router = api::router()
        .merge(portal::router())
        .with_state(app)
        .merge(health::router(store, figures.clone()));
    if let Some(demo) = demo {
        let jwks = demo.issuer.jwks();
        router = router.merge(demo::router(demo.clock, config.data.clone(), jwks));
    }
    let mailer = mailer(config);
    let surroundings = Surroundings {
        limits: config.limits.clone(),
        chance: Arc::clone(&cx.chance),
        https: config.public_url.starts_with("https://"),
    };
    Service {
        cx,
        epoch_every: config.epoch_every,
        witnesses: Witnesses::new(config.witnesses.clone(), config.quorum),
        anchor: config.anchor.clone(),
        reports: config.reports.clone(),
        policies: config.policies.clone().map(Folder::new),
        mailer,
        router: surround(router, surroundings),
        tokens,
        figures,
    }
}

/// Whoever hands mail to the relay. Without one everything else works, so a relay that cannot be used is
/// told and no reason not to start.
fn mailer(config: &Config) -> Option<Mailer> {
    let help = (&*config.portal.help, &*config.portal.help_phone);
    let terms = config.mail.as_ref()?;
    match Mailer::new(terms, &config.public_url, help) {
        Ok(mailer) => Some(mailer),
        Err(error) => {
            tracing::error!(
                error = format!("{:#}", anyhow::Error::from(error)),
                "no mail is sent"
            );
            None
        }
    }
}

fn trusted(config: &Config, demo: Option<&Demonstration>) -> Vec<IssuerTerms> {
    let local = demo.map(|demo| demo.issuer.terms());
    config.issuers.iter().cloned().chain(local).collect()
}

fn desk(
    session_key: HomeKey,
    log_key: LogPublicKey,
    config: &Config,
    demo: Option<&Demonstration>,
) -> Desk {
    let mut desk = Desk {
        roster: Roster::default(),
        situations: BTreeMap::new(),
        organisations: BTreeMap::new(),
        demonstration: demo.is_some(),
        session_key,
        log_key,
        help: (config.portal.help.clone(), config.portal.help_phone.clone()),
        sends_mail: config.mail.is_some(),
        secure_cookies: config.public_url.starts_with("https://"),
    };
    if let Some(demo) = demo {
        desk.roster = demo.roster.clone();
        for person in &demo.town.people {
            let line = person.situation.clone();
            desk.situations.insert(person.key.clone(), line);
        }
        for organisation in &demo.town.organisations {
            let id = organisation.id.to_string();
            desk.organisations.insert(id, organisation.name.clone());
        }
    }
    desk
}

/// Everyone of a settled town who can sign in: its workers, its record systems, and those of its
/// people who may.
///
/// # Errors
/// If the store does not answer.
pub async fn roster(cx: &sharing::Context, town: &Town) -> Result<Roster, sharing::Error> {
    let mut roster = agencies(town);
    let people = sharing::settle::people(cx, town).await?;
    for one in &town.people {
        if let Some(person) = people.get(&one.key) {
            roster.sign_ins.push(SignIn {
                key: one.key.clone(),
                name: one.name.clone(),
                kind: SignInKind::Person { person: *person },
            });
        }
    }
    Ok(roster)
}

/// The workers and record systems of a town, where its people do not live yet.
#[must_use]
pub fn agencies(town: &Town) -> Roster {
    let workers = town.workers.iter().map(|worker| SignIn {
        key: worker.id.to_string(),
        name: worker.name.clone(),
        kind: SignInKind::Worker {
            role: worker.role,
            organisation: worker.organisation.clone(),
        },
    });
    Roster {
        seed: town.seed,
        sign_ins: workers.collect(),
    }
}
