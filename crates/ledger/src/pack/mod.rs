//! The evidence pack: one view's whole list of entries with everything that proves it, in one file
//! that anyone can check offline, without an account and without trust in whoever made it.
//!
//! `docs/reference/pack-v1.md` describes the file to the byte and every step of its verification.

pub(crate) mod encoding;
pub mod held;
mod report;
mod stated;
mod times;
mod trust;
mod verify;
pub(crate) mod words;

use crate::chain::{Head, Opening, ViewId};
use crate::epoch::Epoch;
use crate::hash::Hash;
use crate::key::LogPublicKey;
use crate::note::SignedNote;
use crate::record::{Field, Record, Salts, bind_count, leaf};
use crate::statement::Statement;
use crate::tree::MemoryTree;
use crate::vrf::VrfProof;

pub use encoding::PackError;
pub use held::HeldEntry;
pub use report::{Finding, Outcome, Report, Step, Verdict};
pub use trust::Trust;
pub use verify::verify;

/// The field by which a later entry says that an earlier one was erased: the commitment of the
/// erased entry in lower-case hexadecimal.
pub const ERASES: &str = "erases";

/// The field by which an entry opens one that was held back: the id of the chain in which that
/// stood, in lower-case hexadecimal; empty where it opens none.
pub const OPENS: &str = "opens";

/// One view's list of entries, with its proofs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pack {
    /// The log's key, as whoever made the pack names it; to be compared with the published one.
    pub log_key: LogPublicKey,
    /// Which view.
    pub view: ViewId,
    /// The checkpoint to which all proofs lead, with the witnesses' cosignatures.
    pub checkpoint: SignedNote,
    /// Checkpoints before it, smallest first.
    pub earlier: Vec<EarlierCheckpoint>,
    /// Where the view stood at some epochs, oldest first.
    pub epochs: Vec<EpochProof>,
    /// Every link of the view's chain, from 0.
    pub links: Vec<PackLink>,
    /// What was held back until links opened it, in their order.
    pub held: Vec<HeldEntry>,
    /// What the exchange said of itself until the checkpoint, in the order of the log.
    pub statements: Vec<StatementProof>,
}

/// What the exchange said of itself, and where in the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatementProof {
    /// The statement.
    pub statement: Statement,
    /// Its leaf in the log.
    pub place: LogPlace,
}

/// A checkpoint before the pack's own, and the proof that the log only grew since.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EarlierCheckpoint {
    /// The checkpoint as it was published.
    pub checkpoint: SignedNote,
    /// The consistency proof from it to the pack's checkpoint.
    pub consistency: Vec<Hash>,
}

/// Where the view stood at one epoch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EpochProof {
    /// The epoch.
    pub epoch: Epoch,
    /// Its leaf in the log.
    pub place: LogPlace,
    /// The proof of the view's position in the map.
    pub position: VrfProof,
    /// Length and head of the view's chain at that moment.
    pub head: Head,
    /// The opening of the view's leaf in the map.
    pub opening: Opening,
    /// The path in the map, from the root down.
    pub path: Vec<Hash>,
}

/// One link of the chain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PackLink {
    /// What the log holds.
    pub commitment: Hash,
    /// What it commits to.
    pub content: Content,
    /// Where in the log it stands; `None` if it is younger than the checkpoint.
    pub place: Option<LogPlace>,
}

/// What a link commits to, as far as it is shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Content {
    /// It opens.
    Open {
        /// When it was committed: microseconds since 1970-01-01T00:00:00Z.
        time_us: i64,
        /// The secret that opens the commitment.
        opening: Opening,
        /// The fields of its record, all of them, in order of name.
        fields: Vec<PackField>,
    },
    /// Its key was deleted: nobody can open it any more. A later entry must say so.
    Erased,
}

/// One field of a record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PackField {
    /// The field, and the salt that opens it.
    Shown {
        /// Name and value.
        field: Field,
        /// Its salt.
        salt: [u8; 16],
    },
    /// The field's leaf alone, and why.
    Withheld {
        /// The hash that stands for it in the record.
        leaf: Hash,
        /// Why it is not shown.
        reason: Reason,
    },
}

/// Why a field is withheld. It is the word of whoever made the pack: no proof covers it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum Reason {
    /// It speaks of somebody else.
    ThirdParty = 1,
    /// It names a member of staff whom naming would endanger.
    StaffSafety = 2,
    /// A law or a court forbids it.
    Law = 3,
    /// The person asked for it to be left out, to show the pack to others.
    Choice = 4,
    /// It names a member of staff who was refused: the agency's privacy officer says who, if asked.
    OnRequest = 5,
}

/// A place in the log, and the path from it to the root.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogPlace {
    /// Which leaf.
    pub index: u64,
    /// The inclusion proof.
    pub path: Vec<Hash>,
}

impl Reason {
    /// Every reason.
    pub const ALL: [Reason; 5] = [
        Reason::ThirdParty,
        Reason::StaffSafety,
        Reason::Law,
        Reason::Choice,
        Reason::OnRequest,
    ];

    /// The reason in words, after "not shown:".
    pub fn words(self) -> &'static str {
        match self {
            Reason::ThirdParty => "it speaks of somebody else",
            Reason::StaffSafety => "naming this member of staff would endanger them",
            Reason::Law => "the law or a court forbids it",
            Reason::Choice => "the person asked for it to be left out",
            Reason::OnRequest => "the agency's privacy officer says who it was, if asked",
        }
    }
}

impl PackField {
    /// All fields of a record; `withhold` gives the reason for those that stay closed.
    pub fn of_record(
        record: &Record,
        salts: &Salts,
        withhold: impl Fn(&Field) -> Option<Reason>,
    ) -> Vec<PackField> {
        let show = |field: &Field| {
            let salt = salts.salt(&field.name);
            match withhold(field) {
                None => PackField::Shown {
                    field: field.clone(),
                    salt,
                },
                Some(reason) => PackField::Withheld {
                    leaf: leaf(&salt, field),
                    reason,
                },
            }
        };
        record.fields().iter().map(show).collect()
    }

    /// The hash that stands for the field in its record.
    pub fn leaf(&self) -> Hash {
        match self {
            PackField::Shown { field, salt } => leaf(salt, field),
            PackField::Withheld { leaf, .. } => *leaf,
        }
    }
}

impl Content {
    /// The value of a field, if it is shown.
    pub fn shown(&self, name: &str) -> Option<&[u8]> {
        let Content::Open { fields, .. } = self else {
            return None;
        };
        fields.iter().find_map(|field| match field {
            PackField::Shown { field, .. } if field.name == name => Some(field.value.as_slice()),
            _ => None,
        })
    }
}

impl Pack {
    /// The chain's state before the first link and after each: one more than there are links.
    pub fn heads(&self) -> Vec<Head> {
        let mut heads = vec![Head::EMPTY];
        let mut head = Head::EMPTY;
        for link in &self.links {
            head = head.append(&link.commitment);
            heads.push(head);
        }
        heads
    }

    /// The chain's state after the last link.
    pub fn head(&self) -> Head {
        let links = self.links.iter();
        links.fold(Head::EMPTY, |head, link| head.append(&link.commitment))
    }
}

/// The root of the record that has these fields.
pub fn record_root(fields: &[PackField]) -> Hash {
    let leaves: Vec<Hash> = fields.iter().map(PackField::leaf).collect();
    // Decoding allows no more fields than the count can say.
    bind_count(leaves.len() as u16, &MemoryTree::new(leaves).root())
}
