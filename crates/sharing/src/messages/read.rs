//! Lists of messages, and opening one. A line of a list was told to the team when the message was
//! sent; opening it is told in the person's account by the name of whoever opens it.

use std::sync::Arc;

use domain::message::{Delivery, Harm, Message, Move, Rung, State};
use domain::{Capacity, ResourceId, Role, TeamId, Timestamp};
use policy::{Addressed, DigestedFacts, Parties};
use store::{Directory, ListLine, Place, Snapshot};

use super::family::sentence::{OPENED, YOURS_OPENED};
use super::outgoing::Outgoing;
use super::{board, by_link, send};
use crate::attempt::{Attempt, until_done};
use crate::disclose::{involved, request};
use crate::event::{Event, Operation};
use crate::invitation::Standing;
use crate::logged::organisation_name;
use crate::whose::Whose;
use crate::{Asking, Channel, Context, Error};

/// A team's list, or a page of it.
#[derive(Debug)]
pub struct Inbox {
    /// Its lines, worst harm first, then what is due first; one for each person and thread.
    pub lines: Vec<Line>,
    /// Where the next page goes on.
    pub next: Option<Place>,
}

/// One line of a list.
#[derive(Debug)]
pub struct Line {
    /// The message.
    pub message: Message,
    /// The delivery by which it stands on this list; `None` where it came back to its sender.
    pub delivery: Option<Delivery>,
    /// By when something is due.
    pub due: Option<Timestamp>,
    /// Whether it should interrupt whoever is on duty.
    pub interrupts: bool,
    /// Whether it stands here because it climbed to the reader.
    pub climbed: bool,
}

impl Line {
    /// Whether it belongs in the digest rather than in today's work.
    #[must_use]
    pub fn is_digest(&self, now: Timestamp) -> bool {
        let due_today = self
            .due
            .is_some_and(|due| due <= now.plus_seconds(24 * 3_600));
        self.message.harm == Harm::Routine && !due_today
    }
}

/// Reads the list of the caller's team, with what climbed to the caller.
///
/// # Errors
/// [`Error::Invalid`] if the directory names no team of the caller's.
pub async fn inbox(
    cx: &Context,
    asking: &Asking,
    limit: u32,
    after: Option<&Place>,
) -> Result<Inbox, Error> {
    let mut snapshot = cx.store.snapshot().await?;
    if snapshot.is_revoked(&asking.token).await? {
        return Err(Error::Revoked);
    }
    let directory = snapshot.directory().await?;
    let Some(worker) = asking.caller.worker().cloned() else {
        return Err(Error::NotFound);
    };
    let teams = teams(asking, &directory)?;
    let mut lists: Vec<String> = teams.iter().map(ListLine::of_team).collect();
    lists.push(ListLine::of_worker(&worker));
    page(cx, snapshot.as_mut(), asking, &lists, limit, after).await
}

/// Reads what the caller's team asked of others and has not closed, worst harm and first due first.
///
/// # Errors
/// As for [`inbox`].
pub async fn requests(
    cx: &Context,
    asking: &Asking,
    limit: u32,
    after: Option<&Place>,
) -> Result<Inbox, Error> {
    let mut snapshot = cx.store.snapshot().await?;
    if snapshot.is_revoked(&asking.token).await? {
        return Err(Error::Revoked);
    }
    let directory = snapshot.directory().await?;
    let teams = teams(asking, &directory)?;
    let lists: Vec<String> = teams.iter().map(ListLine::of_requests).collect();
    page(cx, snapshot.as_mut(), asking, &lists, limit, after).await
}

/// A page of these lists, without what the caller may not open.
async fn page(
    cx: &Context,
    snapshot: &mut dyn Snapshot,
    asking: &Asking,
    lists: &[String],
    limit: u32,
    after: Option<&Place>,
) -> Result<Inbox, Error> {
    let Some(worker) = asking.caller.worker() else {
        return Err(Error::NotFound);
    };
    let directory = snapshot.directory().await?;
    let teams = teams(asking, &directory)?;
    let listed = snapshot
        .listed(lists, worker, limit.saturating_add(1), after)
        .await?;
    let more = listed.len() > limit as usize;
    let mut inbox = Inbox {
        lines: Vec::new(),
        next: None,
    };
    for one in listed.into_iter().take(limit as usize) {
        inbox.next = Some(one.place);
        let opened = addressed(cx, snapshot, asking, &one.parties, &teams).await?;
        let Some((_, addressed)) = opened else {
            continue;
        };
        if let Some((message, _)) = snapshot.message(&addressed).await? {
            inbox.lines.push(line(message, &teams, one.due));
        }
    }
    inbox.next = inbox.next.filter(|_| more);
    Ok(inbox)
}

fn line(message: Message, teams: &[TeamId], due: Option<Timestamp>) -> Line {
    let here = |one: &&Delivery| one.state.is_listed() && teams.contains(&one.with);
    let delivery = message.deliveries.iter().find(here).cloned();
    let climbed = message
        .deliveries
        .iter()
        .find(|one| one.rung > Rung::Team && one.state.owes_answer())
        .filter(|_| delivery.is_none());
    Line {
        interrupts: teams.iter().any(|team| board::interrupts(&message, team)),
        climbed: climbed.is_some(),
        delivery: delivery.or_else(|| climbed.cloned()),
        due,
        message,
    }
}

/// A message opened.
#[derive(Debug)]
pub struct Opened {
    /// The message.
    pub message: Message,
    /// Whether the caller speaks for its sender: may say it anew, close it or take it back.
    pub is_senders: bool,
    /// The delivery that the caller may answer.
    pub own: Option<Delivery>,
    /// The one-time links that are out to answer it, for whoever speaks for its sender.
    pub links: Vec<Standing>,
    /// The others of its thread that the caller may open, oldest first.
    pub thread: Vec<Message>,
}

/// Opens a message. The first time that a worker opens it, the person's account says so.
///
/// # Errors
/// [`Error::NotFound`] if there is no such message, or it is not the caller's to open.
pub async fn open(cx: &Context, asking: &Asking, id: ResourceId) -> Result<Opened, Error> {
    let operation = cx.draw();
    until_done(|| open_once(cx, asking, id, operation)).await
}

async fn open_once(
    cx: &Context,
    asking: &Asking,
    id: ResourceId,
    operation: [u8; 16],
) -> Result<Opened, Attempt> {
    let (mut snapshot, directory, teams, mut found) = in_hand(cx, asking, id).await?;
    let thread = thread(cx, snapshot.as_mut(), asking, &found.message, &teams).await?;
    let is_senders = speaks_for_sender(&found.message, &teams);
    let links = match is_senders {
        true => by_link::standing(cx, snapshot.as_mut(), &found).await?,
        false => Vec::new(),
    };
    let opened = |message: Message| Opened {
        is_senders,
        links,
        own: own(&message, &teams).cloned(),
        thread,
        message,
    };
    let Some(place) = own_place(&found.message, &teams) else {
        return Ok(opened(found.message));
    };
    let now = cx.now();
    let worker = asking.caller.worker().cloned().ok_or(Error::NotFound)?;
    let delivery = &mut found.message.deliveries[place];
    if delivery.state == State::Ended || delivery.seen_by.iter().any(|(who, _)| *who == worker) {
        return Ok(opened(found.message));
    }
    delivery
        .make(Move::See(worker), now)
        .map_err(|refused| send::not_now(&refused.to_string()))?;

    let mut outgoing = Outgoing::new(cx, asking, operation);
    outgoing.rest_on_facts(&found.facts);
    let whose = Whose::of(cx, snapshot.as_mut(), &found.facts).await?;
    let event = found.event(cx, snapshot.as_mut(), asking).await?;
    outgoing.tell(&whose, &mut found.message, &event)?;
    let message = found.message.clone();
    outgoing.write(board::keep(found.message, found.version, &directory));
    drop(snapshot);
    outgoing.commit().await?;
    Ok(opened(message))
}

/// A message that the caller may open, to act on it: what is known at that moment, who is who, and the
/// teams for which the caller acts.
pub(super) async fn in_hand(
    cx: &Context,
    asking: &Asking,
    id: ResourceId,
) -> Result<(Box<dyn Snapshot>, Arc<Directory>, Vec<TeamId>, Found), Error> {
    let mut snapshot = cx.store.snapshot().await?;
    let directory = snapshot.directory().await?;
    let own = teams(asking, &directory)?;
    let found = Found::of(cx, snapshot.as_mut(), asking, id, &own).await?;
    Ok((snapshot, directory, own, found))
}

/// A message that the caller may open, with the facts on which that rests.
pub(super) struct Found {
    pub message: Message,
    pub version: u32,
    pub facts: Arc<DigestedFacts>,
}

impl Found {
    pub(super) async fn of(
        cx: &Context,
        snapshot: &mut dyn Snapshot,
        asking: &Asking,
        id: ResourceId,
        teams: &[TeamId],
    ) -> Result<Self, Error> {
        let parties = snapshot.parties(&id).await?.ok_or(Error::NotFound)?;
        let (facts, addressed) = addressed(cx, snapshot, asking, &parties, teams)
            .await?
            .ok_or(Error::NotFound)?;
        let found = snapshot.message(&addressed).await?;
        let (message, version) = found.ok_or(Error::NotFound)?;
        Ok(Self {
            message,
            version,
            facts,
        })
    }

    /// What the account says of somebody's opening it.
    async fn event(
        &self,
        cx: &Context,
        snapshot: &mut dyn Snapshot,
        asking: &Asking,
    ) -> Result<Event, Error> {
        let agency = organisation_name(snapshot, asking).await?;
        let mut event = Event::plain(asking, &agency, Operation::Message, cx.now());
        policy::Answer::Permit.code().clone_into(&mut event.answer);
        Channel::Message.code().clone_into(&mut event.channel);
        self.message.purpose.code().clone_into(&mut event.purpose);
        event.count = 1;
        event.content = send::content(&self.message);
        if let Some(word) = &self.message.family {
            Operation::Family.code().clone_into(&mut event.operation);
            let because = if word.found { OPENED } else { YOURS_OPENED };
            because.clone_into(&mut event.because);
        }
        Ok(event)
    }
}

/// Whether the caller may open a message, and the facts on which that rests.
pub(super) async fn addressed(
    cx: &Context,
    snapshot: &mut dyn Snapshot,
    asking: &Asking,
    parties: &Parties,
    teams: &[TeamId],
) -> Result<Option<(Arc<DigestedFacts>, Addressed)>, Error> {
    let Some(facts) = snapshot.facts(parties.person).await? else {
        return Ok(None);
    };
    let request = request(asking, &facts);
    let addressed = policy::addressed(&request, &facts, parties, teams, cx.now());
    Ok(addressed.map(|addressed| (facts, addressed)))
}

async fn thread(
    cx: &Context,
    snapshot: &mut dyn Snapshot,
    asking: &Asking,
    message: &Message,
    teams: &[TeamId],
) -> Result<Vec<Message>, Error> {
    let mut thread = Vec::new();
    for parties in snapshot.parties_about(message.person).await? {
        if parties.thread != message.thread || parties.message == message.id {
            continue;
        }
        let opened = addressed(cx, snapshot, asking, &parties, teams).await?;
        if let Some((_, addressed)) = opened {
            thread.extend(snapshot.message(&addressed).await?.map(|(one, _)| one));
        }
    }
    thread.sort_by_key(|one| one.at);
    Ok(thread)
}

/// The messages about one person that the caller may open, newest first.
#[derive(Debug)]
pub struct About {
    /// The messages.
    pub messages: Vec<Message>,
    /// The teams that are involved with the person, to which one could be sent.
    pub teams: Vec<TeamId>,
}

/// Reads the messages about whoever this Patient is that the caller may open.
///
/// # Errors
/// [`Error::NotFound`] if the caller may not open the person's record.
pub async fn about(cx: &Context, asking: &Asking, patient: ResourceId) -> Result<About, Error> {
    let mut snapshot = cx.store.snapshot().await?;
    let directory = snapshot.directory().await?;
    let known = send::Known::of(cx, snapshot.as_mut(), asking, patient).await?;
    let teams = teams(asking, &directory)?;
    let mut messages = Vec::new();
    for parties in snapshot.parties_about(known.facts.person).await? {
        let opened = addressed(cx, snapshot.as_mut(), asking, &parties, &teams).await?;
        if let Some((_, addressed)) = opened {
            messages.extend(snapshot.message(&addressed).await?.map(|(one, _)| one));
        }
    }
    let own = super::own_team(asking)?;
    // Care that is closely held is not told by who gives it.
    let shown = match &known.permit {
        Some(permit) => involved(snapshot.as_mut(), &known.facts, permit).await?,
        None => Vec::new(),
    };
    let mut involved = send::teams_involved(&shown, &directory, cx.now());
    involved.retain(|team| *team != own);
    Ok(About {
        messages,
        teams: involved,
    })
}

/// The teams that the caller speaks for: their own; for a record system, all of its agency's.
pub(super) fn teams(asking: &Asking, directory: &Directory) -> Result<Vec<TeamId>, Error> {
    if let Capacity::Worker {
        role: Role::System,
        organisation,
        ..
    } = &asking.caller.capacity
    {
        let teams = directory.teams.values();
        return Ok(teams
            .filter(|team| team.organisation == *organisation)
            .map(|team| team.id.clone())
            .collect());
    }
    Ok(vec![super::own_team(asking)?])
}

/// Whether one of these teams answers for the message.
pub(super) fn speaks_for_sender(message: &Message, teams: &[TeamId]) -> bool {
    message
        .sender
        .teams()
        .iter()
        .any(|team| teams.contains(team))
}

/// The place of the delivery that one of these teams answers.
pub(super) fn own_place(message: &Message, teams: &[TeamId]) -> Option<usize> {
    let mine = |one: &Delivery| teams.contains(&one.with) || teams.contains(&one.team);
    message.deliveries.iter().position(mine)
}

fn own<'m>(message: &'m Message, teams: &[TeamId]) -> Option<&'m Delivery> {
    own_place(message, teams).and_then(|place| message.deliveries.get(place))
}
