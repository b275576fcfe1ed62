//! FHIR dates and times as ranges of microseconds (<https://hl7.org/fhir/R4/datatypes.html#dateTime>).

use jiff::civil::{Date, DateTime, Time};
use jiff::tz::Offset;

use crate::document::{Kind, Node};

/// From the first microsecond to the one after the last; microseconds since 1970 UTC.
///
/// A date without a zone is a UTC date. An open start is `i64::MIN`, an open end `i64::MAX`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DateRange {
    /// The first microsecond.
    pub from_us: i64,
    /// The microsecond after the last.
    pub to_us: i64,
}

impl DateRange {
    /// All of time.
    pub const ALWAYS: Self = Self {
        from_us: i64::MIN,
        to_us: i64::MAX,
    };

    /// Reads a `date`, `dateTime` or `instant` of any precision; `None` if it is not one.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (date, time) = match text.split_once('T') {
            Some((date, time)) => (date, Some(time)),
            None => (text, None),
        };
        let (first, after) = read_date(date)?;
        match time {
            None => Some(Self {
                from_us: at(first, Offset::UTC)?,
                to_us: at(after, Offset::UTC)?,
            }),
            Some(time) if date.len() == 10 => read_time(first.date(), time),
            Some(_) => None,
        }
    }

    /// Reads a date, a Period or a Timing; `None` if the value is none of them or malformed.
    #[must_use]
    pub fn read(node: Node<'_>) -> Option<Self> {
        match node.kind() {
            Kind::String => Self::parse(&node.as_str()?),
            Kind::Object => Self::of_period(node).or_else(|| Self::of_timing(node)),
            _ => None,
        }
    }

    fn of_period(node: Node<'_>) -> Option<Self> {
        let (start, end) = (node.text_at("start"), node.text_at("end"));
        if start.is_none() && end.is_none() {
            return None;
        }
        let edge = |text: Option<_>| {
            text.map_or(Some(Self::ALWAYS), |text: std::borrow::Cow<'_, str>| {
                Self::parse(&text)
            })
        };
        Some(Self {
            from_us: edge(start)?.from_us,
            to_us: edge(end)?.to_us,
        })
    }

    /// From the first to the last event of a Timing, or its bounds.
    fn of_timing(node: Node<'_>) -> Option<Self> {
        let mut whole: Option<Self> = None;
        for event in node.all("event") {
            let range = Self::read(event)?;
            whole = Some(whole.map_or(range, |whole| Self {
                from_us: whole.from_us.min(range.from_us),
                to_us: whole.to_us.max(range.to_us),
            }));
        }
        whole.or_else(|| Self::of_period(node.get("repeat.boundsPeriod")?))
    }
}

/// Reads `YYYY`, `YYYY-MM` or `YYYY-MM-DD` as the start of its first day and of the day after.
fn read_date(text: &str) -> Option<(DateTime, DateTime)> {
    let digits_and_dashes = text.bytes().enumerate().all(|(place, byte)| match place {
        4 | 7 => byte == b'-',
        _ => byte.is_ascii_digit(),
    });
    if !digits_and_dashes {
        return None;
    }
    let part = |from, to| text.get(from..to)?.parse::<i8>().ok();
    let year: i16 = text.get(..4)?.parse().ok()?;
    let (first, after) = match text.len() {
        4 => {
            let first = Date::new(year, 1, 1).ok()?;
            (first, first.last_of_year().tomorrow())
        }
        7 => {
            let first = Date::new(year, part(5, 7)?, 1).ok()?;
            (first, first.last_of_month().tomorrow())
        }
        10 => {
            let first = Date::new(year, part(5, 7)?, part(8, 10)?).ok()?;
            (first, first.tomorrow())
        }
        _ => return None,
    };
    let midnight = |date: Date| date.to_datetime(Time::midnight());
    Some((midnight(first), midnight(after.ok()?)))
}

/// Reads `hh:mm`, `hh:mm:ss` or `hh:mm:ss.fff` and its zone.
fn read_time(date: Date, text: &str) -> Option<DateRange> {
    let zone_at = text.find(['Z', '+', '-'])?;
    let (clock, zone) = text.split_at_checked(zone_at)?;
    let offset = read_zone(zone)?;
    let (hms, fraction) = match clock.split_once('.') {
        Some((hms, fraction)) => (hms, Some(fraction)),
        None => (clock, None),
    };
    let shape = hms.bytes().enumerate().all(|(place, byte)| match place {
        2 | 5 => byte == b':',
        _ => byte.is_ascii_digit(),
    });
    if !shape || !matches!(hms.len(), 5 | 8) || (fraction.is_some() && hms.len() == 5) {
        return None;
    }
    let part = |from, to| hms.get(from..to)?.parse::<i8>().ok();
    // A leap second counts as the last second of its minute.
    let second = if hms.len() == 8 { part(6, 8)? } else { 0 };
    if second > 60 {
        return None;
    }
    let time = Time::new(part(0, 2)?, part(3, 5)?, second.min(59), 0).ok()?;
    let whole = at(date.to_datetime(time), offset)?;
    let (past, width) = match fraction {
        Some(fraction) => read_fraction(fraction)?,
        None if hms.len() == 8 => (0, 1_000_000),
        None => (0, 60_000_000),
    };
    Some(DateRange {
        from_us: whole + past,
        to_us: whole + past + width,
    })
}

/// Microseconds of a decimal fraction, and how many it spans; finer digits are cut.
fn read_fraction(digits: &str) -> Option<(i64, i64)> {
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let kept = digits.get(..digits.len().min(6))?;
    let width = 10_i64.pow(6 - u32::try_from(kept.len()).ok()?);
    Some((kept.parse::<i64>().ok()? * width, width))
}

/// Reads `Z`, `+hh:mm` or `-hh:mm`, at most 14 hours.
fn read_zone(text: &str) -> Option<Offset> {
    if text == "Z" {
        return Some(Offset::UTC);
    }
    let (sign, clock) = text.split_at_checked(1)?;
    let (hours, minutes) = clock.split_once(':')?;
    let is_number = |text: &str| text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_digit());
    if !is_number(hours) || !is_number(minutes) {
        return None;
    }
    let (hours, minutes): (i32, i32) = (hours.parse().ok()?, minutes.parse().ok()?);
    let seconds = hours * 3600 + minutes * 60;
    if minutes > 59 || seconds > 14 * 3600 {
        return None;
    }
    Offset::from_seconds(if sign == "-" { -seconds } else { seconds }).ok()
}

fn at(datetime: DateTime, offset: Offset) -> Option<i64> {
    Some(offset.to_timestamp(datetime).ok()?.as_microsecond())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn range(text: &str) -> Option<(String, String)> {
        let range = DateRange::parse(text)?;
        let show = |us| jiff::Timestamp::from_microsecond(us).unwrap().to_string();
        Some((show(range.from_us), show(range.to_us)))
    }

    fn is(text: &str, from: &str, to: &str) {
        assert_eq!(range(text), Some((from.into(), to.into())), "{text}");
    }

    #[test]
    fn a_partial_date_is_the_whole_of_what_it_names() {
        is("1947", "1947-01-01T00:00:00Z", "1948-01-01T00:00:00Z");
        is("1947-02", "1947-02-01T00:00:00Z", "1947-03-01T00:00:00Z");
        is("1948-02-29", "1948-02-29T00:00:00Z", "1948-03-01T00:00:00Z");
        is(
            "2014-08-19T01:16:46-04:00",
            "2014-08-19T05:16:46Z",
            "2014-08-19T05:16:47Z",
        );
        is(
            "2015-02-07T13:28Z",
            "2015-02-07T13:28:00Z",
            "2015-02-07T13:29:00Z",
        );
        is(
            "2015-02-07T13:28:17.239+02:00",
            "2015-02-07T11:28:17.239Z",
            "2015-02-07T11:28:17.24Z",
        );
        is(
            "2016-12-31T23:59:60Z",
            "2016-12-31T23:59:59Z",
            "2017-01-01T00:00:00Z",
        );
    }

    #[test]
    fn what_is_no_date_is_not_read_as_one() {
        for text in [
            "",
            "47",
            "1947-13",
            "1947-02-30",
            "1947-2-3",
            "09/03/1947",
            "1947-03-09T10:00",
            "1947-03-09T25:00:00Z",
            "1947-03T10:00Z",
            "1947-03-09T10:00:00.Z",
            "1947-03-09T10Z",
            "1947-03-09T10:00:00+15:00",
            "+947-01-01",
            "1947-03-09 10:00:00Z",
            "١٩٤٧",
        ] {
            assert_eq!(range(text), None, "{text}");
        }
    }
}
