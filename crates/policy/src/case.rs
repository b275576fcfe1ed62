//! One request with its facts, as the gates see them.

use domain::arrangement::Agreement;
use domain::circumstances::Circumstances;
use domain::reach::{Falls, Reach};
use domain::restriction::ItemFacts;
use domain::{
    Audience, Capacity, ClassId, Invitation, ItemId, LabelClass, Lock, Moment, OrganisationId,
    OrganisationKind, PartyId, PersonId, ResourceId, Role, TeamId, Timestamp, WorkerId,
};

use crate::gates::consents::{self, Heard};
use crate::{Facts, Policies, Request};

/// Everything a gate may look at.
pub(crate) struct Case<'a> {
    pub request: &'a Request,
    pub facts: &'a Facts,
    pub policies: &'a Policies,
    pub now: Timestamp,
    pub asker: Asker<'a>,
    /// The consents that count, as far as they concern the request: every class asks.
    pub consents: Vec<Heard<'a>>,
    party: PartyId,
}

/// Who asks, in what capacity.
#[derive(Clone, Copy)]
pub(crate) enum Asker<'a> {
    Worker(Staff<'a>),
    Person(PersonId),
    Outsider,
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

/// One label class that a gate is asked about, with what is known of its one item where it has only
/// one.
#[derive(Clone, Copy)]
pub(crate) struct Piece<'a> {
    pub label: &'a LabelClass,
    pub item: Option<(&'a ItemId, &'a ItemFacts)>,
}

impl Piece<'_> {
    /// When it was written, where that is known.
    pub fn written(&self) -> Option<Moment> {
        self.item.and_then(|(_, facts)| facts.written)
    }

    /// Whether it falls under a reach.
    pub fn falls(&self, reach: &Reach) -> Falls {
        let id = self.item.map(|(id, _)| id);
        reach.falls(self.label, id, self.written())
    }
}

impl<'a> Case<'a> {
    pub fn new(
        request: &'a Request,
        facts: &'a Facts,
        policies: &'a Policies,
        now: Timestamp,
    ) -> Self {
        let (asker, id) = match &request.caller.capacity {
            Capacity::Person(person) => (Asker::Person(*person), person.to_string()),
            Capacity::Outsider { party, .. } => (Asker::Outsider, party.to_string()),
            Capacity::Worker {
                worker,
                role,
                organisation,
                organisation_kind,
                team,
            } => {
                let staff = Staff {
                    id: worker,
                    role: *role,
                    organisation,
                    kind: *organisation_kind,
                    team: team.as_ref(),
                };
                (Asker::Worker(staff), worker.to_string())
            }
        };
        let named = request.asks.party.clone();
        let mut case = Self {
            request,
            facts,
            policies,
            now,
            asker,
            consents: Vec::new(),
            party: named.unwrap_or_else(|| PartyId::new(id)),
        };
        case.consents = consents::counting(&case);
        case
    }

    /// What is known beyond relationships, objections and labels.
    pub fn known(&self) -> &'a Circumstances {
        &self.facts.circumstances
    }

    /// The information sharing agreements that are known: those kept beside the local policies, and
    /// those that a written case brings.
    pub fn agreements(&self) -> impl Iterator<Item = &'a Agreement> + use<'a> {
        let written = self.facts.circumstances.agreements.iter();
        written.chain(self.policies.agreements())
    }

    /// How the facts name who asks.
    pub fn party(&self) -> &PartyId {
        &self.party
    }

    /// The member of staff who asks, unless the person or a relative does.
    pub fn staff(&self) -> Option<Staff<'a>> {
        match self.asker {
            Asker::Worker(staff) => Some(staff),
            Asker::Person(_) | Asker::Outsider => None,
        }
    }

    /// Whether somebody asks who is neither a worker nor the person.
    pub fn is_for_another(&self) -> bool {
        match self.asker {
            Asker::Worker(_) => false,
            Asker::Person(asker) => asker != self.facts.person,
            Asker::Outsider => true,
        }
    }

    /// The one-time link by which somebody without an account asks, live or not.
    pub fn invitation(&self) -> Option<&'a Invitation> {
        let mut all = self.known().invitations.iter();
        matches!(self.asker, Asker::Outsider)
            .then(|| all.find(|it| it.outsider == self.party))
            .flatten()
    }

    /// Whether this agency is the caller's own.
    pub fn is_own(&self, organisation: &OrganisationId) -> bool {
        self.staff()
            .is_some_and(|staff| staff.organisation == organisation)
    }

    /// Whether whoever asks is one of this audience.
    pub fn is_of(&self, audience: &Audience) -> bool {
        let Some(staff) = self.staff() else {
            return match audience {
                Audience::Party(party) => *party == self.party,
                Audience::Everyone => self.is_for_another(),
                // Whoever an agency sends reads no more than the agency may.
                Audience::Organisation(agency) => self
                    .invitation()
                    .is_some_and(|it| it.given_by.as_ref() == Some(agency)),
                _ => false,
            };
        };
        match audience {
            Audience::Everyone => true,
            Audience::Organisation(organisation) => organisation == staff.organisation,
            Audience::Kind(kind) => *kind == staff.kind,
            Audience::Worker(worker) => worker == staff.id,
            Audience::Team(team) => Some(team) == staff.team,
            Audience::Role(role) => *role == staff.role,
            Audience::Party(party) => *party == self.party,
        }
    }

    /// Whether whoever asks is among these; an empty list means everyone.
    pub fn is_among(&self, audiences: &[Audience]) -> bool {
        audiences.is_empty() || audiences.iter().any(|audience| self.is_of(audience))
    }

    /// A class with what is known of its one item.
    pub fn piece(&self, class: ClassId, label: &'a LabelClass) -> Piece<'a> {
        let items = self.known().items.iter();
        let mut of_class = items.filter(|(of, _, _)| *of == class);
        let item = of_class.next().map(|(_, id, facts)| (id, facts));
        Piece { label, item }
    }

    /// Whether this was asked for at all.
    pub fn is_asked(&self, piece: &Piece<'_>) -> bool {
        let asks = &self.request.asks;
        let by_category =
            asks.categories.is_empty() || !asks.categories.is_disjoint(&piece.label.categories);
        let by_item =
            asks.items.is_empty() || piece.item.is_some_and(|(id, _)| asks.items.contains(id));
        let by_time = piece.written().is_none_or(|written| {
            asks.written_from.is_none_or(|from| from <= written)
                && asks.written_before.is_none_or(|before| written < before)
        });
        by_category && by_item && by_time
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
