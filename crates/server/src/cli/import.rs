//! `candour import`: takes in FHIR resources from files, in the name of an agency.

pub mod carry_out;
pub mod files;
pub mod items;
pub mod plan;
mod progress;
mod report;

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

use anyhow::Context as _;
use clap::Args;
use domain::OrganisationKind;
use fhir::bundle::BundleKind;
use sharing::contribute::{self, EntryAnswer, Measure, Stored};
use sharing::quality::Survey;
use sharing::settle;
use sharing::town::{DEMO_SEED, Town};
use sharing::{Asking, Error};
use store::Directory;
use tokio::runtime::Runtime;

use super::{Exit, Failure, Style, Where, clock, runtime, say};
use crate::config::Config;
use crate::tokens::Roster;
use crate::wiring::{self, Exchange};
use carry_out::{Counts, Mark, Outcome, Writer, carry_out};
use files::FilesError;
use items::{Content, Item};
use plan::Plan;
use progress::{Keeper, Kept, Meter, Rejects};
use report::Report;

/// Take in FHIR resources from files
#[derive(Debug, Args)]
pub struct Import {
    /// Files (.ndjson, .jsonl, .json; plain or .gz, .xz, .zst) or folders of them
    #[arg(required = true, value_name = "PATH")]
    paths: Vec<PathBuf>,
    #[command(flatten)]
    place: Where,
    /// The agency whose files they are, by its short name; or one of its workers, by id
    #[arg(long = "as", value_name = "NAME")]
    on_behalf_of: String,
    /// Where to list what is refused, with line and reason
    #[arg(long, value_name = "FILE", default_value = "rejects.ndjson")]
    rejects: PathBuf,
}

pub(super) fn run(import: &Import, style: Style) -> Result<(), Failure> {
    let config = import.place.config()?;
    let plan = plan(&import.paths)?;
    let runtime = runtime()?;
    let (exchange, asking) = runtime.block_on(async {
        let exchange = open(&config, &import.place).await?;
        let asking = asking(&exchange, &import.on_behalf_of).await?;
        Ok::<_, Failure>((exchange, asking))
    })?;
    let task = Task {
        survey: Survey::begun(&exchange.cx),
        exchange,
        asking,
        runtime: &runtime,
        measure: Measure::shipped().context("the labeller cannot be measured")?,
    };
    let report = take_in(import, &config.data, &plan, task)?;
    if style.json {
        say(&report.json());
    } else {
        say(&report);
    }
    match report.counts.refused {
        0 => Ok(()),
        refused => {
            let words = format!("{refused} were refused: see {}", report.rejects.display());
            Err(Failure::new(Exit::Invalid, words))
        }
    }
}

fn plan(paths: &[PathBuf]) -> Result<Plan, Failure> {
    let sources = files::find(paths).map_err(|error| {
        let exit = match &error {
            FilesError::Unreadable { source, .. } if source.kind() == io::ErrorKind::NotFound => {
                Exit::NotFound
            }
            FilesError::Unreadable { .. } => Exit::Failure,
            FilesError::UnknownKind { .. } => Exit::Usage,
            FilesError::Nothing => Exit::NotFound,
        };
        Failure::new(exit, error.to_string())
    })?;
    Plan::of(sources).map_err(|error| Failure::new(Exit::Failure, error.to_string()))
}

/// Opens the exchange; an empty folder to try things with is first given the town's agencies.
async fn open(config: &Config, place: &Where) -> Result<Exchange, Failure> {
    let clock = Arc::new(clock(&config.data)?);
    let exchange = wiring::open(config, clock)?;
    exchange.begin().await?;
    let mut snapshot = exchange.cx.store.snapshot().await.context(NOT_READ)?;
    let directory = snapshot.directory().await.context(NOT_READ)?;
    if agencies(&directory).next().is_none() && place.is_to_try_things() {
        let town = Town::generate(DEMO_SEED);
        settle::directory(&exchange.cx, &town)
            .await
            .context(NOT_READ)?;
        let roster: Roster = wiring::agencies(&town);
        roster
            .write(&config.data)
            .context("the sign-ins cannot be kept")?;
    }
    Ok(exchange)
}

const NOT_READ: &str = "the directory could not be read or written";

/// The agencies, without the exchange itself.
fn agencies(directory: &Directory) -> impl Iterator<Item = &str> {
    let all = directory.organisations.values();
    all.filter(|agency| agency.kind != OrganisationKind::Exchange)
        .map(|agency| agency.id.as_str())
}

/// In whose name: a worker, or an agency's record system.
async fn asking(exchange: &Exchange, name: &str) -> Result<Asking, Failure> {
    let cx = &exchange.cx;
    let worker = match settle::system_of(cx, &name.into()).await {
        Ok(system) => system,
        Err(Error::NotFound) => name.into(),
        Err(error) => return Err(anyhow::Error::from(error).into()),
    };
    match settle::asking_for(cx, &worker).await {
        Ok(asking) => Ok(asking),
        Err(Error::NotFound) => {
            let mut snapshot = cx.store.snapshot().await.context(NOT_READ)?;
            let directory = snapshot.directory().await.context(NOT_READ)?;
            let known: Vec<&str> = agencies(&directory).collect();
            let words = format!(
                "the directory knows no agency or worker {name:?}; its agencies are {}",
                known.join(", ")
            );
            Err(Failure::new(Exit::NotFound, words))
        }
        Err(error) => Err(anyhow::Error::from(error).into()),
    }
}

/// Carries out the plan, from where an earlier run of it stopped.
fn take_in(import: &Import, data: &Path, plan: &Plan, task: Task<'_>) -> anyhow::Result<Report> {
    let keeper = Keeper::of(data, &import.on_behalf_of, &plan.sources)?;
    let earlier = keeper
        .earlier()
        .context("an earlier run's progress cannot be read")?;
    let kept = earlier.unwrap_or_default();
    if earlier.is_some() {
        eprintln!(
            "going on after {} of {} resources",
            kept.items,
            plan.total()
        );
    }
    let began = Instant::now();
    let mut writing = Writing {
        task,
        meter: Meter::start(plan.total(), kept.items),
        rejects: Rejects::at(import.rejects.clone(), earlier.is_some()),
        keeper,
        kept,
    };
    let counts = carry_out(plan, kept.mark, &mut writing)?;
    writing.meter.finish();
    writing.keeper.done()?;
    Ok(Report {
        now: counts,
        counts: writing.kept.counts,
        took: began.elapsed(),
        rejects: writing.rejects.path().to_owned(),
        labels: writing.task.measure.report().clone(),
        patients: writing.task.survey.surveyed(),
    })
}

/// Who writes, and through what.
struct Task<'r> {
    exchange: Exchange,
    asking: Asking,
    runtime: &'r Runtime,
    measure: Measure,
    survey: Survey,
}

impl Task<'_> {
    /// Writes resources that stand together in one change, and bundles each in their own.
    fn write(&mut self, items: &[Item]) -> anyhow::Result<Vec<Outcome>> {
        let mut outcomes = Vec::with_capacity(items.len());
        for run in items.chunk_by(|one, other| is_resource(one) && is_resource(other)) {
            match &run[0].content {
                Content::Resource(_) => outcomes.extend(self.resources(run)?),
                Content::Bundle(bytes) => outcomes.push(self.bundle(bytes)?),
                Content::TooLong => {
                    let reason = "it is longer than 16 MiB".to_owned();
                    outcomes.push(Outcome::Refused(reason));
                }
            }
        }
        Ok(outcomes)
    }

    fn resources(&mut self, run: &[Item]) -> anyhow::Result<Vec<Outcome>> {
        let bytes: Vec<Vec<u8>> = run
            .iter()
            .filter_map(|item| match &item.content {
                Content::Resource(bytes) => Some(bytes.clone()),
                _ => None,
            })
            .collect();
        let cx = &self.exchange.cx;
        let stored = self.runtime.block_on(async {
            let stored = contribute::import(cx, &self.asking, &bytes).await?;
            self.measure.add(cx, stored.iter().flatten()).await?;
            self.survey.add(stored.iter().flatten());
            Ok::<_, Error>(stored)
        })?;
        stored
            .into_iter()
            .map(|one| outcome(one.map(|stored| counts(&stored))))
            .collect()
    }

    fn bundle(&mut self, bytes: &[u8]) -> anyhow::Result<Outcome> {
        let runtime = self.runtime;
        outcome(runtime.block_on(self.entries(bytes)))
    }

    /// Writes a bundle. An entry of a batch fails by itself; the import tells of the first.
    async fn entries(&mut self, bytes: &[u8]) -> Result<Counts, Error> {
        let document = fhir::parse(bytes, &fhir::Limits::default()).map_err(Error::invalid)?;
        let bundle = fhir::bundle::read(&document).map_err(Error::invalid)?;
        let (cx, asking) = (&self.exchange.cx, &self.asking);
        let answer = match bundle.kind {
            BundleKind::Batch => contribute::batch(cx, asking, &bundle).await?,
            BundleKind::Transaction => contribute::transaction(cx, asking, &bundle).await?,
        };
        let mut total = Counts::default();
        for entry in answer.entries {
            match entry {
                EntryAnswer::Stored(stored) => {
                    self.measure.add(cx, [stored.as_ref()]).await?;
                    self.survey.add([stored.as_ref()]);
                    total.add(counts(&stored));
                }
                EntryAnswer::Ask { .. } => {}
                EntryAnswer::Failed(error) => return Err(error),
            }
        }
        Ok(total)
    }
}

fn is_resource(item: &Item) -> bool {
    matches!(item.content, Content::Resource(_))
}

fn counts(stored: &Stored) -> Counts {
    let mut counts = Counts {
        unsorted: u64::from(!stored.class.is_sorted()),
        ..Counts::default()
    };
    match stored.outcome {
        contribute::Outcome::Created => counts.created = 1,
        contribute::Outcome::Updated | contribute::Outcome::Deleted => counts.updated = 1,
        contribute::Outcome::Unchanged => counts.unchanged = 1,
    }
    counts
}

/// What is wrong with an item is told of it; what is wrong with the exchange ends the import.
fn outcome(written: Result<Counts, Error>) -> anyhow::Result<Outcome> {
    match written {
        Ok(counts) => Ok(Outcome::Taken(counts)),
        Err(Error::Invalid(issues) | Error::NotYet(issues) | Error::Referred(issues)) => {
            let reasons: Vec<String> = issues.iter().map(ToString::to_string).collect();
            Ok(Outcome::Refused(reasons.join("; ")))
        }
        Err(error @ (Error::NotFound | Error::Conflict | Error::PreconditionFailed)) => {
            Ok(Outcome::Refused(error.to_string()))
        }
        Err(error @ (Error::Revoked | Error::Unknown(_) | Error::Unavailable(_))) => {
            Err(error.into())
        }
    }
}

/// Writes batches, and shows and keeps how far it came.
struct Writing<'r> {
    task: Task<'r>,
    meter: Meter,
    rejects: Rejects,
    keeper: Keeper,
    kept: Kept,
}

impl Writer for Writing<'_> {
    fn write(&mut self, items: &[Item]) -> anyhow::Result<Vec<Outcome>> {
        self.task.write(items)
    }

    fn note(
        &mut self,
        came: Mark,
        items: u64,
        counts: Counts,
        refused: &[(Item, String)],
    ) -> anyhow::Result<()> {
        self.rejects
            .write(refused)
            .with_context(|| format!("{} cannot be written", self.rejects.path().display()))?;
        self.kept.mark = came;
        self.kept.items += items;
        self.kept.counts.add(counts);
        self.keeper
            .keep(&self.kept)
            .context("progress cannot be kept")?;
        self.meter.advance(items);
        Ok(())
    }
}
