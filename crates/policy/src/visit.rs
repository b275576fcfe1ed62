//! Who reads somebody's whole account under a visit of the Mental Welfare Commission.

use domain::arrangement::RequirementKind;
use domain::{Category, Confidentiality, LabelClass, OrganisationId, Purpose, Timestamp};

use crate::case::{Case, Piece};
use crate::gates::requirements;
use crate::{Facts, Policies, Request, would_open};

/// Whether the caller visits for the Commission and their requirement reaches the account: every line
/// of it, also what is held back from the person and from those who act for them.
///
/// An inspection, a court's order or a section 10 requirement gives records, never the account: only
/// the Commission is there to see whether somebody is protected from those who share about them
/// (Mental Health (Care and Treatment) (Scotland) Act 2003 ss.4 to 16). A requirement to named
/// holders is for what they hold, and the account is nobody's of them.
#[must_use]
pub fn visits(request: &Request, facts: &Facts, policies: &Policies, now: Timestamp) -> bool {
    let label = LabelClass {
        custodian: OrganisationId::from(""),
        author_role: None,
        confidentiality: Confidentiality::Normal,
        categories: [Category::Account].into(),
        sensitivities: [].into(),
    };
    let piece = Piece {
        label: &label,
        item: None,
    };
    let case = Case::new(request, facts, policies, now);
    request.purpose == Purpose::Regulator
        && requirements::gives(&case, RequirementKind::CommissionVisit, &piece)
        && would_open(request, facts, policies, now, &label)
}
