//! What a contributed Consent says: an objection where it is a plain no, and otherwise a consent with
//! its provisions, as decisions read it.

use std::collections::BTreeSet;

use domain::{
    Audience, Category, Confidentiality, Evidence, Fact, ItemId, Objection, OrganisationId,
    PartyId, Purpose, ResourceId, Scope, Sensitivity, TeamId, Timestamp,
};
use fhir::Document;
use fhir::consent::{Consent, Known, Provision, Rule, Who, normal};
use fhir::events::Named;
use store::Directory;

use super::derive::{self, TEAM_SYSTEM};
use super::draft::Draft;
use crate::Error;

/// The system of the ids by which people have accounts here, for those who are named in consents.
pub const PERSON_SYSTEM: &str = "https://candour.example/fhir/id/person";

/// What a Consent proves.
#[derive(Default)]
pub(super) struct Said {
    pub objections: Vec<Objection>,
    pub facts: Vec<Fact>,
}

/// Reads a Consent about who is told what; any other says nothing here.
pub(super) fn said(
    draft: &Draft<'_>,
    directory: &Directory,
    document: &Document<'_>,
    subject: ResourceId,
    evidence: ResourceId,
) -> Result<Said, Error> {
    let consent = fhir::consent::read(document).map_err(Error::invalid)?;
    let keeper = Keeper {
        draft,
        directory,
        subject,
    };
    if let Some(mut objections) = keeper.plain_no(&consent, evidence) {
        objections.sort();
        objections.dedup();
        return Ok(Said {
            objections,
            facts: Vec::new(),
        });
    }
    let consents = normal(&consent, &evidence.to_string(), &keeper);
    Ok(Said {
        objections: Vec::new(),
        facts: consents
            .into_iter()
            .map(Box::new)
            .map(Fact::Consent)
            .collect(),
    })
}

/// Who and what the references and codes of a Consent stand for.
struct Keeper<'k, 'd> {
    draft: &'k Draft<'d>,
    directory: &'k Directory,
    subject: ResourceId,
}

impl Known for Keeper<'_, '_> {
    fn audience(&self, actor: &Who) -> Option<Audience> {
        if let Some((system, value)) = &actor.identifier {
            if system == PERSON_SYSTEM {
                return Some(Audience::Party(PartyId::new(value.clone())));
            }
            if system == TEAM_SYSTEM {
                let team = self.directory.teams.get(&TeamId::new(value.clone()))?;
                return Some(Audience::Team(team.id.clone()));
            }
        }
        named(actor).into_iter().find_map(|named| {
            let agency = derive::organisation(self.draft, self.directory, &named);
            let worker = || derive::worker(self.draft, self.directory, &named);
            agency
                .map(Audience::Organisation)
                .or_else(|| worker().map(Audience::Worker))
        })
    }

    fn author(&self, reference: &str) -> Option<OrganisationId> {
        let named = Named::Reference(reference.to_owned());
        derive::organisation(self.draft, self.directory, &named)
    }

    /// The person is named by the Patient that the Consent is about; others by their accounts.
    fn giver(&self, performer: &Who) -> Option<Option<PartyId>> {
        if let Some((system, value)) = &performer.identifier
            && system == PERSON_SYSTEM
        {
            return Some(Some(PartyId::new(value.clone())));
        }
        let patient = performer.reference.as_deref()?.strip_prefix("Patient/")?;
        (self.draft.own_id("Patient", patient) == self.subject).then_some(None)
    }

    /// What is related to an item changes as the record grows: a person reads such a rule.
    fn item(&self, meaning: &str, reference: &str) -> Option<ItemId> {
        let (resource_type, id) = reference.split_once('/')?;
        (meaning == "instance")
            .then(|| ItemId::new(self.draft.own_id(resource_type, id).to_string()))
    }

    /// A category, or all that a resource type is about.
    fn class(&self, code: &str) -> Option<BTreeSet<Category>> {
        if let Some(category) = Category::from_code(code) {
            return Some(BTreeSet::from([category]));
        }
        fhir::types::of(code)?;
        let anything = Evidence {
            resource_type: code.to_owned(),
            ..Evidence::default()
        };
        let labeller = &self.draft.cx.labeller;
        let label = labeller.label(&anything, &self.draft.custodian, None, None);
        Some(label.categories)
    }
}

impl Keeper<'_, '_> {
    /// The objections that a Consent comes to if it is a plain no of the person's own: refusals without
    /// exceptions, each about one sort of thing, in which everything is understood.
    fn plain_no(&self, consent: &Consent, evidence: ResourceId) -> Option<Vec<Objection>> {
        if !consent.is_active || !consent.is_about_privacy {
            return None;
        }
        let own = |performer| self.giver(performer) == Some(None);
        let base = consent.provision.as_ref()?;
        let frames = base.only_adds_exceptions();
        let refusals = match frames {
            true => base.exceptions.iter().collect(),
            false => vec![base],
        };
        let given = consent.given_at;
        let each = refusals
            .into_iter()
            .map(|it| self.refusal(it, given, evidence));
        let all: Option<Vec<_>> = each.collect();
        let all = all.filter(|_| consent.performers.iter().all(own))?;
        Some(all.into_iter().flatten().collect())
    }

    fn refusal(
        &self,
        provision: &Provision,
        given: Option<Timestamp>,
        evidence: ResourceId,
    ) -> Option<Vec<Objection>> {
        let plain = provision.rule == Some(Rule::Deny)
            && provision.exceptions.is_empty()
            && !provision.not_understood;
        if !plain {
            return None;
        }
        let actors = provision.actors.iter();
        let mut audiences: Vec<Audience> = actors
            .map(|it| self.audience(&it.who))
            .collect::<Option<_>>()?;
        if audiences.is_empty() {
            audiences.push(Audience::Everyone);
        }
        let purposes = provision.purposes.iter().map(|code| code.parse().ok());
        let mut purposes: Vec<Option<Purpose>> = purposes
            .map(|purpose: Option<Purpose>| purpose.map(Some))
            .collect::<Option<_>>()?;
        if purposes.is_empty() {
            purposes.push(None);
        }
        let mut found = Vec::new();
        for scope in self.scopes(provision)? {
            for audience in &audiences {
                for purpose in &purposes {
                    found.push(Objection {
                        audience: audience.clone(),
                        scope: scope.clone(),
                        purpose: *purpose,
                        since: provision.since.or(given).unwrap_or(Timestamp(i64::MIN)),
                        until: provision.until,
                        evidence,
                    });
                }
            }
        }
        Some(found)
    }

    /// What a plain refusal covers; `None` if it says so by more than one kind of condition.
    fn scopes(&self, provision: &Provision) -> Option<Vec<Scope>> {
        let (labels, classes, data) = (&provision.labels, &provision.classes, &provision.meant);
        match (labels.is_empty(), classes.is_empty(), data.is_empty()) {
            (true, true, true) => Some(vec![Scope::Everything]),
            (false, true, true) => labels.iter().map(|code| label(code)).collect(),
            (true, false, true) => {
                let categories = classes.iter().map(|code| self.class(code));
                let categories: Option<Vec<_>> = categories.collect();
                let categories = categories?.into_iter().flatten();
                Some(categories.map(Scope::Category).collect())
            }
            (true, true, false) => data.iter().map(|(_, it)| self.resource(it)).collect(),
            _ => None,
        }
    }

    fn resource(&self, reference: &str) -> Option<Scope> {
        let (resource_type, id) = reference.split_once('/')?;
        Some(Scope::Resource(self.draft.own_id(resource_type, id)))
    }
}

/// By what somebody is named, the identifier first.
fn named(who: &Who) -> Vec<Named> {
    let identifier = who.identifier.clone();
    let identifier = identifier.map(|(system, value)| Named::Identifier(system, value));
    let reference = who.reference.clone().map(Named::Reference);
    identifier.into_iter().chain(reference).collect()
}

fn label(code: &str) -> Option<Scope> {
    let level = Confidentiality::from_code(code).map(Scope::AtLeast);
    level.or_else(|| Sensitivity::from_code(code).map(Scope::Sensitivity))
}
