//! `candour serve`: runs an exchange until it is told to stop.

use std::path::PathBuf;
use std::sync::Arc;

use anyhow::Context as _;
use clap::Args;
use tokio::signal::unix::{SignalKind, signal};
use tracing::info;

use super::{Failure, Style, load, runtime};
use crate::clock::SystemClock;
use crate::config::Config;
use crate::http::listener::Listener;
use crate::tasks::{Tasks, Work};
use crate::telemetry;
use crate::wiring::{self, Service};

/// Run an exchange
#[derive(Debug, Args)]
pub struct Serve {
    /// The configuration (docs/reference/configuration.md)
    #[arg(long, value_name = "FILE")]
    config: PathBuf,
}

pub(super) fn run(serve: &Serve, style: Style) -> Result<(), Failure> {
    let config = load(&serve.config)?;
    telemetry::start(config.telemetry, style.colour);
    runtime()?.block_on(async {
        let exchange = wiring::open(&config, Arc::new(SystemClock))?;
        exchange.begin().await?;
        let service = wiring::service(exchange, &config, None);
        let listener = listen(&config).await?;
        stand(service, listener).await
    })
}

/// Takes the configured address.
pub(super) async fn listen(config: &Config) -> Result<Listener, Failure> {
    let listener = Listener::open(config.listen, config.tls.as_ref(), &config.limits).await;
    Ok(listener.with_context(|| format!("cannot listen on {}", config.listen))?)
}

/// Serves and does what is due, until the process is told to stop.
pub(super) async fn stand(service: Service, listener: Listener) -> Result<(), Failure> {
    let stop = told_to_stop().context("cannot wait for signals")?;
    let address = listener.address().context("cannot tell the address")?;
    let unread = "the people cannot be read for matching";
    service.cx.index.ready().await.context(unread)?;
    let tasks = Tasks::start(Work {
        cx: service.cx,
        epoch_every: service.epoch_every,
        witnesses: service.witnesses,
        anchor: service.anchor,
        reports: service.reports,
        policies: service.policies,
        mailer: service.mailer,
        tokens: service.tokens,
        figures: service.figures,
    });
    info!(%address, "ready");
    listener.serve(service.router, stop).await;
    info!("stopping");
    tasks.stop().await;
    Ok(())
}

/// Ready once the process is interrupted or terminated.
pub(super) fn told_to_stop() -> std::io::Result<impl Future<Output = ()>> {
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
    })
}
