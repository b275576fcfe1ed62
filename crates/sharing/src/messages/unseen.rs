//! Somebody for everyone: each day the exchange looks who has a record that agencies share and that
//! nobody outside them can see, and asks a team of the council to find somebody.
//!
//! The team has no part in the person's care, and nobody who has closes the task. It ends by itself
//! on the day after somebody is there. One that was done although nobody is comes back after a month.

use domain::message::{Delivery, Ending, Kind, Message, Move, State, clock::due};
use domain::{
    OrganisationKind, PersonId, Purpose, Remit, ResourceId, Team, TeamId, Timestamp, WorkerId,
};
use policy::{Facts, Internal};
use sha2::{Digest, Sha256};
use store::{Change, Directory, Expect, Snapshot, Write};

use super::outgoing::Outgoing;
use super::send::{deliver, outside_name, teams_involved};
use super::standing::{known_to, of_exchange, standing};
use super::{board, routing};
use crate::attempt::{Attempt, until_done};
use crate::event::{Event, Operation};
use crate::whose::Whose;
use crate::{Channel, Context, Error};

/// What the look at everybody is known by among what is due.
pub(super) const EVERYBODY: ResourceId = ResourceId(*b"who-can-check-it");
/// How many people are looked at in one turn.
const PORTION: u32 = 2_000;
const DAY_SECONDS: i64 = 86_400;
/// After how long a task that was done, with nobody there, comes back.
const MONTH_SECONDS: i64 = 30 * DAY_SECONDS;

const WORDS: &str = "Agencies share this person's record, the person cannot look after it themself (they were found \
     unable to decide about information, or are a child), and nobody outside the caring agencies can see this record: nobody acts or speaks for them, and nobody was let in. \
     Find somebody: refer them for independent advocacy (Mental Health (Care and Treatment) (Scotland) Act 2003 s.259), \
     ask for a named person or guardian, or let somebody whom they trust in by a link. It goes by itself when somebody \
     is there.";

/// Puts the look at everybody on the list of what is due, once for an exchange.
pub(super) async fn begin(cx: &Context) -> Result<(), Error> {
    let mut snapshot = cx.store.snapshot().await?;
    if snapshot.looks_again(&EVERYBODY.0).await?.is_some() {
        return Ok(());
    }
    drop(snapshot);
    goes_on(cx, String::new(), cx.now()).await
}

async fn goes_on(cx: &Context, body: String, at: Timestamp) -> Result<(), Error> {
    let again = Write::LookAgain {
        subject: EVERYBODY.0,
        body,
        at: Some(at),
    };
    let change = Change {
        writes: vec![again],
        ..Change::default()
    };
    cx.store.commit(change, Expect::default()).await?;
    Ok(())
}

/// Looks at the next people, and says when to go on: in the next turn, or tomorrow.
pub(super) async fn look(cx: &Context) -> Result<(), Error> {
    let mut snapshot = cx.store.snapshot().await?;
    let stands = snapshot.looks_again(&EVERYBODY.0).await?;
    let after = stands.and_then(|(_, body)| body.parse().ok());
    let people = snapshot
        .everybody(Internal::Alerting, after, PORTION)
        .await?;
    drop(snapshot);
    for person in &people {
        until_done(|| once(cx, *person)).await?;
    }
    match people.last().filter(|_| people.len() == PORTION as usize) {
        Some(last) => goes_on(cx, last.to_string(), cx.now()).await,
        None => goes_on(cx, String::new(), cx.now().plus_seconds(DAY_SECONDS)).await,
    }
}

async fn once(cx: &Context, person: PersonId) -> Result<(), Attempt> {
    let mut snapshot = cx.store.snapshot().await?;
    let Some(facts) = snapshot.facts(person).await? else {
        return Ok(());
    };
    let policies = cx.policies.at(snapshot.as_mut()).await?;
    let unseen = policy::is_unseen(&facts, &policies, cx.now());
    let (id, found) = standing(cx, snapshot.as_mut(), matter(&facts)).await?;
    let directory = snapshot.directory().await?;
    let mut outgoing = Outgoing::unasked(cx);
    outgoing.rest_on_facts(&facts);
    let kept = match (unseen, found) {
        (false, None) => None,
        (false, Some((message, version))) => Some((ended(message, cx.now()), version)),
        (true, Some((message, version))) => {
            comes_back(message, &directory, cx.now()).map(|message| (message, version))
        }
        (true, None) => {
            let raised = raise(cx, snapshot.as_mut(), &facts, (id, &directory)).await?;
            if let Some((message, told)) = &raised {
                let whose = Whose::of(cx, snapshot.as_mut(), &facts).await?;
                outgoing.tell_now(&whose, &event(cx, message, told))?;
            }
            raised.map(|(message, _)| (message, 0))
        }
    };
    let Some((message, version)) = kept else {
        return Ok(());
    };
    outgoing.write(board::keep(message, version, &directory));
    drop(snapshot);
    outgoing.commit().await?;
    Ok(())
}

/// What a task is about: the person.
fn matter(facts: &Facts) -> Sha256 {
    let mut matter = Sha256::new_with_prefix(b"unseen/v1");
    matter.update(facts.person.0);
    matter
}

/// The task, and the name of the team that has it; `None` if no council has a team apart.
async fn raise(
    cx: &Context,
    snapshot: &mut dyn Snapshot,
    facts: &Facts,
    (id, directory): (ResourceId, &Directory),
) -> Result<Option<(Message, String)>, Error> {
    let Some(team) = team_apart(facts, directory, cx.now()) else {
        tracing::warn!(
            "a record that nobody outside can see waits: no council has a team without a part in the care"
        );
        return Ok(None);
    };
    let Some(known) = known_to(snapshot, facts, &team, directory).await? else {
        return Ok(None);
    };
    let matter = (Kind::Unseen, Purpose::Review);
    let mut message = of_exchange(cx, id, matter, known, WORDS.to_owned());
    deliver(cx, &mut message, &team, directory)?;
    let told = outside_name(&team, None, directory).unwrap_or_default();
    Ok(Some((message, told)))
}

/// A team of a council that has no part in the person's care: of a council that is involved with them
/// or holds a record before any other, then by what the team is for.
fn team_apart(facts: &Facts, directory: &Directory, now: Timestamp) -> Option<TeamId> {
    let cares = teams_involved(&facts.relationships, directory, now);
    let is_apart = |team: &&Team| {
        let agency = directory.organisations.get(&team.organisation);
        let is_council = agency.is_some_and(|it| it.kind == OrganisationKind::SocialWork);
        let closed = directory.rotas.get(&team.id);
        let closed = closed.and_then(|rota| rota.closed.as_ref());
        let is_there = closed.is_none_or(|closed| now < closed.at);
        // Whoever looks again at what is challenged takes no part in what agencies do.
        let looks_again = team.remits.contains(&Remit::InformationRights);
        is_council && is_there && !looks_again && !cares.contains(&team.id)
    };
    let is_known = |team: &Team| {
        let mut live = facts.relationships.iter().filter(|it| it.is_live(now));
        let mut holders = facts.classes.iter().map(|(_, label)| &label.custodian);
        live.any(|it| it.organisation == team.organisation)
            || holders.any(|holder| *holder == team.organisation)
    };
    let is_child = facts.circumstances.person.is_at_least(16, now) == Some(false);
    let rank = |team: &&Team| (!is_known(team), suits(team, is_child, directory));
    let apart = directory.teams.values().filter(is_apart);
    apart.min_by_key(rank).map(|team| team.id.clone())
}

/// How well a team suits somebody of this age, best first: those who find named persons and advocates,
/// those who work with people of that age, those of whom the directory says nothing, those for others,
/// and last a duty desk, which is there for the night.
fn suits(team: &Team, is_child: bool, directory: &Directory) -> u8 {
    let has = |remit| team.remits.contains(&remit);
    let (own, finds) = match is_child {
        true => (Remit::Children, false),
        false => (Remit::Adults, has(Remit::MentalHealthOfficers)),
    };
    if finds {
        0
    } else if has(own) {
        1
    } else if directory.duties.iter().any(|duty| duty.team == team.id) {
        4
    } else if team.remits.is_empty() {
        2
    } else {
        3
    }
}

/// The line of the account: that a council's team was told that this person has nobody.
fn event(cx: &Context, message: &Message, told: &str) -> Event {
    Event {
        operation: Operation::Message.code().to_owned(),
        name: message.sender.name.clone(),
        told: told.to_owned(),
        at: cx.now().to_string(),
        purpose: message.purpose.code().to_owned(),
        channel: Channel::Message.code().to_owned(),
        answer: policy::Answer::Permit.code().to_owned(),
        count: 1,
        content: super::send::content(message),
        ..Event::default()
    }
}

/// The task without a list: somebody is there.
fn ended(mut message: Message, now: Timestamp) -> Message {
    let ending = Ending {
        at: now,
        by: message.sender.worker.clone(),
        reason: "somebody can see the record now".to_owned(),
    };
    // It is in force, and so are those of its deliveries that did not end.
    let _ = message.close(ending);
    for delivery in &mut message.deliveries {
        let _ = delivery.make(Move::End, now);
    }
    message
}

/// The task again, where it was done a month ago and nobody is there; `None` while it stands on a
/// list, or may still have done its work.
fn comes_back(mut message: Message, directory: &Directory, now: Timestamp) -> Option<Message> {
    let rests = |one: &Delivery| !one.state.is_listed() && one.state != State::Ended;
    let month_ago = now.plus_seconds(-MONTH_SECONDS);
    let all_rest = |one: &Delivery| rests(one) && one.since <= month_ago;
    if !message.deliveries.iter().all(all_rest) {
        return None;
    }
    let terms = message.terms();
    for delivery in &mut message.deliveries {
        let due = due(
            terms.clock(),
            now,
            routing::opening(directory, &delivery.team),
        );
        let _ = delivery.make(Move::Renew { due }, now);
    }
    Some(message)
}

/// Whether a worker has a part in the care of the person, so that the task is not theirs to end.
pub(super) fn shares(
    facts: &Facts,
    teams: &[TeamId],
    worker: &WorkerId,
    (directory, now): (&Directory, Timestamp),
) -> bool {
    let cares = teams_involved(&facts.relationships, directory, now);
    let mut live = facts.relationships.iter().filter(|it| it.is_live(now));
    teams.iter().any(|team| cares.contains(team))
        || live.any(|it| it.worker.as_ref() == Some(worker))
}
