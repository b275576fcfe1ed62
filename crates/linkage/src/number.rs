//! National numbers: ten digits with a check digit, in Scotland, England and Northern Ireland.
//!
//! Sources: the NHS data dictionary (NHS number, modulus 11); NHS Scotland's CHI data standard, with
//! the second check (modulus 10) that is issued for dates of birth whose first numbers are used up.

use crate::text::compact;

/// The identifier system of Scotland's Community Health Index number.
pub const CHI_SYSTEM: &str = "https://phfapi.digital.health.scot/naming/chi-number";
/// The identifier system of the NHS number of England, Wales and the Isle of Man.
pub const NHS_SYSTEM: &str = "https://fhir.nhs.uk/Id/nhs-number";
/// The identifier system of Northern Ireland's Health and Care number.
pub const HC_SYSTEM: &str = "https://fhir.hscni.net/Id/hcn";

/// Other names under which contributors send a CHI number.
const CHI_ALIASES: [&str; 3] = [
    "https://fhir.scot/id/chi-number",
    "urn:oid:2.16.840.1.113883.2.1.3.2.4.16.53",
    "http://fhir.scot.nhs.uk/Id/chi-number",
];

/// A national numbering. All three share one range of ten digits, so a number of one is never also
/// one of another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum National {
    /// Community Health Index, Scotland.
    Chi,
    /// NHS number: England, Wales, Isle of Man.
    Nhs,
    /// Health and Care number, Northern Ireland.
    Hc,
}

impl National {
    /// The numbering that an identifier system stands for.
    #[must_use]
    pub fn of(system: &str) -> Option<Self> {
        match system {
            CHI_SYSTEM => Some(Self::Chi),
            NHS_SYSTEM => Some(Self::Nhs),
            HC_SYSTEM => Some(Self::Hc),
            alias if CHI_ALIASES.contains(&alias) => Some(Self::Chi),
            _ => None,
        }
    }
}

/// What a number proves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Validity {
    /// Its modulus 11 check holds: one wrong digit, or two neighbours swapped, would have shown.
    Strong,
    /// A CHI of which only the modulus 10 check holds. One typing error in ten passes when either
    /// check may hold, so name or birth date must confirm it.
    Weak,
    /// Kept and shown; proves nothing.
    Invalid,
}

/// Whether an identifier is a national number whose check holds, so that it can prove who someone
/// is. A number that fails its check is kept and shown but proves nothing.
#[must_use]
pub fn is_national_number(system: &str, value: &str) -> bool {
    National::of(system)
        .and_then(|national| digits_of(national, value))
        .is_some_and(|digits| validity(&digits) == Validity::Strong)
}

/// The ten digits of a national number, without separators, and with the zero that a spreadsheet
/// took off a CHI. `None` if it is not ten digits, or the ten are one digit repeated: all of those
/// pass the check, and all are fillers.
#[must_use]
pub fn digits_of(national: National, value: &str) -> Option<String> {
    let mut digits = compact(value);
    if digits.len() == 9 && national == National::Chi {
        digits.insert(0, '0');
    }
    let ten = digits.len() == 10 && digits.bytes().all(|byte| byte.is_ascii_digit());
    let filler = digits
        .bytes()
        .all(|byte| digits.starts_with(char::from(byte)));
    (ten && !filler).then_some(digits)
}

/// What ten digits prove, judged by where they lie: a number sent under the wrong one of the three
/// systems is still the number that it is.
#[must_use]
pub fn validity(digits: &str) -> Validity {
    let Ok(number) = digits.parse::<u64>() else {
        return Validity::Invalid;
    };
    let chi = (100_000_000..=3_112_999_999).contains(&number);
    let issued = chi
        || (3_200_000_010..=3_999_999_999).contains(&number)
        || (4_000_000_000..=4_999_999_999).contains(&number)
        || (6_000_000_000..=8_599_999_999).contains(&number)
        // Never issued, so that tests and demonstrations can use it.
        || number >= 9_000_000_000;
    if !issued || (chi && !starts_with_a_date(digits)) {
        Validity::Invalid
    } else if modulus_11_holds(digits) {
        Validity::Strong
    } else if chi && modulus_10_holds(digits) {
        Validity::Weak
    } else {
        Validity::Invalid
    }
}

/// The first six digits of a CHI are a day, a month and a year of any century. They are not compared
/// with the date of birth: in one number of a hundred and twenty they differ.
fn starts_with_a_date(digits: &str) -> bool {
    let part = |range| digits.get(range).and_then(|text: &str| text.parse().ok());
    let (day, month): (Option<u8>, Option<u8>) = (part(0..2), part(2..4));
    let longest = match month {
        Some(2) => 29,
        Some(4 | 6 | 9 | 11) => 30,
        Some(1..=12) => 31,
        _ => 0,
    };
    day.is_some_and(|day| (1..=longest).contains(&day))
}

fn modulus_11_holds(digits: &str) -> bool {
    let sum: u32 = values(digits)
        .zip((2..=10).rev())
        .map(|(digit, weight)| digit * weight)
        .sum();
    let expected = match 11 - sum % 11 {
        11 => Some(0),
        10 => None,
        digit => Some(digit),
    };
    expected.is_some() && values(digits).last() == expected
}

/// Luhn's check over the first nine digits: every second one, from the first, is doubled.
fn modulus_10_holds(digits: &str) -> bool {
    let sum: u32 = values(digits)
        .take(9)
        .enumerate()
        .map(|(place, digit)| match (place % 2, digit * 2) {
            (0, double @ 10..) => double - 9,
            (0, double) => double,
            _ => digit,
        })
        .sum();
    values(digits).last() == Some((10 - sum % 10) % 10)
}

fn values(digits: &str) -> impl Iterator<Item = u32> {
    digits.chars().filter_map(|digit| digit.to_digit(10))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_with_a_true_check_digit_proves_something() {
        // The NHS data dictionary's own example.
        assert!(is_national_number(NHS_SYSTEM, "9434765919"));
        assert!(is_national_number(NHS_SYSTEM, "943 476 5919"));
        assert!(is_national_number(CHI_SYSTEM, "1203842147"));
    }

    #[test]
    fn a_mistyped_number_and_a_local_number_prove_nothing() {
        assert!(!is_national_number(NHS_SYSTEM, "9434765918"));
        assert!(!is_national_number(NHS_SYSTEM, "943476591"));
        assert!(!is_national_number(NHS_SYSTEM, "943476591X"));
        let local = "https://hospital.example/mrn";
        assert!(!is_national_number(local, "9434765919"));
    }

    #[test]
    fn a_spreadsheet_may_have_taken_the_leading_zero() {
        let padded = digits_of(National::Chi, "405625081");
        assert_eq!(padded.as_deref(), Some("0405625081"));
        assert_eq!(validity("0405625081"), Validity::Strong);
        assert_eq!(digits_of(National::Nhs, "405625081"), None);
    }

    #[test]
    fn one_digit_ten_times_is_a_filler_although_its_check_holds() {
        for digit in '0'..='9' {
            let number: String = std::iter::repeat_n(digit, 10).collect();
            assert!(modulus_11_holds(&number), "{number}");
            assert_eq!(digits_of(National::Nhs, &number), None);
        }
    }

    #[test]
    fn a_number_of_the_second_check_is_weaker_evidence() {
        for number in ["0101700136", "2902000096", "3112990035"] {
            assert_eq!(validity(number), Validity::Weak, "{number}");
            assert!(!is_national_number(CHI_SYSTEM, number));
        }
    }

    #[test]
    fn what_was_never_issued_and_what_has_no_date_is_no_number() {
        // 31 February, month 13, and the ranges between the nations.
        for number in ["3102701230", "0113701238", "0000000019", "5000000007"] {
            assert_eq!(validity(number), Validity::Invalid, "{number}");
        }
    }
}
