//! The FHIR API as its clients meet it: the settled town behind the real router and a real store.

mod account;
mod actor;
mod addresses;
mod answer;
mod batches;
mod bodies;
mod bundles;
mod contents;
mod directory;
mod entrance;
mod examples;
mod finding;
mod hall;
mod interactions;
mod linked;
mod log;
mod morag;
mod owning;
mod packs;
mod paging;
mod ratchet;
mod searching;
mod transactions;
mod versions;
mod withheld;
mod writing;
