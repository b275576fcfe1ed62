//! How far whoever acts for the person reaches over something (part of gate 6).

use domain::authority::{Authority, AuthorityKind, AuthorityState};
use domain::reach::Falls;
use domain::{Category, Matter, Purpose};

use crate::case::{Case, Piece};
use crate::gates::Missing;
use crate::gates::representation::{mine, state_over};

/// How far an authority reaches over something, the furthest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Grade {
    InForce,
    OnBelief,
    Undetermined,
    BeyondClaim,
    NoPower,
}

/// What one authority comes to over something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Reached {
    pub grade: Grade,
    pub state: AuthorityState,
}

impl Reached {
    /// What somebody must find out, where that is undetermined.
    pub fn missing(self) -> Missing {
        match self.state {
            AuthorityState::JointlyHeld => Missing::AttorneysAgree,
            AuthorityState::AgeUnknown => Missing::BirthDate,
            AuthorityState::RegistrationUnknown => Missing::Registration,
            AuthorityState::NotVerified => Missing::Instrument,
            AuthorityState::ClaimUnknown => Missing::Claim,
            AuthorityState::Conflict => Missing::ConflictResolved,
            _ => Missing::WhenWritten,
        }
    }
}

/// How far whoever asks reaches over all that a class is about: the weakest of its categories
/// decides, each by the strongest authority.
pub(crate) fn best(case: &Case<'_>, piece: &Piece<'_>) -> Option<Reached> {
    let by_category = piece.label.categories.iter().map(|category| {
        mine(case)
            .flat_map(|authority| {
                let areas = areas(*category).iter();
                areas.map(move |matter| reached(case, authority, *matter, piece))
            })
            .min()
    });
    // Nobody who holds nothing reaches anything: one `None` is the answer for all.
    by_category.collect::<Option<Vec<_>>>()?.into_iter().max()
}

pub(crate) fn reached(
    case: &Case<'_>,
    authority: &Authority,
    matter: Matter,
    piece: &Piece<'_>,
) -> Reached {
    let state = state_over(case, authority, matter, piece);
    let in_scope = match state {
        AuthorityState::OnBelief => Grade::OnBelief,
        state if state.is_in_force() => Grade::InForce,
        state if state.is_undetermined() => Grade::Undetermined,
        _ => Grade::NoPower,
    };
    let claim = authority.kind == AuthorityKind::DeceasedClaimant;
    let grade = match piece.falls(&authority.scope) {
        _ if in_scope == Grade::NoPower || is_beside_proceedings(case, authority) => Grade::NoPower,
        Falls::Under => in_scope,
        Falls::Unknown => Grade::Undetermined,
        Falls::Outside if claim => Grade::BeyondClaim,
        Falls::Outside => Grade::NoPower,
    };
    Reached { grade, state }
}

/// Whether a mental-health named person asks for anything but proceedings under the 2003 Act: they
/// are the person's for these alone, and no attorney.
fn is_beside_proceedings(case: &Case<'_>, authority: &Authority) -> bool {
    authority.kind == AuthorityKind::MentalHealthNamedPerson
        && !matches!(
            case.request.purpose,
            Purpose::MentalHealthAct | Purpose::Legal
        )
}

/// The decision areas in which somebody who acts for the person needs to know about a category; a
/// power in any of them will do. A power over information reaches everything but money.
pub(crate) fn areas(category: Category) -> &'static [Matter] {
    use Matter::{Accommodation, Care, Contact, Finance, Information, Treatment};
    match category {
        Category::Demographics | Category::Account => &[
            Information,
            Care,
            Treatment,
            Accommodation,
            Contact,
            Finance,
        ],
        Category::Finance => &[Finance],
        Category::Contact => &[Information, Accommodation, Care, Contact],
        Category::Housing => &[Information, Accommodation, Care],
        Category::Encounters => &[Information, Care, Treatment],
        Category::Conditions
        | Category::Medicines
        | Category::Allergies
        | Category::Immunisations
        | Category::Procedures
        | Category::Results
        | Category::Documents => &[Information, Treatment],
        Category::Network => &[Information, Care, Contact, Treatment, Accommodation],
        Category::Wishes => &[Information, Care, Treatment, Accommodation],
        Category::Assessments
        | Category::CarePlans
        | Category::Function
        | Category::Alerts
        | Category::Protection
        | Category::Unsorted => &[Information, Care],
    }
}
