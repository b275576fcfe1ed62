//! `candour match`: who is who in files of people, with no exchange and no server.

mod asked;
mod progress;
mod quality;
mod summary;

use std::fs;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};
use domain::Clock as _;
use linkage::{Mode, Model};
use serde_json::{Value, json};

use super::{Exit, Failure, Style, say};
use crate::clock::SystemClock;
use crate::matching::generate::generate;
use crate::matching::guess::Told;
use crate::matching::job::{Job, Matched, Ready};
use crate::matching::mapping::{self, Mapping};
use crate::matching::source::SourceError;
use crate::matching::table::Reject;
use crate::matching::{outputs, report, splink, waterfall};
use asked::{How, threshold};
use progress::Shown;
use summary::Summary;

/// Find out which rows of files are of the same person
#[derive(Debug, Args)]
pub struct Match {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Find the people who are in a file more than once
    Dedupe(Dedupe),
    /// Find the people of one file in another
    Link(Link),
    /// Say how complete and valid files are, and what to ask whoever keeps them
    Quality(Quality),
    /// Write a file of invented people, of whom it is known who is who
    Generate(Generate),
}

#[derive(Debug, Args)]
struct Dedupe {
    /// Delimited text or JSON lines, plain or packed with gzip
    file: PathBuf,
    #[command(flatten)]
    how: How,
}

#[derive(Debug, Args)]
struct Link {
    /// Delimited text or JSON lines, plain or packed with gzip
    left: PathBuf,
    /// The file to link it with
    right: PathBuf,
    #[command(flatten)]
    how: How,
}

#[derive(Debug, Args)]
struct Quality {
    /// Delimited text or JSON lines, plain or packed with gzip
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// The column that names the rows; several are joined by a hyphen
    #[arg(long, value_name = "COLUMN")]
    id: Vec<String>,
    /// A column that is not to be looked at
    #[arg(long, value_name = "COLUMN")]
    ignore: Vec<String>,
    /// Which column is what, as TOML or JSON
    #[arg(long, value_name = "FILE")]
    mapping: Option<PathBuf>,
    /// Where to list rows that cannot be read, with line and reason
    #[arg(long, value_name = "FILE", default_value = "rejects.ndjson")]
    rejects: PathBuf,
}

#[derive(Debug, Args)]
struct Generate {
    /// How many people; there are a quarter more rows
    #[arg(long, value_name = "N")]
    people: u32,
    /// Which people: the same number gives the same file
    #[arg(long, value_name = "S", default_value_t = 1)]
    seed: u64,
    /// Where to write them; otherwise to standard output
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

pub(super) fn run(command: &Match, style: Style) -> Result<(), Failure> {
    match &command.what {
        What::Dedupe(dedupe) => resolve(vec![dedupe.file.clone()], &dedupe.how, style),
        What::Link(link) => resolve(
            vec![link.left.clone(), link.right.clone()],
            &link.how,
            style,
        ),
        What::Quality(asked) => look_at(asked, style),
        What::Generate(asked) => write_people(asked),
    }
}

fn write_people(asked: &Generate) -> Result<(), Failure> {
    let Some(path) = &asked.out else {
        // Whoever stops reading has enough.
        return match generate(
            asked.people,
            asked.seed,
            BufWriter::new(io::stdout().lock()),
        ) {
            Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
                Err(not_written(Path::new("-"), &error))
            }
            _ => Ok(()),
        };
    };
    let mut rows = 0;
    let written = outputs::whole(path, |out| {
        rows = generate(asked.people, asked.seed, out)?;
        Ok(())
    });
    written.map_err(|error| not_written(path, &error))?;
    eprintln!("{} people in {rows} rows: {}", asked.people, path.display());
    Ok(())
}

fn resolve(files: Vec<PathBuf>, how: &How, style: Style) -> Result<(), Failure> {
    let job = job(files, how)?;
    let shown = Shown::new();
    shown.reading();
    let ready = job.read()?;
    if let Some(path) = &how.write_mapping {
        write(path, |out| write_mapping(&ready, out))?;
    }
    let rejected = list_rejects(&ready, &how.rejects)?;
    let pair = how
        .explain
        .as_deref()
        .map(|ids| find(&ready, job.mode(), ids))
        .transpose()?;
    // With a model at hand and one pair asked for, nothing else has to be done.
    let explained = match (pair, &job.model) {
        (Some(pair), Some(model)) if how.writes_nothing() => {
            shown.done();
            tell_pair(&ready, model, pair, style)?;
            None
        }
        (pair, _) => Some((job.resolve(ready, &shown), pair)),
    };
    shown.done();
    if let Some((matched, pair)) = explained {
        write_outputs(&matched, how)?;
        match pair {
            Some(pair) => tell_pair(&matched.ready, &matched.outcome.model, pair, style)?,
            None => tell(&Summary::of(&matched, how, job.year), style),
        }
    }
    rejected
}

/// Looks at files and matches nobody.
fn look_at(asked: &Quality, style: Style) -> Result<(), Failure> {
    let job = Job {
        files: asked.files.clone(),
        told: Told {
            ids: asked.id.clone(),
            ignored: asked.ignore.clone(),
            truth: None,
            mapping: given_mapping(asked.mapping.as_deref())?,
        },
        year: this_year(),
        ..Job::default()
    };
    let shown = Shown::new();
    shown.reading();
    let ready = job.read()?;
    shown.done();
    let rejected = list_rejects(&ready, &asked.rejects)?;
    let told = quality::Told(&ready);
    if style.json {
        say(&told.json());
    } else {
        say(&told);
    }
    rejected
}

/// Lists the rows that were not taken; what is given back is the failure to end with, once all else
/// is done.
fn list_rejects(ready: &Ready, path: &Path) -> Result<Result<(), Failure>, Failure> {
    let rejects = ready.files.iter().flat_map(|file| &file.table.rejects);
    let rejects: Vec<Reject> = rejects.cloned().collect();
    if rejects.is_empty() {
        return Ok(Ok(()));
    }
    write(path, |out| outputs::rejects(rejects.iter(), out))?;
    let (count, path) = (rejects.len(), path.display());
    let rows = if count == 1 {
        "1 row was"
    } else {
        &format!("{count} rows were")
    };
    let words = format!("{rows} not taken, the others were: see {path}");
    Ok(Err(Failure::new(Exit::Invalid, words)))
}

fn job(files: Vec<PathBuf>, how: &How) -> Result<Job, Failure> {
    Ok(Job {
        files,
        told: Told {
            ids: how.id.clone(),
            ignored: how.ignore.clone(),
            truth: how.truth.clone(),
            mapping: given_mapping(how.mapping.as_deref())?,
        },
        model: how.use_model.as_deref().map(model).transpose()?,
        seed: how.seed,
        joins_at: how.join_at.map(asked::bits),
        by: how.by.clone(),
        year: this_year(),
    })
}

fn given_mapping(path: Option<&Path>) -> Result<Mapping, Failure> {
    let Some(path) = path else {
        return Ok(Mapping::default());
    };
    let text = fs::read_to_string(path).map_err(|error| not_read(path, &error))?;
    Mapping::parse(&text, path)
        .map_err(|error| Failure::new(Exit::Invalid, format!("{}: {error}", path.display())))
}

/// A model that an earlier run wrote, or Splink.
fn model(path: &Path) -> Result<Model, Failure> {
    let text = fs::read_to_string(path).map_err(|error| not_read(path, &error))?;
    let invalid =
        |words: String| Failure::new(Exit::Invalid, format!("{}: {words}", path.display()));
    let value: Value =
        serde_json::from_str(&text).map_err(|error| invalid(format!("not JSON: {error}")))?;
    if splink::is_from_splink(&value) {
        return splink::import(value).map_err(|error| invalid(error.to_string()));
    }
    serde_json::from_value(value)
        .map_err(|error| invalid(format!("not a model that --model wrote: {error}")))
}

fn this_year() -> u16 {
    let at = jiff::Timestamp::from_microsecond(SystemClock.now().0).unwrap_or_default();
    u16::try_from(at.to_zoned(jiff::tz::TimeZone::UTC).year()).unwrap_or_default()
}

/// The two records that `--explain` names: one of each file where two are linked.
fn find(ready: &Ready, mode: Mode, ids: &[String]) -> Result<(u32, u32), Failure> {
    let record = |place: usize| {
        let id = ids.get(place).map(String::as_str).unwrap_or_default();
        let file = (mode == Mode::Link).then_some(place);
        ready.find(id, file).ok_or_else(|| {
            let files = ready.files.iter().enumerate();
            let files = files.filter(|(number, _)| file.is_none_or(|file| file == *number));
            let names: Vec<String> = files
                .map(|(_, file)| file.table.path.display().to_string())
                .collect();
            let words = format!(
                "no row with the id {id:?} was taken from {}",
                names.join(" and ")
            );
            Failure::new(Exit::NotFound, words)
        })
    };
    Ok((record(0)?, record(1)?))
}

fn write_outputs(matched: &Matched, how: &How) -> Result<(), Failure> {
    if let Some(path) = &how.pairs {
        write(path, |out| outputs::pairs(matched, threshold(how), out))?;
    }
    if let Some(path) = &how.clusters {
        write(path, |out| outputs::clusters(matched, out))?;
    }
    if let Some(path) = &how.model {
        write(path, |out| {
            serde_json::to_writer_pretty(&mut *out, &matched.outcome.model)?;
            out.write_all(b"\n")
        })?;
    }
    if let Some(path) = &how.report {
        write(path, |out| report::write(matched, out))?;
    }
    Ok(())
}

/// One mapping for both files: a column of one name is the same in either.
fn write_mapping(ready: &Ready, out: &mut dyn Write) -> io::Result<()> {
    let mut guesses = Vec::new();
    for file in &ready.files {
        for guess in &file.guesses {
            if !guesses
                .iter()
                .any(|one: &crate::matching::guess::Guess| one.column == guess.column)
            {
                guesses.push(guess.clone());
            }
        }
    }
    out.write_all(mapping::written(&guesses).as_bytes())
}

fn tell(summary: &Summary<'_>, style: Style) {
    if style.json {
        say(&summary.json());
    } else {
        say(summary);
    }
}

fn tell_pair(
    ready: &Ready,
    model: &Model,
    (left, right): (u32, u32),
    style: Style,
) -> Result<(), Failure> {
    let ids = [ready.id(left), ready.id(right)];
    let Some(explanation) = ready.explain(model, left, right) else {
        let words = "nothing can be told of these two rows";
        return Err(Failure::new(Exit::NotFound, words));
    };
    let beside = ready.beside(left, right);
    if style.json {
        say(
            &json!({ "id_l": ids[0], "id_r": ids[1], "columns": beside, "explanation": explanation }),
        );
    } else {
        say(&waterfall::drawn(&explanation, &beside, ids));
    }
    Ok(())
}

fn write(path: &Path, how: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> Result<(), Failure> {
    outputs::whole(path, how).map_err(|error| not_written(path, &error))
}

fn not_written(path: &Path, error: &io::Error) -> Failure {
    Failure::new(
        Exit::Failure,
        format!("{} cannot be written: {error}", path.display()),
    )
}

fn not_read(path: &Path, error: &io::Error) -> Failure {
    let exit = match error.kind() {
        io::ErrorKind::NotFound => Exit::NotFound,
        _ => Exit::Failure,
    };
    Failure::new(exit, format!("{} cannot be read: {error}", path.display()))
}

impl From<SourceError> for Failure {
    fn from(error: SourceError) -> Self {
        let exit = match &error {
            SourceError::Unreadable { source, .. } if source.kind() == io::ErrorKind::NotFound => {
                Exit::NotFound
            }
            SourceError::Unreadable { source, .. }
                if source.kind() == io::ErrorKind::InvalidData =>
            {
                Exit::Invalid
            }
            SourceError::Unreadable { .. } => Exit::Failure,
            SourceError::NoColumn { .. } => Exit::NotFound,
            SourceError::Unusable { .. } => Exit::Invalid,
        };
        Self::new(exit, error.to_string())
    }
}
