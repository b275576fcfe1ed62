//! Recognising what a value is by its look alone: dates in any order, postcodes, numbers that
//! check, sex codes, telephone numbers.

use linkage::{National, Validity, digits_of, validity};
use serde::{Deserialize, Serialize};

/// In which order the parts of a date are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DateOrder {
    /// `1984-03-12`, `19840312`
    YearMonthDay,
    /// `12/03/1984`, `12032984`
    DayMonthYear,
    /// `03/12/1984`
    MonthDayYear,
    /// Days since the end of 1899, as spreadsheets count: `30753`
    SpreadsheetDay,
}

impl DateOrder {
    /// All orders, in the one in which they are preferred where several fit.
    pub const ALL: [Self; 4] = [
        Self::YearMonthDay,
        Self::DayMonthYear,
        Self::MonthDayYear,
        Self::SpreadsheetDay,
    ];

    /// The order in words.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::YearMonthDay => "year, month, day",
            Self::DayMonthYear => "day, month, year",
            Self::MonthDayYear => "month, day, year",
            Self::SpreadsheetDay => "the day number of a spreadsheet",
        }
    }

    /// Whether the value is a whole and real date in this order.
    #[must_use]
    pub fn is_date(self, value: &str) -> bool {
        self.read(value).iter().any(|[year, month, day]| {
            let parts = (
                i16::try_from(*year),
                i8::try_from(*month),
                i8::try_from(*day),
            );
            match parts {
                (Ok(year), Ok(month), Ok(day)) => {
                    (1000..=2100).contains(&year)
                        && jiff::civil::Date::new(year, month, day).is_ok()
                }
                _ => false,
            }
        })
    }

    /// Year, month and day as written, also if there was no such day: one wrong digit still says
    /// much. A year of two digits may be of two centuries: both are given.
    #[must_use]
    pub fn read(self, value: &str) -> Vec<[u16; 3]> {
        if self == Self::SpreadsheetDay {
            return spreadsheet_day(value).into_iter().collect();
        }
        let Some([year, month, day]) = self.parts(value) else {
            return Vec::new();
        };
        let (Ok(month), Ok(day)) = (month.parse(), day.parse()) else {
            return Vec::new();
        };
        centuries(&year)
            .iter()
            .map(|year| [*year, month, day])
            .collect()
    }

    /// Year, month and day as they stand in the value.
    fn parts(self, value: &str) -> Option<[String; 3]> {
        let date = value.split(['T']).next().unwrap_or(value).trim();
        let date = match date.split_once(' ') {
            Some((first, time)) if time.contains(':') => first,
            _ => date,
        };
        if date.len() == 8 && date.bytes().all(|byte| byte.is_ascii_digit()) {
            let (at, year) = match self {
                Self::YearMonthDay => ([0..4, 4..6, 6..8], 0),
                _ => ([0..2, 2..4, 4..8], 2),
            };
            let [a, b, c] = at.map(|range| date.get(range).unwrap_or_default().to_owned());
            return Some(self.ordered(a, b, c, year));
        }
        let parts: Vec<String> = date
            .split(|letter: char| !letter.is_alphanumeric())
            .filter(|part| !part.is_empty())
            .map(month_number)
            .collect();
        let [a, b, c] = <[String; 3]>::try_from(parts).ok()?;
        let year = usize::from(self != Self::YearMonthDay) * 2;
        Some(self.ordered(a, b, c, year))
    }

    fn ordered(self, a: String, b: String, c: String, year: usize) -> [String; 3] {
        match (self, year) {
            (Self::MonthDayYear, _) => [c, a, b],
            (_, 0) => [a, b, c],
            _ => [c, b, a],
        }
    }
}

/// `Mar` and `March` as `3`; anything else as it is, and `12th` as `12`.
fn month_number(part: &str) -> String {
    const MONTHS: [&str; 12] = [
        "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
    ];
    let lower = part.to_lowercase();
    let month = MONTHS.iter().position(|month| lower.starts_with(month));
    if let Some(month) = month {
        return (month + 1).to_string();
    }
    for ending in ["st", "nd", "rd", "th"] {
        if let Some(day) = lower.strip_suffix(ending) {
            return day.to_owned();
        }
    }
    lower
}

/// The years that a written year can mean.
fn centuries(year: &str) -> Vec<u16> {
    match (year.len(), year.parse::<u16>()) {
        (4, Ok(year)) => vec![year],
        (2, Ok(year)) => vec![1900 + year, 2000 + year],
        _ => Vec::new(),
    }
}

fn spreadsheet_day(value: &str) -> Option<[u16; 3]> {
    let whole = value.strip_suffix(".0").unwrap_or(value);
    let days: i64 = whole
        .parse()
        .ok()
        .filter(|days| (2_000..80_000).contains(days))?;
    let first = jiff::civil::Date::new(1899, 12, 30).ok()?;
    let date = first
        .checked_add(jiff::Span::new().try_days(days).ok()?)
        .ok()?;
    let part = |part: i8| u16::try_from(part).ok();
    Some([
        u16::try_from(date.year()).ok()?,
        part(date.month())?,
        part(date.day())?,
    ])
}

/// Only the digits of a number that may be written with blanks and hyphens; nothing if there is
/// anything else in it.
#[must_use]
pub fn digits(value: &str) -> Option<String> {
    let plain: String = value
        .chars()
        .filter(|letter| !matches!(letter, ' ' | '-'))
        .collect();
    let all = !plain.is_empty() && plain.bytes().all(|byte| byte.is_ascii_digit());
    all.then_some(plain)
}

/// Which national number ten digits are, if they lie in a range that is issued and check.
#[must_use]
pub fn national(value: &str) -> Option<National> {
    let number = digits_of(National::Nhs, value)?;
    if validity(&number) != Validity::Strong {
        return None;
    }
    Some(match number.get(..2)?.parse().ok()? {
        0..32 => National::Chi,
        32..40 => National::Hc,
        _ => National::Nhs,
    })
}

/// The look of a British postcode: `ZY1 2AB`.
#[must_use]
pub fn is_postcode(value: &str) -> bool {
    let plain: Vec<u8> = value
        .bytes()
        .filter(|byte| *byte != b' ')
        .map(|byte| byte.to_ascii_uppercase())
        .collect();
    if !(5..=7).contains(&plain.len()) {
        return false;
    }
    let (outward, inward) = plain.split_at(plain.len() - 3);
    let inward_fits = matches!(inward, [digit, a, b]
        if digit.is_ascii_digit() && a.is_ascii_uppercase() && b.is_ascii_uppercase());
    let outward_fits = outward.first().is_some_and(u8::is_ascii_uppercase)
        && outward.iter().any(u8::is_ascii_digit)
        && outward.iter().all(u8::is_ascii_alphanumeric);
    inward_fits && outward_fits
}

/// The look of an e-mail address.
#[must_use]
pub fn is_email(value: &str) -> bool {
    match value.split_once('@') {
        Some((who, place)) => {
            !who.is_empty()
                && place.contains('.')
                && !value.contains([' ', ','])
                && !place.contains('@')
        }
        None => false,
    }
}

/// The look of a telephone number with its area: `0141 496 0000`, `+44 141 496 0000`.
#[must_use]
pub fn is_phone(value: &str) -> bool {
    let known = |letter: char| letter.is_ascii_digit() || " +()-./".contains(letter);
    let count = value.bytes().filter(u8::is_ascii_digit).count();
    value.chars().all(known) && (9..=15).contains(&count) && value.starts_with(['0', '+', '('])
}

/// A code or word for sex or gender.
#[must_use]
pub fn is_sex(value: &str) -> bool {
    const CODES: [&str; 24] = [
        "m",
        "f",
        "male",
        "female",
        "man",
        "woman",
        "boy",
        "girl",
        "u",
        "unknown",
        "not known",
        "x",
        "i",
        "other",
        "indeterminate",
        "not specified",
        "non-binary",
        "nb",
        "0",
        "1",
        "2",
        "9",
        "n",
        "o",
    ];
    CODES.contains(&value.to_lowercase().as_str())
}

/// What programs write where there is nothing.
#[must_use]
pub fn is_blank_word(value: &str) -> bool {
    matches!(
        value,
        "NULL"
            | "null"
            | "\\N"
            | "NaN"
            | "nan"
            | "#N/A"
            | "N/A"
            | "n/a"
            | "None"
            | "<NA>"
            | "-"
            | "."
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_read_in_their_order() {
        use DateOrder::{DayMonthYear, MonthDayYear, SpreadsheetDay, YearMonthDay};
        for (order, value) in [
            (YearMonthDay, "1984-03-12"),
            (YearMonthDay, "19840312"),
            (YearMonthDay, "1984-03-12T00:00:00"),
            (YearMonthDay, "1984-03-12 00:00:00"),
            (DayMonthYear, "12/03/1984"),
            (DayMonthYear, "12.3.1984"),
            (DayMonthYear, "12031984"),
            (DayMonthYear, "12th March 1984"),
            (MonthDayYear, "03/12/1984"),
            (MonthDayYear, "Mar 12, 1984"),
            (SpreadsheetDay, "30753"),
        ] {
            assert_eq!(order.read(value), [[1984, 3, 12]], "{value}");
            assert!(order.is_date(value), "{value}");
        }
        assert_eq!(
            DayMonthYear.read("12/03/24"),
            [[1924, 3, 12], [2024, 3, 12]]
        );
    }

    #[test]
    fn a_day_that_never_was_is_read_but_is_no_date() {
        assert_eq!(DateOrder::YearMonthDay.read("19840230"), [[1984, 2, 30]]);
        for value in [
            "1984-02-30",
            "30/02/1984",
            "1984",
            "Northburn",
            "",
            "99999999",
        ] {
            for order in DateOrder::ALL {
                assert!(!order.is_date(value), "{value}");
            }
        }
    }

    #[test]
    fn national_numbers_are_known_by_their_range_and_check() {
        assert_eq!(national("999 000 0018"), Some(National::Nhs));
        assert_eq!(national("1203842147"), Some(National::Chi));
        assert_eq!(national("9990000019"), None);
        assert_eq!(national("4444444444"), None);
        assert_eq!(digits("999 000 0018").as_deref(), Some("9990000018"));
        assert_eq!(digits("999 000 001X"), None);
    }

    #[test]
    fn postcodes_e_mails_and_telephones_have_their_look() {
        for postcode in ["ZY1 2AB", "zy12ab", "EH10 4BF", "W1A 1AA"] {
            assert!(is_postcode(postcode), "{postcode}");
        }
        for other in ["Leith", "12345", "EH10", "11A 1AA", "Morag"] {
            assert!(!is_postcode(other), "{other}");
        }
        assert!(is_email("kirsty@example.org"));
        assert!(!is_email("kirsty at example.org"));
        assert!(is_phone("0141 496 0000"));
        assert!(is_phone("+44 141 496 0000"));
        assert!(!is_phone("19840312"));
        assert!(is_sex("F") && is_sex("Female") && !is_sex("fiona"));
    }
}
