//! The keys of an exchange: one root, everything else derived from it under its own label.
//!
//! The root key never enters the database or its backups. Whoever holds both reads everything;
//! whoever loses the root key loses everything (`docs/operating/keys.md`).

use std::fmt;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Write};
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use aws_lc_rs::hkdf::{HKDF_SHA256, KeyType, Salt};
use domain::Chance;
use domain::time::draw;
use ledger::{KeyError, LogKey, RootKey, SealError};
use store::LogKeys;
use zeroize::Zeroizing;

/// The folder in the data directory that holds keys.
pub const FOLDER: &str = "keys";
const ROOT_FILE: &str = "root.key";

/// Thirty-two secret bytes, wiped when dropped.
pub type Secret = Zeroizing<[u8; 32]>;

/// Why the keys cannot be had. Each is a sentence for whoever starts the program.
#[derive(Debug, thiserror::Error)]
pub enum KeysError {
    /// Others on the machine could read the key.
    #[error(
        "{path} can be read by others on this machine (its mode is {mode:03o}): \
         run `chmod 600 {path}` and consider whether the key is still secret"
    )]
    TooOpen {
        /// The file.
        path: String,
        /// Its permission bits.
        mode: u32,
    },
    /// There are data, and nothing to open them with.
    #[error(
        "{data} holds data but {path} is missing: without the key that wrote them they cannot \
         be read; put the key back from where you keep it"
    )]
    Missing {
        /// The data directory.
        data: String,
        /// Where the key should be.
        path: String,
    },
    /// Not 64 hexadecimal digits.
    #[error("{from} does not hold a root key: 64 hexadecimal digits are expected")]
    Malformed {
        /// The file or environment variable.
        from: String,
    },
    /// The file system refused.
    #[error("{path} cannot be {what}")]
    Io {
        /// The file.
        path: String,
        /// What was tried.
        what: &'static str,
        /// Why it failed.
        #[source]
        source: io::Error,
    },
    /// The cipher refused the key.
    #[error("the root key cannot be used")]
    Unusable(#[source] SealError),
}

/// Where the root key is.
#[derive(Clone, PartialEq, Eq)]
pub enum RootSource {
    /// In `keys/root.key` of the data directory, made at the first start.
    DataDirectory,
    /// In a file elsewhere, which must exist.
    File(PathBuf),
    /// In the environment, as a secret manager injects it.
    Given(Zeroizing<String>),
}

impl fmt::Debug for RootSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::DataDirectory => f.write_str("DataDirectory"),
            Self::File(path) => write!(f, "File({})", path.display()),
            Self::Given(_) => f.write_str("Given(..)"),
        }
    }
}

/// Everything secret that an exchange needs, derived from its root key.
pub struct Keys {
    /// Wraps the homes' keys.
    pub root: RootKey,
    /// Makes wire ids that no outsider can foretell and a replay can repeat.
    pub wire_ids: Secret,
    /// Names view chains so that they cannot be probed.
    pub views: Secret,
    /// Seals search cursors to their caller and purpose.
    pub cursors: Secret,
    /// Signs portal sessions.
    pub sessions: Secret,
    root_secret: Secret,
}

impl Keys {
    /// Finds the root key, or makes it at the very first start, and derives the rest.
    ///
    /// # Errors
    /// See [`KeysError`]: too wide permissions, data without a key, an unreadable key.
    pub fn open(source: &RootSource, data: &Path, chance: &dyn Chance) -> Result<Self, KeysError> {
        let root = match source {
            RootSource::DataDirectory => root_of_directory(data, chance)?,
            RootSource::File(path) => read_secret(path)?,
            RootSource::Given(text) => parse_hex(text).ok_or_else(|| KeysError::Malformed {
                from: "CANDOUR_KEYS_ROOT".to_owned(),
            })?,
        };
        Self::from_root(&root)
    }

    /// Derives every key from the root key's 32 bytes.
    ///
    /// # Errors
    /// [`KeysError::Unusable`] if the cipher refuses the key.
    pub fn from_root(root: &[u8; 32]) -> Result<Self, KeysError> {
        let home_keys = derive(root, "home-keys/v1");
        Ok(Self {
            root: RootKey::new(*home_keys).map_err(KeysError::Unusable)?,
            wire_ids: derive(root, "wire-ids/v1"),
            views: derive(root, "views/v1"),
            cursors: derive(root, "cursors/v1"),
            sessions: derive(root, "sessions/v1"),
            root_secret: Zeroizing::new(*root),
        })
    }

    /// The key with which the log of this origin signs at first.
    ///
    /// # Errors
    /// [`KeyError::Name`] if the origin cannot name a key.
    pub fn log_key(&self, origin: &str) -> Result<LogKey, KeyError> {
        self.log_keys(origin)(0)
    }

    /// The keys with which the log of this origin signs, by how often it was handed on. None tells
    /// of another: a key that became known is of no use for the next.
    #[must_use]
    pub fn log_keys(&self, origin: &str) -> LogKeys {
        let (root, origin) = (self.root_secret.clone(), origin.to_owned());
        Arc::new(move |handed_on| {
            let label = match handed_on {
                0 => "log/v1".to_owned(),
                times => format!("log/v1/{times}"),
            };
            LogKey::from_seed(&origin, &derive(&root, &label))
        })
    }
}

/// HKDF-SHA-256 (RFC 5869) with the label as info, so that no derived key tells of another.
fn derive(root: &[u8; 32], label: &str) -> Secret {
    struct ThirtyTwo;
    impl KeyType for ThirtyTwo {
        fn len(&self) -> usize {
            32
        }
    }
    let mut key = Zeroizing::new([0; 32]);
    Salt::new(HKDF_SHA256, b"candour")
        .extract(root)
        .expand(&[label.as_bytes()], ThirtyTwo)
        .and_then(|okm| okm.fill(key.as_mut()))
        .expect("HKDF-SHA-256 gives 32 bytes for any input");
    key
}

fn root_of_directory(data: &Path, chance: &dyn Chance) -> Result<Secret, KeysError> {
    let path = data.join(FOLDER).join(ROOT_FILE);
    if path.exists() {
        return read_secret(&path);
    }
    if holds_data(data)? {
        return Err(KeysError::Missing {
            data: data.display().to_string(),
            path: path.display().to_string(),
        });
    }
    let root = Zeroizing::new(draw::<32>(chance));
    write_secret(&path, &root)?;
    Ok(root)
}

/// Whether something was kept here before; a new volume's `lost+found` is nothing.
fn holds_data(data: &Path) -> Result<bool, KeysError> {
    let entries = match fs::read_dir(data) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(false),
        Err(error) => return Err(failed(data, "read", error)),
    };
    for entry in entries {
        let name = entry.map_err(|e| failed(data, "read", e))?.file_name();
        if name != FOLDER && name != "lost+found" {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Reads 32 secret bytes from a file that only its owner may read.
///
/// # Errors
/// See [`KeysError`].
pub fn read_secret(path: &Path) -> Result<Secret, KeysError> {
    let mut file = File::open(path).map_err(|e| failed(path, "opened", e))?;
    let metadata = file.metadata().map_err(|e| failed(path, "read", e))?;
    let mode = metadata.permissions().mode() & 0o777;
    if mode & 0o077 != 0 {
        return Err(KeysError::TooOpen {
            path: path.display().to_string(),
            mode,
        });
    }
    let mut text = Zeroizing::new(String::new());
    file.read_to_string(&mut text)
        .map_err(|e| failed(path, "read", e))?;
    parse_hex(&text).ok_or_else(|| KeysError::Malformed {
        from: path.display().to_string(),
    })
}

/// Writes 32 secret bytes to a new file that only its owner may read, durably.
///
/// # Errors
/// [`KeysError::Io`], also if the file exists.
pub fn write_secret(path: &Path, secret: &[u8; 32]) -> Result<(), KeysError> {
    let folder = path.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(folder).map_err(|e| failed(folder, "made", e))?;
    fs::set_permissions(folder, fs::Permissions::from_mode(0o700))
        .map_err(|e| failed(folder, "made private", e))?;
    let mut text = Zeroizing::new(String::with_capacity(65));
    for byte in secret {
        text.push_str(&format!("{byte:02x}"));
    }
    text.push('\n');
    // A key that a power cut could take back would leave data that nobody can read.
    OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path)
        .and_then(|mut file| {
            file.write_all(text.as_bytes())?;
            file.sync_all()
        })
        .and_then(|()| File::open(folder)?.sync_all())
        .map_err(|e| failed(path, "written", e))
}

fn parse_hex(text: &str) -> Option<Secret> {
    let digits = text.trim().as_bytes();
    if digits.len() != 64 {
        return None;
    }
    let mut key = Zeroizing::new([0; 32]);
    for (byte, pair) in key.iter_mut().zip(digits.chunks_exact(2)) {
        *byte = hex_digit(pair[0])? << 4 | hex_digit(pair[1])?;
    }
    Some(key)
}

fn hex_digit(digit: u8) -> Option<u8> {
    char::from(digit).to_digit(16).map(|value| value as u8)
}

fn failed(path: &Path, what: &'static str, source: io::Error) -> KeysError {
    KeysError::Io {
        path: path.display().to_string(),
        what,
        source,
    }
}

#[cfg(test)]
mod tests {
    use tempfile::tempdir;

    use super::*;
    use crate::chance::SeededChance;

    fn open(data: &Path) -> Result<Keys, KeysError> {
        Keys::open(&RootSource::DataDirectory, data, &SeededChance::new(1))
    }

    #[test]
    fn the_first_start_makes_a_key_that_only_its_owner_reads() {
        let data = tempdir().unwrap();
        let first = open(data.path()).unwrap();
        let path = data.path().join("keys/root.key");
        let mode = fs::metadata(&path).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode, 0o600);

        let second = open(data.path()).unwrap();
        assert_eq!(first.sessions, second.sessions);
        assert_eq!(
            first.log_key("a.example/log").unwrap().public().vkey(),
            second.log_key("a.example/log").unwrap().public().vkey()
        );
    }

    #[test]
    fn a_key_that_others_can_read_is_refused() {
        let data = tempdir().unwrap();
        open(data.path()).unwrap();
        let path = data.path().join("keys/root.key");
        fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
        let refusal = open(data.path()).err().unwrap().to_string();
        assert!(refusal.contains("its mode is 640"), "{refusal}");
        assert!(refusal.contains("chmod 600"), "{refusal}");
    }

    #[test]
    fn data_without_their_key_are_not_given_a_new_one() {
        let data = tempdir().unwrap();
        fs::write(data.path().join("candour.db"), "rows").unwrap();
        let refusal = open(data.path()).err().unwrap().to_string();
        assert!(refusal.contains("holds data but"), "{refusal}");
        assert!(!data.path().join("keys").exists());
    }

    #[test]
    fn a_new_volume_is_empty_even_with_lost_and_found() {
        let data = tempdir().unwrap();
        fs::create_dir(data.path().join("lost+found")).unwrap();
        assert!(open(data.path()).is_ok());
    }

    #[test]
    fn a_short_key_is_refused_by_name_without_quoting_it() {
        let given = RootSource::Given(Zeroizing::new("0123".to_owned()));
        let refusal = Keys::open(&given, Path::new("/nowhere"), &SeededChance::new(1));
        insta::assert_snapshot!(refusal.err().unwrap(), @"CANDOUR_KEYS_ROOT does not hold a root key: 64 hexadecimal digits are expected");
    }

    #[test]
    fn derived_keys_differ_and_never_change() {
        let keys = Keys::from_root(&[7; 32]).unwrap();
        assert_ne!(keys.wire_ids, keys.views);
        assert_ne!(keys.cursors, keys.sessions);
        // Pinned: a change here would make every existing exchange unreadable.
        let log_key = keys.log_key("a.example/log").unwrap();
        assert_eq!(
            log_key.public().vkey(),
            "a.example/log+4d4dd506+AcppOaWXUzEb8YLYYn/Ef1qhYzVfrvXqZIFzEHM6EFFI"
        );
    }
}
