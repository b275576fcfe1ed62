//! Who is this person: everybody in memory, kept as the store has them, and searched by what
//! somebody says of a person (`$match`).

pub(crate) mod accounts;
mod ask;
mod breach;
mod deciding;
mod describe;
mod index;
mod keeping;
pub(crate) mod links;
pub mod stewards;
mod told;

pub use ask::{Ask, Matched, MatchedPerson, find_match};
pub use describe::describe;
pub use index::{Likely, LiveIndex};
pub use keeping::indexed;
pub use told::{Band, Told, ToldStep};
