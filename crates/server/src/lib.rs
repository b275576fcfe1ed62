//! The `candour` program: configuration, HTTP and pages over the use cases.

pub mod portal;
