//! Group commit: changes that arrive while the disk is busy share the next transaction, its one
//! fsync and its one signature.
//!
//! What holds if we crash, step by step:
//!
//! 1. Before `COMMIT`: SQLite has written nothing that a reopened database would read. No caller
//!    has had an answer, so nothing was released.
//! 2. During `COMMIT`: with `synchronous=FULL` the log frames are synced before the call returns.
//!    The transaction is there whole or not at all; still no caller has had an answer.
//! 3. After `COMMIT` returned: everything is durable. Only now are callers answered, so whatever a
//!    client received has its entry. Callers that we could not answer any more released nothing;
//!    their entries stand, and the account says "may have been told".
//!
//! Receipts are signed before `COMMIT`, so that they can be kept for a retry in the same
//! transaction. A receipt is a promise only once somebody holds it, and nobody does before step 3.

use std::collections::HashMap;

use domain::Timestamp;
use ledger::{Batch, Hash, LogKey, Receipt};
use tokio::sync::oneshot;

use super::answered::{self, keep_answer};
use super::entries::Placed;
use super::session::Session;
use crate::sqlite::convert::{Shared, incoherent};
use crate::{Change, Committed, EntryReceipt, Error, Expect};

/// Within how many seconds a checkpoint covers what a receipt promises.
const PROMISE_S: u32 = 60;

/// Where a caller waits.
pub(super) type Reply<T> = oneshot::Sender<Result<T, Error>>;

/// A change and its caller.
pub(in crate::sqlite) struct Job {
    pub(in crate::sqlite) change: Change,
    pub(in crate::sqlite) expect: Expect,
    pub(in crate::sqlite) reply: Reply<Committed>,
}

/// What became of one change within the transaction.
enum Outcome {
    /// Nothing written.
    Refused(Error),
    /// Nothing written, because it was written before under the same key.
    Again(Committed),
    /// The same, by another change of this very batch.
    SameAs(usize),
    /// Written, with its entries.
    Written(Vec<Placed>),
}

/// Why a whole batch came to nothing.
enum Trouble {
    /// Certainly not written.
    Undone(Error),
    /// Perhaps written.
    Unknown(Error),
}

/// Commits a batch and answers every caller. `false` if the session must not be used again.
#[must_use]
pub(super) fn commit(session: &mut Session, key: &LogKey, now: Timestamp, jobs: Vec<Job>) -> bool {
    match attempt(session, key, now, &jobs) {
        Ok(answers) => {
            for (job, answer) in jobs.into_iter().zip(answers) {
                // A caller that went away does not mind.
                let _ = job.reply.send(answer);
            }
            true
        }
        Err(trouble) => {
            refuse(jobs, trouble);
            false
        }
    }
}

/// Tells every caller of a batch that it came to nothing, or that nobody knows.
fn refuse(jobs: Vec<Job>, trouble: Trouble) {
    let (error, is_known) = match trouble {
        Trouble::Undone(error) => (Shared::new(error), true),
        Trouble::Unknown(error) => (Shared::new(error), false),
    };
    for job in jobs {
        let cause = Box::new(error.clone());
        let _ = job.reply.send(Err(if is_known {
            Error::Unavailable(cause)
        } else {
            Error::Unknown(cause)
        }));
    }
}

/// Tells every caller that there is no database to write to.
pub(super) fn turn_away(jobs: Vec<Job>, error: Error) {
    refuse(jobs, Trouble::Undone(error));
}

type Answer = Result<Committed, Error>;

fn attempt(
    session: &mut Session,
    key: &LogKey,
    now: Timestamp,
    jobs: &[Job],
) -> Result<Vec<Answer>, Trouble> {
    let outcomes = stage(session, now, jobs).map_err(Trouble::Undone)?;
    let answers = answer(session, key, now, jobs, outcomes).map_err(Trouble::Undone)?;
    // From here on we cannot tell a failure before the disk from one after it.
    match session
        .db
        .prepare_cached("COMMIT")
        .and_then(|mut s| s.execute([]))
    {
        Ok(_) => Ok(answers),
        Err(error) => Err(Trouble::Unknown(error.into())),
    }
}

/// Writes every change that still may be written. An error spoils the whole transaction.
fn stage(session: &mut Session, now: Timestamp, jobs: &[Job]) -> Result<Vec<Outcome>, Error> {
    session.db.prepare_cached("BEGIN IMMEDIATE")?.execute([])?;
    let mut first_under = HashMap::new();
    let mut outcomes = Vec::with_capacity(jobs.len());
    for (place, job) in jobs.iter().enumerate() {
        let outcome = stage_one(session, now, job, &first_under)?;
        if let (Outcome::Written(_), Some(key)) = (&outcome, job.change.idempotency) {
            first_under.insert(key, place);
        }
        outcomes.push(outcome);
    }
    Ok(outcomes)
}

fn stage_one(
    session: &mut Session,
    now: Timestamp,
    job: &Job,
    first_under: &HashMap<[u8; 32], usize>,
) -> Result<Outcome, Error> {
    match session.check(&job.expect, now) {
        Ok(()) => {}
        Err(refusal @ (Error::Stale | Error::Revoked)) => return Ok(Outcome::Refused(refusal)),
        Err(trouble) => return Err(trouble),
    }
    if let Some(key) = &job.change.idempotency {
        if let Some(place) = first_under.get(key) {
            return Ok(Outcome::SameAs(*place));
        }
        if let Some(committed) = answered::find(session, key)? {
            return Ok(Outcome::Again(committed));
        }
    }
    Ok(match session.apply(&job.change, now)? {
        Ok(placed) => Outcome::Written(placed),
        Err(refusal) => Outcome::Refused(refusal),
    })
}

/// Signs for what was written, and turns outcomes into answers.
fn answer(
    session: &Session,
    key: &LogKey,
    now: Timestamp,
    jobs: &[Job],
    outcomes: Vec<Outcome>,
) -> Result<Vec<Answer>, Error> {
    let mut receipts = Receipts::sign(key, now, &outcomes)?;
    let mut answers: Vec<Answer> = Vec::with_capacity(outcomes.len());
    for (job, outcome) in jobs.iter().zip(outcomes) {
        answers.push(match outcome {
            Outcome::Refused(error) => Err(error),
            Outcome::Again(committed) => Ok(committed),
            Outcome::SameAs(place) => match answers.get(place) {
                Some(Ok(committed)) => Ok(committed.clone()),
                _ => Err(incoherent("operation")),
            },
            Outcome::Written(placed) => {
                let committed = receipts.of(placed)?;
                if let Some(operation) = &job.change.idempotency {
                    keep_answer(session, operation, now, &committed)?;
                }
                Ok(committed)
            }
        });
    }
    Ok(answers)
}

/// Receipts for a batch of changes.
///
/// Two batches are signed: one of each change's first commitment, one of all others. A recipient
/// is given the first, and its batch size says how many changes were committed together, never
/// how many views an answer went to, which would tell that something is held back.
struct Receipts {
    first: std::vec::IntoIter<Receipt>,
    others: std::vec::IntoIter<Receipt>,
}

impl Receipts {
    fn sign(key: &LogKey, now: Timestamp, outcomes: &[Outcome]) -> Result<Self, Error> {
        let written = outcomes.iter().filter_map(|outcome| match outcome {
            Outcome::Written(placed) => placed.split_first(),
            _ => None,
        });
        let (first, others): (Vec<_>, Vec<_>) = written.unzip();
        let first = first.into_iter().map(|placed| placed.commitment);
        let others = others.into_iter().flatten().map(|placed| placed.commitment);
        Ok(Self {
            first: sign(key, now, first.collect())?,
            others: sign(key, now, others.collect())?,
        })
    }

    /// The receipts of one change; changes come in the order in which they were signed for.
    fn of(&mut self, placed: Vec<Placed>) -> Result<Committed, Error> {
        let mut receipts = Vec::with_capacity(placed.len());
        for (place, placed) in placed.into_iter().enumerate() {
            let next = match place {
                0 => self.first.next(),
                _ => self.others.next(),
            };
            receipts.push(EntryReceipt {
                view: placed.view,
                index: placed.index,
                time: placed.time,
                root: placed.root,
                receipt: next.ok_or(incoherent("receipt"))?,
            });
        }
        Ok(Committed { receipts })
    }
}

fn sign(
    key: &LogKey,
    now: Timestamp,
    commitments: Vec<Hash>,
) -> Result<std::vec::IntoIter<Receipt>, Error> {
    if commitments.is_empty() {
        return Ok(Vec::new().into_iter());
    }
    let signed = Batch::new(commitments)
        .sign(key, now.0, PROMISE_S)
        .map_err(|error| Error::Unavailable(Box::new(error)))?;
    Ok(signed.receipts().into_iter())
}
