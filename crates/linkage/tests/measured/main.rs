//! How well the labelled files beside the repository are matched, with bounds that must hold. The
//! same figures, with Splink's beside them, are printed by the benchmark of matching.

mod data;
mod figures;

use data::{Labelled, Scenario};
use figures::Figures;
use linkage::{
    Constraints, Grade, Mode, Model, Options, Outcome, People, cluster, explain, resolve, score,
};

/// What one file gives, tuned with the truth and not.
struct Measured {
    labelled: Labelled,
    outcome: Outcome,
    best: Figures,
    certain: Figures,
    candidates: f64,
    mode: Mode,
}

fn measure(name: &str, labelled: Labelled, mode: Mode) -> Measured {
    let options = Options {
        mode,
        ..Options::default()
    };
    let outcome = resolve(&labelled.people, &options, &());
    let truly = figures::true_pairs(&labelled.truth);
    let scored: Vec<(f32, bool)> = outcome
        .pairs
        .iter()
        .map(|pair| (pair.weight, figures::is_true(pair, &labelled.truth)))
        .collect();
    let found = scored.iter().filter(|(_, same)| *same).count();
    let certain = figures::of(&outcome.pairs, &labelled.truth, truly, |pair| {
        pair.grade == Grade::Certain
    });
    let measured = Measured {
        best: figures::best(&scored, truly),
        certain,
        candidates: found as f64 / truly as f64,
        labelled,
        outcome,
        mode,
    };
    println!("{name}: best pairs {}", measured.best);
    println!("{name}: certain    {}", measured.certain);
    println!("{name}: candidates {:.5}", measured.candidates);
    let off = figures::calibration_error(&measured.outcome.pairs, &measured.labelled.truth);
    println!("{name}: calibration error {off:.4}");
    assert!(off <= 0.03, "{name}: probabilities are off by {off}");
    measured
}

impl Measured {
    /// The figures of the clusters that this least weight makes.
    fn clusters(&self, at: f32) -> Figures {
        let made = cluster(
            &self.labelled.people,
            &self.outcome.model,
            &self.outcome.pairs,
            self.mode,
            &Constraints::default(),
            at,
        );
        let figures = figures::clusters(&made, &self.labelled.truth, at);
        println!("clusters {figures}");
        figures
    }
}

#[test]
fn febrl_3_is_put_together_without_a_mistake() {
    let Some(labelled) = data::febrl3() else {
        return;
    };
    let measured = measure("FEBRL 3", labelled, Mode::Dedupe);
    assert!(measured.certain.f1 >= 0.999 && measured.certain.precision >= 0.9995);
    assert_eq!(measured.clusters(0.0).f1, 1.0);
}

#[test]
fn febrl_4_is_linked_one_to_one() {
    let Some(labelled) = data::febrl4() else {
        return;
    };
    let measured = measure("FEBRL 4", labelled, Mode::Link);
    assert!(measured.certain.f1 >= 0.999 && measured.certain.precision >= 0.9995);
    assert!(measured.clusters(0.0).f1 >= 0.9999);
}

#[test]
fn febrl_4_is_linked_without_a_common_number() {
    let Some(labelled) = data::febrl4_without_number() else {
        return;
    };
    let measured = measure("FEBRL 4 without number", labelled, Mode::Link);
    assert!(measured.certain.f1 >= 0.995 && measured.certain.precision >= 0.9995);
    assert!(measured.clusters(0.0).f1 >= 0.999);
}

#[test]
fn records_full_of_gaps_are_matched() {
    let Some(labelled) = data::fake() else { return };
    let measured = measure("a thousand with gaps", labelled, Mode::Dedupe);
    assert!(measured.best.f1 >= 0.87);
    assert!(measured.clusters(4.0).f1 >= 0.94);
}

#[test]
fn people_in_history_are_found_again() {
    let Some(labelled) = data::historical() else {
        return;
    };
    let measured = measure("fifty thousand in history", labelled, Mode::Dedupe);
    assert!(measured.best.f1 >= 0.80);
    assert!(measured.candidates >= 0.80);
    assert!(measured.certain.precision >= 0.995);
    assert!(measured.clusters(4.0).f1 >= 0.88);
}

#[test]
fn every_scenario_gets_its_grade() {
    let Some(scenarios) = data::scenarios() else {
        return;
    };
    let wrong: Vec<String> = scenarios.iter().filter_map(wrong_grade).collect();
    assert_eq!(wrong, Vec::<String>::new());
}

/// What is wrong with the grade of a pair. One that nobody may learn of is certainly not a match.
fn wrong_grade(scenario: &Scenario) -> Option<String> {
    let mut people = People::new();
    for side in &scenario.sides {
        people.add(side);
    }
    let told = explain(&people, &Model::population(), 0, 1);
    let grade = told.map_or(Grade::CertainlyNot, |told| told.grade).as_str();
    (grade != scenario.grade)
        .then(|| format!("{}: {grade} instead of {}", scenario.name, scenario.grade))
}

#[test]
fn who_must_not_be_linked_never_is_at_any_threshold_and_by_no_detour() {
    let Some(scenarios) = data::scenarios() else {
        return;
    };
    let mut people = People::new();
    let rows: Vec<[u32; 2]> = scenarios
        .iter()
        .map(|scenario| scenario.sides.each_ref().map(|side| people.add(side)))
        .collect();
    let all: Vec<(u32, u32)> = (0..people.len() as u32)
        .flat_map(|left| (0..left).map(move |right| (right, left)))
        .collect();
    let model = Model::population();
    let pairs = score(&people, &model, &all, &());
    for at in [-60.0, -20.0, -5.0, 0.0, 5.0, 10.0, 20.0] {
        let none = Constraints::default();
        let made = cluster(&people, &model, &pairs, Mode::Dedupe, &none, at);
        for (scenario, [left, right]) in scenarios.iter().zip(&rows) {
            let joined = made[*left as usize] == made[*right as usize];
            let forbidden = scenario.action == "must-not-link";
            assert!(!(joined && forbidden), "{} at {at}", scenario.name);
        }
    }
}
