//! `candour decide`: decides cases written down as JSON, without a server, so that anybody can check
//! what would be decided and why (`docs/reference/decision.md`).

pub(super) mod check;
mod folder;
pub(super) mod seen_by;

use std::path::{Path, PathBuf};

use clap::Args;
use serde_json::json;
use sharing::Policies;
use sharing::written::{self, Decided, DocumentError};

use super::{Exit, Failure, Style, say};

/// Decide cases that are written down as JSON
#[derive(Debug, Args)]
pub struct Decide {
    /// The cases: files, or folders of .json files
    #[arg(required_unless_present = "schema", value_name = "FILE")]
    files: Vec<PathBuf>,
    /// The local policies to decide by, instead of those that come with the program
    #[arg(long, value_name = "DIR")]
    policies: Option<PathBuf>,
    /// Print as text for people, which is what happens without --json
    #[arg(long, conflicts_with = "json")]
    text: bool,
    /// Print only the summary and what differs from what the cases expect
    #[arg(long)]
    quiet: bool,
    /// Print the JSON Schema of a case, and decide nothing
    #[arg(long)]
    schema: bool,
}

/// What became of one file.
struct Outcome {
    file: PathBuf,
    result: Result<Decided, DocumentError>,
    /// It was meant to be rejected, and for this.
    as_expected: bool,
}

pub(super) fn run(decide: &Decide, style: Style) -> Result<(), Failure> {
    if decide.schema {
        say(&pretty(&written::schema()));
        return Ok(());
    }
    let policies = policies(decide.policies.as_deref())?;
    let files = folder::files(&decide.files)?;
    let as_json = style.json && !decide.text;
    let mut outcomes = Vec::with_capacity(files.len());
    for file in files {
        let outcome = one(file, &policies)?;
        if !decide.quiet {
            print(&outcome, as_json);
        }
        outcomes.push(outcome);
    }
    conclude(&outcomes, as_json)
}

fn one(file: PathBuf, policies: &Policies) -> Result<Outcome, Failure> {
    let text = std::fs::read_to_string(&file).map_err(|error| {
        let missing = error.kind() == std::io::ErrorKind::NotFound;
        let exit = if missing {
            Exit::NotFound
        } else {
            Exit::Failure
        };
        Failure::new(exit, format!("{} cannot be read: {error}", file.display()))
    })?;
    let result = written::parse(&text).and_then(|document| written::decide(&document, policies));
    let as_expected = match &result {
        Ok(decided) => decided.expects && decided.differences.is_empty(),
        Err(error) => written::expects_incomplete(&text, error),
    };
    Ok(Outcome {
        file,
        result,
        as_expected,
    })
}

fn policies(folder: Option<&Path>) -> Result<Policies, Failure> {
    let Some(folder) = folder else {
        return Policies::shipped().map_err(|error| Failure::new(Exit::Failure, error.to_string()));
    };
    let files = folder::texts(folder)?;
    Policies::load_dir(&files).map_err(|error| {
        let words = format!("the policies in {} cannot be used", folder.display());
        Failure::new(Exit::Invalid, words).with(vec![error.to_string()])
    })
}

fn print(outcome: &Outcome, as_json: bool) {
    let file = outcome.file.display();
    match (&outcome.result, as_json) {
        (Ok(decided), true) => say(&pretty(&json!({
            "file": file.to_string(),
            "result": decided.report,
            "differences": decided.differences,
        }))),
        (Ok(decided), false) => {
            say(&format!("== {file}\n{}", written::text(&decided.report)));
            for difference in &decided.differences {
                say(&format!("NOT AS EXPECTED {difference}"));
            }
        }
        (Err(error), true) => say(&pretty(&json!({
            "file": file.to_string(),
            "rejected": error.to_string(),
            "incomplete": missing(error),
        }))),
        (Err(error), false) => say(&format!("== {file}\nREJECTED {error}\n")),
    }
}

fn missing(error: &DocumentError) -> Vec<&str> {
    match error {
        DocumentError::Incomplete { missing } => {
            missing.iter().map(|(path, _)| path.as_str()).collect()
        }
        DocumentError::Malformed { .. } => Vec::new(),
    }
}

/// The summary of several files, and the exit code: rejected before not as expected.
fn conclude(outcomes: &[Outcome], as_json: bool) -> Result<(), Failure> {
    let count = |of: fn(&Outcome) -> bool| outcomes.iter().filter(|it| of(it)).count();
    let rejected = count(|it| it.result.is_err() && !it.as_expected);
    let differing = count(|it| matches!(&it.result, Ok(it) if !it.differences.is_empty()));
    let proven = count(|it| it.as_expected);
    if outcomes.len() > 1 {
        let all = outcomes.len();
        say(&if as_json {
            let summary = json!({"cases": all, "as-expected": proven, "not-as-expected": differing,
                "rejected": rejected});
            json!({"summary": summary}).to_string()
        } else {
            format!(
                "{all} cases: {proven} as expected, {differing} not as expected, {rejected} rejected"
            )
        });
    }
    if rejected > 0 {
        let details = outcomes.iter().filter_map(|it| match &it.result {
            Err(error) if !it.as_expected => Some(format!("{}: {error}", it.file.display())),
            _ => None,
        });
        let words = format!("{rejected} of {} cases cannot be decided", outcomes.len());
        return Err(Failure::new(Exit::Invalid, words).with(details.collect()));
    }
    if differing > 0 {
        let details = outcomes.iter().flat_map(|it| {
            let differences = it.result.as_ref().map(|it| it.differences.as_slice());
            let file = it.file.display();
            let lines = differences.unwrap_or_default().iter();
            lines.map(move |difference| format!("{file}: {difference}"))
        });
        let words = format!(
            "{differing} of {} cases are not as expected",
            outcomes.len()
        );
        return Err(Failure::new(Exit::Differs, words).with(details.collect()));
    }
    Ok(())
}

fn pretty(value: &serde_json::Value) -> String {
    format!("{value:#}")
}
