//! What a statute or a court requires to be given, and to whom (part of gate 2).

use domain::arrangement::{Requirement, RequirementKind};
use domain::reach::Falls;
use domain::{Audience, Category, Purpose};

use crate::case::{Case, Piece};
use crate::decision::Ground;
use crate::explain::english;
use crate::gates::{Clock, Finding, Footing, Missing, Refer, Refusal, Verdict};

/// Only a health professional may inspect these under section 10(5) of the 2007 Act, whoever wrote
/// them.
const HEALTH_RECORDS: &[Category] = &[
    Category::Conditions,
    Category::Medicines,
    Category::Allergies,
    Category::Immunisations,
    Category::Procedures,
    Category::Results,
    Category::Documents,
];

/// What becomes of a request that a requirement speaks of; `Silent` if none does.
pub(crate) fn find(case: &Case<'_>) -> Finding {
    let Some(kind) = kind_of_purpose(case) else {
        return if addressed(case).any(|it| it.kind == RequirementKind::CourtOrder) {
            Finding::Admits(Footing::Required)
        } else {
            Finding::Silent
        };
    };
    let all = || {
        case.known()
            .requirements
            .iter()
            .filter(|it| it.kind == kind)
    };
    let mine = || all().filter(|it| is_addressed(case, it));
    if mine().any(|it| it.is_live(case.now) && is_authorised(case, it) == Some(true)) {
        return Finding::Admits(Footing::Required);
    }
    if mine().any(|it| it.is_live(case.now) && is_authorised(case, it).is_none()) {
        return Finding::Refers(Refer {
            ground: Ground::Unverified,
            clock: Clock::of(case),
            missing: Missing::OfficersAuthority,
            decider: None,
        });
    }
    let advice = |code| vec![english::counterfactual(code)];
    if mine().any(|it| !it.is_live(case.now)) {
        let ended = Refusal::open(Ground::NoLawfulBasis, advice("new-requirement"));
        return Finding::Refuses(ended);
    }
    if all().next().is_some() || case.request.asks.authorised == Some(false) {
        let unproven = Refusal::open(Ground::Unverified, advice("authority-to-require"));
        return Finding::Refuses(unproven);
    }
    Finding::Silent
}

/// The requirement under which a request for this purpose is made.
fn kind_of_purpose(case: &Case<'_>) -> Option<RequirementKind> {
    case.staff()?;
    match case.request.purpose {
        Purpose::AdultProtectionRequirement => Some(RequirementKind::AspSection10),
        Purpose::Regulator if is_commission(case) => Some(RequirementKind::CommissionVisit),
        Purpose::Regulator => Some(RequirementKind::Inspection),
        _ => None,
    }
}

fn is_commission(case: &Case<'_>) -> bool {
    let mut all = case.known().requirements.iter();
    all.any(|it| it.kind == RequirementKind::CommissionVisit && is_addressed(case, it))
}

/// What is required of a class under the requirements that admit this request.
pub(crate) fn class(case: &Case<'_>, piece: &Piece<'_>) -> Verdict {
    let under_each = addressed(case).map(|requirement| under(case, requirement, piece));
    under_each
        .min_by_key(how_little)
        .unwrap_or(Verdict::Withheld(Ground::MoreThanNecessary, None))
}

/// Of several requirements the one that gives most counts: what opens it, then what could if somebody
/// looked, then what would to somebody else.
fn how_little(verdict: &Verdict) -> u8 {
    match verdict {
        Verdict::Open(_) => 0,
        Verdict::Referred(_) => 1,
        Verdict::Withheld(Ground::ForbiddenByLaw, _) => 2,
        _ => 3,
    }
}

fn under(case: &Case<'_>, requirement: &Requirement, piece: &Piece<'_>) -> Verdict {
    let holders = &requirement.holders;
    let of_holder = holders.is_empty() || holders.contains(&piece.label.custodian);
    match piece.falls(&requirement.about) {
        Falls::Under if of_holder => {}
        Falls::Unknown if of_holder => {
            return Verdict::refer(
                Ground::MoreThanNecessary,
                Clock::of(case),
                Missing::WhenWritten,
            );
        }
        _ => return Verdict::Withheld(Ground::MoreThanNecessary, None),
    }
    let by_statute = requirement.kind == RequirementKind::AspSection10;
    if by_statute && is_health_record(piece) && !is_reader(case, requirement) {
        return Verdict::Withheld(Ground::ForbiddenByLaw, None);
    }
    Verdict::Open(None)
}

/// Whether a report of facts under section 5(3) brings this class to the council that asks.
pub(crate) fn is_reported(case: &Case<'_>, piece: &Piece<'_>) -> bool {
    gives(case, RequirementKind::AspSection5, piece)
}

/// Whether a requirement of this kind stands for whoever asks and reaches this class.
pub(crate) fn gives(case: &Case<'_>, kind: RequirementKind, piece: &Piece<'_>) -> bool {
    addressed(case).any(|it| {
        let holders = &it.holders;
        it.kind == kind
            && (holders.is_empty() || holders.contains(&piece.label.custodian))
            && piece.falls(&it.about) == Falls::Under
    })
}

/// Whether only a health professional may inspect it: by what it is about, unless somebody else is
/// known to have written it, and whatever a clinician wrote.
pub(crate) fn is_health_record(piece: &Piece<'_>) -> bool {
    match piece.label.author_role {
        Some(author) => author.is_clinical(),
        None => HEALTH_RECORDS
            .iter()
            .any(|category| piece.label.categories.contains(category)),
    }
}

/// Whether the requirement stands and names whoever asks.
fn addressed<'a>(case: &'a Case<'_>) -> impl Iterator<Item = &'a Requirement> {
    let all = case.known().requirements.iter();
    all.filter(|it| {
        it.is_live(case.now) && is_addressed(case, it) && is_authorised(case, it) == Some(true)
    })
}

fn is_addressed(case: &Case<'_>, requirement: &Requirement) -> bool {
    let is_issuer = match (&requirement.by, &requirement.organisation) {
        (Some(by), _) => by == case.party(),
        (None, Some(organisation)) => case.is_of(&Audience::Organisation(organisation.clone())),
        (None, None) => false,
    };
    let of_organisation = requirement.kind == RequirementKind::AspSection5
        && requirement
            .organisation
            .as_ref()
            .is_some_and(|organisation| case.is_own(organisation));
    is_issuer || of_organisation || requirement.reader.as_ref() == Some(case.party())
}

/// Whether whoever required it had the power: a court and a public body's own report need show none.
fn is_authorised(case: &Case<'_>, requirement: &Requirement) -> Option<bool> {
    match requirement.kind {
        RequirementKind::CourtOrder | RequirementKind::AspSection5 => Some(true),
        _ if case.request.asks.authorised == Some(false) => Some(false),
        _ => requirement.authorised.or(case.request.asks.authorised),
    }
}

/// Whether whoever asks is the nominated reader, and a health professional as the law wants.
fn is_reader(case: &Case<'_>, requirement: &Requirement) -> bool {
    requirement.reader.as_ref() == Some(case.party())
        && case.staff().is_some_and(|staff| staff.role.is_clinical())
}

/// Whether whoever asks reads for the officer and must pass on an extract alone.
pub(crate) fn reads_for_officer(case: &Case<'_>) -> bool {
    addressed(case).any(|it| is_reader(case, it))
}

/// The law that is relied on.
pub(crate) fn citation(case: &Case<'_>) -> Option<(RequirementKind, &'static str)> {
    addressed(case)
        .next()
        .map(|it| (it.kind, it.kind.citation()))
}
