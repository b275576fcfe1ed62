//! Whether a worker may open a message: it was told to their team by whoever sent it, and logged
//! as told, so they need no relationship of their own. What the person forbids in name still holds:
//! a barred worker has no mail about whoever barred them, whichever team it was sent to.

use domain::message::{Challenger, Message};
use domain::{Audience, Capacity, Invitation, ResourceId, Role, TeamId, Timestamp, WorkerId};

use crate::{Facts, Request};

/// That one message may be opened. Made only here; it cannot be copied or kept.
#[derive(Debug)]
pub struct Addressed {
    message: ResourceId,
}

impl Addressed {
    /// Which message.
    #[must_use]
    pub fn message(&self) -> ResourceId {
        self.message
    }
}

/// Between whom a message goes: all that may be known of it before it is opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parties {
    /// The message.
    pub message: ResourceId,
    /// Its thread.
    pub thread: ResourceId,
    /// Whom it is about.
    pub person: domain::PersonId,
    /// The team that answers for it, and the desk where it was written.
    pub senders: Vec<TeamId>,
    /// The teams that it is addressed to, and the desks that stand in for them.
    pub teams: Vec<TeamId>,
    /// Deputies and managers to whom it climbed.
    pub above: Vec<WorkerId>,
    /// Somebody close to whom it is about, or who acts for them, between whom and a team it goes.
    pub writer: Option<domain::PersonId>,
    /// Who challenges, if it is a challenge.
    pub challenger: Option<Challenger>,
}

impl Parties {
    /// Between whom this message goes; `above` says who stands above a team by its rota.
    #[must_use]
    pub fn of(message: &Message, above: Vec<WorkerId>) -> Self {
        let mut teams: Vec<TeamId> = Vec::new();
        for delivery in &message.deliveries {
            teams.push(delivery.team.clone());
            teams.push(delivery.with.clone());
        }
        teams.sort_unstable();
        teams.dedup();
        Self {
            message: message.id,
            thread: message.thread,
            person: message.person,
            senders: message.sender.teams(),
            teams,
            above,
            writer: reader_outside(message),
            challenger: message.challenge.as_ref().map(|it| it.by.clone()),
        }
    }
}

/// Who wrote it as somebody close, or is asked by it for what they think.
fn reader_outside(message: &Message) -> Option<domain::PersonId> {
    let wrote = message.family.as_ref().and_then(|word| word.by);
    wrote.or(message.to_be_heard.as_ref().and_then(|it| it.reads))
}

/// Whether this person wrote it, is answered or asked by it: whoever may read nothing of anybody's
/// record reads what they wrote themself.
#[must_use]
pub fn written_by(person: domain::PersonId, parties: &Parties) -> Option<Addressed> {
    (parties.writer == Some(person)).then_some(Addressed {
        message: parties.message,
    })
}

/// Whether a one-time link is for reading and answering this message, and stands.
#[must_use]
pub fn answered_by_link(link: &Invitation, parties: &Parties, now: Timestamp) -> Option<Addressed> {
    let answers = link.answers.as_ref()?;
    let is_it = answers.message.as_str() == parties.message.to_string();
    let was_asked = parties.teams.contains(&answers.team);
    (is_it && was_asked && link.is_live(now)).then_some(Addressed {
        message: parties.message,
    })
}

/// Whether a one-time link is for saying what somebody thinks of what this message asks, and stands.
#[must_use]
pub fn heard_by_link(link: &Invitation, parties: &Parties, now: Timestamp) -> Option<Addressed> {
    let asks = link.hears.as_ref()?;
    let is_it = asks.as_str() == parties.message.to_string();
    (is_it && link.is_live(now)).then_some(Addressed {
        message: parties.message,
    })
}

/// Whether it is what this one challenged: whoever challenges reads what came of it.
#[must_use]
pub fn challenged_by(challenger: &Challenger, parties: &Parties) -> Option<Addressed> {
    (parties.challenger.as_ref() == Some(challenger)).then_some(Addressed {
        message: parties.message,
    })
}

/// Whether the caller is one of those between whom a message goes, and not barred from whom it is
/// about. `teams_of_agency` are the teams that a record system speaks for.
#[must_use]
pub fn addressed(
    request: &Request,
    facts: &Facts,
    parties: &Parties,
    teams_of_agency: &[TeamId],
    now: Timestamp,
) -> Option<Addressed> {
    let Capacity::Worker {
        worker, role, team, ..
    } = &request.caller.capacity
    else {
        return None;
    };
    let same_person = parties.person == facts.person && request.person == facts.person;
    let barred = is_barred(&request.caller.capacity, facts, now);
    let is_party = |team: &TeamId| parties.senders.contains(team) || parties.teams.contains(team);
    let for_agency = *role == Role::System && teams_of_agency.iter().any(is_party);
    let concerned =
        team.as_ref().is_some_and(is_party) || parties.above.contains(worker) || for_agency;
    (same_person && concerned && !barred).then_some(Addressed {
        message: parties.message,
    })
}

/// Whether a bar in force keeps this worker from the person as such: by name, or as one of a team, role
/// or agency.
fn is_barred(capacity: &Capacity, facts: &Facts, now: Timestamp) -> bool {
    let Capacity::Worker {
        worker,
        role,
        organisation,
        team,
        ..
    } = capacity
    else {
        return false;
    };
    let is_of = |audience: &Audience| match audience {
        Audience::Role(barred) => barred == role,
        Audience::Organisation(barred) => barred == organisation,
        Audience::Team(barred) => Some(barred) == team.as_ref(),
        _ => false,
    };
    let bars = facts.circumstances.bars.iter();
    let mut as_such = bars.filter(|bar| bar.is_live(now) && bar.about.is_everything());
    facts.barred_workers(now).contains_key(worker)
        || as_such.any(|bar| bar.against.iter().any(is_of))
}
