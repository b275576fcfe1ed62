//! Gate 6: somebody who is not the person asks as one who acts for them, or is close to them.
//!
//! Known wishes come first, then the authority, worked out for each decision area from instrument,
//! powers, trigger, dates and register ([`domain::authority`]), then the principles: benefit, the
//! least restrictive way, views heard. What cannot be determined goes to the holder, never silently
//! away. Whoever only wants to tell something is always heard.

use domain::authority::{Authority, AuthorityKind, AuthorityState, HEALTH_RECORDS_ACT};
use domain::reach::Falls;
use domain::restriction::{Said, Wish};
use domain::{Audience, Confidentiality, Matter, PartyId, Purpose, Sensitivity};

use crate::case::{Case, Piece};
use crate::decision::{Counterfactual, Ground};
use crate::explain::english;
use crate::gates::consents::{self, Says};
use crate::gates::powers::{self, Grade};
use crate::gates::{
    Clock, Finding, Footing, Missing, Refusal, Verdict, invited, objections, relatives,
};

/// Admits whoever acts for the person or is close to them.
pub(crate) fn find(case: &Case<'_>) -> Finding {
    if !case.is_for_another() {
        return Finding::Silent;
    }
    if let Some(finding) = invited::find(case) {
        return finding;
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
    if may_act || consents::names_asker(case) || is_named_in_a_yes(case) {
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

pub(crate) fn mine<'a>(case: &'a Case<'_>) -> impl Iterator<Item = &'a Authority> {
    let all = case.known().authorities.iter();
    all.filter(|authority| authority.holder == *case.party())
}

pub(crate) fn state(case: &Case<'_>, authority: &Authority, matter: Matter) -> AuthorityState {
    let known = case.known();
    authority.state(matter, &known.person, &known.authorities, case.now)
}

/// The same of one item: holders who can act only together act where each of the others says yes.
pub(crate) fn state_over(
    case: &Case<'_>,
    authority: &Authority,
    matter: Matter,
    piece: &Piece<'_>,
) -> AuthorityState {
    match state(case, authority, matter) {
        AuthorityState::JointlyHeld if the_others_agree(case, authority, piece) => {
            let together = Authority {
                jointly: false,
                ..authority.clone()
            };
            state(case, &together, matter)
        }
        alone => alone,
    }
}

fn the_others_agree(case: &Case<'_>, authority: &Authority, piece: &Piece<'_>) -> bool {
    let known = case.known();
    let mut others = known.authorities.iter().filter(|other| {
        other.kind == authority.kind
            && other.holder != authority.holder
            && other.is_running(&known.person, case.now)
    });
    others.all(|other| {
        known.wishes.iter().any(|wish| {
            wish.by.as_ref() == Some(&other.holder)
                && wish.says == Said::Yes
                && concerns_asker(case, wish)
                && piece.falls(&wish.about) == Falls::Under
        })
    })
}

/// The state that says most about why nobody may act: a mandate that is none, then what is nearest to
/// being in force, then what was never given.
fn lapse(states: &[(AuthorityKind, AuthorityState)]) -> Option<(AuthorityKind, AuthorityState)> {
    states.iter().copied().min_by_key(|(kind, state)| {
        let no_mandate = ground_of(*kind, *state) == Ground::Unverified;
        (
            !no_mandate,
            *state == AuthorityState::NoPower,
            *state,
            *kind,
        )
    })
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
        Footing::Invited => Some(invited::class(case, piece)),
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

/// Whether a wish stands, and is about telling whoever asks for this purpose.
pub(crate) fn concerns_asker(case: &Case<'_>, wish: &Wish) -> bool {
    let purpose = case.request.purpose;
    wish.is_live(case.now)
        && case.is_among(&wish.audience)
        && (wish.purposes.is_empty() || wish.purposes.iter().any(|named| purpose.is_a(*named)))
}

/// The person's own known no to whoever asks.
pub(crate) fn wished_otherwise(case: &Case<'_>, piece: &Piece<'_>) -> Option<Verdict> {
    let dead = case.known().person.is_dead(case.now);
    let no = case.known().wishes.iter().any(|wish| {
        wish.by.is_none()
            && wish.says == Said::No
            && (!dead || wish.after_death)
            && concerns_asker(case, wish)
            && piece.falls(&wish.about) != Falls::Outside
    });
    if !no {
        return None;
    }
    if dead {
        return Some(Verdict::Withheld(Ground::Deceased, None));
    }
    Some(objections::withheld(case, None))
}

/// Whether the person said yes to whoever asks by name: it needs no power beside it.
fn is_named_in_a_yes(case: &Case<'_>) -> bool {
    let named = Audience::Party(case.party().clone());
    may_agree(case)
        && case.known().wishes.iter().any(|wish| {
            wish.by.is_none()
                && wish.says == Said::Yes
                && wish.audience.contains(&named)
                && (wish.after_death || !case.known().person.is_dead(case.now))
                && concerns_asker(case, wish)
        })
}

fn may_agree(case: &Case<'_>) -> bool {
    let person = &case.known().person;
    person.is_at_least(16, case.now) != Some(false) || person.understands(case.now) == Some(true)
}

/// The person agreed that this one is told.
pub(crate) fn agreed(case: &Case<'_>, piece: &Piece<'_>) -> Option<Verdict> {
    let wished = may_agree(case)
        && case.known().wishes.iter().any(|wish| {
            wish.by.is_none()
                && wish.says == Said::Yes
                && !wish.audience.is_empty()
                && concerns_asker(case, wish)
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
    powers::best(case, piece).is_some_and(|best| best.grade <= Grade::Undetermined)
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
    let refer = |missing| Verdict::refer(Ground::NoPower, Clock::of(case), missing);
    let Some(best) = powers::best(case, piece) else {
        return Verdict::Withheld(Ground::NoPower, None);
    };
    if best.grade <= Grade::Undetermined && is_before_the_act(case, piece) {
        return Verdict::Withheld(Ground::NoLawfulBasis, None);
    }
    let closely = piece.label.confidentiality > Confidentiality::Normal;
    match best.grade {
        Grade::NoPower => Verdict::Withheld(Ground::NoPower, None),
        // A claim from a death reaches only what bears on it; anything else is more than it needs.
        Grade::BeyondClaim => Verdict::Withheld(Ground::MoreThanNecessary, None),
        _ if another_proxy_says_no(case, piece) => refer(Missing::AttorneysAgree),
        Grade::Undetermined => refer(best.missing()),
        Grade::OnBelief if closely => refer(Missing::BeyondOrdinary),
        Grade::InForce if closely && is_beside_mental_health(case, piece) => {
            refer(Missing::HolderJudgement)
        }
        Grade::InForce | Grade::OnBelief => Verdict::Open(None),
    }
}

/// Whether a mental-health named person, who acts on nothing else, asks for what is held closely for
/// other reasons than mental health: whether proceedings need it, its holder decides.
fn is_beside_mental_health(case: &Case<'_>, piece: &Piece<'_>) -> bool {
    let bears_on_it = [
        Sensitivity::MentalHealth,
        Sensitivity::Psychotherapy,
        Sensitivity::SubstanceUse,
    ];
    let mut reasons = piece.label.sensitivities.iter();
    mine(case).all(|it| it.kind == AuthorityKind::MentalHealthNamedPerson)
        && !reasons.all(|reason| bears_on_it.contains(reason))
}

/// Whether this was written before the law that opens the record of somebody who died. What has no
/// date is taken to be within it, as nearly everything is.
fn is_before_the_act(case: &Case<'_>, piece: &Piece<'_>) -> bool {
    case.request.purpose == Purpose::DeceasedRecords
        && piece
            .written()
            .is_some_and(|written| written < HEALTH_RECORDS_ACT)
}

/// Whether somebody else who acts for the person now says no to this: two who disagree. Each parent
/// acts alone: one does not need the other (1995 Act s.2(2)).
fn another_proxy_says_no(case: &Case<'_>, piece: &Piece<'_>) -> bool {
    let known = case.known();
    let parent = mine(case).any(|it| it.kind == AuthorityKind::ParentalRights);
    let acts = |by: &PartyId| {
        let mut held = known.authorities.iter().filter(|it| it.holder == *by);
        held.any(|authority| {
            let mut areas = piece
                .label
                .categories
                .iter()
                .flat_map(|it| powers::areas(*it));
            areas.any(|matter| {
                powers::reached(case, authority, *matter, piece).grade <= Grade::OnBelief
            })
        })
    };
    !parent
        && known.wishes.iter().any(|wish| {
            wish.says == Said::No
                && concerns_asker(case, wish)
                && piece.falls(&wish.about) != Falls::Outside
                && wish
                    .by
                    .as_ref()
                    .is_some_and(|by| by != case.party() && acts(by))
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
