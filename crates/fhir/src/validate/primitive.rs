//! Primitive values, to the letter of the regular expressions that the specification gives
//! (<https://hl7.org/fhir/R4/datatypes.html#primitive>).

use crate::document::{Kind, Node, is_id};
use crate::search::DateRange;

/// The longest text: a mebibyte.
const LONGEST_TEXT: usize = 1 << 20;

/// What is expected instead of a value of this primitive type; `None` if it is right.
pub(super) fn wrong(of: &str, node: Node<'_>) -> Option<&'static str> {
    let (is_right, expected) = match of {
        "boolean" => (node.as_bool().is_some(), "true or false"),
        "integer" => (integer(node, i64::from(i32::MIN)), "a whole number"),
        "unsignedInt" => (integer(node, 0), "a whole number from 0"),
        "positiveInt" => (integer(node, 1), "a whole number from 1"),
        "decimal" => (node.kind() == Kind::Number, "a number"),
        _ => return wrong_text(of, node),
    };
    (!is_right).then_some(expected)
}

fn wrong_text(of: &str, node: Node<'_>) -> Option<&'static str> {
    let Some(text) = node.as_str() else {
        return Some(expected_text(of));
    };
    let text = text.as_ref();
    let is_right = match of {
        "date" => is_date(text),
        "dateTime" => is_date(text) || is_instant(text),
        "instant" => is_instant(text),
        "time" => is_time(text),
        "code" => is_code(text),
        "id" => is_id(text),
        "uri" | "url" | "canonical" => !text.is_empty() && !text.contains(char::is_whitespace),
        "oid" => text.strip_prefix("urn:oid:").is_some_and(is_oid),
        "uuid" => text.strip_prefix("urn:uuid:").is_some_and(is_uuid),
        "base64Binary" => is_base64(text),
        "xhtml" => text.trim_start().starts_with("<div"),
        _ => !text.is_empty() && text.len() <= LONGEST_TEXT,
    };
    (!is_right).then_some(expected_text(of))
}

fn expected_text(of: &str) -> &'static str {
    match of {
        "date" => "a date such as 2027-01-11, 2027-01 or 2027",
        "dateTime" => {
            "a date such as 2027-01-11, or a time with its zone such as 2027-01-11T09:30:00Z"
        }
        "instant" => "a time with its zone such as 2027-01-11T09:30:00Z",
        "time" => "a time of day such as 09:30:00",
        "code" => {
            "a code: text without white space at its ends, and no more than one blank between words"
        }
        "id" => "an id of 1 to 64 letters, digits, hyphens and full stops",
        "uri" | "url" | "canonical" => "a URI without white space",
        "oid" => "an OID such as urn:oid:1.2.36.146",
        "uuid" => "a UUID such as urn:uuid:c757873d-ec9a-4326-a141-556f43239520",
        "base64Binary" => "base64 in groups of four characters",
        "xhtml" => "XHTML within a <div>",
        _ => "text that is not empty and no longer than a mebibyte",
    }
}

/// `-?([0]|([1-9][0-9]*))`, from `least` up to what 32 bits hold.
fn integer(node: Node<'_>, least: i64) -> bool {
    let raw = node.raw();
    let is_whole = node.kind() == Kind::Number && !raw.contains(['.', 'e', 'E']);
    let number: Option<i64> = raw.parse().ok();
    is_whole && number.is_some_and(|number| (least..=i64::from(i32::MAX)).contains(&number))
}

/// A year, a month or a day that the calendar has, from the year 1.
fn is_date(text: &str) -> bool {
    matches!(text.len(), 4 | 7 | 10)
        && !text.starts_with("0000")
        && DateRange::parse(text).is_some()
}

/// A day and a time of it with seconds and zone.
fn is_instant(text: &str) -> bool {
    let Some((day, time)) = text.split_once('T') else {
        return false;
    };
    let Some(zone) = time.find(['Z', '+', '-']) else {
        return false;
    };
    let (time, zone) = time.split_at_checked(zone).unwrap_or((time, ""));
    day.len() == 10 && is_date(day) && is_time(time) && is_zone(zone)
}

/// `Z`, or hours and minutes up to 14:00.
fn is_zone(text: &str) -> bool {
    if text == "Z" {
        return true;
    }
    let Some(clock) = text.strip_prefix(['+', '-']) else {
        return false;
    };
    match clock.split_once(':') {
        Some((hours, minutes)) => {
            (is_below(hours, 14) && is_below(minutes, 60)) || clock == "14:00"
        }
        None => false,
    }
}

/// `hh:mm:ss` with any decimals; a minute may have a leap second.
fn is_time(text: &str) -> bool {
    let (clock, decimals) = match text.split_once('.') {
        Some((clock, decimals)) => (clock, Some(decimals)),
        None => (text, None),
    };
    let mut parts = clock.split(':');
    let mut next = |below| parts.next().is_some_and(|part| is_below(part, below));
    let is_clock = next(24) && next(60) && next(61) && parts.next().is_none();
    is_clock && decimals.is_none_or(is_digits)
}

/// Two digits of a number below another.
fn is_below(text: &str, below: u8) -> bool {
    text.len() == 2 && is_digits(text) && text.parse::<u8>().is_ok_and(|number| number < below)
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// `[^\s]+(\s[^\s]+)*`
fn is_code(text: &str) -> bool {
    text.split(char::is_whitespace).all(|word| !word.is_empty())
}

/// `[0-2](\.(0|[1-9][0-9]*))+`
fn is_oid(text: &str) -> bool {
    let mut arcs = text.split('.');
    let first = arcs
        .next()
        .is_some_and(|first| matches!(first, "0" | "1" | "2"));
    let mut count = 0;
    let is_rest = arcs.all(|arc| {
        count += 1;
        is_digits(arc) && (arc == "0" || !arc.starts_with('0'))
    });
    first && is_rest && count > 0
}

/// Five groups of small hexadecimal digits.
fn is_uuid(text: &str) -> bool {
    let is_hex = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
    let groups: Vec<&str> = text.split('-').collect();
    let lengths: Vec<usize> = groups.iter().map(|group| group.len()).collect();
    lengths == [8, 4, 4, 4, 12] && groups.iter().all(|group| group.bytes().all(is_hex))
}

/// `(\s*([0-9a-zA-Z\+/=]){4}\s*)+`: groups of four with white space between them.
fn is_base64(text: &str) -> bool {
    let is_letter = |letter: char| letter.is_ascii_alphanumeric() || "+/=".contains(letter);
    let words = text
        .split(char::is_whitespace)
        .filter(|word| !word.is_empty());
    let mut count = 0;
    let is_right = words
        .inspect(|_| count += 1)
        .all(|word| word.chars().all(is_letter) && word.len() % 4 == 0);
    is_right && count > 0
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::{Limits, parse};

    fn is(of: &str, value: &str) -> bool {
        let text = format!(r#"{{"resourceType":"Basic","x":{value}}}"#);
        let document = parse(text.as_bytes(), &Limits::default()).unwrap();
        wrong(of, document.get("x").unwrap()).is_none()
    }

    #[test]
    fn values_of_each_type_are_told_from_others() {
        for (of, right, others) in [
            ("boolean", &["true", "false"][..], &["\"true\"", "1"][..]),
            (
                "integer",
                &["0", "-7", "2147483647"],
                &["2147483648", "1.0", "1e2", "\"1\""],
            ),
            ("unsignedInt", &["0", "12"], &["-1"]),
            ("positiveInt", &["1"], &["0", "-1"]),
            ("decimal", &["107.50", "-0.1e-3", "0"], &["\"1.0\""]),
            (
                "date",
                &["\"1947\"", "\"1947-03\"", "\"2028-02-29\""],
                &[
                    "\"2027-02-29\"",
                    "\"0000\"",
                    "\"09/03/1947\"",
                    "\"2027-1-1\"",
                    "\"2027-01-11T09:30:00Z\"",
                ],
            ),
            (
                "dateTime",
                &[
                    "\"1947-03\"",
                    "\"2027-01-11T09:30:00.123+01:00\"",
                    "\"2027-01-11T23:59:60Z\"",
                ],
                &[
                    "\"2027-01-11T09:30:00\"",
                    "\"2027-01-11T09:30Z\"",
                    "\"2027-01T09:30:00Z\"",
                    "\"2027-01-11T24:00:00Z\"",
                    "\"2027-01-11T09:30:00+14:30\"",
                ],
            ),
            (
                "instant",
                &["\"2027-01-11T09:30:00-05:00\""],
                &["\"2027-01-11\"", "\"2027-01-11t09:30:00z\""],
            ),
            (
                "time",
                &["\"09:30:00\"", "\"09:30:00.5\""],
                &["\"09:30\"", "\"9:30:00\"", "\"09:30:00.\""],
            ),
            (
                "code",
                &["\"final\"", "\"in progress\""],
                &["\" final\"", "\"in  progress\""],
            ),
            ("id", &["\"a-1.b\""], &["\"a_b\""]),
            ("uri", &["\"urn:x:1\"", "\"../a\""], &["\"a b\""]),
            (
                "oid",
                &["\"urn:oid:1.2.0\""],
                &[
                    "\"urn:oid:3.1\"",
                    "\"urn:oid:1\"",
                    "\"urn:oid:1.02\"",
                    "\"1.2\"",
                ],
            ),
            (
                "uuid",
                &["\"urn:uuid:c757873d-ec9a-4326-a141-556f43239520\""],
                &[
                    "\"urn:uuid:C757873D-ec9a-4326-a141-556f43239520\"",
                    "\"c757873d-ec9a-4326-a141-556f43239520\"",
                ],
            ),
            (
                "base64Binary",
                &["\"R0lGODlh\"", "\" R0lG\\nODlh \""],
                &["\"R0l\"", "\"R0 lG\"", "\"R*lG\""],
            ),
            (
                "xhtml",
                &["\"<div xmlns=\\\"http://www.w3.org/1999/xhtml\\\">ok</div>\""],
                &["\"ok\""],
            ),
            (
                "string",
                &["\"O’Hara-Ó Dálaigh\"", "\" \"", "\"李\""],
                &["3"],
            ),
        ] {
            for value in right {
                assert!(is(of, value), "{of}: {value}");
            }
            for value in others {
                assert!(!is(of, value), "{of}: {value}");
            }
        }
    }
}
