//! How fast one person is found among many, in the engine alone and over HTTP with decision, log and
//! explanation, as JSON on standard output.
//!
//! ```text
//! cargo run --release --package server --example match_rate [-- PEOPLE [FOLDER]]
//! ```
//!
//! The people are invented (`candour match generate`). One office's entry of each is held; what
//! another office wrote of the same person, slips included, is what is asked. With a folder the same is
//! asked over HTTP of a store in it, which is filled once and kept: the people are always the same.

mod over_http;
mod people;

use std::path::PathBuf;
use std::time::{Duration, Instant};

use linkage::{Grade, Index, Model, Record};
use serde_json::{Value, json};
use sharing::identity::describe;

use people::{Asked, People};

/// So many people are read at once, on every core.
const BATCH: usize = 50_000;
/// How many questions the engine is asked.
const QUESTIONS: usize = 5_000;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let count = arguments.next().map_or(Ok(100_000), |text| text.parse())?;
    let folder = arguments.next().map(PathBuf::from);
    let people = People::invent(count)?;
    eprintln!("{} people invented", people.patients.len());
    let mut told = engine(&people);
    if let Some(folder) = folder {
        let dir = folder.join(format!("match-rate-{count}"));
        let runtime = tokio::runtime::Runtime::new()?;
        told["http"] = runtime.block_on(over_http::measure(&dir, &people))?;
    }
    println!("{told}");
    Ok(())
}

/// The index alone: built, then searched by one thread.
fn engine(people: &People) -> Value {
    let started = Instant::now();
    let mut index = Index::new(Model::population());
    let mut number = 0_u32;
    for batch in people.patients.chunks(BATCH) {
        for record in all_described(batch) {
            index.stage(number, &record);
            number += 1;
        }
        eprintln!("{number} people in the index, {:.0?}", started.elapsed());
    }
    index.settle();
    let built = started.elapsed();
    let mut latencies = Vec::with_capacity(QUESTIONS);
    let (mut first, mut certain, mut wrong) = (0_u32, 0_u32, 0_u32);
    for asked in people.asked.iter().cycle().take(QUESTIONS) {
        let sought = described(&asked.patient);
        let started = Instant::now();
        let hits = index.find(&sought, 20);
        latencies.push(started.elapsed());
        if let Some(best) = hits.first() {
            first += u32::from(best.key == asked.person);
            certain += u32::from(best.grade == Grade::Certain);
            wrong += u32::from(best.grade == Grade::Certain && best.key != asked.person);
        }
    }
    let told = json!({
        "people": people.patients.len(),
        "engine": {
            "rebuild_seconds": round(built.as_secs_f64()),
            "bytes_per_record": index.bytes() / people.patients.len().max(1),
            "questions": QUESTIONS,
            "p50_us": micros(&mut latencies, 50),
            "p99_us": micros(&mut latencies, 99),
            "right_person_first": f64::from(first) / QUESTIONS as f64,
            "certain": f64::from(certain) / QUESTIONS as f64,
            "certain_and_wrong": wrong,
        },
    });
    // Said at once: the store takes longer to fill than all of this.
    eprintln!("{told}");
    told
}

/// Reading a Patient takes longer than putting it into the index, and each is read by itself.
fn all_described(patients: &[String]) -> Vec<Record> {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let share = patients.len().div_ceil(cores).max(1);
    std::thread::scope(|scope| {
        let parts: Vec<_> = patients
            .chunks(share)
            .map(|part| scope.spawn(|| part.iter().map(|text| described(text)).collect::<Vec<_>>()))
            .collect();
        let read = parts
            .into_iter()
            .map(|part| part.join().unwrap_or_default());
        read.flatten().collect()
    })
}

fn described(patient: &str) -> Record {
    match fhir::parse(patient.as_bytes(), &fhir::Limits::default()) {
        Ok(document) => describe(&document),
        Err(_) => Record::default(),
    }
}

/// A percentile in microseconds.
fn micros(latencies: &mut [Duration], percent: usize) -> f64 {
    latencies.sort_unstable();
    let place = (latencies.len() * percent / 100).min(latencies.len().saturating_sub(1));
    let latency = latencies.get(place).copied().unwrap_or_default();
    round(latency.as_secs_f64() * 1e6)
}

fn round(value: f64) -> f64 {
    (value * 100.0).round() / 100.0
}

/// The question as it goes over HTTP.
fn question(asked: &Asked) -> String {
    format!(
        r#"{{"resourceType":"Parameters","parameter":[{{"name":"resource","resource":{}}}]}}"#,
        asked.patient
    )
}
