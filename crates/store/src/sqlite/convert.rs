//! Between rows and values, and between SQLite's errors and ours.

use std::fmt::Display;
use std::sync::Arc;

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::Error;

impl From<rusqlite::Error> for Error {
    fn from(error: rusqlite::Error) -> Self {
        Error::Unavailable(Box::new(error))
    }
}

/// One cause that several callers are told of.
#[derive(Debug, Clone, thiserror::Error)]
#[error(transparent)]
pub(super) struct Shared(Arc<Error>);

impl Shared {
    pub(super) fn new(error: Error) -> Self {
        Self(Arc::new(error))
    }
}

#[derive(Debug, thiserror::Error)]
#[error("the change does not fit what is stored: {0}")]
struct Incoherent(&'static str);

/// A change that refers to something that is not there, or moves what cannot move: a mistake of
/// ours, not of the caller's.
pub(super) fn incoherent(what: &'static str) -> Error {
    Error::Unavailable(Box::new(Incoherent(what)))
}

/// A column, for [`Error::Corrupt`].
#[derive(Debug, Clone, Copy)]
pub(super) struct Column(pub(super) &'static str, pub(super) &'static str);

impl Column {
    /// A row that this program cannot have written, named by its key.
    pub(super) fn corrupt(self, key: impl Display) -> Error {
        Error::Corrupt {
            table: self.0,
            column: self.1,
            row: key.to_string(),
        }
    }

    /// Reads JSON that [`to_json`] wrote.
    pub(super) fn read_json<T: DeserializeOwned>(
        self,
        text: &str,
        key: impl Display,
    ) -> Result<T, Error> {
        serde_json::from_str(text).map_err(|_| self.corrupt(key))
    }

    /// Reads a count or a place, which SQLite keeps signed.
    pub(super) fn read_number<T: TryFrom<i64>>(
        self,
        number: i64,
        key: impl Display,
    ) -> Result<T, Error> {
        T::try_from(number).map_err(|_| self.corrupt(key))
    }
}

/// Writes a value as the JSON that [`Column::read_json`] reads.
pub(super) fn to_json(value: &impl Serialize) -> Result<String, Error> {
    serde_json::to_string(value).map_err(|error| Error::Unavailable(Box::new(error)))
}
