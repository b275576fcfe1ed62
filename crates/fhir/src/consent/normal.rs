//! A Consent in the form in which decisions are made ([`domain::consent`]).
//!
//! Whatever is not understood is said in `not_understood` of the provision that says it, and the
//! condition is dropped: in a refusal it could then match anything, so a person reads it; a permission
//! matches nothing.

use std::collections::BTreeSet;

use domain::consent::{
    Consent as Normal, ConsentScope, ConsentStatus, Provision as Rule, ProvisionType,
};
use domain::{
    Audience, Category, Confidentiality, ItemId, Moment, OrganisationId, PartyId, Sensitivity,
    Timestamp,
};

use super::{Consent, Provision, Who};

/// What the references and codes of a Consent stand for, as whoever keeps the directory knows.
/// `None` says that nobody knows.
pub trait Known {
    /// Whom an actor is.
    fn audience(&self, actor: &Who) -> Option<Audience>;
    /// The agency that a reference names as an author.
    fn author(&self, reference: &str) -> Option<OrganisationId>;
    /// Who gave it in the person's place; `None` inside if that is the person.
    fn giver(&self, performer: &Who) -> Option<Option<PartyId>>;
    /// The item that a reference names in this meaning, `instance` or `related`.
    fn item(&self, meaning: &str, reference: &str) -> Option<ItemId>;
    /// What resources of a type, or a class so called, are about.
    fn class(&self, code: &str) -> Option<BTreeSet<Category>>;
}

/// The Consent in the form in which decisions are made, under the name `id`. A base rule of which one
/// element mixes kinds of conditions, each an alternative, comes as several consents that say
/// the same of each kind. None if it has no rules.
#[must_use]
pub fn normal(consent: &Consent, id: &str, known: &dyn Known) -> Vec<Normal> {
    let Some(provision) = &consent.provision else {
        return Vec::new();
    };
    let status = match consent.status.as_str() {
        "active" => ConsentStatus::Active,
        "entered-in-error" => ConsentStatus::EnteredInError,
        _ => ConsentStatus::Inactive,
    };
    let scope = match consent.is_about_privacy {
        true => ConsentScope::PatientPrivacy,
        false if consent.is_about_research => ConsentScope::Research,
        false => ConsentScope::Other,
    };
    // Of several who gave it together the first who is not the person counts; one whom nobody knows
    // is somebody without power.
    let by = consent.performers.iter().find_map(|performer| {
        let nobody = || {
            Some(PartyId::new(
                performer.reference.clone().unwrap_or_default(),
            ))
        };
        known.giver(performer).unwrap_or_else(nobody)
    });
    let rules = rules(provision, known);
    let several = rules.len() > 1;
    (1..)
        .zip(rules)
        .map(|(place, provision)| Normal {
            id: ItemId::new(if several {
                format!("{id}#{place}")
            } else {
                id.to_owned()
            }),
            status,
            scope,
            given: Moment(consent.given_at.unwrap_or(Timestamp(0))),
            withdrawn: None,
            supersedes: None,
            by: by.clone(),
            provision,
        })
        .collect()
}

/// A provision as one rule, or as several where labels of two kinds are alternatives.
fn rules(provision: &Provision, known: &dyn Known) -> Vec<Rule> {
    let base = one(provision, known);
    let levels: Vec<Confidentiality> = labels(provision, Confidentiality::from_code);
    let reasons: Vec<Sensitivity> = labels(
        provision,
        match base.kind {
            ProvisionType::Deny => reason_or_wider,
            ProvisionType::Permit => reason,
        },
    );
    if levels.len() + reasons.len() < provision.labels.len() {
        return vec![unread(base, "securityLabel")];
    }
    // A refusal reaches down to the lowest level that it names, a permission up to the highest.
    let level = match base.kind {
        ProvisionType::Deny => levels.iter().min(),
        ProvisionType::Permit => levels.iter().max(),
    };
    let by_level = level.map(|level| Rule {
        confidentiality: Some(*level),
        ..base.clone()
    });
    let by_reason = (!reasons.is_empty()).then(|| Rule {
        sensitivities: reasons.into_iter().collect(),
        ..base.clone()
    });
    match (by_level, by_reason) {
        (None, None) => vec![base],
        (level, reason) => level.into_iter().chain(reason).collect(),
    }
}

/// The reason for holding closely that a code names, in HL7's words or ours.
fn reason(code: &str) -> Option<Sensitivity> {
    match code {
        "ETH" => Some(Sensitivity::SubstanceUse),
        "PSY" => Some(Sensitivity::MentalHealth),
        code => Sensitivity::from_code(code),
    }
}

/// The same, and for a kind that is not told apart here the wider one: a refusal may reach further than
/// its words, a permission may not.
fn reason_or_wider(code: &str) -> Option<Sensitivity> {
    match code {
        "ETHUD" | "OPIOIDUD" => Some(Sensitivity::SubstanceUse),
        code => reason(code),
    }
}

fn labels<T>(provision: &Provision, read: fn(&str) -> Option<T>) -> Vec<T> {
    let codes = provision.labels.iter();
    codes.filter_map(|code| read(code)).collect()
}

/// All of a provision but its labels.
fn one(provision: &Provision, known: &dyn Known) -> Rule {
    // A base without a rule that only frames its exceptions says nothing by itself.
    let frames = provision.rule.is_none() && provision.only_adds_exceptions();
    let kind = match provision.rule {
        Some(super::Rule::Permit) => ProvisionType::Permit,
        None if frames => ProvisionType::Permit,
        Some(super::Rule::Deny) | None => ProvisionType::Deny,
    };
    let mut rule = Rule {
        kind,
        from: provision.since.map(Moment),
        until: provision.until.map(Moment),
        actors: Vec::new(),
        purposes: BTreeSet::new(),
        confidentiality: None,
        sensitivities: BTreeSet::new(),
        categories: BTreeSet::new(),
        codes: provision
            .codes
            .iter()
            .map(|(system, code)| format!("{system}|{code}"))
            .collect(),
        items: BTreeSet::new(),
        authors: BTreeSet::new(),
        written_from: end(provision.data_period.map(|it| it.from_us)),
        written_before: end(provision.data_period.map(|it| it.to_us)),
        not_understood: provision.unread.clone(),
        provisions: provision
            .exceptions
            .iter()
            .flat_map(|exception| rules(exception, known))
            .collect(),
    };
    if provision.rule.is_none() && !frames {
        rule = unread(rule, "type");
    }
    let actors: Option<Vec<_>> = provision
        .actors
        .iter()
        .map(|actor| known.audience(&actor.who))
        .collect();
    let purposes = provision.purposes.iter().map(|code| code.parse().ok());
    let classes = provision.classes.iter().map(|code| known.class(code));
    match actors {
        Some(actors) => rule.actors = actors,
        None => rule = unread(rule, "actor"),
    }
    match purposes.collect::<Option<BTreeSet<_>>>() {
        Some(purposes) => rule.purposes = purposes,
        None => rule = unread(rule, "purpose"),
    }
    match classes.collect::<Option<Vec<_>>>() {
        Some(classes) => rule.categories = classes.into_iter().flatten().collect(),
        None => rule = unread(rule, "class"),
    }
    data(rule, provision, known)
}

/// An end of a period, unless it is open.
fn end(us: Option<i64>) -> Option<Moment> {
    let open = |us: &i64| matches!(*us, i64::MIN | i64::MAX);
    us.filter(|us| !open(us)).map(|us| Moment(Timestamp(us)))
}

/// Single items with what belongs to them, or all of an author.
fn data(mut rule: Rule, provision: &Provision, known: &dyn Known) -> Rule {
    for (meaning, reference) in &provision.meant {
        let item = matches!(meaning.as_str(), "instance" | "related")
            .then(|| known.item(meaning, reference))
            .flatten();
        let author = (meaning == "authoredby")
            .then(|| known.author(reference))
            .flatten();
        match (item, author) {
            (None, None) => return unread(rule, "data"),
            (item, author) => {
                rule.items.extend(item);
                rule.authors.extend(author);
            }
        }
    }
    // Each is an alternative to the other, and here both would have to hold.
    if !rule.items.is_empty() && !rule.authors.is_empty() {
        rule.items.clear();
        rule.authors.clear();
        return unread(rule, "data");
    }
    rule
}

fn unread(mut rule: Rule, element: &str) -> Rule {
    rule.not_understood.push(element.to_owned());
    rule
}
