//! A store whose every commit brings the index up to date before it returns.

use std::collections::BTreeSet;
use std::sync::Arc;

use async_trait::async_trait;
use domain::{HomeId, ResourceId};
use ledger::{Epoch, LogPublicKey};
use store::{
    Change, Committed, Error, Expect, NewStatement, Progress, Snapshot, Store, Verified, Write,
};

use super::LiveIndex;

/// Puts an index of everybody beside a store: what is committed through the store that is given back
/// can be found as soon as the commit returns.
#[must_use]
pub fn indexed(inner: Arc<dyn Store>) -> (Arc<dyn Store>, Arc<LiveIndex>) {
    let index = Arc::new(LiveIndex::of(Arc::clone(&inner)));
    let store = Arc::new(Indexed {
        inner,
        index: Arc::clone(&index),
    });
    (store, index)
}

struct Indexed {
    inner: Arc<dyn Store>,
    index: Arc<LiveIndex>,
}

/// Whom a change may make to be found otherwise.
#[derive(Default)]
struct Met {
    subjects: BTreeSet<ResourceId>,
    homes: BTreeSet<HomeId>,
}

impl Met {
    fn by(change: &Change) -> Self {
        let mut met = Self::default();
        for write in &change.writes {
            match write {
                Write::Subject { subject, .. } => {
                    met.subjects.insert(*subject);
                }
                Write::Person { subject, .. } => {
                    met.subjects.insert(*subject);
                }
                Write::Version(version) if version.resource_type == "Patient" => {
                    met.subjects.insert(version.id);
                }
                Write::Bar { home, .. }
                | Write::Lock { home, .. }
                | Write::Protect { home, .. } => {
                    met.homes.insert(*home);
                }
                _ => {}
            }
        }
        met
    }

    fn is_nobody(&self) -> bool {
        self.subjects.is_empty() && self.homes.is_empty()
    }
}

#[async_trait]
impl Store for Indexed {
    async fn snapshot(&self) -> Result<Box<dyn Snapshot>, Error> {
        self.inner.snapshot().await
    }

    async fn commit(&self, change: Change, expect: Expect) -> Result<Committed, Error> {
        let met = Met::by(&change);
        if met.is_nobody() {
            return self.inner.commit(change, expect).await;
        }
        // A caller who hangs up must not leave the index behind the store.
        let (inner, index) = (Arc::clone(&self.inner), Arc::clone(&self.index));
        let task = tokio::spawn(async move {
            let committed = inner.commit(change, expect).await;
            if matches!(committed, Ok(_) | Err(Error::Unknown(_))) {
                let subjects: Vec<ResourceId> = met.subjects.into_iter().collect();
                let homes: Vec<HomeId> = met.homes.into_iter().collect();
                index.refresh(&subjects, &homes).await;
            }
            committed
        });
        task.await
            .unwrap_or_else(|lost| Err(Error::Unknown(Box::new(lost))))
    }

    async fn sequence(&self) -> Result<u64, Error> {
        self.inner.sequence().await
    }

    async fn add_epoch(&self, epoch: Epoch) -> Result<u64, Error> {
        self.inner.add_epoch(epoch).await
    }

    async fn state(&self, new: NewStatement) -> Result<u64, Error> {
        self.inner.state(new).await
    }

    async fn hand_on(&self) -> Result<u64, Error> {
        self.inner.hand_on().await
    }

    fn log_key(&self) -> LogPublicKey {
        self.inner.log_key()
    }

    async fn checkpoint(&self) -> Result<Option<String>, Error> {
        self.inner.checkpoint().await
    }

    async fn keep_cosigned(&self, note: String) -> Result<(), Error> {
        self.inner.keep_cosigned(note).await
    }

    async fn cosigned(&self) -> Result<Option<String>, Error> {
        self.inner.cosigned().await
    }

    async fn tile(&self, path: &str) -> Result<Option<Vec<u8>>, Error> {
        self.inner.tile(path).await
    }

    async fn check(&self) -> Result<(), Error> {
        self.inner.check().await
    }

    async fn verify_ledger(&self, progress: Progress<'_>) -> Result<Verified, Error> {
        self.inner.verify_ledger(progress).await
    }

    async fn verify_all(&self) -> Result<Verified, Error> {
        self.inner.verify_all().await
    }
}
