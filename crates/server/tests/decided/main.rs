//! The cases beside the local policies, asked of the real server: each world is set up in one running
//! exchange, the facts are said over HTTP, and whoever asks in the case asks over HTTP. What comes
//! back must be what `candour decide` says of the same case.

mod acting;
mod ages;
#[expect(
    dead_code,
    reason = "shared with the tests of the API, which use all of it"
)]
#[path = "../api/answer.rs"]
mod answer;
mod cases;
mod consents;
mod feeds;
mod inspection;
mod policies;
#[expect(
    dead_code,
    reason = "shared with the tests of the API, which use all of it"
)]
#[path = "../api/premises.rs"]
mod premises;
mod sixteen;
mod staging;
mod visit;
mod world;
