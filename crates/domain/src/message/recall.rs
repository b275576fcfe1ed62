//! What somebody was told is taken back from them: why, and how they know what it was.

use serde::{Deserialize, Serialize};

use crate::message::Fault;
use crate::{Category, ResourceId, Timestamp};

/// That one who was told something is asked to give it up, and to say when they have.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recall {
    /// The note, or the challenge, on which it rests.
    pub of: ResourceId,
    /// Who was told, as the person's account names them.
    pub told: String,
    /// When they were told.
    pub told_at: Timestamp,
    /// What of it they give up; empty where nothing says what it was about.
    pub what: Vec<Category>,
    /// In what way it was wrong.
    pub how: Fault,
    /// Whether somebody who took no part in it found that it should not have been shared: then it is
    /// destroyed or given back. Else it is struck out.
    pub found: bool,
}
