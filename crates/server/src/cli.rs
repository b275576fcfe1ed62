//! The command line (`docs/reference/command-line.md`): data on standard output, everything else
//! on standard error, one documented exit code for each kind of failure.

mod admin;
mod audit;
mod decide;
mod demo;
mod doctor;
mod failure;
pub mod import;
mod matching;
mod pack;
mod reconcile;
mod serve;
mod token;
mod verify;
mod witness;

use std::fmt::Display;
use std::io::{IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Args, ColorChoice, CommandFactory, FromArgMatches, Parser, Subcommand};
use tokio::runtime::Runtime;

use crate::clock::SettableClock;
use crate::config::Config;
pub use failure::{Exit, Failure};

/// Share what agencies know about a person, under rules anyone can read, with a record of every
/// disclosure that the person can check.
#[derive(Debug, Parser)]
#[command(name = "candour", version, disable_help_subcommand = true)]
struct Candour {
    #[command(subcommand)]
    command: Command,
    /// Print results and errors as JSON
    #[arg(long, global = true)]
    json: bool,
    /// Print without colour (as does the environment variable NO_COLOR)
    #[arg(long, global = true)]
    no_color: bool,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Run an exchange
    Serve(serve::Serve),
    /// Run an invented town, with nothing else to install
    Demo(demo::Demo),
    /// Print a bearer token for one of a demo's people
    Token(token::Token),
    /// Take in FHIR resources from files
    Import(import::Import),
    /// Decide cases that are written down as JSON, without a server
    Decide(decide::Decide),
    /// Find out which rows of files are of the same person
    Match(Box<matching::Match>),
    /// Write a person's evidence pack: their whole list with its proofs
    Pack(pack::Pack),
    /// Check an evidence pack, offline
    Verify(verify::Verify),
    /// See who claims each leaf of the log, and how much is held back
    #[command(subcommand)]
    Audit(audit::Audit),
    /// Compare what a recipient noted with what the ledger says that it was told
    Reconcile(reconcile::Reconcile),
    /// Watch the log of another's exchange and cosign its checkpoints
    Witness(witness::Witness),
    /// Say what is wrong with an exchange's folder, if anything is
    Doctor(doctor::Doctor),
    /// Look after an exchange
    #[command(subcommand)]
    Admin(admin::Admin),
}

/// What every command needs to know of how it was called.
#[derive(Debug, Clone, Copy)]
struct Style {
    json: bool,
    colour: bool,
}

/// Carries out what the command line says.
#[must_use]
pub fn run() -> ExitCode {
    let plain = std::env::args_os().any(|argument| argument == "--no-color");
    let choice = if plain {
        ColorChoice::Never
    } else {
        ColorChoice::Auto
    };
    let matches = Candour::command().color(choice).get_matches();
    let candour = match Candour::from_arg_matches(&matches) {
        Ok(candour) => candour,
        Err(error) => error.exit(),
    };
    let style = Style {
        json: candour.json,
        colour: !candour.no_color
            && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
            && std::io::stderr().is_terminal(),
    };
    // Refused only if a provider is installed already, and this is the same one.
    let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
    let outcome = match candour.command {
        Command::Serve(command) => serve::run(&command, style),
        Command::Demo(command) => demo::run(command, style),
        Command::Token(command) => token::run(&command, style),
        Command::Import(command) => import::run(&command, style),
        Command::Decide(command) => decide::run(&command, style),
        Command::Match(command) => matching::run(&command, style),
        Command::Pack(command) => pack::run(&command, style),
        Command::Verify(command) => verify::run(&command, style),
        Command::Audit(command) => audit::run(&command, style),
        Command::Reconcile(command) => reconcile::run(&command, style),
        Command::Witness(command) => witness::run(&command, style),
        Command::Doctor(command) => doctor::run(&command, style),
        Command::Admin(command) => admin::run(&command, style),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("{}", failure.print(style.json));
            failure.exit.into()
        }
    }
}

/// Prints a result. Whoever stops reading (`candour ... | head -1`) has enough: no failure of ours.
fn say(result: &dyn Display) {
    let _ = writeln!(std::io::stdout(), "{result}");
}

/// Which exchange a command is about: a demo's folder, or a configuration.
#[derive(Debug, Args)]
#[group(required = true, multiple = false)]
struct Where {
    /// The folder of a demo, or of data to try things with
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    /// The configuration of an exchange
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
}

impl Where {
    /// Whether it is a bare folder, where invented agencies do no harm.
    fn is_to_try_things(&self) -> bool {
        self.config.is_none()
    }

    fn config(&self) -> Result<Config, Failure> {
        match (&self.config, &self.data) {
            (Some(file), _) => load(file),
            (None, data) => {
                let here = std::net::SocketAddr::from(([127, 0, 0, 1], 8080));
                Ok(Config::demo(here, data.clone().unwrap_or_default()))
            }
        }
    }
}

fn load(file: &Path) -> Result<Config, Failure> {
    Ok(Config::load(file, &|name| std::env::var(name).ok())?)
}

/// The clock that the exchange of this folder goes by.
fn clock(data: &Path) -> Result<SettableClock, Failure> {
    SettableClock::of_demo(data).map_err(|error| {
        let words = format!(
            "the demo's clock in {} cannot be read: {error}",
            data.display()
        );
        Failure::new(Exit::Failure, words)
    })
}

fn runtime() -> Result<Runtime, Failure> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build();
    runtime.map_err(|error| Failure::new(Exit::Failure, format!("cannot start: {error}")))
}
