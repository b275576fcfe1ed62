//! Gate 0: the request concerns the person whose facts were read.
//!
//! Purpose and capacity cannot be missing here: [`Request`](crate::Request) cannot be built
//! without them, so an incomplete request is rejected before anything is decided.

use crate::case::Case;
use crate::decision::Ground;
use crate::gates::{Finding, Refusal};

/// Refuses, as for a person who does not exist, when the facts are about somebody else.
pub(crate) fn find(case: &Case<'_>) -> Finding {
    if case.request.person == case.facts.person {
        Finding::Silent
    } else {
        Finding::Refuses(Refusal::hidden(Ground::IdentityDoubt))
    }
}
