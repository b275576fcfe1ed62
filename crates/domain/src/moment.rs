//! Instants and dates as people write them in facts.

use std::borrow::Cow;
use std::fmt;

use jiff::Zoned;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use crate::Timestamp;

/// The time zone in which birthdays and dates without a time are reckoned.
const HERE: &str = "Europe/London";

/// An instant as it is written in facts: `2027-01-11T09:00:00Z`, with any offset, or a date alone,
/// which means the first moment of that day in Scotland.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Moment(pub Timestamp);

impl Moment {
    /// Reads an instant or a date; `None` if the text is neither.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        if let Some(instant) = Timestamp::parse(text) {
            return Some(Self(instant));
        }
        // A date with a time and no offset is not guessed at.
        (text.len() == 10)
            .then(|| text.parse().ok())
            .flatten()
            .map(start_of)
            .map(Self)
    }
}

impl From<Moment> for Timestamp {
    fn from(moment: Moment) -> Self {
        moment.0
    }
}

impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0.to_jiff())
    }
}

impl Serialize for Moment {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Moment {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = Cow::<'de, str>::deserialize(deserializer)?;
        Self::parse(&text).ok_or_else(|| {
            de::Error::custom(format!(
                "`{text}` is not an instant such as `2027-01-11T09:00:00Z` nor a date such as \
                 `2027-01-11`"
            ))
        })
    }
}

impl JsonSchema for Moment {
    fn schema_name() -> Cow<'static, str> {
        "Moment".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": "string",
            "description": "An instant with its offset, such as 2027-01-11T09:00:00Z, or a date, \
                            which means the first moment of that day in Scotland.",
            "pattern": r"^\d{4}-\d{2}-\d{2}([Tt ].+)?$"
        })
    }
}

/// Somebody's birth date.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct BirthDate(pub Date);

impl BirthDate {
    /// The instant at which this age is attained: the beginning of that birthday where the person
    /// is; somebody born on 29 February attains it on 1 March in other years (Age of Legal Capacity
    /// (Scotland) Act 1991, section 6).
    #[must_use]
    pub fn attains(self, age_years: i16) -> Timestamp {
        let year = self.0.year().saturating_add(age_years);
        let birthday = Date::new(year, self.0.month(), self.0.day())
            .or_else(|_| Date::new(year, 3, 1))
            .unwrap_or(Date::MAX);
        start_of(birthday)
    }

    /// Whether somebody of this birth date has attained this age.
    #[must_use]
    pub fn is_at_least(self, age_years: i16, now: Timestamp) -> bool {
        self.attains(age_years) <= now
    }
}

impl Serialize for BirthDate {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for BirthDate {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = Cow::<'de, str>::deserialize(deserializer)?;
        let words = || de::Error::custom(format!("`{text}` is not a date such as `2011-02-03`"));
        if text.len() != 10 {
            return Err(words());
        }
        text.parse().map(Self).map_err(|_| words())
    }
}

impl JsonSchema for BirthDate {
    fn schema_name() -> Cow<'static, str> {
        "BirthDate".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({"type": "string", "format": "date", "description": "A date such as 2011-02-03."})
    }
}

/// A moment as people say it in Scotland: "11 January 2027 at 10:00".
#[must_use]
pub fn in_words(at: Timestamp) -> String {
    here(at).map_or_else(
        || at.to_string(),
        |local| local.strftime("%-d %B %Y at %H:%M").to_string(),
    )
}

fn here(at: Timestamp) -> Option<Zoned> {
    Some(at.to_jiff().to_zoned(TimeZone::get(HERE).ok()?))
}

fn start_of(day: Date) -> Timestamp {
    let zone = TimeZone::get(HERE).unwrap_or(TimeZone::UTC);
    day.to_zoned(zone).map_or(Timestamp(i64::MAX), |start| {
        Timestamp(start.timestamp().as_microsecond())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        Moment::parse(text).expect("a moment").0
    }

    fn born(text: &str) -> BirthDate {
        BirthDate(text.parse().expect("a date"))
    }

    #[test]
    fn sixteen_begins_with_the_local_day_and_not_a_second_earlier() {
        let skye = born("2011-07-03");
        // In July Scotland is an hour ahead of UTC.
        assert!(!skye.is_at_least(16, at("2027-07-02T22:59:59Z")));
        assert!(skye.is_at_least(16, at("2027-07-02T23:00:00Z")));
    }

    #[test]
    fn who_was_born_on_the_29th_of_february_comes_of_age_on_the_first_of_march() {
        let leap = born("2012-02-29");
        assert!(!leap.is_at_least(15, at("2027-02-28T23:59:59Z")));
        assert!(leap.is_at_least(15, at("2027-03-01")));
        assert!(leap.is_at_least(16, at("2028-02-29")));
    }

    #[test]
    fn a_date_alone_is_its_first_moment_here_and_a_time_without_offset_is_not_guessed() {
        assert_eq!(at("2027-07-01"), at("2027-06-30T23:00:00Z"));
        assert_eq!(Moment::parse("2027-07-01T10:00:00"), None);
        assert_eq!(Moment::parse("2027-02-30"), None);
    }
}
