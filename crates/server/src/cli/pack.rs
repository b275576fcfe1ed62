//! `candour pack`: writes somebody's evidence pack to a file, for whoever cannot fetch it themself.

use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::Context as _;
use clap::Args;
use domain::time::draw;
use domain::{Assurance, Caller, Capacity, PersonId, Purpose, ResourceId, TokenId};
use serde_json::json;
use sharing::{Asking, Channel, PackAsk};

use super::{Exit, Failure, Style, Where, clock, runtime, say};
use crate::chance::SystemChance;
use crate::config::Config;
use crate::tokens::{Roster, SignInKind};
use crate::wiring;

/// Write a person's evidence pack: their whole list with its proofs
#[derive(Debug, Args)]
pub struct Pack {
    #[command(flatten)]
    place: Where,
    /// Whose: a person's id; in a demo also a key or name
    #[arg(long = "as", value_name = "NAME")]
    person: String,
    /// The file to write; it must not be there
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
    /// A field that the person does not want in it, such as `reason`; repeat it for several
    #[arg(long = "leave-out", value_name = "FIELD")]
    leave_out: Vec<String>,
    /// Of somebody for whom they act: the id of that person's Patient. The pack is then of what stands
    /// in the view of the one who asks, and the person's account says that it was made
    #[arg(long, value_name = "PATIENT")]
    of: Option<ResourceId>,
    /// Which of their lists: 2 and more are what others were told before records were joined
    #[arg(long, value_name = "NUMBER", default_value_t = 1)]
    list: usize,
    /// To be read where nobody looks over the person's shoulder: what is told on a safe channel only
    /// is list 2
    #[arg(long = "safe-channel")]
    safe_channel: bool,
}

pub(super) fn run(pack: &Pack, style: Style) -> Result<(), Failure> {
    let config = pack.place.config()?;
    let (person, name) = whose(&config, &pack.person)?;
    let clock = Arc::new(clock(&config.data)?);
    let bytes = runtime()?.block_on(async {
        let exchange = wiring::open(&config, clock)?;
        exchange.begin().await?;
        let cx = &exchange.cx;
        // So that the pack is complete to this moment, and not to the last epoch.
        let made = sharing::epoch::make(cx).await;
        made.context("no epoch could be made")?;
        let ask = PackAsk {
            list: pack.list,
            leave_out: pack.leave_out.clone(),
            of: pack.of,
        };
        let mut asking = asking(person, name);
        if pack.safe_channel {
            asking.channel = Channel::Safe;
        }
        let packed = sharing::pack(cx, &asking, &exchange.log_key, &ask).await;
        Ok::<_, Failure>(packed.context("the pack could not be made")?)
    })?;
    let bytes = bytes.ok_or_else(|| {
        let words = format!("{} has no record here that could be proven", pack.person);
        Failure::new(Exit::NotFound, words)
    })?;
    write(&pack.out, &bytes)?;
    let path = pack.out.display().to_string();
    if style.json {
        say(&json!({"pack": path, "bytes": bytes.len()}));
    } else {
        say(&format!(
            "{path}: {} bytes; check it with `candour verify {path}`",
            bytes.len()
        ));
    }
    Ok(())
}

pub(super) fn whose(config: &Config, name: &str) -> Result<(PersonId, String), Failure> {
    let roster = Roster::read(&config.data).map_err(|error| {
        let words = format!("the sign-ins cannot be read: {error}");
        Failure::new(Exit::Failure, words)
    })?;
    if let Ok(person) = name.parse() {
        return Ok((person, String::new()));
    }
    let found = roster.find(name)?;
    match found.kind {
        SignInKind::Person { person } => Ok((person, found.name.clone())),
        SignInKind::Worker { .. } => Err(Failure::new(
            Exit::NotFound,
            format!(
                "{} works here: a pack is of a person's own list",
                found.name
            ),
        )),
    }
}

/// Whoever holds the folder and its root key can read everything in it: no sign-in is asked for.
fn asking(person: PersonId, name: String) -> Asking {
    let token = u128::from_be_bytes(draw(&SystemChance));
    Asking {
        caller: Caller {
            name,
            capacity: Capacity::Person(person),
            assurance: Assurance::Substantial,
        },
        token: TokenId::new(format!("{token:032x}")),
        purpose: Purpose::PersonRequest,
        reason: None,
        channel: Channel::Export,
        idempotency: None,
    }
}

/// A new file that only its owner may read: it says who was told what about somebody.
pub(super) fn write(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    let written = std::fs::OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path)
        .and_then(|mut file| file.write_all(bytes).and_then(|()| file.sync_all()));
    written.map_err(|error| {
        let exit = match error.kind() {
            std::io::ErrorKind::AlreadyExists => Exit::Conflict,
            _ => Exit::Failure,
        };
        Failure::new(
            exit,
            format!("{} cannot be written: {error}", path.display()),
        )
    })
}
