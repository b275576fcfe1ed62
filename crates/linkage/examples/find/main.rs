//! How long one person is sought among many, in the engine alone: `cargo run --release -p linkage
//! --example find FILE [ROUNDS]`, where the file is one that `candour match generate` wrote. The
//! first row of each person is held, the others are asked, each in every round; its fastest answer
//! counts, as other programs are in the way of the rest. The digest of all answers tells whether
//! two versions of the engine answer the same.

#[path = "../../tests/measured/data.rs"]
#[expect(dead_code, reason = "shared with the test, which uses all of it")]
mod data;
mod invented;

use std::collections::HashMap;
use std::time::{Duration, Instant};

use linkage::{Hit, Index, Model, Record, missing};

/// How many questions are asked.
const QUESTIONS: usize = 5_000;

fn main() {
    let mut arguments = std::env::args().skip(1);
    let path = arguments.next().expect("a file of invented people");
    let mut reader = csv::Reader::from_path(path).expect("a file that can be read");
    let mut known: HashMap<String, u32> = HashMap::new();
    let mut held: Vec<(u32, Record)> = Vec::new();
    let mut asked: Vec<(u32, Record)> = Vec::new();
    for row in reader.deserialize() {
        let fields: data::Fields = row.expect("a row of the generator");
        let record = invented::record(&fields);
        let next = u32::try_from(held.len()).expect("fewer people than numbers");
        match known.insert(data::get(&fields, "person"), next) {
            None => held.push((next, record)),
            Some(person) => {
                known.insert(data::get(&fields, "person"), person);
                if asked.len() < QUESTIONS && missing(&record).is_empty() {
                    asked.push((person, record));
                }
            }
        }
    }
    let people = held.len();
    let started = Instant::now();
    let mut index = Index::new(Model::population());
    for (key, record) in held {
        index.stage(key, &record);
    }
    let staged = started.elapsed();
    index.settle();
    println!(
        "{people} people: staged in {staged:.1?}, settled after {:.1?}, {} bytes each",
        started.elapsed(),
        index.bytes() / people.max(1)
    );
    let rounds: usize = arguments
        .next()
        .map_or(1, |text| text.parse().expect("a number"));
    let mut took: Vec<Duration> = vec![Duration::MAX; asked.len()];
    let (mut digest, mut first, mut hits) = (0_u64, 0, 0);
    for round in 0..rounds {
        for ((person, record), took) in asked.iter().zip(&mut took) {
            let started = Instant::now();
            let found = index.find(record, 20);
            *took = started.elapsed().min(*took);
            if round == 0 {
                first += usize::from(found.first().is_some_and(|hit| hit.key == *person));
                hits += found.len();
                digest = found.iter().fold(digest, told);
            }
        }
    }
    took.sort_unstable();
    let at = |percent: usize| took.get(took.len() * percent / 100).copied();
    let mean = took.iter().sum::<Duration>() / u32::try_from(took.len().max(1)).unwrap_or(1);
    println!(
        "{} asked: p50 {:.1?}, p90 {:.1?}, p99 {:.1?}, mean {mean:.1?}; {first} found first, {hits} hits, digest {digest:016x}",
        asked.len(),
        at(50).unwrap_or_default(),
        at(90).unwrap_or_default(),
        at(99).unwrap_or_default(),
    );
}

/// One answer more, in one number: everything that an answer says.
fn told(digest: u64, hit: &Hit<u32>) -> u64 {
    let rule = format!("{:?} {:?}", hit.grade, hit.rule);
    let parts = [hit.key, hit.weight.to_bits(), hit.probability.to_bits()];
    let parts = parts.into_iter().map(u64::from);
    let letters = rule.bytes().map(u64::from);
    parts.chain(letters).fold(digest, |digest, part| {
        (digest ^ part)
            .wrapping_mul(0x9e37_79b9_7f4a_7c15)
            .rotate_left(29)
    })
}
