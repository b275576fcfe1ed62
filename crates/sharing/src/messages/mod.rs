//! Messages between teams: sending, the lists they stand on, answering, and what falls due.
//!
//! Sending tells a team something about somebody, so it is decided and stands in the account
//! before the team has it, like any disclosure. Opening is told in the account as well, by name.

pub mod act;
pub(crate) mod alarm;
pub(crate) mod attempts;
mod board;
pub mod by_link;
pub mod call;
pub mod challenge;
pub mod claim;
mod close;
pub mod concern;
pub mod counts;
pub mod discussion;
mod due;
pub mod extract;
pub mod face;
pub mod family;
pub(crate) mod flag;
pub mod hearing;
mod in_person;
pub(crate) mod kept_out;
pub(crate) mod look_up;
pub(crate) mod one_tap;
mod outgoing;
pub mod own_words;
pub mod planned;
pub mod protecting;
pub mod protection;
mod read;
pub(crate) mod reassign;
mod recall;
pub mod request;
pub mod requirement;
pub mod respond;
pub(crate) mod retracted;
mod routing;
pub(crate) mod send;
mod standing;
mod unseen;
mod wrong_person;

use domain::Capacity;
use domain::TeamId;

use crate::{Asking, Error};

pub use act::{answer, close, finish, retract, tell, update};
pub use attempts::resolve;
pub use close::{Close, THEMSELF, close_to};
pub use due::{Done, do_what_is_due};
pub use read::{About, Inbox, Line, Opened, about, inbox, open, requests};
pub use recall::Standing as GivenUp;
pub use send::{Letter, Sent, send, teams_involved};
pub use wrong_person::{may_be_wrong, wrong_person};

/// The longest text of a message, in letters: two pages.
pub const LONGEST: usize = 5_000;

/// The team that the caller works in.
fn own_team(asking: &Asking) -> Result<TeamId, Error> {
    match &asking.caller.capacity {
        Capacity::Worker {
            team: Some(team), ..
        } => Ok(team.clone()),
        Capacity::Person(_) | Capacity::Outsider { .. } => Err(Error::NotFound),
        Capacity::Worker { .. } => Err(Error::invalid(fhir::Issue::error(
            fhir::IssueCode::BusinessRule,
            "messages go from team to team, and the directory names no team of yours: ask whoever keeps your agency's directory to add one",
        ))),
    }
}
