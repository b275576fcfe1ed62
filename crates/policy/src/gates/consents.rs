//! What recorded consents say about one class for one request (part of gate 5).
//!
//! Within a consent the deepest matching provision decides, and among siblings a refusal wins over
//! a permission. Of several consents the one that takes another's place wins over it; otherwise any
//! refusal that names what is asked beats every permission, however new: never "the latest wins".
//! What is not understood in a refusal could match anything, so a person must read it; in a
//! permission it matches nothing. Rules that the standard leaves open are settled in decisions.md 1.1.

use domain::consent::{Consent, ConsentScope, ConsentStatus, Provision, ProvisionType};
use domain::{Audience, LabelClass, Matter, MentalCapacity, PersonFacts, Timestamp};

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
    /// No, said by whoever acts for the person.
    NoForThem,
    /// No to what was written at some time, and when this was written is unknown.
    Undated,
    /// Something that a person must read.
    Unread,
}

/// A consent that counts, as far as it concerns the request. Who asks, when and for what purpose is
/// the same for every class, so provisions about others are left out once, before any class is
/// looked at.
pub(crate) struct Heard<'a> {
    consent: &'a Consent,
    giver: Giver,
    withdrawn: bool,
    rule: Option<Rule<'a>>,
}

/// A provision that concerns the request, with those of its exceptions that do.
struct Rule<'a> {
    provision: &'a Provision,
    /// Whether it, or a rule that it stands in, names whoever asks.
    named: bool,
    exceptions: Vec<Rule<'a>>,
}

impl<'a> Rule<'a> {
    fn about(case: &Case<'_>, provision: &'a Provision, depth: u8, named: bool) -> Option<Self> {
        if !concerns_request(case, provision) {
            return None;
        }
        let named = named || names(provision);
        let deeper = |exception| Self::about(case, exception, depth + 1, named);
        let exceptions = if depth < DEEPEST {
            provision.provisions.iter().filter_map(deeper).collect()
        } else {
            Vec::new()
        };
        Some(Self {
            provision,
            named,
            exceptions,
        })
    }
}

/// What all consents together say about a class.
pub(crate) fn say(case: &Case<'_>, piece: &Piece<'_>) -> Says {
    let mut yes = None;
    let mut undetermined = None;
    let mut for_them = false;
    for heard in &case.consents {
        match of_one(heard, piece) {
            Says::No if !spares_holder(case, heard.consent, piece.label) => return Says::No,
            Says::NoForThem if !spares_holder(case, heard.consent, piece.label) => for_them = true,
            Says::Unread => undetermined = Some(Says::Unread),
            Says::Undated if spares_holder(case, heard.consent, piece.label) => {}
            Says::Undated => undetermined = undetermined.or(Some(Says::Undated)),
            Says::Yes { named } => yes = Some(yes.unwrap_or(false) || named),
            Says::No | Says::NoForThem | Says::Nothing => {}
        }
    }
    if for_them {
        return Says::NoForThem;
    }
    let yes = yes.map_or(Says::Nothing, |named| Says::Yes { named });
    undetermined.unwrap_or(yes)
}

/// Whether a consent refuses the request as such, whatever is held: its base rule is a refusal that
/// matches, with no exceptions that could open part; or it named whoever asks and was taken back.
pub(crate) fn refuses_outright(case: &Case<'_>) -> bool {
    case.consents.iter().any(|heard| {
        let Some(Rule {
            provision: root, ..
        }) = heard.rule
        else {
            return false;
        };
        if heard.withdrawn {
            root.kind == ProvisionType::Permit && names(root) && heard.giver == Giver::Decides
        } else {
            root.kind == ProvisionType::Deny
                && is_unconditional(root)
                && heard.giver != Giver::Unproven
        }
    })
}

/// Whether a provision has neither conditions on data, nor exceptions, nor anything unread.
fn is_unconditional(provision: &Provision) -> bool {
    provision.provisions.is_empty()
        && provision.not_understood.is_empty()
        && provision.confidentiality.is_none()
        && provision.sensitivities.is_empty()
        && provision.categories.is_empty()
        && provision.codes.is_empty()
        && provision.items.is_empty()
        && provision.authors.is_empty()
        && provision.written_from.is_none()
        && provision.written_before.is_none()
}

/// Whether somebody who asks was given a permission by the person that names them.
pub(crate) fn names_asker(case: &Case<'_>) -> bool {
    some_permission(case, |provision, named| named || names(provision))
}

/// Whether the person agreed to this use, with whoever asks or with everyone.
pub(crate) fn names_use(case: &Case<'_>) -> bool {
    some_permission(case, |provision, _| !provision.purposes.is_empty())
}

/// Whether some permission that concerns the request is of this kind; the second argument is whether
/// a rule that it stands in names whoever asks.
fn some_permission(case: &Case<'_>, wanted: impl Fn(&Provision, bool) -> bool + Copy) -> bool {
    fn permits(
        rule: &Rule<'_>,
        named: bool,
        wanted: impl Fn(&Provision, bool) -> bool + Copy,
    ) -> bool {
        let provision = rule.provision;
        let permit = provision.kind == ProvisionType::Permit;
        if permit && !provision.not_understood.is_empty() {
            return false;
        }
        let mut exceptions = rule.exceptions.iter();
        (permit && wanted(provision, named))
            || exceptions.any(|exception| permits(exception, rule.named, wanted))
    }
    case.consents.iter().any(|heard| {
        let counts = heard.giver == Giver::Decides && !heard.withdrawn;
        let rule = heard.rule.as_ref().filter(|_| counts);
        rule.is_some_and(|rule| permits(rule, false, wanted))
    })
}

/// Whether a provision names somebody.
fn names(provision: &Provision) -> bool {
    let mut actors = provision.actors.iter();
    actors.any(|actor| *actor != Audience::Everyone)
}

/// How far the word of whoever gave a consent goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Giver {
    /// Their yes and their no count.
    Decides,
    /// The person, when they could not agree to anything: a no is heard all the same.
    Refuses,
    /// Somebody of whom it is not known whether they may act: a no must be read.
    Unproven,
}

/// Consents that count: active, about who is told what, given by somebody who may, and not replaced by
/// another of the same standing.
pub(crate) fn counting<'a>(case: &Case<'a>) -> Vec<Heard<'a>> {
    let all = &case.known().consents;
    let is_replaced = |consent: &Consent| {
        all.iter().any(|other| {
            other.supersedes.as_ref() == Some(&consent.id)
                && is_recorded(case, other)
                && !leads_to(all, consent, other)
        })
    };
    all.iter()
        .filter(|consent| is_recorded(case, consent) && !is_replaced(consent))
        .filter_map(|consent| {
            Some(Heard {
                consent,
                giver: giver(case, consent)?,
                withdrawn: consent.withdrawn.is_some_and(|at| at.0 <= case.now),
                rule: Rule::about(case, &consent.provision, 0, false),
            })
        })
        .collect()
}

fn is_recorded(case: &Case<'_>, consent: &Consent) -> bool {
    consent.status == ConsentStatus::Active
        && consent.scope != ConsentScope::Other
        && consent.given.0 <= case.now
}

/// Whether one consent takes the place of another by some chain. Where each replaces the other neither
/// does: two that contradict each other both stand.
fn leads_to(all: &[Consent], from: &Consent, to: &Consent) -> bool {
    let mut step = Some(from);
    for _ in 0..all.len() {
        let replaced = step.and_then(|it| it.supersedes.as_ref());
        step = replaced.and_then(|id| all.iter().find(|consent| consent.id == *id));
        match step {
            Some(consent) if consent.id == to.id => return true,
            Some(_) => {}
            None => return false,
        }
    }
    false
}

/// How far the word of whoever gave it goes; `None` if it goes nowhere.
fn giver(case: &Case<'_>, consent: &Consent) -> Option<Giver> {
    let known = case.known();
    let person = &known.person;
    let Some(by) = &consent.by else {
        return Some(if could_agree(person, consent.given.0) {
            Giver::Decides
        } else {
            Giver::Refuses
        });
    };
    let child = person.is_at_least(16, case.now) == Some(false);
    if child && person.understands(case.now) == Some(true) {
        return None;
    }
    let mut states = known
        .authorities
        .iter()
        .filter(|authority| authority.holder == *by)
        .map(|authority| {
            authority.state(Matter::Information, person, &known.authorities, case.now)
        });
    let mut unproven = false;
    if states.any(|state| {
        unproven |= state.is_undetermined();
        state.is_in_force()
    }) {
        return Some(Giver::Decides);
    }
    unproven.then_some(Giver::Unproven)
}

/// Whether the person could agree to something then: not where they were found unable to, nor as a
/// child of whom nobody knew that they understood.
fn could_agree(person: &PersonFacts, then: Timestamp) -> bool {
    let grown = person.is_at_least(16, then) != Some(false);
    person.capacity_for(Matter::Information, then) != MentalCapacity::Incapable
        && (grown || person.understands(then) == Some(true))
}

fn of_one(heard: &Heard<'_>, piece: &Piece<'_>) -> Says {
    let deciding = heard
        .rule
        .as_ref()
        .and_then(|rule| evaluate(rule, piece, 0));
    let says = deciding.map_or(Says::Nothing, |(_, says)| says);
    // Whoever takes back what they agreed with somebody named says no to them. A refusal that is
    // taken back, or an agreement that named nobody, leaves things as if it had never been.
    let says = match says {
        says if !heard.withdrawn => says,
        Says::Yes { named: true } => Says::No,
        _ => Says::Nothing,
    };
    match (heard.giver, says) {
        (Giver::Decides, Says::No) if heard.consent.by.is_some() => Says::NoForThem,
        (Giver::Decides, says) => says,
        (Giver::Refuses, Says::No | Says::Undated | Says::Unread) => says,
        (Giver::Unproven, Says::No | Says::Undated | Says::Unread) => Says::Unread,
        _ => Says::Nothing,
    }
}

/// The deepest provision that matches, with what it says.
fn evaluate(rule: &Rule<'_>, piece: &Piece<'_>, depth: u8) -> Option<(u8, Says)> {
    let says = matches(rule, piece)?;
    if depth >= DEEPEST {
        return Some((depth, Says::Unread));
    }
    let exceptions = rule.exceptions.iter();
    let deepest = exceptions
        .filter_map(|exception| evaluate(exception, piece, depth + 1))
        .max_by_key(|(depth, says)| (*depth, strength(*says)));
    Some(deepest.unwrap_or((depth, says)))
}

/// Among provisions of one depth a refusal wins, then what must be read.
fn strength(says: Says) -> u8 {
    match says {
        Says::No | Says::NoForThem => 4,
        Says::Unread => 3,
        Says::Undated => 2,
        Says::Yes { named: true } => 1,
        Says::Yes { named: false } | Says::Nothing => 0,
    }
}

/// What a rule says by itself, if it matches the class.
fn matches(rule: &Rule<'_>, piece: &Piece<'_>) -> Option<Says> {
    let provision = rule.provision;
    if !concerns_class(provision, piece) {
        return None;
    }
    let unread = !provision.not_understood.is_empty();
    match provision.kind {
        ProvisionType::Deny if unread => Some(Says::Unread),
        ProvisionType::Deny if turns_on_an_unknown_date(provision, piece) => Some(Says::Undated),
        ProvisionType::Deny => Some(Says::No),
        ProvisionType::Permit if unread => None,
        ProvisionType::Permit => Some(Says::Yes { named: rule.named }),
    }
}

fn turns_on_an_unknown_date(provision: &Provision, piece: &Piece<'_>) -> bool {
    let dated = provision.written_from.is_some() || provision.written_before.is_some();
    dated && piece.written().is_none()
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
    // When it was written is unknown: a refusal may cover it, a permission does not.
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
    fn names_somebody(provision: &Provision) -> bool {
        names(provision) || provision.provisions.iter().any(names_somebody)
    }
    case.is_own(&label.custodian) && !names_somebody(&consent.provision)
}
