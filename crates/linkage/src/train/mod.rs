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
use crate::{MODEL_VERSION, Mode, People, Progress, Stage, household};

use counts::Table;
use estimate::Session;

/// How often counts on random pairs and estimates on blocks correct each other.
const ROUNDS: usize = 3;
/// Passes after which the number of pairs of each sort has settled, or is too small to matter.
const MOST_PASSES: usize = 1_000;
/// A file with fewer pairs of one home than this for each pair of one person has no homes: what looks
/// like two people of one are the mistakes of one person's records. So few could spoil no grade.
const FEWEST_HOMES: f64 = 0.005;
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
    calibrate(&mut model, people, mode, candidates);
    progress.advance(1);
    model
}

/// Finds how many pairs of one person, of one home and of strangers there are among these records, so
/// that a weight is the odds of a pair here, wherever the model was made.
pub(crate) fn calibrate(model: &mut Model, people: &People, mode: Mode, candidates: &Candidates) {
    let all_pairs = pairs_of(people, mode);
    let first = expected(people, model, candidates, all_pairs);
    model.records_each = (1.0 + 2.0 * first.one / people.len() as f64) as f32;
    let expected = expected(people, model, candidates, all_pairs);
    model.prior = (expected.one / expected.strangers).log2() as f32;
    let has_homes = expected.home > expected.one * FEWEST_HOMES;
    model.homes = Some(if has_homes {
        (expected.one / expected.home).log2() as f32
    } else {
        household::NOBODY
    });
}

fn model(people: &People, table: &Table, comparisons: usize) -> Model {
    Model {
        version: MODEL_VERSION,
        name: format!("trained on {} records", people.len()),
        scope: Scope::File,
        prior: 0.0,
        homes: None,
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

/// How many pairs there are of each sort.
#[derive(Debug, Clone, Copy)]
struct Sorts {
    /// Of one person.
    one: f64,
    /// Of two people of one home.
    home: f64,
    /// Of two people who have nothing to do with each other.
    strangers: f64,
}

/// How many pairs of each sort there are: as many as are expected at the odds that these numbers
/// make.
fn expected(people: &People, model: &Model, candidates: &Candidates, all_pairs: f64) -> Sorts {
    let scorer = Scorer::new(model);
    let mut comparer = Comparer::new(people, model);
    let step = candidates.pairs.len().div_ceil(SHOWN).max(1);
    // How much likelier each pair is of one person, and of one home, than of strangers.
    let likelier: Vec<[f64; 2]> = candidates
        .pairs
        .iter()
        .step_by(step)
        .map(|(left, right)| {
            let (strangers, home) = scorer.bits(&comparer.compare(*left, *right));
            [strangers, strangers - home].map(|bits| f64::from(bits).clamp(-80.0, 80.0).exp2())
        })
        // Of most there is no doubt that they are strangers.
        .filter(|likelier| {
            likelier
                .iter()
                .any(|odds| odds * people.len() as f64 * 1e6 > all_pairs)
        })
        .collect();
    let mut sorts = Sorts {
        one: people.len() as f64,
        home: people.len() as f64,
        strangers: all_pairs,
    };
    for _ in 0..MOST_PASSES {
        let (mut one, mut home) = (0.0, 0.0);
        for [as_one, at_home] in &likelier {
            let parts = [sorts.one * as_one, sorts.home * at_home, sorts.strangers];
            let all: f64 = parts.iter().sum();
            one += parts[0] / all;
            home += parts[1] / all;
        }
        let next = Sorts {
            one: (one * step as f64).max(0.5),
            home: (home * step as f64).max(0.5),
            strangers: (all_pairs - (one + home) * step as f64).max(1.0),
        };
        let moves = |next: f64, last: f64| (next / last).ln().abs() > 0.0001;
        let settled = !moves(next.one, sorts.one) && !moves(next.home, sorts.home);
        sorts = next;
        if settled {
            break;
        }
    }
    sorts
}
