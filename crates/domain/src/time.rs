//! Instants, and the two sources that are never ambient: the clock and chance.

use std::fmt;

use serde::{Deserialize, Serialize};

/// An instant in microseconds since 1970 UTC, the precision at which the ledger orders events.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct Timestamp(pub i64);

impl Timestamp {
    /// Whether it lies in the time from one instant, which counts, to another, which does not;
    /// without the other there is no end.
    #[must_use]
    pub fn is_within(self, from: impl Into<Self>, until: Option<impl Into<Self>>) -> bool {
        from.into() <= self && until.is_none_or(|until| self < until.into())
    }

    /// Reads an RFC 3339 instant such as `2027-01-11T09:00:00Z`; `None` if it is not one.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let instant: jiff::Timestamp = text.parse().ok()?;
        Some(Self(instant.as_microsecond()))
    }

    /// The instant this many seconds later (or earlier, if negative).
    #[must_use]
    pub fn plus_seconds(self, seconds: i64) -> Self {
        Self(self.0.saturating_add(seconds.saturating_mul(1_000_000)))
    }

    /// As a library instant, for calendars and time zones; out of range becomes 1970.
    #[must_use]
    pub fn to_jiff(self) -> jiff::Timestamp {
        jiff::Timestamp::from_microsecond(self.0).unwrap_or(jiff::Timestamp::UNIX_EPOCH)
    }
}

/// FHIR `instant` with milliseconds, UTC (<https://hl7.org/fhir/R4/datatypes.html#instant>).
impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:.3}", self.to_jiff())
    }
}

/// Where the time comes from: the system in production, a settable clock in the demo and tests.
pub trait Clock: Send + Sync {
    /// The present instant.
    fn now(&self) -> Timestamp;
}

/// Where randomness comes from: the system in production, a seeded stream in tests.
pub trait Chance: Send + Sync {
    /// Fills the buffer with unpredictable bytes.
    fn fill(&self, buffer: &mut [u8]);
}

/// Draws `N` bytes from a source of chance.
pub fn draw<const N: usize>(chance: &dyn Chance) -> [u8; N] {
    let mut bytes = [0; N];
    chance.fill(&mut bytes);
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_instant_prints_as_fhir_writes_it() {
        let morning = Timestamp::parse("2027-01-11T09:00:00+01:00").unwrap();
        assert_eq!(morning.to_string(), "2027-01-11T08:00:00.000Z");
        assert_eq!(
            morning.plus_seconds(90).to_string(),
            "2027-01-11T08:01:30.000Z"
        );
    }

    #[test]
    fn a_date_without_a_time_is_not_an_instant() {
        assert_eq!(Timestamp::parse("2027-01-11"), None);
    }
}
