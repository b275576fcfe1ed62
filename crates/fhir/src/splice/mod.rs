//! Edits in place: what we change in a resource, and nothing else is written again.
//!
//! `107.50` stays `107.50`, elements keep their order and white space its place; the inverse of
//! the edits gives the received bytes back, so the original need not be kept beside the resource.

mod codec;
mod meta;
mod remove;
mod stamp;

use std::ops::Range;

pub use codec::MalformedEdits;
pub(crate) use meta::MetaEdit;
pub(crate) use remove::remove;
pub use stamp::{Stamp, stamp};

/// Bytes to be replaced by others.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edit {
    /// What to take out; empty to insert.
    pub at: Range<usize>,
    /// What to put there; empty to delete.
    pub with: Vec<u8>,
}

/// Edits in order that neither overlap nor touch.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Edits(Vec<Edit>);

impl Edits {
    /// Sorts edits and joins those that touch; insertions at one place keep their order. Of two
    /// edits that overlap the later is dropped: callers make edits of separate elements.
    #[must_use]
    pub fn new(mut edits: Vec<Edit>) -> Self {
        edits.sort_by_key(|edit| (edit.at.start, edit.at.end));
        let mut joined: Vec<Edit> = Vec::with_capacity(edits.len());
        for edit in edits {
            match joined.last_mut() {
                Some(last) if edit.at.start < last.at.end => {}
                Some(last) if edit.at.start == last.at.end => {
                    last.at.end = edit.at.end;
                    last.with.extend_from_slice(&edit.with);
                }
                _ => joined.push(edit),
            }
        }
        joined.retain(|edit| !edit.at.is_empty() || !edit.with.is_empty());
        Self(joined)
    }

    /// The edits, in order.
    #[must_use]
    pub fn as_slice(&self) -> &[Edit] {
        &self.0
    }

    /// Whether there is nothing to change.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The bytes with the edits made. An edit that lies beyond the end adds at the end.
    #[must_use]
    pub fn apply(&self, bytes: &[u8]) -> Vec<u8> {
        let added: usize = self.0.iter().map(|edit| edit.with.len()).sum();
        let mut out = Vec::with_capacity(bytes.len() + added);
        let mut at = 0;
        for edit in &self.0 {
            out.extend_from_slice(slice(bytes, at..edit.at.start));
            out.extend_from_slice(&edit.with);
            at = edit.at.end;
        }
        out.extend_from_slice(slice(bytes, at..bytes.len()));
        out
    }

    /// The edits that give `bytes` back when applied to `self.apply(bytes)`.
    #[must_use]
    pub fn inverse(&self, bytes: &[u8]) -> Edits {
        let (mut added, mut removed) = (0, 0);
        let inverse = self.0.iter().map(|edit| {
            let start = (edit.at.start + added).saturating_sub(removed);
            added += edit.with.len();
            removed += edit.at.len();
            Edit {
                at: start..start + edit.with.len(),
                with: slice(bytes, edit.at.clone()).to_vec(),
            }
        });
        Edits(inverse.collect())
    }
}

/// The part of a range that the bytes have.
fn slice(bytes: &[u8], range: Range<usize>) -> &[u8] {
    let end = range.end.min(bytes.len());
    bytes.get(range.start.min(end)..end).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn edit(at: Range<usize>, with: &str) -> Edit {
        Edit {
            at,
            with: with.as_bytes().to_vec(),
        }
    }

    #[test]
    fn edits_replace_insert_and_delete() {
        let edits = Edits::new(vec![edit(9..9, "!"), edit(0..1, "J"), edit(5..8, "")]);
        assert_eq!(edits.apply(b"hello abc"), b"Jelloc!");
    }

    #[test]
    fn insertions_at_one_place_keep_their_order() {
        let edits = Edits::new(vec![edit(1..1, "b"), edit(1..1, "c"), edit(1..2, "d")]);
        assert_eq!(edits.as_slice(), [edit(1..2, "bcd")]);
        assert_eq!(edits.apply(b"axe"), b"abcde");
    }

    prop_compose! {
        fn any_edits()(parts in prop::collection::vec((1usize..9, 0usize..5, "[a-z]{0,4}"), 0..8))
            -> Vec<Edit> {
            let mut at = 0;
            parts.into_iter().map(|(gap, taken, with)| {
                at += gap;
                let start = at;
                at += taken;
                edit(start..at, &with)
            }).collect()
        }
    }

    proptest! {
        #[test]
        fn the_inverse_gives_the_bytes_back(edits in any_edits(), tail in 0usize..9) {
            let end = edits.last().map_or(0, |edit| edit.at.end) + tail;
            let bytes: Vec<u8> = (0..end).map(|i| b'A' + (i % 26) as u8).collect();
            let edits = Edits::new(edits);
            let inverse = edits.inverse(&bytes);
            prop_assert_eq!(inverse.apply(&edits.apply(&bytes)), bytes);
        }

        #[test]
        fn encoding_reads_back(edits in any_edits()) {
            let edits = Edits::new(edits);
            prop_assert_eq!(Edits::decode(&edits.encode()), Ok(edits));
        }

        #[test]
        fn only_the_one_encoding_is_read(bytes in prop::collection::vec(any::<u8>(), 0..24)) {
            if let Ok(edits) = Edits::decode(&bytes) {
                prop_assert_eq!(edits.encode(), bytes);
            }
        }
    }
}
