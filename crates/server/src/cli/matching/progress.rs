//! How far a run is, on standard error: a bar on a terminal, a line now and then elsewhere.

use std::io::{self, IsTerminal};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressStyle};
use linkage::{Progress, Stage};

/// How often a line is written where there is no terminal.
const LINE_EVERY: Duration = Duration::from_secs(10);
const BAR: &str = "{prefix:.bold} {wide_bar} {human_pos} of {human_len}  {per_sec}  {eta} left";
const SPINNER: &str = "{prefix:.bold} {spinner} {elapsed}";

/// Shows how far a run is.
pub(super) struct Shown {
    now: Mutex<Now>,
    terminal: bool,
}

struct Now {
    bar: Option<ProgressBar>,
    what: &'static str,
    total: u64,
    done: u64,
    began: Instant,
    said: Instant,
}

impl Shown {
    pub(super) fn new() -> Self {
        let began = Instant::now();
        Self {
            now: Mutex::new(Now {
                bar: None,
                what: "",
                total: 0,
                done: 0,
                began,
                said: began,
            }),
            terminal: io::stderr().is_terminal(),
        }
    }

    /// Files are being read.
    pub(super) fn reading(&self) {
        self.begin("reading", 0);
    }

    /// Nothing more is to be shown.
    pub(super) fn done(&self) {
        let mut now = self.now.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(bar) = now.bar.take() {
            bar.finish_and_clear();
        }
    }

    fn begin(&self, what: &'static str, total: u64) {
        self.done();
        let bar = self.terminal.then(|| {
            let template = if total > 0 { BAR } else { SPINNER };
            let style = ProgressStyle::with_template(template)
                .expect("the templates are constants that a test has drawn");
            let bar = ProgressBar::new(total).with_style(style).with_prefix(what);
            bar.enable_steady_tick(Duration::from_millis(200));
            bar
        });
        let mut now = self.now.lock().unwrap_or_else(PoisonError::into_inner);
        let began = Instant::now();
        *now = Now {
            bar,
            what,
            total,
            done: 0,
            began,
            // A long run is silent between its stages, not within its first ten seconds only.
            said: now.said,
        };
    }
}

impl Progress for Shown {
    fn stage(&self, stage: Stage, total: u64) {
        let what = match stage {
            Stage::Candidates => "finding pairs",
            Stage::Training => "training",
            Stage::Scoring => "judging pairs",
            Stage::Clustering => "clustering",
        };
        self.begin(what, total);
    }

    fn advance(&self, steps: u64) {
        let mut now = self.now.lock().unwrap_or_else(PoisonError::into_inner);
        now.done += steps;
        if let Some(bar) = &now.bar {
            bar.inc(steps);
        } else if now.said.elapsed() >= LINE_EVERY {
            now.said = Instant::now();
            eprintln!(
                "{}",
                line(now.what, now.total, now.done, now.began.elapsed())
            );
        }
    }
}

fn line(what: &str, total: u64, done: u64, took: Duration) -> String {
    let rate = done as f64 / took.as_secs_f64().max(0.001);
    match total.saturating_sub(done) {
        0 => format!("{what}: {done}, {rate:.0}/s"),
        // Of a few long steps the rate is no number that anybody can use.
        left if rate < 1.0 => format!(
            "{what}: {done} of {total}, about {:.0} s left",
            left as f64 / rate.max(0.001)
        ),
        left => format!(
            "{what}: {done} of {total}, {rate:.0}/s, about {:.0} s left",
            left as f64 / rate.max(0.001)
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_tells_rate_and_time_left() {
        let told = line("judging pairs", 4000, 1000, Duration::from_secs(2));
        assert_eq!(told, "judging pairs: 1000 of 4000, 500/s, about 6 s left");
        assert_eq!(
            line("training", 0, 12, Duration::from_secs(3)),
            "training: 12, 4/s"
        );
    }

    #[test]
    fn the_bars_templates_can_be_drawn() {
        assert!(ProgressStyle::with_template(BAR).is_ok());
        assert!(ProgressStyle::with_template(SPINNER).is_ok());
    }
}
