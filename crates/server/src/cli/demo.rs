//! `candour demo`: an invented town in a folder, with its own issuer and a clock that can be set.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::Context as _;
use clap::Args;
use domain::Timestamp;
use sharing::settle::settle;
use sharing::town::{DEMO_SEED, Town};
use tracing::info;

use super::serve::{listen, stand};
use super::{Exit, Failure, Style, clock, runtime, say};
use crate::chance::SystemChance;
use crate::clock::SettableClock;
use crate::config::Config;
use crate::telemetry;
use crate::tokens::{LocalIssuer, Roster};
use crate::wiring::{self, Demonstration, Exchange};

/// Run an invented town, with nothing else to install
#[derive(Debug, Args)]
pub struct Demo {
    /// Where to listen
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:8080")]
    listen: SocketAddr,
    /// The folder that keeps the town
    #[arg(long, value_name = "DIR", default_value = "demo-data")]
    data: PathBuf,
    /// Which town: equal seeds make equal towns
    #[arg(long, value_name = "N", default_value_t = DEMO_SEED)]
    seed: u64,
    /// The time at which to start, such as 2027-01-11T09:30:00Z; without it, the town's clock runs on
    #[arg(long, value_name = "T", value_parser = instant)]
    clock: Option<Timestamp>,
}

pub(super) fn run(demo: Demo, style: Style) -> Result<(), Failure> {
    let mut config = Config::demo(demo.listen, demo.data);
    telemetry::start(config.telemetry, style.colour);
    runtime()?.block_on(async {
        // First of all, so that a taken address is told before a town is built, and port 0 is known.
        let listener = listen(&config).await?;
        let address = listener.address().context("cannot tell the address")?;
        config.public_url = format!("http://{address}");

        let town = Town::generate(demo.seed);
        let clock = Arc::new(town_clock(&config.data, demo.clock, &town)?);
        let exchange = wiring::open(&config, Arc::clone(&clock) as _)?;
        exchange.begin().await?;
        let keep = "the demo's clock cannot be kept";
        clock.keep(&config.data).context(keep)?;
        let roster = settled(&exchange, &config.data, &town).await?;
        let issuer = LocalIssuer::open(&config.data, &SystemChance).map_err(anyhow::Error::from)?;
        let demonstration = Demonstration {
            clock,
            issuer,
            roster,
            town,
        };
        let service = wiring::service(exchange, &config, Some(demonstration));
        say(&welcome(&config));
        stand(service, listener).await
    })
}

fn instant(text: &str) -> Result<Timestamp, String> {
    Timestamp::parse(text)
        .ok_or_else(|| "expected an instant such as 2027-01-11T09:30:00Z".to_owned())
}

/// The time asked for; else the folder's own, which ran on while the demo stood still; else the
/// town's present.
fn town_clock(
    data: &Path,
    asked: Option<Timestamp>,
    town: &Town,
) -> Result<SettableClock, Failure> {
    match asked {
        Some(at) => Ok(SettableClock::starting_at(at)),
        None if SettableClock::was_kept(data) => clock(data),
        None => Ok(SettableClock::starting_at(town.now)),
    }
}

/// Settles the town unless the folder holds it already.
async fn settled(exchange: &Exchange, data: &Path, town: &Town) -> Result<Roster, Failure> {
    let unreadable = || format!("the sign-ins in {} cannot be used", data.display());
    let roster = Roster::read(data).with_context(unreadable)?;
    if roster.has_people() {
        if roster.seed == town.seed {
            return Ok(roster);
        }
        let words = format!(
            "{} holds the town of seed {}, not {}: choose another folder, or that seed",
            data.display(),
            roster.seed,
            town.seed
        );
        return Err(Failure::new(Exit::Conflict, words));
    }
    info!("settling the town");
    let failed = "the town could not be settled";
    settle(&exchange.cx, town).await.context(failed)?;
    let roster = wiring::roster(&exchange.cx, town).await.context(failed)?;
    roster.write(data).with_context(unreadable)?;
    Ok(roster)
}

fn welcome(config: &Config) -> String {
    let (url, data) = (&config.public_url, config.data.display());
    format!(
        "Candour is running with an invented town. Nobody in it exists.

  Pages      {url}/
  Sign in    {url}/sign-in    as any worker or person of the town
  FHIR       {url}/fhir       with a token, such as
             candour token --data {data} --as fraser-abercrombie --purpose SC-ASSESS
  The log    {url}/log/checkpoint
  Health     {url}/healthz    {url}/readyz    {url}/metrics
  Clock      {url}/demo/clock

Stop it with Ctrl-C; the town stays in {data}."
    )
}
