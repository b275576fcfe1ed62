//! The exchange asks, and brings back to the team who was not reached.

use domain::arrangement::{DecisionState, Hearing, LifeDecision, Written};
use domain::calendar::working_day_before;
use domain::message::{Delivery, Ending, Kind, Message, Move, ToBeHeard};
use domain::{Fact, Moment, OrganisationId, PartyId, PersonId, Purpose, Timestamp};
use policy::alarm::{Alarm, alarms, to_be_asked, to_be_heard};
use policy::{Facts, Ground};
use store::{Directory, Snapshot, StoredFacts, Write};

use super::{bound_by, decision_of, kept, matter, planned_row};
use crate::messages::alarm::CALL_ROUND_SECONDS;
use crate::messages::close::who;
use crate::messages::outgoing::Outgoing;
use crate::messages::planned::{account, facts};
use crate::messages::send::deliver;
use crate::messages::standing::{known_to, of_exchange, standing};
use crate::messages::{board, routing};
use crate::whose::Whose;
use crate::{Context, Error, notices};

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

/// Somebody who is to be asked.
struct ToAsk<'f> {
    decision: &'f LifeDecision,
    party: PartyId,
    reach: Reach,
    /// The row in which the agency that plans keeps the decision.
    row: StoredFacts,
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
        let one = ToAsk {
            reach: reach(cx, snapshot, known, (&party, &row.organisation)).await?,
            decision,
            party,
            row,
        };
        let said = vec![Fact::Hearing(one.hearing(cx.now()))];
        after = facts::after(&after, said.clone());
        let key = (decision.name.as_str(), one.party.as_str());
        outgoing.write(kept(cx, known, &one.row, key, said));
        asked.push(one);
    }
    let alarmed = alarms(&after, cx.now());
    for one in asked {
        let mut message = one.message(cx, snapshot, known, directory).await?;
        if let Some(reader) = one.reach.page() {
            if let Some(notice) = notices::of(cx, snapshot, reader, message.id).await? {
                outgoing.write(notice);
            }
            let whose = Whose::of(cx, snapshot, known).await?;
            let event = account::written(one.decision, who(known, &one.party), cx.now());
            outgoing.tell_now(&whose, &event)?;
        } else if !is_alarmed(&alarmed, &one.party) {
            after_the_round(cx, &mut message, one.decision);
        }
        outgoing.write(board::keep(message, 0, directory));
    }
    Ok(after)
}

async fn reach(
    cx: &Context,
    snapshot: &mut dyn Snapshot,
    facts: &Facts,
    (party, by): (&PartyId, &OrganisationId),
) -> Result<Reach, Error> {
    let Ok(person) = party.as_str().parse::<PersonId>() else {
        return Ok(Reach::NoPage);
    };
    if snapshot.by_itself(person).await?.is_none() {
        return Ok(Reach::NoPage);
    }
    let bound = bound_by(cx, snapshot, facts, (party, by)).await?;
    Ok(bound.map_or(Reach::Page(person), Reach::Bound))
}

impl ToAsk<'_> {
    fn hearing(&self, now: Timestamp) -> Hearing {
        Hearing {
            written: Some(Written {
                at: Moment(now),
                reached: self.reach.page().is_some(),
            }),
            ..Hearing::of(&self.decision.name, &self.party)
        }
    }

    /// The message that stands on the page of whoever is asked, and tells the team where they were not.
    async fn message(
        &self,
        cx: &Context,
        snapshot: &mut dyn Snapshot,
        facts: &Facts,
        directory: &Directory,
    ) -> Result<Message, Error> {
        let name = &self.decision.name;
        let (id, _) = standing(cx, snapshot, matter(facts, name, &self.party)).await?;
        let planned_by = self.decision.planned_by.as_ref().ok_or(Error::NotFound)?;
        let whom = known_to(snapshot, facts, &planned_by.team, directory).await?;
        let unnamed = || {
            let name = "somebody whose name is not known here".to_owned();
            (facts.person, self.row.subject, name)
        };
        let kind = (Kind::Hearing, Purpose::Review);
        let text = self.words(who(facts, &self.party));
        Ok(Message {
            ring: routing::ring(directory, &planned_by.team),
            to_be_heard: Some(ToBeHeard {
                decision: name.clone(),
                party: self.party.clone(),
                reads: self.reach.page(),
            }),
            ..of_exchange(cx, id, kind, whom.unwrap_or_else(unnamed), text)
        })
    }

    /// What the team reads if it comes back to them.
    fn words(&self, is: &str) -> String {
        let name = &self.decision.name;
        match self.reach {
            Reach::Page(_) => format!(
                "The {is} was asked what they think of “{name}”, and has not looked within a working day. {TELL}"
            ),
            Reach::NoPage => format!(
                "The {is} is to be heard about “{name}”, and has no page here on which the exchange could ask them. {TELL}"
            ),
            Reach::Bound(ground) => format!(
                "The {is} is to be heard about “{name}”. The exchange did not write to them, because {} ({}): decide \
                 about it, then tell them and hear them, or record one closed ground.",
                ground.words(),
                ground.code()
            ),
        }
    }
}

fn is_alarmed(alarmed: &[Alarm], party: &PartyId) -> bool {
    alarmed.iter().any(|alarm| alarm.left_out == *party)
}

const TELL: &str = "Tell them by telephone or in writing, and how to be heard; say on the page of decisions that you did.";

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
            let made = decision.is_some_and(|it| it.state == DecisionState::Made);
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
