//! What one use case writes, and what must not have moved for it to be written.

use domain::message::{Attempt, Rota};
use domain::{
    Bar, Duty, Fact, HomeId, LabelClass, Lock, Objection, Organisation, OrganisationId, PersonId,
    Relationship, ResourceId, Team, Timestamp, TokenId, Worker, WorkerId,
};
use fhir::index::IndexValue;
use ledger::{Hash, Opening, Receipt, Statement, ViewId};

use crate::{NewInvitation, NewLink, NewMessage, Notice, NoticeAddress, Review};

/// Everything that one use case writes, committed whole or not at all.
#[derive(Debug, Default)]
pub struct Change {
    /// Rows, in order: later ones may rely on earlier ones.
    pub writes: Vec<Write>,
    /// Ledger entries, each appended to its view's chain.
    pub entries: Vec<NewEntry>,
    /// The caller's key for this operation: a second commit under the same key by the same caller
    /// writes nothing and returns the first one's receipts.
    pub idempotency: Option<[u8; 32]>,
}

/// One row, or rows that belong together.
#[derive(Debug)]
pub enum Write {
    /// Adds or replaces an agency; `home` keeps the keys of its own chain.
    Organisation {
        /// The agency.
        organisation: Organisation,
        /// Its home, used only if the agency is new.
        home: HomeId,
        /// Its FHIR Organization.
        resource: Option<ResourceId>,
    },
    /// Adds or replaces a team.
    Team(Team),
    /// Adds or replaces a duty (key: agency served, team).
    Duty(Duty),
    /// Adds or replaces a worker; `resource` is their FHIR Practitioner.
    Worker {
        /// The worker.
        worker: Worker,
        /// Their FHIR Practitioner.
        resource: Option<ResourceId>,
    },
    /// Makes a home, with its key wrapped under the root key.
    Home {
        /// Its id.
        home: HomeId,
        /// The home key under the root key.
        wrapped_key: Vec<u8>,
    },
    /// Says that a Patient resource is a subject of this person (a link event).
    Subject {
        /// The Patient's id.
        subject: ResourceId,
        /// Where its rows live.
        home: HomeId,
        /// Whose subject it is.
        person: PersonId,
        /// The person that it is by itself; kept from its first version on.
        origin: PersonId,
        /// The agency that contributed it.
        custodian: OrganisationId,
        /// By what rule it was linked: `new`, `certain-identifier`, ...
        rule: String,
        /// What the person can be found by; replaced at each version of the Patient.
        keys: SubjectKeys,
    },
    /// Keeps what was decided of Patients.
    Link(NewLink),
    /// Says whose subject a Patient is, as follows from what was decided.
    Person {
        /// The Patient.
        subject: ResourceId,
        /// Whose subject it is.
        person: PersonId,
    },
    /// Adds or replaces what stewards are to decide.
    Review {
        /// What.
        review: Box<Review>,
        /// The version that the writer saw; 0 for a new one.
        replaces: u32,
    },
    /// A new version of a resource (create, update or delete).
    Version(Box<NewVersion>),
    /// Replaces all relationships and wishes that this resource evidences. Moves the home's facts
    /// version only if they differ from what is there.
    Evidenced {
        /// The home whose facts change.
        home: HomeId,
        /// The resource that proves them.
        evidence: ResourceId,
        /// Relationships derived from it.
        relationships: Vec<Relationship>,
        /// Objections recorded in it.
        objections: Vec<Objection>,
    },
    /// Replaces what was said of a Patient under this name. Moves the facts of the person's homes
    /// only if it differs from what is there.
    Facts(NewFacts),
    /// Keeps what opens a one-time link.
    Invitation(NewInvitation),
    /// Counts that a code is tried on a link; refused as [`Conflict`](crate::Error::Conflict) if so
    /// many were tried already.
    TryInvitation {
        /// The link.
        id: ResourceId,
        /// At most so many.
        most: u32,
    },
    /// Opens a link in one browser; refused as [`Conflict`](crate::Error::Conflict) if it is open in
    /// one already.
    OpenInvitation {
        /// The link.
        id: ResourceId,
        /// SHA-256 of what that browser holds.
        session: [u8; 32],
        /// When.
        at: Timestamp,
    },
    /// Keeps where somebody wishes to be told that there is something to read; refused as
    /// [`Conflict`](crate::Error::Conflict) if the row is not at the version that the writer saw.
    NoticeAddress(NoticeAddress),
    /// Adds or replaces a mail that waits to be sent.
    Notice(Notice),
    /// Takes a mail off what waits: it was sent, or is to be sent no more.
    NoticeServed([u8; 16]),
    /// Bars a worker from a person; a bar on the same worker is replaced.
    Bar {
        /// The home whose facts change.
        home: HomeId,
        /// The bar.
        bar: Bar,
    },
    /// Locks a resource.
    Lock {
        /// The home whose facts change.
        home: HomeId,
        /// The lock.
        lock: Lock,
    },
    /// Protects a person's very existence, or ends that.
    Protect {
        /// The home whose facts change.
        home: HomeId,
        /// Whether the person is protected.
        protection: Protection,
    },
    /// Ends a token before its time; kept until the token would have expired.
    Revoke {
        /// The token.
        token: TokenId,
        /// When it would have expired.
        expires: Timestamp,
    },
    /// Puts the local policies in force.
    Policy {
        /// Their hash.
        hash: String,
    },
    /// Adds or replaces a message, with its lines on lists and its due work.
    Message(Box<NewMessage>),
    /// Writes down that somebody tried to see a record.
    Attempt(Attempt),
    /// Says that a privacy officer was told of these attempts, by their rows; refused as
    /// [`Conflict`](crate::Error::Conflict) if one was told already.
    AttemptsTold(Vec<i64>),
    /// Adds or replaces a team's rota.
    Rota(Rota),
    /// Sets when somebody, or everybody, is looked at again; replaces what was due about the same.
    LookAgain {
        /// What it is about: a person, or a look at everybody.
        subject: [u8; 16],
        /// How far it is, as the one who does it reads it.
        body: String,
        /// When; `None` for not again.
        at: Option<Timestamp>,
    },
    /// Takes a lease on work that is due and that nobody holds.
    LeaseDue {
        /// Who takes it.
        holder: [u8; 16],
        /// Work due by then.
        now: Timestamp,
        /// Until when it is theirs; then another may take it.
        until: Timestamp,
        /// At most so many pieces.
        limit: u32,
    },
    /// Says that what was held back in this chain is open from now on; refused as
    /// [`Conflict`](crate::Error::Conflict) if it is open already.
    Opened {
        /// The chain in which it stands alone.
        view: ViewId,
        /// When it was opened.
        at: Timestamp,
    },
    /// Holds back for longer what was held back in this chain; refused as
    /// [`Conflict`](crate::Error::Conflict) if it is open already.
    HoldUntil {
        /// The chain in which it stands alone.
        view: ViewId,
        /// When it is opened, or must be looked at again.
        until: Timestamp,
    },
    /// Takes the content of an entry and its key, and leaves its commitment. Refused as
    /// [`Conflict`](crate::Error::Conflict) if it has none, or its home is under a legal hold.
    Erase {
        /// The chain.
        view: ViewId,
        /// The entry's place in it.
        index: u64,
    },
    /// Puts a home under a legal hold, or lifts it: while it stands nothing of it is erased.
    LegalHold {
        /// The home.
        home: HomeId,
        /// The rule that demands it; `None` lifts it.
        rule: Option<String>,
    },
    /// Keeps the facts that a decision rested on, once per digest, sealed under the home's key.
    DecisionFacts {
        /// The home.
        home: HomeId,
        /// SHA-256 of the facts' encoding.
        digest: [u8; 32],
        /// The encoding, sealed.
        sealed: Vec<u8>,
    },
}

/// What somebody says, or a resource proves, that decisions about a person turn on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewFacts {
    /// The Patient of whom it is said.
    pub subject: ResourceId,
    /// The resource that proves it, or an id of its own.
    pub evidence: ResourceId,
    /// The agency that says so, and alone may say otherwise.
    pub organisation: OrganisationId,
    /// Who there says so.
    pub said_by: String,
    /// When.
    pub said_at: Timestamp,
    /// What is said; nothing takes back what was said before.
    pub facts: Vec<Fact>,
}

/// Whether a person's existence is protected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Protection {
    /// Found like anyone else.
    Ordinary,
    /// As if absent, except to those with an evidenced relationship.
    Protected,
}

/// What a person can be found by, folded (lower case, marks stripped) for comparison.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SubjectKeys {
    /// Every name part, folded: family names and given names, former names included.
    pub names: Vec<String>,
    /// Birth date as the source gives it, `YYYY-MM-DD` or less precise.
    pub birth_date: Option<String>,
    /// Identifiers as (system, value) with separators removed.
    pub identifiers: Vec<(String, String)>,
    /// Home postcode, folded, no spaces.
    pub postcode: Option<String>,
}

/// A new version of one resource.
#[derive(Debug)]
pub struct NewVersion {
    /// Where it lives.
    pub home: HomeId,
    /// Its id on the wire.
    pub id: ResourceId,
    /// Its FHIR type.
    pub resource_type: &'static str,
    /// Its version, one more than `replaces`.
    pub version: u32,
    /// The version that the writer saw; 0 if there was none. Otherwise [`Conflict`](crate::Error::Conflict).
    pub replaces: u32,
    /// The agency that holds it; cannot change.
    pub custodian: OrganisationId,
    /// The Patient it is about; `None` for directory and definition resources; cannot change.
    pub subject: Option<ResourceId>,
    /// Its labels.
    pub class: LabelClass,
    /// When it was accepted.
    pub updated_at: Timestamp,
    /// When what it records happened, for the chronology.
    pub occurred_at: Option<Timestamp>,
    /// The bytes served: original with id, meta and references spliced. Empty for a deletion.
    pub bytes: Vec<u8>,
    /// The edits that turn `bytes` back into the original, encoded.
    pub undo: Vec<u8>,
    /// SHA-256 of the original as received; an equal one means no new version is needed.
    pub original_hash: [u8; 32],
    /// What it can be searched by.
    pub index: Vec<IndexValue>,
    /// Other people's Patient ids that it names.
    pub mentions: Vec<ResourceId>,
    /// Whether this version says that the resource is deleted.
    pub deleted: bool,
}

/// One entry for one view. The commit computes its place in the chain and its commitment.
#[derive(Debug)]
pub struct NewEntry {
    /// The audience's chain.
    pub view: ViewId,
    /// The home whose key wraps the entry's key.
    pub home: HomeId,
    /// The operation that it belongs to: pages of one search share one.
    pub operation: [u8; 16],
    /// The record's Merkle root.
    pub root: Hash,
    /// The commitment's opening.
    pub opening: Opening,
    /// Opening, salts and record, sealed under the entry's key.
    pub sealed: Vec<u8>,
    /// The entry's key, wrapped under the home's key.
    pub wrapped_key: Vec<u8>,
    /// Why it is held back, if it is; it must then be alone in its chain.
    pub held: Option<HeldBack>,
}

/// That an entry is held back from the account that it belongs to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeldBack {
    /// The agency that holds it back.
    pub organisation: OrganisationId,
    /// The ground, as the law has it.
    pub ground: String,
    /// When it is opened, or must be looked at again.
    pub until: Timestamp,
    /// Into which chain it is told on that date; `None` where something else tells it.
    pub told: Option<ToldLater>,
}

/// Into which chain something is told that is held back to a date.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ToldLater {
    /// The chain.
    pub into: ViewId,
    /// Of whom it tells.
    pub person: PersonId,
}

/// What must still be as the decision saw it, or the commit is [`Stale`](crate::Error::Stale).
#[derive(Debug, Clone, Default)]
pub struct Expect {
    /// The version of the facts of each home.
    pub homes: Vec<(HomeId, u64)>,
    /// The hash of the policies in force; `None` where no decision was made.
    pub policy: Option<String>,
    /// The caller's token, which must not have been revoked; otherwise [`Revoked`](crate::Error::Revoked).
    pub token: Option<TokenId>,
    /// The worker, who must still be in post.
    pub worker: Option<WorkerId>,
}

/// What a commit did.
#[derive(Debug, Clone)]
pub struct Committed {
    /// One receipt per entry, in order.
    pub receipts: Vec<EntryReceipt>,
}

/// Where an entry came to stand, with the proof that the exchange promised to log it.
#[derive(Debug, Clone)]
pub struct EntryReceipt {
    /// The chain.
    pub view: ViewId,
    /// Its place in the chain.
    pub index: u64,
    /// The chain's time: never earlier than its predecessor's.
    pub time: Timestamp,
    /// The record root that the entry commits to.
    pub root: Hash,
    /// The signed promise.
    pub receipt: Receipt,
}

/// Uses that read rows without a decision; see [`policy::Internal`].
pub type Internals = policy::Internal;

/// A statement to be put into the log, with what goes with it in the same commit.
#[derive(Debug, Clone)]
pub struct NewStatement {
    /// What the exchange says.
    pub statement: Statement,
    /// Leaves that the log is known to have had, and that this copy of it lacks.
    pub leaves: Vec<Hash>,
}
