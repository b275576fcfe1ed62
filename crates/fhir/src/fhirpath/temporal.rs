//! Dates and times, which may be partial (<http://hl7.org/fhirpath/N1/#time-valued-quantities>).

use std::cmp::Ordering;

use jiff::civil::DateTime;
use jiff::{SignedDuration, Span};

/// A date, a time with its day, or a time of day, as far as it is given.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Temporal {
    /// Year, month, day, hour and minute, as many as are given.
    fields: Vec<i16>,
    /// Seconds with their decimals, in nanoseconds.
    seconds: Option<i64>,
    /// Minutes to the east of Greenwich.
    zone: Option<i16>,
    /// What it is.
    pub(super) kind: Kind,
}

/// What a temporal value is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Date,
    DateTime,
    Time,
}

impl Temporal {
    /// Reads `2027`, `2027-01`, `2027-01-11`, `2027-01-11T09:30:00.5Z`, `T09:30` and `09:30:00`.
    pub(super) fn parse(text: &str) -> Option<Self> {
        if text.starts_with('T') || text.get(2..3) == Some(":") {
            let time = text.strip_prefix('T').unwrap_or(text);
            return Self::of_time(Vec::new(), Kind::Time, time);
        }
        let (day, time) = match text.split_once('T') {
            Some((day, time)) => (day, Some(time)),
            None => (text, None),
        };
        let parts: Option<Vec<i16>> = day.split('-').map(number).collect();
        let fields = parts.filter(|parts| (1..=3).contains(&parts.len()))?;
        match time {
            None => Some(Self {
                fields,
                seconds: None,
                zone: None,
                kind: Kind::Date,
            }),
            Some(time) => Self::of_time(fields, Kind::DateTime, time),
        }
    }

    fn of_time(mut fields: Vec<i16>, kind: Kind, text: &str) -> Option<Self> {
        let (clock, zone) = match text.find(['Z', '+', '-']) {
            Some(at) => text.split_at_checked(at)?,
            None => (text, ""),
        };
        let mut parts = clock.split(':').filter(|part| !part.is_empty());
        fields.extend(parts.next().map(number)?);
        if let Some(minute) = parts.next() {
            fields.push(number(minute)?);
        }
        let seconds = match parts.next() {
            Some(seconds) => Some(nanoseconds(seconds)?),
            None => None,
        };
        Some(Self {
            fields,
            seconds,
            zone: zone_of(zone)?,
            kind,
        })
    }

    /// Which comes first; `None` where the less precise of the two does not tell, or where a day
    /// is held against a time of day.
    pub(super) fn compare(&self, other: &Self) -> Option<Ordering> {
        if (self.kind == Kind::Time) != (other.kind == Kind::Time) {
            return None;
        }
        let (one, other) = match (self.in_utc(), other.in_utc()) {
            (Some(one), Some(other)) => (one, other),
            // Without the zone of both they are compared as they are written.
            _ => (self.parts(), other.parts()),
        };
        for (one, other) in one.iter().zip(&other) {
            match one.cmp(other) {
                Ordering::Equal => {}
                unequal => return Some(unequal),
            }
        }
        (one.len() == other.len()).then_some(Ordering::Equal)
    }

    /// Whether it is given as precisely as another.
    pub(super) fn is_as_precise_as(&self, other: &Self) -> bool {
        self.parts().len() == other.parts().len()
    }

    /// A text that is the same for the same moment, given as precisely.
    pub(super) fn key(&self) -> String {
        let parts = self.in_utc().unwrap_or_else(|| self.parts());
        format!("{} {parts:?}", self.kind == Kind::Time)
    }

    /// The fields from the year or the hour down, as many as are given.
    fn parts(&self) -> Vec<i64> {
        let fields = self.fields.iter().map(|field| i64::from(*field));
        fields.chain(self.seconds).collect()
    }

    /// The same at Greenwich, where it has a zone and a minute.
    fn in_utc(&self) -> Option<Vec<i64>> {
        let zone = self.zone?;
        let &[year, month, day, hour, minute] = self.fields.as_slice() else {
            return None;
        };
        let small = |field: i16| i8::try_from(field).ok();
        let (month, day, hour, minute) = (small(month)?, small(day)?, small(hour)?, small(minute)?);
        let local = DateTime::new(year, month, day, hour, minute, 0, 0).ok()?;
        let east = SignedDuration::from_mins(i64::from(zone));
        let utc = local.checked_sub(east).ok()?;
        let fields = [
            i64::from(utc.year()),
            i64::from(utc.month()),
            i64::from(utc.day()),
            i64::from(utc.hour()),
            i64::from(utc.minute()),
        ];
        Some(fields.into_iter().chain(self.seconds).collect())
    }

    /// The same, earlier or later by whole units of the calendar; `None` for other units, for times
    /// of day, and where the calendar ends.
    pub(super) fn plus(&self, amount: i64, unit: &str) -> Option<Self> {
        let span = span_of(amount, unit).filter(|_| self.kind != Kind::Time)?;
        let at = |place: usize, least: i16| self.fields.get(place).copied().unwrap_or(least);
        let small = |place: usize, least: i16| i8::try_from(at(place, least)).ok();
        let (month, day) = (small(1, 1)?, small(2, 1)?);
        let (hour, minute) = (small(3, 0)?, small(4, 0)?);
        let base = DateTime::new(at(0, 1), month, day, hour, minute, 0, 0).ok()?;
        let moved = base.checked_add(span).ok()?;
        let fields = [
            moved.year(),
            i16::from(moved.month()),
            i16::from(moved.day()),
            i16::from(moved.hour()),
            i16::from(moved.minute()),
        ];
        Some(Self {
            fields: fields.into_iter().take(self.fields.len()).collect(),
            ..self.clone()
        })
    }
}

fn span_of(amount: i64, unit: &str) -> Option<Span> {
    let span = Span::new();
    let span = match unit.trim_end_matches('s') {
        "year" => span.try_years(amount),
        "month" => span.try_months(amount),
        "week" => span.try_weeks(amount),
        "day" => span.try_days(amount),
        "hour" => span.try_hours(amount),
        "minute" => span.try_minutes(amount),
        _ => return None,
    };
    span.ok()
}

fn number(text: &str) -> Option<i16> {
    let is_number = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| text.parse().ok())?
}

/// `30` or `30.25` seconds.
fn nanoseconds(text: &str) -> Option<i64> {
    let (whole, decimals) = text.split_once('.').unwrap_or((text, ""));
    let padded: String = decimals
        .chars()
        .chain("000000000".chars())
        .take(9)
        .collect();
    let whole = i64::from(number(whole)?);
    Some(whole * 1_000_000_000 + padded.parse::<i64>().ok()?)
}

/// Minutes to the east; nothing where no zone is given.
fn zone_of(text: &str) -> Option<Option<i16>> {
    if text.is_empty() {
        return Some(None);
    }
    if text == "Z" {
        return Some(Some(0));
    }
    let (sign, clock) = text.split_at_checked(1)?;
    let (hours, minutes) = clock.split_once(':')?;
    let minutes = number(hours)?.checked_mul(60)? + number(minutes)?;
    Some(Some(if sign == "-" { -minutes } else { minutes }))
}
