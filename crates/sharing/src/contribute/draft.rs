//! One change being put together: several resources may depend on each other before any is written.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use domain::{Fact, HomeId, LabelClass, OrganisationId, PersonId, ResourceId, Role, Timestamp};
use fhir::index::{Aspect, IndexKey, IndexValue};
use fhir::types::SubjectRef;
use fhir::{Document, Issue, IssueCode};
use policy::Internal;
use sha2::{Digest, Sha256};
use store::{Change, Expect, Located, NewEntry, NewFacts, NewVersion, Snapshot, Write};

use super::knowing::Decided;
use super::{custodian, derive, limits, person, resolve};
use crate::attempt::Attempt;
use crate::knowing::NoClass;
use crate::{Asking, Context, Error};

/// What is to be done with a resource.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    /// A new resource under an id of our making.
    Create,
    /// A new version under the id in the URL: one of ours, or the contributor's own.
    Update,
    /// The end of a resource.
    Delete,
}

/// A resource on its way in.
#[derive(Debug, Clone)]
pub struct Incoming<'a> {
    /// What is to be done.
    pub method: Method,
    /// The type in the URL.
    pub resource_type: &'a str,
    /// The id in the URL; none for a create.
    pub id: Option<&'a str>,
    /// The version that must be current (`If-Match`), unless what is sent is there already.
    pub if_match: Option<u32>,
    /// The bytes as received; empty for a delete.
    pub bytes: &'a [u8],
}

/// What became of a resource.
#[derive(Debug, Clone)]
pub struct Stored {
    /// Its type.
    pub resource_type: &'static str,
    /// Its id.
    pub id: ResourceId,
    /// Its version.
    pub version: u32,
    /// When that version was accepted.
    pub updated_at: Timestamp,
    /// What happened.
    pub outcome: Outcome,
    /// The bytes as they are served; empty if deleted.
    pub bytes: Vec<u8>,
    /// Its labels, for the labeller's report.
    pub class: LabelClass,
}

/// What happened to a resource.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// It is new.
    Created,
    /// It has a new version.
    Updated,
    /// It was there already, byte for byte: nothing changed.
    Unchanged,
    /// It is deleted.
    Deleted,
}

/// Where a resource of this change will be.
#[derive(Debug, Clone)]
pub(super) struct Placed {
    pub home: HomeId,
    pub subject: Option<ResourceId>,
    pub class: LabelClass,
}

/// A change being put together under one snapshot.
pub(super) struct Draft<'c> {
    pub cx: &'c Context,
    pub asking: &'c Asking,
    pub custodian: OrganisationId,
    pub snapshot: Box<dyn Snapshot>,
    pub now: Timestamp,
    /// Resources placed by this change, which the store does not know yet.
    pub placed: HashMap<(&'static str, ResourceId), Placed>,
    /// People that this change's Patients are linked to.
    pub people: HashMap<ResourceId, (PersonId, HomeId)>,
    /// Ids given to `urn:` references of the same bundle.
    pub urns: HashMap<String, (&'static str, ResourceId)>,
    /// The id reserved for the next create, because a bundle refers to it.
    pub reserved: Option<ResourceId>,
    /// Patients that this change brings, with what they can be found by.
    pub patients: Vec<(ResourceId, store::SubjectKeys)>,
    /// Resources by identifier, as far as this change looked them up or brings them.
    pub identified: HashMap<(&'static str, String, String), ResourceId>,
    /// Whether the agency itself speaks, rather than somebody who works there.
    pub for_agency: bool,
    /// What was decided about those met so far.
    pub(super) decided: HashMap<PersonId, Option<Arc<Decided>>>,
    /// Which Patients met so far the caller may know of.
    pub(super) known: HashMap<ResourceId, bool>,
    change: Change,
    /// What the change rests on: facts that must not have moved when it is written.
    rests_on: BTreeSet<(HomeId, u64)>,
    /// Whose records this change touches.
    pub touched: BTreeSet<PersonId>,
}

impl<'c> Draft<'c> {
    pub(super) async fn begin(cx: &'c Context, asking: &'c Asking) -> Result<Self, Attempt> {
        Ok(Self {
            cx,
            asking,
            custodian: custodian(asking),
            snapshot: cx.store.snapshot().await?,
            now: cx.now(),
            placed: HashMap::new(),
            people: HashMap::new(),
            urns: HashMap::new(),
            reserved: None,
            patients: Vec::new(),
            identified: HashMap::new(),
            for_agency: asking.caller.role() == Some(Role::System),
            decided: HashMap::new(),
            known: HashMap::new(),
            change: Change::default(),
            rests_on: BTreeSet::new(),
            touched: BTreeSet::new(),
        })
    }

    /// Adds one resource to the change. What is wrong with it leaves the change as it was.
    pub(super) async fn add(&mut self, incoming: &Incoming<'_>) -> Result<Stored, Error> {
        let (rows, told) = (self.change.writes.len(), self.change.entries.len());
        let added = match incoming.method {
            Method::Delete => self.delete(incoming).await,
            Method::Create | Method::Update => self.put(incoming).await,
        };
        if added.is_err() {
            self.change.writes.truncate(rows);
            self.change.entries.truncate(told);
        }
        added
    }

    /// The change holds only while this person's Patients, and what is known of them, are as they are.
    pub(super) async fn rest_on(&mut self, person: PersonId) -> Result<(), Error> {
        if let Some(facts) = self.snapshot.facts(person).await? {
            self.rests_on.extend(&facts.homes);
        }
        Ok(())
    }

    /// Writes the change. Two contributors of one resource race here, and one is told so.
    pub(super) async fn commit(self) -> Result<(), Attempt> {
        let mut decided = self.decided.values().flatten();
        let expect = Expect {
            token: Some(self.asking.token.clone()),
            worker: self.asking.caller.worker().cloned(),
            homes: self.rests_on.into_iter().collect(),
            policy: decided.next().map(|it| it.decision.policy_hash.clone()),
        };
        if self.change.writes.is_empty() {
            return Ok(());
        }
        drop(self.snapshot);
        self.cx.store.commit(self.change, expect).await?;
        Ok(())
    }

    async fn put(&mut self, incoming: &Incoming<'_>) -> Result<Stored, Error> {
        let document = fhir::parse(incoming.bytes, &limits()).map_err(Error::invalid)?;
        let resource_type = document.resource_type();
        if resource_type != incoming.resource_type {
            let details = "the resource is not of the type in the address";
            return Err(Error::invalid(
                Issue::error(IssueCode::Invalid, details).at("resourceType"),
            ));
        }
        self.may_write(resource_type, incoming)?;
        let id = self.id_for(incoming, resource_type);
        if incoming.method == Method::Update {
            self.same_id(&document, id)?;
        }
        let current = self.current(resource_type, id, incoming).await?;
        let hash: [u8; 32] = Sha256::digest(incoming.bytes).into();
        if let Some(current) = current
            .as_ref()
            .filter(|current| !current.deleted && current.original_hash == hash)
        {
            return self.unchanged(resource_type, id, current).await;
        }
        expected(incoming, current.as_ref())?;
        self.write(&document, id, current.as_ref(), hash).await
    }

    fn id_for(&mut self, incoming: &Incoming<'_>, resource_type: &'static str) -> ResourceId {
        match incoming.id {
            Some(text) => self.own_id(resource_type, text),
            None => match self.reserved.take() {
                Some(reserved) => reserved,
                None => self.new_id(incoming.bytes, 0),
            },
        }
    }

    /// An id for what is created. Under the caller's key for the request it is always the same, so
    /// that a retry finds what the first attempt made.
    pub(super) fn new_id(&self, bytes: &[u8], place: usize) -> ResourceId {
        match &self.asking.idempotency {
            Some(key) => self.cx.ids.of_request(key, place, bytes),
            None => self.cx.ids.fresh(self.cx.chance.as_ref()),
        }
    }

    /// The id in the resource must mean what the id in the address means
    /// (<https://hl7.org/fhir/R4/http.html#update>).
    fn same_id(&self, document: &Document<'_>, id: ResourceId) -> Result<(), Error> {
        let details = match document.id() {
            Some(text) if self.own_id(document.resource_type(), text) == id => return Ok(()),
            Some(_) => "the id of the resource is not the one in the address",
            None => "the resource needs the id that is in the address",
        };
        Err(Error::invalid(
            Issue::error(IssueCode::Invalid, details).at("id"),
        ))
    }

    /// The id that this contributor means: one of ours, or its own.
    pub(super) fn own_id(&self, resource_type: &str, text: &str) -> ResourceId {
        self.cx
            .ids
            .ours(text)
            .unwrap_or_else(|| self.cx.ids.of_alias(&self.custodian, resource_type, text))
    }

    /// The current version, which must be this contributor's. Somebody else's resource is answered
    /// as one that is not there, and so is one of which the caller may not know.
    async fn current(
        &mut self,
        resource_type: &'static str,
        id: ResourceId,
        incoming: &Incoming<'_>,
    ) -> Result<Option<Located>, Error> {
        if self.placed.contains_key(&(resource_type, id)) {
            let details = "the same resource stands twice in one change";
            return Err(Error::invalid(Issue::error(IssueCode::Duplicate, details)));
        }
        let Some(current) = self.snapshot.locate(resource_type, &id).await? else {
            let id_of_ours = incoming.id.and_then(|text| self.cx.ids.ours(text));
            return match id_of_ours {
                Some(_) => Err(Error::NotFound),
                None => Ok(None),
            };
        };
        let own = current.custodian == self.custodian;
        if own && self.knows(id, &current).await? {
            Ok(Some(current))
        } else {
            Err(Error::NotFound)
        }
    }

    /// What is there already, answered to whoever would have created it.
    pub(super) async fn existing(
        &mut self,
        resource_type: &'static str,
        id: ResourceId,
    ) -> Result<Stored, Error> {
        let located = self.snapshot.locate(resource_type, &id).await?;
        let located = located.ok_or(Error::NotFound)?;
        let mut stored = self.unchanged(resource_type, id, &located).await?;
        // It may have changed since this caller sent it.
        stored.bytes = Vec::new();
        Ok(stored)
    }

    /// The same bytes again change nothing and say so.
    async fn unchanged(
        &mut self,
        resource_type: &'static str,
        id: ResourceId,
        current: &Located,
    ) -> Result<Stored, Error> {
        let resource = self
            .snapshot
            .internal_read(Internal::Deriving, resource_type, &id)
            .await?
            .ok_or(Error::NotFound)?;
        let class = self.class_of(current).await?;
        let placed = Placed {
            home: current.home,
            subject: current.subject,
            class: class.clone(),
        };
        self.placed.insert((resource_type, id), placed);
        Ok(Stored {
            resource_type,
            id,
            version: current.version,
            updated_at: resource.updated_at,
            outcome: Outcome::Unchanged,
            bytes: resource.bytes,
            class,
        })
    }

    async fn write(
        &mut self,
        document: &Document<'_>,
        id: ResourceId,
        current: Option<&Located>,
        original_hash: [u8; 32],
    ) -> Result<Stored, Error> {
        let resource_type = document.resource_type();
        let resolved = resolve::references(self, document).await?;
        let staged = resolved.applied(document);
        let staged = fhir::parse(&staged, &limits()).map_err(Error::invalid)?;
        let subject = fhir::types::subject(&staged).map_err(Error::invalid)?;
        let issues = fhir::validate::errors(&staged);
        if !issues.is_empty() {
            return Err(Error::Invalid(issues));
        }
        let place = self.place(&staged, subject, id).await?;
        self.may_contribute_to(&place, resource_type).await?;
        same_subject(current, &place)?;

        let class = self.label(&staged, &place).await?;
        let version = current.map_or(0, |current| current.version) + 1;
        let stamp = fhir::splice::Stamp {
            id: &id.to_string(),
            version,
            last_updated: &self.now.to_string(),
            security: &security_labels(&class),
        };
        let edits = fhir::splice::stamp(document, &stamp, &resolved.edits);
        let bytes = edits.apply(document.bytes());
        let served = fhir::parse(&bytes, &limits()).map_err(Error::invalid)?;

        derive::facts(self, &served, id, &place).await?;
        let index = fhir::index::index(&served);
        self.remember_identifiers(resource_type, id, &index);
        self.write_row(Write::Version(Box::new(NewVersion {
            home: place.home,
            id,
            resource_type,
            version,
            replaces: version - 1,
            custodian: self.custodian.clone(),
            subject: place.subject,
            class: class.clone(),
            updated_at: self.now,
            occurred_at: fhir::index::occurred(&served).map(Timestamp),
            undo: edits.inverse(document.bytes()).encode(),
            original_hash,
            index,
            mentions: resolved.others(place.subject),
            deleted: false,
            bytes: bytes.clone(),
        })));
        let placed = Placed {
            home: place.home,
            subject: place.subject,
            class: class.clone(),
        };
        self.placed.insert((resource_type, id), placed);
        Ok(Stored {
            resource_type,
            id,
            version,
            updated_at: self.now,
            // What was deleted and comes back is created anew.
            outcome: match current {
                Some(current) if !current.deleted => Outcome::Updated,
                _ => Outcome::Created,
            },
            bytes,
            class,
        })
    }

    async fn delete(&mut self, incoming: &Incoming<'_>) -> Result<Stored, Error> {
        let (Some(text), Some(facts)) = (incoming.id, fhir::types::of(incoming.resource_type))
        else {
            return Err(Error::NotFound);
        };
        let resource_type = facts.name;
        if resource_type == "Patient" {
            let details = "a Patient is not deleted, because a record hangs on it: mark it inactive, or ask for a purge";
            return Err(Error::invalid(Issue::error(
                IssueCode::BusinessRule,
                details,
            )));
        }
        self.may_write(resource_type, incoming)?;
        let id = self.own_id(resource_type, text);
        let Some(current) = self.current(resource_type, id, incoming).await? else {
            return Err(Error::NotFound);
        };
        let class = self.class_of(&current).await?;
        let mut stored = Stored {
            resource_type,
            id,
            version: current.version,
            updated_at: self.now,
            outcome: Outcome::Deleted,
            bytes: Vec::new(),
            class: class.clone(),
        };
        if current.deleted {
            return Ok(stored);
        }
        expected(incoming, Some(&current))?;
        stored.version += 1;
        self.change.writes.push(Write::Evidenced {
            home: current.home,
            evidence: id,
            relationships: Vec::new(),
            objections: Vec::new(),
        });
        if let Some(subject) = current.subject {
            self.say(subject, id, Vec::new());
        }
        self.change.writes.push(Write::Version(Box::new(NewVersion {
            home: current.home,
            id,
            resource_type,
            version: stored.version,
            replaces: current.version,
            custodian: current.custodian,
            subject: current.subject,
            class,
            updated_at: self.now,
            occurred_at: None,
            bytes: Vec::new(),
            undo: Vec::new(),
            original_hash: [0; 32],
            index: Vec::new(),
            mentions: Vec::new(),
            deleted: true,
        })));
        Ok(stored)
    }

    /// Later resources of the same change may refer to this one by its identifiers.
    fn remember_identifiers(
        &mut self,
        resource_type: &'static str,
        id: ResourceId,
        index: &[IndexValue],
    ) {
        for value in index {
            let is_identifier = matches!(value.path, "identifier" | "masterIdentifier")
                && value.aspect == Aspect::Value;
            if let (true, IndexKey::Token { system, code }) = (is_identifier, &value.key) {
                self.identified
                    .insert((resource_type, system.clone(), code.clone()), id);
            }
        }
    }

    /// Where a resource goes: with the person it is about, or into the directory.
    async fn place(
        &mut self,
        document: &Document<'_>,
        subject: SubjectRef<'_>,
        id: ResourceId,
    ) -> Result<Place, Error> {
        let subject = match subject {
            SubjectRef::Directory | SubjectRef::Definition => return Ok(Place::directory()),
            SubjectRef::Itself => return person::place(self, document, id).await,
            SubjectRef::Person(reference) => resolve::literal(self, &reference).map(|(_, id)| id),
            SubjectRef::Identified { system, value, .. } => {
                resolve::by_identifier(self, "Patient", &system, &value).await?
            }
            SubjectRef::Through(reference) => match resolve::literal(self, &reference) {
                Some((resource_type, id)) => self.subject_of(resource_type, id).await?,
                None => None,
            },
        };
        let unknown = || Error::invalid(unknown_subject(document.resource_type()));
        let subject = subject.ok_or_else(unknown)?;
        let (person, home) = self.person_of(subject).await?.ok_or_else(unknown)?;
        Ok(Place {
            home,
            subject: Some(subject),
            person: Some(person),
        })
    }

    pub(super) async fn person_of(
        &mut self,
        subject: ResourceId,
    ) -> Result<Option<(PersonId, HomeId)>, Error> {
        if let Some(placed) = self.people.get(&subject) {
            return Ok(Some(*placed));
        }
        let Some(located) = self.snapshot.locate("Patient", &subject).await? else {
            return Ok(None);
        };
        let person = self.snapshot.person_of(&subject).await?;
        Ok(person.map(|person| (person, located.home)))
    }

    async fn subject_of(
        &mut self,
        resource_type: &'static str,
        id: ResourceId,
    ) -> Result<Option<ResourceId>, Error> {
        if let Some(placed) = self.placed.get(&(resource_type, id)) {
            return Ok(placed.subject);
        }
        match self.snapshot.locate(resource_type, &id).await? {
            Some(located) if self.knows(id, &located).await? => Ok(located.subject),
            _ => Ok(None),
        }
    }

    async fn label(&mut self, document: &Document<'_>, place: &Place) -> Result<LabelClass, Error> {
        let evidence = fhir::evidence::evidence(document);
        let encounter = match fhir::evidence::encounter(document)
            .as_deref()
            .and_then(|text| text.strip_prefix("Encounter/"))
        {
            Some(id) => {
                self.class_at("Encounter", self.own_id("Encounter", id), place)
                    .await?
            }
            None => None,
        };
        Ok(self.cx.labeller.label(
            &evidence,
            &self.custodian,
            self.asking.caller.role(),
            encounter.as_ref(),
        ))
    }

    /// The labels of a resource of the same home, whose notes must be held as closely. One of which
    /// the caller may not know leaves no trace on what they write.
    async fn class_at(
        &mut self,
        resource_type: &'static str,
        id: ResourceId,
        place: &Place,
    ) -> Result<Option<LabelClass>, Error> {
        if let Some(placed) = self.placed.get(&(resource_type, id)) {
            return Ok((placed.home == place.home).then(|| placed.class.clone()));
        }
        match self.snapshot.locate(resource_type, &id).await? {
            Some(located) if located.home == place.home && self.knows(id, &located).await? => {
                Ok(Some(self.class_of(&located).await?))
            }
            _ => Ok(None),
        }
    }

    async fn class_of(&mut self, located: &Located) -> Result<LabelClass, Error> {
        self.snapshot
            .class(located.class)
            .await?
            .ok_or_else(|| Error::Unavailable(Box::new(NoClass)))
    }

    /// Says of a person what a resource proves, in the place of what it proved before.
    pub(super) fn say(&mut self, subject: ResourceId, evidence: ResourceId, facts: Vec<Fact>) {
        let worker = self.asking.caller.worker();
        self.write_row(Write::Facts(NewFacts {
            subject,
            evidence,
            organisation: self.custodian.clone(),
            said_by: worker.map_or_else(String::new, ToString::to_string),
            said_at: self.now,
            facts,
        }));
    }

    /// Adds rows that go with a resource.
    pub(super) fn write_row(&mut self, write: Write) {
        self.change.writes.push(write);
    }

    /// Adds lines to the accounts of those whom a resource concerns.
    pub(super) fn tell(&mut self, entries: Vec<NewEntry>) {
        self.change.entries.extend(entries);
    }
}

/// Where a resource goes.
#[derive(Debug, Clone)]
pub(super) struct Place {
    pub home: HomeId,
    pub subject: Option<ResourceId>,
    pub person: Option<PersonId>,
}

impl Place {
    fn directory() -> Self {
        Self {
            home: HomeId::DIRECTORY,
            subject: None,
            person: None,
        }
    }
}

/// The version that the caller expects must be the current one.
fn expected(incoming: &Incoming<'_>, current: Option<&Located>) -> Result<(), Error> {
    let version = current.map_or(0, |current| current.version);
    match incoming.if_match {
        Some(expected) if expected != version => Err(Error::PreconditionFailed),
        _ => Ok(()),
    }
}

/// A resource cannot be moved to another person by an update: that is a misfiling, which the
/// people concerned are told about.
fn same_subject(current: Option<&Located>, place: &Place) -> Result<(), Error> {
    match current {
        Some(current) if current.subject != place.subject => {
            let details = "an update cannot move a resource to another person: delete it and write it anew, or ask for a move";
            Err(Error::invalid(Issue::error(
                IssueCode::BusinessRule,
                details,
            )))
        }
        _ => Ok(()),
    }
}

/// Nobody whom the caller may know of is the one that a resource of this type says it is about.
pub(super) fn unknown_subject(resource_type: &str) -> Issue {
    let details = "the Patient that this is about is not known here: send the Patient first, or refer to it by the id it has here";
    Issue::error(IssueCode::NotFound, details).at(fhir::types::subject_element(resource_type))
}

/// The labels as FHIR security labels.
fn security_labels(class: &LabelClass) -> Vec<(&'static str, &'static str)> {
    const CONFIDENTIALITY: &str = "http://terminology.hl7.org/CodeSystem/v3-Confidentiality";
    const SENSITIVITY: &str = "http://terminology.hl7.org/CodeSystem/v3-ActCode";
    let sensitivities = class
        .sensitivities
        .iter()
        .map(|sensitivity| (SENSITIVITY, sensitivity.code()));
    std::iter::once((CONFIDENTIALITY, class.confidentiality.code()))
        .chain(sensitivities)
        .collect()
}
