//! What is asked, of whom, for what purpose.

use std::collections::BTreeSet;

use domain::{Caller, Category, ItemId, Moment, OrganisationId, PartyId, PersonId, Purpose};
use schemars::JsonSchema;
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
    /// What of it, and how.
    pub asks: Asks,
}

/// What is asked for, and in what manner. The default asks for everything, to look at it.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Asks {
    /// How the facts name who asks, where that is not their id.
    pub party: Option<PartyId>,
    /// Only these categories; empty means all.
    pub categories: BTreeSet<Category>,
    /// Only these items; empty means all.
    pub items: BTreeSet<ItemId>,
    /// Only what was written from this moment.
    pub written_from: Option<Moment>,
    /// Only what was written before this moment.
    pub written_before: Option<Moment>,
    /// In what manner.
    pub manner: Manner,
    /// How urgently.
    pub urgency: Urgency,
    /// The agency that gives it of its own accord, where the holder shares rather than is asked.
    pub given_by: Option<OrganisationId>,
    /// Whether the person is reached in a way that nobody else looks at.
    pub safe_channel: bool,
    /// Whether it is established who asks; `None` where the token proves it.
    pub verified: Option<bool>,
    /// Whether the officer who asks showed the authority to do so.
    pub authorised: Option<bool>,
    /// When the session or token by which they ask was revoked.
    pub revoked: Option<Moment>,
    /// Whether they know the person privately.
    pub knows_privately: bool,
}

/// In what manner something is asked or shared.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Default,
    Serialize,
    Deserialize,
    JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Manner {
    /// Somebody looks.
    #[default]
    View,
    /// A routine bulk feed from system to system.
    Feed,
    /// Somebody wants to tell something and asks for nothing.
    Tell,
}

/// How urgently it is needed, which sets the clock of whoever must decide.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Default,
    Serialize,
    Deserialize,
    JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Urgency {
    /// In the ordinary course.
    #[default]
    Routine,
    /// Today.
    Urgent,
    /// For a discharge.
    Discharge,
    /// At once.
    Emergency,
}
