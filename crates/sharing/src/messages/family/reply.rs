//! A named person answers somebody close, or hands it to the team whose it is.

use domain::message::{FamilyWord, Kind, Message, Move};
use domain::{
    Assurance, Caller, Capacity, Category, PartyId, PersonId, Purpose, ResourceId, TeamId,
};
use fhir::{Issue, IssueCode};
use policy::{Asks, Policies, Request};

use crate::attempt::{Attempt, until_done};
use crate::event::{Event, Operation};
use crate::logged::organisation_name;
use crate::messages::outgoing::Outgoing;
use crate::messages::read::{Found, in_hand, own_place};
use crate::messages::send::{
    answering, codes, content, deliver, dispatch, not_now, outside_name, reachable, text_of,
};
use crate::messages::{board, routing};
use crate::whose::Whose;
use crate::{Asking, Channel, Context, Error};

/// What a worker answers.
#[derive(Debug, Clone)]
pub struct Reply {
    /// In their own words.
    pub text: String,
    /// What of the person's record it tells; may be empty.
    pub told: Vec<Category>,
}

/// Answers somebody close on behalf of the team that has their word. They read it under the name of
/// whoever answers; the person's account says what was told to whom.
///
/// # Errors
/// [`Error::NotFound`] if it is not the caller's to answer; [`Error::Invalid`] if it was answered, or
/// if what would be told may not be told to them, with the ground.
pub async fn reply(
    cx: &Context,
    asking: &Asking,
    id: ResourceId,
    reply: &Reply,
) -> Result<ResourceId, Error> {
    let operation = cx.draw();
    until_done(|| reply_once(cx, asking, id, reply, operation)).await
}

async fn reply_once(
    cx: &Context,
    asking: &Asking,
    id: ResourceId,
    reply: &Reply,
    operation: [u8; 16],
) -> Result<ResourceId, Attempt> {
    let (mut snapshot, directory, own, mut found) = in_hand(cx, asking, id).await?;
    let place = own_place(&found.message, &own).ok_or(Error::NotFound)?;
    let text = text_of(&reply.text)?;
    let policies = cx.policies.at(snapshot.as_mut()).await?;
    may_tell(cx, asking, &found, &policies, &reply.told)?;
    let asking = &asking.for_purpose(found.message.purpose);
    let worker = asking.caller.worker().cloned().ok_or(Error::NotFound)?;
    found.message.deliveries[place]
        .make(Move::Finish(worker), cx.now())
        .map_err(|refused| not_now(&refused.to_string()))?;
    let kind = Kind::FamilyReply;
    let mut answer = answering(cx, asking, &found.message, &directory, kind)?;
    answer.family.clone_from(&found.message.family);
    answer.text = text;
    dispatch(cx, &mut answer, &[], &directory)?;

    let mut outgoing = Outgoing::new(cx, asking, operation);
    outgoing.rest_on_facts(&found.facts);
    if found.message.family.as_ref().is_some_and(|word| word.found) {
        let whose = Whose::of(cx, snapshot.as_mut(), &found.facts).await?;
        let agency = organisation_name(snapshot.as_mut(), asking).await?;
        let mut event = Event::plain(asking, &agency, Operation::Message, cx.now());
        policy::Answer::Permit.code().clone_into(&mut event.answer);
        let came = found
            .message
            .family
            .as_ref()
            .and_then(|word| word.came.as_ref());
        let through = came.map_or(Channel::Message, |_| Channel::Letter);
        through.code().clone_into(&mut event.channel);
        event.told = listener(&found.message);
        event.what = codes(&reply.told);
        event.count = 1;
        event.content = content(&answer);
        outgoing.tell_now(&whose, &event)?;
    }
    let answered = answer.id;
    outgoing.write(board::keep(answer, 0, &directory));
    outgoing.write(board::keep(found.message, found.version, &directory));
    drop(snapshot);
    outgoing.commit().await?;
    Ok(answered)
}

/// Whom the person's account names as told.
fn listener(message: &Message) -> String {
    let Some(word) = &message.family else {
        return message.sender.name.clone();
    };
    if word.unnamed {
        return "somebody close to you".to_owned();
    }
    match message.writer() {
        Some(_) if message.is_own_word() => "you".to_owned(),
        Some(writer) => format!("{writer},"),
        None => message.sender.name.clone(),
    }
}

/// The exchange decides first, for whoever wrote: nobody passes over the person's no or the law in
/// one tap. What is between is the worker's to judge.
fn may_tell(
    cx: &Context,
    asking: &Asking,
    found: &Found,
    policies: &Policies,
    told: &[Category],
) -> Result<(), Error> {
    let word = is_open(found)?;
    if told.is_empty() {
        return Ok(());
    }
    if !word.found {
        let details = "nobody is found by that name and date of birth: tell nothing of any record";
        return Err(refused(details));
    }
    let (listener, party) = listens(cx, word)?;
    let request = Request {
        caller: Caller {
            name: found.message.sender.name.clone(),
            capacity: Capacity::Person(listener),
            assurance: Assurance::Substantial,
        },
        person: found.facts.person,
        purpose: match found.message.is_own_word() {
            true => Purpose::PersonRequest,
            false => Purpose::FamilyRequest,
        },
        reason: None,
        asks: Asks {
            party,
            categories: told.iter().copied().collect(),
            given_by: asking.caller.organisation().cloned(),
            ..Asks::default()
        },
    };
    let decision = policy::decide(&request, &found.facts, policies, cx.now());
    let binding = decision.grounds.iter().find(|ground| ground.binds_holder());
    match binding {
        Some(ground) => Err(refused(&format!(
            "this may not be told to them, because {} ({}): listen, say whom to ask, and tell nothing of it",
            ground.words(),
            ground.code()
        ))),
        None => Ok(()),
    }
}

/// For whom it is decided: whoever signed in to write; or, where a worker put their word in, whoever
/// of those that facts name it was.
fn listens(cx: &Context, word: &FamilyWord) -> Result<(PersonId, Option<PartyId>), Error> {
    if let Some(writer) = word.by {
        return Ok((writer, None));
    }
    let party = word.came.as_ref().and_then(|came| came.party.clone());
    let party = party.ok_or_else(|| {
        refused(
            "nobody has checked who they are: answer that they were heard and whom to ask, and tell nothing of the record in writing",
        )
    })?;
    Ok((PersonId(cx.draw()), Some(party)))
}

fn is_open(found: &Found) -> Result<&FamilyWord, Error> {
    let message = &found.message;
    let is_word = message.kind == Kind::FamilyWord && message.is_in_force();
    let word = message.family.as_ref().filter(|_| is_word);
    word.ok_or_else(|| not_now("only what somebody close wrote is answered so"))
}

fn refused(details: &str) -> Error {
    Error::invalid(Issue::error(IssueCode::BusinessRule, details).at("told"))
}

/// Hands what somebody close wrote to the team whose it is, which answers instead. Nobody who wrote
/// is left without a team: "not mine" alone would leave them there.
///
/// # Errors
/// As for [`reply`], and if the team cannot be sent to or has it already.
pub async fn pass_on(
    cx: &Context,
    asking: &Asking,
    id: ResourceId,
    to: &TeamId,
) -> Result<(), Error> {
    let operation = cx.draw();
    until_done(|| pass_on_once(cx, asking, id, to, operation)).await
}

async fn pass_on_once(
    cx: &Context,
    asking: &Asking,
    id: ResourceId,
    to: &TeamId,
    operation: [u8; 16],
) -> Result<(), Attempt> {
    let (mut snapshot, directory, own, mut found) = in_hand(cx, asking, id).await?;
    let place = own_place(&found.message, &own).ok_or(Error::NotFound)?;
    is_open(&found)?;
    reachable(std::slice::from_ref(to), &directory, cx)?;
    if found.message.deliveries.iter().any(|one| one.team == *to) {
        let details = "that team has it already: choose another, or answer it";
        let issue = Issue::error(IssueCode::BusinessRule, details).at("to");
        return Err(Error::invalid(issue).into());
    }
    let worker = asking.caller.worker().cloned().ok_or(Error::NotFound)?;
    found.message.deliveries[place]
        .make(Move::Finish(worker), cx.now())
        .map_err(|refused| not_now(&refused.to_string()))?;
    deliver(cx, &mut found.message, to, &directory)?;
    found.message.ring = routing::ring(&directory, to);

    let mut outgoing = Outgoing::new(cx, asking, operation);
    outgoing.rest_on_facts(&found.facts);
    let outside = outside_name(to, asking.caller.organisation(), &directory);
    if let Some(told) = outside.filter(|_| found.message.family.as_ref().is_some_and(|it| it.found))
    {
        let whose = Whose::of(cx, snapshot.as_mut(), &found.facts).await?;
        let agency = organisation_name(snapshot.as_mut(), asking).await?;
        let mut event = Event::plain(asking, &agency, Operation::Message, cx.now());
        policy::Answer::Permit.code().clone_into(&mut event.answer);
        Channel::Message.code().clone_into(&mut event.channel);
        found.message.purpose.code().clone_into(&mut event.purpose);
        event.told = told;
        event.count = 1;
        event.content = content(&found.message);
        outgoing.tell_now(&whose, &event)?;
    }
    outgoing.write(board::keep(found.message, found.version, &directory));
    drop(snapshot);
    outgoing.commit().await?;
    Ok(())
}
