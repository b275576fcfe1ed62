//! What the store keeps of messages: each with its lines on lists and its due work, so that all
//! three move in one commit.

use domain::Timestamp;
use domain::message::{Harm, Message};
use policy::Parties;

/// A message as it is to be kept.
#[derive(Debug, Clone)]
pub struct NewMessage {
    /// The message.
    pub message: Message,
    /// The version that the writer saw; 0 if there was none. Otherwise [`Conflict`](crate::Error::Conflict).
    pub replaces: u32,
    /// Where it stands on lists; replaces all lines that it had.
    pub lines: Vec<ListLine>,
    /// What falls due about it, when and as the one who does it reads it; replaces all that was due.
    pub due: Vec<(Timestamp, String)>,
}

/// A line on one list.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct ListLine {
    /// Whose list: see [`ListLine::of_team`], [`ListLine::of_requests`], [`ListLine::of_worker`] and
    /// [`ListLine::of_writer`].
    pub list: String,
    /// What waiting may cost.
    pub harm: Harm,
    /// By when something is due; `None` if nothing is.
    pub due: Option<Timestamp>,
}

impl ListLine {
    /// The list of a team.
    #[must_use]
    pub fn of_team(team: &domain::TeamId) -> String {
        team.as_str().to_owned()
    }

    /// The list of what a team asked others for.
    #[must_use]
    pub fn of_requests(team: &domain::TeamId) -> String {
        format!("?{team}")
    }

    /// The list of what somebody wrote or is asked who is close to a person: what stands for their team.
    #[must_use]
    pub fn of_writer(writer: domain::PersonId) -> String {
        format!("~{writer}")
    }

    /// The list of somebody who stands above a team.
    #[must_use]
    pub fn of_worker(worker: &domain::WorkerId) -> String {
        format!("@{worker}")
    }
}

/// A place in lists, after which the next page goes on.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// The rank of the harm.
    pub harm: u8,
    /// When it is due, in microseconds.
    pub due: i64,
    /// The row.
    pub row: i64,
}

/// A line read: what may be known before the message is opened.
#[derive(Debug, Clone)]
pub struct Listed {
    /// Between whom it goes.
    pub parties: Parties,
    /// Where it stands.
    pub place: Place,
    /// By when something is due.
    pub due: Option<Timestamp>,
}
