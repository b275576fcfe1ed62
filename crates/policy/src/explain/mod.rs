//! Saying what was decided: message ids with arguments, put into words last.
//!
//! Everything that a person can read is worded in one file per language ([`english`]); nothing
//! else in this crate holds a sentence.

pub(crate) mod english;
