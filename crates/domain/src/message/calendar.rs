//! Working days: Monday to Friday less the bank holidays of Scotland, at the hour of London.

use jiff::civil::{Date, DateTime, Weekday};
use jiff::tz::TimeZone;

use crate::Timestamp;

/// The published days, with their source.
const SCOTLAND: &str = include_str!("bank-holidays-scotland.txt");

/// Which days are worked, and what the local clock shows. Built from text that is given, so that
/// another nation's days are another file.
#[derive(Debug, Clone)]
pub struct Calendar {
    zone: TimeZone,
    holidays: Vec<Date>,
}

impl Calendar {
    /// The minute of the day at which offices close.
    const CLOSING: u16 = 17 * 60;

    /// The calendar of Scotland.
    #[must_use]
    pub fn scotland() -> Self {
        let zone = TimeZone::get("Europe/London").unwrap_or(TimeZone::UTC);
        Self::of(SCOTLAND, zone)
    }

    /// The calendar of a list of days: one a line, `YYYY-MM-DD` and its name; `#` begins a comment.
    #[must_use]
    pub fn of(text: &str, zone: TimeZone) -> Self {
        let mut holidays: Vec<Date> = text.lines().filter_map(day).collect();
        holidays.sort_unstable();
        Self { zone, holidays }
    }

    /// Whether offices are open at all on this day.
    #[must_use]
    pub fn is_working_day(&self, date: Date) -> bool {
        !matches!(date.weekday(), Weekday::Saturday | Weekday::Sunday)
            && self.holidays.binary_search(&date).is_err()
    }

    /// What the clock on the wall shows.
    #[must_use]
    pub fn local(&self, at: Timestamp) -> DateTime {
        self.zone.to_datetime(at.to_jiff())
    }

    /// The instant of a local minute of a day. In the hour that is skipped in March it is the same
    /// distance past the change; of the hour that comes twice in October it is the first.
    #[must_use]
    pub fn instant(&self, date: Date, minute: u16) -> Timestamp {
        let hour = i8::try_from(minute / 60).unwrap_or(23).min(23);
        let rest = i8::try_from(minute % 60).unwrap_or(0);
        let zoned = self
            .zone
            .to_timestamp(date.at(hour, rest, 0, 0))
            .unwrap_or(jiff::Timestamp::UNIX_EPOCH);
        Timestamp(zoned.as_microsecond())
    }

    /// Reads when something is needed by: an RFC 3339 instant, or a day as `YYYY-MM-DD`, which ends
    /// when offices close. `None` if it is neither.
    #[must_use]
    pub fn by(&self, text: &str) -> Option<Timestamp> {
        let of_day = |date: Date| self.instant(date, Self::CLOSING);
        Timestamp::parse(text).or_else(|| text.parse().ok().map(of_day))
    }

    /// The minute of the local day.
    #[must_use]
    pub fn minute(&self, at: Timestamp) -> u16 {
        let local = self.local(at);
        u16::try_from(i32::from(local.hour()) * 60 + i32::from(local.minute())).unwrap_or(0)
    }

    /// The same time of day, so many working days later. From a day that is not worked, the first
    /// working day after it counts as the first.
    #[must_use]
    pub fn working_days_after(&self, from: Timestamp, days: u8) -> Timestamp {
        let local = self.local(from);
        let mut date = local.date();
        let mut left = days;
        while left > 0 {
            let Ok(next) = date.tomorrow() else { break };
            date = next;
            left -= u8::from(self.is_working_day(date));
        }
        let minute = self.minute(from);
        self.instant(date, minute)
    }
}

fn day(line: &str) -> Option<Date> {
    let line = line.trim();
    let (date, _) = line.split_once(' ')?;
    (!line.starts_with('#')).then(|| date.parse().ok())?
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::ToSpan;
    use jiff::civil::date;

    fn at(text: &str) -> Timestamp {
        Timestamp::parse(text).unwrap()
    }

    #[test]
    fn the_days_of_2027_are_those_published() {
        let calendar = Calendar::scotland();
        let of_2027 = calendar.holidays.iter().filter(|day| day.year() == 2027);
        let of_2027: Vec<String> = of_2027.map(ToString::to_string).collect();
        assert_eq!(
            of_2027,
            [
                "2027-01-01",
                "2027-01-04",
                "2027-03-26",
                "2027-05-03",
                "2027-05-31",
                "2027-08-02",
                "2027-11-30",
                "2027-12-27",
                "2027-12-28",
            ]
        );
    }

    #[test]
    fn every_line_of_the_file_is_a_day_and_no_day_is_at_a_weekend() {
        let lines = SCOTLAND.lines().filter(|line| {
            let line = line.trim();
            !line.is_empty() && !line.starts_with('#')
        });
        let calendar = Calendar::scotland();
        assert_eq!(calendar.holidays.len(), lines.count());
        assert!(calendar.holidays.windows(2).all(|pair| pair[0] < pair[1]));
        for day in &calendar.holidays {
            assert!(day.weekday().to_monday_zero_offset() < 5, "{day}");
        }
    }

    #[test]
    fn each_year_has_nine_and_good_friday_is_two_days_before_easter() {
        // Easter Sundays as astronomers publish them.
        let easters = [
            date(2026, 4, 5),
            date(2027, 3, 28),
            date(2028, 4, 16),
            date(2029, 4, 1),
            date(2030, 4, 21),
            date(2031, 4, 13),
            date(2032, 3, 28),
            date(2033, 4, 17),
            date(2034, 4, 9),
            date(2035, 3, 25),
        ];
        let calendar = Calendar::scotland();
        for easter in easters {
            let good_friday = easter - 2.days();
            assert!(!calendar.is_working_day(good_friday), "{good_friday}");
            let year = calendar
                .holidays
                .iter()
                .filter(|day| day.year() == easter.year());
            let extra = usize::from(easter.year() == 2026);
            assert_eq!(year.count(), 9 + extra, "{}", easter.year());
        }
    }

    #[test]
    fn working_days_step_over_weekends_and_holidays() {
        let calendar = Calendar::scotland();
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
        ];
        for (from, days, expected) in table {
            let due = calendar.working_days_after(at(from), days);
            assert_eq!(due, at(expected), "{from} + {days}");
        }
    }

    #[test]
    fn a_saint_is_kept_on_monday_if_his_day_is_a_sunday() {
        let calendar = Calendar::scotland();
        // 30 November 2031 is a Sunday.
        assert!(!calendar.is_working_day(date(2031, 12, 1)));
        assert!(calendar.is_working_day(date(2031, 12, 2)));
    }
}
