//! How fast a team reads its inbox where a partnership has ten thousand messages open at once, as
//! JSON on standard output.
//!
//! ```text
//! cargo run --release --package sharing --example inbox_rate [-- FOLDER]
//! ```
//!
//! The invented town is settled in a folder that is made in the given one and removed. Its people
//! have the messages in turn, on the lists of five hundred teams; then a member of each team reads
//! a page of fifty, with every line decided. The worst team's list is one that has fifty times what
//! the others have.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

use domain::message::{Delivery, Harm, Kind, Message, Move, Sender, Stage};
use domain::{
    Assurance, Caller, Capacity, Chance, Clock, OrganisationKind, PersonId, Purpose, ResourceId,
    Role, TeamId, Timestamp, TokenId,
};
use ledger::{LogKey, RootKey};
use serde_json::{Value, json};
use sharing::ids::WireIds;
use sharing::keys::Keys;
use sharing::messages::inbox;
use sharing::town::Town;
use sharing::{Asking, Channel, Context, InForce, Labeller, Policies, settle};
use store::{Change, Expect, ListLine, NewMessage, Options, Synchronous, Write};

const TEAMS: usize = 500;
const MESSAGES: usize = 10_000;
/// The list of one team has as many messages as fifty others together.
const BUSIEST: usize = 1_000;
/// Lines of a page.
const PAGE: u32 = 50;
/// Messages in one commit.
const TOGETHER: usize = 500;

type Failure = Box<dyn std::error::Error>;

/// The town's day, for everyone.
struct Noon(Timestamp);

impl Clock for Noon {
    fn now(&self) -> Timestamp {
        self.0
    }
}

/// A counter: ids have only to differ.
#[derive(Default)]
struct Counter(std::sync::atomic::AtomicU64);

impl Chance for Counter {
    fn fill(&self, buffer: &mut [u8]) {
        for chunk in buffer.chunks_mut(8) {
            let next = self.0.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
            chunk.copy_from_slice(&next.to_be_bytes()[..chunk.len()]);
        }
    }
}

fn main() -> Result<(), Failure> {
    let parent = std::env::args()
        .nth(1)
        .map_or(PathBuf::from("."), PathBuf::from);
    let dir = parent.join(format!("inbox-rate-{}", std::process::id()));
    std::fs::create_dir_all(&dir)?;
    let measured = tokio::runtime::Runtime::new()?.block_on(measure(&dir));
    std::fs::remove_dir_all(&dir)?;
    println!("{}", measured?);
    Ok(())
}

async fn measure(dir: &Path) -> Result<Value, Failure> {
    let town = Town::generate(sharing::town::DEMO_SEED);
    let cx = context(dir, town.now)?;
    settle::settle(&cx, &town).await?;
    let people = people(&cx, &town).await?;
    fill(&cx, &people).await?;

    let mut micros = Vec::new();
    for round in 0..4 {
        for place in 1..TEAMS {
            let team = (place * 7 + round) % (TEAMS - 1) + 1;
            micros.push(read(&cx, team).await?);
        }
    }
    micros.sort_unstable();
    let at = |share: usize| micros.get(micros.len() * share / 100).copied();
    let mut busiest = Vec::new();
    for _ in 0..101 {
        busiest.push(read(&cx, 0).await?);
    }
    busiest.sort_unstable();
    Ok(json!({
        "messages": MESSAGES + BUSIEST,
        "teams": TEAMS,
        "pages": micros.len(),
        "p50_us": at(50),
        "p99_us": at(99),
        "busiest": {"messages": BUSIEST, "p50_us": busiest.get(50), "p99_us": busiest.get(99)},
    }))
}

fn context(dir: &Path, now: Timestamp) -> Result<Context, Failure> {
    let (clock, chance) = (Arc::new(Noon(now)), Arc::new(Counter::default()));
    let store = store::open(Options {
        dir: dir.to_owned(),
        log_keys: Arc::new(|_| LogKey::from_seed("log.example", &[3; 32])),
        origin: "log.example".to_owned(),
        clock: clock.clone(),
        chance: chance.clone(),
        vfs: None,
        synchronous: Synchronous::Full,
    })?;
    let (store, index) = sharing::identity::indexed(store);
    Ok(Context {
        store,
        policies: Arc::new(InForce::new(Arc::new(Policies::shipped()?))),
        labeller: Arc::new(Labeller::shipped()?),
        keys: Arc::new(Keys::new(RootKey::new([1; 32])?, [2; 32])),
        ids: Arc::new(WireIds::new([4; 32])),
        index,
        kept: Arc::default(),
        clock,
        chance,
    })
}

async fn people(cx: &Context, town: &Town) -> Result<Vec<(PersonId, ResourceId)>, Failure> {
    let mut people = Vec::new();
    for one in &town.people {
        let person = settle::person(cx, town, &one.key).await?;
        let patient = settle::patient(cx, town, &one.key).ok_or("nobody of the town")?;
        people.push((person, patient));
    }
    Ok(people)
}

/// Puts the messages on the lists: to each team in turn, and then to the busiest alone.
async fn fill(cx: &Context, people: &[(PersonId, ResourceId)]) -> Result<(), Failure> {
    let mut writes = Vec::new();
    for place in 0..MESSAGES + BUSIEST {
        let team = if place < MESSAGES { place % TEAMS } else { 0 };
        let Some(about) = people.get(place % people.len()) else {
            break;
        };
        writes.push(message(cx, place, team, *about)?);
        if writes.len() == TOGETHER {
            let change = Change {
                writes: std::mem::take(&mut writes),
                ..Change::default()
            };
            cx.store.commit(change, Expect::default()).await?;
        }
    }
    Ok(())
}

fn message(
    cx: &Context,
    place: usize,
    team: usize,
    (person, patient): (PersonId, ResourceId),
) -> Result<Write, Failure> {
    let now = cx.now();
    let id = cx.ids.fresh(cx.chance.as_ref());
    let harm = [Harm::Protection, Harm::Today, Harm::Routine][place % 3];
    let due = Some(now.plus_seconds(i64::try_from(place)? + 60));
    let mut delivery = Delivery::new(name(team), now);
    let with = name(team);
    delivery.make(Move::Deliver { with, due }, now)?;
    let message = Message {
        id,
        thread: id,
        root: id,
        kind: Kind::Note,
        purpose: Purpose::Treatment,
        harm,
        person,
        patient,
        name: "Somebody of the town".to_owned(),
        sender: Sender {
            worker: "sender".into(),
            name: "Somebody at work".to_owned(),
            desk: "senders".into(),
            team: "senders".into(),
            organisation: "hospital".into(),
        },
        text: "Goes home on Thursday. Please visit on Friday and look at the stairs.".to_owned(),
        ring: vec![("Ward 6".to_owned(), "01632 960 106".to_owned())],
        at: now,
        revision: 1,
        stage: Stage::Sent,
        held: None,
        later: Vec::new(),
        request: None,
        concern: None,
        discussion: None,
        family: None,
        to_be_heard: None,
        attempts: None,
        call: None,
        recall: None,
        challenge: None,
        sources: Vec::new(),
        by: None,
        deliveries: vec![delivery],
    };
    let line = ListLine {
        list: ListLine::of_team(&name(team)),
        harm,
        due,
    };
    Ok(Write::Message(Box::new(NewMessage {
        message,
        replaces: 0,
        lines: vec![line],
        due: Vec::new(),
    })))
}

/// Microseconds that a page of a team's inbox takes.
async fn read(cx: &Context, team: usize) -> Result<u128, Failure> {
    let asking = member(team);
    let started = Instant::now();
    let page = inbox(cx, &asking, PAGE, None).await?;
    let took = started.elapsed().as_micros();
    let expected = if team == 0 {
        PAGE as usize
    } else {
        MESSAGES / TEAMS
    };
    if page.lines.len() == expected {
        Ok(took)
    } else {
        Err(format!("{} lines where {expected} should be", page.lines.len()).into())
    }
}

fn name(team: usize) -> TeamId {
    TeamId::new(format!("team-{team}"))
}

fn member(team: usize) -> Asking {
    Asking {
        caller: Caller {
            name: "Somebody at work".to_owned(),
            capacity: Capacity::Worker {
                worker: "reader".into(),
                role: Role::Nurse,
                organisation: "hospital".into(),
                organisation_kind: OrganisationKind::Hospital,
                team: Some(name(team)),
            },
            assurance: Assurance::Substantial,
        },
        token: TokenId::new("token-of-reader"),
        purpose: Purpose::Treatment,
        reason: None,
        channel: Channel::Page,
        idempotency: None,
    }
}
