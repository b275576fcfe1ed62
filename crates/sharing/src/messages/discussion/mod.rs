//! Discussions between agencies about whether somebody is safe (inter-agency referral discussions):
//! opening one, filling in one's own agency's block, dissenting, and writing down what is decided.
//!
//! Who may read it are the teams that were asked in. What one agency says is told to the others, so
//! each statement stands in the person's account, or is held from it as the discussion is.

mod open;
mod speak;

pub use open::{Open, may_open, open};
pub use speak::{Conclude, Name, conclude, contribute, dissent, name};
