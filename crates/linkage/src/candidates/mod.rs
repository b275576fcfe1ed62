//! Pairs worth comparing: those that share one of many keys.

mod keys;

use rayon::prelude::*;

use crate::people::Lexicon;
use crate::{People, Progress, Stage};
pub(crate) use keys::{LIVE, SORTS, keys};

/// Whether one list has duplicates, or several lists are to be linked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Mode {
    /// Any two records may be of one person.
    #[default]
    Dedupe,
    /// Only records of two sources may; each source has a person once.
    Link,
}

/// Pairs worth comparing.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Candidates {
    /// (earlier row, later row), ordered, each once.
    pub pairs: Vec<(u32, u32)>,
    /// For each sort of key how many pairs shared one, before the same pair was found again.
    pub found_by: Vec<(&'static str, u64)>,
    /// Records that were in a block too large to compare, by sort of key.
    pub crowded: Vec<(&'static str, u64)>,
}

/// So few records are compared all with all.
const ALL_WITH_ALL: usize = 1500;
/// More records than this sharing one key are divided further.
const CROWD: usize = 60;

/// Finds the pairs worth comparing.
#[must_use]
pub fn candidates(people: &People, mode: Mode, progress: &dyn Progress) -> Candidates {
    progress.stage(Stage::Candidates, SORTS.len() as u64);
    if people.len() <= ALL_WITH_ALL {
        return all_with_all(people, mode);
    }
    let mut found = Candidates::default();
    let mut packed: Vec<u64> = Vec::new();
    for (sort, name) in SORTS.iter().enumerate() {
        let blocked = Blocked::of(people, mode, sort);
        found.found_by.push((name, blocked.pairs.len() as u64));
        found.crowded.push((name, blocked.crowded));
        packed.extend(blocked.pairs);
        progress.advance(1);
    }
    packed.par_sort_unstable();
    packed.dedup();
    found.pairs = packed.into_par_iter().map(unpack).collect();
    found
}

fn pack(left: u32, right: u32) -> u64 {
    u64::from(left.min(right)) << 32 | u64::from(left.max(right))
}

fn unpack(pair: u64) -> (u32, u32) {
    let low = u32::try_from(pair & 0xffff_ffff).unwrap_or(u32::MAX);
    (u32::try_from(pair >> 32).unwrap_or(u32::MAX), low)
}

fn all_with_all(people: &People, mode: Mode) -> Candidates {
    let count = u32::try_from(people.len()).unwrap_or(u32::MAX);
    let pairs: Vec<(u32, u32)> = (0..count)
        .flat_map(|left| (left + 1..count).map(move |right| (left, right)))
        .filter(|(left, right)| may_meet(people, mode, *left, *right))
        .collect();
    Candidates {
        found_by: vec![("all with all", pairs.len() as u64)],
        crowded: Vec::new(),
        pairs,
    }
}

pub(crate) fn may_meet(people: &People, mode: Mode, left: u32, right: u32) -> bool {
    mode == Mode::Dedupe || people.source(left) != people.source(right)
}

/// What one sort of key brings together.
struct Blocked {
    pairs: Vec<u64>,
    crowded: u64,
}

impl Blocked {
    fn of(people: &People, mode: Mode, sort: usize) -> Self {
        let mut entries = entries(people, sort);
        entries.par_sort_unstable();
        entries.dedup();
        let mut blocked = Self {
            pairs: Vec::new(),
            crowded: 0,
        };
        for block in entries.chunk_by(|one, other| one.0 == other.0) {
            blocked.block(people, mode, block);
        }
        blocked
    }

    fn block(&mut self, people: &People, mode: Mode, block: &[(u64, u32)]) {
        if block.len() <= CROWD {
            self.all_of(people, mode, block);
            return;
        }
        let lexicon = Lexicon::of(people);
        let mut divided: Vec<(u64, u32)> = block
            .iter()
            .map(|(_, row)| (keys::finer(lexicon, &people.row(*row)), *row))
            .collect();
        divided.sort_unstable();
        for part in divided.chunk_by(|one, other| one.0 == other.0) {
            if part.len() <= CROWD {
                self.all_of(people, mode, part);
            } else {
                self.crowded += part.len() as u64;
            }
        }
    }

    fn all_of(&mut self, people: &People, mode: Mode, block: &[(u64, u32)]) {
        for (at, (_, left)) in block.iter().enumerate() {
            for (_, right) in block.iter().skip(at + 1) {
                if left != right && may_meet(people, mode, *left, *right) {
                    self.pairs.push(pack(*left, *right));
                }
            }
        }
    }
}

/// (key, row) of every key of one sort.
pub(crate) fn entries(people: &People, sort: usize) -> Vec<(u64, u32)> {
    let rows = u32::try_from(people.len()).unwrap_or(u32::MAX);
    (0..rows)
        .into_par_iter()
        .fold(Vec::new, |mut entries, row| {
            keys(Lexicon::of(people), &people.row(row), sort, &mut |key| {
                entries.push((key, row));
            });
            entries
        })
        .reduce(Vec::new, |mut all, mut part| {
            all.append(&mut part);
            all
        })
}
