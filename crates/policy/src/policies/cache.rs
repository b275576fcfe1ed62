//! Answers of local policy, kept because they depend on nothing about the person.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, DefaultHasher, Hash, Hasher};
use std::sync::{PoisonError, RwLock};

use domain::{Confidentiality, LabelClass, Role};

use super::{Ask, LocalAnswer};

/// Locks are split so that many threads rarely wait for one another.
const SHARDS: usize = 16;

/// How many answers one shard keeps before it starts afresh. All questions of a town fit many
/// times over; the bound is there against a caller who invents labels.
const PER_SHARD: usize = 4_096;

/// A bounded map from question to answer, shared by all threads.
pub(super) struct Cache {
    shards: [RwLock<Shard>; SHARDS],
}

/// A fixed hasher rather than a random one: this crate draws no randomness, and the keys are made
/// of our own closed enumerations, so nobody can choose them to collide.
type Shard = HashMap<Key, LocalAnswer, BuildHasherDefault<DefaultHasher>>;

/// The question and the labels, without the custodian and as bits, so that looking up costs no
/// allocation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct Key {
    ask: Ask,
    author_role: Option<Role>,
    confidentiality: Confidentiality,
    categories: u32,
    sensitivities: u32,
}

impl Key {
    fn new(ask: Ask, class: &LabelClass) -> Self {
        let bit = |place: u32| 1_u32.checked_shl(place).unwrap_or(0);
        Self {
            ask,
            author_role: class.author_role,
            confidentiality: class.confidentiality,
            categories: class
                .categories
                .iter()
                .fold(0, |bits, category| bits | bit(*category as u32)),
            sensitivities: class
                .sensitivities
                .iter()
                .fold(0, |bits, sensitivity| bits | bit(*sensitivity as u32)),
        }
    }
}

impl Cache {
    pub fn new() -> Self {
        Self {
            shards: std::array::from_fn(|_| RwLock::default()),
        }
    }

    /// The kept answer, or the one that `evaluate` gives, which is then kept.
    pub fn get_or_insert(
        &self,
        ask: Ask,
        class: &LabelClass,
        evaluate: impl FnOnce() -> LocalAnswer,
    ) -> LocalAnswer {
        let key = Key::new(ask, class);
        let Some(shard) = self.shard(&key) else {
            return evaluate();
        };
        let kept = shard
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .get(&key)
            .cloned();
        if let Some(answer) = kept {
            return answer;
        }
        let answer = evaluate();
        let mut shard = shard.write().unwrap_or_else(PoisonError::into_inner);
        if shard.len() >= PER_SHARD {
            shard.clear();
        }
        shard.insert(key, answer.clone());
        answer
    }

    fn shard(&self, key: &Key) -> Option<&RwLock<Shard>> {
        let mut hasher = DefaultHasher::new();
        (key.categories, key.sensitivities, key.ask.purpose).hash(&mut hasher);
        self.shards.get(hasher.finish() as usize % SHARDS)
    }
}
