//! The local policies in force, which can be replaced while the exchange runs.
//!
//! The store says which set is in force, by its hash, and every snapshot carries that; here are only
//! the sets themselves. So whatever one attempt reads, decides and commits goes by one set, and there
//! is no moment at which the store and this memory disagree.

use std::collections::BTreeMap;
use std::sync::{Arc, PoisonError, RwLock};

use policy::Policies;
use store::{Change, Expect, Snapshot, Write};

use crate::{Context, Error};

/// The sets of local policies that this program has loaded.
#[derive(Debug)]
pub struct InForce(RwLock<Loaded>);

#[derive(Debug)]
struct Loaded {
    /// By hash: a snapshot may be older than the last replacement.
    sets: BTreeMap<String, Arc<Policies>>,
    /// The one that came last.
    last: Arc<Policies>,
}

/// The store has a set in force that this program has not loaded.
#[derive(Debug, thiserror::Error)]
#[error("the local policies in force ({0}) are not those of this program: start it again")]
struct NotLoaded(String);

impl InForce {
    /// Begins with this set, which [`settle::exchange`](crate::settle::exchange) puts in force.
    #[must_use]
    pub fn new(policies: Arc<Policies>) -> Self {
        let hash = policies.hash().to_owned();
        Self(RwLock::new(Loaded {
            sets: [(hash, Arc::clone(&policies))].into(),
            last: policies,
        }))
    }

    /// The set that was loaded last: in force, or about to be.
    #[must_use]
    pub fn last(&self) -> Arc<Policies> {
        let loaded = self.0.read().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(&loaded.last)
    }

    /// The set that was in force at the moment of this snapshot.
    ///
    /// # Errors
    /// [`Error::Unavailable`] if another program put a set in force that this one has not loaded.
    pub(crate) async fn at(&self, snapshot: &mut dyn Snapshot) -> Result<Arc<Policies>, Error> {
        let Some(hash) = snapshot.policy_in_force().await? else {
            return Ok(self.last());
        };
        let loaded = self.0.read().unwrap_or_else(PoisonError::into_inner);
        let set = loaded.sets.get(&hash).map(Arc::clone);
        set.ok_or_else(|| Error::Unavailable(Box::new(NotLoaded(hash))))
    }

    fn load(&self, policies: Arc<Policies>) {
        let mut loaded = self.0.write().unwrap_or_else(PoisonError::into_inner);
        let hash = policies.hash().to_owned();
        loaded.sets.insert(hash, Arc::clone(&policies));
        loaded.last = policies;
    }
}

/// Puts these policies in force for the next byte on: what was being decided by others is decided
/// again. Gives back whether others were in force before.
///
/// # Errors
/// [`Error::Unavailable`] if the store does not answer; those before stay in force.
pub async fn put_in_force(cx: &Context, policies: Arc<Policies>) -> Result<bool, Error> {
    let mut snapshot = cx.store.snapshot().await?;
    let hash = policies.hash().to_owned();
    let is_new = snapshot.policy_in_force().await? != Some(hash.clone());
    drop(snapshot);
    // Loaded first: from the commit on, snapshots name it.
    cx.policies.load(policies);
    if is_new {
        let change = Change {
            writes: vec![Write::Policy { hash }],
            ..Change::default()
        };
        cx.store.commit(change, Expect::default()).await?;
    }
    Ok(is_new)
}
