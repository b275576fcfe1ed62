//! `candour witness`: watches the log of another's exchange and cosigns what it sees
//! (<https://c2sp.org/tlog-witness>). It learns nothing of anybody: the log has nothing to learn from.

use std::fs::{self, File};
use std::io::Write;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use anyhow::{Context as _, anyhow};
use axum::Router;
use axum::extract::{DefaultBodyLimit, State};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use clap::Args;
use domain::time::draw;
use domain::{Clock, Timestamp};
use http::{StatusCode, header};
use ledger::witness::{AddCheckpoint, Refusal, Seen};
use ledger::{Hash, LogPublicKey, WitnessKey};
use serde_json::json;
use tracing::{error, info, warn};

use super::serve::told_to_stop;
use super::{Exit, Failure, Style, runtime, say};
use crate::chance::SystemChance;
use crate::clock::SystemClock;
use crate::config::{Limits, Telemetry};
use crate::http::listener::Listener;
use crate::keys::{read_secret, write_secret};
use crate::telemetry;

/// A request is a checkpoint and at most 63 hashes.
const LONGEST_REQUEST: usize = 64 * 1024;

/// Watch the log of another's exchange and cosign its checkpoints
#[derive(Debug, Args)]
pub struct Witness {
    /// The folder that keeps the witness's key and what it saw; made at the first start
    #[arg(long, value_name = "DIR")]
    data: PathBuf,
    /// The witness's name, such as council.example/witness
    #[arg(long, value_name = "NAME")]
    name: String,
    /// The key of the log to watch, as its /log/vkey gives it
    #[arg(long, value_name = "NOTE-KEY")]
    origin_key: String,
    /// Where to listen
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:8090")]
    listen: SocketAddr,
}

pub(super) fn run(witness: &Witness, style: Style) -> Result<(), Failure> {
    telemetry::start(Telemetry::default(), style.colour);
    let log = LogPublicKey::from_vkey(witness.origin_key.trim())
        .map_err(|error| Failure::new(Exit::Invalid, format!("the log's key: {error}")))?;
    fs::create_dir_all(&witness.data)
        .with_context(|| format!("the folder {} cannot be made", witness.data.display()))?;
    let alone = alone(&witness.data)?;
    let watch = Arc::new(Watch::open(witness, log)?);
    let vkey = watch.signer.public().vkey();
    runtime()?.block_on(async {
        let listener = Listener::open(witness.listen, None, &Limits::default()).await;
        let listener = listener.with_context(|| format!("cannot listen on {}", witness.listen))?;
        let address = listener.address().context("cannot tell the address")?;
        if style.json {
            say(&json!({"key": vkey, "url": format!("http://{address}")}));
        } else {
            say(&format!("Key      {vkey}\nAddress  http://{address}"));
        }
        let stop = told_to_stop().context("cannot wait for signals")?;
        listener.serve(router(watch), stop).await;
        Ok::<_, Failure>(())
    })?;
    drop(alone);
    Ok(())
}

/// Two that keep the same folder could cosign two futures of one log.
fn alone(data: &Path) -> Result<File, Failure> {
    let path = data.join("lock");
    let file = File::create(&path).with_context(|| format!("{} cannot be made", path.display()))?;
    file.try_lock().map_err(|_| {
        let words = format!("another witness has the folder {} open", data.display());
        Failure::new(Exit::Conflict, words)
    })?;
    Ok(file)
}

/// One log, what was seen of it, and the key that says so.
struct Watch {
    log: LogPublicKey,
    signer: WitnessKey,
    seen: Mutex<Seen>,
    file: PathBuf,
}

impl Watch {
    fn open(witness: &Witness, log: LogPublicKey) -> Result<Self, Failure> {
        let path = witness.data.join("witness.key");
        if !path.exists() {
            let seed = draw::<32>(&SystemChance);
            write_secret(&path, &seed).map_err(anyhow::Error::from)?;
        }
        let seed = read_secret(&path).map_err(anyhow::Error::from)?;
        let signer = WitnessKey::from_seed(&witness.name, &seed)
            .map_err(|error| Failure::new(Exit::Invalid, format!("the name: {error}")))?;
        let file = witness.data.join("seen");
        let seen = last_seen(&file, &log)?;
        Ok(Self {
            log,
            signer,
            seen: Mutex::new(seen),
            file,
        })
    }

    /// Judges a request, writes down what will have been seen, and only then signs.
    fn cosign(&self, request: &str, now: Timestamp) -> Result<String, NotCosigned> {
        let request = AddCheckpoint::parse(request)?;
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        let next = seen.next(&request, &self.log)?;
        if next != *seen {
            self.keep(&next).map_err(NotCosigned::Unkept)?;
            *seen = next;
        }
        let seconds = u64::try_from(now.0 / 1_000_000).unwrap_or_default();
        let line = self.signer.cosign(request.checkpoint.text(), seconds);
        let line = line.map_err(|error| NotCosigned::Unkept(std::io::Error::other(error)))?;
        info!(size = next.size, "cosigned");
        Ok(format!("{}\n", line.line()))
    }

    /// Invariant: no cosignature leaves before what it says is on the disk. After a crash the
    /// witness knows at least what it signed, so it never signs another future of the log.
    fn keep(&self, seen: &Seen) -> std::io::Result<()> {
        let written = self.file.with_extension("new");
        let mut file = File::create(&written)?;
        writeln!(file, "{}\n{}\n{}", self.log.name(), seen.size, seen.root)?;
        file.sync_all()?;
        fs::rename(&written, &self.file)?;
        let folder = self.file.parent().unwrap_or(Path::new("."));
        File::open(folder)?.sync_all()
    }
}

/// What was seen last; a folder of another log is refused, and so is one that cannot be read:
/// a witness that forgot would sign anything.
fn last_seen(file: &Path, log: &LogPublicKey) -> Result<Seen, Failure> {
    let text = match fs::read_to_string(file) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Seen::nothing()),
        Err(error) => return Err(anyhow!(error).context("what was seen").into()),
    };
    let mut lines = text.lines();
    if lines.next() != Some(log.name()) {
        let words = format!("{} is of another log", file.display());
        return Err(Failure::new(Exit::Conflict, words));
    }
    let seen = lines.next().zip(lines.next()).and_then(|(size, root)| {
        Some(Seen {
            size: size.parse().ok()?,
            root: Hash::from_hex(root).ok()?,
        })
    });
    seen.ok_or_else(|| Failure::new(Exit::Invalid, format!("{} is damaged", file.display())))
}

fn router(watch: Arc<Watch>) -> Router {
    Router::new()
        .route("/add-checkpoint", post(add_checkpoint))
        .layer(DefaultBodyLimit::max(LONGEST_REQUEST))
        .with_state(watch)
}

async fn add_checkpoint(State(watch): State<Arc<Watch>>, request: String) -> Response {
    let cosigned = tokio::task::spawn_blocking(move || watch.cosign(&request, SystemClock.now()));
    match cosigned.await {
        Ok(Ok(line)) => line.into_response(),
        Ok(Err(NotCosigned::Refused(refusal))) => refused(refusal),
        Ok(Err(NotCosigned::Unkept(error))) => {
            error!(%error, "what was seen cannot be kept, so nothing is cosigned");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
        Err(error) => {
            error!(%error, "a request failed");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}

/// The answers that the specification prescribes.
fn refused(refusal: Refusal) -> Response {
    warn!(%refusal, "not cosigned");
    let status = match refusal {
        Refusal::Malformed | Refusal::Backwards => StatusCode::BAD_REQUEST,
        Refusal::OtherLog => StatusCode::NOT_FOUND,
        Refusal::Unsigned => StatusCode::FORBIDDEN,
        Refusal::OtherSize { size } => {
            let kind = [(header::CONTENT_TYPE, "text/x.tlog.size")];
            return (StatusCode::CONFLICT, kind, format!("{size}\n")).into_response();
        }
        Refusal::Inconsistent => StatusCode::UNPROCESSABLE_ENTITY,
    };
    (status, format!("{refusal}\n")).into_response()
}

/// Why there is no cosignature.
enum NotCosigned {
    Refused(Refusal),
    Unkept(std::io::Error),
}

impl From<Refusal> for NotCosigned {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}
