//! Instants and dates as people write them in facts, and the calendar that deadlines go by.

use std::borrow::Cow;
use std::fmt;

use jiff::civil::{Date, Weekday};
use jiff::tz::TimeZone;
use jiff::{Span, Zoned};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use crate::Timestamp;

/// The time zone in which birthdays, working days and dates without a time are reckoned.
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

/// The instant this many working days later, at the same time of day: Monday to Friday, less
/// Scotland's bank holidays. Local holidays differ by council and board and are not known here.
#[must_use]
pub fn plus_working_days(from: Timestamp, days: u32) -> Timestamp {
    let Some(mut day) = here(from) else {
        return from.plus_seconds(i64::from(days) * 86_400);
    };
    let mut left = days;
    while left > 0 {
        let Ok(next) = day.checked_add(Span::new().days(1)) else {
            break;
        };
        day = next;
        if is_working_day(day.date()) {
            left -= 1;
        }
    }
    Timestamp(day.timestamp().as_microsecond())
}

/// Whether agencies work in office hours on this day.
#[must_use]
pub fn is_working_day(day: Date) -> bool {
    !is_weekend(day) && !is_bank_holiday(day)
}

fn is_weekend(day: Date) -> bool {
    matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday)
}

/// Bank holidays in Scotland (Banking and Financial Dealings Act 1971, schedule 1, with the
/// substitute days that are proclaimed each year when one falls on a weekend).
fn is_bank_holiday(day: Date) -> bool {
    let (month, date, weekday) = (day.month(), day.day(), day.weekday());
    let monday = weekday == Weekday::Monday;
    let new_year = month == 1
        && match weekday {
            // 1 and 2 January; the next two working days if they fall on a weekend.
            Weekday::Monday => date <= 4,
            Weekday::Tuesday => date <= 2 || (3..=4).contains(&date),
            _ => date <= 2,
        };
    let christmas = month == 12
        && match weekday {
            Weekday::Monday => (25..=28).contains(&date),
            Weekday::Tuesday => (25..=28).contains(&date),
            _ => matches!(date, 25 | 26),
        };
    let st_andrew = (month, date) == (11, 30) || (monday && month == 12 && date <= 2);
    let first_monday = monday && date <= 7 && matches!(month, 5 | 8);
    let last_monday_of_may = monday && month == 5 && date >= 25;
    new_year || christmas || st_andrew || first_monday || last_monday_of_may || is_good_friday(day)
}

fn is_good_friday(day: Date) -> bool {
    let easter = easter(day.year());
    easter
        .checked_sub(Span::new().days(2))
        .is_ok_and(|friday| friday == day)
}

/// Easter Sunday in the Gregorian calendar, by Gauss's method as Butcher corrected it.
fn easter(year: i16) -> Date {
    let year = i32::from(year);
    let golden = year % 19;
    let (century, rest) = (year / 100, year % 100);
    let correction = (century - (century + 8) / 25 + 1) / 3;
    let epact = (19 * golden + century - century / 4 - correction + 15) % 30;
    let weekday = (32 + 2 * (century % 4) + 2 * (rest / 4) - epact - rest % 4) % 7;
    let late = (golden + 11 * epact + 22 * weekday) / 451;
    let count = epact + weekday - 7 * late + 114;
    let date = |value: i32| i8::try_from(value).unwrap_or(1);
    Date::new(
        i16::try_from(year).unwrap_or(i16::MAX),
        date(count / 31),
        date(count % 31 + 1),
    )
    .unwrap_or(Date::MAX)
}

/// A moment as people say it in Scotland: "11 January 2027 at 10:00".
#[must_use]
pub fn in_words(at: Timestamp) -> String {
    here(at).map_or_else(
        || at.to_string(),
        |local| local.strftime("%-d %B %Y at %H:%M").to_string(),
    )
}

/// The last working day before a moment, at the same time of day.
#[must_use]
pub fn working_day_before(at: Timestamp) -> Timestamp {
    let Some(mut day) = here(at) else {
        return at.plus_seconds(-86_400);
    };
    // There is a working day in every fortnight.
    for _ in 0..14 {
        let Ok(before) = day.checked_sub(Span::new().days(1)) else {
            break;
        };
        day = before;
        if is_working_day(day.date()) {
            break;
        }
    }
    Timestamp(day.timestamp().as_microsecond())
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

    #[test]
    fn five_working_days_step_over_the_weekend_and_the_new_year() {
        let monday = at("2027-01-11T10:00:00Z");
        assert_eq!(plus_working_days(monday, 5), at("2027-01-18T10:00:00Z"));
        // Friday 1 January 2027 is a holiday, and Saturday the 2nd is kept on Monday the 4th.
        let eve = at("2026-12-31T10:00:00Z");
        assert_eq!(plus_working_days(eve, 1), at("2027-01-05T10:00:00Z"));
        // Good Friday is a holiday in Scotland, Easter Monday is not.
        let maundy = at("2027-03-25T10:00:00Z");
        assert_eq!(
            plus_working_days(maundy, 1),
            at("2027-03-29T10:00:00+01:00")
        );
    }

    #[test]
    fn substitute_days_are_kept() {
        let day = |text: &str| text.parse().expect("a date");
        // Christmas 2027: Saturday and Sunday, kept on Monday and Tuesday.
        assert!(!is_working_day(day("2027-12-27")));
        assert!(!is_working_day(day("2027-12-28")));
        assert!(is_working_day(day("2027-12-29")));
        // New Year 2028: Saturday and Sunday.
        assert!(!is_working_day(day("2028-01-03")));
        assert!(!is_working_day(day("2028-01-04")));
        // New Year 2023: Sunday and Monday, so Tuesday is kept too.
        assert!(!is_working_day(day("2023-01-03")));
        // New Year 2029: Monday and Tuesday, so Wednesday is worked.
        assert!(is_working_day(day("2029-01-03")));
        assert!(!is_working_day(day("2027-11-30")));
        assert!(!is_working_day(day("2027-08-02")));
    }
}
