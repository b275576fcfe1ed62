//! The directory and its database file: who may open it, and how connections are set up.

use std::fs::{DirBuilder, File, TryLockError};
use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::{Connection, OpenFlags};

use crate::OpenError;

/// How long a connection waits for another before it gives up.
pub(super) const BUSY: Duration = Duration::from_secs(5);

/// Whether a commit waits for the disk.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Synchronous {
    /// A commit that returned survives loss of power.
    #[default]
    Full,
    /// A commit that returned may be lost with the power. For tests and throw-away data only.
    Off,
}

/// A directory with the database in it, owned by this process.
#[derive(Debug)]
pub(super) struct Files {
    database: PathBuf,
    vfs: Option<String>,
    synchronous: Synchronous,
    /// Released when dropped, or when the process ends, however it ends.
    lock: File,
}

impl Files {
    /// Takes the directory for this process, made if it is not there.
    pub(super) fn take(
        dir: &Path,
        vfs: Option<String>,
        synchronous: Synchronous,
    ) -> Result<Self, OpenError> {
        let unusable = |source| OpenError::Directory {
            dir: dir.to_owned(),
            source,
        };
        make(dir).map_err(unusable)?;
        Ok(Self {
            database: dir.join("candour.db"),
            vfs,
            synchronous,
            lock: lock(dir)?,
        })
    }

    /// Makes sure that the directory still knows its files after loss of power: SQLite does that
    /// for its log, but not for the database itself.
    pub(super) fn sync_directory(&self) -> std::io::Result<()> {
        let mut dirs = self.database.ancestors().skip(1).take(2);
        dirs.try_for_each(|dir| match dir.is_dir() {
            true => File::open(dir)?.sync_all(),
            // The parent of a relative path is empty.
            false => Ok(()),
        })
    }

    /// The one connection that writes.
    pub(super) fn writer(&self) -> rusqlite::Result<Connection> {
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE;
        let db = self.connect(flags)?;
        db.pragma_update(None, "journal_mode", "WAL")?;
        // Checkpoints are ours to time; see `checkpoints`.
        db.pragma_update(None, "wal_autocheckpoint", 0)?;
        db.pragma_update(None, "cache_size", -16_384)?;
        db.set_prepared_statement_cache_capacity(128);
        Ok(db)
    }

    /// A connection for snapshots.
    pub(super) fn reader(&self) -> rusqlite::Result<Connection> {
        let db = self.connect(OpenFlags::SQLITE_OPEN_READ_WRITE)?;
        db.pragma_update(None, "query_only", true)?;
        db.pragma_update(None, "cache_size", -1_024)?;
        db.set_prepared_statement_cache_capacity(128);
        Ok(db)
    }

    /// A connection that copies the write-ahead log into the database file.
    pub(super) fn checkpointer(&self) -> rusqlite::Result<Connection> {
        self.connect(OpenFlags::SQLITE_OPEN_READ_WRITE)
    }

    fn connect(&self, flags: OpenFlags) -> rusqlite::Result<Connection> {
        // Each connection stays on one thread at a time, so SQLite's own mutexes are not needed.
        let flags = flags | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let db = match &self.vfs {
            Some(vfs) => Connection::open_with_flags_and_vfs(&self.database, flags, vfs.as_str())?,
            None => Connection::open_with_flags(&self.database, flags)?,
        };
        db.busy_timeout(BUSY)?;
        let synchronous = match self.synchronous {
            Synchronous::Full => "FULL",
            Synchronous::Off => "OFF",
        };
        db.pragma_update(None, "synchronous", synchronous)?;
        db.pragma_update(None, "temp_store", "MEMORY")?;
        db.pragma_update(None, "trusted_schema", false)?;
        Ok(db)
    }
}

/// Makes a directory that only its owner may enter; one that is there stays as it is.
fn make(dir: &Path) -> std::io::Result<()> {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(dir)
}

impl Drop for Files {
    fn drop(&mut self) {
        // Said explicitly: a process that is just being started may hold a copy of the handle.
        let _ = self.lock.unlock();
    }
}

fn lock(dir: &Path) -> Result<File, OpenError> {
    let unusable = |source| OpenError::Directory {
        dir: dir.to_owned(),
        source,
    };
    let file = File::options()
        .create(true)
        .truncate(false)
        .write(true)
        .open(dir.join("lock"))
        .map_err(unusable)?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(OpenError::InUse {
            dir: dir.to_owned(),
        }),
        Err(TryLockError::Error(source)) => Err(unusable(source)),
    }
}
