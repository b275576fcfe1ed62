//! The crate against public FHIR data and against damage.

mod data;
mod examples;
mod malformed;
mod synthea;
