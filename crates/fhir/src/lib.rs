//! FHIR R4 in and out (<https://hl7.org/fhir/R4/>): reading without copying, edits in place,
//! references, subjects, search, index values, redaction and the answers we write.
//!
//! Everything here is a function of its arguments: no I/O, no clock, no randomness, no panics.

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
pub mod bundle;
pub mod capability;
pub mod consent;
pub mod definitions;
pub mod document;
pub mod events;
pub mod evidence;
pub mod fhirpath;
pub mod index;
pub mod invariants;
pub mod openapi;
pub mod outcome;
pub mod patch;
pub mod patient;
pub mod pretty;
pub mod profile;
pub mod redact;
pub mod references;
pub mod search;
pub mod splice;
pub mod types;
pub mod validate;

pub use document::{Document, Limits, parse};
pub use outcome::{Issue, IssueCode, Severity};
