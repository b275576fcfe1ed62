//! The one encoding of edits: a count, then for each its distance from the one before, how many
//! bytes it takes out, and what it puts in. Numbers are LEB128 in their shortest form.

use super::{Edit, Edits, slice};

/// Bytes that are not the encoding of any edits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("these bytes are not the encoding of edits")]
pub struct MalformedEdits;

impl Edits {
    /// Writes the edits compactly.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let mut out = Vec::new();
        write_number(&mut out, self.0.len());
        let mut at = 0;
        for edit in &self.0 {
            write_number(&mut out, edit.at.start.saturating_sub(at));
            write_number(&mut out, edit.at.len());
            write_number(&mut out, edit.with.len());
            out.extend_from_slice(&edit.with);
            at = edit.at.end;
        }
        out
    }

    /// Reads [`Edits::encode`] back.
    ///
    /// # Errors
    /// [`MalformedEdits`] for anything that `encode` would not have written.
    pub fn decode(bytes: &[u8]) -> Result<Edits, MalformedEdits> {
        let mut rest = bytes;
        let count = read_number(&mut rest)?;
        let mut edits: Vec<Edit> = Vec::new();
        let mut at = 0usize;
        for place in 0..count {
            let gap = read_number(&mut rest)?;
            let taken = read_number(&mut rest)?;
            let length = read_number(&mut rest)?;
            let touches = gap == 0 && place > 0;
            if touches || (taken == 0 && length == 0) || length > rest.len() {
                return Err(MalformedEdits);
            }
            let start = at.checked_add(gap).ok_or(MalformedEdits)?;
            at = start.checked_add(taken).ok_or(MalformedEdits)?;
            edits.push(Edit {
                at: start..at,
                with: slice(rest, 0..length).to_vec(),
            });
            rest = slice(rest, length..rest.len());
        }
        if rest.is_empty() {
            Ok(Edits(edits))
        } else {
            Err(MalformedEdits)
        }
    }
}

fn write_number(out: &mut Vec<u8>, mut number: usize) {
    while number >= 0x80 {
        out.push(number as u8 | 0x80);
        number >>= 7;
    }
    out.push(number as u8);
}

/// Reads a number below 2^35, far above any resource; a longer or padded one is refused.
fn read_number(rest: &mut &[u8]) -> Result<usize, MalformedEdits> {
    let mut number = 0;
    for shift in [0, 7, 14, 21, 28] {
        let (byte, left) = rest.split_first().ok_or(MalformedEdits)?;
        *rest = left;
        number |= usize::from(byte & 0x7f) << shift;
        if byte & 0x80 == 0 {
            let is_padded = *byte == 0 && shift > 0;
            return if is_padded {
                Err(MalformedEdits)
            } else {
                Ok(number)
            };
        }
    }
    Err(MalformedEdits)
}
