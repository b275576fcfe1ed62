//! Local policies from a folder: read at the start, and looked at again while the exchange runs, so
//! that a board changes a rule without stopping anybody's work.
//!
//! What is found is put in force only once it has lain still for one look, since whoever copies it
//! there may not be done. A set that cannot be used changes nothing: the one before stays in force, and
//! the log names file and line, once.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::Context as _;
use sharing::{Context, Policies, in_force};
use tracing::{error, info};

/// The files of a folder by name, in order, with their texts.
type Files = Vec<(String, String)>;

/// The local policies of a folder, or those built in.
///
/// # Errors
/// With the file and line of the first thing that is wrong.
pub fn load(folder: Option<&Path>) -> anyhow::Result<Policies> {
    let Some(folder) = folder else {
        return Policies::shipped().context("the policies built in are not valid");
    };
    judge(folder, &read(folder)?)
}

fn read(folder: &Path) -> anyhow::Result<Files> {
    crate::wiring::files(folder, |path| std::fs::read_to_string(path))
        .with_context(|| format!("the policies in {} cannot be read", folder.display()))
}

fn judge(folder: &Path, files: &Files) -> anyhow::Result<Policies> {
    Policies::load_dir(files)
        .with_context(|| format!("the policies in {} are not valid", folder.display()))
}

/// A folder of policies that is looked at again and again.
#[derive(Debug)]
pub struct Folder {
    path: PathBuf,
    /// What the last look found.
    seen: Option<Files>,
    /// Whether that was judged.
    judged: bool,
    /// What was wrong at the last look, which is not said twice.
    fault: Option<String>,
}

impl Folder {
    /// A folder that nobody looked at yet.
    #[must_use]
    pub fn new(path: PathBuf) -> Self {
        Self {
            path,
            seen: None,
            judged: false,
            fault: None,
        }
    }

    /// Looks once, and puts in force what lies there since the last look if it is another set than
    /// the one in force.
    pub async fn look(&mut self, cx: &Context) {
        match self.replace(cx).await {
            Ok(()) => self.fault = None,
            Err(fault) => {
                let fault = format!("{fault:#}");
                if self.fault.as_ref() != Some(&fault) {
                    error!(fault, "the policies in force stay as they were");
                    self.fault = Some(fault);
                }
            }
        }
    }

    /// What was wrong at the last look: file, line and problem.
    #[must_use]
    pub fn fault(&self) -> Option<&str> {
        self.fault.as_deref()
    }

    async fn replace(&mut self, cx: &Context) -> anyhow::Result<()> {
        let files = read(&self.path)?;
        if self.seen.as_ref() != Some(&files) {
            self.seen = Some(files);
            self.judged = false;
            return Ok(());
        }
        if self.judged {
            return self
                .fault
                .clone()
                .map_or(Ok(()), |said| Err(anyhow::Error::msg(said)));
        }
        let judgement = judge(&self.path, &files);
        self.judged = true;
        let policies = judgement?;
        let (before, now) = (cx.policies.last(), policies.hash().to_owned());
        let replaced = in_force::put_in_force(cx, Arc::new(policies)).await;
        // Not the policies' fault: the next look tries again.
        self.judged = replaced.is_ok();
        if replaced? {
            info!(
                before = before.hash(),
                now, "other local policies are in force"
            );
        }
        Ok(())
    }
}
