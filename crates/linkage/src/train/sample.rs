//! Which pairs are looked at for training, and what patterns they show.

use rayon::prelude::*;

use super::counts::Patterns;
use crate::Model;
use crate::candidates::{Mode, entries, may_meet};
use crate::compare::{Comparer, Pattern, at};
use crate::people::People;
use crate::text::mix;

/// Pairs taken at random.
const RANDOM: u64 = 400_000;
/// Pairs taken from one block.
const BLOCK: u64 = 100_000;

/// Pairs that agree on something, by the sort of key that brings them together.
#[derive(Debug, Clone, Copy)]
pub(super) struct Block {
    /// One of [`crate::candidates::SORTS`].
    sort: usize,
    /// The comparisons that must agree in full, all of them, and so can teach nothing here.
    pub fields: &'static [usize],
}

pub(super) const BLOCKS: [Block; 6] = [
    Block {
        sort: 8,
        fields: &[at::GIVEN, at::FAMILY],
    },
    Block {
        sort: 16,
        fields: &[at::BIRTH],
    },
    Block {
        sort: 18,
        fields: &[at::POSTCODE],
    },
    Block {
        sort: 0,
        fields: &[at::NUMBER],
    },
    Block {
        sort: 0,
        fields: &[at::NATIONAL],
    },
    Block {
        sort: 10,
        fields: &[at::EMAIL],
    },
];

/// What pairs taken at random show.
pub(super) fn random(people: &People, mode: Mode, seed: u64) -> Patterns {
    let rows = people.len() as u64;
    if rows < 2 {
        return Vec::new();
    }
    let pairs = RANDOM.min(rows * (rows - 1) / 2);
    let pick = |number: u64| u32::try_from(number % rows).unwrap_or(0);
    let chosen: Vec<(u32, u32)> = (0..pairs)
        .into_par_iter()
        .map(|turn| {
            let drawn = mix(mix(seed) ^ turn);
            (pick(drawn >> 32), pick(drawn & 0xffff_ffff))
        })
        .filter(|(left, right)| left != right && may_meet(people, mode, *left, *right))
        .collect();
    patterns(people, &chosen, |_| true)
}

/// What pairs of one block show.
pub(super) fn block(people: &People, mode: Mode, block: &Block, seed: u64) -> Patterns {
    let mut entries = entries(people, block.sort);
    entries.par_sort_unstable();
    entries.dedup();
    let all: u64 = entries
        .chunk_by(|one, other| one.0 == other.0)
        .map(|block| (block.len() as u64) * (block.len() as u64 - 1) / 2)
        .sum();
    let pairs: Vec<(u32, u32)> = entries
        .chunk_by(|one, other| one.0 == other.0)
        .flat_map(|block| chosen(block, all, seed))
        .filter(|(left, right)| may_meet(people, mode, *left, *right))
        .collect();
    patterns(people, &pairs, |pattern| {
        block.fields.iter().all(|field| pattern.level(*field) == 1)
            || block.fields == [at::POSTCODE] && pattern.level(at::POSTCODE) == 2
    })
}

/// The pairs of one block that are looked at, so that there are about [`BLOCK`] in all.
fn chosen(block: &[(u64, u32)], all: u64, seed: u64) -> Vec<(u32, u32)> {
    let size = block.len() as u64;
    let pairs = size * (size - 1) / 2;
    if all <= BLOCK {
        return every(block).collect();
    }
    let wanted = pairs * BLOCK / all;
    let key = block.first().map_or(0, |(key, _)| *key);
    // What is left of the division is drawn for.
    let more = mix(key ^ seed) % all < (pairs * BLOCK) % all;
    let row = |number: u64| {
        let place = usize::try_from(number % size).unwrap_or(0);
        block.get(place).map_or(0, |(_, row)| *row)
    };
    (0..wanted + u64::from(more))
        .map(|turn| {
            let drawn = mix(mix(seed ^ key) ^ turn);
            (row(drawn >> 32), row(drawn & 0xffff_ffff))
        })
        .filter(|(left, right)| left != right)
        .collect()
}

fn every(block: &[(u64, u32)]) -> impl Iterator<Item = (u32, u32)> {
    block.iter().enumerate().flat_map(move |(at, (_, left))| {
        block
            .iter()
            .skip(at + 1)
            .map(move |(_, right)| (*left, *right))
    })
}

/// Compares pairs and counts their patterns.
fn patterns(
    people: &People,
    pairs: &[(u32, u32)],
    keep: impl Fn(Pattern) -> bool + Sync,
) -> Patterns {
    // Patterns are the same under every model.
    let model = Model::population();
    let mut all: Vec<Pattern> = pairs
        .par_chunks(4096)
        .map_init(
            || Comparer::new(people, &model),
            |comparer, batch| {
                batch
                    .iter()
                    .map(|(left, right)| comparer.compare(*left, *right).pattern)
                    .filter(|pattern| keep(*pattern))
                    .collect::<Vec<_>>()
            },
        )
        .flatten_iter()
        .collect();
    all.par_sort_unstable();
    all.chunk_by(|one, other| one == other)
        .filter_map(|same| Some((*same.first()?, same.len() as f64)))
        .collect()
}
