//! `candour admin change-key`.

use std::sync::Arc;

use anyhow::Context as _;
use clap::{Args, ValueEnum};
use serde_json::json;
use sharing::rotate::{log_key, positions_key};

use crate::cli::{Failure, Style, Where, clock, runtime, say};
use crate::wiring;

/// Go on with the next key of the log, and say so in the log
#[derive(Debug, Args)]
pub struct ChangeKey {
    /// Which key
    #[arg(value_enum)]
    key: Key,
    #[command(flatten)]
    place: Where,
}

/// A key that can be changed.
#[derive(Debug, Clone, Copy, ValueEnum)]
enum Key {
    /// The one that signs checkpoints and receipts
    Log,
    /// The one that finds positions in the maps of epochs
    Positions,
}

pub(super) fn run(change: &ChangeKey, style: Style) -> Result<(), Failure> {
    let config = change.place.config()?;
    let clock = Arc::new(clock(&config.data)?);
    runtime()?.block_on(async {
        let exchange = wiring::open(&config, clock)?;
        exchange.begin().await?;
        let unwritten = "the key could not be changed";
        let (words, told) = match change.key {
            Key::Log => {
                let (key, leaf) = log_key(&exchange.cx).await.context(unwritten)?;
                let vkey = key.vkey();
                let words = format!(
                    "the log signs with {vkey} from leaf {leaf} on: tell its witnesses and whoever \
                     verifies packs"
                );
                (words, json!({"key": vkey, "statement": leaf}))
            }
            Key::Positions => {
                let leaf = positions_key(&exchange.cx).await.context(unwritten)?;
                let words = format!("positions are found by the next key from leaf {leaf} on");
                (words, json!({"statement": leaf}))
            }
        };
        if style.json {
            say(&told);
        } else {
            say(&words);
        }
        Ok(())
    })
}
