//! Somebody without an account who was given a one-time link (part of gate 6).
//!
//! The link opens what it names and nothing that is also about something else, for its one purpose,
//! until it ends. What an agency gives by it is never held closely: that is the person's own to give.
//! What stays back is not spoken of: the link says what it is about, and that is all there is to know.

use domain::Confidentiality;

use crate::case::{Asker, Case, Piece};
use crate::decision::Ground;
use crate::explain::english;
use crate::gates::{Finding, Footing, Refusal, Verdict, representation};

/// What becomes of a request by somebody without an account; `None` if somebody else asks.
pub(crate) fn find(case: &Case<'_>) -> Option<Finding> {
    if !matches!(case.asker, Asker::Outsider) {
        return None;
    }
    let Some(invitation) = case.invitation() else {
        return Some(Finding::Refuses(Refusal::hidden(Ground::NoPower)));
    };
    let open = |ground, code| {
        let advice = vec![english::counterfactual(code)];
        Some(Finding::Refuses(Refusal::open(ground, advice)))
    };
    if case.known().person.is_dead(case.now) {
        return open(Ground::NoPower, "executor");
    }
    if !invitation.is_live(case.now) {
        return open(Ground::NoPower, "new-invitation");
    }
    if case.request.purpose != invitation.kind.purpose() {
        return open(Ground::PurposeIncompatible, "another-purpose");
    }
    Some(Finding::Admits(Footing::Invited))
}

/// Opens what the link covers.
pub(crate) fn class(case: &Case<'_>, piece: &Piece<'_>) -> Verdict {
    let Some(invitation) = case.invitation() else {
        return Verdict::Hidden(Ground::NoPower);
    };
    let label = piece.label;
    let closely =
        label.confidentiality > Confidentiality::Normal || !label.sensitivities.is_empty();
    let from_an_agency = invitation.given_by.is_some();
    if !invitation.covers(&label.categories) || (closely && from_an_agency) {
        return Verdict::Hidden(Ground::MoreThanNecessary);
    }
    if representation::wished_otherwise(case, piece).is_some() {
        return Verdict::Hidden(Ground::Objected);
    }
    Verdict::Open(None)
}
