//! The asymmetry alarm: agencies told others about somebody, or plan a decision about them, while the
//! one who acts for them was neither told nor heard.
//!
//! It is a task on the list of the team that told or decides: one for each person left out, however
//! much was said. It comes onto the list when a call round has had time to reach everybody, goes by
//! itself when they were told, heard, or a closed ground was recorded, and climbs when it is overdue.
//! It names nobody but the person: who was left out is said by what they are to them.

use domain::arrangement::DecisionState;
use domain::message::{Delivery, Ending, Kind, Message, Move, Stage};
use domain::{OrganisationKind, PartyId, PersonId, Purpose, ResourceId, TeamId, Timestamp};
use policy::Facts;
use policy::alarm::{Alarm, alarms, next_change, to_be_asked};
use sha2::{Digest, Sha256};
use store::{Directory, Snapshot, Write};

use super::close::{parties, who};
use super::flag::day;
use super::outgoing::Outgoing;
use super::send::{blank_of, teams_involved};
use super::standing::{known_to, of_exchange, standing};
use super::{board, hearing, in_person};
use crate::attempt::Attempt;
use crate::{Asking, Context, Error};

/// How long a call round may take before somebody who was not reached yet counts as left out.
pub(super) const CALL_ROUND_SECONDS: i64 = 4 * 3_600;

/// Whom a change of facts is about, and what is known of them after it.
pub(crate) struct After<'a> {
    /// By which Patient the caller knows them.
    pub patient: ResourceId,
    /// Their name, as the caller knows it.
    pub name: &'a str,
    /// What is known after the change.
    pub facts: &'a Facts,
}

/// Brings the tasks about everyone who could be left out to where they should be after a change.
pub(crate) async fn tasks(
    cx: &Context,
    snapshot: &mut dyn Snapshot,
    asking: &Asking,
    after: &After<'_>,
) -> Result<Vec<Write>, Error> {
    moved(cx, snapshot, Some(asking), after).await
}

/// The same for somebody of whom nothing new was said, at a moment from which something counts that
/// did not before. Whoever is to be heard and was not asked yet is asked by the exchange.
pub(super) async fn by_the_clock(cx: &Context, person: PersonId) -> Result<(), Attempt> {
    let mut snapshot = cx.store.snapshot().await?;
    let mut outgoing = Outgoing::unasked(cx);
    outgoing.write(look_again(person, None));
    if let Some(facts) = snapshot.facts(person).await? {
        outgoing.rest_on_facts(&facts);
        let directory = snapshot.directory().await?;
        let facts = hearing::ask(cx, snapshot.as_mut(), &facts, &directory, &mut outgoing).await?;
        if let Some(team) = team(None, &facts, &directory, cx.now())
            && let Some(known) = known_to(snapshot.as_mut(), &facts, &team, &directory).await?
        {
            let (_, patient, name) = &known;
            let after = After {
                patient: *patient,
                name,
                facts: &facts,
            };
            for write in moved(cx, snapshot.as_mut(), None, &after).await? {
                outgoing.write(write);
            }
        }
    }
    drop(snapshot);
    outgoing.commit().await?;
    Ok(())
}

/// When somebody is looked at again.
pub(super) fn look_again(person: PersonId, at: Option<Timestamp>) -> Write {
    Write::LookAgain {
        subject: person.0,
        body: "left-out".to_owned(),
        at,
    }
}

/// What is to be written so that every task is where it should be, with when to look again. Nobody asks
/// where time alone moved something.
pub(super) async fn moved(
    cx: &Context,
    snapshot: &mut dyn Snapshot,
    asking: Option<&Asking>,
    after: &After<'_>,
) -> Result<Vec<Write>, Error> {
    let mut writes = Vec::new();
    let to_be_asked = to_be_asked(after.facts, cx.now());
    let next = match to_be_asked.is_empty() {
        true => next_change(after.facts, cx.now()),
        // The exchange asks them at once, as work of its own.
        false => Some(cx.now()),
    };
    writes.extend(next.map(|at| look_again(after.facts.person, Some(at))));
    let directory = snapshot.directory().await?;
    let mut raised = alarms(after.facts, cx.now());
    raised.retain(|alarm| {
        !to_be_asked
            .iter()
            .any(|(_, party)| *party == alarm.left_out)
    });
    for party in parties(after.facts) {
        let (id, found) = standing(cx, snapshot, matter(after.facts, &party)).await?;
        let alarm = raised.iter().find(|alarm| alarm.left_out == party);
        match (alarm, found) {
            (Some(alarm), None) => {
                let Some(team) = team(asking, after.facts, &directory, cx.now()) else {
                    continue;
                };
                let message = task(cx, asking, &directory, after, (alarm, team, id))?;
                writes.push(board::keep(message, 0, &directory));
            }
            (None, Some((mut message, version))) => {
                end(cx, asking, &mut message);
                writes.push(board::keep(message, version, &directory));
            }
            (Some(alarm), Some((mut message, version))) => {
                let words = words(after.facts, alarm);
                if message.text != words {
                    // More was said past the same one: it is still one task.
                    message.text = words;
                    message.by = Timestamp::parse(&alarm.due_at);
                    writes.push(board::keep(message, version, &directory));
                }
            }
            (None, None) => {}
        }
    }
    writes.extend(hearing::bring(cx, snapshot, after.facts, &raised, &directory).await?);
    writes.extend(in_person::of_beliefs(cx, snapshot, asking, after, &directory).await?);
    Ok(writes)
}

/// What a task is about: the person, and the one who may be left out.
fn matter(facts: &Facts, party: &PartyId) -> Sha256 {
    let mut matter = Sha256::new_with_prefix(b"left-out/v1");
    matter.update(facts.person.0);
    matter.update(party.as_str());
    matter
}

/// The team that has to do it: the caller's own; for a record system, one of its agency's that is
/// involved, else any of its agency's; where nobody asks, the one that plans a decision, else one that
/// looks after the person.
pub(super) fn team(
    asking: Option<&Asking>,
    facts: &Facts,
    directory: &Directory,
    now: Timestamp,
) -> Option<TeamId> {
    let Some(asking) = asking else {
        let planned = team_that_plans(facts);
        return planned.or_else(|| team_of_care(facts, directory, now));
    };
    if let Ok(team) = super::own_team(asking) {
        return Some(team);
    }
    let own = |team: &TeamId| {
        let team = directory.teams.get(team);
        team.is_some_and(|team| asking.caller.organisation() == Some(&team.organisation))
    };
    let mut involved = teams_involved(&facts.relationships, directory, now).into_iter();
    involved
        .find(own)
        .or_else(|| directory.teams.keys().find(|team| own(team)).cloned())
}

/// The team that plans the next decision which is still to be made.
fn team_that_plans(facts: &Facts) -> Option<TeamId> {
    let all = facts.circumstances.life_decisions.iter();
    let open = all.filter(|it| it.state != DecisionState::Made && it.planned_by.is_some());
    let next = open.min_by_key(|it| it.at);
    next.and_then(|it| it.planned_by.as_ref().map(|by| by.team.clone()))
}

/// A team that looks after the person: of social work if one does, which such decisions are mostly
/// made by.
fn team_of_care(facts: &Facts, directory: &Directory, now: Timestamp) -> Option<TeamId> {
    let involved = teams_involved(&facts.relationships, directory, now);
    let is_social_work = |team: &&TeamId| {
        let agency = directory.teams.get(team).map(|team| &team.organisation);
        let agency = agency.and_then(|id| directory.organisations.get(id));
        agency.is_some_and(|it| it.kind == OrganisationKind::SocialWork)
    };
    let social_work = involved.iter().find(is_social_work);
    social_work.or_else(|| involved.first()).cloned()
}

fn task(
    cx: &Context,
    asking: Option<&Asking>,
    directory: &Directory,
    after: &After<'_>,
    (alarm, team, id): (&Alarm, TeamId, ResourceId),
) -> Result<Message, Error> {
    let now = cx.now();
    let (patient, person) = (after.patient, after.facts.person);
    let kind = Kind::LeftOut;
    let blank = match asking {
        Some(asking) => blank_of(cx, asking, directory, (patient, person), (kind, &team))?,
        None => {
            let whom = (person, patient, String::new());
            of_exchange(cx, id, (kind, Purpose::Review), whom, String::new())
        }
    };
    let mut delivery = Delivery::new(team, now);
    // The morning's work, or this afternoon's: it stands on no list before the round is over.
    delivery.since = now.plus_seconds(CALL_ROUND_SECONDS);
    Ok(Message {
        id,
        thread: id,
        root: id,
        name: after.name.to_owned(),
        text: words(after.facts, alarm),
        stage: Stage::Sent,
        by: Timestamp::parse(&alarm.due_at),
        deliveries: vec![delivery],
        ..blank
    })
}

/// What the team reads.
fn words(facts: &Facts, alarm: &Alarm) -> String {
    let who = who(facts, &alarm.left_out);
    let because = alarm.because.join(", ");
    let by = Timestamp::parse(&alarm.due_at).map(|due| format!(" by {}", day(due)));
    format!(
        "The {who} was neither told nor heard, although this is so: {because}. Tell them, hear them, or record \
         one closed ground{}.",
        by.unwrap_or_default()
    )
}

/// Takes a task off its list: what it asks for has been done.
fn end(cx: &Context, asking: Option<&Asking>, message: &mut Message) {
    let worker = asking.and_then(|asking| asking.caller.worker());
    let by = worker.map_or_else(|| message.sender.worker.clone(), Clone::clone);
    let ending = Ending {
        at: cx.now(),
        by,
        reason: "they were told, heard, or a closed ground was recorded".to_owned(),
    };
    // It is in force, and so are those of its deliveries that did not end.
    let _ = message.close(ending);
    for delivery in &mut message.deliveries {
        let _ = delivery.make(Move::End, cx.now());
    }
}
