//! The calendar that deadlines and office hours go by: Monday to Friday less Scotland's bank holidays,
//! at the hour of London. Local holidays differ by council and board and are not known here.

use std::sync::LazyLock;

use jiff::Span;
use jiff::civil::{Date, DateTime, Weekday};
use jiff::tz::TimeZone;

use crate::Timestamp;

static HERE: LazyLock<TimeZone> =
    LazyLock::new(|| TimeZone::get("Europe/London").unwrap_or(TimeZone::UTC));

/// The minute of the day at which offices close.
const CLOSING: u16 = 17 * 60;

/// Days proclaimed for one year alone, as published at <https://www.gov.uk/bank-holidays>: on 15 June
/// 2026 the day after Scotland's first match in the World Cup.
const PROCLAIMED: [(i16, i8, i8); 1] = [(2026, 6, 15)];

/// What the clock on the wall shows.
#[must_use]
pub fn local(at: Timestamp) -> DateTime {
    HERE.to_datetime(at.to_jiff())
}

/// The minute of the local day.
#[must_use]
pub fn minute(at: Timestamp) -> u16 {
    let local = local(at);
    u16::try_from(i32::from(local.hour()) * 60 + i32::from(local.minute())).unwrap_or(0)
}

/// The instant of a local minute of a day. In the hour that is skipped in March it is the same
/// distance past the change; of the hour that comes twice in October it is the first.
#[must_use]
pub fn instant(date: Date, minute: u16) -> Timestamp {
    let hour = i8::try_from(minute / 60).unwrap_or(23).min(23);
    let rest = i8::try_from(minute % 60).unwrap_or(0);
    of_local(date.at(hour, rest, 0, 0))
}

/// Reads when something is needed by: an RFC 3339 instant, or a day as `YYYY-MM-DD`, which ends
/// when offices close. `None` if it is neither.
#[must_use]
pub fn by(text: &str) -> Option<Timestamp> {
    let of_day = |date: Date| instant(date, CLOSING);
    Timestamp::parse(text).or_else(|| text.parse().ok().map(of_day))
}

/// The same time of day, so many working days later. From a day that is not worked, the first
/// working day after it counts as the first.
#[must_use]
pub fn working_days_after(from: Timestamp, days: u32) -> Timestamp {
    let mut day = local(from);
    let mut left = days;
    while left > 0 {
        let Ok(next) = day.checked_add(Span::new().days(1)) else {
            break;
        };
        day = next;
        left -= u32::from(is_working_day(day.date()));
    }
    of_local(day)
}

/// The last working day before a moment, at the same time of day.
#[must_use]
pub fn working_day_before(at: Timestamp) -> Timestamp {
    let mut day = local(at);
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
    of_local(day)
}

/// Whether agencies work in office hours on this day.
#[must_use]
pub fn is_working_day(day: Date) -> bool {
    !is_weekend(day) && !is_bank_holiday(day)
}

fn of_local(time: DateTime) -> Timestamp {
    HERE.to_timestamp(time)
        .map_or(Timestamp(i64::MAX), |at| Timestamp(at.as_microsecond()))
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
    let proclaimed = PROCLAIMED.contains(&(day.year(), month, date));
    new_year
        || christmas
        || st_andrew
        || first_monday
        || last_monday_of_may
        || proclaimed
        || is_good_friday(day)
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

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::ToSpan;
    use jiff::civil::date;

    /// The days as published for 2026 to 2028, and as the Act and the custom of proclaiming give
    /// them after that.
    const PUBLISHED: &str = include_str!("calendar/bank-holidays-scotland.txt");

    fn at(text: &str) -> Timestamp {
        Timestamp::parse(text).unwrap()
    }

    #[test]
    fn the_rule_gives_the_days_that_are_published_and_no_other() {
        let published: Vec<Date> = PUBLISHED
            .lines()
            .filter(|line| !line.trim().is_empty() && !line.starts_with('#'))
            .map(|line| line.split_once(' ').unwrap().0.parse().unwrap())
            .collect();
        assert_eq!(
            published.len(),
            91,
            "nine a year from 2026 to 2035, and one more"
        );
        let from = date(2026, 1, 1);
        let holidays: Vec<Date> = (0..3652)
            .map(|days| from + days.days())
            .filter(|day| !is_weekend(*day) && !is_working_day(*day))
            .collect();
        assert_eq!(holidays, published);
    }

    #[test]
    fn good_friday_is_two_days_before_easter() {
        // Easter Sundays as astronomers publish them.
        let easters = [
            date(2026, 4, 5),
            date(2027, 3, 28),
            date(2028, 4, 16),
            date(2038, 4, 25),
            date(2049, 4, 18),
        ];
        for easter in easters {
            assert!(!is_working_day(easter - 2.days()), "{easter}");
        }
    }

    #[test]
    fn working_days_step_over_weekends_and_holidays() {
        let table = [
            // A Monday in January, five working days on.
            ("2027-01-11T09:30:00Z", 5, "2027-01-18T09:30:00Z"),
            // Christmas and New Year 2026: Thursday 24 December, then the 25th and 28th are shut,
            // 29, 30 and 31 December are worked, 1 and 4 January are not, the 5th is.
            ("2026-12-24T10:00:00Z", 3, "2026-12-31T10:00:00Z"),
            ("2026-12-24T10:00:00Z", 4, "2027-01-05T10:00:00Z"),
            // From a Saturday, Monday is the first.
            ("2027-01-16T12:00:00Z", 1, "2027-01-18T12:00:00Z"),
            // Over the change to summer time the hour on the wall stays: Good Friday is shut, and
            // Easter Monday is worked in Scotland.
            ("2027-03-25T09:00:00Z", 1, "2027-03-29T08:00:00Z"),
            ("2027-01-11T09:30:00Z", 0, "2027-01-11T09:30:00Z"),
            ("2027-01-11T09:30:07Z", 1, "2027-01-12T09:30:07Z"),
        ];
        for (from, days, expected) in table {
            let due = working_days_after(at(from), days);
            assert_eq!(due, at(expected), "{from} + {days}");
        }
    }

    #[test]
    fn substitute_days_are_kept() {
        let day = |text: &str| text.parse().unwrap();
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
