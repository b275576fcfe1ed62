//! The anchor: a copy of the public log in a folder on another disk. From it an exchange that was
//! restored from an older copy of its data knows what its log had, and takes it up again.
//!
//! ```text
//! checkpoint   the newest, as it was signed
//! leaves       32 bytes each, in the order of the log; at least as many as the checkpoint covers
//! ```
//!
//! Neither tells anything of anybody: whoever asks for the public log has the same.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use ledger::tiles::{TILE_WIDTH, Tile, decode_bundle};
use ledger::{Checkpoint, Hash, LogPublicKey, SignedNote};
use store::Store;

const HASH: u64 = 32;

/// A folder with a copy of the log.
#[derive(Debug, Clone)]
pub struct Anchor(PathBuf);

/// Why the anchor cannot be read or written. Each is a sentence for whoever runs the exchange.
#[derive(Debug, thiserror::Error)]
pub enum AnchorError {
    /// The file system refused.
    #[error("the anchor {folder} cannot be {what}")]
    Io {
        /// The folder.
        folder: String,
        /// What was tried.
        what: &'static str,
        /// Why it failed.
        #[source]
        source: io::Error,
    },
    /// It is of another log, or was altered.
    #[error("what the anchor {folder} holds was not signed by this log's key")]
    OtherLog {
        /// The folder.
        folder: String,
    },
    /// The store does not answer, or its log is not whole.
    #[error("the log cannot be read")]
    Log(#[from] sharing::Error),
}

impl Anchor {
    /// The anchor in this folder.
    #[must_use]
    pub fn new(folder: PathBuf) -> Self {
        Self(folder)
    }

    /// The folder.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.0
    }

    /// The newest checkpoint there, signed by one of the log's keys; `None` if there is none yet.
    ///
    /// # Errors
    /// [`AnchorError`], also if another log's key signed it.
    pub fn newest(&self, keys: &[LogPublicKey]) -> Result<Option<Checkpoint>, AnchorError> {
        let note = match fs::read_to_string(self.0.join("checkpoint")) {
            Ok(note) => note,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(self.failed("read", error)),
        };
        let mut signed = keys.iter().map(|key| Checkpoint::verify(&note, key));
        match signed.find_map(Result::ok) {
            Some(signed) => Ok(Some(signed)),
            None => Err(AnchorError::OtherLog {
                folder: self.0.display().to_string(),
            }),
        }
    }

    /// The leaves from one place in the log up to another.
    ///
    /// # Errors
    /// [`AnchorError::Io`] if they are not all there.
    pub fn leaves(&self, from: u64, to: u64) -> Result<Vec<Hash>, AnchorError> {
        let read = || {
            let mut file = File::open(self.0.join("leaves"))?;
            file.seek(SeekFrom::Start(from * HASH))?;
            (from..to)
                .map(|_| {
                    let mut leaf = [0; 32];
                    file.read_exact(&mut leaf).map(|()| Hash(leaf))
                })
                .collect::<io::Result<Vec<Hash>>>()
        };
        read().map_err(|error| self.failed("read", error))
    }

    /// Copies what the log has beyond the anchor. The leaves are on the disk before the checkpoint
    /// that covers them, so whatever stops this leaves an anchor that is whole.
    ///
    /// # Errors
    /// [`AnchorError`]: nothing of the exchange depends on it, and the next time makes up for it.
    pub async fn keep(&self, store: &dyn Store) -> Result<(), AnchorError> {
        let note = store.checkpoint().await.map_err(sharing::Error::from)?;
        let Some((note, size)) = note.and_then(|note| sized(&note).map(|size| (note, size))) else {
            return Ok(());
        };
        let kept = fs::read_to_string(self.0.join("checkpoint"));
        let kept = kept.ok().and_then(|note| sized(&note)).unwrap_or_default();
        if kept >= size {
            return Ok(());
        }
        let leaves = leaves_since(store, kept, size).await?;
        self.write(kept, &leaves, &note)
            .map_err(|error| self.failed("written", error))
    }

    fn write(&self, kept: u64, leaves: &[u8], note: &str) -> io::Result<()> {
        fs::create_dir_all(&self.0)?;
        let mut file = OpenOptions::new()
            .write(true)
            .create(true)
            .truncate(false)
            .open(self.0.join("leaves"))?;
        // What stands beyond the checkpoint is of a copying that was stopped.
        file.set_len(kept * HASH)?;
        file.seek(SeekFrom::End(0))?;
        file.write_all(leaves)?;
        file.sync_all()?;
        let written = self.0.join("checkpoint.new");
        let mut checkpoint = File::create(&written)?;
        checkpoint.write_all(note.as_bytes())?;
        checkpoint.sync_all()?;
        fs::rename(&written, self.0.join("checkpoint"))?;
        File::open(&self.0)?.sync_all()
    }

    fn failed(&self, what: &'static str, source: io::Error) -> AnchorError {
        AnchorError::Io {
            folder: self.0.display().to_string(),
            what,
            source,
        }
    }
}

/// The size of the log that a checkpoint is of.
fn sized(note: &str) -> Option<u64> {
    let note = SignedNote::parse(note).ok()?;
    Some(Checkpoint::parse(note.text()).ok()?.size)
}

/// The leaves from one size to another, read through the log's bundles as anyone could.
async fn leaves_since(store: &dyn Store, from: u64, to: u64) -> Result<Vec<u8>, AnchorError> {
    let mut leaves = Vec::new();
    for index in from / TILE_WIDTH..to.div_ceil(TILE_WIDTH) {
        let tile = Tile::in_tree(0, index, to).ok_or_else(sharing::log::not_whole)?;
        let bundle = store.tile(&tile.entries_path()).await;
        let bundle = bundle.map_err(sharing::Error::from)?;
        let bundle = bundle.as_deref().and_then(decode_bundle);
        let passed = from.saturating_sub(index * TILE_WIDTH) as usize;
        let bundle = bundle.ok_or_else(sharing::log::not_whole)?;
        leaves.extend(bundle.iter().skip(passed).flat_map(|leaf| leaf.0));
    }
    Ok(leaves)
}

#[cfg(test)]
mod tests {
    use ledger::{Frontier, LogKey, leaf_hash};

    use super::*;

    fn key() -> LogKey {
        LogKey::from_seed("log.example/town", &[3; 32]).expect("a log key")
    }

    fn leaf(number: u64) -> [u8; 32] {
        leaf_hash(&number.to_be_bytes()).0
    }

    /// The bytes of the leaves from one place in the log up to another.
    fn leaves(from: u64, to: u64) -> Vec<u8> {
        (from..to).flat_map(leaf).collect()
    }

    fn note(size: u64) -> String {
        let mut log = Frontier::new();
        (0..size).for_each(|number| log.push(leaf_hash(&leaf(number))));
        let checkpoint = Checkpoint {
            origin: "log.example/town".to_owned(),
            size,
            root: log.root(),
        };
        checkpoint.sign(&key()).expect("a note")
    }

    /// What an anchor is after copying stopped at some point: two leaves were kept, three are new.
    struct Stopped {
        anchor: Anchor,
        _folder: tempfile::TempDir,
    }

    impl Stopped {
        fn with(leaves_written: &[u8], note_written: Option<&str>) -> Self {
            let folder = tempfile::tempdir().expect("a folder");
            let anchor = Anchor::new(folder.path().to_owned());
            anchor
                .write(0, &leaves(0, 2), &note(2))
                .expect("it is kept");
            let kept = [leaves(0, 2).as_slice(), leaves_written].concat();
            fs::write(folder.path().join("leaves"), kept).expect("leaves");
            if let Some(note) = note_written {
                fs::write(folder.path().join("checkpoint.new"), note).expect("a note");
            }
            Self {
                anchor,
                _folder: folder,
            }
        }

        fn size(&self) -> u64 {
            let newest = self.anchor.newest(&[key().public().clone()]);
            newest.expect("it is read").expect("a checkpoint").size
        }

        fn holds(&self, size: u64) -> bool {
            let held = self.anchor.leaves(0, size).expect("leaves");
            self.size() == size && held.iter().flat_map(|leaf| leaf.0).eq(leaves(0, size))
        }
    }

    #[test]
    fn copying_that_is_stopped_anywhere_leaves_an_anchor_that_is_whole_and_goes_on() {
        let (new, covering) = (leaves(2, 5), note(5));
        let in_leaves = (0..=new.len())
            .step_by(8)
            .map(|cut| Stopped::with(&new[..cut], None));
        let in_note = (0..=covering.len())
            .filter(|cut| covering.is_char_boundary(*cut))
            .step_by(8)
            .map(|cut| Stopped::with(&new, Some(&covering[..cut])));
        for (place, stopped) in in_leaves.chain(in_note).enumerate() {
            assert!(stopped.holds(2), "stopped at {place}");
            let again = stopped.anchor.write(2, &new, &covering);
            again.expect("it is kept");
            assert!(stopped.holds(5), "stopped at {place}");
        }
    }

    #[test]
    fn a_checkpoint_that_is_in_its_place_has_its_leaves() {
        let stopped = Stopped::with(&leaves(2, 5), Some(&note(5)));
        let folder = stopped.anchor.folder().to_owned();
        fs::rename(folder.join("checkpoint.new"), folder.join("checkpoint")).expect("renamed");
        assert!(stopped.holds(5));
    }
}
