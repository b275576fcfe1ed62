//! Gate 4: what the person, and whoever acts for them, may not see.
//!
//! The person sees what is held about them, less what is about somebody else (Data Protection Act
//! 2018 Sch 2 para 16), what a valid opinion says would do serious harm (Sch 3), what would
//! prejudice preventing crime, and what is delayed to a date. Whoever acts for them also does not
//! see what the person gave in confidence from them, nor, where they are themself suspected, what
//! would tell them where and when to find the person.

use domain::reach::Falls;
use domain::restriction::{HarmKind, HarmOpinion};
use domain::{Category, Moment, Purpose, Sensitivity};

use crate::case::{Asker, Case, Piece};
use crate::decision::Ground;
use crate::explain::english;
use crate::gates::bars::holding_ground;
use crate::gates::{Clock, Finding, Footing, Missing, Refusal, Verdict};
use crate::readers::is_watched;

/// A health professional's opinion is relied on for six months (Sch 3 para 6).
const OPINION_DAYS: i64 = 183;

/// What would tell a suspected harmer where, when and with whom to find the person, or what is
/// being found out about them.
const WHEREABOUTS: &[Category] = &[
    Category::Contact,
    Category::Network,
    Category::CarePlans,
    Category::Encounters,
    Category::Protection,
    Category::Alerts,
    Category::Housing,
];

/// Admits the person for their own request. Whoever acts for them is gate 6's concern.
pub(crate) fn find(case: &Case<'_>) -> Finding {
    let purpose = case.request.purpose;
    let asks_as_person = purpose.is_a(Purpose::PersonRequest);
    let advice = || vec![english::counterfactual("another-purpose")];
    match case.asker {
        Asker::Worker(_) if asks_as_person => {
            Finding::Refuses(Refusal::open(Ground::PurposeIncompatible, advice()))
        }
        Asker::Worker(_) | Asker::Outsider => Finding::Silent,
        Asker::Person(asker) if asker != case.facts.person => Finding::Silent,
        Asker::Person(_) if asks_as_person && purpose != Purpose::FamilyRequest => {
            Finding::Admits(Footing::OwnRecord)
        }
        Asker::Person(_) => Finding::Refuses(Refusal::open(Ground::PurposeIncompatible, advice())),
    }
}

/// Holds back what is exempt; opens everything else of the person's own record.
pub(crate) fn class(case: &Case<'_>, footing: &Footing, piece: &Piece<'_>) -> Option<Verdict> {
    if !footing.is_for_the_person() {
        return None;
    }
    let held_back = from_a_suspect(case, piece)
        .or_else(|| in_confidence(case, piece))
        .or_else(|| under_coercion(case, footing, piece))
        .or_else(|| delayed(case, piece))
        .or_else(|| crime(piece))
        .or_else(|| harmful(case, piece))
        .or_else(|| about_others(piece))
        .or_else(|| asked_too_young(case, footing));
    match footing {
        Footing::OwnRecord => Some(held_back.unwrap_or(Verdict::Open(None))),
        _ => held_back,
    }
}

/// A child makes a subject access request, and nobody has found whether they understand what that means:
/// from twelve it is presumed, before it is found out (Data Protection Act 2018 s.208). Their own pages
/// are no request under that law: whoever opened these for a child found them ready for them.
fn asked_too_young(case: &Case<'_>, footing: &Footing) -> Option<Verdict> {
    let person = &case.known().person;
    let found_out = person.is_at_least(12, case.now) != Some(false)
        || person.understands(case.now) == Some(true);
    let by_themself =
        matches!(footing, Footing::OwnRecord) && case.request.purpose == Purpose::SubjectAccess;
    (by_themself && !found_out).then(|| {
        Verdict::refer(
            Ground::Unverified,
            Clock::of(case),
            Missing::ChildUnderstanding,
        )
    })
}

/// Everything written since somebody was suspected, and whatever tells of whereabouts, contacts,
/// visits, plans and the inquiry, is barred from them at once. What they saw before stays.
fn from_a_suspect(case: &Case<'_>, piece: &Piece<'_>) -> Option<Verdict> {
    if !case.is_for_another() {
        return None;
    }
    let known = case.known();
    let allegations = known.allegations.iter();
    let suspected = allegations
        .filter(|it| it.against == *case.party() && it.is_live(case.now))
        .map(|it| it.since);
    let risks = known.risks.iter();
    let feared = risks
        .filter(|it| it.from_party.as_ref() == Some(case.party()) && it.is_live(case.now))
        .map(|it| it.since);
    let since = suspected.chain(feared).min()?;
    // Unknown when it was written: it may be since.
    let recorded_since = piece.written().is_none_or(|written| since <= written);
    let tells = WHEREABOUTS
        .iter()
        .any(|category| piece.label.categories.contains(category));
    let closely = [
        Sensitivity::Whereabouts,
        Sensitivity::ChildProtection,
        Sensitivity::AdultProtection,
        Sensitivity::DomesticViolence,
        Sensitivity::Violence,
    ]
    .iter()
    .any(|sensitivity| piece.label.sensitivities.contains(sensitivity));
    (recorded_since || tells || closely).then_some(Verdict::Hidden(Ground::SeriousHarm))
}

/// What the person gave expecting it not to reach whoever asks (Sch 3 para 4).
fn in_confidence(case: &Case<'_>, piece: &Piece<'_>) -> Option<Verdict> {
    let (_, facts) = piece.item?;
    let from = &facts.in_confidence_from;
    let kept = case.is_for_another() && !from.is_empty() && case.is_among(from);
    kept.then(|| {
        let is_child = case.known().person.is_at_least(16, case.now) == Some(false);
        Verdict::Hidden(if is_child {
            Ground::ChildRefuses
        } else {
            Ground::EarlierWish
        })
    })
}

/// Somebody may look over the person's shoulder: what tells of abuse is not there, until they are
/// reached by a safe channel.
fn under_coercion(case: &Case<'_>, footing: &Footing, piece: &Piece<'_>) -> Option<Verdict> {
    let watched = matches!(footing, Footing::OwnRecord)
        && !case.request.asks.safe_channel
        && is_watched(case.facts, case.now);
    let tells = [Sensitivity::DomesticViolence, Sensitivity::Violence]
        .iter()
        .any(|sensitivity| piece.label.sensitivities.contains(sensitivity));
    (watched && tells).then_some(Verdict::Hidden(Ground::SeriousHarm))
}

fn delayed(case: &Case<'_>, piece: &Piece<'_>) -> Option<Verdict> {
    let delays = case.known().delays.iter();
    let delay = delays
        .filter(|it| it.holds(case.now) && piece.falls(&it.about) != Falls::Outside)
        .min_by_key(|it| (it.signalled, holding_ground(it.ground)))?;
    let ground = holding_ground(delay.ground);
    Some(if delay.signalled {
        Verdict::Marked(ground)
    } else {
        Verdict::Hidden(ground)
    })
}

fn crime(piece: &Piece<'_>) -> Option<Verdict> {
    let prejudices = piece.item.is_some_and(|(_, facts)| facts.crime_prejudice);
    prejudices.then_some(Verdict::Hidden(Ground::CrimePrejudice))
}

/// A serious-harm opinion counts if whoever may give it gave it, and lately; otherwise somebody who
/// may is asked, and the part waits. Distress is no serious harm.
fn harmful(case: &Case<'_>, piece: &Piece<'_>) -> Option<Verdict> {
    let said: Vec<_> = case
        .known()
        .harm_opinions
        .iter()
        .filter(|opinion| {
            opinion.serious
                && opinion.at.0 <= case.now
                && piece.falls(&opinion.about) != Falls::Outside
                && (opinion.against.is_empty()
                    || opinion.against.iter().any(|audience| case.is_of(audience)))
        })
        .collect();
    if said.iter().any(|opinion| stands(case, opinion)) {
        return Some(Verdict::Withheld(Ground::SeriousHarm, None));
    }
    (!said.is_empty())
        .then(|| Verdict::refer(Ground::SeriousHarm, Clock::of(case), Missing::HealthOpinion))
}

fn stands(case: &Case<'_>, opinion: &HarmOpinion) -> bool {
    let lasts_until = Moment(opinion.at.0.plus_seconds(OPINION_DAYS * 86_400));
    match opinion.kind {
        HarmKind::Health => opinion.by_health_professional && case.now < lasts_until.0,
        HarmKind::SocialWork => true,
    }
}

/// Somebody else's information stays back, unless they agree, or are professionals who wrote it or
/// took part (Sch 2 paras 16 and 17).
fn about_others(piece: &Piece<'_>) -> Option<Verdict> {
    let sensitivity = Sensitivity::ThirdParty;
    let labelled = piece.label.sensitivities.contains(&sensitivity);
    let named = piece
        .item
        .map(|(_, facts)| facts.third_parties.as_slice())
        .unwrap_or_default();
    let held_back = if named.is_empty() {
        labelled
    } else {
        named.iter().any(|party| !party.may_be_named())
    };
    held_back.then_some(Verdict::Withheld(Ground::ThirdParty, Some(sensitivity)))
}
