//! The sources of chance: the system's in production, a replayable stream in tests.

use std::sync::{Mutex, PoisonError};

use domain::Chance;
use rand::{RngCore, SeedableRng};
use rand_chacha::ChaCha20Rng;

/// Randomness from the cryptographic library, seeded by the operating system.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemChance;

impl Chance for SystemChance {
    fn fill(&self, buffer: &mut [u8]) {
        aws_lc_rs::rand::fill(buffer)
            .expect("the library refuses randomness only if its own self-test failed");
    }
}

/// A stream that depends only on the seed and the number of the request: two runs of one test
/// then draw the same ids, salts and nonces, whatever each request before it drew.
#[derive(Debug)]
pub struct SeededChance(Mutex<ChaCha20Rng>);

impl SeededChance {
    /// The stream of request 0.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self(Mutex::new(stream(seed, 0)))
    }

    /// Starts the stream of another request.
    pub fn reseed(&self, seed: u64, request_number: u64) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = stream(seed, request_number);
    }
}

fn stream(seed: u64, request_number: u64) -> ChaCha20Rng {
    let mut stream = ChaCha20Rng::seed_from_u64(seed);
    stream.set_stream(request_number);
    stream
}

impl Chance for SeededChance {
    fn fill(&self, buffer: &mut [u8]) {
        let mut stream = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        stream.fill_bytes(buffer);
    }
}

#[cfg(test)]
mod tests {
    use domain::time::draw;

    use super::*;

    #[test]
    fn a_request_draws_the_same_whatever_came_before() {
        let one = SeededChance::new(7);
        one.reseed(7, 2);
        let other = SeededChance::new(7);
        let _ = draw::<100>(&other);
        other.reseed(7, 2);
        assert_eq!(draw::<16>(&one), draw::<16>(&other));
    }

    #[test]
    fn another_request_and_another_seed_draw_otherwise() {
        let chance = SeededChance::new(7);
        let first: [u8; 16] = draw(&chance);
        chance.reseed(7, 1);
        let second: [u8; 16] = draw(&chance);
        chance.reseed(8, 0);
        let third: [u8; 16] = draw(&chance);
        assert!(first != second && second != third && first != third);
    }

    #[test]
    fn the_system_never_draws_the_same_twice() {
        assert_ne!(draw::<16>(&SystemChance), draw::<16>(&SystemChance));
    }
}
