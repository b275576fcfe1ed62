//! CHI numbers for people who do not exist: right in every digit, and plainly invented.
//!
//! A CHI number is six digits of birth date, two of serial, one whose parity gives the sex and a
//! mod-11 check digit. The town's serials are 99, then 98 and so on, so that a number of the town
//! can be told from a real one at sight.

use std::collections::BTreeSet;

/// The check digit over the first nine, weights 10 to 2; `None` where the rule gives ten, which no
/// number may carry.
pub(super) fn check_digit(nine: &str) -> Option<u32> {
    let sum: u32 = nine
        .chars()
        .filter_map(|digit| digit.to_digit(10))
        .zip((2..=10).rev())
        .map(|(digit, weight)| digit * weight)
        .sum();
    match 11 - sum % 11 {
        10 => None,
        11 => Some(0),
        digit => Some(digit),
    }
}

/// A number for a birth date and sex that nobody in `taken` has; unknown parts of the date count
/// as the first.
pub(super) fn number(birth_date: &str, male: bool, taken: &BTreeSet<String>) -> String {
    let mut parts = birth_date.split('-');
    let year = parts.next().unwrap_or("1900");
    let month = parts.next().unwrap_or("01");
    let day = parts.next().unwrap_or("01");
    let century_year = year.get(2..4).unwrap_or("00");

    (1..=99)
        .rev()
        .flat_map(|serial| (0..10).map(move |sex| (serial, sex)))
        .filter(|(_, sex)| (sex % 2 == 1) == male)
        .filter_map(|(serial, sex)| {
            let nine = format!("{day}{month}{century_year}{serial:02}{sex}");
            check_digit(&nine).map(|check| format!("{nine}{check}"))
        })
        .find(|number| !taken.contains(number))
        .expect("the town has far fewer people born on one day than there are numbers")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_check_digit_is_the_one_of_the_published_sample() {
        assert_eq!(check_digit("943476591"), Some(9));
        assert_eq!(check_digit("999000001"), Some(8));
    }

    #[test]
    fn twins_of_one_sex_get_two_numbers_of_one_date() {
        let mut taken = BTreeSet::new();
        let first = number("2020-03-07", false, &taken);
        taken.insert(first.clone());
        let second = number("2020-03-07", false, &taken);
        assert_ne!(first, second);
        assert!(first.starts_with("07032099") && second.starts_with("07032099"));
    }
}
