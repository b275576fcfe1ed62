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

/// Attempts at one use case, until one is not overtaken.
#[derive(Debug, Default)]
pub(crate) struct Attempts {
    made: u32,
}

impl Attempts {
    /// The answer of an attempt; `None` if it was overtaken and another should be made.
    pub(crate) fn judge<T>(&mut self, attempt: Result<T, Attempt>) -> Result<Option<T>, Error> {
        self.made += 1;
        match attempt {
            Ok(answer) => Ok(Some(answer)),
            Err(Attempt::Again) if self.made < MOST => Ok(None),
            Err(Attempt::Again) => Err(store::Error::Stale.into()),
            Err(Attempt::Failed(error)) => Err(error),
        }
    }
}
