//! Prints how well the labelled files beside the repository are matched: `cargo run --release
//! -p linkage --example measure [FILE]`. A file that `candour match generate` wrote is named by its
//! path.

#[path = "../tests/measured/data.rs"]
#[expect(dead_code, reason = "shared with the test, which uses all of it")]
mod data;
#[path = "../tests/measured/figures.rs"]
mod figures;
#[path = "find/invented.rs"]
mod invented;

use data::Labelled;
use linkage::{Grade, Mode, Options, cluster, resolve};

type Load = fn() -> Option<Labelled>;

const FILES: [(&str, Load, Mode); 5] = [
    ("febrl3", data::febrl3, Mode::Dedupe),
    ("febrl4", data::febrl4, Mode::Link),
    ("febrl4nossid", data::febrl4_without_number, Mode::Link),
    ("fake1000", data::fake, Mode::Dedupe),
    ("h50k", data::historical, Mode::Dedupe),
];

fn main() {
    let wanted = std::env::args().nth(1);
    if let Some(path) = wanted.as_deref().filter(|wanted| wanted.ends_with(".csv")) {
        measure(path, &generated(path), Mode::Dedupe);
        return;
    }
    for (name, load, mode) in FILES {
        if wanted.as_deref().is_none_or(|wanted| wanted == name)
            && let Some(labelled) = load()
        {
            measure(name, &labelled, mode);
        }
    }
}

fn measure(name: &str, labelled: &Labelled, mode: Mode) {
    let truth = &labelled.truth;
    let truly = figures::true_pairs(truth);
    let options = Options {
        mode,
        ..Options::default()
    };
    let outcome = resolve(&labelled.people, &options, &());
    let scored: Vec<(f32, bool)> = outcome
        .pairs
        .iter()
        .map(|pair| (pair.weight, figures::is_true(pair, truth)))
        .collect();
    let found = scored.iter().filter(|(_, same)| *same).count();
    println!(
        "== {name}: {} records, {truly} true pairs, {} compared, recall of candidates {:.5}, prior {:.2}, homes {:?}, expected {:.0}",
        labelled.people.len(),
        outcome.pairs.len(),
        found as f64 / truly as f64,
        outcome.model.prior,
        outcome.model.homes,
        outcome.figures.expected_true,
    );
    println!("  best pair   {}", figures::best(&scored, truly));
    println!(
        "  calibration error {:.4}",
        figures::calibration_error(&outcome.pairs, truth)
    );
    for grade in [Grade::Certain, Grade::Probable, Grade::Possible] {
        let at = figures::of(&outcome.pairs, truth, truly, |pair| pair.grade >= grade);
        println!("  {:<11} {at}", grade.as_str());
    }
    for least in [4.25, 6.6, 10.0] {
        let at = figures::of(&outcome.pairs, truth, truly, |pair| pair.weight >= least);
        println!("  weight>={least:<5} {at}");
    }
    let own = figures::clusters(&outcome.clusters, truth, outcome.model.certain);
    println!("  own cluster {own}");
    for least in [-8.0, -4.0, 0.0, 2.0, 4.0, 6.6, 10.0, 13.0] {
        let made = cluster(
            &labelled.people,
            &outcome.model,
            &outcome.pairs,
            mode,
            &options.constraints,
            least,
        );
        println!("  cluster     {}", figures::clusters(&made, truth, least));
    }
    if std::env::var_os("MODEL").is_some() {
        for comparison in &outcome.model.comparisons {
            println!("  {}", comparison.name);
            for level in &comparison.levels {
                println!(
                    "    {:<45} m {:.5} u {:.6} with {:?}",
                    level.name,
                    level.m,
                    level.u,
                    level.dependent.map(|with| (with.m, with.u))
                );
            }
        }
        for (by, found) in &outcome.figures.found_by {
            println!("  {found:>9} {by}");
        }
        for (by, found) in &outcome.figures.crowded {
            println!("  {found:>9} crowded {by}");
        }
    }
}

/// A file of invented people.
fn generated(path: &str) -> Labelled {
    let mut reader = csv::Reader::from_path(path).expect("a file that can be read");
    let rows = reader.deserialize().map(|row| {
        let mut fields: data::Fields = row.expect("a row of the generator");
        fields.insert("cluster".to_owned(), data::get(&fields, "person"));
        fields.insert("unique_id".to_owned(), data::get(&fields, "id"));
        fields
    });
    data::labelled(vec![("generated", rows.collect())], invented::record)
}
