//! The one place that knows which databases there are.

use std::path::PathBuf;
use std::sync::Arc;

pub use crate::sqlite::{LogKeys, Options, Synchronous, open};

use crate::Store;

/// Why a store could not be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// Another process has it.
    #[error(
        "another candour process has the folder {} open: stop that one, or choose another folder",
        dir.display()
    )]
    InUse {
        /// The directory.
        dir: PathBuf,
    },
    /// The directory cannot be made, read or written.
    #[error("the folder {} cannot be used", dir.display())]
    Directory {
        /// The directory.
        dir: PathBuf,
        /// What the operating system said.
        #[source]
        source: std::io::Error,
    },
    /// The database is from a later program.
    #[error(
        "the database has schema {found}, this program knows {known}: use the newer program \
         that made it"
    )]
    Newer {
        /// The database's schema.
        found: u32,
        /// The last one known here.
        known: u32,
    },
    /// The database or the key belongs to another log.
    #[error("this belongs to the log {found}: check the configured origin and key")]
    OtherLog {
        /// Whose log it is.
        found: String,
    },
    /// The key of the log cannot be made.
    #[error("the key of the log cannot be made")]
    LogKey(#[source] ledger::KeyError),
    /// The key is not the one to which the log was handed on.
    #[error("this is not the key to which the log was handed on: check the root key")]
    OtherKey,
    /// What is stored could not be indexed anew for this program.
    #[error("the database could not be indexed for this program")]
    Index(#[source] Box<crate::Error>),
    /// What the exchange said of its log cannot be read.
    #[error("what was said of the log cannot be read")]
    Statements(#[source] Box<crate::Error>),
    /// The database refused.
    #[error("the database could not be opened")]
    Database(#[from] rusqlite::Error),
    /// The URL names no database that this program knows.
    #[error("a store is given as sqlite:FOLDER, not {found}")]
    Url {
        /// What was given, without any password.
        found: String,
    },
    /// PostgreSQL was asked for.
    #[error("this version keeps its data in a folder only: give the store as sqlite:FOLDER")]
    PostgresNotBuilt,
}

/// Opens the store that a URL names: `sqlite:FOLDER`. The rest of `options` applies as it is; its
/// `dir` is replaced.
///
/// # Errors
/// As for [`open`], and if the URL names no store.
pub fn open_url(url: &str, options: Options) -> Result<Arc<dyn Store>, OpenError> {
    match url.split_once(':') {
        Some(("sqlite", dir)) if !dir.is_empty() => open(Options {
            dir: PathBuf::from(dir),
            ..options
        }),
        Some(("postgres" | "postgresql", _)) => Err(OpenError::PostgresNotBuilt),
        Some((scheme, _)) => Err(OpenError::Url {
            found: format!("{scheme}:..."),
        }),
        None => Err(OpenError::Url {
            found: url.to_owned(),
        }),
    }
}
