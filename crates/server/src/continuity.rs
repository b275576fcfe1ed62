//! Whether the log here goes on from all that was seen of it. An exchange that is restored from an
//! older copy has a log that is shorter than what others hold; to go on from there would make two
//! logs of one, which nobody could tell from a forgery.

use std::fmt;

use ledger::{Checkpoint, Says, verify_consistency};
use sharing::log::Log;
use sharing::rotate::log_keys;
use store::Store;

use crate::anchor::{Anchor, AnchorError};
use crate::witnesses::{WitnessTerms, Witnesses};

/// Where else the log is known.
#[derive(Debug, Default, Clone)]
pub struct Elsewhere {
    /// Its copy on another disk.
    pub anchor: Option<Anchor>,
    /// Who cosigns it.
    pub witnesses: Vec<WitnessTerms>,
}

/// Why an exchange does not go on with its log.
#[derive(Debug, thiserror::Error)]
pub enum NotContinued {
    /// The copy here is older than what was seen.
    #[error(
        "the log here has {here} leaves, and {who} saw {seen}: these data are an older copy. To go \
         on from them would make two logs of one, so nothing was started. Take up what was lost \
         with `candour admin recover` (docs/operating/backup.md)"
    )]
    Older {
        /// The size of the log here.
        here: u64,
        /// The size that was seen.
        seen: u64,
        /// By whom.
        who: Who,
    },
    /// The log here is another than the one that was seen.
    #[error(
        "the log here is not the one that {who} saw: it was continued from an older copy, or \
         altered. Nothing was started; restore the newest copy, and see docs/operating/backup.md"
    )]
    Other {
        /// By whom.
        who: Who,
    },
    /// The anchor cannot be read, or the log cannot.
    #[error(transparent)]
    Anchor(#[from] AnchorError),
}

/// Who saw the log.
#[derive(Debug)]
pub enum Who {
    /// The anchor in this folder.
    Anchor(String),
    /// The witness of this name.
    Witness(String),
}

impl fmt::Display for Who {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Anchor(folder) => write!(f, "its anchor {folder}"),
            Self::Witness(name) => write!(f, "the witness {name}"),
        }
    }
}

impl Elsewhere {
    /// Checks that the log goes on from what its anchor and its witnesses saw. A witness that does not answer says
    /// nothing; it is asked again while the exchange runs.
    ///
    /// # Errors
    /// [`NotContinued`].
    pub async fn check(&self, store: &dyn Store) -> Result<(), NotContinued> {
        let here = newest(store).await?;
        let keys = log_keys(store).await.map_err(AnchorError::Log)?;
        if let Some(anchor) = &self.anchor
            && let Some(seen) = anchor.newest(&keys)?
        {
            let who = || Who::Anchor(anchor.folder().display().to_string());
            goes_on(store, here.as_ref(), &seen, who).await?;
        }
        let answered = declared(store).await?;
        let size = here.map_or(0, |here| here.size);
        let witnesses = Witnesses::new(self.witnesses.clone(), 0);
        let largest = witnesses
            .largest_seen(store)
            .await
            .map_err(AnchorError::Log)?;
        match largest {
            Some((name, seen)) if seen > size.max(answered) => Err(NotContinued::Older {
                here: size,
                seen,
                who: Who::Witness(name),
            }),
            _ => Ok(()),
        }
    }
}

/// Whether what was seen is the beginning of the log here.
async fn goes_on(
    store: &dyn Store,
    here: Option<&Checkpoint>,
    seen: &Checkpoint,
    who: impl Fn() -> Who,
) -> Result<(), NotContinued> {
    let size = here.map_or(0, |here| here.size);
    if seen.size > size {
        return Err(NotContinued::Older {
            here: size,
            seen: seen.size,
            who: who(),
        });
    }
    let Some(here) = here else { return Ok(()) };
    let proof = Log::new(store, here.size).consistency(seen.size).await;
    let proof = proof.map_err(AnchorError::Log)?;
    verify_consistency(seen.size, &seen.root, here.size, &here.root, &proof)
        .map_err(|_| NotContinued::Other { who: who() })
}

/// The newest checkpoint here.
async fn newest(store: &dyn Store) -> Result<Option<Checkpoint>, AnchorError> {
    let note = store.checkpoint().await.map_err(sharing::Error::from)?;
    Ok(note.as_deref().and_then(crate::witnesses::parsed))
}

/// The largest log of which a statement says that it was lost.
async fn declared(store: &dyn Store) -> Result<u64, AnchorError> {
    let snapshot = store.snapshot().await;
    let mut snapshot = snapshot.map_err(sharing::Error::from)?;
    let statements = snapshot.statements().await.map_err(sharing::Error::from)?;
    let seen = statements.iter().map(|stated| match stated.statement.says {
        Says::Recovered { seen, .. } => seen,
        Says::LogKey { .. } | Says::PositionsKey { .. } => 0,
    });
    Ok(seen.max().unwrap_or_default())
}
