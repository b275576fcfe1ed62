//! Attempts on somebody's record, told to a privacy officer: one alert for each worker and person, and
//! one for a worker who was refused about many people; it grows while attempts go on.
//!
//! An attempt is a row written with the refusal, so that neither a crash nor a race loses it, and the
//! caller waits no longer than for any other refusal. Whoever does what is due makes the alert out of
//! the rows: within seconds, and once.

mod alert;
mod resolve;
mod words;

use domain::message::attempts::{Attempt as Tried, Cause, Way};
use domain::{PersonId, Timestamp};
use policy::{Answer, Decision, Ground, Obligation, Visibility};
use store::Write;

use crate::Asking;

pub(super) use alert::tell;
pub use resolve::resolve;

/// What is written of a refusal with it; nothing if no worker was refused.
pub(crate) fn refused(
    asking: &Asking,
    decision: &Decision,
    (person, way, cause): (PersonId, Way, Option<Cause>),
    now: Timestamp,
) -> Option<Write> {
    if decision.answer != Answer::Deny {
        return None;
    }
    attempt(asking, (person, way), cause, now)
}

/// What is written of a search that met somebody who keeps this worker out. Others whom a search
/// does not show were met by chance.
pub(crate) fn looked_for(
    asking: &Asking,
    decision: &Decision,
    person: PersonId,
    now: Timestamp,
) -> Option<Write> {
    let cause = cause(decision).filter(|cause| *cause == Cause::Barred)?;
    attempt(asking, (person, Way::Search), Some(cause), now)
}

fn attempt(
    asking: &Asking,
    (person, way): (PersonId, Way),
    cause: Option<Cause>,
    at: Timestamp,
) -> Option<Write> {
    let caller = &asking.caller;
    Some(Write::Attempt(Tried {
        worker: caller.worker()?.clone(),
        name: caller.name.clone(),
        role: caller.role()?,
        organisation: caller.organisation()?.clone(),
        person,
        way,
        cause,
        at,
    }))
}

/// Why a refusal is told to a privacy officer by itself, if it is.
pub(crate) fn cause(decision: &Decision) -> Option<Cause> {
    if !decision
        .obligations
        .contains(&Obligation::AlertPrivacyOfficer)
    {
        return None;
    }
    let unconnected = decision.visibility == Visibility::Open
        && decision.grounds.contains(&Ground::NoRelationship);
    Some(if unconnected {
        Cause::Unconnected
    } else {
        Cause::Barred
    })
}
