//! From a document to the request, the facts and the moment that a decision takes.

use std::collections::BTreeMap;

use domain::circumstances::Circumstances;
use domain::consent::{Consent, ConsentScope, ConsentStatus, Provision, ProvisionType};
use domain::person::PersonFacts;
use domain::restriction::{ItemFacts, Wish};
use domain::{
    Assurance, Caller, Capacity, ClassId, HomeId, ItemId, LabelClass, Lock, Objection, PartyId,
    PersonId, Reach, Relationship, ResourceId, Scope, Timestamp, WorkerId,
};
use sha2::{Digest, Sha256};

use super::DocumentError;
use super::fields::{
    AgencyNames, Document, ObjectionField, PersonField, RecordItem, RequestField, Requester,
    RequesterKind, party,
};
use crate::refusal::RefusalForm;
use crate::{Asks, Decision, Facts, Policies, Request};

/// A document, ready to be decided.
pub struct Written {
    pub title: Option<String>,
    pub at: Timestamp,
    pub request: Request,
    pub facts: Facts,
    pub agencies: BTreeMap<String, AgencyNames>,
    pub refusal: Option<RefusalForm>,
    pub claimed_basis: Option<String>,
}

impl Written {
    /// The decision.
    pub fn decide(&self, policies: &Policies) -> Decision {
        crate::decide(&self.request, &self.facts, policies, self.at)
    }
}

/// What a decision cannot do without, gathered so that all of it is said at once.
#[derive(Default)]
struct Missing(Vec<(String, String)>);

impl Missing {
    fn need<T>(&mut self, value: Option<T>, path: &str, what: &'static str) -> Option<T> {
        if value.is_none() {
            self.0.push((path.to_owned(), what.to_owned()));
        }
        value
    }
}

/// Who said something in the person's place; `None` if that is the person, named or not.
fn somebody_else(by: Option<PartyId>, person: &PersonField) -> Option<PartyId> {
    by.filter(|by| Some(by.as_str()) != person.id.as_deref())
}

pub fn build(document: &Document) -> Result<Written, DocumentError> {
    let mut missing = Missing::default();
    let at = missing.need(document.at, "at", "the moment of deciding");
    let person = missing.need(document.person.as_ref(), "person", "whose record it is");
    let person_id = person.and_then(|person| {
        missing.need(person.id.as_deref(), "person.id", "any name for the person")
    });
    let asked = missing.need(
        document.request.as_ref(),
        "request",
        "who asks for what, and why",
    );
    let request = asked
        .zip(person_id)
        .and_then(|(asked, person_id)| request(asked, person_id, person?, &mut missing));
    let record = missing.need(
        document.record.as_ref(),
        "record",
        "what is held; an empty list if nothing is",
    );
    let items: Option<Vec<Held>> = record.and_then(|record| {
        let held: Vec<_> = record
            .iter()
            .enumerate()
            .map(|(place, item)| Held::read(place, item, &mut missing))
            .collect();
        held.into_iter().collect()
    });
    match (at, person, person_id, request, items) {
        (Some(at), Some(person), Some(id), Some(request), Some(items)) if missing.0.is_empty() => {
            let facts = facts(document, person, id, related_both_ways(items));
            repeated(document)?;
            Ok(Written {
                title: document.title.clone(),
                at: at.0,
                request,
                facts,
                agencies: document.agencies.clone(),
                refusal: document.refusal.clone(),
                claimed_basis: asked.and_then(|asked| asked.claimed_basis.clone()),
            })
        }
        _ => Err(DocumentError::Incomplete { missing: missing.0 }),
    }
}

/// Two items of one id could not be told apart.
fn repeated(document: &Document) -> Result<(), DocumentError> {
    let mut seen = std::collections::BTreeSet::new();
    for (place, item) in document.record.iter().flatten().enumerate() {
        if let Some(id) = &item.id
            && !seen.insert(id)
        {
            return Err(DocumentError::Malformed {
                path: format!("record[{place}].id"),
                problem: format!("`{id}` is the id of an item before it"),
            });
        }
    }
    Ok(())
}

fn request(
    asked: &RequestField,
    person_id: &str,
    person: &PersonField,
    missing: &mut Missing,
) -> Option<Request> {
    let requester = missing.need(asked.requester.as_ref(), "request.requester", "who asks");
    let purpose = missing.need(
        asked.purpose,
        "request.purpose",
        "why it is asked; nothing is assumed",
    );
    let caller = caller(requester?, person_id, person, missing);
    let requester = requester?;
    Some(Request {
        caller: caller?,
        person: person_of(person_id),
        purpose: purpose?,
        reason: asked.reason.clone(),
        asks: Asks {
            party: requester.id.as_deref().map(party),
            categories: asked.categories.clone(),
            items: asked.items.clone(),
            written_from: asked.written_from,
            written_before: asked.written_before,
            manner: asked.manner,
            urgency: asked.urgency,
            given_by: asked.given_by.clone(),
            safe_channel: asked.safe_channel,
            verified: requester.verified,
            authorised: requester.authorised,
            revoked: requester.revoked,
            knows_privately: requester.knows_privately,
        },
    })
}

fn caller(
    requester: &Requester,
    person_id: &str,
    person: &PersonField,
    missing: &mut Missing,
) -> Option<Caller> {
    let kind = missing.need(
        requester.kind,
        "request.requester.kind",
        "`worker`, `person` (whose record it is) or `other`",
    )?;
    let id = requester.id.as_deref();
    let id = if kind.needs_id() {
        missing.need(id, "request.requester.id", "any name for who asks")
    } else {
        Some(person_id)
    };
    let named = requester.name.clone();
    let capacity = match kind {
        RequesterKind::Worker => {
            let role = missing.need(requester.role, "request.requester.role", "what they do");
            let organisation = missing.need(
                requester.organisation.clone(),
                "request.requester.organisation",
                "for which agency",
            );
            let organisation_kind = missing.need(
                requester.organisation_kind,
                "request.requester.organisation-kind",
                "what sort of agency",
            );
            missing.need(
                requester.assurance,
                "request.requester.assurance",
                "how surely they were identified",
            )?;
            Capacity::Worker {
                worker: WorkerId::new(id?),
                role: role?,
                organisation: organisation?,
                organisation_kind: organisation_kind?,
                team: requester.team.clone(),
            }
        }
        RequesterKind::Person => Capacity::Person(person_of(person_id)),
        RequesterKind::Other => Capacity::Person(somebody(id?)),
    };
    let own_name = match kind {
        RequesterKind::Person => person.name.clone(),
        _ => None,
    };
    Some(Caller {
        name: named
            .or(own_name)
            .unwrap_or_else(|| id.unwrap_or_default().to_owned()),
        capacity,
        assurance: requester.assurance.unwrap_or(Assurance::Low),
    })
}

/// One item with its labels, by the class that it has to itself.
struct Held {
    class: ClassId,
    resource: ResourceId,
    id: ItemId,
    label: LabelClass,
    facts: ItemFacts,
    lock: Option<Lock>,
}

impl Held {
    fn read(place: usize, item: &RecordItem, missing: &mut Missing) -> Option<Self> {
        let path = |field: &str| format!("record[{place}].{field}");
        let id = missing.need(item.id.clone(), &path("id"), "any name for the item");
        let holder = missing.need(
            item.holder.clone(),
            &path("holder"),
            "the agency that holds it",
        );
        let categories = (!item.categories.is_empty()).then(|| item.categories.clone());
        let categories = missing.need(
            categories,
            &path("categories"),
            "what it is about; `unsorted` if no rule could say",
        );
        let confidentiality = missing.need(
            item.confidentiality,
            &path("confidentiality"),
            "how closely it is held: `N` for ordinary information",
        );
        let (id, holder) = (id?, holder?);
        let resource = ResourceId(hashed("item", id.as_str()));
        let lock = item.locked.then(|| Lock {
            resource,
            holder: holder.clone(),
            team: item.locked_to_team.clone(),
            since: Timestamp(i64::MIN),
        });
        Some(Self {
            class: ClassId(i32::try_from(place).unwrap_or(i32::MAX).saturating_add(1)),
            resource,
            lock,
            facts: ItemFacts {
                written: item.written,
                codes: item.codes.clone(),
                related: item.related.clone(),
                third_parties: item.third_parties.clone(),
                in_confidence_from: item.in_confidence_from.clone(),
                privileged: item.privileged,
                crime_prejudice: item.crime_prejudice,
                originator: item.originator.clone(),
                sealed: item.sealed,
            },
            label: LabelClass {
                custodian: holder,
                author_role: item.author_role,
                confidentiality: confidentiality?,
                categories: categories?,
                sensitivities: item.sensitivities.clone(),
            },
            id,
        })
    }
}

/// What belongs with an item, the item belongs with: whichever of them says so.
fn related_both_ways(mut items: Vec<Held>) -> Vec<Held> {
    let pairs: Vec<(ItemId, ItemId)> = items
        .iter()
        .flat_map(|item| {
            let related = item.facts.related.iter();
            related.map(|other| (other.clone(), item.id.clone()))
        })
        .collect();
    for (of, related) in pairs {
        let with = items.iter_mut().filter(|item| item.id == of);
        with.for_each(|item| {
            item.facts.related.insert(related.clone());
        });
    }
    items
}

fn facts(document: &Document, person: &PersonField, id: &str, items: Vec<Held>) -> Facts {
    let (objections, consents) = objections(&document.objections);
    let locked = |held: &&Held| held.lock.is_some();
    Facts {
        person: person_of(id),
        joined: Vec::new(),
        homes: vec![(HomeId(hashed("home", id)), 1)],
        protected: person.protected,
        relationships: relationships(document),
        objections,
        bars: Vec::new(),
        locks: items.iter().filter_map(|held| held.lock.clone()).collect(),
        classes: items
            .iter()
            .map(|held| (held.class, held.label.clone()))
            .collect(),
        only_locked: items.iter().filter(locked).map(|held| held.class).collect(),
        named: items
            .iter()
            .map(|held| (held.resource, held.class))
            .collect(),
        cells: Vec::new(),
        circumstances: Circumstances {
            person: PersonFacts {
                born: person.born,
                died: person.died,
                identity: person.identity,
                capacity: person.capacity.clone(),
            },
            authorities: document.authorities.clone(),
            ties: document.ties.clone(),
            consents: document
                .consents
                .iter()
                .cloned()
                .map(|consent| Consent {
                    by: somebody_else(consent.by, person),
                    ..consent
                })
                .chain(consents)
                .collect(),
            // No decision turns on it.
            own_words: Vec::new(),
            wishes: document
                .wishes
                .iter()
                .cloned()
                .map(|wish| Wish {
                    by: somebody_else(wish.by, person),
                    ..wish
                })
                .collect(),
            orders: document.orders.clone(),
            bars: document.bars.clone(),
            delays: document.delays.clone(),
            staff_safety: Vec::new(),
            screened: Vec::new(),
            harm_opinions: document.harm_opinions.clone(),
            allegations: document.allegations.clone(),
            risks: document.risks.clone(),
            agreements: document.agreements.clone(),
            requirements: document.requirements.clone(),
            approvals: document.approvals.clone(),
            holder_decisions: document.holder_decisions.clone(),
            elsewhere: document.elsewhere.clone(),
            pauses: document.pauses.clone(),
            told: document.told.clone(),
            life_decisions: document.life_decisions.clone(),
            hearings: Vec::new(),
            invitations: Vec::new(),
            items: items
                .into_iter()
                .map(|held| (held.class, held.id, held.facts))
                .collect(),
        },
    }
}

fn relationships(document: &Document) -> Vec<Relationship> {
    let all = document.relationships.iter();
    all.map(|field| Relationship {
        kind: field.kind,
        organisation: field.organisation.clone(),
        team: field.team.clone(),
        worker: field.worker.clone(),
        since: field.since.0,
        until: field.until.map(|until| until.0),
        evidence: None,
    })
    .collect()
}

/// An objection in one dimension is one of ours; one that combines several is said as a consent
/// that refuses.
fn objections(fields: &[ObjectionField]) -> (Vec<Objection>, Vec<Consent>) {
    let mut objections = Vec::new();
    let mut consents = Vec::new();
    for (place, field) in fields.iter().enumerate() {
        match scopes(field) {
            Some(scopes) => objections.extend(scopes.into_iter().map(|scope| Objection {
                audience: field.audience.clone(),
                scope,
                purpose: field.purpose,
                since: field.since.0,
                until: field.until.map(|until| until.0),
                evidence: ResourceId(hashed("objection", &place.to_string())),
            })),
            None => consents.push(refusing(place, field)),
        }
    }
    (objections, consents)
}

fn scopes(field: &ObjectionField) -> Option<Vec<Scope>> {
    if field.not_understood {
        return Some(vec![Scope::NotUnderstood]);
    }
    let Reach {
        categories,
        sensitivities,
        at_least,
        items,
        written_from,
        written_before,
    } = &field.about;
    if written_from.is_some() || written_before.is_some() {
        return None;
    }
    let by_category = || categories.iter().copied().map(Scope::Category).collect();
    let by_sensitivity = || {
        sensitivities
            .iter()
            .copied()
            .map(Scope::Sensitivity)
            .collect()
    };
    let by_item = || {
        let id = |item: &ItemId| ResourceId(hashed("item", item.as_str()));
        items.iter().map(|item| Scope::Resource(id(item))).collect()
    };
    match (
        categories.is_empty(),
        sensitivities.is_empty(),
        at_least,
        items.is_empty(),
    ) {
        (true, true, None, true) => Some(vec![Scope::Everything]),
        (false, true, None, true) => Some(by_category()),
        (true, false, None, true) => Some(by_sensitivity()),
        (true, true, Some(least), true) => Some(vec![Scope::AtLeast(*least)]),
        (true, true, None, false) => Some(by_item()),
        _ => None,
    }
}

fn refusing(place: usize, field: &ObjectionField) -> Consent {
    let about = field.about.clone();
    Consent {
        id: ItemId::new(format!("objection-{place}")),
        status: ConsentStatus::Active,
        scope: ConsentScope::PatientPrivacy,
        given: domain::Moment(field.since.0),
        withdrawn: None,
        supersedes: None,
        by: None,
        provision: Provision {
            kind: ProvisionType::Deny,
            from: Some(field.since),
            until: field.until,
            actors: vec![field.audience.clone()],
            purposes: field.purpose.into_iter().collect(),
            confidentiality: about.at_least,
            sensitivities: about.sensitivities,
            categories: about.categories,
            codes: std::collections::BTreeSet::new(),
            items: about.items,
            authors: std::collections::BTreeSet::new(),
            written_from: about.written_from,
            written_before: about.written_before,
            not_understood: Vec::new(),
            provisions: Vec::new(),
        },
    }
}

fn person_of(id: &str) -> PersonId {
    PersonId(hashed("person", id))
}

/// Somebody who is not the person, even if the document gives both the same id.
fn somebody(id: &str) -> PersonId {
    PersonId(hashed("other", id))
}

/// The bytes by which a name in a document stands for an id.
fn hashed(what: &str, name: &str) -> [u8; 16] {
    let digest = Sha256::digest(format!("{what} {name}"));
    let mut bytes = [0; 16];
    for (byte, from) in bytes.iter_mut().zip(digest) {
        *byte = from;
    }
    bytes
}
