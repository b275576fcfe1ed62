//! The order in which commitments enter the global log.
//!
//! The log is public. If commitments entered it as they were made, neighbours would tell which
//! chains moved together. So those that wait are mixed, each chain keeping its own order: a
//! verifier relies on log indexes rising along a chain.
//!
//! ```text
//! ticket(C) = HMAC-SHA-256(seed, "order/v1" || C)
//! ```
//!
//! The tickets of a chain are dealt out to its commitments in rising order, and the log takes all
//! commitments in order of ticket. Every order that keeps the chains' own is equally likely.

use hmac::Mac;

use crate::chain::ViewId;
use crate::hash::{Hash, keyed};

/// Orders waiting commitments for the log; `seed` is 32 random bytes, used once and forgotten.
pub fn mix(waiting: &[(ViewId, Hash)], seed: &[u8; 32]) -> Vec<Hash> {
    let draw = keyed(seed);
    let ticket = |commitment: &Hash| {
        let mut mac = draw.clone();
        mac.update(b"order/v1");
        mac.update(&commitment.0);
        Hash(mac.finalize().into_bytes().into())
    };
    let mut tickets: Vec<_> = waiting.iter().map(|(view, c)| (*view, ticket(c))).collect();
    tickets.sort_unstable();
    // A stable sort: it groups the chains and leaves each in its own order.
    let mut chains = waiting.to_vec();
    chains.sort_by_key(|(view, _)| *view);
    let dealt = tickets.into_iter().zip(chains);
    let mut dealt: Vec<_> = dealt.map(|((_, ticket), (_, c))| (ticket, c)).collect();
    dealt.sort_unstable();
    dealt
        .into_iter()
        .map(|(_, commitment)| commitment)
        .collect()
}
