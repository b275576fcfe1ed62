//! Carrying out an import: one thread reads and unpacks while another writes, batch by batch, and
//! notes after each how far it came.

use std::io;
use std::path::Path;
use std::sync::mpsc::{Receiver, SendError, SyncSender, sync_channel};
use std::thread;

use serde::{Deserialize, Serialize};

use super::items::{Content, Item, Place, read};
use super::plan::{Plan, rank};

/// Enough for a commit to share its fsync, little enough that a stop loses no time.
const BATCH_ITEMS: usize = 250;
const BATCH_BYTES: usize = 4 * 1024 * 1024;
/// Batches read ahead.
const AHEAD: usize = 2;

/// What became of one item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// It is there, and how; a bundle counts each of its entries.
    Taken(Counts),
    /// It was refused, for a reason that quotes no content.
    Refused(String),
}

/// What an import did so far.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    /// Resources that were not there before.
    pub created: u64,
    /// Resources with a new version.
    pub updated: u64,
    /// Resources that were there already, byte for byte.
    pub unchanged: u64,
    /// Items that were refused.
    pub refused: u64,
    /// Resources, among those taken, that no labelling rule could sort.
    pub unsorted: u64,
}

impl Counts {
    /// Adds others.
    pub fn add(&mut self, more: Counts) {
        self.created += more.created;
        self.updated += more.updated;
        self.unchanged += more.unchanged;
        self.refused += more.refused;
        self.unsorted += more.unsorted;
    }

    /// Resources that are there now.
    #[must_use]
    pub fn taken(&self) -> u64 {
        self.created + self.updated + self.unchanged
    }
}

/// How far an import came: everything of earlier passes, and so many items of this one.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Mark {
    /// The pass, counted from 0.
    pub pass: usize,
    /// Items of its rank in its file that are done.
    pub done: u64,
}

/// Where the outcomes go.
pub trait Writer {
    /// Writes a batch; one outcome for each item, in order.
    ///
    /// # Errors
    /// If nothing more can be written.
    fn write(&mut self, items: &[Item]) -> anyhow::Result<Vec<Outcome>>;

    /// Is told after each batch how far the import came, how many items the batch had, and which
    /// of them were refused and why.
    ///
    /// # Errors
    /// If that cannot be noted.
    fn note(
        &mut self,
        came: Mark,
        items: u64,
        counts: Counts,
        refused: &[(Item, String)],
    ) -> anyhow::Result<()>;
}

/// A batch, and how far the import is once it is written.
struct Batch {
    items: Vec<Item>,
    came: Mark,
}

/// Imports everything after `from`.
///
/// # Errors
/// If a file cannot be read or the writer fails; what was noted until then stays.
pub fn carry_out(plan: &Plan, from: Mark, writer: &mut impl Writer) -> anyhow::Result<Counts> {
    let (batches, received) = sync_channel(AHEAD);
    thread::scope(|scope| {
        let reading = scope.spawn(move || send_all(plan, from, &batches));
        let counts = write_all(received, writer);
        let read = reading.join().unwrap_or(Err(Stop::Receiver));
        match (counts, read) {
            // The reader only stops early because the writer did, whose error then tells why.
            (Err(error), _) => Err(error),
            (Ok(_), Err(Stop::Io(error))) => Err(error.into()),
            (Ok(counts), _) => Ok(counts),
        }
    })
}

fn write_all(received: Receiver<Batch>, writer: &mut impl Writer) -> anyhow::Result<Counts> {
    let mut total = Counts::default();
    for batch in received {
        let outcomes = writer.write(&batch.items)?;
        let mut counts = Counts::default();
        let mut refused = Vec::new();
        let items = batch.items.len() as u64;
        for (item, outcome) in batch.items.into_iter().zip(outcomes) {
            match outcome {
                Outcome::Taken(taken) => counts.add(taken),
                Outcome::Refused(reason) => {
                    counts.refused += 1;
                    refused.push((item, reason));
                }
            }
        }
        total.add(counts);
        writer.note(batch.came, items, counts, &refused)?;
    }
    Ok(total)
}

/// Why reading ended early.
enum Stop {
    Io(io::Error),
    Receiver,
}

impl From<io::Error> for Stop {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

impl From<SendError<Batch>> for Stop {
    fn from(_: SendError<Batch>) -> Self {
        Self::Receiver
    }
}

fn send_all(plan: &Plan, from: Mark, batches: &SyncSender<Batch>) -> Result<(), Stop> {
    for (pass, (wanted, file)) in plan.passes().enumerate() {
        if pass < from.pass {
            continue;
        }
        let skip = if pass == from.pass { from.done } else { 0 };
        let mut done = 0;
        let mut items: Vec<Item> = Vec::new();
        let mut bytes = 0;
        read(&plan.sources[file], |item| {
            if rank(&item) != wanted {
                return Ok(());
            }
            done += 1;
            if done <= skip {
                return Ok(());
            }
            bytes += size(&item);
            items.push(item);
            if items.len() >= BATCH_ITEMS || bytes >= BATCH_BYTES {
                bytes = 0;
                let items = std::mem::take(&mut items);
                let came = Mark { pass, done };
                batches.send(Batch { items, came })?;
            }
            Ok::<(), Stop>(())
        })?;
        let came = Mark {
            pass: pass + 1,
            done: 0,
        };
        batches.send(Batch { items, came })?;
    }
    Ok(())
}

fn size(item: &Item) -> usize {
    match &item.content {
        Content::Resource(bytes) | Content::Bundle(bytes) => bytes.len(),
        Content::TooLong => 0,
    }
}

/// One line of the rejects file: where, of what type, and why; nothing of the content.
#[derive(Debug, Serialize)]
pub struct Reject<'a> {
    path: &'a Path,
    line: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    entry: Option<usize>,
    #[serde(rename = "type")]
    resource_type: &'a str,
    reason: &'a str,
}

impl<'a> Reject<'a> {
    /// The line for a refused item.
    #[must_use]
    pub fn of(item: &'a Item, reason: &'a str) -> Self {
        let Place { path, line, entry } = &item.place;
        Self {
            path,
            line: *line,
            entry: *entry,
            resource_type: &item.resource_type,
            reason,
        }
    }
}
