//! The result held against the truth, where a column has it: what was joined rightly, wrongly and
//! not at all, and whether the told probabilities are the shares that they claim to be.

use std::collections::HashMap;

use linkage::{Grade, Mode};
use serde::Serialize;

use super::job::Matched;

/// How many of the links are right, and how many of the right ones were found.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Score {
    /// Links made.
    pub links: usize,
    /// Of these, right ones.
    pub right: usize,
    /// Links that the truth has.
    pub of: usize,
    /// Right links of those made.
    pub precision: f64,
    /// Right links of those that the truth has.
    pub recall: f64,
    /// The harmonic mean of both.
    pub f1: f64,
}

impl Score {
    fn of(links: usize, right: usize, of: usize) -> Self {
        let share = |part: usize, whole: usize| match whole {
            0 => 1.0,
            whole => part as f64 / whole as f64,
        };
        Self {
            links,
            right,
            of,
            precision: share(right, links),
            recall: share(right, of),
            f1: share(2 * right, links + of),
        }
    }
}

/// What was found where a probability was told.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Band {
    /// The least probability of the band.
    pub from: f32,
    /// Pairs in it.
    pub pairs: usize,
    /// The probability told, on average.
    pub told: f64,
    /// The share that the truth confirms, where there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub found: Option<f64>,
}

/// The result held against the truth.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Measured {
    /// Pairs of the grade `certain`.
    pub certain: Score,
    /// Pairs of the grade `probable` or better.
    pub probable: Score,
    /// All pairs that the clusters make.
    pub clusters: Score,
    /// Right pairs among all that were looked at: no threshold finds more.
    pub reach: f64,
}

/// Measures, if the job named a column of the truth.
#[must_use]
pub fn measure(matched: &Matched) -> Option<Measured> {
    let truth = matched.ready.truth.as_ref()?;
    let linked = matched.mode == Mode::Link;
    let of = true_pairs(matched, truth, linked);
    let right = |pair: &&linkage::Pair| same(truth, pair.left, pair.right);
    let score = |least: Grade| {
        let pairs = || {
            matched
                .outcome
                .pairs
                .iter()
                .filter(|pair| pair.grade >= least)
        };
        Score::of(pairs().count(), pairs().filter(right).count(), of)
    };
    let reached = matched.outcome.pairs.iter().filter(right).count();
    Some(Measured {
        certain: score(Grade::Certain),
        probable: score(Grade::Probable),
        clusters: clusters(matched, truth, linked, of),
        reach: reached as f64 / of.max(1) as f64,
    })
}

/// Whether the truth says that two records are of one person; a blank says nothing of anybody.
fn same(truth: &[String], left: u32, right: u32) -> bool {
    let of = |record: u32| truth.get(record as usize).filter(|truth| !truth.is_empty());
    of(left).is_some() && of(left) == of(right)
}

/// Pairs within groups: all of them, or across two files only.
fn pairs_within<K: std::hash::Hash + Eq>(
    keys: impl Iterator<Item = (K, usize)>,
    linked: bool,
) -> usize {
    let mut sizes: HashMap<K, [usize; 2]> = HashMap::new();
    for (key, file) in keys {
        let [first, second] = sizes.entry(key).or_default();
        *(if file == 0 { first } else { second }) += 1;
    }
    let pairs = |[first, second]: &[usize; 2]| match linked {
        true => first * second,
        false => (first + second) * (first + second).saturating_sub(1) / 2,
    };
    sizes.values().map(pairs).sum()
}

fn true_pairs(matched: &Matched, truth: &[String], linked: bool) -> usize {
    let records = (0u32..).zip(truth).filter(|(_, truth)| !truth.is_empty());
    pairs_within(
        records.map(|(record, truth)| (truth, matched.ready.place(record).0)),
        linked,
    )
}

fn clusters(matched: &Matched, truth: &[String], linked: bool, of: usize) -> Score {
    let clusters = &matched.outcome.clusters;
    let file = |record: u32| matched.ready.place(record).0;
    let all = (0u32..)
        .zip(clusters)
        .map(|(record, cluster)| (*cluster, file(record)));
    let right = (0u32..).zip(clusters.iter().zip(truth));
    let right = right
        .filter(|(_, (_, truth))| !truth.is_empty())
        .map(|(record, (cluster, truth))| ((*cluster, truth), file(record)));
    Score::of(pairs_within(all, linked), pairs_within(right, linked), of)
}

/// Pairs by their told probability, in tenths and finer towards certainty.
#[must_use]
pub fn bands(matched: &Matched) -> Vec<Band> {
    const FROM: [f32; 12] = [
        0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.99, 0.999,
    ];
    let mut bands = [(0usize, 0.0f64, 0usize); FROM.len()];
    for pair in &matched.outcome.pairs {
        let place = FROM.iter().rposition(|from| pair.probability >= *from);
        if let Some((pairs, told, right)) = place.and_then(|place| bands.get_mut(place)) {
            *pairs += 1;
            *told += f64::from(pair.probability);
            let truth = matched.ready.truth.as_ref();
            *right += usize::from(truth.is_some_and(|truth| same(truth, pair.left, pair.right)));
        }
    }
    let bands = FROM.iter().zip(bands).filter(|(_, (pairs, ..))| *pairs > 0);
    bands
        .map(|(from, (pairs, told, right))| Band {
            from: *from,
            pairs,
            told: told / pairs as f64,
            found: matched
                .ready
                .truth
                .as_ref()
                .map(|_| right as f64 / pairs as f64),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pairs_are_counted_within_a_file_or_across_two() {
        let keys = || [("a", 0), ("a", 0), ("a", 1), ("b", 1)].into_iter();
        assert_eq!(pairs_within(keys(), false), 3);
        assert_eq!(pairs_within(keys(), true), 2);
    }

    #[test]
    fn nothing_made_is_nothing_wrong() {
        assert_eq!(Score::of(0, 0, 4).precision, 1.0);
        assert_eq!(Score::of(0, 0, 4).f1, 0.0);
        assert_eq!(Score::of(4, 3, 6).f1, 0.6);
    }
}
