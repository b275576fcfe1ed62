//! What recorded consents say about one class for one request (part of gate 5).
//!
//! Within a consent the deepest matching provision decides, and among siblings a refusal wins over
//! a permission. Of several consents the one that takes another's place wins over it; otherwise any
//! refusal that names what is asked beats every permission, however new: never "the latest wins".
//! What is not understood in a refusal could match anything, so a person must read it; in a
//! permission it matches nothing. Rules that the standard leaves open are settled in decisions.md 1.1.

use domain::consent::{Consent, ConsentScope, ConsentStatus, Provision, ProvisionType};
use domain::{Audience, LabelClass};

use crate::case::{Case, Piece};

/// How deep provisions are followed; a deeper one is not understood.
const DEEPEST: u8 = 8;

/// What the consents come to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Says {
    /// Nothing about this.
    Nothing,
    /// Yes; `named` if the provision names whoever asks, rather than everyone.
    Yes { named: bool },
    /// No.
    No,
    /// Something that a person must read.
    Unread,
}

/// What all consents together say about a class.
pub(crate) fn say(case: &Case<'_>, piece: &Piece<'_>) -> Says {
    let mut yes = None;
    let mut unread = false;
    for consent in standing(case) {
        match of_one(case, consent, piece) {
            Says::No if !spares_holder(case, consent, piece.label) => return Says::No,
            Says::Unread => unread = true,
            Says::Yes { named } => yes = Some(yes.unwrap_or(false) || named),
            Says::No | Says::Nothing => {}
        }
    }
    match (unread, yes) {
        (true, _) => Says::Unread,
        (false, Some(named)) => Says::Yes { named },
        (false, None) => Says::Nothing,
    }
}

/// Whether a consent refuses the request as such, whatever is held: its base rule is a refusal that
/// matches, with no exceptions that could open part.
pub(crate) fn refuses_outright(case: &Case<'_>) -> bool {
    standing(case).any(|consent| {
        let root = &consent.provision;
        let no_conditions_on_data = root.confidentiality.is_none()
            && root.sensitivities.is_empty()
            && root.categories.is_empty()
            && root.codes.is_empty()
            && root.items.is_empty()
            && root.authors.is_empty()
            && root.written_from.is_none()
            && root.written_before.is_none();
        let refuses = root.kind == ProvisionType::Deny && root.provisions.is_empty();
        refuses
            && no_conditions_on_data
            && !is_withdrawn(case, consent)
            && concerns_request(case, root)
    }) || standing(case).any(|consent| {
        is_withdrawn(case, consent)
            && consent.provision.kind == ProvisionType::Permit
            && concerns_request(case, &consent.provision)
    })
}

/// Whether somebody who asks was given a permission by the person that names them.
pub(crate) fn names_asker(case: &Case<'_>) -> bool {
    fn permits(case: &Case<'_>, provision: &Provision) -> bool {
        let here = provision.kind == ProvisionType::Permit
            && !provision.actors.is_empty()
            && provision.not_understood.is_empty()
            && concerns_request(case, provision);
        here || provision
            .provisions
            .iter()
            .any(|child| concerns_request(case, provision) && permits(case, child))
    }
    standing(case).any(|consent| !is_withdrawn(case, consent) && permits(case, &consent.provision))
}

/// Whether the person agreed to this use, with whoever asks or with everyone.
pub(crate) fn names_use(case: &Case<'_>) -> bool {
    fn permits(case: &Case<'_>, provision: &Provision) -> bool {
        let here = provision.kind == ProvisionType::Permit
            && !provision.purposes.is_empty()
            && provision.not_understood.is_empty();
        concerns_request(case, provision)
            && (here
                || provision
                    .provisions
                    .iter()
                    .any(|child| permits(case, child)))
    }
    standing(case).any(|consent| !is_withdrawn(case, consent) && permits(case, &consent.provision))
}

/// Consents that count: active, about who is told what, given, and not replaced by another of the
/// same standing.
fn standing<'a>(case: &'a Case<'_>) -> impl Iterator<Item = &'a Consent> {
    let counts = |consent: &Consent| {
        consent.status == ConsentStatus::Active
            && consent.scope != ConsentScope::Other
            && consent.given.0 <= case.now
    };
    let all = &case.known().consents;
    all.iter().filter(move |consent| {
        counts(consent)
            && !all
                .iter()
                .any(|other| counts(other) && other.supersedes.as_ref() == Some(&consent.id))
    })
}

fn is_withdrawn(case: &Case<'_>, consent: &Consent) -> bool {
    consent
        .withdrawn
        .is_some_and(|withdrawn| withdrawn.0 <= case.now)
}

fn of_one(case: &Case<'_>, consent: &Consent, piece: &Piece<'_>) -> Says {
    let says = evaluate(case, &consent.provision, piece, 0).map_or(Says::Nothing, |(_, says)| says);
    if !is_withdrawn(case, consent) {
        return says;
    }
    // Whoever takes back what they agreed with somebody named says no to them. A refusal that is
    // taken back, or an agreement that named nobody, leaves things as if it had never been.
    match says {
        Says::Yes { named: true } => Says::No,
        _ => Says::Nothing,
    }
}

/// The deepest provision that matches, with what it says.
fn evaluate(
    case: &Case<'_>,
    provision: &Provision,
    piece: &Piece<'_>,
    depth: u8,
) -> Option<(u8, Says)> {
    let says = matches(case, provision, piece)?;
    if depth >= DEEPEST {
        return Some((depth, Says::Unread));
    }
    let children = provision
        .provisions
        .iter()
        .filter_map(|child| evaluate(case, child, piece, depth + 1));
    let strongest = children.max_by_key(|(depth, says)| (*depth, strength(*says)));
    let own = match (says, strongest) {
        // What an exception says of the asker by name holds although the base rule names nobody.
        (_, Some(deeper)) => deeper,
        (own, None) => (depth, own),
    };
    Some(own)
}

/// Among provisions of one depth a refusal wins, then what must be read.
fn strength(says: Says) -> u8 {
    match says {
        Says::No => 3,
        Says::Unread => 2,
        Says::Yes { .. } => 1,
        Says::Nothing => 0,
    }
}

/// What a provision says by itself, if it matches request and class.
fn matches(case: &Case<'_>, provision: &Provision, piece: &Piece<'_>) -> Option<Says> {
    if !concerns_request(case, provision) || !concerns_class(provision, piece) {
        return None;
    }
    let unread = !provision.not_understood.is_empty();
    match provision.kind {
        ProvisionType::Deny if unread => Some(Says::Unread),
        ProvisionType::Deny => Some(Says::No),
        ProvisionType::Permit if unread => None,
        ProvisionType::Permit => Some(Says::Yes {
            named: provision
                .actors
                .iter()
                .any(|actor| *actor != Audience::Everyone),
        }),
    }
}

fn concerns_request(case: &Case<'_>, provision: &Provision) -> bool {
    let purpose = case.request.purpose;
    let in_time = provision.from.is_none_or(|from| from.0 <= case.now)
        && provision.until.is_none_or(|until| case.now < until.0);
    let for_purpose = provision.purposes.is_empty()
        || provision.purposes.iter().any(|named| purpose.is_a(*named));
    in_time && for_purpose && case.is_among(&provision.actors)
}

fn concerns_class(provision: &Provision, piece: &Piece<'_>) -> bool {
    let label = piece.label;
    let deny = provision.kind == ProvisionType::Deny;
    let by_confidentiality = provision.confidentiality.is_none_or(|named| {
        if deny {
            label.confidentiality >= named
        } else {
            label.confidentiality <= named
        }
    });
    let any = |empty: bool, meets: bool| empty || meets;
    let item = piece.item;
    let by_item = any(
        provision.items.is_empty(),
        item.is_some_and(|(id, facts)| {
            provision.items.contains(id) || !provision.items.is_disjoint(&facts.related)
        }),
    );
    let by_code = any(
        provision.codes.is_empty(),
        item.is_some_and(|(_, facts)| !provision.codes.is_disjoint(&facts.codes)),
    );
    // When it was written is unknown: a refusal covers it, a permission does not.
    let by_time = match piece.written() {
        _ if provision.written_from.is_none() && provision.written_before.is_none() => true,
        None => deny,
        Some(written) => {
            provision.written_from.is_none_or(|from| from <= written)
                && provision
                    .written_before
                    .is_none_or(|before| written < before)
        }
    };
    by_confidentiality
        && any(
            provision.sensitivities.is_empty(),
            !provision.sensitivities.is_disjoint(&label.sensitivities),
        )
        && any(
            provision.categories.is_empty(),
            !provision.categories.is_disjoint(&label.categories),
        )
        && any(
            provision.authors.is_empty(),
            provision.authors.contains(&label.custodian),
        )
        && by_item
        && by_code
        && by_time
}

/// A refusal to everyone does not take from an agency what it wrote itself.
fn spares_holder(case: &Case<'_>, consent: &Consent, label: &LabelClass) -> bool {
    fn names(provision: &Provision) -> bool {
        let here = provision
            .actors
            .iter()
            .any(|actor| *actor != Audience::Everyone);
        here || provision.provisions.iter().any(names)
    }
    case.is_own(&label.custodian) && !names(&consent.provision)
}
