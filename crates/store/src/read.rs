//! What can be read, and what must be brought to read it.

use std::collections::BTreeMap;
use std::sync::Arc;

use async_trait::async_trait;
use domain::message::{Attempt, Kind, Message, Rota};
use domain::{
    ClassId, Duty, Fact, HomeId, LabelClass, Organisation, OrganisationId, PersonId, ResourceId,
    RowKey, Team, TeamId, Timestamp, TokenId, Worker, WorkerId,
};
use fhir::search::Query;
use ledger::{Epoch, Hash, Head, Statement, ViewId};
use policy::{Addressed, DigestedFacts, Internal, Parties, Permit};

use crate::messages::{Listed, Place};
use crate::{Error, Linked, Notice, NoticeAddress, Review, StoredInvitation, ToldLater};

/// An attempt of which a privacy officer is to be told.
#[derive(Debug, Clone)]
pub struct Untold {
    /// Its row.
    pub row: i64,
    /// What was tried.
    pub attempt: Attempt,
    /// Whether it is told for what was tried of this one person; otherwise for about how many people
    /// the worker was refused.
    pub is_of_one: bool,
}

/// The store as it was at one moment. Content of a person's record needs a [`Permit`]; uses that
/// show nothing to anyone name their [`Internal`] capability instead.
#[async_trait]
pub trait Snapshot: Send {
    /// All agencies, teams, duties and workers (shared until the directory changes).
    async fn directory(&mut self) -> Result<Arc<Directory>, Error>;

    /// Where a resource is, without its content.
    async fn locate(
        &mut self,
        resource_type: &str,
        id: &ResourceId,
    ) -> Result<Option<Located>, Error>;

    /// Whose subject a Patient is.
    async fn person_of(&mut self, subject: &ResourceId) -> Result<Option<PersonId>, Error>;

    /// The Patient that is this person by itself, whomever it is joined with now.
    async fn by_itself(&mut self, person: PersonId) -> Result<Option<ByItself>, Error>;

    /// The Patients that are this person, with their homes.
    async fn subjects(&mut self, person: PersonId) -> Result<Vec<Subject>, Error>;

    /// All that a decision about this person may depend on; `None` if there is no such person.
    async fn facts(&mut self, person: PersonId) -> Result<Option<Arc<DigestedFacts>>, Error>;

    /// What was said under one name that decisions turn on, with who said it; to be changed by
    /// whoever said it, and shown to nobody else.
    async fn said(&mut self, evidence: &ResourceId) -> Result<Option<StoredFacts>, Error>;

    /// Everybody of whom it is recorded that this person acts for them, in force or not: for finding
    /// out which of them is told, and shown to nobody.
    async fn acted_for(&mut self, holder: PersonId) -> Result<Vec<PersonId>, Error>;

    /// A one-time link, without what it is for.
    async fn invitation(&mut self, id: &ResourceId) -> Result<Option<StoredInvitation>, Error>;

    /// The one-time link that has this digest.
    async fn invitation_at(&mut self, link: &[u8; 32]) -> Result<Option<StoredInvitation>, Error>;

    /// Where somebody wishes to be told that there is something to read.
    async fn notice_address(&mut self, person: PersonId) -> Result<Option<NoticeAddress>, Error>;

    /// Mail that is due by now, the longest due first.
    async fn due_notices(&mut self, now: Timestamp, limit: u32) -> Result<Vec<Notice>, Error>;

    /// The agency that holds a resource of this person; to check who may speak of it.
    async fn holder(
        &mut self,
        person: PersonId,
        id: &ResourceId,
    ) -> Result<Option<OrganisationId>, Error>;

    /// What an interned label class stands for.
    async fn class(&mut self, class: ClassId) -> Result<Option<LabelClass>, Error>;

    /// The hash of the local policies in force, if any were put in force.
    async fn policy_in_force(&mut self) -> Result<Option<String>, Error>;

    /// Whether a token has been revoked.
    async fn is_revoked(&mut self, token: &TokenId) -> Result<bool, Error>;

    /// A home's key, wrapped under the root key.
    async fn home_key(&mut self, home: HomeId) -> Result<Option<Vec<u8>>, Error>;

    /// The home of an agency's own chain.
    async fn organisation_home(
        &mut self,
        organisation: &OrganisationId,
    ) -> Result<Option<HomeId>, Error>;

    /// Sealed facts of a logged decision, for replay.
    async fn decision_facts(
        &mut self,
        home: HomeId,
        digest: &[u8; 32],
    ) -> Result<Option<Vec<u8>>, Error>;

    /// One resource of the person, if the permit opens it.
    async fn read(
        &mut self,
        permit: &Permit,
        resource_type: &str,
        id: &ResourceId,
    ) -> Result<Option<StoredResource>, Error>;

    /// One earlier version; it takes the stricter of its own and the current label.
    async fn read_version(
        &mut self,
        permit: &Permit,
        resource_type: &str,
        id: &ResourceId,
        version: u32,
    ) -> Result<Option<StoredResource>, Error>;

    /// The original bytes as received, rebuilt and checked against their hash.
    async fn original(
        &mut self,
        permit: &Permit,
        resource_type: &str,
        id: &ResourceId,
    ) -> Result<Option<Vec<u8>>, Error>;

    /// Resources of the person that match, limited to the permit's mask before any limit, order or
    /// total.
    async fn search(
        &mut self,
        permit: &Permit,
        query: &Query,
        page: &PageRequest,
    ) -> Result<Page, Error>;

    /// Versions, newest first, deletions among them.
    async fn history(
        &mut self,
        permit: &Permit,
        ask: &HistoryAsk<'_>,
        page: &PageRequest,
    ) -> Result<Page, Error>;

    /// The same of directory or definition resources.
    async fn directory_history(
        &mut self,
        ask: &HistoryAsk<'_>,
        page: &PageRequest,
    ) -> Result<Page, Error>;

    /// Everything of the person that the permit opens; `types` empty means all.
    async fn everything(
        &mut self,
        permit: &Permit,
        types: &[&str],
        within: Within,
        page: &PageRequest,
    ) -> Result<Page, Error>;

    /// What happened, newest first, of these types; resources without a date come last.
    async fn chronology(
        &mut self,
        permit: &Permit,
        types: &[&str],
        page: &PageRequest,
    ) -> Result<Page, Error>;

    /// A directory or definition resource.
    async fn directory_read(
        &mut self,
        resource_type: &str,
        id: &ResourceId,
    ) -> Result<Option<StoredResource>, Error>;

    /// The original bytes of a directory or definition resource.
    async fn directory_original(
        &mut self,
        resource_type: &str,
        id: &ResourceId,
    ) -> Result<Option<Vec<u8>>, Error>;

    /// Directory or definition resources that match.
    async fn directory_search(&mut self, query: &Query, page: &PageRequest) -> Result<Page, Error>;

    /// Ids of this agency's own contributions that carry an identifier (conditional references).
    async fn by_identifier(
        &mut self,
        internal: Internal,
        custodian: &OrganisationId,
        resource_type: &str,
        system: &str,
        value: &str,
    ) -> Result<Vec<ResourceId>, Error>;

    /// People who could be meant, for matching and for finding: all subjects of everyone who
    /// shares at least one identifier, or a name and a birth date. At most `limit` people.
    async fn find(
        &mut self,
        internal: Internal,
        keys: &FindKeys,
        limit: u32,
    ) -> Result<Vec<Found>, Error>;

    /// Patients as matching needs them.
    async fn patients(
        &mut self,
        internal: Internal,
        which: &Patients<'_>,
    ) -> Result<Vec<StoredPatient>, Error>;

    /// Patients with all that joins and parts them.
    async fn linked(
        &mut self,
        internal: Internal,
        subjects: &[ResourceId],
    ) -> Result<Linked, Error>;

    /// What stewards are to decide, the most pressing first; at most so many.
    async fn reviews(&mut self, internal: Internal, limit: u32) -> Result<Vec<Review>, Error>;

    /// One of these, decided or not, with its version.
    async fn review(
        &mut self,
        internal: Internal,
        id: &ResourceId,
    ) -> Result<Option<(Review, u32)>, Error>;

    /// A view's entries since a time, to be counted and not shown.
    async fn entries_since(
        &mut self,
        internal: Internal,
        view: &ViewId,
        since: Timestamp,
    ) -> Result<Vec<StoredEntry>, Error>;

    /// The current bytes of one resource for internal derivation, never to be shown.
    async fn internal_read(
        &mut self,
        internal: Internal,
        resource_type: &str,
        id: &ResourceId,
    ) -> Result<Option<StoredResource>, Error>;

    /// A view's entries, newest first, sealed; needs the permit of whoever the view belongs to.
    async fn entries(
        &mut self,
        permit: &Permit,
        view: &ViewId,
        page: &PageRequest,
    ) -> Result<(Vec<StoredEntry>, Option<Cursor>), Error>;

    /// Entries of all chains, chain by chain, after the last that was read; for whoever audits the
    /// log, and shown to nobody.
    async fn claims(
        &mut self,
        internal: Internal,
        after: Option<(i64, u64)>,
        limit: u32,
    ) -> Result<Vec<Claimed>, Error>;

    /// The entry of a view that has this commitment: to be erased, or to find what was written with it.
    async fn internal_entry(
        &mut self,
        internal: Internal,
        view: &ViewId,
        commitment: &Hash,
    ) -> Result<Option<StoredEntry>, Error>;

    /// The entries in every chain that were written for one operation about whoever lives at this home,
    /// oldest first, to be erased together and not shown.
    async fn internal_copies(
        &mut self,
        internal: Internal,
        home: HomeId,
        operation: &[u8; 16],
    ) -> Result<Vec<Claimed>, Error>;

    /// Everything that is or was held back from accounts, without a word about whose.
    async fn held(&mut self) -> Result<Vec<HeldEntry>, Error>;

    /// What is held back to a date that has come, oldest first, to be told and not shown.
    async fn held_due(
        &mut self,
        internal: Internal,
        now: Timestamp,
        limit: u32,
    ) -> Result<Vec<DueHeld>, Error>;

    /// What is held back from the accounts of whoever's record is open, and not told yet, in the order
    /// in which it was written.
    async fn held_of(&mut self, permit: &Permit) -> Result<Vec<KeptBack>, Error>;

    /// The rule by which nothing of a home may be erased, if there is one.
    async fn legal_hold(&mut self, home: HomeId) -> Result<Option<String>, Error>;

    /// How far a view's chain has come; [`Head::EMPTY`] for one that the permit does not open.
    async fn head(&mut self, permit: &Permit, view: &ViewId) -> Result<Head, Error>;

    /// Lines of these lists, worst harm and first due first, after a place: all but those about
    /// people who barred this worker.
    async fn listed(
        &mut self,
        lists: &[String],
        worker: &WorkerId,
        limit: u32,
        after: Option<&Place>,
    ) -> Result<Vec<Listed>, Error>;

    /// Between whom a message goes; `None` if there is no such message.
    async fn parties(&mut self, message: &ResourceId) -> Result<Option<Parties>, Error>;

    /// Between whom each message about a person goes, newest first.
    async fn parties_about(&mut self, person: PersonId) -> Result<Vec<Parties>, Error>;

    /// A message, with its version.
    async fn message(&mut self, addressed: &Addressed) -> Result<Option<(Message, u32)>, Error>;

    /// Messages of a kind about the person whose record is open, oldest first.
    async fn raised(&mut self, permit: &Permit, kind: Kind) -> Result<Vec<Message>, Error>;

    /// A message, to be moved and not shown.
    async fn internal_message(
        &mut self,
        internal: Internal,
        id: &ResourceId,
    ) -> Result<Option<(Message, u32)>, Error>;

    /// All messages that stand and fall with this one, itself first, to be moved and not shown.
    async fn standing_with(
        &mut self,
        internal: Internal,
        root: &ResourceId,
    ) -> Result<Vec<(Message, u32)>, Error>;

    /// Requests for information that were sent from one moment until before another, oldest first; to
    /// be counted and not shown.
    async fn requests_sent(
        &mut self,
        internal: Internal,
        from: Timestamp,
        until: Timestamp,
    ) -> Result<Vec<Message>, Error>;

    /// What the work is about on which this holder has a lease, first due first.
    async fn leased(&mut self, holder: &[u8; 16]) -> Result<Vec<ResourceId>, Error>;

    /// What is due about something that is no message, and when: see
    /// [`Write::LookAgain`](crate::Write::LookAgain).
    async fn looks_again(
        &mut self,
        subject: &[u8; 16],
    ) -> Result<Option<(Timestamp, String)>, Error>;

    /// Everybody who is known, in the order of their ids, after one of them; to be looked at and not
    /// shown.
    async fn everybody(
        &mut self,
        internal: Internal,
        after: Option<PersonId>,
        limit: u32,
    ) -> Result<Vec<PersonId>, Error>;

    /// Attempts on records of which a privacy officer is to be told and was not yet, oldest first; at
    /// most so many.
    async fn attempts(&mut self, internal: Internal, limit: u32) -> Result<Vec<Untold>, Error>;

    /// Every epoch, oldest first.
    async fn epochs(&mut self) -> Result<Vec<StoredEpoch>, Error>;

    /// What the exchange said of itself, in the order of the log.
    async fn statements(&mut self) -> Result<Vec<StoredStatement>, Error>;

    /// Where every view stood when the log had `size` leaves: what the map of an epoch is made of.
    async fn stands(&mut self, size: u64) -> Result<Vec<(ViewId, Head)>, Error>;

    /// Calls `each` with every label class and how many current resources carry it, by type: the
    /// labeller's report.
    async fn label_counts(
        &mut self,
        internal: Internal,
    ) -> Result<Vec<(String, LabelClass, u64)>, Error>;
}

/// All agencies, teams, duties and workers.
#[derive(Debug, Clone, Default)]
pub struct Directory {
    /// Agencies by id.
    pub organisations: BTreeMap<OrganisationId, Organisation>,
    /// Teams by id.
    pub teams: BTreeMap<TeamId, Team>,
    /// Every duty.
    pub duties: Vec<Duty>,
    /// Workers by id.
    pub workers: BTreeMap<WorkerId, Worker>,
    /// Workers by their FHIR Practitioner.
    pub practitioners: BTreeMap<ResourceId, WorkerId>,
    /// Agencies by their FHIR Organization.
    pub organization_resources: BTreeMap<ResourceId, OrganisationId>,
    /// Rotas of teams that have said when they are there.
    pub rotas: BTreeMap<TeamId, Rota>,
}

/// A resource's place and labels, without content.
#[derive(Debug, Clone)]
pub struct Located {
    /// Its row.
    pub row: RowKey,
    /// Where it lives.
    pub home: HomeId,
    /// Its current version.
    pub version: u32,
    /// Whether it is deleted.
    pub deleted: bool,
    /// Its labels.
    pub class: ClassId,
    /// Who holds it.
    pub custodian: OrganisationId,
    /// The Patient it is about.
    pub subject: Option<ResourceId>,
    /// SHA-256 of the current original.
    pub original_hash: [u8; 32],
}

/// What was said that decisions turn on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredFacts {
    /// The Patient of whom it was said.
    pub subject: ResourceId,
    /// The agency that said so.
    pub organisation: OrganisationId,
    /// What it said.
    pub facts: Vec<Fact>,
}

/// One source Patient of a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subject {
    /// The Patient's id.
    pub id: ResourceId,
    /// Where its rows live.
    pub home: HomeId,
    /// The agency that contributed it.
    pub custodian: OrganisationId,
}

/// A Patient that is a person by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ByItself {
    /// The Patient.
    pub patient: ResourceId,
    /// Whose it is now: another person's while it is joined with an older Patient.
    pub person: PersonId,
}

/// A resource as it is served.
#[derive(Debug, Clone)]
pub struct StoredResource {
    /// Its row.
    pub row: RowKey,
    /// Its FHIR type.
    pub resource_type: String,
    /// Its id.
    pub id: ResourceId,
    /// Its version.
    pub version: u32,
    /// When that version was accepted.
    pub updated_at: Timestamp,
    /// When what it records happened.
    pub occurred_at: Option<Timestamp>,
    /// Its labels.
    pub class: ClassId,
    /// Who holds it.
    pub custodian: OrganisationId,
    /// Whether it names other people, so that their display must be looked at before release.
    pub mentions_others: bool,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

impl StoredResource {
    /// Whether this version says that the resource was deleted; it has no bytes.
    #[must_use]
    pub fn is_deletion(&self) -> bool {
        self.bytes.is_empty()
    }
}

/// Which versions are wanted.
#[derive(Debug, Clone, Copy)]
pub struct HistoryAsk<'a> {
    /// Of this type.
    pub resource_type: &'a str,
    /// Of this resource only.
    pub id: Option<&'a ResourceId>,
    /// Only what was accepted since.
    pub since: Option<Timestamp>,
}

/// Which part of a record is wanted, by time. Resources that say nothing of when they happened are
/// of any time.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Within {
    /// Only what was accepted since.
    pub since: Option<Timestamp>,
    /// Only what began at this time or later.
    pub start: Option<Timestamp>,
    /// Only what began before this time.
    pub end: Option<Timestamp>,
}

/// Which page of an answer is wanted.
#[derive(Debug, Clone)]
pub struct PageRequest {
    /// At most this many.
    pub limit: u32,
    /// Go on after this place.
    pub after: Option<Cursor>,
    /// Whether the total is wanted.
    pub with_total: bool,
}

/// A place in an order: the sort key and the row.
#[derive(Debug, Clone, PartialEq)]
pub struct Cursor {
    /// The sort key at that place (row key, date in microseconds, or chain index).
    pub key: i64,
    /// The row at that place.
    pub row: i64,
    /// What a search sorts by, at that place; empty for the order of arrival.
    pub keys: Vec<SortValue>,
}

impl Cursor {
    /// A place in an order by one key.
    #[must_use]
    pub fn at(key: i64, row: i64) -> Self {
        Self {
            key,
            row,
            keys: Vec::new(),
        }
    }
}

/// A value that a search sorts by.
#[derive(Debug, Clone, PartialEq)]
pub enum SortValue {
    /// There is none.
    None,
    /// A time in microseconds.
    Whole(i64),
    /// A number.
    Number(f64),
    /// A text, or as much of it as is compared.
    Text(String),
}

/// One page of an answer.
#[derive(Debug, Clone)]
pub struct Page {
    /// The resources.
    pub resources: Vec<StoredResource>,
    /// Those that go with them because a search asked for it.
    pub included: Vec<StoredResource>,
    /// Where the next page goes on; `None` at the end.
    pub next: Option<Cursor>,
    /// How many match in all, within the mask.
    pub total: Option<u64>,
}

/// What someone is looked for by, folded like [`SubjectKeys`](crate::SubjectKeys).
#[derive(Debug, Clone, Default)]
pub struct FindKeys {
    /// Identifiers as (system, value); an empty system means any.
    pub identifiers: Vec<(String, String)>,
    /// Name parts, all of which must be among the names (each may match as a prefix).
    pub names: Vec<String>,
    /// The birth date, `YYYY-MM-DD`, which must be equal where both are given.
    pub birth_date: Option<String>,
}

/// Someone who could be meant.
#[derive(Debug, Clone)]
pub struct Found {
    /// Who.
    pub person: PersonId,
    /// All their subjects, with the keys held for each; those that matched come first.
    pub subjects: Vec<(Subject, crate::SubjectKeys)>,
    /// How many of them matched.
    pub matched: usize,
}

/// Which Patients matching wants.
#[derive(Debug, Clone, Copy)]
pub enum Patients<'a> {
    /// All that arrived after this one, in the order of arrival; at most so many.
    After(Option<&'a StoredPatient>, u32),
    /// All of everybody whom one of these subjects is, or of whom one of these homes has rows.
    Of(&'a [ResourceId], &'a [HomeId]),
}

/// A Patient as matching needs it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredPatient {
    /// Its place in the order of arrival.
    pub place: i64,
    /// Its id.
    pub subject: ResourceId,
    /// Whose subject it is.
    pub person: PersonId,
    /// The agency that contributed it.
    pub custodian: OrganisationId,
    /// Whether the person's existence is protected.
    pub protected: bool,
    /// Whether some caller may not know of it: the person is protected, or bars somebody; or it is
    /// very restricted or locked.
    pub held_close: bool,
    /// Its bytes as they are served.
    pub bytes: Vec<u8>,
}

/// An entry as it is kept.
#[derive(Debug, Clone)]
pub struct StoredEntry {
    /// Its place in the chain.
    pub index: u64,
    /// The chain's time.
    pub time: Timestamp,
    /// Its home.
    pub home: HomeId,
    /// The operation it belongs to.
    pub operation: [u8; 16],
    /// Its commitment.
    pub commitment: Hash,
    /// Its record root.
    pub root: Hash,
    /// Sealed opening, salts and record.
    pub sealed: Vec<u8>,
    /// The entry's key under the home's key.
    pub wrapped_key: Vec<u8>,
    /// Its place in the global log, once sequenced.
    pub log_index: Option<u64>,
}

impl StoredEntry {
    /// Whether its key and content were deleted.
    #[must_use]
    pub fn is_erased(&self) -> bool {
        self.sealed.is_empty()
    }
}

/// An entry with the chain that it claims a leaf for.
#[derive(Debug, Clone)]
pub struct Claimed {
    /// The entry.
    pub entry: StoredEntry,
    /// Its chain.
    pub view: ViewId,
    /// The chain's number in the store, by which reading goes on.
    pub chain: i64,
    /// Whether it is or was held back.
    pub is_held: bool,
}

/// Something that is or was held back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeldEntry {
    /// The agency that holds it back, by its id.
    pub organisation: String,
    /// The ground.
    pub ground: String,
    /// Since when.
    pub since: Timestamp,
    /// When it is opened, or must be looked at again.
    pub until: Timestamp,
    /// When it was opened.
    pub opened: Option<Timestamp>,
}

/// What is to be told because the date has come to which it was held back.
#[derive(Debug, Clone)]
pub struct DueHeld {
    /// The chain in which it stands alone.
    pub view: ViewId,
    /// The entry.
    pub entry: StoredEntry,
    /// The code of the ground.
    pub ground: String,
    /// The date to which it was held back.
    pub until: Timestamp,
    /// Into which chain it is told, and of whom.
    pub told: ToldLater,
}

/// What is held back from somebody's account.
#[derive(Debug, Clone)]
pub struct KeptBack {
    /// The entry.
    pub entry: StoredEntry,
    /// The code of the ground.
    pub ground: String,
    /// The date to which it is held back.
    pub until: Timestamp,
    /// Into which chain it is told then; `None` where something else tells it, such as a message.
    pub into: Option<ViewId>,
}

/// An epoch as it is kept.
#[derive(Debug, Clone)]
pub struct StoredEpoch {
    /// What it says.
    pub epoch: Epoch,
    /// Its leaf in the log.
    pub log_index: u64,
    /// The first checkpoint that covers it, as it was published.
    pub checkpoint: String,
}

/// A statement as it is kept.
#[derive(Debug, Clone)]
pub struct StoredStatement {
    /// What it says.
    pub statement: Statement,
    /// Its leaf in the log.
    pub log_index: u64,
    /// The first checkpoint that covers it, as it was published.
    pub checkpoint: String,
}
