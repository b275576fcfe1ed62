//! A call round or a meeting, noted once: who was there, what they were told, how it was known who
//! they are, what is done next. Each one to whom something of the record went is a line in the
//! person's account, whether or not they have anything to do with the exchange.
//!
//! What was said by word of mouth has happened, so it is noted and never refused. What is about to be
//! sent in writing is decided first: whoever may not have it is not sent it, and the account says that
//! it was tried. Telling somebody's relatives, landlord or solicitor past whoever acts for them raises
//! the same task as recording it does ([`super::alarm`]).

mod contacts;
mod correct;
mod sentence;

use domain::arrangement::{Told, ToldAs};
use domain::message::call::Way;
use domain::message::{Attendee, Call, Identity, Kind, kind::harm};
use domain::{
    Assurance, Caller, Capacity, Category, Fact, Matter, Moment, PartyId, PersonId, Purpose,
    ResourceId,
};
use fhir::{Issue, IssueCode};
use policy::{Answer, Asks, Facts, Ground, Policies, Request};
use store::{Directory, EntryReceipt, NewFacts, Write};

use super::alarm::{self, After};
use super::close::{Close, those_close};
use super::outgoing::Outgoing;
use super::planned::facts;
use super::send::{Known, blank, codes, content, dispatch, text_of};
use super::{board, own_team};
use crate::attempt::{Attempt, until_done};
use crate::contribute::custodian;
use crate::event::{Event, Operation};
use crate::logged::organisation_name;
use crate::whose::Whose;
use crate::{Asking, Channel, Context, Error};

pub use contacts::{Attended, Contact, contacts};
pub use correct::{Correction, correct};
pub(crate) use sentence::{breach, sentence};

/// The longest name of somebody whom no directory knows, in letters.
const LONGEST_NAME: usize = 200;

/// What is noted of a call round or meeting.
#[derive(Debug, Clone)]
pub struct Note {
    /// How they were told.
    pub way: Way,
    /// Who was there, or was rung.
    pub attended: Vec<Attended>,
    /// What they were told about; may be empty if only a message was left, or if they told.
    pub what: Vec<Category>,
    /// Why, in a line that the person reads.
    pub why: String,
    /// How it was known who they are.
    pub identity: Identity,
    /// What is done next and by whom; empty if nobody owns a next step.
    pub next: String,
    /// About which matter, for whoever must not be left out of it; left out: what the decisions that
    /// are planned about the person are about, and if none is, their care.
    pub matter: Option<Matter>,
}

/// A call that was noted.
#[derive(Debug)]
pub struct Noted {
    /// The id of the note.
    pub id: ResourceId,
    /// What the account says of each one who was told, or refused.
    pub lines: Vec<Event>,
    /// The receipts of these lines; none where only colleagues of one team spoke.
    pub receipts: Vec<EntryReceipt>,
}

/// Notes who was told what about whoever this Patient is.
///
/// # Errors
/// [`Error::NotFound`] if the caller may not open the record: one who may not see it has nothing of it
/// to tell. [`Error::Invalid`] names what is missing, or whom the directory does not know.
pub async fn note(
    cx: &Context,
    asking: &Asking,
    patient: ResourceId,
    note: &Note,
) -> Result<Noted, Error> {
    let operation = cx.draw();
    until_done(|| once(cx, asking, patient, note, operation)).await
}

async fn once(
    cx: &Context,
    asking: &Asking,
    patient: ResourceId,
    note: &Note,
    operation: [u8; 16],
) -> Result<Noted, Attempt> {
    let mut snapshot = cx.store.snapshot().await?;
    let directory = snapshot.directory().await?;
    let mut known = Known::of(cx, snapshot.as_mut(), asking, patient).await?;
    let policies = cx.policies.at(snapshot.as_mut()).await?;
    let close = those_close(cx, snapshot.as_mut(), asking, &known.facts).await?;
    let named = (&*close, &*directory);
    let call = call_of(cx, asking, note, (&known.facts, named, &policies))?;

    let person = known.facts.person;
    let mut message = blank(cx, asking, &directory, patient, person, Kind::Call)?;
    message.name = known.name.take();
    message.text = why(note)?;
    message.harm = harm(
        Kind::Call,
        asking.purpose,
        domain::message::Urgency::Routine,
    );
    dispatch(cx, &mut message, &[], &directory)?;

    let mut outgoing = Outgoing::new(cx, asking, operation);
    outgoing
        .rest_on(snapshot.as_mut(), &known.facts, &known.decision)
        .await?;
    let whose = Whose::of(cx, snapshot.as_mut(), &known.facts).await?;
    let agency = organisation_name(snapshot.as_mut(), asking).await?;
    let mut event = Event::of(asking, &agency, Operation::Call, &known.decision, cx.now());
    channel(note.way).code().clone_into(&mut event.channel);
    event.reason.clone_from(&message.text);
    event.content = content(&message);
    event.what = codes(&note.what);
    let mut lines = Vec::new();
    for attendee in call.attended.iter().filter(|one| !one.own) {
        let line = line(&event, attendee);
        outgoing.tell_now(&whose, &line)?;
        lines.push(line);
    }
    let said = told_facts(cx, note, &call, &known.facts);
    if !said.is_empty() {
        let after = facts::after(&known.facts, said.iter().cloned());
        outgoing.write(kept(cx, asking, patient, said));
        let after = After {
            patient,
            name: &message.name,
            facts: &after,
        };
        for write in alarm::tasks(cx, snapshot.as_mut(), asking, &after).await? {
            outgoing.write(write);
        }
    }
    let id = message.id;
    message.call = Some(call);
    outgoing.write(board::keep(message, 0, &directory));
    drop(snapshot);
    let receipts = outgoing.commit().await?;
    Ok(Noted {
        id,
        lines,
        receipts,
    })
}

fn why(note: &Note) -> Result<String, Error> {
    text_of(&note.why).map_err(|error| match error {
        Error::Invalid(_) if note.why.trim().is_empty() => {
            let details = "say in a few words why you called: the person reads it";
            Error::invalid(Issue::required("text", details))
        }
        error => error,
    })
}

/// The note as it is kept: everybody is looked up, and what would be sent in writing is decided.
fn call_of(
    cx: &Context,
    asking: &Asking,
    note: &Note,
    (facts, named, policies): (&Facts, (&[Close], &Directory), &Policies),
) -> Result<Call, Error> {
    let own = own_team(asking)?;
    if note.attended.is_empty() {
        let details = "say who was there, or was rung";
        return Err(Error::invalid(Issue::required("with", details)));
    }
    let mut attended: Vec<Attendee> = Vec::new();
    for one in &note.attended {
        let mut attendee = one.attendee(facts, named, &own)?;
        if note.way == Way::Letter && !note.what.is_empty() {
            let ground = ground(cx, asking, facts, policies, (&attendee, &note.what));
            attendee.refused = ground.map(|ground| ground.code().to_owned());
        }
        if !attended.contains(&attendee) {
            attended.push(attendee);
        }
    }
    let next = note.next.trim();
    Ok(Call {
        way: note.way,
        identity: note.identity,
        what: note.what.clone(),
        next: (!next.is_empty()).then(|| next.to_owned()),
        attended,
        wrong: None,
    })
}

/// Through what somebody was told who was told so.
pub(super) fn channel(way: Way) -> Channel {
    match way {
        Way::Phone => Channel::Phone,
        Way::Meeting => Channel::Meeting,
        Way::Letter => Channel::Letter,
    }
}

/// What the account says of one who was told. It tells what it tells: that the caller's own view is
/// partial is no part of it.
fn line(event: &Event, attendee: &Attendee) -> Event {
    let mut line = Event {
        told: in_account(attendee),
        count: 1,
        grounds: Vec::new(),
        ..event.clone()
    };
    match &attendee.refused {
        None => Answer::Permit.code().clone_into(&mut line.answer),
        Some(ground) => {
            Answer::Deny.code().clone_into(&mut line.answer);
            line.grounds = vec![ground.clone()];
            line.basis.clear();
            line.content.clear();
            line.count = 0;
        }
    }
    line
}

/// How the person's account names somebody: whoever is close to them, by what they are to them.
fn in_account(attendee: &Attendee) -> String {
    match attendee.party {
        Some(_) => format!("your {}", attendee.name),
        None => attendee.name.clone(),
    }
}

/// The ground on which somebody outside may not be sent this, if there is one. For whoever is
/// close, only what binds whoever would send it; for anybody else, whatever the exchange would answer if
/// they asked themselves.
fn ground(
    cx: &Context,
    asking: &Asking,
    facts: &Facts,
    policies: &Policies,
    (attendee, what): (&Attendee, &[Category]),
) -> Option<Ground> {
    let by_themselves = attendee.worker.is_none() && attendee.team.is_none();
    let is = attendee
        .is
        .filter(|is| by_themselves || *is == ToldAs::Solicitor)?;
    let party = attendee.party.clone();
    let request = Request {
        caller: Caller {
            name: attendee.name.clone(),
            capacity: Capacity::Person(PersonId(cx.draw())),
            assurance: Assurance::Substantial,
        },
        person: facts.person,
        purpose: match is {
            ToldAs::Relative => Purpose::FamilyRequest,
            _ => Purpose::PersonRequest,
        },
        reason: None,
        asks: Asks {
            party: Some(party.unwrap_or_else(|| outsider(&attendee.name))),
            categories: what.iter().copied().collect(),
            given_by: asking.caller.organisation().cloned(),
            ..Asks::default()
        },
    };
    let decision = policy::decide(&request, facts, policies, cx.now());
    let mut grounds = decision.grounds.iter().copied();
    if let Some(binding) = grounds.clone().find(|ground| ground.binds_holder()) {
        return Some(binding);
    }
    let refused = decision.answer == Answer::Deny && is != ToldAs::Relative;
    refused.then(|| grounds.next().unwrap_or(Ground::NoPower))
}

/// How facts name somebody of whom nothing is known but a name.
fn outsider(name: &str) -> PartyId {
    PartyId::new(format!("~{}", name.to_lowercase()))
}

/// Who must not be told past whom: what the asymmetry alarm goes by.
fn told_facts(cx: &Context, note: &Note, call: &Call, known: &Facts) -> Vec<Fact> {
    let at = Moment(cx.now());
    let mut facts = Vec::new();
    for attendee in call.told() {
        let Some(as_what) = attendee.is else { continue };
        let party = attendee.party.clone();
        let party = party.unwrap_or_else(|| outsider(&attendee.name));
        for matter in matters(note.matter, known) {
            facts.push(Fact::Told(Told {
                party: party.clone(),
                as_what,
                matter,
                at,
            }));
        }
    }
    facts
}

fn matters(said: Option<Matter>, known: &Facts) -> Vec<Matter> {
    if let Some(matter) = said {
        return vec![matter];
    }
    let decisions = known.circumstances.life_decisions.iter();
    let open = decisions.filter(|it| it.state != domain::arrangement::DecisionState::Made);
    let mut matters: Vec<Matter> = open.map(|it| it.matter).collect();
    matters.sort_unstable();
    matters.dedup();
    if matters.is_empty() {
        matters.push(Matter::Care);
    }
    matters
}

fn kept(cx: &Context, asking: &Asking, patient: ResourceId, facts: Vec<Fact>) -> Write {
    let worker = asking.caller.worker();
    Write::Facts(NewFacts {
        subject: patient,
        evidence: cx.ids.fresh(cx.chance.as_ref()),
        organisation: custodian(asking),
        said_by: worker.map_or_else(String::new, ToString::to_string),
        said_at: cx.now(),
        facts,
    })
}

fn wrong(at: &str, details: impl Into<String>) -> Error {
    Error::invalid(Issue::error(IssueCode::BusinessRule, details.into()).at(at))
}
