//! Snapshots: what the store was at one moment, read on a connection of their own.
//!
//! Reads run on the calling task's thread: each takes microseconds, less than handing it to
//! another thread would. SQLite in WAL mode never makes them wait.

mod account;
mod attempts;
mod claims;
mod directory;
mod facts;
mod find;
mod history;
mod interned;
mod invitations;
mod links;
mod lists;
mod log;
mod messages;
mod notices;
mod patients;
mod people;
mod pool;
mod records;
mod scope;
mod search;
mod singles;
mod sql;

use std::sync::Arc;

use async_trait::async_trait;
use domain::message::{Kind, Message};
use domain::{
    ClassId, HomeId, LabelClass, OrganisationId, PersonId, ResourceId, Timestamp, TokenId, WorkerId,
};
use fhir::search::Query;
use ledger::{Hash, Head, ViewId};
use policy::{Addressed, DigestedFacts, Internal, Parties, Permit};

pub(super) use pool::{Pool, SqliteSnapshot, snapshot};
pub(super) use records::rebuild;

use scope::Scope;

use crate::messages::{Listed, Place};
use crate::{
    ByItself, Claimed, Cursor, Directory, DueHeld, Error, FindKeys, Found, HeldEntry, HistoryAsk,
    KeptBack, Linked, Located, Notice, NoticeAddress, Page, PageRequest, Patients, Review,
    Snapshot, StoredEntry, StoredEpoch, StoredFacts, StoredInvitation, StoredPatient,
    StoredResource, StoredStatement, Subject, Untold, Within,
};

#[async_trait]
impl Snapshot for SqliteSnapshot {
    async fn directory(&mut self) -> Result<Arc<Directory>, Error> {
        self.whole_directory()
    }

    async fn locate(
        &mut self,
        resource_type: &str,
        id: &ResourceId,
    ) -> Result<Option<Located>, Error> {
        self.place_of(resource_type, id)
    }

    async fn person_of(&mut self, subject: &ResourceId) -> Result<Option<PersonId>, Error> {
        self.whose(subject)
    }

    async fn by_itself(&mut self, person: PersonId) -> Result<Option<ByItself>, Error> {
        self.patient_by_itself(person)
    }

    async fn subjects(&mut self, person: PersonId) -> Result<Vec<Subject>, Error> {
        self.subjects_of(person)
    }

    async fn facts(&mut self, person: PersonId) -> Result<Option<Arc<DigestedFacts>>, Error> {
        self.facts_about(person)
    }

    async fn said(&mut self, evidence: &ResourceId) -> Result<Option<StoredFacts>, Error> {
        self.who_said(evidence)
    }

    async fn acted_for(&mut self, holder: PersonId) -> Result<Vec<PersonId>, Error> {
        self.of_holder(holder)
    }

    async fn invitation(&mut self, id: &ResourceId) -> Result<Option<StoredInvitation>, Error> {
        self.invitation_by("id", &id.0)
    }

    async fn notice_address(&mut self, person: PersonId) -> Result<Option<NoticeAddress>, Error> {
        self.address_of(person)
    }

    async fn due_notices(&mut self, now: Timestamp, limit: u32) -> Result<Vec<Notice>, Error> {
        self.to_send(now, limit)
    }

    async fn invitation_at(&mut self, link: &[u8; 32]) -> Result<Option<StoredInvitation>, Error> {
        self.invitation_by("link", link)
    }

    async fn holder(
        &mut self,
        person: PersonId,
        id: &ResourceId,
    ) -> Result<Option<OrganisationId>, Error> {
        self.holder_of(person, id)
    }

    async fn class(&mut self, class: ClassId) -> Result<Option<LabelClass>, Error> {
        self.find_class(class.0.into())
    }

    async fn policy_in_force(&mut self) -> Result<Option<String>, Error> {
        Ok(self.policy.clone())
    }

    async fn is_revoked(&mut self, token: &TokenId) -> Result<bool, Error> {
        self.was_revoked(token)
    }

    async fn home_key(&mut self, home: HomeId) -> Result<Option<Vec<u8>>, Error> {
        self.wrapped_key(home)
    }

    async fn organisation_home(
        &mut self,
        organisation: &OrganisationId,
    ) -> Result<Option<HomeId>, Error> {
        self.home_of(organisation)
    }

    async fn decision_facts(
        &mut self,
        home: HomeId,
        digest: &[u8; 32],
    ) -> Result<Option<Vec<u8>>, Error> {
        self.sealed_facts(home, digest)
    }

    async fn read(
        &mut self,
        permit: &Permit,
        resource_type: &str,
        id: &ResourceId,
    ) -> Result<Option<StoredResource>, Error> {
        self.read_current(permit, resource_type, id)
    }

    async fn read_version(
        &mut self,
        permit: &Permit,
        resource_type: &str,
        id: &ResourceId,
        version: u32,
    ) -> Result<Option<StoredResource>, Error> {
        self.read_earlier(permit, resource_type, id, version)
    }

    async fn original(
        &mut self,
        permit: &Permit,
        resource_type: &str,
        id: &ResourceId,
    ) -> Result<Option<Vec<u8>>, Error> {
        self.rebuild_in(&self.scope(permit)?, resource_type, id)
    }

    async fn search(
        &mut self,
        permit: &Permit,
        query: &Query,
        page: &PageRequest,
    ) -> Result<Page, Error> {
        self.search_person(permit, query, page)
    }

    async fn history(
        &mut self,
        permit: &Permit,
        ask: &HistoryAsk<'_>,
        page: &PageRequest,
    ) -> Result<Page, Error> {
        self.history_of_person(permit, ask, page)
    }

    async fn directory_history(
        &mut self,
        ask: &HistoryAsk<'_>,
        page: &PageRequest,
    ) -> Result<Page, Error> {
        self.history_of_directory(ask, page)
    }

    async fn everything(
        &mut self,
        permit: &Permit,
        types: &[&str],
        within: Within,
        page: &PageRequest,
    ) -> Result<Page, Error> {
        self.list_everything(permit, types, within, page)
    }

    async fn chronology(
        &mut self,
        permit: &Permit,
        types: &[&str],
        page: &PageRequest,
    ) -> Result<Page, Error> {
        self.list_in_time(permit, types, page)
    }

    async fn directory_read(
        &mut self,
        resource_type: &str,
        id: &ResourceId,
    ) -> Result<Option<StoredResource>, Error> {
        self.read_from_directory(resource_type, id)
    }

    async fn directory_original(
        &mut self,
        resource_type: &str,
        id: &ResourceId,
    ) -> Result<Option<Vec<u8>>, Error> {
        self.rebuild_in(&Scope::Directory, resource_type, id)
    }

    async fn directory_search(&mut self, query: &Query, page: &PageRequest) -> Result<Page, Error> {
        self.search_directory(query, page)
    }

    async fn by_identifier(
        &mut self,
        _internal: Internal,
        custodian: &OrganisationId,
        resource_type: &str,
        system: &str,
        value: &str,
    ) -> Result<Vec<ResourceId>, Error> {
        self.own_by_identifier(custodian, resource_type, system, value)
    }

    async fn find(
        &mut self,
        _internal: Internal,
        keys: &FindKeys,
        limit: u32,
    ) -> Result<Vec<Found>, Error> {
        self.find_people(keys, limit)
    }

    async fn patients(
        &mut self,
        _internal: Internal,
        which: &Patients<'_>,
    ) -> Result<Vec<StoredPatient>, Error> {
        self.patients_to_match(which)
    }

    async fn linked(
        &mut self,
        _internal: Internal,
        subjects: &[ResourceId],
    ) -> Result<Linked, Error> {
        self.linked_with(subjects)
    }

    async fn reviews(&mut self, _internal: Internal, limit: u32) -> Result<Vec<Review>, Error> {
        self.open_reviews(limit)
    }

    async fn review(
        &mut self,
        _internal: Internal,
        id: &ResourceId,
    ) -> Result<Option<(Review, u32)>, Error> {
        self.one_review(id)
    }

    async fn entries_since(
        &mut self,
        _internal: Internal,
        view: &ViewId,
        since: Timestamp,
    ) -> Result<Vec<StoredEntry>, Error> {
        self.entries_from(view, since)
    }

    async fn internal_read(
        &mut self,
        _internal: Internal,
        resource_type: &str,
        id: &ResourceId,
    ) -> Result<Option<StoredResource>, Error> {
        self.read_for_ourselves(resource_type, id)
    }

    async fn entries(
        &mut self,
        permit: &Permit,
        view: &ViewId,
        page: &PageRequest,
    ) -> Result<(Vec<StoredEntry>, Option<Cursor>), Error> {
        self.entries_of(permit, view, page)
    }

    async fn claims(
        &mut self,
        _internal: Internal,
        after: Option<(i64, u64)>,
        limit: u32,
    ) -> Result<Vec<Claimed>, Error> {
        self.claims_after(after, limit)
    }

    async fn internal_entry(
        &mut self,
        _internal: Internal,
        view: &ViewId,
        commitment: &Hash,
    ) -> Result<Option<StoredEntry>, Error> {
        self.one_entry(view, commitment)
    }

    async fn internal_copies(
        &mut self,
        _internal: Internal,
        home: HomeId,
        operation: &[u8; 16],
    ) -> Result<Vec<Claimed>, Error> {
        self.of_operation(home, operation)
    }

    async fn held(&mut self) -> Result<Vec<HeldEntry>, Error> {
        self.all_held()
    }

    async fn held_due(
        &mut self,
        _internal: Internal,
        now: Timestamp,
        limit: u32,
    ) -> Result<Vec<DueHeld>, Error> {
        self.due_held(now, limit)
    }

    async fn held_of(&mut self, permit: &Permit) -> Result<Vec<KeptBack>, Error> {
        self.kept_back(permit)
    }

    async fn legal_hold(&mut self, home: HomeId) -> Result<Option<String>, Error> {
        self.rule_of_hold(home)
    }

    async fn head(&mut self, permit: &Permit, view: &ViewId) -> Result<Head, Error> {
        self.head_of(permit, view)
    }

    async fn listed(
        &mut self,
        lists: &[String],
        worker: &WorkerId,
        limit: u32,
        after: Option<&Place>,
    ) -> Result<Vec<Listed>, Error> {
        self.lines(lists, worker, limit, after)
    }

    async fn parties(&mut self, message: &ResourceId) -> Result<Option<Parties>, Error> {
        self.find_parties(message)
    }

    async fn parties_about(&mut self, person: PersonId) -> Result<Vec<Parties>, Error> {
        self.parties_on(person)
    }

    async fn message(&mut self, addressed: &Addressed) -> Result<Option<(Message, u32)>, Error> {
        self.find_message(&addressed.message())
    }

    async fn raised(&mut self, permit: &Permit, kind: Kind) -> Result<Vec<Message>, Error> {
        self.raised_about(permit.person(), kind)
    }

    async fn internal_message(
        &mut self,
        _internal: Internal,
        id: &ResourceId,
    ) -> Result<Option<(Message, u32)>, Error> {
        self.find_message(id)
    }

    async fn standing_with(
        &mut self,
        _internal: Internal,
        root: &ResourceId,
    ) -> Result<Vec<(Message, u32)>, Error> {
        self.with_root(root)
    }

    async fn requests_sent(
        &mut self,
        _internal: Internal,
        from: Timestamp,
        until: Timestamp,
    ) -> Result<Vec<Message>, Error> {
        self.requests_between(from, until)
    }

    async fn leased(&mut self, holder: &[u8; 16]) -> Result<Vec<ResourceId>, Error> {
        self.held_by(holder)
    }

    async fn looks_again(
        &mut self,
        subject: &[u8; 16],
    ) -> Result<Option<(Timestamp, String)>, Error> {
        self.due_about(subject)
    }

    async fn everybody(
        &mut self,
        _internal: Internal,
        after: Option<PersonId>,
        limit: u32,
    ) -> Result<Vec<PersonId>, Error> {
        self.persons_after(after, limit)
    }

    async fn attempts(&mut self, _internal: Internal, limit: u32) -> Result<Vec<Untold>, Error> {
        self.attempts_to_tell(limit)
    }

    async fn epochs(&mut self) -> Result<Vec<StoredEpoch>, Error> {
        self.all_epochs()
    }

    async fn statements(&mut self) -> Result<Vec<StoredStatement>, Error> {
        self.all_statements()
    }

    async fn stands(&mut self, size: u64) -> Result<Vec<(ViewId, Head)>, Error> {
        self.stands_at(size)
    }

    async fn label_counts(
        &mut self,
        _internal: Internal,
    ) -> Result<Vec<(String, LabelClass, u64)>, Error> {
        self.count_labels()
    }
}
