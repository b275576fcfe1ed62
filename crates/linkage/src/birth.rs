//! Dates of birth: read from what people write, compared with the slips they make.

use crate::text::{edits_within, fold, words};
use crate::{BirthDate, Sex};

const MONTHS: [&str; 12] = [
    "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
];

impl BirthDate {
    /// Reads `1984-03-12`, `19840312`, `12/03/1984`, `12 Mar 1984`, `1984-03`, `03/1984` and `1984`;
    /// what follows a `T` is a time of day and not read. `None` if there is no year of four digits.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let date = text.split_once('T').map_or(text, |(date, _)| date);
        let folded = fold(date);
        let parts: Vec<&str> = words(&folded).take(3).collect();
        let parts: Vec<u16> = parts.iter().filter_map(|part| number(part)).collect();
        let lengths: Vec<usize> = words(&folded).map(str::len).collect();
        match (parts.as_slice(), lengths.as_slice()) {
            ([_], [8]) => Some(Self {
                year: folded.get(..4)?.parse().ok()?,
                month: folded.get(4..6)?.parse().ok()?,
                day: folded.get(6..)?.parse().ok()?,
            }),
            ([year], [4]) => Self::of(*year, 0, 0),
            ([year, month], [4, _]) | ([month, year], [_, 4]) => Self::of(*year, *month, 0),
            ([year, month, day], [4, ..]) | ([day, month, year], [_, _, 4, ..]) => {
                Self::of(*year, *month, *day)
            }
            _ => None,
        }
    }

    fn of(year: u16, month: u16, day: u16) -> Option<Self> {
        Some(Self {
            year,
            month: u8::try_from(month).ok()?,
            day: u8::try_from(day).ok()?,
        })
    }

    /// Whether day and month are known.
    #[must_use]
    pub fn is_complete(self) -> bool {
        self.month != 0 && self.day != 0
    }

    /// Whether day and month are what is written when they are not known: the first of January or
    /// of July.
    #[must_use]
    pub fn is_default(self) -> bool {
        self.day == 1 && matches!(self.month, 1 | 7)
    }

    /// Whether the whole date is what a system fills in when nothing is known.
    #[must_use]
    pub fn is_filler(self) -> bool {
        let long_ago = (1900..=1901).contains(&self.year) && self.month <= 1 && self.day <= 1;
        self.year < 1000 || self.year == 9999 || long_ago
    }

    pub(crate) fn digits(self) -> [u8; 8] {
        let digit = |value: u32| b'0' + u8::try_from(value % 10).unwrap_or(0);
        let (year, month, day) = (
            u32::from(self.year),
            u32::from(self.month),
            u32::from(self.day),
        );
        [
            digit(year / 1000),
            digit(year / 100),
            digit(year / 10),
            digit(year),
            digit(month / 10),
            digit(month),
            digit(day / 10),
            digit(day),
        ]
    }

    /// Year, month and day in one number of 32 bits.
    pub(crate) fn pack(self) -> u32 {
        u32::from(self.year) << 16 | u32::from(self.month) << 8 | u32::from(self.day)
    }

    pub(crate) fn unpack(packed: u32) -> Self {
        let [_, _, month, day] = packed.to_be_bytes();
        Self {
            year: u16::try_from(packed >> 16).unwrap_or(0),
            month,
            day,
        }
    }
}

fn number(part: &str) -> Option<u16> {
    if let Ok(number) = part.parse::<u32>() {
        // Eight digits do not fit, and are read where they stand.
        return Some(u16::try_from(number).unwrap_or(0));
    }
    let start = part.get(..3)?;
    let month = MONTHS.iter().position(|month| *month == start)?;
    u16::try_from(month + 1).ok()
}

/// What two dates of birth have in common, most first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Agreement {
    /// The same complete date.
    Same,
    /// Day and month in the other order.
    Swapped,
    /// One digit wrong or two neighbours swapped.
    OneSlip,
    /// Two of year, month and day.
    TwoParts,
    /// As far as both are known, or known to mean no more than a year.
    AsFarAsKnown,
    /// The year, and not the rest.
    Year,
    /// Two different dates. No credit is given for being ten years apart: fathers and sons are.
    Different,
}

/// Compares two dates of birth.
pub(crate) fn agreement(one: BirthDate, other: BirthDate) -> Agreement {
    let same_year = one.year == other.year;
    if !one.is_complete() || !other.is_complete() {
        let month = one.month == 0 || other.month == 0 || one.month == other.month;
        return if same_year && month {
            Agreement::AsFarAsKnown
        } else {
            Agreement::Different
        };
    }
    if same_year && (one.is_default() || other.is_default()) {
        return Agreement::AsFarAsKnown;
    }
    if one == other {
        return Agreement::Same;
    }
    if one.is_default() && other.is_default() {
        return Agreement::Different;
    }
    let (same_month, same_day) = (one.month == other.month, one.day == other.day);
    if same_year && one.day == other.month && one.month == other.day {
        Agreement::Swapped
    } else if edits_within(&one.digits(), &other.digits(), 1).is_some() {
        Agreement::OneSlip
    } else if usize::from(same_year) + usize::from(same_month) + usize::from(same_day) == 2 {
        Agreement::TwoParts
    } else if same_year {
        Agreement::Year
    } else {
        Agreement::Different
    }
}

impl Sex {
    /// Reads `F`, `female`, `M`, `male`, and what administrative systems write for the rest.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        match fold(text).as_str() {
            "f" | "female" | "woman" | "girl" | "2" => Some(Self::Female),
            "m" | "male" | "man" | "boy" | "1" => Some(Self::Male),
            "o" | "x" | "other" | "non binary" | "nonbinary" | "indeterminate" => Some(Self::Other),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn date(text: &str) -> BirthDate {
        BirthDate::parse(text).unwrap()
    }

    #[test]
    fn dates_are_read_as_people_write_them() {
        let march = BirthDate {
            year: 1984,
            month: 3,
            day: 12,
        };
        for text in [
            "1984-03-12",
            "19840312",
            "12/03/1984",
            "12.3.1984",
            "12 March 1984",
            "12-Mar-1984",
            "1984-03-12T00:00:00Z",
        ] {
            assert_eq!(BirthDate::parse(text), Some(march), "{text}");
        }
        assert_eq!(date("1984-03"), BirthDate { day: 0, ..march });
        assert_eq!(date("1984").month, 0);
        assert_eq!(BirthDate::parse("unknown"), None);
        assert_eq!(BirthDate::unpack(march.pack()), march);
    }

    #[test]
    fn slips_of_the_pen_are_near_and_generations_are_not() {
        let between = |one: &str, other: &str| agreement(date(one), date(other));
        assert_eq!(between("1968-04-07", "1968-04-07"), Agreement::Same);
        assert_eq!(between("1968-04-07", "1968-07-04"), Agreement::Swapped);
        assert_eq!(between("1968-04-07", "1986-04-07"), Agreement::OneSlip);
        assert_eq!(between("1968-04-07", "1968-11-07"), Agreement::TwoParts);
        assert_eq!(between("1941-03-02", "1941"), Agreement::AsFarAsKnown);
        assert_eq!(between("1958-03-15", "1987-06-20"), Agreement::Different);
    }

    #[test]
    fn the_first_of_january_says_no_more_than_the_year() {
        let between = |one: &str, other: &str| agreement(date(one), date(other));
        assert_eq!(between("1990-01-01", "1990-01-01"), Agreement::AsFarAsKnown);
        assert_eq!(between("1990-01-01", "1990-06-19"), Agreement::AsFarAsKnown);
        assert_eq!(between("1990-01-01", "1991-01-01"), Agreement::Different);
        assert!(date("1900-01-01").is_filler());
    }
}
