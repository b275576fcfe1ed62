//! A one-time link that opens one message to somebody without an account, to read it and to answer it
//! for the team that was asked: the same link and code that let somebody in to read of a record.
//!
//! It opens nothing else: not the record, not the account, not another message of the thread. It is dead
//! with the answer, with the message, and on its day.

use domain::message::{Delivery, Message, Move, Response, Stage, State};
use domain::{
    Answers, Invitation, ItemId, Moment, Opens, OutsiderKind, PartyId, ResourceId, TeamId,
    Timestamp, WorkerId,
};
use fhir::{Issue, IssueCode};
use policy::{Addressed, Parties};
use store::{Directory, Snapshot, Write};

use super::board;
use super::outgoing::Outgoing;
use super::read::{Found, in_hand, speaks_for_sender};
use super::send::{codes, named, not_now};
use crate::attempt::{Attempt, until_done};
use crate::invitation::{
    Given, Standing, Visitor, What, drawn, event_of, in_place_of_earlier, text_issue, until_issue,
};
use crate::whose::Whose;
use crate::{Asking, Context, Error};

/// To whom a link to one message is given, and until when.
#[derive(Debug, Clone)]
pub struct Give {
    /// Their name.
    pub name: String,
    /// For which of the teams that were asked they answer.
    pub team: TeamId,
    /// Until when.
    pub until: Timestamp,
}

/// Gives a link with which somebody named reads a request and answers it, for a team that it was sent
/// to. An earlier one for the same team ends.
///
/// # Errors
/// [`Error::NotFound`] if the request is not of the caller's team; [`Error::Invalid`] if it is over or
/// answered, was not sent to that team, or something is missing.
pub async fn give(
    cx: &Context,
    asking: &Asking,
    id: ResourceId,
    what: &Give,
) -> Result<Given, Error> {
    let given = drawn(cx);
    let operation = cx.draw();
    until_done(|| once(cx, asking, id, what, &given, operation)).await?;
    Ok(given)
}

async fn once(
    cx: &Context,
    asking: &Asking,
    id: ResourceId,
    what: &Give,
    given: &Given,
    operation: [u8; 16],
) -> Result<(), Attempt> {
    let (mut snapshot, directory, own, found) = in_hand(cx, asking, id).await?;
    let message = &found.message;
    if !speaks_for_sender(message, &own) {
        return Err(Error::NotFound.into());
    }
    is_whole(cx, message, what)?;
    let now = cx.now();
    let invitation = invitation(asking, message, what, given.id, (&directory, now));
    let asking = &asking.for_purpose(message.purpose);
    let event = event_of(snapshot.as_mut(), asking, &invitation, What::Given, now).await?;

    let mut outgoing = Outgoing::new(cx, asking, operation);
    outgoing.rest_on_facts(&found.facts);
    let whose = Whose::of(cx, snapshot.as_mut(), &found.facts).await?;
    outgoing.tell_now(&whose, &event)?;
    let about = (&**found.facts, message.patient);
    for write in in_place_of_earlier(cx, asking, about, &invitation, given) {
        outgoing.write(write);
    }
    drop(snapshot);
    outgoing.commit().await?;
    Ok(())
}

/// Whether the caller may end a link to this message: whoever speaks for its sender.
pub(crate) async fn may_end(
    cx: &Context,
    asking: &Asking,
    answers: &Answers,
) -> Result<bool, Error> {
    let id = answers.message.as_str().parse();
    let (_, _, own, found) = in_hand(cx, asking, id.map_err(|_| Error::NotFound)?).await?;
    Ok(speaks_for_sender(&found.message, &own))
}

/// The links that are out to answer a message, oldest first.
pub(super) async fn standing(
    cx: &Context,
    snapshot: &mut dyn Snapshot,
    found: &Found,
) -> Result<Vec<Standing>, Error> {
    let id = found.message.id.to_string();
    let is_to_it = |it: &&Invitation| match it.opens() {
        Opens::Request(answers) => answers.message.as_str() == id,
        Opens::Record | Opens::Hearing(_) => false,
    };
    let mut all = Vec::new();
    for invitation in found
        .facts
        .circumstances
        .invitations
        .iter()
        .filter(is_to_it)
    {
        let over = over(snapshot, invitation).await?.is_some();
        if !over && invitation.is_live(cx.now()) {
            all.push(Standing::of(snapshot, invitation).await?);
        }
    }
    all.sort_by_key(|it| it.invitation.since);
    Ok(all)
}

fn is_whole(cx: &Context, message: &Message, what: &Give) -> Result<(), Error> {
    if message.request.is_none() {
        return Err(not_now(
            "only a request for information is answered by a link",
        ));
    }
    if message.held.is_some() {
        return Err(not_now(
            "this is held back from the person's account for a time, and so is no link given to it: ring them",
        ));
    }
    let mut issues = Vec::new();
    issues.extend(text_issue("name", &what.name, "say who is to answer it"));
    issues.extend(until_issue(what.until, cx.now()));
    let mut asked = message.deliveries.iter();
    match asked.find(|one| one.team == what.team) {
        None => {
            let details = "this was not asked of that team: choose one that it was asked of";
            issues.push(Issue::error(IssueCode::BusinessRule, details).at("for"));
        }
        Some(delivery) if over_since(message, delivery).is_some() => {
            let details = "they have answered, or no longer need to";
            issues.push(Issue::error(IssueCode::BusinessRule, details).at("for"));
        }
        Some(_) => {}
    }
    match issues.is_empty() {
        true => Ok(()),
        false => Err(Error::Invalid(issues)),
    }
}

fn invitation(
    asking: &Asking,
    message: &Message,
    what: &Give,
    id: ResourceId,
    (directory, now): (&Directory, Timestamp),
) -> Invitation {
    Invitation {
        outsider: PartyId::new(id.to_string()),
        name: what.name.trim().to_owned(),
        kind: OutsiderKind::Holder,
        organisation: named(&what.team, directory).unwrap_or_default(),
        about: [].into(),
        given_by: asking.caller.organisation().cloned(),
        giver: asking.caller.name.clone(),
        why: message.kind.words().to_owned(),
        since: Moment(now),
        until: Moment(what.until),
        ended: None,
        answers: Some(Answers {
            message: ItemId::new(message.id.to_string()),
            team: what.team.clone(),
        }),
        hears: None,
    }
}

/// Since when nothing is to be answered there any more.
fn over_since(message: &Message, delivery: &Delivery) -> Option<Timestamp> {
    if let Stage::Closed(ending) | Stage::Retracted(ending) = &message.stage {
        return Some(ending.at);
    }
    let is_answered = !matches!(delivery.response, None | Some(Response::MoreNeeded));
    let is_over = is_answered || matches!(delivery.state, State::Ended | State::Recalled);
    (is_over || !message.is_in_force()).then_some(delivery.since)
}

/// Since when the message of a link needs no answer; `None` while it does, and for a link to a record.
pub(crate) async fn over(
    snapshot: &mut dyn Snapshot,
    invitation: &Invitation,
) -> Result<Option<Timestamp>, Error> {
    let Some(answers) = &invitation.answers else {
        return Ok(None);
    };
    let found = of_link(snapshot, invitation, invitation.since.0).await?;
    let gone = Some(invitation.since.0);
    let Some((message, _)) = found else {
        return Ok(gone);
    };
    let mut deliveries = message.deliveries.iter();
    let own = deliveries.find(|one| one.team == answers.team);
    Ok(own.map_or(gone, |delivery| over_since(&message, delivery)))
}

/// The message of a link, with its version.
async fn of_link(
    snapshot: &mut dyn Snapshot,
    invitation: &Invitation,
    now: Timestamp,
) -> Result<Option<(Message, u32)>, Error> {
    let Some(addressed) = addressed(snapshot, invitation, now).await? else {
        return Ok(None);
    };
    Ok(snapshot.message(&addressed).await?)
}

/// What the message of a link asks for, as events name it.
pub(crate) async fn what(
    snapshot: &mut dyn Snapshot,
    invitation: &Invitation,
) -> Result<Vec<String>, Error> {
    let found = of_link(snapshot, invitation, invitation.since.0).await?;
    let request = found.and_then(|(message, _)| message.request);
    Ok(request.map_or_else(Vec::new, |request| codes(&request.what)))
}

async fn addressed(
    snapshot: &mut dyn Snapshot,
    invitation: &Invitation,
    now: Timestamp,
) -> Result<Option<Addressed>, Error> {
    let answers = invitation.answers.as_ref();
    let id: Option<ResourceId> = answers.and_then(|it| it.message.as_str().parse().ok());
    let Some(id) = id else {
        return Ok(None);
    };
    let parties: Option<Parties> = snapshot.parties(&id).await?;
    Ok(parties.and_then(|parties| policy::answered_by_link(invitation, &parties, now)))
}

/// What is written when a link is opened: the team that was asked has seen it.
pub(crate) async fn seen(
    cx: &Context,
    snapshot: &mut dyn Snapshot,
    id: ResourceId,
    invitation: &Invitation,
) -> Result<Vec<Write>, Error> {
    let Some((mut message, version)) = of_link(snapshot, invitation, cx.now()).await? else {
        return Err(Error::NotFound);
    };
    let directory = snapshot.directory().await?;
    let place = place_of(&message, invitation)?;
    message.deliveries[place]
        .make(Move::See(worker(id)), cx.now())
        .map_err(|refused| not_now(&refused.to_string()))?;
    Ok(vec![board::keep(message, version, &directory)])
}

/// Whoever answers by a link, as a delivery names them.
pub(super) fn worker(link: ResourceId) -> WorkerId {
    WorkerId::new(link.to_string())
}

/// The delivery that is answered by a link.
pub(super) fn place_of(message: &Message, invitation: &Invitation) -> Result<usize, Error> {
    let team = invitation.answers.as_ref().map(|it| &it.team);
    let mut deliveries = message.deliveries.iter();
    let place = deliveries.position(|one| Some(&one.team) == team);
    place.ok_or(Error::NotFound)
}

/// The message that a visitor's link opens, with the facts on which an answer rests.
pub(super) async fn found(
    cx: &Context,
    snapshot: &mut dyn Snapshot,
    visitor: &Visitor,
) -> Result<Found, Error> {
    if snapshot.is_revoked(&visitor.asking.token).await? {
        return Err(Error::Revoked);
    }
    // Whether the link stands is read anew.
    let current = crate::invitation::current(snapshot, visitor.id).await?;
    let invitation = current.ok_or(Error::NotFound)?;
    let found = of_link(snapshot, &invitation, cx.now()).await?;
    let (message, version) = found.ok_or(Error::NotFound)?;
    let facts = snapshot.facts(message.person).await?;
    Ok(Found {
        message,
        version,
        facts: facts.ok_or(Error::NotFound)?,
    })
}

/// The message that a visitor reads by their link.
///
/// # Errors
/// [`Error::NotFound`] if the link opens none any more.
pub async fn read(cx: &Context, visitor: &Visitor) -> Result<Message, Error> {
    let mut snapshot = cx.store.snapshot().await?;
    let found = found(cx, snapshot.as_mut(), visitor).await?;
    Ok(found.message)
}
