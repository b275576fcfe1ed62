//! What the program does unasked: ordering the log, making epochs, doing what falls due, refreshing
//! issuers' keys, taking concern reports that were left in a folder, looking for other local policies, tidying figures.

use std::sync::Arc;
use std::time::Duration;

use sharing::Context;
use store::Store;
use tokio::sync::{Mutex, watch};
use tokio::task::JoinSet;
use tokio::time::{MissedTickBehavior, interval};
use tracing::{error, warn};

use crate::anchor::Anchor;
use crate::mail::{self, Mailer};
use crate::policies::Folder;
use crate::reports::ReportTerms;
use crate::telemetry::Figures;
use crate::tokens::Tokens;
use crate::witnesses::Witnesses;

/// A receipt promises its checkpoint within a minute; one is due each second with traffic.
const SEQUENCE_EVERY: Duration = Duration::from_secs(1);
/// How long a key that an issuer withdrew still works here.
const REFRESH_KEYS_EVERY: Duration = Duration::from_secs(300);
/// Nothing falls due to the second.
const LOOK_FOR_DUE_EVERY: Duration = Duration::from_secs(5);
/// A witness that was down is asked again this soon.
const ASK_WITNESSES_EVERY: Duration = Duration::from_secs(5);
/// A report of the night is on somebody's list within seconds.
const LOOK_FOR_REPORTS_EVERY: Duration = Duration::from_secs(5);
/// A rule that was changed is in force within two looks.
const LOOK_FOR_POLICIES_EVERY: Duration = Duration::from_secs(5);
const TIDY_EVERY: Duration = Duration::from_secs(5);

/// What the tasks work with.
pub struct Work {
    /// The use cases' context.
    pub cx: Context,
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
    /// Who hands mail to the relay.
    pub mailer: Option<Mailer>,
    /// Who is trusted to say who calls.
    pub tokens: Arc<Tokens>,
    /// The figures of this process.
    pub figures: Figures,
}

/// The tasks under way, and the means to stop them.
pub struct Tasks {
    running: JoinSet<()>,
    stop: watch::Sender<()>,
}

impl Tasks {
    /// Starts all of them.
    #[must_use]
    pub fn start(work: Work) -> Self {
        let Work {
            cx,
            epoch_every,
            witnesses,
            anchor,
            reports,
            policies,
            mailer,
            tokens,
            figures,
        } = work;
        let (stop, stopped) = watch::channel(());
        let mut running = JoinSet::new();
        running.spawn(sequence(Arc::clone(&cx.store), stopped.clone()));
        running.spawn(do_what_is_due(cx.clone(), stopped.clone()));
        running.spawn(send_mail(cx.clone(), mailer, stopped.clone()));
        let (store, witnesses) = (Arc::clone(&cx.store), Arc::new(witnesses));
        running.spawn(every(ASK_WITNESSES_EVERY, stopped.clone(), move || {
            let (store, witnesses) = (Arc::clone(&store), Arc::clone(&witnesses));
            async move { ask(&witnesses, store.as_ref()).await }
        }));
        if let Some(anchor) = anchor {
            running.spawn(keep(anchor, Arc::clone(&cx.store), stopped.clone()));
        }
        if let Some(terms) = reports {
            let (cx, terms) = (cx.clone(), Arc::new(terms));
            running.spawn(every(LOOK_FOR_REPORTS_EVERY, stopped.clone(), move || {
                let (cx, terms) = (cx.clone(), Arc::clone(&terms));
                async move { take_reports(&cx, &terms).await }
            }));
        }
        if let Some(folder) = policies {
            running.spawn(look_at(folder, cx.clone(), stopped.clone()));
        }
        running.spawn(every(epoch_every, stopped.clone(), move || {
            let cx = cx.clone();
            async move { epoch(&cx).await }
        }));
        running.spawn(every(REFRESH_KEYS_EVERY, stopped.clone(), move || {
            let tokens = Arc::clone(&tokens);
            async move { tokens.refresh().await }
        }));
        running.spawn(every(TIDY_EVERY, stopped, move || {
            figures.tidy();
            std::future::ready(())
        }));
        Self { running, stop }
    }

    /// Stops them, each after what it is doing; the log is ordered once more.
    pub async fn stop(mut self) {
        drop(self.stop);
        while self.running.join_next().await.is_some() {}
    }
}

async fn sequence(store: Arc<dyn Store>, stopped: watch::Receiver<()>) {
    let order = || async {
        if let Err(error) = store.sequence().await {
            error!(%error, "the log could not be ordered; trying again");
        }
    };
    every(SEQUENCE_EVERY, stopped, order).await;
    order().await;
}

/// Whoever else runs on the same store does the same; a lease says who does which.
async fn do_what_is_due(cx: Context, stopped: watch::Receiver<()>) {
    every(LOOK_FOR_DUE_EVERY, stopped, || async {
        if let Err(error) = sharing::messages::do_what_is_due(&cx).await {
            error!(%error, "what is due could not be done; trying again");
        }
    })
    .await;
}

/// A relay that is slow keeps nothing else that is due.
async fn send_mail(cx: Context, mailer: Option<Mailer>, stopped: watch::Receiver<()>) {
    every(LOOK_FOR_DUE_EVERY, stopped, || async {
        if let Err(error) = mail::turn(&cx, mailer.as_ref()).await {
            error!(%error, "mail that is due could not be sent; trying again");
        }
    })
    .await;
}

async fn take_reports(cx: &Context, terms: &ReportTerms) {
    if let Err(error) = crate::reports::take_all(cx, terms).await {
        error!(%error, "concern reports could not be taken; trying again");
    }
}

async fn look_at(folder: Folder, cx: Context, stopped: watch::Receiver<()>) {
    let folder = Mutex::new(folder);
    every(LOOK_FOR_POLICIES_EVERY, stopped, || async {
        folder.lock().await.look(&cx).await;
    })
    .await;
}

async fn ask(witnesses: &Witnesses, store: &dyn Store) {
    if let Err(error) = witnesses.ask(store).await {
        warn!(%error, "the witnesses could not be asked; trying again");
    }
}

/// Copies the log to its anchor, and once more at the end.
async fn keep(anchor: Anchor, store: Arc<dyn Store>, stopped: watch::Receiver<()>) {
    let copy = || async {
        if let Err(error) = anchor.keep(store.as_ref()).await {
            warn!(
                error = format!("{:#}", anyhow::Error::from(error)),
                "the anchor lags behind"
            );
        }
    };
    every(SEQUENCE_EVERY, stopped, copy).await;
    copy().await;
}

async fn epoch(cx: &Context) {
    match sharing::epoch::make(cx).await {
        // Another process of this exchange was faster, and its epoch is as good.
        Ok(_) | Err(sharing::Error::Conflict) => {}
        Err(error) => warn!(%error, "no epoch could be made; trying again at the next"),
    }
}

async fn every<F: Future<Output = ()>>(
    period: Duration,
    mut stopped: watch::Receiver<()>,
    mut task: impl FnMut() -> F,
) {
    let mut ticks = interval(period);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            _ = stopped.changed() => return,
            _ = ticks.tick() => task().await,
        }
    }
}
