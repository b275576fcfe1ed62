//! The tamper-evident log: its formats, its mathematics, and nothing else.
//!
//! A disclosure becomes a [`Record`] of salted fields, sealed under its own key. Its root is
//! committed to in every view chain that may see it ([`Link`], [`Head`]). The commitments of all
//! chains are the leaves of one global Merkle log ([`Frontier`], [`tiles`]), whose signed
//! [`Checkpoint`] anyone can hold the operator to; until the next checkpoint covers it, the
//! recipient holds a [`Receipt`]. At each [`Epoch`] a [`Map`] fixes where every chain stood, and
//! witnesses cosign what they saw. What the exchange says of itself is a [`Statement`]. A [`Pack`] is all of this for one view, in one file, and
//! [`pack::verify`] is what anyone can do with it. An [`audit::Audit`] is who claims each leaf of
//! the log, for whoever is trusted with that.
//!
//! Nothing here reads a clock, draws randomness or does I/O: keys, salts, nonces and times are
//! arguments, so that any moment can be replayed. Nothing here knows what the log is about.
//! `docs/reference/entry-v1.md` and `pack-v1.md` describe every format in full, with worked examples.
#![cfg_attr(
    not(test),
    deny(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::panic,
        clippy::indexing_slicing
    )
)]

pub mod audit;
mod bytes;
pub mod chain;
pub mod checkpoint;
pub mod cosignature;
pub mod epoch;
pub mod hash;
pub mod head_code;
pub mod key;
pub mod map;
pub mod note;
pub mod order;
pub mod pack;
pub mod proof;
pub mod receipt;
pub mod record;
pub mod seal;
pub mod statement;
pub mod tiles;
pub mod tree;
pub mod vrf;
pub mod witness;

pub use chain::{Head, Link, Opening, ViewId};
pub use checkpoint::{Checkpoint, CheckpointError};
pub use cosignature::{WitnessKey, WitnessPublicKey};
pub use epoch::Epoch;
pub use hash::{Hash, NotAHash};
pub use head_code::{HeadCode, NotAHeadCode};
pub use key::{KeyError, LogKey, LogPublicKey};
pub use map::{Map, Position, TwoLeaves, map_leaf, map_opening, map_root};
pub use note::{NoteError, NoteSignature, SignedNote};
pub use order::mix;
pub use pack::{Pack, PackError, Report, Trust, Verdict};
pub use proof::{
    ProofError, SourceError, consistency_proof, inclusion_proof, verify_consistency,
    verify_inclusion,
};
pub use receipt::{Batch, Receipt, ReceiptError, SignedBatch};
pub use record::{Field, FieldProof, Record, RecordError, Salts, verify_field};
pub use seal::{
    EntryKey, HomeKey, OpenedEntry, RootKey, SealError, SealedEntry, open, open_entry, seal,
    seal_entry,
};
pub use statement::{Says, Statement};
pub use tiles::Tile;
pub use tree::{Frontier, NodeId, leaf_hash, node_hash};
pub use vrf::{VrfError, VrfKey, VrfProof, VrfPublicKey};
