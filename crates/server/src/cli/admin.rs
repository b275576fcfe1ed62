//! `candour admin`: what whoever looks after an exchange does to it.

mod erasing;
mod naming;
mod recovering;
mod rotating;

use std::fmt;
use std::io::{self, BufRead, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::{Args, Subcommand};
use serde_json::json;
use sharing::directory::{Brought, FillError, Filled, Tally, fill};

use super::decide::{check, seen_by};
use super::import::files::{Layout, Source};
use super::{Exit, Failure, Style, Where, clock, runtime, say};
use crate::config::Config;
use crate::wiring;

/// Look after an exchange
#[derive(Debug, Subcommand)]
pub enum Admin {
    /// The agencies, their teams, their staff and who is on duty
    #[command(subcommand)]
    Directory(Directory),
    /// Erase an entry of somebody's account: its key and content go, and a later entry says so
    Erase(erasing::Erase),
    /// Forbid by law that anything of somebody's record be erased, or end that
    LegalHold(erasing::LegalHold),
    /// Say whom of the staff an alias in somebody's account stands for
    Name(naming::Name),
    /// Say what is not told in an entry of somebody's account because it speaks of somebody else
    Words(naming::Words),
    /// Take up the log after a restore from a copy older than what was seen of it
    Recover(recovering::Recover),
    /// Go on with the next key of the log, and say so in the log
    ChangeKey(rotating::ChangeKey),
    /// Local policy: whether it is sound, and what another would change
    #[command(subcommand)]
    Policy(Policy),
}

/// Local policy
#[derive(Debug, Subcommand)]
pub enum Policy {
    /// Read a folder of policies and decide the cases beside them
    Check {
        /// The folder, with its cases in a folder `cases`
        #[arg(value_name = "DIR")]
        place: PathBuf,
    },
    /// Say every policy in words or, with a case, why each of its items opens or does not
    Explain {
        /// The folder of policies
        #[arg(value_name = "DIR")]
        place: PathBuf,
        /// A case written down as JSON
        #[arg(value_name = "CASE")]
        case: Option<PathBuf>,
    },
    /// Say what somebody of a role would see of an adult
    ViewAs(seen_by::ViewAs),
    /// Say which answers would change if another folder's policies were in force
    WhatIf {
        /// The folder of the policies in force, with its cases in a folder `cases`
        #[arg(value_name = "DIR")]
        place: PathBuf,
        /// The folder of the policies to try
        #[arg(value_name = "OTHER")]
        other: PathBuf,
    },
}

/// The directory
#[derive(Debug, Subcommand)]
pub enum Directory {
    /// Take in agencies, teams, staff and duties from a file, whole or not at all
    Import(Import),
}

/// Take in a directory
#[derive(Debug, Args)]
pub struct Import {
    /// A Bundle (.json), or a resource a line (.ndjson, .jsonl); plain or .gz, .xz, .zst
    #[arg(value_name = "FILE")]
    file: PathBuf,
    #[command(flatten)]
    place: Where,
}

pub(super) fn run(admin: &Admin, style: Style) -> Result<(), Failure> {
    match admin {
        Admin::Directory(Directory::Import(import)) => bring(import, style),
        Admin::Erase(erase) => erasing::erase(erase, style),
        Admin::Name(wanted) => naming::name(wanted, style),
        Admin::Words(wanted) => naming::words(wanted, style),
        Admin::LegalHold(hold) => erasing::hold(hold, style),
        Admin::Recover(recovery) => recovering::run(recovery, style),
        Admin::ChangeKey(change) => rotating::run(change, style),
        Admin::Policy(Policy::Check { place }) => check::check(place, style),
        Admin::Policy(Policy::Explain { place, case }) => {
            seen_by::explain(place, case.as_deref(), style)
        }
        Admin::Policy(Policy::ViewAs(ask)) => seen_by::view_as(ask, style),
        Admin::Policy(Policy::WhatIf { place, other }) => check::what_if(place, other, style),
    }
}

fn bring(import: &Import, style: Style) -> Result<(), Failure> {
    let brought = read(&import.file)?;
    let config = import.place.config()?;
    let filled = runtime()?.block_on(take_in(&config, &import.file, &brought))?;
    if style.json {
        say(&in_json(&filled));
    } else {
        say(&InWords(&filled));
    }
    Ok(())
}

async fn take_in(config: &Config, file: &Path, brought: &[Brought]) -> Result<Filled, Failure> {
    let clock = Arc::new(clock(&config.data)?);
    let exchange = wiring::open(config, clock)?;
    exchange.begin().await?;
    fill(&exchange.cx, brought)
        .await
        .map_err(|error| match error {
            FillError::Faults(faults) => {
                let words = format!("{}: nothing was taken in", file.display());
                let details = faults.iter().map(ToString::to_string).collect();
                Failure::new(Exit::Invalid, words).with(details)
            }
            FillError::Exchange(error) => anyhow::Error::from(error)
                .context("the directory cannot be written")
                .into(),
        })
}

fn read(file: &Path) -> Result<Vec<Brought>, Failure> {
    let source = Source::of(file).ok_or_else(|| {
        let words = format!(
            "{} is not a kind of file that is taken: .json, .ndjson or .jsonl, perhaps with .gz, \
             .xz or .zst",
            file.display()
        );
        Failure::new(Exit::Usage, words)
    })?;
    resources(&source).map_err(|error| {
        let exit = match error.kind() {
            io::ErrorKind::NotFound => Exit::NotFound,
            _ => Exit::Failure,
        };
        Failure::new(exit, format!("{} cannot be read: {error}", file.display()))
    })
}

fn resources(source: &Source) -> io::Result<Vec<Brought>> {
    let mut reader = source.open()?;
    if source.layout == Layout::Whole {
        let mut bytes = Vec::new();
        reader.read_to_end(&mut bytes)?;
        return Ok(vec![Brought {
            place: "line 1".to_owned(),
            bytes,
        }]);
    }
    let mut brought = Vec::new();
    for (number, line) in reader.split(b'\n').enumerate() {
        let bytes = line?;
        if !bytes.iter().all(u8::is_ascii_whitespace) {
            brought.push(Brought {
                place: format!("line {}", number + 1),
                bytes,
            });
        }
    }
    Ok(brought)
}

/// What was taken in, for people.
struct InWords<'f>(&'f Filled);

impl fmt::Display for InWords<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut rows = kinds(self.0).into_iter().peekable();
        while let Some((kind, tally)) = rows.next() {
            let Tally {
                new,
                changed,
                unchanged,
            } = tally;
            write!(
                f,
                "{kind:<9}{new:>6} new {changed:>6} changed {unchanged:>6} as before"
            )?;
            if rows.peek().is_some() {
                writeln!(f)?;
            }
        }
        Ok(())
    }
}

fn in_json(filled: &Filled) -> serde_json::Value {
    let rows = kinds(filled).map(|(kind, tally)| {
        let counts = json!({
            "new": tally.new,
            "changed": tally.changed,
            "unchanged": tally.unchanged,
        });
        (kind.to_owned(), counts)
    });
    serde_json::Value::Object(rows.into_iter().collect())
}

fn kinds(filled: &Filled) -> [(&'static str, Tally); 4] {
    [
        ("agencies", filled.agencies),
        ("teams", filled.teams),
        ("duties", filled.duties),
        ("workers", filled.workers),
    ]
}
