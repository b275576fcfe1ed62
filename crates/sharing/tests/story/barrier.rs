//! The real store, with a place to stand before the first commit.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use async_trait::async_trait;
use ledger::LogPublicKey;
use store::{Change, Committed, Error, Expect, NewStatement, Progress, Snapshot, Store, Verified};
use tokio::sync::Barrier;

/// Passes everything on to the real store, but at the first commit meets the test twice: once to
/// say that it is there, and once to be let on.
pub struct AtTheCommit {
    store: Arc<dyn Store>,
    barrier: Arc<Barrier>,
    passed: AtomicBool,
}

impl AtTheCommit {
    pub fn new(store: Arc<dyn Store>, barrier: Arc<Barrier>) -> Self {
        Self {
            store,
            barrier,
            passed: AtomicBool::new(false),
        }
    }
}

#[async_trait]
impl Store for AtTheCommit {
    async fn snapshot(&self) -> Result<Box<dyn Snapshot>, Error> {
        self.store.snapshot().await
    }

    async fn commit(&self, change: Change, expect: Expect) -> Result<Committed, Error> {
        if !self.passed.swap(true, Ordering::SeqCst) {
            self.barrier.wait().await;
            self.barrier.wait().await;
        }
        self.store.commit(change, expect).await
    }

    async fn sequence(&self) -> Result<u64, Error> {
        self.store.sequence().await
    }

    async fn add_epoch(&self, epoch: ledger::Epoch) -> Result<u64, Error> {
        self.store.add_epoch(epoch).await
    }

    async fn state(&self, new: NewStatement) -> Result<u64, Error> {
        self.store.state(new).await
    }

    async fn hand_on(&self) -> Result<u64, Error> {
        self.store.hand_on().await
    }

    fn log_key(&self) -> LogPublicKey {
        self.store.log_key()
    }

    async fn checkpoint(&self) -> Result<Option<String>, Error> {
        self.store.checkpoint().await
    }

    async fn keep_cosigned(&self, note: String) -> Result<(), Error> {
        self.store.keep_cosigned(note).await
    }

    async fn cosigned(&self) -> Result<Option<String>, Error> {
        self.store.cosigned().await
    }

    async fn tile(&self, path: &str) -> Result<Option<Vec<u8>>, Error> {
        self.store.tile(path).await
    }

    async fn check(&self) -> Result<(), Error> {
        self.store.check().await
    }

    async fn verify_ledger(&self, progress: Progress<'_>) -> Result<Verified, Error> {
        self.store.verify_ledger(progress).await
    }

    async fn verify_all(&self) -> Result<Verified, Error> {
        self.store.verify_all().await
    }
}
