//! What whoever runs an exchange can decide (`docs/reference/configuration.md`).
//!
//! The file is read whole and everything wrong with it is told at once.

mod section;

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::fmt;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use domain::{Assurance, TeamId, WorkerId};
use ledger::WitnessPublicKey;
use zeroize::Zeroizing;

use crate::anchor::Anchor;
use crate::keys::RootSource;
use crate::mail::{Guard, MailTerms};
use crate::reports::ReportTerms;
use crate::tokens::{IssuerTerms, KeySource};
use crate::witnesses::WitnessTerms;
pub use section::Environment;
use section::Section;

/// Everything that can be set.
#[derive(Debug, Clone)]
pub struct Config {
    /// Where to listen.
    pub listen: SocketAddr,
    /// The address that others reach us by, without a slash at the end.
    pub public_url: String,
    /// Where everything is kept.
    pub data: PathBuf,
    /// Local policy files; the ones built in if none are named.
    pub policies: Option<PathBuf>,
    /// Profiles that resources can be held against; none if no folder is named.
    pub profiles: Option<PathBuf>,
    /// The name of the log in its checkpoints.
    pub log_origin: String,
    /// How often the standing of every view is fixed in the log.
    pub epoch_every: Duration,
    /// Who is asked to cosign the log.
    pub witnesses: Vec<WitnessTerms>,
    /// Where the log is copied to, to be taken up from there after a restore.
    pub anchor: Option<Anchor>,
    /// How many of them must, for a checkpoint to be published as cosigned.
    pub quorum: usize,
    /// Where the root key is.
    pub root_key: RootSource,
    /// Whose tokens are trusted.
    pub issuers: Vec<IssuerTerms>,
    /// What one caller can make us do.
    pub limits: Limits,
    /// The certificate, unless a reverse proxy has it.
    pub tls: Option<Tls>,
    /// What the pages say of whoever runs the exchange.
    pub portal: Portal,
    /// Where another system leaves concern reports, if one does.
    pub reports: Option<ReportTerms>,
    /// How mail is sent; none is if nothing is said.
    pub mail: Option<MailTerms>,
    /// What is written to standard error.
    pub telemetry: Telemetry,
}

/// Bounds on what one caller can make us do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// The longest body, in bytes.
    pub body_bytes: usize,
    /// How long a client may take to send its headers; also how long an idle connection is kept.
    pub headers_within: Duration,
    /// How long an answer may take.
    pub answer_within: Duration,
    /// How long a stop waits for answers under way.
    pub stop_within: Duration,
    /// How many connections at once.
    pub connections: usize,
    /// How many times a minute one worker may look for people.
    pub finds_per_minute: u32,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            body_bytes: 16 * 1024 * 1024,
            headers_within: Duration::from_secs(60),
            answer_within: Duration::from_secs(60),
            stop_within: Duration::from_secs(20),
            connections: 4096,
            finds_per_minute: 60,
        }
    }
}

/// Where the certificate is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tls {
    /// The certificate chain, PEM.
    pub certificate: PathBuf,
    /// Its private key, PEM.
    pub key: PathBuf,
}

/// What the pages say of whoever runs the exchange.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Portal {
    /// Whom to ring when a page does not help.
    pub help: String,
    /// On which number.
    pub help_phone: String,
}

/// What is written to standard error.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Telemetry {
    /// In what form.
    pub format: LogFormat,
    /// From what level on.
    pub level: tracing::level_filters::LevelFilter,
}

impl Default for Telemetry {
    fn default() -> Self {
        Self {
            format: LogFormat::Text,
            level: tracing::level_filters::LevelFilter::INFO,
        }
    }
}

/// The form of a line on standard error.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogFormat {
    /// For people.
    Text,
    /// One JSON object a line.
    Json,
}

/// Everything wrong with a configuration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConfigErrors {
    /// The file.
    pub file: PathBuf,
    /// One sentence each, with the setting's path first.
    pub problems: Vec<String>,
}

impl fmt::Display for ConfigErrors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} cannot be used", self.file.display())?;
        self.problems
            .iter()
            .try_for_each(|problem| write!(f, "\n  {problem}"))
    }
}

impl std::error::Error for ConfigErrors {}

impl Config {
    /// Reads a file, with the environment before it.
    ///
    /// # Errors
    /// Everything wrong with it.
    pub fn load(file: &Path, environment: Environment<'_>) -> Result<Self, ConfigErrors> {
        let failed = |problem: String| ConfigErrors {
            file: file.to_owned(),
            problems: vec![problem],
        };
        let text = std::fs::read_to_string(file).map_err(|error| failed(error.to_string()))?;
        let table = text
            .parse::<toml::Table>()
            .map_err(|error| failed(error.to_string().trim_end().to_owned()))?;
        let problems = RefCell::new(Vec::new());
        let folder = file.parent().unwrap_or(Path::new("."));
        let config = read(Section::outermost(table, &problems, environment), folder);
        match config {
            Some(config) if problems.borrow().is_empty() => Ok(config),
            _ => Err(ConfigErrors {
                file: file.to_owned(),
                problems: problems.into_inner(),
            }),
        }
    }

    /// What a demo runs with: defaults, and no issuer but its own, which the wiring adds.
    #[must_use]
    pub fn demo(listen: SocketAddr, data: PathBuf) -> Self {
        Self {
            public_url: format!("http://{listen}"),
            listen,
            data,
            policies: None,
            profiles: None,
            log_origin: "demo.candour.example/log".to_owned(),
            epoch_every: Duration::from_secs(60),
            witnesses: Vec::new(),
            anchor: None,
            quorum: 0,
            root_key: RootSource::DataDirectory,
            issuers: Vec::new(),
            limits: Limits::default(),
            tls: None,
            portal: Portal {
                help: "Candour help desk".to_owned(),
                help_phone: "01632 960 000".to_owned(),
            },
            reports: None,
            mail: None,
            telemetry: Telemetry::default(),
        }
    }
}

fn read(mut top: Section<'_>, folder: &Path) -> Option<Config> {
    let listen = top.parsed("listen", "an address such as 127.0.0.1:8080");
    let public_url = top.required("public_url").and_then(|url| {
        let checked = public_url(&url);
        if let Err(reason) = &checked {
            top.wrong("public_url", reason);
        }
        checked.ok()
    });
    let data = top.required("data").map(|path| folder.join(path));
    let policies = top.text("policies").map(|path| folder.join(path));
    let profiles = top.text("profiles").map(|path| folder.join(path));
    let address = public_url.clone().unwrap_or_default();
    let log = log(top.section("log"), &address, folder);
    let root_key = root_key(top.section("keys"), folder);
    let sections = top.sections("issuers");
    if sections.is_empty() {
        top.wrong(
            "issuers",
            "none is named, so nobody could call: add `[[issuers]]`",
        );
    }
    let issuers: Vec<Option<IssuerTerms>> = sections
        .into_iter()
        .map(|section| issuer(section, &address, folder))
        .collect();
    let limits = limits(top.section("limits"));
    let tls = tls(top.section("tls"), folder);
    let portal = portal(top.section("portal"));
    let reports = reports(top.section("reports"), folder);
    let mail = mail(top.section("mail"), folder);
    let telemetry = telemetry(top.section("telemetry"));
    top.finish();
    Some(Config {
        listen: listen.unwrap_or_else(|| SocketAddr::from(([127, 0, 0, 1], 8080))),
        public_url: public_url?,
        data: data?,
        policies,
        profiles,
        log_origin: log.origin,
        epoch_every: log.epoch_every,
        witnesses: log.witnesses,
        anchor: log.anchor,
        quorum: log.quorum,
        root_key,
        issuers: issuers.into_iter().collect::<Option<_>>()?,
        limits,
        tls,
        portal: portal?,
        reports,
        mail,
        telemetry,
    })
}

/// An address without a path; plain HTTP only where nobody else can listen in.
fn public_url(text: &str) -> Result<String, String> {
    let text = text.trim_end_matches('/');
    let uri: http::Uri = text.parse().map_err(|_| {
        format!("expected an address such as https://exchange.example, not {text:?}")
    })?;
    if !matches!(uri.path(), "" | "/") || uri.query().is_some() {
        return Err("expected an address without a path".to_owned());
    }
    if is_private_enough(&uri) {
        Ok(text.to_owned())
    } else {
        Err("expected https:// (plain http:// only for this machine itself)".to_owned())
    }
}

fn is_private_enough(uri: &http::Uri) -> bool {
    let is_here = uri.host().is_some_and(|host| {
        let address = host.trim_matches(['[', ']']).parse::<std::net::IpAddr>();
        host == "localhost" || address.is_ok_and(|address| address.is_loopback())
    });
    match uri.scheme_str() {
        Some("https") => uri.host().is_some(),
        Some("http") => is_here,
        _ => false,
    }
}

/// What is said of the log.
struct Log {
    origin: String,
    epoch_every: Duration,
    witnesses: Vec<WitnessTerms>,
    anchor: Option<Anchor>,
    quorum: usize,
}

fn log(mut section: Section<'_>, public_url: &str, folder: &Path) -> Log {
    let origin = section.text("origin").unwrap_or_else(|| {
        let host = public_url.split_once("://").map_or("", |(_, host)| host);
        format!("{host}/log")
    });
    if origin.is_empty() || origin.contains(|c: char| c.is_whitespace() || c == '+') {
        section.wrong("origin", "expected a name without spaces or plus signs");
    }
    let anchor = section.text("anchor");
    let anchor = anchor.map(|path| Anchor::new(folder.join(path)));
    let minutes = section.whole("epoch_minutes", 1..=1440).unwrap_or(60);
    let sections = section.sections("witnesses");
    let witnesses: Vec<WitnessTerms> = sections.into_iter().filter_map(witness).collect();
    let all = witnesses.len();
    let quorum = section.whole("quorum", 1..=64);
    let quorum = quorum.map_or(all, |number| number as usize);
    if quorum > all {
        section.wrong("quorum", "there are not so many witnesses");
    }
    section.finish();
    Log {
        origin,
        epoch_every: Duration::from_secs(minutes * 60),
        witnesses,
        anchor,
        quorum,
    }
}

fn witness(mut section: Section<'_>) -> Option<WitnessTerms> {
    let url = section.required("url").and_then(|url| {
        let url = url.trim_end_matches('/').to_owned();
        let is_sound = url
            .parse()
            .is_ok_and(|uri: http::Uri| is_private_enough(&uri));
        if !is_sound {
            section.wrong(
                "url",
                "expected an https:// address (http:// only on this machine)",
            );
        }
        is_sound.then_some(url)
    });
    let key = section.required("key").and_then(|key| {
        let key = WitnessPublicKey::from_vkey(&key);
        if key.is_err() {
            section.wrong("key", "expected the key that `candour witness` prints");
        }
        key.ok()
    });
    section.finish();
    Some(WitnessTerms {
        url: url?,
        key: key?,
    })
}

fn root_key(mut section: Section<'_>, folder: &Path) -> RootSource {
    let file = section.text("root_file");
    let given = section.text("root");
    let source = match (file, given) {
        (None, None) => RootSource::DataDirectory,
        (Some(file), None) => RootSource::File(folder.join(file)),
        (None, Some(given)) => RootSource::Given(Zeroizing::new(given)),
        (Some(_), Some(_)) => {
            section.wrong("root", "give either the key or its file, not both");
            RootSource::DataDirectory
        }
    };
    section.finish();
    source
}

/// Nothing is taken unless all three are named; one alone is a mistake and is said.
fn reports(mut section: Section<'_>, folder: &Path) -> Option<ReportTerms> {
    let named = ["folder", "system", "team"].map(|key| section.text(key));
    let is_any = named.iter().any(Option::is_some);
    for (key, value) in ["folder", "system", "team"].iter().zip(&named) {
        if is_any && value.is_none() {
            section.wrong(
                key,
                "name the folder, the record system and its team, or none of them",
            );
        }
    }
    section.finish();
    let [place, system, team] = named;
    Some(ReportTerms {
        folder: folder.join(place?),
        system: WorkerId::new(system?),
        team: TeamId::new(team?),
    })
}

/// None is sent unless a relay is named; without encryption only to this machine itself.
fn mail(mut section: Section<'_>, folder: &Path) -> Option<MailTerms> {
    let guards = [
        ("starttls", Guard::StartTls),
        ("tls", Guard::Tls),
        ("none", Guard::Nothing),
    ];
    let relay = section.text("relay");
    let guard = section.choice("encryption", &guards);
    let guard = guard.unwrap_or(Guard::StartTls);
    let usual = if guard == Guard::Tls { 465 } else { 587 };
    let port = section.whole("port", 1..=65535).unwrap_or(usual);
    let from = section.text("from");
    let user = section.text("user");
    let password = password(&mut section, folder);
    let is_here = matches!(relay.as_deref(), Some("localhost" | "127.0.0.1" | "::1"));
    if guard == Guard::Nothing && !is_here {
        section.wrong(
            "encryption",
            "expected starttls or tls (none only for this machine itself)",
        );
    }
    if user.is_some() != password.is_some() {
        section.wrong("user", "give user and password, or neither");
    }
    match (&relay, &from) {
        (Some(_), None) => section.wrong("from", "missing"),
        (None, Some(_)) => section.wrong("relay", "missing"),
        (Some(_), Some(from)) if from.parse::<lettre::Address>().is_err() => {
            section.wrong(
                "from",
                "expected an address such as notices@exchange.example",
            );
        }
        _ => {}
    }
    section.finish();
    Some(MailTerms {
        relay: relay?,
        port: u16::try_from(port).unwrap_or(587),
        login: user.zip(password),
        from: from?,
        guard,
    })
}

/// From the environment, or from a file that only the program reads.
fn password(section: &mut Section<'_>, folder: &Path) -> Option<Zeroizing<String>> {
    let given = section.text("password").map(Zeroizing::new);
    let file = section.text("password_file");
    let (None, Some(file)) = (&given, &file) else {
        if given.is_some() && file.is_some() {
            section.wrong("password", "give either the password or its file, not both");
        }
        return given;
    };
    match std::fs::read_to_string(folder.join(file)) {
        Ok(text) => Some(Zeroizing::new(text.trim_end().to_owned())),
        Err(error) => {
            section.wrong("password_file", error.to_string());
            None
        }
    }
}

fn issuer(mut section: Section<'_>, public_url: &str, folder: &Path) -> Option<IssuerTerms> {
    let name = section.required("name");
    let keys = section.required("jwks").and_then(|place| {
        let source = key_source(&place, folder);
        if source.is_none() {
            let what = "expected an https:// address (http:// only on this machine) or a file";
            section.wrong("jwks", what);
        }
        source
    });
    let audience = section
        .text("audience")
        .unwrap_or_else(|| format!("{public_url}/fhir"));
    let longest = section.whole("longest_hours", 1..=168).unwrap_or(12);
    let organisations = section.texts("organisations").or_else(|| {
        let what = "name the organisations whose staff it may speak for, or [\"*\"] for all";
        section.wrong("organisations", what);
        None
    });
    let people = section.flag("people").unwrap_or(false);
    let assurance = assurance(&mut section);
    section.finish();
    let organisations = organisations?;
    let all = organisations.iter().any(|name| name == "*");
    Some(IssuerTerms {
        name: name?,
        keys: keys?,
        audience,
        longest_seconds: longest.cast_signed() * 3600,
        organisations: (!all).then(|| organisations.into_iter().collect()),
        people,
        assurance,
    })
}

fn key_source(place: &str, folder: &Path) -> Option<KeySource> {
    if !place.contains("://") {
        return Some(KeySource::File(folder.join(place)));
    }
    let uri: http::Uri = place.parse().ok()?;
    is_private_enough(&uri).then(|| KeySource::Url(place.to_owned()))
}

fn assurance(section: &mut Section<'_>) -> BTreeMap<String, Assurance> {
    let mut levels = BTreeMap::new();
    for (word, level) in section.words("assurance") {
        match Assurance::from_code(&level) {
            Some(level) => {
                levels.insert(word, level);
            }
            None => section.wrong(
                "assurance",
                format!("expected low, substantial or high for {word:?}"),
            ),
        }
    }
    levels
}

fn limits(mut section: Section<'_>) -> Limits {
    let default = Limits::default();
    let mut seconds = |key, most, default| {
        section
            .whole(key, 1..=most)
            .map_or(default, Duration::from_secs)
    };
    let headers_within = seconds("header_seconds", 600, default.headers_within);
    let answer_within = seconds("answer_seconds", 600, default.answer_within);
    let stop_within = seconds("stop_seconds", 600, default.stop_within);
    let body_bytes = section.whole("body_bytes", 64 * 1024..=16 * 1024 * 1024);
    let connections = section.whole("connections", 16..=1_000_000);
    let finds = section.whole("finds_per_minute", 1..=100_000);
    section.finish();
    Limits {
        body_bytes: body_bytes.map_or(default.body_bytes, |bytes| bytes as usize),
        headers_within,
        answer_within,
        stop_within,
        connections: connections.map_or(default.connections, |number| number as usize),
        finds_per_minute: finds.map_or(default.finds_per_minute, |number| number as u32),
    }
}

fn tls(mut section: Section<'_>, folder: &Path) -> Option<Tls> {
    let certificate = section.text("certificate");
    let key = section.text("key");
    let tls = match (certificate, key) {
        (None, None) => None,
        (Some(certificate), Some(key)) => Some(Tls {
            certificate: folder.join(certificate),
            key: folder.join(key),
        }),
        (None, Some(_)) => {
            section.wrong("certificate", "missing");
            None
        }
        (Some(_), None) => {
            section.wrong("key", "missing");
            None
        }
    };
    section.finish();
    tls
}

fn portal(mut section: Section<'_>) -> Option<Portal> {
    let help = section.required("help");
    let help_phone = section.required("help_phone");
    section.finish();
    Some(Portal {
        help: help?,
        help_phone: help_phone?,
    })
}

fn telemetry(mut section: Section<'_>) -> Telemetry {
    use tracing::level_filters::LevelFilter;
    let default = Telemetry::default();
    let formats = [("text", LogFormat::Text), ("json", LogFormat::Json)];
    let levels = [
        ("error", LevelFilter::ERROR),
        ("warn", LevelFilter::WARN),
        ("info", LevelFilter::INFO),
        ("debug", LevelFilter::DEBUG),
    ];
    let format = section.choice("format", &formats).unwrap_or(default.format);
    let level = section.choice("level", &levels).unwrap_or(default.level);
    section.finish();
    Telemetry { format, level }
}
