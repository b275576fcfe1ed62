//! Turns views into answers, and dates, numbers and names into the words people read.
//!
//! Staff pages follow the NHS CUI guides (`dd-Mmm-yyyy`, 24-hour time, family name in
//! capitals); pages for the person follow the NHS content guide (dates in full, `9:14am`).
//! So a date or a time carries both faces and the template picks one.

use askama::Template;
use axum::response::{IntoResponse, Response};
use http::{HeaderValue, StatusCode, header};
use jiff::civil::Date;
use jiff::{Unit, Zoned};

/// What a browser may load for one of our pages: our own files, and nothing inline.
pub const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; \
     img-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'; \
     require-trusted-types-for 'script'; trusted-types 'none'";

/// Answers with a page that no cache may keep and no other site may frame or follow.
pub fn html(status: StatusCode, view: &impl Template) -> Response {
    let Ok(body) = view.render() else {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    };
    let headers = [
        (
            header::CONTENT_TYPE,
            HeaderValue::from_static("text/html; charset=utf-8"),
        ),
        (
            header::CONTENT_SECURITY_POLICY,
            HeaderValue::from_static(CONTENT_SECURITY_POLICY),
        ),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
        (
            header::REFERRER_POLICY,
            HeaderValue::from_static("no-referrer"),
        ),
        (
            header::X_CONTENT_TYPE_OPTIONS,
            HeaderValue::from_static("nosniff"),
        ),
    ];
    (status, headers, body).into_response()
}

/// A date that may be known only in part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DateView {
    /// For machines: `2027-01-11`, `2027-01`, `2027`, or empty where nothing is recorded.
    pub machine: String,
    /// For staff: `11-Jan-2027`, `Jan-2027`, `2027`, `Not recorded`.
    pub short: String,
    /// In full: `11 January 2027`, `January 2027`, `2027`, `Not recorded`.
    pub full: String,
}

impl DateView {
    /// A date known to the day.
    #[must_use]
    pub fn day(date: Date) -> Self {
        Self {
            machine: date.to_string(),
            short: date.strftime("%d-%b-%Y").to_string(),
            full: date.strftime("%-d %B %Y").to_string(),
        }
    }

    /// A date known to the month. `None` if there is no such month.
    #[must_use]
    pub fn month(year: i16, month: i8) -> Option<Self> {
        let first = Date::new(year, month, 1).ok()?;
        Some(Self {
            machine: first.strftime("%Y-%m").to_string(),
            short: first.strftime("%b-%Y").to_string(),
            full: first.strftime("%B %Y").to_string(),
        })
    }

    /// A date known to the year.
    #[must_use]
    pub fn year(year: i16) -> Self {
        let year = format!("{year:04}");
        Self {
            machine: year.clone(),
            short: year.clone(),
            full: year,
        }
    }

    /// A date nobody wrote down.
    #[must_use]
    pub fn not_recorded() -> Self {
        let words = "Not recorded".to_owned();
        Self {
            machine: String::new(),
            short: words.clone(),
            full: words,
        }
    }

    /// A date as FHIR writes it (`2027`, `2027-01`, `2027-01-11`, or a dateTime, of which the
    /// written day counts). Anything else is shown as not recorded.
    #[must_use]
    pub fn parse(fhir: &str) -> Self {
        let day = fhir.split('T').next().unwrap_or(fhir);
        let part = |text: &str| {
            let (year, month) = text.split_once('-')?;
            Self::month(year.parse().ok()?, month.parse().ok()?)
        };
        match day.len() {
            10 => day.parse().ok().map(Self::day),
            7 => part(day),
            4 => day.parse().ok().map(Self::year),
            _ => None,
        }
        .unwrap_or_else(Self::not_recorded)
    }
}

/// A moment in the time zone of the reader.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MomentView {
    /// For machines: RFC 3339 with the offset.
    pub machine: String,
    /// The day.
    pub date: DateView,
    /// For staff: `14:05`.
    pub time: String,
    /// For everybody else: `2:05pm`.
    pub plain: String,
}

impl MomentView {
    /// Shows a moment; the caller picks the time zone (Europe/London).
    #[must_use]
    pub fn at(moment: &Zoned) -> Self {
        Self {
            machine: moment.strftime("%Y-%m-%dT%H:%M:%S%:z").to_string(),
            date: DateView::day(moment.date()),
            time: moment.strftime("%H:%M").to_string(),
            plain: sharing::spoken::time(moment),
        }
    }
}

/// Age as the CUI guide writes it: days under four weeks, weeks under a year, months under two
/// years, years and months under eighteen, then years. `None` if born after `today`.
#[must_use]
pub fn age(born: Date, today: Date) -> Option<String> {
    let days = born.until((Unit::Day, today)).ok()?.get_days();
    if days < 0 {
        return None;
    }
    let span = born.until((Unit::Year, today)).ok()?;
    let (years, months) = (i32::from(span.get_years()), span.get_months());
    let count = |n: i32, one: &str| format!("{n} {one}{}", if n == 1 { "" } else { "s" });
    Some(match years {
        0 if days < 28 => count(days, "day"),
        0 => count(days / 7, "week"),
        1 => count(12 + months, "month"),
        2..=17 if months > 0 => format!("{} {}", count(years, "year"), count(months, "month")),
        2..=17 => count(years, "year"),
        _ => years.to_string(),
    })
}

/// A name for the banner: `DRUMMOND, Ishbel (Mrs)`. Any part may be missing.
#[must_use]
pub fn banner_name(family: &str, given: &str, title: &str) -> String {
    let mut name = family.to_uppercase();
    if !given.is_empty() {
        if !name.is_empty() {
            name.push_str(", ");
        }
        name.push_str(given);
    }
    if !title.is_empty() {
        name.push_str(&format!(" ({title})"));
    }
    name
}

/// A telephone number that can be read and rung.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Phone {
    /// Spaced for reading, without `+44`: `01698 555 0123`.
    pub shown: String,
    /// The address of the link: `tel:+4416985550123`.
    pub link: String,
}

impl Phone {
    /// Shows a number given in any common form. British numbers are spaced anew; others keep
    /// the spaces they came with.
    #[must_use]
    pub fn new(given: &str) -> Self {
        let digits: String = given.chars().filter(char::is_ascii_digit).collect();
        let plus = given.trim_start().starts_with('+');
        let british = match digits.strip_prefix("44") {
            Some(rest) if plus => Some(format!("0{}", rest.trim_start_matches('0'))),
            _ if plus => None,
            _ => Some(digits.clone()),
        };
        match british {
            Some(national) if national.len() >= 10 && national.starts_with('0') => Self {
                shown: spaced(&national),
                link: format!("tel:+44{}", &national[1..]),
            },
            Some(short) => Self {
                link: format!("tel:{short}"),
                shown: short,
            },
            None => Self {
                shown: given.trim().to_owned(),
                link: format!("tel:+{digits}"),
            },
        }
    }
}

/// Groups a British national number as Ofcom's numbering plan divides it.
fn spaced(national: &str) -> String {
    let area = match national.as_bytes() {
        [b'0', b'2', ..] => 3,
        [b'0', b'1', b'1', ..] | [b'0', b'1', _, b'1', ..] | [b'0', b'3' | b'8', ..] => 4,
        _ => 5,
    };
    let (area, local) = national.split_at(area);
    match local.len() {
        7 | 8 => {
            let (first, last) = local.split_at(local.len() - 4);
            format!("{area} {first} {last}")
        }
        _ => format!("{area} {local}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn staff_read_short_dates_and_citizens_read_full_ones() {
        let day = DateView::day(date(2027, 1, 5));
        assert_eq!(day.machine, "2027-01-05");
        assert_eq!(day.short, "05-Jan-2027");
        assert_eq!(day.full, "5 January 2027");
    }

    #[test]
    fn a_date_known_in_part_is_shown_in_part() {
        assert_eq!(DateView::parse("2026-09").short, "Sep-2026");
        assert_eq!(DateView::parse("2026-09").full, "September 2026");
        assert_eq!(DateView::parse("2026").short, "2026");
        assert_eq!(
            DateView::parse("2027-01-11T23:40:00+00:00").short,
            "11-Jan-2027"
        );
    }

    #[test]
    fn what_is_not_a_date_is_not_recorded_rather_than_an_error() {
        for text in ["", "soon", "2027-13", "2027-02-30", "20270", "é2-11-2027"] {
            assert_eq!(DateView::parse(text), DateView::not_recorded(), "{text:?}");
        }
    }

    #[test]
    fn a_moment_has_a_ward_clock_and_a_kitchen_clock() {
        let at = |hour, minute| {
            let moment = date(2027, 7, 1).at(hour, minute, 30, 0);
            MomentView::at(
                &moment
                    .in_tz("Europe/London")
                    .expect("London has a time zone"),
            )
        };
        assert_eq!(at(9, 14).plain, "9:14am");
        assert_eq!(at(9, 14).time, "09:14");
        assert_eq!(at(9, 14).machine, "2027-07-01T09:14:30+01:00");
        assert_eq!(at(17, 0).plain, "5pm");
        assert_eq!(at(0, 0).plain, "midnight");
        assert_eq!(at(0, 5).plain, "12:05am");
        assert_eq!(at(12, 0).plain, "midday");
    }

    #[test]
    fn age_is_finer_for_the_young() {
        let today = date(2027, 1, 15);
        let age = |born| age(born, today);
        assert_eq!(age(date(1940, 11, 12)).as_deref(), Some("86"));
        assert_eq!(age(date(2023, 9, 15)).as_deref(), Some("3 years 4 months"));
        assert_eq!(age(date(2011, 1, 15)).as_deref(), Some("16 years"));
        assert_eq!(age(date(2025, 12, 15)).as_deref(), Some("13 months"));
        assert_eq!(age(date(2026, 12, 1)).as_deref(), Some("6 weeks"));
        assert_eq!(age(date(2027, 1, 14)).as_deref(), Some("1 day"));
        assert_eq!(age(date(2027, 1, 16)), None);
    }

    #[test]
    fn the_banner_puts_the_family_name_first_and_in_capitals() {
        assert_eq!(
            banner_name("Drummond", "Ishbel", "Mrs"),
            "DRUMMOND, Ishbel (Mrs)"
        );
        assert_eq!(
            banner_name("Achebe-Laird", "Desmond", ""),
            "ACHEBE-LAIRD, Desmond"
        );
        assert_eq!(banner_name("Wójcik", "Halina", "Ms"), "WÓJCIK, Halina (Ms)");
        assert_eq!(banner_name("", "Suharto", ""), "Suharto");
    }

    #[test]
    fn british_numbers_are_spaced_and_lose_their_country_code() {
        let shown = |given: &str| Phone::new(given).shown;
        assert_eq!(shown("+44 1698 555012"), "01698 555012");
        assert_eq!(shown("01698555012"), "01698 555012");
        assert_eq!(shown("(0141) 496 0123"), "0141 496 0123");
        assert_eq!(shown("+44 (0)20 7946 0018"), "020 7946 0018");
        assert_eq!(shown("07700900123"), "07700 900123");
        assert_eq!(shown("0808 157 0123"), "0808 157 0123");
    }

    #[test]
    fn every_number_can_be_rung() {
        assert_eq!(Phone::new("01698 555012").link, "tel:+441698555012");
        assert_eq!(Phone::new("101").link, "tel:101");
        assert_eq!(Phone::new("+353 1 555 0123").link, "tel:+35315550123");
        assert_eq!(Phone::new("+353 1 555 0123").shown, "+353 1 555 0123");
    }
}
