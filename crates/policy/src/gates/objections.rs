//! Gate 5: what the person does not agree to.
//!
//! An objection binds whom it is directed against, for what it covers and for the purposes that
//! are a kind of the one it names. Several are read together and any that matches withholds: an
//! older specific "no" is never undone by a newer general "yes". One that Candour does not
//! understand could cover anything, so whatever else is left goes to a person to read.

use domain::{Audience, LabelClass, Objection, Purpose, ResourceId, Scope, Sensitivity};

use crate::case::Case;
use crate::decision::Ground;
use crate::explain::english;
use crate::gates::{Finding, Footing, Missing, Refer, Refusal, Verdict};

/// The holder reads an unread permission within five working days.
pub(crate) const ROUTINE_DUE_SECONDS: i64 = 5 * 24 * 3_600;

/// Refuses a secondary use to which the person said no, whatever it would have covered. A no about
/// one item is no word on the use, and to speak of it could tell that the item is there.
pub(crate) fn find(case: &Case<'_>) -> Finding {
    let says_no = |it: &Objection| !matches!(it.scope, Scope::Resource(_));
    let opted_out = is_secondary_use(case.request.purpose) && against(case).any(says_no);
    if opted_out {
        let advice = vec![english::counterfactual("objection-withdrawn")];
        Finding::Refuses(Refusal::open(Ground::Objected, advice))
    } else {
        Finding::Silent
    }
}

/// Withholds what the person objected to; refers what an unread objection might cover.
pub(crate) fn class(case: &Case<'_>, footing: &Footing, class: &LabelClass) -> Option<Verdict> {
    if !binds(footing) {
        return None;
    }
    let binding = || against(case).filter(|objection| !spares_holder(case, objection, class));
    if let Some(sensitivity) = binding().find_map(|objection| covers(&objection.scope, class)) {
        return Some(Verdict::Withheld(Ground::Objected, sensitivity));
    }
    let unread = binding().any(|objection| objection.scope == Scope::NotUnderstood);
    unread.then_some(Verdict::Referred(Refer {
        ground: Ground::Objected,
        due_seconds: ROUTINE_DUE_SECONDS,
        missing: Missing::UnreadPermission,
    }))
}

/// Single resources to which the person objected, for this caller and purpose.
pub(crate) fn resources(case: &Case<'_>, footing: &Footing) -> Vec<ResourceId> {
    if !binds(footing) {
        return Vec::new();
    }
    against(case)
        .filter_map(|objection| match objection.scope {
            Scope::Resource(resource) => Some((objection, resource)),
            _ => None,
        })
        .filter(|(objection, resource)| {
            let class = case.facts.class_of(*resource);
            !class.is_some_and(|(_, class)| spares_holder(case, objection, class))
        })
        .map(|(_, resource)| resource)
        .collect()
}

/// Life and limb, and protecting someone, do not wait for agreement.
fn binds(footing: &Footing) -> bool {
    !matches!(footing, Footing::Emergency(_) | Footing::Protection(_))
}

/// Uses that are not for the person's own care or protection.
pub(crate) fn is_secondary_use(purpose: Purpose) -> bool {
    matches!(
        purpose,
        Purpose::Research | Purpose::Operations | Purpose::Payment | Purpose::PublicHealth
    )
}

/// Objections that stand, against this caller, for this purpose.
fn against<'a>(case: &'a Case<'_>) -> impl Iterator<Item = &'a Objection> {
    case.facts.objections.iter().filter(|objection| {
        objection.is_live(case.now)
            && is_directed_at(case, &objection.audience)
            && objection
                .purpose
                .is_none_or(|named| case.request.purpose.is_a(named))
    })
}

fn is_directed_at(case: &Case<'_>, audience: &Audience) -> bool {
    let Some(staff) = case.staff() else {
        return false;
    };
    match audience {
        Audience::Everyone => true,
        Audience::Organisation(organisation) => organisation == staff.organisation,
        Audience::Kind(kind) => *kind == staff.kind,
        Audience::Worker(worker) => worker == staff.id,
    }
}

/// An objection to sharing with everyone does not take from an agency what it wrote itself: that
/// is not shared with it. One that names the agency, its kind or its worker means what it says.
fn spares_holder(case: &Case<'_>, objection: &Objection, class: &LabelClass) -> bool {
    objection.audience == Audience::Everyone && case.is_own(&class.custodian)
}

/// Whether a scope covers a class, and by which sensitivity, if by one.
fn covers(scope: &Scope, class: &LabelClass) -> Option<Option<Sensitivity>> {
    let (matches, sensitivity) = match scope {
        Scope::Everything => (true, None),
        Scope::Category(category) => (class.categories.contains(category), None),
        Scope::Sensitivity(sensitivity) => (
            class.sensitivities.contains(sensitivity),
            Some(*sensitivity),
        ),
        Scope::AtLeast(least) => (class.confidentiality >= *least, None),
        // Single resources are held back one by one; what is not understood is referred.
        Scope::Resource(_) | Scope::NotUnderstood => (false, None),
    };
    matches.then_some(sensitivity)
}
