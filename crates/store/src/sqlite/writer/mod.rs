//! The writer: one thread through which everything is written, in the order in which it came.

mod answered;
mod apply;
mod attempts;
mod batch;
mod directory;
mod entries;
mod expect;
mod facts;
mod indexing;
mod invitations;
mod kept_back;
mod known;
mod links;
mod messages;
mod notices;
mod people;
mod records;
mod reindex;
mod sequence;
mod session;
mod stating;

use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, PoisonError, RwLock};
use std::thread::JoinHandle;

use domain::{Chance, Clock};
use ledger::{Epoch, LogKey, LogPublicKey};
use tokio::sync::oneshot;

pub(super) use batch::Job;
use batch::Reply;
pub(super) use reindex::reindex;
use session::Session;
pub(super) use stating::handed_on;

use super::LogKeys;
use super::checkpoints::Checkpoints;
use super::files::Files;
use crate::{Change, Committed, Error, Expect, NewStatement};

/// At most this many changes share a transaction, so that the first need not wait for too many.
const BATCH: usize = 256;

/// What the thread is asked to do.
enum Work {
    Commit(Box<Job>),
    Sequence(Reply<u64>),
    Epoch(Box<Epoch>, Reply<u64>),
    State(Box<NewStatement>, Reply<u64>),
    HandOn(Reply<u64>),
    Cosigned(String, Reply<()>),
    Check(Reply<()>),
}

/// The way to the writer thread. The thread ends when this is dropped, after what is queued.
pub(super) struct Writer {
    queue: Option<Sender<Work>>,
    thread: Option<JoinHandle<()>>,
}

/// What the thread works with.
pub(super) struct Tools {
    pub(super) files: Arc<Files>,
    /// What signs now, and its public half for whoever asks.
    pub(super) key: LogKey,
    pub(super) log_key: Arc<RwLock<LogPublicKey>>,
    /// How often the log was handed on, and what it is handed on to.
    pub(super) handed_on: u32,
    pub(super) log_keys: LogKeys,
    pub(super) origin: String,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) chance: Arc<dyn Chance>,
}

impl Writer {
    pub(super) fn start(tools: Tools) -> std::io::Result<Self> {
        let (queue, work) = channel();
        let thread = std::thread::Builder::new()
            .name("store-writer".to_owned())
            .spawn(move || Thread::new(tools).run(&work))?;
        Ok(Self {
            queue: Some(queue),
            thread: Some(thread),
        })
    }

    pub(super) async fn commit(&self, change: Change, expect: Expect) -> Result<Committed, Error> {
        self.ask(|reply| {
            Work::Commit(Box::new(Job {
                change,
                expect,
                reply,
            }))
        })
        .await
    }

    pub(super) async fn sequence(&self) -> Result<u64, Error> {
        self.ask(Work::Sequence).await
    }

    pub(super) async fn add_epoch(&self, epoch: Epoch) -> Result<u64, Error> {
        self.ask(|reply| Work::Epoch(Box::new(epoch), reply)).await
    }

    pub(super) async fn state(&self, new: NewStatement) -> Result<u64, Error> {
        self.ask(|reply| Work::State(Box::new(new), reply)).await
    }

    pub(super) async fn hand_on(&self) -> Result<u64, Error> {
        self.ask(Work::HandOn).await
    }

    pub(super) async fn keep_cosigned(&self, note: String) -> Result<(), Error> {
        self.ask(|reply| Work::Cosigned(note, reply)).await
    }

    pub(super) async fn check(&self) -> Result<(), Error> {
        self.ask(Work::Check).await
    }

    async fn ask<T>(&self, work: impl FnOnce(Reply<T>) -> Work) -> Result<T, Error> {
        let (reply, answer) = oneshot::channel();
        let is_sent = self
            .queue
            .as_ref()
            .is_some_and(|queue| queue.send(work(reply)).is_ok());
        if !is_sent {
            return Err(Error::Unavailable(Box::new(Stopped)));
        }
        // The thread answers everything it takes; silence means that it died in the middle.
        match answer.await {
            Ok(answer) => answer,
            Err(_) => Err(Error::Unknown(Box::new(Stopped))),
        }
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        drop(self.queue.take());
        if let Some(thread) = self.thread.take() {
            // A panic there has already been reported there.
            let _ = thread.join();
        }
    }
}

#[derive(Debug, thiserror::Error)]
#[error("the writer has stopped")]
struct Stopped;

#[derive(Debug, thiserror::Error)]
#[error("the clock is {0} seconds behind the log")]
struct ClockBehind(i64);

struct Thread {
    tools: Tools,
    session: Option<Session>,
    checkpoints: Checkpoints,
    sequencing: Vec<Reply<u64>>,
}

impl Thread {
    fn new(tools: Tools) -> Self {
        Self {
            checkpoints: Checkpoints::start(Arc::clone(&tools.files)),
            tools,
            session: None,
            sequencing: Vec::new(),
        }
    }

    fn run(mut self, work: &Receiver<Work>) {
        while let Some(first) = self.next(work) {
            let mut jobs = Vec::new();
            let mut checks = Vec::new();
            let mut epochs = Vec::new();
            let mut statements = Vec::new();
            let mut handing_on = Vec::new();
            let mut cosigned = Vec::new();
            for work in first.into_iter().chain(work.try_iter()) {
                match work {
                    Work::Commit(job) => jobs.push(*job),
                    Work::Sequence(reply) => self.sequencing.push(reply),
                    Work::Epoch(epoch, reply) => epochs.push((epoch, reply)),
                    Work::State(new, reply) => statements.push((new, reply)),
                    Work::HandOn(reply) => handing_on.push(reply),
                    Work::Cosigned(note, reply) => cosigned.push((note, reply)),
                    Work::Check(reply) => checks.push(reply),
                }
                if jobs.len() == BATCH {
                    break;
                }
            }
            self.commit(jobs);
            for reply in checks {
                let _ = reply.send(self.check());
            }
            for (epoch, reply) in epochs {
                let _ = reply.send(self.add_epoch(&epoch));
            }
            for (new, reply) in statements {
                let _ = reply.send(self.state(&new));
            }
            for reply in handing_on {
                let _ = reply.send(self.hand_on());
            }
            for (note, reply) in cosigned {
                let _ = reply.send(self.keep_cosigned(&note));
            }
            self.sequence_some();
            self.checkpoints
                .after_commit(self.session.as_ref().map(|session| &session.db));
        }
    }

    /// Waits for work, unless sequencing is under way. The outer `None` is the end.
    #[expect(clippy::option_option, reason = "the end, nothing new, something new")]
    fn next(&self, work: &Receiver<Work>) -> Option<Option<Work>> {
        if self.sequencing.is_empty() {
            work.recv().ok().map(Some)
        } else {
            Some(work.try_recv().ok())
        }
    }

    fn commit(&mut self, jobs: Vec<Job>) {
        if jobs.is_empty() {
            return;
        }
        let now = self.tools.clock.now();
        let key = &self.tools.key;
        let is_sound = match session(&mut self.session, &self.tools.files) {
            Ok(session) => batch::commit(session, key, now, jobs),
            Err(error) => {
                batch::turn_away(jobs, error);
                false
            }
        };
        if !is_sound {
            self.session = None;
        }
    }

    /// Sequences one portion, so that commits get their turn in between.
    fn sequence_some(&mut self) {
        if self.sequencing.is_empty() {
            return;
        }
        let portion = session(&mut self.session, &self.tools.files)
            .and_then(|session| sequence::portion(session, &self.tools));
        match portion {
            Ok(portion) if portion.more => {}
            Ok(portion) => {
                for reply in self.sequencing.drain(..) {
                    let _ = reply.send(Ok(portion.size));
                }
            }
            Err(error) => {
                self.session = None;
                let error = super::convert::Shared::new(error);
                for reply in self.sequencing.drain(..) {
                    let _ = reply.send(Err(Error::Unavailable(Box::new(error.clone()))));
                }
            }
        }
    }

    fn add_epoch(&mut self, epoch: &Epoch) -> Result<u64, Error> {
        let added = session(&mut self.session, &self.tools.files)
            .and_then(|session| sequence::add_epoch(session, &self.tools, epoch));
        if added.is_err() {
            self.session = None;
        }
        added
    }

    fn state(&mut self, new: &NewStatement) -> Result<u64, Error> {
        let stated = session(&mut self.session, &self.tools.files)
            .and_then(|session| stating::state(session, &self.tools, new));
        if stated.is_err() {
            self.session = None;
        }
        stated
    }

    fn hand_on(&mut self) -> Result<u64, Error> {
        let handed_on = session(&mut self.session, &self.tools.files)
            .and_then(|session| stating::hand_on(session, &self.tools));
        let (leaf, key) = handed_on.inspect_err(|_| self.session = None)?;
        let log_key = self.tools.log_key.write();
        *log_key.unwrap_or_else(PoisonError::into_inner) = key.public().clone();
        self.tools.key = key;
        self.tools.handed_on += 1;
        Ok(leaf)
    }

    fn keep_cosigned(&mut self, note: &str) -> Result<(), Error> {
        let session = session(&mut self.session, &self.tools.files)?;
        session.run("UPDATE log SET cosigned = $1", [note])?;
        Ok(())
    }

    /// Proves that the database can be written and that time has not gone back.
    fn check(&mut self) -> Result<(), Error> {
        let now = self.tools.clock.now();
        let session = session(&mut self.session, &self.tools.files)?;
        let last = session.number("SELECT at FROM entry ORDER BY no DESC LIMIT 1", [])?;
        let behind_us = last.map_or(0, |last| last.saturating_sub(now.0));
        if behind_us > MOST_SKEW_US {
            return Err(Error::Unavailable(Box::new(ClockBehind(
                behind_us / 1_000_000,
            ))));
        }
        session.run("UPDATE exchange SET checked_at = $1", [now.0])?;
        Ok(())
    }
}

/// How far the clock may be behind the log: a second.
const MOST_SKEW_US: i64 = 1_000_000;

/// The session in hand, or a new one after trouble.
fn session<'a>(session: &'a mut Option<Session>, files: &Files) -> Result<&'a mut Session, Error> {
    match session {
        Some(session) => Ok(session),
        None => Ok(session.insert(Session::new(files.writer()?))),
    }
}
