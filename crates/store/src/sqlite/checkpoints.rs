//! Copying the write-ahead log into the database file, beside the commits and not in their way.
//!
//! A background thread copies whatever it can. Under unbroken load it never reaches the end, and
//! only a log copied to its end is begun anew; so once the log is long the writer itself finishes
//! the little that is left, and waits a moment for snapshots that still read from the log.

use std::cell::Cell;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread::JoinHandle;
use std::time::Duration;

use rusqlite::Connection;

use super::files::Files;

/// Pages in the log at which copying begins, and again after as many more: 4 MiB.
const COPY_AT: i32 = 1_000;

/// Pages in the log at which the writer sees to it that it is begun anew: 64 MiB.
const RESTART_AT: i32 = 16_000;

/// How long a restart waits for snapshots that still read from the log. They last microseconds;
/// only one that lost its processor takes longer.
const PATIENCE: Duration = Duration::from_millis(50);

thread_local! {
    /// Pages in the log after the last commit of this thread.
    static PAGES: Cell<i32> = const { Cell::new(0) };
}

/// The thread that copies, and when to wake it.
pub(super) struct Checkpoints {
    wake: Option<SyncSender<()>>,
    thread: Option<JoinHandle<()>>,
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
        let thread = std::thread::Builder::new()
            .name("store-checkpoint".to_owned())
            .spawn(move || copy_when_woken(&files, &woken));
        Self {
            wake: Some(wake),
            // Without the thread the writer does it all, at the higher mark.
            thread: thread.ok(),
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
            restart(db);
            // Should the copier or a long snapshot stand in the way, try again, but not at every
            // commit.
            self.restart_at = pages + RESTART_AT / 8;
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

fn copy_when_woken(files: &Files, woken: &Receiver<()>) {
    while woken.recv().is_ok() {
        let copied = files
            .checkpointer()
            .and_then(|db| checkpoint(&db, "PRAGMA wal_checkpoint(PASSIVE)"));
        if let Err(error) = copied {
            tracing::warn!(%error, "the write-ahead log could not be copied; trying again later");
        }
    }
}

fn restart(db: &Connection) {
    let restarted = db
        .busy_timeout(PATIENCE)
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
