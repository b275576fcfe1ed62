//! Taking up the log after a restore from a copy that is older than what was seen of it.

use ledger::{Checkpoint, Hash, LogPublicKey, Says, Statement};
use store::NewStatement;

use crate::{Context, Error};

/// What a recovery came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Recovery {
    /// It is in the log.
    Done {
        /// How many leaves the copy had.
        kept: u64,
        /// At which leaf the log says so.
        leaf: u64,
    },
    /// The log here has all that was seen: there is nothing to take up.
    Whole,
    /// The leaves do not lead from the log here to what was seen: it was continued since.
    Diverged,
}

/// Says in the log that it goes on from an older copy than the one that was `seen`. The leaves
/// since then are taken over, so that the log stays one; where they cannot be had, `leaves` is
/// empty, and the log openly begins a second future from here.
///
/// # Errors
/// [`Error::Unavailable`] if the store does not answer.
pub async fn recover(
    cx: &Context,
    key: &LogPublicKey,
    seen: &Checkpoint,
    leaves: Vec<Hash>,
) -> Result<Recovery, Error> {
    let kept = kept(cx, key).await?;
    if seen.size <= kept {
        return Ok(Recovery::Whole);
    }
    let says = Says::Recovered {
        kept,
        seen: seen.size,
        root: seen.root,
    };
    let statement = Statement {
        time_us: cx.now().0,
        says,
    };
    match cx.store.state(NewStatement { statement, leaves }).await {
        Ok(leaf) => Ok(Recovery::Done { kept, leaf }),
        Err(store::Error::Conflict) => Ok(Recovery::Diverged),
        Err(error) => Err(error.into()),
    }
}

/// How many leaves the log here has.
///
/// # Errors
/// [`Error::Unavailable`] if the store does not answer, or its checkpoint is not signed by this key.
pub async fn kept(cx: &Context, key: &LogPublicKey) -> Result<u64, Error> {
    let Some(note) = cx.store.checkpoint().await? else {
        return Ok(0);
    };
    let newest = Checkpoint::verify(&note, key);
    let newest = newest.map_err(|error| Error::Unavailable(Box::new(error)))?;
    Ok(newest.size)
}
