//! What an import shows while it runs, and keeps so that it can go on after a stop.

use std::fs::{self, File, OpenOptions};
use std::io::{self, IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant, UNIX_EPOCH};

use aws_lc_rs::digest::{Context, SHA256};
use indicatif::{ProgressBar, ProgressStyle};
use serde::{Deserialize, Serialize};

use super::carry_out::{Counts, Mark, Reject};
use super::files::Source;
use super::items::Item;

/// How often a line is written where there is no terminal.
const LINE_EVERY: Duration = Duration::from_secs(10);
/// How often progress is kept; what is done again after a stop is found unchanged.
const KEEP_EVERY: Duration = Duration::from_secs(1);

const TEMPLATE: &str = "{wide_bar} {human_pos} of {human_len}  {per_sec}  {eta} left";

/// Shows how far an import is, on standard error.
pub enum Meter {
    /// A bar that is redrawn.
    Bar(ProgressBar),
    /// A line now and then.
    Lines {
        /// Items in all.
        total: u64,
        /// Items done, those of an earlier run included.
        done: u64,
        /// Items done in this run.
        now: u64,
        /// When this run began.
        began: Instant,
        /// When the last line was written.
        last: Instant,
    },
}

impl Meter {
    /// A bar on a terminal, lines elsewhere; `done` items are done already.
    #[must_use]
    pub fn start(total: u64, done: u64) -> Self {
        if !io::stderr().is_terminal() {
            let began = Instant::now();
            return Self::Lines {
                total,
                done,
                now: 0,
                began,
                last: began,
            };
        }
        let bar = ProgressBar::new(total).with_position(done);
        let style = ProgressStyle::with_template(TEMPLATE)
            .expect("the template is a constant that a test has drawn");
        bar.set_style(style);
        bar.reset_eta();
        Self::Bar(bar)
    }

    /// So many more are done.
    pub fn advance(&mut self, items: u64) {
        match self {
            Self::Bar(bar) => bar.inc(items),
            Self::Lines {
                total,
                done,
                now,
                began,
                last,
            } => {
                *done += items;
                *now += items;
                if last.elapsed() >= LINE_EVERY {
                    *last = Instant::now();
                    eprintln!("{}", line(*total, *done, *now, began.elapsed()));
                }
            }
        }
    }

    /// Takes the bar away, or writes the last line.
    pub fn finish(&self) {
        match self {
            Self::Bar(bar) => bar.finish_and_clear(),
            Self::Lines {
                total,
                done,
                now,
                began,
                ..
            } => eprintln!("{}", line(*total, *done, *now, began.elapsed())),
        }
    }
}

fn line(total: u64, done: u64, now: u64, took: Duration) -> String {
    let rate = now as f64 / took.as_secs_f64().max(0.001);
    let told = format!("{done} of {total} resources, {rate:.0}/s");
    match total.saturating_sub(done) {
        0 => told,
        left => format!("{told}, about {:.0} s left", left as f64 / rate.max(0.001)),
    }
}

/// What is kept of an unfinished import.
#[derive(Debug, Clone, Copy, Default, Serialize, Deserialize)]
pub struct Kept {
    /// How far it came.
    pub mark: Mark,
    /// Items done until then.
    pub items: u64,
    /// What it did until then.
    pub counts: Counts,
}

/// The file in which an unfinished import keeps how far it came.
pub struct Keeper {
    path: PathBuf,
    last: Option<Instant>,
}

impl Keeper {
    /// The keeper for these files on behalf of this agency. Files that changed meanwhile are
    /// others, so that nothing of them is passed over.
    ///
    /// # Errors
    /// If a file cannot be looked at.
    pub fn of(data: &Path, on_behalf_of: &str, sources: &[Source]) -> io::Result<Self> {
        let mut hash = Context::new(&SHA256);
        hash.update(on_behalf_of.as_bytes());
        for source in sources {
            let metadata = fs::metadata(&source.path)?;
            let changed = metadata.modified()?.duration_since(UNIX_EPOCH);
            let path = fs::canonicalize(&source.path)?;
            hash.update(&[0]);
            hash.update(path.as_os_str().as_encoded_bytes());
            hash.update(&metadata.len().to_be_bytes());
            hash.update(&changed.unwrap_or_default().as_nanos().to_be_bytes());
        }
        let digest = hash.finish();
        let name: String = digest
            .as_ref()
            .iter()
            .take(8)
            .map(|b| format!("{b:02x}"))
            .collect();
        Ok(Self {
            path: data.join("import").join(format!("{name}.json")),
            last: None,
        })
    }

    /// What an earlier run left; nothing if there was none, or it finished.
    ///
    /// # Errors
    /// If the file is there and cannot be read.
    pub fn earlier(&self) -> io::Result<Option<Kept>> {
        match fs::read(&self.path) {
            Ok(bytes) => Ok(Some(serde_json::from_slice(&bytes)?)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Keeps how far the import is, now and then.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn keep(&mut self, kept: &Kept) -> io::Result<()> {
        if self.last.is_some_and(|last| last.elapsed() < KEEP_EVERY) {
            return Ok(());
        }
        self.last = Some(Instant::now());
        let folder = self.path.parent().unwrap_or(Path::new("."));
        fs::create_dir_all(folder)?;
        // Written beside and moved over, so that a stop in between leaves the last one whole.
        let beside = self.path.with_extension("new");
        fs::write(&beside, serde_json::to_vec(kept)?)?;
        fs::rename(&beside, &self.path)
    }

    /// Forgets it: the import is done.
    ///
    /// # Errors
    /// If the file cannot be removed.
    pub fn done(&self) -> io::Result<()> {
        match fs::remove_file(&self.path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            _ => Ok(()),
        }
    }
}

/// The file of refused items, made with the first of them.
pub struct Rejects {
    path: PathBuf,
    go_on: bool,
    file: Option<File>,
}

impl Rejects {
    /// Refused items will be written here, after those of an earlier run if this one goes on.
    #[must_use]
    pub fn at(path: PathBuf, go_on: bool) -> Self {
        Self {
            path,
            go_on,
            file: None,
        }
    }

    /// Writes one line for each.
    ///
    /// # Errors
    /// If they cannot be written.
    pub fn write(&mut self, refused: &[(Item, String)]) -> io::Result<()> {
        if refused.is_empty() {
            return Ok(());
        }
        let mut lines = Vec::new();
        for (item, reason) in refused {
            serde_json::to_writer(&mut lines, &Reject::of(item, reason))?;
            lines.push(b'\n');
        }
        self.file()?.write_all(&lines)
    }

    /// Where they are.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    fn file(&mut self) -> io::Result<&mut File> {
        if self.file.is_none() {
            let mut options = OpenOptions::new();
            options.create(true).write(true);
            let options = if self.go_on {
                options.append(true)
            } else {
                options.truncate(true)
            };
            self.file = Some(options.open(&self.path)?);
        }
        Ok(self.file.as_mut().expect("it was opened just now"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_tells_rate_and_time_left_of_this_run() {
        // 2,000 were done by an earlier run: they must not flatter the rate.
        let told = line(7160, 4000, 2000, Duration::from_secs(2));
        assert_eq!(told, "4000 of 7160 resources, 1000/s, about 3 s left");
        let last = line(7160, 7160, 5160, Duration::from_secs(5));
        assert_eq!(last, "7160 of 7160 resources, 1032/s");
    }

    #[test]
    fn the_bars_template_can_be_drawn() {
        assert!(ProgressStyle::with_template(TEMPLATE).is_ok());
    }
}
