//! What is asked, of whom, for what purpose.

use domain::{Caller, PersonId, Purpose};
use serde::{Deserialize, Serialize};

/// A request for one person's record. Purpose is not optional: a request without one is never
/// built, so nothing downstream can default it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Request {
    /// Who asks.
    pub caller: Caller,
    /// Whose record.
    pub person: PersonId,
    /// Why.
    pub purpose: Purpose,
    /// The caller's own words, where an event does not prove a relationship or in an emergency.
    pub reason: Option<String>,
}
