//! Concern reports that another system leaves as files in a folder, as a police force does: each
//! line is one person of one report, and becomes a concern about them.
//!
//! A file is taken once it has lain still. What is taken moves to `taken`; lines that are refused are
//! written to `refused` in the file's own form, with the reason for each, to be put right and left
//! again. A file that is left twice, or is half done when the machine stops, tells nobody twice.

mod read;
mod report;
mod take;

use std::path::{Path, PathBuf};
use std::time::Duration;

use domain::{TeamId, WorkerId};
use sharing::Context;
use tracing::{info, warn};

pub use read::{Line, Unreadable, read};
pub use report::Report;

/// Where reports are left, and in whose name they are taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReportTerms {
    /// The folder.
    pub folder: PathBuf,
    /// The record system, in the directory, of the agency that leaves them.
    pub system: WorkerId,
    /// The team of that agency that answers for them, and hears what became of them.
    pub team: TeamId,
}

/// How long a file has to lie still: whoever writes it may not be done.
const STILL_FOR: Duration = Duration::from_secs(2);

/// Takes every file that lies in the folder.
///
/// # Errors
/// If the folder cannot be read or written, or the exchange does not answer: what was not moved away
/// is taken at the next look.
pub async fn take_all(cx: &Context, terms: &ReportTerms) -> anyhow::Result<()> {
    for file in lying_still(&terms.folder)? {
        let name = file.file_name().unwrap_or_default().to_string_lossy();
        let outcome = take_file(cx, terms, &file, &name).await?;
        // Counts only: a name of a file may be a name of somebody.
        info!(
            taken = outcome.taken,
            refused = outcome.refused,
            "a file of concern reports was taken"
        );
        if outcome.refused > 0 {
            warn!(
                refused = outcome.refused,
                "concern reports were refused; see the folder `refused`"
            );
        }
    }
    Ok(())
}

#[derive(Debug, Default)]
struct Outcome {
    taken: usize,
    refused: usize,
}

async fn take_file(
    cx: &Context,
    terms: &ReportTerms,
    file: &Path,
    name: &str,
) -> anyhow::Result<Outcome> {
    let bytes = std::fs::read(file)?;
    let mut refused = Vec::new();
    let mut outcome = Outcome::default();
    let lines = match read(&bytes) {
        Ok(lines) => lines,
        Err(unreadable) => {
            let folder = kept(terms, "refused")?;
            std::fs::write(
                folder.join(format!("{name}.txt")),
                format!("{unreadable}\n"),
            )?;
            std::fs::rename(file, folder.join(name))?;
            return Ok(Outcome {
                taken: 0,
                refused: 1,
            });
        }
    };
    for line in lines {
        let told = match &line.report {
            Ok(report) => take::take(cx, terms, report).await?,
            Err(reason) => Err(reason.clone()),
        };
        match told {
            Ok(()) => outcome.taken += 1,
            Err(reason) => refused.push((line, reason)),
        }
    }
    outcome.refused = refused.len();
    if !refused.is_empty() {
        let folder = kept(terms, "refused")?;
        std::fs::write(folder.join(name), read::again(&bytes, &refused)?)?;
        let reasons = refused
            .iter()
            .map(|(line, reason)| format!("{}: {reason}\n", line.place));
        std::fs::write(
            folder.join(format!("{name}.txt")),
            reasons.collect::<String>(),
        )?;
    }
    std::fs::rename(file, kept(terms, "taken")?.join(name))?;
    Ok(outcome)
}

/// The files in the order of their names, without those that are still written.
fn lying_still(folder: &Path) -> std::io::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        let about = entry.metadata()?;
        let age = about.modified()?.elapsed().unwrap_or_default();
        let is_hidden = entry.file_name().as_encoded_bytes().starts_with(b".");
        if about.is_file() && !is_hidden && age >= STILL_FOR {
            files.push(entry.path());
        }
    }
    files.sort_unstable();
    Ok(files)
}

fn kept(terms: &ReportTerms, name: &str) -> std::io::Result<PathBuf> {
    let folder = terms.folder.join(name);
    std::fs::create_dir_all(&folder)?;
    Ok(folder)
}
