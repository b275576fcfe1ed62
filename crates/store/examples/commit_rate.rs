//! How many disclosures a second can be logged durably, beside what the disk itself can do.
//!
//! ```text
//! cargo run --release -p store --example commit_rate [-- FOLDER [SECONDS]]
//! ```
//!
//! Each commit is what a disclosure writes: one entry of a kilobyte under what its decision rested
//! on. The folder decides which disk is measured; it is made in the present one and removed.

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
use store::{Change, Expect, NewEntry, Options, Store, SubjectKeys, Synchronous, Write};

/// People whose records are disclosed, in turn.
const PEOPLE: u64 = 10_000;

const CONCURRENCY: [usize; 4] = [1, 16, 64, 256];

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
    measured
}

async fn measure(dir: &Path, seconds: u64) -> Result<(), Box<dyn std::error::Error>> {
    let disk = disk(dir)?;
    println!(
        "the disk's own fsync of 4 KiB: p50 {:.2} ms, p99 {:.2} ms",
        disk.p50, disk.p99
    );
    let store = store::open(Options {
        dir: dir.join("data"),
        log_key: LogKey::from_seed("log.example", &[7; 32])?,
        origin: "log.example".to_owned(),
        clock: Arc::new(SystemClock),
        chance: Arc::new(NoChance),
        vfs: None,
        synchronous: Synchronous::Full,
    })?;
    fill(&*store).await?;
    println!(
        "{:>11} {:>10} {:>9} {:>9} {:>12}",
        "concurrency", "commits/s", "p50 ms", "p99 ms", "cpu us each"
    );
    for concurrency in CONCURRENCY {
        let (cpu, started) = (cpu_time()?, Instant::now());
        let mut latencies = load(&store, concurrency, Duration::from_secs(seconds)).await;
        let rate = latencies.len() as f64 / started.elapsed().as_secs_f64();
        let cpu_each = (cpu_time()? - cpu).as_secs_f64() * 1e6 / latencies.len() as f64;
        let times = Times::of(&mut latencies);
        println!(
            "{concurrency:>11} {rate:>10.0} {:>9.2} {:>9.2} {cpu_each:>12.1}",
            times.p50, times.p99
        );
    }
    sequence(&*store).await
}

/// How long the waiting commitments take to enter the log.
async fn sequence(store: &dyn Store) -> Result<(), Box<dyn std::error::Error>> {
    let started = Instant::now();
    let size = store.sequence().await?;
    let each = started.elapsed().as_secs_f64() * 1e6 / size as f64;
    println!("sequencing {size} commitments: {each:.1} us each");
    Ok(())
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
                match disclose(&*store, no).await {
                    Ok(()) => latencies.push(started.elapsed()),
                    Err(error) => eprintln!("{error}"),
                }
            }
            latencies
        });
    }
    callers.join_all().await.into_iter().flatten().collect()
}

async fn disclose(store: &dyn Store, no: u64) -> Result<(), store::Error> {
    let mut view = [0; 32];
    view[..16].copy_from_slice(&home(no).0);
    let entry = NewEntry {
        view: ViewId(view),
        home: home(no),
        operation: [1; 16],
        root: Hash([2; 32]),
        opening: Opening([5; 32]),
        sealed: vec![3; 900],
        wrapped_key: vec![4; 60],
    };
    let change = Change {
        entries: vec![entry],
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
