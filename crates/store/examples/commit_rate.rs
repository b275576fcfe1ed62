//! How fast disclosures are logged durably, beside what the disk itself can do, as JSON on standard
//! output.
//!
//! ```text
//! cargo run --release --package store --example commit_rate [-- FOLDER [SECONDS]]
//! ```
//!
//! Each commit is what a disclosure writes: one entry of a kilobyte under what its decision rested
//! on, with its receipt. Then everything enters the log, a checkpoint is signed over one more entry
//! and over a thousand more, and the store is closed and weighed. The folder decides which disk is
//! measured; it is made in the present one and removed.

use std::fs::File;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use domain::{
    Chance, Clock, HomeId, Organisation, OrganisationId, OrganisationKind, PersonId, ResourceId,
    Timestamp,
};
use ledger::{Hash, LogKey, Opening, ViewId};
use serde_json::{Value, json};
use store::{Change, Expect, NewEntry, Options, Store, SubjectKeys, Synchronous, Write};

/// People whose records are disclosed, in turn.
const PEOPLE: u64 = 10_000;

const CONCURRENCY: [usize; 3] = [1, 64, 256];

/// What one disclosure's entry has sealed: some twenty fields with a sentence's worth of text.
const SEALED: usize = 900;

struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        let since = std::time::UNIX_EPOCH.elapsed().unwrap_or_default();
        Timestamp(since.as_micros() as i64)
    }
}

/// Secrets and the log's order do not matter here.
struct NoChance;

impl Chance for NoChance {
    fn fill(&self, buffer: &mut [u8]) {
        buffer.fill(5);
    }
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let parent = arguments.next().map_or(PathBuf::from("."), PathBuf::from);
    let seconds = arguments.next().map_or(Ok(5), |text| text.parse())?;
    let dir = parent.join(format!("commit-rate-{}", std::process::id()));
    std::fs::create_dir_all(&dir)?;
    let measured = tokio::runtime::Runtime::new()?.block_on(measure(&dir, seconds));
    std::fs::remove_dir_all(&dir)?;
    println!("{}", measured?);
    Ok(())
}

async fn measure(dir: &Path, seconds: u64) -> Result<Value, Box<dyn std::error::Error>> {
    let disk = disk(dir)?;
    let data = dir.join("data");
    let store = store::open(Options {
        dir: data.clone(),
        log_keys: Arc::new(|_| LogKey::from_seed("log.example", &[7; 32])),
        origin: "log.example".to_owned(),
        clock: Arc::new(SystemClock),
        chance: Arc::new(NoChance),
        vfs: None,
        synchronous: Synchronous::Full,
    })?;
    fill(&*store).await?;
    let mut appends = Vec::new();
    for concurrency in CONCURRENCY {
        appends.push(append(&store, concurrency, Duration::from_secs(seconds)).await?);
    }
    let started = Instant::now();
    let entries = store.sequence().await?;
    let sequence_us = started.elapsed().as_secs_f64() * 1e6 / entries as f64;
    let checkpoint_ms = json!({
        "over_1": round(checkpoint(&*store, 1).await?),
        "over_1000": round(checkpoint(&*store, 1_000).await?),
    });
    let entries = store.sequence().await?;
    // Closed, so that nothing stands twice.
    drop(store);
    Ok(json!({
        "fsync_4k": {"p50_ms": round(disk.p50), "p99_ms": round(disk.p99)},
        "appends": appends,
        "sequence_us": round(sequence_us),
        "checkpoint_ms": checkpoint_ms,
        "entries": entries,
        "sealed_bytes": SEALED,
        "bytes_per_entry": weight(&data)? / entries,
    }))
}

/// Appends from so many callers at once, each with its receipt.
async fn append(
    store: &Arc<dyn Store>,
    concurrency: usize,
    length: Duration,
) -> Result<Value, Box<dyn std::error::Error>> {
    let (cpu, started) = (cpu_time()?, Instant::now());
    let mut latencies = load(store, concurrency, length).await;
    let rate = latencies.len() as f64 / started.elapsed().as_secs_f64();
    let cpu_us = (cpu_time()? - cpu).as_secs_f64() * 1e6 / latencies.len() as f64;
    let times = Times::of(&mut latencies);
    Ok(json!({
        "concurrency": concurrency,
        "per_second": rate.round(),
        "p50_ms": round(times.p50),
        "p99_ms": round(times.p99),
        "cpu_us": round(cpu_us),
    }))
}

/// Milliseconds to order so many waiting entries and sign a checkpoint over them, the median of some.
async fn checkpoint(store: &dyn Store, waiting: u64) -> Result<f64, store::Error> {
    let mut times = Vec::new();
    for _ in 0..21 {
        let mut left = waiting;
        while left > 0 {
            let entries = left.min(100);
            disclose(store, 0, entries).await?;
            left -= entries;
        }
        let started = Instant::now();
        store.sequence().await?;
        times.push(started.elapsed());
    }
    Ok(Times::of(&mut times).p50)
}

/// Bytes of all files in a folder.
fn weight(folder: &Path) -> std::io::Result<u64> {
    let mut bytes = 0;
    for file in std::fs::read_dir(folder)? {
        bytes += file?.metadata()?.len();
    }
    Ok(bytes)
}

/// To a thousandth, which is more than can be measured.
fn round(number: f64) -> f64 {
    (number * 1e3).round() / 1e3
}

/// Latencies in milliseconds.
struct Times {
    p50: f64,
    p99: f64,
}

impl Times {
    fn of(latencies: &mut [Duration]) -> Self {
        latencies.sort_unstable();
        let at = |share: f64| {
            let place = (latencies.len() as f64 * share) as usize;
            let latency = latencies.get(place.min(latencies.len() - 1));
            latency.map_or(0.0, |latency| latency.as_secs_f64() * 1e3)
        };
        Self {
            p50: at(0.5),
            p99: at(0.99),
        }
    }
}

fn disk(dir: &Path) -> std::io::Result<Times> {
    let mut file = File::create(dir.join("fsync"))?;
    let mut latencies = Vec::new();
    for _ in 0..500 {
        file.write_all(&[1; 4096])?;
        let started = Instant::now();
        file.sync_data()?;
        latencies.push(started.elapsed());
    }
    Ok(Times::of(&mut latencies))
}

/// What this process has used of all processors, from Linux's accounts (in hundredths of seconds).
fn cpu_time() -> Result<Duration, Box<dyn std::error::Error>> {
    let stat = std::fs::read_to_string("/proc/self/stat")?;
    let after_name = stat.rsplit(')').next().unwrap_or_default();
    let fields: Vec<&str> = after_name.split_whitespace().collect();
    let ticks = |place: usize| fields.get(place).map_or(Ok(0), |text| text.parse::<u64>());
    Ok(Duration::from_millis((ticks(11)? + ticks(12)?) * 10))
}

fn home(no: u64) -> HomeId {
    HomeId((u128::from(no) + 1).to_be_bytes())
}

/// Makes an agency and the people.
async fn fill(store: &dyn Store) -> Result<(), store::Error> {
    let custodian = OrganisationId::from("hospital");
    let made = |home| Write::Home {
        home,
        wrapped_key: vec![1; 60],
    };
    let organisation = Organisation {
        id: custodian.clone(),
        name: "The hospital".to_owned(),
        kind: OrganisationKind::Hospital,
        phone: String::new(),
    };
    let agency = Write::Organisation {
        organisation,
        home: home(PEOPLE),
        resource: None,
    };
    let mut writes = vec![made(home(PEOPLE)), agency];
    for no in 0..PEOPLE {
        writes.push(made(home(no)));
        writes.push(Write::Subject {
            subject: ResourceId(home(no).0),
            home: home(no),
            person: PersonId(home(no).0),
            origin: PersonId(home(no).0),
            custodian: custodian.clone(),
            rule: "new".to_owned(),
            keys: SubjectKeys::default(),
        });
    }
    let change = Change {
        writes,
        ..Change::default()
    };
    store.commit(change, Expect::default()).await?;
    Ok(())
}

/// Disclosures one after another from each of so many callers.
async fn load(store: &Arc<dyn Store>, concurrency: usize, length: Duration) -> Vec<Duration> {
    let until = Instant::now() + length;
    let next = Arc::new(AtomicU64::new(0));
    let mut callers = tokio::task::JoinSet::new();
    for _ in 0..concurrency {
        let (store, next) = (Arc::clone(store), Arc::clone(&next));
        callers.spawn(async move {
            let mut latencies = Vec::new();
            while Instant::now() < until {
                let no = next.fetch_add(7919, Ordering::Relaxed) % PEOPLE;
                let started = Instant::now();
                match disclose(&*store, no, 1).await {
                    Ok(()) => latencies.push(started.elapsed()),
                    Err(error) => eprintln!("{error}"),
                }
            }
            latencies
        });
    }
    callers.join_all().await.into_iter().flatten().collect()
}

/// One commit with so many entries about one person.
async fn disclose(store: &dyn Store, no: u64, entries: u64) -> Result<(), store::Error> {
    let mut view = [0; 32];
    view[..16].copy_from_slice(&home(no).0);
    let entry = |_| NewEntry {
        view: ViewId(view),
        home: home(no),
        operation: [1; 16],
        root: Hash([2; 32]),
        opening: Opening([5; 32]),
        sealed: vec![3; SEALED],
        wrapped_key: vec![4; 60],
        held: None,
    };
    let change = Change {
        entries: (0..entries).map(entry).collect(),
        ..Change::default()
    };
    let expect = Expect {
        homes: vec![(home(no), FACTS)],
        ..Expect::default()
    };
    store.commit(change, expect).await?;
    Ok(())
}

/// The version of everyone's facts here: made, then linked once.
const FACTS: u64 = 2;
