//! The decision: may this be told, to whom, for what purpose, and why.
//!
//! [`decide`] is a pure function of a [`Request`], the [`Facts`] about one person, the local
//! [`Policies`] and the time. It evaluates every gate, law first and local policy after, once per
//! label class, and answers with a [`Decision`] that explains itself. Only this crate can make a
//! [`Permit`], and nothing in the store opens someone's record without one.

#![cfg_attr(
    not(test),
    deny(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::panic,
        clippy::indexing_slicing
    )
)]

mod addressed;
pub mod alarm;
mod basis;
mod case;
pub mod challenge;
mod decide;
pub mod decision;
pub mod document;
pub mod explain;
pub mod facts;
mod gates;
mod knowing;
pub mod labeller;
mod obligations;
mod outside;
pub mod permit;
mod policies;
mod readers;
pub mod refusal;
mod relationship;
pub mod request;
mod tally;
mod visit;
mod would_open;

pub use addressed::{
    Addressed, Parties, addressed, answered_by_link, challenged_by, heard_by_link, written_by,
};
pub use decide::{RULES_VERSION, decide};
pub use decision::{
    Answer, Basis, Because, ClassOutcome, Counterfactual, Decision, Gate, GateFinding, GateRuling,
    Ground, Obligation, Referral, Telling, Visibility, Withheld,
};
pub use facts::{Cell, DigestedFacts, Facts, Given};
pub use gates::pauses::can_wait;
pub use knowing::{Labelled, may_know_of};
pub use outside::is_unseen;
pub use permit::{Internal, Mask, Permit};
pub use policies::{CareAreas, LoadError, Policies, Rule};
pub use readers::{Earlier, Reader, ReadsAs, When, is_watched, person_reading, representatives};
pub use request::{Asks, Manner, Request, Urgency};
pub use visit::visits;
pub use would_open::would_open;
