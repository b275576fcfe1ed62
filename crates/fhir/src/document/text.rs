//! JSON strings: reading the escapes of one and writing them.

use std::borrow::Cow;

/// Reads the contents of a JSON string (without its quotes), borrowing where nothing is escaped.
///
/// The parser has checked the escapes; what it would refuse is read as U+FFFD.
pub(crate) fn unescape(raw: &str) -> Cow<'_, str> {
    if memchr::memchr(b'\\', raw.as_bytes()).is_none() {
        return Cow::Borrowed(raw);
    }
    let mut text = String::with_capacity(raw.len());
    let mut rest = raw;
    while let Some((plain, escape)) = rest.split_once('\\') {
        text.push_str(plain);
        let (read, left) = read_escape(escape);
        text.push(read);
        rest = left;
    }
    text.push_str(rest);
    Cow::Owned(text)
}

/// Reads one escape (after its backslash) and gives what follows it.
fn read_escape(escape: &str) -> (char, &str) {
    let mut chars = escape.chars();
    let simple = match chars.next() {
        Some('b') => '\u{8}',
        Some('f') => '\u{c}',
        Some('n') => '\n',
        Some('r') => '\r',
        Some('t') => '\t',
        Some('u') => return read_unicode(chars.as_str()),
        Some(same) => same,
        None => char::REPLACEMENT_CHARACTER,
    };
    (simple, chars.as_str())
}

/// Reads `XXXX`, or a surrogate pair `XXXX\uXXXX`.
fn read_unicode(rest: &str) -> (char, &str) {
    let Some((first, rest)) = hex4(rest) else {
        return (char::REPLACEMENT_CHARACTER, rest);
    };
    if let Some(single) = char::from_u32(first) {
        return (single, rest);
    }
    match rest.strip_prefix("\\u").and_then(hex4) {
        Some((second @ 0xDC00..=0xDFFF, rest)) if first < 0xDC00 => {
            let code = 0x10000 + ((first - 0xD800) << 10) + (second - 0xDC00);
            let paired = char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER);
            (paired, rest)
        }
        _ => (char::REPLACEMENT_CHARACTER, rest),
    }
}

fn hex4(text: &str) -> Option<(u32, &str)> {
    let (digits, rest) = text.split_at_checked(4)?;
    if !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return None;
    }
    Some((u32::from_str_radix(digits, 16).ok()?, rest))
}

/// Appends text to JSON as the contents of a string, escaping what must be escaped and no more.
pub(crate) fn escape_into(out: &mut Vec<u8>, text: &str) {
    for byte in text.bytes() {
        match byte {
            b'"' => out.extend_from_slice(b"\\\""),
            b'\\' => out.extend_from_slice(b"\\\\"),
            b'\n' => out.extend_from_slice(b"\\n"),
            b'\r' => out.extend_from_slice(b"\\r"),
            b'\t' => out.extend_from_slice(b"\\t"),
            0..0x20 => out.extend_from_slice(format!("\\u{byte:04x}").as_bytes()),
            _ => out.push(byte),
        }
    }
}

/// Appends text to JSON as a quoted string.
pub(crate) fn quote_into(out: &mut Vec<u8>, text: &str) {
    out.push(b'"');
    escape_into(out, text);
    out.push(b'"');
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn escapes_are_read_as_json_defines_them() {
        assert_eq!(unescape(r"Zo\u00eb O\u2019Brien"), "Zoë O’Brien");
        assert_eq!(unescape(r#"a\/b \"c\" \\ \n"#), "a/b \"c\" \\ \n");
        assert_eq!(unescape(r"\ud83d\ude00"), "😀");
    }

    proptest! {
        #[test]
        fn what_is_escaped_reads_back(text in any::<String>()) {
            let mut out = Vec::new();
            escape_into(&mut out, &text);
            let written = String::from_utf8(out).unwrap();
            prop_assert_eq!(unescape(&written), text.as_str());
            let quoted = format!("\"{written}\"");
            prop_assert_eq!(serde_json::from_str::<String>(&quoted).unwrap(), text);
        }

        #[test]
        fn reading_any_text_never_panics(text in ".*") {
            unescape(&text);
        }
    }
}
