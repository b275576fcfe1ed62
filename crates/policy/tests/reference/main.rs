//! A second decision model, written apart from the engine, agrees with it on every invented case.
//!
//! The model (`model/`) is plain and slow: the gates of the design, one after another, over the same
//! facts. It shares nothing with the engine but the words of `domain`. One seed is one case
//! (`world/`), so that a disagreement repeats: ten thousand seeds in `make test`, a million with
//! `CANDOUR_LONG`.
//!
//! Whether such cases would notice a fault is shown by slips (`slip.rs`): each is the model with one
//! rule written wrongly, and some case must tell it from the engine. Engine and model answer alike,
//! so a case that tells the slipped model from the engine is one that would tell an engine with the
//! same fault from the model: writing the fault into the engine would show nothing more, and would
//! cost the program a switch that nobody should have.

mod changes;
mod model;
mod properties;
mod shrink;
mod slip;
mod world;

use std::sync::LazyLock;

use domain::Timestamp;
use policy::document;
use policy::{Facts, Policies, Request};

use model::{Model, Outcome};
use slip::Slip;

static POLICIES: LazyLock<Policies> =
    LazyLock::new(|| Policies::shipped().expect("the shipped policies are valid"));

fn seeds() -> u64 {
    match std::env::var_os("CANDOUR_LONG") {
        Some(_) => 1_000_000,
        None => 10_000,
    }
}

fn by_engine(request: &Request, facts: &Facts, now: Timestamp) -> Outcome {
    Outcome::of(&policy::decide(request, facts, &POLICIES, now))
}

fn by_model(request: &Request, facts: &Facts, now: Timestamp, slip: Option<Slip>) -> Outcome {
    let model = Model {
        request,
        facts,
        now,
        slip,
    };
    model.decide()
}

fn agrees(request: &Request, facts: &Facts, now: Timestamp) -> bool {
    by_engine(request, facts, now) == by_model(request, facts, now, None)
}

#[test]
fn the_model_and_the_engine_answer_alike() {
    let now = world::now();
    for seed in 0..seeds() {
        let (request, facts) = world::case(seed);
        if agrees(&request, &facts, now) {
            continue;
        }
        let small = shrink::smallest(&request, &facts, |request, facts| {
            !agrees(request, facts, now)
        });
        panic!(
            "seed {seed}: the engine says {:?}\nthe model says  {:?}\nmostly because of\n{small}",
            by_engine(&request, &facts, now),
            by_model(&request, &facts, now, None)
        );
    }
}

#[test]
fn the_model_answers_the_cases_beside_the_policies_as_the_engine_does() {
    let folder = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../policies/lanarkshire/cases"
    );
    let mut compared = 0;
    for entry in std::fs::read_dir(folder).expect("the folder of cases") {
        let path = entry.expect("an entry").path();
        let text = std::fs::read_to_string(&path).expect("a readable file");
        let written = document::parse(&text).expect("a document");
        // What is meant to be rejected as incomplete is no case for either.
        let Ok((request, facts, now)) = document::taken_apart(&written) else {
            continue;
        };
        let (engine, model) = (
            by_engine(&request, &facts, now),
            by_model(&request, &facts, now, None),
        );
        assert_eq!(engine, model, "{}", path.display());
        compared += 1;
    }
    assert!(compared > 100, "{compared} cases");
}

#[test]
fn every_slip_is_told_from_the_engine() {
    let now = world::now();
    let mut unnoticed: Vec<Slip> = Slip::ALL.to_vec();
    for seed in 0..20_000 {
        let (request, facts) = world::case(seed);
        let engine = by_engine(&request, &facts, now);
        unnoticed.retain(|slip| by_model(&request, &facts, now, Some(*slip)) == engine);
        if unnoticed.is_empty() {
            break;
        }
    }
    let unnoticed: Vec<_> = unnoticed.iter().map(|slip| slip.breaks()).collect();
    assert!(unnoticed.is_empty(), "no case notices: {unnoticed:#?}");
    assert!(Slip::ALL.len() >= 20);
}
