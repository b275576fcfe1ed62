//! Stores that read past their mask, each in one way: what the twin worlds must catch.

use std::collections::BTreeSet;
use std::sync::Arc;

use async_trait::async_trait;
use domain::message::{Kind, Message};
use domain::{
    Assurance, Caller, Capacity, ClassId, Confidentiality, HomeId, LabelClass, OrganisationId,
    PersonId, Purpose, ResourceId, Timestamp, TokenId, WorkerId,
};
use fhir::search::{Filter, Query};
use ledger::{Hash, Head, LogPublicKey, ViewId};
use policy::{Addressed, DigestedFacts, Facts, Internal, Parties, Permit, Request};
use store::{
    ByItself, Change, Claimed, Committed, Cursor, Directory, DueHeld, Error, Expect, FindKeys,
    Found, HeldEntry, HistoryAsk, KeptBack, Linked, Listed, Located, NewStatement, Notice,
    NoticeAddress, Page, PageRequest, Patients, Place, Progress, Review, Snapshot, Store,
    StoredEntry, StoredEpoch, StoredFacts, StoredInvitation, StoredPatient, StoredResource,
    StoredStatement, Subject, Untold, Verified, Within,
};

use crate::premises::POLICIES;

/// In what way a store is broken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// A read is not limited to the mask.
    Read,
    /// A read of an earlier version is not.
    ReadVersion,
    /// A search is not.
    Search,
    /// A search is, but its total is not.
    Total,
    /// A search is, but whether there is another page is not.
    NextPage,
    /// What a chain leads to is not.
    Chain,
    /// What refers to a resource, by a reverse chain, is not.
    Reverse,
    /// What an answer is given with is not.
    Included,
    /// What refers to an answer is not.
    Referring,
    /// What is included for what was itself included is not.
    Iterated,
    /// The versions of a type are not.
    History,
    /// Everything is not limited to the mask.
    Everything,
    /// Everything is, but its total is not.
    EverythingTotal,
    /// What happened, in order of time, is not.
    Chronology,
    /// Whoever is found is taken for somebody whom anyone may know of.
    Find,
    /// Where something is, is told with somebody else's labels.
    Locate,
    /// Labels are told as if all were ordinary.
    Labels,
    /// Single resources are not held back.
    Singles,
    /// Classes are told of, although all that carries them is locked.
    EmptiedClasses,
    /// What proves that somebody is involved is not told.
    Evidence,
    /// A decision rests on labels that all say ordinary.
    Classes,
}

/// A store that is broken.
pub fn broken(inner: Arc<dyn Store>, fault: Fault) -> Arc<dyn Store> {
    Arc::new(Broken { inner, fault })
}

struct Broken {
    inner: Arc<dyn Store>,
    fault: Fault,
}

struct BrokenSnapshot {
    inner: Box<dyn Snapshot>,
    fault: Fault,
    /// Who was found under this snapshot.
    found: BTreeSet<PersonId>,
}

impl BrokenSnapshot {
    /// The permit under which the person themself would read: all of it.
    async fn widened(&mut self, permit: &Permit) -> Result<Permit, Error> {
        let person = permit.person();
        let facts = self.inner.facts(person).await?.expect("a permit's person");
        let request = Request {
            caller: Caller {
                name: String::new(),
                capacity: Capacity::Person(person),
                assurance: Assurance::Substantial,
            },
            person,
            purpose: Purpose::PersonRequest,
            reason: None,
            asks: policy::Asks::default(),
        };
        let decision = policy::decide(&request, &facts, &POLICIES, Timestamp(i64::MAX));
        Ok(decision.permit.expect("one's own record opens"))
    }

    fn is(&self, fault: Fault) -> bool {
        self.fault == fault
    }

    /// A search whose rows are limited to the mask, and what they are joined to is not.
    async fn joined_past(
        &mut self,
        permit: &Permit,
        query: &Query,
        page: &PageRequest,
    ) -> Result<Page, Error> {
        let whole = PageRequest {
            limit: 1000,
            after: None,
            with_total: false,
        };
        let types: Vec<&'static str> = query.of.iter().map(|of| of.rtype).collect();
        let any = Query::about(&types);
        let open = self.inner.search(permit, &any, &whole).await?;
        let open: BTreeSet<i64> = open.resources.iter().map(|one| one.row.0).collect();
        let all = self.widened(permit).await?;
        let mut told = self.inner.search(&all, query, &whole).await?;
        told.resources.retain(|one| open.contains(&one.row.0));
        let total = u64::try_from(told.resources.len()).ok();
        told.total = total.filter(|_| page.with_total);
        told.resources.truncate(page.limit as usize);
        told.next = None;
        Ok(told)
    }

    /// Whether the fault is in what this query joins to its rows.
    fn joins(&self, query: &Query) -> bool {
        match self.fault {
            Fault::Chain => query
                .filters()
                .any(|one| has(one, &|it| matches!(it, Filter::Chain { .. }))),
            Fault::Reverse => query
                .filters()
                .any(|one| has(one, &|it| matches!(it, Filter::Has { .. }))),
            _ => false,
        }
    }

    /// Whether the fault is in what goes with this query's answer.
    fn includes(&self, query: &Query) -> bool {
        let iterates = query.includes.iter().any(|one| one.iterate);
        let reverses = query.includes.iter().any(|one| one.reverse);
        match self.fault {
            Fault::Included => !query.includes.is_empty() && !iterates && !reverses,
            Fault::Referring => reverses && !iterates,
            Fault::Iterated => iterates,
            _ => false,
        }
    }
}

/// Whether a condition is, or has within it, one of a kind.
fn has(filter: &Filter, is: &dyn Fn(&Filter) -> bool) -> bool {
    is(filter)
        || match filter {
            Filter::Chain { any_of, .. } => any_of.iter().any(|(_, inner)| has(inner, is)),
            Filter::Has { filter, .. } => has(filter, is),
            _ => false,
        }
}

#[async_trait]
impl Store for Broken {
    async fn snapshot(&self) -> Result<Box<dyn Snapshot>, Error> {
        Ok(Box::new(BrokenSnapshot {
            inner: self.inner.snapshot().await?,
            fault: self.fault,
            found: BTreeSet::new(),
        }))
    }

    async fn commit(&self, change: Change, expect: Expect) -> Result<Committed, Error> {
        self.inner.commit(change, expect).await
    }

    async fn sequence(&self) -> Result<u64, Error> {
        self.inner.sequence().await
    }

    async fn checkpoint(&self) -> Result<Option<String>, Error> {
        self.inner.checkpoint().await
    }

    async fn add_epoch(&self, epoch: ledger::Epoch) -> Result<u64, Error> {
        self.inner.add_epoch(epoch).await
    }

    async fn state(&self, new: NewStatement) -> Result<u64, Error> {
        self.inner.state(new).await
    }

    async fn hand_on(&self) -> Result<u64, Error> {
        self.inner.hand_on().await
    }

    fn log_key(&self) -> LogPublicKey {
        self.inner.log_key()
    }

    async fn keep_cosigned(&self, note: String) -> Result<(), Error> {
        self.inner.keep_cosigned(note).await
    }

    async fn cosigned(&self) -> Result<Option<String>, Error> {
        self.inner.cosigned().await
    }

    async fn verify_ledger(&self, progress: Progress<'_>) -> Result<Verified, Error> {
        self.inner.verify_ledger(progress).await
    }

    async fn tile(&self, path: &str) -> Result<Option<Vec<u8>>, Error> {
        self.inner.tile(path).await
    }

    async fn check(&self) -> Result<(), Error> {
        self.inner.check().await
    }

    async fn verify_all(&self) -> Result<Verified, Error> {
        self.inner.verify_all().await
    }
}

#[async_trait]
impl Snapshot for BrokenSnapshot {
    async fn directory(&mut self) -> Result<Arc<Directory>, Error> {
        self.inner.directory().await
    }

    async fn locate(&mut self, rtype: &str, id: &ResourceId) -> Result<Option<Located>, Error> {
        let mut located = self.inner.locate(rtype, id).await?;
        if let Some(located) = located.as_mut().filter(|_| self.fault == Fault::Locate) {
            located.class = ClassId(1);
        }
        Ok(located)
    }

    async fn person_of(&mut self, subject: &ResourceId) -> Result<Option<PersonId>, Error> {
        self.inner.person_of(subject).await
    }

    async fn by_itself(&mut self, person: PersonId) -> Result<Option<ByItself>, Error> {
        self.inner.by_itself(person).await
    }

    async fn subjects(&mut self, person: PersonId) -> Result<Vec<Subject>, Error> {
        self.inner.subjects(person).await
    }

    async fn facts(&mut self, person: PersonId) -> Result<Option<Arc<DigestedFacts>>, Error> {
        let Some(facts) = self.inner.facts(person).await? else {
            return Ok(None);
        };
        let mut told = Facts::clone(&facts);
        match self.fault {
            Fault::Find if self.found.contains(&person) => {
                told.protected = false;
                told.bars.clear();
            }
            Fault::Singles => {
                told.locks.clear();
                told.only_locked.clear();
            }
            Fault::EmptiedClasses => told.only_locked.clear(),
            Fault::Classes => {
                for (_, label) in &mut told.classes {
                    label.confidentiality = Confidentiality::Normal;
                    label.sensitivities.clear();
                }
            }
            Fault::Evidence => {
                for relationship in &mut told.relationships {
                    relationship.evidence = None;
                }
            }
            _ => return Ok(Some(facts)),
        }
        Ok(Some(Arc::new(told.digested())))
    }

    async fn said(&mut self, evidence: &ResourceId) -> Result<Option<StoredFacts>, Error> {
        self.inner.said(evidence).await
    }

    async fn invitation(&mut self, id: &ResourceId) -> Result<Option<StoredInvitation>, Error> {
        self.inner.invitation(id).await
    }

    async fn notice_address(&mut self, person: PersonId) -> Result<Option<NoticeAddress>, Error> {
        self.inner.notice_address(person).await
    }

    async fn due_notices(&mut self, now: Timestamp, limit: u32) -> Result<Vec<Notice>, Error> {
        self.inner.due_notices(now, limit).await
    }

    async fn invitation_at(&mut self, link: &[u8; 32]) -> Result<Option<StoredInvitation>, Error> {
        self.inner.invitation_at(link).await
    }

    async fn holder(
        &mut self,
        person: PersonId,
        id: &ResourceId,
    ) -> Result<Option<OrganisationId>, Error> {
        self.inner.holder(person, id).await
    }

    async fn class(&mut self, class: ClassId) -> Result<Option<LabelClass>, Error> {
        let mut label = self.inner.class(class).await?;
        let has_found = self.is(Fault::Find) && !self.found.is_empty();
        if let Some(label) = label.as_mut()
            && (self.fault == Fault::Labels || has_found)
        {
            label.confidentiality = Confidentiality::Normal;
        }
        Ok(label)
    }

    async fn acted_for(&mut self, holder: PersonId) -> Result<Vec<PersonId>, Error> {
        self.inner.acted_for(holder).await
    }

    async fn policy_in_force(&mut self) -> Result<Option<String>, Error> {
        self.inner.policy_in_force().await
    }

    async fn is_revoked(&mut self, token: &TokenId) -> Result<bool, Error> {
        self.inner.is_revoked(token).await
    }

    async fn home_key(&mut self, home: HomeId) -> Result<Option<Vec<u8>>, Error> {
        self.inner.home_key(home).await
    }

    async fn organisation_home(
        &mut self,
        organisation: &OrganisationId,
    ) -> Result<Option<HomeId>, Error> {
        self.inner.organisation_home(organisation).await
    }

    async fn decision_facts(
        &mut self,
        home: HomeId,
        digest: &[u8; 32],
    ) -> Result<Option<Vec<u8>>, Error> {
        self.inner.decision_facts(home, digest).await
    }

    async fn read(
        &mut self,
        permit: &Permit,
        rtype: &str,
        id: &ResourceId,
    ) -> Result<Option<StoredResource>, Error> {
        if self.is(Fault::Read) {
            let permit = self.widened(permit).await?;
            return self.inner.read(&permit, rtype, id).await;
        }
        self.inner.read(permit, rtype, id).await
    }

    async fn read_version(
        &mut self,
        permit: &Permit,
        rtype: &str,
        id: &ResourceId,
        version: u32,
    ) -> Result<Option<StoredResource>, Error> {
        if self.is(Fault::ReadVersion) {
            let permit = self.widened(permit).await?;
            return self.inner.read_version(&permit, rtype, id, version).await;
        }
        self.inner.read_version(permit, rtype, id, version).await
    }

    async fn original(
        &mut self,
        permit: &Permit,
        rtype: &str,
        id: &ResourceId,
    ) -> Result<Option<Vec<u8>>, Error> {
        self.inner.original(permit, rtype, id).await
    }

    async fn search(
        &mut self,
        permit: &Permit,
        query: &Query,
        page: &PageRequest,
    ) -> Result<Page, Error> {
        if self.joins(query) {
            return self.joined_past(permit, query, page).await;
        }
        let mut told = self.inner.search(permit, query, page).await?;
        let all = self.widened(permit).await?;
        let all = self.inner.search(&all, query, page).await?;
        if self.includes(query) {
            told.included = all.included;
            return Ok(told);
        }
        match self.fault {
            Fault::Search => return Ok(all),
            Fault::Total => told.total = all.total,
            Fault::NextPage if all.resources.len() > told.resources.len() => {
                let last = told.resources.last();
                let end = last.map(|last| last.row.0);
                told.next = told.next.or(end.map(|row| Cursor::at(row, row)));
            }
            _ => {}
        }
        Ok(told)
    }

    async fn history(
        &mut self,
        permit: &Permit,
        ask: &HistoryAsk<'_>,
        page: &PageRequest,
    ) -> Result<Page, Error> {
        if self.is(Fault::ReadVersion) || self.is(Fault::History) {
            let permit = self.widened(permit).await?;
            return self.inner.history(&permit, ask, page).await;
        }
        self.inner.history(permit, ask, page).await
    }

    async fn directory_history(
        &mut self,
        ask: &HistoryAsk<'_>,
        page: &PageRequest,
    ) -> Result<Page, Error> {
        self.inner.directory_history(ask, page).await
    }

    async fn everything(
        &mut self,
        permit: &Permit,
        types: &[&str],
        within: Within,
        page: &PageRequest,
    ) -> Result<Page, Error> {
        let mut told = self.inner.everything(permit, types, within, page).await?;
        if self.is(Fault::Everything) || self.is(Fault::EverythingTotal) {
            let permit = self.widened(permit).await?;
            let all = self.inner.everything(&permit, types, within, page).await?;
            match self.fault {
                Fault::Everything => return Ok(all),
                _ => told.total = all.total,
            }
        }
        Ok(told)
    }

    async fn chronology(
        &mut self,
        permit: &Permit,
        types: &[&str],
        page: &PageRequest,
    ) -> Result<Page, Error> {
        if self.is(Fault::Chronology) {
            let permit = self.widened(permit).await?;
            return self.inner.chronology(&permit, types, page).await;
        }
        self.inner.chronology(permit, types, page).await
    }

    async fn directory_read(
        &mut self,
        rtype: &str,
        id: &ResourceId,
    ) -> Result<Option<StoredResource>, Error> {
        self.inner.directory_read(rtype, id).await
    }

    async fn directory_original(
        &mut self,
        rtype: &str,
        id: &ResourceId,
    ) -> Result<Option<Vec<u8>>, Error> {
        self.inner.directory_original(rtype, id).await
    }

    async fn directory_search(&mut self, query: &Query, page: &PageRequest) -> Result<Page, Error> {
        self.inner.directory_search(query, page).await
    }

    async fn by_identifier(
        &mut self,
        internal: Internal,
        custodian: &OrganisationId,
        rtype: &str,
        system: &str,
        value: &str,
    ) -> Result<Vec<ResourceId>, Error> {
        let inner = &mut self.inner;
        inner
            .by_identifier(internal, custodian, rtype, system, value)
            .await
    }

    async fn find(
        &mut self,
        internal: Internal,
        keys: &FindKeys,
        limit: u32,
    ) -> Result<Vec<Found>, Error> {
        let found = self.inner.find(internal, keys, limit).await?;
        self.found.extend(found.iter().map(|found| found.person));
        Ok(found)
    }

    async fn patients(
        &mut self,
        internal: Internal,
        which: &Patients<'_>,
    ) -> Result<Vec<StoredPatient>, Error> {
        self.inner.patients(internal, which).await
    }

    async fn linked(
        &mut self,
        internal: Internal,
        subjects: &[ResourceId],
    ) -> Result<Linked, Error> {
        self.inner.linked(internal, subjects).await
    }

    async fn reviews(&mut self, internal: Internal, limit: u32) -> Result<Vec<Review>, Error> {
        self.inner.reviews(internal, limit).await
    }

    async fn review(
        &mut self,
        internal: Internal,
        id: &ResourceId,
    ) -> Result<Option<(Review, u32)>, Error> {
        self.inner.review(internal, id).await
    }

    async fn entries_since(
        &mut self,
        internal: Internal,
        view: &ViewId,
        since: Timestamp,
    ) -> Result<Vec<StoredEntry>, Error> {
        self.inner.entries_since(internal, view, since).await
    }

    async fn internal_read(
        &mut self,
        internal: Internal,
        rtype: &str,
        id: &ResourceId,
    ) -> Result<Option<StoredResource>, Error> {
        self.inner.internal_read(internal, rtype, id).await
    }

    async fn entries(
        &mut self,
        permit: &Permit,
        view: &ViewId,
        page: &PageRequest,
    ) -> Result<(Vec<StoredEntry>, Option<Cursor>), Error> {
        self.inner.entries(permit, view, page).await
    }

    async fn claims(
        &mut self,
        internal: Internal,
        after: Option<(i64, u64)>,
        limit: u32,
    ) -> Result<Vec<Claimed>, Error> {
        self.inner.claims(internal, after, limit).await
    }

    async fn internal_entry(
        &mut self,
        internal: Internal,
        view: &ViewId,
        commitment: &Hash,
    ) -> Result<Option<StoredEntry>, Error> {
        self.inner.internal_entry(internal, view, commitment).await
    }

    async fn internal_copies(
        &mut self,
        internal: Internal,
        home: HomeId,
        operation: &[u8; 16],
    ) -> Result<Vec<Claimed>, Error> {
        self.inner.internal_copies(internal, home, operation).await
    }

    async fn held(&mut self) -> Result<Vec<HeldEntry>, Error> {
        self.inner.held().await
    }

    async fn held_due(
        &mut self,
        internal: Internal,
        now: Timestamp,
        limit: u32,
    ) -> Result<Vec<DueHeld>, Error> {
        self.inner.held_due(internal, now, limit).await
    }

    async fn held_of(&mut self, permit: &Permit) -> Result<Vec<KeptBack>, Error> {
        self.inner.held_of(permit).await
    }

    async fn legal_hold(&mut self, home: HomeId) -> Result<Option<String>, Error> {
        self.inner.legal_hold(home).await
    }

    async fn head(&mut self, permit: &Permit, view: &ViewId) -> Result<Head, Error> {
        self.inner.head(permit, view).await
    }

    async fn listed(
        &mut self,
        lists: &[String],
        worker: &WorkerId,
        limit: u32,
        after: Option<&Place>,
    ) -> Result<Vec<Listed>, Error> {
        self.inner.listed(lists, worker, limit, after).await
    }

    async fn parties(&mut self, message: &ResourceId) -> Result<Option<Parties>, Error> {
        self.inner.parties(message).await
    }

    async fn parties_about(&mut self, person: PersonId) -> Result<Vec<Parties>, Error> {
        self.inner.parties_about(person).await
    }

    async fn message(&mut self, addressed: &Addressed) -> Result<Option<(Message, u32)>, Error> {
        self.inner.message(addressed).await
    }

    async fn raised(&mut self, permit: &Permit, kind: Kind) -> Result<Vec<Message>, Error> {
        self.inner.raised(permit, kind).await
    }

    async fn internal_message(
        &mut self,
        internal: Internal,
        id: &ResourceId,
    ) -> Result<Option<(Message, u32)>, Error> {
        self.inner.internal_message(internal, id).await
    }

    async fn standing_with(
        &mut self,
        internal: Internal,
        root: &ResourceId,
    ) -> Result<Vec<(Message, u32)>, Error> {
        self.inner.standing_with(internal, root).await
    }

    async fn requests_sent(
        &mut self,
        internal: Internal,
        from: Timestamp,
        until: Timestamp,
    ) -> Result<Vec<Message>, Error> {
        self.inner.requests_sent(internal, from, until).await
    }

    async fn leased(&mut self, holder: &[u8; 16]) -> Result<Vec<ResourceId>, Error> {
        self.inner.leased(holder).await
    }

    async fn looks_again(
        &mut self,
        subject: &[u8; 16],
    ) -> Result<Option<(Timestamp, String)>, Error> {
        self.inner.looks_again(subject).await
    }

    async fn everybody(
        &mut self,
        internal: Internal,
        after: Option<PersonId>,
        limit: u32,
    ) -> Result<Vec<PersonId>, Error> {
        self.inner.everybody(internal, after, limit).await
    }

    async fn attempts(&mut self, internal: Internal, limit: u32) -> Result<Vec<Untold>, Error> {
        self.inner.attempts(internal, limit).await
    }

    async fn epochs(&mut self) -> Result<Vec<StoredEpoch>, Error> {
        self.inner.epochs().await
    }

    async fn statements(&mut self) -> Result<Vec<StoredStatement>, Error> {
        self.inner.statements().await
    }

    async fn stands(&mut self, size: u64) -> Result<Vec<(ViewId, Head)>, Error> {
        self.inner.stands(size).await
    }

    async fn label_counts(
        &mut self,
        internal: Internal,
    ) -> Result<Vec<(String, LabelClass, u64)>, Error> {
        self.inner.label_counts(internal).await
    }
}
