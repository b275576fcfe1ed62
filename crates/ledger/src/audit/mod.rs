//! The audit: every leaf of the log, and who claims it.
//!
//! A person proves their own list; nobody's list proves that the log holds nothing else. So whoever
//! audits an exchange gets every chain with its openings and with the roots of its records, but
//! without the records: enough to see that each leaf stands for one entry of one list, for one epoch
//! or for one statement, and of what is held back how much, by whom, on which ground and how long.
//!
//! `docs/reference/audit-v1.md` describes the file and each step of its verification.

mod counts;
mod encoding;
mod verify;

use crate::chain::{Opening, ViewId};
use crate::epoch::Epoch;
use crate::hash::Hash;
use crate::key::LogPublicKey;
use crate::note::SignedNote;
use crate::pack::{PackField, Reason, record_root};
use crate::record::{Record, Salts};
use crate::statement::Statement;

pub use counts::{Age, Counted, Held, HeldCounts, NotShownBelow};
pub use encoding::AuditError;
pub use verify::{AuditFinding, AuditReport, AuditStep, verify};

/// The field in which an entry that is held back says on which ground.
pub const GROUND: &str = "held-ground";

/// The field in which an entry that is held back says until when: microseconds since 1970, in
/// decimal.
pub const UNTIL: &str = "held-until";

/// The field that names the agency which wrote an entry.
pub const ORGANISATION: &str = "organisation";

/// The fields that an auditor sees, where they say something; no other field of any record.
pub const SEEN: [&str; 5] = [
    crate::pack::ERASES,
    crate::pack::OPENS,
    GROUND,
    UNTIL,
    ORGANISATION,
];

/// The whole log with everything that claims its leaves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Audit {
    /// The log's key, as whoever made the audit names it; to be compared with the published one.
    pub log_key: LogPublicKey,
    /// The checkpoint over the leaves, with the witnesses' cosignatures.
    pub checkpoint: SignedNote,
    /// Every leaf of the log, in its order.
    pub leaves: Vec<Hash>,
    /// Every epoch, with the leaf that it claims.
    pub epochs: Vec<(u64, Epoch)>,
    /// Every chain.
    pub chains: Vec<AuditedChain>,
    /// What the exchange said of itself, each with the leaf that it claims, in the order of the log.
    pub statements: Vec<(u64, Statement)>,
}

/// One chain, from its first link on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditedChain {
    /// Whose eyes it is for.
    pub audience: Audience,
    /// Its view.
    pub view: ViewId,
    /// Its links.
    pub links: Vec<AuditedLink>,
}

/// Whose eyes a chain is for, as far as an auditor must know.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub enum Audience {
    /// A person, or whoever reads in their place.
    Person = 1,
    /// Nobody's yet: one entry that is held back, or was.
    Held = 2,
    /// An agency: its searches that met nobody.
    Organisation = 3,
}

/// One link of a chain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditedLink {
    /// What the chain holds.
    pub commitment: Hash,
    /// The leaf that it claims; `None` while it waits for the log.
    pub leaf: Option<u64>,
    /// What opens the commitment; `None` if the entry was erased.
    pub opened: Option<AuditedEntry>,
}

/// What opens a commitment, without what it is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditedEntry {
    /// When it was committed: microseconds since 1970-01-01T00:00:00Z.
    pub time_us: i64,
    /// The secret that opens the commitment.
    pub opening: Opening,
    /// The record, closed but for what concerns the auditor.
    pub record: AuditedRecord,
}

/// A record as an auditor sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AuditedRecord {
    /// Its root alone.
    Closed(Hash),
    /// All its fields, those of [`SEEN`] shown and the others as their leaves.
    Fields(Vec<PackField>),
}

impl Audience {
    /// Every audience.
    pub const ALL: [Audience; 3] = [Audience::Person, Audience::Held, Audience::Organisation];

    /// What its chains are called.
    pub fn words(self) -> &'static str {
        match self {
            Audience::Person => "list",
            Audience::Held => "entry held back",
            Audience::Organisation => "agency's chain",
        }
    }
}

impl AuditedRecord {
    /// A record, closed but for what concerns the auditor.
    pub fn of(record: &Record, salts: &Salts) -> AuditedRecord {
        let says = |name: &&str| record.get(name).is_some_and(|value| !value.is_empty());
        // Who wrote an entry is the auditor's business only if it holds something back.
        let marks = [crate::pack::ERASES, crate::pack::OPENS, GROUND];
        if !marks.iter().any(says) {
            return AuditedRecord::Closed(record.root(salts));
        }
        AuditedRecord::Fields(PackField::of_record(record, salts, |field| {
            let seen = SEEN.contains(&field.name.as_str());
            (!seen).then_some(Reason::ThirdParty)
        }))
    }

    /// The root of the record.
    pub fn root(&self) -> Hash {
        match self {
            AuditedRecord::Closed(root) => *root,
            AuditedRecord::Fields(fields) => record_root(fields),
        }
    }

    /// A field that the auditor sees, if it says something.
    pub fn seen(&self, name: &str) -> Option<&[u8]> {
        let AuditedRecord::Fields(fields) = self else {
            return None;
        };
        fields.iter().find_map(|field| match field {
            PackField::Shown { field, .. } if field.name == name && !field.value.is_empty() => {
                Some(field.value.as_slice())
            }
            _ => None,
        })
    }
}

impl AuditedLink {
    /// A field that the auditor sees, if the entry opens and the field says something.
    fn seen(&self, name: &str) -> Option<&[u8]> {
        self.opened.as_ref()?.record.seen(name)
    }
}
