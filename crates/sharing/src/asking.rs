//! Who asks, through what, for what purpose: the part of a request that every use case shares.

use domain::{Caller, Purpose, TokenId};

/// A caller with a purpose. There is no default for either.
#[derive(Debug, Clone)]
pub struct Asking {
    /// Who asks.
    pub caller: Caller,
    /// The token or portal session that proved it; checked again at the commit.
    pub token: TokenId,
    /// Why they ask.
    pub purpose: Purpose,
    /// Their own words, where no event proves a relationship or in an emergency.
    pub reason: Option<String>,
    /// Through what the answer leaves.
    pub channel: Channel,
    /// The caller's key for this operation, so that a retry after an unknown outcome finds its
    /// own entry; already bound to the caller.
    pub idempotency: Option<[u8; 32]>,
}

impl Asking {
    /// The same caller asking for this purpose: whoever answers something does so for what it was sent for.
    #[must_use]
    pub fn for_purpose(&self, purpose: Purpose) -> Self {
        Self {
            purpose,
            ..self.clone()
        }
    }
}

/// Through what something was told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Channel {
    /// A system read it through the FHIR API.
    Api,
    /// Someone looked at a page.
    Page,
    /// Someone was told by telephone.
    Phone,
    /// Someone was told at a meeting.
    Meeting,
    /// Someone was sent it in writing, outside the exchange.
    Letter,
    /// Printed or exported.
    Export,
    /// A message between teams.
    Message,
    /// A record system takes it over as a routine, whoever looks at it later.
    Feed,
    /// The person read it where nobody else looks, as the issuer of their token vouches.
    Safe,
}

impl Channel {
    /// The word in records.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Api => "api",
            Self::Page => "page",
            Self::Phone => "phone",
            Self::Meeting => "meeting",
            Self::Letter => "letter",
            Self::Export => "export",
            Self::Message => "message",
            Self::Feed => "feed",
            Self::Safe => "safe",
        }
    }
}
