//! The exchange asks, and brings back to the team who was not reached.

use domain::arrangement::{Hearing, LifeDecision, Written};
use domain::calendar::working_day_before;
use domain::message::{Delivery, Ending, Kind, Message, Move, ToBeHeard};
use domain::{Fact, Moment, PartyId, PersonId, Purpose, ResourceId, Timestamp};
use policy::alarm::{Alarm, alarms, to_be_asked, to_be_heard};
use policy::{Facts, Ground};
use store::{Directory, Snapshot, Write};

use super::{bound_by, decision_of, kept, matter, planned_row};
use crate::messages::alarm::CALL_ROUND_SECONDS;
use crate::messages::close::who;
use crate::messages::outgoing::Outgoing;
use crate::messages::planned::{account, facts};
use crate::messages::send::deliver;
use crate::messages::standing::{known_to, of_exchange, standing};
use crate::messages::{board, routing};
use crate::whose::Whose;
use crate::{Context, Error};

/// Whether somebody can be asked by the exchange.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Reach {
    /// They have a page of their own.
    Page(PersonId),
    /// Nobody signs in here as them.
    NoPage,
    /// They may not be written to, on this ground, before somebody has decided about it.
    Bound(Ground),
}

impl Reach {
    fn page(self) -> Option<PersonId> {
        match self {
            Self::Page(person) => Some(person),
            Self::NoPage | Self::Bound(_) => None,
        }
    }
}

/// Asks everybody who is to be heard and was not asked yet, and gives what is known then.
pub(in crate::messages) async fn ask(
    cx: &Context,
    snapshot: &mut dyn Snapshot,
    known: &Facts,
    directory: &Directory,
    outgoing: &mut Outgoing<'_>,
) -> Result<Facts, Error> {
    let mut after = known.clone();
    let mut asked = Vec::new();
    for (decision, party) in to_be_asked(known, cx.now()) {
        let Some(row) = planned_row(cx, snapshot, known, &decision.name).await? else {
            continue;
        };
        let reach = match party.as_str().parse() {
            Ok(person) if snapshot.by_itself(person).await?.is_some() => {
                let bound = bound_by(cx, snapshot, known, (person, &row.organisation)).await?;
                bound.map_or(Reach::Page(person), Reach::Bound)
            }
            _ => Reach::NoPage,
        };
        let hearing = Hearing {
            written: Some(Written {
                at: Moment(cx.now()),
                reached: reach.page().is_some(),
            }),
            ..Hearing::of(&decision.name, &party)
        };
        let said = vec![Fact::Hearing(hearing)];
        after = facts::after(&after, said.clone());
        let key = (decision.name.as_str(), party.as_str());
        outgoing.write(kept(cx, known, &row, key, said));
        asked.push((decision, party, reach, row.subject));
    }
    let alarmed = alarms(&after, cx.now());
    for (decision, party, reach, subject) in asked {
        let mut message = message(
            cx,
            snapshot,
            known,
            directory,
            (decision, &party, reach),
            subject,
        )
        .await?;
        if reach.page().is_some() {
            let whose = Whose::of(cx, snapshot, known).await?;
            let event = account::written(decision, who(known, &party), cx.now());
            outgoing.tell_now(&whose, &event)?;
        } else if !is_alarmed(&alarmed, &party) {
            after_the_round(cx, &mut message, decision);
        }
        outgoing.write(board::keep(message, 0, directory));
    }
    Ok(after)
}

fn is_alarmed(alarmed: &[Alarm], party: &PartyId) -> bool {
    alarmed.iter().any(|alarm| alarm.left_out == *party)
}

/// The message that stands on the page of whoever is asked, and tells the team where they were not.
async fn message(
    cx: &Context,
    snapshot: &mut dyn Snapshot,
    facts: &Facts,
    directory: &Directory,
    (decision, party, reach): (&LifeDecision, &PartyId, Reach),
    subject: ResourceId,
) -> Result<Message, Error> {
    let (id, _) = standing(cx, snapshot, matter(facts, &decision.name, party)).await?;
    let planned_by = decision.planned_by.as_ref().ok_or(Error::NotFound)?;
    let whom = known_to(snapshot, facts, &planned_by.team, directory).await?;
    let unnamed = || {
        (
            facts.person,
            subject,
            "somebody whose name is not known here".to_owned(),
        )
    };
    let whom = whom.unwrap_or_else(unnamed);
    let is = who(facts, party);
    let text = match reach {
        Reach::Page(_) => unopened(is, decision),
        Reach::NoPage => format!(
            "The {is} is to be heard about “{}”, and has no page here on which the exchange could ask them. {TELL}",
            decision.name
        ),
        Reach::Bound(ground) => format!(
            "The {is} is to be heard about “{}”. The exchange did not write to them, because {} ({}): decide about it, \
             then tell them and hear them, or record one closed ground.",
            decision.name,
            ground.words(),
            ground.code()
        ),
    };
    let kind = (Kind::Hearing, Purpose::Review);
    Ok(Message {
        ring: routing::ring(directory, &planned_by.team),
        to_be_heard: Some(ToBeHeard {
            decision: decision.name.clone(),
            party: party.clone(),
            reads: reach.page(),
        }),
        ..of_exchange(cx, id, kind, whom, text)
    })
}

const TELL: &str = "Tell them by telephone or in writing, and how to be heard; say on the page of decisions that you did.";

fn unopened(is: &str, decision: &LifeDecision) -> String {
    format!(
        "The {is} was asked what they think of “{}”, and has not looked within a working day. {TELL}",
        decision.name
    )
}

/// Onto the list of the team that plans once a call round has had time to reach them.
fn after_the_round(cx: &Context, message: &mut Message, decision: &LifeDecision) {
    let Some(planned_by) = &decision.planned_by else {
        return;
    };
    let mut delivery = Delivery::new(planned_by.team.clone(), cx.now());
    delivery.since = cx.now().plus_seconds(CALL_ROUND_SECONDS);
    message.by = by(decision, cx.now());
    message.deliveries = vec![delivery];
}

/// A working day before it is decided, if that is to come.
fn by(decision: &LifeDecision, now: Timestamp) -> Option<Timestamp> {
    let before = working_day_before(decision.at.0);
    (now < before).then_some(before)
}

/// Brings every message that asks somebody to where it should be: onto the team's list if they were not
/// reached, off it once they were told and answered, to its end if they are to be heard no more.
pub(in crate::messages) async fn bring(
    cx: &Context,
    snapshot: &mut dyn Snapshot,
    facts: &Facts,
    alarmed: &[Alarm],
    directory: &Directory,
) -> Result<Vec<Write>, Error> {
    let mut writes = Vec::new();
    let asked = facts.circumstances.hearings.iter();
    for hearing in asked.filter(|it| it.written.is_some()) {
        let matter = matter(facts, &hearing.decision, &hearing.party);
        let (_, Some((mut message, version))) = standing(cx, snapshot, matter).await? else {
            continue;
        };
        let decision = decision_of(facts, &hearing.decision);
        let one = (hearing, is_alarmed(alarmed, &hearing.party));
        if brought(cx, facts, (decision, one), &mut message, directory)? {
            writes.push(board::keep(message, version, directory));
        }
    }
    Ok(writes)
}

/// Whether the message moved.
fn brought(
    cx: &Context,
    facts: &Facts,
    (decision, (hearing, alarmed)): (Option<&LifeDecision>, (&Hearing, bool)),
    message: &mut Message,
    directory: &Directory,
) -> Result<bool, Error> {
    let now = cx.now();
    let is_listed = message.deliveries.iter().any(|one| one.state.is_listed());
    let still = decision.filter(|it| to_be_heard(facts, it, now).contains(&hearing.party));
    let unreached = hearing.is_unreached(now) && !alarmed;
    match still {
        Some(decision) if unreached && !is_listed => {
            let Some(planned_by) = &decision.planned_by else {
                return Ok(false);
            };
            message.by = by(decision, now);
            message.deliveries.clear();
            deliver(cx, message, &planned_by.team, directory)?;
            Ok(true)
        }
        Some(_) if unreached || hearing.is_unanswered() => Ok(false),
        Some(_) => Ok(off_the_list(message, now)),
        None => {
            let made =
                decision.is_some_and(|it| it.state == domain::arrangement::DecisionState::Made);
            Ok(match made {
                // Whoever was heard reads on their page that it was made.
                true => off_the_list(message, now),
                false => ended(message, now),
            })
        }
    }
}

fn off_the_list(message: &mut Message, now: Timestamp) -> bool {
    let listed = message.deliveries.iter_mut();
    let listed = listed.filter(|one| one.state.is_listed());
    // Whatever stands on a list may end.
    listed.map(|one| one.make(Move::End, now)).count() > 0
}

fn ended(message: &mut Message, now: Timestamp) -> bool {
    let ending = Ending {
        at: now,
        by: message.sender.worker.clone(),
        reason: "they are to be heard no more".to_owned(),
    };
    off_the_list(message, now);
    message.close(ending).is_ok()
}
