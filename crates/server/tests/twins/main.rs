//! Twin worlds: two towns that differ only in what a caller may not know of answer that caller
//! equally, byte for byte. A store that reads past its mask is caught (`broken`).
//!
//! Equal means: status, headers, body, order, totals, links and ids, once receipts and sealed
//! places are replaced by their lengths. The clock stands still, and each request draws its chance
//! from (seed, number of the request) in both worlds.
//!
//! Three things are told by right and so are no part of the worlds' difference: in an emergency, who
//! holds what is locked; to whoever must protect somebody, who holds what is very restricted; and
//! that a person said no, whatever the Consent that records it is labelled.

mod ask;
mod asks;
mod broken;
mod caller;
mod generated;
mod hidden;
mod kept;
mod known;
mod pages;
mod pointing;
#[path = "../api/premises.rs"]
mod premises;
mod stories;
mod twins;
mod world;
mod writes;
