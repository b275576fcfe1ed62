//! One delivery of a message to one team: its states, and the moves between them.
//!
//! ```text
//! Waiting -> Delivered -> Seen -> Mine -> Actioned -> Ended
//!      (nobody on duty)      \-> NotMine, or MoreNeeded -> Delivered anew
//! any of them -> Recalled -> Ended      (the message was retracted and somebody had seen it)
//! ```
//!
//! A move that a state does not allow is refused in words; nothing is ever moved by silence: what
//! is not answered stays as it is and climbs a rung, from the team to its deputy to its manager.

use serde::{Deserialize, Serialize};

use crate::message::{Outcome, Response};
use crate::{TeamId, Timestamp, WorkerId};

/// Where a delivery stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    /// Sent, and nobody is on duty to have it.
    Waiting,
    /// On the list of somebody on duty.
    Delivered,
    /// Opened by a worker.
    Seen,
    /// "Mine": somebody has taken it.
    Mine,
    /// "Not mine": they know, and it is not theirs; the sender must look elsewhere.
    NotMine,
    /// They need to know more before they can answer a request: it is the sender's turn, and no
    /// clock runs.
    MoreNeeded,
    /// Done.
    Actioned,
    /// The message was retracted after somebody saw it: they must say that they know.
    Recalled,
    /// Off the list.
    Ended,
}

impl State {
    /// The word in rows and in FHIR.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Delivered => "delivered",
            Self::Seen => "seen",
            Self::Mine => "mine",
            Self::NotMine => "not-mine",
            Self::MoreNeeded => "more-needed",
            Self::Actioned => "actioned",
            Self::Recalled => "recalled",
            Self::Ended => "ended",
        }
    }

    /// How a page says it.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::Waiting => "waiting: nobody on duty",
            Self::Delivered => "delivered",
            Self::Seen => "seen",
            Self::Mine => "taken",
            Self::NotMine => "not theirs",
            Self::MoreNeeded => "needs to know more",
            Self::Actioned => "done",
            Self::Recalled => "retracted: not yet acknowledged",
            Self::Ended => "ended",
        }
    }

    /// Whether an answer is owed.
    #[must_use]
    pub fn owes_answer(self) -> bool {
        matches!(
            self,
            Self::Waiting | Self::Delivered | Self::Seen | Self::Recalled
        )
    }

    /// Whether it stands on a list.
    #[must_use]
    pub fn is_listed(self) -> bool {
        self.owes_answer() || self == Self::Mine
    }
}

/// How far an unanswered delivery has climbed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Rung {
    /// With the team.
    Team,
    /// With its deputy as well.
    Deputy,
    /// With its manager as well.
    Manager,
}

impl Rung {
    /// The next one up; the top stays.
    #[must_use]
    pub fn up(self) -> Self {
        match self {
            Self::Team => Self::Deputy,
            Self::Deputy | Self::Manager => Self::Manager,
        }
    }
}

/// An answer in one tap.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Reply {
    /// "Mine."
    Mine,
    /// "Not mine."
    NotMine,
    /// "This is somebody else than the person we know."
    WrongPerson,
}

/// What may happen to a delivery.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Move {
    /// It comes onto the list of a team with somebody on duty.
    Deliver {
        /// Whose list: the team addressed, or the desk that stands in for it.
        with: TeamId,
        /// By when they answer; `None` if no answer is owed.
        due: Option<Timestamp>,
    },
    /// A worker opens it.
    See(WorkerId),
    /// A worker answers.
    Answer(WorkerId, Reply),
    /// A worker says that it is done.
    Finish(WorkerId),
    /// A worker answers a request.
    Respond(WorkerId, Box<Response>),
    /// A worker says what became of a concern.
    Triage(WorkerId, Box<Outcome>),
    /// Nobody answered in time.
    Climb {
        /// How far.
        to: Rung,
        /// By when the next one up answers.
        due: Timestamp,
    },
    /// The sender said something new: it has to be seen again.
    Renew {
        /// By when they answer.
        due: Timestamp,
    },
    /// Somebody who took no part in it found that it should not have been refused: it is answered anew.
    Reopen {
        /// The ground that no longer counts, by its code; `None` where part may still stay back on it.
        ground: Option<String>,
        /// By when they answer.
        due: Timestamp,
    },
    /// The sender ended it.
    End,
    /// The sender took it back as wrong.
    Recall {
        /// By when whoever saw it says that they know.
        due: Timestamp,
    },
}

/// A move that a delivery's state does not allow.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Illegal {
    /// What was tried.
    pub tried: &'static str,
    /// Where the delivery stands.
    pub state: State,
}

impl std::fmt::Display for Illegal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { tried, state } = self;
        write!(f, "it cannot be {tried}: it is {}", state.words())
    }
}

impl std::error::Error for Illegal {}

/// One delivery of a message to one team.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Delivery {
    /// The team addressed.
    pub team: TeamId,
    /// On whose list it stands now: the team's, or that of a desk which stands in for it.
    pub with: TeamId,
    /// Where it stands.
    pub state: State,
    /// Since when it stands there.
    pub since: Timestamp,
    /// When it was sent, which "waiting since" counts from.
    pub sent: Timestamp,
    /// By when an answer is due; `None` while none is owed.
    pub due: Option<Timestamp>,
    /// How far it has climbed.
    pub rung: Rung,
    /// Everyone who opened it, with the first time.
    pub seen_by: Vec<(WorkerId, Timestamp)>,
    /// Who answered last, and when.
    pub answered: Option<(WorkerId, Timestamp)>,
    /// What they answered, if it is a request.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub response: Option<Response>,
    /// What became of it, if it is a concern.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outcome: Option<Outcome>,
    /// Whether it was refused at first, and a later answer gave all or part of it, or said whom to ring.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub was_overturned: bool,
    /// Since when what they answered is challenged, while nobody decided about that.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contested: Option<Timestamp>,
    /// Whether they answered that it is about somebody else than the person they know.
    #[serde(default)]
    pub is_of_another: bool,
    /// The grounds on which they cannot refuse it again, because a refusal on them was overturned.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub no_longer: Vec<String>,
}

impl Delivery {
    /// How a page says where it stands.
    #[must_use]
    pub fn words(&self) -> &'static str {
        match self.state {
            State::NotMine if self.is_of_another => "about somebody else, they say",
            state => state.words(),
        }
    }

    /// A delivery just sent, on nobody's list yet.
    #[must_use]
    pub fn new(team: TeamId, now: Timestamp) -> Self {
        Self {
            with: team.clone(),
            team,
            state: State::Waiting,
            since: now,
            sent: now,
            due: None,
            rung: Rung::Team,
            seen_by: Vec::new(),
            answered: None,
            response: None,
            outcome: None,
            was_overturned: false,
            contested: None,
            is_of_another: false,
            no_longer: Vec::new(),
        }
    }

    /// Makes a move.
    ///
    /// # Errors
    /// [`Illegal`] if the state does not allow it; the delivery is as it was.
    pub fn make(&mut self, step: Move, now: Timestamp) -> Result<(), Illegal> {
        use State::{
            Actioned, Delivered, Ended, Mine, MoreNeeded, NotMine, Recalled, Seen, Waiting,
        };
        let state = self.state;
        match (state, step) {
            (Waiting | Delivered | Seen, Move::Deliver { with, due }) => {
                let next = if state == Seen { Seen } else { Delivered };
                self.with = with;
                self.state = next;
                self.since = now;
                self.due = due;
            }
            (Ended, Move::See(_)) => return Err(self.illegal("opened")),
            (_, Move::See(worker)) => self.see(worker, now),
            (Waiting | Delivered | Seen, Move::Answer(worker, reply)) => {
                self.see(worker.clone(), now);
                self.answered = Some((worker, now));
                self.is_of_another = reply == Reply::WrongPerson;
                self.settle(if reply == Reply::Mine { Mine } else { NotMine }, now);
            }
            // A second answer puts the first right.
            (Mine | NotMine, Move::Answer(worker, reply)) => {
                self.answered = Some((worker, now));
                self.is_of_another = reply == Reply::WrongPerson;
                self.settle(if reply == Reply::Mine { Mine } else { NotMine }, now);
            }
            (Recalled, Move::Answer(worker, _)) => {
                self.answered = Some((worker, now));
                self.settle(Ended, now);
            }
            // What is done was theirs, said or not.
            (Waiting | Delivered | Seen | Mine, Move::Finish(worker)) => {
                self.see(worker.clone(), now);
                self.answered = Some((worker, now));
                self.settle(Actioned, now);
            }
            // A later answer puts an earlier one right: part today, the rest tomorrow.
            (
                Waiting | Delivered | Seen | MoreNeeded | Actioned,
                Move::Respond(worker, response),
            ) => {
                self.see(worker.clone(), now);
                self.answered = Some((worker, now));
                let next = if *response == Response::MoreNeeded {
                    MoreNeeded
                } else {
                    Actioned
                };
                let was_refused = matches!(self.response, Some(Response::Refused(_)));
                self.was_overturned |= was_refused && response.gives();
                self.response = Some(*response);
                self.settle(next, now);
            }
            (_, Move::Respond(..)) => return Err(self.illegal("answered")),
            // A later outcome puts an earlier one right: no action today, an inquiry next week.
            (Waiting | Delivered | Seen | Mine | Actioned, Move::Triage(worker, outcome)) => {
                self.see(worker.clone(), now);
                self.answered = Some((worker, now));
                self.outcome = Some(*outcome);
                self.settle(Actioned, now);
            }
            (_, Move::Triage(..)) => return Err(self.illegal("triaged")),
            (_, Move::Answer(..)) => return Err(self.illegal("answered")),
            (_, Move::Finish(_)) => return Err(self.illegal("marked done")),
            (Mine, Move::Climb { .. }) if self.due.is_none() => {
                return Err(self.illegal("escalated"));
            }
            // What was taken on and not done by its day climbs like what nobody took.
            (Waiting | Delivered | Seen | Mine | Recalled, Move::Climb { to, due }) => {
                self.rung = to;
                self.due = Some(due);
            }
            (_, Move::Climb { .. }) => return Err(self.illegal("escalated")),
            (Recalled | Ended, Move::Renew { .. }) => return Err(self.illegal("updated")),
            (Waiting, Move::Renew { .. }) => {}
            (_, Move::Renew { due }) => {
                self.rung = Rung::Team;
                self.owe(Delivered, due, now);
            }
            (_, Move::Deliver { .. }) => return Err(self.illegal("delivered")),
            (Actioned, Move::Reopen { ground, due }) => {
                self.rung = Rung::Team;
                self.no_longer.extend(ground);
                self.owe(Delivered, due, now);
            }
            (_, Move::Reopen { .. }) => return Err(self.illegal("opened again")),
            (Recalled, Move::End) => {}
            (_, Move::End) => self.settle(Ended, now),
            (Recalled | Ended, Move::Recall { .. }) => return Err(self.illegal("retracted")),
            (_, Move::Recall { due }) if self.was_seen() => {
                self.rung = Rung::Team;
                self.owe(Recalled, due, now);
            }
            // Nobody saw it: there is nothing to take back from anybody.
            (_, Move::Recall { .. }) => self.settle(Ended, now),
        }
        Ok(())
    }

    /// Whether anybody opened it.
    #[must_use]
    pub fn was_seen(&self) -> bool {
        !self.seen_by.is_empty()
    }

    /// Whether an answer is owed and its time is past.
    #[must_use]
    pub fn is_overdue(&self, now: Timestamp) -> bool {
        (self.state.owes_answer() || self.state == State::Mine)
            && self.due.is_some_and(|due| due <= now)
    }

    fn see(&mut self, worker: WorkerId, now: Timestamp) {
        if !self.seen_by.iter().any(|(known, _)| *known == worker) {
            self.seen_by.push((worker, now));
        }
        // Who looks in while nobody is on duty has not got it yet.
        if self.state == State::Delivered {
            self.state = State::Seen;
            self.since = now;
        }
    }

    fn owe(&mut self, state: State, due: Timestamp, now: Timestamp) {
        self.state = state;
        self.since = now;
        self.due = Some(due);
    }

    fn settle(&mut self, state: State, now: Timestamp) {
        self.state = state;
        self.since = now;
        self.due = None;
    }

    fn illegal(&self, tried: &'static str) -> Illegal {
        Illegal {
            tried,
            state: self.state,
        }
    }
}

#[cfg(test)]
mod tests;
