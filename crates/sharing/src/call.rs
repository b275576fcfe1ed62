//! A call or meeting, noted in twenty seconds: it stands in the account like any disclosure.

use domain::{Category, ResourceId};
use store::EntryReceipt;

use crate::attempt::{Attempt, until_done};
use crate::disclose::request;
use crate::event::{Event, Operation};
use crate::knowing::knows_patient;
use crate::logged::{Logged, organisation_name};
use crate::whose::About;
use crate::{Asking, Context, Error};

/// What is noted of a call or meeting.
#[derive(Debug, Clone)]
pub struct Note {
    /// Who was told, as the person will read it: "Gregor Muir, housing officer, Northburn Housing".
    pub told: String,
    /// What they were told about; may be empty if only a message was left.
    pub what: Vec<Category>,
    /// Why, in a line.
    pub why: String,
}

/// Notes what was told to whom outside Candour about whoever this Patient is. `None` if the caller
/// may not open the record: one who may not see it has nothing of it to tell.
///
/// # Errors
/// [`Error::Invalid`] if nobody is named.
pub async fn note(
    cx: &Context,
    asking: &Asking,
    patient: ResourceId,
    note: &Note,
) -> Result<Option<(Event, EntryReceipt)>, Error> {
    if note.told.trim().is_empty() {
        return Err(Error::invalid(fhir::Issue::required(
            "told",
            "say who was told",
        )));
    }
    let operation = cx.draw();
    until_done(|| once(cx, asking, patient, note, operation)).await
}

async fn once(
    cx: &Context,
    asking: &Asking,
    patient: ResourceId,
    note: &Note,
    operation: [u8; 16],
) -> Result<Option<(Event, EntryReceipt)>, Attempt> {
    let mut snapshot = cx.store.snapshot().await?;
    let Some(person) = snapshot.person_of(&patient).await? else {
        return Ok(None);
    };
    let Some(facts) = snapshot.facts(person).await? else {
        return Ok(None);
    };
    let policies = cx.policies.at(snapshot.as_mut()).await?;
    let decision = policy::decide(&request(asking, &facts), &facts, &policies, cx.now());
    let known = knows_patient(snapshot.as_mut(), asking, &facts, &decision, patient).await?;
    if !known || !decision.answer.shares() {
        return Ok(None);
    }
    let mut event = Event::of(
        asking,
        &organisation_name(snapshot.as_mut(), asking).await?,
        Operation::Call,
        &decision,
        cx.now(),
    );
    note.told.trim().clone_into(&mut event.told);
    note.why.trim().clone_into(&mut event.reason);
    // A call tells what it tells: that the caller's own view is partial is no part of it.
    policy::Answer::Permit.code().clone_into(&mut event.answer);
    event.grounds.clear();
    event.what = note
        .what
        .iter()
        .map(|category| category.code().to_owned())
        .collect();
    let logged = Logged::about(
        cx,
        snapshot.as_mut(),
        asking,
        &facts,
        &decision,
        (&event, About::Named),
        operation,
    )
    .await?;
    drop(snapshot);
    let receipt = logged.commit(cx).await?;
    Ok(Some((event, receipt)))
}
