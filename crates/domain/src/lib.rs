//! The words Candour thinks in: people, agencies, purposes, relationships, labels, wishes and
//! messages.
//!
//! Every other crate speaks of care through these types. Nothing here does I/O, reads a clock or
//! draws randomness: time and chance arrive as arguments ([`Clock`], [`Chance`]), so that any
//! decision can be replayed.

#![cfg_attr(
    not(test),
    deny(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::panic,
        clippy::indexing_slicing
    )
)]

pub mod agency;
pub mod arrangement;
pub mod authority;
pub mod calendar;
pub mod caller;
pub mod circumstances;
mod coded;
pub mod consent;
pub mod ids;
pub mod invitation;
pub mod label;
pub mod message;
pub mod moment;
pub mod own_words;
pub mod person;
pub mod purpose;
pub mod quarter;
pub mod reach;
pub mod relationship;
pub mod restriction;
pub mod time;
pub mod wishes;

pub use agency::{Duty, Organisation, OrganisationKind, Remit, Role, Team, Worker};
pub use caller::{Assurance, Caller, Capacity};
pub use circumstances::{Apart, Circumstances, Fact};
pub use ids::{
    ClassId, HomeId, ItemId, OrganisationId, PartyId, PersonId, ResourceId, RowKey, TeamId,
    TokenId, WorkerId,
};
pub use invitation::{Answers, Invitation, Opens, OutsiderKind};
pub use label::{Category, Confidentiality, Evidence, LabelClass, Sensitivity};
pub use moment::{BirthDate, Moment};
pub use person::{Matter, MentalCapacity, PersonFacts};
pub use purpose::{Purpose, UnknownPurpose};
pub use reach::Reach;
pub use relationship::{Relationship, RelationshipKind};
pub use time::{Chance, Clock, Timestamp};
pub use wishes::{Audience, Bar, Lock, Objection, Scope};
