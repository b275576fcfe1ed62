//! One-time links for people without an account: what opens them.

use domain::{ResourceId, Timestamp};

/// What opens a one-time link. What it is for is a [`Fact`](domain::Fact) under the same id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewInvitation {
    /// Its id.
    pub id: ResourceId,
    /// The Patient of whose person it is.
    pub subject: ResourceId,
    /// SHA-256 of the link.
    pub link: [u8; 32],
    /// A keyed digest of the link and the code that is spoken.
    pub code: [u8; 32],
}

/// A one-time link as it stands. It shows nothing of anybody's record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredInvitation {
    /// Its id.
    pub id: ResourceId,
    /// The Patient of whose person it is.
    pub subject: ResourceId,
    /// SHA-256 of the link.
    pub link: [u8; 32],
    /// A keyed digest of the link and the code that is spoken.
    pub code: [u8; 32],
    /// How many codes were tried before the right one.
    pub tries: u32,
    /// SHA-256 of what the browser holds that opened it, and when; `None` while nobody has.
    pub opened: Option<([u8; 32], Timestamp)>,
}
