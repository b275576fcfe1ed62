//! Beside gates 7 and 8: what local policy or the defaults would open waits while a line of the person's account
//! that tells of it is challenged, for the agency that was told.
//!
//! It speaks last, and only where somebody would be let in: whoever is refused anyway does not learn that
//! anything waits, and what the law requires, protection and life and limb were decided before it.

use domain::Purpose;
use domain::restriction::Pause;

use crate::case::Case;
use crate::decision::Ground;
use crate::gates::{Clock, Finding, Missing, Refer};

/// Refers what would have been admitted, if sharing with the agency that asks waits.
pub(crate) fn hold(case: &Case<'_>, finding: Finding) -> Finding {
    match (finding, pause(case)) {
        (Finding::Admits(_), Some(pause)) => waits(case, pause),
        (finding, _) => finding,
    }
}

/// The same for the last gate: where none speaks, each holder would decide.
pub(crate) fn hold_last(case: &Case<'_>, finding: Finding) -> Finding {
    match (finding, pause(case)) {
        (Finding::Admits(_) | Finding::Silent, Some(pause)) => waits(case, pause),
        (finding, _) => finding,
    }
}

fn waits(case: &Case<'_>, pause: &Pause) -> Finding {
    Finding::Refers(Refer {
        ground: Ground::Locked,
        clock: Clock::of(case),
        missing: Missing::PauseEnded,
        decider: Some(pause.decides.clone()),
    })
}

fn pause<'a>(case: &'a Case<'_>) -> Option<&'a Pause> {
    let staff = case.staff()?;
    let all = case.known().pauses.iter();
    let live = all.filter(|it| it.with == *staff.organisation && it.is_live(case.now));
    // Of several, the one that is decided first; the order in which they were said means nothing.
    let first = live.min_by_key(|it| (it.since, &it.decides));
    first.filter(|_| can_wait(case.request.purpose))
}

/// The purposes that lose nothing by a few days: services around care, and uses beyond it. Care itself, what
/// somebody close or a regulator asks, courts and the police are not among them.
#[must_use]
pub fn can_wait(purpose: Purpose) -> bool {
    let waits = [
        Purpose::CarerSupport,
        Purpose::HousingAdaptation,
        Purpose::ChildWellbeing,
        Purpose::Research,
        Purpose::Operations,
        Purpose::Payment,
        Purpose::Marketing,
    ];
    waits.into_iter().any(|one| purpose.is_a(one))
}
