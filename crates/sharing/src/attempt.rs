//! Deciding again when what a decision rested on moved before the commit.

use crate::Error;

/// How often a use case decides again. Each time is a race that someone else won, so the bound is
/// reached only under a defect.
const MOST: u32 = 16;

/// Why one attempt gave no answer.
#[derive(Debug)]
pub(crate) enum Attempt {
    /// What it decided on moved: decide again.
    Again,
    /// It cannot be done.
    Failed(Error),
}

impl From<Error> for Attempt {
    fn from(error: Error) -> Self {
        Self::Failed(error)
    }
}

impl From<store::Error> for Attempt {
    fn from(error: store::Error) -> Self {
        match error {
            store::Error::Stale => Self::Again,
            other => Self::Failed(other.into()),
        }
    }
}

/// Attempts a use case until it is not overtaken.
///
/// # Errors
/// Why it cannot be done; [`Error::Unavailable`] if it was overtaken time and again.
pub(crate) async fn until_done<T, Once>(mut attempt: impl FnMut() -> Once) -> Result<T, Error>
where
    Once: Future<Output = Result<T, Attempt>>,
{
    for _ in 0..MOST {
        match attempt().await {
            Ok(answer) => return Ok(answer),
            Err(Attempt::Again) => {}
            Err(Attempt::Failed(error)) => return Err(error),
        }
    }
    Err(store::Error::Stale.into())
}
