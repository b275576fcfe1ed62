//! From records to people, in one call.

use crate::train::calibrate;
use crate::{
    Candidates, Constraints, Mode, Model, Pair, People, Progress, candidates, cluster, score, train,
};

/// Fewer records than this teach nothing: they are judged by [`Model::population`].
pub const SMALLEST_TO_TRAIN: usize = 500;

/// How records are resolved.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Options {
    /// One list, or several.
    pub mode: Mode,
    /// Where chance is needed (which pairs are sampled), it comes from here.
    pub seed: u64,
    /// What people decided before.
    pub constraints: Constraints,
    /// The model; without one it is trained on the records.
    pub model: Option<Model>,
}

/// Who is who.
#[derive(Debug, Clone, PartialEq)]
pub struct Outcome {
    /// What judged.
    pub model: Model,
    /// Every pair that was judged, heaviest first.
    pub pairs: Vec<Pair>,
    /// For each row the smallest row of its cluster.
    pub clusters: Vec<u32>,
    /// What there was to do.
    pub figures: Figures,
}

/// What there was to do.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Figures {
    /// Pairs judged.
    pub candidates: u64,
    /// For each sort of key how many pairs shared one.
    pub found_by: Vec<(&'static str, u64)>,
    /// Records in blocks too large to compare.
    pub crowded: Vec<(&'static str, u64)>,
    /// How many pairs are expected to be of one person.
    pub expected_true: f64,
}

/// Finds who is who.
#[must_use]
pub fn resolve(people: &People, options: &Options, progress: &dyn Progress) -> Outcome {
    let found = candidates(people, options.mode, progress);
    let model = match &options.model {
        Some(model) => calibrated(model.fitted(people), people, options.mode, &found),
        None if people.len() < SMALLEST_TO_TRAIN => Model::population(),
        None => train(people, options.mode, &found, options.seed, progress),
    };
    let mut pairs = score(people, &model, &found.pairs, progress);
    pairs.sort_by(|one, other| other.weight.total_cmp(&one.weight));
    let constraints = &options.constraints;
    let clusters = cluster(
        people,
        &model,
        &pairs,
        options.mode,
        constraints,
        model.certain,
    );
    let expected = pairs.iter().map(|pair| f64::from(pair.probability)).sum();
    Outcome {
        figures: Figures {
            candidates: pairs.len() as u64,
            found_by: found.found_by,
            crowded: found.crowded,
            expected_true: expected,
        },
        model,
        pairs,
        clusters,
    }
}

/// A model from elsewhere, calibrated on these records if they are enough to learn from.
fn calibrated(mut model: Model, people: &People, mode: Mode, found: &Candidates) -> Model {
    if model.homes.is_none() && people.len() >= SMALLEST_TO_TRAIN {
        calibrate(&mut model, people, mode, found);
    }
    model
}
