//! Gate 6: somebody who is not the person asks as one who acts for them, or is close to them.
//!
//! Known wishes come first, then the authority, worked out for each decision area from instrument,
//! powers, trigger, dates and register ([`domain::authority`]), then the principles: benefit, the
//! least restrictive way, views heard. What cannot be determined goes to the holder, never silently
//! away. Whoever only wants to tell something is always heard.

use domain::authority::{Authority, AuthorityKind, AuthorityState};
use domain::reach::Falls;
use domain::restriction::Said;
use domain::{Category, Confidentiality, Matter, MentalCapacity, Purpose, Sensitivity};

use crate::case::{Case, Piece};
use crate::decision::{Counterfactual, Ground};
use crate::explain::english;
use crate::gates::consents::{self, Says};
use crate::gates::{Clock, Finding, Footing, Missing, Refusal, Verdict, relatives};

/// Admits whoever acts for the person or is close to them.
pub(crate) fn find(case: &Case<'_>) -> Finding {
    if !case.is_for_another() {
        return Finding::Silent;
    }
    if case.request.asks.manner == crate::request::Manner::Tell {
        return Finding::Admits(Footing::Telling);
    }
    if !is_purpose_of_another(case.request.purpose) {
        let advice = vec![english::counterfactual("another-purpose")];
        return Finding::Refuses(Refusal::open(Ground::PurposeIncompatible, advice));
    }
    let states = states(case);
    let may_act = states
        .iter()
        .any(|(_, state)| state.is_in_force() || state.is_undetermined());
    if may_act || consents::names_asker(case) {
        return Finding::Admits(Footing::Acting);
    }
    relatives::find(case).unwrap_or_else(|| match lapse(&states) {
        // Nothing on record connects them: they learn what they would learn about nobody.
        None => Finding::Refuses(Refusal::hidden(Ground::NoPower)),
        Some((kind, state)) => {
            let ground = ground_of(kind, state);
            Finding::Refuses(Refusal::open(ground, advice(state)))
        }
    })
}

fn is_purpose_of_another(purpose: Purpose) -> bool {
    purpose.is_a(Purpose::PersonRequest)
        || matches!(
            purpose,
            Purpose::DeceasedRecords
                | Purpose::IncapacityFunction
                | Purpose::MentalHealthAct
                | Purpose::Complaint
                | Purpose::Legal
        )
}

/// What each authority of whoever asks comes to in each area.
fn states(case: &Case<'_>) -> Vec<(AuthorityKind, AuthorityState)> {
    mine(case)
        .flat_map(|authority| {
            Matter::SINGLE
                .iter()
                .map(|matter| (authority.kind, state(case, authority, *matter)))
        })
        .collect()
}

fn mine<'a>(case: &'a Case<'_>) -> impl Iterator<Item = &'a Authority> {
    let all = case.known().authorities.iter();
    all.filter(|authority| authority.holder == *case.party())
}

fn state(case: &Case<'_>, authority: &Authority, matter: Matter) -> AuthorityState {
    let known = case.known();
    authority.state(matter, &known.person, &known.authorities, case.now)
}

/// The state that says most about why nobody may act: what ended or was never proven before what
/// was never given.
fn lapse(states: &[(AuthorityKind, AuthorityState)]) -> Option<(AuthorityKind, AuthorityState)> {
    let telling = |(_, state): &&(AuthorityKind, AuthorityState)| *state == AuthorityState::NoPower;
    let other = states.iter().find(|it| !telling(it));
    other.or_else(|| states.first()).copied()
}

fn ground_of(kind: AuthorityKind, state: AuthorityState) -> Ground {
    match (kind, state) {
        (AuthorityKind::Solicitor, AuthorityState::NotGenuine) => Ground::Unverified,
        _ => Ground::NoPower,
    }
}

fn advice(state: AuthorityState) -> Vec<Counterfactual> {
    let code = match state {
        AuthorityState::PersonCapable => "ask-granter",
        AuthorityState::BeliefMissing => "declare-belief",
        AuthorityState::NotRegistered | AuthorityState::RegistrationUnknown => "register-power",
        AuthorityState::Expired => "renew-order",
        AuthorityState::Suspended => "suspension-lifted",
        AuthorityState::NotGenuine | AuthorityState::NotVerified => "signed-mandate",
        AuthorityState::Sixteen => "young-persons-consent",
        AuthorityState::PersonDied => "executor",
        AuthorityState::Superseded => "ask-guardian",
        AuthorityState::NotBegun => "wait-until-begun",
        _ => "power-for-this",
    };
    vec![english::counterfactual(code)]
}

/// Decides about a class for whoever acts for the person or is close to them.
pub(crate) fn class(case: &Case<'_>, footing: &Footing, piece: &Piece<'_>) -> Option<Verdict> {
    match footing {
        Footing::Close => Some(relatives::class(case, piece)),
        Footing::Acting => Some(acting(case, piece)),
        // Who tells something is shown nothing.
        Footing::Telling => Some(Verdict::Hidden(Ground::MoreThanNecessary)),
        _ => None,
    }
}

fn acting(case: &Case<'_>, piece: &Piece<'_>) -> Verdict {
    wished_otherwise(case, piece)
        .or_else(|| agreed(case, piece))
        .or_else(|| young_person(case, piece))
        .unwrap_or_else(|| by_power(case, piece))
}

/// The person's own known no to whoever asks.
pub(crate) fn wished_otherwise(case: &Case<'_>, piece: &Piece<'_>) -> Option<Verdict> {
    let known = case.known();
    let dead = known.person.is_dead(case.now);
    let no = known.wishes.iter().any(|wish| {
        wish.by.is_none()
            && wish.says == Said::No
            && wish.is_live(case.now)
            && (!dead || wish.after_death)
            && case.is_among(&wish.audience)
            && (wish.purposes.is_empty()
                || wish
                    .purposes
                    .iter()
                    .any(|it| case.request.purpose.is_a(*it)))
            && piece.falls(&wish.about) != Falls::Outside
    });
    if !no {
        return None;
    }
    if dead {
        return Some(Verdict::Withheld(Ground::Deceased, None));
    }
    Some(match known.person.is_at_least(16, case.now) {
        Some(false) => match known.person.understands(case.now) {
            Some(true) => Verdict::Withheld(Ground::ChildRefuses, None),
            // A child's wish is heard before anybody has found what it weighs.
            _ => Verdict::refer(
                Ground::ChildRefuses,
                Clock::of(case),
                Missing::ChildUnderstanding,
            ),
        },
        _ => {
            let capable = known.person.capacity_for(Matter::Information, case.now);
            let ground = if capable == MentalCapacity::Incapable {
                Ground::EarlierWish
            } else {
                Ground::Objected
            };
            Verdict::Withheld(ground, None)
        }
    })
}

/// The person agreed that this one is told.
pub(crate) fn agreed(case: &Case<'_>, piece: &Piece<'_>) -> Option<Verdict> {
    let wished = case.known().wishes.iter().any(|wish| {
        wish.by.is_none()
            && wish.says == Said::Yes
            && wish.is_live(case.now)
            && !wish.audience.is_empty()
            && case.is_among(&wish.audience)
            && piece.falls(&wish.about) == Falls::Under
    });
    let consented = matches!(consents::say(case, piece), Says::Yes { named: true });
    (wished || consented).then_some(Verdict::Open(None))
}

/// A young person who understands decides about what is held closely; about the rest they are asked
/// (Age of Legal Capacity (Scotland) Act 1991 s.2(4)).
fn young_person(case: &Case<'_>, piece: &Piece<'_>) -> Option<Verdict> {
    let person = &case.known().person;
    if person.is_at_least(16, case.now) != Some(false)
        || !mine(case).any(|it| it.kind == AuthorityKind::ParentalRights)
    {
        return None;
    }
    // A parent without rights is answered by that alone.
    if !has_power(case, piece) {
        return None;
    }
    let label = piece.label;
    let closely =
        label.confidentiality > Confidentiality::Normal || !label.sensitivities.is_empty();
    match person.understands(case.now) {
        Some(true) if closely => Some(Verdict::Withheld(
            Ground::ChildRefuses,
            label.sensitivities.first().copied(),
        )),
        Some(true) => Some(Verdict::refer(
            Ground::ChildRefuses,
            Clock::of(case),
            Missing::YoungPersonsView,
        )),
        _ if tells_of_harm(piece) => Some(Verdict::refer(
            Ground::SeriousHarm,
            Clock::of(case),
            Missing::HarmTest,
        )),
        _ => None,
    }
}

fn has_power(case: &Case<'_>, piece: &Piece<'_>) -> bool {
    best_state(case, piece).is_some_and(|(_, state)| state.is_in_force() || state.is_undetermined())
}

fn tells_of_harm(piece: &Piece<'_>) -> bool {
    let harm = [
        Sensitivity::ChildProtection,
        Sensitivity::DomesticViolence,
        Sensitivity::Violence,
        Sensitivity::Whereabouts,
    ];
    harm.iter()
        .any(|sensitivity| piece.label.sensitivities.contains(sensitivity))
}

/// Opens what the powers reach.
fn by_power(case: &Case<'_>, piece: &Piece<'_>) -> Verdict {
    let clock = Clock::of(case);
    let refer = |missing| Verdict::refer(Ground::NoPower, clock, missing);
    let Some((authority, state)) = best_state(case, piece) else {
        return Verdict::Withheld(Ground::NoPower, None);
    };
    match piece.falls(&authority.scope) {
        Falls::Under => {}
        Falls::Unknown => return refer(Missing::WhenWritten),
        Falls::Outside => return Verdict::Withheld(out_of_scope(authority.kind), None),
    }
    if another_proxy_says_no(case, piece) {
        return refer(Missing::AttorneysAgree);
    }
    match state {
        AuthorityState::OnBelief if piece.label.confidentiality > Confidentiality::Normal => {
            refer(Missing::BeyondOrdinary)
        }
        state if state.is_in_force() => Verdict::Open(None),
        AuthorityState::JointlyHeld => refer(Missing::AttorneysAgree),
        AuthorityState::AgeUnknown => refer(Missing::BirthDate),
        AuthorityState::RegistrationUnknown => refer(Missing::Registration),
        AuthorityState::NotVerified => refer(Missing::Instrument),
        AuthorityState::Conflict => refer(Missing::ConflictResolved),
        _ => Verdict::Withheld(Ground::NoPower, None),
    }
}

/// A claim from a death reaches only what bears on it; anything else is more than it needs.
fn out_of_scope(kind: AuthorityKind) -> Ground {
    match kind {
        AuthorityKind::DeceasedClaimant => Ground::MoreThanNecessary,
        _ => Ground::NoPower,
    }
}

/// The authority that reaches furthest over all that a class is about: the weakest of its
/// categories decides, each by the strongest authority.
fn best_state<'a>(
    case: &'a Case<'_>,
    piece: &Piece<'_>,
) -> Option<(&'a Authority, AuthorityState)> {
    let mut worst: Option<(&Authority, AuthorityState)> = None;
    for category in &piece.label.categories {
        let best = mine(case)
            .flat_map(|authority| {
                areas(*category)
                    .iter()
                    .map(move |matter| (authority, state(case, authority, *matter)))
            })
            .min_by_key(|(authority, state)| (*state, authority.kind))?;
        if worst.is_none_or(|(_, state)| best.1 > state) {
            worst = Some(best);
        }
    }
    worst
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

/// Whether somebody else who acts for the person now says no to this: two who disagree.
fn another_proxy_says_no(case: &Case<'_>, piece: &Piece<'_>) -> bool {
    let known = case.known();
    known.wishes.iter().any(|wish| {
        let proxy = wish.by.as_ref().filter(|by| *by != case.party());
        let acts = proxy.is_some_and(|by| {
            known.authorities.iter().any(|authority| {
                authority.holder == *by
                    && piece.label.categories.iter().any(|category| {
                        areas(*category)
                            .iter()
                            .any(|matter| state(case, authority, *matter).is_in_force())
                    })
            })
        });
        // Each parent acts alone: one does not need the other (1995 Act s.2(2)).
        let parent = mine(case).any(|it| it.kind == AuthorityKind::ParentalRights);
        acts && !parent
            && wish.says == Said::No
            && wish.is_live(case.now)
            && case.is_among(&wish.audience)
            && piece.falls(&wish.about) != Falls::Outside
    })
}

/// Whether the caller acts on a declared belief, so that the person is told that somebody acts.
pub(crate) fn acts_on_belief(case: &Case<'_>) -> bool {
    states(case)
        .iter()
        .any(|(_, state)| *state == AuthorityState::OnBelief)
}

/// The law on which whoever asks acts.
pub(crate) fn citation(case: &Case<'_>) -> Option<&'static str> {
    let in_force = mine(case).find(|authority| {
        Matter::SINGLE
            .iter()
            .any(|matter| state(case, authority, *matter).is_in_force())
    });
    in_force.map(|authority| authority.kind.citation())
}

/// Whether somebody who may decide about information or care for the person acts now.
pub(crate) fn has_proxy(case: &Case<'_>) -> bool {
    case.known().authorities.iter().any(|authority| {
        let may_decide = |matter: &Matter| state(case, authority, *matter).is_in_force();
        authority.kind != AuthorityKind::Advocate
            && [
                Matter::Information,
                Matter::Care,
                Matter::Treatment,
                Matter::Accommodation,
            ]
            .iter()
            .any(may_decide)
    })
}
