//! Concerns about somebody: raising one, and saying what became of it.
//!
//! Whoever raises a concern says what they do themselves; whom they tell has it only when it is on
//! that team's list. To protect somebody, an agency tells of its own accord what it knows, involved
//! or not (National Guidance for Child Protection in Scotland 2021, 1.128-1.150; Adult Support and
//! Protection (Scotland) Act 2007 s.5). Below protection no duty tells past the person, so only
//! those who may open the record raise one.

pub mod advocacy;
mod harmer;
mod home;
mod points;
mod review;

use domain::message::kind::harm;
use domain::message::{Concern, Kind, Message, Move, Outcome, Urgency};
use domain::{ResourceId, TeamId, Timestamp};
use fhir::{Issue, IssueCode};
use store::Directory;

use super::flag::day;
use super::outgoing::Outgoing;
use super::read::{in_hand, own_place};
use super::send::{
    Known, Sent, add_for, answering, blank, deliver, dispatch, not_now, outside_name, reachable,
    tell_of_sending, text_of,
};
use super::{board, own_team, requirement};
use crate::attempt::{Attempt, until_done};
use crate::event::{Event, Operation};
use crate::logged::organisation_name;
use crate::whose::Whose;
use crate::{Asking, Channel, Context, Error};

pub(super) use harmer::{End, let_in};
pub use points::three_points;
pub(crate) use review::GOES_ON;
pub use review::stays_shut_out;

/// A concern as somebody records it.
#[derive(Debug, Clone)]
pub struct Raise {
    /// The teams that are asked to act; none if it is only recorded.
    pub to: Vec<TeamId>,
    /// The name by which the caller knows the person; needed where they may not read the record.
    pub name: String,
    /// What was seen or heard.
    pub text: String,
    /// What whoever records it does themselves, by what number their agency knows it, and of an adult the
    /// three points and who is said to harm them.
    pub concern: Concern,
    /// How soon somebody must look at it, where it does not protect.
    pub urgency: Urgency,
    /// Until when accounts do not show it, and the recorded reason of safety.
    pub hold: Option<(Timestamp, String)>,
}

/// What a team says became of a concern.
#[derive(Debug, Clone)]
pub struct Triage {
    /// What became of it.
    pub outcome: Outcome,
    /// What whoever raised it reads beside the usual words; needed where nothing more is done.
    pub text: String,
}

/// Records a concern about whoever this Patient is. On return it is on the lists of those who are
/// asked to act, and in the person's account where it left the agency and is not held.
///
/// # Errors
/// [`Error::NotFound`] if the caller may not know the person, or, where nobody needs protecting,
/// not open their record. [`Error::Invalid`] names what is missing, or the team that cannot be
/// asked, and why.
pub async fn raise(
    cx: &Context,
    asking: &Asking,
    patient: ResourceId,
    raise: &Raise,
) -> Result<Sent, Error> {
    let operation = cx.draw();
    until_done(|| raise_once(cx, asking, patient, raise, operation)).await
}

async fn raise_once(
    cx: &Context,
    asking: &Asking,
    patient: ResourceId,
    raise: &Raise,
    operation: [u8; 16],
) -> Result<Sent, Attempt> {
    own_team(asking)?;
    is_whole(cx, asking, raise)?;
    let mut snapshot = cx.store.snapshot().await?;
    let directory = snapshot.directory().await?;
    if !raise.to.is_empty() {
        reachable(&raise.to, &directory, cx)?;
    }
    let mut known = Known::giving(cx, snapshot.as_mut(), asking, patient).await?;

    let person = known.facts.person;
    let mut message = blank(cx, asking, &directory, patient, person, Kind::Concern)?;
    message.name = known.name.or(&raise.name).ok_or_else(unnamed)?;
    raise.text.trim().clone_into(&mut message.text);
    message.harm = harm(Kind::Concern, asking.purpose, raise.urgency);
    message.held.clone_from(&raise.hold);
    message.concern = Some(raise.concern.clone());
    dispatch(cx, &mut message, &raise.to, &directory)?;

    let mut outgoing = Outgoing::new(cx, asking, operation);
    // Whoever is named reads nothing of it in the account either.
    let after = harmer::after(&message, &known.facts);
    add_for(
        &mut outgoing,
        snapshot.as_mut(),
        asking,
        (&known, &after),
        &mut message,
        (Operation::Concern, &[]),
    )
    .await?;
    let shut_out = harmer::shut_out(cx, snapshot.as_mut(), asking, &message, &after).await?;
    shut_out.into_iter().for_each(|write| outgoing.write(write));
    let review = review::begins(cx, snapshot.as_mut(), &message, &directory).await?;
    review.into_iter().for_each(|write| outgoing.write(write));
    let home = (&message, &after);
    home::tell(
        cx,
        snapshot.as_mut(),
        &mut outgoing,
        home,
        home::RAISED,
        &directory,
    )
    .await?;
    let sent = Sent::of(&message);
    outgoing.write(board::keep(message, 0, &directory));
    drop(snapshot);
    outgoing.commit().await?;
    Ok(sent)
}

/// What is missing is said all at once.
fn is_whole(cx: &Context, asking: &Asking, raise: &Raise) -> Result<(), Error> {
    let mut issues = Vec::new();
    for (at, text, advice) in [
        ("text", &raise.text, "say what you saw or heard"),
        (
            "own-action",
            &raise.concern.own_action,
            "say what you did, or will do, yourself: passing a concern on is not acting on it",
        ),
    ] {
        match text_of(text) {
            Ok(_) => {}
            Err(_) if text.trim().is_empty() => issues.push(Issue::required(at, advice)),
            Err(Error::Invalid(found)) => {
                issues.extend(found.into_iter().map(|issue| issue.at(at)));
            }
            Err(error) => return Err(error),
        }
    }
    match held(cx, asking, raise.hold.as_ref()) {
        Err(Error::Invalid(found)) => issues.extend(found),
        other => other?,
    }
    issues.extend(points::faults(asking, &raise.concern));
    issues.extend(harmer::fault(asking, &raise.concern, &raise.to));
    if issues.is_empty() {
        Ok(())
    } else {
        Err(Error::Invalid(issues))
    }
}

/// Whether something may be held from the person's account: to protect somebody, until a day that
/// comes, for a reason that is recorded.
pub(super) fn held(
    cx: &Context,
    asking: &Asking,
    hold: Option<&(Timestamp, String)>,
) -> Result<(), Error> {
    let Some((until, reason)) = hold else {
        return Ok(());
    };
    if !asking.purpose.is_protection() {
        let details = "only a concern that protects somebody is held from their account: tell them before you raise it";
        return Err(wrong("hold-until", details));
    }
    if *until <= cx.now() || reason.trim().is_empty() {
        let details = "it is held until a time to come, for a reason of safety in a few words";
        let issue = Issue::error(IssueCode::Value, details);
        return Err(Error::invalid(issue.at("hold-until")));
    }
    Ok(())
}

/// Says on behalf of a team that was asked to act what became of a concern. Whoever raised it is
/// told in words that say no more than they may know; passed on, it is on the next team's list.
///
/// # Errors
/// [`Error::NotFound`] if the concern is not the caller's to triage; [`Error::Invalid`] if it is
/// over, if nothing more is done and nobody says why, or if the next team cannot be asked.
pub async fn triage(
    cx: &Context,
    asking: &Asking,
    id: ResourceId,
    triage: &Triage,
) -> Result<ResourceId, Error> {
    let operation = cx.draw();
    until_done(|| triage_once(cx, asking, id, triage, operation)).await
}

async fn triage_once(
    cx: &Context,
    asking: &Asking,
    id: ResourceId,
    triage: &Triage,
    operation: [u8; 16],
) -> Result<ResourceId, Attempt> {
    let (mut snapshot, directory, own, mut found) = in_hand(cx, asking, id).await?;
    let place = own_place(&found.message, &own).ok_or(Error::NotFound)?;
    is_open(&found.message)?;
    advocacy::was_thought_of(&found.message, place, &triage.outcome)?;
    let asking = &asking.for_purpose(found.message.purpose);
    let mut answer = answering(cx, asking, &found.message, &directory, Kind::Outcome)?;
    answer.text = said(triage, &found.message, &directory)?;
    let back = [found.message.sender.team.clone()];
    dispatch(cx, &mut answer, &back, &directory)?;

    let worker = asking.caller.worker().cloned().ok_or(Error::NotFound)?;
    let looked_into = found.message.deliveries[place].outcome == Some(Outcome::Inquiry);
    let step = Move::Triage(worker, Box::new(triage.outcome.clone()));
    found.message.deliveries[place]
        .make(step, cx.now())
        .map_err(|refused| not_now(&refused.to_string()))?;

    let mut outgoing = Outgoing::new(cx, asking, operation);
    outgoing.rest_on_facts(&found.facts);
    let whose = Whose::of(cx, snapshot.as_mut(), &found.facts).await?;
    let agency = organisation_name(snapshot.as_mut(), asking).await?;
    let mut event = Event::plain(asking, &agency, Operation::Message, cx.now());
    policy::Answer::Permit.code().clone_into(&mut event.answer);
    Channel::Message.code().clone_into(&mut event.channel);
    tell_of_sending(&mut outgoing, &whose, &mut answer, &event, &directory)?;
    if let Outcome::PassedOn { to } = &triage.outcome {
        pass_on(cx, &mut found.message, to, &directory)?;
        let next = review::passes_on(cx, snapshot.as_mut(), &found.message, to, &directory).await?;
        next.into_iter().for_each(|write| outgoing.write(write));
        Operation::Concern.code().clone_into(&mut event.operation);
        if let Some(told) = outside_name(to, asking.caller.organisation(), &directory) {
            event.told = told;
            event.count = 1;
            event.content = super::send::content(&found.message);
            outgoing.tell(&whose, &mut found.message, &event)?;
        }
    }
    if looked_into && triage.outcome != Outcome::Inquiry {
        let snapshot = snapshot.as_mut();
        requirement::end_with(&mut outgoing, snapshot, asking, &found.message, &own).await?;
    }
    if harmer::nobody_goes_on(&found.message) {
        let ended = (&found.message, End::Over);
        let let_in = let_in(cx, snapshot.as_mut(), asking, ended, &found.facts).await?;
        let_in.into_iter().for_each(|write| outgoing.write(write));
        let over = review::ends(cx, snapshot.as_mut(), &found.message, &directory).await?;
        over.into_iter().for_each(|write| outgoing.write(write));
    }
    if let Some(became) = became(&triage.outcome) {
        let home = (&found.message, &**found.facts);
        home::tell(
            cx,
            snapshot.as_mut(),
            &mut outgoing,
            home,
            became,
            &directory,
        )
        .await?;
    }
    let told = answer.id;
    outgoing.write(board::keep(answer, 0, &directory));
    outgoing.write(board::keep(found.message, found.version, &directory));
    drop(snapshot);
    outgoing.commit().await?;
    Ok(told)
}

pub(super) fn unnamed() -> Error {
    let advice =
        "give the name by which you know them: whoever must act has to know whom it is about";
    Error::invalid(Issue::required("name", advice))
}

fn is_open(message: &Message) -> Result<(), Error> {
    if message.kind != Kind::Concern {
        return Err(not_now("only of a concern is it said what became of it"));
    }
    if !message.is_in_force() {
        return Err(not_now(
            "the concern is over: whoever raised it closed it or took it back",
        ));
    }
    Ok(())
}

/// Puts the concern onto another team's list. It is one concern, however often it is passed on.
fn pass_on(
    cx: &Context,
    message: &mut Message,
    to: &TeamId,
    directory: &Directory,
) -> Result<(), Error> {
    reachable(std::slice::from_ref(to), directory, cx)?;
    if message.deliveries.iter().any(|one| one.team == *to) {
        let details = "that team has this concern already: choose another, or say what you do";
        return Err(wrong("to", details));
    }
    deliver(cx, message, to, directory)
}

/// What another council that looks after the person reads of the outcome; `None` where the next team says it.
fn became(outcome: &Outcome) -> Option<&'static str> {
    match outcome {
        Outcome::Inquiry => Some("looks into it"),
        Outcome::Support => Some("offers help"),
        Outcome::NoAction => Some("does nothing more about it"),
        Outcome::PassedOn { .. } => None,
    }
}

/// What whoever raised it reads.
fn said(triage: &Triage, concern: &Message, directory: &Directory) -> Result<String, Error> {
    let raised = day(concern.at);
    let words = triage.text.trim();
    let outcome = match &triage.outcome {
        Outcome::Inquiry => "It is being looked into.".to_owned(),
        Outcome::Support => "Help is being offered.".to_owned(),
        Outcome::PassedOn { to } => passed_on(to, directory),
        Outcome::NoAction if words.is_empty() => {
            let advice = "say why nothing more is done: whoever raised it reads this";
            return Err(Error::invalid(Issue::required("text", advice)));
        }
        Outcome::NoAction => "We take no further action.".to_owned(),
    };
    let whole = format!("Your concern of {raised} was looked at. {outcome} {words}");
    text_of(&whole)
}

fn passed_on(to: &TeamId, directory: &Directory) -> String {
    match directory.teams.get(to) {
        Some(team) => format!("It was passed on to {}, {}.", team.name, team.phone),
        // Not there to be sent to; `reachable` says so.
        None => String::new(),
    }
}

fn wrong(at: &str, details: &str) -> Error {
    Error::invalid(Issue::error(IssueCode::BusinessRule, details).at(at))
}
