//! Attachments: text is decoded and read, anything else counted as unread.

use base64::Engine;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use domain::Evidence;

use super::markup;
use crate::document::Node;

/// Reads the text of an Attachment or Binary (<https://hl7.org/fhir/R4/datatypes.html#Attachment>).
pub(super) fn read(node: Node<'_>, evidence: &mut Evidence) {
    let content_type = node
        .text_at("contentType")
        .unwrap_or_default()
        .to_ascii_lowercase();
    let text = node
        .text_at("data")
        .filter(|_| is_text(&content_type))
        .and_then(|data| decode(&data))
        .map(|bytes| to_text(bytes, &content_type));
    match text {
        Some(text) if is_markup(&content_type) => evidence.texts.push(markup::strip(&text)),
        Some(text) => evidence.texts.push(text),
        None => evidence.texts_unread += 1,
    }
}

fn is_text(content_type: &str) -> bool {
    content_type.starts_with("text/")
        || content_type.starts_with("application/json")
        || content_type.starts_with("application/fhir+json")
        || is_markup(content_type)
}

fn is_markup(content_type: &str) -> bool {
    let kind = content_type
        .split(';')
        .next()
        .unwrap_or_default()
        .trim_end();
    kind.ends_with("html") || kind.ends_with("xml")
}

/// Decodes base64 with or without padding, white space allowed as FHIR does.
fn decode(data: &str) -> Option<Vec<u8>> {
    const LENIENT: GeneralPurpose = GeneralPurpose::new(
        &alphabet::STANDARD,
        GeneralPurposeConfig::new()
            .with_decode_padding_mode(DecodePaddingMode::Indifferent)
            .with_decode_allow_trailing_bits(true),
    );
    if data.bytes().any(|byte| byte.is_ascii_whitespace()) {
        let packed: Vec<u8> = data
            .bytes()
            .filter(|byte| !byte.is_ascii_whitespace())
            .collect();
        return LENIENT.decode(packed).ok();
    }
    LENIENT.decode(data).ok()
}

/// Reads the bytes as UTF-8, or one byte a character where that is what they are.
fn to_text(bytes: Vec<u8>, content_type: &str) -> String {
    let is_latin = ["iso-8859-1", "windows-1252", "latin1"]
        .iter()
        .any(|charset| content_type.contains(charset));
    match String::from_utf8(bytes) {
        Ok(text) => text,
        Err(error) if is_latin => error
            .as_bytes()
            .iter()
            .map(|byte| char::from(*byte))
            .collect(),
        Err(error) => String::from_utf8_lossy(error.as_bytes()).into_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_is_read_with_and_without_padding_and_white_space() {
        for data in ["QWRh", "QWRhIQ==", "QWRhIQ", "QWRh\n IQ=="] {
            assert!(decode(data).unwrap().starts_with(b"Ada"), "{data}");
        }
        assert_eq!(decode("not base64!"), None);
    }

    #[test]
    fn old_letters_are_read_in_their_character_set() {
        let bytes = b"caf\xe9".to_vec();
        assert_eq!(to_text(bytes, "text/plain; charset=iso-8859-1"), "café");
    }
}
