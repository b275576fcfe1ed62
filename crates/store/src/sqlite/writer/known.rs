//! What the writer remembers of rows that it alone changes, so that a disclosure reads none.

use std::collections::{HashMap, HashSet};
use std::hash::Hash;

use domain::{HomeId, LabelClass, OrganisationId, ResourceId, Timestamp, TokenId, WorkerId};
use ledger::{Head, ViewId};

/// Homes, chains and subjects come without end; above this many all are forgotten and read again.
const MOST: usize = 50_000;

/// A home's number and the version of its facts.
#[derive(Debug, Clone, Copy)]
pub(super) struct KnownHome {
    pub(super) no: i64,
    pub(super) facts: u64,
    pub(super) names_single: bool,
}

/// A chain's number and where it stands.
#[derive(Debug, Clone, Copy)]
pub(super) struct KnownChain {
    pub(super) no: i64,
    pub(super) head: Head,
    pub(super) at: Timestamp,
}

/// What was read or written since the connection was opened.
///
/// Invariant: everything here is as this connection sees it. Whoever rolls back forgets.
#[derive(Debug, Default)]
pub(super) struct Known {
    pub(super) homes: Memory<HomeId, KnownHome>,
    pub(super) chains: Memory<ViewId, KnownChain>,
    pub(super) subjects: Memory<ResourceId, i64>,
    pub(super) symbols: Memory<String, i64>,
    pub(super) classes: Memory<LabelClass, i64>,
    pub(super) organisations: Memory<OrganisationId, i64>,
    /// Until when each worker is in post; the outer absence is "no such worker".
    pub(super) workers: Memory<WorkerId, Option<Option<Timestamp>>>,
    pub(super) policy: Option<Option<String>>,
    pub(super) revoked: Option<HashSet<TokenId>>,
    pub(super) facts_kept: Memory<(i64, [u8; 32]), ()>,
    pub(super) next_row: Option<i64>,
}

impl Known {
    pub(super) fn forget(&mut self) {
        *self = Self::default();
    }
}

/// A bounded map that forgets all rather than choose.
#[derive(Debug)]
pub(super) struct Memory<K, V>(HashMap<K, V>);

impl<K, V> Default for Memory<K, V> {
    fn default() -> Self {
        Self(HashMap::new())
    }
}

impl<K: Hash + Eq, V: Clone> Memory<K, V> {
    pub(super) fn get<Q>(&self, key: &Q) -> Option<V>
    where
        K: std::borrow::Borrow<Q>,
        Q: Hash + Eq + ?Sized,
    {
        self.0.get(key).cloned()
    }

    pub(super) fn keep(&mut self, key: K, value: V) -> V {
        if self.0.len() >= MOST {
            self.0.clear();
        }
        self.0.insert(key, value.clone());
        value
    }

    pub(super) fn remove<Q>(&mut self, key: &Q)
    where
        K: std::borrow::Borrow<Q>,
        Q: Hash + Eq + ?Sized,
    {
        self.0.remove(key);
    }
}
