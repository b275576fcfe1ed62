//! Somebody for everyone: whether anybody outside the agencies that share about a person can see what
//! they do (decisions.md 5.6).

use std::collections::BTreeSet;

use domain::{Category, Matter, MentalCapacity, OrganisationId, Timestamp};

use crate::{Facts, Policies, ReadsAs, representatives};

/// How long agencies share before somebody has to be found: time for an attorney to sign in, or for
/// an advocate to be asked.
const MONTH_SECONDS: i64 = 30 * 86_400;

/// Whether agencies share about this person, have done so for a month, and nobody but them can read
/// what: the person was found unable to decide about information, so that a login of their own is
/// nothing to rely on, and nobody acts for them, speaks for them or was let in to their account.
///
/// A child below twelve, or found unable to decide, is looked at where somebody is on record who acts or
/// acted for them. That no parent is on record says nothing: few agencies record them, and a task about
/// every such child would hide the others. Whoever is suspected of harming the person reads nothing new,
/// and is nobody who looks.
#[must_use]
pub fn is_unseen(facts: &Facts, policies: &Policies, now: Timestamp) -> bool {
    is_shared(facts, now) && cannot_look(facts, now) && !is_accompanied(facts, policies, now)
}

/// Whether one agency has been involved for a month, and another holds records or is involved.
fn is_shared(facts: &Facts, now: Timestamp) -> bool {
    let month_ago = now.plus_seconds(-MONTH_SECONDS);
    let live = || facts.relationships.iter().filter(|it| it.is_live(now));
    let involved = live().map(|it| &it.organisation);
    let holders = facts.classes.iter().map(|(_, label)| &label.custodian);
    let agencies: BTreeSet<&OrganisationId> = involved.chain(holders).collect();
    agencies.len() > 1 && live().any(|it| it.since <= month_ago)
}

fn cannot_look(facts: &Facts, now: Timestamp) -> bool {
    let person = &facts.circumstances.person;
    let is_incapable = person.capacity_for(Matter::Information, now) == MentalCapacity::Incapable;
    let cannot = match person.is_at_least(16, now) {
        Some(false) => {
            let is_below_12 = person.is_at_least(12, now) == Some(false);
            (is_below_12 || is_incapable) && !facts.circumstances.authorities.is_empty()
        }
        Some(true) | None => is_incapable,
    };
    cannot && !person.is_dead(now)
}

/// Whether somebody acts or speaks for the person, in more than money, and reads of it; or was let in
/// to their account by a link.
fn is_accompanied(facts: &Facts, policies: &Policies, now: Timestamp) -> bool {
    let known = &facts.circumstances;
    let account = [Category::Account].into();
    let mut let_in = known.invitations.iter();
    if let_in.any(|it| it.is_live(now) && it.covers(&account)) {
        return true;
    }
    let beyond_money = |reads_as: ReadsAs| {
        let ReadsAs::Representative(holder, kind) = reads_as else {
            return false;
        };
        let holder = holder.to_string();
        let mut suspected = known.allegations.iter();
        if suspected.any(|it| it.against.as_str() == holder && it.is_live(now)) {
            return false;
        }
        let mut theirs = known
            .authorities
            .iter()
            .filter(|it| it.kind == kind && it.holder.as_str() == holder);
        theirs.any(|it| {
            let mut areas = Matter::SINGLE.iter().filter(|it| **it != Matter::Finance);
            areas.any(|matter| {
                let state = it.state(*matter, &known.person, &known.authorities, now);
                state.is_in_force()
            })
        })
    };
    let acting = representatives(facts, policies, now);
    acting.iter().any(|reader| beyond_money(reader.reads_as()))
}
