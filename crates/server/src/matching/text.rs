//! The bytes of a file as text: unpacked, and in whichever of the usual encodings they were written.
//!
//! UTF-16 is recognised by its first bytes and turned into UTF-8 as it is read. Everything else is
//! taken as UTF-8, field by field; a field that is not UTF-8 is read as Windows-1252, which has all
//! of Latin-1. So a file that two programs of different habits wrote together is read rightly too.

use std::borrow::Cow;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::Path;

use encoding_rs::{Decoder, Encoding, UTF_16BE, UTF_16LE, WINDOWS_1252};
use flate2::bufread::MultiGzDecoder;

/// Read ahead by this much.
const BUFFER: usize = 128 * 1024;
/// So much of the beginning is looked at to tell what the file is.
pub const HEAD_BYTES: usize = 64 * 1024;

/// What a file's beginning shows about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Beginning {
    /// Packed with gzip.
    pub packed: bool,
    /// The encoding that the first bytes name, if they name one.
    pub marked: Option<&'static str>,
    /// The first bytes as UTF-8, without a mark.
    pub head: Vec<u8>,
}

/// Opens a file and looks at its beginning.
///
/// # Errors
/// If it cannot be opened or read, or is a zip archive, as spreadsheets are.
pub fn open(path: &Path) -> io::Result<(Beginning, Box<dyn BufRead>)> {
    let mut file = BufReader::with_capacity(BUFFER, File::open(path)?);
    let first = file.fill_buf()?;
    if first.starts_with(b"PK\x03\x04") {
        return Err(io::Error::new(io::ErrorKind::InvalidData, ZIP));
    }
    let packed = first.starts_with(&[0x1f, 0x8b]);
    let mut bytes: Box<dyn BufRead> = if packed {
        Box::new(BufReader::with_capacity(BUFFER, MultiGzDecoder::new(file)))
    } else {
        Box::new(file)
    };
    let (marked, encoding) = mark(&mut bytes)?;
    let mut text: Box<dyn BufRead> = match encoding {
        Some(encoding) => {
            let utf8 = Utf8::of(bytes, encoding);
            Box::new(BufReader::with_capacity(BUFFER, utf8))
        }
        None => bytes,
    };
    let head = beginning_of(&mut text)?;
    let told = Beginning {
        packed,
        marked,
        head: head.clone(),
    };
    Ok((told, Box::new(io::Cursor::new(head).chain(text))))
}

const ZIP: &str =
    "it is a zip archive, or a spreadsheet, which is one inside: unpack it, or save it as CSV";

/// Takes a byte order mark off; an encoding is given where the bytes have to be turned into UTF-8.
/// UTF-16 without a mark shows by the zero bytes of its first, surely plain, characters.
fn mark(bytes: &mut dyn BufRead) -> io::Result<(Option<&'static str>, Option<&'static Encoding>)> {
    let first = bytes.fill_buf()?;
    let (skip, told) = match first {
        [0xEF, 0xBB, 0xBF, ..] => (3, (Some("UTF-8"), None)),
        [0xFF, 0xFE, ..] => (2, (Some("UTF-16"), Some(UTF_16LE))),
        [0xFE, 0xFF, ..] => (2, (Some("UTF-16"), Some(UTF_16BE))),
        [a, 0, b, 0, ..] if *a != 0 && *b != 0 => (0, (Some("UTF-16"), Some(UTF_16LE))),
        [0, a, 0, b, ..] if *a != 0 && *b != 0 => (0, (Some("UTF-16"), Some(UTF_16BE))),
        _ => (0, (None, None)),
    };
    bytes.consume(skip);
    Ok(told)
}

/// Up to [`HEAD_BYTES`]. A file cut in its first bytes has a short beginning; the cut is met again,
/// and told, where the rows are read.
fn beginning_of(text: &mut dyn BufRead) -> io::Result<Vec<u8>> {
    let mut head = Vec::with_capacity(HEAD_BYTES);
    match text.take(HEAD_BYTES as u64).read_to_end(&mut head) {
        Err(error) if !is_cut(&error) => Err(error),
        _ => Ok(head),
    }
}

/// Whether an error of reading means that the packed file ends in its middle.
#[must_use]
pub fn is_cut(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::UnexpectedEof | io::ErrorKind::InvalidInput | io::ErrorKind::InvalidData
    )
}

/// A field's text, and whether it had to be read as Windows-1252.
#[must_use]
pub fn decode(field: &[u8]) -> (Cow<'_, str>, bool) {
    match std::str::from_utf8(field) {
        Ok(text) => (Cow::Borrowed(text), false),
        Err(_) => (WINDOWS_1252.decode_without_bom_handling(field).0, true),
    }
}

/// Text of another encoding, read as UTF-8.
struct Utf8<R> {
    inner: R,
    decoder: Decoder,
    ready: Vec<u8>,
    taken: usize,
    ended: bool,
}

impl<R: BufRead> Utf8<R> {
    fn of(inner: R, encoding: &'static Encoding) -> Self {
        Self {
            inner,
            decoder: encoding.new_decoder_without_bom_handling(),
            ready: Vec::new(),
            taken: 0,
            ended: false,
        }
    }

    /// Decodes the next of what has been read ahead.
    fn refill(&mut self) -> io::Result<()> {
        let input = self.inner.fill_buf()?;
        self.ended = input.is_empty();
        let most = self.decoder.max_utf8_buffer_length(input.len());
        self.ready.resize(most.unwrap_or(BUFFER * 3), 0);
        let (_, read, written, _) = self
            .decoder
            .decode_to_utf8(input, &mut self.ready, self.ended);
        self.inner.consume(read);
        self.ready.truncate(written);
        self.taken = 0;
        Ok(())
    }
}

impl<R: BufRead> Read for Utf8<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.taken == self.ready.len() && !self.ended {
            self.refill()?;
        }
        let left = self.ready.get(self.taken..).unwrap_or_default();
        let count = left.len().min(buffer.len());
        let (Some(from), Some(to)) = (left.get(..count), buffer.get_mut(..count)) else {
            return Ok(0);
        };
        to.copy_from_slice(from);
        self.taken += count;
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text_of(bytes: &[u8]) -> (Option<&'static str>, String) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("people.csv");
        std::fs::write(&path, bytes).unwrap();
        let (beginning, mut text) = open(&path).unwrap();
        let mut all = String::new();
        text.read_to_string(&mut all).unwrap();
        assert_eq!(all.as_bytes(), beginning.head);
        (beginning.marked, all)
    }

    #[test]
    fn a_mark_is_taken_off_and_utf_16_is_turned_into_utf_8() {
        let plain = "id,name\n1,Seán Ó Briain\n";
        let little: Vec<u8> = plain.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let big: Vec<u8> = plain.encode_utf16().flat_map(u16::to_be_bytes).collect();
        assert_eq!(text_of(plain.as_bytes()), (None, plain.to_owned()));
        let marked = [b"\xEF\xBB\xBF", plain.as_bytes()].concat();
        assert_eq!(text_of(&marked), (Some("UTF-8"), plain.to_owned()));
        let marked = [b"\xFF\xFE".as_slice(), &little].concat();
        assert_eq!(text_of(&marked), (Some("UTF-16"), plain.to_owned()));
        let marked = [b"\xFE\xFF".as_slice(), &big].concat();
        assert_eq!(text_of(&marked), (Some("UTF-16"), plain.to_owned()));
        assert_eq!(text_of(&little), (Some("UTF-16"), plain.to_owned()));
    }

    #[test]
    fn a_field_that_is_not_utf_8_is_read_as_windows_1252() {
        assert_eq!(decode("Zoë".as_bytes()), ("Zoë".into(), false));
        assert_eq!(
            decode(b"Zo\xEB O\x92Neil"),
            ("Zoë O\u{2019}Neil".into(), true)
        );
    }

    #[test]
    fn a_spreadsheet_is_refused_with_what_to_do() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("people.csv");
        std::fs::write(&path, b"PK\x03\x04rest").unwrap();
        let error = open(&path).err().unwrap();
        assert!(error.to_string().contains("save it as CSV"), "{error}");
    }
}
