//! What two people read in their accounts when they are joined, and when they are parted: each in
//! their own, and nothing of the other.

use domain::{Category, HomeId, PersonId, ResourceId};
use store::{Linked, NewEntry, Snapshot};

use super::breach::Shown;
use super::links::{Replayed, find};
use crate::event::{Event, Operation};
use crate::logged::organisation_name;
use crate::{Asking, Context, Error};

/// Two Patients, and who is whom among all that is linked with them.
#[derive(Clone, Copy)]
pub(crate) struct Pair<'p> {
    pub(crate) linked: &'p Linked,
    pub(crate) persons: &'p Replayed<'p>,
    pub(crate) left: ResourceId,
    pub(crate) right: ResourceId,
}

/// One line for each of the people whom two Patients were until now: that a steward says they are
/// one, and who. The steward's words may speak of others, and stay with the pair.
pub(super) async fn joined(
    cx: &Context,
    snapshot: &mut dyn Snapshot,
    asking: &Asking,
    pair: Pair<'_>,
) -> Result<Vec<NewEntry>, Error> {
    let agency = organisation_name(snapshot, asking).await?;
    let mut event = Event::plain(asking, &agency, Operation::Join, cx.now());
    event.reason.clear();
    written(cx, snapshot, pair, event).await
}

/// One line for each of the people whom two Patients were until an agency brought what it holds of one
/// of them up to date, by which the exchange found them to be one.
pub(crate) async fn found_one(
    cx: &Context,
    snapshot: &mut dyn Snapshot,
    asking: &Asking,
    pair: Pair<'_>,
) -> Result<Vec<NewEntry>, Error> {
    let agency = organisation_name(snapshot, asking).await?;
    let mut event = Event::plain(asking, &agency, Operation::Join, cx.now());
    by_the_exchange(&mut event);
    written(cx, snapshot, pair, event).await
}

/// One line for each of the people whom two Patients are from now on: that they stood together by
/// mistake, and how often something was shown. It is about what happened, and neither about who
/// mended it nor about the other.
pub(super) async fn parted(
    cx: &Context,
    snapshot: &mut dyn Snapshot,
    asking: &Asking,
    pair: Pair<'_>,
    shown: &Shown,
) -> Result<Vec<NewEntry>, Error> {
    let mut event = Event::plain(asking, "", Operation::Breach, cx.now());
    by_the_exchange(&mut event);
    event.organisation.clear();
    event.because_since = shown.since.to_string();
    event.count = shown.times;
    written(cx, snapshot, pair, event).await
}

/// Nobody did it by hand.
fn by_the_exchange(event: &mut Event) {
    event.worker.clear();
    event.role.clear();
    event.reason.clear();
    "The exchange".clone_into(&mut event.name);
}

/// The line in the account of each of the two.
async fn written(
    cx: &Context,
    snapshot: &mut dyn Snapshot,
    pair: Pair<'_>,
    mut event: Event,
) -> Result<Vec<NewEntry>, Error> {
    policy::Answer::Permit.code().clone_into(&mut event.answer);
    event.what = vec![Category::Demographics.code().to_owned()];
    let operation = cx.draw();
    let mut entries = Vec::new();
    for id in [pair.left, pair.right] {
        let Some((person, home)) = placed(pair, id) else {
            continue;
        };
        let key = cx.keys.home(snapshot, home).await?;
        let view = cx.keys.person_view(person);
        entries.push(event.seal(cx, view, home, &key, operation)?);
    }
    Ok(entries)
}

/// Whose a Patient is, and the home that their chain is kept under: that of the oldest of their
/// Patients.
fn placed(pair: Pair<'_>, id: ResourceId) -> Option<(PersonId, HomeId)> {
    let person = pair.persons.person(find(pair.linked, id)?);
    let mut theirs = pair.linked.subjects.iter();
    let oldest = theirs.find(|subject| pair.persons.person(subject) == person)?;
    Some((person, oldest.home))
}
