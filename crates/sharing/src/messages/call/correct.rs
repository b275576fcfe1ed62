//! Putting right what was told on a call or at a meeting: a marker on the note, a message to each one
//! who was told, which somebody confirms, and a line in the account of whoever was harmed by it.
//!
//! Each one is asked apart, since none need know who else was told. Those whose team has a list find it
//! there; for anybody else the team that told them has a task to ring them. Either waits for an answer
//! and climbs when it is late.

use domain::message::{Attendee, Ending, Fault, Kind, Message, Recall, Wrong};
use domain::{PersonId, ResourceId};
use fhir::Issue;
use store::{Directory, Snapshot};

use super::super::board;
use super::super::outgoing::Outgoing;
use super::super::read::{in_hand, speaks_for_sender};
use super::super::recall::{self, Holder};
use super::super::send::{Known, Sent, codes, content, not_now, text_of};
use super::{in_account, wrong};
use crate::attempt::{Attempt, until_done};
use crate::event::{Event, Operation};
use crate::logged::organisation_name;
use crate::whose::Whose;
use crate::{Asking, Context, Error};

/// What was wrong with what was told.
#[derive(Debug, Clone)]
pub struct Correction {
    /// In what way it was wrong.
    pub fault: Fault,
    /// By which Patient the caller knows whom it is about, if it is about somebody else.
    pub other: Option<ResourceId>,
    /// Who was told it, by their place on the note from 1; empty means everybody.
    pub who: Vec<usize>,
    /// What is so instead, or anything else that they have to know.
    pub text: String,
}

/// Takes back what was told. On return each one who was told is asked to strike it out, and the account
/// of the person says so; if it was about somebody else, that person's account says that it was told,
/// and names nobody.
///
/// # Errors
/// [`Error::NotFound`] if the note is not the caller's team's, or the caller may not open the record of
/// the other person; [`Error::Invalid`] if it was taken back before, or something is missing.
pub async fn correct(
    cx: &Context,
    asking: &Asking,
    id: ResourceId,
    correction: &Correction,
) -> Result<Vec<Sent>, Error> {
    let operation = cx.draw();
    until_done(|| once(cx, asking, id, correction, operation)).await
}

async fn once(
    cx: &Context,
    asking: &Asking,
    id: ResourceId,
    correction: &Correction,
    operation: [u8; 16],
) -> Result<Vec<Sent>, Attempt> {
    let (mut snapshot, directory, own, mut found) = in_hand(cx, asking, id).await?;
    if !speaks_for_sender(&found.message, &own) {
        return Err(Error::NotFound.into());
    }
    let told = told(&found.message, correction)?;
    let said = said(correction)?;
    let asking = &asking.for_purpose(found.message.purpose);

    let mut outgoing = Outgoing::new(cx, asking, operation);
    outgoing.rest_on_facts(&found.facts);
    let whose = Whose::of(cx, snapshot.as_mut(), &found.facts).await?;
    let agency = organisation_name(snapshot.as_mut(), asking).await?;
    let mut event = Event::plain(asking, &agency, Operation::Correction, cx.now());
    policy::Answer::Permit.code().clone_into(&mut event.answer);
    correction.fault.code().clone_into(&mut event.because);
    event.because_since = found.message.at.to_string();
    let mut sent = Vec::new();
    for attendee in &told {
        let recall = asked(
            cx,
            asking,
            &found.message,
            (attendee, correction.fault, &said),
            &directory,
        )?;
        event.told = in_account(attendee);
        event.count = 1;
        event.content = content(&recall);
        outgoing.tell_now(&whose, &event)?;
        sent.push(Sent::of(&recall));
        outgoing.write(board::keep(recall, 0, &directory));
    }
    let count = u32::try_from(told.len()).unwrap_or(u32::MAX);
    let harmed = match correction.fault {
        Fault::NotSo => None,
        Fault::ToAnother | Fault::TooMuch | Fault::NoBasis => Some(whose),
        Fault::OfAnother => {
            let person = found.facts.person;
            Some(
                harmed(
                    snapshot.as_mut(),
                    asking,
                    (correction, person),
                    &mut outgoing,
                )
                .await?,
            )
        }
    };
    if let Some(harmed) = harmed {
        outgoing.tell_now(
            &harmed,
            &breach(asking, &agency, &found.message, (correction, count)),
        )?;
    }
    mark(cx, asking, &mut found.message, correction, &said)?;
    outgoing.write(board::keep(found.message, found.version, &directory));
    drop(snapshot);
    outgoing.commit().await?;
    Ok(sent)
}

/// Those of the note who were told what is wrong.
fn told(message: &Message, correction: &Correction) -> Result<Vec<Attendee>, Error> {
    let call = message.call.as_ref().filter(|_| message.kind == Kind::Call);
    let call = call
        .ok_or_else(|| not_now("only what was told on a call or at a meeting is put right so"))?;
    if !message.is_in_force() {
        return Err(not_now(
            "it was taken back already; note a new call for what you tell now",
        ));
    }
    if let Some(unknown) = correction
        .who
        .iter()
        .find(|place| **place == 0 || **place > call.attended.len())
    {
        let details = format!("nobody stands at place {unknown} of the note");
        return Err(wrong("who", details));
    }
    let chosen = |attendee: &Attendee| {
        let place = call.attended.iter().position(|one| one == attendee);
        let place = place.map(|place| place + 1);
        correction.who.is_empty() || place.is_some_and(|place| correction.who.contains(&place))
    };
    let told: Vec<Attendee> = call.told().filter(|one| chosen(one)).cloned().collect();
    if told.is_empty() {
        let details = "nothing of the record went to them: there is nothing to take back from them";
        return Err(wrong("who", details));
    }
    Ok(told)
}

/// What those who were told read beside the usual words.
fn said(correction: &Correction) -> Result<String, Error> {
    if correction.text.trim().is_empty() {
        if correction.fault == Fault::NotSo {
            let details = "say what is so instead: they have to put right what they wrote down";
            return Err(Error::invalid(Issue::required("text", details)));
        }
        return Ok(String::new());
    }
    text_of(&correction.text)
}

/// The message to one who was told.
fn asked(
    cx: &Context,
    asking: &Asking,
    note: &Message,
    (attendee, fault, said): (&Attendee, Fault, &str),
    directory: &Directory,
) -> Result<Message, Error> {
    let holder = Holder {
        name: &attendee.name,
        team: attendee.team.as_ref(),
        rings: &note.sender.team,
    };
    let recall = Recall {
        of: note.id,
        told: in_account(attendee),
        told_at: note.at,
        what: Vec::new(),
        how: fault,
        found: false,
    };
    let mut message = recall::ask(cx, asking, note, (&holder, recall, said), directory)?;
    message.sender.team = note.sender.team.clone();
    Ok(message)
}

/// Whose account says that something of theirs was told as if it were about somebody else.
async fn harmed(
    snapshot: &mut dyn Snapshot,
    asking: &Asking,
    (correction, person): (&Correction, PersonId),
    outgoing: &mut Outgoing<'_>,
) -> Result<Whose, Error> {
    let cx = outgoing.cx();
    let Some(other) = correction.other else {
        let details = "say about whom it is: their account has to tell them";
        return Err(Error::invalid(Issue::required("other", details)));
    };
    let known = Known::of(cx, snapshot, asking, other).await?;
    if known.facts.person == person {
        let details = "that is the same person: choose whom it is really about";
        return Err(wrong("other", details));
    }
    outgoing.rest_on_facts(&known.facts);
    Whose::of(cx, snapshot, &known.facts).await
}

/// What the account of whoever was harmed says. It names the agency that answers for it, and nobody.
fn breach(
    asking: &Asking,
    agency: &str,
    note: &Message,
    (correction, count): (&Correction, u32),
) -> Event {
    let mut event = Event::plain(asking, agency, Operation::Breach, note.at);
    policy::Answer::Permit.code().clone_into(&mut event.answer);
    event.name.clear();
    event.worker.clear();
    event.role.clear();
    event.reason.clear();
    correction.fault.code().clone_into(&mut event.because);
    event.because_since = note.at.to_string();
    event.count = count;
    let what = note.call.as_ref().map(|call| codes(&call.what));
    event.what = what.unwrap_or_default();
    event
}

/// The marker on the note, which stands as it was written.
fn mark(
    cx: &Context,
    asking: &Asking,
    note: &mut Message,
    correction: &Correction,
    said: &str,
) -> Result<(), Error> {
    let reason = format!("{}. {said}", correction.fault.words());
    let ending = Ending {
        at: cx.now(),
        by: asking.caller.worker().cloned().ok_or(Error::NotFound)?,
        reason: reason.trim_end().to_owned(),
    };
    note.retract(ending)
        .map_err(|refused| not_now(&refused.to_string()))?;
    if let Some(call) = &mut note.call {
        call.wrong = Some(Wrong {
            how: correction.fault,
        });
    }
    Ok(())
}
