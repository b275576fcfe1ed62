//! Gate 2: duties to protect and to disclose.
//!
//! What a statute or a court requires goes to whom it names, the relevant part only, past
//! objections, locks and agreements. Claiming a protection purpose opens at once what local policy
//! names for it (flags, who is involved, how to reach them) without consent, because delay is the
//! danger. What a holder gives of its own accord to protect somebody goes at once. Everything else
//! is the holder's own decision, with a clock: it is referred, never silently refused
//! (National Guidance for Child Protection in Scotland 2021, 1.128-1.150; Adult Support and
//! Protection (Scotland) Act 2007 ss.5 and 10). The person's objection does not bind here.

use domain::reach::Falls;
use domain::{OrganisationKind, Purpose, Role};

use crate::case::{Case, Piece};
use crate::decision::Ground;
use crate::gates::{
    self, Clock, Finding, Footing, Missing, Verdict, holders, objections, requirements,
};
use crate::relationship;

/// Admits what is required, then whoever protects by office (social work, police) and whoever is
/// involved.
pub(crate) fn find(case: &Case<'_>) -> Finding {
    let required = requirements::find(case);
    if !matches!(required, Finding::Silent) {
        return required;
    }
    let Some(staff) = case.staff() else {
        return Finding::Silent;
    };
    if !case.request.purpose.is_protection() {
        return Finding::Silent;
    }
    let standings = relationship::standings(case);
    let by_office = staff.role.is_social_work()
        || matches!(staff.role, Role::PoliceOfficer | Role::ChildrensReporter)
        || staff.kind == OrganisationKind::Police;
    if by_office || !standings.is_empty() || case.request.asks.given_by.is_some() {
        Finding::Admits(Footing::Protection(standings))
    } else {
        Finding::Silent
    }
}

/// Opens what is required, or what protecting someone needs at once; refers the rest to its holder.
pub(crate) fn class(case: &Case<'_>, footing: &Footing, piece: &Piece<'_>) -> Option<Verdict> {
    match footing {
        Footing::Required => return Some(requirements::class(case, piece)),
        Footing::Protection(_) => {}
        _ => return None,
    }
    if !objections::is_sealed(case, footing, piece)
        && let (_, Verdict::Open(policy)) = gates::policy_and_defaults(case, footing, piece)
    {
        return Some(Verdict::Open(policy));
    }
    if is_given(case, piece) || requirements::is_reported(case, piece) {
        return Some(Verdict::Open(None));
    }
    if needs_health_professional(case, piece) {
        return Some(Verdict::Withheld(Ground::ForbiddenByLaw, None));
    }
    Some(Verdict::refer(
        Ground::OriginatorControl,
        Clock::of(case),
        Missing::ProtectionJudgement,
    ))
}

/// Whether its holder gives it of its own accord, or has decided by name to.
fn is_given(case: &Case<'_>, piece: &Piece<'_>) -> bool {
    let given = case.request.asks.given_by.as_ref() == Some(&piece.label.custodian);
    given || holders::decision(case, piece).is_some_and(|(_, falls)| falls == Falls::Under)
}

fn needs_health_professional(case: &Case<'_>, piece: &Piece<'_>) -> bool {
    case.request
        .purpose
        .is_a(Purpose::AdultProtectionRequirement)
        && case.staff().is_some_and(|staff| !staff.role.is_clinical())
        && requirements::is_health_record(piece)
}
