//! One request with its facts, as the gates see them.

use domain::{
    Capacity, Lock, OrganisationId, OrganisationKind, PersonId, ResourceId, Role, TeamId,
    Timestamp, WorkerId,
};

use crate::{Facts, Policies, Request};

/// Everything a gate may look at.
pub(crate) struct Case<'a> {
    pub request: &'a Request,
    pub facts: &'a Facts,
    pub policies: &'a Policies,
    pub now: Timestamp,
    pub asker: Asker<'a>,
}

/// Who asks, in what capacity.
#[derive(Clone, Copy)]
pub(crate) enum Asker<'a> {
    Worker(Staff<'a>),
    Person(PersonId),
}

/// A member of staff who asks.
#[derive(Clone, Copy)]
pub(crate) struct Staff<'a> {
    pub id: &'a WorkerId,
    pub role: Role,
    pub organisation: &'a OrganisationId,
    pub kind: OrganisationKind,
    pub team: Option<&'a TeamId>,
}

impl<'a> Case<'a> {
    pub fn new(
        request: &'a Request,
        facts: &'a Facts,
        policies: &'a Policies,
        now: Timestamp,
    ) -> Self {
        let asker = match &request.caller.capacity {
            Capacity::Person(person) => Asker::Person(*person),
            Capacity::Worker {
                worker,
                role,
                organisation,
                organisation_kind,
                team,
            } => Asker::Worker(Staff {
                id: worker,
                role: *role,
                organisation,
                kind: *organisation_kind,
                team: team.as_ref(),
            }),
        };
        Self {
            request,
            facts,
            policies,
            now,
            asker,
        }
    }

    /// The member of staff who asks, unless the person or a relative does.
    pub fn staff(&self) -> Option<Staff<'a>> {
        match self.asker {
            Asker::Worker(staff) => Some(staff),
            Asker::Person(_) => None,
        }
    }

    /// Whether this agency is the caller's own.
    pub fn is_own(&self, organisation: &OrganisationId) -> bool {
        self.staff()
            .is_some_and(|staff| staff.organisation == organisation)
    }

    /// Whether the caller is of the team that alone may open what this lock closes.
    pub fn may_unlock(&self, lock: &Lock) -> bool {
        self.staff()
            .is_some_and(|staff| lock.opens_to(staff.organisation, staff.team))
    }

    /// The locks that close something to the caller now.
    pub fn closed_locks(&self) -> impl Iterator<Item = &'a Lock> {
        let locks = self.facts.locks.iter();
        locks.filter(|lock| lock.since <= self.now && !self.may_unlock(lock))
    }

    /// Whether a lock closes this resource to the caller.
    pub fn is_locked(&self, resource: ResourceId) -> bool {
        self.closed_locks().any(|lock| lock.resource == resource)
    }

    /// The caller's own words, if they say anything.
    pub fn reason(&self) -> Option<&str> {
        let reason = self.request.reason.as_deref()?.trim();
        (!reason.is_empty()).then_some(reason)
    }
}
