//! Taking back what somebody was told: a message to each one who was told, asked apart, since none need know
//! who else was; whoever has no list is rung by a team that has. Somebody confirms it; silence climbs.
//!
//! What was told wrongly on a call is struck out ([`super::call`]). What somebody who looked at a challenge
//! found that it should not have been shared ([`super::challenge`]) is destroyed or given back, and the
//! person reads who said that it is, and who did not.

use domain::message::kind::harm;
use domain::message::{Kind, Message, Recall, Rung, State, Urgency};
use domain::{Category, PersonId, ResourceId, TeamId, Timestamp};
use policy::{Answer, Internal};
use store::{Directory, Snapshot};

use super::flag::day;
use super::outgoing::Outgoing;
use super::read::Found;
use super::send::{OUTSIDE_CARE, answering, dispatch, is_outside_care, reachable, text_of};
use crate::event::{Event, Operation};
use crate::logged::organisation_name;
use crate::whose::Whose;
use crate::{Asking, Channel, Context, Error, spoken};

/// That somebody was asked to destroy or give back what they have.
pub(super) const ASKED: &str = "recall";
/// That they say that they did.
const GIVEN_UP: &str = "recall-confirmed";
/// That nobody said so in time.
const LATE: &str = "recall-late";
/// That somebody says that it is struck out.
const STRUCK_OUT: &str = "confirmed";

/// Who was told, and who rings them if they have no list.
pub(super) struct Holder<'h> {
    /// As whoever rings them reads it.
    pub name: &'h str,
    /// Their team; `None` for whoever has none here.
    pub team: Option<&'h TeamId>,
    /// The team that rings them then.
    pub rings: &'h TeamId,
}

/// The message to one who was told, in the thread of what it rests on: to their team, or, where none is known
/// or it can be sent nothing, to the team that rings them.
pub(super) fn ask(
    cx: &Context,
    asking: &Asking,
    rests_on: &Message,
    (holder, recall, said): (&Holder<'_>, Recall, &str),
    directory: &Directory,
) -> Result<Message, Error> {
    let mut message = answering(cx, asking, rests_on, directory, Kind::Recall)?;
    message.id = cx.ids.fresh(cx.chance.as_ref());
    message.root = rests_on.id;
    // To search every copy takes days; what is believed wrongly does harm today.
    let urgency = match recall.found {
        true => Urgency::Routine,
        false => Urgency::Urgent,
    };
    message.harm = harm(Kind::Recall, rests_on.purpose, urgency);
    let team = holder.team;
    let team = team.filter(|team| reachable(std::slice::from_ref(team), directory, cx).is_ok());
    let name = team.is_none().then_some(holder.name);
    let words = words(&recall, &rests_on.name, name);
    message.text = text_of(&format!("{words} {said}"))?;
    message.recall = Some(Box::new(recall));
    let to = team.unwrap_or(holder.rings).clone();
    dispatch(cx, &mut message, &[to], directory)?;
    Ok(message)
}

/// What is asked of whoever was told, or, where they are named, of whoever rings them.
fn words(recall: &Recall, about: &str, name: Option<&str>) -> String {
    let (you, because) = match name {
        None => ("you", recall.how.words_to_them()),
        Some(_) => ("they", recall.how.words()),
    };
    let mut what: Vec<&str> = recall.what.iter().map(|one| one.words()).collect();
    what.sort_unstable();
    let what = match what.is_empty() {
        true => String::new(),
        false => format!(": {}", what.join(", ")),
    };
    let told = format!(
        "what {you} were told about {about} on {}{what}",
        day(recall.told_at)
    );
    let (first, verb, why) = match recall.found {
        true => (
            "Destroy or give back",
            "destroy or give back",
            ". That goes for every copy. Somebody who took no part in it looked at it again and found so.",
        ),
        false => ("Strike out", "strike out", "."),
    };
    match name {
        None => format!("{first} {told}, because {because}{why}"),
        Some(name) => format!("Ring {name}, and ask them to {verb} {told}, because {because}{why}"),
    }
}

/// What the account says of asking for what should not have been shared.
pub(super) fn asked(asking: &Asking, agency: &str, recall: &Recall, now: Timestamp) -> Event {
    let mut event = Event::plain(asking, agency, Operation::Challenge, now);
    Channel::Message.code().clone_into(&mut event.channel);
    Answer::Permit.code().clone_into(&mut event.answer);
    ASKED.clone_into(&mut event.because);
    event.because_since = recall.told_at.to_string();
    event.told.clone_from(&recall.told);
    recall.how.words().clone_into(&mut event.reason);
    event.count = 1;
    event
}

/// Tells the person's account that one who was told has given it up, or struck it out.
pub(super) async fn confirmed(
    snapshot: &mut dyn Snapshot,
    asking: &Asking,
    found: &mut Found,
    outgoing: &mut Outgoing<'_>,
) -> Result<(), Error> {
    let Some(recall) = &found.message.recall else {
        return Ok(());
    };
    let cx = outgoing.cx();
    let whose = Whose::of(cx, snapshot, &found.facts).await?;
    let agency = organisation_name(snapshot, asking).await?;
    let (operation, because) = match recall.found {
        true => (Operation::Challenge, GIVEN_UP),
        false => (Operation::Correction, STRUCK_OUT),
    };
    let mut event = Event::plain(asking, &agency, operation, cx.now());
    Answer::Permit.code().clone_into(&mut event.answer);
    because.clone_into(&mut event.because);
    event.told.clone_from(&recall.told);
    found.message.purpose.code().clone_into(&mut event.purpose);
    let directory = snapshot.directory().await?;
    let by = asking.caller.team();
    if by.is_some_and(|team| is_outside_care(team, &directory)) {
        // That a bank gives something up tells that it had it.
        OUTSIDE_CARE.clone_into(&mut event.name);
        event.organisation = found.message.sender.organisation.to_string();
        event.organisation_name.clear();
        event.worker.clear();
        event.role.clear();
    }
    outgoing.tell_now(&whose, &event)
}

/// Whether somebody should have said by now that they destroyed it or gave it back, and did not.
pub(super) fn is_late(message: &Message) -> bool {
    let found = message.recall.as_ref().is_some_and(|recall| recall.found);
    let mut deliveries = message.deliveries.iter();
    found && deliveries.any(|one| one.state.owes_answer() && one.rung == Rung::Manager)
}

/// Tells the person's account that nobody said in time that they destroyed it or gave it back.
pub(super) async fn tell_late(
    cx: &Context,
    snapshot: &mut dyn Snapshot,
    message: &Message,
    outgoing: &mut Outgoing<'_>,
) -> Result<(), Error> {
    let facts = snapshot.facts(message.person).await?;
    let (Some(recall), Some(facts)) = (&message.recall, facts) else {
        return Ok(());
    };
    let whose = Whose::of(cx, snapshot, &facts).await?;
    let event = Event {
        operation: Operation::Challenge.code().to_owned(),
        told: recall.told.clone(),
        at: cx.now().to_string(),
        purpose: message.purpose.code().to_owned(),
        channel: Channel::Message.code().to_owned(),
        answer: Answer::Permit.code().to_owned(),
        because: LATE.to_owned(),
        ..Event::default()
    };
    outgoing.rest_on_facts(&facts);
    outgoing.tell_now(&whose, &event)
}

/// The line as a sentence to the person; `None` if it is about something else.
pub(super) fn sentence(event: &Event) -> Option<String> {
    let moment = |at: &str| Timestamp::parse(at).map_or_else(|| at.to_owned(), spoken::moment);
    let (when, told) = (moment(&event.at), &event.told);
    let by = match event.organisation_name.as_str() {
        "" => event.name.clone(),
        agency => format!("{} of {agency}", event.name),
    };
    match event.because.as_str() {
        ASKED => {
            let since = Timestamp::parse(&event.because_since);
            let since = since.map_or_else(|| event.because_since.clone(), day);
            let why = match event.reason.as_str() {
                "" => String::new(),
                why => format!(", because {why}"),
            };
            Some(format!(
                "On {when}, {by} asked {told} to destroy or give back what they were told about you on \
                 {since}{why}. Somebody has to say when it is done."
            ))
        }
        GIVEN_UP => Some(format!(
            "On {when}, {by} confirmed that what {told} had been told about you is destroyed or given back."
        )),
        LATE => Some(format!(
            "By {when}, nobody had confirmed that what {told} had been told about you is destroyed or given back. \
             The managers on both sides know."
        )),
        _ => None,
    }
}

/// How it stands with one who was asked to destroy or give back what they were told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// Who was told, as the person's account names them.
    pub told: String,
    /// By when somebody says that it is done.
    pub due: Option<Timestamp>,
    /// When somebody said so.
    pub confirmed: Option<Timestamp>,
    /// Whether they should have by now.
    pub is_late: bool,
}

impl Standing {
    fn of(message: &Message) -> Option<Self> {
        let recall = message.recall.as_ref()?;
        let delivery = message.deliveries.first()?;
        let done = matches!(delivery.state, State::Actioned | State::Ended);
        let answered = delivery.answered.as_ref().filter(|_| done);
        Some(Self {
            told: recall.told.clone(),
            due: delivery.due,
            confirmed: answered.map(|(_, at)| *at),
            is_late: is_late(message),
        })
    }

    /// As one sentence to whoever challenged it.
    #[must_use]
    pub fn words(&self) -> String {
        let told = &self.told;
        match (self.confirmed, self.due) {
            (Some(at), _) => format!(
                "{told}: on {} they said that it is destroyed or given back.",
                day(at)
            ),
            (None, Some(due)) if self.is_late => format!(
                "{told}: nobody has said that it is destroyed or given back. They had until {}. The managers on both \
                 sides know.",
                day(due)
            ),
            (None, Some(due)) => format!(
                "{told}: they are asked to destroy it or give it back, and to say so by {}.",
                day(due)
            ),
            (None, None) => {
                format!("{told}: they are asked to destroy it or give it back, and to say so.")
            }
        }
    }
}

/// How it stands with everybody from whom something is taken back that rests on this challenge.
pub(super) async fn standing(
    snapshot: &mut dyn Snapshot,
    (person, challenge): (PersonId, ResourceId),
) -> Result<Vec<Standing>, Error> {
    let mut all = Vec::new();
    for parties in snapshot.parties_about(person).await? {
        let found = snapshot
            .internal_message(Internal::Messages, &parties.message)
            .await?;
        let rests_on = |message: &Message| {
            let of = message.recall.as_ref().map(|recall| recall.of);
            of == Some(challenge)
        };
        let message = found.map(|(message, _)| message).filter(rests_on);
        all.extend(message.as_ref().and_then(Standing::of));
    }
    Ok(all)
}

/// Categories of those that are named by their codes.
pub(super) fn categories(codes: &[String]) -> Vec<Category> {
    let all = codes.iter();
    all.filter_map(|code| Category::from_code(code)).collect()
}
