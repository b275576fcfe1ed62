//! Places in an answer, sealed into links: they belong to one caller, purpose and question, say
//! nothing of what lies hidden, and cannot be made up.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::{Chance, ResourceId, time::draw};
use ledger::HomeKey;
use sharing::Asking;
use sharing::disclose::Mark;

use super::Fault;
use fhir::IssueCode;

/// Seals and opens places.
pub struct Cursors {
    key: HomeKey,
}

/// A place, and the operation whose pages share one line in the account.
#[derive(Debug, Clone, PartialEq, Eq)]
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

/// Operation, id, whether there is a key, the key, then the type.
fn encode(place: &Place) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(64);
    bytes.extend_from_slice(&place.operation);
    bytes.extend_from_slice(&place.mark.id.0);
    bytes.push(u8::from(place.mark.key.is_some()));
    bytes.extend_from_slice(&place.mark.key.unwrap_or_default().to_be_bytes());
    bytes.extend_from_slice(place.mark.resource_type.as_bytes());
    bytes
}

fn decode(bytes: &[u8]) -> Option<Place> {
    let (operation, rest) = bytes.split_first_chunk::<16>()?;
    let (id, rest) = rest.split_first_chunk::<16>()?;
    let (has_key, rest) = rest.split_first()?;
    let (key, resource_type) = rest.split_first_chunk::<8>()?;
    Some(Place {
        operation: *operation,
        mark: Mark {
            resource_type: String::from_utf8(resource_type.to_vec()).ok()?,
            id: ResourceId(*id),
            key: (*has_key == 1).then(|| i64::from_be_bytes(*key)),
        },
    })
}
