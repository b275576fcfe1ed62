//! Weights learnt from the records themselves: no answer is known, so what two people have in
//! common is counted on pairs taken at random, and what one person's records have in common is
//! estimated by expectation maximisation on pairs that already agree on something else.
//!
//! Sources: Fellegi and Sunter 1969; Winkler 1988 for the estimation; Splink's practice of training
//! on several blocks, each with its own field left out.

mod counts;
mod estimate;
mod sample;

use crate::candidates::Candidates;
use crate::compare::{Comparer, at, of_columns, spec};
use crate::model::{Comparison, Dependent, Model, Scope};
use crate::score::Scorer;
use crate::{MODEL_VERSION, Mode, People, Progress, Stage};

use counts::Table;
use estimate::Session;

/// How often counts on random pairs and estimates on blocks correct each other.
const ROUNDS: usize = 3;
/// So many candidates show how many of them are of one person.
const SHOWN: usize = 200_000;

/// Trains a model on records. `seed` decides which pairs are taken where not all are.
#[must_use]
pub fn train(
    people: &People,
    mode: Mode,
    candidates: &Candidates,
    seed: u64,
    progress: &dyn Progress,
) -> Model {
    let blocks = sample::BLOCKS.len() as u64;
    progress.stage(Stage::Training, blocks + 2);
    let comparisons = of_columns(people.columns().len());
    let random = sample::random(people, mode, seed);
    progress.advance(1);
    let sessions: Vec<Session> = sample::BLOCKS
        .iter()
        .filter_map(|block| {
            let session = Session::new(block, sample::block(people, mode, block, seed));
            progress.advance(1);
            session
        })
        .collect();

    let mut table = Table::assumed(comparisons);
    for _ in 0..ROUNDS {
        table = estimate::round(&table, &random, &sessions);
    }
    let mut model = model(people, &table, comparisons);
    let all_pairs = pairs_of(people, mode);
    let first = expected(people, &model, candidates, all_pairs);
    model.records_each = (1.0 + 2.0 * first / people.len() as f64) as f32;
    let expected = expected(people, &model, candidates, all_pairs);
    model.prior = (expected / (all_pairs - expected).max(1.0)).log2() as f32;
    progress.advance(1);
    model
}

fn model(people: &People, table: &Table, comparisons: usize) -> Model {
    Model {
        version: MODEL_VERSION,
        name: format!("trained on {} records", people.len()),
        scope: Scope::File,
        prior: 0.0,
        known_people: 0.0,
        records: u32::try_from(people.len()).unwrap_or(u32::MAX),
        records_each: 2.0,
        certain: 6.6,
        probable: 0.0,
        possible: -6.0,
        comparisons: (0..comparisons)
            .map(|place| trained(people, table, place))
            .collect(),
    }
}

fn trained(people: &People, table: &Table, place: usize) -> Comparison {
    let column = place
        .checked_sub(at::OTHER)
        .and_then(|at| people.columns().get(at));
    let mut comparison = Comparison::assumed(place, column.map(String::as_str));
    let dependent = spec(place).depends_on.is_some();
    for (number, level) in comparison.levels.iter_mut().enumerate() {
        let cell = |with: usize| table.probabilities(place, with, number + 1);
        (level.m, level.u) = cell(0);
        level.dependent = dependent.then(|| {
            let (m, u) = cell(1);
            Dependent { m, u }
        });
    }
    comparison
}

/// How many pairs there are in all.
fn pairs_of(people: &People, mode: Mode) -> f64 {
    let all = people.len() as f64;
    let pairs = all * (all - 1.0) / 2.0;
    if mode == Mode::Dedupe {
        return pairs;
    }
    let within: f64 = people
        .source_sizes()
        .map(|size| size as f64 * (size as f64 - 1.0) / 2.0)
        .sum();
    (pairs - within).max(1.0)
}

/// How many pairs are of one person: as many as are expected at the odds that this number makes.
fn expected(people: &People, model: &Model, candidates: &Candidates, all_pairs: f64) -> f64 {
    let scorer = Scorer::new(model);
    let mut comparer = Comparer::new(people, model);
    let step = candidates.pairs.len().div_ceil(SHOWN).max(1);
    let weights: Vec<f64> = candidates
        .pairs
        .iter()
        .step_by(step)
        .map(|(left, right)| f64::from(scorer.weight(&comparer.compare(*left, *right))))
        .collect();
    let mut expected = people.len() as f64;
    for _ in 0..50 {
        let prior = (expected / (all_pairs - expected).max(1.0)).log2();
        let next: f64 = weights
            .iter()
            .map(|weight| {
                let odds = (weight + prior).clamp(-80.0, 80.0).exp2();
                odds / (1.0 + odds)
            })
            .sum();
        let next = (next * step as f64).max(0.5);
        let settled = (next / expected).ln().abs() < 0.0005;
        expected = next;
        if settled {
            break;
        }
    }
    expected
}
