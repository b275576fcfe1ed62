//! Who is who in a file of people: `candour match`, from the bytes of a file to pairs, clusters and
//! a report. The engine is the crate `linkage`; here is what stands around it.
//!
//! [`source`] reads whatever kind of file it is into a [`table::Table`], putting rows aside that
//! cannot be right. [`guess`] says what each column holds, [`people`] turns rows into records for
//! the engine, [`job`] has them matched, and [`outputs`], [`waterfall`] and [`report`] tell what
//! came of it. [`quality`] asks what is odd about the data; [`measure`] holds the result against a
//! truth, where there is one; [`splink`] reads a model that Splink saved; [`generate`] invents people to try all of it with.

mod abroad;
pub mod delimited;
pub mod fairness;
pub mod generate;
pub mod guess;
mod halves;
pub mod job;
pub mod mapping;
pub mod measure;
pub mod ndjson;
pub mod outputs;
pub mod people;
pub mod quality;
pub mod report;
pub mod roles;
pub mod source;
pub mod splink;
pub mod table;
pub mod text;
pub mod values;
pub mod waterfall;
