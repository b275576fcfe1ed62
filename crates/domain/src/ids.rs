//! Identifiers, one type each, so that a home can never be passed where a person is meant.
//!
//! Identifiers of anything about a person are random. They carry no time, no sequence and no
//! agency, because a time-ordered id would date a protected identity.

use std::fmt;
use std::str::FromStr;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Crockford's base 32, lower case: no `i`, `l`, `o` or `u`, so an id survives being read aloud.
const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

/// How many characters sixteen bytes take in base 32.
const TEXT_LEN: usize = 26;

fn to_text(bytes: [u8; 16]) -> String {
    let value = u128::from_be_bytes(bytes);
    (0..TEXT_LEN)
        .rev()
        .map(|place| {
            let digit = (value >> (place * 5)) & 31;
            let letter = ALPHABET.get(digit as usize).copied().unwrap_or(b'0');
            char::from(letter)
        })
        .collect()
}

fn from_text(text: &str) -> Option<[u8; 16]> {
    if text.len() != TEXT_LEN {
        return None;
    }
    let mut value: u128 = 0;
    for (place, letter) in text.bytes().enumerate() {
        let digit = ALPHABET.iter().position(|known| *known == letter)? as u128;
        // 26 digits carry 130 bits: the first may only use its low three.
        if place == 0 && digit > 7 {
            return None;
        }
        value = (value << 5) | digit;
    }
    Some(value.to_be_bytes())
}

/// The text is not an identifier that this exchange issued.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NotAnId;

impl fmt::Display for NotAnId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not an identifier of this exchange")
    }
}

impl std::error::Error for NotAnId {}

macro_rules! opaque_id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(into = "String", try_from = "String")]
        pub struct $name(pub [u8; 16]);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&to_text(self.0))
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), self)
            }
        }

        impl FromStr for $name {
            type Err = NotAnId;
            fn from_str(text: &str) -> Result<Self, NotAnId> {
                from_text(text).map(Self).ok_or(NotAnId)
            }
        }

        impl TryFrom<String> for $name {
            type Error = NotAnId;
            fn try_from(text: String) -> Result<Self, NotAnId> {
                text.parse()
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> String {
                id.to_string()
            }
        }
    };
}

opaque_id! {
    /// Where a person's rows live: placement only, given at ingest and never changed by a link.
    HomeId
}
opaque_id! {
    /// One human being as Candour presently understands them: a set of subjects.
    PersonId
}
opaque_id! {
    /// A resource's logical id on the wire; for a `Patient` it is also the subject's id.
    ResourceId
}

impl HomeId {
    /// The home of directory and definition resources, which concern no person.
    pub const DIRECTORY: HomeId = HomeId([0; 16]);
}

macro_rules! named_id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(
            Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
        )]
        #[serde(transparent)]
        pub struct $name(String);

        impl $name {
            /// Takes the id as the directory spells it.
            pub fn new(text: impl Into<String>) -> Self {
                Self(text.into())
            }

            /// The id as the directory spells it.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl From<&str> for $name {
            fn from(text: &str) -> Self {
                Self(text.to_owned())
            }
        }
    };
}

named_id! {
    /// An agency's short name in the directory, such as `northburn-social-work`.
    OrganisationId
}
named_id! {
    /// A member of staff in the directory, unique across agencies.
    WorkerId
}
named_id! {
    /// A team, ward, practice or duty desk within an agency.
    TeamId
}
named_id! {
    /// Somebody whom the facts name, in whatever capacity: a relative, a representative, a worker.
    PartyId
}
named_id! {
    /// One item of a record as the facts name it: a resource's id, or a name in a written case.
    ItemId
}
named_id! {
    /// A bearer token's `jti`, by which it can be revoked.
    TokenId
}

/// A time-ordered key that keeps a store's rows in the order they came; never leaves the store.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct RowKey(pub i64);

/// An interned [`LabelClass`](crate::LabelClass).
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
pub struct ClassId(pub i32);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_reads_back_as_it_was_written() {
        let id = ResourceId([0xff, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 0xfe]);
        assert_eq!(id.to_string(), "7z000g40r40m30e209185gr3fy");
        assert_eq!(id.to_string().parse::<ResourceId>(), Ok(id));
        assert_eq!(id.to_string().len(), 26);
    }

    #[test]
    fn a_contributors_own_id_is_not_taken_for_ours() {
        for foreign in [
            "79a66c97-6131-3213-f3c9-4606946ab056",
            "1",
            "",
            "zzzzzzzzzzzzzzzzzzzzzzzzzz",
        ] {
            assert_eq!(foreign.parse::<ResourceId>(), Err(NotAnId), "{foreign}");
        }
    }
}
