//! Places in an answer, sealed into links: they belong to one caller, purpose and question, say
//! nothing of what lies hidden, and cannot be made up.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::{Chance, ResourceId, time::draw};
use ledger::HomeKey;
use sharing::Asking;
use sharing::disclose::Mark;
use store::SortValue;

use super::Fault;
use fhir::IssueCode;

/// Seals and opens places.
pub struct Cursors {
    key: HomeKey,
}

/// A place, and the operation whose pages share one line in the account.
#[derive(Debug, Clone, PartialEq)]
pub struct Place {
    /// The operation.
    pub operation: [u8; 16],
    /// Where to go on.
    pub mark: Mark,
}

impl Cursors {
    /// Takes the exchange's key for places.
    #[must_use]
    pub fn new(key: HomeKey) -> Self {
        Self { key }
    }

    /// Seals a place for one caller and question.
    #[must_use]
    pub fn seal(
        &self,
        chance: &dyn Chance,
        asking: &Asking,
        question: &str,
        place: &Place,
    ) -> Option<String> {
        let plain = encode(place);
        let sealed = self
            .key
            .seal(draw(chance), &bound_to(asking, question), &plain)
            .ok()?;
        Some(URL_SAFE_NO_PAD.encode(sealed))
    }

    /// Opens a place that this caller was given for this question.
    ///
    /// # Errors
    /// A 400 for anything else, in the same words.
    pub fn open(&self, asking: &Asking, question: &str, text: &str) -> Result<Place, Fault> {
        let opened = URL_SAFE_NO_PAD
            .decode(text)
            .ok()
            .and_then(|sealed| self.key.open(&bound_to(asking, question), &sealed).ok())
            .and_then(|plain| decode(&plain));
        opened.ok_or_else(|| {
            Fault::bad_request(
                IssueCode::Value,
                "this is not a page of yours of this question: begin again from the first page",
            )
        })
    }
}

fn bound_to(asking: &Asking, question: &str) -> Vec<u8> {
    let caller = asking
        .caller
        .worker()
        .map_or_else(|| asking.token.as_str().to_owned(), ToString::to_string);
    [caller.as_str(), asking.purpose.code(), question]
        .join("\n")
        .into_bytes()
}

/// Operation, id, whether there is a key, the key, the type after its length, then what a search
/// sorts by.
fn encode(place: &Place) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(64);
    bytes.extend_from_slice(&place.operation);
    bytes.extend_from_slice(&place.mark.id.0);
    bytes.push(u8::from(place.mark.key.is_some()));
    bytes.extend_from_slice(&place.mark.key.unwrap_or_default().to_be_bytes());
    let rtype = place.mark.resource_type.as_bytes();
    bytes.push(u8::try_from(rtype.len()).unwrap_or_default());
    bytes.extend_from_slice(rtype);
    for value in &place.mark.keys {
        encode_value(&mut bytes, value);
    }
    bytes
}

/// A letter for the kind of value, then the value; a text comes after its length.
fn encode_value(bytes: &mut Vec<u8>, value: &SortValue) {
    match value {
        SortValue::None => bytes.push(b'-'),
        SortValue::Whole(number) => {
            bytes.push(b'w');
            bytes.extend_from_slice(&number.to_be_bytes());
        }
        SortValue::Number(number) => {
            bytes.push(b'n');
            bytes.extend_from_slice(&number.to_bits().to_be_bytes());
        }
        SortValue::Text(text) => {
            bytes.push(b't');
            let length = u16::try_from(text.len()).unwrap_or_default();
            bytes.extend_from_slice(&length.to_be_bytes());
            bytes.extend_from_slice(text.as_bytes());
        }
    }
}

fn decode_value(bytes: &[u8]) -> Option<(SortValue, &[u8])> {
    let (kind, rest) = bytes.split_first()?;
    Some(match kind {
        b'-' => (SortValue::None, rest),
        b'w' => {
            let (number, rest) = rest.split_first_chunk()?;
            (SortValue::Whole(i64::from_be_bytes(*number)), rest)
        }
        b'n' => {
            let (bits, rest) = rest.split_first_chunk()?;
            let number = f64::from_bits(u64::from_be_bytes(*bits));
            (SortValue::Number(number), rest)
        }
        b't' => {
            let (length, rest) = rest.split_first_chunk()?;
            let (text, rest) = rest.split_at_checked(u16::from_be_bytes(*length).into())?;
            (
                SortValue::Text(String::from_utf8(text.to_vec()).ok()?),
                rest,
            )
        }
        _ => return None,
    })
}

fn decode(bytes: &[u8]) -> Option<Place> {
    let (operation, rest) = bytes.split_first_chunk::<16>()?;
    let (id, rest) = rest.split_first_chunk::<16>()?;
    let (has_key, rest) = rest.split_first()?;
    let (key, rest) = rest.split_first_chunk::<8>()?;
    let (length, rest) = rest.split_first()?;
    let (resource_type, mut rest) = rest.split_at_checked((*length).into())?;
    let mut keys = Vec::new();
    while !rest.is_empty() {
        let (value, after) = decode_value(rest)?;
        keys.push(value);
        rest = after;
    }
    Some(Place {
        operation: *operation,
        mark: Mark {
            resource_type: String::from_utf8(resource_type.to_vec()).ok()?,
            id: ResourceId(*id),
            key: (*has_key == 1).then(|| i64::from_be_bytes(*key)),
            keys,
        },
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_read_as_it_was_written() {
        let place = Place {
            operation: [7; 16],
            mark: Mark {
                resource_type: "Observation".to_owned(),
                id: ResourceId([9; 16]),
                key: None,
                keys: vec![
                    SortValue::Text("Ó Dálaigh".to_owned()),
                    SortValue::None,
                    SortValue::Whole(-5),
                    SortValue::Number(107.5),
                ],
            },
        };
        let bytes = encode(&place);
        assert_eq!(decode(&bytes), Some(place));
        for cut in 0..bytes.len() {
            // A place that was cut off is none, or one with fewer keys; never a panic.
            let _ = decode(bytes.get(..cut).unwrap_or_default());
        }
    }
}
