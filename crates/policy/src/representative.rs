//! Whoever acts for a person, as a reader of what was told of them: one reader for each authority.

use std::collections::BTreeSet;

use domain::authority::{Authority, AuthorityKind};
use domain::{Assurance, Caller, Capacity, LabelClass, Matter, PersonId, Purpose, Timestamp};

use crate::decide::ACTS_FOR_PERSON;
use crate::permit::Mask;
use crate::{Facts, Policies, Request, decide, would_open};

/// Somebody who acts for a person on one authority that is in force, and what of the record opens
/// to them by it. What they could read on another authority of theirs is not counted.
#[derive(Debug)]
pub struct Representative {
    holder: PersonId,
    kind: AuthorityKind,
    request: Request,
    facts: Facts,
    mask: Mask,
}

impl Representative {
    /// Who acts.
    #[must_use]
    pub fn holder(&self) -> PersonId {
        self.holder
    }

    /// By what.
    #[must_use]
    pub fn kind(&self) -> AuthorityKind {
        self.kind
    }

    /// The rows that open to them.
    #[must_use]
    pub fn mask(&self) -> &Mask {
        &self.mask
    }

    /// Whether something with this label would open to them.
    #[must_use]
    pub fn may_read(&self, policies: &Policies, now: Timestamp, label: &LabelClass) -> bool {
        would_open(&self.request, &self.facts, policies, now, label)
    }
}

/// Everyone to whom something of the record opens because they act for the person now, once for each
/// authority. Whoever is barred from the person as such is not among them.
#[must_use]
pub fn representatives(facts: &Facts, policies: &Policies, now: Timestamp) -> Vec<Representative> {
    let known = &facts.circumstances;
    let is_in_force = |authority: &&Authority| {
        let mut areas = Matter::SINGLE.iter();
        areas.any(|matter| {
            let state = authority.state(*matter, &known.person, &known.authorities, now);
            state.is_in_force()
        })
    };
    let held: BTreeSet<(PersonId, AuthorityKind)> = known
        .authorities
        .iter()
        .filter(is_in_force)
        .filter_map(|authority| Some((authority.holder.as_str().parse().ok()?, authority.kind)))
        .filter(|(holder, _)| *holder != facts.person && !facts.joined.contains(holder))
        .collect();
    held.into_iter()
        .filter_map(|(holder, kind)| representative(facts, policies, now, holder, kind))
        .collect()
}

fn representative(
    facts: &Facts,
    policies: &Policies,
    now: Timestamp,
    holder: PersonId,
    kind: AuthorityKind,
) -> Option<Representative> {
    let request = Request {
        caller: Caller {
            name: String::new(),
            capacity: Capacity::Person(holder),
            assurance: Assurance::Substantial,
        },
        person: facts.person,
        // A wish about any request by the family or for the person is about this one too.
        purpose: Purpose::FamilyRequest,
        reason: None,
        asks: crate::Asks::default(),
    };
    let mut facts = facts.clone();
    let own = holder.to_string();
    let others = |it: &Authority| it.holder.as_str() != own || it.kind == kind;
    facts.circumstances.authorities.retain(others);
    let decision = decide(&request, &facts, policies, now);
    let acts = decision.because.as_ref()?.code == ACTS_FOR_PERSON;
    let mask = decision.permit.filter(|_| acts)?.mask().clone();
    Some(Representative {
        holder,
        kind,
        request,
        facts,
        mask,
    })
}
