//! Tables of how often each level was met.

use crate::compare::{Pattern, at, spec};
use crate::model::is_settled;

/// Room for the levels of one comparison; 0 is "not known".
const LEVELS: usize = 16;
/// How many imagined pairs stand behind what is assumed before training. They carry a level that
/// was never met.
const ASSUMED_PAIRS: f64 = 10.0;

type Cells = Vec<[[f64; LEVELS]; 2]>;

/// The probabilities of all levels, by comparison and by whether what it depends on agrees.
#[derive(Debug, Clone)]
pub(super) struct Table {
    m: Cells,
    u: Cells,
    comparisons: usize,
}

impl Table {
    pub(super) fn assumed(comparisons: usize) -> Self {
        let mut table = Self {
            m: vec![[[0.0; LEVELS]; 2]; comparisons],
            u: vec![[[0.0; LEVELS]; 2]; comparisons],
            comparisons,
        };
        for place in 0..comparisons {
            for (number, level) in spec(place).levels.iter().enumerate() {
                let at = number + 1;
                put(&mut table.m, (place, 0, at), f64::from(level.m));
                put(&mut table.u, (place, 0, at), f64::from(level.u));
                put(&mut table.m, (place, 1, at), f64::from(level.with.0));
                put(&mut table.u, (place, 1, at), f64::from(level.with.1));
            }
        }
        table
    }

    pub(super) fn comparisons(&self) -> usize {
        self.comparisons
    }

    /// The same u, with another table's m.
    pub(super) fn with_m_of(mut self, other: &Self) -> Self {
        self.m.clone_from(&other.m);
        self
    }

    /// The same m, with another table's u but for what depends on these fields.
    pub(super) fn with_u_of(mut self, other: &Self, fields: &[usize]) -> Self {
        for (place, (mine, theirs)) in self.u.iter_mut().zip(&other.u).enumerate() {
            let free = spec(place)
                .depends_on
                .is_some_and(|on| fields.contains(&on));
            if !free {
                mine.clone_from(theirs);
            }
        }
        self
    }

    /// m and u of a level.
    pub(super) fn probabilities(&self, place: usize, with: usize, level: usize) -> (f32, f32) {
        let at = (place, with, level);
        (get(&self.m, at) as f32, get(&self.u, at) as f32)
    }

    /// The natural logarithm of the odds that a pattern adds, without the comparisons left out.
    pub(super) fn log_odds(&self, pattern: Pattern, left_out: &[usize]) -> f64 {
        (0..self.comparisons)
            .filter(|place| !left_out.contains(place))
            .map(|place| {
                let level = usize::from(pattern.level(place));
                if level == 0 {
                    return 0.0;
                }
                let with = usize::from(is_settled(place, pattern));
                let at = (place, with, level);
                (get(&self.m, at).max(1e-12) / get(&self.u, at).max(1e-12)).ln()
            })
            .sum()
    }
}

/// How often each level was met among pairs of one person and of two.
#[derive(Debug, Clone)]
pub(super) struct Counts {
    m: Cells,
    u: Cells,
}

impl Counts {
    pub(super) fn none(comparisons: usize) -> Self {
        Self {
            m: vec![[[0.0; LEVELS]; 2]; comparisons],
            u: vec![[[0.0; LEVELS]; 2]; comparisons],
        }
    }

    /// Counts a level as met so often by one person's records.
    pub(super) fn met(&mut self, place: usize, pattern: Pattern, times: f64) {
        add(&mut self.m, cell(place, pattern), times);
    }

    /// Counts a level as met so often by two people's records.
    pub(super) fn met_by_two(&mut self, place: usize, pattern: Pattern, times: f64) {
        add(&mut self.u, cell(place, pattern), times);
    }

    /// Which part of one person's pairs differ in a comparison; `None` if fewer than `fewest` were
    /// compared.
    pub(super) fn differing(&self, place: usize, fewest: f64) -> Option<f64> {
        let levels = spec(place).levels.len();
        let met = |level: usize| -> f64 {
            let either = (0..2).map(|with| get(&self.m, (place, with, level)));
            either.sum()
        };
        let all: f64 = (1..=levels).map(met).sum();
        // The last level of a comparison is that the two differ.
        (all >= fewest).then(|| met(levels) / all)
    }

    /// Adds what was counted elsewhere, in the comparisons that `takes` names.
    pub(super) fn add(&mut self, other: &Self, times: f64, takes: impl Fn(usize) -> bool) {
        for (mine, theirs) in [(&mut self.m, &other.m), (&mut self.u, &other.u)] {
            let taken = mine.iter_mut().zip(theirs).enumerate();
            let taken = taken.filter(|(place, _)| takes(*place));
            let all = taken.flat_map(|(_, (mine, theirs))| {
                mine.as_flattened_mut()
                    .iter_mut()
                    .zip(theirs.as_flattened())
            });
            for (mine, theirs) in all {
                *mine += theirs * times;
            }
        }
    }

    /// The probabilities that these counts and what is assumed make together.
    pub(super) fn table(&self, comparisons: usize) -> Table {
        let assumed = Table::assumed(comparisons);
        let mut table = assumed.clone();
        for place in 0..comparisons {
            let levels = spec(place).levels.len();
            for with in 0..2 {
                for (cells, counts, before) in [
                    (&mut table.m, &self.m, &assumed.m),
                    (&mut table.u, &self.u, &assumed.u),
                ] {
                    let total: f64 = (1..=levels).map(|at| get(counts, (place, with, at))).sum();
                    for level in 1..=levels {
                        let at = (place, with, level);
                        let met = get(counts, at) + ASSUMED_PAIRS * get(before, at);
                        put(cells, at, met / (total + ASSUMED_PAIRS));
                    }
                }
            }
        }
        table
    }
}

fn cell(place: usize, pattern: Pattern) -> (usize, usize, usize) {
    let with = usize::from(is_settled(place, pattern));
    (place, with, usize::from(pattern.level(place)))
}

fn get(cells: &Cells, (place, with, level): (usize, usize, usize)) -> f64 {
    cells
        .get(place)
        .and_then(|both| both.get(with))
        .and_then(|levels| levels.get(level))
        .copied()
        .unwrap_or(0.0)
}

fn put(cells: &mut Cells, at: (usize, usize, usize), value: f64) {
    if let Some(cell) = cell_mut(cells, at) {
        *cell = value;
    }
}

fn add(cells: &mut Cells, at: (usize, usize, usize), value: f64) {
    if let Some(cell) = cell_mut(cells, at) {
        *cell += value;
    }
}

fn cell_mut(cells: &mut Cells, (place, with, level): (usize, usize, usize)) -> Option<&mut f64> {
    cells.get_mut(place)?.get_mut(with)?.get_mut(level)
}

/// Patterns, each with how often it was met.
pub(super) type Patterns = Vec<(Pattern, f64)>;

const _: () = assert!(at::ALL * 4 == 128);
