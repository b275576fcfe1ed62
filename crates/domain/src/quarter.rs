//! Quarters of a year, by which agencies count and publish.

use std::fmt;
use std::str::FromStr;

use jiff::civil::Date;

use crate::{Timestamp, calendar};

/// Three months of a calendar year: `2027-Q1` is January to March 2027, by the day in London.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Quarter {
    year: i16,
    number: i8,
}

/// What is no quarter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NoQuarter;

impl fmt::Display for NoQuarter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a quarter is a year and a number from 1 to 4, such as 2027-Q1")
    }
}

impl std::error::Error for NoQuarter {}

impl Quarter {
    /// The one that a moment lies in.
    #[must_use]
    pub fn of(at: Timestamp) -> Self {
        let day = calendar::local(at).date();
        Self {
            year: day.year(),
            number: (day.month() - 1) / 3 + 1,
        }
    }

    /// The one before it.
    #[must_use]
    pub fn before(self) -> Self {
        match self.number {
            1 => Self {
                year: self.year - 1,
                number: 4,
            },
            number => Self {
                number: number - 1,
                ..self
            },
        }
    }

    /// Its first moment.
    #[must_use]
    pub fn begins(self) -> Timestamp {
        let first = Date::new(self.year, self.number * 3 - 2, 1);
        first.map_or(Timestamp(i64::MAX), |day| calendar::instant(day, 0))
    }

    /// The first moment after it.
    #[must_use]
    pub fn ends(self) -> Timestamp {
        let next = match self.number {
            4 => Self {
                year: self.year + 1,
                number: 1,
            },
            number => Self {
                number: number + 1,
                ..self
            },
        };
        next.begins()
    }

    /// Its months: "January to March 2027".
    #[must_use]
    pub fn words(self) -> String {
        let months = match self.number {
            1 => "January to March",
            2 => "April to June",
            3 => "July to September",
            _ => "October to December",
        };
        format!("{months} {}", self.year)
    }
}

impl fmt::Display for Quarter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-Q{}", self.year, self.number)
    }
}

impl FromStr for Quarter {
    type Err = NoQuarter;

    fn from_str(text: &str) -> Result<Self, NoQuarter> {
        let (year, number) = text.split_once("-Q").ok_or(NoQuarter)?;
        let year = year.parse().map_err(|_| NoQuarter)?;
        let number = number.parse().map_err(|_| NoQuarter)?;
        let quarter = Self { year, number };
        let is_one = (1900..=9990).contains(&year) && (1..=4).contains(&number);
        // Said in one way only, so that an address means one page.
        match is_one && quarter.to_string() == text {
            true => Ok(quarter),
            false => Err(NoQuarter),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        Timestamp::parse(text).expect("an instant")
    }

    #[test]
    fn a_quarter_begins_and_ends_at_midnight_in_london() {
        let spring: Quarter = "2027-Q2".parse().expect("a quarter");
        assert_eq!(spring.begins(), at("2027-03-31T23:00:00Z"));
        assert_eq!(spring.ends(), at("2027-06-30T23:00:00Z"));
        assert_eq!(spring.words(), "April to June 2027");
        assert_eq!(Quarter::of(spring.begins()), spring);
        assert_eq!(Quarter::of(spring.ends()).to_string(), "2027-Q3");
        assert_eq!(spring.before().before().to_string(), "2026-Q4");
        assert_eq!(spring.before().before().ends(), at("2027-01-01T00:00:00Z"));
    }

    #[test]
    fn it_is_written_in_one_way_only() {
        for text in [
            "2027", "2027-Q0", "2027-Q5", "2027-q1", "27-Q1", "+2027-Q1", "2027-Q01", "",
        ] {
            assert_eq!(text.parse::<Quarter>(), Err(NoQuarter), "{text}");
        }
    }
}
