//! What was shown of two people while they were one by mistake: told to both, naming nobody.

use domain::{Category, HomeId, PersonId, ResourceId, Timestamp};
use policy::Internal;
use store::{Linked, NewEntry, Snapshot};

use super::links::{Replayed, find, joined_since};
use crate::event::{Event, Operation};
use crate::{Asking, Context, Error};

/// What was shown while two people were one.
pub(super) struct Shown {
    /// Since when they were.
    pub(super) since: Timestamp,
    /// How often something was told to somebody.
    pub(super) times: u32,
}

/// What was shown of the person whom two Patients are by mistake. `None` if nothing was.
pub(super) async fn shown(
    cx: &Context,
    snapshot: &mut dyn Snapshot,
    linked: &Linked,
    (left, right): (ResourceId, ResourceId),
) -> Result<Option<Shown>, Error> {
    let person = find(linked, left).map(|subject| subject.person);
    let (Some(person), Some(since)) = (person, joined_since(linked, left, right)) else {
        return Ok(None);
    };
    let view = cx.keys.person_view(person);
    let entries = snapshot
        .entries_since(Internal::Linking, &view, since)
        .await?;
    let mut operations = Vec::new();
    for entry in entries {
        let key = cx.keys.home(snapshot, entry.home).await?;
        let event = Event::open(&entry, &key)?;
        // Pages of one search are one look; an earlier breach is none.
        let is_look = event.count > 0 && event.operation != Operation::Breach.code();
        if is_look && !operations.contains(&entry.operation) {
            operations.push(entry.operation);
        }
    }
    let times = u32::try_from(operations.len()).unwrap_or(u32::MAX);
    Ok((times > 0).then_some(Shown { since, times }))
}

/// One line for each of the people whom two Patients are from now on.
pub(super) async fn lines(
    cx: &Context,
    snapshot: &mut dyn Snapshot,
    asking: &Asking,
    (linked, after): (&Linked, &Replayed<'_>),
    (left, right): (ResourceId, ResourceId),
    shown: &Shown,
) -> Result<Vec<NewEntry>, Error> {
    let operation = cx.draw();
    let mut entries = Vec::new();
    for id in [left, right] {
        let Some((person, home)) = placed(linked, after, id) else {
            continue;
        };
        let mut event = Event::plain(asking, "", Operation::Breach, cx.now());
        // The line is about what happened, and neither about who mended it nor about the other.
        policy::Answer::Permit.code().clone_into(&mut event.answer);
        event.worker.clear();
        event.role.clear();
        event.organisation.clear();
        "The exchange".clone_into(&mut event.name);
        event.reason.clear();
        event.what = vec![Category::Demographics.code().to_owned()];
        event.because_since = shown.since.to_string();
        event.count = shown.times;
        let key = cx.keys.home(snapshot, home).await?;
        entries.push(event.seal(cx, cx.keys.person_view(person), home, &key, operation)?);
    }
    Ok(entries)
}

/// Whose a Patient is from now on, and the home that their chain is kept under: that of the oldest
/// of their Patients.
fn placed(linked: &Linked, after: &Replayed<'_>, id: ResourceId) -> Option<(PersonId, HomeId)> {
    let person = after.person(find(linked, id)?);
    let mut theirs = linked.subjects.iter();
    let oldest = theirs.find(|subject| after.person(subject) == person)?;
    Some((person, oldest.home))
}
