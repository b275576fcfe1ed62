//! `candour admin recover`.

use std::path::PathBuf;
use std::sync::Arc;

use anyhow::{Context as _, anyhow};
use clap::{ArgGroup, Args};
use ledger::Checkpoint;
use serde_json::json;
use sharing::recover::{Recovery, kept, recover};
use sharing::rotate::log_keys;

use crate::anchor::Anchor;
use crate::cli::verify::read;
use crate::cli::{Exit, Failure, Style, Where, clock, runtime, say};
use crate::wiring::{self, Exchange};

/// Take up the log after a restore from a copy older than what was seen of it
#[derive(Debug, Args)]
#[command(group = ArgGroup::new("source").args(["anchor", "without_leaves"]))]
pub struct Recover {
    #[command(flatten)]
    place: Where,
    /// The folder with the copy of the log; the configured anchor unless said
    #[arg(long, value_name = "DIR")]
    anchor: Option<PathBuf>,
    /// Go on without the leaves that were lost: the log begins a second future, and says so. The
    /// file is the newest checkpoint that anybody kept
    #[arg(long, value_name = "CHECKPOINT")]
    without_leaves: Option<PathBuf>,
}

pub(super) fn run(recovery: &Recover, style: Style) -> Result<(), Failure> {
    let config = recovery.place.config()?;
    let clock = Arc::new(clock(&config.data)?);
    runtime()?.block_on(async {
        let exchange = wiring::open(&config, clock)?;
        let anchor = recovery.anchor.clone().map(Anchor::new);
        let anchor = anchor.or_else(|| exchange.elsewhere.anchor.clone());
        let (seen, leaves) = match &recovery.without_leaves {
            Some(file) => (checkpoint(file, &exchange)?, Vec::new()),
            None => lost(&exchange, anchor.as_ref()).await?,
        };
        let taken = leaves.len();
        let done = recover(&exchange.cx, &exchange.log_key, &seen, leaves).await;
        let (kept, leaf) = match done.context("it could not be written")? {
            Recovery::Done { kept, leaf } => (kept, leaf),
            Recovery::Whole => return Err(whole(seen.size)),
            Recovery::Diverged => return Err(diverged()),
        };
        say(&done_in_words(kept, seen.size, taken, leaf, style));
        Ok(())
    })
}

/// What the anchor saw, with the leaves that are not here.
async fn lost(
    exchange: &Exchange,
    anchor: Option<&Anchor>,
) -> Result<(Checkpoint, Vec<ledger::Hash>), Failure> {
    let words = "no anchor is configured: name one with --anchor, or go on --without-leaves";
    let anchor = anchor.ok_or_else(|| Failure::new(Exit::Usage, words))?;
    let keys = log_keys(exchange.cx.store.as_ref()).await;
    let keys = keys.context("the log cannot be read")?;
    let newest = anchor.newest(&keys);
    let seen = newest.map_err(anyhow::Error::from)?.ok_or_else(|| {
        let words = format!("{} holds no copy of a log", anchor.folder().display());
        Failure::new(Exit::NotFound, words)
    })?;
    let kept = kept(&exchange.cx, &exchange.log_key).await;
    let kept = kept.context("the log cannot be read")?;
    let leaves = anchor.leaves(kept.min(seen.size), seen.size);
    Ok((seen, leaves.map_err(anyhow::Error::from)?))
}

fn checkpoint(file: &std::path::Path, exchange: &Exchange) -> Result<Checkpoint, Failure> {
    let note = String::from_utf8_lossy(&read(file)?).into_owned();
    Checkpoint::verify(&note, &exchange.log_key).map_err(|error| {
        let words = format!("{}: {error}", file.display());
        Failure::new(Exit::Invalid, words)
    })
}

fn whole(seen: u64) -> Failure {
    let words = format!("the log here has all {seen} leaves that were seen: nothing is to recover");
    Failure::new(Exit::Conflict, words)
}

fn diverged() -> Failure {
    let words = anyhow!(
        "what is in the anchor does not go on from the log here: it was continued since it was \
         restored. Restore the copy again, or go on --without-leaves"
    );
    Failure::new(Exit::Conflict, words.to_string())
}

fn done_in_words(kept: u64, seen: u64, taken: usize, leaf: u64, style: Style) -> String {
    if style.json {
        let done = json!({"kept": kept, "seen": seen, "leaves": taken, "statement": leaf});
        return done.to_string();
    }
    let log = match taken {
        0 => "the log begins a second future, and witnesses must be told",
        _ => "the log goes on as one",
    };
    format!(
        "{kept} leaves were kept and {seen} had been seen: {log}. The log says so at leaf {leaf}, \
         and so does every pack and audit from now on"
    )
}
