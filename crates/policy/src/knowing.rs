//! Whether a caller may know that something is there at all.

use domain::{Caller, Capacity, ClassId, Confidentiality, LabelClass, Lock, ResourceId};

use crate::{Decision, Facts, Request, Visibility};

/// A resource by what a decision rests on.
#[derive(Debug, Clone, Copy)]
pub struct Labelled<'l> {
    /// Its id.
    pub id: ResourceId,
    /// Its label class.
    pub class: ClassId,
    /// What the class stands for.
    pub label: &'l LabelClass,
}

/// Whether the caller about whose request this was decided may know that a resource of the person
/// is there. What is very restricted, or locked, is there only for those to whom it opens; anything
/// else may be spoken of, even where it stays back.
///
/// Asked wherever a caller names a resource: in a search, in a reference, in a new version of it.
#[must_use]
pub fn may_know_of(
    request: &Request,
    facts: &Facts,
    decision: &Decision,
    resource: &Labelled<'_>,
) -> bool {
    if decision.visibility == Visibility::Hidden {
        return false;
    }
    let permit = decision.permit.as_ref();
    if permit.is_some_and(|permit| permit.mask().opens(resource.class, &resource.id)) {
        return true;
    }
    let locked = facts.locks.iter().any(|lock| {
        lock.resource == resource.id
            && lock.since <= decision.decided_at
            && !may_unlock(&request.caller, lock)
    });
    resource.label.confidentiality < Confidentiality::VeryRestricted && !locked
}

fn may_unlock(caller: &Caller, lock: &Lock) -> bool {
    match &caller.capacity {
        Capacity::Worker {
            organisation, team, ..
        } => lock.opens_to(organisation, team.as_ref()),
        Capacity::Person(_) | Capacity::Outsider { .. } => false,
    }
}
