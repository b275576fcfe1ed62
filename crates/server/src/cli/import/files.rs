//! The files to import: found in folders, unpacked as they are read.

use std::fs::{self, File};
use std::io::{self, BufRead, BufReader};
use std::path::{Path, PathBuf};

use flate2::bufread::MultiGzDecoder;
use xz2::bufread::XzDecoder;

/// Read ahead by this much; decompression is done in large steps.
const BUFFER: usize = 128 * 1024;
/// Folders within folders, so that a link in a circle ends.
const DEEPEST: usize = 32;

/// How a file is packed, by its last ending.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Packing {
    Plain,
    Gzip,
    Xz,
    Zstandard,
}

/// How resources stand in a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Layout {
    /// One resource a line (NDJSON, as bulk data export has it).
    Lines,
    /// One resource or Bundle in all.
    Whole,
}

/// A file that can be imported.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// Where it is.
    pub path: PathBuf,
    /// How resources stand in it.
    pub layout: Layout,
    packing: Packing,
}

impl Source {
    /// A file by its name: `.ndjson`, `.jsonl` or `.json`, perhaps with `.gz`, `.xz` or `.zst`.
    #[must_use]
    pub fn of(path: &Path) -> Option<Self> {
        let ending = |path: &Path| Some(path.extension()?.to_str()?.to_ascii_lowercase());
        let (packing, unpacked) = match ending(path)?.as_str() {
            "gz" => (Packing::Gzip, path.with_extension("")),
            "xz" => (Packing::Xz, path.with_extension("")),
            "zst" => (Packing::Zstandard, path.with_extension("")),
            _ => (Packing::Plain, path.to_owned()),
        };
        let layout = match ending(&unpacked)?.as_str() {
            "ndjson" | "jsonl" => Layout::Lines,
            "json" => Layout::Whole,
            _ => return None,
        };
        Some(Self {
            path: path.to_owned(),
            layout,
            packing,
        })
    }

    /// Opens it for reading, unpacked.
    ///
    /// # Errors
    /// If it cannot be opened.
    pub fn open(&self) -> io::Result<Box<dyn BufRead>> {
        let file = BufReader::with_capacity(BUFFER, File::open(&self.path)?);
        let buffered = |reader: Box<dyn io::Read>| -> Box<dyn BufRead> {
            Box::new(BufReader::with_capacity(BUFFER, reader))
        };
        Ok(match self.packing {
            Packing::Plain => Box::new(file),
            Packing::Gzip => buffered(Box::new(MultiGzDecoder::new(file))),
            Packing::Xz => buffered(Box::new(XzDecoder::new_multi_decoder(file))),
            Packing::Zstandard => buffered(Box::new(zstd::Decoder::with_buffer(file)?)),
        })
    }
}

/// Why a path cannot be imported.
#[derive(Debug, thiserror::Error)]
pub enum FilesError {
    /// Not there, or not to be read.
    #[error("{} cannot be read: {source}", path.display())]
    Unreadable {
        /// The path.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// Named, but of no known kind.
    #[error(
        "{} is none of .ndjson, .jsonl and .json, plain or with .gz, .xz or .zst", path.display()
    )]
    UnknownKind {
        /// The path.
        path: PathBuf,
    },
    /// Nothing to import.
    #[error("there is no .ndjson, .jsonl or .json file in what was named")]
    Nothing,
}

/// Every importable file among these paths and in the folders among them, in the order of names.
/// A file of another kind is passed over in a folder and refused if it is named itself.
///
/// # Errors
/// See [`FilesError`].
pub fn find(paths: &[PathBuf]) -> Result<Vec<Source>, FilesError> {
    let mut found = Vec::new();
    for path in paths {
        let is_folder = fs::metadata(path).map_err(unreadable(path))?.is_dir();
        if is_folder {
            walk(path, DEEPEST, &mut found)?;
        } else {
            let source = Source::of(path);
            found.push(source.ok_or_else(|| FilesError::UnknownKind { path: path.clone() })?);
        }
    }
    if found.is_empty() {
        return Err(FilesError::Nothing);
    }
    Ok(found)
}

fn walk(folder: &Path, deepest: usize, found: &mut Vec<Source>) -> Result<(), FilesError> {
    let entries = fs::read_dir(folder).and_then(Iterator::collect::<io::Result<Vec<_>>>);
    let mut paths: Vec<PathBuf> = entries
        .map_err(unreadable(folder))?
        .iter()
        .map(fs::DirEntry::path)
        .collect();
    paths.sort();
    for path in paths {
        if path.is_dir() {
            if deepest > 0 {
                walk(&path, deepest - 1, found)?;
            }
        } else {
            found.extend(Source::of(&path));
        }
    }
    Ok(())
}

fn unreadable(path: &Path) -> impl Fn(io::Error) -> FilesError {
    let path = path.to_owned();
    move |source| FilesError::Unreadable {
        path: path.clone(),
        source,
    }
}
