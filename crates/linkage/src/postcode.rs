//! Postcodes: those of the United Kingdom by BS 7666, those of other countries as codes.

use crate::text::{compact, edits_within};

/// What two postcodes have in common, most first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Agreement {
    /// The same code.
    Unit,
    /// One letter or digit wrong, or two swapped.
    OneSlip,
    /// The same sector: `KY1 2`.
    Sector,
    /// The same district: `KY1`; abroad, all but the last letter or digit.
    District,
    /// Elsewhere.
    Different,
}

/// The code in small letters without blanks, with O and 0, I and 1 put right by their place. `None`
/// where it is nobody's: ZZ99 stands for "no fixed abode" and "abroad".
pub(crate) fn normalise(text: &str) -> Option<String> {
    let code = compact(text);
    if code.is_empty() || code.starts_with("zz99") || code.starts_with("zz9") {
        return None;
    }
    Some(put_right(&code).unwrap_or(code))
}

/// Reads the code as a British one if letters and digits can be put where they belong: the last
/// three are digit, letter, letter; the first is a letter.
fn put_right(code: &str) -> Option<String> {
    if !(5..=7).contains(&code.len()) || !code.is_ascii() {
        return None;
    }
    let (outward, inward) = code.split_at_checked(code.len() - 3)?;
    let mut right: String = outward.to_owned();
    for (place, letter) in inward.chars().enumerate() {
        right.push(if place == 0 { digit(letter) } else { letter });
    }
    let mut letters: Vec<char> = right.chars().collect();
    if let Some(first) = letters.first_mut() {
        *first = alphabetic(*first);
    }
    // The second place is a letter or a digit; the place before the inward part is most often a
    // digit, and O and I never stand there.
    let last = letters.len() - 4;
    if let Some(before) = letters.get_mut(last) {
        *before = digit(*before);
    }
    let right: String = letters.into_iter().collect();
    is_british(&right).then_some(right)
}

fn digit(letter: char) -> char {
    match letter {
        'o' => '0',
        'i' | 'l' => '1',
        other => other,
    }
}

fn alphabetic(letter: char) -> char {
    match letter {
        '0' => 'o',
        '1' => 'i',
        other => other,
    }
}

/// Whether a compact code in small letters has one of the forms of BS 7666.
pub(crate) fn is_british(code: &str) -> bool {
    if code == "gir0aa" {
        return true;
    }
    let Some((outward, inward)) = code.len().checked_sub(3).map(|at| code.split_at(at)) else {
        return false;
    };
    let inward_holds = matches!(inward.as_bytes(), [first, rest @ ..]
        if first.is_ascii_digit()
            && rest.iter().all(|letter| letter.is_ascii_lowercase() && !b"cikmov".contains(letter)));
    let first = |letter: &u8| letter.is_ascii_lowercase() && !b"qvx".contains(letter);
    let second = |letter: &u8| letter.is_ascii_lowercase() && !b"ijz".contains(letter);
    let outward_holds = match outward.as_bytes() {
        [area, district] => first(area) && district.is_ascii_digit(),
        [area, tens, units] if tens.is_ascii_digit() => {
            first(area) && (units.is_ascii_digit() || b"abcdefghjkpstuw".contains(units))
        }
        [area, town, district] => first(area) && second(town) && district.is_ascii_digit(),
        [area, town, tens, units] => {
            first(area)
                && second(town)
                && tens.is_ascii_digit()
                && (units.is_ascii_digit() || b"abehmnprvwxy".contains(units))
        }
        _ => false,
    };
    inward_holds && outward_holds
}

/// The part of a normalised code that names a district: what is left without the last three of a
/// British code, or the last one of another.
pub(crate) fn district(code: &str) -> &str {
    let cut = if is_british(code) { 3 } else { 1 };
    let keep = code.len().saturating_sub(cut);
    code.get(..keep).unwrap_or(code)
}

/// Compares two normalised codes.
pub(crate) fn agreement(one: &str, other: &str) -> Agreement {
    if one == other {
        return Agreement::Unit;
    }
    if edits_within(one.as_bytes(), other.as_bytes(), 1).is_some() {
        return Agreement::OneSlip;
    }
    let both_british = is_british(one) && is_british(other);
    let without = |code: &str, cut: usize| code.len().saturating_sub(cut);
    let part = |cut: usize| one.get(..without(one, cut)) == other.get(..without(other, cut));
    if both_british && part(2) {
        Agreement::Sector
    } else if (both_british && part(3)) || (!both_british && part(1)) {
        Agreement::District
    } else {
        Agreement::Different
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_and_digits_are_put_where_they_belong() {
        assert_eq!(normalise("KY1 2AB").as_deref(), Some("ky12ab"));
        assert_eq!(normalise("KYI 2AB").as_deref(), Some("ky12ab"));
        assert_eq!(normalise("EH1O 5OA").as_deref(), Some("eh1o5oa"));
        assert_eq!(normalise("G1 IAA").as_deref(), Some("g11aa"));
        assert_eq!(normalise("2119").as_deref(), Some("2119"));
    }

    #[test]
    fn no_fixed_abode_is_no_place_to_agree_on() {
        assert_eq!(normalise("ZZ99 3VZ"), None);
        assert_eq!(normalise(" "), None);
    }

    #[test]
    fn the_forms_are_those_of_the_standard() {
        for code in [
            "m11aa", "m601nw", "w1a1hq", "cr26xh", "dn551pt", "ec1a1bb", "gir0aa",
        ] {
            assert!(is_british(code), "{code}");
        }
        for code in ["qy12ab", "ky12ac", "ky12a", "2119", "k y12ab"] {
            assert!(!is_british(code), "{code}");
        }
    }

    #[test]
    fn near_places_agree_in_part() {
        assert_eq!(agreement("ky12ab", "ky12ab"), Agreement::Unit);
        assert_eq!(agreement("ky12ab", "ky12ad"), Agreement::OneSlip);
        assert_eq!(agreement("ky12ab", "ky12xy"), Agreement::Sector);
        assert_eq!(agreement("ky12ab", "ky19xy"), Agreement::District);
        assert_eq!(agreement("ky12ab", "eh39aa"), Agreement::Different);
        assert_eq!(district("ky12ab"), "ky1");
        assert_eq!(district("2119"), "211");
    }
}
