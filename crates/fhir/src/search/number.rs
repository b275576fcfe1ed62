//! Numbers and quantities in a query (<https://hl7.org/fhir/R4/search.html#number>).

use super::filter::Prefix;
use super::value::{bad_value, split, unescape};
use crate::outcome::Issue;

/// A number to compare with, and its unit if one was given.
#[derive(Debug, Clone, PartialEq)]
pub struct QuantityTerm {
    /// How.
    pub prefix: Prefix,
    /// The number.
    pub value: f64,
    /// The least number that rounds to the one given, in as many digits.
    pub from: f64,
    /// The least number above those.
    pub to: f64,
    /// The unit; `None` for any.
    pub unit: Option<Unit>,
}

/// A unit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unit {
    /// The system of the code; `None` for any, or for a unit in words.
    pub system: Option<String>,
    /// The code, or the unit as written.
    pub code: String,
}

/// Reads a number with its prefix, such as `ge5.40`.
pub(super) fn number(name: &str, term: &str) -> Result<QuantityTerm, Issue> {
    let (prefix, digits) = Prefix::split(term);
    read(prefix, digits).ok_or_else(|| bad_value(name, "a number such as ge5.4", term))
}

/// Reads a quantity with its prefix, such as `le5.4|http://unitsofmeasure.org|mmol/L`.
pub(super) fn quantity(name: &str, term: &str) -> Result<QuantityTerm, Issue> {
    let parts = split(term, '|');
    let expected = "a quantity such as 5.4 or 5.4|http://unitsofmeasure.org|mg";
    let (digits, unit) = match parts.as_slice() {
        [digits] => (digits, None),
        [digits, system, code] => {
            let unit = Unit {
                system: Some(unescape(system)).filter(|system| !system.is_empty()),
                code: unescape(code),
            };
            (digits, Some(unit).filter(|unit| !unit.code.is_empty()))
        }
        _ => return Err(bad_value(name, expected, term)),
    };
    let (prefix, digits) = Prefix::split(digits);
    let term = read(prefix, digits).ok_or_else(|| bad_value(name, expected, term))?;
    Ok(QuantityTerm { unit, ..term })
}

/// A number stands for all that round to it: `100` for 99.5 up to 100.5, `1e2` for 95 up to 105,
/// and approximately for a tenth more or less.
fn read(prefix: Prefix, digits: &str) -> Option<QuantityTerm> {
    let unsigned = digits.strip_prefix(['-', '+']).unwrap_or(digits);
    let starts_well = unsigned.starts_with(|first: char| first.is_ascii_digit());
    let value: f64 = digits.parse().ok()?;
    if !starts_well || !value.is_finite() {
        return None;
    }
    let (mantissa, exponent) = match unsigned.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, exponent.parse::<i32>().ok()? - 1),
        None => (unsigned, 0),
    };
    let decimals = mantissa.split_once('.').map_or(0, |(_, after)| after.len());
    let half = match prefix {
        Prefix::Ap => value.abs() / 10.0,
        _ => 0.5 * 10_f64.powi(exponent.saturating_sub(i32::try_from(decimals).ok()?)),
    };
    Some(QuantityTerm {
        prefix,
        value,
        from: value - half,
        to: value + half,
        unit: None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_stands_for_all_that_round_to_it() {
        let range = |digits: &str| {
            let term = number("probability", digits).unwrap();
            (term.from, term.to)
        };
        assert_eq!(range("100"), (99.5, 100.5));
        assert_eq!(range("100.00"), (99.995, 100.005));
        assert_eq!(range("1e2"), (95.0, 105.0));
        assert_eq!(range("-3"), (-3.5, -2.5));
        assert_eq!(range("ap100"), (90.0, 110.0));
    }

    #[test]
    fn a_quantity_may_name_its_unit_by_code_or_in_words() {
        let unit = |text: &str| quantity("value-quantity", text).unwrap().unit;
        assert_eq!(unit("gt5.4"), None);
        assert_eq!(unit("5.4||"), None);
        let milligrams = Unit {
            system: None,
            code: "mg".into(),
        };
        assert_eq!(unit("5.4||mg"), Some(milligrams));
        let ucum = Unit {
            system: Some("http://unitsofmeasure.org".into()),
            code: "mg".into(),
        };
        assert_eq!(unit("5.4|http://unitsofmeasure.org|mg"), Some(ucum));
    }

    #[test]
    fn what_is_no_number_is_refused() {
        for wrong in [
            "", "five", "nan", "inf", "ge", "5.4|mg", "0x10", "1e999", ".",
        ] {
            assert!(quantity("value-quantity", wrong).is_err(), "{wrong}");
        }
    }
}
