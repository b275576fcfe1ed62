//! Precision, recall and F1 of pairs, against all true pairs: one that was never compared is missed.

use std::collections::HashMap;

use linkage::{Grade, Pair};

#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Figures {
    pub precision: f64,
    pub recall: f64,
    pub f1: f64,
    /// The weight at which these figures hold.
    pub at: f32,
}

impl std::fmt::Display for Figures {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self {
            precision,
            recall,
            f1,
            at,
        } = self;
        write!(f, "F1 {f1:.5} P {precision:.5} R {recall:.5} @{at:.1}")
    }
}

pub fn figures(right: usize, chosen: usize, truly: usize, at: f32) -> Figures {
    let precision = right as f64 / chosen.max(1) as f64;
    let recall = right as f64 / truly.max(1) as f64;
    let f1 = 2.0 * precision * recall / (precision + recall).max(1e-12);
    Figures {
        precision,
        recall,
        f1,
        at,
    }
}

/// How many pairs are truly of one person.
pub fn true_pairs(truth: &[String]) -> usize {
    counts(truth.iter()).map(|size| size * (size - 1) / 2).sum()
}

fn counts<T: std::hash::Hash + Eq>(labels: impl Iterator<Item = T>) -> impl Iterator<Item = usize> {
    let mut counts: HashMap<T, usize> = HashMap::new();
    for label in labels {
        *counts.entry(label).or_default() += 1;
    }
    counts.into_values()
}

/// The best F1 that any weight gives, knowing the truth. `pairs` are heaviest first.
pub fn best(pairs: &[(f32, bool)], truly: usize) -> Figures {
    let mut best = Figures::default();
    let (mut right, mut chosen) = (0, 0);
    for same in pairs.chunk_by(|one, other| one.0 == other.0) {
        chosen += same.len();
        right += same.iter().filter(|(_, true_pair)| *true_pair).count();
        let here = figures(right, chosen, truly, same[0].0);
        if here.f1 > best.f1 {
            best = here;
        }
    }
    best
}

/// The figures of those pairs that are kept.
pub fn of(pairs: &[Pair], truth: &[String], truly: usize, keep: impl Fn(&Pair) -> bool) -> Figures {
    let kept: Vec<&Pair> = pairs.iter().filter(|pair| keep(pair)).collect();
    let right = kept.iter().filter(|pair| is_true(pair, truth)).count();
    figures(right, kept.len(), truly, 0.0)
}

pub fn is_true(pair: &Pair, truth: &[String]) -> bool {
    truth[pair.left as usize] == truth[pair.right as usize]
}

/// The figures of all pairs that clusters make.
pub fn clusters(clusters: &[u32], truth: &[String], at: f32) -> Figures {
    let pairs = |sizes: &mut dyn Iterator<Item = usize>| -> usize {
        sizes.map(|size| size * (size - 1) / 2).sum()
    };
    let chosen = pairs(&mut counts(clusters.iter()));
    let right = pairs(&mut counts(clusters.iter().zip(truth)));
    figures(right, chosen, true_pairs(truth), at)
}

/// By how much the probabilities are off, on average over pairs in twenty bands of probability. Those
/// that nobody would look at are left out: there are so many that they would hide the rest.
pub fn calibration_error(pairs: &[Pair], truth: &[String]) -> f64 {
    let mut bands = [(0.0_f64, 0.0_f64, 0.0_f64); 20];
    for pair in pairs.iter().filter(|pair| pair.grade >= Grade::Possible) {
        let probability = f64::from(pair.probability);
        let band = &mut bands[((probability * 20.0) as usize).min(19)];
        band.0 += 1.0;
        band.1 += probability;
        band.2 += f64::from(u8::from(is_true(pair, truth)));
    }
    let all: f64 = bands.iter().map(|band| band.0).sum();
    let off: f64 = bands.iter().map(|band| (band.1 - band.2).abs()).sum();
    off / all.max(1.0)
}
