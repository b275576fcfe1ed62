//! Gate 5: what the person does not agree to.
//!
//! An objection binds whom it is directed against, for what it covers and for the purposes that
//! are a kind of the one it names. Several are read together and any that matches withholds: an
//! older specific "no" is never undone by a newer general "yes". One that Candour does not
//! understand could cover anything, so whatever else is left goes to a person to read. Only life and
//! limb, protecting somebody, what the law requires, and a signed decision in the public interest
//! stand above it.

use domain::reach::Falls;
use domain::restriction::{Said, Wish};
use domain::{
    Audience, LabelClass, Matter, MentalCapacity, Objection, Purpose, ResourceId, Scope,
    Sensitivity,
};

use crate::case::{Case, Piece};
use crate::decision::Ground;
use crate::explain::english;
use crate::gates::consents::{self, Says};
use crate::gates::{Clock, Finding, Footing, Missing, Refusal, Verdict, holders, representation};

/// Refuses a secondary use to which the person said no as such. A no about part of the record is no word
/// on the use: that part stays back, and to refuse the rest for it could tell that the part is there.
pub(crate) fn find(case: &Case<'_>) -> Finding {
    let says_no = |it: &Objection| it.scope == Scope::Everything;
    let secondary = is_secondary_use(case.request.purpose) && case.staff().is_some();
    let opted_out = secondary
        && (against(case).any(says_no)
            || own_noes(case).any(|wish| wish.about.is_everything())
            || consents::refuses_outright(case));
    if opted_out {
        let advice = vec![english::counterfactual("objection-withdrawn")];
        Finding::Refuses(Refusal::open(Ground::Objected, advice))
    } else {
        Finding::Silent
    }
}

/// Withholds what the person objected to; refers what an unread objection might cover.
pub(crate) fn class(case: &Case<'_>, footing: &Footing, piece: &Piece<'_>) -> Option<Verdict> {
    if !binds(case, footing) || holders::overrides_no(case, piece) {
        return None;
    }
    let label = piece.label;
    if is_sealed(case, footing, piece) {
        return Some(Verdict::Withheld(Ground::Locked, None));
    }
    let binding = || against(case).filter(|objection| !spares_holder(case, objection, label));
    if let Some(sensitivity) = binding().find_map(|objection| covers(case, objection, piece)) {
        return Some(withheld(case, sensitivity));
    }
    let consents = consents::say(case, piece);
    if consents == Says::No || wished_otherwise(case, piece) {
        return Some(withheld(case, None));
    }
    if consents == Says::NoForThem {
        // A parent's no for a child who does not understand is no word of the child's own.
        let child = case.known().person.is_at_least(16, case.now) == Some(false);
        return Some(match child {
            true => Verdict::Withheld(Ground::Objected, None),
            false => withheld(case, None),
        });
    }
    let unread = binding().any(|objection| objection.scope == Scope::NotUnderstood);
    let missing = match consents {
        Says::Unread => Missing::UnreadPermission,
        Says::Undated if !unread => Missing::WhenWritten,
        _ if unread => Missing::UnreadPermission,
        _ => return None,
    };
    Some(Verdict::refer(Ground::Objected, Clock::of(case), missing))
}

/// Whether the person's known wish keeps it from the agency that asks. Of whoever acts for the person
/// the gate of representation asks the same.
fn wished_otherwise(case: &Case<'_>, piece: &Piece<'_>) -> bool {
    let own = case.is_own(&piece.label.custodian);
    let dead = case.known().person.is_dead(case.now);
    case.staff().is_some()
        && own_noes(case).any(|wish| {
            let to_everyone = wish.audience.iter().all(|it| *it == Audience::Everyone);
            !(own && to_everyone)
                && (!dead || wish.after_death)
                && piece.falls(&wish.about) != Falls::Outside
        })
}

/// The person's own wishes that whoever asks not be told, for this purpose.
fn own_noes<'a>(case: &'a Case<'_>) -> impl Iterator<Item = &'a Wish> {
    let own = |wish: &&Wish| wish.by.is_none() && wish.says == Said::No;
    let wishes = case.known().wishes.iter().filter(own);
    wishes.filter(|wish| representation::concerns_asker(case, wish))
}

/// What is sealed is there for all to see and opens to its holder, to the person and in an
/// emergency.
pub(crate) fn is_sealed(case: &Case<'_>, footing: &Footing, piece: &Piece<'_>) -> bool {
    let sealed = piece.item.is_some_and(|(_, facts)| facts.sealed);
    sealed && !matches!(footing, Footing::OwnRecord) && !case.is_own(&piece.label.custodian)
}

/// What an objection comes to: a capable person's no, a child's who understands, or what is known
/// that somebody wished who can no longer decide. A child's of whom nobody knows what they
/// understand goes to somebody who finds out.
pub(crate) fn withheld(case: &Case<'_>, sensitivity: Option<Sensitivity>) -> Verdict {
    let person = &case.known().person;
    if person.is_at_least(16, case.now) == Some(false) {
        return if person.understands(case.now) == Some(true) {
            Verdict::Withheld(Ground::ChildRefuses, sensitivity)
        } else {
            Verdict::refer(
                Ground::ChildRefuses,
                Clock::of(case),
                Missing::ChildUnderstanding,
            )
        };
    }
    let ground = match person.capacity_for(Matter::Information, case.now) {
        MentalCapacity::Incapable => Ground::EarlierWish,
        MentalCapacity::Capable | MentalCapacity::Unknown => Ground::Objected,
    };
    Verdict::Withheld(ground, sensitivity)
}

/// Single resources to which the person objected, for this caller and purpose.
pub(crate) fn resources(case: &Case<'_>, footing: &Footing) -> Vec<ResourceId> {
    if !binds(case, footing) {
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

/// Life and limb, protecting someone and what the law requires do not wait for agreement. In a
/// worry below child protection a no is recorded and the holder decides.
fn binds(case: &Case<'_>, footing: &Footing) -> bool {
    !footing.overrides_objections()
        && case.request.purpose != Purpose::ChildWellbeing
        && !matches!(
            case.request.purpose,
            Purpose::ChildrensHearing | Purpose::PoliceInquiry
        )
}

/// Uses that are not for the person's own care or protection.
pub(crate) fn is_secondary_use(purpose: Purpose) -> bool {
    matches!(
        purpose,
        Purpose::Research
            | Purpose::Operations
            | Purpose::Payment
            | Purpose::PublicHealth
            | Purpose::Marketing
    )
}

/// Objections that stand, against this caller, for this purpose.
fn against<'a>(case: &'a Case<'_>) -> impl Iterator<Item = &'a Objection> {
    case.facts.objections.iter().filter(|objection| {
        objection.is_live(case.now)
            && case.is_of(&objection.audience)
            && objection
                .purpose
                .is_none_or(|named| case.request.purpose.is_a(named))
    })
}

/// Whether the person said no to whoever asks as such.
pub(crate) fn names_asker(case: &Case<'_>) -> bool {
    let objected = against(case).any(|objection| objection.scope == Scope::Everything);
    objected || own_noes(case).any(|wish| wish.about.is_everything())
}

/// Whether anything that the person said no to is recorded for this request.
pub(crate) fn any_no(case: &Case<'_>) -> bool {
    let known = case.known();
    against(case).next().is_some()
        || consents::refuses_outright(case)
        || known
            .wishes
            .iter()
            .any(|wish| wish.says == Said::No && wish.is_live(case.now))
}

/// An objection to sharing with everyone does not take from an agency what it wrote itself: that
/// is not shared with it. One that names the agency, its kind or its worker means what it says.
fn spares_holder(case: &Case<'_>, objection: &Objection, class: &LabelClass) -> bool {
    objection.audience == Audience::Everyone && case.is_own(&class.custodian)
}

/// Whether a scope covers a class, and by which sensitivity, if by one.
fn covers(
    case: &Case<'_>,
    objection: &Objection,
    piece: &Piece<'_>,
) -> Option<Option<Sensitivity>> {
    let class = piece.label;
    let (matches, sensitivity) = match &objection.scope {
        Scope::Everything => (true, None),
        Scope::Category(category) => (class.categories.contains(category), None),
        Scope::Sensitivity(sensitivity) => (
            class.sensitivities.contains(sensitivity),
            Some(*sensitivity),
        ),
        Scope::AtLeast(least) => (class.confidentiality >= *least, None),
        // A class of one known item is that item; of others it is held back by itself.
        Scope::Resource(resource) => (is_the_item(case, *resource, piece), None),
        // What is not understood is referred.
        Scope::NotUnderstood => (false, None),
    };
    matches.then_some(sensitivity)
}

fn is_the_item(case: &Case<'_>, resource: ResourceId, piece: &Piece<'_>) -> bool {
    let class = case.facts.named.iter().find(|(id, _)| *id == resource);
    let mut items = case.known().items.iter();
    piece.item.is_some_and(|(id, _)| {
        items.any(|(of, item, _)| item == id && class.is_some_and(|(_, class)| class == of))
    })
}
