//! National numbers: Scotland's CHI and England's NHS number, both ten digits with a check digit.

/// The identifier system of the Community Health Index number.
pub const CHI_SYSTEM: &str = "https://phfapi.digital.health.scot/naming/chi-number";
/// The identifier system of the NHS number.
pub const NHS_SYSTEM: &str = "https://fhir.nhs.uk/Id/nhs-number";

/// Other names under which contributors send a CHI number.
const CHI_ALIASES: [&str; 3] = [
    "https://fhir.scot/id/chi-number",
    "urn:oid:2.16.840.1.113883.2.1.3.2.4.16.53",
    "http://fhir.scot.nhs.uk/Id/chi-number",
];

/// Whether an identifier is a national number whose check digit holds, so that it can prove who
/// someone is. A number that fails its check is kept and shown but proves nothing.
#[must_use]
pub fn is_national_number(system: &str, value: &str) -> bool {
    let known = system == CHI_SYSTEM || system == NHS_SYSTEM || CHI_ALIASES.contains(&system);
    known && check_digit_holds(value)
}

/// Modulus 11 over ten digits, as the NHS data dictionary defines it for both numbers.
fn check_digit_holds(value: &str) -> bool {
    let digits: Option<Vec<u32>> = value.chars().map(|letter| letter.to_digit(10)).collect();
    let Some(digits) = digits.filter(|digits| digits.len() == 10) else {
        return false;
    };
    let (Some(check), Some(body)) = (digits.last(), digits.get(..9)) else {
        return false;
    };
    let sum: u32 = body
        .iter()
        .zip((2..=10).rev())
        .map(|(digit, weight)| digit * weight)
        .sum();
    match 11 - sum % 11 {
        11 => *check == 0,
        10 => false,
        expected => *check == expected,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_with_a_true_check_digit_proves_something() {
        // The NHS data dictionary's own example.
        assert!(is_national_number(NHS_SYSTEM, "9434765919"));
        assert!(is_national_number(CHI_SYSTEM, "9434765919"));
    }

    #[test]
    fn a_mistyped_number_and_a_local_number_prove_nothing() {
        assert!(!is_national_number(NHS_SYSTEM, "9434765918"));
        assert!(!is_national_number(NHS_SYSTEM, "943476591"));
        assert!(!is_national_number(NHS_SYSTEM, "943476591X"));
        assert!(!is_national_number(
            "https://hospital.example/mrn",
            "9434765919"
        ));
    }
}
