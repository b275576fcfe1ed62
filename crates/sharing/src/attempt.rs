//! Deciding again when what a decision rested on moved before the commit.

use crate::Error;

/// How often a use case decides again. Each time is a race that someone else won, so the bound is
/// reached only under a defect.
const ATTEMPTS: u32 = 16;

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

/// Runs one attempt after another until one is not overtaken.
pub(crate) async fn until_settled<T>(
    mut attempt: impl AsyncFnMut() -> Result<T, Attempt>,
) -> Result<T, Error> {
    for _ in 0..ATTEMPTS {
        match attempt().await {
            Ok(answer) => return Ok(answer),
            Err(Attempt::Again) => {}
            Err(Attempt::Failed(error)) => return Err(error),
        }
    }
    Err(store::Error::Stale.into())
}
