//! Copying the write-ahead log into the database file, beside the commits and not in their way.
//!
//! A background thread copies whatever it can. Under unbroken load it never reaches the end, and
//! only a log copied to its end is begun anew; so once the log is long the writer itself finishes
//! the little that is left, and waits a moment for snapshots that still read from the log. On a
//! disk slower than the writer the thread is never done either: at twice that length the writer
//! waits for it, so that the log is bounded by its length and not by the disk's speed.

use std::cell::Cell;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use rusqlite::Connection;

use super::files::Files;

/// Pages in the log at which copying begins, and again after as many more: 4 MiB.
const COPY_AT: i32 = 1_000;

/// Pages in the log at which the writer sees to it that it is begun anew: 64 MiB.
const RESTART_AT: i32 = 16_000;

/// Pages in the log at which the writer waits for whatever still stands in the way: 128 MiB.
const WAIT_AT: i32 = 2 * RESTART_AT;

/// How long a restart waits for snapshots that still read from the log. They last microseconds;
/// only one that lost its processor takes longer.
const PATIENCE: Duration = Duration::from_millis(50);

/// How long it waits for them from [`WAIT_AT`] on. A snapshot that lasts longer, as a copy of the
/// whole file may, holds commits up by this much at each further [`RETRY_AFTER`].
const MORE_PATIENCE: Duration = Duration::from_secs(1);

/// Pages after which a restart that failed is tried again: 8 MiB.
const RETRY_AFTER: i32 = RESTART_AT / 8;

thread_local! {
    /// Pages in the log after the last commit of this thread.
    static PAGES: Cell<i32> = const { Cell::new(0) };
}

/// The thread that copies, and when to wake it.
pub(super) struct Checkpoints {
    wake: Option<SyncSender<()>>,
    thread: Option<JoinHandle<()>>,
    /// Held while the thread copies: SQLite turns a second checkpoint away instead of waiting.
    copying: Arc<Mutex<()>>,
    /// The pages at the last look; fewer now means that the log was begun anew.
    pages: i32,
    copy_at: i32,
    restart_at: i32,
}

/// Counts the log's pages at each commit of this connection, in place of SQLite's own hook.
pub(super) fn watch(db: &Connection) {
    db.wal_hook(Some(|_, pages| {
        PAGES.set(pages);
        Ok(())
    }));
}

impl Checkpoints {
    pub(super) fn start(files: Arc<Files>) -> Self {
        let (wake, woken) = sync_channel(1);
        let copying = Arc::new(Mutex::new(()));
        let held = Arc::clone(&copying);
        let thread = std::thread::Builder::new()
            .name("store-checkpoint".to_owned())
            .spawn(move || copy_when_woken(&files, &woken, &held));
        Self {
            wake: Some(wake),
            // Without the thread the writer does it all, at the higher mark.
            thread: thread.ok(),
            copying,
            pages: 0,
            copy_at: COPY_AT,
            restart_at: RESTART_AT,
        }
    }

    /// Called by the writer between transactions.
    pub(super) fn after_commit(&mut self, db: Option<&Connection>) {
        let pages = PAGES.get();
        if pages < self.pages {
            self.copy_at = COPY_AT;
            self.restart_at = RESTART_AT;
        }
        self.pages = pages;
        if let (true, Some(db)) = (pages >= self.restart_at, db) {
            if pages < WAIT_AT {
                restart(db, PATIENCE);
            } else {
                let _copied = self.copying.lock().unwrap_or_else(PoisonError::into_inner);
                restart(db, MORE_PATIENCE);
            }
            // Should the copier or a long snapshot stand in the way, try again, but not at every
            // commit.
            self.restart_at = pages + RETRY_AFTER;
        } else if let (true, Some(wake)) = (pages >= self.copy_at, &self.wake) {
            // If it is still busy, it has been woken already.
            let _ = wake.try_send(());
            self.copy_at = pages + COPY_AT;
        }
    }
}

impl Drop for Checkpoints {
    fn drop(&mut self) {
        drop(self.wake.take());
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

fn copy_when_woken(files: &Files, woken: &Receiver<()>, copying: &Mutex<()>) {
    while woken.recv().is_ok() {
        let _copying = copying.lock().unwrap_or_else(PoisonError::into_inner);
        let copied = files
            .checkpointer()
            .and_then(|db| checkpoint(&db, "PRAGMA wal_checkpoint(PASSIVE)"));
        if let Err(error) = copied {
            tracing::warn!(%error, "the write-ahead log could not be copied; trying again later");
        }
    }
}

fn restart(db: &Connection, patience: Duration) {
    let restarted = db
        .busy_timeout(patience)
        .and_then(|()| checkpoint(db, "PRAGMA wal_checkpoint(RESTART)"))
        .and_then(|()| db.busy_timeout(super::files::BUSY));
    if let Err(error) = restarted {
        tracing::warn!(%error, "the write-ahead log could not be begun anew");
    }
}

/// A checkpoint that meets readers does what it can and is no error.
fn checkpoint(db: &Connection, pragma: &str) -> rusqlite::Result<()> {
    db.query_row(pragma, [], |_| Ok(()))
}
