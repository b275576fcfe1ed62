//! Gate 1: bars that survive everything, an emergency included.
//!
//! A bar names a worker and holds whatever their role, ward or shift. A protected person is known
//! to exist only to those whom an event brings to them, or to someone clinical who must act now.
//! Both are silent: what the caller learns is what they would learn about nobody.

use crate::case::Case;
use crate::decision::Ground;
use crate::gates::{Finding, Refusal, emergency};
use crate::relationship;

/// Refuses a barred worker, and anyone uninvolved who asks for a protected person.
pub(crate) fn find(case: &Case<'_>) -> Finding {
    let Some(staff) = case.staff() else {
        return Finding::Silent;
    };
    let barred = case
        .facts
        .bars
        .iter()
        .any(|bar| bar.worker == *staff.id && bar.is_live(case.now));
    if barred {
        return Finding::Refuses(Refusal::hidden(Ground::ForbiddenByLaw));
    }
    let may_know = relationship::is_evidenced(case) || emergency::is_established(case);
    if case.facts.protected && !may_know {
        return Finding::Refuses(Refusal::hidden(Ground::NoRelationship));
    }
    Finding::Silent
}
