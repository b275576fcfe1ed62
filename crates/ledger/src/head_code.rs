//! Head codes: a whole list of entries in twenty characters, to be printed on a letter.
//!
//! ```text
//! code = the first 100 bits of SHA-256("head-code/v1" || view || u64 n || h), five to a character
//! ```
//!
//! `n` and `h` are the length and head of the view's chain at that moment. Whoever keeps the letter
//! can hold any later pack to it: no other beginning of a list has the same code. The characters
//! are those of ids, digits and letters without `i`, `l`, `o` and `u`.

use std::fmt;
use std::str::FromStr;

use crate::chain::{Head, ViewId};
use crate::hash::sha256;

const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";
const LENGTH: usize = 20;

/// The head of a view's chain, short enough for a letter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct HeadCode([u8; LENGTH]);

/// A text that cannot be a head code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a code has 20 characters: digits and letters without i, l, o and u")]
pub struct NotAHeadCode;

impl HeadCode {
    /// The code of a chain as it stands at `head`.
    pub fn of(view: &ViewId, head: &Head) -> HeadCode {
        let number = head.next_index.to_be_bytes();
        let hash = sha256(&[b"head-code/v1", &view.0, &number, &head.hash.0]);
        let mut first = [0; 16];
        first.copy_from_slice(&hash.0[..16]);
        let bits = u128::from_be_bytes(first);
        HeadCode(std::array::from_fn(|place| {
            let digit = (bits >> (123 - 5 * place)) as usize & 31;
            ALPHABET.get(digit).copied().unwrap_or_default()
        }))
    }
}

impl fmt::Display for HeadCode {
    /// Four groups of five, as a letter has it: `6xk2m-0hv9q-...`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, letter) in self.0.iter().enumerate() {
            if place > 0 && place % 5 == 0 {
                f.write_str("-")?;
            }
            write!(f, "{}", char::from(*letter))?;
        }
        Ok(())
    }
}

impl FromStr for HeadCode {
    type Err = NotAHeadCode;

    /// Reads a code as somebody copies it from paper: in capitals or not, with or without hyphens
    /// and spaces, with `o` for zero and `i` or `l` for one.
    fn from_str(text: &str) -> Result<HeadCode, NotAHeadCode> {
        let mut code = [0; LENGTH];
        let mut places = code.iter_mut();
        for letter in text.chars().filter(|c| !c.is_whitespace() && *c != '-') {
            let letter = match letter.to_ascii_lowercase() {
                'o' => '0',
                'i' | 'l' => '1',
                other => other,
            };
            let letter = u8::try_from(letter).map_err(|_| NotAHeadCode)?;
            let place = places.next().ok_or(NotAHeadCode)?;
            *place = letter;
            if !ALPHABET.contains(&letter) {
                return Err(NotAHeadCode);
            }
        }
        match places.next() {
            Some(_) => Err(NotAHeadCode),
            None => Ok(HeadCode(code)),
        }
    }
}
