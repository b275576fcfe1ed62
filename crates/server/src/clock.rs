//! The clocks: the system's in production, one that can be set in the demo and in tests.
//!
//! The set clock is kept beside the demo's data, so that `candour token` issues tokens by the
//! time that the running demo believes in, and a restart goes on from there.

use std::io;
use std::path::Path;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

use domain::{Clock, Timestamp};

/// The file in the data directory that keeps how far the demo's clock is from the system's.
const OFFSET_FILE: &str = "demo-clock";

/// Marks a clock that runs.
const RUNNING: i64 = i64::MIN;

/// The machine's own clock.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(
        clippy::disallowed_methods,
        reason = "this is the one place that reads the machine's clock"
    )]
    fn now(&self) -> Timestamp {
        let since = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .unwrap_or_default();
        Timestamp(i64::try_from(since.as_micros()).unwrap_or(i64::MAX))
    }
}

/// A clock that can be set: it then runs on from there, or stands still for a test.
#[derive(Debug)]
pub struct SettableClock {
    /// Microseconds to add to the system's clock.
    offset: AtomicI64,
    /// The instant it stands at, or [`RUNNING`].
    standing: AtomicI64,
}

impl Default for SettableClock {
    fn default() -> Self {
        Self {
            offset: AtomicI64::new(0),
            standing: AtomicI64::new(RUNNING),
        }
    }
}

impl SettableClock {
    /// A clock that shows this instant now and runs on.
    #[must_use]
    pub fn starting_at(at: Timestamp) -> Self {
        let clock = Self::default();
        clock.set(at);
        clock
    }

    /// Whether a demo's clock was kept in this directory.
    #[must_use]
    pub fn was_kept(data: &Path) -> bool {
        data.join(OFFSET_FILE).exists()
    }

    /// The clock of the demo in this directory; the system's if none was set there.
    ///
    /// # Errors
    /// If the file is there and cannot be read, or holds something else.
    pub fn of_demo(data: &Path) -> io::Result<Self> {
        let text = match std::fs::read_to_string(data.join(OFFSET_FILE)) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Self::default()),
            Err(error) => return Err(error),
        };
        let offset = text
            .trim()
            .parse()
            .map_err(|_| io::Error::new(io::ErrorKind::InvalidData, "not a number"))?;
        let clock = Self::default();
        clock.offset.store(offset, Ordering::Relaxed);
        Ok(clock)
    }

    /// Keeps the setting for the next start and for `candour token`.
    ///
    /// # Errors
    /// If the file cannot be written.
    pub fn keep(&self, data: &Path) -> io::Result<()> {
        let offset = self.offset.load(Ordering::Relaxed);
        std::fs::write(data.join(OFFSET_FILE), format!("{offset}\n"))
    }

    /// Shows this instant now and runs on.
    pub fn set(&self, at: Timestamp) {
        let offset = at.0.saturating_sub(SystemClock.now().0);
        self.offset.store(offset, Ordering::Relaxed);
        self.standing.store(RUNNING, Ordering::Relaxed);
    }

    /// Shows this instant until it is set again.
    pub fn stand_at(&self, at: Timestamp) {
        self.standing.store(at.0, Ordering::Relaxed);
    }
}

impl Clock for SettableClock {
    fn now(&self) -> Timestamp {
        match self.standing.load(Ordering::Relaxed) {
            RUNNING => {
                let offset = self.offset.load(Ordering::Relaxed);
                Timestamp(SystemClock.now().0.saturating_add(offset))
            }
            at => Timestamp(at),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn monday() -> Timestamp {
        Timestamp::parse("2027-01-11T09:30:00Z").unwrap()
    }

    #[test]
    fn a_clock_that_was_set_runs_on_from_there() {
        let clock = SettableClock::starting_at(monday());
        let first = clock.now();
        std::thread::sleep(std::time::Duration::from_millis(2));
        assert!(clock.now() > first);
        assert!(clock.now() < monday().plus_seconds(60));
    }

    #[test]
    fn a_standing_clock_shows_the_same_instant_until_it_is_set() {
        let clock = SettableClock::default();
        clock.stand_at(monday());
        assert_eq!((clock.now(), clock.now()), (monday(), monday()));
        clock.set(monday().plus_seconds(3600));
        assert!(clock.now() >= monday().plus_seconds(3600));
    }

    #[test]
    fn the_demos_clock_is_the_same_in_another_process() {
        let data = tempfile::tempdir().unwrap();
        SettableClock::starting_at(monday())
            .keep(data.path())
            .unwrap();
        let other = SettableClock::of_demo(data.path()).unwrap();
        assert!(other.now() >= monday());
        assert!(other.now() < monday().plus_seconds(60));
    }
}
