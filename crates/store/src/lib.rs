//! Where everything is kept: the only crate that knows SQL.
//!
//! Reading and writing are two values. A [`Snapshot`] sees the store as it was at one moment; a
//! [`Change`] is everything that one use case writes, its ledger entries included, and is
//! committed whole or not at all under an [`Expect`]ation of what must not have moved meanwhile.
//! Whoever wants content of somebody's record must bring a [`policy::Permit`].

pub mod change;
pub mod invitations;
pub mod links;
pub mod messages;
pub mod notices;
pub mod open;
pub mod read;
mod sqlite;

pub use change::{
    Change, Committed, EntryReceipt, Expect, HeldBack, Internals, NewEntry, NewFacts, NewStatement,
    NewVersion, Protection, SubjectKeys, ToldLater, Write,
};
pub use invitations::{NewInvitation, StoredInvitation};
pub use links::{
    LinkAct, Linked, LinkedSubject, NewLink, Proposal, Review, ReviewKind, StoredLink,
};
pub use messages::{ListLine, Listed, NewMessage, Place};
pub use notices::{Notice, NoticeAddress};
pub use open::{LogKeys, OpenError, Options, Synchronous, open, open_url};
pub use read::{
    ByItself, Claimed, Cursor, Directory, DueHeld, FindKeys, Found, HeldEntry, HistoryAsk,
    KeptBack, Located, Page, PageRequest, Patients, Snapshot, SortValue, StoredEntry, StoredEpoch,
    StoredFacts, StoredPatient, StoredResource, StoredStatement, Subject, Untold, Within,
};

use async_trait::async_trait;
use ledger::{Epoch, LogPublicKey};

/// Why the store could not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A resource is not at the version that the writer saw.
    #[error("the resource changed since it was read")]
    Conflict,
    /// Facts, policy or session moved between deciding and committing: decide again.
    #[error("what the decision rests on changed meanwhile")]
    Stale,
    /// The caller's token or session was revoked.
    #[error("the caller's session has ended")]
    Revoked,
    /// The commit may or may not have happened: nothing may be released.
    #[error("it is not known whether this was recorded")]
    Unknown(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// The database does not answer.
    #[error("the database is not answering")]
    Unavailable(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// A row cannot be what this program wrote.
    #[error("row {row} of `{table}` cannot be read in column `{column}`")]
    Corrupt {
        /// The table.
        table: &'static str,
        /// The column.
        column: &'static str,
        /// The row's key.
        row: String,
    },
}

/// A place that keeps records, facts and the ledger together, so that one commit covers all three.
#[async_trait]
pub trait Store: Send + Sync {
    /// Sees the store as it is at this moment.
    async fn snapshot(&self) -> Result<Box<dyn Snapshot>, Error>;

    /// Writes a change whole, or not at all. On return it is durable: it survives loss of power.
    ///
    /// # Errors
    /// [`Error::Stale`], [`Error::Revoked`] and [`Error::Conflict`] wrote nothing.
    /// [`Error::Unknown`] may have written everything.
    async fn commit(&self, change: Change, expect: Expect) -> Result<Committed, Error>;

    /// Moves waiting commitments into the global log and signs a checkpoint over them. Called by
    /// the lease-holder at least each second while there is traffic. Returns the tree's size.
    async fn sequence(&self) -> Result<u64, Error>;

    /// Puts an epoch into the log, with a checkpoint that covers it. Returns its leaf.
    ///
    /// # Errors
    /// [`Error::Conflict`] if it does not follow the last epoch, or speaks of leaves to come.
    async fn add_epoch(&self, epoch: Epoch) -> Result<u64, Error>;

    /// Puts a statement into the log with what goes with it, and a checkpoint that covers it.
    /// Returns its leaf.
    ///
    /// # Errors
    /// [`Error::Conflict`] if the log is not as the statement says: nothing is written.
    async fn state(&self, new: NewStatement) -> Result<u64, Error>;

    /// Hands the log on to its next key, and says so in the log. Both keys sign the checkpoint that
    /// covers the statement; whatever is signed later, the next key signs. Returns its leaf.
    async fn hand_on(&self) -> Result<u64, Error>;

    /// The key that signs checkpoints and receipts now.
    fn log_key(&self) -> LogPublicKey;

    /// The latest checkpoint, as a C2SP signed note; `None` before the first.
    async fn checkpoint(&self) -> Result<Option<String>, Error>;

    /// Keeps the newest checkpoint that enough witnesses cosigned, with their lines.
    async fn keep_cosigned(&self, note: String) -> Result<(), Error>;

    /// The newest checkpoint that enough witnesses cosigned; `None` before the first.
    async fn cosigned(&self) -> Result<Option<String>, Error>;

    /// A tile or entry bundle of the global log by its C2SP path (`tile/0/x001/067`, ...).
    async fn tile(&self, path: &str) -> Result<Option<Vec<u8>>, Error>;

    /// Checks that the store answers, is whole and its clock is sound; the error says what is not.
    async fn check(&self) -> Result<(), Error>;

    /// Reads the ledger and says what does not hold together: every chain replayed, every leaf of
    /// the log claimed exactly once by an entry, an epoch or a statement, the checkpoint over them.
    async fn verify_ledger(&self, progress: Progress<'_>) -> Result<Verified, Error>;

    /// Reads everything and says what does not hold together: every chain replayed, every leaf of
    /// the log claimed exactly once, the checkpoint over them, every original rebuilt. Slow.
    async fn verify_all(&self) -> Result<Verified, Error>;
}

/// Told now and then how far a long reading has come: so many rows of so many.
pub type Progress<'p> = &'p (dyn Fn(u64, u64) + Send + Sync);

/// What [`Store::verify_all`] looked at, and what it found wrong.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Verified {
    /// View chains replayed.
    pub chains: u64,
    /// Entries in them.
    pub entries: u64,
    /// Leaves of the global log.
    pub leaves: u64,
    /// How many of them are epochs.
    pub epochs: u64,
    /// How many of them are statements.
    pub statements: u64,
    /// How many of them stand for entries that a statement says are lost.
    pub lost: u64,
    /// Originals rebuilt.
    pub originals: u64,
    /// What does not fit, in words; empty if all is well.
    pub faults: Vec<String>,
}
