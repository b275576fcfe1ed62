//! Gate 1: bars that survive everything, an emergency included.
//!
//! A bar names a worker or another audience and holds whatever their role, ward or shift. A court
//! or statute may forbid telling. A protected person is known to exist only to those whom an event
//! brings to them, or to someone clinical who must act now. All are silent unless they say
//! otherwise: what the caller learns is what they would learn about nobody. Only the bar's own
//! authority lifts it. What came from an agency that alone may release it stays with that agency.

use std::cmp::Reverse;

use domain::reach::Falls;
use domain::restriction::{AudienceBar, HoldingGround, OriginKind};
use domain::{OrganisationId, Sensitivity};

use crate::case::{Case, Piece};
use crate::decision::{Ground, Visibility};
use crate::gates::{Clock, Finding, Footing, Missing, Refer, Refusal, Verdict, emergency};
use crate::relationship;

/// Refuses whoever is barred from the person as such, and anyone uninvolved who asks for a protected
/// person.
pub(crate) fn find(case: &Case<'_>) -> Finding {
    let asks_for_self = case.staff().is_none() && !case.is_for_another();
    if asks_for_self {
        return Finding::Silent;
    }
    match as_such(case).max_by_key(how_strict) {
        Some(refusal) => Finding::Refuses(refusal),
        None => protected(case),
    }
}

/// Whether something keeps the person as such from this worker: a bar that names them, an audience
/// that they are of, an order.
pub(crate) fn keeps_out_staff(case: &Case<'_>) -> bool {
    case.staff().is_some() && as_such(case).next().is_some()
}

/// All that keeps the person as such from whoever asks.
fn as_such<'a>(case: &'a Case<'_>) -> impl Iterator<Item = Refusal> + 'a {
    let by_name = is_barred_worker(case).then(|| Refusal::hidden(Ground::ForbiddenByLaw));
    let bars = live_bars(case).filter(|bar| bar.about.is_everything());
    let orders = case.known().orders.iter().filter(|order| {
        order.is_live(case.now) && order.about.is_everything() && case.is_among(&order.against)
    });
    by_name
        .into_iter()
        .chain(bars.map(|bar| match bar.signalled {
            true => Refusal::marked(bar_ground(bar)),
            false => Refusal::hidden(bar_ground(bar)),
        }))
        .chain(orders.map(|order| match order.open {
            true => Refusal::open(Ground::ForbiddenByLaw, Vec::new()),
            false => Refusal::hidden(Ground::ForbiddenByLaw),
        }))
}

/// Of several the most silent one decides what shows, so that none gives another away.
fn how_strict(refusal: &Refusal) -> (Visibility, Reverse<Ground>) {
    (refusal.visibility, Reverse(refusal.ground))
}

fn is_barred_worker(case: &Case<'_>) -> bool {
    let mut bars = case.facts.bars.iter();
    case.staff()
        .is_some_and(|staff| bars.any(|bar| bar.worker == *staff.id && bar.is_live(case.now)))
}

fn protected(case: &Case<'_>) -> Finding {
    let may_know = relationship::is_evidenced(case) || emergency::is_established(case);
    if case.staff().is_some() && case.facts.protected && !may_know {
        Finding::Refuses(Refusal::hidden(Ground::NoRelationship))
    } else {
        Finding::Silent
    }
}

/// Holds back what an order, a bar or its originator holds back in particular, and what is
/// privileged.
pub(crate) fn class(case: &Case<'_>, footing: &Footing, piece: &Piece<'_>) -> Option<Verdict> {
    let own = case.is_own(&piece.label.custodian);
    ordered(case, piece)
        .or_else(|| adopted(piece, own))
        .or_else(|| barred(case, piece))
        .or_else(|| originated(case, footing, piece))
        .or_else(|| privileged(piece, own))
}

fn ordered(case: &Case<'_>, piece: &Piece<'_>) -> Option<Verdict> {
    let orders = case.known().orders.iter().filter(|order| {
        order.is_live(case.now)
            && !order.about.is_everything()
            // An order that cannot be seen not to cover it covers it.
            && piece.falls(&order.about) != Falls::Outside
            && case.is_among(&order.against)
    });
    // One that may not be known of is not given away by one that may.
    let open = orders.map(|order| order.open).min()?;
    Some(if open {
        Verdict::Withheld(Ground::ForbiddenByLaw, None)
    } else {
        Verdict::Hidden(Ground::ForbiddenByLaw)
    })
}

/// An earlier identity is never linked, not even as possible: it is there for its keeper alone.
fn adopted(piece: &Piece<'_>, own: bool) -> Option<Verdict> {
    let adoption = piece.label.sensitivities.contains(&Sensitivity::Adoption);
    (adoption && !own).then_some(Verdict::Hidden(Ground::ForbiddenByLaw))
}

fn barred(case: &Case<'_>, piece: &Piece<'_>) -> Option<Verdict> {
    let bar = live_bars(case)
        .filter(|bar| !bar.about.is_everything() && piece.falls(&bar.about) != Falls::Outside)
        .min_by_key(|bar| (bar.signalled, bar_ground(bar)))?;
    let ground = bar_ground(bar);
    Some(if bar.signalled {
        Verdict::Marked(ground)
    } else {
        Verdict::Hidden(ground)
    })
}

fn originated(case: &Case<'_>, footing: &Footing, piece: &Piece<'_>) -> Option<Verdict> {
    let origin = piece.item?.1.originator.as_ref()?;
    if case.is_own(&origin.organisation) {
        return None;
    }
    let referred = |missing, decider: &OrganisationId| {
        Some(Verdict::Referred(Refer {
            ground: Ground::OriginatorControl,
            clock: Clock::of(case),
            missing,
            decider: Some(decider.clone()),
        }))
    };
    if footing.is_for_the_person() {
        // The Reporter is asked first; of the others the person learns through the originator.
        return match origin.kind {
            OriginKind::Reporter => referred(Missing::ReportersOpinion, &origin.organisation),
            OriginKind::Police | OriginKind::Mappa | OriginKind::Marac => {
                Some(Verdict::Hidden(Ground::OriginatorControl))
            }
        };
    }
    match footing {
        Footing::Protection(_) => referred(Missing::OriginatorsWord, &origin.organisation),
        _ => Some(Verdict::Reserved(
            Ground::OriginatorControl,
            origin.organisation.clone(),
        )),
    }
}

fn privileged(piece: &Piece<'_>, own: bool) -> Option<Verdict> {
    let privileged = piece.item.is_some_and(|(_, facts)| facts.privileged);
    (privileged && !own).then_some(Verdict::Withheld(Ground::Privilege, None))
}

/// The bars that stand against whoever asks.
fn live_bars<'a>(case: &'a Case<'_>) -> impl Iterator<Item = &'a AudienceBar> {
    case.known().bars.iter().filter(|bar| {
        bar.is_live(case.now) && !bar.against.is_empty() && case.is_among(&bar.against)
    })
}

fn bar_ground(bar: &AudienceBar) -> Ground {
    bar.ground.map_or(Ground::ForbiddenByLaw, holding_ground)
}

/// The closed ground of an act of holding back.
pub(crate) fn holding_ground(ground: HoldingGround) -> Ground {
    match ground {
        HoldingGround::SeriousHarmHealth | HoldingGround::SeriousHarmSocialWork => {
            Ground::SeriousHarm
        }
        HoldingGround::ExpressedWish => Ground::EarlierWish,
        HoldingGround::ThirdParty => Ground::ThirdParty,
        HoldingGround::CrimePrejudice => Ground::CrimePrejudice,
        HoldingGround::CourtOrStatute | HoldingGround::NotAGround => Ground::ForbiddenByLaw,
    }
}
