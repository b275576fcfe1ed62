//! Signed notes: text with signature lines under it (<https://c2sp.org/signed-note>).
//!
//! ```text
//! text, ending in a newline
//! (an empty line)
//! — name base64(key id || signature)
//! ```

use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use crate::key::{KeyError, LogKey, LogPublicKey, is_key_name};

/// A note is refused above this many signatures; the specification asks for 16 at least.
const MOST_SIGNATURES: usize = 64;

/// A text and the signatures under it, none of them checked yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedNote {
    text: String,
    signatures: Vec<NoteSignature>,
}

/// One signature line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoteSignature {
    /// The name of the key.
    pub name: String,
    /// Which of the keys of that name.
    pub key_id: [u8; 4],
    /// The signature, in the form of the key's kind: 64 bytes for Ed25519.
    pub signature: Vec<u8>,
}

/// Why a note is not to be believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NoteError {
    /// Not the form of a signed note.
    #[error("this is not a signed note")]
    Malformed,
    /// No signature by the key that was asked for.
    #[error("the note is not signed by this key")]
    Unsigned,
    /// A signature that bears the key's name and id but is not the key's.
    #[error("a signature on the note is false")]
    False,
}

impl SignedNote {
    /// A note without signatures; its text ends in a newline and has no other control characters.
    pub fn new(text: String) -> Result<SignedNote, NoteError> {
        if !is_note_text(&text) {
            return Err(NoteError::Malformed);
        }
        Ok(SignedNote {
            text,
            signatures: Vec::new(),
        })
    }

    /// Reads a note with at least one signature; `Display` writes it back the same.
    pub fn parse(note: &str) -> Result<SignedNote, NoteError> {
        let (body, lines) = note.rsplit_once("\n\n").ok_or(NoteError::Malformed)?;
        let mut note = SignedNote::new(format!("{body}\n"))?;
        let lines = lines.strip_suffix('\n').ok_or(NoteError::Malformed)?;
        for line in lines.split('\n') {
            if note.signatures.len() == MOST_SIGNATURES {
                return Err(NoteError::Malformed);
            }
            note.signatures
                .push(read_line(line).ok_or(NoteError::Malformed)?);
        }
        Ok(note)
    }

    /// What is signed: the text with its final newline. Not to be believed before `verify`.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The signatures, by known and unknown keys alike.
    pub fn signatures(&self) -> &[NoteSignature] {
        &self.signatures
    }

    /// Adds a signature made elsewhere, as a witness does.
    pub fn add(&mut self, signature: NoteSignature) {
        self.signatures.push(signature);
    }

    /// Adds signature lines as a witness answers with them, each ending in a newline; `None` if they
    /// are none.
    #[must_use]
    pub fn with_lines(&self, lines: &str) -> Option<SignedNote> {
        let is_whole = lines.ends_with('\n');
        SignedNote::parse(&format!("{self}{lines}"))
            .ok()
            .filter(|_| is_whole)
    }

    /// Signs the note.
    pub fn sign(&mut self, key: &LogKey) -> Result<(), KeyError> {
        let signature = key.sign(self.text.as_bytes())?.to_vec();
        let (name, key_id) = (key.public().name().to_owned(), key.public().id());
        self.signatures.push(NoteSignature {
            name,
            key_id,
            signature,
        });
        Ok(())
    }

    /// Checks that the key signed the note, and that no signature under its name and id is false.
    pub fn verify(&self, key: &LogPublicKey) -> Result<(), NoteError> {
        let by_key = |s: &&NoteSignature| s.name == key.name() && s.key_id == key.id();
        let mut signed = false;
        for signature in self.signatures.iter().filter(by_key) {
            if !key.is_signature(self.text.as_bytes(), &signature.signature) {
                return Err(NoteError::False);
            }
            signed = true;
        }
        if signed {
            Ok(())
        } else {
            Err(NoteError::Unsigned)
        }
    }
}

impl NoteSignature {
    /// The line that stands under a note, without its newline.
    pub fn line(&self) -> String {
        let bytes = [self.key_id.as_slice(), &self.signature].concat();
        format!("\u{2014} {} {}", self.name, STANDARD.encode(bytes))
    }
}

impl fmt::Display for SignedNote {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", self.text)?;
        let mut lines = self.signatures.iter().map(NoteSignature::line);
        lines.try_for_each(|line| writeln!(f, "{line}"))
    }
}

fn read_line(line: &str) -> Option<NoteSignature> {
    let (name, signature) = line.strip_prefix("\u{2014} ")?.split_once(' ')?;
    let bytes = STANDARD.decode(signature).ok()?;
    let (key_id, signature) = bytes.split_first_chunk()?;
    if !is_key_name(name) || signature.is_empty() {
        return None;
    }
    Some(NoteSignature {
        name: name.to_owned(),
        key_id: *key_id,
        signature: signature.to_vec(),
    })
}

fn is_note_text(text: &str) -> bool {
    text.ends_with('\n') && !text.contains(|c: char| c < ' ' && c != '\n')
}
