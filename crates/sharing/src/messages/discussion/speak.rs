//! Speaking in a discussion between agencies: each for itself, and for nobody else.

use std::collections::BTreeMap;

use domain::message::{
    Conclusion, Course, Discussion, Kind, Message, Move, Other, Prompt, PromptAnswer, Reply, State,
    Statement, Touched,
};
use domain::{OrganisationId, ResourceId, TeamId};
use fhir::{Issue, IssueCode};
use store::Directory;

use super::super::board;
use super::super::outgoing::Outgoing;
use super::super::read::{in_hand, own_place, speaks_for_sender};
use super::super::send::{Known, content_of, named, not_now, text_of};
use crate::attempt::{Attempt, until_done};
use crate::event::{Event, Operation};
use crate::logged::organisation_name;
use crate::whose::Whose;
use crate::{Asking, Channel, Context, Error};

/// What is decided, as whoever opened the discussion writes it down.
#[derive(Debug, Clone)]
pub struct Conclude {
    /// Which of the seven.
    pub course: Course,
    /// Why.
    pub reasons: String,
    /// The interim safety plan: what, who, and by when.
    pub plan: String,
    /// What was answered to each prompt; all must be.
    pub prompts: BTreeMap<Prompt, PromptAnswer>,
}

/// Somebody else whom it touches, as an agency names them.
#[derive(Debug, Clone)]
pub struct Name {
    /// Another child, or an adult.
    pub is: Touched,
    /// By what name the agency knows them.
    pub name: String,
    /// What they are to the person.
    pub relationship: String,
    /// Whether they have parental responsibilities and rights; of an adult.
    pub has_rights: Option<PromptAnswer>,
    /// A Patient that is them, if the agency knows one.
    pub patient: Option<ResourceId>,
}

/// The longest name or relationship, in letters.
const LONGEST_NAME: usize = 200;

/// What is done in a discussion.
enum Step<'s> {
    Name(&'s Name),
    Block(&'s str),
    Dissent(&'s str),
    Conclude(&'s Conclude),
}

/// Fills in the block of the caller's own agency. A block of before is superseded, and stays.
///
/// # Errors
/// [`Error::NotFound`] if the discussion is not the caller's to speak in; [`Error::Invalid`] if it is
/// over or nothing is said.
pub async fn contribute(
    cx: &Context,
    asking: &Asking,
    id: ResourceId,
    text: &str,
) -> Result<(), Error> {
    spoken(cx, asking, id, &Step::Block(text)).await
}

/// Says that the caller's agency does not agree, and why. It stands as dissent, and the managers of
/// both agencies have it on their lists until the discussion is closed.
///
/// # Errors
/// As for [`contribute`].
pub async fn dissent(
    cx: &Context,
    asking: &Asking,
    id: ResourceId,
    text: &str,
) -> Result<(), Error> {
    spoken(cx, asking, id, &Step::Dissent(text)).await
}

/// Names another child, or an adult, whom it touches. Nothing of their record opens to anybody by it; whoever
/// raises a child protection message out of the discussion finds them ready to be linked.
///
/// # Errors
/// As for [`contribute`], and if the name or what they are to the person is missing, or they are named already;
/// [`Error::NotFound`] for a Patient that is nobody.
pub async fn name(cx: &Context, asking: &Asking, id: ResourceId, name: &Name) -> Result<(), Error> {
    names_somebody(name)?;
    spoken(cx, asking, id, &Step::Name(name)).await
}

fn names_somebody(name: &Name) -> Result<(), Error> {
    let mut issues = Vec::new();
    for (at, text, missing) in [
        ("other", &name.name, "say by what name you know them"),
        (
            "relationship",
            &name.relationship,
            "say what they are to the person, such as half-sister or mother's partner",
        ),
    ] {
        let letters = text.trim().chars().count();
        if letters == 0 || letters > LONGEST_NAME {
            issues.push(Issue::required(at, missing));
        }
    }
    match issues.is_empty() {
        true => Ok(()),
        false => Err(Error::Invalid(issues)),
    }
}

/// Writes down what is decided. An earlier decision is superseded, and stays.
///
/// # Errors
/// [`Error::NotFound`] unless the caller speaks for the team that opened it; [`Error::Invalid`] if it
/// is over, no reasons or plan are given, or a prompt has no answer.
pub async fn conclude(
    cx: &Context,
    asking: &Asking,
    id: ResourceId,
    conclude: &Conclude,
) -> Result<(), Error> {
    spoken(cx, asking, id, &Step::Conclude(conclude)).await
}

async fn spoken(
    cx: &Context,
    asking: &Asking,
    id: ResourceId,
    step: &Step<'_>,
) -> Result<(), Error> {
    let operation = cx.draw();
    until_done(|| once(cx, asking, id, step, operation)).await
}

async fn once(
    cx: &Context,
    asking: &Asking,
    id: ResourceId,
    step: &Step<'_>,
    operation: [u8; 16],
) -> Result<(), Attempt> {
    let (mut snapshot, directory, own, mut found) = in_hand(cx, asking, id).await?;
    is_open(&found.message)?;
    let side = Side::of(&found.message, &own, &directory).ok_or(Error::NotFound)?;
    let asking = &asking.for_purpose(found.message.purpose);
    if let Step::Name(Name {
        patient: Some(patient),
        ..
    }) = step
    {
        Known::giving(cx, snapshot.as_mut(), asking, *patient).await?;
    }
    let said = take(cx, asking, &mut found.message, &side, step, &directory)?;

    let mut outgoing = Outgoing::new(cx, asking, operation);
    outgoing.rest_on_facts(&found.facts);
    let whose = Whose::of(cx, snapshot.as_mut(), &found.facts).await?;
    let agency = organisation_name(snapshot.as_mut(), asking).await?;
    let mut event = Event::plain(asking, &agency, Operation::Statement, cx.now());
    policy::Answer::Permit.code().clone_into(&mut event.answer);
    Channel::Message.code().clone_into(&mut event.channel);
    event.told = side.listeners(&found.message, &directory);
    event.count = 1;
    event.content = content_of(&said);
    outgoing.tell(&whose, &mut found.message, &event)?;
    outgoing.write(board::keep(found.message, found.version, &directory));
    drop(snapshot);
    outgoing.commit().await?;
    Ok(())
}

fn is_open(message: &Message) -> Result<(), Error> {
    if message.kind != Kind::Discussion {
        return Err(not_now("only in a discussion do agencies speak so"));
    }
    if !message.is_in_force() {
        return Err(not_now("the discussion is over: open another"));
    }
    Ok(())
}

/// For which agency the caller speaks. It follows from where they work, never from what they say.
struct Side {
    agency: OrganisationId,
    agency_name: String,
    team: TeamId,
    /// The delivery that they answer; none for whoever opened it.
    place: Option<usize>,
}

impl Side {
    fn of(message: &Message, own: &[TeamId], directory: &Directory) -> Option<Self> {
        let place = match speaks_for_sender(message, own) {
            true => None,
            false => Some(own_place(message, own)?),
        };
        let team = match place {
            None => &message.sender.team,
            Some(place) => &message.deliveries.get(place)?.team,
        };
        let agency = directory.teams.get(team)?.organisation.clone();
        let found = directory.organisations.get(&agency);
        Some(Self {
            agency_name: found.map_or_else(|| agency.to_string(), |found| found.name.clone()),
            agency,
            team: team.clone(),
            place,
        })
    }

    /// The teams of the other agencies in it, as the account names them.
    fn listeners(&self, message: &Message, directory: &Directory) -> String {
        let invited = message.deliveries.iter().map(|one| &one.team);
        let all = std::iter::once(&message.sender.team).chain(invited);
        let others = all.filter(|team| {
            let found = directory.teams.get(*team);
            found.is_some_and(|found| found.organisation != self.agency)
        });
        let names: Vec<String> = others.filter_map(|team| named(team, directory)).collect();
        names.join(" and ")
    }
}

/// Puts down what is said, and gives the words that the others are told.
fn take(
    cx: &Context,
    asking: &Asking,
    message: &mut Message,
    side: &Side,
    step: &Step<'_>,
    directory: &Directory,
) -> Result<String, Error> {
    let statement = |text: &str| -> Result<Statement, Error> {
        Ok(Statement {
            agency: side.agency.clone(),
            agency_name: side.agency_name.clone(),
            team: side.team.clone(),
            by: asking.caller.worker().cloned().ok_or(Error::NotFound)?,
            name: asking.caller.name.clone(),
            at: cx.now(),
            text: text_of(text)?,
        })
    };
    match step {
        Step::Block(text) => {
            let block = statement(text)?;
            let said = block.text.clone();
            discussion(message).blocks.push(block);
            taken_up(cx, asking, message, side)?;
            Ok(said)
        }
        Step::Dissent(text) => {
            let dissent = statement(text)?;
            let said = dissent.text.clone();
            discussion(message).dissents.push(dissent);
            taken_up(cx, asking, message, side)?;
            Ok(said)
        }
        Step::Name(name) => {
            let other = other(cx, asking, side, name)?;
            let said = other.words();
            let others = &mut discussion(message).others;
            if others.iter().any(|one| is_same(one, &other)) {
                return Err(not_now("they are named already"));
            }
            others.push(other);
            taken_up(cx, asking, message, side)?;
            Ok(said)
        }
        Step::Conclude(_) if side.place.is_some() => Err(Error::NotFound),
        Step::Conclude(conclude) => {
            let without = without(message, directory);
            let conclusion = concluded(cx, asking, conclude, without)?;
            let said = format!("{}\n{}", conclusion.reasons, conclusion.plan);
            discussion(message).conclusions.push(conclusion);
            Ok(said)
        }
    }
}

fn other(cx: &Context, asking: &Asking, side: &Side, name: &Name) -> Result<Other, Error> {
    Ok(Other {
        is: name.is,
        name: name.name.trim().to_owned(),
        relationship: name.relationship.trim().to_owned(),
        has_rights: name.has_rights.filter(|_| name.is == Touched::Adult),
        patient: name.patient,
        agency_name: side.agency_name.clone(),
        by: asking.caller.worker().cloned().ok_or(Error::NotFound)?,
        at: cx.now(),
    })
}

/// Whether one agency names somebody twice in the same words.
fn is_same(one: &Other, new: &Other) -> bool {
    one.agency_name == new.agency_name
        && one.name == new.name
        && one.relationship == new.relationship
}

/// Only a message that [`is_open`] has found to be a discussion comes here.
fn discussion(message: &mut Message) -> &mut Discussion {
    message.discussion.get_or_insert_default()
}

/// Whoever speaks for a team has taken it.
fn taken_up(
    cx: &Context,
    asking: &Asking,
    message: &mut Message,
    side: &Side,
) -> Result<(), Error> {
    let worker = asking.caller.worker().cloned().ok_or(Error::NotFound)?;
    let delivery = side
        .place
        .and_then(|place| message.deliveries.get_mut(place));
    let Some(delivery) = delivery.filter(|one| one.state != State::Actioned) else {
        return Ok(());
    };
    delivery
        .make(Move::Answer(worker, Reply::Mine), cx.now())
        .map_err(|refused| not_now(&refused.to_string()))
}

/// What is missing is said all at once.
fn concluded(
    cx: &Context,
    asking: &Asking,
    conclude: &Conclude,
    without: Vec<String>,
) -> Result<Conclusion, Error> {
    let mut issues = Vec::new();
    for (at, text, advice) in [
        ("reasons", &conclude.reasons, "say why this was decided"),
        (
            "plan",
            &conclude.plan,
            "say what keeps them safe until then: what, who and by when",
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
    let unanswered = |prompt: &&Prompt| !conclude.prompts.contains_key(prompt);
    for prompt in Prompt::ALL.iter().filter(unanswered) {
        let details = format!(
            "answer this first: {} Not known is an answer",
            prompt.words()
        );
        let issue = Issue::error(IssueCode::Required, details);
        issues.push(issue.at(prompt.code()));
    }
    if !issues.is_empty() {
        return Err(Error::Invalid(issues));
    }
    Ok(Conclusion {
        course: conclude.course,
        reasons: conclude.reasons.trim().to_owned(),
        plan: conclude.plan.trim().to_owned(),
        prompts: conclude.prompts.clone(),
        without,
        by: asking.caller.worker().cloned().ok_or(Error::NotFound)?,
        name: asking.caller.name.clone(),
        at: cx.now(),
    })
}

/// The agencies that were asked in and have said nothing: nobody waits for them where somebody is at
/// risk, and nobody is to think that they were heard.
fn without(message: &Message, directory: &Directory) -> Vec<String> {
    let Some(discussion) = &message.discussion else {
        return Vec::new();
    };
    let invited = message.deliveries.iter().map(|one| &one.team);
    let mut silent: Vec<String> = std::iter::once(&message.sender.team)
        .chain(invited)
        .filter_map(|team| directory.teams.get(team))
        .filter(|team| !discussion.has_block_of(&team.organisation))
        .filter_map(|team| directory.organisations.get(&team.organisation))
        .map(|agency| agency.name.clone())
        .collect();
    silent.sort_unstable();
    silent.dedup();
    silent
}
