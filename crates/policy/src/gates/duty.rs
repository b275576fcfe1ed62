//! Gate 2: duties to protect and to disclose.
//!
//! Claiming a protection purpose opens at once what local policy names for it (flags, who is
//! involved, how to reach them) without consent, because delay is the danger. Everything else is
//! the holder's own decision, with a clock: it is referred, never silently refused
//! (National Guidance for Child Protection in Scotland 2021, 1.128-1.150; Adult Support and
//! Protection (Scotland) Act 2007 ss.5 and 10). The person's objection does not bind here.

use domain::{Category, LabelClass, Purpose};

use crate::case::Case;
use crate::decision::Ground;
use crate::gates::{self, Finding, Footing, Missing, Refer, Verdict};
use crate::relationship;

/// The holder's on-call decider answers within an hour.
pub(crate) const PROTECTION_DUE_SECONDS: i64 = 3_600;

/// Only a health professional may inspect these under section 10(5) of the 2007 Act.
const HEALTH_RECORDS: &[Category] = &[
    Category::Conditions,
    Category::Medicines,
    Category::Allergies,
    Category::Immunisations,
    Category::Procedures,
    Category::Results,
    Category::Documents,
];

/// Admits whoever protects by office (social work, police) and whoever is involved.
pub(crate) fn find(case: &Case<'_>) -> Finding {
    let Some(staff) = case.staff() else {
        return Finding::Silent;
    };
    if !case.request.purpose.is_protection() {
        return Finding::Silent;
    }
    let standings = relationship::standings(case);
    let by_office = staff.role.is_social_work() || staff.role == domain::Role::PoliceOfficer;
    if by_office || !standings.is_empty() {
        Finding::Admits(Footing::Protection(standings))
    } else {
        Finding::Silent
    }
}

/// Opens what protecting someone needs at once and refers the rest to its holder.
pub(crate) fn class(case: &Case<'_>, footing: &Footing, class: &LabelClass) -> Option<Verdict> {
    if !matches!(footing, Footing::Protection(_)) {
        return None;
    }
    if let (_, Verdict::Open(policy)) = gates::policy_and_defaults(case, footing, class) {
        return Some(Verdict::Open(policy));
    }
    if needs_health_professional(case, class) {
        return Some(Verdict::Withheld(Ground::ForbiddenByLaw, None));
    }
    Some(Verdict::Referred(Refer {
        ground: Ground::OriginatorControl,
        due_seconds: PROTECTION_DUE_SECONDS,
        missing: Missing::ProtectionJudgement,
    }))
}

fn needs_health_professional(case: &Case<'_>, class: &LabelClass) -> bool {
    case.request
        .purpose
        .is_a(Purpose::AdultProtectionRequirement)
        && case.staff().is_some_and(|staff| !staff.role.is_clinical())
        && HEALTH_RECORDS
            .iter()
            .any(|category| class.categories.contains(category))
}
