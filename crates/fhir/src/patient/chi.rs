//! The check digit of CHI and NHS numbers.
//!
//! Ten digits, the last a check. Mod 11 is the rule; NHS Scotland also issues CHI numbers with a
//! mod 10 check for birth dates whose mod 11 numbers are used up (CHI Management Board, May 2025).
//! A mod 10 check alone is weaker evidence: it misses a tenth of single-digit errors.

/// Which rule a number's last digit satisfies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CheckDigit {
    /// Mod 11, as every CHI and NHS number had until 2025.
    Mod11,
    /// Mod 10 only.
    Mod10,
}

/// Which check a ten-digit number passes; `None` if neither, or if it is not ten digits.
#[must_use]
pub fn check_digit(number: &str) -> Option<CheckDigit> {
    let digits: Vec<u32> = number
        .chars()
        .map_while(|digit| digit.to_digit(10))
        .collect();
    let (check, first) = digits.split_last()?;
    if digits.len() != 10 || number.len() != 10 {
        return None;
    }
    let weighted: u32 = first
        .iter()
        .zip((2..=10).rev())
        .map(|(digit, weight)| digit * weight)
        .sum();
    // A remainder of 1 would need the check digit 10: such numbers are not issued.
    if (11 - weighted % 11) % 11 == *check {
        return Some(CheckDigit::Mod11);
    }
    let doubled: u32 = first
        .iter()
        .enumerate()
        .map(|(place, digit)| match place % 2 {
            0 if *digit > 4 => digit * 2 - 9,
            0 => digit * 2,
            _ => *digit,
        })
        .sum();
    ((10 - doubled % 10) % 10 == *check).then_some(CheckDigit::Mod10)
}

/// Whether a text is a CHI number: a day and month, and a check digit by either rule.
#[must_use]
pub fn chi_is_valid(number: &str) -> bool {
    let part = |from, to| {
        number
            .get(from..to)
            .and_then(|part| part.parse::<u8>().ok())
    };
    let is_date = part(0, 2).is_some_and(|day| (1..=31).contains(&day))
        && part(2, 4).is_some_and(|month| (1..=12).contains(&month));
    is_date && check_digit(number).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn either_check_is_good_and_says_which() {
        // Invented numbers.
        assert_eq!(check_digit("9434765919"), Some(CheckDigit::Mod11));
        assert_eq!(check_digit("0101700136"), Some(CheckDigit::Mod10));
        assert_eq!(check_digit("2902000096"), Some(CheckDigit::Mod10));
        assert_eq!(check_digit("3112990035"), Some(CheckDigit::Mod10));
        assert_eq!(check_digit("9434765918"), None);
    }

    #[test]
    fn a_chi_number_begins_with_a_day_and_month() {
        assert!(chi_is_valid("0101700136"));
        assert!(!chi_is_valid("9434765919"), "no month 43");
        for text in ["", "010170013", "01017001366", "01017O0136", "٠١٠١٧٠٠١٣٦"] {
            assert!(!chi_is_valid(text), "{text}");
        }
    }
}
