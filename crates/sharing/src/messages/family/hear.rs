//! Putting in what somebody told a worker by letter, on the telephone or face to face, who has no
//! account here or did not use it. It is kept as their word, with who put it in and how it came, and a
//! team answers it by a day like any other; the answer is printed as a letter.

use domain::calendar::local;
use domain::message::call::Way;
use domain::message::kind::harm;
use domain::message::{Came, FamilyWord, Kind, Message, Urgency};
use domain::{PartyId, ResourceId, TeamId, Timestamp};
use fhir::{Issue, IssueCode};
use policy::Facts;
use store::Directory;

use super::LONGEST_NAME;
use super::sentence::{HEARD, HEARD_YOU};
use crate::attempt::{Attempt, until_done};
use crate::event::{Event, Operation};
use crate::logged::organisation_name;
use crate::messages::call::channel;
use crate::messages::close::{those_close, who};
use crate::messages::outgoing::Outgoing;
use crate::messages::send::{Known, blank, dispatch, named, reachable, text_of};
use crate::messages::{board, routing};
use crate::whose::Whose;
use crate::{Asking, Context, Error};

/// The longest address, in letters.
const LONGEST_ADDRESS: usize = 500;

/// Who told a worker something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Speaker {
    /// The person whom the record is about.
    Person,
    /// Somebody who acts for them or is close to them, as facts name them.
    Close {
        /// Who.
        party: PartyId,
        /// Their name.
        name: String,
    },
    /// Anybody else.
    Other {
        /// Their name.
        name: String,
        /// What they say they are to the person.
        says_to_be: String,
    },
}

/// What somebody told.
#[derive(Debug, Clone)]
pub struct Heard {
    /// Who told it.
    pub from: Speaker,
    /// By letter, on the telephone, or face to face.
    pub way: Way,
    /// On what day, by any moment of it.
    pub on: Timestamp,
    /// What, in their words.
    pub text: String,
    /// The team that answers.
    pub to: TeamId,
    /// Where the answer goes: an address, a number, or whoever passes it on.
    pub answer_to: String,
    /// Whether the person's account leaves their name out.
    pub unnamed: bool,
}

/// Puts in what somebody told the caller about whoever this Patient is.
///
/// # Errors
/// [`Error::NotFound`] if the record does not open to the caller; [`Error::Invalid`] says what is missing,
/// or why the team cannot be written to.
pub async fn hear(
    cx: &Context,
    asking: &Asking,
    patient: ResourceId,
    heard: &Heard,
) -> Result<ResourceId, Error> {
    is_whole(heard, cx.now())?;
    let operation = cx.draw();
    until_done(|| once(cx, asking, patient, heard, operation)).await
}

async fn once(
    cx: &Context,
    asking: &Asking,
    patient: ResourceId,
    heard: &Heard,
    operation: [u8; 16],
) -> Result<ResourceId, Attempt> {
    let mut snapshot = cx.store.snapshot().await?;
    let directory = snapshot.directory().await?;
    reachable(std::slice::from_ref(&heard.to), &directory, cx)?;
    let mut known = Known::of(cx, snapshot.as_mut(), asking, patient).await?;
    if let Speaker::Close { party, .. } = &heard.from {
        let close = those_close(cx, snapshot.as_mut(), asking, &known.facts).await?;
        if close.iter().all(|one| one.party != *party) {
            let details = "nobody of this id acts for the person or is close to them: choose one of those listed, or give a name and what they say they are";
            return Err(wrong("from", IssueCode::NotFound, details).into());
        }
    }
    let person = known.facts.person;
    let mut message = blank(cx, asking, &directory, patient, person, Kind::FamilyWord)?;
    message.name = known.name.take();
    message.sender.name = name_of(heard, &message.name);
    message.text = text_of(&heard.text)?;
    message.harm = harm(Kind::FamilyWord, message.purpose, Urgency::Routine);
    message.ring = routing::ring(&directory, &heard.to);
    message.family = Some(word(asking, heard, &known.facts)?);
    dispatch(
        cx,
        &mut message,
        std::slice::from_ref(&heard.to),
        &directory,
    )?;

    let mut outgoing = Outgoing::new(cx, asking, operation);
    outgoing
        .rest_on(snapshot.as_mut(), &known.facts, &known.decision)
        .await?;
    let agency = organisation_name(snapshot.as_mut(), asking).await?;
    let mut event = Event::plain(asking, &agency, Operation::Family, cx.now());
    policy::Answer::Permit.code().clone_into(&mut event.answer);
    recorded(&mut event, &message, heard, &directory);
    let whose = Whose::of(cx, snapshot.as_mut(), &known.facts).await?;
    outgoing.tell_now(&whose, &event)?;
    let id = message.id;
    outgoing.write(board::keep(message, 0, &directory));
    drop(snapshot);
    outgoing.commit().await?;
    Ok(id)
}

/// What the account says: who put it in, whose word it is, how it came, and who answers.
fn recorded(event: &mut Event, message: &Message, heard: &Heard, directory: &Directory) {
    channel(heard.way).code().clone_into(&mut event.channel);
    event.told = named(&heard.to, directory).unwrap_or_default();
    let because = match heard.from {
        Speaker::Person => HEARD_YOU,
        Speaker::Close { .. } | Speaker::Other { .. } => HEARD,
    };
    because.clone_into(&mut event.because);
    event.reason = match (&heard.from, message.writer()) {
        (Speaker::Person, _) | (_, None) => String::new(),
        (_, Some(_)) if heard.unnamed => "somebody who asked not to be named".to_owned(),
        (_, Some(writer)) => format!("{writer},"),
    };
}

fn name_of(heard: &Heard, person: &str) -> String {
    match &heard.from {
        Speaker::Person => person.to_owned(),
        Speaker::Close { name, .. } | Speaker::Other { name, .. } => name.trim().to_owned(),
    }
}

fn word(asking: &Asking, heard: &Heard, facts: &Facts) -> Result<FamilyWord, Error> {
    let worker = asking.caller.worker().ok_or(Error::NotFound)?;
    let (by, says_to_be, party) = match &heard.from {
        Speaker::Person => (Some(facts.person), String::new(), None),
        Speaker::Close { party, .. } => {
            let is = format!("their {}", who(facts, party));
            (None, is, Some(party.clone()))
        }
        Speaker::Other { says_to_be, .. } => (None, says_to_be.trim().to_owned(), None),
    };
    Ok(FamilyWord {
        by,
        says_to_be,
        born: String::new(),
        found: true,
        unnamed: heard.unnamed,
        came: Some(Came {
            way: heard.way,
            on: heard.on,
            put_in_by: worker.clone(),
            name: asking.caller.name.clone(),
            answer_to: heard.answer_to.trim().to_owned(),
            party,
        }),
        claim: None,
    })
}

/// Everything that is missing, all at once.
fn is_whole(heard: &Heard, now: Timestamp) -> Result<(), Error> {
    let mut issues = Vec::new();
    let mut needs = |at: &str, text: &str, longest: usize, missing: &str| {
        let letters = text.trim().chars().count();
        if letters == 0 {
            issues.push(Issue::required(at, missing));
        } else if letters > longest {
            let details = format!("keep it under {longest} letters");
            issues.push(Issue::error(IssueCode::TooLong, details).at(at));
        }
    };
    match &heard.from {
        Speaker::Person => {}
        Speaker::Close { name, .. } => needs("name", name, LONGEST_NAME, "give their name"),
        Speaker::Other { name, says_to_be } => {
            needs("name", name, LONGEST_NAME, "give their name");
            let missing = "say what they are to the person, such as her son or a neighbour";
            needs("says-to-be", says_to_be, LONGEST_NAME, missing);
        }
    }
    let missing = "say where the answer goes: an address, a number, or whoever passes it on";
    needs("answer-to", &heard.answer_to, LONGEST_ADDRESS, missing);
    needs("text", &heard.text, usize::MAX, "say what they told you");
    if heard.to.as_str().is_empty() {
        issues.push(Issue::required("to", "choose the team that answers"));
    }
    if local(heard.on).date() > local(now).date() {
        let details = "this day is to come: give the day on which they told you";
        issues.push(Issue::error(IssueCode::Value, details).at("on"));
    }
    match issues.is_empty() {
        true => Ok(()),
        false => Err(Error::Invalid(issues)),
    }
}

fn wrong(at: &str, code: IssueCode, details: &str) -> Error {
    Error::invalid(Issue::error(code, details).at(at))
}
