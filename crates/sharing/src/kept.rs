//! Keeping the facts that decisions rested on, so that any of them can be replayed.

use std::collections::HashSet;
use std::sync::{PoisonError, RwLock};

use domain::HomeId;
use policy::Facts;
use store::{Snapshot, Write};

use crate::{Context, Error};

/// How many digests are remembered as already kept; forgetting one costs a repeated write.
const REMEMBERED: usize = 100_000;

/// Digests of facts that this process knows to be kept.
#[derive(Default)]
pub struct KeptFacts {
    known: RwLock<HashSet<(HomeId, [u8; 32])>>,
}

impl KeptFacts {
    /// The write that keeps these facts, sealed under their home's key; `None` if they are kept
    /// already. Call [`KeptFacts::remember`] once the write is committed.
    ///
    /// # Errors
    /// [`Error::Unavailable`] if the home's key cannot be used.
    pub async fn keep(
        &self,
        cx: &Context,
        snapshot: &mut dyn Snapshot,
        home: HomeId,
        facts: &Facts,
        digest: [u8; 32],
    ) -> Result<Option<Write>, Error> {
        if self
            .known
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .contains(&(home, digest))
        {
            return Ok(None);
        }
        let key = cx.keys.home(snapshot, home).await?;
        let sealed = key
            .seal(cx.draw(), &digest, &facts.encode())
            .map_err(|error| Error::Unavailable(Box::new(error)))?;
        Ok(Some(Write::DecisionFacts {
            home,
            digest,
            sealed,
        }))
    }

    /// Notes that the facts of this digest are durably kept.
    pub fn remember(&self, home: HomeId, digest: [u8; 32]) {
        let mut known = self.known.write().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= REMEMBERED {
            known.clear();
        }
        known.insert((home, digest));
    }
}
