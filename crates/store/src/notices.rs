//! Mail that says that there is something to read: who wishes it, and what waits to be sent.

use domain::{PersonId, ResourceId, Timestamp};

/// Where somebody wishes to be told that there is something to read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoticeAddress {
    /// Who.
    pub person: PersonId,
    /// The address, sealed under the key of their home; `None` once they stopped.
    pub sealed: Option<Vec<u8>>,
    /// What the code that was mailed there is made from.
    pub draw: [u8; 16],
    /// When that code was asked for.
    pub asked_at: Timestamp,
    /// Since when codes are counted.
    pub day: Timestamp,
    /// How many codes were asked for since then.
    pub asks: u32,
    /// How many codes were tried since the last was asked for.
    pub tries: u32,
    /// When the address was confirmed.
    pub confirmed_at: Option<Timestamp>,
    /// When the relay said for good that it takes no mail for it.
    pub refused_at: Option<Timestamp>,
    /// The row's version: 0 for one that is new.
    pub version: u32,
}

/// A mail that waits to be sent. Where to is looked up when it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// Its id.
    pub id: [u8; 16],
    /// Whom it tells.
    pub person: PersonId,
    /// The message that they are to read; `None` if it brings the code that confirms an address.
    pub about: Option<ResourceId>,
    /// When it was written.
    pub made_at: Timestamp,
    /// When it is to be sent.
    pub due: Timestamp,
    /// How often it was tried.
    pub tries: u32,
}
