//! Names of staff that are not told: because telling them would endanger whoever bears them, or because
//! the person barred them and they were refused, which their privacy officer tells on request. Role and
//! agency stay, and an alias by which two lines of one worker are seen to be of one.

use std::collections::BTreeSet;

use domain::Timestamp;
use ledger::pack::Reason;
use policy::{Answer, Facts};
use store::StoredEntry;

use crate::Context;
use crate::event::Event;

/// The fields of an entry that tell who of the staff it was.
pub(crate) const NAMING: [&str; 2] = ["name", "worker"];

/// The members of staff who are not named to the person and whoever acts for them, by their ids.
pub(crate) struct Unnamed {
    in_danger: BTreeSet<String>,
    barred: BTreeSet<String>,
}

impl Unnamed {
    /// Who is not named at this moment.
    pub(crate) fn of(facts: &Facts, now: Timestamp) -> Self {
        let safety = facts.circumstances.staff_safety.iter();
        let live = safety.filter(|it| it.is_live(now));
        let barred = facts.barred_workers(now).into_keys();
        Self {
            in_danger: live.map(|it| it.worker.to_string()).collect(),
            barred: barred.map(ToString::to_string).collect(),
        }
    }

    /// Why whoever did this is not named; `None` if they are. One who is barred is named in what they
    /// were told before, and not where they were refused: what they tried is for their agency to look into.
    pub(crate) fn why(&self, event: &Event) -> Option<Reason> {
        let was_refused = event.answer == Answer::Deny.code();
        if self.in_danger.contains(&event.worker) {
            Some(Reason::StaffSafety)
        } else {
            (was_refused && self.barred.contains(&event.worker)).then_some(Reason::OnRequest)
        }
    }
}

/// The event as it is told, without the name of whoever is not named.
pub(crate) fn told(cx: &Context, entry: &StoredEntry, unnamed: &Unnamed, event: Event) -> Event {
    if unnamed.why(&event).is_none() {
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
