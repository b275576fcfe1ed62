//! Who asks, what they ask for, and on what event they are involved.

use domain::reach::Reach;
use domain::{
    Audience, Capacity, ClassId, Confidentiality, Lock, Moment, OrganisationId, OrganisationKind,
    PartyId, Purpose, Relationship, RelationshipKind, Role, TeamId,
};

use super::{Footing, Model, Piece};
use crate::slip::Slip;

/// Somebody of an agency.
#[derive(Clone, Copy)]
pub struct Staff<'a> {
    pub role: Role,
    pub organisation: &'a OrganisationId,
    pub kind: OrganisationKind,
    pub team: Option<&'a TeamId>,
}

/// Whether something falls under a reach.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hit {
    Yes,
    No,
    /// It turns on when something was written, and nobody recorded that.
    Unknown,
}

const CLINICAL: &[Role] = &[
    Role::Doctor,
    Role::Nurse,
    Role::Pharmacist,
    Role::Therapist,
    Role::AddictionWorker,
    Role::OccupationalTherapist,
    Role::Midwife,
    Role::HealthVisitor,
    Role::Paramedic,
];

pub const SOCIAL_WORK: &[Role] = &[
    Role::SocialWorker,
    Role::DutySocialWorker,
    Role::MentalHealthOfficer,
];

pub fn is_clinical(role: Role) -> bool {
    CLINICAL.contains(&role)
}

impl<'a> Model<'a> {
    pub fn staff(&self) -> Option<Staff<'a>> {
        match &self.request.caller.capacity {
            Capacity::Person(_) | Capacity::Outsider { .. } => None,
            Capacity::Worker {
                role,
                organisation,
                organisation_kind,
                team,
                ..
            } => Some(Staff {
                role: *role,
                organisation,
                kind: *organisation_kind,
                team: team.as_ref(),
            }),
        }
    }

    pub fn asks_for_self(&self) -> bool {
        self.request.caller.capacity == Capacity::Person(self.facts.person)
    }

    pub fn asks_for_another(&self) -> bool {
        self.staff().is_none() && !self.asks_for_self()
    }

    pub fn party(&self) -> PartyId {
        let by_id = || match &self.request.caller.capacity {
            Capacity::Person(person) => PartyId::new(person.to_string()),
            Capacity::Worker { worker, .. } => PartyId::new(worker.to_string()),
            Capacity::Outsider { party, .. } => party.clone(),
        };
        self.request.asks.party.clone().unwrap_or_else(by_id)
    }

    pub fn is_own(&self, organisation: &OrganisationId) -> bool {
        self.staff()
            .is_some_and(|staff| staff.organisation == organisation)
    }

    /// A purpose and its ancestors: one that names the whole covers the part.
    pub fn is_kind_of(&self, purpose: Purpose, wider: Purpose) -> bool {
        let mut step = Some(purpose);
        while let Some(it) = step {
            if it == wider {
                return true;
            }
            step = it.parent();
        }
        false
    }

    pub fn covers_purpose<'p>(&self, named: impl IntoIterator<Item = &'p Purpose>) -> bool {
        let mut named = named.into_iter().peekable();
        named.peek().is_none()
            || named.any(|wider| {
                if self.slips(Slip::PurposeIsExact) {
                    self.request.purpose == *wider
                } else {
                    self.is_kind_of(self.request.purpose, *wider)
                }
            })
    }

    pub fn is_direct_care(&self) -> bool {
        self.is_kind_of(self.request.purpose, Purpose::Treatment)
    }

    pub fn is_protection(&self) -> bool {
        [Purpose::ChildConcern, Purpose::AdultProtection]
            .iter()
            .any(|wider| self.is_kind_of(self.request.purpose, *wider))
    }

    pub fn is_secondary(&self) -> bool {
        use Purpose::{Marketing, Operations, Payment, PublicHealth, Research};
        [Research, Operations, Payment, PublicHealth, Marketing].contains(&self.request.purpose)
    }

    /// "Everyone" means everyone else: the person is never meant by it.
    pub fn is_of(&self, audience: &Audience) -> bool {
        let staff = self.staff();
        match audience {
            Audience::Everyone => !self.asks_for_self(),
            Audience::Party(party) => *party == self.party(),
            Audience::Organisation(id) => staff.is_some_and(|it| it.organisation == id),
            Audience::Kind(kind) => staff.is_some_and(|it| it.kind == *kind),
            Audience::Team(team) => staff.is_some_and(|it| it.team == Some(team)),
            Audience::Role(role) => staff.is_some_and(|it| it.role == *role),
            Audience::Worker(worker) => self.request.caller.worker() == Some(worker),
        }
    }

    pub fn is_among(&self, audiences: &[Audience]) -> bool {
        audiences.is_empty() || audiences.iter().any(|audience| self.is_of(audience))
    }

    pub fn falls(&self, reach: &Reach, piece: Piece<'_>) -> Hit {
        let label = piece.label;
        let shares_one = |any: bool, meets: bool| any || meets;
        let by_label = shares_one(
            reach.categories.is_empty(),
            reach
                .categories
                .iter()
                .any(|it| label.categories.contains(it)),
        ) && shares_one(
            reach.sensitivities.is_empty(),
            reach
                .sensitivities
                .iter()
                .any(|it| label.sensitivities.contains(it)),
        ) && reach
            .at_least
            .is_none_or(|least| label.confidentiality >= least);
        let by_item =
            reach.items.is_empty() || piece.item.is_some_and(|(id, _)| reach.items.contains(id));
        if !by_label || !by_item {
            return Hit::No;
        }
        self.written_in(reach.written_from, reach.written_before, piece)
    }

    pub fn written_in(
        &self,
        from: Option<Moment>,
        before: Option<Moment>,
        piece: Piece<'_>,
    ) -> Hit {
        if from.is_none() && before.is_none() {
            return Hit::Yes;
        }
        match piece.item.and_then(|(_, facts)| facts.written) {
            None => Hit::Unknown,
            Some(at) if from.is_some_and(|from| at < from) => Hit::No,
            Some(at) if before.is_some_and(|before| at >= before) => Hit::No,
            Some(_) => Hit::Yes,
        }
    }

    pub fn is_asked(&self, piece: Piece<'_>) -> bool {
        let asks = &self.request.asks;
        let by_category = asks.categories.is_empty()
            || piece
                .label
                .categories
                .iter()
                .any(|it| asks.categories.contains(it));
        let by_item =
            asks.items.is_empty() || piece.item.is_some_and(|(id, _)| asks.items.contains(id));
        let by_time = self.written_in(asks.written_from, asks.written_before, piece) != Hit::No;
        by_category && by_item && by_time
    }

    /// Whether a lock has begun and keeps this caller out.
    pub fn is_closed(&self, lock: &Lock) -> bool {
        lock.since <= self.now && !self.may_unlock(lock)
    }

    fn may_unlock(&self, lock: &Lock) -> bool {
        self.staff().is_some_and(|staff| {
            *staff.organisation == lock.holder
                && (lock.team.is_none() || lock.team.as_ref() == staff.team)
        })
    }

    /// A class of which every row is locked is there for its holder, for the person, and for
    /// whomever the law sends.
    pub fn is_absent(&self, footing: Footing, class: ClassId) -> bool {
        if matches!(footing, Footing::Own | Footing::Required)
            || !self.facts.only_locked.contains(&class)
        {
            return false;
        }
        let opens_one = self.facts.named.iter().any(|(resource, of)| {
            let of_it = |lock: &&Lock| lock.resource == *resource;
            let locks: Vec<_> = self.facts.locks.iter().filter(of_it).collect();
            *of == class && !locks.is_empty() && locks.iter().all(|lock| self.may_unlock(lock))
        });
        !opens_one
    }

    /// The ways in which the caller is involved now, by events or by their own word.
    pub fn involvements(&self) -> Vec<RelationshipKind> {
        let all = self.facts.relationships.iter();
        all.filter(|it| self.within(it.since, it.until) && self.is_meant(it))
            .map(|it| it.kind)
            .collect()
    }

    pub fn is_evidenced(&self) -> bool {
        self.involvements()
            .iter()
            .any(|kind| *kind != RelationshipKind::SelfClaimed)
    }

    fn is_meant(&self, event: &Relationship) -> bool {
        let Some(staff) = self.staff() else {
            return false;
        };
        if event.organisation != *staff.organisation {
            return false;
        }
        let by_name =
            event.worker.is_some() && event.worker.as_ref() == self.request.caller.worker();
        if event.kind == RelationshipKind::SelfClaimed {
            return by_name;
        }
        let by_team = event.team.is_some() && event.team.as_ref() == staff.team;
        let of_agency = event.worker.is_none() && event.team.is_none();
        // Clinicians of one agency stand in for each other in care.
        let stands_in = self.is_direct_care()
            && (is_clinical(staff.role) || self.slips(Slip::ReceptionStandsIn));
        let proof = event.evidence;
        let locked = |lock: &Lock| Some(lock.resource) == proof && self.is_closed(lock);
        if self.facts.locks.iter().any(locked) {
            return false;
        }
        let very_restricted = proof
            .and_then(|resource| self.class_of(resource))
            .filter(|(_, label)| label.confidentiality == Confidentiality::VeryRestricted);
        match very_restricted {
            None => by_name || by_team || of_agency || stands_in,
            Some((_, label)) if label.custodian == event.organisation => {
                by_name || by_team || of_agency
            }
            Some(_) => by_name || by_team,
        }
    }

    /// A clinician or social worker may say for themself that they are involved.
    pub fn may_claim(&self) -> bool {
        let by_profession = |role| is_clinical(role) || SOCIAL_WORK.contains(&role);
        self.is_direct_care() && self.staff().is_some_and(|staff| by_profession(staff.role))
    }

    pub fn gives_a_reason(&self) -> bool {
        let reason = self.request.reason.as_deref().unwrap_or_default();
        !reason.trim().is_empty()
    }
}
