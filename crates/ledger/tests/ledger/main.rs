//! What the ledger promises, told from outside.

mod attack_table;
mod attacks;
mod audit;
mod chain;
mod checkpoint;
mod cosignature;
mod forgery;
mod frontier;
mod held;
mod hot_path;
mod keeper;
mod map;
mod oracles;
mod pack;
mod receipt;
mod record;
mod seal;
mod second;
mod statements;
mod tiles;
mod unlinkable;
mod vectors;
mod vrf;
mod witness;
mod worked_example;

use ledger::{Hash, LogKey, leaf_hash};

/// `N` bytes that count up from `first`: recognisable where randomness would stand.
fn counting<const N: usize>(first: u8) -> [u8; N] {
    std::array::from_fn(|i| first + i as u8)
}

/// The key of the log that these tests keep.
fn log_key() -> LogKey {
    LogKey::from_seed("log.example/candour", &counting(0xc0)).unwrap()
}

fn hash(hex: &str) -> Hash {
    Hash::from_hex(hex).unwrap()
}

/// Stand-ins for commitments, all different.
fn commitments(count: u64) -> Vec<Hash> {
    (0..count).map(|i| leaf_hash(&i.to_be_bytes())).collect()
}

/// The text with one bit flipped, if that is still text.
fn flip(text: &str, bit: usize) -> Option<String> {
    let mut bytes = text.as_bytes().to_vec();
    bytes[bit / 8] ^= 1 << (bit % 8);
    String::from_utf8(bytes).ok()
}
