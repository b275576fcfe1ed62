//! Names of staff that are not told, because telling them would endanger whoever bears them: role and
//! agency stay, and an alias by which two lines of one worker are seen to be of one.

use std::collections::BTreeSet;

use domain::Timestamp;
use policy::Facts;
use store::StoredEntry;

use crate::Context;
use crate::event::Event;

/// The fields of an entry that tell who of the staff it was.
pub(crate) const NAMING: [&str; 2] = ["name", "worker"];

/// The members of staff who are not named to the person and whoever acts for them, by their ids.
pub(crate) fn unnamed(facts: &Facts, now: Timestamp) -> BTreeSet<String> {
    let safety = facts.circumstances.staff_safety.iter();
    let live = safety.filter(|it| it.is_live(now));
    live.map(|it| it.worker.to_string()).collect()
}

/// The event as it is told, without the name of whoever is not named.
pub(crate) fn told(
    cx: &Context,
    entry: &StoredEntry,
    unnamed: &BTreeSet<String>,
    event: Event,
) -> Event {
    if !unnamed.contains(&event.worker) {
        return event;
    }
    // Entries from before there were aliases have none.
    let alias = cx.keys.alias_of(entry.home, &event.worker);
    Event {
        name: format!("Staff member {alias}"),
        worker: String::new(),
        alias,
        ..event
    }
}
