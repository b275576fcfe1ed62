//! The use cases: what people and agencies do with Candour, each told as the story of what happens.
//!
//! A use case takes values in and gives values back. It reads one snapshot, lets `policy` decide,
//! commits what happened together with its ledger entries, and only then lets go of a byte.

pub mod account;
pub mod acting;
pub mod agreements;
mod alias;
pub mod asking;
mod attempt;
pub mod audit;
pub mod context;
pub mod contribute;
pub mod directory;
pub mod disclose;
pub mod epoch;
pub mod erase;
pub mod error;
pub mod event;
pub mod find;
pub mod held;
pub mod identity;
pub mod ids;
pub mod in_force;
pub mod invitation;
pub mod involved;
pub mod kept;
pub mod keys;
mod knowing;
pub mod log;
mod logged;
pub mod messages;
pub mod notices;
mod opening;
pub mod pack;
pub mod quality;
pub mod reconcile;
pub mod recover;
pub mod restrict;
pub mod rotate;
pub mod say;
pub mod screened;
pub mod settle;
pub mod spoken;
mod third_parties;
pub mod town;
mod whose;
pub mod wishes;

pub use account::account;
pub use asking::{Asking, Channel};
pub use context::Context;
pub use contribute::contribute;
pub use disclose::{Answer, Target, disclose};
pub use error::Error;
pub use find::find;
pub use in_force::InForce;
pub use pack::{PackAsk, pack};
/// A case written down as JSON, and decided without a store.
pub use policy::document as written;
pub use policy::explain::{because_to_person, because_to_practitioner};
pub use policy::labeller::Labeller;
pub use policy::{Decision, Facts, Ground, Policies, Rule, Telling, Visibility, Withheld};
