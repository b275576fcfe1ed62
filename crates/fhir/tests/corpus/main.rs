//! The crate against public FHIR data and against damage.

mod data;
mod examples;
mod malformed;
mod mutated;
mod synthea;
