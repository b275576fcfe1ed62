//! How often one caller may do something: a bucket of tokens for each, refilled evenly.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Mutex, PoisonError};

use domain::Timestamp;

/// Beyond this many callers, those whose bucket is full again are forgotten.
const REMEMBERED: usize = 10_000;

/// Lets each caller do something so many times a minute, with as many at once.
pub struct RateLimit<K> {
    /// Microseconds that one use costs.
    cost: i64,
    /// For each caller, when their bucket will be full again.
    full_at: Mutex<HashMap<K, Timestamp>>,
}

/// Too often; the next time is possible after this many seconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TooOften {
    /// For `Retry-After`.
    pub retry_after_seconds: u64,
}

const MINUTE: i64 = 60_000_000;

impl<K: Eq + Hash> RateLimit<K> {
    /// So many times a minute; at least once.
    #[must_use]
    pub fn per_minute(times: u32) -> Self {
        Self {
            cost: MINUTE / i64::from(times.max(1)),
            full_at: Mutex::default(),
        }
    }

    /// Takes one use from the caller's bucket.
    ///
    /// # Errors
    /// [`TooOften`] if it is empty; this attempt then costs nothing.
    pub fn take(&self, caller: K, now: Timestamp) -> Result<(), TooOften> {
        let mut full_at = self.full_at.lock().unwrap_or_else(PoisonError::into_inner);
        if full_at.len() >= REMEMBERED {
            full_at.retain(|_, full| *full > now);
        }
        let full = full_at.entry(caller).or_insert(now);
        let after = (*full).max(now).0.saturating_add(self.cost);
        let excess = after - now.0 - MINUTE;
        if excess > 0 {
            return Err(TooOften {
                retry_after_seconds: excess.unsigned_abs().div_ceil(1_000_000),
            });
        }
        *full = Timestamp(after);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_worker_may_look_three_times_at_once_and_then_every_twenty_seconds() {
        let limit = RateLimit::per_minute(3);
        let monday = Timestamp::parse("2027-01-11T09:30:00Z").unwrap();
        for _ in 0..3 {
            assert_eq!(limit.take("pauline", monday), Ok(()));
        }
        let refused = limit.take("pauline", monday).unwrap_err();
        assert_eq!(refused.retry_after_seconds, 20);
        assert_eq!(limit.take("gregor", monday), Ok(()));

        let later = monday.plus_seconds(20);
        assert_eq!(limit.take("pauline", later), Ok(()));
        assert!(limit.take("pauline", later).is_err());
    }
}
