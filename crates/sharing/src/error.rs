//! Why a use case could not do its job. A refusal is not an error: it is an answer.

use fhir::Issue;

/// Why a use case could not do its job.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// What was sent cannot be accepted; the issues say what, where and what to do.
    #[error("the request cannot be accepted")]
    Invalid(Vec<Issue>),
    /// It is theirs, and is not shown to them before somebody decided; the issues say who.
    #[error("it is not shown before somebody decided")]
    Referred(Vec<Issue>),
    /// Something else has to be done first; the issues say what.
    #[error("something else has to be done first")]
    NotYet(Vec<Issue>),
    /// There is nothing of that id, or the caller may not know that there is.
    #[error("there is nothing here of that id")]
    NotFound,
    /// Someone else changed it first.
    #[error("it was changed by someone else since it was read")]
    Conflict,
    /// A precondition that the caller set does not hold (If-Match, If-None-Exist).
    #[error("the version given is not the current one")]
    PreconditionFailed,
    /// The caller's token or session was revoked.
    #[error("the session has ended")]
    Revoked,
    /// It is not known whether the operation was recorded, so nothing was released.
    #[error("it is not known whether this was recorded, so nothing is released: ask again")]
    Unknown(#[source] store::Error),
    /// The store does not answer, or its rows or keys are not what they should be.
    #[error("the exchange cannot answer at the moment")]
    Unavailable(#[source] Box<dyn std::error::Error + Send + Sync>),
}

impl From<store::Error> for Error {
    fn from(error: store::Error) -> Self {
        match error {
            store::Error::Conflict => Self::Conflict,
            store::Error::Revoked => Self::Revoked,
            store::Error::Unknown(_) => Self::Unknown(error),
            // A use case decides again on `Stale`; one that still meets it has lost too many races.
            store::Error::Stale | store::Error::Unavailable(_) | store::Error::Corrupt { .. } => {
                Self::Unavailable(Box::new(error))
            }
        }
    }
}

impl Error {
    /// A single thing wrong with what was sent.
    #[must_use]
    pub fn invalid(issue: Issue) -> Self {
        Self::Invalid(vec![issue])
    }
}
