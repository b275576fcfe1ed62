//! The embedded store: SQLite in a directory that one process owns, nothing else to install.
//!
//! Everything is written by one thread ([`writer`]), in batches that share an fsync. Snapshots read
//! on connections of their own and never wait for the writer, nor it for them.

mod checkpoints;
mod convert;
mod files;
mod items;
mod migrate;
mod reader;
mod target;
mod verify;
mod writer;

use std::path::PathBuf;
use std::sync::{Arc, PoisonError, RwLock};

use async_trait::async_trait;
use domain::{Chance, Clock};
use ledger::{Epoch, KeyError, LogKey, LogPublicKey};
use rusqlite::{Connection, OptionalExtension};

use files::Files;
pub use files::Synchronous;
use reader::Pool;
use writer::{Tools, Writer, handed_on};

use crate::{
    Change, Committed, Error, Expect, NewStatement, OpenError, Progress, Snapshot, Store, Verified,
};

/// What an embedded store needs.
pub struct Options {
    /// The directory, made if it is not there; this process alone may have it open.
    pub dir: PathBuf,
    /// The keys that sign receipts and checkpoints; their name is the log's origin.
    pub log_keys: LogKeys,
    /// The log's origin, the same for as long as the log lives.
    pub origin: String,
    /// Where the time comes from.
    pub clock: Arc<dyn Clock>,
    /// Where the order of the global log comes from.
    pub chance: Arc<dyn Chance>,
    /// The SQLite file system to use instead of the operating system's.
    pub vfs: Option<String>,
    /// Whether a commit waits for the disk.
    pub synchronous: Synchronous,
}

/// The keys of a log, by how often it was handed on.
pub type LogKeys = Arc<dyn Fn(u32) -> Result<LogKey, KeyError> + Send + Sync>;

/// Opens the embedded store, made new if the directory is empty.
///
/// # Errors
/// [`OpenError::InUse`] while another process has the directory; the others say what is wrong
/// with it.
pub fn open(options: Options) -> Result<Arc<dyn Store>, OpenError> {
    let files = Files::take(&options.dir, options.vfs, options.synchronous)?;
    let mut db = files.writer()?;
    migrate::to_latest(&mut db)?;
    let handed_on = handed_on(&db).map_err(|source| OpenError::Statements(Box::new(source)))?;
    let key = key_in_force(&options.log_keys, &handed_on)?;
    claim_log(&db, &options.origin, &key)?;
    writer::reindex(db).map_err(|source| OpenError::Index(Box::new(source)))?;
    let unusable = |source| OpenError::Directory {
        dir: options.dir.clone(),
        source,
    };
    files.sync_directory().map_err(unusable)?;
    let files = Arc::new(files);
    let tools = Tools {
        files: Arc::clone(&files),
        log_key: Arc::new(RwLock::new(key.public().clone())),
        key,
        handed_on: handed_on.len() as u32,
        log_keys: options.log_keys,
        origin: options.origin,
        clock: options.clock,
        chance: options.chance,
    };
    let log_key = Arc::clone(&tools.log_key);
    let writer = Writer::start(tools).map_err(unusable)?;
    Ok(Arc::new(SqliteStore {
        log_key,
        writer,
        pool: Arc::new(Pool::new(files)),
    }))
}

/// The key that signs after the log was handed on to each of these.
fn key_in_force(keys: &LogKeys, handed_on: &[[u8; 32]]) -> Result<LogKey, OpenError> {
    let key = keys(handed_on.len() as u32).map_err(OpenError::LogKey)?;
    match handed_on.last() {
        Some(to) if to != key.public().as_bytes() => Err(OpenError::OtherKey),
        _ => Ok(key),
    }
}

/// Names the log at first, and refuses to go on with another's.
fn claim_log(db: &Connection, origin: &str, key: &LogKey) -> Result<(), OpenError> {
    if key.public().name() != origin {
        return Err(OpenError::OtherLog {
            found: key.public().name().to_owned(),
        });
    }
    let found: Option<String> = db
        .query_row("SELECT origin FROM log", [], |row| row.get(0))
        .optional()?;
    match found {
        Some(found) if found != origin => Err(OpenError::OtherLog { found }),
        Some(_) => Ok(()),
        None => {
            let frontier = ledger::Frontier::new().encode();
            db.execute(
                "INSERT INTO log (one, origin, frontier) VALUES (1, $1, $2)",
                rusqlite::params![origin, frontier],
            )?;
            Ok(())
        }
    }
}

/// The store in a directory. Fields are dropped in order: the writer ends before the pool gives
/// the directory back.
struct SqliteStore {
    writer: Writer,
    log_key: Arc<RwLock<LogPublicKey>>,
    pool: Arc<Pool>,
}

#[async_trait]
impl Store for SqliteStore {
    async fn snapshot(&self) -> Result<Box<dyn Snapshot>, Error> {
        Ok(Box::new(reader::snapshot(&self.pool)?))
    }

    async fn commit(&self, change: Change, expect: Expect) -> Result<Committed, Error> {
        self.writer.commit(change, expect).await
    }

    async fn sequence(&self) -> Result<u64, Error> {
        self.writer.sequence().await
    }

    async fn add_epoch(&self, epoch: Epoch) -> Result<u64, Error> {
        self.writer.add_epoch(epoch).await
    }

    async fn state(&self, new: NewStatement) -> Result<u64, Error> {
        self.writer.state(new).await
    }

    async fn hand_on(&self) -> Result<u64, Error> {
        self.writer.hand_on().await
    }

    fn log_key(&self) -> LogPublicKey {
        let key = self.log_key.read().unwrap_or_else(PoisonError::into_inner);
        key.clone()
    }

    async fn checkpoint(&self) -> Result<Option<String>, Error> {
        reader::snapshot(&self.pool)?.checkpoint()
    }

    async fn keep_cosigned(&self, note: String) -> Result<(), Error> {
        self.writer.keep_cosigned(note).await
    }

    async fn cosigned(&self) -> Result<Option<String>, Error> {
        reader::snapshot(&self.pool)?.cosigned()
    }

    async fn tile(&self, path: &str) -> Result<Option<Vec<u8>>, Error> {
        reader::snapshot(&self.pool)?.tile(path)
    }

    async fn check(&self) -> Result<(), Error> {
        drop(reader::snapshot(&self.pool)?);
        self.writer.check().await
    }

    async fn verify_ledger(&self, progress: Progress<'_>) -> Result<Verified, Error> {
        verify::ledger(&reader::snapshot(&self.pool)?, progress)
    }

    async fn verify_all(&self) -> Result<Verified, Error> {
        verify::everything(&reader::snapshot(&self.pool)?)
    }
}
