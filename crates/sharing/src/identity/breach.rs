//! What was shown of two people while they were one by mistake.

use domain::{ResourceId, Timestamp};
use policy::Internal;
use store::{Linked, Snapshot};

use super::links::{find, joined_since};
use crate::event::{Event, Operation};
use crate::{Context, Error};

/// What was shown while two people were one.
pub(super) struct Shown {
    /// Since when they were.
    pub(super) since: Timestamp,
    /// How often something was told to somebody.
    pub(super) times: u32,
}

/// What was shown of the person whom two Patients are by mistake. `None` if they are not one.
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
    Ok(Some(Shown { since, times }))
}
