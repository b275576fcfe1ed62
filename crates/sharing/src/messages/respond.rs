//! Answering another team's request for information: sharing, sharing part, naming whom to ring,
//! asking for more, saying that it is not held, or refusing on a closed ground.
//!
//! The exchange decides first, for whoever asked: a holder does not pass over the person's no or the
//! law in one tap, and does not refuse on a ground that the exchange has disproved. What is between
//! is the holder's to decide, and whatever they decide stands in the person's account.

use domain::calendar::local;
use domain::message::call::Way;
use domain::message::{
    Delivery, InformationRequest, Kind, Message, Move, Refusal, Response, Sender,
};
use domain::{Category, Moment, OrganisationId, Purpose, ResourceId, TeamId, Timestamp};
use fhir::{Issue, IssueCode};
use policy::refusal::{RefusalForm, RefusedParty, check};
use policy::{Answer, Asks, Decision, Ground, Request};
use store::Directory;

use super::by_link;
use super::flag::day;
use super::outgoing::Outgoing;
use super::read::{Found, own_place, speaks_for_sender, teams};
use super::send::{
    answering, blank_by, codes, dispatch, in_answer, is_outside_care, named, not_now,
    tell_of_sending, text_of,
};
use super::{board, in_person};
use crate::attempt::{Attempt, until_done};
use crate::event::{Event, Operation};
use crate::invitation::{Visitor, ended};
use crate::logged::organisation_name;
use crate::whose::Whose;
use crate::{Asking, Channel, Context, Error};

/// An answer as somebody gives it.
#[derive(Debug, Clone)]
pub struct Given {
    /// What is done with the request. A ground and a refusal are as they were typed; they are
    /// checked here.
    pub response: Response,
    /// What is shared, or anything more to say.
    pub text: String,
    /// What of the record it tells.
    pub told: Vec<Category>,
    /// For whom it is put in, where the answer came by letter or telephone to whoever asked. Who is
    /// here answers for themselves.
    pub on_behalf_of: Option<OnBehalf>,
}

/// An answer that came outside the exchange, put in by the team that asked.
#[derive(Debug, Clone)]
pub struct OnBehalf {
    /// The team that answered.
    pub team: TeamId,
    /// Who said so: a name, and in what role.
    pub by: String,
    /// On what day, by any moment of it.
    pub on: Timestamp,
    /// By letter, on the telephone, or face to face.
    pub way: Way,
}

/// Answers a request on behalf of the team that it was sent to. The answer goes to the team that
/// asked, and into the person's account if that is another agency's.
///
/// # Errors
/// [`Error::NotFound`] if the request is not the caller's to answer; [`Error::Invalid`] if it is
/// over, if nothing is said where something is shared, if a refusal is on no closed ground, or if
/// what would be shared may not be.
pub async fn respond(
    cx: &Context,
    asking: &Asking,
    id: ResourceId,
    given: &Given,
) -> Result<ResourceId, Error> {
    let operation = cx.draw();
    until_done(|| once(cx, asking, (id, None), given, operation)).await
}

/// Answers the request that a visitor's link opens, for the team that was asked. With the answer the
/// link is dead; a question leaves it open, for the answer that follows.
///
/// # Errors
/// As for [`respond`].
pub async fn by_link(cx: &Context, visitor: &Visitor, given: &Given) -> Result<ResourceId, Error> {
    let operation = cx.draw();
    let of = (visitor.id, Some(visitor));
    until_done(|| once(cx, &visitor.asking, of, given, operation)).await
}

async fn once(
    cx: &Context,
    asking: &Asking,
    (id, visitor): (ResourceId, Option<&Visitor>),
    given: &Given,
    operation: [u8; 16],
) -> Result<ResourceId, Attempt> {
    let mut snapshot = cx.store.snapshot().await?;
    let directory = snapshot.directory().await?;
    let (mut found, (place, answering_for)) = match visitor {
        Some(visitor) => {
            let found = by_link::found(cx, snapshot.as_mut(), visitor).await?;
            let place = by_link::place_of(&found.message, &visitor.invitation)?;
            let team = directory.teams.get(&found.message.deliveries[place].team);
            let organisation = team.map(|team| team.organisation.clone());
            (found, (place, organisation))
        }
        None => {
            let own = teams(asking, &directory)?;
            let found = Found::of(cx, snapshot.as_mut(), asking, id, &own).await?;
            let by = answered_by(asking, given, &found.message, &own, &directory)?;
            (found, by)
        }
    };
    let team = found.message.deliveries[place].team.clone();
    let is_elsewhere = visitor.is_some() || given.on_behalf_of.is_some();
    let asked = asked(&found.message)?.clone();
    if let Some(delivery) = found.message.deliveries.get(place) {
        was_not_overturned(&given.response, delivery)?;
    }
    let asking = &asking.for_purpose(found.message.purpose);
    let request = Request {
        caller: asked.asker.clone(),
        person: found.facts.person,
        purpose: found.message.purpose,
        reason: None,
        asks: Asks {
            categories: decided_about(
                given,
                &asked,
                is_elsewhere && is_outside_care(&team, &directory),
            )
            .iter()
            .copied()
            .collect(),
            given_by: answering_for.clone(),
            ..Asks::default()
        },
    };
    let policies = cx.policies.at(snapshot.as_mut()).await?;
    let decision = policy::decide(&request, &found.facts, &policies, cx.now());
    let said = said(given, found.message.purpose, &decision, &directory)?;

    let worker = match visitor {
        Some(visitor) => by_link::worker(visitor.id),
        None => asking.caller.worker().cloned().ok_or(Error::NotFound)?,
    };
    let step = Move::Respond(worker, Box::new(given.response.clone()));
    found.message.deliveries[place]
        .make(step, cx.now())
        .map_err(|refused| not_now(&refused.to_string()))?;
    let mut answer = match visitor {
        Some(visitor) => from_outside(cx, visitor, &found.message, (&team, &directory))?,
        None => answering(cx, asking, &found.message, &directory, Kind::Response)?,
    };
    answer.text = match (&given.on_behalf_of, visitor) {
        (Some(letter), _) => by_letter(cx, &said, letter, &directory)?,
        (None, Some(visitor)) => {
            let (name, team) = (&visitor.invitation.name, named(&team, &directory));
            let team = team.unwrap_or_default();
            text_of(&format!("By a one-time link, {name} for {team}: {said}"))?
        }
        (None, None) => said,
    };
    dispatch(
        cx,
        &mut answer,
        &[found.message.sender.team.clone()],
        &directory,
    )?;

    if given.response == Response::MoreNeeded || given.on_behalf_of.is_some() {
        // The request itself comes back to the asker's list, with the question in its thread; and
        // whoever put an answer in for others has read it.
        for delivery in &mut answer.deliveries {
            let ended = delivery.make(Move::End, cx.now());
            ended.map_err(|refused| not_now(&refused.to_string()))?;
        }
    }

    let mut outgoing = Outgoing::new(cx, asking, operation);
    outgoing
        .rest_on(snapshot.as_mut(), &found.facts, &decision)
        .await?;
    let whose = Whose::of(cx, snapshot.as_mut(), &found.facts).await?;
    let agency = organisation_name(snapshot.as_mut(), asking).await?;
    let mut event = Event::plain(asking, &agency, Operation::Response, cx.now());
    Channel::Message.code().clone_into(&mut event.channel);
    recorded(&mut event, given, &asked);
    if is_elsewhere {
        of_letter(&mut event, &team, &answer, (&found.message, &directory));
        if let Some(visitor) = visitor.filter(|_| !is_outside_care(&team, &directory)) {
            event.name.clone_from(&visitor.invitation.name);
        }
        outgoing.tell(&whose, &mut answer, &event)?;
    } else {
        tell_of_sending(&mut outgoing, &whose, &mut answer, &event, &directory)?;
    }
    if let Some(visitor) = visitor.filter(|_| given.response != Response::MoreNeeded) {
        let (link, now) = (&visitor.invitation, cx.now());
        outgoing.write(ended(found.message.patient, visitor.id, link, "", now));
    }
    let answered = answer.id;
    outgoing.write(board::keep(answer, 0, &directory));
    if matches!(given.response, Response::Shared | Response::Part { .. }) {
        let tell = in_person::of_taken(cx, snapshot.as_mut(), &found.message, &directory).await?;
        tell.into_iter().for_each(|task| outgoing.write(task));
    }
    outgoing.write(board::keep(found.message, found.version, &directory));
    drop(snapshot);
    outgoing.commit().await?;
    Ok(answered)
}

/// A ground on which a refusal was overturned refuses nothing again for the same team.
fn was_not_overturned(response: &Response, delivery: &Delivery) -> Result<(), Error> {
    let Some(ground) = response.ground() else {
        return Ok(());
    };
    if !delivery.no_longer.iter().any(|it| it == ground.trim()) {
        return Ok(());
    }
    let details = format!(
        "refusing it on ground {ground} was challenged and overturned: give it, or say whom to ring"
    );
    Err(wrong("ground", details))
}

/// What is decided about: all that was asked; of a holder outside care, whose records no decision here
/// ever opened, what it tells.
fn decided_about<'g>(
    given: &'g Given,
    asked: &'g InformationRequest,
    is_outside_care: bool,
) -> &'g [Category] {
    match is_outside_care {
        true => &given.told,
        false => &asked.what,
    }
}

/// The answer of somebody without an account, as a message of the team that was asked.
fn from_outside(
    cx: &Context,
    visitor: &Visitor,
    request: &Message,
    (team, directory): (&TeamId, &Directory),
) -> Result<Message, Error> {
    let found = directory.teams.get(team).ok_or(Error::NotFound)?;
    let sender = Sender {
        worker: by_link::worker(visitor.id),
        name: visitor.invitation.name.clone(),
        desk: team.clone(),
        organisation: found.organisation.clone(),
        team: team.clone(),
    };
    let asking = &Asking {
        purpose: request.purpose,
        ..visitor.asking.clone()
    };
    let about = (request.patient, request.person);
    let answer = blank_by(cx, asking, directory, about, (Kind::Response, sender));
    Ok(in_answer(answer, request))
}

/// The delivery that is answered, and the agency that answers: the caller's own, or one that answered
/// whoever asked outside the exchange.
fn answered_by(
    asking: &Asking,
    given: &Given,
    message: &Message,
    own: &[TeamId],
    directory: &Directory,
) -> Result<(usize, Option<OrganisationId>), Error> {
    let Some(OnBehalf { team, .. }) = &given.on_behalf_of else {
        let place = own_place(message, own).ok_or(Error::NotFound)?;
        return Ok((place, asking.caller.organisation().cloned()));
    };
    if !speaks_for_sender(message, own) {
        return Err(Error::NotFound);
    }
    let mut deliveries = message.deliveries.iter();
    let place = deliveries.position(|one| one.team == *team);
    let found = directory.teams.get(team);
    match (place, found) {
        (Some(place), Some(found)) => Ok((place, Some(found.organisation.clone()))),
        _ => Err(wrong(
            "for",
            "this was not asked of that team: choose one that it was asked of",
        )),
    }
}

/// What somebody wrote or said outside the exchange, as whoever put it in says so.
fn by_letter(
    cx: &Context,
    said: &str,
    letter: &OnBehalf,
    directory: &Directory,
) -> Result<String, Error> {
    let by = letter.by.trim();
    if by.is_empty() {
        return Err(wanting("said-by", "say who answered, and in what role"));
    }
    if local(letter.on).date() > local(cx.now()).date() {
        let details = "this day is to come: give the day on which they answered";
        return Err(wrong("said-on", details));
    }
    let how = match letter.way {
        Way::Letter => "By letter of",
        Way::Phone => "By telephone on",
        Way::Meeting => "Face to face on",
    };
    let team = named(&letter.team, directory).unwrap_or_default();
    text_of(&format!(
        "{how} {}, {by} for {team}: {said}",
        day(letter.on)
    ))
}

/// The account names who answered, not who put it in.
fn of_letter(
    event: &mut Event,
    team: &TeamId,
    answer: &Message,
    (request, directory): (&Message, &Directory),
) {
    let asker = named(&request.sender.team, directory);
    event.told = asker.unwrap_or_default();
    event.count = 1;
    event.content = super::send::content(answer);
    event.worker.clear();
    event.role.clear();
    if is_outside_care(team, directory) {
        // The agency that asked answers for the line.
        event.organisation = request.sender.organisation.to_string();
        event.name = "Another organisation".to_owned();
        event.organisation_name.clear();
        return;
    }
    if let Some(found) = directory.teams.get(team) {
        event.name.clone_from(&found.name);
        event.organisation = found.organisation.to_string();
        let agency = directory.organisations.get(&found.organisation);
        event.organisation_name = agency.map_or_else(String::new, |agency| agency.name.clone());
    }
}

fn asked(message: &Message) -> Result<&InformationRequest, Error> {
    let request = message.request.as_ref();
    let request =
        request.ok_or_else(|| not_now("only a request for information is answered so"))?;
    if !message.is_in_force() {
        return Err(not_now(
            "the request is over: whoever asked no longer needs an answer",
        ));
    }
    Ok(request)
}

/// What the answer says, once it has been found that it may be given.
fn said(
    given: &Given,
    purpose: Purpose,
    decision: &Decision,
    directory: &Directory,
) -> Result<String, Error> {
    let words = given.text.trim();
    let text = match &given.response {
        Response::Shared | Response::Part { .. } => shared(given, purpose, decision)?,
        Response::Ring { name, phone } => {
            if phone.trim().is_empty() {
                return Err(wanting("phone", "give a number to ring"));
            }
            with(&format!("Ring {}, {}.", name.trim(), phone.trim()), words)
        }
        Response::MoreNeeded if words.is_empty() => "Please say more before we can answer: what \
            it is for, what dates matter, and how you know the person."
            .to_owned(),
        Response::MoreNeeded => format!("Before we can answer: {words}"),
        Response::NotHeld { ask } => with(&not_held(ask.as_ref(), directory), words),
        Response::Refused(refusal) => {
            let form = form_of(refusal, purpose);
            with(&refused(&form, decision)?, words)
        }
    };
    text_of(&text)
}

fn with(first: &str, then: &str) -> String {
    format!("{first} {then}").trim_end().to_owned()
}

/// What is shared must say something, tell of something, and not be what nobody may tell them.
fn shared(given: &Given, purpose: Purpose, decision: &Decision) -> Result<String, Error> {
    let text = text_of(&given.text)?;
    if given.told.is_empty() {
        return Err(wanting("told", "choose what of the record it tells"));
    }
    let binding = decision.grounds.iter().find(|ground| ground.binds_holder());
    let part = match &given.response {
        Response::Part { ground } => Some(closed_ground(ground)?),
        _ => None,
    };
    match (binding, part) {
        (Some(ground), _) if !decision.answer.shares() => Err(may_not(*ground, purpose)),
        (Some(ground), None) => {
            let details = format!(
                "part of what they asked may not be shared with them, because {}: share the part that may, on ground {}",
                ground.words(),
                ground.code()
            );
            Err(wrong("told", details))
        }
        (_, Some(ground)) => {
            let (code, why) = (ground.code(), ground.words());
            Ok(format!("{text}\nThe rest stays back ({code}): {why}."))
        }
        (None, None) => Ok(text),
    }
}

fn may_not(ground: Ground, purpose: Purpose) -> Error {
    let by_statute = purpose.is_a(Purpose::AdultProtectionRequirement);
    if by_statute && ground == Ground::ForbiddenByLaw {
        let details = "health records that are required under section 10 are read by the health professional whom the requirement names, who passes on an extract: leave this to them, or say whom to ring";
        return wrong("told", details);
    }
    let details = format!(
        "this may not be shared with them, because {}: refuse on ground {}, or say whom to ring",
        ground.words(),
        ground.code()
    );
    wrong("told", details)
}

fn not_held(ask: Option<&TeamId>, directory: &Directory) -> String {
    let found = ask.and_then(|team| directory.teams.get(team));
    let Some(team) = found else {
        return "Not held here.".to_owned();
    };
    let agency = directory.organisations.get(&team.organisation);
    let agency = agency.map_or_else(String::new, |agency| format!(", {}", agency.name));
    format!("Not held here. Ask {}{agency}, {}.", team.name, team.phone)
}

fn form_of(refusal: &Refusal, purpose: Purpose) -> RefusalForm {
    RefusalForm {
        against: against(purpose),
        ground: refusal.ground.clone(),
        harm_if_shared: refusal.harm_if_shared.clone(),
        harm_if_not_shared: refusal.harm_if_not_shared.clone(),
        decider: refusal.decider.clone(),
        review_on: refusal.review.map(Moment),
    }
}

/// Whether refusing a request for this purpose needs the harms both ways, a decider and a review.
#[must_use]
pub fn needs_whole_form(purpose: Purpose) -> bool {
    against(purpose) != RefusedParty::Worker
}

/// Against whom a refusal of a request for this purpose is: it says how much has to be answered for.
fn against(purpose: Purpose) -> RefusedParty {
    if purpose.is_a(Purpose::AdultProtectionRequirement) {
        RefusedParty::Requirement
    } else if purpose.is_a(Purpose::FamilyRequest) {
        RefusedParty::Representative
    } else if purpose.is_a(Purpose::PersonRequest) {
        RefusedParty::Person
    } else {
        RefusedParty::Worker
    }
}

fn refused(form: &RefusalForm, decision: &Decision) -> Result<String, Error> {
    // Only of whoever asks does the exchange know all that there is to know.
    let about_asker = closed_ground(&form.ground).is_ok_and(Ground::is_about_asker);
    let ruling = match about_asker {
        true => check(form, decision.answer, &decision.grounds),
        false => check(form, Answer::Refer, &[]),
    };
    let Some(code) = ruling.ground.filter(|_| ruling.accepted) else {
        return Err(wrong("ground", ruling.words.join("; ")));
    };
    let mut said = format!("Refused ({code}): {}.", ruling.words.join(". "));
    if let (Some(decider), Some(review)) = (&form.decider, form.review_on) {
        let review = day(review.0);
        said.push_str(&format!(
            " Decided by {decider}; looked at again on {review}."
        ));
    }
    said.push_str(" Somebody who took no part in this looks at it again if you challenge it.");
    Ok(said)
}

fn closed_ground(typed: &str) -> Result<Ground, Error> {
    let typed = typed.trim();
    let found = Ground::ALL.iter().find(|ground| ground.code() == typed);
    found
        .copied()
        .ok_or_else(|| wanting("ground", "choose the ground on which the rest stays back"))
}

/// What the account says was done with the request.
fn recorded(event: &mut Event, given: &Given, asked: &InformationRequest) {
    let (answer, what) = match &given.response {
        Response::Shared => (Answer::Permit, &given.told),
        Response::Part { .. } => (Answer::PermitPart, &given.told),
        Response::Ring { .. } | Response::MoreNeeded => (Answer::Refer, &asked.what),
        Response::NotHeld { .. } | Response::Refused(_) => (Answer::Deny, &asked.what),
    };
    answer.code().clone_into(&mut event.answer);
    event.what = codes(what);
    event.grounds = given
        .response
        .ground()
        .map(str::to_owned)
        .into_iter()
        .collect();
}

fn wanting(at: &str, details: &str) -> Error {
    Error::invalid(Issue::required(at, details))
}

fn wrong(at: &str, details: impl Into<String>) -> Error {
    Error::invalid(Issue::error(IssueCode::BusinessRule, details.into()).at(at))
}
