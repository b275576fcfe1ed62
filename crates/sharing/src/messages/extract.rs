//! The nominated reader's extract: what a health professional passes on of the records that they read
//! for a council officer. It is an item of its own, with its sources; the officer sees it and no more.

use domain::message::{Kind, Message, Move, Required, Response};
use domain::{Category, ResourceId};
use fhir::{Issue, IssueCode};
use store::Snapshot;

use super::outgoing::Outgoing;
use super::read::{in_hand, own_place};
use super::send::{Known, answering, codes, dispatch, not_now, tell_of_sending, text_of};
use super::{board, in_person};
use crate::attempt::{Attempt, until_done};
use crate::event::{Event, Operation};
use crate::logged::organisation_name;
use crate::whose::Whose;
use crate::{Asking, Channel, Context, Error};

/// What a reader passes on.
#[derive(Debug, Clone)]
pub struct Extract {
    /// What matters for the inquiry, in the reader's words.
    pub text: String,
    /// What of the record it tells.
    pub told: Vec<Category>,
    /// The records that it is from: type and id of each.
    pub sources: Vec<(String, ResourceId)>,
}

/// Passes an extract on to the officer who required the records.
///
/// # Errors
/// [`Error::NotFound`] if the requirement is not the caller's to read; [`Error::Invalid`] if they are
/// not its reader, it is over, nothing is said or told, or a source is not one that they may read
/// under it.
pub async fn extract(
    cx: &Context,
    asking: &Asking,
    id: ResourceId,
    extract: &Extract,
) -> Result<ResourceId, Error> {
    let operation = cx.draw();
    until_done(|| once(cx, asking, id, extract, operation)).await
}

async fn once(
    cx: &Context,
    asking: &Asking,
    id: ResourceId,
    extract: &Extract,
    operation: [u8; 16],
) -> Result<ResourceId, Attempt> {
    let (mut snapshot, directory, own, mut found) = in_hand(cx, asking, id).await?;
    let place = own_place(&found.message, &own).ok_or(Error::NotFound)?;
    reads(asking, &found.message)?;
    let asking = &asking.for_purpose(found.message.purpose);
    let known = Known::of(cx, snapshot.as_mut(), asking, found.message.patient).await?;
    let mut answer = answering(cx, asking, &found.message, &directory, Kind::Response)?;
    answer.text = text_of(&extract.text)?;
    answer.sources = sources(snapshot.as_mut(), &known, extract).await?;
    let back = [found.message.sender.team.clone()];
    dispatch(cx, &mut answer, &back, &directory)?;
    let worker = asking.caller.worker().cloned().ok_or(Error::NotFound)?;
    found.message.deliveries[place]
        .make(Move::Respond(worker, Box::new(Response::Shared)), cx.now())
        .map_err(|refused| not_now(&refused.to_string()))?;

    let mut outgoing = Outgoing::new(cx, asking, operation);
    let snapshot_ref = snapshot.as_mut();
    outgoing
        .rest_on(snapshot_ref, &known.facts, &known.decision)
        .await?;
    let whose = Whose::of(cx, snapshot.as_mut(), &known.facts).await?;
    let agency = organisation_name(snapshot.as_mut(), asking).await?;
    let mut event = Event::plain(asking, &agency, Operation::Response, cx.now());
    policy::Answer::Permit.code().clone_into(&mut event.answer);
    Channel::Message.code().clone_into(&mut event.channel);
    event.what = codes(&extract.told);
    tell_of_sending(&mut outgoing, &whose, &mut answer, &event, &directory)?;
    let passed_on = answer.id;
    outgoing.write(board::keep(answer, 0, &directory));
    let tell = in_person::of_taken(cx, snapshot.as_mut(), &found.message, &directory).await?;
    tell.into_iter().for_each(|task| outgoing.write(task));
    outgoing.write(board::keep(found.message, found.version, &directory));
    drop(snapshot);
    outgoing.commit().await?;
    Ok(passed_on)
}

/// Whether the caller is the reader whom a requirement in force names.
fn reads(asking: &Asking, message: &Message) -> Result<(), Error> {
    let request = message.request.as_ref();
    let required: Option<&Required> = request.and_then(|one| one.required.as_ref());
    let reader = required.and_then(|one| one.reader.as_ref());
    if reader.is_none() || reader != asking.caller.worker() {
        let details =
            "an extract is passed on by the health professional whom the requirement names";
        return Err(wrong(IssueCode::Forbidden, "reader", details));
    }
    if !message.is_in_force() {
        return Err(not_now(
            "the requirement is over: nothing more is passed on",
        ));
    }
    Ok(())
}

/// The records that it is from, each read under the requirement and at this moment.
async fn sources(
    snapshot: &mut dyn Snapshot,
    known: &Known,
    extract: &Extract,
) -> Result<Vec<String>, Error> {
    let permit = known.permit.as_ref().ok_or(Error::NotFound)?;
    if extract.told.is_empty() {
        let advice = "choose what of the record it tells";
        return Err(Error::invalid(Issue::required("told", advice)));
    }
    if extract.sources.is_empty() {
        let advice = "name the records that it is from: what has no source is hearsay";
        return Err(Error::invalid(Issue::required("source", advice)));
    }
    let mut sources = Vec::new();
    for (kind, id) in &extract.sources {
        let read = snapshot.read(permit, kind, id).await?;
        if read.is_none() {
            let details = "you may read no such record under this requirement";
            return Err(wrong(IssueCode::NotFound, "source", details));
        }
        sources.push(format!("{kind}/{id}"));
    }
    Ok(sources)
}

fn wrong(code: IssueCode, at: &str, details: &str) -> Error {
    Error::invalid(Issue::error(code, details).at(at))
}
