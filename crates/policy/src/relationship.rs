//! The one rule that says whether a worker is involved with a person.
//!
//! A live relationship counts for the worker it names and for the team it names; where it names
//! neither, for the whole agency. When the purpose is direct care, clinical staff also stand in
//! for each other within an agency: the ward's patient is the on-call doctor's patient too.
//! So an admission to ward 6 counts for ward 6 and for the hospital's clinicians, but not for its
//! front desk; a place on a caseload counts for that social worker and team, not for the council;
//! registration counts for the whole practice. An event that is very restricted counts for whom it
//! names, and one that is locked for those who may open it.

use domain::{Confidentiality, Relationship, RelationshipKind, Timestamp};

use crate::case::{Case, Staff};

/// That a worker is involved: how, and since when.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Standing {
    pub kind: RelationshipKind,
    pub since: Timestamp,
}

impl Standing {
    /// Whether an event proves it, rather than the worker's word alone.
    pub fn is_evidenced(self) -> bool {
        self.kind != RelationshipKind::SelfClaimed
    }
}

/// Every way in which the caller is involved now, as the facts show it.
pub(crate) fn standings(case: &Case<'_>) -> Vec<Standing> {
    let Some(staff) = case.staff() else {
        return Vec::new();
    };
    let covers = case.request.purpose.is_direct_care() && staff.role.is_clinical();
    case.facts
        .relationships
        .iter()
        .filter(|relationship| relationship.is_live(case.now))
        .filter(|relationship| counts_for(case, relationship, staff, covers))
        .map(|relationship| Standing {
            kind: relationship.kind,
            since: relationship.since,
        })
        .collect()
}

/// Whether an event, rather than the caller's word, proves that they are involved now.
pub(crate) fn is_evidenced(case: &Case<'_>) -> bool {
    standings(case).into_iter().any(Standing::is_evidenced)
}

fn counts_for(
    case: &Case<'_>,
    relationship: &Relationship,
    staff: Staff<'_>,
    covers: bool,
) -> bool {
    if relationship.organisation != *staff.organisation {
        return false;
    }
    let named_worker = relationship.worker.as_ref();
    let named_team = relationship.team.as_ref();
    // One worker's claim is theirs alone: nobody stands in for it.
    if relationship.kind == RelationshipKind::SelfClaimed {
        return named_worker == Some(staff.id);
    }
    let names_nobody = named_worker.is_none() && named_team.is_none();
    let names_worker = named_worker == Some(staff.id);
    let names_team = named_team.is_some() && named_team == staff.team;
    match known_by(case, relationship) {
        KnownBy::Everyone => names_nobody || names_worker || names_team || covers,
        KnownBy::ItsAgency => names_nobody || names_worker || names_team,
        KnownBy::WhoItNames => names_worker || names_team,
        KnownBy::Others => false,
    }
}

/// Who may know of the event that proves a relationship.
enum KnownBy {
    Everyone,
    ItsAgency,
    WhoItNames,
    Others,
}

/// Whoever may not know of an event is not involved by it: an answer that rested on it would tell
/// that it happened.
fn known_by(case: &Case<'_>, relationship: &Relationship) -> KnownBy {
    let Some(event) = relationship.evidence else {
        return KnownBy::Everyone;
    };
    if case.is_locked(event) {
        return KnownBy::Others;
    }
    match case.facts.class_of(event) {
        Some((_, label)) if label.confidentiality == Confidentiality::VeryRestricted => {
            if label.custodian == relationship.organisation {
                KnownBy::ItsAgency
            } else {
                KnownBy::WhoItNames
            }
        }
        _ => KnownBy::Everyone,
    }
}

/// Whether this worker may say for themself that they are involved: professionals whose work finds
/// them beside people whom no event has announced, and who answer to a regulator for saying so.
pub(crate) fn may_self_claim(case: &Case<'_>) -> bool {
    case.request.purpose.is_direct_care()
        && case
            .staff()
            .is_some_and(|staff| staff.role.is_clinical() || staff.role.is_social_work())
}
