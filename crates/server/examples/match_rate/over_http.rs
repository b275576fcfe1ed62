//! The same questions over HTTP: token, decision, log, explanation, durable before it is answered.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use domain::{Category, Clock, Confidentiality, HomeId, LabelClass, PersonId, Purpose, ResourceId};
use serde_json::{Value, json};
use server::chance::SystemChance;
use server::clock::SettableClock;
use server::config::Config;
use server::http::listener::Listener;
use server::tokens::{LocalIssuer, TokenFor};
use server::wiring::{self, Demonstration};
use sharing::town::{DEMO_SEED, Town};
use sharing::{Context, settle};
use store::{Change, Expect, NewVersion, SubjectKeys, Write};

use super::people::People;
use super::{micros, question, round};

/// Stands in the folder when everybody is in its store: one that was stopped half way is begun anew.
const FILLED: &str = "match-rate-filled";
/// How many people one change brings.
const CHUNK: usize = 2_000;
/// How long each load lasts.
const SECONDS: u64 = 15;
/// How many ask at once.
const AT_ONCE: [usize; 2] = [1, 16];

type Failure = Box<dyn std::error::Error + Send + Sync>;

pub async fn measure(dir: &Path, people: &People) -> Result<Value, Box<dyn std::error::Error>> {
    // Only who has been installed first is used; another may have been.
    let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
    let mut config = Config::demo(([127, 0, 0, 1], 0).into(), dir.to_owned());
    config.limits.finds_per_minute = 100_000_000;
    let town = Town::generate(DEMO_SEED);
    let clock = Arc::new(SettableClock::starting_at(town.now));
    let filled = dir.join(FILLED);
    if !filled.exists() {
        if dir.exists() {
            std::fs::remove_dir_all(dir)?;
        }
        let settled = wiring::open(&config, Arc::clone(&clock) as _)?;
        settle::settle(&settled.cx, &town).await?;
        fill(&settled.cx, people).await?;
        drop(settled);
        std::fs::write(&filled, "")?;
    }
    eprintln!("the store is filled; everybody is read from it");

    // Opened anew, as a server that starts: the town was in memory already, the others are not.
    let exchange = wiring::open(&config, Arc::clone(&clock) as _)?;
    let cx = exchange.cx.clone();
    let started = Instant::now();
    cx.index.ready().await?;
    let rebuilt = started.elapsed();
    let known = cx.index.len();
    if known < people.patients.len() {
        return Err(format!("only {known} of {} can be found", people.patients.len()).into());
    }
    let bytes = cx.index.bytes() / known;
    let issuer = LocalIssuer::open(dir, &SystemChance)?;
    let roster = wiring::roster(&cx, &town).await?;
    let wanted = TokenFor {
        bearer: roster.find("ruksana-chaudhry")?,
        purposes: &[Purpose::Treatment],
        issued: clock.now(),
        seconds: 36_000,
    };
    let token = issuer.issue(&wanted, &SystemChance);
    let demonstration = Demonstration {
        clock,
        issuer,
        roster,
        town,
    };
    let listener = Listener::open(config.listen, None, &config.limits).await?;
    let address = format!("http://{}/fhir/Patient/$match", listener.address()?);
    let service = wiring::service(exchange, &config, Some(demonstration));
    let serving = tokio::spawn(listener.serve(service.router, std::future::pending()));
    let questions: Arc<Vec<String>> = Arc::new(people.asked.iter().map(question).collect());
    let mut loads = Vec::new();
    eprintln!("everybody is in memory after {rebuilt:.0?}; asking over HTTP");
    for at_once in AT_ONCE {
        let asked = load(&address, &token, &questions, at_once).await;
        loads.push(asked.map_err(|error| error.to_string())?);
    }
    serving.abort();
    Ok(json!({
        "rebuild_seconds": round(rebuilt.as_secs_f64()),
        "bytes_per_record": bytes,
        "loads": loads,
    }))
}

/// Writes the people straight into the store, as if the hospital had contributed each.
async fn fill(cx: &Context, people: &People) -> Result<(), Box<dyn std::error::Error>> {
    let class = LabelClass {
        custodian: "hospital".into(),
        author_role: None,
        confidentiality: Confidentiality::Normal,
        categories: [Category::Demographics].into(),
        sensitivities: [].into(),
    };
    let started = Instant::now();
    for (turn, patients) in people.patients.chunks(CHUNK).enumerate() {
        if turn % 25 == 0 {
            eprintln!(
                "{} people in the store, {:.0?}",
                turn * CHUNK,
                started.elapsed()
            );
        }
        let mut writes = Vec::with_capacity(patients.len() * 3);
        for patient in patients {
            let (home, id) = (HomeId(cx.draw()), ResourceId(cx.draw()));
            let wrapped_key = cx.keys.new_home(cx.draw(), cx.draw())?;
            writes.push(Write::Home { home, wrapped_key });
            let person = PersonId(cx.draw());
            writes.push(Write::Subject {
                subject: id,
                home,
                person,
                origin: person,
                custodian: class.custodian.clone(),
                rule: "new".to_owned(),
                keys: SubjectKeys::default(),
            });
            let rest = patient.trim_start_matches('{');
            let bytes = format!(r#"{{"id":"{id}",{rest}"#).into_bytes();
            writes.push(Write::Version(Box::new(NewVersion {
                home,
                id,
                resource_type: "Patient",
                version: 1,
                replaces: 0,
                custodian: class.custodian.clone(),
                subject: Some(id),
                class: class.clone(),
                updated_at: cx.now(),
                occurred_at: None,
                bytes,
                undo: Vec::new(),
                original_hash: [0; 32],
                index: Vec::new(),
                mentions: Vec::new(),
                deleted: false,
            })));
        }
        let change = Change {
            writes,
            ..Change::default()
        };
        cx.store.commit(change, Expect::default()).await?;
    }
    Ok(())
}

/// Asks from so many callers at once, each on a connection of its own.
async fn load(
    address: &str,
    token: &str,
    questions: &Arc<Vec<String>>,
    at_once: usize,
) -> Result<Value, Failure> {
    let until = Instant::now() + Duration::from_secs(SECONDS);
    let next = Arc::new(AtomicUsize::new(0));
    let mut callers = tokio::task::JoinSet::new();
    let started = Instant::now();
    for _ in 0..at_once {
        let (questions, next) = (Arc::clone(questions), Arc::clone(&next));
        let (address, token) = (address.to_owned(), token.to_owned());
        callers.spawn(async move {
            let client = reqwest::Client::builder().build()?;
            let mut latencies = Vec::new();
            while Instant::now() < until {
                let place = next.fetch_add(1, Ordering::Relaxed) % questions.len().max(1);
                let body = questions.get(place).cloned().unwrap_or_default();
                let asking = client
                    .post(&address)
                    .bearer_auth(&token)
                    .header("content-type", "application/fhir+json")
                    .body(body);
                let started = Instant::now();
                let answer = asking.send().await?;
                let status = answer.status();
                let text = answer.text().await?;
                latencies.push(started.elapsed());
                if !status.is_success() {
                    return Err(format!("{status}: {text}").into());
                }
            }
            Ok::<_, Failure>(latencies)
        });
    }
    let mut latencies = Vec::new();
    for asked in callers.join_all().await {
        latencies.extend(asked?);
    }
    let rate = latencies.len() as f64 / started.elapsed().as_secs_f64();
    Ok(json!({
        "at_once": at_once,
        "per_second": rate.round(),
        "p50_ms": round(micros(&mut latencies, 50) / 1e3),
        "p99_ms": round(micros(&mut latencies, 99) / 1e3),
    }))
}
