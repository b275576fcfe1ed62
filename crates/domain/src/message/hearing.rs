//! Somebody who is to be heard about a planned decision, as the message by which the exchange asks them.
//!
//! It stands on a page of their own, if they have one, and comes to the team that plans when they could
//! not be reached or have said what they think.

use serde::{Deserialize, Serialize};

use crate::{PartyId, PersonId};

/// Who is asked, and about which decision. What came of it is kept with the facts of the person
/// ([`Hearing`](crate::arrangement::Hearing)).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ToBeHeard {
    /// The name of the decision.
    pub decision: String,
    /// Who is asked, as facts name them.
    pub party: PartyId,
    /// Who that is among those who sign in here; `None` where the exchange could not write to them.
    pub reads: Option<PersonId>,
}
