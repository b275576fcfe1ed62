//! Resources as they stand in files, one by one, with line numbers and nothing judged: what is
//! malformed is handed on, so that one place says what is wrong with it.

use std::borrow::Cow;
use std::io::{self, BufRead, Read};
use std::path::PathBuf;
use std::sync::Arc;

use serde::Deserialize;
use serde_json::value::RawValue;

use super::files::{Layout, Source};

/// A line longer than any resource that is taken is refused unread.
const LONGEST_LINE: u64 = 16 * 1024 * 1024;
/// A whole file with a bundle in it may be this long.
const LONGEST_FILE: u64 = 512 * 1024 * 1024;

/// Where a resource stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The file.
    pub path: Arc<PathBuf>,
    /// The line, from 1; 1 in a file that is one document.
    pub line: u64,
    /// The entry of the bundle there, from 0.
    pub entry: Option<usize>,
}

/// What stands at a place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Content {
    /// A resource, or something malformed in its stead.
    Resource(Vec<u8>),
    /// A transaction or batch, which is written as one.
    Bundle(Vec<u8>),
    /// More bytes than are taken.
    TooLong,
}

/// One thing to import.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// Where it stands.
    pub place: Place,
    /// Its type; empty if it cannot be told.
    pub resource_type: String,
    /// What it is.
    pub content: Content,
    /// Whether it is a bundle that brings no Patient: then it is directory for others to refer to.
    pub is_directory: bool,
}

/// Calls `each` with everything in a file, in order, until it says to stop.
///
/// # Errors
/// If the file cannot be read or unpacked, or `each` fails.
pub fn read<E: From<io::Error>>(
    source: &Source,
    mut each: impl FnMut(Item) -> Result<(), E>,
) -> Result<(), E> {
    let path = Arc::new(source.path.clone());
    let mut reader = source.open()?;
    let mut line = 0;
    loop {
        line += 1;
        let place = Place {
            path: Arc::clone(&path),
            line,
            entry: None,
        };
        let next = match source.layout {
            Layout::Lines => next_line(&mut reader)?,
            Layout::Whole if line == 1 => Next::of(up_to(&mut reader, LONGEST_FILE)?),
            Layout::Whole => Next::End,
        };
        match next {
            Next::End => return Ok(()),
            Next::Blank => {}
            Next::TooLong => each(Item {
                place,
                resource_type: String::new(),
                content: Content::TooLong,
                is_directory: false,
            })?,
            Next::Text(text) => unfold(place, text, &mut each)?,
        }
    }
}

enum Next {
    End,
    Blank,
    TooLong,
    Text(Vec<u8>),
}

impl Next {
    fn of(text: Option<Vec<u8>>) -> Self {
        match text {
            None => Self::TooLong,
            Some(text) if text.iter().all(u8::is_ascii_whitespace) => Self::Blank,
            Some(text) => Self::Text(text),
        }
    }
}

fn next_line(reader: &mut Box<dyn BufRead>) -> io::Result<Next> {
    let mut line = Vec::new();
    let length = reader.take(LONGEST_LINE + 1).read_until(b'\n', &mut line)?;
    if length == 0 {
        return Ok(Next::End);
    }
    if line.last() == Some(&b'\n') {
        line.pop();
    } else if length as u64 > LONGEST_LINE {
        reader.skip_until(b'\n')?;
        return Ok(Next::TooLong);
    }
    if line.last() == Some(&b'\r') {
        line.pop();
    }
    Ok(Next::of(Some(line)))
}

/// All that is left, or `None` if that is more than `most`.
fn up_to(reader: &mut Box<dyn BufRead>, most: u64) -> io::Result<Option<Vec<u8>>> {
    let mut text = Vec::new();
    let length = reader.take(most + 1).read_to_end(&mut text)?;
    Ok((length as u64 <= most).then_some(text))
}

/// What must be known of a resource or bundle before it is handed on.
#[derive(Deserialize)]
struct Outline<'a> {
    #[serde(borrow, rename = "resourceType")]
    resource_type: Option<Cow<'a, str>>,
    #[serde(borrow, rename = "type")]
    kind: Option<&'a RawValue>,
    #[serde(borrow)]
    entry: Option<&'a RawValue>,
}

#[derive(Deserialize)]
struct Entry<'a> {
    #[serde(borrow)]
    resource: Option<&'a RawValue>,
}

/// A transaction or batch stays whole; any other bundle is so many resources.
fn unfold<E>(
    place: Place,
    text: Vec<u8>,
    each: &mut impl FnMut(Item) -> Result<(), E>,
) -> Result<(), E> {
    let outline: Option<Outline<'_>> = serde_json::from_slice(&text).ok();
    let resource_type = outline
        .as_ref()
        .and_then(|outline| outline.resource_type.as_deref())
        .unwrap_or_default()
        .to_owned();
    let entries = outline
        .as_ref()
        .filter(|_| resource_type == "Bundle")
        .and_then(entries_of);
    let Some(entries) = entries else {
        return each(Item {
            place,
            resource_type,
            content: Content::Resource(text),
            is_directory: false,
        });
    };
    let kind = outline
        .and_then(|outline| outline.kind)
        .map_or("", RawValue::get);
    if matches!(kind, "\"transaction\"" | "\"batch\"") {
        let is_directory = !entries.iter().any(|entry| type_of(entry) == "Patient");
        return each(Item {
            place,
            resource_type,
            content: Content::Bundle(text),
            is_directory,
        });
    }
    for (number, entry) in entries.iter().enumerate() {
        let Some(resource) = entry.resource else {
            continue;
        };
        each(Item {
            place: Place {
                entry: Some(number),
                ..place.clone()
            },
            resource_type: type_of(entry),
            content: Content::Resource(resource.get().as_bytes().to_vec()),
            is_directory: false,
        })?;
    }
    Ok(())
}

fn entries_of<'a>(outline: &Outline<'a>) -> Option<Vec<Entry<'a>>> {
    serde_json::from_str(outline.entry?.get()).ok()
}

fn type_of(entry: &Entry<'_>) -> String {
    entry
        .resource
        .and_then(|resource| serde_json::from_str::<Outline<'_>>(resource.get()).ok())
        .and_then(|outline| outline.resource_type.map(Cow::into_owned))
        .unwrap_or_default()
}
