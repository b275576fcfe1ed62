//! The crate against public FHIR data and against damage.

mod data;
mod examples;
mod invariants;
mod malformed;
mod mutated;
mod synthea;
