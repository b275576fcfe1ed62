//! Telling a team something about somebody, and reading again what one told it.

use domain::message::kind::harm;
use domain::message::{Claim, FamilyWord, Kind, Message, Sender, Stage, Urgency};
use domain::{Capacity, PersonId, ResourceId, TeamId, WorkerId};
use fhir::{Issue, IssueCode};
use policy::{Parties, written_by};
use store::{Directory, ListLine, Snapshot};

use super::sentence::{TOLD, YOU_TOLD};
use super::{Meant, Question, as_family};
use crate::attempt::{Attempt, until_done};
use crate::event::{Event, Operation};
use crate::messages::claim::sentence::{CLAIMED, YOU_CLAIMED};
use crate::messages::outgoing::Outgoing;
use crate::messages::send::{dispatch, outside_name, reachable, text_of};
use crate::messages::{board, claim, routing};
use crate::whose::Whose;
use crate::{Asking, Channel, Context, Error, account};

/// The most words of one writer that are shown.
const SHOWN: u32 = 100;

/// What somebody tells.
#[derive(Debug, Clone)]
pub struct Tell {
    /// About whom.
    pub about: Question,
    /// What.
    pub text: String,
    /// The team that reads it.
    pub to: TeamId,
    /// Whether the person's account leaves the writer's name out.
    pub unnamed: bool,
    /// On what they say to act for the person, if that is what they tell.
    pub claim: Option<Claim>,
}

/// What somebody wrote, and what they were answered.
#[derive(Debug)]
pub struct Written {
    /// What they wrote, with the team that has it and by when it answers.
    pub message: Message,
    /// The answers, oldest first.
    pub replies: Vec<Message>,
}

/// Takes what somebody tells about somebody else and puts it onto a team's list. It is taken from
/// everyone, whoever they are to the person and whether or not there is one.
///
/// # Errors
/// [`Error::Invalid`] says what is missing, or why the team cannot be written to;
/// [`Error::NotFound`] if the caller does not write as a person.
pub async fn tell(cx: &Context, asking: &Asking, tell: &Tell) -> Result<ResourceId, Error> {
    tell.about.is_whole()?;
    if let Some(claimed) = &tell.claim {
        claim::is_whole(claimed, cx.now())?;
        claim::is_new(claimed, &words(cx, asking).await?, &tell.about.name)?;
    }
    let operation = cx.draw();
    until_done(|| once(cx, asking, tell, operation)).await
}

async fn once(
    cx: &Context,
    asking: &Asking,
    tell: &Tell,
    operation: [u8; 16],
) -> Result<ResourceId, Attempt> {
    let (asking, writer) = as_family(asking)?;
    let mut snapshot = cx.store.snapshot().await?;
    let directory = snapshot.directory().await?;
    let text = match &tell.claim {
        Some(claim) => claim::in_words(claim, &tell.text),
        None => tell.text.clone(),
    };
    let text = text_of(&text)?;
    is_a_team(cx, &tell.to, &directory)?;
    let meant = Meant::by(cx, snapshot.as_mut(), &asking, &tell.about).await?;
    let itself = snapshot.by_itself(writer).await?.ok_or(Error::NotFound)?;
    let own = account::facts_of(snapshot.as_mut(), writer).await?;
    let own = own.ok_or(Error::NotFound)?;
    let word = FamilyWord {
        by: Some(writer),
        says_to_be: tell.about.says_to_be.trim().to_owned(),
        born: tell.about.born.clone(),
        found: meant.only.is_some(),
        unnamed: tell.unnamed,
        came: None,
        claim: tell.claim.clone().map(Box::new),
    };
    let (person, patient) = match &meant.only {
        Some((facts, patient)) => (facts.person, *patient),
        None => (own.person, itself.patient),
    };
    let mut message = blank(cx, &asking, (word, writer), person, patient);
    tell.about.name.trim().clone_into(&mut message.name);
    message.text = text;
    message.ring = routing::ring(&directory, &tell.to);
    dispatch(cx, &mut message, std::slice::from_ref(&tell.to), &directory)?;

    let mut outgoing = Outgoing::new(cx, &asking, operation);
    outgoing.rest_on_facts(&own);
    let event = event(cx, &asking, &tell.to, &directory);
    let (yours, theirs) = match tell.claim {
        Some(_) => (YOU_CLAIMED, CLAIMED),
        None => (YOU_TOLD, TOLD),
    };
    let mine = Event {
        because: yours.to_owned(),
        ..event.clone()
    };
    outgoing.tell_now(&Whose::of(cx, snapshot.as_mut(), &own).await?, &mine)?;
    if let (Some((facts, _)), Some(word)) = (&meant.only, &message.family) {
        outgoing.rest_on_facts(facts);
        let theirs = Event {
            because: theirs.to_owned(),
            name: word.named(&event.name).to_owned(),
            reason: match word.unnamed {
                true => String::new(),
                false => word.says_to_be.clone(),
            },
            ..event
        };
        outgoing.tell_now(&Whose::of(cx, snapshot.as_mut(), facts).await?, &theirs)?;
    }
    let id = message.id;
    outgoing.write(board::keep(message, 0, &directory));
    drop(snapshot);
    outgoing.commit().await?;
    Ok(id)
}

fn is_a_team(cx: &Context, to: &TeamId, directory: &Directory) -> Result<(), Error> {
    if to.as_str().is_empty() {
        let details = "choose the service that should read it; your council if you do not know";
        return Err(Error::invalid(
            Issue::error(IssueCode::Required, details).at("to"),
        ));
    }
    reachable(std::slice::from_ref(to), directory, cx)
}

fn blank(
    cx: &Context,
    asking: &Asking,
    (word, writer): (FamilyWord, PersonId),
    person: PersonId,
    patient: ResourceId,
) -> Message {
    let id = cx.ids.fresh(cx.chance.as_ref());
    Message {
        id,
        thread: id,
        root: id,
        kind: Kind::FamilyWord,
        purpose: asking.purpose,
        harm: harm(Kind::FamilyWord, asking.purpose, Urgency::Routine),
        person,
        patient,
        name: String::new(),
        sender: Sender::as_person(writer, &asking.caller.name),
        text: String::new(),
        ring: Vec::new(),
        at: cx.now(),
        revision: 1,
        stage: Stage::Draft,
        held: None,
        later: Vec::new(),
        request: None,
        concern: None,
        discussion: None,
        attempts: None,
        sources: Vec::new(),
        by: None,
        family: Some(word),
        to_be_heard: None,
        call: None,
        recall: None,
        challenge: None,
        deliveries: Vec::new(),
    }
}

fn event(cx: &Context, asking: &Asking, to: &TeamId, directory: &Directory) -> Event {
    let mut event = Event::plain(asking, "", Operation::Family, cx.now());
    policy::Answer::Permit.code().clone_into(&mut event.answer);
    Channel::Message.code().clone_into(&mut event.channel);
    event.told = outside_name(to, None, directory).unwrap_or_default();
    event
}

/// Reads what the caller wrote and was answered, newest first.
///
/// # Errors
/// [`Error::NotFound`] if the caller does not ask as a person; [`Error::Revoked`].
pub async fn words(cx: &Context, asking: &Asking) -> Result<Vec<Written>, Error> {
    let writer = writer(asking)?;
    let mut snapshot = cx.store.snapshot().await?;
    if snapshot.is_revoked(&asking.token).await? {
        return Err(Error::Revoked);
    }
    // Bars name workers: nobody is kept from their own words.
    let nobody = WorkerId::new(writer.to_string());
    let lists = [ListLine::of_writer(writer)];
    let listed = snapshot.listed(&lists, &nobody, SHOWN, None).await?;
    let mut words = Vec::new();
    for one in listed {
        words.extend(written(snapshot.as_mut(), writer, &one.parties).await?);
    }
    words.sort_by_key(|word| std::cmp::Reverse(word.message.at));
    Ok(words)
}

/// Reads one thing that the caller wrote.
///
/// # Errors
/// As for [`words`], and [`Error::NotFound`] if it is not the caller's.
pub async fn word(cx: &Context, asking: &Asking, id: ResourceId) -> Result<Written, Error> {
    let writer = writer(asking)?;
    let mut snapshot = cx.store.snapshot().await?;
    if snapshot.is_revoked(&asking.token).await? {
        return Err(Error::Revoked);
    }
    let parties = snapshot.parties(&id).await?.ok_or(Error::NotFound)?;
    let found = written(snapshot.as_mut(), writer, &parties).await?;
    found.ok_or(Error::NotFound)
}

fn writer(asking: &Asking) -> Result<PersonId, Error> {
    match asking.caller.capacity {
        Capacity::Person(person) => Ok(person),
        Capacity::Worker { .. } | Capacity::Outsider { .. } => Err(Error::NotFound),
    }
}

async fn written(
    snapshot: &mut dyn Snapshot,
    writer: PersonId,
    parties: &Parties,
) -> Result<Option<Written>, Error> {
    let Some(addressed) = written_by(writer, parties) else {
        return Ok(None);
    };
    let found = snapshot.message(&addressed).await?;
    let Some((message, _)) = found.filter(|(message, _)| message.family.is_some()) else {
        return Ok(None);
    };
    let mut replies = Vec::new();
    for other in snapshot.parties_about(message.person).await? {
        let of_thread = other.thread == message.thread && other.message != message.id;
        if let Some(addressed) = written_by(writer, &other).filter(|_| of_thread) {
            replies.extend(snapshot.message(&addressed).await?.map(|(one, _)| one));
        }
    }
    replies.sort_by_key(|one| one.at);
    Ok(Some(Written { message, replies }))
}
